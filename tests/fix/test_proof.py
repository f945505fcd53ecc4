"""A text that differs from the old one in more than was to change has no proof."""

from __future__ import annotations

import pytest
from fix_texts import fix

from ssot_lint.finding import Fix
from ssot_lint.fix import rewrite as rewriting
from ssot_lint.fix.plan import Plan, planned, splices_of
from ssot_lint.fix.proof import prove
from ssot_lint.fix.rewrite import rewrite
from ssot_lint.fix.source_text import RefusedError, SourceText, Splice
from ssot_lint.fix.steps import steps_of
from ssot_lint.fix.syntax import Syntax

OLD = """\
'''Doc.'''
import os
from a import (
    b,  # of b
    c,
)
from shop import util

x = util.Money(os)  # pay


def f(y):
    # why
    if y:
        return c
    print(b, 1)
"""
FIX = fix(
    OLD, ("reimport", "b", "home.b"), ("replace", "util.Money", "shop.money.Money"), ("remove", "print(b, 1)")
)
NEW = """\
'''Doc.'''
import os
from home import b  # of b
from a import (
    c,
)
from shop.money import Money

x = Money(os)  # pay


def f(y):
    # why
    if y:
        return c
"""


def plan_of(old: str, chosen: Fix) -> tuple[SourceText, Syntax, Plan]:
    source = SourceText(old.encode())
    syntax = Syntax(source.text)
    return source, syntax, planned(syntax, steps_of(syntax, chosen), None)


def proved(new: str | bytes, splices: list[Splice] | None = None, old: str = OLD, chosen: Fix = FIX) -> str:
    """Why there is no proof of a new text, "" where there is."""
    data = new.encode() if isinstance(new, str) else new
    source, syntax, plan = plan_of(old, chosen)
    if splices is None:
        splices = [Splice(0, len(old), SourceText(data).text)]
    try:
        prove(source, syntax, data, plan, splices)
    except RefusedError as error:
        return str(error)
    return ""


def test_the_right_text_has_a_proof() -> None:
    assert proved(NEW) == ""
    source, syntax, plan = plan_of(OLD, FIX)
    assert source.spliced(splices_of(syntax, plan)).decode() == NEW


MUTATIONS = {
    "no Python": ("return c", "return c)", "does not compile"),
    "another constant": ("(os)", "(os, 1)", "the code on line 9"),
    "another name": ("return c", "return d", "the code on line 15"),
    "a statement more": ("    if y:", "    y\n    if y:", "the code on line 12"),
    "a statement less": ("x = Money(os)  # pay", "# pay", "the code on line 1"),
    "statements the other way round": ("    if y:\n        return c\n", "    if y:\n        pass\n    return c\n", "the code on line"),
    "an import less": ("import os\n", "", "imports would change"),
    "an import more": ("import os\n", "import os, sys\n", "imports would change"),
    "an import of another name": ("    c,", "    d as c,", "imports would change"),
    "an alias that binds another name": ("import b  #", "import b as c  #", "imports would change"),
    "an import in another scope": ("from a import (\n    c,\n)\n", "if x:\n    from a import c\n", "the code on line"),
    "an import that is not from its home": ("from home", "from a", "imports would change"),
    "no import of the symbol": ("from shop.money import Money\n", "", "the import of `Money` is missing"),
    "a symbol from elsewhere": ("from shop.money import", "from shop.cash import", "the import of `Money` is missing"),
    "another reference": ("x = Money", "x = b", "the code on line 9"),
    "a lost comment": ("  # of b", "", "the comment `# of b`"),
    "a changed comment": ("# why", "# Why", "the comment `# why`"),
    "a new comment": ("return c", "return c  # new", "the comment `# new`"),
    "comments the other way round": ("# pay\n\n\ndef f(y):\n    # why", "# why\n\n\ndef f(y):\n    # pay", "comments would change their order"),
    "no docstring": ("'''Doc.'''", "", "the docstring of the module"),
    "a docstring that is none": ("'''Doc.'''\nimport os\n", "import os\n'''Doc.'''\n", "the docstring of the module"),
    "no line end at the end": ("        return c\n", "        return c", "the line end at the end"),
    "a name that means something else": ("def f(y):", "def f(Money):", "the code on line 12"),
}  # fmt: skip


@pytest.mark.parametrize(("piece", "other", "reason"), MUTATIONS.values(), ids=MUTATIONS)
def test_any_other_text_has_none(piece: str, other: str, reason: str) -> None:
    assert NEW.count(piece) == 1
    assert reason in proved(NEW.replace(piece, other))


def test_bytes_between_the_changes() -> None:
    old = "x = 1\n\n\ny = 2\n"
    chosen = fix(old, ("text", "2", "", "3"))
    at = old.index("2")
    splices = [Splice(at, at + 1, "3")]
    assert proved("x = 1\n\n\ny = 3\n", splices, old, chosen) == ""
    assert proved("x = 1\n\ny = 3\n", splices, old, chosen) == "text between the changes would change"
    assert proved("x = 1\n\n\ny = 3 \n", splices, old, chosen) == "text between the changes would change"
    assert proved("x  = 1\n\n\ny = 3\n", splices, old, chosen) == "text between the changes would change"
    assert (
        proved(b"x = 1\r\n\n\ny = 3\n", splices, old, chosen) == "line ends between the changes would change"
    )
    assert proved(b"\xef\xbb\xbfx = 1\n\n\ny = 3\n", splices, old, chosen) == "the encoding would change"


def test_what_is_around_a_new_text() -> None:
    old = "m.asert_called(1, 2)\n"
    chosen = fix(old, ("text", "asert_called", "", "assert_called"))
    assert proved("m.assert_called(1, 2)\n", None, old, chosen) == ""
    assert "the code on line 1" in proved("n.assert_called(1, 2)\n", None, old, chosen)
    assert "the code on line 1" in proved("m.assert_called(1, 3)\n", None, old, chosen)
    assert "the code on line 1" in proved("m.assert_called()\n", None, old, chosen)


@pytest.mark.parametrize(
    ("old", "piece", "new"),
    [
        ("import a as a\n", "a as a", "a"),
        ("from m import (\n    a as a,  # of it\n    b,\n)\n", "a as a", "a"),
        ("import a.b as b\n", "import a.b as b", "from a import b"),
    ],
)
def test_alias_that_is_needless(old: str, piece: str, new: str) -> None:
    chosen = fix(old, ("text", piece, "", new))
    right = old.replace(piece, new)
    assert proved(right, None, old, chosen) == ""
    assert "imports would change" in proved(right.replace(new, f"{new} as c"), None, old, chosen)
    assert "imports would change" in proved(right.replace(new, new.replace("a", "c")), None, old, chosen)
    other = fix(old + "x = 1\n", ("text", "1", "", "2"))
    assert "imports would change" in proved(f"{right}x = 2\n", None, old + "x = 1\n", other)


def test_a_new_name_may_not_catch_others() -> None:
    old = "def f(Money):\n    return util.Money\n\n\nx = util.Money\n"
    first, _, last = old.partition("\n\n\n")
    place = fix(old, ("replace", "util.Money", "shop.money.Money"), number=1)
    new = "from shop.money import Money\n\n\n" + first + "\n\n\n" + last.replace("util.Money", "Money")
    assert proved(new, None, old, place) == ""


def test_what_has_no_proof_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rewriting,
        "splices_of",
        lambda syntax, plan: [
            Splice(0, 0, "import this\n") if plan.texts else each for each in splices_of(syntax, plan)
        ],
    )
    old = "from a import b\nx = 1\n"
    good, bad = fix(old, ("reimport", "b", "c.b")), fix(old, ("text", "1", "", "2"))
    done = rewrite(old.encode(), [good, bad])
    assert (done.data, done.applied) == (b"from c import b\nx = 1\n", (good,))
    assert [each.fix for each in done.refused] == [bad]

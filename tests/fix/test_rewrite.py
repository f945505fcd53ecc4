"""What edits make of texts, byte for byte, and what they refuse."""

from __future__ import annotations

import sys

import pytest
from fix_texts import changed, fix, reasons, rewritten

from ssot_lint.fix.rewrite import rewrite

MONEY = "shop.money.Money"

REIMPORTED = {
    "alone": ("from shop.util import Money\n", "from shop.money import Money\n"),
    "aliased": ("from shop.util import Money as M\n", "from shop.money import Money as M\n"),
    "exported": ("from shop.util import Money as Money\n", "from shop.money import Money as Money\n"),
    "relative": ("from .util import Money\n", "from shop.money import Money\n"),
    "first of two": (
        "from shop.util import Money, Cash  # both\n",
        "from shop.money import Money\nfrom shop.util import Cash  # both\n",
    ),
    "last of two": (
        "from shop.util import Cash, Money  # both\n",
        "from shop.money import Money\nfrom shop.util import Cash  # both\n",
    ),
    "with a comment of its own": (
        "from shop.util import (  # all\n    Cash,  # cash\n    # of money\n    Money,  # money\n    Tax,\n)\n",
        (
            "from shop.money import Money  # money\n"
            "from shop.util import (  # all\n    Cash,  # cash\n    # of money\n    Tax,\n)\n"
        ),
    ),
    "alone in brackets": (
        "from shop.util import (  # import\n    Money,  # money\n)\n",
        "from shop.money import (  # import\n    Money,  # money\n)\n",
    ),
    "first behind a bracket": (
        "from shop.util import (Money,  # money\n                       Cash)\n",
        "from shop.money import Money\nfrom shop.util import (  # money\n                       Cash)\n",
    ),
    "last behind a comment": (
        "from shop.util import (Cash,  # cash\n                       Money)\n",
        "from shop.money import Money\nfrom shop.util import (Cash,  # cash\n                       )\n",
    ),
    "continued": (
        "from shop.util import Cash, \\\n    Money\n",
        "from shop.money import Money\nfrom shop.util import Cash\n",
    ),
    "in a function": (
        "def pay():\n\tif 1:\n\t\tfrom shop.util import Cash, Money\n\t\treturn Money, Cash\n",
        (
            "def pay():\n\tif 1:\n\t\tfrom shop.money import Money\n\t\tfrom shop.util import Cash\n"
            "\t\treturn Money, Cash\n"
        ),
    ),
    "in one line with others": (
        "import os; from shop.util import Money, Cash; x = 1\n",
        "import os; from shop.money import Money; from shop.util import Cash; x = 1\n",
    ),
    "in the line of a block": (
        "if 1: from shop.util import Cash, Money\n",
        "if 1: from shop.money import Money; from shop.util import Cash\n",
    ),
    "while type checking": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.util import Money\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.money import Money\n",
    ),
    "behind the docstring and the future": (
        '"""Bill."""\nfrom __future__ import annotations\nfrom shop.util import Money, Cash\n',
        (
            '"""Bill."""\nfrom __future__ import annotations\nfrom shop.money import Money\n'
            "from shop.util import Cash\n"
        ),
    ),
    "taken in by a neighbour": (
        "from shop.money import Cash\nfrom shop.util import Money\nx = Money, Cash\n",
        "from shop.money import Cash, Money\nx = Money, Cash\n",
    ),
    "there already": (
        "from shop.money import Money\nfrom shop.util import Cash\nfrom shop.util import Money as Money\n",
        "from shop.money import Money\nfrom shop.util import Cash\nfrom shop.money import Money as Money\n",
    ),
    "taken in on a line": (
        "from shop.money import (\n    Cash,\n)\nfrom shop.util import Money\n",
        "from shop.money import (\n    Cash,\n    Money,\n)\n",
    ),
    "not taken in across code": (
        "from shop.money import Cash\nCash()\nfrom shop.util import Money\n",
        "from shop.money import Cash\nCash()\nfrom shop.money import Money\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), REIMPORTED.values(), ids=REIMPORTED)
def test_a_name_comes_from_its_home(before: str, after: str) -> None:
    piece = next(piece for piece in ("Money as Money", "Money as M", "Money") if piece in before)
    assert changed(before, ("reimport", piece, MONEY)) == after


def test_a_home_of_another_name_keeps_that_of_the_file() -> None:
    assert changed("from a import b\nb()\n", ("reimport", "b", "c.d")) == "from c import d as b\nb()\n"
    assert changed("from a import b\n", ("reimport", "b", "d")) == "import d as b\n"
    assert changed("from a import b\n", ("reimport", "b", "b")) == "import b\n"
    assert changed("from a import b\n", ("reimport", "b", "..b")) == "from .. import b\n"
    assert changed("from a import b\n", ("reimport", "b", "..c.b")) == "from ..c import b\n"


def test_names_for_several_homes() -> None:
    before = "from shop import Order, Item as I, Bill, Tax  # all\n"
    edits = [
        ("reimport", "Order", "shop.order.Order"),
        ("reimport", "Item as I", "shop.item.Item"),
        ("reimport", "Bill", "shop.order.Bill"),
    ]
    assert changed(before, *edits) == (
        "from shop.order import Order, Bill\nfrom shop.item import Item as I\nfrom shop import Tax  # all\n"
    )


def test_what_a_comment_tells_tools_holds_for_every_new_statement() -> None:
    two = [("reimport", "Order", "shop.order.Order"), ("reimport", "Tax", "shop.tax.Tax")]
    assert changed("from shop import Order, Tax  # noqa: F401\n", *two) == (
        "from shop.order import Order  # noqa: F401\nfrom shop.tax import Tax  # noqa: F401\n"
    )
    assert changed("from shop import Order, Bill  # type: ignore\n", *two[:1]) == (
        "from shop.order import Order  # type: ignore\nfrom shop import Bill  # type: ignore\n"
    )
    assert changed("from shop import (  # noqa\n    Order,  # old\n    Tax,\n    Bill,\n)\n", *two) == (
        "from shop.order import Order  # old\nfrom shop.tax import Tax  # noqa\n"
        "from shop import (  # noqa\n    Bill,\n)\n"
    )
    names = [f"a_rather_long_name_{number}" for number in range(4)]
    moved = [("reimport", name, f"shop.names.{name}") for name in names]
    assert changed(f"from shop import {', '.join(names)}, Bill  # noqa\n", *moved) == (
        "from shop.names import (  # noqa\n"
        + "".join(f"    {name},\n" for name in names)
        + ")\nfrom shop import Bill  # noqa\n"
    )
    # one that allows a finding here belongs to the name that it was written for
    assert changed("from shop import Order, Bill  # ssot: allow forbidden-import\n", *two[:1]) == (
        "from shop.order import Order\nfrom shop import Bill  # ssot: allow forbidden-import\n"
    )


def test_a_module_moves() -> None:
    assert changed("import a.b as m\nm.x\n", ("reimport", "a.b as m", "c.d")) == "import c.d as m\nm.x\n"
    assert changed("import a\na.x\n", ("reimport", "a", "c.d")) == "import c.d as a\na.x\n"
    assert changed("import os, a.b\nx = a.b.c, a.b\n", ("reimport", "a.b", "c.d")) == (
        "import os, c.d\nx = c.d.c, c.d\n"
    )


def test_a_module_whose_package_is_used_stays() -> None:
    assert reasons("import a.b\na.c\n", ("reimport", "a.b", "a.d")) == ["`a` is used as more than `a.b`"]
    assert reasons("import a.b\nimport a.c\n", ("reimport", "a.b", "a.d")) == [
        "`a` may mean more than this import"
    ]
    assert reasons("import a.b\nx = 'a.b'\n", ("reimport", "a.b", "a.d")) == [
        "`a` may mean more than this import"
    ]
    assert reasons("import a.b\nc = 1\n", ("reimport", "a.b", "c.d")) == [
        "`c` means something else in this file"
    ]


REPLACED = {
    "import added, old one gone": (
        "import os\nfrom shop import util\n\n\ndef f():\n    return util.Money(os)\n",
        "import os\nfrom shop.money import Money\n\n\ndef f():\n    return Money(os)\n",
    ),
    "old one still needed": (
        "from shop import util\nx = util.Money(util.y)\n",
        "from shop import util\nfrom shop.money import Money\nx = Money(util.y)\n",
    ),
    "imported already": (
        "from shop.money import Money as M\nfrom shop import util, x\ny = util.Money(x)\n",
        "from shop.money import Money as M\nfrom shop import x\ny = M(x)\n",
    ),
    "its module under another name": (
        "import shop.money as m\nfrom shop import util\ny = util.Money(m)\n",
        "import shop.money as m\ny = m.Money(m)\n",
    ),
    "its home imported already": (
        "from shop.money import Cash\nfrom shop import util\ny = util.Money(util)\n",
        "from shop.money import Cash, Money\nfrom shop import util\ny = Money(util)\n",
    ),
    "among imports of its package": (
        "import os\nimport shop.bill\nimport shop.tax\nimport zoo\nx = util.Money\n",
        "import os\nimport shop.bill\nfrom shop.money import Money\nimport shop.tax\nimport zoo\nx = Money\n",
    ),
    "behind a change of the path": (
        "import sys\nsys.path.insert(0, '.')\nimport util\nx = util.Money(util)\n",
        "import sys\nsys.path.insert(0, '.')\nimport util\nfrom shop.money import Money\nx = Money(util)\n",
    ),
    "above a use between imports": (
        "import util\nx = util.Money(util)\nimport late\n",
        "import util\nfrom shop.money import Money\nx = Money(util)\nimport late\n",
    ),
    "no imports, a docstring": (
        '"""Doc."""\n\nx = util.Money\n',
        '"""Doc."""\n\nfrom shop.money import Money\n\nx = Money\n',
    ),
    "no imports": (
        "# licence\n\nx = util.Money\n",
        "# licence\n\nfrom shop.money import Money\n\nx = Money\n",
    ),
    "behind the future": (
        '"""Doc."""\nfrom __future__ import annotations\n\nx: util.Money\n',
        '"""Doc."""\nfrom __future__ import annotations\nfrom shop.money import Money\n\nx: Money\n',
    ),
    "a base, a decorator, a default": (
        "import util\n\n\nclass A(util.Money): pass\n",
        "from shop.money import Money\n\n\nclass A(Money): pass\n",
    ),
    "behind a star": (
        "from a import *\nimport util\n\nx = util.Money\n",
        "from a import *\nfrom shop.money import Money\n\nx = Money\n",
    ),
    "no line end at the end": (
        "import util\nx = util.Money",
        "from shop.money import Money\nx = Money",
    ),
    "walrus, async, lambda, match": (
        "import util\n\n\nasync def f(a):\n    match a:\n        case [b] if (c := util.Money)(b):\n            return c\n",
        (
            "from shop.money import Money\n\n\nasync def f(a):\n    match a:\n        case [b] if (c := Money)(b):\n"
            "            return c\n"
        ),
    ),
}


@pytest.mark.parametrize(("before", "after"), REPLACED.values(), ids=REPLACED)
def test_a_use_names_the_symbol(before: str, after: str) -> None:
    assert changed(before, ("replace", "util.Money", MONEY)) == after


def test_a_use_through_a_package() -> None:
    before = "import shop.money\nimport shop.util\ny = shop.util.Money(shop)\n"
    assert changed(before, ("replace", "shop.util.Money", MONEY)) == before.replace("util.M", "money.M")


def test_what_follows_a_reference() -> None:
    before = "import os\nx = 'paid' if os.environ['A']else\"b\"\n"
    assert changed(before, ("replace", "'paid'", "shop.state.State", ".PAID")) == (
        "import os\nfrom shop.state import State\nx = State.PAID if os.environ['A']else\"b\"\n"
    )
    assert changed(before, ("replace", "os.environ", "app.env.get_env", "()")) == (
        "from app.env import get_env\nx = 'paid' if get_env()['A']else\"b\"\n"
    )
    assert changed(before, ("replace", '"b"', "app.b")) == (
        "import os\nfrom app import b\nx = 'paid' if os.environ['A']else b\n"
    )


KEPT = {
    "in __all__": "import util\n__all__ = ['util']\nx = util.Money\n",
    "in an annotation that is a string": "import util\ny: 'list[util.Tax]'\nx = util.Money\n",
    "in a doctest": 'import util\n"""\n>>> util.Tax\n"""\nx = util.Money\n',
    "as an export": "import util as util\nx = util.Money\n",
    "for its own sake": "import util  # noqa: F401\nx = util.Money\n",
    "to see whether it works": "try:\n    import util\nexcept ImportError:\n    raise\nx = util.Money\n",
    "in one of two ways": "if 1:\n    import util\nelse:\n    import nutil as util\nx = util.Money\n",
    "in a type comment": "import util\ny = []  # type: util.Tax\nx = util.Money\n",
    "by a function": "import util\ndef f():\n    global util\nx = util.Money\n",
}


@pytest.mark.parametrize("before", KEPT.values(), ids=KEPT)
def test_an_import_that_may_be_needed_stays(before: str) -> None:
    after = changed(before, ("replace", "util.Money", MONEY))
    assert set(before.replace("util.Money", "Money").splitlines()) <= set(after.splitlines())


def test_an_import_that_others_take_stays() -> None:
    before = "import util\nx = util.Money\n"
    done = rewrite(
        before.encode(), [fix(before, ("replace", "util.Money", MONEY))], lambda name: name != "util"
    )
    assert done.data == b"import util\nfrom shop.money import Money\nx = Money\n"


REFUSED = {
    "the name is taken": ("Money = 1\nx = util.Money\n", "`Money` means something else in this file"),
    "a parameter": ("def f(Money): return util.Money\n", "`Money` means something else in this file"),
    "a star may bring it": ("x = util.Money\nfrom a import *\n", "a star import may bring the same names"),
    "in a pattern": (
        "match x:\n    case util.Money: pass\n",
        "the code on line 2 would change in another way than it should",
    ),
    "written to": ("util.Money = 1\n", "the expression at 1:1 is assigned to or deleted"),
    "with comments": ("x = (util.  # why\nMoney)\n", "the expression at 1:6 holds comments"),
    "no Python": ("x = util.Money +\n", "the text does not compile: invalid syntax (<source>, line 1)"),
}


@pytest.mark.parametrize(("before", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_use_that_cannot_be_replaced(before: str, reason: str) -> None:
    piece = "util.  # why\nMoney" if "why" in before else "util.Money"
    assert reasons(before, ("replace", piece, MONEY)) == [reason]


def test_other_refusals() -> None:
    assert reasons("from a import *\n", ("reimport", "*", "b.c")) == [
        "a star import brings more than one name"
    ]
    assert reasons("from __future__ import annotations\n", ("reimport", "annotations", "b.c")) == [
        "`__future__` is no module like others"
    ]
    assert reasons("x = 1\n", ("reimport", "x", "b.c")) == ["no name is imported at 1:1"]
    assert reasons("'doc'\n", ("replace", "'doc'", "b.c")) == ["the literal at 1:1 is a docstring"]
    assert reasons("x: 'a' = 1\n", ("replace", "'a'", "b.c")) == [
        "the literal at 1:4 is a type or a pattern, which names cannot stand for"
    ]
    assert reasons("x = 1\n", ("text", "1", "", ")")) == [
        "the text does not compile: unmatched ')' (<source>, line 1)"
    ]
    assert reasons("x = 1\n", ("text", "x = 1", "", "x = 1; y = 2")) != []
    assert reasons("if a:\n    b\nelif c:\n    d\n", ("remove", "elif c:")) == [
        "the statement at 3:1 is a branch of another"
    ]


def test_uses_in_f_strings() -> None:
    before = "import util\nx = f'{util.Money!r:>{9}} {util}'\n"
    done = rewritten(before, ("replace", "util.Money", MONEY))
    if sys.version_info >= (3, 12):
        assert done.data.decode() == before.replace("util.Money", "Money").replace(
            "import util\n", "import util\nfrom shop.money import Money\n"
        )
    else:
        assert done.data == before.encode()
        assert [each.reason for each in done.refused] == [
            "there is no expression at 2:8, or none that can be located"
        ]


REMOVED = {
    "guard at the end": (
        'import pytest\nimport sys\n\nx = 1\n\n\nif __name__ == "__main__":\n    sys.exit(pytest.main())  # run\n    # so\n',
        'if __name__ == "__main__":\n    sys.exit(pytest.main())',
        "x = 1\n",
    ),
    "between others": ("a = 1\n\n\nb = 2  # b\n\nc = 3\n", "b = 2", "a = 1\n\n\nc = 3\n"),
    "comment above": ("a = 1\n# about b\nb = 2\nc = 3\n", "b = 2", "a = 1\n# about b\nc = 3\n"),
    "all of a body": ("if a:\n    b()  # b\nc()\n", "b()", "if a:\n    pass  # b\nc()\n"),
    "on a shared line": ("a(); b(); c()\n", "b()", "a(); c()\n"),
    "first of a shared line": ("a(); b()  # c\n", "a()", "b()  # c\n"),
    "only one of a line": ("if a: b()\n", "b()", "if a: pass\n"),
    "a decorated function": ("@a\n@b(\n 1)\ndef f():\n    pass\n\n\ng()\n", "def f():\n    pass", "g()\n"),
    "no line end at the end": ("a()\nb()", "b()", "a()"),
    "with a form feed": ("a()\n\f\nb()\n\f\nc()\n", "b()", "a()\n\f\n\f\nc()\n"),
}


@pytest.mark.parametrize(("before", "piece", "after"), REMOVED.values(), ids=REMOVED)
def test_a_statement_goes(before: str, piece: str, after: str) -> None:
    assert changed(before, ("remove", piece)) == after


def test_both_of_a_body_go() -> None:
    assert changed("if a:\n    b()\n\n    c()\n", ("remove", "b()"), ("remove", "c()")) == "if a:\n    pass\n"


def test_a_definition_becomes_an_import() -> None:
    before = "import os\n\n\n@d\nclass Money:\n    x = os.y\n\n\nclass Cash(Money): ...\n"
    assert changed(before, ("import", "Money", MONEY)) == (
        "from shop.money import Money\n\n\nclass Cash(Money): ...\n"
    )
    before = "try:\n    x\nexcept E:\n    def money():\n        'd'\n"
    assert changed(before, ("import", "money", MONEY)) == (
        "try:\n    x\nexcept E:\n    from shop.money import Money as money\n"
    )


def test_a_comment_goes() -> None:
    before = "x = 1  # ssot: a  # noqa\n    # ssot: b\ny = 2  # see #3 ssot: c\n"
    edits = [("uncomment", "# ssot: a"), ("uncomment", "# ssot: b"), ("uncomment", "#3")]
    assert changed(before, *edits) == "x = 1  # noqa\ny = 2  # see\n"
    assert reasons("x = '#'\n", ("uncomment", "#")) == ["there is no such comment"]


def test_texts_in_strings_whose_parts_python_cannot_locate() -> None:
    text = "x = f'{m.asert_called()} y'\n"
    if sys.version_info >= (3, 12):
        assert changed(text, ("text", "asert", "", "assert")) == text.replace("asert", "assert")
    else:
        (reason,) = reasons(text, ("text", "asert", "", "assert"))
        assert reason == "it is inside of an f-string, whose parts Python 3.11 and older cannot locate"
    assert changed(text, ("text", "f'{m.asert_called()} y'", "", "y")) == "x = y\n"


def test_the_first_of_two_wins() -> None:
    text = "from a import b\n"
    one, same, other = (fix(text, ("reimport", "b", symbol)) for symbol in ("c.b", "c.b", "d.b"))
    done = rewrite(text.encode(), [one, same, other])
    assert (done.data, done.applied) == (b"from c import b\n", (one,))
    assert [(each.fix, each.reason) for each in done.refused] == [
        (other, "another fix changes the same place")
    ]


def test_a_fix_is_all_or_nothing() -> None:
    text = "from a import b\nMoney = util.Money\n"
    both = fix(text, ("reimport", "b", "c.b"), ("replace", "util.Money", MONEY))
    done = rewrite(text.encode(), [both])
    assert (done.data, done.applied) == (text.encode(), ())


def test_one_refusal_leaves_the_others() -> None:
    text = "from a import b\nx = 1\ny = 2\n"
    fixes = [
        fix(text, ("text", "1", "", "11")),
        fix(text, ("text", "2", "", ")")),
        fix(text, ("reimport", "b", "c.b")),
    ]
    done = rewrite(text.encode(), fixes)
    assert done.data == b"from c import b\nx = 11\ny = 2\n"
    assert done.applied == (fixes[0], fixes[2])


BYTES = {
    "carriage returns": (
        b"import os\r\nfrom a import b, c\r\n",
        b"import os\r\nfrom d import b\r\nfrom a import c\r\n",
    ),
    "old carriage returns": (
        b"import os\rfrom a import b, c\r",
        b"import os\rfrom d import b\rfrom a import c\r",
    ),
    "mixed line ends": (
        b"import os\r\nfrom a import b, c\nx\r",
        b"import os\r\nfrom d import b\nfrom a import c\nx\r",
    ),
    "a byte order mark": (b"\xef\xbb\xbffrom a import b\n", b"\xef\xbb\xbffrom d import b\n"),
    "latin-1": (
        b"# coding: latin-1\nx = '\xe9'; from a import b\n",
        b"# coding: latin-1\nx = '\xe9'; from d import b\n",
    ),
    "a form feed": (b"x = 1\n\f\nfrom a import b\n", b"x = 1\n\f\nfrom d import b\n"),
    "wide characters": (
        "x = '\U0001f600é'; from a import b\n".encode(),
        "x = '\U0001f600é'; from d import b\n".encode(),
    ),
    "no line end": (b"import os\r\nfrom a import b, c", b"import os\r\nfrom d import b\r\nfrom a import c"),
}


@pytest.mark.parametrize(("before", "after"), BYTES.values(), ids=BYTES)
def test_all_other_bytes_stay(before: bytes, after: bytes) -> None:
    assert rewritten(before, ("reimport", "b", "d.b")).data == after


def test_what_cannot_be_decoded_or_written_back() -> None:
    text = "from a import b\n"
    edit = fix(text, ("reimport", "b", "c.b"))
    done = rewrite(b"from a import b\n\xff\n", [edit])
    assert [each.reason for each in done.refused] == [
        "the file cannot be decoded: byte 0xff is not valid utf-8 on line 2"
    ]
    done = rewrite(
        b"# coding: latin-1\nx = 1\n", [fix("# coding: latin-1\nx = 1\n", ("text", "1", "", "'\u20ac'"))]
    )
    assert [each.reason for each in done.refused] == ["the new text cannot be written in iso-8859-1"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="new syntax")
def test_new_syntax() -> None:
    before = "import util\ntype A[T] = util.Money[T]\n\n\ndef f[T: util.Tax](x: T): ...\n"
    assert changed(before, ("replace", "util.Money", MONEY)) == (
        "import util\nfrom shop.money import Money\ntype A[T] = Money[T]\n\n\ndef f[T: util.Tax](x: T): ...\n"
    )

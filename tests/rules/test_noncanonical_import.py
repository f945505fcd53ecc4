"""Import paths of canonical symbols, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.rules import Example

RULE = "noncanonical-import"
MARK = f"  # [{RULE}]\n"
CONFIG = """\
[[noncanonical-import]]
symbols = ["shop.money.Money", "shop.rates"]
also = ["shop.Money"]
moved = { "shop.util.Cash" = "shop.money.Money", "shop.legacy" = "shop.modern", "tax.Rate" = "shop.rates.Rate" }
"""
SHOP = {
    "ssot-lint.toml": CONFIG,
    "shop/__init__.py": "from shop.money import Money\nfrom shop import rates\n",
    "shop/money.py": "class Money:\n    class Unit: ...\n",
    "shop/rates.py": "class Rate: ...\n",
    "shop/util.py": "from shop.money import Money\nfrom shop import rates as r\nCoin = Money\n",
    "shop/modern.py": "x = 1\n",
}

SPELLINGS = {
    "home": "from shop.money import Money\n",
    "home, aliased": "from shop.money import Money as M\n",
    "home, as a module": "import shop.money\nshop.money.Money()\n",
    "home, as a module, aliased": "import shop.money as m\nm.Money()\n",
    "home, from the package": "from shop import money\nmoney.Money()\n",
    "a path that is fine too": "from shop import Money\n",
    "a path that is fine too, by use": "import shop\nshop.Money()\n",
    "another path": f"from shop.util import Money{MARK}",
    "another path, aliased": f"from shop.util import Money as M{MARK}",
    "another path, reported once": f"from shop.util import Money{MARK}Money()\nMoney.Unit\n",
    "another path, by use": f"import shop.util\nshop.util.Money(){MARK}",
    "another path, each use": f"from shop import util\nutil.Money(){MARK}x = util.Money{MARK}",
    "another path, another name": f"from shop.util import Coin{MARK}",
    "another path, in a function": f"def f():\n    from shop.util import Money{MARK}",
    "another path, as a base": f"from shop import util\nclass A(util.Money): ...{MARK}",
    "another path of a module": f"from shop.util import r{MARK}",
    "a nested class by another path": f"from shop import util\nutil.Money.Unit{MARK}",
    "what stands beside it": "from shop import util\nutil.other\n",
    "another class of that name": "from game import Money\nimport game\ngame.Money()\n",
    "a path that is gone": f"from shop.util import Cash{MARK}",
    "a path that is gone, by use": f"from shop import util\nutil.Cash(){MARK}",
    "a path that is gone, outside of the tree": f"from tax import Rate{MARK}",
    "a module that is gone": f"import shop.legacy{MARK}",
    "a module that is gone, from its package": f"from shop import legacy{MARK}",
    "a name of a module that is gone": f"from shop.legacy import x{MARK}",
    "a module of a module that is gone": f"import shop.legacy.more{MARK}",
    "a longer name": "import shop.legacy2\nfrom shop.legacy_too import x\n",
    "a string": "x = 'shop.util.Money'\n",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_spellings(text: str) -> None:
    example = Example("", {**SHOP, "game.py": "class Money: ...\n", "bill.py": text})
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("shop/bill.py", f"from .util import Money{MARK}", id="relative"),
        pytest.param("shop/bill.py", f"from . import util\nutil.Money(){MARK}", id="relative module"),
        pytest.param("shop/bill.py", "from .money import Money\nfrom . import Money\n", id="relative home"),
        pytest.param("shop/sub/bill.py", f"from ..util import Money{MARK}", id="relative, two up"),
        pytest.param("shop/bill.py", f"from .legacy import x{MARK}", id="relative, a module that is gone"),
        pytest.param(
            "shop/money.py", "from shop.base import Money\n", id="home that takes it from where it is made"
        ),
    ],
)
def test_relative_paths(path: str, text: str) -> None:
    example = Example("", {**SHOP, "shop/base.py": "class Money: ...\n", path: text})
    assert found(lint(example)) == expected(example)


def test_paths_start_from_every_root() -> None:
    files = {f"src/{path}": text for path, text in SHOP.items() if path.endswith(".py")}
    files["tests/test_a.py"] = "from shop.money import Money\nfrom shop.util import Money as M\n"
    places = [(finding.path, finding.span.line) for finding in findings(CONFIG, files, RULE)]
    assert places == [("tests/test_a.py", 2)]


def test_message_names_the_path_as_written_and_the_home() -> None:
    files = {**SHOP, "bill.py": "from shop.util import Coin\nfrom shop.legacy import x\n"}
    first, second = findings(CONFIG, files, RULE)
    assert first.message == "`Money` is taken from `shop.util.Coin`, its home is `shop.money.Money`"
    assert first.subject == ("shop.money.Money", "shop.util.Coin")
    assert second.subject == ("shop.modern.x", "shop.legacy.x")


def fixes(text: str) -> list[tuple[str, str, str, bool] | None]:
    """The fixes for a file: kind, symbol and text of the only edit, and whether it is safe."""
    found = findings(CONFIG, {**SHOP, "bill.py": text}, RULE)
    return [
        each.fix
        and (each.fix.edits[0].kind, each.fix.edits[0].symbol, each.fix.edits[0].text, each.fix.is_safe)
        for each in found
        if each.path == "bill.py"
    ]


def test_fixes_take_the_home() -> None:
    home = "shop.money.Money"
    assert fixes("from shop.util import Money\n") == [("reimport", home, "", True)]
    assert fixes("from shop.util import Money as M, Coin\n") == [("reimport", home, "", True)] * 2
    assert fixes("from shop import util\nx = util.Money.Unit()\n") == [("replace", home, ".Unit", True)]
    assert fixes("import shop.legacy as old\n") == [("reimport", "shop.modern", "", True)]


def test_a_fix_is_safe_where_no_patch_can_be_in_force() -> None:
    home = "shop.money.Money"
    assert fixes("def f():\n    from shop.util import Money\n") == [("reimport", home, "", False)]
    assert fixes("def f():\n    from shop.util import Cash\n") == [("reimport", home, "", True)], "it is gone"
    late = "from shop import util\ndef f():\n    return util.Money()\n"
    assert fixes(late) == [("replace", home, "", False)]
    early = "from shop import util\ndef f():\n    class A(util.Money): ...\n"
    assert fixes(early) == [("replace", home, "", True)]


def test_what_is_written_to_has_no_fix() -> None:
    assert fixes("from shop import util\nutil.Money = 1\n") == [None]

"""By which names symbols are imported: through re-exports, relative imports, source roots, and none guessed."""

from __future__ import annotations

from collections.abc import Sequence

from ssot_lint.facts.extract import extract
from ssot_lint.file import InMemory
from ssot_lint.import_paths import imports_by_symbol
from ssot_lint.project import Project

SHOP = {
    "shop/__init__.py": "from .money import Money\n",
    "shop/money.py": "class Money: ...\ndef rate(): ...\nLIMIT = 3\n",
}


def imports(files: dict[str, str], roots: Sequence[str] = ()) -> dict[str, dict[str, list[tuple[str, int]]]]:
    facts = {path: extract(text.encode()) for path, text in files.items()}
    project = Project({path: found.outline for path, found in facts.items()}, InMemory(facts), roots)
    found = imports_by_symbol(project)
    return {symbol: {name: [*places] for name, places in names.items()} for symbol, names in found.items()}


def test_names_lead_to_the_definition() -> None:
    files = {
        **SHOP,
        "a.py": "from shop import Money\n\nfrom shop.money import (\n    LIMIT,\n    rate as r,\n)\n",
        "b.py": "def late():\n    from shop import Money as M\n",
    }
    assert imports(files) == {
        "shop.money.LIMIT": {"shop.money.LIMIT": [("a.py", 4)]},
        "shop.money.Money": {
            "shop.Money": [("a.py", 1), ("b.py", 2)],
            "shop.money.Money": [("shop/__init__.py", 1)],
        },
        "shop.money.rate": {"shop.money.rate": [("a.py", 5)]},
    }


def test_order_of_files_changes_nothing() -> None:
    files = {**SHOP, "a.py": "from shop import Money\n", "b.py": "from shop.money import Money\n"}
    backwards = dict(reversed(files.items()))
    assert repr(imports(files)) == repr(imports(backwards))


def test_what_is_not_known_is_left_out() -> None:
    files = {
        **SHOP,
        "a.py": "from shop import Gone, money\nfrom os import path\nfrom shop.money import *\nimport shop.money\n",
        "b.py": "from shop.nowhere import Money\nfrom .... import Money\n",
    }
    assert imports(files).keys() == {"shop.money.Money"}


def test_alternatives_count_for_each() -> None:
    files = {
        "fast.py": "def run(): ...\n",
        "slow.py": "def run(): ...\n",
        "either.py": "try:\n    from fast import run\nexcept ImportError:\n    from slow import run\n",
        "a.py": "from either import run\n",
    }
    found = imports(files)
    assert found["fast.run"]["either.run"] == found["slow.run"]["either.run"] == [("a.py", 1)]


def test_alias_and_rename_on_the_way() -> None:
    files = {
        **SHOP,
        "old.py": "from shop.money import Money as Cash\nCoin = Cash\n",
        "a.py": "from old import Cash\nfrom old import Coin\n",
    }
    assert [*imports(files)["shop.money.Money"]] == ["old.Cash", "old.Coin", "shop.money.Money"]


def test_a_module_has_the_name_that_most_imports_use() -> None:
    files = {
        "src/pkg/__init__.py": "",
        "src/pkg/a.py": "class A: ...\n",
        "tests/test_a.py": "from pkg.a import A\n",
        "tests/test_b.py": "from src.pkg.a import A\n",
        "tests/test_c.py": "from pkg.a import A\n",
    }
    assert imports(files) == {
        "pkg.a.A": {
            "pkg.a.A": [("tests/test_a.py", 1), ("tests/test_c.py", 1)],
            "src.pkg.a.A": [("tests/test_b.py", 1)],
        }
    }


def test_the_name_from_further_up_where_most_use_it() -> None:
    files = {
        "src/pkg/__init__.py": "",
        "src/pkg/a.py": "class A: ...\n",
        "tests/test_a.py": "from src.pkg.a import A\n",
        "tests/test_b.py": "from src.pkg.a import A\n",
        "tests/test_c.py": "from pkg.a import A\n",
    }
    assert [*imports(files)] == ["src.pkg.a.A"]


def test_nothing_parses() -> None:
    assert imports({"a.py": "def (:\n"}) == {}
    assert imports({}) == {}

"""Which import path is proposed to stay: that of the definition, and a public one where that is private."""

from __future__ import annotations

from proposed import project, tables

from ssot_lint.proposals.paths import home_of, propose

MONEY = {
    "shop/__init__.py": "",
    "shop/money.py": "class Money: ...\n",
    "shop/old.py": "from shop.money import Money\n",
}


def users(number: int, line: str) -> dict[str, str]:
    """Files that import something."""
    word = "".join(filter(str.isalnum, line))
    return {f"user_{word}_{index}.py": f"{line}\n" for index in range(number)}


def test_most_take_it_from_where_it_is_defined() -> None:
    files = {
        **MONEY,
        **users(8, "from shop.money import Money"),
        **users(5, "from shop.old import Money"),
    }
    assert tables(propose, files) == [("canonical", {"symbol": "shop.money.Money"})]
    (found,) = propose(project(files))
    assert found.strays == 5
    assert found.evidence == ("9 of 14 imports take it from there", "5 from `shop.old.Money`")


def test_few_strays_are_no_debt() -> None:
    files = {**MONEY, **users(20, "from shop.money import Money"), **users(4, "from shop.old import Money")}
    assert tables(propose, files) == []


def test_where_less_than_half_agree_people_decide() -> None:
    files = {**MONEY, **users(4, "from shop.money import Money"), **users(8, "from shop.old import Money")}
    assert tables(propose, files) == []


def test_a_package_that_many_use_is_fine() -> None:
    files = {
        **MONEY,
        "shop/__init__.py": "from .money import Money\n",
        **users(20, "from shop import Money"),
        **users(6, "from shop.old import Money"),
    }
    assert tables(propose, files) == [("canonical", {"symbol": "shop.money.Money", "also": ["shop.Money"]})]


def test_a_package_that_hardly_anybody_uses_is_not() -> None:
    files = {
        **MONEY,
        "shop/__init__.py": "from .money import Money\n",
        **users(60, "from shop.money import Money"),
        **users(5, "from shop import Money"),
    }
    assert tables(propose, files) == [("canonical", {"symbol": "shop.money.Money"})]


def test_what_is_private_has_its_home_where_it_is_public() -> None:
    files = {
        "shop/_impl.py": "class Money: ...\n",
        "shop/api.py": "from shop._impl import Money\n",
        "shop/old.py": "from shop._impl import Money\n",
        **users(9, "from shop.api import Money"),
        **users(5, "from shop.old import Money"),
    }
    assert tables(propose, files) == [
        ("canonical", {"symbol": "shop.api.Money", "also": ["shop._impl.Money"]})
    ]


def test_other_classes_of_that_name_are_left_alone() -> None:
    files = {
        **MONEY,
        "game.py": "class Money:\n    chips = 0\n",
        **users(8, "from shop.money import Money"),
        **users(5, "from shop.old import Money"),
    }
    assert tables(propose, files) == [("noncanonical-import", {"symbols": ["shop.money.Money"]})]


def test_the_home_of_what_nobody_imports() -> None:
    home = home_of(project({"shop/money.py": "class Money: ...\n"}), "shop.money.Money")
    assert (home.symbol, home.also, home.kept, dict(home.strays)) == ("shop.money.Money", (), 0, {})

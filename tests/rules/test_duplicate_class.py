"""Classes defined twice, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import findings

from ssot_lint.finding import Span

RULE = "duplicate-class"
BODY = "".join(f"    def step_{index}(self):\n        return {index}\n" for index in range(6))
ONE = f"class A:\n{BODY}"


def places(config: str, files: dict[str, str]) -> list[str]:
    return [f"{finding.path}:{finding.span.line}" for finding in findings(config, files, RULE)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": ONE, "b.py": ONE}, ["a.py:1", "b.py:1"], id="two files of one text"),
        pytest.param({"a.py": ONE, "b.py": f"\n\n{ONE}"}, ["a.py:1", "b.py:3"], id="another line"),
        pytest.param({"a.py": ONE, "b.py": ONE, "c.py": ONE}, ["a.py:1", "b.py:1", "c.py:1"], id="three"),
        pytest.param(
            {"a.py": ONE, "b.py": ONE + ONE}, ["a.py:1", "b.py:1", "b.py:14"], id="twice in one of two files"
        ),
        pytest.param({"a.py": ONE + ONE}, [], id="twice in one file"),
        pytest.param({"a.py": ONE, "b.py": ONE.replace("class A", "class B")}, [], id="another name"),
        pytest.param({"a.py": ONE, "b.py": ONE.replace("return 3", "return 4")}, [], id="another body"),
        pytest.param(
            {"a.py": ONE, "b.py": ONE.replace("return 3", "return 3.0")}, [], id="another type of constant"
        ),
        pytest.param({"a.py": ONE, "b.py": ONE.replace("(self)", "(cls)", 1)}, [], id="another parameter"),
        pytest.param({"a.py": ONE, "b.py": ONE.replace("    def", "    async def", 1)}, [], id="async"),
        pytest.param(
            {"a.py": ONE, "b.py": ONE.replace("    def", "    @x\n    def", 1)}, [], id="decorated method"
        ),
        pytest.param(
            {"a.py": ONE, "b.py": ONE.replace("A:", "A(B):")}, ["a.py:1", "b.py:1"], id="another base"
        ),
        pytest.param({"a.py": "class A:\n    x = 1\n", "b.py": "class A:\n    x = 1\n"}, [], id="small"),
        pytest.param(
            {"a.py": ONE, "b.py": f"class B:\n    {ONE.replace(chr(10), chr(10) + '    ')}"},
            ["a.py:1", "b.py:2"],
            id="nested",
        ),
    ],
)
def test_equal_bodies(files: dict[str, str], expected: list[str]) -> None:
    assert places("", files) == expected


def test_the_fewest_lines_can_be_set() -> None:
    files = {"a.py": "class A:\n    x = 1\n", "b.py": "class A:\n    x = 1\n"}
    assert places("[[duplicate-class]]\nmin-lines = 2\n", files) == ["a.py:1", "b.py:1"]
    assert places("[[duplicate-class]]\nmin-lines = 3\n", files) == []


def test_every_other_place_is_listed() -> None:
    files = dict.fromkeys(("a.py", "b.py", "c.py"), f"x = 1\n{ONE}")
    first = findings("", files, RULE)[0]
    assert first.message == "`A` has the same body in b.py:2 and 1 more"
    assert [(related.path, related.span) for related in first.related] == [
        ("b.py", Span(2, 7, 2, 8)),
        ("c.py", Span(2, 7, 2, 8)),
    ]
    assert first.subject == ("body", "A")


NAMES = '[[duplicate-class]]\nnames = ["*Repository"]\n'
CANONICAL = '[[duplicate-class]]\ncanonical = ["shop.money.Money"]\n'
MONEY = "class Money: ...\n"


@pytest.mark.parametrize(
    ("config", "files", "expected"),
    [
        pytest.param(
            NAMES,
            {
                "a.py": "class XRepository: ...\n",
                "b.py": "class XRepository: a = 1\n",
                "c.py": "class YRepository: ...\n",
            },
            ["a.py:1", "b.py:1"],
            id="names",
        ),
        pytest.param(NAMES, {"a.py": "class X: ...\n", "b.py": "class X: ...\n"}, [], id="other names"),
        pytest.param(NAMES, {"a.py": "class XRepository: ...\nclass XRepository: ...\n"}, [], id="one file"),
        pytest.param(
            NAMES,
            {"a.py": "class XRepository: ...\n", "a.pyi": "class XRepository: ...\n"},
            [],
            id="a stub beside it",
        ),
        pytest.param(
            NAMES,
            {
                "a.py": "class XRepository: ...\n",
                "a.pyi": "class XRepository: ...\n",
                "b.py": "class XRepository: ...\n",
            },
            ["a.py:1", "a.pyi:1", "b.py:1"],
            id="a stub beside one of two",
        ),
        pytest.param(CANONICAL, {"shop/money.py": MONEY, "b.py": MONEY}, ["b.py:1"], id="away from home"),
        pytest.param(CANONICAL, {"shop/money.py": MONEY}, [], id="at home"),
        pytest.param(CANONICAL, {"shop/money.py": MONEY, "shop/money.pyi": MONEY}, [], id="stub of the home"),
        pytest.param(CANONICAL, {"shop/money.py": MONEY + MONEY}, [], id="twice at home"),
        pytest.param(
            CANONICAL, {"src/shop/money.py": MONEY, "b.py": MONEY}, ["b.py:1"], id="home below a root"
        ),
        pytest.param(
            CANONICAL,
            {"shop/money.py": "from shop.base import Money\n", "shop/base.py": MONEY, "b.py": MONEY},
            ["b.py:1"],
            id="home that takes it from elsewhere",
        ),
        pytest.param(
            CANONICAL,
            {"shop/money.py": f"class A:\n    {MONEY}{MONEY}"},
            ["shop/money.py:2"],
            id="nested, at home",
        ),
    ],
)
def test_names_and_homes(config: str, files: dict[str, str], expected: list[str]) -> None:
    assert places(config, files) == expected

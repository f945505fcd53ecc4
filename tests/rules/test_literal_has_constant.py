"""Literals that repeat a canonical constant, beyond the examples of the rule."""

from __future__ import annotations

import sys

import pytest
from lint_examples import findings

from ssot_lint.config import ConfigError
from ssot_lint.finding import Span

RULE = "literal-has-constant"
EVENTS = """\
from enum import Enum

class Event(str, Enum):
    PAID = "order_paid"
    SENT = 'order_sent'
    COUNT = 3
    _OLD = "order_old"
"""
LIMITS = """\
CURRENCY = "EUR"
HOST: str = "shop.example"
SIGN = "€"
_OWN = "own_value"
__version__ = "1.2.3"
NUMBER = 123456
PATTERN = "a\\\\b"
class Settings:
    MODE = "settings_mode"
"""
HOMES = {"shop/events.py": EVENTS, "shop/limits.py": LIMITS}


def config(constants: str = '"shop.events.Event", "shop.limits"', options: str = "") -> str:
    if "positions" not in options:
        options += '\npositions = ["compare", "argument", "key", "item", "other"]'
    return f"[[{RULE}]]\nconstants = [{constants}]\n{options}\n"


def lines(text: str, settings: str = "", homes: dict[str, str] = HOMES) -> list[int]:
    found = findings(settings or config(), {**homes, "a.py": text}, RULE)
    return [finding.span.line for finding in found if finding.path == "a.py"]


def test_only_comparisons_count_by_default() -> None:
    text = "emit('order_paid')\nx == 'order_paid'\ny = {'order_paid': x['order_paid']}\nz = 'order_paid'\n"
    assert lines(text, f'[[{RULE}]]\nconstants = ["shop.events"]\n') == [2]


STATES = """\
from enum import Enum

class State(Enum):
    ERROR = "error"
    TIMED_OUT = "timed-out"
ERROR = "failed"
"""


@pytest.mark.parametrize(
    ("constants", "options", "expected"),
    [
        pytest.param('"shop.states.State"', "", [2], id="of a class"),
        pytest.param('"shop.states"', "", [2], id="of a module"),
        pytest.param('"shop.**"', "", [2], id="of a pattern"),
        pytest.param('"shop.states.State"', "plain-words = true", [1, 2], id="asked for"),
        pytest.param('"shop.states.State.ERROR"', "", [1], id="named singly"),
        pytest.param('"shop.states.ERROR"', "", [3], id="named singly, of a module"),
    ],
)
def test_plain_words(constants: str, options: str, expected: list[int]) -> None:
    text = "log('error')\nlog('timed-out')\nlog('failed')\n"
    assert lines(text, config(constants, options), {"shop/states.py": STATES}) == expected


@pytest.mark.parametrize("constants", ['"shop.settings"', '"shop.settings.MODEL"', '"shop.**"'])
def test_constant_of_two_values(constants: str) -> None:
    home = "if TEST:\n    MODEL = 'shop.User'\nelse:\n    MODEL = 'shop.Client'\nSTAGE = 'pre-view'\nSTAGE = 'pre-view'\n"
    text = "log('shop.User', 'shop.Client')\nlog('pre-view')\n"
    expected = [] if "MODEL" in constants else [2]
    assert lines(text, config(constants), {"shop/settings.py": home}) == expected


def test_patterns_mean_constants_alone() -> None:
    home = "class View:\n    template_name = 'shop/view.html'\nPAGE_SIZE = 'page-size'\n"
    text = "show('shop/view.html')\nshow('page-size')\n"
    assert lines(text, config('"shop.**"'), {"shop/views.py": home}) == [2]


MATCH = """\
match event:
    case "order_paid":
        pass
    case {"order_sent": x}:
        pass
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('emit("order_paid")', [1], id="argument"),
        pytest.param("emit('order_paid')", [1], id="single quotes"),
        pytest.param('emit("""order_paid""")', [1], id="triple quotes"),
        pytest.param('emit(r"order_paid")', [1], id="raw"),
        pytest.param('emit("order" "_paid")', [1], id="in parts"),
        pytest.param('emit("\\x6frder_paid")', [1], id="with escapes"),
        pytest.param('emit(name="order_paid")', [1], id="keyword argument"),
        pytest.param('x = {"order_paid": 1}', [1], id="key"),
        pytest.param('x = {1: "order_paid"}', [1], id="value of a dictionary"),
        pytest.param('x == "order_paid"', [1], id="compared"),
        pytest.param('"order_paid" == x', [1], id="compared, on the left"),
        pytest.param('"order_paid" in names', [1], id="sought in something"),
        pytest.param('x in ("order_paid", "order_sent")', [1, 1], id="one of several"),
        pytest.param('x["order_paid"]', [1], id="item"),
        pytest.param('x["order_paid"] = 1', [1], id="item that is set"),
        pytest.param('del x["order_paid"]', [1], id="item that is deleted"),
        pytest.param('x = "order_paid"', [1], id="a variable"),
        pytest.param('class A:\n    kind: str = "order_paid"', [2], id="a default of a class"),
        pytest.param('def f(kind="order_paid"): ...', [1], id="a default of a parameter"),
        pytest.param('def f():\n    return "order_paid"', [2], id="returned"),
        pytest.param('def f():\n    yield "order_paid"', [2], id="yielded"),
        pytest.param('x = [1, "order_paid"]', [1], id="in a list"),
        pytest.param('x = "a" if y else "order_paid"', [1], id="in a conditional expression"),
        pytest.param('x = lambda: "order_paid"', [1], id="in a lambda"),
        pytest.param('x = f"{y["order_paid"]}"' if sys.version_info >= (3, 12) else "x = f\"{y['order_paid']}\"", [1], id="in braces of an f-string"),
        pytest.param('x = "order_paid".upper()', [1], id="with a method"),
        pytest.param('@on("order_paid")\ndef f(): ...', [1], id="in a decorator"),
        pytest.param('assert x, "order_paid"', [1], id="message of an assertion"),
        pytest.param(MATCH, [2, 4], id="case"),
        pytest.param('a = "EUR"\nb = "shop.example"', [1, 2], id="constants of a module"),
        pytest.param('__all__ = ["order_paid"]\nemit("order_paid")', [2], id="exported, and passed"),
        pytest.param('from typing import Literal\nx: Literal["a"]; y = "order_paid"', [2], id="behind a type"),
        pytest.param('from typing import Literal\nx: Literal["a"] = "order_paid"', [2], id="default of a type"),
        pytest.param('x: Dict["order_paid"]', [1], id="item of another type"),
    ],
)  # fmt: skip
def test_found(text: str, expected: list[int]) -> None:
    assert lines(f"{text}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"""order_paid"""', id="docstring of the module"),
        pytest.param('def f():\n    """order_paid"""', id="docstring of a function"),
        pytest.param('class A:\n    """order_paid"""', id="docstring of a class"),
        pytest.param("# order_paid", id="comment"),
        pytest.param("emit(order_paid=1)", id="keyword"),
        pytest.param("order_paid = 1", id="name"),
        pytest.param("x.order_paid", id="attribute"),
        pytest.param("import order_paid", id="import"),
        pytest.param("from shop.events import Event\nemit(Event.PAID)", id="the member"),
        pytest.param('emit(b"order_paid")', id="bytes"),
        pytest.param('emit(f"order_paid")', id="f-string"),
        pytest.param('emit(f"order_paid{x}")', id="part of an f-string"),
        pytest.param('emit("order_paid twice")', id="part of a text"),
        pytest.param('emit("the order_paid event")', id="word of a text"),
        pytest.param('emit("ORDER_PAID")', id="other case"),
        pytest.param('emit("order_paid\\n")', id="with a line end"),
        pytest.param('__all__ = ["order_paid"]', id="export"),
        pytest.param('__all__ = ("order_paid",)\n__all__ += ["order_sent"]', id="exports in two statements"),
        pytest.param('PAID = "order_paid"', id="definition of a constant"),
        pytest.param('class A:\n    PAID = "order_paid"', id="definition of a constant in a class"),
        pytest.param(
            'from enum import StrEnum\nclass A(StrEnum):\n    paid = "order_paid"', id="definition of an enum"
        ),
        pytest.param('from typing import Literal\nx: Literal["order_paid"]', id="type"),
        pytest.param('import typing as t\nx: t.Literal["a", "order_paid", "order_sent"]', id="types"),
        pytest.param('emit("order_old")', id="private member"),
        pytest.param('emit("own_value")', id="private constant"),
        pytest.param('emit("1.2.3")', id="version"),
        pytest.param('emit("settings_mode")', id="constant of a class in a module, which is no enum"),
        pytest.param("emit(3)", id="number"),
        pytest.param('emit("3")', id="digits"),
        pytest.param('emit("€")', id="shorter than three characters"),
        pytest.param('emit("a\\\\b")', id="value with an escape"),
        pytest.param('emit(r"a\\\\b")', id="value with two backslashes"),
        pytest.param('emit("2345")', id="inner digits of a number"),
        pytest.param("", id="nothing"),
    ],
)
def test_not_found(text: str) -> None:
    assert lines(f"{text}\n") == []


EVERYWHERE = """\
emit("order_paid")
x = {"order_paid": 1}
x == "order_paid"
x["order_paid"]
PAID = "order_paid"
x = "order_paid"
"""


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param("", [1, 2, 3, 4, 6], id="all but definitions"),
        pytest.param('positions = ["argument"]', [1], id="argument"),
        pytest.param('positions = ["key"]', [2], id="key"),
        pytest.param('positions = ["compare"]', [3], id="compare"),
        pytest.param('positions = ["item"]', [4], id="item"),
        pytest.param('positions = ["definition"]', [5], id="definition"),
        pytest.param('positions = ["other"]', [6], id="other"),
        pytest.param('positions = ["key", "item"]', [2, 4], id="two"),
        pytest.param('allow = ["order_paid"]', [], id="allowed value"),
        pytest.param('exempt = ["shop.events.*.PAID"]', [], id="exempt constant"),
        pytest.param("min-length = 11", [], id="longer values only"),
        pytest.param("min-length = 10", [1, 2, 3, 4, 6], id="as long"),
        pytest.param('allow-in = ["a.py"]', [], id="allowed file"),
    ],
)
def test_options(settings: str, expected: list[int]) -> None:
    assert lines(EVERYWHERE, config(options=settings)) == expected


@pytest.mark.parametrize(
    ("constants", "homes", "expected"),
    [
        pytest.param('"shop.events.Event.PAID"', HOMES, [1], id="one member"),
        pytest.param('"shop.events.Event"', HOMES, [1, 2], id="an enum"),
        pytest.param('"shop.events"', HOMES, [1, 2], id="the enums of a module"),
        pytest.param('"shop.limits"', HOMES, [3], id="the constants of a module"),
        pytest.param('"shop.limits.CURRENCY"', HOMES, [3], id="one constant"),
        pytest.param('"shop.limits.Settings"', HOMES, [4], id="a class that is no enum"),
        pytest.param('"shop.limits.Settings.MODE"', HOMES, [4], id="one constant of a class"),
        pytest.param('"**.Event.*"', HOMES, [1, 2], id="pattern"),
        pytest.param('"**._OWN"', HOMES, [], id="pattern of a private one"),
        pytest.param('"shop.*.CURR*"', HOMES, [3], id="pattern of names"),
        pytest.param('"shop.hub.Event"', {**HOMES, "shop/hub.py": "from shop.events import Event\n"}, [1, 2], id="handed on"),
        pytest.param('"shop.hub.CURRENCY"', {**HOMES, "shop/hub.py": "from .limits import *\n"}, [3], id="by a star"),
        pytest.param('"shop.events.Event"', {f"src/{path}": text for path, text in HOMES.items()}, [1, 2], id="below a root"),
        pytest.param('"shop"', {"shop/__init__.py": LIMITS}, [3], id="a package"),
        pytest.param('"shop.gone.Event"', HOMES, [], id="unknown"),
        pytest.param('"enum.Enum"', HOMES, [], id="outside the tree"),
        pytest.param('"shop.events.Event.gone"', HOMES, [], id="unknown member"),
        pytest.param('"shop.limits._OWN"', HOMES, [5], id="a private one that is named"),
    ],
)  # fmt: skip
def test_constants(constants: str, homes: dict[str, str], expected: list[int]) -> None:
    text = 'emit("order_paid")\nemit("order_sent")\nemit("EUR")\nemit("settings_mode")\nemit("own_value")\n'
    assert lines(text, config(constants), homes) == expected


def test_the_home_may_spell_it_out_and_so_may_its_stub() -> None:
    homes = {
        "shop/events.py": f'{EVENTS}\nemit("order_paid")\n',
        "shop/events.pyi": 'x: int = f("order_paid")\n',
    }
    assert findings(config('"shop.events.Event"'), homes, RULE) == []


def test_the_first_of_several_constants_is_named() -> None:
    homes = {"shop/a.py": 'PAID = "order_paid"\nDONE = "order_paid"\n', "shop/b.py": 'PAID = "order_paid"\n'}
    (found,) = findings(config('"shop.b", "shop.a"'), {**homes, "x.py": 'y = "order_paid"\n'}, RULE)
    assert found.message == '`"order_paid"` repeats `shop.b.PAID` and 2 more'
    assert found.subject == ("order_paid",)
    assert found.span == Span(1, 5, 1, 17)
    assert [(other.path, other.span.line) for other in found.related] == [
        ("shop/b.py", 1),
        ("shop/a.py", 1),
        ("shop/a.py", 2),
    ]


def test_one_constant_that_two_names_mean_counts_once() -> None:
    settings = config('"shop.events.Event.PAID", "shop.events.Event", "**.PAID"')
    (found,) = findings(settings, {**HOMES, "x.py": 'y = "order_paid"\n'}, RULE)
    assert found.message == '`"order_paid"` repeats `shop.events.Event.PAID`'


@pytest.mark.parametrize(
    ("options", "text"),
    [
        pytest.param('constants = ["order paid"]', 'expected a dotted name such as .*, found "order paid"', id="words"),
        pytest.param('constants = ["a.b:C"]', 'expected a dotted name such as .*, found "a.b:C"', id="colon"),
        pytest.param('constants = ["a."]', 'expected a dotted name such as .*, found "a."', id="dot at the end"),
        pytest.param('constants = ["a.b"]\nexempt = ["a.*"]', "`exempt` leaves out `a.b`", id="exempt"),
        pytest.param('allow = ["a"]', "constants", id="no constants"),
    ],
)  # fmt: skip
def test_contradictions(options: str, text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        findings(f"[[{RULE}]]\n{options}\n", {}, RULE)


def test_constants_must_exist() -> None:
    settings = config('"shop.events.Event", "shop.events.Gone", "shop.*.Gone"')
    found = findings(settings, HOMES, "unknown-symbol")
    assert [finding.subject for finding in found] == [(RULE, "shop.events.Gone")]

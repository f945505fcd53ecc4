"""Finds string literals that repeat the value of a canonical constant or enum member.

*Why is this bad?* A literal that is misspelt is found by nobody, and a value that changes has to be changed
in every copy of it. What is spelt out a thousand times has no home.

*Use instead* the constant.

*Limits* Only strings of one word, of at most 100 characters, are compared. The home of a constant may spell
it out, and so may `Literal["..."]` on one line. An `argument` is one without a keyword, a `compare` stands
right of its operator; what has no position of its own is `other`. Strings that `__all__` lists are passed
over where they are `other`, wherever they stand in that file. A value that is one plain word, such as
"error", means other things elsewhere: it is looked for where its constant is named singly, or if asked for.

*Fix* puts the constant in the place of the literal. It is unsafe: a member of an enum is not just a string,
and a constant may get another value while the program runs. Where several constants have the value, and for
members of enums that are no strings and fields of classes with bases or decorators, no fix is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ssot_lint.facts.model import GET_ITEM
from ssot_lint.file import File
from ssot_lint.finding import Problem, Related, Span
from ssot_lint.project import Project
from ssot_lint.rules._alike import module_of
from ssot_lint.rules._constants import Home, constant_fix, homes_of, is_definition, text_of
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._symbols import symbols

_DOTTED = re.compile(r"[\w*]+(?:\.[\w*]+)*")
PLAIN_WORD = re.compile("[a-z]+")


@dataclass(frozen=True, kw_only=True)
class LiteralHasConstantOptions(Options):
    """What `[[literal-has-constant]]` can be told."""

    constants: tuple[str, ...] = option(
        "constants, or classes (enums) and modules for all public ones in them, by their dotted names; "
        "`*` is any part of a name, `**` any names",
        example='["shared.events.AgentEvent", "shared.limits"]',
    )
    exempt: tuple[str, ...] = option(
        "constants that may be repeated, by their dotted names",
        example='["shared.events.AgentEvent.UNKNOWN"]',
    )
    allow: tuple[str, ...] = option("values that may be spelt out", example='["error"]')
    positions: tuple[Literal["argument", "key", "compare", "item", "definition", "other"], ...] = option(
        "where the literal stands: a positional argument, a key of a dictionary, right of a comparison, "
        "between the brackets of a subscript, the definition of another constant, anywhere else; beside "
        "comparisons many literals only happen to be the same",
        default=("compare",),
        example='["compare", "argument", "key", "item", "other"]',
    )
    min_length: int = option("the fewest characters of a value that is looked for", default=3)
    plain_words: bool = option(
        "also values of one word in small letters, for constants that are not named singly", default=False
    )


def check(file: File, project: Project, options: LiteralHasConstantOptions) -> Iterator[Problem]:
    """Yields every literal of the file that repeats a canonical constant defined elsewhere."""
    homes = project.once(("literal-has-constant", options), lambda: _homes_by_value(project, options))
    hits = [(literal, homes[literal.value]) for literal in file.bodies.literals if literal.value in homes]
    if not hits or _is_a_home(file, homes):
        return
    definitions = {
        entry.span[:2]
        for entry in file.outline.constants
        if text_of(entry) in homes and is_definition(project, file, entry)
    }
    in_types = _in_type_literals(file)
    exported = file.outline.exports or ()
    for literal, found in hits:
        for span in literal.spans():
            position = "definition" if span[:2] in definitions else literal.where or "other"
            is_exported = position == "other" and literal.value in exported
            if position in options.positions and not is_exported and span[:2] not in in_types:
                fix = constant_fix(file, project, span, found[0]) if len(found) == 1 else None
                yield _problem(span, literal.value, found)._replace(fix=fix)


def _homes_by_value(project: Project, options: LiteralHasConstantOptions) -> Mapping[str, Sequence[Home]]:
    exempt = symbols(options.exempt)
    found: dict[str, list[Home]] = {}
    for home in homes_of(project, options.constants):
        value = text_of(home.constant)
        if value is None or len(value) < options.min_length or value in options.allow:
            continue
        if not options.plain_words and not home.is_single and PLAIN_WORD.fullmatch(value):
            continue
        if not exempt.match(home.symbol):
            found.setdefault(value, []).append(home)
    return found


def _is_a_home(file: File, homes: Mapping[str, Sequence[Home]]) -> bool:
    own = module_of(file.path)
    return any(module_of(home.path) == own for found in homes.values() for home in found)


def _in_type_literals(file: File) -> set[tuple[int, int]]:
    """Where strings stand in `Literal["a", "b"]`: right behind its bracket, or behind such a string."""
    brackets = {
        (span.end_line, span.end_column)
        for use in file.details.uses
        if use.how == GET_ITEM and use.name.rpartition(".")[2] == "Literal"
        for span in use.spans()
    }
    found: set[tuple[int, int]] = set()
    if brackets:
        end = (0, 0)
        for span in sorted(span for literal in file.bodies.literals for span in literal.spans()):
            if (span.line, span.column - 1) in brackets or (span.line, span.column - len(", ")) == end:
                found.add(span[:2])
                end = (span.end_line, span.end_column)
    return found


def _problem(span: Span, value: str, homes: Sequence[Home]) -> Problem:
    first, *others = homes
    more = f" and {len(others)} more" if others else ""
    related = tuple(Related(home.path, home.constant.span, f"`{home.symbol}`") for home in homes)
    return Problem(span, f'`"{value}"` repeats `{first.symbol}`{more}', (value,), related)


def _contradictions(options: LiteralHasConstantOptions) -> Iterator[Contradiction]:
    if not options.positions:
        yield Contradiction(("positions",), "no literal counts")
    for index, name in enumerate(options.constants):
        if not _DOTTED.fullmatch(name):
            text = f'expected a dotted name such as "package.module.NAME", found "{name}"'
            yield Contradiction(("constants", index), text)
        elif symbols(options.exempt).match(name):
            yield Contradiction(("constants", index), f"`exempt` leaves out `{name}`")


_CONFIG = """\
[[literal-has-constant]]
constants = ["shop.events.Event", "shop.limits"]
positions = ["compare", "argument", "key", "item", "other"]
"""
_EVENTS = """\
from enum import Enum

class Event(str, Enum):
    PAID = "order_paid"
    SENT = "order_sent"
"""

RULE = Rule(
    id="literal-has-constant",
    code="SST404",
    options=LiteralHasConstantOptions,
    check=check,
    doc=__doc__,
    required=("constants",),
    symbols=lambda options: (name for name in options.constants if "*" not in name),
    contradictions=_contradictions,
    bad=(
        Example(
            "the value of an enum member, wherever it stands, and that of a constant",
            {
                "ssot-lint.toml": _CONFIG,
                "shop/events.py": _EVENTS,
                "shop/limits.py": 'CURRENCY = "EUR"\n',
                "shop/orders.py": (
                    "def pay(order, bus):\n"
                    '    bus.emit("order_paid", id=order.id)  # [literal-has-constant]\n'
                    '    bus.emit(name="order_sent")  # [literal-has-constant]\n'
                    '    if order.state == "order_paid":  # [literal-has-constant]\n'
                    '        return {"order_paid": True}  # [literal-has-constant]\n'
                    '    return order.names["order_sent"], "EUR"  # [literal-has-constant]\n'
                ),
            },
            fixed={
                "shop/orders.py": (
                    "from shop.events import Event\n"
                    "from shop.limits import CURRENCY\n\n\n"
                    "def pay(order, bus):\n"
                    "    bus.emit(Event.PAID, id=order.id)\n"
                    "    bus.emit(name=Event.SENT)\n"
                    "    if order.state == Event.PAID:\n"
                    "        return {Event.PAID: True}\n"
                    "    return order.names[Event.SENT], CURRENCY\n"
                )
            },
        ),
        Example(
            "only some positions, and constants by a pattern",
            {
                "ssot-lint.toml": (
                    '[[literal-has-constant]]\nconstants = ["shop.**.PAID"]\n'
                    'positions = ["compare", "definition"]\n'
                ),
                "shop/events.py": _EVENTS,
                "shop/orders.py": (
                    'STATE = "order_paid"  # [literal-has-constant]\n'
                    'paid = [row for row in rows if row.state != "order_paid"]  # [literal-has-constant]\n'
                    'emit("order_paid")\n'
                    'sent = state == "order_sent"\n'
                ),
            },
            fixed={
                "shop/orders.py": (
                    "from shop.events import Event\n\n"
                    "STATE = Event.PAID\n"
                    "paid = [row for row in rows if row.state != Event.PAID]\n"
                    'emit("order_paid")\n'
                    'sent = state == "order_sent"\n'
                )
            },
        ),
    ),
    good=(
        Example(
            "the constant itself, what is no string of its own, and other constants with the value",
            {
                "ssot-lint.toml": _CONFIG + 'allow = ["EUR"]\nexempt = ["shop.events.Event.SENT"]\n',
                "shop/events.py": _EVENTS + 'DEFAULT = Event("order_paid")\n',
                "shop/limits.py": 'CURRENCY = "EUR"\nMODE = "r"\n_SECRET = "order_lost"\n',
                "shop/orders.py": (
                    '"""order_paid"""\n'
                    "from typing import Literal\n"
                    "from shop.events import Event\n"
                    '__all__ = ["order_paid"]\n'
                    'STATE = "order_paid"\n'
                    'def order_paid(order, kind: Literal["order_new", "order_paid"]):\n'
                    '    """order_paid"""\n'
                    '    log(f"order_paid {order}", order_paid=Event.PAID)\n'
                    '    return "EUR", "order_sent", b"order_paid", "the order_paid", open(order, "r")\n'
                    'lost = "order_lost"\n'
                ),
            },
        ),
    ),
)

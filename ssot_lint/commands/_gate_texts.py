"""What `ssot-lint gate` prints: pure functions from what was measured to text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from ssot_lint.gates import Condition, Gate
from ssot_lint.reports import neutral
from ssot_lint.reports.json import encode
from ssot_lint.standing import Measured
from ssot_lint.tables import as_table

VERSION = 1

_WIDTH = 80
_WIDEST_TITLE = 30
_GLUE = "\xa0"  # a blank at which no line is broken
_HEADER = ("condition", "now", "allowed", "wanted", "distance")


def table(gate: Gate, conditions: Sequence[Measured]) -> Iterator[str]:
    """The lines about a gate: a table of its conditions, and how many are met.

    What has no limit, such as paths, stands on lines of its own below the line with the numbers.
    """
    yield neutral(f"{gate.name}: {gate.reason}" if gate.reason else gate.name)
    yield ""
    titles = [_wrapped(each.title, _WIDEST_TITLE) for each in conditions]
    rows = [_HEADER, *((title[0], *_cells(each)) for title, each in zip(titles, conditions))]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    yield lines[0]
    for line, title, each in zip(lines[1:], titles, conditions):
        yield line
        yield from title[1:]
        yield from (f"  {part}" for text in _details(each) for part in _wrapped(text, _WIDTH - 2))
    yield ""
    met = sum(each.taken.is_met for each in conditions)
    are_met = "condition is met" if len(conditions) == 1 else "conditions are met"
    yield f"{gate.name}: {met} of {len(conditions)} {are_met}"


def document(measured: Iterable[tuple[Gate, Sequence[Measured]]], exit_code: int) -> str:
    """One JSON document about some gates."""
    gates = [
        {
            "name": gate.name,
            "reason": gate.reason,
            "is_met": all(each.taken.is_met for each in conditions),
            "conditions": [_condition(each) for each in conditions],
        }
        for gate, conditions in measured
    ]
    return encode({"version": VERSION, "gates": gates, "exit_code": exit_code})


def _condition(measured: Measured) -> dict[str, Any]:
    return {
        "condition": as_table(measured.condition),
        "is_met": measured.taken.is_met,
        "now": dict(measured.taken.numbers),
        "notes": list(measured.taken.notes),
    }


def _cells(measured: Measured) -> tuple[str, ...]:
    taken = measured.taken
    allowed = taken.numbers.get("allowed")
    return (
        taken.now,
        f"+{allowed}" if allowed else "",
        measured.wanted,
        "met" if taken.is_met else taken.distance,
    )


def _details(measured: Measured) -> Iterator[str]:
    """Where a condition is about, and what one should know of its numbers."""
    if where := _where(measured.condition):
        yield where
    yield from measured.taken.notes


def _where(condition: Condition) -> str:
    parts = [f"in{_GLUE}{', '.join(condition.paths)}"] if condition.paths else []
    parts += [f"not in{_GLUE}{', '.join(condition.exclude)}"] if condition.exclude else []
    return ", ".join(parts)


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, all but the first indented; no word is broken."""
    lines = wrap(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [neutral(line.replace(_GLUE, " ")) for line in lines]

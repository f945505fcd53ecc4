"""What `ssot-lint watch` shows: pure functions from its state to a screen, and to lines for a log."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from ssot_lint.baseline.carry import REPORTED
from ssot_lint.commands._watch_state import Change, Counts, State
from ssot_lint.insight.figures import Totals
from ssot_lint.reports import counted, neutral
from ssot_lint.standing import percentage

_GOOD, _BAD, _DIM = "green", "red", "dim"
_FEWEST_CHANGES = 3
_LEAST = 6
"""So many lines take what every screen shows: the head, one rule, and how many more there are."""

_NARROW = 64
"""With fewer columns than that, the counts against the baseline are left out."""


class Screen:
    """A state, drawn to fit the terminal as wide and high as it is at that moment."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The parts of the screen, from the top down."""
        yield screen(self._state, options.max_width, options.height or console.height)


def screen(state: State, width: int, height: int) -> RenderableType:
    """The whole screen, for a terminal of so many columns and lines.

    What gives way on a low one are changes, but for a few, then rules, those that changed last, then gates.
    """
    head = [_line(part, style) for part, style in _head(state)]
    gates = [_line(part, style) for part, style in _gates(state.now)][: max(height - _LEAST, 0)]
    free = max(height - len(head) - len(gates) - 3, 0)  # the head of the table, and blank lines
    rules = _chosen(state, max(free - _FEWEST_CHANGES, 1))
    left_out = len(state.now.rules) - len(rules)
    parts: list[RenderableType] = [*head, _table(state, rules, width >= _NARROW)]
    if left_out:
        parts.append(_line(f"and {counted(left_out, 'more rule')}, unchanged or with less to tell", _DIM))
    parts += gates
    parts.append(Text())
    room = max(free - len(rules) - bool(left_out), 0)
    parts += map(_change, state.changes[:room])
    return Group(*parts)


def _head(state: State) -> Iterator[tuple[str, str]]:
    yield f"{state.project}: {', '.join(_totals(state.now, state.start))}", "bold"
    yield (f"not up to date: {state.trouble}", _BAD) if state.trouble else ("Ctrl-C ends", _DIM)


def _totals(now: Counts, then: Counts) -> Iterator[str]:
    """The whole in a few words, with what is different from another moment."""
    found, before = now.totals, then.totals
    yield counted(found.findings, "finding") + _apart(found.findings, before.findings)
    yield f"{_new(found)} new" + _apart(_new(found), _new(before))
    yield f"{found.broken} broken" + _apart(found.broken, before.broken)
    yield counted(found.files, "file") + _apart(found.files, before.files)
    yield f"{per_cent(found.clean, found.files)} clean"


def _new(totals: Totals) -> int:
    return sum(totals.by_state[state] for state in REPORTED)


def _apart(now: int, then: int) -> str:
    return f" ({now - then:+})" if now != then else ""


def per_cent(part: int, total: int) -> str:
    """How many per cent a part is, rounded down, so that only all is 100."""
    return f"{percentage(part, total, 2)} %" if total else "none"


def _chosen(state: State, most: int) -> list[str]:
    """The rules that are shown, in the order of codes: those that changed, then those that find most."""
    now, start = state.now.rules, state.start.rules

    def weight(rule: str) -> tuple[bool, int]:
        before = start[rule].findings if rule in start else 0
        return now[rule].findings != before, now[rule].findings

    best = set(sorted(now, key=weight, reverse=True)[:most])
    return [rule for rule in now if rule in best]


def _table(state: State, rules: list[str], is_wide: bool) -> Table:
    table = Table(box=None, pad_edge=False, expand=False, header_style=_DIM)
    table.add_column("rule", overflow="ellipsis", no_wrap=True)
    for title in ("now", "since start", *(("new", "fixed") if is_wide else ())):
        table.add_column(title, justify="right", no_wrap=True)
    for rule in rules:
        figures = state.now.rules[rule]
        before = state.start.rules[rule].findings if rule in state.start.rules else 0
        cells = [Text(neutral(rule)), Text(str(figures.findings)), _difference(figures.findings - before)]
        if is_wide:
            cells.append(Text(str(figures.new or ""), style=_BAD))
            cells.append(Text(str(state.now.fixed.get(rule, 0) or ""), style=_GOOD))
        table.add_row(*cells)
    return table


def _difference(number: int) -> Text:
    return Text(f"{number:+}" if number else "", style=_BAD if number > 0 else _GOOD)


def _gates(now: Counts) -> Iterator[tuple[str, str]]:
    """A line for each gate, with what is missing."""
    for gate in now.gates:
        met = sum(each.taken.is_met for each in gate.conditions)
        missing = [
            f"{each.title}: {each.taken.distance}" for each in gate.conditions if not each.taken.is_met
        ]
        told = "; ".join([f"gate {gate.name}: {met} of {len(gate.conditions)} met", *missing])
        yield told, _GOOD if gate.is_met else ""


def _change(change: Change) -> Text:
    text = _line(f"{change.time:%H:%M:%S} ", _DIM)
    text.append_text(_difference(change.difference))
    text.append(f" {neutral(change.rule)} {neutral(change.path)}")
    return text


def _line(text: str, style: str) -> Text:
    return Text(neutral(text), style=style, no_wrap=True, overflow="ellipsis")


# for a log


def first_line(state: State) -> str:
    """The line with which a log begins."""
    return neutral(f"{state.project}: {', '.join(_totals(state.now, state.now))}")


def line(before: State, after: State) -> str:
    """The line about a change of counts, "" where there is none to tell of."""
    told = [*_rules(before.now, after.now), *_gates_apart(before.now, after.now)]
    if not told and before.now.totals == after.now.totals:
        return ""
    totals = ", ".join(_totals(after.now, before.now))
    return neutral(f"{totals}: {', '.join(told)}" if told else totals)


def _rules(before: Counts, after: Counts) -> Iterator[str]:
    for rule, figures in after.rules.items():
        was = before.rules[rule].findings if rule in before.rules else 0
        if figures.findings != was:
            yield f"{rule} {figures.findings}{_apart(figures.findings, was)}"
    for rule in sorted(before.rules.keys() - after.rules.keys()):
        yield f"{rule} is not switched on any more"


def _gates_apart(before: Counts, after: Counts) -> Iterator[str]:
    was = dict(zip((gate.name for gate in before.gates), _gates(before)))
    for gate, told in zip(after.gates, _gates(after)):
        if was.get(gate.name) != told:
            yield told[0]


def summary(state: State) -> str:
    """What changed since the start, in lines."""
    since_start = state._replace(now=state.start)
    if state.start.places == state.now.places and state.start.totals == state.now.totals:
        return f"nothing changed: {first_line(state)}"
    return f"since the start: {line(since_start, state)}"

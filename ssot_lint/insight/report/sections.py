"""A report in words: headings, tables and notes, which the text forms of it write each in their own way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint.finding import Finding
from ssot_lint.insight.figures import (
    Cause,
    Change,
    Cluster,
    Figures,
    Folder,
    GateFigures,
    Owner,
    Projection,
    Symbol,
)
from ssot_lint.reports import counted
from ssot_lint.standing import percentage

NO_FOLDER = "no folder"
"""What the table of folders calls the files that lie in the root itself."""


class Spot(NamedTuple):
    """A place in the source, to be shown as `path:line` and linked."""

    path: str
    line: int


class Percent(str):
    """A part of something in words, such as `50.00 %`, which stands to the right as numbers do."""


Cell = str | int | Spot


def is_number(cell: Cell) -> bool:
    """Whether a cell is one of a column of numbers."""
    return isinstance(cell, (int, Percent))


class Section(NamedTuple):
    """A heading with a table below it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]  # those that are shown
    more: str = ""  # what was left out of the rows
    lead: str = ""  # a line between heading and table
    is_vital: bool = False  # whether it is among what everyone should see first


def headline(figures: Figures) -> str:
    """The one line that tells most."""
    totals = figures.totals
    found = f"{counted(totals.findings, 'finding')} in {counted(totals.files, 'file')}"
    return f"{found}, {share(totals.clean, totals.files)} of the files are clean" if totals.files else found


def origin(figures: Figures) -> str:
    """What the report is about, and when."""
    commit = f" at {figures.commit.short}" if figures.commit is not None else ""
    return f"{figures.project}{commit}, {figures.taken:%Y-%m-%d %H:%M} UTC, judged by Python {figures.python}"


def share(part: int, total: int) -> Percent:
    """A part of a total in per cent, rounded down, so that 100 means all; there is none of nothing."""
    return Percent(f"{percentage(part, total, 2)} %" if total else "-")


def sections(figures: Figures, most: int) -> Iterator[Section]:
    """The sections of a report that are not empty, what matters most first, of so many rows at most."""
    every = (
        *_change(figures.change, most),
        _totals(figures),
        *_gates(figures.gates),
        _rules(figures),
        _folders(figures.folders, most),
        _owners(figures.owners, most),
        _ages(figures, most),
        _clusters(figures.clusters, most),
        _symbols(figures.symbols, most),
        _causes(figures.causes, most),
        _uncollected(figures.uncollected, most),
        *_trend(figures, most),
    )
    return (section for section in every if section.rows)


def projected(projection: Projection) -> str:
    """When debt will be gone, in a sentence that says what that was seen from."""
    first, last = projection.moments[0].date, projection.moments[-1].date
    seen = f"{counted(len(projection.moments), 'day')} from {first} to {last}"
    if projection.per_week is None:
        return f"no date when all is done: {projection.note}"
    pace = f"{projection.per_week:+.1f} {projection.of} a week, as {seen} show"
    if projection.date is None:
        return f"no date when all is done: {projection.note} ({pace})"
    return f"all is done about {projection.date} if it goes on like this: {pace}"


def _totals(figures: Figures) -> Section:
    totals = figures.totals
    rows = [
        ("files", totals.files, ""),
        ("clean files", totals.clean, f"{share(totals.clean, totals.files)} of all files"),
        ("files that do not compile", totals.broken, "not clean, and nothing else is found in them"),
        ("findings", totals.findings, ", ".join(_states(figures))),
        ("allowed by comments", totals.allowed, ""),
        ("waived", totals.waived, ""),
        ("fixed since they were carried", totals.fixed, "entries that `baseline sync` takes out"),
        ("accepted with an owner", totals.accepted, "entries of `baseline accept`"),
        ("fixed by `check --no-baseline --fix`", totals.fixable, ""),
        ("fixed with `--unsafe-fixes` too", totals.unsafely_fixable, ""),
    ]
    outlook = projected(figures.projection) if figures.projection is not None else ""
    return Section("Where it stands", ("", "number", ""), tuple(rows), lead=outlook, is_vital=True)


def _states(figures: Figures) -> Iterator[str]:
    for state, number in figures.totals.by_state.items():
        if number and state != "waived":
            yield f"{number} {state}"


def _gates(gates: Iterable[GateFigures]) -> Iterator[Section]:
    for gate in gates:
        rows = tuple(
            (
                each.title,
                ", ".join(each.condition.paths),
                each.taken.now,
                f"+{allowed}" if (allowed := each.taken.numbers.get("allowed")) else "",
                each.wanted,
                "met" if each.taken.is_met else each.taken.distance,
            )
            for each in gate.conditions
        )
        met = sum(each.taken.is_met for each in gate.conditions)
        lead = f"{met} of {counted(len(gate.conditions), 'condition')} met"
        columns = ("condition", "in", "now", "allowed", "wanted", "distance")
        lead = f"{gate.reason}: {lead}" if gate.reason else lead
        yield Section(f"Gate {gate.name}", columns, rows, lead=lead, is_vital=True)


def _rules(figures: Figures) -> Section:
    rules = sorted(figures.rules, key=lambda rule: (-rule.findings, rule.code))
    rows = tuple(
        (f"{each.code} {each.id}", each.findings, each.new, each.files, each.allowed, each.fixable)
        for each in rules
        if each.findings or each.allowed
    )
    silent = len(rules) - len(rows)
    more = f"{counted(silent, 'rule')} found nothing" if silent else ""
    return Section("Debt by rule", ("rule", "findings", "new", "files", "allowed", "fixable"), rows, more)


def _folders(folders: Iterable[Folder], most: int) -> Section:
    rows = [
        (
            f"{each.path}/" if each.path else NO_FOLDER,
            each.findings,
            each.files,
            share(each.clean, each.files),
            each.broken,
        )
        for each in tops(folders)
    ]
    return _shortened("Debt by folder", ("folder", "findings", "files", "clean", "broken"), rows, most)


def tops(folders: Iterable[Folder]) -> list[Folder]:
    """The folders in the root, the most findings first, and one more with the path "" for what is in none.

    Their numbers add up to those of the root.
    """
    by_path = {folder.path: folder for folder in folders}
    root = by_path.pop("", Folder("", 0, 0, 0, 0))
    found = [folder for path, folder in by_path.items() if "/" not in path]
    below = [sum(numbers) for numbers in zip(*(folder[1:] for folder in found))] or [0] * len(root[1:])
    own = Folder("", *(number - there for number, there in zip(root[1:], below)))
    return sorted([*found, *([own] if any(own) else [])], key=lambda each: (-each.findings, each.path))


def _owners(owners: Iterable[Owner], most: int) -> Section:
    rows = [
        (each.name or "nobody", each.findings, each.files, share(each.clean, each.files)) for each in owners
    ]
    return _shortened("Debt by owner", ("owner", "findings", "files", "clean"), rows, most)


def _ages(figures: Figures, most: int) -> Section:
    today = figures.taken.date()
    rows = [
        (
            str(each.date or "not known"),
            "" if each.date is None else max((today - each.date).days, 0),  # clocks differ
            each.entries,
            each.reason,
            each.owner or each.by,
            _expires(each.expires, today),
        )
        for each in figures.ages
    ]
    columns = ("since", "days", "entries", "reason", "who", "expires")
    return _shortened("Debt by age", columns, rows, most)


def _expires(day: datetime.date | None, today: datetime.date) -> str:
    if day is None:
        return ""
    return f"{day}, overdue" if today > day else str(day)


def _clusters(clusters: Sequence[Cluster], most: int) -> Section:
    rows = [
        (each.lines, each.size, each.rule, Spot(each.places[0].path, each.places[0].line), each.message)
        for each in clusters
    ]
    columns = ("lines to spare", "places", "rule", "the first", "copies")
    return _shortened("The worst copies", columns, rows, most)


def _symbols(symbols: Iterable[Symbol], most: int) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for symbol in symbols:
        astray = [path for path in symbol.paths if not path.is_canonical]
        imports = sum(path.imports for path in symbol.paths)
        strays = sum(path.imports for path in astray)
        rows.append((imports, strays, len(astray), symbol.symbol, astray[0].name if astray else ""))
    columns = ("imports", "astray", "by paths", "symbol", "the most used of these")
    return _shortened("Import paths of canonical symbols", columns, rows, most)


def _causes(causes: Iterable[Cause], most: int) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for cause in causes:
        path, line, _ = cause.places[0]
        strict = sum(is_strict for *_, is_strict in cause.places)
        rows.append((len(cause.places), strict, Spot(path, line), cause.text))
    return _shortened("Why files do not compile", ("files", "strict", "the first", "cause"), rows, most)


def _uncollected(findings: Iterable[Finding], most: int) -> Section:
    rows = [(Spot(each.path, each.span.line), each.message) for each in findings]
    return _shortened("Tests that pytest does not collect", ("place", "why"), rows, most)


def _trend(figures: Figures, most: int) -> Iterator[Section]:
    if figures.trend is None:
        return
    samples = [
        (
            str(each.date),
            sum(each.by_rule.values()),
            each.files,
            share(each.clean, each.files),
            each.broken,
            each.absent,
        )
        for each in figures.trend.samples
    ]
    before = len(samples) - most
    more = f"{before} before" if before > 0 else ""
    columns = ("day", "findings", "files", "clean", "broken", "absent")
    yield Section("The way here", columns, tuple(samples[-most:]), more)
    jumps = [
        (each.after - each.before, each.rule, each.commit.short, each.commit.date, each.commit.subject)
        for each in figures.trend.jumps
    ]
    yield _shortened("The largest jumps", ("change", "rule", "commit", "day", "subject"), jumps, most)


def _change(change: Change | None, most: int) -> Iterator[Section]:
    if change is None:
        return
    columns = ("place", "rule", "finding")
    title = f"Brought since {change.name}: {counted(len(change.brought), 'finding')}"
    rows = [(Spot(each.path, each.span.line), each.rule, each.message) for each in change.brought]
    yield _shortened(title, columns, rows, most)._replace(is_vital=True)
    title = f"Mended since {change.name}: {counted(len(change.mended), 'finding')}"
    # There may be nothing now where they were, so that these places are no spots.
    gone = [(f"{each.path}:{each.span.line}", each.rule, each.message) for each in change.mended]
    yield _shortened(title, columns, gone, most)


def _shortened(title: str, columns: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], most: int) -> Section:
    left_out = len(rows) - most
    return Section(title, columns, tuple(rows[:most]), f"and {left_out} more" if left_out > 0 else "")

"""Measures how far a project is from the conditions of its gates."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import WAIVED, Outcome
from ssot_lint.baseline.entries import Entry
from ssot_lint.config import Config
from ssot_lint.files import PathPatterns
from ssot_lint.finding import Finding
from ssot_lint.gates import Condition

NOT_KNOWN = "not known"


class Standing(NamedTuple):
    """Where a project, or a part of it, stands: what a run over it found, and what its baseline has."""

    findings: Collection[Finding]  # whatever their state, but for those that are allowed
    allowed: Collection[Finding]  # by comments or waivers
    files: Collection[str]  # all that were looked at, those that do not compile among them
    broken: Collection[str]  # those of them that do not compile
    entries: Collection[Entry]  # of the baseline, but for those that are over
    batches: Mapping[str, Batch]
    rules: AbstractSet[str]  # ids of those that ran
    covers: Callable[[str, str], bool]  # whether a rule, by its id, looks at a file
    selectors: Mapping[str, AbstractSet[str]]  # all that can name rules, with the ids that each means
    today: datetime.date  # in UTC


class Taken(NamedTuple):
    """What a measure comes to: in words for people, in numbers for programs."""

    is_met: bool
    now: str
    distance: str  # how far that is from what is wanted, where it is not met
    numbers: Mapping[str, int | None]  # None for what is not known
    notes: tuple[str, ...] = ()


class Measured(NamedTuple):
    """A condition, and how far a project is from it."""

    condition: Condition
    title: str  # what was measured
    wanted: str
    taken: Taken
    shown_by: str  # the command of `ssot-lint` that shows what stands in the way


class Measure(NamedTuple):
    """One way to measure."""

    title: str  # what is measured; ` of` and rules may follow
    wanted: Callable[[Any], str]
    take: Callable[[Any, Standing], Taken]  # from the value that is wanted, and what the condition is about
    shown_by: str  # the command of `ssot-lint` that shows what counted


def standing(
    config: Config,
    outcome: Outcome,
    allowed: Iterable[Finding],
    batches: Mapping[str, Batch],
    today: datetime.date,
) -> Standing:
    """Where a project stands, by a run about all of it; `allowed` are the findings that comments allow."""
    coverage = outcome.coverage
    findings = [judged.finding for judged in outcome.findings]
    return Standing(
        findings=[finding for finding in findings if finding.state != WAIVED],
        allowed=[*allowed, *(finding for finding in findings if finding.state == WAIVED)],
        files=sorted((coverage.parsed | coverage.broken) - {config.path}),
        broken=sorted(coverage.broken),
        entries=[
            *(judged.entry for judged in outcome.findings if judged.entry is not None),
            *(left.entry for left in outcome.left if not left.is_over),
        ],
        batches=batches,
        rules=coverage.rules,
        covers=coverage.covers,
        selectors=config.catalogue.selectors,
        today=today,
    )


def measure(condition: Condition, project: Standing) -> Measured:
    """How far a project is from a condition, which has one measure.

    One about no files, or about rules that look at none of them, is never met.
    """
    ((key, value),) = condition.measures.items()
    chosen = MEASURES[key]
    part = _part(condition, project)
    doubts = tuple(_doubts(condition.rules, part))
    if doubts:
        taken = Taken(False, NOT_KNOWN, NOT_KNOWN, {}, doubts)
    else:
        taken = chosen.take(value, part)
        taken = taken._replace(notes=(*taken.notes, *_remarks(condition.rules, part)))
    rules = f" of {', '.join(condition.rules)}" if condition.rules else ""
    shown_by = "config show" if doubts else chosen.shown_by
    return Measured(condition, f"{chosen.title}{rules}", chosen.wanted(value), taken, shown_by)


def _part(condition: Condition, project: Standing) -> Standing:
    """The part of a project that a condition is about."""
    within, without = PathPatterns(condition.paths), PathPatterns(condition.exclude)
    rules = {rule for selector in condition.rules for rule in project.selectors[selector]}

    def holds(path: str) -> bool:
        return (not within or within.match(path)) and not without.match(path)

    def counts(rule: str, path: str) -> bool:
        return (not rules or rule in rules) and holds(path)

    return project._replace(
        findings=[each for each in project.findings if counts(each.rule, each.path)],
        allowed=[each for each in project.allowed if counts(each.rule, each.path)],
        files=[*filter(holds, project.files)],
        broken=[*filter(holds, project.broken)],
        entries=[each for each in project.entries if counts(*each.identity[:2])],
    )


def _doubts(selectors: Sequence[str], part: Standing) -> Iterator[str]:
    """Why there is nothing to measure, so that it would look as if all were well."""
    if not part.files:
        yield "the project has no such files"
        return
    for selector in selectors:
        running = part.selectors[selector] & part.rules
        if not running:
            yield f"`{selector}` is not switched on"
        elif not any(part.covers(rule, path) for rule in running for path in part.files):
            yield f"`{selector}` looks at none of these files"


def _remarks(selectors: Sequence[str], part: Standing) -> Iterator[str]:
    """What rules are left out that a condition seems to be about."""
    for selector in selectors:
        if off := part.selectors[selector] - part.rules:
            yield f"of `{selector}` these are not switched on: {', '.join(sorted(off))}"


def _findings(most: int, part: Standing) -> Taken:
    """Count the findings, whatever their severity, against how many there may be."""
    number = len(part.findings)
    distance = max(number - most, 0)
    return Taken(
        not distance,
        str(number),
        f"{distance} too many",
        {"findings": number, "distance": distance, "allowed": len(part.allowed), **_sizes(part)},
        _unread(part, "nothing else is found in them"),
    )


def _clean(least: float, part: Standing) -> Taken:
    """Count the clean files against how many per cent of all they must be, exactly: 49.99 are not 50."""
    wanted, total = _written(least), len(part.files)
    unclean = {*part.broken, *(finding.path for finding in part.findings)}
    clean = sum(path not in unclean for path in part.files)
    by_grace = {finding.path for finding in part.allowed}.intersection(part.files) - unclean
    distance = max(ceil(wanted * total / 100) - clean, 0)
    decimals = max(2, -int(wanted.as_tuple().exponent))  # fewer could show what is wanted where it is not met
    return Taken(
        not distance,
        f"{_percentage(clean, total, decimals)} %",
        f"{distance} too few",
        {"clean": clean, "distance": distance, "allowed": len(by_grace), **_sizes(part)},
        (f"{clean} of {total} files", *_unread(part, "they are not clean")),
    )


def _age(most: int, part: Standing) -> Taken:
    """Compare the oldest entry, by the day of its batch, with how many days old it may be."""
    entries = len(part.entries)
    ageless = sum(not entry.batch for entry in part.entries)
    if ageless:
        note = f"{ageless} of {entries} entries have no batch that says since when"
        numbers = {"days": None, "distance": None, "entries": entries}
        return Taken(False, NOT_KNOWN, NOT_KNOWN, numbers, (note,))
    first = min((part.batches[entry.batch].date for entry in part.entries), default=None)
    oldest = max((part.today - first).days, 0) if first is not None else 0  # clocks differ
    distance = max(oldest - most, 0)
    return Taken(
        not distance,
        _days(oldest) if first is not None else "no entry",
        f"{_days(distance)} too old",
        {"days": oldest if first is not None else None, "distance": distance, "entries": entries},
    )


def _unread(part: Standing, consequence: str) -> tuple[str, ...]:
    """That some files do not compile, and what that means."""
    number = len(part.broken)
    return (f"{number} of {len(part.files)} files do not compile: {consequence}",) if number else ()


def _sizes(part: Standing) -> dict[str, int]:
    return {"files": len(part.files), "broken": len(part.broken)}


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _written(number: float) -> Decimal:
    """The decimal number that somebody wrote."""
    return Decimal(str(number)).normalize()


def _percentage(part: int, total: int, decimals: int) -> str:
    """How many per cent a part is, rounded down."""
    digits = str(part * 100 * 10**decimals // total).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


MEASURES: Mapping[str, Measure] = {
    "max": Measure("findings", lambda value: f"<= {value}", _findings, "check"),
    "min-clean": Measure("files clean", lambda value: f">= {_written(value):f} %", _clean, "check"),
    "max-age": Measure("oldest entry", lambda value: f"<= {_days(value)}", _age, "baseline show"),
}
"""Every measure by its key in a condition."""

"""Measures how far a project is from the conditions of its gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ssot_lint import outside_measures
from ssot_lint.files import PathPatterns, UsageError
from ssot_lint.gates import Condition
from ssot_lint.standing import (
    NOT_KNOWN,
    Measure,
    Measured,
    Standing,
    Taken,
    at_least,
    at_most,
    everywhere,
    share,
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
        taken = _taken(chosen, value, part)
        taken = taken._replace(notes=(*taken.notes, *_remarks(condition.rules, part)))
    rules = f" of {', '.join(condition.rules)}" if condition.rules else ""
    shown_by = "config show" if doubts else chosen.shown_by
    return Measured(condition, f"{chosen.title}{rules}", chosen.wanted(value), taken, shown_by)


def _taken(chosen: Measure, value: Any, part: Standing) -> Taken:
    """What a measure comes to; not known where other programs left nothing to go by."""
    try:
        return chosen.take(value, part)
    except UsageError as error:
        return Taken(False, NOT_KNOWN, NOT_KNOWN, {}, tuple(str(error).splitlines()))


def _part(condition: Condition, project: Standing) -> Standing:
    """The part of a project that a condition is about."""
    within, without = PathPatterns(condition.paths), PathPatterns(condition.exclude)
    rules = {rule for selector in condition.rules for rule in project.selectors[selector]}

    def is_within(path: str) -> bool:
        return (not within or within.match(path)) and not without.match(path)

    holds = is_within if condition.paths or condition.exclude else everywhere

    def counts(rule: str, path: str) -> bool:
        return (not rules or rule in rules) and holds(path)

    return project._replace(
        findings=[each for each in project.findings if counts(each.rule, each.path)],
        allowed=[each for each in project.allowed if counts(each.rule, each.path)],
        files=[*filter(holds, project.files)],
        broken=[*filter(holds, project.broken)],
        entries=[each for each in project.entries if counts(*each.identity[:2])],
        holds=holds,
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
    """Count the clean files against how many per cent of all they must be."""
    total = len(part.files)
    unclean = {*part.broken, *(finding.path for finding in part.findings)}
    clean = sum(path not in unclean for path in part.files)
    by_grace = {finding.path for finding in part.allowed}.intersection(part.files) - unclean
    now, distance = share(clean, total, least)
    return Taken(
        not distance,
        now,
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


MEASURES: Mapping[str, Measure] = {
    "max": Measure("findings", at_most, _findings, "check"),
    "min-clean": Measure("files clean", at_least, _clean, "check"),
    "max-age": Measure("oldest entry", lambda value: f"<= {_days(value)}", _age, "baseline show"),
    **outside_measures.MEASURES,
}
"""Every measure by its key in a condition."""

"""Compares the findings of a run with the baseline: what it carries, what is new, and what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.baseline.coverage import BROKEN_RULES, BY_WAIVER, OVER, STRICT, Coverage
from ssot_lint.baseline.entries import Entry, Identity, identity_of
from ssot_lint.baseline.matching import SAME, Match, limit, match
from ssot_lint.finding import Finding

if TYPE_CHECKING:
    from ssot_lint.baseline.waivers import Waiver

# What a finding is to the baseline (`Finding.state`).
NEW = "new"
CARRIED = "carried"
MOVED = "moved"  # carried by an entry of another place or subject, which the next `sync` rewrites
WORSE = "worse"  # an entry is about it, but its value is above the cap of that
WAIVED = "waived"  # a waiver speaks of it, so that it needs no entry
INHERITED = "inherited"  # not carried, but there before the change that a run is about

REPORTED = frozenset({NEW, WORSE})
"""The states of findings that a run reports, and fails for."""


class Judged(NamedTuple):
    """A finding with its state, and the entry that carries it; `tier` is one of `matching`, 0 where new."""

    finding: Finding
    entry: Entry | None = None
    tier: int = 0
    waiver: Waiver | None = None  # instead of an entry


class Left(NamedTuple):
    """An entry that carries nothing, and why: one of the reasons in `coverage`."""

    entry: Entry
    why: str

    @property
    def is_over(self) -> bool:
        """Whether there is full evidence that it may go."""
        return self.why in OVER


class Outcome(NamedTuple):
    """What became of the findings of a run and of the entries of the baseline."""

    findings: tuple[Judged, ...]  # in the order of reports
    left: tuple[Left, ...]  # in the order of entries
    coverage: Coverage

    def has_moved(self, judged: Judged) -> bool:
        """Whether there is full evidence that what an entry is about is what a finding says now."""
        entry = judged.entry
        return entry is not None and judged.tier > SAME and not self.coverage.lacks(*entry.identity[:2])

    def is_better(self, judged: Judged) -> bool:
        """Whether there is full evidence that a finding needs less than the cap of its entry."""
        entry, finding = judged.entry, judged.finding
        return (
            entry is not None
            and finding.value is not None
            and finding.value < limit(entry)
            and not self.coverage.lacks(finding.rule, finding.path)
        )


def nothing_is_strict(_path: str) -> bool:
    """Says of no path that it is strict."""
    return False


def nothing_is_waived(_identity: Identity) -> None:
    """Has no waiver for anything."""


def carry(
    findings: Iterable[Finding],
    entries: Iterable[Entry],
    coverage: Coverage,
    is_strict: Callable[[str], bool] = nothing_is_strict,
    waiver_of: Callable[[Identity], Waiver | None] = nothing_is_waived,
) -> Outcome:
    """Compares findings with entries; in files that are strict nothing is carried.

    What is waived, also in those files, has no part in that: neither its findings nor entries for them,
    which would be free to carry something else.
    """
    ordered = sorted(findings)
    entries = tuple(entries)
    identities = [identity_of(finding) for finding in ordered]
    waived = {identity: waiver for identity in {*identities} if (waiver := waiver_of(identity))}
    strict = {path for path in {finding.path for finding in ordered} if is_strict(path)}
    asked = [index for index, identity in enumerate(identities) if identity not in waived]
    open_to_it = [index for index in asked if identities[index].path not in strict]
    matched = match(
        [identities[index] for index in open_to_it],
        [entry for entry in entries if entry.identity not in waived],
        coverage.may_have_moved,
        coverage.is_gone,
        _values([ordered[index] for index in open_to_it]),
    )
    carried = {open_to_it[each.finding]: each for each in matched.matches}
    closed_to_it = [identities[index] for index in asked if identities[index].path in strict]
    held = {each.entry for each in match(closed_to_it, matched.left, _never, _never).matches}
    judged = tuple(
        _judged(finding, carried.get(index), waived.get(identities[index]))
        for index, finding in enumerate(ordered)
    )
    broken_before = {entry.identity.path for entry in entries if entry.identity.rule in BROKEN_RULES}
    broken_before.update(
        each.finding.path
        for each in judged
        if each.finding.rule in BROKEN_RULES and (each.entry or each.waiver)
    )
    left = [Left(entry, BY_WAIVER) for entry in entries if entry.identity in waived]
    left += (
        Left(entry, STRICT if entry in held else coverage.why_left(entry, broken_before))
        for entry in matched.left
    )
    return Outcome(judged, tuple(sorted(left)), coverage)


def _values(findings: Iterable[Finding]) -> dict[int, int]:
    return {index: each.value for index, each in enumerate(findings) if each.value is not None}


def _never(_what: object) -> bool:
    """Says of nothing that it may have moved or is gone: into strict files debt cannot move."""
    return False


def _judged(finding: Finding, found: Match | None, waiver: Waiver | None) -> Judged:
    if waiver is not None:
        return Judged(finding._replace(state=WAIVED, justification=waiver.reason), waiver=waiver)
    if found is None:
        return Judged(finding._replace(state=NEW))
    state = CARRIED if found.tier == SAME else MOVED
    message = finding.message
    if finding.value is not None and finding.value > limit(found.entry):
        state = WORSE
        message += f" (worse than the {found.entry.cap} that the baseline carries)"
    return Judged(finding._replace(state=state, message=message), found.entry, found.tier)

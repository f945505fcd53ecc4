"""Compares the findings of a run with the baseline: what it carries, what is new, and what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ssot_lint.baseline.coverage import BROKEN_RULES, OVER, STRICT, Coverage
from ssot_lint.baseline.entries import Entry, Identity, identity_of
from ssot_lint.baseline.matching import SAME, Match, match
from ssot_lint.finding import Finding

# What a finding is to the baseline (`Finding.state`).
NEW = "new"
CARRIED = "carried"
MOVED = "moved"  # carried by an entry of another place or subject, which the next `sync` rewrites


class Judged(NamedTuple):
    """A finding with its state, and the entry that carries it; `tier` is one of `matching`, 0 where new."""

    finding: Finding
    entry: Entry | None = None
    tier: int = 0


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


def nothing_is_strict(_path: str) -> bool:
    """Says of no path that it is strict."""
    return False


def carry(
    findings: Iterable[Finding],
    entries: Iterable[Entry],
    coverage: Coverage,
    is_strict: Callable[[str], bool] = nothing_is_strict,
) -> Outcome:
    """Compares findings with entries; in files that are strict nothing is carried."""
    ordered = sorted(findings)
    entries = tuple(entries)
    identities = [identity_of(finding) for finding in ordered]
    strict = {path for path in {finding.path for finding in ordered} if is_strict(path)}
    open_to_it = [index for index, identity in enumerate(identities) if identity.path not in strict]
    matched = match([identities[index] for index in open_to_it], entries, coverage.may_have_moved)
    carried = {open_to_it[each.finding]: each for each in matched.matches}
    closed_to_it = [identity for identity in identities if identity.path in strict]
    held = {each.entry for each in match(closed_to_it, matched.left, _stays).matches}
    judged = tuple(_judged(finding, carried.get(index)) for index, finding in enumerate(ordered))
    broken_before = {entry.identity.path for entry in entries if entry.identity.rule in BROKEN_RULES}
    broken_before.update(
        each.finding.path for each in judged if each.entry and each.finding.rule in BROKEN_RULES
    )
    left = (
        Left(entry, STRICT if entry in held else coverage.why_left(entry, broken_before))
        for entry in matched.left
    )
    return Outcome(judged, tuple(sorted(left)), coverage)


def _stays(_identity: Identity) -> bool:
    """Says of nothing that it may have moved: into strict files debt cannot move."""
    return False


def _judged(finding: Finding, found: Match | None) -> Judged:
    if found is None:
        return Judged(finding._replace(state=NEW))
    return Judged(finding._replace(state=CARRIED if found.tier == SAME else MOVED), found.entry, found.tier)

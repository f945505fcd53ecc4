"""The three ways in which the baseline changes: `init` and `accept` only add, `sync` only takes away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ssot_lint.baseline.carry import NEW, WAIVED, WORSE, Judged, Left, Outcome
from ssot_lint.baseline.entries import Entry, cells_of, identity_of, is_inside, numbered
from ssot_lint.baseline.error import BaselineError
from ssot_lint.finding import Finding

# Why a finding is not taken into the baseline.
STRICT = "its file is strict: nothing is carried there"
OUTSIDE = "its path leads out of the project"
CARRIED = "it is carried already"
BY_WAIVER = "a waiver speaks of it"
BEGUN = "its rule has entries already: what comes later is accepted, with a reason"


class Refused(NamedTuple):
    """A finding that is not taken into the baseline, and why."""

    finding: Finding
    why: str


class Grown(NamedTuple):
    """A baseline that was added to."""

    entries: tuple[Entry, ...]  # all of them, in their order
    added: tuple[Entry, ...]
    refused: tuple[Refused, ...]
    raised: tuple[Entry, ...] = ()  # those that got a higher cap


class Shrunk(NamedTuple):
    """A baseline after the clean-up."""

    entries: tuple[Entry, ...]  # all that are left, in their order
    removed: tuple[Left, ...]
    moved: tuple[Judged, ...]  # findings, with the entries that were rewritten for them
    lowered: tuple[Judged, ...]  # findings, with the entries that got a lower cap for them


def init(
    entries: Iterable[Entry],
    findings: Iterable[Finding],
    batches: Mapping[str, str],
    is_strict: Callable[[str], bool],
) -> Grown:
    """Adds an entry for each finding of the rules that have none yet; `batches` has names by rule."""
    entries = tuple(entries)
    begun = {entry.identity.rule for entry in entries}

    def why_not(finding: Finding) -> str:
        return BEGUN if finding.rule in begun else _why_not(finding, is_strict)

    return _grown(entries, findings, lambda finding: batches.get(finding.rule, ""), why_not)


def accept(
    entries: Iterable[Entry], judged: Iterable[Judged], batch: str, is_strict: Callable[[str], bool]
) -> Grown:
    """Adds an entry for each of some findings, as `carry` judged them; raises the cap for what is worse."""
    judged = tuple(judged)
    raised = {
        each.entry: each.entry.with_cap(each.finding.value, batch)
        for each in judged
        if each.entry is not None and each.finding.state == WORSE
    }

    def why_not(finding: Finding) -> str:
        if finding.state not in (NEW, WAIVED):
            return CARRIED
        return _why_not(finding, is_strict)

    grown = _grown(
        tuple(raised.get(entry, entry) for entry in entries),
        (each.finding for each in judged if each.entry not in raised),
        lambda _: batch,
        why_not,
    )
    return grown._replace(raised=tuple(sorted(raised.values())))


def sync(outcome: Outcome) -> Shrunk:
    """Takes out the entries that are over, and rewrites those whose findings have moved or are better now.

    Raises BaselineError after a run that was not about the whole project.
    """
    if not outcome.coverage.is_whole:
        raise BaselineError(
            "only a run about the whole project can change the baseline: run `ssot-lint baseline sync`"
        )
    kept = [each.entry for each in outcome.left if not each.is_over]
    for each in outcome.findings:
        entry = each.entry
        if entry is not None:
            if outcome.has_moved(each):
                entry = entry._replace(identity=identity_of(each.finding))
            kept.append(entry.with_cap(each.finding.value) if outcome.is_better(each) else entry)
    return Shrunk(
        numbered(kept),
        tuple(each for each in outcome.left if each.is_over),
        tuple(filter(outcome.has_moved, outcome.findings)),
        tuple(filter(outcome.is_better, outcome.findings)),
    )


def _grown(
    entries: tuple[Entry, ...],
    findings: Iterable[Finding],
    batch_of: Callable[[Finding], str],
    why_not: Callable[[Finding], str],
) -> Grown:
    taken: defaultdict[object, set[int]] = defaultdict(set)
    for entry in entries:
        taken[entry.identity].add(entry.ordinal)
    added = []
    refused = []
    for finding in sorted(findings):
        if why := why_not(finding):
            refused.append(Refused(finding, why))
            continue
        identity = identity_of(finding)
        ordinal = _first_free(taken[identity])
        taken[identity].add(ordinal)
        added.append(Entry(identity, ordinal, cells_of(batch_of(finding), finding.value)))
    return Grown(tuple(sorted((*entries, *added))), tuple(sorted(added)), tuple(refused))


def _first_free(ordinals: set[int]) -> int:
    ordinal = 1
    while ordinal in ordinals:
        ordinal += 1
    return ordinal


def _why_not(finding: Finding, is_strict: Callable[[str], bool]) -> str:
    """Why a finding can never be in the baseline, "" where it can."""
    if finding.state == WAIVED:
        return BY_WAIVER
    if is_strict(finding.path):
        return STRICT
    return "" if is_inside(finding.path) else OUTSIDE

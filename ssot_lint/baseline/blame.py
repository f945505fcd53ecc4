"""Tells what a change has caused, given what was found before: findings, and entries that it adds or ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import INHERITED, NEW, WORSE, Judged, Left, Outcome, carry
from ssot_lint.baseline.changes import init
from ssot_lint.baseline.coverage import Coverage
from ssot_lint.baseline.entries import Entry
from ssot_lint.baseline.history import compared
from ssot_lint.finding import Finding

_CAUSED = frozenset({NEW, WORSE})


class Blame(NamedTuple):
    """What a change has caused."""

    findings: tuple[Judged, ...]  # what was there before and no entry carries is inherited
    stale: tuple[Left, ...]  # entries that are over because of the change
    unapproved: tuple[Entry, ...]  # entries that it adds without anybody to answer for them


def blame(
    outcome: Outcome,
    entries: Iterable[Entry],
    entries_before: Iterable[Entry],
    batches: Mapping[str, Batch],
    findings_before: Iterable[Finding],
    coverage_before: Coverage,
) -> Blame:
    """Compares a run and its baseline with what both were before a change.

    The findings of before are taken for a baseline: what they would carry was there, moves and all. So an
    entry that is left from earlier does not hide what the change brings. An entry is approved if its batch
    has an owner, or if it carries what was there before, as bad as it was, and has a batch, as those of
    `init` do.
    """
    entries = tuple(entries)
    known = init((), findings_before, {}, lambda _path: False).entries
    difference = compared(entries_before, entries)
    raised = {after for _, after in difference.raised}
    added = raised.union(difference.came)
    by_past = carry((each.finding for each in outcome.findings), known, outcome.coverage)
    then = carry(findings_before, entries, coverage_before)
    held_before = {judged.entry for judged in then.findings if judged.entry is not None}
    grown = raised.union(
        now.entry
        for now, past in zip(outcome.findings, by_past.findings)
        if now.entry is not None and past.finding.state == WORSE
    )
    return Blame(
        tuple(
            _blamed(now, past.finding.state, is_new_entry=now.entry in added)
            for now, past in zip(outcome.findings, by_past.findings)
        ),
        tuple(
            left
            for left in outcome.left
            if left.is_over and (left.entry in added or left.entry in held_before)
        ),
        tuple(
            entry
            for entry in sorted(added)
            if not _is_approved(batches.get(entry.batch), was_there=entry in held_before - grown)
        ),
    )


def _blamed(now: Judged, then: str, *, is_new_entry: bool) -> Judged:
    """A finding of now with its state, given the state that the findings of before give it."""
    finding = now.finding
    if then not in _CAUSED:
        is_open = finding.state in _CAUSED
        return now._replace(finding=finding._replace(state=INHERITED)) if is_open else now
    if now.entry is None or is_new_entry:
        return now
    return Judged(finding._replace(state=then))


def _is_approved(batch: Batch | None, *, was_there: bool) -> bool:
    return batch is not None and (bool(batch.owner) or was_there)

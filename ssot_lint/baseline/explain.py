"""Says by a fingerprint why a finding is carried or new, and what an entry is still there for."""

from __future__ import annotations

from typing import NamedTuple

from ssot_lint.baseline.carry import Judged, Left, Outcome
from ssot_lint.baseline.coverage import BY_WAIVER, STRICT
from ssot_lint.baseline.entries import Entry, Identity, identity_of
from ssot_lint.baseline.matching import ELSEWHERE, KEYS, SAME

# Why findings and entries that have something in common do not match.
TAKEN = "taken"
AMBIGUOUS = "ambiguous"
NOT_MOVED = "not-moved"

WHY_NOT = {
    TAKEN: "as many findings of this identity are carried as there are entries, and this is one more",
    AMBIGUOUS: "more findings than entries have this in common, so that it is not clear which are new",
    NOT_MOVED: "what the entry is about cannot have moved: its file is not known to be without it, "
    "or it is outside of all classes and functions, which moves with its file only",
    STRICT: "in a strict file nothing is carried",
}
"""Each reason in words."""


class Miss(NamedTuple):
    """Findings and entries that have in common what a tier of the cascade asks for, but do not match."""

    tier: int
    findings: tuple[Judged, ...]
    entries: tuple[Entry, ...]
    why: str  # one of WHY_NOT


class Explanation(NamedTuple):
    """All that has a fingerprint. The first miss is the nearest; there is none where all of it matches."""

    fingerprint: str
    findings: tuple[Judged, ...]  # of this fingerprint, and those that an entry of this fingerprint carries
    left: tuple[Left, ...]
    misses: tuple[Miss, ...]


def explain(outcome: Outcome, fingerprint: str) -> Explanation:
    """What the baseline makes of the findings and entries with a fingerprint; all is empty for none."""
    findings = tuple(
        each
        for each in outcome.findings
        if each.finding.fingerprint == fingerprint
        or (each.entry is not None and each.entry.identity.fingerprint == fingerprint)
    )
    left = tuple(each for each in outcome.left if each.entry.identity.fingerprint == fingerprint)
    unmatched = [identity_of(each.finding) for each in findings if _is_open(each)]
    unmatched += [each.entry.identity for each in left if each.why != BY_WAIVER]
    return Explanation(
        fingerprint, findings, left, tuple(_misses(outcome, unmatched[0])) if unmatched else ()
    )


def _misses(outcome: Outcome, identity: Identity) -> list[Miss]:
    """Where the new findings and the entries left over that are like an identity failed to match."""
    misses = []
    twins = [each for each in outcome.findings if identity_of(each.finding) == identity]
    carriers = tuple(each.entry for each in twins if each.entry is not None)
    rivals = tuple(each for each in twins if _is_open(each))
    if carriers and rivals:
        misses.append(Miss(SAME, rivals, carriers, TAKEN))
    for tier, key in KEYS.items():
        value = key(identity)
        rivals = tuple(
            each for each in outcome.findings if _is_open(each) and key(identity_of(each.finding)) == value
        )
        left = tuple(
            each for each in outcome.left if each.why != BY_WAIVER and key(each.entry.identity) == value
        )
        if rivals and left:
            misses.append(Miss(tier, rivals, tuple(each.entry for each in left), _why(outcome, tier, left)))
    return misses


def _is_open(judged: Judged) -> bool:
    """Whether neither an entry nor a waiver holds a finding."""
    return judged.entry is None and judged.waiver is None


def _why(outcome: Outcome, tier: int, left: tuple[Left, ...]) -> str:
    if all(each.why == STRICT for each in left):
        return STRICT
    movable = [each for each in left if outcome.coverage.may_have_moved(each.entry.identity)]
    return NOT_MOVED if tier == ELSEWHERE and not movable else AMBIGUOUS

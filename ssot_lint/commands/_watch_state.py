"""What `ssot-lint watch` knows: the counts at its start, those of now, and what changed last."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from ssot_lint.baseline.batches import Batch
from ssot_lint.config import Config
from ssot_lint.insight.figures import GateFigures, RuleFigures, Totals
from ssot_lint.insight.report import counting
from ssot_lint.session import Whole
from ssot_lint.standing import standing

_MOST_CHANGES = 200


class Counts(NamedTuple):
    """A project, or the part of it that is watched, at one moment."""

    totals: Totals
    rules: Mapping[str, RuleFigures]  # by id, in the order of codes; every rule that ran
    fixed: Mapping[str, int]  # entries of the baseline whose findings are gone for certain, by rule
    gates: tuple[GateFigures, ...]  # none where only a part is watched
    places: Mapping[tuple[str, str], int]  # how many findings, by path and rule; no zeros


class Change(NamedTuple):
    """How many findings of a rule a file gained, or lost: then it is negative."""

    time: datetime.datetime
    path: str
    rule: str
    difference: int


class State(NamedTuple):
    """All that is shown."""

    project: str  # the name of its folder
    start: Counts
    now: Counts
    changes: tuple[Change, ...] = ()  # the newest first
    trouble: str = ""  # why the counts are not of what is on the disk now


def count(config: Config, whole: Whole, batches: Mapping[str, Batch], today: datetime.date) -> Counts:
    """The counts of what was found in a project, or in a part of it, on a day in UTC."""
    outcome = whole.compared.outcome
    stands = standing(config, outcome, [each.finding for each in whole.allowed], batches, today)
    return Counts(
        counting.totals(stands, outcome),
        {each.id: each for each in counting.by_rule(config, stands)},
        Counter(left.entry.identity.rule for left in outcome.left if left.is_over),
        tuple(counting.by_gate(config.gates, stands)) if outcome.coverage.is_whole else (),
        Counter((each.path, each.rule) for each in stands.findings),
    )


def follow(state: State, now: Counts, time: datetime.datetime) -> State:
    """The state after the counts were taken anew."""
    before = state.now.places
    new = [
        Change(time, *place, now.places.get(place, 0) - before.get(place, 0))
        for place in sorted(before.keys() | now.places.keys())
        if now.places.get(place, 0) != before.get(place, 0)
    ]
    return state._replace(now=now, changes=(*new, *state.changes)[:_MOST_CHANGES], trouble="")

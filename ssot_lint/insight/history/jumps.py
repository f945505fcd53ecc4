"""Finds the commits that changed what is found by much."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ssot_lint.engine import Progress
from ssot_lint.files import Commit, Link, chain, read_commits
from ssot_lint.insight.figures import Jump, Sample
from ssot_lint.insight.history.tallies import Tallies

MOST = 10
"""So many changes between two samples are looked into, and so many jumps are told."""

LEAST = 5
"""A change of a count by less is no jump."""

SHARE = 0.1
"""Nor is a change by less than this part of the most that there was in any sample."""

_DEEPEST = 5  # merges of merges that are looked into

_Count = Callable[[str], int]
"""How much is found in a commit, by its id."""


class _Change(NamedTuple):
    """A change of the count of a rule from one sample to the next."""

    rule: str
    start: str  # the ids of the commits
    end: str
    size: int
    most: int  # that there was in any sample


class _Found(NamedTuple):
    """A commit that changed the count of a rule."""

    link: Link
    before: int
    after: int
    within: _Found | None = None  # where the commit is a merge: what did most of it on the merged side

    @property
    def size(self) -> int:
        """By how much the count changed."""
        return abs(self.after - self.before)


def find_jumps(
    tallies: Tallies,
    links: Sequence[Link],
    samples: Sequence[Sample],
    progress: Progress | None = None,
) -> tuple[Jump, ...]:
    """The commits of a chain that changed the count of a rule most, the largest against its counts first.

    The samples are of commits in the chain, in its order; where a count is nearly the same in two that follow
    each other, what happened between them is not looked at. `progress` is told how many changes are looked
    into, of how many. Raises GitError.
    """
    ranked = sorted(_changes(samples), key=lambda each: (-_weight(each.size, each.most), each.rule, each.end))
    changes = ranked[:MOST]
    places = {link.id: number for number, link in enumerate(links)}
    counts = {rule: _counter(tallies, rule, samples) for rule in {each.rule for each in changes}}
    found: list[tuple[float, str, _Found]] = []
    for done, (rule, start, end, _, most) in enumerate(changes, 1):
        for each in _between(links[places[start] : places[end] + 1], counts[rule], _least(most)):
            traced = _traced(tallies.config.root, each, counts[rule], _DEEPEST)
            found.append((_weight(each.size, most), rule, traced))
        if progress is not None:
            progress(done, len(changes))
    found.sort(key=lambda each: (-each[0], each[1], places[each[2].link.id]))
    commits = read_commits(tallies.config.root, {link.id for *_, each in found for link in _links(each)})
    return tuple(_jump(rule, each, places[each.link.id], commits) for _, rule, each in found[:MOST])


def _changes(samples: Sequence[Sample]) -> Iterator[_Change]:
    for rule in samples[0].by_rule:
        most = max(sample.by_rule[rule] for sample in samples)
        for before, after in pairwise(samples):
            size = abs(after.by_rule[rule] - before.by_rule[rule])
            if size >= _least(most):
                yield _Change(rule, before.commit.id, after.commit.id, size, most)


def _least(most: int) -> int:
    return max(LEAST, round(most * SHARE))


def _weight(size: int, most: int) -> float:
    """How much a change matters: the larger, and the larger a part of all there was, the more."""
    return size**2 / most


def _counter(tallies: Tallies, rule: str, samples: Sequence[Sample]) -> _Count:
    """Counts what one rule finds in commits, each commit once and those of samples never again."""
    known = {sample.commit.id: sample.by_rule[rule] for sample in samples}
    narrow = tallies.only(rule)

    def count(commit: str) -> int:
        if commit not in known:
            files = narrow.of(commit).findings.items()
            known[commit] = sum(found[rule] for path, found in files if rule in found and narrow.within(path))
        return known[commit]

    return count


def _between(links: Sequence[Link], count: _Count, least: int) -> Iterator[_Found]:
    """The commits that changed a count by `least` or more, of a part of a chain without its first commit."""
    if len(links) < 2:
        return
    before, after = count(links[0].id), count(links[-1].id)
    if abs(after - before) < least:
        return
    if len(links) == 2:
        yield _Found(links[1], before, after)
        return
    middle = len(links) // 2
    yield from _between(links[: middle + 1], count, least)
    yield from _between(links[middle:], count, least)


def _traced(root: Path, found: _Found, count: _Count, depth: int) -> _Found:
    """The same with what made at least half of it on the merged side, if it is a merge and anything did."""
    if len(found.link.parents) < 2 or not depth:
        return found
    ours, theirs, *_ = found.link.parents
    side = chain(root, theirs, without=ours)
    if not side or not side[0].parents:
        return found
    start = Link(side[0].parents[0], datetime.datetime.min, ())
    steps = _between([start, *side], count, max(found.size // 2, 1))
    same = (step for step in steps if (step.after > step.before) is (found.after > found.before))
    largest = max(same, key=lambda step: step.size, default=None)
    return found if largest is None else found._replace(within=_traced(root, largest, count, depth - 1))


def _links(found: _Found) -> Iterable[Link]:
    return (found.link, *(_links(found.within) if found.within is not None else ()))


def _jump(rule: str, found: _Found, place: int, commits: Mapping[str, Commit]) -> Jump:
    return Jump(
        rule,
        commits[found.link.id]._replace(date=found.link.date.isoformat()),
        found.link.time,
        place,
        found.before,
        found.after,
        is_merge=len(found.link.parents) > 1,
        within=_jump(rule, found.within, place, commits) if found.within is not None else None,
    )

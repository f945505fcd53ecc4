"""Matches findings with what the baseline carries: a cascade that conserves counts, with no switch.

First by identity, then by what an edit, a rename or a move leaves as it was. A later tier pairs the
findings of a key only where there are no more of them than entries left: where it is not clear which of
them is new, all of them are. So the number of findings that are carried never exceeds that of entries.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import inf
from typing import NamedTuple, TypeVar

from ssot_lint.baseline.entries import Entry, Identity

T = TypeVar("T")

SAME = 1
SAME_SCOPE = 2
SAME_SUBJECT = 3
ELSEWHERE = 4

KEYS: Mapping[int, Callable[[Identity], Hashable]] = {
    SAME: lambda each: each,
    SAME_SCOPE: lambda each: (each.rule, each.path, each.scope),
    SAME_SUBJECT: lambda each: (each.rule, each.path, each.subject),
    ELSEWHERE: lambda each: (each.rule, _leaf(each.scope), each.subject),
}
"""What a finding and its entry have in common, for each tier, in the order in which they are tried."""


class Match(NamedTuple):
    """A finding that an entry carries; the tier tells how much they have in common."""

    finding: int  # index
    entry: Entry
    tier: int


class Matched(NamedTuple):
    """What became of findings and entries."""

    matches: tuple[Match, ...]  # in the order of the findings
    new: tuple[int, ...]  # indexes of the findings that nothing carries
    left: tuple[Entry, ...]  # those that carry nothing


def match(
    findings: Sequence[Identity],
    entries: Iterable[Entry],
    may_have_moved: Callable[[Identity], bool],
    values: Mapping[int, float] | None = None,
) -> Matched:
    """Pairs findings with entries.

    Of findings that are the same, the first are carried: as many as there are entries. `may_have_moved`
    tells whether what an entry is about can be in another file now, `values` has those of findings by index.
    """
    unmatched = dict.fromkeys(sorted(range(len(findings)), key=findings.__getitem__))
    left = dict.fromkeys(sorted(entries))
    matches: list[Match] = []
    for tier, key in KEYS.items():
        usable = (each for each in left if tier != ELSEWHERE or may_have_moved(each.identity))
        carriers = _grouped((key(entry.identity), entry) for entry in usable)
        for value, indexes in _grouped((key(findings[index]), index) for index in unmatched).items():
            stock = carriers.get(value, [])
            if tier == SAME or len(indexes) <= len(stock):
                for index, entry in _pairs(indexes, stock, values or {}):
                    matches.append(Match(index, entry, tier))
                    del unmatched[index], left[entry]
    return Matched(tuple(sorted(matches)), tuple(sorted(unmatched)), tuple(left))


def _grouped(things: Iterable[tuple[Hashable, T]]) -> Mapping[Hashable, list[T]]:
    """Things by their keys."""
    groups: defaultdict[Hashable, list[T]] = defaultdict(list)
    for key, thing in things:
        groups[key].append(thing)
    return groups


def _pairs(
    indexes: Sequence[int], stock: Sequence[Entry], values: Mapping[int, float]
) -> Iterable[tuple[int, Entry]]:
    """Findings with entries, so that as many as possible are not above the cap."""
    if values.keys().isdisjoint(indexes):
        return zip(indexes, stock)
    found = []
    above = []  # what no entry that is free can carry
    below = []  # entries that can carry none of the rest
    free = deque(sorted(stock, key=limit))
    for index in sorted(indexes, key=lambda index: values.get(index, -inf)):
        while free and limit(free[0]) < values.get(index, -inf):
            below.append(free.popleft())
        if free:
            found.append((index, free.popleft()))
        else:
            above.append(index)
    return [*found, *zip(reversed(above), reversed(below))]


def limit(entry: Entry) -> float:
    """The largest value that an entry carries."""
    return inf if entry.cap is None else entry.cap


def _leaf(scope: str) -> str:
    """The innermost name of a scope: it stays when a method moves to another class."""
    return scope.rpartition(".")[2]

"""Matches findings with what the baseline carries: a cascade that conserves counts, with no switch.

First by identity, also in files that were renamed, then by what an edit or a move leaves as it was. A
later tier pairs the findings of a key only where there are no more of them than entries left: where it is
not clear which of them is new, all of them are. So the number of findings that are carried never exceeds
that of entries.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import inf
from typing import NamedTuple, TypeVar

from ssot_lint.baseline.entries import Entry, Identity
from ssot_lint.baseline.renames import renames
from ssot_lint.finding import MODULE_SCOPE

T = TypeVar("T")

SAME = 1
SAME_SCOPE = 2
SAME_SUBJECT = 3
ELSEWHERE = 4
RENAMED = 5  # the same, in a file that was renamed: tried together with SAME

KEYS: Mapping[int, Callable[[Identity], Hashable]] = {
    SAME: lambda each: each,
    SAME_SCOPE: lambda each: (each.rule, each.path, each.scope, _last_name(each)),
    SAME_SUBJECT: lambda each: (each.rule, each.path, each.subject),
    ELSEWHERE: lambda each: (each.rule, _leaf(each.scope), each.subject),
}
"""What a finding and its entry have in common, for each tier, in the order in which they are tried.

Of an entry whose file was renamed the later path counts. What is RENAMED is SAME then.
"""


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
    is_gone: Callable[[str], bool],
    values: Mapping[int, float] | None = None,
) -> Matched:
    """Pairs findings with entries.

    Of findings that are the same, the first are carried: as many as there are entries. `may_have_moved`
    tells whether what an entry is about can be in another file now, `is_gone` whether there is no file at a
    path any more, `values` has those of findings by index. An entry that one side of a merge has taken out
    carries what is the same, and nothing that is only like it.
    """
    unmatched = dict.fromkeys(sorted(range(len(findings)), key=findings.__getitem__))
    left = dict.fromkeys(sorted(entries))
    later = renames(findings, [entry.identity for entry in left], is_gone)
    matches: list[Match] = []
    for tier, key in KEYS.items():
        usable = (
            each
            for each in left
            if tier == SAME or not each.is_disputed
            if tier != ELSEWHERE or may_have_moved(each.identity)
        )
        carriers = _grouped((key(_renamed(entry.identity, later)), entry) for entry in usable)
        if not carriers:
            continue
        for value, indexes in _grouped((key(findings[index]), index) for index in unmatched).items():
            stock = carriers.get(value, [])
            if tier == SAME or len(indexes) <= len(stock):
                for index, entry in _pairs(indexes, stock, values or {}):
                    is_renamed = tier == SAME and entry.identity.path in later
                    matches.append(Match(index, entry, RENAMED if is_renamed else tier))
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


def _renamed(identity: Identity, later: Mapping[str, str]) -> Identity:
    """An identity where its file is now."""
    path = later.get(identity.path)
    return identity if path is None else identity._replace(path=path)


def _last_name(identity: Identity) -> str:
    """The last name in the subject of what is outside of all classes and functions, "" for the rest.

    There the scope is no name to know a thing by: one import that is forbidden is not another one. But `X` of
    `old.home` is the same as `X` of `new.home`.
    """
    if identity.scope != MODULE_SCOPE:
        return ""
    return next(filter(None, reversed(identity.subject)), "").rpartition(".")[2]


def _leaf(scope: str) -> str:
    """The innermost name of a scope: it stays when a method moves to another class."""
    return scope.rpartition(".")[2]

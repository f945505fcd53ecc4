"""Finds which files were renamed, without git: by what the baseline has of files that are gone.

A file was renamed where one that is gone had, for the most part, what is found in one that the baseline
does not know. Each of the two has to be more like the other than like any third: where a file was copied,
or many files are alike, nothing is guessed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import NamedTuple

from ssot_lint.baseline.entries import Identity

_MOST_ALIKE = 20  # what more files have in common tells none of them apart

Content = Counter[Hashable]
"""What was found in a file, without its path."""


class _Likeness(NamedTuple):
    """How much two files are alike: what counts more comes first."""

    shared: float  # part of what there is in the larger one
    same_names: int  # of their paths, from the end


def renames(
    found: Iterable[Identity], carried: Iterable[Identity], is_gone: Callable[[str], bool]
) -> Mapping[str, str]:
    """The later path of each file that was renamed, by the earlier one.

    `found` is what is there now, `carried` what the baseline has; `is_gone` tells whether there is no file
    at a path.
    """
    known, seen = {each.path for each in carried}, {each.path for each in found}
    gone = {path for path in known - seen if is_gone(path)}
    if not gone:
        return {}
    before, after = _contents(carried, gone), _contents(found, seen - known)
    likeness: dict[tuple[str, str], _Likeness] = {}
    for old, new in _candidates(before, after):
        alike = _likeness(old, before[old], new, after[new])
        if alike is not None:
            likeness[old, new] = alike
    later = _best({(old, new): alike for (old, new), alike in likeness.items()})
    earlier = _best({(new, old): alike for (old, new), alike in likeness.items()})
    return {old: new for old, new in later.items() if earlier.get(new) == old}


def _contents(identities: Iterable[Identity], paths: set[str]) -> dict[str, Content]:
    """What was found in each of some files."""
    contents: dict[str, Content] = {path: Counter() for path in paths}
    for rule, path, scope, subject in identities:
        if path in paths:
            contents[path][rule, scope, subject] += 1
    return contents


def _candidates(before: Mapping[str, Content], after: Mapping[str, Content]) -> set[tuple[str, str]]:
    """Pairs of files with something in common that few others have, or few others of that name."""
    holders: defaultdict[Hashable, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, contents in enumerate((before, after)):
        for path, content in contents.items():
            for thing in content:
                holders[thing][side].append(path)
                holders[_name(path), thing][side].append(path)
    return {
        (old, new)
        for olds, news in holders.values()
        if max(len(olds), len(news)) <= _MOST_ALIKE
        for old in olds
        for new in news
    }


def _likeness(old: str, before: Content, new: str, after: Content) -> _Likeness | None:
    """How much two files are alike, None where it is not enough to take one for the other.

    That takes half of what there is, and more than one thing where they have not the same name.
    """
    common = before & after
    shared = common.total() / max(before.total(), after.total())
    if shared < 0.5 or (len(common) == 1 and _name(old) != _name(new)):
        return None
    same_names = 0
    for one, other in zip(reversed(old.split("/")), reversed(new.split("/"))):
        if one != other:
            break
        same_names += 1
    return _Likeness(shared, same_names)


def _best(likeness: Mapping[tuple[str, str], _Likeness]) -> dict[str, str]:
    """The second of the pair that is most alike, for each first of which there is one such pair."""
    by_first: defaultdict[str, list[tuple[_Likeness, str]]] = defaultdict(list)
    for (first, second), alike in likeness.items():
        by_first[first].append((alike, second))
    best = {}
    for first, ranked in by_first.items():
        ranked.sort(reverse=True)
        if len(ranked) == 1 or ranked[0][0] != ranked[1][0]:
            best[first] = ranked[0][1]
    return best


def _name(path: str) -> str:
    return path.rpartition("/")[2]

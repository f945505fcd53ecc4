"""The base classes that most tests reach, what other tests have instead, and where all should have them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from ssot_lint.facts.model import Class
from ssot_lint.meaning import A_CLASS, EXTERNAL, Meaning
from ssot_lint.project import Project
from ssot_lint.proposals._importers import symbol_name
from ssot_lint.proposals.paths import home_of
from ssot_lint.proposals.proposal import Proposal, Table, pattern
from ssot_lint.rules._tests import DEFAULT_TEST_PATHS, is_at_import, is_test_code, is_test_name

_FEWEST_TESTS = 5  # test classes that reach a base before it is one that others should have
_MOST = 0.5  # of the test classes with a base: what fewer of them reach is a choice among several
_NEARLY = 0.9  # of what reaches the base of all: a class between them that has so many is the one they name
_FEWEST_RIVALS = 2  # test classes on another base: one may have its reasons
_MOST_IN_FOLDER = 0.6  # of its test classes, those without a base too: fewer make no rule for the others
_FEWEST_IN_FOLDER = 5  # test classes of a folder, before it says anything about what they should reach
_SHARE_IN_FOLDER = 0.01  # of all test classes: a list of small folders is nothing that a team keeps in mind
_MOST_FOLDERS = 8  # more are a list that nobody reads; the widest say most
_MOST_EXEMPT = 10  # names: where there are more, tests are put together in a way that has no need of one base

_REASON = "what most tests build on"

_PLAIN = frozenset(("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"))
_STANDARD = ("unittest.TestCase", "unittest.case.TestCase")
_NEUTRAL = frozenset(("base", "abstract", "test", "tests", "case"))
"""Words that say of a base class only that it is one."""

_WORDS = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+").findall

Place = tuple[str, str]
"""The path and the qualname of a class; "" and its dotted name for one outside of the tree."""


class _Test(NamedTuple):
    """A class with tests."""

    path: str
    name: str  # its qualname
    direct: tuple[Meaning, ...]  # its bases, plain ones left out
    above: frozenset[Place]  # all classes of the tree that it inherits from
    outside: frozenset[str]  # and those outside, by their dotted names


class _Shown(NamedTuple):
    """What the tests of a tree show."""

    tests: Sequence[_Test]
    based: Sequence[_Test]  # those that have a base
    reach: Mapping[Place, int]  # how many of those reach a class
    family: Sequence[Place]  # the canonical base, and what builds on it beside it
    rivals: Mapping[str, int]  # what others have instead, and how many
    folders: Mapping[str, tuple[int, int]]  # where most reach the base: how many do, of how many
    parts: frozenset[Place]  # test classes that others, which reach the base, are put together from


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes the base that most tests with a base reach, with what builds on it in the same module."""
    tests = [*_tests(project)]
    based = [test for test in tests if test.direct]
    reach = Counter(place for test in based for place in test.above)
    base = _canonical(project, based, reach)
    if base is None:
        return
    family = [base, *_built_on(project, based, base)]
    rivals = _rivals(project, based, family)
    parts = _parts(tests, base)
    whole = [test for test in tests if (test.path, test.name) not in parts]
    folders = _folders(whole, base)
    shown = _Shown(tests, based, reach, family, rivals, folders, parts)
    missing = sum(total - reached for reached, total in folders.values())
    yield Proposal(
        f"{_listed(map(_name, family))} {'is the base' if len(family) == 1 else 'are the bases'} of tests",
        tuple(_evidence(shown)),
        tuple(_tables(project, shown)),
        missing + sum(rivals.values()),
    )


def _tests(project: Project) -> Iterator[_Test]:
    for file in project.files():
        if is_test_code(project, file.path, DEFAULT_TEST_PATHS):
            for entry in file.outline.classes:
                if is_at_import(entry) and _has_tests(project, file.path, entry):
                    yield _read(project, file.path, entry)


def _has_tests(project: Project, path: str, entry: Class) -> bool:
    return any(is_test_name(project, path, method) for method in entry.methods)


def _read(project: Project, path: str, entry: Class) -> _Test:
    found = project.ancestry(path, entry.qualname).meanings
    direct = (meaning for base in entry.bases for meaning in project.base_meanings(path, base))
    return _Test(
        path,
        entry.qualname,
        tuple(each for each in direct if each.kind in (A_CLASS, EXTERNAL) and each.name not in _PLAIN),
        frozenset(_places(each for each in found if each.kind == A_CLASS)),
        frozenset(each.name for each in found if each.kind == EXTERNAL),
    )


def _canonical(project: Project, based: Sequence[_Test], reach: Counter[Place]) -> Place | None:
    """The class that most tests with a base reach: no mixin, and none that is a test itself."""
    direct = Counter(place for test in based for place in _places(test.direct))
    last = Counter(_place(test.direct[-1]) for test in based)
    candidates = [
        place
        for place, number in reach.items()
        if number >= max(_FEWEST_TESTS, _MOST * len(based))
        and last[place] >= _MOST * direct[place] > 0  # a mixin stands before the base
        and not _is_test(project, place)
    ]
    most = max((reach[place] for place in candidates), default=0)
    named = [place for place in candidates if reach[place] >= _NEARLY * most]
    return max(named, key=lambda place: (direct[place], reach[place], place), default=None)


def _is_test(project: Project, place: Place) -> bool:
    return any(_has_tests(project, place[0], entry) for entry in project.classes_at(*place))


def _built_on(project: Project, based: Sequence[_Test], base: Place) -> Iterator[Place]:
    """The classes beside a base that build on it, and that many tests name."""
    direct = Counter(place for test in based for place in _places(test.direct))
    for entry in project.outlines[base[0]].classes:
        place = (base[0], entry.qualname)
        is_named = direct[place] >= _FEWEST_TESTS and not _is_test(project, place)
        if is_named and base in _above(project, place):
            yield place


def _rivals(project: Project, based: Sequence[_Test], family: Sequence[Place]) -> Mapping[str, int]:
    """What tests that do not reach the base have in its place, with the number of them.

    That is the base of the standard library, what the family itself builds on, and classes whose names say
    no more than that they are bases.
    """
    above = {each for place in family for each in _above(project, place)}
    words = {word for place in family for word in _words(_name(place))} | _NEUTRAL
    known = {*above, *family}

    @cache
    def is_alike(place: Place) -> bool:
        if place in known or family[0] in _above(project, place) or _is_test(project, place):
            return False
        return _words(_name(place)) <= words

    found: Counter[str] = Counter()
    for test in based:
        if family[0] not in test.above:
            outside = {name for path, name in above.intersection(_places(test.direct)) if not path}
            found.update(outside.union(name for name in test.outside if name in _STANDARD))
            found.update(symbol_name(project, *place) for place in test.above if is_alike(place))
    kept = {name for name, number in found.items() if number >= _FEWEST_RIVALS or name in _STANDARD}
    return {name: found[name] for name in sorted(kept, key=lambda name: (-found[name], name))}


def _parts(tests: Sequence[_Test], base: Place) -> frozenset[Place]:
    """The test classes that do not reach the base themselves, as parts of others that do."""
    places = {(test.path, test.name) for test in tests if base not in test.above}
    return frozenset(place for test in tests if base in test.above for place in test.above & places)


def _folders(tests: Sequence[_Test], base: Place) -> Mapping[str, tuple[int, int]]:
    """The widest folders in which most tests reach the base: how many do, of how many."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for test in tests:
        for folder in _around(test.path):
            counts[folder][0] += base in test.above
            counts[folder][1] += 1
    hollow = {_parent(folder) for folder in counts if counts[folder] == counts.get(_parent(folder))}
    fewest = max(_FEWEST_IN_FOLDER, _SHARE_IN_FOLDER * len(tests))
    found: dict[str, tuple[int, int]] = {}
    for folder in sorted(counts.keys() - hollow, key=lambda folder: (folder.count("/"), folder)):
        reached, total = counts[folder]
        is_telling = total >= fewest and reached >= _MOST_IN_FOLDER * total
        if is_telling and not _is_in(folder, found):
            found[folder] = (reached, total)
    widest = sorted(found, key=lambda folder: (-found[folder][1], folder))[:_MOST_FOLDERS]
    return {folder: found[folder] for folder in sorted(widest)}


def _around(path: str) -> Iterator[str]:
    """The folders around a file, each with "/" at the end."""
    parts = path.split("/")[:-1]
    return ("/".join(parts[:length]) + "/" for length in range(1, len(parts) + 1))


def _parent(folder: str) -> str:
    return folder[:-1].rpartition("/")[0] + "/"


def _is_in(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(folder) for folder in folders)


def _tables(project: Project, shown: _Shown) -> Iterator[Table]:
    paths = [pattern(folder) for folder in shown.folders]
    exempt = sorted({_name_pattern(_name(place)) for place in shown.parts if _is_in(place[0], shown.folders)})
    for place in shown.family:
        values: dict[str, Any] = dict(home_of(project, symbol_name(project, *place)).values)
        if place == shown.family[0]:
            if shown.rivals:
                values["replaces"] = [*shown.rivals]
            if paths and not exempt:
                values["base-of"] = {"paths": paths, "has-tests": True}
        yield Table("canonical", {**values, "reason": _REASON})
    if paths and exempt and len(exempt) <= _MOST_EXEMPT:
        # `base-of` knows no exemptions.
        symbol = symbol_name(project, *shown.family[0])
        needed = {"base": symbol, "has-tests": True, "exempt": exempt, "paths": paths, "reason": _REASON}
        yield Table("missing-base", needed)


def _name_pattern(name: str) -> str:
    """What stands for a class that is a part of others: their way to be called so, if they have one."""
    return "_*" if name.startswith("_") else "*Mixin" if name.endswith("Mixin") else name


def _evidence(shown: _Shown) -> Iterator[str]:
    base, *others = shown.family
    yield (
        f"of {len(shown.tests)} test classes {len(shown.based)} have a base, and {shown.reach[base]} of those"
        f" reach `{_name(base)}`"
    )
    for place in others:
        yield f"{shown.reach[place]} of them through `{_name(place)}`, which builds on it"
    for name, number in shown.rivals.items():
        yield f"`{name}` instead: {number}"
    for folder, (reached, total) in shown.folders.items():
        yield f"in {folder} {reached} of {total} reach it"


def _above(project: Project, place: Place) -> set[Place]:
    """All that a class inherits from, with the path "" for what is outside of the tree."""
    return set(_places(project.ancestry(*place).meanings))


def _places(meanings: Iterable[Meaning]) -> Iterator[Place]:
    return map(_place, meanings)


def _place(meaning: Meaning) -> Place:
    return meaning.path, meaning.name


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORDS(name)}


def _name(place: Place) -> str:
    return place[1].rpartition(".")[2]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)

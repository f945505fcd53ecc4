"""Classes that are copied from file to file, and the copy that is to stay."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.facts.model import IN_FUNCTION, Class
from ssot_lint.import_paths import imports_by_symbol
from ssot_lint.project import Project
from ssot_lint.proposals._importers import symbol_name
from ssot_lint.proposals.paths import home_of
from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.rules._alike import module_of
from ssot_lint.rules._tests import DEFAULT_TEST_PATHS, is_test_code
from ssot_lint.rules.duplicate_class import DuplicateClassOptions

_FEWEST_LINES = DuplicateClassOptions().min_lines
_FEWEST_TOKENS = 30  # so many lines may be a docstring and little else
_LEAD = 2  # times as many imports as the next copy: else nobody can tell which one people take for the home
_FEWEST_USES = 3  # imports of a home: with fewer it could be chance which of the copies has them
_FEWEST_IMPORTS = 10  # of a class that is made anew under its name elsewhere, not copied
_FEWEST_COPIES = 5  # without a home: so many are no accident, and have none because nobody made one
_ONE_THING = 0.5  # of all classes of a name: if most are copies of others, the name means one thing
_OWN = 0.9  # of the imports: what nearly all take from one place is known by that name
_IN_TESTS = 0.8  # of the others: what production code calls so may well be another thing
_SHOWN = 3  # copies in the evidence

_SHARED = frozenset(("base", "common", "core", "framework", "lib", "shared", "support", "testing"))
"""Folders and modules that are there for others, by what they are called everywhere."""


class _Copy(NamedTuple):
    """A class that is compared."""

    path: str
    symbol: str
    digest: str
    imports: int
    is_test_code: bool
    is_shared: bool


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes homes for classes that have copies, by their name."""
    for name, copies in sorted(_by_name(project).items()):
        bodies = Counter(each.digest for each in copies)
        digest, number = min(bodies.items(), key=lambda item: (-item[1], item[0]))
        alike = [each for each in copies if each.digest == digest]
        copied = sum(count for count in bodies.values() if count > 1)
        all_of_name = len(project.classes_by_name[name])
        home = _home(alike) if number > 1 else None
        if home is not None and number == all_of_name:
            yield _with_home(project, name, home[0], home[1], alike)
        elif number > 1 and (imported := _imported_home(copies)) is not None:
            yield _made_anew(project, name, imported, copies, copied)
        elif number >= _FEWEST_COPIES and copied >= _ONE_THING * all_of_name:
            yield _homeless(name, alike, all_of_name)


def _by_name(project: Project) -> Mapping[str, Sequence[_Copy]]:
    """The classes that two or more modules define, by their simple name."""
    found: dict[str, dict[str, _Copy]] = defaultdict(dict)
    for name, classes in project.classes_by_name.items():
        for path, entry in classes if len(classes) > 1 else ():
            if _is_compared(entry):
                found[name][module_of(path)] = _copy(project, path, entry)
    return {name: [*copies.values()] for name, copies in found.items() if len(copies) > 1}


def _is_compared(entry: Class) -> bool:
    is_large = entry.end_line - entry.line + 1 >= _FEWEST_LINES and entry.size >= _FEWEST_TOKENS
    return is_large and not entry.context & IN_FUNCTION and "." not in entry.qualname


def _copy(project: Project, path: str, entry: Class) -> _Copy:
    symbol = symbol_name(project, path, entry.qualname)
    return _Copy(
        path,
        symbol,
        entry.digest,
        sum(map(len, imports_by_symbol(project).get(symbol, {}).values())),
        is_test_code(project, path, DEFAULT_TEST_PATHS),
        not _SHARED.isdisjoint(symbol.lower().split(".")[:-1]),
    )


def _home(alike: Sequence[_Copy]) -> tuple[_Copy, str] | None:
    """The copy that is to stay, and why; none if none of them stands out."""
    candidates = [each for each in alike if not each.is_test_code] or alike
    first, *others = sorted(candidates, key=lambda each: (-each.imports, each.symbol))
    most = max((each.imports for each in alike if each is not first), default=0)
    shared = [each for each in candidates if each.is_shared]
    if len(shared) == 1 and shared[0].imports >= most:
        return shared[0], "it stands in a place that is there for others"
    if any(not each.is_test_code and _part(each) != _part(first) for each in alike):
        return None  # parts of a tree that are installed apart may have to do without each other
    if first.imports >= max(_LEAD * most, _FEWEST_USES):
        return first, f"imports from there: {first.imports}, from the next copy: {most}"
    if first.imports and not others and len(candidates) < len(alike):
        return first, "the other copies are test code"
    return None


def _part(copy: _Copy) -> str:
    return copy.path.partition("/")[0]


def _imported_home(copies: Sequence[_Copy]) -> _Copy | None:
    """The one class of a name that others import, where the rest are made for one file of tests each."""
    first, *others = sorted(copies, key=lambda each: (-each.imports, each.symbol))
    total = sum(each.imports for each in copies)
    is_known = first.imports >= max(_FEWEST_IMPORTS, _OWN * total) and len(others) >= _FEWEST_COPIES
    in_tests = sum(each.is_test_code for each in others)
    return first if is_known and in_tests >= _IN_TESTS * len(others) else None


def _with_home(project: Project, name: str, home: _Copy, why: str, alike: Sequence[_Copy]) -> Proposal:
    return Proposal(
        f"`{name}` has its home in {home.path}",
        (
            f"{len(alike)} modules define it with the same body",
            why,
            *_places("copy", alike, home),
        ),
        (_canonical(project, home),),
        len(alike) - 1,
    )


def _made_anew(project: Project, name: str, home: _Copy, copies: Sequence[_Copy], copied: int) -> Proposal:
    number = len(project.classes_by_name[name])
    return Proposal(
        f"`{name}` has its home in {home.path}",
        (
            f"{home.imports} of {sum(each.imports for each in copies)} imports take it from there",
            f"{number - 1} more classes have that name, {copied} of them are copies of one another",
            *_places("one", copies, home),
        ),
        (_canonical(project, home),),
        number - 1,
    )


def _homeless(name: str, alike: Sequence[_Copy], number: int) -> Proposal:
    return Proposal(
        f"`{name}` is to be defined once",
        (
            f"it has {number} definitions, {len(alike)} of them with one and the same body",
            "none of them is so much imported that it would be the home",
            *_places("copy", alike),
        ),
        (
            # A table of one's own takes the place of the default, which looks for equal bodies.
            Table("duplicate-class", {}),
            Table("duplicate-class", {"names": [name], "reason": "one definition that all import"}),
        ),
        number,
    )


def _canonical(project: Project, home: _Copy) -> Table:
    values = home_of(project, home.symbol).values
    return Table("canonical", {**values, "reason": "it has copies, and this one is to stay"})


def _places(what: str, copies: Sequence[_Copy], home: _Copy | None = None) -> list[str]:
    """Where the first few copies are, the home left out."""
    return [f"{what} in {each.path}" for each in copies if each is not home][:_SHOWN]

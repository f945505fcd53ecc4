"""The factory of test doubles that a tree has, and the doubles that are made beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from ssot_lint.file import File
from ssot_lint.finding import MODULE_SCOPE
from ssot_lint.project import Project
from ssot_lint.proposals._importers import importers, symbol_name
from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.reports import counted
from ssot_lint.rules import ad_hoc_mock
from ssot_lint.rules.ad_hoc_mock import AdHocMockOptions

_FEWEST_MAKERS = 3  # methods or functions that make mocks: what has one or two may be a double itself
_MAKING = 2  # one in so many methods or functions makes mocks: of what does so by the way, fewer do
_FEWEST_USERS = 5  # files: what fewer import serves the tests of one thing
_SHARE = 50  # one file uses it for so many that go past it: else it is a try that did not catch on
_LEAD = 2  # times as many files as the next factory: else nobody can tell which is the one

_REASON = "most tests have their doubles from it"

_TESTS = ("tests/", "test/", "test_*.py", "*_test.py", "conftest.py")
_MOCK = frozenset(("unittest.mock", "mock"))


class _Factory(NamedTuple):
    """What is there to make mocks."""

    path: str
    symbol: str  # the dotted name of a class, or of a module whose functions make mocks
    makers: int  # methods or functions that make mocks
    users: int  # other files that import it, or a function from it


class _Strays(NamedTuple):
    """What tests make past a factory."""

    doubles: int  # classes
    mocks: int  # places that make a mock
    files: int
    paths: tuple[str, ...]  # patterns of the tests where they are


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes the factory that most tests import, with the doubles that are made past it."""
    ranked = sorted(_factories(project), key=lambda each: (-each.users, each))
    if not ranked or ranked[0].users < _FEWEST_USERS:
        return
    best, *others = ranked
    if others and best.users < _LEAD * others[0].users:
        return
    strays = _strays(project, best)
    if not strays.files or best.users * _SHARE < strays.files:
        return
    past = f"past it: {counted(strays.mocks, 'mock')} and {counted(strays.doubles, 'double')} made by hand"
    evidence = [
        f"{counted(best.users, 'file')} import it, and {counted(best.makers, 'function')} of it make mocks",
        f"{past} in {counted(strays.files, 'test file')}",
    ]
    if others and others[0].users:
        evidence.append(
            f"the next one is `{others[0].symbol}`, imported by {counted(others[0].users, 'file')}"
        )
    values = {"factory": best.symbol, "paths": list(strays.paths), "reason": _REASON}
    yield Proposal(
        f"`{best.symbol}` makes the test doubles",
        tuple(evidence),
        (Table("ad-hoc-mock", values),),
        strays.doubles + strays.mocks,
    )


def _factories(project: Project) -> Iterator[_Factory]:
    """The classes, and the modules of functions, that are there to make mocks for those who import them."""
    for file in project.files():
        if _imports_mock(file) and not project.collection(file.path).is_test_file(file.path):
            owners = Counter(each.qualname.rpartition(".")[0] for each in file.bodies.functions)
            for owner, makers in _makers(file, project).items():
                if len(makers) >= _FEWEST_MAKERS and len(makers) * _MAKING >= owners[owner]:
                    name = symbol_name(project, file.path, owner)
                    users = _users(project, file.path, {owner} if owner else makers)
                    yield _Factory(file.path, name, len(makers), len(users))


def _users(project: Project, path: str, names: Iterable[str]) -> frozenset[str]:
    """The other files that import some of what a module defines."""
    by_symbol = importers(project, path)
    return frozenset().union(*(by_symbol.get(symbol_name(project, path, name), ()) for name in names))


def _makers(file: File, project: Project) -> Mapping[str, set[str]]:
    """The functions that make mocks, by the class that they are methods of, "" for none."""
    classes = {entry.qualname for entry in file.outline.classes}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for problem in ad_hoc_mock.check(file, project, AdHocMockOptions(checks=("direct",))):
        first, *inner = file.scope_at(problem.span.line).split(".")
        if first not in classes:
            found[""].add(first)
        elif inner:
            found[first].add(inner[0])
    found[""].discard(MODULE_SCOPE)
    return found


def _strays(project: Project, factory: _Factory) -> _Strays:
    """What the rule finds in test files, but for misspelt assertions, with which no factory helps."""
    found: Counter[str] = Counter()
    paths: Counter[str] = Counter()
    for file in project.files():
        pattern = next((each for each in _TESTS if project.matches((each,), file.path)), "")
        if pattern:
            checks: tuple[Literal["classes", "direct"], ...] = (
                ("classes", "direct") if _imports_mock(file) else ("classes",)
            )
            options = AdHocMockOptions(checks=checks, factory=factory.symbol)
            kinds = [problem.subject[0] for problem in ad_hoc_mock.check(file, project, options)]
            found.update(kinds)
            paths[pattern] += bool(kinds)
    patterns = tuple(pattern for pattern in _TESTS if paths[pattern])
    return _Strays(found["class"], found["direct"], paths.total(), patterns)


def _imports_mock(file: File) -> bool:
    return any(
        entry.module in _MOCK or f"{entry.module}.{entry.name}" in _MOCK for entry in file.details.imports
    )

"""SST502: classes, functions and files that hold tests which pytest passes over."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from .bases import bases_of
from .test_code import (
    NO_TESTS,
    Classes,
    TestClass,
    TestFile,
    TestFunction,
    is_test_code,
    last_parts,
    pytest_of,
    test_files,
)
from .tree import Expected, Thing, Tree

if TYPE_CHECKING:
    from .config import Config


def uncollected_tests(tree: Tree, _: Config) -> list[Expected]:
    """One for each file that is passed over, else one for each class and each nested function."""
    search = Search(tree)
    found: list[Expected] = []
    for file in test_files(tree).values():
        if not is_test_code(tree, file.path) or "__test__" in file.names:
            continue
        why_not = pytest_of(tree, file.path).why_not(file.path)
        if why_not:
            found += search.in_lost_file(file, why_not)
        else:
            found += [
                Expected("", file.path, c.line, c.column) for c in file.classes if search.is_lost(file, c)
            ]
            found += [Expected("", file.path, f.line, f.column) for f in file.functions if is_swallowed(f)]
    return found


def is_swallowed(function: TestFunction) -> bool:
    """Whether a test function stands in a function that does nothing with it."""
    return (
        bool(function.around)
        and function.around[-1][0] != "class"
        and function.name.startswith("test_")
        and not function.is_used
        and last_parts(function.decorators).isdisjoint(NO_TESTS)
        and all(
            name.partition(".")[0] in ("pytest", "unittest", "mock", "patch") for name in function.decorators
        )
    )


class Search:
    """Judges the classes of a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.classes = Classes(tree)
        self.files = test_files(tree)
        self.inherited: set[Thing] = set()
        self.importers: dict[str, set[str]] = defaultdict(set)
        self.starred: set[str] = set()
        for path, record in tree.records.items():
            for number in range(len(record.classes)):
                self.inherited |= bases_of(self.classes.resolver, Thing("class", path, str(number)))
            for star in record.stars:
                self.starred.add(tree.locate(star[1], star[2], path).place)
        for path, file in self.files.items():
            for name in file.imported:
                self.importers[name].add(path)

    def in_lost_file(self, file: TestFile, why_not: str) -> list[Expected]:
        """The first test of a file that pytest passes over."""
        path = file.path
        asserts = any(f.asserts for f in file.functions if f.name.startswith("test"))
        if not file.imports_framework and not asserts:
            return []
        if why_not == "file-name" and self.is_module_imported(path):
            return []
        functions = pytest_of(self.tree, path).functions
        lost = [
            Expected("", path, function.line, function.column)
            for function in file.functions
            if not function.around
            and function.at_import
            and any(fnmatch(function.name, pattern) for pattern in functions)
            and last_parts(function.decorators).isdisjoint(NO_TESTS)
            and not function.is_named
            and not self.is_imported(path, function.name)
        ]
        lost += [
            Expected("", path, cls.line, cls.column)
            for cls in file.classes
            if self.fate(file, cls) == "collected"
            and self.tests(file, cls)
            and not self.is_taken_up(file, cls, cls.is_named)
        ]
        return sorted(lost, key=lambda expected: expected.line)[:1]

    def is_lost(self, file: TestFile, cls: TestClass) -> bool:
        """Whether a class of a collected file holds tests in vain."""
        fate = self.fate(file, cls)
        if fate not in ("name", "constructor", "nested") or not self.tests(file, cls):
            return False
        if fate == "name" and self.has_constructor(file, cls):
            return False
        return not self.is_taken_up(file, cls, cls.is_used)

    def is_taken_up(self, file: TestFile, cls: TestClass, is_named: bool) -> bool:
        """Whether other code makes use of a class."""
        is_imported = not cls.around and self.is_imported(file.path, cls.name)
        return is_named or is_imported or self.classes.thing(file.path, cls.line) in self.inherited

    def is_imported(self, path: str, name: str) -> bool:
        """Whether another file takes a name from a file."""
        resolver = self.classes.resolver
        if path in self.starred:
            return True
        own = resolver.member(path, name, frozenset())
        others = self.importers[name] - {path}
        return any(
            own & resolver.resolve(line.whole, other)
            for other in others
            for line in self.tree.records[other].imports
            if line.whole[0] == "member" and line.whole[-1] == name
        )

    def is_module_imported(self, path: str) -> bool:
        """Whether another file imports a file, or anything from it."""
        stem = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
        return path in self.starred or any(
            self.tree.locate(line.whole[1], line.whole[2], other).place == path
            or any(t.place == path for t in self.classes.resolver.resolve(line.whole, other))
            for other in self.importers[stem] - {path}
            for line in self.tree.records[other].imports
        )

    def fate(self, file: TestFile, cls: TestClass) -> str:
        """What pytest makes of a class."""
        if not cls.at_import:
            return "nested"
        if cls.around:
            outer = next(c for c in file.classes if c.line == cls.around[-1][2])
            above = self.fate(file, outer)
            if above != "collected" or self.classes.is_test_case(file.path, outer.line):
                return "unknown" if above == "unknown" else "nested"
        if cls.opted:
            return "collected" if cls.opted == "True" else "opted out"
        if self.is_abstract(file, cls):
            return "opted out"
        is_case = self.classes.is_test_case(file.path, cls.line)
        if is_case:
            return "collected"
        classes = pytest_of(self.tree, file.path).classes
        form = "name" if not any(fnmatch(cls.name, pattern) for pattern in classes) else ""
        form = form or ("constructor" if self.has_constructor(file, cls) else "collected")
        return "unknown" if is_case is None and form != "collected" else form

    def is_abstract(self, file: TestFile, cls: TestClass) -> bool:
        """Whether a class declares abstract methods."""
        return any(
            "abstractmethod" in last_parts(function.decorators)
            for function in file.functions
            if function.around and function.around[-1][2] == cls.line
        )

    def has_constructor(self, file: TestFile, cls: TestClass) -> bool:
        """Whether a class has or inherits what keeps pytest from making an object of it."""
        members = {*cls.members, *self.classes.members_above(file.path, cls.line)}
        return bool(members & {"__init__", "__new__"}) or "dataclass" in last_parts(cls.decorators)

    def tests(self, file: TestFile, cls: TestClass) -> bool:
        """Whether a class has or inherits tests."""
        lines = {(file.path, cls.line)}
        for thing in self.classes.above(file.path, cls.line):
            if thing.kind == "class":
                lines.add((thing.place, self.tree.class_of(thing).line))
        return any(
            function.name.startswith("test") and last_parts(function.decorators).isdisjoint(NO_TESTS)
            for path, line in lines
            for function in self.files[path].functions
            if function.around and function.around[-1][0] == "class" and function.around[-1][2] == line
        )

"""What the functions of test files are and do, for the three rules about tests; read once for all of them."""

from __future__ import annotations

import ast
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .bases import ancestors
from .tree import Resolver, Thing, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
NO_TESTS = ("fixture", "yield_fixture", "property", "cached_property", "setter")


@dataclass
class TestFunction:
    """A function or method called `test*`, or whatever stands in its place."""

    name: str
    line: int
    column: int
    around: tuple[tuple[str, str, int], ...]  # what it stands in: kind, name, line; the outermost first
    decorators: tuple[str, ...]
    kind: str  # "empty", "constant-assertion", "skip", "todo", "uncalled-function" or ""
    asserts: bool
    is_named: bool  # anything in the file names it outside of it
    is_used: bool  # and not just under a main guard
    at_import: bool


@dataclass
class TestClass:
    """A class statement."""

    name: str
    line: int
    column: int
    around: tuple[tuple[str, str, int], ...]
    decorators: tuple[str, ...]
    members: tuple[str, ...]
    opted: str  # what `__test__` is bound to, "" where it is not
    is_named: bool
    is_used: bool
    at_import: bool


@dataclass
class TestFile:
    """One file of the tree."""

    path: str
    lines: int = 0
    comments: int = 0
    is_empty: bool = True  # no definition and no call
    imports_framework: bool = False
    imported: set[str] = field(default_factory=set)  # last parts of modules, and names taken from them
    names: set[str] = field(default_factory=set)  # bound at the top by anything but imports
    functions: list[TestFunction] = field(default_factory=list)
    classes: list[TestClass] = field(default_factory=list)


@dataclass(frozen=True)
class Pytest:
    """What a pyproject.toml tells pytest."""

    folder: str = ""
    files: tuple[str, ...] = ("test_*.py", "*_test.py")
    classes: tuple[str, ...] = ("Test*",)
    functions: tuple[str, ...] = ("test*",)
    testpaths: tuple[str, ...] = ()
    skipped: tuple[str, ...] = (
        *("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}"),
    )

    def takes(self, path: str) -> bool:
        """Whether the name of a file is that of a test file."""
        return any(fnmatch(path.rpartition("/")[2], pattern) for pattern in self.files)

    def why_not(self, path: str) -> str:
        """Why a file is not collected."""
        path = path.removeprefix(f"{self.folder}/") if self.folder else path
        start = next((p for p in self.testpaths if path.startswith(f"{p}/")), "")
        if self.testpaths and not start:
            return "testpaths"
        folders = path[len(start) :].strip("/").split("/")[:-1]
        if any(fnmatch(folder, pattern) for folder in folders for pattern in self.skipped):
            return "folder"
        return "" if self.takes(path) else "file-name"


@cache
def pytest_in(root: str, folder: str) -> Pytest | None:
    """The configuration of pytest in a folder, if it has one."""
    file = Path(root) / folder / "pyproject.toml"
    table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    table = table.get("tool", {}).get("pytest", {}).get("ini_options", {})
    keys = {"files": "python_files", "classes": "python_classes", "functions": "python_functions"}
    keys |= {"testpaths": "testpaths", "skipped": "norecursedirs"}
    found = {ours: tuple(table[theirs]) for ours, theirs in keys.items() if theirs in table}
    return Pytest(folder, **found) if table else None


def pytest_of(tree: Tree, path: str) -> Pytest:
    """The configuration of pytest that is the nearest to a file."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        found = pytest_in(tree.root, folder)
        if found is not None:
            return found
    return Pytest()


def is_test_code(tree: Tree, path: str) -> bool:
    """Whether a file is there for tests."""
    folders = path.split("/")[:-1]
    return pytest_of(tree, path).takes(path) or "test" in folders or "tests" in folders


@cache
def test_files(tree: Tree) -> dict[str, TestFile]:
    """Every file that parses."""
    with ProcessPoolExecutor(tree.jobs) as pool:
        found = pool.map(partial(read, tree.root), list(tree.records), chunksize=64)
        return {file.path: file for file in found if file is not None}


def read(root: str, path: str) -> TestFile | None:
    """One file, or None where it is not Python."""
    data = (Path(root) / path).read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data, path)
    except (SyntaxError, ValueError):
        return None
    file = TestFile(path, data.count(b"\n") + (not data.endswith(b"\n") and data != b""))
    file.comments = sum(1 for line in data.split(b"\n") if line.lstrip().startswith(b"#"))
    Reader(file, tree).read()
    return file


class Reader:
    """Reads one tree."""

    def __init__(self, file: TestFile, tree: ast.Module) -> None:
        self.file = file
        self.tree = tree
        self.mentions: dict[str, list[int]] = {}
        self.guards = [
            range(node.lineno, (node.end_lineno or node.lineno) + 1)
            for node in tree.body
            if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                self.mentions.setdefault(node.id, []).append(node.lineno)
            elif isinstance(node, ast.Call):
                file.is_empty = False
            elif isinstance(node, ast.Import):
                self.imported(*(alias.name for alias in node.names))
            elif isinstance(node, ast.ImportFrom):
                self.imported(node.module or "")
                file.imported |= {alias.name for alias in node.names}

    def imported(self, *modules: str) -> None:
        """Notes imported modules."""
        for module in modules:
            self.file.imported.add(module.rpartition(".")[2])
            self.file.imports_framework |= module.partition(".")[0] in ("pytest", "unittest")

    def read(self) -> None:
        """Reads all definitions."""
        for node in self.tree.body:
            for child in ast.walk(node) if not isinstance(node, (*FUNCTIONS, ast.ClassDef)) else ():
                if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                    self.file.names.add(child.id)
        self.descend(self.tree.body, (), True)

    def descend(
        self, body: list[ast.stmt], around: tuple[tuple[str, str, int], ...], at_import: bool
    ) -> None:
        """Reads the definitions among statements, and those in them."""
        for node in body:
            if isinstance(node, FUNCTIONS):
                self.file.is_empty = False
                self.add_function(node, around, at_import)
                self.descend(node.body, (*around, ("function", node.name, node.lineno)), False)
            elif isinstance(node, ast.ClassDef):
                self.file.is_empty = False
                self.add_class(node, around, at_import)
                self.descend(node.body, (*around, ("class", node.name, node.lineno)), at_import)
            else:
                runs = at_import and not (isinstance(node, ast.If) and is_guard(node.test))
                for name in ("body", "orelse", "finalbody"):
                    self.descend(getattr(node, name, []), around, runs if name == "body" else at_import)
                for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                    self.descend(part.body, around, at_import)

    def add_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, around: tuple[Any, ...], at_import: bool
    ) -> None:
        """Notes a function."""
        asserts = node.name.startswith("test") and any(
            isinstance(child, ast.Assert)
            or (isinstance(child, ast.Call) and dotted(child.func).rpartition(".")[2].startswith("assert"))
            for child in ast.walk(node)
        )
        self.file.functions.append(
            TestFunction(
                node.name,
                node.lineno,
                node.col_offset + len("def " if isinstance(node, ast.FunctionDef) else "async def "),
                around,
                decorators(node),
                kind_of(node.body),
                asserts,
                *self.is_named(node),
                at_import,
            )
        )

    def add_class(self, node: ast.ClassDef, around: tuple[Any, ...], at_import: bool) -> None:
        """Notes a class."""
        opted = ""
        members: list[str] = []
        for statement in node.body:
            if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
                members.append(statement.name)
            elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                members.append(statement.targets[0].id)
                if statement.targets[0].id == "__test__":
                    opted = ast.unparse(statement.value)
        self.file.classes.append(
            TestClass(
                node.name,
                node.lineno,
                node.col_offset + len("class "),
                around,
                decorators(node),
                tuple(members),
                opted,
                *self.is_named(node),
                at_import,
            )
        )

    def is_named(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[bool, bool]:
        """Whether the name stands anywhere outside of the definition, and whether outside of main guards."""
        end = node.end_lineno or node.lineno
        lines = [line for line in self.mentions.get(node.name, ()) if not node.lineno <= line <= end]
        return bool(lines), any(all(line not in guard for guard in self.guards) for line in lines)


def kind_of(body: list[ast.stmt]) -> str:
    """What a body amounts to."""
    first = body[0]
    if is_constant_line(first) and isinstance(first.value.value, str):  # type: ignore[attr-defined]
        body = body[1:]
    if all(isinstance(s, ast.Pass) or is_constant_line(s) for s in body):
        return "empty"
    if is_skip(body[0]):
        return "skip"
    rest = [s for s in body if not isinstance(s, ast.Pass) and not is_constant_line(s)]
    if all(map(is_constant_assertion, rest)):
        return "constant-assertion"
    if all(isinstance(s, FUNCTIONS) and not s.decorator_list for s in rest):
        return "uncalled-function"
    if len(body) == 1 and isinstance(body[0], ast.Raise) and body[0].exc is not None:
        exc = body[0].exc
        return (
            "todo" if dotted(exc.func if isinstance(exc, ast.Call) else exc) == "NotImplementedError" else ""
        )
    return ""


def is_constant_line(statement: ast.stmt) -> bool:
    """Whether a statement is a constant that nobody uses."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_skip(statement: ast.stmt) -> bool:
    """Whether a statement skips the test."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return dotted(statement.value.func) in ("pytest.skip", "skip", "self.skipTest")
    if isinstance(statement, ast.Raise) and isinstance(statement.exc, ast.Call):
        return dotted(statement.exc.func) in ("unittest.SkipTest", "SkipTest", "pytest.skip.Exception")
    return False


def is_constant_assertion(statement: ast.stmt) -> bool:
    """Whether a statement asserts what does not depend on anything."""
    if isinstance(statement, ast.Assert):
        return is_constant(statement.test)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        number = {"assertTrue": 1, "assertFalse": 1, "assertIsNone": 1, "assertIsNotNone": 1}
        number |= {"assertEqual": 2, "assertIs": 2, "assertIn": 2}
        name = dotted(call.func)
        if name.startswith("self.") and name[5:] in number:
            wanted = call.args[: number[name[5:]]]
            return len(wanted) == number[name[5:]] and all(map(is_constant, wanted))
    return False


def is_constant(node: ast.expr) -> bool:
    """Whether an expression holds no name, no call and nothing else that may vary."""
    allowed = (ast.Constant, ast.Compare, ast.UnaryOp, ast.Tuple, ast.List)
    inner = (ast.cmpop, ast.unaryop, ast.expr_context)
    return all(isinstance(child, (*allowed, *inner)) for child in ast.walk(node))


def is_guard(test: ast.expr) -> bool:
    """Whether a condition is that of a main guard, or of code for type checkers."""
    text = ast.unparse(test)
    return text in ("__name__ == '__main__'", "TYPE_CHECKING", "typing.TYPE_CHECKING")


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[str, ...]:
    """The dotted names of decorators."""
    return tuple(dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list)


def dotted(node: ast.expr) -> str:
    """A dotted name, "" for anything else."""
    text = ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
    return text if text.replace(".", "_").isidentifier() else ""


def last_parts(names: tuple[str, ...]) -> set[str]:
    """The last parts of dotted names."""
    return {name.rpartition(".")[2] for name in names}


class Classes:
    """Answers about the classes of a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.resolver = Resolver(tree)
        self.numbers = {
            (record.path, cls.line): number
            for record in tree.records.values()
            for number, cls in enumerate(record.classes)
        }

    def above(self, path: str, line: int) -> frozenset[Thing]:
        """What the class at a line inherits from."""
        return ancestors(self.resolver, self.thing(path, line))

    def thing(self, path: str, line: int) -> Thing:
        """The class at a line."""
        return Thing("class", path, str(self.numbers[path, line]))

    def is_test_case(self, path: str, line: int) -> bool | None:
        """Whether a class is a `unittest.TestCase`, None where that is unknown."""
        above = self.above(path, line)
        outside = [thing.place for thing in above if thing.kind == "outside"]
        if any(name.endswith("TestCase") for name in outside):
            return True
        plain = ("abc", "builtins", "typing", "enum", "dataclasses", "collections", "threading", "contextlib")
        if any(name.partition(".")[0] not in plain for name in outside):
            return None
        return None if any(thing.kind not in ("class", "outside") for thing in above) else False

    def members_above(self, path: str, line: int) -> Iterator[str]:
        """The names that the ancestors in the tree bind."""
        for thing in self.above(path, line):
            if thing.kind == "class":
                yield from self.tree.class_of(thing).names

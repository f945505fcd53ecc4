"""SST503: calls that run tests, and calls that start a command which runs tests."""

from __future__ import annotations

import ast
import re
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from .tree import Expected, Resolver, Tree

if TYPE_CHECKING:
    from .config import Config

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
RUNNERS = {
    "pytest.main",
    "pytest.console_main",
    "unittest.main",
    "unittest.TestProgram",
    "unittest.TextTestRunner",
    "nose.run",
    "nose.main",
}
STARTERS = {
    *(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen", "getoutput")),
    *("subprocess.getstatusoutput", "os.system", "os.popen", "os.execv", "os.execvp", "os.execvpe"),
    *("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"),
}
RUNS_TESTS = re.compile(
    r"(?:^|[;&|] *|-m |-c |\brun |\b\w+=\S* )(?:[\w.]*/)*(?:pytest|py\.test|unittest)(?:$|[ \";&|])"
)
RUNS_NOTHING = re.compile(
    r"(?:^| )(?:--version|-V|--help|-h|--collect-only|--co|--markers|--fixtures)(?:$| )"
)


class Call(NamedTuple):
    """A call of a dotted name."""

    line: int
    column: int
    function: str
    command: str  # that it starts
    around: tuple[range, ...]  # the lines of the functions and classes around it


def runner_bypasses(tree: Tree, config: Config) -> list[Expected]:
    """Every call in every file but the runner."""
    resolver = Resolver(tree)
    paths = [path for path, record in tree.records.items() if record.is_read and path != config.runner]
    with ProcessPoolExecutor(tree.jobs) as pool:
        read = list(pool.map(partial(read_calls, tree.root), paths, chunksize=64))
    found = []
    for path, (calls, inner) in zip(paths, read, strict=True):
        for call in calls:
            root, *attributes = call.function.split(".")
            imports = [each for each in tree.records[path].imports if each.bound == root]
            meanings = tuple(
                each.meaning
                for each in imports
                if all(each.line not in lines or lines in call.around for lines in inner)
            )
            things = resolver.resolve_all(meanings or (() if imports else (("own", root),)), path)
            for attribute in attributes:
                things = resolver.parts(things, attribute)
            names = {thing.place for thing in things if thing.kind == "outside"}
            starts_tests = RUNS_TESTS.search(call.command) and not RUNS_NOTHING.search(call.command)
            if names & RUNNERS or (names & STARTERS and starts_tests):
                found.append(Expected("", path, call.line, call.column))
    return found


def read_calls(root: str, path: str) -> tuple[list[Call], list[range]]:
    """The calls of dotted names in one file, and the lines of all its functions and classes."""
    source = (Path(root) / path).read_bytes()
    if not re.search(rb"test|nose", source):
        return [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nodes = list(ast.walk(ast.parse(source, path)))
    inner = [
        range(node.lineno, (node.end_lineno or 0) + 1) for node in nodes if isinstance(node, DEFINITIONS)
    ]
    commands = Commands(nodes)
    calls = [
        Call(
            node.func.lineno,
            node.func.col_offset,
            ast.unparse(node.func),
            commands.of(node),
            tuple(lines for lines in inner if node.lineno in lines),
        )
        for node in nodes
        if isinstance(node, ast.Call) and is_dotted(node.func)
    ]
    return calls, inner


def is_dotted(node: ast.expr) -> bool:
    """Whether an expression is a name, or attributes of one."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


class Commands:
    """What the calls of one file pass, with the names that are bound to strings and lists in their scopes."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
        self.texts: dict[tuple[ast.AST, str], list[ast.expr]] = {}
        self.bound: set[tuple[ast.AST, str]] = set()
        for node in nodes:
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.bound.add((self.scope(node), node.id))
            elif isinstance(node, ast.arg):
                self.bound.add((self.scope(self.parents[node]), node.arg))
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if len(targets) == 1 and isinstance(targets[0], ast.Name) and is_text(node.value):
                    self.texts.setdefault((self.scope(node), targets[0].id), []).append(node.value)

    def scope(self, node: ast.AST) -> ast.AST:
        """The function, class or module around a node; a signature belongs to its function."""
        while node in self.parents and not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            node = self.parents[node]
        return node

    def of(self, call: ast.Call) -> str:
        """The strings among the arguments, and in the lists among them, as one line."""
        arguments = call.args + [each.value for each in call.keywords if each.arg == "args"]
        return " ".join(filter(None, map(self.text, arguments)))

    def text(self, node: ast.expr) -> str:
        """The constant words of an argument."""
        if not isinstance(node, ast.Name):
            return words(node)
        scope: ast.AST | None = self.scope(self.parents[node])
        while scope is not None:
            if (scope, node.id) in self.texts:
                return " ; ".join(filter(None, map(words, self.texts[scope, node.id])))
            if (scope, node.id) in self.bound:
                return ""
            scope = self.scope(self.parents[scope]) if scope in self.parents else None
        return ""


def is_text(node: ast.expr | None) -> TypeGuard[ast.expr]:
    """Whether a value may be a command."""
    return isinstance(node, (ast.Constant, ast.JoinedStr, ast.List, ast.Tuple))


def words(node: ast.expr) -> str:
    """The constant words of a string or a list of strings."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return " ".join(filter(None, map(words, node.elts)))
    if isinstance(node, ast.JoinedStr):
        return "".join(words(part) or " " for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

"""The plan of the house: which way imports go, what each part may import, how long files are, its words."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "ssot_lint"
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# Imports go down only, and never sideways.
LAYERS = """
    __main__
    cli
    commands
    integrations
    insight proposals
    fix
    since
    hook past reports self_test sessions
    snapshot
    engine session
    rechecks
    measures
    outside_measures
    standing
    summaries
    compare record snippets
    tree
    remote spread
    checks choice gather outlines
    outside
    allow baseline collection_files config codec executors import_paths installed owners schema suppress
    config_file
    reading
    flaws plugins
    catalogue tables
    canonical gates toml_document
    rules
    project file references ancestry
    definitions names
    answers modules
    meaning reads
    collection mistakes roots
    facts
    pools processes
    files
    finding
"""
TOGETHER = {"project", "file", "references", "ancestry"}  # one thing in four files: they know each other

PURE = (
    *("facts/", "rules/", "answers.py", "collection.py", "file.py", "finding.py", "meaning.py", "modules.py"),
    *("ancestry.py", "definitions.py", "names.py", "project.py", "reads.py", "references.py", "roots.py"),
)
"""These run where nothing can be installed."""

STORES = ("facts/database.py", "facts/parts.py", "facts/store.py")

LENGTH = 300
# Longer than they should be, with what they may be at most. Numbers go down, and files off the list.
LONG = {
    "facts/build.py": 370,
    "facts/diagnose.py": 450,
    "facts/expressions.py": 560,
    "facts/lexical.py": 340,
    "facts/statements.py": 465,
}

NAMELESS = {"util", "common", "helper", "manager", "handler", "misc"}
FORBIDDEN_WORDS = {"violation", "issue", "checker", "visitor", "manager", "handler", "util"}
WORDS_OF_PYTHON = {"handler"}  # what `except` clauses are called in syntax trees


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((PACKAGE / path).read_text(encoding="utf-8"))


def imported(path: str) -> Iterator[str]:
    """The modules that a file imports anywhere in it, and `module.name` for what it takes from them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: imports are absolute"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots(path: str) -> set[str]:
    """The top-level packages that a file imports."""
    return {name.partition(".")[0] for name in imported(path)}


def part(path: str) -> str:
    """The module or package right below `ssot_lint` that a file belongs to."""
    return path.partition("/")[0].removesuffix(".py")


def parts_imported(path: str) -> set[str]:
    """The modules and packages right below `ssot_lint` that a file imports."""
    known = {part(each) for each in FILES} - {"__init__"}
    names = {name.split(".")[1] for name in imported(path) if name.startswith("ssot_lint.")}
    return names & known


def test_every_module_has_its_layer() -> None:
    assert sorted(LAYERS.split()) == sorted({part(path) for path in FILES} - {"__init__"})


@pytest.mark.parametrize("path", FILES)
def test_imports_go_down_only(path: str) -> None:
    layers = [line.split() for line in LAYERS.strip().splitlines()]
    height = {name: -number for number, layer in enumerate(layers) for name in layer}
    own = part(path)
    if own == "__init__":  # is loaded before all others, so what it offers must import late
        at_once = [node for node in tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert [ast.unparse(node).split()[1] for node in at_once] == ["__future__", "typing"]
        return
    others = parts_imported(path) - {own} - (TOGETHER if own in TOGETHER else set())
    assert [name for name in sorted(others) if height[name] >= height[own]] == []


@pytest.mark.parametrize("path", FILES)
def test_only_facts_and_fixes_know_syntax_trees(path: str) -> None:
    assert "ast" not in roots(path) or path.startswith(("facts/", "fix/"))


@pytest.mark.parametrize("path", [path for path in FILES if path.startswith("rules/")])
def test_rules_are_pure_functions_over_facts(path: str) -> None:
    assert roots(path).isdisjoint({"ast", "os", "pathlib", "subprocess", "io", "sys"})


@pytest.mark.parametrize("path", [path for path in FILES if path.startswith(PURE)])
def test_core_needs_the_standard_library_alone(path: str) -> None:
    assert roots(path) <= sys.stdlib_module_names | {"ssot_lint"}
    assert "sqlite3" not in roots(path) or path in STORES


@pytest.mark.parametrize("path", FILES)
def test_nothing_stored_can_run_code(path: str) -> None:
    assert roots(path).isdisjoint({"pickle", "shelve", "dill"})
    assert {"marshal.load", "marshal.loads"}.isdisjoint(imported(path))


@pytest.mark.parametrize("path", FILES)
def test_module_says_what_it_is(path: str) -> None:
    assert NAMELESS.isdisjoint(words_in(Path(path).stem))
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", FILES)
def test_file_is_short(path: str) -> None:
    lines = len((PACKAGE / path).read_text(encoding="utf-8").splitlines())
    assert lines <= LONG.get(path, LENGTH)
    assert lines > LENGTH or path not in LONG, "short at last: take it off the list"


@pytest.mark.parametrize("path", FILES)
def test_words_are_those_of_the_project(path: str) -> None:
    words = {word for name in names_bound(path) for word in words_in(name)}
    allowed = WORDS_OF_PYTHON if path.startswith("facts/") else set()
    assert words & FORBIDDEN_WORDS <= allowed


def names_bound(path: str) -> Iterator[str]:
    """The names that a file gives to anything."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case (
                ast.arg(arg=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
            ):
                yield name
            case ast.alias(asname=str(name)):
                yield name


def words_in(name: str) -> list[str]:
    """The words of a name in snake case or camel case, in lower case and without a plural's s."""
    return [word.lower().removesuffix("s") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]

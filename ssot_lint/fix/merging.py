"""Finds the import statement that takes in a name which now comes from the same module."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

from ssot_lint.fix.imports import Home, ImportStatement, bound_name
from ssot_lint.fix.syntax import Syntax


def takers(
    syntax: Syntax, homes: Mapping[ast.alias, Home], touched: Collection[ast.stmt]
) -> Iterator[tuple[ast.alias, ast.ImportFrom]]:
    """The names that can move to a statement which imports from their new home already.

    Only imports stand between the two, so that no code sees the difference, and nothing else of them binds
    the name; a statement with a comment keeps its names, and one that changes itself takes none.
    """
    for alias, home in homes.items():
        statement = syntax.parents[alias]
        if isinstance(statement, ast.ImportFrom) and not _has_comment(syntax, statement):
            near = list(_imports_around(syntax, statement))
            for taker in near:
                if (
                    isinstance(taker, ast.ImportFrom)
                    and taker not in touched
                    and not taker.level
                    and taker.module == home.module
                    and taker.names[0].name != "*"
                    and _may_take(alias, home, taker, near)
                ):
                    yield alias, taker
                    break


def has_already(taker: ast.ImportFrom, alias: ast.alias, home: Home) -> bool:
    """Whether a statement imports the same under the same name."""
    return any(each.name == home.name and bound_name(each) == bound_name(alias) for each in taker.names)


def _may_take(alias: ast.alias, home: Home, taker: ast.ImportFrom, near: list[ImportStatement]) -> bool:
    bound = bound_name(alias)
    others = [each for statement in near for each in statement.names if bound_name(each) in (bound, "*")]
    times = 2 if has_already(taker, alias, home) else 1
    return len(others) == times and alias.asname != alias.name


def _has_comment(syntax: Syntax, statement: ast.stmt) -> bool:
    start, end = syntax.start(statement), syntax.line_end(syntax.end(statement))
    return bool(syntax.comments_in(start, end))


def _imports_around(syntax: Syntax, statement: ast.stmt) -> Iterator[ImportStatement]:
    """The import statements in one piece with a statement, itself among them."""
    run: list[ImportStatement] = []
    for each in syntax.body_of(statement):
        if isinstance(each, ast.Import | ast.ImportFrom):
            run.append(each)
        elif statement in run:
            break
        else:
            run = []
    yield from run

"""Finds what the edits of a fix are about: the nodes of the text, or its characters."""

from __future__ import annotations

import ast
from typing import NamedTuple

from ssot_lint.finding import IMPORT, REIMPORT, REMOVE, REPLACE, TEXT, UNCOMMENT, Edit, Fix
from ssot_lint.fix.imports import DEFINITIONS, is_future
from ssot_lint.fix.removal import first_offset
from ssot_lint.fix.source_text import RefusedError
from ssot_lint.fix.syntax import Syntax


class Step(NamedTuple):
    """An edit at its place: the node that it is about, or None where it is about characters.

    The offsets are those of what it changes; edits that do the same to the same place are equal.
    """

    kind: str
    node: ast.AST | None
    start: int
    end: int
    symbol: str
    text: str


def steps_of(syntax: Syntax, fix: Fix) -> tuple[Step, ...]:
    """Where the edits of a fix are; raises RefusedError where one has no place in the text."""
    return tuple(_step(syntax, edit) for edit in fix.edits)


def _step(syntax: Syntax, edit: Edit) -> Step:
    start, end = syntax.range_of(edit.span)
    if edit.kind == TEXT:
        if syntax.is_inside_old_string(start, end):
            raise RefusedError("it is inside of an f-string, whose parts Python 3.11 and older cannot locate")
        return Step(TEXT, None, start, end, "", edit.text)
    if edit.kind == UNCOMMENT:
        return Step(TEXT, None, *_comment(syntax, start), "", "")
    node = _node(syntax, edit, start, end)
    if edit.kind != REMOVE:
        _check_symbol(edit)
    begin = first_offset(syntax, node) if isinstance(node, ast.stmt) else syntax.start(node)
    return Step(edit.kind, node, begin, syntax.end(node), edit.symbol, edit.text)


def _node(syntax: Syntax, edit: Edit, start: int, end: int) -> ast.AST:
    where = f"at {edit.span.line}:{edit.span.column}"
    if edit.kind == REIMPORT:
        return _alias(syntax, edit, where)
    if edit.kind == REPLACE:
        return _expression(syntax, edit, where)
    if edit.kind not in (IMPORT, REMOVE):
        raise ValueError(f"unknown kind of edit: {edit.kind}")
    kinds = DEFINITIONS if edit.kind == IMPORT else (ast.stmt,)
    around = [
        node
        for node in syntax.statements.values()
        if isinstance(node, kinds) and first_offset(syntax, node) <= start and end <= syntax.end(node)
    ]
    if not around:
        raise RefusedError(f"there is no {'definition' if edit.kind == IMPORT else 'statement'} {where}")
    innermost = min(around, key=lambda node: syntax.end(node) - first_offset(syntax, node))
    if syntax.text.startswith("elif", syntax.start(innermost)):
        raise RefusedError(f"the statement {where} is a branch of another")
    return innermost


def _alias(syntax: Syntax, edit: Edit, where: str) -> ast.alias:
    alias = syntax.aliases.get(syntax.place(edit.span))
    if alias is None:
        raise RefusedError(f"no name is imported {where}")
    if alias.name == "*":
        raise RefusedError("a star import brings more than one name")
    if is_future(syntax.parents[alias]) or edit.symbol.startswith("__future__."):
        raise RefusedError("`__future__` is no module like others")
    if edit.symbol.startswith(".") and isinstance(syntax.parents[alias], ast.Import):
        raise RefusedError("a relative import names what it takes from a module")
    if edit.text:
        raise RefusedError(f"`{edit.symbol}{edit.text}` cannot be imported")
    return alias


def _expression(syntax: Syntax, edit: Edit, where: str) -> ast.expr:
    node = syntax.expressions.get(syntax.place(edit.span))
    if node is None:
        raise RefusedError(f"there is no expression {where}, or none that can be located")
    if not isinstance(getattr(node, "ctx", None) or ast.Load(), ast.Load):
        raise RefusedError(f"the expression {where} is assigned to or deleted")
    if isinstance(node, ast.Constant) and _is_type(syntax, node):
        raise RefusedError(f"the literal {where} is a type or a pattern, which names cannot stand for")
    if isinstance(syntax.parents[node], ast.Expr) and isinstance(node, ast.Constant):
        raise RefusedError(f"the literal {where} is a docstring")
    if syntax.comments_in(syntax.start(node), syntax.end(node)):
        raise RefusedError(f"the expression {where} holds comments")
    return node


def _is_type(syntax: Syntax, node: ast.AST) -> bool:
    """Whether a node lies in an annotation or in a pattern of `case`."""
    for outer in syntax.around(node):
        if isinstance(outer, ast.pattern):
            return True
        if node in (getattr(outer, "annotation", None), getattr(outer, "returns", None)):
            return True
        node = outer
    return False


def _comment(syntax: Syntax, start: int) -> tuple[int, int]:
    """The offsets of what begins at a `#` in a comment, with blanks, and with a line that is all its own."""
    found = next((c for c in syntax.comments if c.start <= start < c.start + len(c.text)), None)
    if found is None or syntax.text[start] != "#":
        raise RefusedError("there is no such comment")
    last = found.start + len(found.text)
    end = syntax.text.find("#", start + 1, last)
    if end >= 0:
        return start, end
    first = len(syntax.text[:start].rstrip(" \t"))
    if first != syntax.line_start(start):
        return first, last
    return (first, last + 1) if last < len(syntax.text) else (max(first - 1, 0), last)


def _check_symbol(edit: Edit) -> None:
    if not all(part.isidentifier() for part in edit.symbol.lstrip(".").split(".")):
        raise RefusedError(f"`{edit.symbol}` is no dotted name")

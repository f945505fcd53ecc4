"""The syntax tree of a text, with where its parts stand: nodes by their span, offsets, comments, scopes."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ssot_lint.facts.scopes import Binders
from ssot_lint.facts.statements import Statements
from ssot_lint.files import Columns
from ssot_lint.finding import Span
from ssot_lint.fix.source_text import RefusedError

_TOO_DEEP = (RecursionError, MemoryError)
_KNOWS_PLACES_IN_STRINGS = sys.version_info >= (3, 12)
"""Whether the nodes in f-strings have their true positions."""

_DIRECTIVE = re.compile(r"#\s*(?:noqa|type:|pyright:|mypy:|pylint:|ruff:|flake8:|isort:|pragma|ssot:)")

Place = tuple[int, int, int, int]  # of a node, as `ast` has it: lines 1-based, columns 0-based in UTF-8 bytes


class Comment(NamedTuple):
    """A comment, with the offset of its `#` in the text."""

    start: int
    text: str

    @property
    def is_directive(self) -> bool:
        """Whether it tells a tool what to do, or not to, at its place."""
        return _DIRECTIVE.match(self.text) is not None


class Syntax:
    """A text that Python accepts, as the changes of it need it.

    Offsets count characters of the text, 0-based. Raises RefusedError where the text does not compile.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parsed(text)
        self._columns = Columns(text)
        self.line_starts = [0]
        for line in text.split("\n"):
            self.line_starts.append(self.line_starts[-1] + len(line) + 1)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.expressions: dict[Place, ast.expr] = {}  # the outermost of those that fill a place
        self.statements: dict[Place, ast.stmt] = {}
        self.aliases: dict[Place, ast.alias] = {}
        self.names: dict[str, list[ast.Name]] = {}
        self._in_old_strings: set[ast.AST] = set()
        self._index()

    def _index(self) -> None:
        stack: list[ast.AST] = [self.tree]
        while stack:
            node = stack.pop()
            if isinstance(node, ast.expr):
                if not self.is_in_old_string(node):
                    self.expressions.setdefault(place_of(node), node)
                if isinstance(node, ast.Name):
                    self.names.setdefault(node.id, []).append(node)
            elif isinstance(node, ast.stmt):
                self.statements[place_of(node)] = node
            elif isinstance(node, ast.alias):
                self.aliases[place_of(node)] = node
            in_old_string = isinstance(node, ast.JoinedStr) and not _KNOWS_PLACES_IN_STRINGS
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
                stack.append(child)
                if in_old_string or node in self._in_old_strings:
                    self._in_old_strings.add(child)

    @cached_property
    def binders(self) -> Binders:
        """What each scope binds."""
        walk = Statements()
        try:
            walk.visit_module(self.tree)
        except _TOO_DEEP:
            raise RefusedError("the text is nested too deeply") from None
        return Binders(walk.open_scopes)

    # places

    def place(self, span: Span) -> Place:
        """Where `ast` would have a node that fills a span."""
        utf8 = self._columns.utf8
        return (
            span.line,
            utf8(span.line, span.column),
            span.end_line,
            utf8(span.end_line, span.end_column),
        )

    def range_of(self, span: Span) -> tuple[int, int]:
        """The offsets of a span; raises RefusedError where the text has no such place."""
        last = len(self.line_starts) - 1
        if not 1 <= span.line <= span.end_line <= last:
            raise RefusedError(f"the file has no line {span.end_line}")
        start = self.line_starts[span.line - 1] + span.column - 1
        end = self.line_starts[span.end_line - 1] + span.end_column - 1
        if end >= self.line_starts[span.end_line] or start > end:
            raise RefusedError(f"line {span.end_line} is not that long")
        return start, end

    def start(self, node: ast.AST) -> int:
        """The offset of the first character of a statement (behind its decorators), expression or alias."""
        line, column, _, _ = place_of(node)
        return self.line_starts[line - 1] + self._columns.character(line, column) - 1

    def end(self, node: ast.AST) -> int:
        """The offset behind the last character of a statement, expression or alias."""
        _, _, line, column = place_of(node)
        return self.line_starts[line - 1] + self._columns.character(line, column) - 1

    def line_start(self, offset: int) -> int:
        """The offset of the first character of a line, given one of that line."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """The offset of the line end of a line, or of the end of the text, given an offset in that line."""
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found

    def starts_line(self, offset: int) -> bool:
        """Whether only blanks are before an offset on its line."""
        return not self.text[self.line_start(offset) : offset].strip()

    # comments

    @cached_property
    def comments(self) -> list[Comment]:
        """The comments in order; raises RefusedError where the text has no tokens after all."""
        return list(comments(self.text))

    def comments_in(self, start: int, end: int) -> list[Comment]:
        """The comments that begin from one offset up to another."""
        found = self.comments
        return found[bisect_left(found, (start,)) : bisect_left(found, (end,))]

    def comment_behind(self, offset: int) -> Comment | None:
        """The comment that is all that follows an offset on its line."""
        found = self.comments_in(offset, self.line_end(offset))
        return found[0] if found and not self.text[offset : found[0].start].strip() else None

    # what is around a node

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that a node lies in, from the innermost on."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def body_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """The block that a statement stands in."""
        for _, value in ast.iter_fields(self.parents[statement]):
            if isinstance(value, list) and any(each is statement for each in value):
                return value
        raise AssertionError("every statement stands in a block")

    def expressions_in(self, start: int, end: int) -> Iterator[ast.expr]:
        """The expressions that lie between two offsets as a whole."""
        first, last = bisect_right(self.line_starts, start), bisect_right(self.line_starts, end)
        for (line, _, end_line, _), node in self.expressions.items():
            if first <= line and end_line <= last and start <= self.start(node) and self.end(node) <= end:
                yield node

    def is_in_old_string(self, node: ast.AST) -> bool:
        """Whether a node lies in an f-string whose parts this Python cannot locate."""
        return node in self._in_old_strings

    def is_inside_old_string(self, start: int, end: int) -> bool:
        """Whether what is between two offsets is part of such an f-string, but not all of it."""
        return not _KNOWS_PLACES_IN_STRINGS and any(
            isinstance(node, ast.JoinedStr)
            and self.start(node) <= start
            and end <= self.end(node)
            and (start, end) != (self.start(node), self.end(node))
            for node in self.expressions.values()
        )


def place_of(node: ast.AST) -> Place:
    """Where a statement, expression or alias stands."""
    return (
        node.lineno,  # type: ignore[attr-defined]
        node.col_offset,  # type: ignore[attr-defined]
        node.end_lineno,  # type: ignore[attr-defined]
        node.end_col_offset,  # type: ignore[attr-defined]
    )


def parsed(text: str) -> ast.Module:
    """The tree of a text that compiles; raises RefusedError for any other."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python only warns of is as it was
        try:
            compile(text, "<source>", "exec", dont_inherit=True)
            return ast.parse(text)
        except (SyntaxError, ValueError) as error:
            raise RefusedError(f"the text does not compile: {error}") from None
        except _TOO_DEEP:
            raise RefusedError("the text is nested too deeply") from None


def parsed_expression(text: str) -> ast.expr:
    """The tree of an expression; raises RefusedError where a text is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(f"({text}\n)", mode="eval").body
        except (SyntaxError, ValueError, *_TOO_DEEP):
            raise RefusedError(f"`{text}` is no expression") from None


def comments(text: str) -> Iterator[Comment]:
    """The comments of a text in order; raises RefusedError where it has no tokens."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield Comment(starts[token.start[0] - 1] + token.start[1], token.string)
    except (tokenize.TokenError, SyntaxError) as error:
        raise RefusedError(f"the text cannot be split into tokens: {error}") from None

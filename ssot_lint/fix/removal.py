"""Takes statements out of a text, with their lines, their trailing comment, and blank lines left over."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ssot_lint.fix.source_text import Splice
from ssot_lint.fix.syntax import Syntax


class _Lines(NamedTuple):
    """Lines that go, from their first character to that of the line behind them."""

    start: int
    end: int
    opens: bool  # they are the first of their block


def removals(syntax: Syntax, statements: Collection[ast.stmt]) -> Iterator[Splice]:
    """The changes that take statements out; a block that would be left empty gets a `pass`."""
    lines: list[_Lines] = []
    for statement in sorted(statements, key=syntax.start):
        body = syntax.body_of(statement)
        is_module = isinstance(syntax.parents[statement], ast.Module)
        if not is_module and statement is body[-1] and all(each in statements for each in body):
            yield Splice(first_offset(syntax, statement), syntax.end(statement), "pass")
            continue
        index = next(number for number, each in enumerate(body) if each is statement)
        after = body[index + 1] if index + 1 < len(body) else None
        if index and body[index - 1].end_lineno == statement.lineno:
            yield Splice(syntax.end(body[index - 1]), syntax.end(statement), "")
        elif after is not None and after.lineno == statement.end_lineno:
            yield Splice(syntax.start(statement), syntax.start(after), "")
        else:
            start, end = extent(syntax, statement)
            new = _Lines(syntax.line_start(start), syntax.line_end(end) + 1, index == 0)
            if lines and not syntax.text[lines[-1].end : new.start].strip(" \n\t"):
                new = _Lines(lines[-1].start, new.end, lines.pop().opens)
            lines.append(new)
    yield from (_without_spare_blanks(syntax, each) for each in lines)


def extent(syntax: Syntax, statement: ast.stmt) -> tuple[int, int]:
    """The offsets of a statement with decorators, a trailing comment, and comments that end its body."""
    start, end = first_offset(syntax, statement), syntax.end(statement)
    comment = syntax.comment_behind(end)
    if not syntax.starts_line(start):
        return start, end
    if comment is not None:
        end = syntax.line_end(end)
    if statement.end_lineno == statement.lineno:
        return start, end
    indent = start - syntax.line_start(start)
    for comment in syntax.comments_in(end, len(syntax.text)):
        is_next = not syntax.text[end : comment.start].strip()
        if not is_next or comment.start - syntax.line_start(comment.start) <= indent:
            break
        end = syntax.line_end(comment.start)
    return start, end


def first_offset(syntax: Syntax, statement: ast.stmt) -> int:
    """The offset at which a statement begins, or the first of its decorators."""
    start = syntax.start(statement)
    decorators = getattr(statement, "decorator_list", None)
    return syntax.text.rindex("@", 0, syntax.start(decorators[0])) if decorators else start


def _without_spare_blanks(syntax: Syntax, lines: _Lines) -> Splice:
    """The change that takes lines out; of the blank ones around them the larger number stays."""
    text = syntax.text
    start, end, opens = lines
    if not text[end:].strip():  # at the end of the file
        start = _without_blank_lines_before(text, start)
        return Splice(start if text.endswith("\n") else max(start - 1, 0), len(text), "")
    before = text.count("\n", _without_blank_lines_before(text, start), start)
    behind = text.count("\n", end, _behind_blank_lines(text, end))
    for _ in range(behind if opens and not before else min(before, behind)):
        end = syntax.line_end(end) + 1
    return Splice(start, end, "")


def _without_blank_lines_before(text: str, offset: int) -> int:
    """The offset of the first of the blank lines right before a line."""
    while offset:
        above = text.rfind("\n", 0, offset - 1) + 1
        if text[above:offset].strip(" \t\n"):
            break
        offset = above
    return offset


def _behind_blank_lines(text: str, offset: int) -> int:
    """The offset of the first line from a line on that is not blank."""
    while True:
        below = text.find("\n", offset) + 1
        if not below or text[offset:below].strip(" \t\n"):
            return offset
        offset = below

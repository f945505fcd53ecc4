"""Texts as editors have them: positions count from 0, in units of UTF-8, UTF-16 or UTF-32."""

from __future__ import annotations

import re
from itertools import islice

from lsprotocol import types

from ssot_lint.files import Columns
from ssot_lint.finding import Span

_LINE_END = re.compile("\r\n|\r|\n")


def edited(text: str, change: types.TextDocumentContentChangeEvent, encoding: str) -> str:
    """Return a text after a change; `encoding` names the units of columns: "utf-8", "utf-16" or "utf-32"."""
    if not isinstance(change, types.TextDocumentContentChangePartial):
        return change.text
    start = offset(text, change.range.start, encoding)
    end = max(start, offset(text, change.range.end, encoding))
    return text[:start] + change.text + text[end:]


def offset(text: str, position: types.Position, encoding: str) -> int:
    """Return where in a text a position is, in characters; one that lies behind a line is at its end."""
    line_ends = _LINE_END.finditer(text)
    start = 0
    if position.line:
        last = next(islice(line_ends, position.line - 1, None), None)
        if last is None:
            return len(text)
        start = last.end()
    line_end = next(line_ends, None)
    line = text[start : line_end.start() if line_end is not None else len(text)]
    return start + _character(line, position.character, encoding)


def _character(line: str, units: int, encoding: str) -> int:
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    for index, character in enumerate(line):
        if units <= 0:
            return index
        units -= _width(ord(character), encoding)
    return len(line)


def _width(code: int, encoding: str) -> int:
    if encoding == "utf-8":
        return 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)
    return 1 + (code > 0xFFFF)


def position_of(columns: Columns, line: int, column: int, encoding: str) -> types.Position:
    """Return the position of a line and column of ours, both 1-based, the column in characters."""
    if encoding == "utf-8":
        units = columns.utf8(line, column)
    elif encoding == "utf-16":
        units = columns.utf16(line, column)
    else:
        units = column - 1
    return types.Position(line - 1, units)


def range_of(columns: Columns, span: Span, encoding: str) -> types.Range:
    """Return the range of a span in the text that the columns are of."""
    return types.Range(
        position_of(columns, span.line, span.column, encoding),
        position_of(columns, span.end_line, span.end_column, encoding),
    )


def difference(old: str, new: str, encoding: str) -> types.TextEdit:
    """Return the smallest edit that makes one text of another, which are not the same."""
    start = _shared(old, new)
    end = len(old) - _shared(old[start:][::-1], new[start:][::-1])
    if old[start - 1 : start + 1] == "\r\n":  # between the two there is no position
        start -= 1
    if old[end - 1 : end + 1] == "\r\n":
        end += 1
    columns = Columns(old)
    where = types.Range(
        _position_at(old, start, columns, encoding), _position_at(old, end, columns, encoding)
    )
    return types.TextEdit(where, new[start : len(new) - (len(old) - end)])


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _position_at(text: str, offset: int, columns: Columns, encoding: str) -> types.Position:
    """The position of a character; none is between the two of a line end."""
    ends = [found.end() for found in _LINE_END.finditer(text, 0, offset)]
    return position_of(columns, len(ends) + 1, offset - (ends[-1] if ends else 0) + 1, encoding)


def holds(outer: types.Range, inner: types.Range) -> bool:
    """Tell whether two ranges share anything, be it their ends."""
    return outer.start <= inner.end and inner.start <= outer.end

"""Parses TOML and finds where its tables and keys stand, which parsers do not tell."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from functools import cached_property
from typing import Any

from ssot_lint.finding import Span

Place = tuple[str | int, ...]  # keys and array indexes that lead to a value, from the top

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:\\.|[^"\\])*"' + r"|'[^']*'", re.DOTALL
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_ERROR = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class TomlError(Exception):
    """Text that is not TOML; `line` and `column` are 1-based."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column


class TomlDocument:
    """A parsed text: `data` as the parser returns it, and the places in it. Raises TomlError."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.data = _parsed(self.text)

    def span(self, place: Place) -> Span:
        """Where the header, key or array element stands; its nearest parent's place if it has none."""
        while place and place not in self._places:
            place = place[:-1]
        start, end = self._places.get(place, (0, 0))
        return Span(*self._line_and_column(start), *self._line_and_column(end))

    @cached_property
    def _places(self) -> dict[Place, tuple[int, int]]:
        return _Scanner(self.text).scan()

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def _parsed(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        parsed: dict[str, Any] = tomllib.loads(text)
        return parsed
    except RecursionError:
        raise TomlError("arrays or tables are nested too deeply") from None
    except ValueError as error:
        match = _ERROR.fullmatch(str(error))
        if match is None:  # such as a number of more digits than Python converts
            raise TomlError(f"a value cannot be read: {error}") from None
        reason, line, column = match.groups()
        reason = reason[:1].lower() + reason[1:]
        if line is None:
            lines = text.split("\n")
            raise TomlError(reason, len(lines), len(lines[-1]) + 1) from None
        raise TomlError(reason, int(line), int(column)) from None


class _Scanner:
    """Walks over a text that is known to be valid and notes the offsets of what it meets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._places: dict[Place, tuple[int, int]] = {}
        self._lengths: dict[Place, int] = {}  # of arrays of tables, so far

    def scan(self) -> dict[Place, tuple[int, int]]:
        table: Place = ()
        self._skip(_BLANK)
        while self._position < len(self._text):
            if self._text[self._position] == "[":
                table = self._header()
            else:
                self._assignment(table)
            self._skip(_BLANK)
        return self._places

    def _header(self) -> Place:
        start = self._position
        is_array = self._text.startswith("[[", start)
        self._position += 1 + is_array
        keys = self._key()
        self._skip(_BLANK)
        self._position += 1 + is_array
        table: Place = ()
        for key in keys[:-1]:
            table = self._last((*table, key))
            self._places.setdefault(table, (start, self._position))
        table += keys[-1:]
        if is_array:
            self._places.setdefault(table, (start, self._position))
            self._lengths[table] = self._lengths.get(table, 0) + 1
            table = self._last(table)
        self._places[table] = (start, self._position)
        return table

    def _last(self, place: Place) -> Place:
        """Go on to the last element if `place` is an array of tables."""
        return (*place, self._lengths[place] - 1) if place in self._lengths else place

    def _assignment(self, table: Place) -> None:
        start = self._position
        for key in self._key():
            table += (key,)
            self._places.setdefault(table, (start, self._position))
        self._skip(_BLANK)
        self._position += 1  # the equals sign
        self._value(table)

    def _value(self, place: Place) -> None:
        self._skip(_BLANK)
        opening = self._text[self._position]
        if opening not in "[{":
            self._skip(_STRING if opening in "\"'" else _BARE_VALUE)
            return
        self._position += 1
        index = 0
        while self._skip(_BLANK) not in "]}":
            if opening == "{":
                self._assignment(place)
            else:
                start = self._position
                element = (*place, index)
                self._value(element)
                self._places[element] = (start, self._position)
                index += 1
            if self._skip(_BLANK) == ",":
                self._position += 1
        self._position += 1

    def _key(self) -> tuple[str, ...]:
        """Read a dotted key."""
        keys = []
        while True:
            self._skip(_BLANK)
            start = self._position
            quoted = self._text[start] in "\"'"
            self._skip(_STRING if quoted else _BARE_KEY)
            key = self._text[start : self._position]
            keys.append(next(iter(_parsed(f"{key} = 0"))) if quoted else key)
            end = self._position
            if self._skip(_BLANK) != ".":
                self._position = end
                return tuple(keys)
            self._position += 1

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Go over what the pattern matches here and return the character behind it."""
        match = pattern.match(self._text, self._position)
        if match is not None:
            self._position = match.end()
        return self._text[self._position : self._position + 1]

"""A source text that is to be changed: its bytes, its characters, and how changes get into the bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ssot_lint.files import UndecodableError, read_text, split_encoding

_LINE_END = re.compile("\r\n|\r|\n")


class RefusedError(Exception):
    """A change that is not made; the message says why, in words for the user."""


class Splice(NamedTuple):
    r"""The characters from `start` up to `end` of a text, 0-based, become others; `\n` is the line end."""

    start: int
    end: int
    text: str


class SourceText:
    r"""The text of a file as `read_text` decodes it, with what it takes to write it back.

    Raises RefusedError where the bytes cannot be decoded, or would not come out the same.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self.text = read_text(data)
        except UndecodableError as error:
            raise RefusedError(f"the file cannot be decoded: {error}") from None
        self.mark, self.encoding, body = split_encoding(data)
        try:
            self.raw = body.decode(self.encoding)  # with the line ends that the file has
            survives = self.raw.encode(self.encoding) == body
        except UnicodeError:
            survives = False
        if not survives or _LINE_END.sub("\n", self.raw) != self.text:
            raise RefusedError(f"the file would not come out the same in {self.encoding}")
        self.line_ends = _LINE_END.findall(self.raw)

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """The bytes of the file with some changes, which do not overlap.

        A line that is new ends like the one at which it was put in.
        """
        ordered = sorted(splices)
        parts = []
        line = done = 0  # how many lines of the text have been passed, and how many characters
        for splice in ordered:
            before = self.text[done : splice.start]
            parts.append(self._with_line_ends(before, line))
            line += before.count("\n")
            parts.append(splice.text.replace("\n", self._line_end(line)))
            line += self.text.count("\n", splice.start, splice.end)
            done = splice.end
        parts.append(self._with_line_ends(self.text[done:], line))
        try:
            return self.mark + "".join(parts).encode(self.encoding)
        except UnicodeError:
            raise RefusedError(f"the new text cannot be written in {self.encoding}") from None

    def _with_line_ends(self, text: str, line: int) -> str:
        """A stretch of the text as the file has it, given how many lines are before it."""
        if "\r" not in self.raw:
            return text
        lines = text.split("\n")
        ends = self.line_ends[line : line + len(lines) - 1]
        return "".join(part + end for part, end in zip(lines, [*ends, ""]))

    def _line_end(self, line: int) -> str:
        """How a line ends; one that ends with the file, like the one above it."""
        return self.line_ends[min(line, len(self.line_ends) - 1)] if self.line_ends else "\n"


def united(splices: Iterable[Splice]) -> list[Splice]:
    """The changes in order, with those that only take something away made one where they overlap.

    Raises RefusedError where others do.
    """
    found: list[Splice] = []
    for splice in sorted(set(splices)):
        last = found[-1] if found else None
        if last is None or splice.start >= last.end:
            found.append(splice)
        elif not last.text and not splice.text:
            found[-1] = Splice(last.start, max(last.end, splice.end), "")
        else:
            raise RefusedError("changes of the same place contradict each other")
    return found

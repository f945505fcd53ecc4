"""What changes in a file, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from ssot_lint.reports import neutral

_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_HEAD = "\x1b[1m"
_PLAIN = "\x1b[0m"
_LAST = "\\ No newline at end of file"


def unified(path: str, before: str, after: str, *, colour: bool = False) -> Iterator[str]:
    r"""Yield the lines, without their ends, of what makes of one text another; `\n` is the line end in both.

    Characters that could steer a terminal are spelled out, tabs excepted.
    """
    name = neutral(path)
    lines = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    for number, line in enumerate(lines):
        start = _COLOURS.get(line[:1], "") if number > 1 else _HEAD
        for part in line.removesuffix("\n").split("\n"):
            shown = "\t".join(map(neutral, part.split("\t")))
            yield f"{start}{shown}{_PLAIN}" if colour and start and part != _LAST else shown


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([f"{last}\n{_LAST}\n"] if last else [])

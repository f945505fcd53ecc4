"""The files of the baseline: one for each rule, made so that branches which change it merge.

The first line gives the version and the number of fences. These are constant lines, of which each stands
above the entries whose fingerprints begin with its digits. So neighbours in a file are strangers, and
between entries of two fences there is always a line that nobody changes. The last line is constant, too: it
proves that the file is whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ssot_lint.baseline.conflicts import Lines, sides
from ssot_lint.baseline.entries import Entry, parsed, united, written
from ssot_lint.baseline.error import TextError

VERSION = 1
FENCES = (16, 256, 4096)
_FIRST = re.compile(r"#ssot-lint-baseline v([0-9]{1,9}) fences=([0-9]{1,9})")
_LAST = "#end"


class Shard(NamedTuple):
    """What a file of the baseline says."""

    fences: int
    entries: tuple[Entry, ...]  # in their order, each once
    is_merged: bool  # it has conflict markers or a line twice: it holds what either side of a merge had


def fences_for(number: int) -> int:
    """How many fences a new shard with so many entries gets: at least twice as many, where there are."""
    return next((fences for fences in FENCES if fences >= 2 * number), FENCES[-1])


def render(fences: int, entries: Iterable[Entry]) -> str:
    """The text of a shard, the same for the same entries in any order."""
    below: dict[str, list[str]] = {fence: [] for fence in _fences(fences)}
    digits = _digits(fences)
    for line in sorted(map(written, set(entries))):
        below[f"#{line[:digits]}"].append(line)
    lines = [f"#ssot-lint-baseline v{VERSION} fences={fences}"]
    for fence, entry_lines in below.items():
        lines += (fence, *entry_lines)
    return "\n".join((*lines, _LAST, ""))


def read(text: str, rule: str) -> Shard:
    """The shard of a rule in a text, also in one that git left with conflict markers. Raises TextError."""
    read_sides = [_read(lines, rule) for lines in sides(text)]
    times = Counter((entry.identity, entry.ordinal) for side in read_sides for entry in side.entries)
    return Shard(
        max(side.fences for side in read_sides),
        tuple(
            entry._replace(is_disputed=times[entry.identity, entry.ordinal] < len(read_sides))
            for entry in united(entry for side in read_sides for entry in side.entries)
        ),
        len(read_sides) > 1 or read_sides[0].is_merged,
    )


def _read(lines: Lines, rule: str) -> Shard:
    """The shard that one side of a merge has; entries and fences may repeat, as git's `union` leaves them."""
    fences = _fences_of(*(lines[0] if lines else (1, "")))
    constant = frozenset((*_fences(fences), _LAST))
    entries = []
    for number, line in lines[1:]:
        if line not in constant:
            try:
                entries.append(parsed(line, rule))
            except ValueError as error:
                raise TextError(number, str(error)) from None
    if missing := constant.difference(line for _, line in lines):
        first = min(missing, key=lambda line: (line == _LAST, line))
        raise TextError(lines[-1][0], f"the line `{first}` is missing: the file is cut off or damaged")
    chosen = united(entries)
    return Shard(fences, chosen, len(lines) > 1 + len(constant) + len(chosen))


def _fences_of(number: int, line: str) -> int:
    """The number of fences that the first line announces. Raises TextError."""
    first = _FIRST.fullmatch(line)
    if first is None:
        raise TextError(number, f"expected `#ssot-lint-baseline v{VERSION} fences=256`, found `{line[:60]}`")
    version, fences = map(int, first.groups())
    if version != VERSION:
        raise TextError(
            number, f"this is version {version} of the format, this ssot-lint knows {VERSION} alone"
        )
    if fences not in FENCES:
        raise TextError(number, f"expected 16, 256 or 4096 fences, found {fences}")
    return fences


@cache
def _fences(number: int) -> tuple[str, ...]:
    digits = _digits(number)
    return tuple(f"#{fence:0{digits}x}" for fence in range(number))


def _digits(fences: int) -> int:
    """How many hexadecimal digits tell so many fences apart."""
    return len(f"{fences - 1:x}")

"""Reads what `coverage json` writes, and adds up what is covered of some files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, NamedTuple

import msgspec

from ssot_lint.files import UsageError


class Lines(NamedTuple):
    """What tests reach of one file."""

    covered: int  # statements, and branches where those are measured
    total: int
    last: int  # the largest 1-based line that the report speaks of


class Covered(NamedTuple):
    """What tests reach of some files."""

    covered: int
    total: int  # statements and branches, and the lines of unknown files
    files: int
    unknown: tuple[str, ...]  # files that the report lacks
    changed: tuple[str, ...]  # files that the report knows in another version
    worst: tuple[str, Lines] | None  # the file of which the most is not covered


_Number = Annotated[int, msgspec.Meta(ge=0)]


class _Summary(msgspec.Struct):
    covered_lines: _Number
    num_statements: _Number
    covered_branches: _Number = 0
    num_branches: _Number = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be, in the way of msgspec."""
        if self.covered_lines > self.num_statements or self.covered_branches > self.num_branches:
            raise ValueError("more is covered than there is")


class _File(msgspec.Struct):
    summary: _Summary
    executed_lines: list[int]
    missing_lines: list[int]
    excluded_lines: list[int] = []


class _Report(msgspec.Struct):
    files: dict[str, _File]


def parsed(data: bytes, place: str) -> dict[str, Lines]:
    """What a report says of each file, by the name that it has for it. Raises UsageError."""
    try:
        report = msgspec.json.decode(data, type=_Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{place} is not what `coverage json` writes: {error}") from None
    return {name: _lines(file) for name, file in report.files.items()}


def added_up(
    known: Mapping[str, Lines], files: Iterable[str], lines_of: Callable[[str], list[bytes]]
) -> Covered:
    """What is covered of some files; `known` has what a report says, by path, `lines_of` reads a file.

    How many statements there are in a file that the report lacks is not known. They are at most as many as
    its lines that are not blank and no comments, which all count as not covered: so it is never too much.
    """
    covered = total = count = 0
    unknown = []
    changed = []
    worst: tuple[str, Lines] | None = None
    for path in files:
        count += 1
        lines = lines_of(path)
        said = known.get(path)
        if said is None:
            said = Lines(0, sum(map(_says_something, lines)), 0)
            if said.total:
                unknown.append(path)
        elif said.last > len(lines):
            changed.append(path)
        covered += said.covered
        total += said.total
        if said.covered < said.total and (worst is None or _missing(said) > _missing(worst[1])):
            worst = path, said
    return Covered(covered, total, count, tuple(unknown), tuple(changed), worst)


def _lines(file: _File) -> Lines:
    summary = file.summary
    return Lines(
        summary.covered_lines + summary.covered_branches,
        summary.num_statements + summary.num_branches,
        max((*file.executed_lines, *file.missing_lines, *file.excluded_lines), default=0),
    )


def _missing(lines: Lines) -> int:
    return lines.total - lines.covered


def _says_something(line: bytes) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith(b"#")

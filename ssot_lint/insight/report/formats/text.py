"""The report as plain text, in tables."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report import sections
from ssot_lint.insight.report.formats import Link
from ssot_lint.insight.report.sections import Cell, Section, Spot
from ssot_lint.reports import neutral

MOST = 10
"""So many rows of a table are shown."""

_LONGEST = 100  # characters of a line of prose
_WIDEST = 60  # characters: a longer cell moves what follows it, and not what is in other lines


def render(figures: Figures, link: Link) -> str:
    """Return the report; it has no links."""
    lines = [neutral(sections.headline(figures)), neutral(sections.origin(figures))]
    for section in sections.sections(figures, MOST):
        lines += ["", *_section(section)]
    lines += notes(figures)
    return "".join(f"{line}\n" for line in lines)


def notes(figures: Figures) -> Iterator[str]:
    """Yield the lines about what was left out."""
    if figures.notes:
        yield ""
        yield from (f"note: {neutral(note)}" for note in figures.notes)


def shown(cell: Cell) -> str:
    """Return a cell in words that can do a terminal no harm."""
    return f"{neutral(cell.path)}:{cell.line}" if isinstance(cell, Spot) else neutral(str(cell))


def _section(section: Section) -> Iterator[str]:
    yield neutral(section.title)
    yield from (f"  {line}" for line in wrap(neutral(section.lead), _LONGEST - 2, break_long_words=False))
    table = [section.columns] if any(section.columns[::2]) else []
    cells = [*table, *(tuple(map(shown, row)) for row in section.rows)]
    are_numbers = [sections.is_number(cell) for cell in section.rows[0]]
    widths = [min(max(map(len, column)), _WIDEST) for column in zip(*cells)]
    for row in cells:
        aligned = (
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, are_numbers)
        )
        yield f"  {'  '.join(aligned)}".rstrip()
    if section.more:
        yield f"  {section.more}"

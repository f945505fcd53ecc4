"""The report laid out for a terminal."""

from __future__ import annotations

from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report import sections
from ssot_lint.insight.report.formats import text
from ssot_lint.insight.report.sections import Section
from ssot_lint.reports import neutral


def render(figures: Figures, *, width: int, colour: bool) -> str:
    """Return the report for a terminal of `width` cells."""
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        highlight=False,
    )
    with console.capture() as captured:
        console.print(Text(neutral(sections.headline(figures)), style="bold"))
        console.print(Text(neutral(sections.origin(figures)), style="dim"))
        for section in sections.sections(figures, text.MOST):
            console.print()
            console.print(Text(neutral(section.title), style="bold"))
            if section.lead:
                console.print(Text(neutral(section.lead)))
            console.print(_table(section))
            if section.more:
                console.print(Text(f"  {neutral(section.more)}", style="dim"))
        for line in text.notes(figures):
            console.print(Text(line, style="dim"))
    return captured.get()


def _table(section: Section) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(section.columns[::2]))
    for column, cell in zip(section.columns, section.rows[0]):
        table.add_column(
            column,
            justify="right" if sections.is_number(cell) else "left",
            overflow="fold",
            header_style="dim",
        )
    for row in section.rows:
        table.add_row(*(Text(text.shown(cell)) for cell in row))
    return table

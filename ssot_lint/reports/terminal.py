"""The report on a terminal: findings grouped by file, in colour, with the source they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.style import Style

from ssot_lint.finding import Finding, Span
from ssot_lint.reports import concise, neutral, text

if TYPE_CHECKING:
    from ssot_lint.engine import Result

_PATH = Style(bold=True, underline=True)
_DIM = Style(dim=True)
_MARK = {"error": Style(color="red", bold=True), "warning": Style(color="yellow", bold=True)}
_CLEAN = Style(color="green")
_INDENT = 8


def render(
    result: Result,
    lines_of: Callable[[str], Sequence[str]],
    *,
    width: int,
    colour: bool,
    summary: bool = True,
    statistics: bool = False,
) -> str:
    """Return the report for a terminal of `width` cells; `lines_of` gives the source lines of a path."""
    system = ColorSystem.STANDARD if colour else None

    def paint(part: str, style: Style) -> str:
        return style.render(part, color_system=system)

    lines: list[str] = []
    for path, findings in groupby(result.new, key=lambda finding: finding.path):
        source = lines_of(path)
        lines.append(paint(neutral(path), _PATH))
        for finding in findings:
            lines.extend(_finding(finding, source, width, paint))
        lines.append("")
    closing = list(text.closing(result, summary=summary, statistics=statistics))
    if summary and not result.new:
        closing[0] = paint(closing[0], _CLEAN)
    return "".join(f"{line}\n" for line in (*lines, *closing))


def _finding(
    finding: Finding, source: Sequence[str], width: int, paint: Callable[[str, Style], str]
) -> Iterator[str]:
    span, style = finding.span, _MARK[finding.severity]
    where = f"{span.line}:{span.column}"
    margin = " " * _INDENT
    warning = " (warning)" if finding.severity == "warning" else ""
    rule = (
        f"{paint(finding.code, style)} {paint(finding.rule, _DIM)}{paint(warning, style) if warning else ''}"
    )
    # What is in colour is wrapped as a word of the same width: escapes take no room.
    plain = "x" * len(f"{finding.code} {finding.rule}{warning}")
    first, *rest = wrap(
        f"{plain} {neutral(finding.message)}",
        max(width - _INDENT, 20),
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield f"{where:>{_INDENT - 2}}  {rule}{first[len(plain) :]}"
    yield from (margin + line for line in rest)
    if span.line <= len(source):
        before, marked, after = excerpt(source[span.line - 1], span, max(width - _INDENT, 20))
        yield f"{margin}{before}{paint(marked, style)}{after}".rstrip()
        yield f"{margin}{' ' * cell_len(before)}{paint('^' * max(cell_len(marked), 1), style)}"
    for other in finding.related:
        yield f"{margin}{paint(concise.place(other.path, other.span), _DIM)} {neutral(other.message)}"


def excerpt(line: str, span: Span, width: int) -> tuple[str, str, str]:
    """Return what stands before, in and after the part of `line` that a span covers, cut to `width` cells."""
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    # No part shows more characters than the terminal has cells, however long the line.
    parts = (line[:start].lstrip()[-width:], line[start:end][:width], line[end:][:width])
    before, marked, after = (neutral(part.replace("\t", "    ")) for part in parts)
    if cell_len(before) > width // 2:
        before = "…" + _cut(before[::-1], width // 2 - 1)[::-1]
    marked = _cut(marked, width - cell_len(before))
    after = _cut(after, width - cell_len(before + marked))
    return before, marked, after


def _cut(part: str, width: int) -> str:
    return part if cell_len(part) <= width else set_cell_size(part, max(width, 0))

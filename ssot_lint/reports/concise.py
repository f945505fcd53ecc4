"""One line for each finding, and no more: for editors, `grep` and `diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssot_lint.finding import Finding, Span
from ssot_lint.reports import neutral

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request


def render(result: Result, request: Request) -> str:
    """Return the findings, each as `path:line:column: CODE rule message`."""
    return "".join(f"{line(finding)}\n" for finding in result.new)


def line(finding: Finding) -> str:
    """Return the line of one finding, without its end."""
    return f"{place(finding.path, finding.span)}: {words(finding)}"


def words(finding: Finding) -> str:
    """Return what the line of a finding says after its place."""
    return f"{finding.code} {finding.rule} {neutral(finding.message)}"


def place(path: str, span: Span) -> str:
    """Return where a span starts, as `path:line:column`."""
    return f"{neutral(path)}:{span.line}:{span.column}"

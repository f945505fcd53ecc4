"""The diagnostics of reviewdog, one a line of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ssot_lint.finding import Finding, Related, Span
from ssot_lint.reports.json import encode
from ssot_lint.reports.pages import page_of

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request


def render(result: Result, request: Request) -> str:
    """Return the document; paths start at the root, where reviewdog is run."""
    diagnostics = ",\n".join(encode(_diagnostic(finding, request)) for finding in result.new)
    return f'{{"source":{{"name":"ssot-lint"}},"diagnostics":[\n{diagnostics}\n]}}\n'


def _diagnostic(finding: Finding, request: Request) -> dict[str, Any]:
    page = page_of(finding.code)
    return {
        "message": finding.message,
        "location": _location(finding, request),
        "severity": finding.severity.upper(),
        "code": {"value": finding.rule, **({"url": page} if page else {})},
        "related_locations": [
            {"message": other.message, "location": _location(other, request)} for other in finding.related
        ],
    }


def _location(place: Finding | Related, request: Request) -> dict[str, Any]:
    return {"path": place.path, "range": _range(place.span, request.lines_of(place.path))}


def _range(span: Span, lines: Sequence[str]) -> dict[str, Any]:
    """Return a span as reviewdog counts: columns in bytes of UTF-8, or none where the source is not known."""
    if span.end_line > len(lines):
        return {"start": {"line": span.line}, "end": {"line": span.end_line}}
    return {
        "start": {"line": span.line, "column": _bytes(lines[span.line - 1], span.column)},
        "end": {"line": span.end_line, "column": _bytes(lines[span.end_line - 1], span.end_column)},
    }


def _bytes(line: str, column: int) -> int:
    """Return the 1-based column in bytes for one in characters, which may lie behind the end of the line."""
    before = line[: column - 1]
    return column + len(before.encode("utf-8", "surrogatepass")) - len(before)

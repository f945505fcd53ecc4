"""One line for each finding as pylint's `parseable` prints it, for what reads that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssot_lint.finding import MODULE_SCOPE, Finding
from ssot_lint.reports import neutral

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request


def render(result: Result, request: Request) -> str:
    """Return the findings, each as `path:line: [CODE(rule), scope] message`; a module is an empty scope."""
    return "".join(f"{_line(finding)}\n" for finding in result.new)


def _line(finding: Finding) -> str:
    scope = "" if finding.scope == MODULE_SCOPE else neutral(finding.scope)
    where = f"{neutral(finding.path)}:{finding.span.line}"
    return f"{where}: [{finding.code}({finding.rule}), {scope}] {neutral(finding.message)}"

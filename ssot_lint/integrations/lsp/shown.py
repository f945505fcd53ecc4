"""Findings as editors show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lsprotocol import types

from ssot_lint.finding import Finding, Span
from ssot_lint.reports import neutral
from ssot_lint.rules import Rule

SOURCE = "ssot-lint"

_SEVERITIES = {
    ("new", "error"): types.DiagnosticSeverity.Error,
    ("new", "warning"): types.DiagnosticSeverity.Warning,
}
"""By state and severity; what is not new, whatever its severity, is a hint."""

_TAGS = {"unused-suppression": [types.DiagnosticTag.Unnecessary]}

Locate = Callable[[str, Span], types.Location]
"""From a path of the project and a span in its text to where an editor finds that."""


class Shown(NamedTuple):
    """A finding with all that an editor can ask about it."""

    finding: Finding
    rule: Rule
    diagnostic: types.Diagnostic
    homes: tuple[types.Location, ...]
    may_be_allowed: bool  # by a comment


def diagnostic_of(finding: Finding, locate: Locate) -> types.Diagnostic:
    """Return a finding in the form of the protocol."""
    related = [
        types.DiagnosticRelatedInformation(locate(other.path, other.span), neutral(other.message))
        for other in finding.related
    ]
    return types.Diagnostic(
        range=locate(finding.path, finding.span).range,
        message=neutral(finding.message),
        severity=_SEVERITIES.get((finding.state, finding.severity), types.DiagnosticSeverity.Hint),
        code=finding.code,
        source=SOURCE,
        tags=_TAGS.get(finding.rule),
        related_information=related or None,
    )


def mistake_at(where: types.Range, text: str) -> types.Diagnostic:
    """Return what is wrong with a configuration in the form of the protocol."""
    return types.Diagnostic(where, neutral(text), severity=types.DiagnosticSeverity.Error, source=SOURCE)

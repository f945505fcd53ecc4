"""Findings as editors show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lsprotocol import types

from ssot_lint.baseline.carry import REPORTED
from ssot_lint.finding import Finding, Span
from ssot_lint.reports import neutral
from ssot_lint.rules import Rule

SOURCE = "ssot-lint"

_SEVERITIES = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}

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
    why = f" (waived: {finding.justification})" if finding.justification else ""
    related = [
        types.DiagnosticRelatedInformation(locate(other.path, other.span), neutral(other.message))
        for other in finding.related
    ]
    return types.Diagnostic(
        range=locate(finding.path, finding.span).range,
        message=neutral(f"{finding.message}{why}"),
        severity=_severity(finding),
        code=finding.code,
        source=SOURCE,
        tags=_TAGS.get(finding.rule),
        related_information=related or None,
    )


def _severity(finding: Finding) -> types.DiagnosticSeverity:
    """What is neither new nor worse is a hint, whatever its rule says."""
    is_reported = finding.state in REPORTED
    return _SEVERITIES[finding.severity] if is_reported else types.DiagnosticSeverity.Hint


def mistake_at(where: types.Range, text: str) -> types.Diagnostic:
    """Return what is wrong with a configuration in the form of the protocol."""
    return types.Diagnostic(where, neutral(text), severity=types.DiagnosticSeverity.Error, source=SOURCE)

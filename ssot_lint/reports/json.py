"""The report for programs: one JSON document, the same bytes for the same findings, one finding a line."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from ssot_lint.finding import Finding, Fix, Related
from ssot_lint.reports import neutral

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request

VERSION = 1

_encode = msgspec.json.Encoder().encode
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def render(result: Result, request: Request) -> str:
    """Return the document that `findings.schema.json` describes."""
    findings = ",\n".join(map(encode, map(document_of, result.findings)))
    tail: dict[str, Any] = {"summary": _summary(result, request)}
    if request.statistics:
        tail["statistics"] = dict(result.statistics)
    return f'{{"version":{VERSION},"findings":[\n{findings}\n],{encode(tail)[1:]}\n'


def document_of(finding: Finding) -> dict[str, Any]:
    """Return a finding as `$defs/finding` of the schema describes it."""
    span = finding.span
    return {
        "rule": finding.rule,
        "code": finding.code,
        "name": finding.name,
        "path": finding.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": finding.message,
        "scope": finding.scope,
        "subject": finding.subject,
        "fingerprint": finding.fingerprint,
        "state": finding.state,
        "justification": finding.justification,
        "value": finding.value,
        "severity": finding.severity,
        "fix": _fix(finding.fix),
        "related": [_related(other) for other in finding.related],
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    return {"title": fix.title, "safe": fix.is_safe} if fix is not None else None


def _related(other: Related) -> dict[str, Any]:
    return {"path": other.path, **other.span._asdict(), "message": other.message}


def _summary(result: Result, request: Request) -> dict[str, Any]:
    by_rule = Counter(finding.rule for finding in result.findings)
    by_state = Counter(finding.state for finding in result.findings)
    return {
        "files": result.files,
        "findings": len(result.findings),
        "by_rule": dict(sorted(by_rule.items())),
        "by_state": dict(sorted(by_state.items())),
        "suppressed": result.suppressed,
        "exit_codes": list(request.reasons),
    }


def encode(value: dict[str, Any]) -> str:
    r"""Return JSON in which unsafe characters are spelled as JSON escapes, so that no value is changed.

    The exception is a lone surrogate, of a path that is not UTF-8: many readers refuse its escape, so
    it becomes the text `\udcff`, as in the other reports.
    """
    try:
        document = _encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate, which msgspec does not take
        document = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        document = _LONE_SURROGATE.sub(lambda lone: f"\\\\u{ord(lone[0]):04x}", document)
    # JSON itself spells out all of ASCII that is unsafe, but for one.
    return document if document.isascii() and "\x7f" not in document else neutral(document)

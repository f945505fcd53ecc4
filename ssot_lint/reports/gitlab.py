"""Code Quality of GitLab: a JSON array with one entry a line, each with a fingerprint of its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ssot_lint.finding import Finding
from ssot_lint.reports.json import encode

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request

_SEVERITY = {"error": "major", "warning": "minor"}


def render(result: Result, request: Request) -> str:
    """Return the array; paths start at the top of the repository, as GitLab looks them up."""
    numbers: Counter[str] = Counter()
    entries = []
    for finding in result.new:
        fingerprint = finding.fingerprint
        entries.append(encode(_entry(finding, numbers[fingerprint], request.folder)))
        numbers[fingerprint] += 1
    return "[\n{}\n]\n".format(",\n".join(entries))


def _entry(finding: Finding, number: int, folder: str) -> dict[str, Any]:
    """Return what GitLab reads of a finding; `number` tells it from earlier ones of the same identity."""
    return {
        "description": finding.message,
        "check_name": finding.rule,
        # GitLab shows one entry for each fingerprint.
        "fingerprint": f"{finding.fingerprint}-{number}" if number else finding.fingerprint,
        "severity": _SEVERITY[finding.severity],
        "location": {
            "path": folder + finding.path,
            "lines": {"begin": finding.span.line, "end": finding.span.end_line},
        },
    }

"""SARIF 2.1.0, for code scanning: the rules that ran with their pages, and one result a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ssot_lint import __version__
from ssot_lint.finding import MODULE_SCOPE, Finding, Span
from ssot_lint.reports.json import encode
from ssot_lint.reports.pages import page_of

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request
    from ssot_lint.rules import Rule
    from ssot_lint.suppress import Allowed

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "SRCROOT"
_LONGEST = 1024  # characters of a description that GitHub takes

_CARRIED = {"suppressions": [{"kind": "external", "justification": "carried by the baseline"}]}
_STATES: dict[str, dict[str, Any]] = {
    "new": {"baselineState": "new"},
    "carried": {"baselineState": "unchanged", **_CARRIED},
    "moved": {"baselineState": "updated", **_CARRIED},
    "worse": {"baselineState": "updated"},
    "waived": {"baselineState": "unchanged"},
    "inherited": {"baselineState": "unchanged"},
}
"""What a result says by the state of its finding; every state there is has its line."""

_EXIT_CODES = {
    0: "clean or warnings only",
    1: "findings that are new or worse",
    3: "the change ends entries of the baseline, which still has them",
    4: "the change adds entries to the baseline without an owner",
    5: "debt is past its day",
}


def render(result: Result, request: Request) -> str:
    """Return the log; paths start at the top of the repository, and nothing in it depends on the machine."""
    numbers = {rule.id: number for number, rule in enumerate(request.rules)}
    documents = [_result(each, numbers, request.folder) for each in result.findings]
    documents += (_allowed(each, numbers, request.folder) for each in result.allowed)
    results = ",\n".join(map(encode, documents))
    return (
        f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{encode(_run(result, request))[:-1]},'
        f'"results":[\n{results}\n]}}]}}\n'
    )


def _run(result: Result, request: Request) -> dict[str, Any]:
    """Return all of a run but its results."""
    return {
        "tool": {
            "driver": {
                "name": "ssot-lint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in request.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "exitCode": request.exit_code,
                "exitCodeDescription": _EXIT_CODES[request.exit_code],
                "toolExecutionNotifications": [
                    {"level": "note", "message": _message(note)} for note in result.notes
                ],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    doc = rule.doc.strip()
    _, _, reasons = doc.partition("\n\n")
    why = " ".join(reasons.partition("\n\n")[0].removeprefix("*Why is this bad?*").split())
    page = page_of(rule.code)
    return {
        "id": rule.code,
        "name": rule.id,
        "shortDescription": {"text": rule.summary[:_LONGEST]},
        "fullDescription": {"text": (why or rule.summary)[:_LONGEST]},
        "help": {"text": doc, "markdown": doc},
        **({"helpUri": page} if page else {}),
        "defaultConfiguration": {"level": rule.options.severity},
    }


def _result(finding: Finding, numbers: dict[str, int], folder: str) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": numbers[finding.rule],
        "level": finding.severity,
        "message": _message(finding.message),
        "locations": [_location(folder + finding.path, finding.span) | _scope(finding.scope)],
        "relatedLocations": [
            {"id": number, **_location(folder + other.path, other.span), "message": _message(other.message)}
            for number, other in enumerate(finding.related, 1)
        ],
        # Not under the name that GitHub knows: its upload computes that one, and warns where it is another.
        "partialFingerprints": {"ssotLint/v1": finding.fingerprint},
        **_STATES[finding.state],
        **_waived(finding),
    }


def _waived(finding: Finding) -> dict[str, Any]:
    """Return what else a result says of a finding that a waiver speaks of."""
    why = finding.justification
    return {"suppressions": [{"kind": "external", "justification": why}]} if why else {}


def _allowed(allowed: Allowed, numbers: dict[str, int], folder: str) -> dict[str, Any]:
    """Return the result for a finding that a comment in the source allows."""
    why = {"justification": allowed.reason} if allowed.reason else {}
    return {**_result(allowed.finding, numbers, folder), "suppressions": [{"kind": "inSource", **why}]}


def _location(path: str, span: Span) -> dict[str, Any]:
    return {
        "physicalLocation": {
            # The bytes of a name that is not UTF-8 are kept, as an URI can.
            "artifactLocation": {"uri": quote(path.encode("utf-8", "surrogateescape")), "uriBaseId": _BASE},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }


def _scope(scope: str) -> dict[str, Any]:
    return {} if scope == MODULE_SCOPE else {"logicalLocations": [{"fullyQualifiedName": scope}]}


def _message(text: str) -> dict[str, str]:
    """Return a message without the links that SARIF would see in `[text](address)`."""
    return {"text": text.replace("](", "] (")}

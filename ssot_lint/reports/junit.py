"""Test results: what a rule finds in a file makes a test fail, and a rule that finds nothing has passed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ssot_lint.finding import Finding
from ssot_lint.reports import concise, neutral

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request

_MARKUP = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
_NO_XML = re.compile("[\ufffe\uffff]")  # of what `neutral` lets through


def render(result: Result, request: Request) -> str:
    """Return one test suite, as XML 1.0; warnings are printed by tests that pass."""
    cases: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in result.new:
        cases[finding.path, f"{finding.code} {finding.rule}"].append(finding)
    failed = sum(bool(_errors(findings)) for findings in cases.values())
    found = {name for _, name in cases}
    clean = [name for rule in request.rules if (name := f"{rule.code} {rule.id}") not in found]
    counts = f'tests="{len(cases) + len(clean)}" failures="{failed}" errors="0" skipped="0"'
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<testsuites {counts}>",
        f'<testsuite name="ssot-lint" {counts}>',
    ]
    for (path, name), findings in cases.items():
        file = _xml(request.folder + path)
        lines.append(f'<testcase classname="{file}" name="{_xml(name)}" file="{file}">')
        lines += _outcome(findings)
        lines.append("</testcase>")
    lines += (f'<testcase classname="all files" name="{_xml(name)}"/>' for name in clean)
    lines += ("</testsuite>", "</testsuites>")
    return "".join(f"{line}\n" for line in lines)


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _outcome(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what a test says: it fails by its errors, and prints its warnings."""
    errors = _errors(findings)
    warnings = [finding for finding in findings if finding.severity != "error"]
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        yield f'<failure type="{_xml(errors[0].rule)}" message="{_xml(errors[0].message)}{more}">'
        yield from _places(errors)
        yield "</failure>"
    if warnings:
        yield "<system-out>"
        yield from _places(warnings)
        yield "</system-out>"


def _places(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield _xml(f"{concise.place(finding.path, finding.span)}: {finding.message}")
        for other in finding.related:
            yield _xml(f"    {concise.place(other.path, other.span)}: {other.message}")


def _xml(text: str) -> str:
    """Return one line of text that may stand in attributes and elements of XML 1.0."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", neutral(text)).translate(_MARKUP)

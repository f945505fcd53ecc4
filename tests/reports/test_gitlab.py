"""Code Quality of GitLab."""

from __future__ import annotations

import json
from typing import Any

from ssot_lint.engine import Result
from ssot_lint.reports.formats import Request
from ssot_lint.reports.gitlab import render


def entries(result: Result, asked: Request) -> list[dict[str, Any]]:
    found = json.loads(render(result, asked))
    assert isinstance(found, list)
    return found


def test_entry_has_all_that_gitlab_requires(result: Result, asked: Request) -> None:
    finding = result.findings[0]
    assert entries(result, asked)[0] == {
        "description": finding.message,
        "check_name": "forbidden-import",
        "fingerprint": finding.fingerprint,
        "severity": "major",
        "location": {"path": "services/shop/a.py", "lines": {"begin": 1, "end": 1}},
    }
    assert [each["severity"] for each in entries(result, asked)].count("minor") == 1


def test_fingerprints_are_unique_and_do_not_depend_on_lines(result: Result, asked: Request) -> None:
    first, second, *_ = result.findings
    assert first.fingerprint == second.fingerprint
    found = [each["fingerprint"] for each in entries(result, asked)]
    assert len(set(found)) == len(found)
    assert found[1] == f"{first.fingerprint}-1"
    moved = tuple(each._replace(span=each.span._replace(line=each.span.line + 7)) for each in result.findings)
    assert [each["fingerprint"] for each in entries(result._replace(findings=moved), asked)] == found


def test_hostile_paths_are_exact_where_json_can_say_them(hostile: Result, asked: Request) -> None:
    for entry, finding in zip(entries(hostile, asked), hostile.findings, strict=True):
        shown = "".join(
            f"\\u{ord(letter):04x}" if "\ud800" <= letter <= "\udfff" else letter for letter in finding.path
        )
        assert entry["location"]["path"] == f"services/shop/{shown}"


def test_nothing_found(empty: Result, asked: Request) -> None:
    assert entries(empty, asked) == []

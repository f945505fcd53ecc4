"""The diagnostics of reviewdog."""

from __future__ import annotations

import json
from typing import Any

from ssot_lint.engine import Result
from ssot_lint.finding import Span
from ssot_lint.reports.formats import Request
from ssot_lint.reports.rdjson import render

SOURCE = {"漢字/模块.py": ["", "", "x = '漢字𐐀'; import requests  # é"]}


def diagnostics(result: Result, asked: Request) -> list[dict[str, Any]]:
    document = json.loads(render(result, asked))
    assert document["source"] == {"name": "ssot-lint"}
    found = document["diagnostics"]
    assert isinstance(found, list)
    return found


def test_diagnostic_says_all_of_a_finding(result: Result, asked: Request) -> None:
    lines = {"b\x1b[31m.py": ["class User: pass"], "shop/billing.py": ["x" * 9] * 9}
    found = diagnostics(result, asked._replace(lines_of=lambda path: lines.get(path, ())))[2]
    one = {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 9}}
    assert found == {
        "message": "class `User` is defined twice",
        "location": {"path": "b\x1b[31m.py", "range": one},
        "severity": "ERROR",
        "code": {"value": "duplicate-class"},
        "related_locations": [
            {
                "message": "defined here too",
                "location": {
                    "path": "shop/billing.py",
                    "range": {"start": {"line": 4, "column": 1}, "end": {"line": 9, "column": 5}},
                },
            },
            {
                "message": "and \u202ehere",
                "location": {
                    "path": "b\x1b[31m.py",
                    "range": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 5}},
                },
            },
        ],
    }


def test_columns_are_bytes_of_utf8(result: Result, asked: Request) -> None:
    line = SOURCE["漢字/模块.py"][2]
    start, end = line.index("requests") + 1, len(line) + 1
    finding = result.findings[3]._replace(span=Span(3, start, 3, end))
    (found,) = diagnostics(result._replace(findings=(finding,)), asked._replace(lines_of=SOURCE.__getitem__))
    place = found["location"]["range"]
    assert line.encode()[place["start"]["column"] - 1 :].startswith(b"requests")
    assert place["end"]["column"] == len(line.encode()) + 1


def test_columns_are_left_out_where_the_source_is_not_known(result: Result, asked: Request) -> None:
    for found in diagnostics(result, asked):
        assert (
            found["location"]["range"]["start"].keys() == found["location"]["range"]["end"].keys() == {"line"}
        )


def test_hostile_and_empty(hostile: Result, empty: Result, asked: Request) -> None:
    assert len(diagnostics(hostile, asked)) == len(hostile.findings)
    assert diagnostics(empty, asked) == []

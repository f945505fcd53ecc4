"""The report for programs, against its published schema."""

from __future__ import annotations

import json as stdlib_json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from ssot_lint.engine import Result
from ssot_lint.reports import json
from ssot_lint.reports.formats import Request


@pytest.fixture
def schema() -> dict[str, Any]:
    text = files("ssot_lint.reports").joinpath("findings.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = stdlib_json.loads(text)
    return loaded


def test_report_with_everything(result: Result, check_snapshot: Callable[[str, str], None]) -> None:
    check_snapshot("findings.json", json.render(result, Request()))


@pytest.mark.parametrize("statistics", [True, False])
def test_schema_describes_the_report(
    result: Result, empty: Result, schema: dict[str, Any], statistics: bool
) -> None:
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for each in (result, empty):
        document = stdlib_json.loads(json.render(each, Request(statistics=statistics)))
        validator.validate(document)
        assert document.get("statistics") == (dict(each.statistics) if statistics else None)


def test_schema_names_every_key_and_no_other(result: Result, schema: dict[str, Any]) -> None:
    document = stdlib_json.loads(json.render(result, Request(statistics=True)))
    definitions = schema["$defs"]
    assert document.keys() == schema["properties"].keys()
    assert document["summary"].keys() == definitions["summary"]["properties"].keys()
    for finding in document["findings"]:
        assert finding.keys() == definitions["finding"]["properties"].keys()
        assert (finding["fix"] or definitions["fix"]["properties"]).keys() == definitions["fix"][
            "properties"
        ].keys()
        for related in finding["related"]:
            assert related.keys() == definitions["related"]["properties"].keys()


def test_schema_rejects_a_column_that_is_not_1_based(result: Result, schema: dict[str, Any]) -> None:
    document = stdlib_json.loads(json.render(result, Request()))
    document["findings"][0]["column"] = 0
    with pytest.raises(ValidationError):
        Draft202012Validator(schema).validate(document)


def test_values_are_exact_and_the_bytes_are_harmless(result: Result) -> None:
    text = json.render(result, Request())
    assert text.replace("\n", "").isprintable()
    findings = stdlib_json.loads(text)["findings"]
    assert findings[1]["message"] == "a message\nin two lines\x9b31m"
    assert findings[2]["path"] == "b\x1b[31m.py"
    assert findings[2]["related"][1]["message"] == "and \u202ehere"
    assert findings[3]["path"] == "漢字/模块.py"
    assert findings[3]["fix"] == {"title": "Import `漢字`", "safe": False}
    assert findings[2]["fix"] is None


@pytest.mark.parametrize(
    "message",
    [
        "".join(map(chr, range(0x20))),
        "\x7f alone",
        "".join(map(chr, range(0x7F, 0xA0))),
        "\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069",
    ],
)
def test_every_unsafe_character_is_spelled_out(result: Result, message: str) -> None:
    hostile = result.findings[0]._replace(message=message)
    document = json.render(result._replace(findings=(hostile,)), Request())
    assert document.replace("\n", "").isprintable()
    assert stdlib_json.loads(document)["findings"][0]["message"] == message


def test_path_that_is_not_utf8_becomes_text_that_every_reader_takes(result: Result) -> None:
    document = json.render(result, Request()).encode()
    assert stdlib_json.loads(document)["findings"][-1]["path"] == "\\udcff.py"


def test_backslash_before_an_unsafe_character_stays_apart(result: Result) -> None:
    hostile = result.findings[0]._replace(message="\\\u202e \\\udc80 \\u202e")
    document = stdlib_json.loads(json.render(result._replace(findings=(hostile,)), Request()))
    assert document["findings"][0]["message"] == "\\\u202e \\\\udc80 \\u202e"


def test_summary(result: Result) -> None:
    assert stdlib_json.loads(json.render(result, Request()))["summary"] == {
        "files": 120,
        "findings": 6,
        "by_rule": {"duplicate-class": 1, "forbidden-import": 5},
        "by_state": {"new": 6},
        "suppressed": 3,
        "exit_codes": [],
    }

"""SARIF against its schema, and what GitHub's code scanning makes of it.

`sarif-schema-2.1.0.json` is `sarif-2.1/schema/sarif-schema-2.1.0.json` of the repository oasis-tcs/sarif-spec:
SARIF 2.1.0 with errata 01, published by OASIS Open.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from jsonschema import Draft4Validator, ValidationError

from ssot_lint.engine import Result
from ssot_lint.reports import pages
from ssot_lint.reports.formats import Request
from ssot_lint.reports.sarif import render
from ssot_lint.rules import RULES

SCHEMA = json.loads(Path(__file__).with_name("sarif-schema-2.1.0.json").read_text(encoding="utf-8"))


def run_of(result: Result, asked: Request) -> dict[str, Any]:
    """The one run of a log that is valid."""
    log = json.loads(render(result, asked))
    Draft4Validator(SCHEMA).validate(log)
    assert log["$schema"] == SCHEMA["id"]
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


@pytest.fixture
def run(result: Result, asked: Request) -> dict[str, Any]:
    return run_of(result, asked)


def test_schema_is_one_that_can_refuse(result: Result, asked: Request) -> None:
    Draft4Validator.check_schema(SCHEMA)
    log = json.loads(render(result, asked))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] = 0
    with pytest.raises(ValidationError):
        Draft4Validator(SCHEMA).validate(log)


def test_hostile_and_empty_results_are_valid(hostile: Result, empty: Result, asked: Request) -> None:
    assert len(run_of(hostile, asked)["results"]) == len(hostile.findings) + len(hostile.allowed)
    assert run_of(empty, asked._replace(exit_code=0))["results"] == []


def test_result_says_all_of_a_finding(run: dict[str, Any], result: Result) -> None:
    finding = result.findings[2]
    region = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 9}
    assert run["results"][2] == {
        "ruleId": "SST301",
        "ruleIndex": [rule.id for rule in RULES].index("duplicate-class"),
        "level": "error",
        "message": {"text": "class `User` is defined twice"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "services/shop/b%1B%5B31m.py", "uriBaseId": "SRCROOT"},
                    "region": region,
                },
                "logicalLocations": [{"fullyQualifiedName": "User"}],
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "services/shop/shop/billing.py", "uriBaseId": "SRCROOT"},
                    "region": {"startLine": 4, "startColumn": 1, "endLine": 9, "endColumn": 5},
                },
                "message": {"text": "defined here too"},
            },
            {
                "id": 2,
                "physicalLocation": {
                    "artifactLocation": {"uri": "services/shop/b%1B%5B31m.py", "uriBaseId": "SRCROOT"},
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 5},
                },
                "message": {"text": "and \u202ehere"},
            },
        ],
        "partialFingerprints": {"ssotLint/v1": finding.fingerprint},
        "baselineState": "new",
    }


def test_what_comments_allow_is_told_with_their_reasons(run: dict[str, Any], result: Result) -> None:
    allowed = [each for each in run["results"] if "suppressions" in each]
    assert [each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in allowed] == [5, 6, 1]
    assert [each["suppressions"] for each in allowed] == [
        [{"kind": "inSource", "justification": "until the client is gone\x1b[31m"}],
        [{"kind": "inSource"}],
        [{"kind": "inSource"}],
    ]
    assert len(run["results"]) == len(result.findings) + 3


def test_severities_are_levels(run: dict[str, Any], result: Result) -> None:
    assert [each["level"] for each in run["results"][: len(result.findings)]] == [
        "error",
        "warning",
        "error",
        "error",
        "error",
        "error",
    ]


def test_rules_have_all_that_github_requires(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["name"]) for rule in rules] == [(rule.code, rule.id) for rule in RULES]
    for shown, rule in zip(rules, RULES, strict=True):
        assert shown["help"] == {"text": rule.doc.strip(), "markdown": rule.doc.strip()}
        assert shown["defaultConfiguration"] == {"level": "error"}
        assert shown["shortDescription"]["text"] == rule.summary
        text = shown["fullDescription"]["text"]
        assert 40 < len(text) <= 1024
        assert text != rule.summary
        assert not text.startswith("*")
    for each in run["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]


def test_run_tells_how_it_went_and_nothing_of_the_machine(run: dict[str, Any]) -> None:
    assert run["invocations"] == [
        {
            "executionSuccessful": True,
            "exitCode": 1,
            "exitCodeDescription": "findings that are new or worse",
            "toolExecutionNotifications": [{"level": "note", "message": {"text": "a note"}}],
        }
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"].keys() == {"SRCROOT"}
    assert "uri" not in run["originalUriBaseIds"]["SRCROOT"]


def test_every_path_is_a_relative_address_that_leads_back_to_it(hostile: Result, asked: Request) -> None:
    results = run_of(hostile, asked)["results"]
    findings = [*hostile.findings, *(allowed.finding for allowed in hostile.allowed)]
    for each, finding in zip(results, findings, strict=True):
        uri = each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        address = urlsplit(uri)
        assert (address.scheme, address.netloc, address.path) == ("", "", uri)
        assert uri.isascii()
        path = f"services/shop/{finding.path}"
        assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")


def test_colon_makes_no_scheme_of_the_first_folder(result: Result, asked: Request) -> None:
    finding = result.findings[0]._replace(path="http:x.py")
    run = run_of(result._replace(findings=(finding,)), asked._replace(folder=""))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "http%3Ax.py"


def test_brackets_make_no_links(hostile: Result, asked: Request) -> None:
    for each in run_of(hostile, asked)["results"]:
        messages = [each["message"], *(other["message"] for other in each["relatedLocations"])]
        assert all("[a] (b)" in message["text"] and "](" not in message["text"] for message in messages)


def test_pages_are_linked_once_the_package_names_its_documentation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Result, asked: Request
) -> None:
    installed = tmp_path / "ssot_lint-0.dist-info"
    installed.mkdir()
    plain = "Metadata-Version: 2.1\nName: ssot-lint\nVersion: 0\n"
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for urls, expected in [
        ("Project-URL: Source, https://x.example\n", {None}),
        (
            "Project-URL: Documentation, https://docs.example/ssot/\n",
            {f"https://docs.example/ssot/rules/{rule.id}/" for rule in RULES},
        ),
    ]:
        (installed / "METADATA").write_text(plain + urls)
        pages._documentation.cache_clear()
        rules = run_of(result, asked)["tool"]["driver"]["rules"]
        assert {rule.get("helpUri") for rule in rules} == expected
    pages._documentation.cache_clear()

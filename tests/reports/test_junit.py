"""Test results in XML, read by an XML parser."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ssot_lint.engine import Result
from ssot_lint.reports.formats import Request
from ssot_lint.reports.junit import render
from ssot_lint.rules import RULES


def suite(result: Result, asked: Request) -> Element:
    root = ElementTree.fromstring(render(result, asked).encode())
    (found,) = root
    assert found.get("tests") == root.get("tests") == str(len(found))
    assert found.get("failures") == root.get("failures") == str(len(found.findall("testcase/failure")))
    return found


def test_rule_that_finds_something_in_a_file_is_a_test_that_failed(result: Result, asked: Request) -> None:
    case = suite(result, asked)[0]
    assert case.attrib == {
        "classname": "services/shop/a.py",
        "name": "SST101 forbidden-import",
        "file": "services/shop/a.py",
    }
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib == {
        "type": "forbidden-import",
        "message": "`requests` is forbidden here; use `app.http` (one session)",
    }
    assert failure.text == "\na.py:1:8: `requests` is forbidden here; use `app.http` (one session)\n"
    assert case.findtext("system-out") == "\na.py:2:9: a message\\u000ain two lines\\u009b31m\n"


def test_failure_says_how_many_more_there_are_and_all_places(result: Result, asked: Request) -> None:
    first = result.findings[0]
    findings = tuple(first._replace(span=first.span._replace(line=line)) for line in (1, 2, 3))
    failure = suite(result._replace(findings=findings), asked)[0].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == f"{first.message} and 2 more"
    assert len((failure.text or "").strip().splitlines()) == 3


def test_warnings_alone_pass(result: Result, asked: Request) -> None:
    findings = tuple(each._replace(severity="warning") for each in result.findings)
    found = suite(result._replace(findings=findings), asked)
    assert found.get("failures") == "0"
    assert len(found.findall("testcase/system-out")) == len({each.path for each in findings})


def test_rules_without_findings_passed(result: Result, empty: Result, asked: Request) -> None:
    passed = [case.get("name") for case in suite(result, asked) if case.get("classname") == "all files"]
    missing = ("SST101 forbidden-import", "SST301 duplicate-class")
    assert passed == [name for rule in RULES if (name := f"{rule.code} {rule.id}") not in missing]
    assert len(suite(empty, asked)) == len(RULES)


def test_no_two_tests_have_one_name(hostile: Result, result: Result, asked: Request) -> None:
    for each in (hostile, result):
        names = Counter((case.get("classname"), case.get("name")) for case in suite(each, asked))
        assert set(names.values()) == {1}


def test_markup_and_what_xml_cannot_hold_are_text(hostile: Result, asked: Request) -> None:
    found = suite(hostile, asked)
    assert len(found.findall("testcase/failure")) == len(hostile.findings)
    for failure in found.findall("testcase/failure"):
        assert len(failure) == 0
        assert "]]> --> </failure> <script>&amp; %0A" in (failure.text or "")
        assert "\\u0000\\u0007\\u001b[31m" in failure.attrib["message"]
        assert "\\ufffe\\uffff" in failure.attrib["message"]

"""Annotations of GitHub Actions, read as its runner reads what a step prints."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import pytest

from ssot_lint.engine import Result
from ssot_lint.finding import Span
from ssot_lint.reports.formats import Request
from ssot_lint.reports.github import render

COMMANDS = {"error", "warning", "notice", "group", "endgroup"}


class Command(NamedTuple):
    """What the runner makes of a line."""

    name: str
    properties: dict[str, str]
    data: str


def unescaped(text: str, *escapes: str) -> str:
    for escape in (*escapes, "%0D", "%0A", "%25"):  # the last one last
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


def command(line: str) -> Command | None:
    """Read a line: `::name key=value,...::data` at its start, else `##[name key=value;...]data` anywhere."""
    found = re.match(r"\s*::(?P<name>[^ ]*?)(?: (?P<properties>.*?))?::(?P<data>.*)", line, re.DOTALL)
    if found is None or found["name"] not in COMMANDS:
        old = re.search(r"##\[(\w+)[^\]]*\]", line)
        return Command(old[1], {}, "") if old is not None else None
    pairs = (pair.split("=", 1) for pair in (found["properties"] or "").split(",") if pair)
    properties = {key: unescaped(value, "%3A", "%2C") for key, value in pairs}
    return Command(found["name"], properties, unescaped(found["data"]))


def commands(report: str) -> list[Command]:
    return [found for found in map(command, report.split("\n")) if found is not None]


def annotated(report: str) -> list[Command]:
    return [found for found in commands(report) if found.name in ("error", "warning")]


def test_annotation_has_place_title_and_message(result: Result, asked: Request) -> None:
    assert annotated(render(result, asked))[0] == Command(
        "error",
        {
            "file": "services/shop/a.py",
            "line": "1",
            "endLine": "1",
            "col": "8",
            "endColumn": "16",
            "title": "SST101 forbidden-import",
        },
        "`requests` is forbidden here; use `app.http` (one session)",
    )


def test_related_places_follow_on_lines_of_their_own(result: Result, asked: Request) -> None:
    (found,) = (each for each in annotated(render(result, asked)) if "twice" in each.data)
    assert found.data.split("\n") == [
        "class `User` is defined twice",
        "shop/billing.py:4:1: defined here too",
        "b\\u001b[31m.py:1:1: and \\u202ehere",
    ]


def test_columns_are_left_out_where_github_refuses_them(result: Result, asked: Request) -> None:
    wide = result.findings[0]._replace(span=Span(1, 8, 3, 2))
    (found,) = annotated(render(result._replace(findings=(wide,)), asked))
    assert found.properties.keys() == {"file", "line", "endLine", "title"}
    assert found.properties["endLine"] == "3"


@pytest.mark.parametrize(
    "path", ["a b.py", "100%.py", "%3A%2C.py", "a:b,c=d.py", "::error ::x.py", "line\nend\r.py"]
)
def test_path_arrives_as_it_is(path: str, result: Result, asked: Request) -> None:
    (found,) = annotated(render(result._replace(findings=(result.findings[0]._replace(path=path),)), asked))
    assert found.properties["file"] == f"services/shop/{path}"


def test_hostile_names_and_messages_are_no_commands(hostile: Result, asked: Request) -> None:
    found = commands(render(hostile, asked))
    names = Counter(each.name for each in found)
    assert names == {"error": 10, "notice": 1, "group": 1, "endgroup": 1}
    assert all(
        each.properties["title"] == "SST101 forbidden-import" for each in found if each.name == "error"
    )


def many(result: Result) -> Result:
    """200 errors of one rule and, behind them, 3 of each of 12 others, the same again as warnings."""
    plain = result.findings[0]
    kinds = [("SST101", "forbidden-import")] * 200 + [(f"SST2{n:02}", "x" + "y" * n) for n in range(12)] * 3
    findings = (
        plain._replace(path=f"f{number:03}.py", code=code, rule=rule, severity=severity)
        for severity in ("error", "warning")
        for number, (code, rule) in enumerate(kinds)
    )
    return result._replace(findings=tuple(sorted(findings)))


def test_no_more_annotations_than_github_shows_and_all_findings_in_the_log(
    result: Result, asked: Request
) -> None:
    report = render(many(result), asked)
    assert Counter(each.name for each in annotated(report)) == {"error": 10, "warning": 10}
    told = "472 in all, 20 as annotations"
    assert f"::notice title=ssot-lint findings::{told}; the log of this step has them all\n" in report
    before, _, log = report.partition(f"::group::Findings: {told}\n")
    assert len(log.partition("::endgroup::\n")[0].splitlines()) == 472
    assert "f199.py:1:8: SST101 forbidden-import" in log
    assert not any(line.startswith("f") for line in before.splitlines())


def test_every_rule_is_annotated_before_one_is_twice(result: Result, asked: Request) -> None:
    titles = [each.properties["title"] for each in annotated(render(many(result), asked))]
    assert len(set(titles[:10])) == len(set(titles[10:])) == 10
    few = result._replace(findings=tuple(each for each in many(result).findings if each.code < "SST203"))
    titles = [each.properties["title"][:6] for each in annotated(render(few, asked))][:10]
    assert titles == ["SST101", "SST200", "SST201", "SST202"] * 2 + ["SST101", "SST200"]


def test_nothing_is_said_of_a_limit_that_is_not_reached(result: Result, asked: Request) -> None:
    report = render(result, asked)
    assert "::notice" not in report
    assert "::group::Findings: 6 in all, 6 as annotations\n" in report


def test_nothing_found(empty: Result, asked: Request) -> None:
    assert render(empty, asked) == "no findings in 1 file\n"
    assert render(empty, asked._replace(summary=False)) == ""

"""What holds for every format, and for the list of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ssot_lint import reports
from ssot_lint.engine import Result
from ssot_lint.reports import neutral
from ssot_lint.reports.formats import FORMATS, Request, render

SUFFIXES = {"gitlab": "json", "junit": "xml", "rdjson": "json"}


def test_every_module_is_listed() -> None:
    found = {path.stem for path in Path(reports.__file__).parent.glob("[a-z]*.py")}
    assert found - {"formats", "pages", "terminal"} == FORMATS.keys()


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("json", "sarif", "text")])
def test_report_with_everything(
    name: str, result: Result, asked: Request, check_snapshot: Callable[[str, str], None]
) -> None:
    check_snapshot(
        f"{name}.{SUFFIXES.get(name, 'txt')}", render(name, result, asked._replace(rules=asked.rules[:3]))
    )


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_of_a_hostile_project_steers_who_reads(name: str, hostile: Result, asked: Request) -> None:
    report = render(name, hostile, asked)
    assert report.encode().decode() == report
    assert all(neutral(line) == line for line in report.split("\n"))


@pytest.mark.parametrize("name", FORMATS)
def test_same_bytes_again(name: str, hostile: Result, asked: Request) -> None:
    assert render(name, hostile, asked) == render(name, hostile, asked)


@pytest.mark.parametrize("name", FORMATS)
def test_report_on_nothing_ends_as_a_text_does(name: str, empty: Result, asked: Request) -> None:
    report = render(name, empty, asked._replace(exit_code=0))
    assert report.endswith("\n") or (name, report) in (("concise", ""), ("pylint", ""))


@pytest.mark.parametrize("name", ["concise", "pylint"])
def test_one_line_for_each_finding_and_no_more(
    name: str, result: Result, hostile: Result, empty: Result, asked: Request
) -> None:
    for each in (result, hostile, empty):
        assert len(render(name, each, asked).splitlines()) == len(each.findings)


@pytest.mark.parametrize("name", FORMATS)
def test_other_formats_are_not_loaded(name: str, tmp_path: Path) -> None:
    code = (
        "import sys; from ssot_lint.cli import main; main(sys.argv[1:]);"
        "print(*(module for module in sys.modules if module.startswith('ssot_lint.reports.')), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "check", "--no-cache", "--format", name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    loaded = {module.rpartition(".")[2] for module in done.stderr.split()}
    shared = {"formats", "pages", "concise", "json", "text"}
    assert name in loaded
    assert loaded <= {name, *shared}
    if name in ("text", "concise", "pylint"):
        assert "json" not in loaded

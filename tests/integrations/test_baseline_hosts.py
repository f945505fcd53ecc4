"""Every host knows the baseline and waivers: what they hold is silent there, and a hint in editors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from baseline_folder import carry
from flake8_process import flake8_findings
from lsp_editor import lsp_findings
from pylint_process import pylint_findings

import ssot_lint
from ssot_lint.baseline import waivers
from ssot_lint.finding import Finding

EXAMPLE = Path(__file__).parent.parent.parent / "examples/legacy_suite"

Place = tuple[str, int, int, str]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, with a baseline of every second of its findings, and a waiver for those of a few rules."""
    suite = tmp_path_factory.mktemp("suite")
    shutil.copytree(EXAMPLE, suite, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    carry(suite, ssot_lint.lint(suite, use_cache=False).findings[::2])
    (suite / waivers.PATH).write_text('[[waiver]]\nrule = "SST2"\npaths = ["*"]\nreason = "agreed"\n')
    return suite


def places(findings: tuple[Finding, ...]) -> set[Place]:
    return {(each.path, *each.span[:2], each.code) for each in findings if each.path.endswith(".py")}


def test_hosts_report_what_is_new(suite: Path) -> None:
    result = ssot_lint.lint(suite, use_cache=False)
    new = places(result.new)
    assert 10 < len(new) < len(places(result.findings))
    assert {finding.state for finding in result.findings} == {"new", "carried", "waived"}
    assert flake8_findings(suite) == new
    assert pylint_findings(suite) == new


def test_editors_show_the_rest_as_hints(suite: Path) -> None:
    result = ssot_lint.lint(suite, use_cache=False)
    shown = {place for place in lsp_findings(suite) if place[0].endswith(".py")}
    louder = {place for place in lsp_findings(suite, hints=False) if place[0].endswith(".py")}
    assert shown == places(result.findings)
    assert louder == places(result.new)

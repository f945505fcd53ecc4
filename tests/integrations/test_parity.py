"""The command, flake8, pylint and the language server find the same, at the same places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flake8_process import flake8_findings
from lsp_editor import lsp_findings
from pylint_process import pylint_findings

from ssot_lint.cli import main
from ssot_lint.rules import RULES
from ssot_lint.self_test import CONFIG, without_marks

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
SOURCES = (".py", ".pyi")

Place = tuple[str, int, int, str]
"""The path, the line and the column, both 1-based, and the code."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every example of every rule, and the examples of the repository, each a project of its own."""
    folder = tmp_path_factory.mktemp("parity")
    for rule in RULES:
        for number, example in enumerate((*rule.bad, *rule.good)):
            project = folder / rule.id / str(number)
            for path, text in {CONFIG: "", **without_marks(example.files.items())}.items():
                (project / path).parent.mkdir(parents=True, exist_ok=True)
                (project / path).write_bytes(text.encode())
    for name in ("legacy_suite", "own_rule"):
        shutil.copytree(EXAMPLES / name, folder / "examples" / name, ignore=shutil.ignore_patterns(".*"))
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> set[Place]:
    """What the command finds in all of them, but for findings about configurations."""
    found = set()
    for config in sorted([*folder.rglob(CONFIG), *folder.rglob("pyproject.toml")]):
        report = folder / "report.json"
        assert main(["check", str(config.parent), "--output-file", f"json={report}", "--quiet"]) in (0, 1)
        for each in json.loads(report.read_bytes())["findings"]:
            path = (config.parent / each["path"]).relative_to(folder)
            if path.suffix in SOURCES:
                found.add((path.as_posix(), each["line"], each["column"], each["code"]))
    assert {code for _, _, _, code in found} >= {rule.code for rule in RULES if rule.about != "configuration"}
    return found


def flake8_with_own_rules(folder: Path) -> set[Place]:
    return flake8_findings(folder, "--extend-select=OUR")  # flake8 asks for codes of its plugins alone


@pytest.mark.parametrize("host", [flake8_with_own_rules, pylint_findings, lsp_findings])
def test_host_finds_what_the_command_finds(
    host: Callable[[Path], set[Place]], folder: Path, found: set[Place]
) -> None:
    there = {place for place in host(folder) if place[0].endswith(SOURCES)}
    assert sorted(there - found) == []
    assert sorted(found - there) == []

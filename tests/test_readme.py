"""What the README shows works as it is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ssot_lint.cli import VERBS, main
from ssot_lint.config import parse
from ssot_lint.engine import lint_texts
from ssot_lint.facts.extract import extract

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_two_commands_set_everything_up() -> None:
    install, test = blocks("sh")
    assert install.count("\n") == test.count("\n") == 1
    assert "ssot-lint check --exit-zero examples/legacy_suite" in install
    assert "pytest" in test


def test_configuration_is_valid_and_its_snippets_behave() -> None:
    (shown,) = blocks("toml")
    config = parse(shown, "pyproject.toml")
    texts = {
        "testing/__init__.py": b"from testing.base import ShopTestCase\n",
        "testing/base.py": b"import unittest\nclass ShopTestCase(unittest.TestCase): pass\n",
        "tests/test_a.py": b"import unittest\nclass TestA(unittest.TestCase): pass\n",
    }
    found = {(finding.path, finding.rule) for finding in lint_texts(config, texts).findings}
    assert found == {("tests/test_a.py", "noncanonical-base"), ("tests/test_a.py", "missing-base")}


def test_suppressions_are_read() -> None:
    (shown,) = blocks("python")
    comments = extract(shown.encode()).details.suppressions
    assert [(comment.rules, comment.whole_file) for comment in comments] == [
        (("forbidden-import",), False),
        (("duplicate-class",), True),
    ]
    assert all(comment.reason for comment in comments)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (REPOSITORY / document).read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (REPOSITORY / link).exists()] == []


def test_commands_and_options_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for verb, rest in re.findall(r"`ssot-lint (\w+)([^`]*)`", README):
        assert verb in VERBS
        main([verb, "--help"])
        known = capsys.readouterr().out
        assert [option for option in re.findall(r"--[\w-]+", rest) if option not in known] == []

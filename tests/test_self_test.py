"""The examples of rules as a user runs them: what is counted, and what is said of those that fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.cli import main
from ssot_lint.rules import RULES

RULE_FILE = """\
from ssot_lint.rules import Example, Options, Problem, Rule

def check(file, project, options):
    for entry in file.outline.classes:
        yield Problem(entry.span, "this is a class", (entry.qualname,))

RULE = Rule(
    id="any-class",
    code="OUR201",
    options=Options,
    check=check,
    doc="Finds classes.",
    default={default},
    bad=(Example("bad", {{{config}"a.py": {bad!r}}}),),
    good=(Example("good", {{{config}"a.py": {good!r}}}),),
)
"""


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a configuration that names a plugin."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ssot-lint.toml").write_text('plugins = ["checks"]')
    return tmp_path


def write(
    bad: str, good: str, config: str = '"ssot-lint.toml": "[any-class]",', default: bool = False
) -> None:
    text = RULE_FILE.format(bad=bad, good=good, config=config, default=default)
    Path("checks.py").write_text(text)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of the rule of the plugin, which comes last."""
    return capsys.readouterr().out.partition("\nany-class ")[2].partition("examples passed\n")[2]


def test_all_examples_pass(capsys: pytest.CaptureFixture[str]) -> None:
    write("class A: ...  # [any-class]\n", "a = 1\n")
    assert main(["rules", "--self-test"]) == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert [line.split()[0] for line in lines] == [*(rule.id for rule in RULES), "any-class"]
    for line in lines:
        _, passed, _, all_of_them, *rest = line.split()
        assert passed == all_of_them
        assert rest == ["examples", "passed"]
    assert output.err == ""


FAILURES = {
    "nothing found": (
        "a = 1  # [any-class]\n",
        "",
        "  bad example: bad\n    a.py:1: expected `any-class`, found nothing of it\n",
    ),
    "found elsewhere": (
        "class A: ...  # [any-class]\nclass B: ...\n",
        "",
        "  bad example: bad\n    a.py:2: expected nothing of `any-class`, found it\n",
    ),
    "no mark": ("a = 1\n", "", "  bad example: bad\n    no line is marked `# [any-class]`\n"),
    "found in a good one": (
        "class A: ...  # [any-class]\n",
        "class A: ...\n",
        "  good example: good\n    a.py:1: expected nothing of `any-class`, found it\n",
    ),
    "mark in a good one": (
        "class A: ...  # [any-class]\n",
        "a = 1  # [any-class]\n",
        "  good example: good\n    a.py:1: expected `any-class`, found nothing of it\n",
    ),
}


@pytest.mark.parametrize(("bad", "good", "text"), FAILURES.values(), ids=FAILURES)
def test_failure(capsys: pytest.CaptureFixture[str], bad: str, good: str, text: str) -> None:
    write(bad, good)
    assert main(["rules", "--self-test"]) == 1
    output = capsys.readouterr()
    assert output.out.endswith(f"1 of 2 examples passed\n{text}")
    assert output.err == "ssot-lint: see `ssot-lint explain any-class`\n"


def test_finding_of_another_rule_in_a_bad_example_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    write("import os  # ssot: allow any-class -- no\nclass A: ...  # [any-class]\n", "")
    assert main(["rules", "--self-test"]) == 1
    assert "a.py:1: expected nothing of `unused-suppression`, found it" in said(capsys)


def test_finding_of_another_rule_in_a_good_example_does_not_matter(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("class A: ...  # [any-class]\n", "def f(:\n")
    assert main(["rules", "--self-test"]) == 0


def test_configuration_that_is_refused_and_a_rule_that_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    write("class A: ...  # [any-class]\n", "", config='"ssot-lint.toml": "[any-clas]",')
    assert main(["rules", "--self-test"]) == 1
    assert "ended with ConfigError: ssot-lint.toml:1: any-clas: unknown key" in said(capsys)
    write("class A: ...  # [any-class]\n", "class A: ...\n")
    text = Path("checks.py").read_text()
    Path("checks.py").write_text(text.replace('"this is a class"', "entry.no_such"))
    assert main(["rules", "--self-test"]) == 1
    report = said(capsys)
    assert (
        '  bad example: bad\n    ended with UsageError: the rule `any-class` of the plugin "checks"' in report
    )
    assert "fails at a.py: AttributeError: 'Class' object has no attribute 'no_such' (" in report


def test_default_rule_of_a_plugin_changes_no_example_of_others() -> None:
    write("class A: ...  # [any-class]\n", "a = 1\n", config="", default=True)
    Path("more.py").write_text(
        Path("checks.py").read_text().replace("any-class", "more").replace("201", "301")
    )
    Path("ssot-lint.toml").write_text('plugins = ["checks", "more"]')
    assert main(["rules", "--self-test"]) == 0


def test_plugin_that_cannot_be_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--self-test"]) == 2
    assert '"checks" is no module below' in capsys.readouterr().err


def test_list_in_json_goes_without(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--self-test", "--format", "json"]) == 2
    assert "not allowed with argument" in capsys.readouterr().err

"""flake8, in processes of its own, reports what the command reports."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flake8_process import flake8, flake8_findings

import ssot_lint
from ssot_lint.reports.formats import Request, render
from ssot_lint.rules import RULES
from ssot_lint.self_test import CONFIG, without_marks

REPOSITORY = Path(__file__).parent.parent.parent
CONFIGURATION = """\
exclude = ["old/"]
[[forbidden-import]]
targets = ["requests"]
use = "app.http"
[[forbidden-import]]
targets = ["urllib3"]
severity = "warning"
"""
FILES = {
    "ssot-lint.toml": CONFIGURATION,
    "app/__init__.py": "",
    "app/orders.py": 'import requests\nNAME = "ü𝔘"; import requests\n',
    "app/wide.py": "import requests, urllib3\n",
    "app/through.py": "from app.wide import requests\n",
    "app/quiet.py": "import requests  # ssot: allow forbidden-import -- soon\n",
    "app/broken.py": "total = (\n",
    "app/null.py": "import os\nx = '\0'\n",
    "app/outside.py": "if True:\n    return 1\n",
    "app/stub.pyi": "import requests\n",
    "old/attic.py": "import requests\n",
    "bin/tool": "#!/usr/bin/env python3\nimport requests\n",
}
EVERYTHING = ("--filename=*.py,*.pyi", "--select=SST")


def write(folder: Path, files: dict[str, str]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode())
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with findings of every kind."""
    return write(tmp_path / "project", FILES)


def command(folder: Path) -> list[str]:
    """What `ssot-lint check` reports, but for what it finds in the configuration."""
    result = ssot_lint.lint(folder, use_cache=False)
    return render("concise", result, Request()).splitlines()


def reported(output: str, prefix: str = "") -> list[str]:
    """The lines that flake8 printed, with paths as the command writes them."""
    return [re.sub(f"^{re.escape(prefix)}", "", line.removeprefix("./")) for line in output.splitlines()]


def test_lines_are_those_of_the_command(project: Path) -> None:
    done = flake8(project, *EVERYTHING)
    lines = reported(done.stdout)
    assert (lines, done.stderr, done.returncode) == (command(project), "", 1)
    assert {line.split(":")[0] for line in lines} == {
        *(f"app/{name}.py" for name in ("orders", "wide", "through", "broken", "null", "outside")),
        "app/stub.pyi",
    }
    assert "app/orders.py:2:21: SST101 forbidden-import `requests` is forbidden here; use `app.http`" in lines


@pytest.mark.parametrize("start", ["fork", "spawn", "forkserver"])
def test_several_processes(project: Path, start: str) -> None:
    done = flake8(project, *EVERYTHING, "--jobs=2", start=start)
    assert (reported(done.stdout), done.stderr) == (command(project), "")


def test_from_a_folder_below_and_from_outside(project: Path) -> None:
    lines = command(project)
    below = flake8(project / "app", *EVERYTHING)
    assert [f"app/{line}" for line in reported(below.stdout)] == lines
    beside = flake8(project / "old", *EVERYTHING, "../app")
    assert reported(beside.stdout, "../") == lines
    outside = flake8(project.parent, *EVERYTHING, str(project))
    assert reported(outside.stdout, f"{project}/") == lines
    (project / "link").symlink_to(project / "app")
    linked = flake8(project, *EVERYTHING, "link/broken.py")
    assert reported(linked.stdout) == [f"link/{line[4:]}" for line in lines if "broken" in line]


def test_script_that_is_named(project: Path) -> None:
    assert reported(flake8(project, *EVERYTHING, "bin/tool").stdout) == command(project / "bin" / "tool")


def test_files_of_no_project_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import requests\nx = (\n", "pyproject.toml": "[tool.other]\n"})
    assert flake8(tmp_path, *EVERYTHING).stdout == ""


# what flake8 is told


def test_comments_for_flake8(tmp_path: Path) -> None:
    lines = ["", "  # noqa", "  # noqa: SST101", "  # noqa: SST", "  # noqa: SST102"]
    write(
        tmp_path,
        {
            "ssot-lint.toml": CONFIGURATION,
            "a.py": "".join(f"import requests{comment}\n" for comment in lines),
            "b.py": "# flake8: noqa\nimport requests\n",
        },
    )
    assert flake8_findings(tmp_path) == {
        *(("a.py", number, 8, "SST101") for number in range(1, 6)),
        ("b.py", 2, 8, "SST101"),
    }
    shown = reported(flake8(tmp_path, *EVERYTHING).stdout)
    assert [line.split(" ")[0] for line in shown] == ["a.py:1:8:", "a.py:5:8:"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--ignore=SST101,E,F,W"], {"SST001", "SST002"}),
        (["--extend-ignore=SST,E,F,W"], set()),
        (["--select=SST1"], {"SST101"}),
        (["--select=E9"], {"E902", "E999"}),
        (["--select=E9", "--extend-select=SST002"], {"E902", "E999", "SST002"}),
        (["--select=SST", "--per-file-ignores=app/*:SST0"], {"SST101"}),
        (["--select=SST", "--exclude=app/broken.py,app/[ow]*,app/through.py"], {"SST002"}),
        (["--select=SST", "app/broken.py", "app/quiet.py"], {"SST001"}),
    ],
)
def test_selection_is_that_of_flake8(project: Path, options: list[str], expected: set[str]) -> None:
    done = flake8(project, *options)
    found = {line.split(" ")[1] for line in done.stdout.splitlines()}
    if "E902" in expected:  # what flake8 says of null bytes depends on the version of Python
        expected -= {"E902"} - found
    assert (found, done.stderr) == (expected, "")


def test_project_is_not_loaded_for_nothing(project: Path) -> None:
    flake8(project, "--select=E9")
    assert not (project / ".ssot-lint-cache").exists()
    flake8(project, "--select=SST1")
    assert (project / ".ssot-lint-cache").exists()


def test_text_from_stdin_stands_for_the_file(project: Path) -> None:
    def found(name: str, content: str, encoding: str = "utf-8") -> list[str]:
        done = flake8(
            project, *EVERYTHING, f"--stdin-display-name={name}", "-", stdin=content.encode(encoding)
        )
        assert done.stderr == ""
        return [line.rpartition(" SST")[0] for line in reported(done.stdout)]

    assert found("app/orders.py", "\nimport requests\n") == ["app/orders.py:2:8:"]
    assert found("app/orders.py", "import os\n") == []
    assert found("app/orders.py", "import (\n") == ["app/orders.py:1:8:"]
    assert found("app/new.py", "from app.wide import requests\n") == ["app/new.py:1:22:"]
    assert found("old/attic.py", "import requests\n") == []
    assert found("stdin", "import requests\n") == []
    assert found("app/b.py", "# coding: latin-1\n'ü'; import requests\n", "latin-1") == ["app/b.py:2:13:"]
    assert found("app/b.py", "# coding: ascii\n'ü'; import requests\n") == ["app/b.py:2:1:"]


def test_nothing_is_reported_twice(tmp_path: Path) -> None:
    # A tokenizer can refuse what the parser took, once the plugin has seen it.
    strict = """\
import tokenize

def refuse(readline):
    raise tokenize.TokenError("refused", (1, 0))

tokenize.generate_tokens = refuse

def late(logical_line):
    return ()
"""
    local = "[flake8:local-plugins]\nextension = LAT = strict:late\npaths = .\n"
    write(
        tmp_path,
        {"ssot-lint.toml": CONFIGURATION, ".flake8": local, "strict.py": strict, "a.py": "import requests\n"},
    )
    done = flake8(tmp_path, "--select=SST,E9", "a.py")
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == ["E902", "SST101"]


# which configuration


def test_two_projects_in_one_run(tmp_path: Path) -> None:
    one = write(tmp_path / "one", FILES)
    two = write(
        tmp_path / "two", {"pyproject.toml": '[[tool.ssot-lint.forbidden-import]]\ntargets = ["os"]\n'}
    )
    # Large enough to be parsed by processes of its own, which those of flake8 may not have.
    write(two, {f"a{number}.py": f"import os\n{'# padding' * 50_000}\n" for number in range(4)})
    write(tmp_path, {"loose.py": "import requests, os\n"})
    expected = [*(f"one/{line}" for line in command(one)), *(f"two/{line}" for line in command(two))]
    for options in (["--jobs=2"], ["--jobs=1", "one", "two", "loose.py"]):
        shutil.rmtree(one / ".ssot-lint-cache", ignore_errors=True)
        shutil.rmtree(two / ".ssot-lint-cache", ignore_errors=True)
        done = flake8(tmp_path, *EVERYTHING, *options)
        assert (reported(done.stdout), done.stderr) == (expected, "")


def test_configuration_that_is_named(project: Path) -> None:
    write(project, {"lint/other.toml": '[[forbidden-import]]\ntargets = ["os"]\n'})
    assert flake8_findings(project, "--ssot-lint-config=lint/other.toml", "app/null.py", "app/orders.py") == {
        ("app/null.py", 2, 1, "SST002")
    }
    write(
        project,
        {"setup.cfg": "[flake8]\nselect = SST1\nssot-lint-config = lint/other.toml\n", "a.py": "import os\n"},
    )
    found = flake8(project / "app", "..").stdout
    assert reported(found, "../") == ["a.py:1:8: SST101 forbidden-import `os` is forbidden here"]


def test_rules_of_plugins(tmp_path: Path) -> None:
    target = tmp_path / "own_rule"
    shutil.copytree(
        REPOSITORY / "examples" / "own_rule", target, ignore=shutil.ignore_patterns(".*", "__pycache__")
    )
    lines = [line for line in reported(flake8(target).stdout) if " OUR101 " in line]
    assert lines == command(target)
    assert len(lines) == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("path", ["ssot-lint.toml", "app/ssot-lint.toml"])
def test_mistake_in_the_configuration_is_told(project: Path, path: str, jobs: str) -> None:
    write(project, {path: "exclud = []\n"})
    done = flake8(project, *EVERYTHING, f"--jobs={jobs}")
    first, second = done.stdout.splitlines()
    assert first == "There was a critical error during execution of Flake8:"
    assert second == f"ssot-lint: {path}:1: exclud: unknown key, did you mean `exclude`?"
    assert (done.stderr, done.returncode) == ("", 1)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_rule_that_fails_at_its_work_is_told(tmp_path: Path, jobs: str) -> None:
    target = tmp_path / "own_rule"
    shutil.copytree(REPOSITORY / "examples" / "own_rule", target, ignore=shutil.ignore_patterns(".*"))
    rule = target / "our_checks" / "unheard_event.py"
    rule.write_text(rule.read_text().replace("-> Iterator[Problem]:", "-> Iterator[Problem]:\n    1 / 0", 1))
    done = flake8(target, f"--jobs={jobs}")
    assert "ssot-lint: " in done.stdout
    assert "ZeroDivisionError" in done.stdout
    assert (done.stderr, done.returncode) == ("", 1)


# everything


def test_every_example_of_every_rule(tmp_path: Path) -> None:
    expected = set()
    for rule in RULES:
        for number, example in enumerate((*rule.bad, *rule.good)):
            folder = f"{rule.code}-{number}"
            write(tmp_path / folder, {CONFIG: "", **without_marks(example.files.items())})
            findings = ssot_lint.lint(tmp_path / folder, use_cache=False).findings
            expected |= {
                (f"{folder}/{each.path}", each.span.line, each.span.column, each.code)
                for each in findings
                if each.path != CONFIG
            }
    assert flake8_findings(tmp_path, "--jobs=2") == expected
    assert {code for *_, code in expected} > {"SST001", "SST002", "SST101", "SST301", "SST505", "SST901"}

"""The recipes in `examples/ci` and `docs/ci.md`: their commands are run, and leave what later steps take."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from ssot_lint.reports.formats import FORMATS

REPOSITORY = Path(__file__).parent.parent.parent
PAGE = (REPOSITORY / "docs" / "ci.md").read_text(encoding="utf-8")
RECIPES = ("github-actions.yml", "gitlab-ci.yml", "github-report.yml", "gitlab-report.yml")
EXAMPLE = REPOSITORY / "examples" / "legacy_suite"
FOUND = re.findall(
    r"^(\S+):\d+:\d+: (SST\d+) ", (EXAMPLE / "expected.txt").read_text(encoding="utf-8"), re.MULTILINE
)
"""What is found in the example: path and code of each."""

Shell = Callable[[str], "subprocess.CompletedProcess[str]"]


def recipe(name: str) -> Any:
    return yaml.safe_load((REPOSITORY / "examples" / "ci" / name).read_text(encoding="utf-8"))


def github_steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = recipe("github-actions.yml")["jobs"]["ssot-lint"]["steps"]
    return steps


def lint_command(commands: list[str]) -> str:
    (found,) = (command for command in commands if command.startswith("ssot-lint "))
    return found


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The work tree of a repository that holds the example."""
    target = tmp_path / "clone"
    ignore = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(EXAMPLE, target, ignore=ignore)
    git(target, "init", "--quiet")
    git(target, "add", "--all")
    git(target, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--message=all")
    return target


@pytest.fixture
def shell(clone: Path, tmp_path: Path) -> Shell:
    """Runs a command line as a CI job does, with `ssot-lint` on the search path."""
    program = tmp_path / "bin" / "ssot-lint"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ssot_lint "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"}

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-e", "-c", command], cwd=clone, env=environment, capture_output=True, encoding="utf-8"
        )

    return run


def test_github_recipe_annotates_and_uploads_what_it_wrote(clone: Path, shell: Shell) -> None:
    steps = github_steps()
    done = shell(lint_command([step["run"] for step in steps if "run" in step]))
    assert done.returncode == 1, done.stderr
    assert len(re.findall(r"^::error file=\w", done.stdout, re.MULTILINE)) == 10
    assert f"::group::Findings: {len(FOUND)} in all, " in done.stdout
    upload = steps[-1]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@")
    log = json.loads((clone / upload["with"]["sarif_file"]).read_text(encoding="utf-8"))
    results = [each for each in log["runs"][0]["results"] if "suppressions" not in each]
    assert len(results) == len(FOUND)


def test_github_recipe_goes_on_after_findings_and_may_do_what_it_does() -> None:
    names = [step.get("uses", step.get("run", "")) for step in github_steps()]
    (lint,) = (number for number, name in enumerate(names) if name.startswith("ssot-lint "))
    after = github_steps()[lint + 1 :]
    assert len(after) == 2
    assert all("!cancelled()" in step["if"] for step in after)
    assert recipe("github-actions.yml")["permissions"] == {"contents": "read", "security-events": "write"}


def test_gitlab_recipe_leaves_the_reports_that_it_names(clone: Path, shell: Shell) -> None:
    job = recipe("gitlab-ci.yml")["ssot-lint"]
    done = shell(lint_command(job["script"]))
    assert done.returncode == 1, done.stderr
    assert f"{len(FOUND)} findings in" in done.stdout
    reports = job["artifacts"]["reports"]
    assert job["artifacts"]["when"] == job["cache"]["when"] == "always"
    entries = json.loads((clone / reports["codequality"]).read_text(encoding="utf-8"))
    assert len({entry["fingerprint"] for entry in entries}) == len(FOUND)
    assert all((clone / entry["location"]["path"]).is_file() for entry in entries)
    tests = ElementTree.parse(clone / reports["junit"]).getroot().findall("testsuite/testcase[@file]")
    assert len(tests) == len(set(FOUND))


def test_recipes_keep_the_cache_and_a_fresh_clone_with_it_parses_nothing(clone: Path, shell: Shell) -> None:
    kept = {step["with"]["path"] for step in github_steps() if "actions/cache" in step.get("uses", "")}
    kept |= {path.rstrip("/") for path in recipe("gitlab-ci.yml")["ssot-lint"]["cache"]["paths"]}
    assert kept == {".ssot-lint-cache"}
    shell("ssot-lint check")
    cache = clone.rename(clone.with_name("earlier")) / kept.pop()
    git(cache.parent, "clone", "--quiet", ".", str(clone))
    assert re.search(
        r"^ +[1-9]\d*  files parsed$", shell("ssot-lint check --statistics --no-cache").stdout, re.MULTILINE
    )
    shutil.copytree(cache, clone / cache.name)
    assert re.search(r"^ +0  files parsed$", shell("ssot-lint check --statistics").stdout, re.MULTILINE)


@pytest.mark.parametrize("name", RECIPES)
def test_page_shows_the_recipe(name: str) -> None:
    text = (REPOSITORY / "examples" / "ci" / name).read_text(encoding="utf-8")
    assert f"```yaml\n{text}```\n" in PAGE


def commands_of_reports() -> list[tuple[str, str]]:
    """The commands that come after the installation in each job about a report, with the folder of its pages."""
    jobs = recipe("github-report.yml")["jobs"].values()
    found = [(step["run"], "site") for job in jobs for step in job["steps"] if "run" in step]
    found += [(line, "public") for job in recipe("gitlab-report.yml").values() for line in job["script"]]
    return [(command, folder) for command, folder in found if not command.startswith("pip ")]


@pytest.mark.parametrize(("command", "folder"), commands_of_reports())
def test_reports_are_made_where_they_are_taken_from(
    command: str, folder: str, clone: Path, shell: Shell
) -> None:
    if not command.startswith("ssot-lint "):
        subprocess.run(["sh", "-n", "-c", command], check=True)  # it talks to the host
        return
    git(
        clone,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.example",
        "commit",
        "--quiet",
        "--allow-empty",
        "-mx",
    )
    done = shell(command.replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", "HEAD^1"))
    assert done.returncode == 0, done.stderr
    written = clone / command.rpartition(" ")[2].rpartition("=")[2]
    assert written.name == "comment.md" or written.parent == clone / folder
    assert written.read_text(encoding="utf-8").startswith(
        ("<!-- ssot-lint report -->", "<!DOCTYPE html>", "<!doctype html>")
    )


def test_page_lists_every_format() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(FORMATS)


@pytest.mark.parametrize("command", re.findall(r"^```sh\n(.*?)```$", PAGE, re.MULTILINE | re.DOTALL))
def test_commands_of_the_page_find_what_there_is(command: str, clone: Path, shell: Shell) -> None:
    done = shell(command)
    assert done.returncode == 1, done.stderr
    files = re.findall(r"--output-file (?:\w+=)?(\S+)", command)
    assert all((clone / file).stat().st_size for file in files)
    assert len(done.stdout.splitlines()) >= len(FOUND) or "--format" in command

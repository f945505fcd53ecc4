"""The projects in `examples/`: the real command prints what stands beside each, wherever it is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from ssot_lint.rules import RULES

REPOSITORY = Path(__file__).parent.parent
EXAMPLES = {"legacy_suite": "forbidden-import", "own_rule": "unheard-event"}
"""With the rule that most findings are of."""
PICTURE = REPOSITORY / "docs" / "images" / "check.svg"


@pytest.fixture(params=EXAMPLES)
def copy(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of an example that lies in no work tree."""
    target = tmp_path / str(request.param)
    ignore = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(REPOSITORY / "examples" / target.name, target, ignore=ignore)
    return target


def expected(folder: Path) -> str:
    """What the command prints for an example under the running Python."""
    text = (folder / "expected.txt").read_text(encoding="utf-8")
    return text.replace("Python 3.x", f"Python 3.{sys.version_info.minor}")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `ssot-lint` in a folder, without the user's settings."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "FORCE_COLOR"))
    }
    environment |= {
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-m", "ssot_lint", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_output_outside_of_git(copy: Path) -> None:
    done = run(copy, "check")
    assert done.stdout == expected(copy)
    assert done.returncode == 1
    assert done.stderr.startswith(f"ssot-lint: see `ssot-lint explain {EXAMPLES[copy.name]}`\n")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_output_inside_git(copy: Path) -> None:
    git(copy, "init", "--quiet")
    assert run(copy, "check").stdout == expected(copy), "nothing is tracked"
    git(copy, "add", "--all")
    assert run(copy, "check", "--jobs", "2", "--no-cache").stdout == expected(copy), "all is tracked"


def test_output_of_a_second_run(copy: Path) -> None:
    assert [run(copy, "check", "--jobs", "1").stdout for _ in range(2)] == [expected(copy)] * 2


def test_output_from_another_folder(copy: Path) -> None:
    done = run(copy.parent, "check", "--exit-zero", copy.name)
    assert done.stdout == expected(copy)
    assert done.returncode == 0


def test_every_rule_finds_something() -> None:
    folder = REPOSITORY / "examples" / "legacy_suite"
    found = set(re.findall(r"^\S+:\d+:\d+: SST\d+ (\S+) ", expected(folder), re.MULTILINE))
    assert found == {rule.id for rule in RULES}


@pytest.mark.parametrize("copy", ["legacy_suite"], indirect=True)
def test_picture_shows_what_the_command_prints(copy: Path) -> None:
    sys.path.insert(0, str(PICTURE.parent.parent))
    try:
        from make_picture import screen
    finally:
        del sys.path[0]
    spans = re.findall(r"<text[^>]*>([^<]*)</text>", PICTURE.read_text(encoding="utf-8"))
    shown = re.sub(r"\s", "", unescape("".join(spans)))
    wanted = re.sub(r"\s", "", re.sub(r"\x1b\[[\d;]*m", "", screen(copy)))
    version = re.compile(r"Python3\.\d+")
    assert version.sub("", wanted) in version.sub("", shown), "run `python docs/make_picture.py`"

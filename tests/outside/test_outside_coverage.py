"""Coverage in gates: reports of the real coverage.py, of another version, of another machine, or damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from outside_project import python, taken, write

from ssot_lint.outside.places import placed
from ssot_lint.standing import Taken

SEND = "src/websocket/send.py"
NEVER = "src/websocket/never.py"
WEBSOCKET = {"paths": ("src/websocket/",)}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of which coverage.py has seen one file in part, one whole, and one not at all."""
    root = tmp_path_factory.mktemp("measured")
    write(
        root,
        {
            "ssot-lint.toml": "",
            SEND: "def send(x):\n    if x:\n        return 1\n    return 2\n",
            NEVER: '"""Nobody imports this."""\n\n# a comment\nx = 1\n',
            "src/websocket/__init__.py": "",
            "src/other.py": "def f():\n    return 1\nf()\n",
            "run.py": "import sys\nsys.path.insert(0, 'src')\nimport other, websocket.send\nwebsocket.send.send(1)\n",
        },
    )
    python(root, "-m", "coverage", "run", "--branch", "run.py")
    python(root, "-m", "coverage", "json")
    return root


@pytest.fixture
def measured(original: Path, tmp_path: Path) -> Path:
    """A copy of it, times and all."""
    return Path(shutil.copytree(original, tmp_path / "measured"))


def report(root: Path) -> dict[str, Any]:
    """What coverage.py has written."""
    read: dict[str, Any] = json.loads((root / "coverage.json").read_text(encoding="utf-8"))
    return read


def rewrite(root: Path, files: dict[str, Any]) -> Taken:
    """What the condition comes to when the report is about other files."""
    (root / "coverage.json").write_text(json.dumps({**report(root), "files": files}), encoding="utf-8")
    return taken(root, min_covered=1, paths=("src/",))


def test_numbers_are_those_of_coverage(measured: Path) -> None:
    files = report(measured)["files"]
    for path in (SEND, "src/other.py"):
        summary = files[path]["summary"]
        found = taken(measured, min_covered=0, paths=(path,)).numbers
        assert found["covered"] == summary["covered_lines"] + summary["covered_branches"]
        assert found["statements"] == summary["num_statements"] + summary["num_branches"]


def test_files_that_the_report_lacks_are_not_covered(measured: Path) -> None:
    found = taken(measured, min_covered=90, **WEBSOCKET)
    assert (found.is_met, found.now, found.distance) == (False, "50.00 %", "4 too few")
    assert found.numbers == {"covered": 4, "distance": 4, "statements": 8, "files": 3, "unknown": 1}
    assert found.notes == (
        "4 of 8 statements and branches in 3 files",
        f"1 of these files is not in coverage.json, so all its lines count as not covered: {NEVER}",
        f"the most is missing in {NEVER}: 2 of 2",
    )
    assert taken(measured, min_covered=66.6, exclude=("never.py", "run.py"), **WEBSOCKET).is_met


TABLE = """\
release

condition     now        allowed  wanted   distance
findings      0                   <= 0     met
files clean   100.00 %            >= 50 %  met
  4 of 4 files
covered       50.00 %             >= 90 %  4 too few
  in src/websocket/
  4 of 8 statements and branches in 3 files
  1 of these files is not in coverage.json, so all its lines count as not
    covered: src/websocket/never.py
  the most is missing in src/websocket/never.py: 2 of 2
tests failed  not known           <= 0     not known
  there is no reports/*.xml; `pytest --junit-xml FILE` writes such a file

release: 2 of 4 conditions are met
"""


def test_it_stands_in_the_same_table_as_the_rest(measured: Path) -> None:
    gate = """\
exclude = ["run.py"]
[outside]
junit = ["reports/*.xml"]
[[gate]]
name = "release"
conditions = [
  { max = 0 },
  { min-clean = 50 },
  { paths = ["src/websocket/"], min-covered = 90 },
  { max-failed = 0 },
]
"""
    write(measured, {"ssot-lint.toml": gate})
    command = (sys.executable, "-m", "ssot_lint", "gate", "release")
    done = subprocess.run(command, cwd=measured, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 5
    assert done.stdout == TABLE
    assert done.stderr == "", "its notes say which command helps"


def test_nothing_to_cover_is_not_well_covered(measured: Path) -> None:
    found = taken(measured, min_covered=0, paths=("__init__.py",))
    assert (found.is_met, found.now, found.notes) == (False, "not known", ("these files have no statements",))


def test_report_that_is_not_there(measured: Path) -> None:
    (measured / "coverage.json").unlink()
    found = taken(measured, min_covered=1)
    assert not found.is_met
    assert found.notes == ("there is no coverage.json; `coverage json -o coverage.json` writes it",)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"files": {"a.py": {}}}', '{"files": 1}', "[" * 9999, '"\\ud800"']
)
def test_damaged_report_is_not_known(measured: Path, text: str) -> None:
    (measured / "coverage.json").write_text(text, encoding="utf-8")
    found = taken(measured, min_covered=1)
    assert (found.is_met, found.now) == (False, "not known")
    assert found.notes[0].startswith("coverage.json is not what `coverage json` writes: ")


@pytest.mark.parametrize("summary", [(-1, 2, 0, 0), (3, 2, 0, 0), (1, -2, 0, 0), (2, 2, 3, 2)])
def test_report_with_numbers_that_cannot_be(measured: Path, summary: tuple[int, ...]) -> None:
    names = ("covered_lines", "num_statements", "covered_branches", "num_branches")
    files = report(measured)["files"]
    files[SEND]["summary"] = dict(zip(names, summary))
    found = rewrite(measured, files)
    assert (found.is_met, found.now) == (False, "not known")


def test_report_about_another_version_is_not_known(measured: Path) -> None:
    write(measured, {SEND: "def send(x): ...\n"})
    found = taken(measured, min_covered=1, **WEBSOCKET)
    assert (found.is_met, found.now) == (False, "not known")
    assert found.notes[0].startswith(f"coverage.json is about another version of {SEND}; run the tests")
    assert taken(measured, min_covered=1, paths=("src/other.py",)).is_met, "this one is as it was"


def test_it_is_told_which_files_are_younger_than_the_report(measured: Path) -> None:
    moment = os.stat(measured / "coverage.json").st_mtime_ns
    os.utime(measured / SEND, ns=(moment, moment + 1_000_000_000))
    assert (
        taken(measured, min_covered=1, paths=(SEND,)).notes[-1]
        == "1 of 1 files were changed after coverage.json"
    )
    assert "changed" not in taken(measured, min_covered=1, paths=("src/other.py",)).notes[-1]


@pytest.mark.parametrize("start", ["/home/runner/work/shop/", "C:\\work\\shop\\", "./", "services/shop/"])
def test_report_of_another_place(measured: Path, start: str) -> None:
    files = {
        f"{start}{name}".replace("/", "\\") if "\\" in start else f"{start}{name}": file
        for name, file in report(measured)["files"].items()
    }
    assert rewrite(measured, files).numbers["unknown"] == 1


def test_report_in_a_folder_of_its_service(measured: Path) -> None:
    files = {name.removeprefix("src/"): file for name, file in report(measured)["files"].items()}
    write(
        measured,
        {
            "src/coverage.json": json.dumps({"files": files}),
            "ssot-lint.toml": '[outside]\ncoverage = "src/coverage.json"\n',
        },
    )
    assert taken(measured, min_covered=1, **WEBSOCKET).numbers["unknown"] == 1


def test_the_root_is_where_most_names_lead_to_files() -> None:
    names = ["/ci/a/x.py", "/ci/a/y.py", "/ci/a/z.py", "/ci/x.py", "lib/z.py"]
    assert placed(names, ["x.py", "y.py", "z.py", "a/x.py", "lib/z.py"]) == {
        "/ci/a/x.py": "x.py",
        "/ci/a/y.py": "y.py",
        "/ci/a/z.py": "z.py",
        "lib/z.py": "lib/z.py",
    }
    assert placed(["gone.py"], ["x.py"]) == {}

"""Runs real processes of flake8, and reads what they report."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

REPORT = "--format=%(path)s:%(row)d:%(col)d: %(code)s %(text)s"
_LINE = re.compile(r"(?:\./)?(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?P<code>[A-Z]+\d+) ")


def flake8(
    folder: Path, *arguments: str, stdin: bytes = b"", start: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run flake8 in a folder, without the user's settings; its processes start by the method `start`."""
    command = ["-m", "flake8"]
    if start:
        program = "import multiprocessing, sys; multiprocessing.set_start_method(sys.argv.pop(1)); "
        command = ["-c", f"{program}from flake8.main.cli import main; sys.exit(main())", start]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CEILING_DIRECTORIES": str(folder.parent), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *command, REPORT, *arguments],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def flake8_findings(folder: Path, *arguments: str) -> set[tuple[str, int, int, str]]:
    """What one run of flake8 finds in all Python files below a folder, by the nearest configuration of each.

    Each finding is the path from the folder, the line and the column, both 1-based, and the code.
    What is not of ssot-lint is left out; comments `# noqa` do not count.
    """
    options = ["--isolated", "--disable-noqa", "--filename=*.py,*.pyi", "--extend-ignore=E,F,W,C90"]
    done = flake8(folder, *options, *arguments)
    assert (done.stderr, done.returncode in (0, 1)) == ("", True)
    return places(done.stdout)


def places(report: str) -> set[tuple[str, int, int, str]]:
    """The findings in what flake8 prints; every line must be one."""
    found = set()
    for line in report.splitlines():
        match = _LINE.match(line)
        assert match, report
        found.add((match["path"], int(match["line"]), int(match["column"]), match["code"]))
    return found

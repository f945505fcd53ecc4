"""Runs pylint, the real one, in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_LOAD = "--load-plugins=ssot_lint.integrations.pylint"
_CODE = re.compile(r"[A-Z]{3}\d{3}\b")

Place = tuple[str, int, int, str]
"""A path, a line and a column, both 1-based, and the code of a rule."""


def run_pylint(
    folder: Path, *arguments: str, stdin: str | None = None, load: str = _LOAD
) -> subprocess.CompletedProcess[str]:
    """Run pylint in a folder, with the plugin as `load` has it."""
    command = [sys.executable, "-m", "pylint", load, "--persistent=n", "--score=n", *arguments]
    return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, text=True, check=False)


def messages(folder: Path, *arguments: str, stdin: str | None = None) -> list[dict[str, Any]]:
    """Everything that pylint says of files, as its JSON has it; fail where anything goes wrong."""
    done = run_pylint(folder, "--output-format=json2", *arguments, stdin=stdin)
    assert done.stderr == ""
    found: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return found


def ours(found: Iterable[dict[str, Any]]) -> set[Place]:
    """What our rules found among the messages of pylint."""
    return {
        (each["path"], each["line"], each["column"] + 1, code[0])
        for each in found
        if (code := _CODE.match(each["message"]))
    }


def pylint_findings(folder: Path, *arguments: str) -> set[Place]:
    """What our rules find in all files below a folder, which may hold many projects, in one run of pylint.

    Paths are relative to the folder.
    """
    paths = (path for path in folder.rglob("*.py*") if path.suffix in (".py", ".pyi"))
    files = sorted(path.relative_to(folder).as_posix() for path in paths)
    found = messages(folder, "--disable=all", "--enable=ssot-lint", *arguments, *files)
    assert "ssot-configuration" not in {each["symbol"] for each in found}
    return ours(found)

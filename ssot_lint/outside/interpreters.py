"""Finds the interpreter that a project's own pytest runs in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from ssot_lint.files import UsageError
from ssot_lint.processes import run

_HAS_PYTEST = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pytest') is None)"
_FOLDERS = (".venv", "venv")


def find_python(root: Path, named: str = "") -> str:
    """The path of the interpreter that is named, else of the first with pytest among those one would expect.

    These are the active virtual environment, `.venv` and `venv` in the root, `python` and `python3` as a
    shell finds them, and the one that runs this. Raises UsageError where none has pytest.
    """
    if named:
        found = shutil.which(named)
        if found is None:
            raise UsageError(
                f"`{named}` is no program; `--python` takes the path or the name of an interpreter"
            )
        return os.path.abspath(found)  # which is in a folder of links in a virtual environment
    tried = list(dict.fromkeys(_expected(root)))
    for python in tried:
        if run((python, "-c", _HAS_PYTEST), os.fspath(root)).code == 0:
            return python
    names = ", ".join(f"`{python}`" for python in tried)
    raise UsageError(f"none of {names} has pytest; `--python PATH` names an interpreter that has it")


def _expected(root: Path) -> Iterator[str]:
    active = os.environ.get("VIRTUAL_ENV", "")
    for folder in (*([Path(active)] if active else []), *(root / name for name in _FOLDERS)):
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        if os.access(python, os.X_OK):
            yield os.path.abspath(python)
    for name in ("python", "python3"):
        if found := shutil.which(name):
            yield os.path.abspath(found)
    yield sys.executable

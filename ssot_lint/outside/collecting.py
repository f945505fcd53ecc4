"""Runs a project's own pytest to see what it collects: the one place where code of the project is run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ssot_lint.files import UsageError
from ssot_lint.outside.measurement import Measurement
from ssot_lint.processes import argument, run, tail

_PLUGIN = "ssot_lint_collection"
# No error ends the collection, whatever the options of the project say.
_OPTIONS = ("-p", _PLUGIN, "--collect-only", "--continue-on-collection-errors", "--maxfail=0", "--color=no")
_MOST_LINES = 15  # of what pytest said, where it fails
_SOURCE = Path(__file__).with_name("pytest_plugin.py")


def collect(
    python: str,
    root: Path,
    paths: Sequence[str] = (),
    arguments: Sequence[str] = (),
    timeout: float | None = None,
) -> Measurement:
    """Have pytest collect the tests at some paths from the root, or all, with more arguments for it.

    Bytecode goes to a folder of its own that is empty, so that every run compiles everything, whoever ran
    pytest before. Raises UsageError where pytest does not begin, or takes more than `timeout` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="ssot-lint-") as folder:
        plugin_folder = os.path.join(folder, "plugin")
        os.mkdir(plugin_folder)
        shutil.copyfile(_SOURCE, os.path.join(plugin_folder, f"{_PLUGIN}.py"))
        target = os.path.join(folder, "collection.json")
        places = [plugin_folder, *filter(None, [os.environ.get("PYTHONPATH")])]
        variables = {
            "PYTHONPATH": os.pathsep.join(places),
            "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode"),
            "SSOT_LINT_COLLECTION": target,
        }
        command = (python, "-m", "pytest", *_OPTIONS, *arguments, *map(argument, paths))
        ended = run(command, os.fspath(root), timeout, variables)
        found, at = _read(target), _place_of_end(target)
    if found is not None and (found.is_finished or found.stopped is not None):
        return found
    shown = f"`{python} -m pytest`"
    if ended.code is None:
        raise UsageError(f"{shown} takes longer than {timeout:g} s; `--timeout SECONDS` gives it more{at}")
    how = f"{shown} ends with {ended.code} and has not collected the tests{at}"
    raise UsageError("\n".join([how, *tail(ended.output).splitlines()[-_MOST_LINES:]]))


def _read(target: str) -> Measurement | None:
    """What the plugin wrote, None where it did not come to that or was killed amid of it."""
    try:
        data = Path(target).read_bytes()
    except FileNotFoundError:
        return None
    try:
        return msgspec.json.decode(data, type=Measurement)
    except msgspec.DecodeError:
        return None


def _place_of_end(target: str) -> str:
    """Words for the file or folder that was being collected last, none where it did not come to that."""
    try:
        path = Path(f"{target}.next").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return f"; it was at `{path or '.'}`"

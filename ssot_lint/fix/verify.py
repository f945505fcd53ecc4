"""Verifies files with the user's own command, and counts the tests that pytest finds in them."""

from __future__ import annotations

import shlex
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ssot_lint.fix.disk import FixError
from ssot_lint.processes import argument, run, tail

_FILES = "{files}"

# A file that is written twice in a second may keep its size, and Python would then take its old bytecode.
_VARIABLES = {"PYTHONDONTWRITEBYTECODE": "1"}


class Verify(NamedTuple):
    """A command that succeeds where all is well, such as `pytest -q {files}`."""

    command: str
    timeout: float | None = None  # seconds

    @property
    def takes_files(self) -> bool:
        """Whether it is run for certain files."""
        return _FILES in self.command

    def complaint(self, root: str, paths: Sequence[str]) -> str:
        """Runs it for files, by their paths from the root; why it fails, "" where it succeeds.

        Raises UsageError where it cannot be run.
        """
        ended = run(self.arguments(paths), root, self.timeout, _VARIABLES)
        if ended.code == 0:
            return ""
        how = f"ends with {ended.code}" if ended.code is not None else f"takes longer than {self.timeout:g} s"
        return f"`{self.command}` {how}\n{tail(ended.output)}".rstrip()

    def arguments(self, paths: Sequence[str]) -> list[str]:
        """The command for files: the word `{files}` becomes a word for each, a part of a word quotes them.

        Raises FixError where there is no command in it.
        """
        files = list(map(argument, paths))
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise FixError(f"`{self.command}` is no command: {error}") from None
        if not words:
            raise FixError("the command that verifies is empty")
        arguments: list[str] = []
        for word in words:
            arguments += files if word == _FILES else [word.replace(_FILES, shlex.join(files))]
        return arguments


class Pytest(NamedTuple):
    """The pytest of the project."""

    python: str  # the interpreter that has it
    timeout: float | None = None  # seconds

    def counts(self, root: str, paths: Sequence[str]) -> Mapping[str, int]:
        """How many tests it collects from files, by path; nothing of those from which it collects none.

        It imports them. Raises UsageError where it cannot be run.
        """
        if not paths:
            return {}
        options = (
            "--collect-only",
            "--verbosity=-1",
            "--disable-warnings",
            "--color=no",
            f"--rootdir={root}",
        )
        arguments = (self.python, "-m", "pytest", *options, *map(argument, paths))
        ended = run(arguments, root, self.timeout, _VARIABLES)
        found = Counter(line.partition("::")[0] for line in ended.output.splitlines() if "::" in line)
        return {path: found[path] for path in paths if path in found}


def find_pytest(root: str, timeout: float | None = None) -> Pytest | None:
    """The pytest of the first Python that the user's shell would find, None where it has none."""
    for name in ("python", "python3"):
        python = shutil.which(name)
        if python:
            ended = run((python, "-m", "pytest", "--version"), root, timeout)
            return Pytest(python, timeout) if ended.code == 0 else None
    return None

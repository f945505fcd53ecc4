"""Runs a program of the user's: to its end, or until it has had its time."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from typing import NamedTuple

from ssot_lint.fix.disk import FixError


class Ended(NamedTuple):
    """How a program has ended."""

    code: int | None  # None where its time was over
    output: str  # with its errors


def run(
    arguments: Sequence[str],
    root: str,
    timeout: float | None = None,
    variables: Mapping[str, str] | None = None,
) -> Ended:
    """Runs a program in a folder, without a shell and without input, with more variables in its environment.

    When `timeout` (in seconds) is over, it is killed with all that it has started. Raises FixError where it
    cannot be run.
    """
    with tempfile.TemporaryFile() as output:  # not a pipe, which what outlives the program could keep open
        try:
            process = Popen(
                arguments,
                cwd=root,
                env={**os.environ, **(variables or {})},
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise FixError(f"`{arguments[0]}` cannot be run: {error.strerror or error}") from None
        try:
            code = process.wait(timeout)
        except TimeoutExpired:
            code = None
        finally:
            if process.poll() is None:
                _kill_all(process)
        output.seek(0)
        return Ended(code, output.read().decode(errors="replace"))


def tail(text: str, length: int = 4000) -> str:
    """The end of an output, in whole lines of at most that many characters together."""
    text = text.strip()
    return text if len(text) <= length else text[-length:].partition("\n")[2]


def _kill_all(process: Popen[bytes]) -> None:
    """Kills a process and, where the system knows groups of processes, all that it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

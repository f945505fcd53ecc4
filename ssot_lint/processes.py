"""Runs a program of the user's: to its end, or until it has had its time."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from types import FrameType
from typing import NamedTuple, NoReturn

from ssot_lint.files import UsageError


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

    When `timeout` (in seconds) is over, or this process is ended, it is killed with all that it has started.
    Raises UsageError where it cannot be run.
    """
    # What it prints goes to no pipe, which what outlives the program could keep open.
    with ending_on_signals(), tempfile.TemporaryFile() as output:
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
            raise UsageError(f"`{arguments[0]}` cannot be run: {error.strerror or error}") from None
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


def argument(path: str) -> str:
    """A path as no program takes it for an option."""
    return f"./{path}" if path.startswith("-") else path


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Lets signals that end this process raise SystemExit, so that it cleans up what it has begun.

    The code is 128 and the number of the signal. Ctrl-C raises KeyboardInterrupt, here as anywhere.
    """
    if threading.current_thread() is not threading.main_thread():  # only there can they be handled
        yield
        return
    names = ("SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    handled = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in handled:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _kill_all(process: Popen[bytes]) -> None:
    """Kills a process and, where the system knows groups of processes, all that it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

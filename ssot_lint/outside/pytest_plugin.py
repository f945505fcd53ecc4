"""Measures a collection from within pytest: the one part of ssot-lint that runs beside code under analysis.

It runs in the interpreter of the project, where ssot-lint is not installed, with pytest 7 or later. So it
imports nothing but the standard library and pytest, and knows of ssot-lint what its environment says. It is
copied to a folder of its own, which is on the path for no longer than it takes to import it.
"""

from __future__ import annotations

import atexit
import gc
import inspect
import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

_TARGET = os.environ.pop("SSOT_LINT_COLLECTION", "")  # the file that the measurement is written to
_PROCESS = os.getpid()
_ROOT = os.path.realpath(os.getcwd())
_MOST_FRAMES = 100
_MOST_CHARACTERS = 500
# Time of the processor, which other processes do not draw out, where the system measures it finely enough.
_work_clock = (
    time.process_time if time.get_clock_info("process_time").resolution < 1e-4 else time.perf_counter
)
_WRAPPERS = ("CollectError", "ConftestImportFailure")  # around the exceptions that matter


def _leave_path() -> None:
    """Takes the folder of this file off the path, so that the code under test finds what it always finds."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if place != folder]
    places = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if places[:1] == [folder]:
        os.environ["PYTHONPATH"] = os.pathsep.join(places[1:])
        if not places[1:]:
            del os.environ["PYTHONPATH"]


class _Clock:
    """The work of the collection, and that of a fixed piece, which is done anew every now and then.

    What else the machine does makes both slower, so their ratio says much the same whatever that is.
    """

    _TEXT = "".join(
        f"class C{n}:\n    def f(self, a, b={n}, *c):\n        return [a.x + i * b for i in c if i != {n}]\n"
        for n in range(250)
    )
    _PAUSE = 0.1  # seconds of other work between two fixed pieces

    def __init__(self) -> None:
        self._pieces = [min(self._piece() for _ in range(5))]  # the first of them are slower
        self._not_ours = 0.0  # seconds of fixed pieces since the start
        self._start = self._paused = _work_clock()

    def tick(self) -> None:
        """Do the fixed piece, if that was not done for a while."""
        now = _work_clock()
        if now - self._paused >= self._PAUSE:
            self._pieces.append(self._piece())
            self._paused = _work_clock()
            self._not_ours += self._paused - now

    def work(self) -> float:
        """Seconds since the start, without those for the fixed piece."""
        return _work_clock() - self._start - self._not_ours

    def reference(self) -> float:
        """Seconds that the fixed piece takes here on average: to compile a text of 250 classes."""
        return sum(self._pieces) / len(self._pieces)

    def _piece(self) -> float:
        is_collecting = gc.isenabled()
        gc.disable()
        start = _work_clock()
        compile(self._TEXT, "<reference>", "exec")
        seconds = _work_clock() - start
        if is_collecting:
            gc.enable()
        return seconds


_leave_path()
_found: dict[str, Any] = {
    "python": platform.python_version(),
    "pytest": pytest.__version__,
    "tests": {},
    "deselected": 0,
    "errors": [],
    "warnings": [],
    "stopped": None,
    "is_finished": False,
    "sees_warnings": False,
    "reference": 0.0,
    "seconds": 0.0,
    "processor": 0.0,
}
_START = time.perf_counter()
_CLOCK = _Clock()


@pytest.hookimpl(hookwrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Sees what keeps pytest from starting: a `conftest.py` that cannot be imported."""
    outcome: Any = yield
    if outcome.excinfo is not None:
        _found["stopped"] = _described(outcome.excinfo[1], "")


def pytest_configure(config: Any) -> None:
    """Sees whether warnings are recorded; lets pytest print counts in place of all names of tests."""
    _found["sees_warnings"] = config.pluginmanager.hasplugin("warnings")
    config.option.verbose = -2


def pytest_collectstart(collector: Any) -> None:
    """Sees what comes next, and says so in a file where it is a module or folder, which may end all."""
    _CLOCK.tick()
    if _is_ours() and "::" not in collector.nodeid:
        with open(f"{_TARGET}.next", "w", encoding="utf-8") as file:
            file.write(_path_of(collector))


def pytest_exception_interact(node: Any, call: Any) -> None:
    """Sees what could not be collected."""
    if call.when == "collect":
        _found["errors"].append(_described(call.excinfo.value, _path_of(node)))


def pytest_warning_recorded(warning_message: Any, when: str) -> None:
    """Sees warnings: those of the configuration and of the collection."""
    if when in ("config", "collect"):
        category = warning_message.category
        entry = {
            "category": category.__name__,
            "message": _first_lines(str(warning_message.message)),
            "path": _relative(warning_message.filename),
            "line": warning_message.lineno,
        }
        _found["warnings"].append(entry)


def pytest_deselected(items: Any) -> None:
    """Sees tests that are collected, and then left out by options."""
    _found["deselected"] += len(items)
    _count(items)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: Any) -> None:
    """Sees the end of the collection, and what it came to."""
    _found["seconds"] = time.perf_counter() - _START
    _found["processor"] = _CLOCK.work()
    _found["is_finished"] = True
    _count(session.items)


def pytest_internalerror(excinfo: Any) -> None:
    """Sees what breaks pytest, such as an exit at import."""
    _found["stopped"] = _described(excinfo.value, "")


def pytest_keyboard_interrupt(excinfo: Any) -> None:
    """Sees an interruption, or somebody who calls `pytest.exit`."""
    _found["stopped"] = _described(excinfo.value, "")


def pytest_sessionfinish(exitstatus: Any) -> None:
    """Writes what was seen: what comes after may never end."""
    if exitstatus == pytest.ExitCode.USAGE_ERROR:  # a path that is not there, for one
        _found["is_finished"] = False
    _write()


def _write() -> None:
    if _is_ours():
        _found["reference"] = _CLOCK.reference()
        with open(_TARGET, "w", encoding="utf-8") as file:
            json.dump(_found, file)


def _is_ours() -> bool:
    return bool(_TARGET) and os.getpid() == _PROCESS  # tests may fork, and their children are not to write


atexit.register(_write)  # also where pytest gives up before it begins


def _count(items: Any) -> None:
    for item in items:
        path = _path_of(item)
        _found["tests"][path] = _found["tests"].get(path, 0) + 1


def _described(error: Any, path: Any) -> dict[str, Any]:
    """What is known of an exception: where it came from, and through which lines of the project."""
    while type(error).__name__ in _WRAPPERS and error.__cause__ is not None:
        path = getattr(error, "path", path)  # of a `conftest.py`, not of the folder that has it
        error = error.__cause__
    frames = list(_frames(error))
    is_mismatch = type(error).__name__ == "ImportPathMismatchError"
    return {
        "path": _relative(path) or (frames[-1][0] if frames else ""),
        "exception": type(error).__name__,
        "message": "import file mismatch" if is_mismatch else _first_lines(_text_of(error)),
        "frames": frames,
        "other": _relative(error.args[1]) if is_mismatch else "",
        "lacking": _relative(getattr(error, "path", "")) if isinstance(error, ImportError) else "",
    }


def _frames(error: Any) -> Iterator[tuple[str, int]]:
    """The lines of the project that an exception, and those behind it, passed: paths from the root."""
    seen: set[tuple[str, int]] = set()
    chain: list[Any] = []
    while error is not None and not any(error is each for each in chain):
        chain.append(error)
        error = error.__cause__ or error.__context__
    for each in chain:
        lines: list[tuple[str, int]] = []
        for frame, line in traceback.walk_tb(each.__traceback__):
            if lines and _is_class_body(frame.f_code):
                lines.pop()  # the head of the class, which is not to blame for what is in it
            lines.append((frame.f_code.co_filename, line))
        if isinstance(each, SyntaxError):
            lines.append((each.filename or "", each.lineno or 1))
        for name, line in lines:
            place = (_relative(name), line)
            if place not in seen and _is_of_project(place[0]) and len(seen) < _MOST_FRAMES:
                seen.add(place)
                yield place


def _is_class_body(code: Any) -> bool:
    return not code.co_flags & inspect.CO_NEWLOCALS and code.co_name != "<module>"


def _is_of_project(path: str) -> bool:
    is_file = path.endswith((".py", ".pyi")) and not os.path.isabs(path)
    return is_file and "site-packages" not in path.split("/")


def _path_of(node: Any) -> str:
    return _relative(getattr(node, "path", None) or getattr(node, "fspath", ""))


def _relative(path: Any) -> str:
    """A path from the root, with `/`; one that leads elsewhere stays as it is, "" for none."""
    return _relative_text(os.fspath(path)) if path else ""


@lru_cache(maxsize=None)  # noqa: UP033, for Python 3.8
def _relative_text(path: str) -> str:
    absolute = os.path.realpath(os.path.join(_ROOT, path))  # tests change the working folder
    prefix = os.path.join(_ROOT, "")
    inside = absolute[len(prefix) :].replace(os.sep, "/") if absolute.startswith(prefix) else path
    return _as_text(inside)


def _text_of(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.msg:
        return str(error.msg)
    try:
        return str(error)
    except Exception as mistake:  # in the code under test
        return f"its text cannot be shown: {type(mistake).__name__}"


def _first_lines(text: str) -> str:
    return _as_text(text.strip()[:_MOST_CHARACTERS])


def _as_text(text: str) -> str:
    """A text that can be written as UTF-8, whatever bytes a file name had."""
    return text.encode("utf-8", "backslashreplace").decode()

"""Tests of checks that several processes share."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ssot_lint import pools, spread
from ssot_lint.checks import Run
from ssot_lint.config import parse
from ssot_lint.engine import lint
from ssot_lint.facts.store import clear
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process checks all files")

CONFIG = """\
[[forbidden-import]]
targets = ["requests"]
[[duplicate-class]]
[[uncollected-test]]
"""
BODY = "".join(f"    def step_{number}(self): return self.value[{number}]\n" for number in range(12))
TEXTS = ["import requests\n", f"class Shared:\n{BODY}", "def test_it(): pass\n", "def broken(:\n", "x = 1\n"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of which even few files are worth several processes."""
    for number in range(40):
        (tmp_path / f"module_{number:02}.py").write_text(TEXTS[number % len(TEXTS)])
    (tmp_path / "pytest.ini").write_text("[pytest\n")  # no rule can use it, which is noted
    monkeypatch.setattr(spread, "FEWEST_FILES", 2)
    monkeypatch.setattr(spread, "BATCH", 3)
    monkeypatch.setattr(pools, "copies_that_fit", lambda: 4)
    return tmp_path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of workers of all pools that are started to check files."""
    numbers: list[int] = []
    done = pools.done

    def noted(work: Callable[..., object], *given: object) -> object:
        numbers.extend([given[1]] if work is spread._check_batch else [])  # type: ignore[list-item]
        return done(work, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(pools, "done", noted)
    return numbers


def run(root: Path, jobs: int | None, *, use_cache: bool = True) -> tuple[object, ...]:
    """Everything that a run tells of the files."""
    result = lint(parse(CONFIG, root=root), [str(root)], jobs=jobs, use_cache=use_cache)
    assert multiprocessing.active_children() == []
    return result.findings, result.allowed, result.notes, result.files


def before_each_check(monkeypatch: pytest.MonkeyPatch, happens: Callable[[str], None]) -> None:
    """Lets something happen before a rule looks at a file, given its path."""
    problems = Run.problems

    def noted(self: Run, file: File, project: Project) -> Iterable[Problem]:
        happens(file.path)
        return problems(self, file, project)

    monkeypatch.setattr(Run, "problems", noted)


def is_worker() -> bool:
    return multiprocessing.parent_process() is not None


@pytest.mark.parametrize("use_cache", [True, False])
@pytest.mark.parametrize("jobs", [2, 3])
def test_result_is_the_same_for_any_number_of_processes(
    root: Path, jobs: int, use_cache: bool, started: list[int]
) -> None:
    alone = run(root, 1, use_cache=False)
    findings, _, notes, _ = alone
    assert "SST101" in str(findings)
    assert "pytest.ini" in str(notes)
    assert started == []
    assert run(root, jobs, use_cache=use_cache) == alone
    assert started == [jobs]


def test_what_workers_found_is_remembered(root: Path, started: list[int]) -> None:
    first = run(root, 2)
    assert run(root, 2) == first
    assert started == [2]


def test_rule_that_fails_says_so_as_without_workers(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class OddError(Exception):
        """One that cannot be sent from process to process."""

        def __init__(self, one: str, *, other: str) -> None:
            super().__init__(one + other)

    def fails(path: str) -> None:
        if path == "module_20.py":
            raise OddError("not ", other="this one")

    before_each_check(monkeypatch, fails)
    with pytest.raises(OddError, match="not this one"):
        run(root, 2)
    assert multiprocessing.active_children() == []


def test_worker_that_is_killed_costs_no_finding(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = run(root, 1, use_cache=False)

    def dies(path: str) -> None:
        if path == "module_20.py" and is_worker():
            os.kill(os.getpid(), signal.SIGKILL)

    before_each_check(monkeypatch, dies)
    assert run(root, 2, use_cache=False) == alone


def test_workers_take_no_other_texts_where_the_cache_is_cleared_meanwhile(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = run(root, 1, use_cache=False)

    def clears(_path: str) -> None:
        if is_worker() and clear(root):
            (root / "module_35.py").write_text("y = 1\n")

    before_each_check(monkeypatch, clears)
    assert run(root, 2) == alone


def test_workers_are_no_more_than_memory_is_there_for(
    root: Path, monkeypatch: pytest.MonkeyPatch, started: list[int]
) -> None:
    alone = run(root, 1, use_cache=False)
    monkeypatch.setattr(pools, "copies_that_fit", lambda: 0)
    assert run(root, 4, use_cache=False) == alone
    assert started == []


def test_limit_of_a_container_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_OF_CONTAINERS", [(tmp_path, "max", "current", "inactive_file")])
    (tmp_path / "current").write_text(f"{300 << 20}\n")
    (tmp_path / "memory.stat").write_text(f"anon 7\ninactive_file {50 << 20}\n")
    free = []
    for text in ("max\n", f"{1 << 50}\n", f"{400 << 20}\n", f"{200 << 20}\n"):
        (tmp_path / "max").write_text(text)
        free.append(pools._free_bytes())
    assert free[0] > 1 << 28
    assert free[1] > 1 << 28
    assert free[2:] == [150 << 20, -(50 << 20)]
    assert pools.copies_that_fit() < 1


def test_all_processes_go_by_one_configuration_of_pytest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "pytest.ini").write_text("[pytest]\npython_files = module_*.py\n")
    (root / "module_02.py").write_text("class Checks:\n    def test_it(self): assert self\n")
    alone = run(root, 1, use_cache=False)

    def edits(_path: str) -> None:
        if is_worker():
            (root / "pytest.ini").write_text("[pytest]\npython_files = other_*.py\n")

    before_each_check(monkeypatch, edits)
    assert run(root, 2, use_cache=False) == alone

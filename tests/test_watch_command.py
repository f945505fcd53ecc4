"""`ssot-lint watch`, as a process that sees real changes of files; its counts are always those of `check`."""

from __future__ import annotations

import datetime
import fcntl
import io
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from ssot_lint import cli
from ssot_lint.baseline.carry import WAIVED
from ssot_lint.commands import _watch_view as view
from ssot_lint.commands._watch_state import Counts, State, count, follow
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.session import Session

SUITE = Path(__file__).parent.parent / "examples" / "legacy_suite"
GUARD = 60  # seconds; only a test that fails takes as long
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5)
TODAY = NOW.date()


def git(root: Path, *words: str) -> None:
    name = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(["git", *name, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    root = Path(shutil.copytree(SUITE, tmp_path / "suite"))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "all")
    return root


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": "", **more}


class Watch:
    """A process that watches, and what its output adds up to."""

    def __init__(self, process: subprocess.Popen[str], root: Path, paths: list[str]) -> None:
        assert process.stdout is not None
        self._lines = process.stdout
        self._root = root
        self._paths = paths
        self.process = process
        self.said: list[str] = []
        self.by_rule = {rule: number for rule, number in self._checked()[1].items() if number}
        self._until_equal()

    def after(self, change: Callable[[], object]) -> str:
        """Makes a change; returns the line after which the counts are those of `check`."""
        change()
        return self._until_equal()

    def _until_equal(self) -> str:
        totals, by_rule = self._checked()
        while True:
            line = self._lines.readline()
            assert line, ("it ended", totals, self.said)
            self.said.append(line)
            told = re.sub(r" \([+-]\d+\)", "", line.rstrip("\n"))
            head, _, rules = told.removeprefix(f"{self._root.name}: ").partition(": ")
            for rule, number in re.findall(r"([a-z-]+) (\d+)(?:, |$)", rules):
                self.by_rule[rule] = int(number)
            if head == totals and {rule: n for rule, n in self.by_rule.items() if n} == by_rule:
                return line

    def _checked(self) -> tuple[str, Mapping[str, int]]:
        """What `check` finds now: the totals as a line has them, and the counts by rule."""
        here = Path.cwd()
        os.chdir(self._root)
        try:
            result = lint(load(None, self._root), self._paths, use_cache=False, jobs=1)
        finally:
            os.chdir(here)
        assert result.compared is not None
        findings = [each for each in result.findings if each.state != WAIVED]
        broken = result.compared.outcome.coverage.broken
        clean = result.files - len({*broken}.union(each.path for each in findings) - {"pyproject.toml"})
        totals = (
            f"{len(findings)} findings, {len(result.new)} new, {len(broken)} broken, {result.files} files, "
            f"{view.per_cent(clean, result.files)} clean"
        )
        return totals, Counter(each.rule for each in findings)


@contextmanager
def watching(root: Path, *words: str, end: signal.Signals = signal.SIGINT) -> Iterator[Watch]:
    """Runs the command without a terminal, ends it, by Ctrl-C if not otherwise, and sees it end well."""
    command = [sys.executable, "-m", "ssot_lint", "watch", *words]
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment()
    )
    guard = threading.Timer(GUARD, process.kill)
    guard.start()
    try:
        with process:
            try:
                yield Watch(process, root, [word for word in words if not word.startswith("-")])
            except BaseException:
                process.kill()
                raise
            process.send_signal(end)
            assert process.stdout is not None
            rest = process.stdout.read()
            assert process.wait() == 0
            assert re.search(r"^(nothing changed|since the start): ", rest, re.MULTILINE), rest
    finally:
        guard.cancel()
        process.kill()


def test_counts_follow_whatever_happens(suite: Path) -> None:
    sources = sorted(suite.rglob("test_*.py"))
    first = sources[0]
    text = first.read_bytes()
    with watching(suite) as watch:
        line = watch.after(lambda: first.write_bytes(text + b"\ndef f(:\n"))
        assert "broken (+1)" in line
        assert "syntax-error" in line
        watch.after(lambda: first.write_bytes(text))
        watch.after(lambda: first.unlink())
        watch.after(lambda: git(suite, "checkout", "-q", "."))
        watch.after(lambda: (suite / "tests").rename(suite / "moved"))
        watch.after(lambda: (suite / "moved").rename(suite / "tests"))
        (suite / "new").mkdir()
        watch.after(
            lambda: (suite / "new" / "test_new.py").write_text("import pytest\n\npytest.main()\nx = (\n")
        )
        watch.after(lambda: shutil.rmtree(suite / "new"))


def test_other_branch_and_other_configuration(suite: Path) -> None:
    configuration = suite / "pyproject.toml"
    text = configuration.read_text()
    git(suite, "checkout", "-qb", "other")
    for path in sorted(suite.rglob("*.py"))[::2]:
        path.write_text(f"import unittest\n\n\nclass {path.stem.title()}Case(unittest.TestCase): ...\n")
    git(suite, "commit", "-qam", "other")
    with watching(suite) as watch:
        watch.after(lambda: git(suite, "checkout", "-q", "main"))
        watch.after(lambda: git(suite, "checkout", "-q", "other"))
        configuration.write_text("[tool.ssot-lint\n")
        assert "not up to date: " in watch.process.stdout.readline()  # type: ignore[union-attr]
        watch.after(lambda: configuration.write_text(text.replace("exclude = [", 'exclude = ["tests/", ')))
        watch.after(lambda: configuration.write_text(text))
        git(suite, "rm", "-rq", "--cached", "tests")
        watch.after(lambda: (suite / ".gitignore").write_text("tests/\n"))


def test_baseline_that_is_written_meanwhile(suite: Path) -> None:
    def baseline(*words: str) -> None:
        command = [sys.executable, "-m", "ssot_lint", "baseline", *words]
        subprocess.run(command, cwd=suite, check=True, capture_output=True, env=environment())

    (suite / ".ssot-lint").mkdir(exist_ok=True)
    with watching(suite) as watch:
        assert ", 0 new (-" in watch.after(lambda: baseline("init"))
        waiver = '[[waiver]]\nrule = "syntax-error"\npaths = ["tests/"]\nreason = "kept as it is"\n'
        watch.after(lambda: (suite / ".ssot-lint" / "waivers.toml").write_text(waiver))


def test_a_part_of_the_project(suite: Path) -> None:
    with watching(suite, "tests") as watch:
        (suite / "app" / "worse.py").write_text("x = (\n")
        watch.after(lambda: (suite / "tests" / "test_worse.py").write_text("x = (\n"))
        assert not any("worse.py" in line for line in watch.said)


def test_what_does_not_count_causes_nothing_until_it_is_ended(suite: Path) -> None:
    with watching(suite, end=signal.SIGTERM) as watch:
        said = len(watch.said)
        (suite / "notes.txt").write_text("x = (\n")
        (suite / ".git" / "x.py").write_text("x = (\n")
        watch.after(lambda: (suite / "tests" / "test_worse.py").write_text("x = (\n"))
        assert len(watch.said) == said + 1


# on a terminal


def size(file: int, columns: int, lines: int) -> None:
    fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


@pytest.mark.parametrize("colour", [True, False])
def test_on_a_terminal(suite: Path, colour: bool) -> None:
    master, slave = pty.openpty()
    size(slave, 80, 24)
    process = subprocess.Popen(
        [sys.executable, "-m", "ssot_lint", "watch"],
        cwd=suite,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env=environment(TERM="xterm-256color", **({} if colour else {"NO_COLOR": "1"})),
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C reaches it
    )
    os.close(slave)
    guard = threading.Timer(GUARD, process.kill)
    guard.start()
    shown = ""

    def read_until(wanted: str) -> str:
        nonlocal shown
        found = ""
        while wanted not in found:
            select.select([master], [], [])
            found += os.read(master, 65536).decode()
        shown += found
        return found

    try:
        read_until("since start")
        (suite / "tests" / "test_worse.py").write_text("x = (\n")
        read_until("syntax-error tests/test_worse.py")
        size(master, 40, 8)
        assert "fixed" not in read_until("Ctrl-C")
        os.write(master, b"\x03")
        assert re.search(r"since the start: .* broken \(\+1\)", read_until("% clean: "))
        assert process.wait() == 0
    finally:
        guard.cancel()
        process.kill()
        process.wait()
        os.close(master)
    assert ("\x1b[31m" in shown) is colour
    assert "\x1b[?1049l" in shown  # the screen is as before


def test_without_the_library(
    suite: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(suite)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert cli.main(["watch"]) == 2
    assert "pip install 'ssot-lint[watch]'" in capsys.readouterr().err


# what is drawn


def counts(root: Path) -> Counts:
    session = Session(load(None, root), use_cache=False, jobs=1)
    return count(session.config, session.whole(), {}, TODAY)


def drawn(state: State, width: int, height: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height, color_system=None)
    with console.capture() as capture:
        console.print(view.screen(state, width, height))
    return capture.get().splitlines()


def test_screen_fits(suite: Path) -> None:
    start = counts(suite)
    (suite / "tests" / "test_\x1b[2J.py").write_text("x = (\n")
    state = follow(State("suite", start, start), counts(suite), NOW)
    for width in (20, 40, 63, 64, 80, 200):
        for height in (6, 8, 12, 24, 100):
            lines = drawn(state, width, height)
            assert len(lines) <= height, (width, height)
            assert all(len(line) <= width for line in lines), (width, height)
    lines = drawn(state, 80, 100)
    assert [line.split()[0] for line in lines[3 : 3 + len(start.rules)]] == list(start.rules)
    assert r"tests/test_\u001b[2J.py" in lines[-1]
    assert any(line.startswith("syntax-error") and "+1" in line for line in drawn(state, 80, 10))


def test_trouble_is_told(suite: Path) -> None:
    start = counts(suite)
    state = State("suite", start, start, trouble="pyproject.toml is broken")
    assert drawn(state, 80, 24)[1] == "not up to date: pyproject.toml is broken"
    assert follow(state, start, NOW).trouble == ""
    assert view.line(state, state) == ""
    assert view.summary(state).startswith("nothing changed: suite: ")

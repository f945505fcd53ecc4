"""What must never happen, tried with real files, real git and real processes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

import ssot_lint
from ssot_lint.config import load
from ssot_lint.engine import Result, lint
from ssot_lint.facts.extract import extract
from ssot_lint.facts.store import FOLDER, cache_path
from ssot_lint.files import list_sources

COMMAND = [sys.executable, "-m", "ssot_lint"]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "PYTHONPATH": str(Path(ssot_lint.__file__).parent.parent),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "NO_COLOR": "1",
}
CONFIG = '[[forbidden-import]]\ntargets = ["requests"]\n'
BAD_NAME = os.fsdecode(b"\xff\xfe.py")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one file that has a finding, beside which bad things are put."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "ssot-lint.toml").write_text(CONFIG)
    (folder / "good.py").write_text("import requests\n")
    return folder


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, "check", *arguments],
        cwd=root,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        timeout=120,
    )


def check(root: Path, **options: Any) -> Result:
    return lint(load(None, root), **options)


def kinds(result: Result) -> dict[str, str]:
    """The rule of the finding in each file."""
    return {finding.path: finding.rule for finding in result.findings}


def git_init(root: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=root, env=ENVIRONMENT, check=True)


# texts


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b"a" + b"+a" * 300_000, "syntax-error", id="operators that overflow the parser"),
        pytest.param(b"x = a" + b".b()" * 100_000, "syntax-error", id="a chain of 100,000 calls"),
        pytest.param(b"x = " + b"-" * 100_000 + b"1", "syntax-error", id="100,000 signs"),
        pytest.param(b"(" * 5000, "syntax-error", id="5,000 brackets that stay open"),
        pytest.param(b"[" * 5000 + b"]" * 5000, "syntax-error", id="5,000 brackets"),
        pytest.param(
            b"if a: pass\n" + b"elif b: pass\n" * 20_000, "syntax-error", id="a ladder of 20,000 branches"
        ),
        pytest.param(
            b"".join(b" " * depth + b"if a:\n" for depth in range(150)), "syntax-error", id="150 levels"
        ),
        pytest.param(b"x = 1\0\n", "undecodable-source", id="a NUL byte"),
        pytest.param(b"\0" * 5000, "undecodable-source", id="NUL bytes alone"),
        pytest.param(b"x = '\\ud800'\n", "", id="a lone surrogate in an escape"),
        pytest.param(
            b"import os\nos.environ['\\udcff']\n__all__ = ['\\ud800']\n", "", id="in keys and names"
        ),
        pytest.param(b"x = '\xed\xa0\x80'\n", "undecodable-source", id="a lone surrogate in UTF-8"),
        pytest.param(b"\xef\xbb\xbfx = 1\n", "", id="the mark of UTF-8"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbfx = 1\n", "syntax-error", id="two marks of UTF-8"),
        pytest.param("x = 1\n".encode("utf-16"), "undecodable-source", id="UTF-16"),
        pytest.param("x = 1\n".encode("utf-32"), "undecodable-source", id="UTF-32"),
        pytest.param(b"# coding: nonsense\nx = 1\n", "undecodable-source", id="an unknown encoding"),
        pytest.param(b"# coding: hex\n00\n", "undecodable-source", id="a codec that is no text encoding"),
        pytest.param(b"x = 1\r\ny = 2\nz = 3\rw = 4\n\r", "", id="mixed line ends"),
        pytest.param(b"x = '" + b"a" * 1_500_000 + b"'\n", "", id="a line of 1.5 MB"),
        pytest.param(b"x = [" + b"0, " * 400_000 + b"]\n", "", id="a list of 1.2 MB in a line"),
        pytest.param(b"# " + b"x" * 1_500_000, "", id="a comment of 1.5 MB"),
        pytest.param(b"x = 0x" + b"f" * 50_000, "", id="a number of 50,000 digits"),
        pytest.param(b"\x0c\x1a\n", "syntax-error", id="control characters"),
        pytest.param(bytes(range(1, 256)) * 40, "undecodable-source", id="any bytes"),
        pytest.param(b"<<<<<<< ours\n" * 2000, "undecodable-source", id="conflict markers"),
    ],
)
def test_text_that_is_hard_to_read_is_at_most_a_finding(root: Path, data: bytes, rule: str) -> None:
    (root / "hard.py").write_bytes(data)
    for use_cache in (True, True, False):
        found = kinds(check(root, use_cache=use_cache))
        assert found.pop("good.py") == "forbidden-import"
        assert set(found.values()) <= {"syntax-error", "undecodable-source"}
        assert found.get("hard.py", "") == rule


def test_finding_behind_a_megabyte_in_its_line_is_on_that_line(root: Path) -> None:
    (root / "good.py").write_text(f"\nimport requests; x = [{'0,' * 600_000}]; requests.get(x)\n")
    assert {finding.span.line for finding in check(root).findings} == {2}


def test_tree_in_which_nothing_parses_is_all_findings(root: Path) -> None:
    (root / "good.py").write_text("class (\n")
    for number in range(20):
        (root / f"m{number}.py").write_text(f"x = ({'[' * number}\n")
    result = check(root)
    assert len(result.findings) == result.files == 21
    assert {finding.rule for finding in result.findings} == {"syntax-error"}


def test_empty_tree_has_no_findings(root: Path) -> None:
    (root / "good.py").unlink()
    done = run(root)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"no findings in 0 files\n", b"")


# what is no file, or no name


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_folder(path: Path) -> None:
    path.mkdir()
    (path / "inner.py").write_text("class (\n")


def make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def make_link_to_nothing(path: Path) -> None:
    path.symlink_to("gone.py")


def make_link_out(path: Path) -> None:
    (path.parent.parent / "secret.py").write_text("class (\n")
    path.symlink_to("../secret.py")


def make_link_up(path: Path) -> None:
    path.symlink_to(".")


@pytest.mark.parametrize("in_git", [False, True], ids=["plain", "git"])
@pytest.mark.parametrize(
    "make",
    [make_pipe, make_folder, make_loop, make_link_to_nothing, make_link_out, make_link_up],
    ids=lambda make: make.__name__,
)
def test_what_is_only_named_like_a_file_is_left_out_and_the_rest_is_linted(
    root: Path, make: Callable[[Path], None], in_git: bool
) -> None:
    if in_git:
        git_init(root)
    make(root / "x.py")
    done = run(root)
    assert done.returncode == 1
    assert b"good.py:1:8: SST101" in done.stdout
    assert b"Traceback" not in done.stderr
    assert b"secret" not in done.stdout
    if make is make_folder:
        assert b"x.py/inner.py:1:" in done.stdout
    else:
        assert b"x.py is left out: it is" in done.stderr or in_git


def test_file_that_cannot_be_read_is_a_finding(root: Path) -> None:
    # The owner's permissions do not bind everyone who runs tests: a tracked file that became a folder of
    # its own name and a file that vanishes do the same.
    git_init(root)
    (root / "locked.py").write_text("x = 1\n")
    (root / "locked.py").chmod(0)
    found = kinds(check(root))
    assert found["good.py"] == "forbidden-import"
    assert os.access(root / "locked.py", os.R_OK) or found["locked.py"] == "undecodable-source"


def test_file_that_vanishes_while_it_is_linted_is_a_finding(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "gone.py").write_text("x = 1\n")

    def list_and_delete(*arguments: Any) -> Any:
        listing = list_sources(*arguments)
        (root / "gone.py").unlink()
        return listing

    with monkeypatch.context() as patch:
        patch.setattr("ssot_lint.choice.list_sources", list_and_delete)
        assert kinds(check(root)) == {"gone.py": "undecodable-source", "good.py": "forbidden-import"}
    (root / "gone.py").write_text("x = 1\n")
    assert kinds(check(root)) == {"good.py": "forbidden-import"}


@pytest.mark.parametrize("in_git", [False, True], ids=["plain", "git"])
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(BAD_NAME, id="no UTF-8"),
        pytest.param("a\nb.py", id="a line feed"),
        pytest.param("-q.py", id="like an option"),
        pytest.param("x" * 200 + ".py", id="long"),
        pytest.param("\x1b]0;owned\x07.py", id="an escape sequence"),
        pytest.param("ab\u202eyp.exe.py", id="a mark that turns text round"),
        pytest.param("'\"`$(touch owned).py", id="a shell command"),
        pytest.param("<img src=x onerror=alert(1)>.py", id="markup"),
    ],
)
def test_any_name_is_linted_and_is_harmless_in_every_report(root: Path, name: str, in_git: bool) -> None:
    (root / name).write_text("import requests\n")
    if in_git:
        git_init(root)
    for way in ([], ["--format", "json"], ["--color", "always"]):
        done = run(root, *way)
        assert done.returncode == 1
        text = done.stdout.decode()
        plain = text.replace("\x1b[", "") if "always" in way else text
        assert not set(plain) & {"\x1b", "\x07", "\u202e"}
        assert text.count("good.py") == 1
        if "json" in way:
            assert len(json.loads(text)["findings"]) == 2
    assert sorted(os.listdir(root.parent)) == ["project"]
    assert "owned" not in os.listdir(root)


def test_escapes_and_marks_in_the_text_are_neutral_in_messages(root: Path) -> None:
    (root / "ssot-lint.toml").write_text(CONFIG + 'reason = "\\u001b[31m\\u202eno"\n')
    (root / "good.py").write_text("import requests\nimport re  # ssot: allow \x1b[2J\u2066x -- y\n")
    for way in ([], ["--format", "json"]):
        output = run(root, *way).stdout.decode()
        assert not set(output) & {"\x1b", "\u202e", "\u2066"}
        assert "\\u001b[31m" in output


# code under analysis

MARK = "import pathlib\npathlib.Path(__file__).with_name('ran').write_text('x')\n"


@pytest.mark.parametrize(
    "names",
    [
        ["__init__.py", "module.py"],
        ["conftest.py", "setup.py", "test_a.py"],
        ["sitecustomize.py", "usercustomize.py"],
        ["msgspec.py", "sqlite3.py", "json.py", "ast.py", "ssot_lint.py"],
    ],
    ids=" ".join,
)
def test_code_is_never_imported_or_run(root: Path, names: list[str]) -> None:
    for name in names:
        (root / name).write_text(f"{MARK}import requests\n")
    script = Path(sys.executable).with_name("ssot-lint")
    command = [str(script)] if script.exists() else [sys.executable, "-P", "-m", "ssot_lint"]
    done = subprocess.run([*command, "check", "--jobs", "2"], cwd=root, env=ENVIRONMENT, capture_output=True)
    assert done.returncode == 1
    assert done.stdout.count(b" SST101 ") == len(names) + 1
    assert not list(root.rglob("ran"))


# the cache


def test_no_cache_writes_nothing(root: Path) -> None:
    run(root, "--no-cache", PYTHONDONTWRITEBYTECODE="1")
    assert sorted(os.listdir(root)) == ["good.py", "ssot-lint.toml"]


@pytest.mark.parametrize("in_git", [False, True], ids=["plain", "git"])
def test_cache_is_ignored_by_git_and_never_linted(root: Path, in_git: bool) -> None:
    if in_git:
        git_init(root)
    check(root)
    (root / FOLDER / "stray.py").write_text("class (\n")
    assert kinds(check(root)) == {"good.py": "forbidden-import"}
    if in_git:
        status = ["git", "status", "--porcelain", "-uall"]
        shown = subprocess.run(status, cwd=root, env=ENVIRONMENT, capture_output=True, check=True).stdout
        assert FOLDER.encode() not in shown


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:3000]), id="truncated"),
        pytest.param(lambda path: path.write_bytes(b"\0" * 9000), id="zeroed"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: (path.unlink(), path.mkdir()), id="a folder"),
        pytest.param(lambda path: (path.unlink(), path.symlink_to("gone")), id="a link to nothing"),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes().replace(b"requests", b"reqeusts")),
            id="bytes flipped",
        ),
    ],
)
def test_spoilt_cache_changes_no_answer(root: Path, spoil: Callable[[Path], object]) -> None:
    before = run(root)
    spoil(cache_path(root))
    for _ in range(2):
        after = run(root)
        assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
        assert b"Traceback" not in after.stderr
        assert after.stderr.count(b"note: ") <= 1


def test_whole_entry_of_another_shape_changes_no_answer(root: Path) -> None:
    before = run(root)
    body = b"\x93\x01\x02\x03"
    blob = crc32(body).to_bytes(4, "big") + body
    connection = sqlite3.connect(cache_path(root))
    connection.execute("UPDATE details SET blob = ?", (blob,))
    connection.execute("UPDATE bodies SET blob = ?", (blob,))
    connection.execute("DELETE FROM runs")
    connection.commit()
    connection.close()
    assert (run(root).returncode, run(root).stdout) == (before.returncode, before.stdout)


def test_place_of_the_cache_that_is_taken_changes_no_answer(root: Path) -> None:
    before = run(root, "--no-cache")
    (root / FOLDER).write_text("mine")
    after = run(root)
    assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
    assert b"note: there is no cache: " in after.stderr
    assert (root / FOLDER).read_text() == "mine"


def test_full_disk_changes_no_answer(root: Path) -> None:
    before = run(root, "--no-cache")
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))\n"
        "from ssot_lint.cli import main\n"
        "sys.exit(main(['check']))\n"
    )
    after = subprocess.run([sys.executable, "-c", code], cwd=root, env=ENVIRONMENT, capture_output=True)
    assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
    assert b"note: " in after.stderr
    git_init(root)
    assert run(root).stdout == before.stdout
    status = ["git", "status", "--porcelain"]
    assert b"cache" not in subprocess.run(status, cwd=root, env=ENVIRONMENT, capture_output=True).stdout


def test_two_runs_at_once_give_the_same_answer(root: Path) -> None:
    for number in range(30):
        (root / f"m{number}.py").write_text(f"import requests\nx = {number}\n")
    expected = run(root, "--no-cache").stdout
    processes = [
        subprocess.Popen(
            [*COMMAND, "check"], cwd=root, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert output == expected
        assert b"note" not in errors
    assert run(root).stdout == expected


# signals

LONG = (
    "import os, signal, sys\n"
    "from ssot_lint import engine\n"
    "from ssot_lint.cli import main\n"
    "lint = engine.lint\n"
    "def tell(done, total): print('started', file=sys.stderr, flush=True); sys.stdin.readline()\n"
    "engine.lint = lambda *paths, **options: lint(*paths, **{**options, 'progress': tell})\n"
    "sys.exit(main(['check', '--jobs', '2']))\n"
)


@pytest.fixture
def long_run(root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run that has read its first files and waits, with workers that have more to do."""
    for number in range(40):
        (root / f"m{number}.py").write_text(f"import requests\nx = {number}\n" + "# padding\n" * 9000)
    process = subprocess.Popen(
        [sys.executable, "-c", LONG],
        cwd=root,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == b"started\n"
    yield process
    process.kill()
    process.communicate()


def no_process_is_left(group: int) -> bool:
    """Tell whether a process group is empty but for what has ended."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = status.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")
@pytest.mark.parametrize("to_group", [True, False], ids=["to the group", "to the parent alone"])
def test_interrupt_ends_all_processes_with_one_line(
    long_run: subprocess.Popen[bytes], to_group: bool
) -> None:
    (os.killpg if to_group else os.kill)(long_run.pid, signal.SIGINT)
    output, errors = long_run.communicate(timeout=30)
    assert (long_run.returncode, output, errors) == (130, b"", b"ssot-lint: interrupted\n")
    assert no_process_is_left(long_run.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_workers_of_a_run_that_is_killed_end_too(
    long_run: subprocess.Popen[bytes], number: signal.Signals, root: Path
) -> None:
    long_run.send_signal(number)
    # Standard output reaches its end only when the last worker that holds it is gone.
    long_run.communicate(timeout=30)
    assert long_run.returncode == -number
    assert run(root).stdout == run(root, "--no-cache").stdout


def test_run_after_one_that_died_amid_writing_is_right(root: Path) -> None:
    code = (
        "import os, signal, sqlite3, sys\n"
        "from ssot_lint.facts import store\n"
        "add = store.Store.add\n"
        "def rows(given):\n"
        "    yield from given\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "store.Store.add = lambda self, given: add(self, rows(given))\n"
        "from ssot_lint.cli import main\n"
        "main(['check'])\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=root, env=ENVIRONMENT, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    after = run(root)
    assert after.stdout == run(root, "--no-cache").stdout
    assert b"note" not in after.stderr


def test_module_of_the_tree_is_not_run_by_the_module_switch(tmp_path: Path) -> None:
    (tmp_path / "argparse.py").write_text("open('ran', 'w').close()\n")
    (tmp_path / "a.py").write_text("x = 1\n")
    subprocess.run(
        [sys.executable, "-m", "ssot_lint", "check"], cwd=tmp_path, check=True, capture_output=True
    )
    assert not (tmp_path / "ran").exists()


def test_long_comment_takes_no_longer_than_its_length() -> None:
    text = "# ssot: allow" + " " * 1_000_000 + "x#\n"
    assert [comment.rules for comment in extract(text.encode()).details.suppressions] == [("x",)]


def test_docstring_that_the_compiler_cannot_encode() -> None:
    data = b'def f():\n    """\\ud800"""\n'
    try:
        compile(data, "a.py", "exec", dont_inherit=True)
    except ValueError:
        is_rejected = True
    else:
        is_rejected = False
    assert (extract(data).outline.fault is not None) is is_rejected

"""A migration changes files in batches, and takes back what does not pass, with real commands."""

from __future__ import annotations

import os
import select
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint.files import UsageError
from ssot_lint.fix import history
from ssot_lint.fix.commits import prepared
from ssot_lint.fix.disk import FixError
from ssot_lint.fix.journal_lines import Migration
from ssot_lint.fix.migration import Outcome, Steps, run
from ssot_lint.fix.transaction import Change, started
from ssot_lint.fix.verify import Pytest, Verify, find_pytest
from ssot_lint.processes import tail

PYTHON = shlex.quote(sys.executable)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of ten files."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in "abcdefghij":
        (folder / f"{name}.py").write_text("old = 1\n", encoding="utf-8")
    return folder


PATHS = [f"{name}.py" for name in "abcdefghij"]


def renewed(root: Path, old: str = "old", new: str = "new") -> Callable[[Sequence[str]], list[Change]]:
    """What replaces a word in files."""

    def make(paths: Sequence[str]) -> list[Change]:
        texts = {path: (root / path).read_bytes() for path in paths}
        return [Change(path, text, text.replace(old.encode(), new.encode())) for path, text in texts.items()]

    return make


def fine(changes: Sequence[Change]) -> list[str]:
    """A check that everything passes."""
    return []


def migrate(root: Path, steps: Steps, paths: Sequence[str] = PATHS, size: int = 4) -> Outcome:
    with started(root, "migrate run") as own:
        return run(own, paths, size, steps)


def only(root: Path) -> Migration:
    """What the journal says of the only migration."""
    (migration,) = history.log(root)
    return migration


def changed(root: Path) -> list[str]:
    """The names of the files that are migrated."""
    return [path for path in PATHS if "new" in (root / path).read_text(encoding="utf-8")]


def command(code: str) -> str:
    """A command line that runs Python with files as its arguments."""
    return f"{PYTHON} -c {shlex.quote('import sys; paths = sys.argv[1:]; ' + code)} {{files}}"


REFUSES_C = "sys.exit('c is wrong' if any('new' in open(p).read() for p in paths if p == 'c.py') else 0)"


class TestBatches:
    def test_all_is_well(self, root: Path) -> None:
        (root / "b.py").write_text("done = 1\n", encoding="utf-8")
        seen: list[int] = []
        with started(root, "migrate run") as own:
            outcome = run(own, PATHS, 4, Steps(renewed(root), fine), seen.append)
        assert outcome == Outcome(tuple(path for path in PATHS if path != "b.py"), ("b.py",), ())
        assert seen == [4, 8, 10]
        migration = only(root)
        assert [len(batch.files) for batch in migration.batches] == [3, 4, 2]
        assert {batch.state for batch in migration.batches} == {"committed"}
        assert migration.plan == tuple(PATHS)
        assert migration.is_ended

    def test_file_at_fault_is_found_and_the_others_go_on(self, root: Path) -> None:
        def check(changes: Sequence[Change]) -> list[str]:
            assert all((root / change.path).read_bytes() == change.after for change in changes)
            return ["g.py:1: is new"] if "g.py" in {change.path for change in changes} else []

        outcome = migrate(root, Steps(renewed(root), check))
        assert changed(root) == [path for path in PATHS if path != "g.py"]
        assert list(outcome.migrated) == changed(root)
        assert [tuple(failure) for failure in outcome.failures] == [("g.py", "check", "g.py:1: is new")]
        assert only(root).failures == outcome.failures
        states = [(len(batch.files), batch.state) for batch in only(root).batches]
        assert states == [
            *[(4, "committed"), (4, "rolled back"), (2, "committed"), (2, "rolled back")],
            *[(1, "rolled back"), (1, "committed"), (2, "committed")],
        ]
        history.roll_back_migration(root, "1")
        assert changed(root) == []

    def test_file_that_may_not_be_written(self, root: Path) -> None:
        def make(paths: Sequence[str]) -> list[Change]:
            return [
                change._replace(before=b"?") if change.path == "d.py" else change for change in whole(paths)
            ]

        whole = renewed(root)
        (failure,) = migrate(root, Steps(make, fine)).failures
        assert tuple(failure) == ("d.py", "write", "d.py: was changed in the meantime")
        assert changed(root) == [path for path in PATHS if path != "d.py"]

    def test_error_leaves_the_batches_before_it(self, root: Path) -> None:
        def check(changes: Sequence[Change]) -> list[str]:
            if "e.py" in {change.path for change in changes}:
                raise KeyboardInterrupt
            return []

        with pytest.raises(KeyboardInterrupt):
            migrate(root, Steps(renewed(root), check))
        assert changed(root) == PATHS[:4]
        assert [batch.state for batch in only(root).batches] == ["committed", "rolled back"]
        assert not only(root).is_ended


class TestVerify:
    def test_file_at_fault(self, root: Path) -> None:
        outcome = migrate(root, Steps(renewed(root), fine, Verify(command(REFUSES_C))))
        assert changed(root) == [path for path in PATHS if path != "c.py"]
        (failure,) = outcome.failures
        assert (failure.path, failure.stage) == ("c.py", "verify")
        assert failure.reason.endswith(" ends with 1\nc is wrong")

    def test_two_that_only_fail_together(self, root: Path) -> None:
        """The first of them stays; no order of batches hides it."""
        wrong = "all('new' in open(p).read() for p in ('b.py', 'd.py'))"
        verify = Verify(f"{PYTHON} -c {shlex.quote(f'import sys; sys.exit({wrong})')}")
        outcome = migrate(root, Steps(renewed(root), fine, verify))
        assert [failure.path for failure in outcome.failures] == ["d.py"]
        assert changed(root) == [path for path in PATHS if path != "d.py"]

    def test_what_failed_before_does_not_count(self, root: Path) -> None:
        verify = Verify(command("sys.exit('c.py' in paths)"))
        outcome = migrate(root, Steps(renewed(root), fine, verify))
        assert outcome.failures == ()
        assert changed(root) == PATHS
        assert only(root).failed_before == ("c.py",)

    def test_without_files_it_must_succeed_before(self, root: Path) -> None:
        verify = Verify(f"{PYTHON} -c 'exit(\"no\")'")
        with pytest.raises(
            FixError, match=r"(?s)^verification fails before anything is changed.* ends with 1\nno$"
        ):
            migrate(root, Steps(renewed(root), fine, verify))
        assert changed(root) == []

    @pytest.mark.skipif(os.name == "nt", reason="needs groups of processes")
    def test_time_is_over_for_all_that_it_has_started(self, root: Path) -> None:
        """The pipe has its end when no process is left that may write to it."""
        os.mkfifo(root / "pipe")
        pipe = os.open(root / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        inner = "import time; pipe = open('pipe', 'w'); time.sleep(600)"
        code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
        verify = Verify(f"{PYTHON} -c {shlex.quote(code)}", timeout=1)
        assert verify.complaint(str(root), ()).endswith(" takes longer than 1 s")
        ready, _, _ = select.select([pipe], [], [], 60)
        assert ready
        assert os.read(pipe, 1) == b""
        os.close(pipe)

    def test_that_changes_files_is_told_so(self, root: Path) -> None:
        verify = Verify(
            command("[open(p, 'a').write('# more\\n') for p in paths if 'new' in open(p).read()]")
        )
        outcome = migrate(root, Steps(renewed(root), fine, verify), ["a.py"])
        (failure,) = outcome.failures
        assert failure.reason == (
            "a.py: was changed in the meantime while it was verified\n"
            "a.py: was changed in the meantime, so it is left"
        )
        assert (root / "a.py").read_text(encoding="utf-8") == "new = 1\n# more\n"

    def test_that_cannot_be_run(self, root: Path) -> None:
        for wrong in ("no-such-program {files}", "'", ""):
            with pytest.raises(
                UsageError, match=r"^(`no-such-program` cannot be run|`'` is no command|the command)"
            ):
                migrate(root, Steps(renewed(root), fine, Verify(wrong)))
        assert changed(root) == []

    def test_old_bytecode_is_never_run(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Size and second of a file stay the same when it is changed and put back at once."""
        monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        verify = Verify(f"{PYTHON} -c 'import a; a.old'")
        for _ in range(3):
            (failure,) = migrate(root, Steps(renewed(root), fine, verify), ["a.py"]).failures
            assert "AttributeError" in failure.reason

    def test_words(self) -> None:
        paths = ["a b.py", "-c.py", "$(d).py"]
        assert Verify("run 'x y' {files}").arguments(paths) == ["run", "x y", "a b.py", "./-c.py", "$(d).py"]
        quoted = "run 'a b.py' ./-c.py '$(d).py'"
        assert Verify("sh -c 'run {files}'").arguments(paths) == ["sh", "-c", quoted]


def test_tail() -> None:
    assert tail("\n one\ntwo\n", 100) == "one\ntwo"
    assert tail("one\ntwo\nthree", 8) == "three"


class TestPytest:
    @pytest.fixture
    def suite(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Two files with tests, and a configuration that makes pytest tell less than it does by itself."""
        monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # which takes long
        folder = tmp_path / "suite"
        (folder / "tests").mkdir(parents=True)
        (folder / "pytest.ini").write_text("[pytest]\naddopts = -q -q\n", encoding="utf-8")
        (folder / "tests" / "test_a.py").write_text(
            "import warnings\nimport pytest\nwarnings.warn('x')\n\n"
            "@pytest.mark.parametrize('n', ['a::b', '2'])\ndef test_old(n): pass\n",
            encoding="utf-8",
        )
        (folder / "tests" / "test_b.py").write_text(
            "class TestOld:\n    def test_it(self): pass\n", encoding="utf-8"
        )
        (folder / "source.py").write_text("old = 1\n", encoding="utf-8")
        return folder

    def test_counts(self, suite: Path) -> None:
        paths = ["tests/test_a.py", "tests/test_b.py", "source.py"]
        found = Pytest(sys.executable)
        assert found.counts(str(suite), paths) == {"tests/test_a.py": 2, "tests/test_b.py": 1}
        assert found.counts(str(suite), []) == {}
        assert not list(suite.rglob("__pycache__"))

    def test_batch_that_loses_a_test_is_taken_back(self, suite: Path) -> None:
        paths = ["source.py", "tests/test_a.py", "tests/test_b.py"]
        steps = Steps(renewed(suite, "Old", "New"), fine, pytest=Pytest(sys.executable), tests=paths[1:])
        assert migrate(suite, steps, paths).migrated == ("tests/test_b.py",)
        outcome = migrate(suite, steps._replace(make=renewed(suite, "TestNew", "New")), paths)
        assert [tuple(failure) for failure in outcome.failures] == [
            ("tests/test_b.py", "collect", "tests/test_b.py: pytest collects 0 tests, of 1")
        ]
        assert "class TestNew" in (suite / "tests" / "test_b.py").read_text(encoding="utf-8")

    def test_is_found(self, suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        programs = suite / "bin"
        programs.mkdir()
        monkeypatch.setenv("PATH", str(programs))
        assert find_pytest(str(suite)) is None
        (programs / "python3").write_text(f'#!/bin/sh\nexec {PYTHON} "$@"\n', encoding="utf-8")
        (programs / "python3").chmod(0o755)
        assert find_pytest(str(suite)) == Pytest(str(programs / "python3"))
        (programs / "python").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (programs / "python").chmod(0o755)
        assert find_pytest(str(suite)) is None


class TestCommits:
    @pytest.fixture
    def repository(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
        """The project in a repository."""
        repository = Repository(root)
        repository.enter(monkeypatch)
        repository.git("config", "user.name", "somebody")
        repository.git("config", "user.email", "somebody@example.com")
        repository.commit()
        return repository

    def test_one_for_each_batch(self, repository: Repository) -> None:
        root = repository.folder
        outcome = migrate(root, Steps(renewed(root), fine, commits=prepared(root, PATHS, "Renew")))
        assert list(outcome.migrated) == PATHS
        assert repository.git("log", "--format=%s").split() == ["Renew", "Renew", "Renew", "a", "commit"]
        revisions = repository.git("log", "--format=%H", "--reverse", "-3").split()
        assert [batch.commit for batch in only(root).batches] == revisions
        assert repository.git("show", "--format=", "--name-only", revisions[1]).split() == PATHS[4:8]
        assert repository.git("status", "--porcelain") == ""

    def test_dirty_tree(self, repository: Repository) -> None:
        root = repository.folder
        repository.write("note.txt", "1\n")
        repository.git("add", "note.txt")
        repository.write("b.py", "old = 2\n")
        repository.write("untracked.py", "old = 1\n")
        paths = [*PATHS, "untracked.py"]
        with pytest.raises(FixError, match=r"^b\.py: has changes that are not committed"):
            prepared(root, paths, "Renew")
        commits = prepared(root, paths, "Renew", allow_dirty=True)
        outcome = migrate(root, Steps(renewed(root), fine, commits=commits), paths)
        assert [failure.path for failure in outcome.failures] == ["b.py", "untracked.py"]
        assert repository.git("status", "--porcelain") == " M b.py\nA  note.txt\n?? untracked.py\n"
        assert repository.read("b.py") == "old = 2\n"

    def test_hook_that_refuses(self, repository: Repository) -> None:
        root = repository.folder
        hook = root / ".git/hooks/pre-commit"
        hook.write_text("#!/bin/sh\n! git diff --cached --name-only | grep c.py\n", encoding="utf-8")
        hook.chmod(0o755)
        (failure,) = migrate(
            root, Steps(renewed(root), fine, commits=prepared(root, PATHS, "Renew"))
        ).failures
        assert tuple(failure) == ("c.py", "commit", "`git commit` fails\nc.py")
        assert repository.git("status", "--porcelain") == ""
        assert changed(root) == [path for path in PATHS if path != "c.py"]

    def test_in_a_folder_of_the_repository(self, repository: Repository) -> None:
        repository.write("sub/[a].py", "old = 1\n")
        repository.write("sub/a.py", "old = 1\n")
        repository.commit()
        root = repository.folder / "sub"
        commits = prepared(root, ["[a].py"], "Renew")
        assert migrate(root, Steps(renewed(root), fine, commits=commits), ["[a].py"]).failures == ()
        assert repository.git("show", "--format=", "--name-only").split() == ["sub/[a].py"]

    def test_no_repository(self, root: Path) -> None:
        with pytest.raises(FixError, match=r"^git cannot commit here: "):
            prepared(root, PATHS, "Renew")

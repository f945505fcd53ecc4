"""Many files change at once or not at all, whatever happens; and what was changed can be taken back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from ssot_lint.files import list_sources
from ssot_lint.fix import history
from ssot_lint.fix.disk import FixError, digest_of
from ssot_lint.fix.transaction import (
    Change,
    UnwritableError,
    apply,
    commit,
    recover,
    roll_back,
    started,
    written_since,
)

KILL_POINTS = Path(__file__).parent / "kill_points.py"
posix = pytest.mark.skipif(os.name == "nt", reason="needs links, permission bits and signals")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of two files."""
    folder = tmp_path / "project"
    (folder / "package").mkdir(parents=True)
    (folder / "a.py").write_bytes(b"a = 1\r\n")
    (folder / "package" / "b.py").write_bytes(b"b = 1")
    return folder


CHANGES = (Change("a.py", b"a = 1\r\n", b"a = 2\r\n"), Change("package/b.py", b"b = 1", b"b = 2"))


def contents(root: Path) -> dict[str, bytes]:
    """What all files have, apart from the journals."""
    files = (path for path in root.rglob("*") if path.is_file() and ".ssot-lint" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


OLD = {change.path: change.before for change in CHANGES}
NEW = {change.path: change.after for change in CHANGES}


def migrate(root: Path) -> str:
    """Changes both files for good, and returns the id of the migration."""
    with started(root, "test") as own:
        commit(own, apply(own, CHANGES))
    return own.id


class TestApply:
    def test_writes_all_files(self, root: Path) -> None:
        with started(root, "test") as own:
            batch = apply(own, CHANGES)
            assert contents(root) == NEW
            assert written_since(own, batch) == []
            commit(own, batch)
        assert contents(root) == NEW
        assert recover(root) == []

    def test_rolls_back(self, root: Path) -> None:
        with started(root, "test") as own:
            assert roll_back(own, apply(own, CHANGES), "tests fail") == ()
            assert contents(root) == OLD
            commit(own, apply(own, CHANGES))
        (migration,) = history.log(root)
        assert [(batch.state, batch.reason) for batch in migration.batches] == [
            ("rolled back", "tests fail"),
            ("committed", ""),
        ]

    def test_rolls_back_what_is_open_when_the_context_ends(self, root: Path) -> None:
        with pytest.raises(KeyboardInterrupt), started(root, "test") as own:
            apply(own, CHANGES)
            raise KeyboardInterrupt
        assert contents(root) == OLD
        assert recover(root) == []

    def test_leaves_what_somebody_else_changes_meanwhile(self, root: Path) -> None:
        with started(root, "test") as own:
            batch = apply(own, CHANGES)
            (root / "a.py").write_bytes(b"mine\n")
            assert list(map(str, written_since(own, batch))) == ["a.py: was changed in the meantime"]
            left = roll_back(own, batch, "tests fail")
        assert list(map(str, left)) == ["a.py: was changed in the meantime"]
        assert contents(root) == {**OLD, "a.py": b"mine\n"}

    @posix
    def test_keeps_mode_and_renews_time(self, root: Path) -> None:
        file = root / "a.py"
        file.chmod(0o751)
        os.utime(file, (1, 1))
        migrate(root)
        assert stat.S_IMODE(file.stat().st_mode) == 0o751
        assert file.stat().st_mtime > 1

    @posix
    def test_puts_mode_back(self, root: Path) -> None:
        (root / "a.py").chmod(0o751)
        with started(root, "test") as own:
            batch = apply(own, CHANGES)
            (root / "a.py").chmod(0o600)
            roll_back(own, batch, "tests fail")
        assert stat.S_IMODE((root / "a.py").stat().st_mode) == 0o751

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
    def test_keeps_owner(self, root: Path) -> None:
        os.chown(root / "a.py", 12345, 54321)
        migrate(root)
        assert ((root / "a.py").stat().st_uid, (root / "a.py").stat().st_gid) == (12345, 54321)

    @posix
    def test_other_names_of_a_file_keep_the_old_text(self, root: Path) -> None:
        os.link(root / "a.py", root / "other.txt")
        with started(root, "test") as own:
            commit(own, apply(own, CHANGES))
        assert own.notes == ["a.py: has 1 more names (hard links), which keep the old text"]
        assert contents(root) == {**NEW, "other.txt": OLD["a.py"]}

    @pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8")
    def test_any_name(self, root: Path) -> None:
        names = ["x" * 252 + ".py", os.fsdecode(b"\xff.py"), "line\nbreak.py", "-x.py"]
        for name in names:
            (root / name).write_bytes(b"1\n")
        with started(root, "test") as own:
            batch = apply(own, [Change(name, b"1\n", b"2\n") for name in names])
            assert {(root / name).read_bytes() for name in names} == {b"2\n"}
            roll_back(own, batch, "")
        assert {(root / name).read_bytes() for name in names} == {b"1\n"}
        assert [file.path for file in history.log(root)[0].batches[0].files] == names

    def test_journals_are_neither_linted_nor_committed(self, root: Path) -> None:
        migrate(root)
        assert {source.path for source in list_sources(root).sources} == set(OLD)
        subprocess.run(["git", "init", "--quiet", root], check=True)
        command = ["git", "status", "--porcelain", "--untracked-files=all"]
        output = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
        assert output == "?? a.py\n?? package/b.py\n"


class TestRefused:
    def refused(self, root: Path, *changes: Change) -> list[str]:
        before = contents(root)
        with started(root, "test") as own, pytest.raises(UnwritableError) as caught:
            apply(own, [*CHANGES, *changes])
        assert contents(root) == before
        assert history.log(root) == []
        assert str(caught.value) == "\n".join(map(str, caught.value.refusals))
        return list(map(str, caught.value.refusals))

    @pytest.mark.parametrize(
        "path", ["../out.py", "package/../../out.py", "package/../a.py", "", ".", "..", "./a.py"]
    )
    def test_out_of_the_root(self, root: Path, path: str) -> None:
        (root.parent / "out.py").write_bytes(b"")
        assert self.refused(root, Change(path, b"", b"x")) == [f"{path}: lies outside of the project"]
        assert (root.parent / "out.py").read_bytes() == b""

    def test_absolute(self, root: Path) -> None:
        path = (root / "a.py").as_posix()
        assert self.refused(root, Change(path, b"", b"x")) == [f"{path}: lies outside of the project"]

    @posix
    def test_through_links(self, root: Path) -> None:
        (root.parent / "out").mkdir()
        (root.parent / "out" / "c.py").write_bytes(b"")
        (root / "out").symlink_to("../out")
        (root / "inside").symlink_to("package")
        (root / "link.py").symlink_to("a.py")
        paths = ["out/c.py", "inside/b.py", "link.py"]
        assert self.refused(root, *(Change(path, b"", b"x") for path in paths)) == [
            f"{path}: is reached through a link" for path in paths
        ]

    @posix
    def test_root_may_be_a_link(self, root: Path) -> None:
        link = root.parent / "link"
        link.symlink_to(root)
        migrate(link)
        assert contents(root) == NEW

    @posix
    def test_no_regular_file(self, root: Path) -> None:
        os.mkfifo(root / "fifo.py")
        (root / "folder.py").mkdir()
        paths = ["fifo.py", "folder.py", "gone.py", "a.py/x.py"]
        assert self.refused(root, *(Change(path, b"", b"x") for path in paths)) == [
            "fifo.py: is not a regular file",
            "folder.py: is not a regular file",
            "gone.py: No such file or directory",
            "a.py/x.py: Not a directory",
        ]

    def test_changed_since_it_was_read(self, root: Path) -> None:
        (root / "c.py").write_bytes(b"newer\n")
        assert self.refused(root, Change("c.py", b"older\n", b"x")) == ["c.py: was changed in the meantime"]

    def test_twice(self, root: Path) -> None:
        assert self.refused(root, CHANGES[0]) == ["a.py: is changed twice at once"] * 2

    @posix
    def test_not_writable(self) -> None:
        """The system refuses nothing to root, so that another user has to try it."""
        code = """
            import os, sys
            from pathlib import Path
            from ssot_lint.fix.transaction import Change, UnwritableError, apply, started

            os.umask(0)
            root = Path(sys.argv[1])
            for path in ("a.py", "package/b.py"):
                (root / path).parent.mkdir(exist_ok=True)
                (root / path).write_bytes(b"1")
            (root / "a.py").chmod(0o444)
            (root / "package").chmod(0o555)
            if not os.geteuid():
                root.chmod(0o777)
                os.setuid(65534)
            with started(root, "test") as own:
                try:
                    apply(own, [Change(path, b"1", b"2") for path in ("a.py", "package/b.py")])
                except UnwritableError as error:
                    print(error)
        """
        with tempfile.TemporaryDirectory() as folder:
            done = run_python(code, folder)
            (Path(folder) / "package").chmod(0o755)
            assert contents(Path(folder)) == {"a.py": b"1", "package/b.py": b"1"}
        assert done == "a.py: may not be written\npackage/b.py: may not be written\n"


class TestBrokenOff:
    @posix
    def test_full_disk(self, root: Path) -> None:
        """A file that may not grow any more stands for a disk that is full: of the new bytes, that is."""
        code = """
            import resource, signal, sys
            from ssot_lint.fix.disk import FixError
            from ssot_lint.fix.transaction import Change, apply, commit, started

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
            with started(sys.argv[1], "test") as own:
                try:
                    apply(own, [Change("package/b.py", b"b = 1", b"2"), Change("a.py", b"a = 1\\r\\n", b"#" * 5000)])
                except FixError as error:
                    print(error)
                commit(own, apply(own, [Change("package/b.py", b"b = 1", b"b = 2")]))
        """
        assert run_python(code, root) == "a.py: cannot be written: File too large; nothing was changed\n"
        assert contents(root) == {**OLD, "package/b.py": b"b = 2"}
        assert recover(root) == []

    @posix
    def test_full_disk_of_journal(self, root: Path) -> None:
        (root / "a.py").write_bytes(b"#" * 5000)
        code = """
            import resource, signal, sys
            from ssot_lint.fix.disk import FixError
            from ssot_lint.fix.transaction import Change, apply, commit, started

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
            with started(sys.argv[1], "test") as own:
                try:
                    apply(own, [Change("package/b.py", b"b = 1", b"2"), Change("a.py", b"#" * 5000, b"")])
                except FixError as error:
                    print(error)
                commit(own, apply(own, [Change("package/b.py", b"b = 1", b"b = 2")]))
        """
        assert run_python(code, root) == ".ssot-lint/migrations: cannot be written: File too large\n"
        assert contents(root) == {"a.py": b"#" * 5000, "package/b.py": b"b = 2"}
        assert recover(root) == []

    def test_file_that_changes_while_others_are_written(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def replace_and_edit(source: str, target: str) -> None:
            replace(source, target)
            if Path(target) == root / "a.py":
                (root / "package" / "b.py").write_bytes(b"mine")

        replace = os.replace
        monkeypatch.setattr(os, "replace", replace_and_edit)
        with started(root, "test") as own, pytest.raises(FixError) as caught:
            apply(own, CHANGES)
        assert str(caught.value) == (
            "package/b.py: cannot be written: was changed in the meantime; nothing was changed\n"
            "package/b.py: was changed in the meantime"
        )
        assert contents(root) == {**OLD, "package/b.py": b"mine"}

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be split and killed")
    @pytest.mark.parametrize("step", [0, 13])
    def test_killed_anywhere(self, tmp_path: Path, step: int) -> None:
        command = [sys.executable, str(KILL_POINTS), str(tmp_path), str(step)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        runs = done.stdout.splitlines()
        assert done.stderr == ""
        assert len(runs) > 30
        assert {"0 same", "1 same"} <= set(runs) <= {"0 same", "1 same", "2 same"}


def interrupt(root: Path) -> None:
    """Leaves what a process leaves that is killed right after it has written two files."""
    code = """
        import os, signal, sys
        from ssot_lint.fix.transaction import Change, apply, started

        with started(sys.argv[1], "test") as own:
            apply(own, [Change("a.py", b"a = 1\\r\\n", b"a = 2\\r\\n"), Change("package/b.py", b"b = 1", b"b = 2")])
            os._exit(0)
    """
    assert run_python(code, root) == ""
    assert contents(root) == NEW


class TestRecover:
    def test_without_journals(self, root: Path) -> None:
        assert recover(root) == []
        assert not (root / ".ssot-lint").exists()

    def test_puts_files_back(self, root: Path) -> None:
        interrupt(root)
        (recovered,) = recover(root)
        assert str(recovered) == "migration 1 was interrupted: 2 files were put back"
        assert contents(root) == OLD
        assert recover(root) == []
        assert history.log(root)[0].batches[0].reason == "was interrupted"
        assert migrate(root) == "2"

    def test_leaves_what_the_user_has_changed(self, root: Path) -> None:
        interrupt(root)
        (root / "a.py").write_bytes(b"mine\n")
        (root / "package" / "b.py").unlink()
        (recovered,) = recover(root)
        assert recovered.restored == ()
        assert list(map(str, recovered.left)) == [
            "a.py: was changed in the meantime",
            "package/b.py: No such file or directory",
        ]
        assert contents(root) == {"a.py": b"mine\n"}
        assert recover(root) == []

    def test_comes_before_the_next_migration(self, root: Path) -> None:
        interrupt(root)
        with pytest.raises(FixError, match=r"^migration 1 was interrupted; run this again$"):
            migrate(root)

    def test_tries_again_after_a_failure(self, root: Path) -> None:
        interrupt(root)
        (blob,) = (root / ".ssot-lint/migrations/1/blobs").glob(f"{digest_of(OLD['a.py'])}*")
        good = blob.read_bytes()
        blob.write_bytes(b"damaged")
        with pytest.raises(FixError, match="is damaged; see to it and run this again"):
            recover(root)
        blob.write_bytes(good)
        recover(root)
        assert contents(root) == OLD

    def test_torn_line_is_no_line(self, root: Path) -> None:
        interrupt(root)
        file = root / ".ssot-lint/migrations/1/journal.jsonl"
        file.write_bytes(file.read_bytes() + b'{"event": "comm')
        assert len(recover(root)) == 1
        assert contents(root) == OLD
        assert recover(root) == []

    def test_damaged_journal_stops_everything(self, root: Path) -> None:
        migrate(root)
        file = root / ".ssot-lint/migrations/1/journal.jsonl"
        file.write_bytes(file.read_bytes().replace(b'"commit"', b'"comet"'))
        for do in (recover, history.log, migrate):
            with pytest.raises(FixError, match=r"^\.ssot-lint/migrations/1/journal\.jsonl:3: is not what"):
                do(root)

    @posix
    def test_journals_behind_a_link_are_none(self, root: Path) -> None:
        (root.parent / "elsewhere").mkdir()
        (root / ".ssot-lint").symlink_to("../elsewhere")
        with pytest.raises(FixError, match=r"^\.ssot-lint/migrations: .*is reached through a link"):
            migrate(root)
        assert list((root.parent / "elsewhere").iterdir()) == []


def test_two_processes_do_not_interleave(root: Path) -> None:
    code = """
        import sys
        from ssot_lint.fix.transaction import started

        with started(sys.argv[1], "test"):
            print("ready", flush=True)
            sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.read(5) == b"ready"
        with pytest.raises(FixError, match=f"^process {process.pid} is changing files of this project;"):
            migrate(root)
        process.kill()
    assert migrate(root) == "1"


class TestHistory:
    def test_takes_back(self, root: Path) -> None:
        assert history.log(root) == []
        migrate(root)
        (migration,) = history.log(root)
        assert history.status(root, migration) == dict.fromkeys(NEW, "migrated")
        done = history.roll_back_migration(root, "1")
        assert done == history.RolledBack("2", tuple(sorted(OLD)), (), ())
        assert contents(root) == OLD
        assert history.status(root, migration) == dict.fromkeys(NEW, "as before")
        assert history.log(root)[1].undoes == "1"
        assert history.roll_back_migration(root, "1") == history.RolledBack("", (), tuple(sorted(OLD)), ())
        history.roll_back_migration(root, "2")
        assert contents(root) == NEW

    def test_takes_back_some(self, root: Path) -> None:
        migrate(root)
        done = history.roll_back_migration(root, "1", ["a.py", "c.py"])
        assert done.restored == ("a.py",)
        assert list(map(str, done.refused)) == ["c.py: was not changed by migration 1"]
        assert contents(root) == {**NEW, "a.py": OLD["a.py"]}

    def test_takes_back_what_several_batches_did(self, root: Path) -> None:
        with started(root, "test") as own:
            commit(own, apply(own, [Change("a.py", b"a = 1\r\n", b"2")]))
            roll_back(own, apply(own, [Change("a.py", b"2", b"3")]), "no")
            commit(own, apply(own, [Change("a.py", b"2", b"4")]))
        assert history.roll_back_migration(root, "1").restored == ("a.py",)
        assert contents(root) == OLD

    def test_takes_back_a_batch(self, root: Path) -> None:
        with started(root, "test") as own:
            for change in CHANGES:
                commit(own, apply(own, [change]))
        assert history.roll_back_migration(root, "1", batch=2).restored == ("package/b.py",)
        assert contents(root) == {**OLD, "a.py": NEW["a.py"]}

    @posix
    def test_refuses_what_may_not_be_written(self, root: Path) -> None:
        migrate(root)
        (root / "a.py").rename(root / "c.py")
        (root / "a.py").symlink_to("c.py")
        blob = root / ".ssot-lint/migrations/1/blobs" / digest_of(OLD["package/b.py"])
        blob.write_bytes(b"damaged")
        done = history.roll_back_migration(root, "1", force=True)
        assert list(map(str, done.refused)) == [
            "a.py: is reached through a link",
            f"package/b.py: .ssot-lint/migrations/1/blobs/{blob.name}: is damaged",
        ]
        assert done.id == ""
        assert len(history.log(root)) == 1

    def test_refuses_what_was_changed_since(self, root: Path) -> None:
        migrate(root)
        (root / "a.py").write_bytes(b"mine\n")
        done = history.roll_back_migration(root, "1")
        assert done.restored == ("package/b.py",)
        assert list(map(str, done.refused)) == ["a.py: was changed in the meantime"]
        assert contents(root) == {**OLD, "a.py": b"mine\n"}
        assert history.roll_back_migration(root, "1", force=True).restored == ("a.py",)
        assert contents(root) == OLD

    def test_unknown_id(self, root: Path) -> None:
        for wrong in ("7", "../x", ""):
            with pytest.raises(FixError, match=r"^there is no migration"):
                history.roll_back_migration(root, wrong)


def run_python(code: str, folder: str | Path) -> str:
    """Runs code that gets a folder as its argument, and returns what it prints."""
    command = [sys.executable, "-c", textwrap.dedent(code), folder]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return done.stdout

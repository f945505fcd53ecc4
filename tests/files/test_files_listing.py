"""Which files are listed, under which content ids, in and out of git and on odd disks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ssot_lint.files import LeftOut, Listing, PathPatterns, Stamp, digest_of, list_sources, read_bytes

Git = Callable[..., str]
Write = Callable[..., Path]
Settle = Callable[[], object]


def make_old(*files: Path) -> None:
    """Set the times of files into the past, as if they had not been touched for long."""
    for file in files:
        os.utime(file, (1_000_000_000, 1_000_000_000))


def paths(listing: Listing) -> list[str]:
    return [source.path for source in listing.sources]


def check_digests(root: Path, listing: Listing) -> None:
    for source in listing.sources:
        assert source.digest == digest_of((root / source.path).read_bytes(), listing.algorithm), source.path


def opened_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record from now on which files the listing opens."""
    opened: list[str] = []

    def recording(root: str, path: str, limit: int = -1) -> bytes:
        opened.append(path)
        return read_bytes(root, path, limit)

    monkeypatch.setattr("ssot_lint.files._listing.read_bytes", recording)
    return opened


def fail_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


# In git


def test_unchanged_files_are_not_opened(
    root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(write("b.py"), write("a/é.pyi"), write("a/c.txt"), write('\t\n".py'))
    git("add", ".")
    git("commit", "-qm", "all")
    opened = opened_files(monkeypatch)
    listing = list_sources(root)
    assert paths(listing) == ['\t\n".py', "a/é.pyi", "b.py"]
    assert opened == []
    assert (listing.left_out, listing.stamps, listing.algorithm, listing.note) == ([], {}, "sha1", "")
    check_digests(root, listing)


def test_every_state_of_a_file(root: Path, git: Git, write: Write) -> None:
    write(".gitignore", "ignored/\nignored*.py\n")
    for name in (
        "clean",
        "changed",
        "staged",
        "staged_and_changed",
        "deleted",
        "removed",
        "moved",
        "unstaged",
    ):
        write(f"{name}.py", f"name = '{name}'\n")
    git("add", ".")
    git("commit", "-qm", "all")
    write("changed.py", "x = 2\n")
    write("staged.py", "x = 3\n")
    write("staged_and_changed.py", "x = 4\n")
    git("add", "staged.py", "staged_and_changed.py")
    write("staged_and_changed.py", "x = 5\n")
    (root / "deleted.py").unlink()
    git("rm", "-q", "removed.py")
    git("mv", "moved.py", "there.py")
    git("rm", "-q", "--cached", "unstaged.py")
    write("new.py")
    write("intended.py", "x = 6\n")
    git("add", "--intent-to-add", "intended.py")
    write("ignored.py")
    write("ignored/a.py")
    write("ignored_but_tracked.py")
    git("add", "--force", "ignored_but_tracked.py")
    listing = list_sources(root)
    assert paths(listing) == [
        "changed.py",
        "clean.py",
        "ignored_but_tracked.py",
        "intended.py",
        "new.py",
        "staged.py",
        "staged_and_changed.py",
        "there.py",
        "unstaged.py",
    ]
    check_digests(root, listing)


def test_merge_conflict(root: Path, git: Git, write: Write) -> None:
    write("a.py", "x = 0\n")
    write("gone.py")
    git("add", ".")
    git("commit", "-qm", "base")
    git("checkout", "-qb", "other")
    write("a.py", "x = 1\n")
    write("gone.py", "x = 2\n")
    git("commit", "-qam", "other")
    git("checkout", "-q", "main")
    write("a.py", "x = 2\n")
    git("rm", "-q", "gone.py")
    git("commit", "-qam", "main")
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "other")
    listing = list_sources(root)
    assert paths(listing) == ["a.py", "gone.py"]
    assert b"<<<<<<<" in (root / "a.py").read_bytes()
    check_digests(root, listing)


def test_root_below_the_top(root: Path, git: Git, write: Write) -> None:
    write("above.py")
    write("[sub]/a.py")
    write("[sub]/deep/b.py")
    git("add", ".")
    git("commit", "-qm", "all")
    write("[sub]/a.py", "x = 2\n")
    write("[sub]/new.py")
    write(".gitignore", "/[[]sub]/deep/ignored.py\n")
    write("[sub]/deep/ignored.py")
    write(".gitattributes", "b.py ident\n")
    listing = list_sources(root / "[sub]")
    assert paths(listing) == ["a.py", "deep/b.py", "new.py"]
    check_digests(root / "[sub]", listing)


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_files_that_git_was_told_not_to_look_at(root: Path, git: Git, write: Write, flag: str) -> None:
    write("a.py")
    write("gone.py")
    git("add", ".")
    git("update-index", flag, "a.py", "gone.py")
    write("a.py", "x = 'changed'\n")
    (root / "gone.py").unlink()
    listing = list_sources(root)
    assert paths(listing) == ["a.py"]
    check_digests(root, listing)


def test_sparse_checkout(root: Path, git: Git, write: Write) -> None:
    write("in/a.py")
    write("out/b.py")
    git("add", ".")
    git("commit", "-qm", "all")
    git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert not (root / "out").exists()
    assert paths(list_sources(root)) == ["in/a.py"]
    write("out/b.py", "x = 2\n")
    listing = list_sources(root)
    assert paths(listing) == ["in/a.py", "out/b.py"]
    check_digests(root, listing)


def test_submodules_and_nested_repositories_are_other_projects(
    root: Path, git: Git, write: Write, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "lib.py").write_text("x = 1\n")
    git("init", "-q", cwd=library)
    git("add", ".", cwd=library)
    git("commit", "-qm", "library", cwd=library)
    write("a.py")
    git("submodule", "--quiet", "add", str(library), "named.py")
    shutil.copytree(library, root / "nested")
    listing = list_sources(root)
    assert paths(listing) == ["a.py"]
    assert listing.left_out == [LeftOut("named.py", "is not a regular file")]
    assert paths(list_sources(root / "named.py")) == ["lib.py"]


def test_linked_worktree(root: Path, git: Git, write: Write, tmp_path: Path) -> None:
    write("a.py")
    git("add", ".")
    git("commit", "-qm", "all")
    tree = tmp_path / "tree"
    git("worktree", "add", "-q", str(tree))
    (tree / "b.py").write_text("x = 2\n")
    listing = list_sources(tree)
    assert paths(listing) == ["a.py", "b.py"]
    check_digests(tree, listing)


def test_sha256_repository(root: Path, write: Write, git: Git) -> None:
    shutil.rmtree(root / ".git")
    git("init", "-q", "--object-format=sha256")
    write("a.py")
    git("add", "a.py")
    write("b.py")
    make_old(root / "b.py")
    status = (root / "b.py").stat()
    known = {"b.py": Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, "0" * 40)}
    listing = list_sources(root, known=known)
    assert (paths(listing), listing.algorithm) == (["a.py", "b.py"], "sha256")
    assert {len(source.digest) for source in listing.sources} == {64}
    check_digests(root, listing)


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ("*.py text eol=crlf", "x = 1\n"),
        ("* text=auto", "x = 1\r\n"),
        ("*.py ident", "x = '$Id$'\n"),
        ("*.py working-tree-encoding=UTF-16LE", "x = 1\n".encode("utf-16-le").decode("latin-1")),
        ("*.py filter=upper", "x = 1\n"),
    ],
)
@pytest.mark.parametrize("place", [".gitattributes", "../.git/info/attributes", "sub/.gitattributes"])
def test_converted_files_count_as_they_are_on_disk(
    root: Path, git: Git, write: Write, attributes: str, text: str, place: str
) -> None:
    git("config", "filter.upper.clean", "tr a-z A-Z")
    git("config", "filter.upper.smudge", "tr A-Z a-z")
    write(place.removeprefix("../"), f"{attributes}\n")
    write("sub/a.py", text.encode("latin-1"))
    git("add", "sub/a.py")
    git("commit", "-qm", "all")
    (root / "sub/a.py").unlink()
    git("checkout", "-q", "sub/a.py")
    listing = list_sources(root)
    assert paths(listing) == ["sub/a.py"]
    check_digests(root, listing)


@pytest.mark.parametrize("value", ["true", "input", None])
def test_line_end_conversion_without_attributes(
    root: Path, git: Git, write: Write, value: str | None
) -> None:
    with (root / ".git/config").open("a") as config:
        config.write("[core]\n\tautocrlf" + (f" = {value}\n" if value else "\n"))
    make_old(write("a.py", "x = 1\r\n"), write("b.py", "x = 1\n"))
    git("add", ".")
    listing = list_sources(root)
    assert paths(listing) == ["a.py", "b.py"]
    check_digests(root, listing)


def test_settings_that_are_no_conversion(
    root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("config", "core.autocrlf", "FALSE")
    git("config", "core.quotepath", "true")
    git("config", "core.ignorecase", "true")
    git("config", "diff.relative", "false")
    make_old(write("é.py"))
    git("add", ".")
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    opened = opened_files(monkeypatch)
    assert paths(list_sources(root)) == ["é.py"]
    assert opened == []


def test_configured_programs_are_not_run(root: Path, git: Git, write: Write) -> None:
    script = write("spy", "#!/bin/sh\necho ran >> ../ran\n")
    script.chmod(0o755)
    git("config", "core.fsmonitor", str(script))
    write("a.py")
    assert paths(list_sources(root)) == ["a.py"]
    assert not (root.parent / "ran").exists()


def test_untracked_environments_are_never_linted(root: Path, git: Git, write: Write) -> None:
    write("venv/pyvenv.cfg")
    write("venv/lib/site.py")
    write("conda/conda-meta/history")
    write("conda/a.py")
    write("x/node_modules/y/b.py")
    write("x/c.py")
    write("kept/pyvenv.cfg")
    write("kept/tracked.py")
    git("add", "kept/tracked.py")
    assert paths(list_sources(root)) == ["kept/tracked.py", "x/c.py"]


def test_ignored_root_is_walked(root: Path, git: Git, write: Write) -> None:
    write(".gitignore", "*\n")
    write("project/a.py")
    write("project/.gitignore", "b.py\n")
    write("project/b.py")
    assert paths(list_sources(root)) == []
    listing = list_sources(root / "project")
    assert (paths(listing), listing.note) == (["a.py"], "")


def test_empty_repository(root: Path, git: Git) -> None:
    assert list_sources(root) == ([], [], {}, "sha1", "", set())


# In hooks


@pytest.mark.parametrize("relative", [True, False])
@pytest.mark.parametrize("below", [".", "sub"])
def test_hook_environment(
    root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch, relative: bool, below: str
) -> None:
    write(".gitignore", "forced.py\n")
    write("sub/a.py")
    git("add", ".")
    shutil.copy(root / ".git/index", root / ".git/next-index")
    write("sub/forced.py")
    monkeypatch.chdir(root)
    folder = Path(".git") if relative else root / ".git"
    monkeypatch.setenv("GIT_INDEX_FILE", str(folder / "next-index"))
    git("add", "--force", "sub/forced.py")
    for git_dir in (None, str(folder)):
        if git_dir:
            monkeypatch.setenv("GIT_DIR", git_dir)
        assert [Path(below, path).name for path in paths(list_sources(root / below))] == ["a.py", "forced.py"]
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert [Path(path).name for path in paths(list_sources(root / below))] == ["a.py"]


def test_hook_of_another_repository(
    root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "other.py").touch()
    git("init", "-q", cwd=other)
    git("add", ".", cwd=other)
    write("a.py")
    git("add", ".")
    monkeypatch.chdir(other)
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert paths(list_sources(root)) == ["a.py"]
    monkeypatch.setenv("GIT_DIR", ".git")
    assert paths(list_sources(root)) == ["a.py"]
    assert paths(list_sources(other)) == ["other.py"]


def test_work_tree_apart_from_its_repository(
    root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write("sub/a.py")
    write("sub/ignored.py")
    git("add", "sub/a.py")
    (root / ".git/info/exclude").write_text("ignored.py\n")
    shutil.move(root / ".git", tmp_path / "apart")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_DIR", "apart")
    monkeypatch.setenv("GIT_WORK_TREE", "project")
    assert paths(list_sources(root / "sub")) == ["a.py"]
    monkeypatch.setenv("GIT_WORK_TREE", "elsewhere")
    assert paths(list_sources(root / "sub")) == ["a.py", "ignored.py"]


# Where git does not answer


def test_git_is_missing(root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("sub/a.py")
    write(".gitignore", "sub/ignored.py\n")
    write("sub/ignored.py")
    write("sub/nested/.git/HEAD")
    write("sub/nested/b.py")
    fail_git(monkeypatch)
    listing = list_sources(root / "sub")
    assert (paths(listing), listing.note) == (["a.py"], "git cannot be run: No such file or directory")
    check_digests(root / "sub", listing)


def test_git_is_missing_and_the_root_is_ignored(
    root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(".gitignore", "sub/\n")
    write("sub/a.py")
    fail_git(monkeypatch)
    assert paths(list_sources(root)) == []
    assert paths(list_sources(root / "sub")) == ["a.py"]


def test_git_is_missing_outside_of_repositories(
    root: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.py")
    fail_git(monkeypatch)
    listing = list_sources(root)
    assert (paths(listing), listing.note) == (["a.py"], "")


def test_repository_of_another_owner(
    root: Path, git: Git, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.py")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    listing = list_sources(root)
    assert paths(listing) == ["a.py"]
    assert "dubious ownership" in listing.note


def test_bare_repository(root: Path, git: Git, write: Write) -> None:
    git("config", "core.bare", "true")
    write("a.py")
    listing = list_sources(root)
    assert paths(listing) == ["a.py"]
    assert "work tree" in listing.note


def test_damaged_index(root: Path, git: Git, write: Write) -> None:
    write("a.py")
    (root / ".git/index").write_bytes(b"nonsense")
    listing = list_sources(root)
    assert (paths(listing), bool(listing.note)) == (["a.py"], True)


# Outside of git


def test_walk_honours_ignore_files(root: Path, write: Write) -> None:
    write(".gitignore", "build/\n*_gen.py\n!/kept_gen.py\nbad[\nbad\\\n\n# comment\nonly_here.py\n")
    write("sub/.gitignore", b"!only_here.py\n/x.py\n\xff.py\n")
    expected = ["a.py", "kept_gen.py", "sub/deep/x.py", "sub/only_here.py", "z.pyi"]
    ignored = ["build/a.py", "a_gen.py", "sub/a_gen.py", "only_here.py", "sub/x.py"]
    for path in expected + ignored:
        write(path)
    write("venv/pyvenv.cfg")
    write("venv/a.py")
    write("__pycache__/a.py")
    write("nested/.git/HEAD")
    write("nested/b.py")
    write("c.pyc")
    assert paths(list_sources(root)) == sorted([*expected, "nested/b.py"])


def test_ignore_file_that_is_a_pipe(root: Path, write: Write) -> None:
    write("a.py")
    os.mkfifo(root / ".gitignore")
    assert paths(list_sources(root)) == ["a.py"]


def test_walk_goes_around_unreadable_folders(
    root: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.py")
    write("closed/b.py")
    scandir = os.scandir
    closed = "closed"

    def refusing(path: str) -> object:
        if path.endswith(closed):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    listing = list_sources(root)
    assert paths(listing) == ["a.py"]
    assert listing.left_out == [LeftOut("closed/", "cannot be read: Permission denied")]
    assert list_sources(root, PathPatterns(["closed/"])).left_out == []
    closed = "project"
    assert list_sources(root).left_out == [LeftOut("./", "cannot be read: Permission denied")]


def test_walk_of_deep_folders(root: Path, write: Write) -> None:
    depth = sys.getrecursionlimit() + 100
    folders = [root / ("d/" * level) for level in range(1, depth + 1)]
    for folder in folders:
        folder.mkdir()
    file = write("d/" * depth + "a.py")
    try:
        assert paths(list_sources(root)) == ["d/" * depth + "a.py"]
        assert paths(list_sources(root, PathPatterns(["d/"]))) == []
    finally:
        # Deeper than pytest's own cleaning up can go.
        file.unlink()
        for folder in reversed(folders):
            folder.rmdir()


def test_digests_are_remembered(root: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files changed within the last two seconds are not: they may change again and look the same."""
    write("a.py")
    write("b.py")
    now = max((root / name).stat().st_ctime_ns for name in ("a.py", "b.py"))
    monkeypatch.setattr("time.time_ns", lambda: now + 1_000_000_000)
    assert list_sources(root).stamps == {}
    monkeypatch.setattr("time.time_ns", lambda: now + 3_000_000_000)
    first = list_sources(root)
    assert list(first.stamps) == ["a.py", "b.py"]
    opened = opened_files(monkeypatch)
    second = list_sources(root, known=first.stamps)
    assert opened == []
    assert second == first
    write("b.py", "x = 2\n")
    third = list_sources(root, known=first.stamps)
    assert opened == ["b.py"]
    check_digests(root, third)


def test_change_that_keeps_size_and_times(root: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("a.py", "x = 1\n")
    make_old(file)
    monkeypatch.setattr("time.time_ns", lambda: file.stat().st_ctime_ns + 3_000_000_000)
    known = list_sources(root).stamps
    before = file.stat().st_ctime_ns
    while file.stat().st_ctime_ns == before:
        write("a.py", "x = 2\n")
    make_old(file)
    listing = list_sources(root, known=known)
    check_digests(root, listing)


def test_unreadable_file_is_listed_without_digest(
    root: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.py")

    def refusing(root: str, path: str) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("ssot_lint.files._listing.read_bytes", refusing)
    listing = list_sources(root)
    assert listing.sources == [("a.py", "")]
    assert listing.stamps == {}


def test_file_that_cannot_be_looked_at(root: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.py")
    write("b.py")
    lstat = os.lstat

    def refusing(path: str) -> os.stat_result:
        if path.endswith("a.py"):
            raise OSError(5, "Input/output error", path)
        return lstat(path)

    monkeypatch.setattr(os, "lstat", refusing)
    listing = list_sources(root)
    assert paths(listing) == ["b.py"]
    assert listing.left_out == [LeftOut("a.py", "cannot be looked at: Input/output error")]


# Both ways


@pytest.fixture(params=["walk", "untracked", "tracked"])
def settle(request: pytest.FixtureRequest) -> Settle:
    """Leave the root alone, make it a repository, or commit all that is in it."""
    if request.param == "walk":
        return lambda: None
    git: Git = request.getfixturevalue("git")
    return (lambda: git("add", "--all")) if request.param == "tracked" else (lambda: None)


def test_exclude(root: Path, write: Write, settle: Settle) -> None:
    for path in ("a.py", "b.py", "out/c.py", "in/out/d.py", "in/e.py"):
        write(path)
    settle()
    assert paths(list_sources(root, PathPatterns(["out/", "/b.py"]))) == ["a.py", "in/e.py"]
    assert paths(list_sources(root, PathPatterns(["*.py", "!b.py"]))) == ["b.py"]


def test_names_that_are_not_utf8(root: Path, write: Write, settle: Settle) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    write(name)
    write(os.fsdecode(b"d\xff/") + "a.py")
    settle()
    listing = list_sources(root, PathPatterns(["nothing.py"]))
    assert paths(listing) == [name, os.fsdecode(b"d\xff/a.py")]
    check_digests(root, listing)
    assert read_bytes(root, name) == b"x = 1\n"


def test_root_behind_a_link(root: Path, write: Write, tmp_path: Path, settle: Settle) -> None:
    write("sub/a.py")
    settle()
    (tmp_path / "link").symlink_to(root)
    listing = list_sources(tmp_path / "link")
    assert paths(listing) == ["sub/a.py"]
    check_digests(root, listing)
    assert read_bytes(tmp_path / "link", "sub/a.py") == b"x = 1\n"


def test_links(root: Path, write: Write, tmp_path: Path, settle: Settle) -> None:
    (tmp_path / "outside.py").write_text("x = 1\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/hidden.py").write_text("x = 1\n")
    write("real.py")
    write("tool", "x = 2\n")
    write("folder/b.py")
    links = {
        "around.py": "around.py",
        "circle/again": "..",
        "dangling.py": "nothing.py",
        "first.py": "tool",
        "folder.py": "folder",
        "linked": "folder",
        "out.py": "../outside.py",
        "outer": "../folder",
        "same.py": "real.py",
        "second.py": "tool",
    }
    for name, target in links.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).symlink_to(target)
    settle()
    listing = list_sources(root)
    assert paths(listing) == ["first.py", "folder/b.py", "real.py"]
    check_digests(root, listing)
    assert listing.left_out == [
        LeftOut("around.py", "is a link to no regular file"),
        LeftOut("dangling.py", "is a link to nothing"),
        LeftOut("folder.py", "is a link to no regular file"),
        LeftOut("out.py", "is a link out of the project"),
        LeftOut("same.py", "is a link to real.py"),
        LeftOut("second.py", "is a link to tool"),
    ]


def test_files_behind_a_folder_that_became_a_link(root: Path, write: Write, git: Git, tmp_path: Path) -> None:
    write("sub/a.py")
    git("add", ".")
    (root / "sub").rename(tmp_path / "moved")
    (root / "sub").symlink_to(tmp_path / "moved")
    listing = list_sources(root)
    assert listing.sources == []
    assert listing.left_out == [LeftOut("sub/a.py", "lies behind a linked folder")]


@pytest.mark.parametrize("tracked", [True, False])
def test_what_is_no_regular_file(
    root: Path, write: Write, git: Git, monkeypatch: pytest.MonkeyPatch, tracked: bool
) -> None:
    names = ["folder.py", "pipe.py", "socket.py"]
    if tracked:
        for name in names:
            write(name)
        git("add", ".")
        for name in names:
            (root / name).unlink()
    else:
        shutil.rmtree(root / ".git")
    (root / "folder.py").mkdir()
    write("folder.py/inside.py")
    os.mkfifo(root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(root)  # the path of a socket must be short
        server.bind("socket.py")
    listing = list_sources(root)
    assert paths(listing) == ["folder.py/inside.py"]
    expected = names if tracked else names[1:]
    assert listing.left_out == [LeftOut(name, "is not a regular file") for name in expected]


# One file


def test_read_bytes(root: Path, write: Write) -> None:
    write("sub/a.py", b"\xff\0\r\n")
    assert read_bytes(root, "sub/a.py") == b"\xff\0\r\n"
    assert read_bytes(root, "sub/a.py", 1) == b"\xff"
    (root / "link.py").symlink_to("sub/a.py")
    assert read_bytes(str(root), "link.py", 1) == b"\xff"


def test_read_bytes_refuses(root: Path, write: Write, tmp_path: Path) -> None:
    (tmp_path / "outside.py").touch()
    (tmp_path / "project-2").mkdir()
    (tmp_path / "project-2/a.py").touch()
    (root / "out.py").symlink_to("../outside.py")
    (root / "folder").symlink_to("..")
    (root / "around.py").symlink_to("around.py")
    os.mkfifo(root / "pipe.py")
    for path in ("../outside.py", "out.py", "folder/outside.py", "../project-2/a.py"):
        with pytest.raises(PermissionError, match="leads out of the project"):
            read_bytes(root, path)
    for path in ("pipe.py", "."):
        with pytest.raises(OSError, match="is not a regular file"):
            read_bytes(root, path)
    with pytest.raises(FileNotFoundError):
        read_bytes(root, "missing.py")
    with pytest.raises(OSError, match="symbolic links"):
        read_bytes(root, "around.py")

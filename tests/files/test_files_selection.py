"""What the paths on a command line mean."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ssot_lint.files import LeftOut, PathPatterns, Selection, UsageError, digest_of, list_sources, select

Write = Callable[..., Path]
Choose = Callable[..., Selection]

FILES = ["a.py", "b.pyi", "sub-x/c.py", "sub/c.py", "sub/deep/d.py", "sub0/e.py"]


@pytest.fixture
def choose(root: Path, write: Write) -> Choose:
    """Select in a project that has some files, an excluded and an ignored one."""
    for path in (*FILES, "out/x.py", "ignored.py", "empty/README"):
        write(path)
    write(".gitignore", "ignored.py\n")
    exclude = PathPatterns(["out/", "excluded-tool"])

    def choose(*paths: str, cwd: Path = root, accept: tuple[str, ...] = ()) -> Selection:
        return select(root, list_sources(root, exclude), paths, cwd, exclude=exclude, accept=accept)

    return choose


def names(selection: Selection) -> list[str]:
    return [source.path for source in selection.sources]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        (["."], FILES),
        (["sub/.."], FILES),
        (["a.py"], ["a.py"]),
        (["./a.py", "a.py", "sub/../a.py"], ["a.py"]),
        (["sub"], ["sub/c.py", "sub/deep/d.py"]),
        (["sub/"], ["sub/c.py", "sub/deep/d.py"]),
        (["sub/deep", "b.pyi"], ["b.pyi", "sub/deep/d.py"]),
        (["sub", "sub/c.py", "."], FILES),
    ],
)
def test_files_and_folders(choose: Choose, given: list[str], expected: list[str]) -> None:
    selection = choose(*given)
    assert (names(selection), selection.left_out) == (expected, [])


def test_other_working_folders(choose: Choose, root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert names(choose("c.py", "../a.py", cwd=root / "sub")) == ["a.py", "sub/c.py"]
    assert names(choose("project/a.py", cwd=tmp_path)) == ["a.py"]
    assert names(choose("..", cwd=root / "sub")) == FILES
    assert names(choose(str(root / "a.py"), cwd=tmp_path)) == ["a.py"]
    assert names(choose("c.py", cwd=tmp_path / "link/sub")) == ["sub/c.py"]
    assert names(choose(str(tmp_path / "link/sub/c.py"), cwd=tmp_path)) == ["sub/c.py"]
    assert names(choose(str(tmp_path / "link"), cwd=tmp_path)) == FILES


def test_what_stays_left_out_is_said(choose: Choose, root: Path) -> None:
    (root / "same.py").symlink_to("ignored.py")
    (root / "dangling.py").symlink_to("nothing")
    (root / "excluded-tool").write_text("#!/usr/bin/env python3\n")
    os.mkfifo(root / "pipe.py")
    selection = choose(
        "out/x.py", "./ignored.py", "dangling.py", "excluded-tool", "pipe.py", "empty", "out", "a.py"
    )
    assert names(selection) == ["a.py"]
    assert selection.left_out == [
        LeftOut("out/x.py", "is excluded by the configuration"),
        LeftOut(
            "./ignored.py",
            "is ignored by git, part of another repository, or in a folder that is never linted",
        ),
        LeftOut("dangling.py", "is a link to nothing"),
        LeftOut("excluded-tool", "is excluded by the configuration"),
        LeftOut("pipe.py", "is not a regular file"),
        LeftOut("empty", "holds no Python file that is linted"),
        LeftOut("out", "holds no Python file that is linted"),
    ]


def test_links(choose: Choose, root: Path) -> None:
    (root / "same.py").symlink_to("a.py")
    (root / "linked").symlink_to("sub")
    (root / "link.py").symlink_to("ignored.py")
    assert names(choose("same.py")) == ["a.py"]
    assert names(choose("linked/c.py")) == ["sub/c.py"]
    assert names(choose("linked")) == ["sub/c.py", "sub/deep/d.py"]
    assert names(choose("link.py")) == ["link.py"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("missing.py", "does not exist"),
        ("a.py/", "does not exist"),
        ("*.py", "does not exist"),
        ("", "does not exist"),
        ("..", "lies outside of the project root {root}"),
        ("../project-2/a.py", "lies outside of the project root {root}"),
        ("outer/a.py", "lies outside of the project root {root}"),
        ("/dev/null", "lies outside of the project root {root}"),
        ("empty/README", "is not a Python file: it ends in neither .py nor .pyi and has no Python shebang"),
        ("binary", "is not a Python file: it ends in neither .py nor .pyi and has no Python shebang"),
        ("pipe", "cannot be read: is not a regular file"),
        ("out-link", "cannot be read: leads out of the project"),
    ],
)
def test_mistakes(choose: Choose, root: Path, tmp_path: Path, given: str, message: str) -> None:
    (tmp_path / "project-2").mkdir()
    (tmp_path / "project-2/a.py").touch()
    (root / "outer").symlink_to("../project-2")
    (root / "out-link").symlink_to("../project-2/a.py")
    (root / "binary").write_bytes(bytes(range(256)) * 1000)
    os.mkfifo(root / "pipe")
    with pytest.raises(UsageError, match=re.escape(f"`{given}` {message.format(root=root)}")):
        choose("a.py", given)


@pytest.mark.parametrize(
    ("line", "is_python"),
    [
        ("#!/usr/bin/env python3", True),
        ("#!/usr/bin/python -u", True),
        ("#! /usr/local/bin/python3.13t", True),
        ("#!/usr/bin/env -S uv run --script", True),
        ("#!/usr/bin/env -S uv run -q -s", True),
        ("#!/usr/bin/env pypy3\r", True),
        ("#!/usr/bin/env -S poetry run python -W error", True),
        ("#!python", False),
        ("#!/opt/python/bin/perl", False),
        ("#!/usr/bin/env ipython", False),
        ("#!/usr/bin/env -S uv run flask", False),
        ("#!/bin/sh\n#!/usr/bin/python", False),
        (" #!/usr/bin/python", False),
        ("", False),
    ],
)
def test_scripts_without_suffix(choose: Choose, root: Path, write: Write, line: str, is_python: bool) -> None:
    text = f"{line}\nx = 1\n"
    write("tool", text)
    if is_python:
        assert choose("tool", "a.py").sources[1] == ("tool", digest_of(text.encode()))
        assert names(choose(".")) == FILES
    else:
        with pytest.raises(UsageError, match="`tool` is not a Python file"):
            choose("tool")


def test_accepted_files_may_be_named(choose: Choose, write: Write) -> None:
    write("pyproject.toml", "")
    selection = choose("pyproject.toml", "a.py", accept=("pyproject.toml",))
    assert (names(selection), selection.left_out) == (["a.py"], [])


def test_names_that_are_not_utf8(choose: Choose, write: Write) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    write(name)
    assert names(choose(name)) == [name]

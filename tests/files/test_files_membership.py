"""Whether a path would be listed is what the listing says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ssot_lint.files import PathPatterns, list_sources, would_list

FILES = {
    "a.py": "",
    "stubs/a.pyi": "",
    "skipped/a.py": "",
    "ignored/a.py": "",
    "ignored/deep/a.py": "",
    "some/ignored.py": "",
    "some/kept.py": "",
    "some/.gitignore": "ignored.py\n",
    "again/.gitignore": "*.py\n!b.py\n",
    "again/a.py": "",
    "again/b.py": "",
    "env/pyvenv.cfg": "",
    "env/lib/a.py": "",
    "x/node_modules/a.py": "",
    ".gitignore": "ignored/\ntracked.py\n",
    "tracked.py": "",
}


@pytest.mark.parametrize("has_git", [False, True])
def test_every_file(tmp_path: Path, has_git: bool) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    if has_git:
        for arguments in (["init", "-q", "."], ["add", "-f", "tracked.py"]):
            subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    exclude = PathPatterns(["skipped/"])
    listed = {source.path for source in list_sources(tmp_path, exclude).sources}
    sources = {path for path in FILES if path.endswith((".py", ".pyi"))}
    assert {path for path in sources if would_list(tmp_path, path, exclude)} == listed
    assert ("tracked.py" in listed) is has_git
    assert {"a.py", "again/b.py"} < listed < sources


def test_file_that_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("build/\n")
    for path, expected in (("new.py", True), ("new/deep.py", True), ("build/new.py", False)):
        assert would_list(tmp_path, path, PathPatterns()) is expected


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("build/\n")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    assert would_list(tmp_path, "new.py", PathPatterns())
    assert not would_list(tmp_path, "build/new.py", PathPatterns())


def test_project_that_git_ignores_as_a_whole(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("inner/\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/a.py").touch()
    assert [source.path for source in list_sources(tmp_path / "inner").sources] == ["a.py"]
    assert would_list(tmp_path / "inner", "a.py", PathPatterns())

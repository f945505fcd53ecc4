"""A git repository to play with, apart from the configuration of the machine and of hooks that run the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

_IDENTITY = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")


def environment(folder: Path) -> dict[str, str]:
    """The variables for git and what it runs in a folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PRE_COMMIT", "SKIP"))
    }
    return {
        **kept,
        **dict.fromkeys(_IDENTITY, "nobody"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }


class Repository:
    """A repository in a folder, made if need be."""

    def __init__(self, folder: Path, files: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.environment = environment(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / ".git").exists():
            self.git("init", "--quiet", "--initial-branch=main")
        for path, text in (files or {}).items():
            self.write(path, text)

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Makes it the working folder, and its variables those of this process, until the test ends."""
        for name in {*os.environ} - self.environment.keys():
            monkeypatch.delenv(name)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(self.folder)

    def write(self, path: str, text: str) -> None:
        """Writes a file, and the folders that it lies in."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """The text of a file."""
        return (self.folder / path).read_text(encoding="utf-8")

    def run(
        self, *command: str, variables: Mapping[str, str] | None = None, cwd: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command, with more variables; its output is one text with its errors."""
        return subprocess.run(
            command,
            cwd=self.folder / cwd,
            env={**self.environment, **(variables or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )

    def git(self, *arguments: str) -> str:
        """What a command of git prints, which must not fail."""
        done = self.run("git", "-c", "protocol.file.allow=always", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def set_clock(self, moment: str) -> None:
        """Lets commits from now on be of a moment, such as 2025-09-15T12:00:00Z."""
        self.environment["GIT_COMMITTER_DATE"] = self.environment["GIT_AUTHOR_DATE"] = moment

    def commit(self, subject: str = "a commit", *, all_files: bool = True) -> str:
        """Commits past all hooks, and returns the id of the commit."""
        if all_files:
            self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD").strip()

"""The commits of a repository, read from git's objects without a checkout."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

SOURCES = ("*.py", "*.pyi")
_HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)

Hunk = tuple[int, int, int, int]
"""First line and number of lines, before and after, of a place where two texts differ."""


class Commit(NamedTuple):
    """A commit with one parent."""

    id: str
    parent: str


class Touched(NamedTuple):
    """A file that a commit adds, changes, renames or deletes; the path and blob of no file are ""."""

    old_path: str
    new_path: str
    old_blob: str
    new_blob: str


class History:
    """A repository."""

    def __init__(self, repository: Path) -> None:
        self._command = ("git", "-C", str(repository))
        self._objects = subprocess.Popen(
            (*self._command, "cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def commits(self, number: int) -> list[Commit]:
        """The newest commits with one parent that touch Python files, the oldest of them first."""
        only = ("--min-parents=1", "--max-parents=1", "--full-history", f"--max-count={number}")
        lines = self._ask("log", "--topo-order", "--format=%H %P", *only, "HEAD", "--", *SOURCES).splitlines()
        return [Commit(*line.split()) for line in reversed(lines)]

    def files(self, commit: str) -> Iterator[tuple[str, str]]:
        """Path and blob of every regular file in a commit."""
        for entry in self._ask("ls-tree", "-r", "-z", commit).split("\0")[:-1]:
            head, path = entry.split("\t", 1)
            mode, _, blob = head.split()
            if mode.startswith("100"):
                yield path, blob

    def touched(self, commit: Commit) -> Iterator[Touched]:
        """The Python files that a commit touches."""
        raw = self._ask("diff-tree", "-r", "-M", "-z", "--raw", commit.parent, commit.id, "--", *SOURCES)
        fields = iter(raw.split("\0")[:-1])
        for head in fields:
            _, _, old_blob, new_blob, status = head.split()
            path = next(fields)
            new_path = next(fields) if status[0] in "RC" else path
            yield Touched(
                path if old_blob.strip("0") else "",
                new_path if new_blob.strip("0") else "",
                old_blob if old_blob.strip("0") else "",
                new_blob if new_blob.strip("0") else "",
            )

    def hunks(self, old_blob: str, new_blob: str) -> list[Hunk]:
        """The places where the texts of two blobs differ."""
        if old_blob == new_blob:
            return []
        patch = subprocess.check_output(
            (*self._command, "diff", "--no-ext-diff", "--no-textconv", "--text", "-U0", old_blob, new_blob)
        )
        found = []
        for old, old_length, new, new_length in _HUNK.findall(patch):
            found.append((int(old), int(old_length or 1), int(new), int(new_length or 1)))
        return found

    @lru_cache(1000)  # noqa: B019 - there is one history to a run
    def lines(self, blob: str) -> list[str]:
        """The lines of a text."""
        return self.text(blob).decode(errors="replace").split("\n")

    def text(self, blob: str) -> bytes:
        """The text of a blob."""
        assert self._objects.stdin is not None and self._objects.stdout is not None
        self._objects.stdin.write(f"{blob}\n".encode())
        self._objects.stdin.flush()
        size = int(self._objects.stdout.readline().split()[2])
        return self._objects.stdout.read(size + 1)[:-1]

    def close(self) -> None:
        """Ends the process that reads objects."""
        self._objects.communicate()

    def _ask(self, *arguments: str) -> str:
        return subprocess.check_output((*self._command, *arguments)).decode("utf-8", "surrogateescape")


def line_before(hunks: Iterable[Hunk], line: int) -> int | None:
    """The number that a line had before, None where it was not there."""
    shift = 0
    for _, old_length, new, new_length in hunks:
        if new_length and new <= line < new + new_length:
            return None
        # Of lines that are only deleted, git gives the line that comes before them.
        if line < new or (not new_length and line == new):
            break
        shift += old_length - new_length
    return line + shift

"""Asks git what became of files: every text that they had, in which commit, and under which path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.files._changes import Edge, differences, from_root, prefix_of
from ssot_lint.files._git import GitError, ask, is_shallow
from ssot_lint.files._walk import SUFFIXES

_BATCH = 1000  # commits that git is asked about at once: their changes are held in memory
_FEW = 20  # files, for which looking at their paths alone is faster than looking at everything
_PYTHON_FILES = (":(top)*.py", ":(top)*.pyi")


class Revision(NamedTuple):
    """One text of a file: a commit in which it got it."""

    commit: str
    path: str  # of the file in that commit, from the root; what lies outside begins with `../`
    blob: str  # the id of the text
    next: int  # index of the revision that came of this one in the file's history, -1 for none


class Commit(NamedTuple):
    """What to tell a person about a commit."""

    id: str
    short: str  # as many digits of it as git shows
    date: str  # of the author, as 2025-09-15
    subject: str


class Histories(NamedTuple):
    """The revisions of files, the newest first, and what is missing of them."""

    revisions: Mapping[str, Sequence[Revision]]  # by the path of the file now, from the root
    notes: Sequence[str]


_Paths = dict[str, dict[str, int]]
"""Paths in one commit, each with the files that come of it, each with the index of its next revision."""


def histories(root: str | os.PathLike[str], paths: Iterable[str]) -> Histories:
    """Tell what texts files had in the history of HEAD; `paths` are from the root, as are those returned.

    The history of a file is what `git log -- PATH` calls so: where a merge took the file from one of its
    parents, the other parents have no part in it. Renames are followed. A file that was deleted and came
    again has its former revisions too. Raises GitError: no repository, no commit yet.
    """
    top = os.path.realpath(root)
    prefix = prefix_of(top)
    lines = ask(top, "rev-list", "--date-order", "--parents", "HEAD").decode().splitlines()
    commits = [line.split(" ") for line in lines]
    walk = _Walk(top, prefix, commits[0][0], {f"{prefix}{path}": path for path in paths})
    for start in range(0, len(commits), _BATCH):
        walk.go_on(commits[start : start + _BATCH])
    notes = sorted(walk.notes)
    if is_shallow(top):
        notes.append("this clone is shallow: `git fetch --unshallow` brings the history that it lacks")
    return Histories(walk.found, notes)


class _Walk:
    """The way back from HEAD, which all files go together: a commit that leaves them alone costs nothing."""

    def __init__(self, top: str, prefix: str, start: str, files: Mapping[str, str]) -> None:
        self.found: dict[str, list[Revision]] = {path: [] for path in files.values()}
        self.notes: set[str] = set()
        self._top = top
        self._prefix = prefix
        paths: _Paths = {path: {file: -1} for path, file in files.items()}
        self._wanted = {start: paths}  # by commit
        self._is_narrow = False  # what else changes than what is wanted is not known
        self._renames: dict[tuple[str, str], Mapping[str, str]] = {}

    def go_on(self, commits: Sequence[Sequence[str]]) -> None:
        """Pass commits, each with its parents and after all commits that come of it."""
        while commits:
            names = self._names()
            self._is_narrow = bool(names)
            edges = [edge for commit, *parents in commits for edge in _edges(commit, parents)]
            found = differences(self._top, edges, names)
            passed = 0
            for commit, *parents in commits:
                changes = [next(found) for _ in parents or [""]]
                wanted = self._wanted.pop(commit, None)
                passed += 1
                # Where paths were asked about, those that turn up only now have to be asked about too.
                if wanted and self._pass(commit, parents, wanted, changes) and self._is_narrow:
                    break
            commits = commits[passed:]

    def _names(self) -> Sequence[str]:
        """Pathspecs for what is wanted, none for everything."""
        paths = {path for wanted in self._wanted.values() for path in wanted}
        return [f":(top,literal){path}" for path in sorted(paths)] if len(paths) <= _FEW else []

    def _pass(self, commit: str, parents: Sequence[str], wanted: _Paths, edges: Sequence[Edge]) -> bool:
        """Hand on what is wanted of a commit to its parents; tell if some of it has other names there."""
        first, *others = edges
        is_renamed = False
        for path in [path for path in first if path in wanted]:
            same = next((number for number, edge in enumerate(others, 1) if path not in edge), 0)
            files = wanted.pop(path)
            if same:
                self._hand_on(parents[same], {path: files})
                continue
            blob = first[path].blob
            if blob:
                files = {file: self._add(file, commit, path, blob, after) for file, after in files.items()}
            for parent, edge in zip(parents, edges):
                is_new = edge[path].status == "A"
                source = self._source(commit, parent, path, edge) if is_new else path
                is_renamed |= source != path
                self._hand_on(parent, {source: dict(files)})
        if parents:
            self._hand_on(parents[0], wanted)
        return is_renamed

    def _add(self, file: str, commit: str, path: str, blob: str, after: int) -> int:
        revisions = self.found[file]
        revisions.append(Revision(commit, from_root(path, self._prefix), blob, after))
        return len(revisions) - 1

    def _hand_on(self, commit: str, paths: _Paths) -> None:
        there = self._wanted.setdefault(commit, paths)
        if there is paths:
            return
        if len(there) < len(paths):
            self._wanted[commit], there, paths = paths, paths, there
        for path, files in paths.items():
            there[path] = {**files, **there.get(path, {})}

    def _source(self, commit: str, parent: str, path: str, edge: Edge) -> str:
        """The path that a file had before a commit which has it under a new one, the same if it is new."""
        may_be_moved = self._is_narrow or any(
            change.status == "D" and old.endswith(SUFFIXES) for old, change in edge.items()
        )
        if not may_be_moved:
            return path
        pair = (parent, commit)
        if pair not in self._renames:
            self._renames[pair] = self._renamed(*pair)
        return self._renames[pair].get(path, path)

    def _renamed(self, parent: str, commit: str) -> Mapping[str, str]:
        """The old paths of Python files that a commit renames, by the new ones."""
        command = ("diff-tree", "-r", "-z", "--name-status", "--diff-filter=R", parent, commit, "--")
        try:
            output = ask(self._top, command[0], "-M", *command[1:], *_PYTHON_FILES)
        except GitError:  # it has to compare texts, and the repository lacks one
            self.notes.add("the repository lacks some texts, so not every renamed file is followed")
            output = ask(self._top, command[0], "-M100%", *command[1:], *_PYTHON_FILES)
        fields = os.fsdecode(output).split("\0")[:-1]
        return {new: old for _, old, new in zip(fields[::3], fields[1::3], fields[2::3])}


def _edges(commit: str, parents: Sequence[str]) -> Sequence[tuple[str, str]]:
    return [(commit, parent) for parent in parents] or [(commit, "")]


def read_commits(root: str | os.PathLike[str], ids: Iterable[str]) -> dict[str, Commit]:
    """Return what to tell about commits, by their ids. Raises GitError."""
    wanted = "".join(f"{commit}\n" for commit in ids).encode()
    if not wanted:
        return {}
    settings = ("--no-show-signature", "--encoding=UTF-8", "--date=short", "--format=%H%x1f%h%x1f%ad%x1f%s")
    output = ask(os.path.realpath(root), "log", "--no-walk", "--stdin", "-z", *settings, stdin=wanted)
    lines = output.decode(errors="replace").split("\0")
    commits = (Commit(*line.split("\x1f", 3)) for line in lines if line)
    return {commit.id: commit for commit in commits}


def uncommitted(root: str | os.PathLike[str], paths: Iterable[str]) -> set[str]:
    """Return those of the files, by path from the root, whose text as it is now is not that of HEAD.

    Raises GitError.
    """
    top = os.path.realpath(root)
    prefix = prefix_of(top)
    settings = ("--no-renames", "--untracked-files=no", "--ignore-submodules=all")
    lines = os.fsdecode(ask(top, "status", "-z", "--porcelain", *settings)).split("\0")
    changed = {line[3:] for line in lines}  # from the top of the repository
    tracked = set(os.fsdecode(ask(top, "ls-files", "-z")).split("\0"))  # from the root
    return {path for path in paths if path not in tracked or f"{prefix}{path}" in changed}


def read_as_checked_out(root: str | os.PathLike[str], blobs: Mapping[str, str]) -> dict[str, bytes]:
    """Return texts as git would write them to files: with their line ends there, above all.

    `blobs` are ids by path from the root, as is what is returned. Raises GitError.
    """
    top = os.path.realpath(root)
    prefix = prefix_of(top)
    command = ("cat-file", "--filters")
    return {path: ask(top, *command, f"--path={prefix}{path}", blob) for path, blob in blobs.items()}

"""Asks git what a commit changes: which files, and what they held before."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from ssot_lint.files._commits import FILE, ids_of
from ssot_lint.files._git import GitError, ask

# `git merge` names what it merges to its hooks in variables of this name and a commit's id; at that time
# there is no MERGE_HEAD yet.
_MERGED = "GITHEAD_"


class Change(NamedTuple):
    """What became of one file since a commit."""

    blob: str  # the id of its text in that commit, "" where it was no file
    is_there: bool  # whether it is a file now


Changes = dict[str, Change]
"""Everything that differs from a commit, by path from the root; what lies outside begins with `../`."""


def changes_staged(root: str | os.PathLike[str]) -> list[Changes]:
    """Tell how what would be committed now differs from each of its parents.

    The first parent is HEAD, others are those of a merge; there is none before the first commit. Raises
    GitError.
    """
    top = os.path.realpath(root)
    merged = (name.removeprefix(_MERGED) for name in os.environ if name.startswith(_MERGED))
    parents = dict.fromkeys(filter(None, ids_of(top, ["HEAD", "MERGE_HEAD", *merged])))
    prefix = prefix_of(top) if parents else ""
    return [_read(ask(top, "diff-index", "--cached", *_AS_DATA, parent, "--"), prefix) for parent in parents]


def changes_between(root: str | os.PathLike[str], old: str, new: str) -> list[Changes]:
    """Tell how one commit differs from the point where another left its history. Raises GitError."""
    top = os.path.realpath(root)
    start, end = ids_of(top, [old, new])
    if not start or not end:
        raise GitError(f"git does not know the commit {new if start else old}")
    with suppress(GitError):  # they may have no history in common
        start = ask(top, "merge-base", start, end).decode().split()[0]
    return [_read(ask(top, "diff-tree", *_AS_DATA, start, end, "--"), prefix_of(top))]


def changed_since(root: str | os.PathLike[str], commit: str) -> frozenset[str]:
    """Return the paths of tracked files that are not what they were in a commit. Raises GitError."""
    top = os.path.realpath(root)
    output = ask(top, "diff", "--raw", "--no-abbrev", "--no-relative", *_AS_DATA, commit, "--")
    return frozenset(_read(output, prefix_of(top)))


_AS_DATA = ("-r", "-z", "--no-renames")


class Difference(NamedTuple):
    """What a commit made of one file."""

    status: str  # a letter, as git has it
    blob: str  # the id of its text, "" where it is no regular file any more


Edge = Mapping[str, Difference]
"""What differs between a parent and a commit, by path from the top of the repository."""


def differences(top: str, edges: Sequence[tuple[str, str]], names: Sequence[str] = ()) -> Iterator[Edge]:
    """Yield what differs for each pair of a commit and its parent, "" for none, in their order.

    `names` are pathspecs for what is wanted, none for everything. Raises GitError.
    """
    lines = "".join(f"{' '.join(filter(None, edge))}\n" for edge in edges).encode()
    command = ("diff-tree", "--stdin", "--always", "--root", *_AS_DATA, "--raw", "--")
    fields = iter(os.fsdecode(ask(top, *command, *names, stdin=lines)).split("\0"))
    next(fields)  # each commit is named before what it changes
    for _ in edges:
        edge: dict[str, Difference] = {}
        for head in fields:
            if not head.startswith(":"):
                break
            _, mode, _, blob, status = head.split(" ")
            edge[next(fields)] = Difference(status, blob if mode.startswith(FILE) else "")
        yield edge


def prefix_of(top: str) -> str:
    """Return the path from the top of the work tree to the root, "" or with `/` at its end."""
    return os.fsdecode(ask(top, "rev-parse", "--show-prefix")).removesuffix("\n")


def _read(output: bytes, prefix: str) -> Changes:
    """Read `:old-mode new-mode old-blob new-blob status`, path, and so on, with NUL bytes between."""
    fields = os.fsdecode(output).split("\0")
    found = {}
    for head, path in zip(fields[::2], fields[1::2]):
        old_mode, new_mode, blob, *_ = head[1:].split(" ")
        was_there, is_there = old_mode.startswith(FILE), new_mode.startswith(FILE)
        if was_there or is_there:
            found[from_root(path, prefix)] = Change(blob if was_there else "", is_there)
    return found


def from_root(path: str, prefix: str) -> str:
    """Return the path from the root of what lies at one from the top of the work tree; see `prefix_of`."""
    return path[len(prefix) :] if path.startswith(prefix) else posixpath.relpath(path, prefix)

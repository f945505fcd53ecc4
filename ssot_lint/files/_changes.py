"""Asks git what a commit changes: which files, and what they held before."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from ssot_lint.files._git import GitError, ask

# `git merge` names what it merges to its hooks in variables of this name and a commit's id; at that time
# there is no MERGE_HEAD yet.
_MERGED = "GITHEAD_"
_FILE = "100"  # the modes of regular files begin so


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
    parents = dict.fromkeys(filter(None, _commits(top, ["HEAD", "MERGE_HEAD", *merged])))
    prefix = _prefix(top) if parents else ""
    return [_read(ask(top, "diff-index", "--cached", *_AS_DATA, parent, "--"), prefix) for parent in parents]


def changes_between(root: str | os.PathLike[str], old: str, new: str) -> list[Changes]:
    """Tell how one commit differs from the point where another left its history. Raises GitError."""
    top = os.path.realpath(root)
    start, end = _commits(top, [old, new])
    if not start or not end:
        raise GitError(f"git does not know the commit {new if start else old}")
    with suppress(GitError):  # they may have no history in common
        start = ask(top, "merge-base", start, end).decode().split()[0]
    return [_read(ask(top, "diff-tree", *_AS_DATA, start, end, "--"), _prefix(top))]


def read_blobs(root: str | os.PathLike[str], blobs: Iterable[str]) -> dict[str, bytes]:
    """Return texts by the ids of their blobs, without those that the repository lacks. Raises GitError."""
    wanted = "".join(f"{blob}\n" for blob in blobs).encode()
    output = ask(os.path.realpath(root), "cat-file", "--batch", stdin=wanted)
    found = {}
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        blob, _, *size = output[position:end].decode().split(" ")  # or `id missing`
        position = end + 1
        if size:
            found[blob] = output[position : position + int(size[0])]
            position += int(size[0]) + 1
    return found


def read_folder(root: str | os.PathLike[str], commit: str, folder: str) -> dict[str, bytes]:
    """Return what the files of a folder held in a commit, by path from the root, none if it was not there.

    `commit` is any name that git has for it. Raises GitError.
    """
    top = os.path.realpath(root)
    (known,) = _commits(top, [commit])
    if not known:
        raise GitError(
            f"git knows no commit `{commit}`; `git fetch --unshallow` brings what a shallow clone lacks"
        )
    # In a folder of the work tree, git takes and gives paths from there.
    lines = os.fsdecode(ask(top, "ls-tree", "-r", "-z", known, "--", f"{folder}/")).split("\0")[:-1]
    heads = {path: head.split(" ") for head, _, path in (line.partition("\t") for line in lines)}
    blobs = {path: blob for path, (mode, _, blob) in heads.items() if mode.startswith(_FILE)}
    texts: dict[str, bytes] = {}
    with suppress(GitError):  # git before 2.44 fails, where a later one says what it lacks
        texts = read_blobs(top, dict.fromkeys(blobs.values()))
    for path, blob in blobs.items():
        if blob not in texts:
            raise GitError(
                f"git lacks `{path}` of the commit `{commit}`; `git fetch --refetch` brings all texts"
            )
    return {path: texts[blob] for path, blob in blobs.items()}


_AS_DATA = ("-r", "-z", "--no-renames")


def _commits(top: str, names: Sequence[str]) -> list[str]:
    """Return the ids of the commits that names mean, "" for names that mean none."""
    wanted = "".join(f"{name}^{{commit}}\n" for name in names)
    lines = ask(top, "cat-file", "--batch-check", stdin=os.fsencode(wanted)).splitlines()
    found = (line.decode(errors="replace").split(" ") for line in lines)
    return [words[0] if words[1] == "commit" else "" for words in found]


def _prefix(top: str) -> str:
    """Return the path from the top of the work tree to the root, "" or with `/` at its end."""
    return os.fsdecode(ask(top, "rev-parse", "--show-prefix")).removesuffix("\n")


def _read(output: bytes, prefix: str) -> Changes:
    """Read `:old-mode new-mode old-blob new-blob status`, path, and so on, with NUL bytes between."""
    fields = os.fsdecode(output).split("\0")
    found = {}
    for head, path in zip(fields[::2], fields[1::2]):
        old_mode, new_mode, blob, *_ = head[1:].split(" ")
        was_there, is_there = old_mode.startswith(_FILE), new_mode.startswith(_FILE)
        if was_there or is_there:
            found[_from_root(path, prefix)] = Change(blob if was_there else "", is_there)
    return found


def _from_root(path: str, prefix: str) -> str:
    return path[len(prefix) :] if path.startswith(prefix) else posixpath.relpath(path, prefix)

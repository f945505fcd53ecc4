"""Asks git what a commit holds, and where two histories part."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from ssot_lint.files._git import GitError, ask, is_shallow

FILE = "100"
"""The modes of regular files begin so."""


def fork_point(root: str | os.PathLike[str], name: str) -> str:
    """Return the id of the last commit that HEAD and another commit have in common.

    `name` is any that git has for the other. Raises GitError, also where a shallow clone does not reach
    back so far.
    """
    top = os.path.realpath(root)
    head, other = ids_of(top, ["HEAD", name])
    if not head:
        raise GitError("there is no commit yet")
    if not other:
        raise GitError(_unknown(name))
    with suppress(GitError):
        return ask(top, "merge-base", head, other).decode().split()[0]
    if is_shallow(top):
        raise GitError(
            f"this clone is shallow and does not reach back to where `{name}` and HEAD part; "
            "`git fetch --deepen=100` brings more of the history, `git fetch --unshallow` all of it"
        )
    raise GitError(f"`{name}` and HEAD have no history in common")


def files_in(root: str | os.PathLike[str], commit: str, paths: Iterable[str] = ()) -> dict[str, str]:
    """Return the files below a root in a commit, all or those at paths: the ids of their texts by path.

    Raises GitError.
    """
    top = os.path.realpath(root)
    return _blobs(top, commit, *paths)


def id_of(root: str | os.PathLike[str], name: str) -> str:
    """Return the id of the commit that a name means, "" where it means none. Raises GitError."""
    return ids_of(os.path.realpath(root), [name])[0]


def commits_that_changed(root: str | os.PathLike[str], folder: str) -> list[tuple[str, int]]:
    """Return the commits of HEAD's own line that changed anything in a folder, the newest first.

    With the id of each comes when it was committed, in seconds since 1970. A merge counts as one commit, on
    the day on which it brought its branch in. Raises GitError.
    """
    top = os.path.realpath(root)
    settings = ("--first-parent", "--no-show-signature", "--format=%H %ct")
    lines = ask(top, "log", *settings, "HEAD", "--", f":(literal){folder}").decode().splitlines()
    return [(commit, int(seconds)) for commit, seconds in (line.split(" ") for line in lines if line)]


def origin(root: str | os.PathLike[str]) -> str:
    """Return where the repository was cloned from, as its configuration says; "" where that is not known."""
    with suppress(GitError):
        return ask(os.path.realpath(root), "remote", "get-url", "origin").decode(errors="replace").strip()
    return ""


def last_commit(root: str | os.PathLike[str], path: str) -> str:
    """Return the id of the last commit that HEAD has of a file. Raises GitError."""
    top = os.path.realpath(root)
    return ask(top, "log", "-n", "1", "--format=%H", "HEAD", "--", f":(literal){path}").decode().strip()


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


def lacking(root: str | os.PathLike[str], blobs: Iterable[str], commits: Sequence[str]) -> frozenset[str]:
    """Return the ids of what the repository lacks of some blobs, which some commits hold. Raises GitError."""
    top = os.path.realpath(root)
    wanted = "".join(f"{blob}\n" for blob in blobs)
    try:
        lines = ask(top, "cat-file", "--batch-check", stdin=wanted.encode()).decode().splitlines()
    except GitError:  # git before 2.44 fails in a partial clone, where a later one says what it lacks
        settings = ("--objects", "--no-walk", "--missing=print", "--stdin")
        held = ask(top, "rev-list", *settings, stdin="".join(f"{each}\n" for each in commits).encode())
        absent = {line[1:] for line in held.decode(errors="replace").splitlines() if line.startswith("?")}
        return frozenset(absent.intersection(wanted.split()))
    return frozenset(line.removesuffix(" missing") for line in lines if line.endswith(" missing"))


def read_folder(root: str | os.PathLike[str], commit: str, folder: str) -> dict[str, bytes]:
    """Return what the files of a folder held in a commit, by path from the root, none if it was not there.

    `commit` is any name that git has for it. Raises GitError.
    """
    top = os.path.realpath(root)
    (known,) = ids_of(top, [commit])
    if not known:
        raise GitError(_unknown(commit))
    return _texts(top, commit, _blobs(top, known, f"{folder}/"))


def ids_of(top: str, names: Sequence[str]) -> list[str]:
    """Return the ids of the commits that names mean, "" for names that mean none."""
    # No name has the end of a line in it, and git would take what does for two.
    wanted = "".join(f"{'' if chr(10) in name else name}^{{commit}}\n" for name in names)
    lines = ask(top, "cat-file", "--batch-check", stdin=os.fsencode(wanted)).split(b"\n")[:-1]
    found = (line.decode(errors="replace").split(" ") for line in lines)
    return [words[0] if len(words) == 3 and words[1] == "commit" else "" for words in found]


def read_file(root: str | os.PathLike[str], commit: str, path: str) -> bytes | None:
    """Return what a file held in a commit, given by its id, None if there was none. Raises GitError."""
    top = os.path.realpath(root)
    blob = _blobs(top, commit, path).get(path)
    return _texts(top, commit, {path: blob})[path] if blob is not None else None


def _texts(top: str, commit: str, blobs: Mapping[str, str]) -> dict[str, bytes]:
    """Return texts by path, given the ids of the blobs that a commit has there. Raises GitError."""
    texts: dict[str, bytes] = {}
    with suppress(GitError):  # git before 2.44 fails, where a later one says what it lacks
        texts = read_blobs(top, dict.fromkeys(blobs.values()))
    for path, blob in blobs.items():
        if blob not in texts:
            raise GitError(
                f"git lacks `{path}` of the commit `{commit}`; `git fetch --refetch` brings all texts"
            )
    return {path: texts[blob] for path, blob in blobs.items()}


def _blobs(top: str, commit: str, *below: str) -> dict[str, str]:
    """Return the ids of texts by path from the top, of all files there or of some alone."""
    # In a folder of the work tree, git takes and gives paths from there.
    lines = os.fsdecode(ask(top, "ls-tree", "-r", "-z", commit, "--", *below)).split("\0")[:-1]
    entries = (line.partition("\t") for line in lines)  # `100644 blob ID`, and the path
    return {path: head.rpartition(" ")[2] for head, _, path in entries if head.startswith(FILE)}


def _unknown(commit: str) -> str:
    return (
        f"git knows no commit `{commit}`; `git fetch --unshallow` brings what a shallow clone lacks, "
        "`git fetch` what is new elsewhere"
    )

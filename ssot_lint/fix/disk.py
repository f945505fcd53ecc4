"""Puts bytes on the disk so that they stay there, where a path is proved to lead to nothing else."""

from __future__ import annotations

import errno
import hashlib
import os
import posixpath
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import NamedTuple, TypeVar

from ssot_lint.files import UsageError, read_bytes

T = TypeVar("T")

CHANGED = "was changed in the meantime"
_THREADS = 16
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class FixError(UsageError):
    """Files that cannot be fixed as things are; the text says what happened and what helps."""


class ElsewhereError(PermissionError):
    """A path from the root at which there is no file of the project: what is there must not be written."""

    def __init__(self, reason: str, path: str) -> None:
        super().__init__(errno.EACCES, reason, path)


class Text(NamedTuple):
    """Bytes that a file of the project is to have."""

    path: str  # from the root, with `/`
    data: bytes
    mode: int  # its permission bits
    before: str  # the digest of what it must have until then


def digest_of(data: bytes) -> str:
    """What stands for bytes in a journal: their SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def placed(root: str, path: str) -> str:
    """The absolute path of what lies at a path from the root, both free of links.

    Raises ElsewhereError where the path leaves the root or leads through a link: also one inside of the root,
    for what it leads to has a path of its own.
    """
    if posixpath.isabs(path) or posixpath.normpath(path) != path or path.split("/")[0] in ("", ".", ".."):
        raise ElsewhereError("lies outside of the project", path)
    top = os.path.realpath(root)
    target = os.path.join(top, *path.split("/"))
    if os.path.normcase(os.path.realpath(target)) != os.path.normcase(target):
        raise ElsewhereError("is reached through a link", path)
    return target


def read(root: str, path: str) -> tuple[bytes, os.stat_result]:
    """The content of a file at a path from the root, and its properties.

    Raises ElsewhereError where it is no regular file of the project, and OSError.
    """
    found = os.lstat(placed(root, path))
    if not stat.S_ISREG(found.st_mode):
        raise ElsewhereError("is not a regular file", path)
    return read_bytes(root, path), found


def may_be_written(root: str, path: str) -> bool:
    """Whether a file, which is there, and its folder let themselves be written."""
    target = placed(root, path)
    return os.access(target, os.W_OK) and os.access(os.path.dirname(target), os.W_OK | os.X_OK)


def write_new(target: str, data: bytes, mode: int = 0o666) -> None:
    """Writes a file that is not there yet, down to the disk; its folder has to be synced. Raises OSError."""
    descriptor = os.open(target, _NEW, mode)
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)


def write_whole(target: str, data: bytes) -> None:
    """Writes a file whole or not at all, as `write_new` does. Raises OSError."""
    draft = f"{target}.draft"
    try:
        write_new(draft, data)
        os.replace(draft, target)
    finally:
        with suppress(FileNotFoundError):  # it is in its place
            os.remove(draft)


def write_all(descriptor: int, data: bytes) -> None:
    """Writes bytes to an open file, down to the disk. Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def sync_folder(folder: str) -> None:
    """Makes the names in a folder stay, where the system has a way to. Raises OSError."""
    if os.name == "nt":
        return  # which opens no folders, and writes their names down by itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: str) -> None:
    """Makes a folder, and those that it lies in, if need be. Raises OSError."""
    if not os.path.isdir(folder):
        make_folder(os.path.dirname(folder))
        with suppress(FileExistsError):  # somebody else was faster
            os.mkdir(folder)
        sync_folder(os.path.dirname(folder))


def replace_all(root: str, texts: Sequence[Text]) -> None:
    """Gives files of the project new bytes, each of them whole or not at all.

    Everything is written beside the files first, so that a full disk is met before any of them changes; then
    each takes its place, unless its bytes are no longer those of before. Owner, permission bits and what
    else the system keeps of a file stay. Raises OSError, whose `filename` is the path from the root; some
    of the files are replaced then, and drafts may be left.
    """
    at_once(lambda text: _write_draft(root, text), texts)
    for text in texts:
        with _naming(text.path):
            target = placed(root, text.path)
            if digest_of(read(root, text.path)[0]) != text.before:
                raise OSError(errno.EBUSY, CHANGED)
            os.replace(_draft(target), target)
    for folder in sorted({posixpath.dirname(text.path) for text in texts}):
        with _naming(folder or "."):
            sync_folder(os.path.join(root, folder))


def remove_drafts(root: str, paths: Iterable[str]) -> None:
    """Removes what an interrupted `replace_all` left beside files. Raises OSError."""
    for path in paths:
        try:
            draft = _draft(placed(root, path))
        except ElsewhereError:
            continue  # where no draft of ours is
        if os.path.lexists(draft):  # a disk that is only read refuses to remove what is not there, too
            os.remove(draft)


def at_once(do: Callable[[T], object], items: Sequence[T]) -> None:
    """Does something with each item, in threads: a disk that syncs many files at once takes little longer."""
    with ThreadPoolExecutor(_THREADS) as executor:
        list(executor.map(do, items))  # raises what the first that failed has raised


def _write_draft(root: str, text: Text) -> None:
    with _naming(text.path):
        target = placed(root, text.path)
        draft = _draft(target)
        write_new(draft, text.data, 0o600)  # it may be as secret as its file
        _keep_owner(target, draft)
        shutil.copystat(target, draft)
        os.chmod(draft, text.mode)
        os.utime(draft)


def _keep_owner(target: str, draft: str) -> None:
    """Gives a draft the owner and the group of its file, who are others where root fixes files, say."""
    if os.name == "nt":
        return  # where the folder decides
    wanted, own = os.stat(target), os.stat(draft)
    if (wanted.st_uid, wanted.st_gid) != (own.st_uid, own.st_gid):
        os.chown(draft, wanted.st_uid, wanted.st_gid)


def _draft(target: str) -> str:
    """Where the new bytes of a file wait: a name that is found again, however long that of the file is."""
    folder, name = os.path.split(target)
    return os.path.join(folder, f".ssot-lint-{digest_of(os.fsencode(name))[:16]}")


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Lets an OSError be about a path from the root."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), path) from error

"""Reads files of a project without leaving its root and without waiting for anything but the disk."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

# Some systems lack some of these.
_OPEN_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


def read_bytes(root: str | os.PathLike[str], path: str, limit: int = -1) -> bytes:
    """Return the content of the regular file at `path` below `root`, or its first `limit` bytes.

    Links are followed inside of `root` only. Raises OSError, its subclasses as the system names them.
    """
    target = os.path.realpath(os.path.join(root, path))
    # A target below the root as given proves that the root is free of links, and spares resolving it.
    if (
        relative_path(os.fspath(root), target) is None
        and relative_path(os.path.realpath(root), target) is None
    ):
        raise PermissionError(errno.EACCES, "leads out of the project", path)
    # The target is free of links, so O_NOFOLLOW fails only if one takes its place this very moment.
    descriptor = os.open(target, _OPEN_FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", path)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(limit)
    finally:
        os.close(descriptor)


def replace_file(target: str, data: bytes) -> None:
    """Write a regular file whole or not at all; its folder is there. Raises OSError."""
    draft = os.path.join(os.path.dirname(target), f".ssot-lint-{os.urandom(8).hex()}")
    try:
        with open(draft, "xb") as file:
            file.write(data)
        os.replace(draft, target)
    finally:
        with suppress(FileNotFoundError):  # it is in its place
            os.remove(draft)


def relative_path(top: str, path: str) -> str | None:
    """Return the path from `top` to `path` with `/` as separator, or None; both absolute, without links."""
    if path == top:
        return ""
    prefix = os.path.join(top, "")
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None


def path_below(top: str, file: str) -> str | None:
    """Return the path from `top`, a folder without links, of an absolute one, or None where it is not below.

    The folders that lead to the file may be links; the file itself is taken for what it is called.
    """
    folder, name = os.path.split(file)
    return relative_path(top, os.path.join(os.path.realpath(folder), name))

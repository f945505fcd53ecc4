"""Reads and replaces the files below `.ssot-lint`, which are no links and never lie outside of the root."""

from __future__ import annotations

import os
import stat

from ssot_lint.baseline.error import BaselineError, TextError
from ssot_lint.files import read_bytes, replace_file

TOP = ".ssot-lint"


def is_there(root: str | os.PathLike[str]) -> bool:
    """Whether a project has the folder that all of them lie in. Raises BaselineError."""
    return _folder_is_there(root, TOP)


def read_file(root: str | os.PathLike[str], path: str) -> bytes | None:
    """The content of a file at a path from the root, None where there is none. Raises BaselineError."""
    try:
        if not _folder_is_there(root, os.path.dirname(path)):
            return None
        if stat.S_ISLNK(os.lstat(os.path.join(root, path)).st_mode):
            raise BaselineError(f"{path}: is a link, which is not followed; put the file itself there")
        return read_bytes(root, path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror or error}") from None


def names_in(root: str | os.PathLike[str], folder: str) -> list[str]:
    """What is in a folder at a path from the root, nothing where there is none. Raises BaselineError."""
    try:
        return sorted(os.listdir(os.path.join(root, folder))) if _folder_is_there(root, folder) else []
    except OSError as error:
        raise BaselineError(f"{folder}: cannot be read: {error.strerror or error}") from None


def replace(root: str | os.PathLike[str], path: str, data: bytes | None) -> None:
    """Writes a file whole or not at all, or removes it where the data is None. Raises BaselineError.

    The folders that it lies in are made if need be.
    """
    target = os.path.join(root, path)
    try:
        if data is None:
            os.remove(target)
            return
        if not _folder_is_there(root, os.path.dirname(path)):
            os.makedirs(os.path.dirname(target))
        replace_file(target, data)
    except OSError as error:
        raise BaselineError(f"{path}: cannot be written: {error.strerror or error}") from None


def decoded(content: bytes) -> str:
    """The text of a file. Raises TextError."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TextError(line, "expected text in UTF-8, found other bytes") from None


def damaged(path: str, error: TextError) -> BaselineError:
    """The error of a file whose text is not what it should be."""
    return BaselineError(
        f"{path}:{error.line}: {error}; `git log -p -- {path}` shows what happened, "
        f"`git checkout HEAD -- {path}` brings the last committed one back"
    )


def _folder_is_there(root: str | os.PathLike[str], folder: str) -> bool:
    """Whether a folder at a path from the root is there. Raises BaselineError where it is something else."""
    parts = folder.split("/")
    for number in range(1, len(parts) + 1):
        path = "/".join(parts[:number])
        try:
            mode = os.lstat(os.path.join(root, path)).st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode):
            what = "a link, which is not followed" if stat.S_ISLNK(mode) else "not a folder"
            raise BaselineError(f"{path}: is {what}; the baseline needs a folder there: `git log -- {path}`")
    return True

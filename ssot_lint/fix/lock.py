"""Lets one process at a time change the files of a project."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ssot_lint.fix.disk import FixError

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_OUT_OF_THE_WAY = 1 << 20  # the byte that Windows locks: what is locked there cannot be read


@contextmanager
def held(folder: str) -> Iterator[None]:
    """Holds the lock in a folder, given its absolute path; its file stays, and names who had it last.

    The system lets go of it when the process ends, however it ends, so there are no stale ones; processes
    that it has started do not have it. A process must not take the same one twice. Raises FixError at once
    where another process has it, and where it cannot be opened.
    """
    path = os.path.join(folder, "lock")
    try:
        descriptor = os.open(path, _FLAGS, 0o666)
    except OSError as error:
        raise FixError(f"{path}: cannot be opened: {error.strerror or error}") from None
    try:
        try:
            is_taken = _take(descriptor)
            owner = os.read(descriptor, 20).decode("ascii", "replace").strip()
            if is_taken:
                os.ftruncate(descriptor, 0)
                os.lseek(descriptor, 0, os.SEEK_SET)
                os.write(descriptor, f"{os.getpid()}\n".encode())
        except OSError as error:
            raise FixError(f"{path}: cannot be locked: {error.strerror or error}") from None
        if not is_taken:
            raise FixError(f"process {owner} is changing files of this project; wait until it is done")
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        os.lseek(descriptor, _OUT_OF_THE_WAY, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            # Unlike that of `flock`, this lock is not shared with workers that outlive a killed process.
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True

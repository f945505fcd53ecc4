"""What is remembered of changes to files, in `.ssot-lint/migrations`: enough to take each of them back.

Every migration (a run of `migrate`, of `check --fix`, of `restore --apply`, or one that takes another back)
has a folder, whose name, a number, is its id. `blobs/` has the old bytes of each file, named by their digest.
`journal.jsonl` says what happened, a JSON object to a line, and is only ever added to:

    {"event": "start", "version": 1, "time": ..., "title": ..., "undoes": ID or ""}
    {"event": "plan", "paths": [...]}
    {"event": "baseline", "failed": [...]}            verification of these failed before anything was changed
    {"event": "write", "batch": 1, "time": ..., "files": [{"path", "old", "new", "mode"}]}
    {"event": "commit", "batch": 1, "commit": ID in git or ""}
    {"event": "roll-back", "batch": 1, "reason": ..., "left": [...]}
    {"event": "failed", "path": ..., "stage": ..., "reason": ...}
    {"event": "end"}

`old` and `new` are SHA-256 digests, `mode` the permission bits, `time` is in UTC, and `left` has the files
that somebody else had changed in the meantime. A batch that was neither committed nor rolled back was
interrupted.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ssot_lint.files import read_bytes, replace_file
from ssot_lint.fix import disk
from ssot_lint.fix.disk import FixError
from ssot_lint.fix.journal_lines import OPEN, VERSION, Batch, Migration, Written, after

FOLDER = ".ssot-lint/migrations"
_IGNORE = b"# made by ssot-lint: what takes its changes back, for as long as you keep it\n*\n"
_FILE = "journal.jsonl"


class Journal:
    """The journal of a migration that goes on; its folder is made when there is something to say."""

    def __init__(self, root: str, migration_id: str, title: str, undoes: str = "") -> None:
        self.root = root
        self.id = migration_id
        self.open: Batch | None = None  # neither committed nor rolled back
        self.notes: list[str] = []  # what the user should know, a line each
        self._next = 1
        self._start = {"event": "start", "version": VERSION, "time": _now(), "title": title, "undoes": undoes}

    def keep(self, contents: Sequence[bytes]) -> list[str]:
        """Stores bytes, down to the disk, and returns their digests. Raises FixError."""
        digests = list(map(disk.digest_of, contents))
        with _writing():
            self._begin()
            folder = os.path.join(_folder(self.root, self.id), "blobs")
            disk.make_folder(folder)
            blobs = {os.path.join(folder, digest): data for digest, data in zip(digests, contents)}
            missing = [item for item in blobs.items() if not os.path.exists(item[0])]
            disk.at_once(lambda item: disk.write_whole(*item), missing)
            disk.sync_folder(folder)
        return digests

    def start_batch(self, files: Sequence[Written]) -> Batch:
        """Says that files are about to be changed. Raises FixError."""
        batch = Batch(self._next, _now(), tuple(files))
        self.say("write", batch=batch.number, time=batch.time, files=[file._asdict() for file in batch.files])
        self.open = batch
        self._next += 1
        return batch

    def commit_batch(self, batch: Batch, commit: str = "") -> None:
        """Says that a batch is as it should be; from then on it stays. Raises FixError."""
        self.say("commit", batch=batch.number, commit=commit)
        self.open = None

    def end_batch(self, batch: Batch, reason: str, left: Sequence[str]) -> None:
        """Says that the files of a batch have their old bytes again, but for those left. Raises FixError."""
        self.say("roll-back", batch=batch.number, reason=reason, left=list(left))
        self.open = None

    def say(self, event: str, **details: Any) -> None:
        """Adds a line, down to the disk. Raises FixError."""
        with _writing():
            self._begin()
            _append(self.root, self.id, {"event": event, **details})

    def _begin(self) -> None:
        if self._start:
            folder = _folder(self.root, self.id)
            disk.make_folder(folder)
            disk.write_whole(os.path.join(folder, _FILE), _line(self._start))
            disk.sync_folder(folder)
            self._start = {}


def prepare(root: str) -> str:
    """Makes the folder of all journals, which git is told to ignore; returns its path. Raises FixError."""
    try:
        folder = disk.placed(root, FOLDER)
        disk.make_folder(folder)
        ignore = os.path.join(folder, ".gitignore")
        if not os.path.lexists(ignore):
            replace_file(ignore, _IGNORE)
    except OSError as error:
        raise FixError(
            f"{FOLDER}: {error.strerror or error}; fixes need it to be able to take them back"
        ) from None
    return folder


def ids(root: str) -> list[str]:
    """The ids of all migrations, in their order. Raises FixError."""
    try:
        names = os.listdir(disk.placed(root, FOLDER))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FixError(f"{FOLDER}: cannot be read: {error.strerror or error}") from None
    return sorted((name for name in names if name.isascii() and name.isdigit()), key=int)


def next_id(root: str) -> str:
    """The id of the migration that comes. Raises FixError."""
    return str(max(map(int, ids(root)), default=0) + 1)


def read(root: str, migration_id: str) -> Migration | None:
    """What the journal of a migration says, None where it was killed before it said anything.

    Raises FixError where there is none of that id, and where it is damaged.
    """
    path = f"{FOLDER}/{migration_id}/{_FILE}"
    if migration_id not in ids(root):
        raise FixError(f"there is no migration {migration_id}; `ssot-lint migrate log` lists them")
    try:
        lines = read_bytes(root, path).split(b"\n")[:-1]  # what no newline ends was not written to its end
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FixError(f"{path}: cannot be read: {error.strerror or error}") from None
    known = None
    for number, line in enumerate(lines, 1):
        try:
            known = after(known, migration_id, json.loads(line))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise FixError(
                f"{path}:{number}: is not what this version of ssot-lint writes; use the one that wrote it, "
                f"or remove {FOLDER}/{migration_id}, with which its changes can no longer be taken back"
            ) from None
    return known


def kept(root: str, migration_id: str, digest: str) -> bytes:
    """Bytes that a migration has stored. Raises OSError, also where they are damaged."""
    path = f"{FOLDER}/{migration_id}/blobs/{digest}"
    data = read_bytes(root, path)
    if disk.digest_of(data) != digest:
        raise OSError(errno.EIO, "is damaged", path)
    return data


def end_interrupted(root: str, migration_id: str, batch: Batch, left: Sequence[str]) -> None:
    """Says in the journal of a migration that was killed that a batch is rolled back. Raises FixError."""
    line = {"event": "roll-back", "batch": batch.number, "reason": "was interrupted", "left": list(left)}
    with _writing():
        _append(root, migration_id, line)


def interrupted(root: str) -> Iterator[tuple[str, Batch]]:
    """The batches that were neither committed nor rolled back, with the ids of their migrations.

    Raises FixError where a journal is damaged.
    """
    for each in ids(root):
        known = read(root, each)
        for batch in known.batches if known else ():
            if batch.state == OPEN:
                yield each, batch


def _append(root: str, migration_id: str, line: dict[str, Any]) -> None:
    """Adds a line, in place of a last one that was not written to its end."""
    path = os.path.join(_folder(root, migration_id), _FILE)
    with open(path, "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        if file.read(1) != b"\n":
            file.seek(0)
            size = file.truncate(file.readall().rfind(b"\n") + 1)
        file.seek(size)
        try:
            disk.write_all(file.fileno(), _line(line))
        except OSError:
            file.truncate(size)  # so that nobody reads what its writer takes for unsaid
            raise


@contextmanager
def _writing() -> Iterator[None]:
    """Says where what failed was to be written. Raises FixError."""
    try:
        yield
    except OSError as error:
        raise FixError(f"{FOLDER}: cannot be written: {error.strerror or error}") from None


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"


def _folder(root: str, migration_id: str) -> str:
    return disk.placed(root, f"{FOLDER}/{migration_id}")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

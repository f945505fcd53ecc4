"""Changes many files at once, or none of them, in a way that survives a kill at any moment.

    with started(root, "check --fix") as journal:
        batch = apply(journal, changes)
        commit(journal, batch)               # or roll_back(journal, batch, reason)

Before the first byte of a file changes, the old bytes of all of them are in a journal on the disk, so what is
neither committed nor rolled back when the process ends is put back at the next start. See `journal`.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from ssot_lint.fix import disk, journal
from ssot_lint.fix.disk import CHANGED, ElsewhereError, FixError, Text, digest_of
from ssot_lint.fix.journal import Journal
from ssot_lint.fix.journal_lines import Batch, Written
from ssot_lint.fix.lock import held


class Change(NamedTuple):
    """New bytes for a file."""

    path: str  # from the root, with `/`
    before: bytes  # what it had when the change was computed
    after: bytes


class Refusal(NamedTuple):
    """A file that is not written, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class UnwritableError(FixError):
    """Files that must not be written; nothing was."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("\n".join(map(str, refusals)))
        self.refusals = tuple(refusals)


class Recovered(NamedTuple):
    """An interrupted batch that was rolled back."""

    migration_id: str
    batch: int
    restored: tuple[str, ...]  # files that have their old bytes again
    left: tuple[Refusal, ...]  # files that do not

    def __str__(self) -> str:
        text = f"migration {self.migration_id} was interrupted: {len(self.restored)} files were put back"
        return "\n".join((text, *map(str, self.left)))


@contextmanager
def started(root: str | os.PathLike[str], title: str, undoes: str = "") -> Iterator[Journal]:
    """The journal of a new migration, given the root of the project and what is done.

    No other process can start one until the context ends. A batch that is open then is rolled back. Raises
    FixError where another process has not finished, and where one that was killed has to be recovered: call
    `recover` first, and tell the user what it did.
    """
    top = os.path.realpath(root)
    with held(journal.prepare(top)):
        for interrupted, _ in journal.interrupted(top):
            raise FixError(f"migration {interrupted} was interrupted; run this again")
        own = Journal(top, journal.next_id(top), title, undoes)
        try:
            yield own
        finally:
            if own.open:
                roll_back(own, own.open, "was stopped")


def recover(root: str | os.PathLike[str]) -> list[Recovered]:
    """Rolls back what a killed process has left; call it before `started`, and before files are read.

    Can itself be killed at any moment. Raises FixError, also where files cannot be put back: it tries again
    at the next call.
    """
    top = os.path.realpath(root)
    if not journal.ids(top):
        return []
    with held(journal.prepare(top)):
        done = []
        for migration_id, batch in list(journal.interrupted(top)):
            restored, left = _put_back(top, migration_id, batch)
            journal.end_interrupted(top, migration_id, batch, [refusal.path for refusal in left])
            done.append(Recovered(migration_id, batch.number, restored, left))
        return done


def apply(own: Journal, changes: Sequence[Change]) -> Batch:
    """Writes changes of files; the batch is open until it is committed or rolled back.

    Raises UnwritableError, before anything is written, where a path leads out of the root or through a link,
    or what is there is no regular file, was changed or may not be written. Raises FixError where writing
    fails (a full disk, say), when all files have their old bytes again.
    """
    if own.open:
        raise ValueError("a batch has to be ended before the next")
    properties = _properties(own.root, changes)
    own.notes += (
        f"{path}: has {found.st_nlink - 1} more names (hard links), which keep the old text"
        for path, found in properties.items()
        if found.st_nlink > 1
    )
    digests = own.keep([change.before for change in changes])
    files = [
        Written(change.path, old, digest_of(change.after), stat.S_IMODE(properties[change.path].st_mode))
        for change, old in zip(changes, digests)
    ]
    batch = own.start_batch(files)
    try:
        disk.replace_all(
            own.root,
            [Text(file.path, change.after, file.mode, file.old) for file, change in zip(files, changes)],
        )
    except OSError as error:
        reason = f"{error.filename}: cannot be written: {error.strerror}"
        left = roll_back(own, batch, reason)
        raise FixError("\n".join((f"{reason}; nothing was changed", *map(str, left)))) from None
    return batch


def commit(own: Journal, batch: Batch, revision: str = "") -> None:
    """Lets a batch stay; `revision` is its commit in git. Raises FixError."""
    own.commit_batch(batch, revision)


def roll_back(own: Journal, batch: Batch, reason: str) -> tuple[Refusal, ...]:
    """Gives files their old bytes again, and returns those that somebody else has changed, which are left.

    Raises FixError where a file cannot be written; `recover` tries again.
    """
    _, left = _put_back(own.root, own.id, batch)
    own.end_batch(batch, reason, [refusal.path for refusal in left])
    return left


def written_since(own: Journal, batch: Batch) -> list[Refusal]:
    """The files of an open batch that no longer have the bytes that it gave them. Raises FixError."""
    changed = []
    for file in batch.files:
        try:
            digest, reason = _found(own.root, file.path)
        except OSError as error:
            raise FixError(f"{file.path}: cannot be read: {error.strerror or error}") from None
        if digest != file.new:
            changed.append(Refusal(file.path, reason or CHANGED))
    return changed


def _put_back(root: str, migration_id: str, batch: Batch) -> tuple[tuple[str, ...], tuple[Refusal, ...]]:
    """Gives files of a batch their old bytes again; returns those that have them, and those left.

    Only what has the new bytes is written. Raises FixError.
    """
    texts, restored, left = [], [], []
    try:
        disk.remove_drafts(root, (file.path for file in batch.files))
        for file in batch.files:
            digest, reason = _found(root, file.path)
            if digest == file.new != file.old:
                data = journal.kept(root, migration_id, file.old)
                texts.append(Text(file.path, data, file.mode, file.new))
            if digest in (file.new, file.old):
                restored.append(file.path)
            else:
                left.append(Refusal(file.path, reason or CHANGED))
        disk.replace_all(root, texts)
    except OSError as error:
        raise FixError(
            f"{error.filename}: cannot be put back: {error.strerror}; see to it and run this again: "
            f"the old bytes are in {journal.FOLDER}/{migration_id}/blobs"
        ) from None
    return tuple(restored), tuple(left)


def _found(root: str, path: str) -> tuple[str, str]:
    """The digest of the file at a path, or "" and why there is none any more. Raises OSError."""
    try:
        return digest_of(disk.read(root, path)[0]), ""
    except (ElsewhereError, FileNotFoundError, NotADirectoryError) as error:
        return "", str(error.strerror)


def _properties(root: str, changes: Sequence[Change]) -> dict[str, os.stat_result]:
    """What the system knows of files, by path. Raises UnwritableError unless all of them may be written."""
    properties, refusals = {}, []
    times = Counter(change.path for change in changes)
    for change in changes:
        try:
            data, properties[change.path] = disk.read(root, change.path)
            if data != change.before:
                reason = CHANGED
            elif times[change.path] > 1:
                reason = "is changed twice at once"
            else:
                reason = "" if disk.may_be_written(root, change.path) else "may not be written"
        except OSError as error:
            reason = error.strerror or str(error)
        if reason:
            refusals.append(Refusal(change.path, reason))
    if refusals:
        raise UnwritableError(refusals)
    return properties

"""What migrations have done to a project, and how to take it back."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.fix import disk, journal
from ssot_lint.fix.disk import CHANGED, digest_of
from ssot_lint.fix.journal import Journal
from ssot_lint.fix.journal_lines import COMMITTED, Migration, Written
from ssot_lint.fix.transaction import Change, Refusal, UnwritableError, apply, commit, started

MIGRATED = "migrated"
AS_BEFORE = "as before"


class RolledBack(NamedTuple):
    """What became of the files of a migration that was to be taken back; the paths are from the root."""

    id: str  # of the migration that did it, "" where there was nothing to do
    restored: tuple[str, ...]  # files that have their old bytes again
    already: tuple[str, ...]  # files that had them
    refused: tuple[Refusal, ...]  # files that were left as they are


def log(root: str | os.PathLike[str]) -> list[Migration]:
    """All migrations of a project, the oldest first. Raises FixError where a journal is damaged."""
    top = os.path.realpath(root)
    found = (journal.read(top, each) for each in journal.ids(top))
    return [migration for migration in found if migration]


def written_by(migration: Migration, batch: int | None = None) -> dict[str, Written]:
    """The files that a migration has changed, by path, as before its first batch and after its last.

    With the number of a batch, those that it has changed.
    """
    files: dict[str, Written] = {}
    for each in migration.batches:
        if each.state == COMMITTED and batch in (None, each.number):
            for file in each.files:
                first = files.get(file.path, file)
                files[file.path] = file._replace(old=first.old, mode=first.mode)
    return files


def status(root: str | os.PathLike[str], migration: Migration) -> Mapping[str, str]:
    """How the files that a migration has changed are now, by path.

    MIGRATED where they are as it left them, AS_BEFORE where they are as it found them, else what happened.
    """
    return {path: _state(os.path.realpath(root), file)[0] for path, file in written_by(migration).items()}


def roll_back_migration(
    root: str | os.PathLike[str],
    migration_id: str,
    paths: Collection[str] | None = None,
    *,
    batch: int | None = None,
    force: bool = False,
) -> RolledBack:
    """Gives files of a migration, or of one batch of it, the bytes from before: all, or those at the paths.

    Files that were changed since are refused, unless they are there and it is forced. This is a migration of
    its own, and can itself be taken back. Raises FixError, when nothing has changed.
    """
    top = os.path.realpath(root)
    with started(top, f"roll back migration {migration_id}", undoes=migration_id) as own:
        migration = journal.read(top, migration_id)
        files = written_by(migration, batch) if migration else {}
        wanted = sorted(files if paths is None else set(paths))
        changes: list[Change] = []
        refused: list[Refusal] = []
        for path in wanted:
            if path not in files:
                refused.append(Refusal(path, f"was not changed by migration {migration_id}"))
                continue
            backward = _backward(top, migration_id, files[path], force)
            if isinstance(backward, Change):
                changes.append(backward)
            elif backward:
                refused.append(backward)
        refused += _apply_writable(own, changes)
    not_restored = {refusal.path for refusal in refused}
    restored = tuple(change.path for change in changes if change.path not in not_restored)
    already = tuple(path for path in wanted if path not in not_restored.union(restored))
    return RolledBack(own.id if restored else "", restored, already, tuple(refused))


def _backward(root: str, migration_id: str, file: Written, force: bool) -> Change | Refusal | None:
    """What gives a file its old bytes again, or why it must not have them; None where it has them."""
    state, data = _state(root, file)
    if state == AS_BEFORE:
        return None
    if data is None or (state != MIGRATED and not force):
        return Refusal(file.path, state)
    try:
        return Change(file.path, data, journal.kept(root, migration_id, file.old))
    except OSError as error:
        return Refusal(file.path, f"{error.filename}: {error.strerror or error}")


def _apply_writable(own: Journal, changes: Sequence[Change]) -> list[Refusal]:
    """Makes all changes for good that may be made, and returns why the others may not."""
    refused: list[Refusal] = []
    while changes:
        try:
            commit(own, apply(own, changes))
            break
        except UnwritableError as error:
            refused += error.refusals
            unwritable = {refusal.path for refusal in error.refusals}
            changes = [change for change in changes if change.path not in unwritable]
    return refused


def _state(root: str, file: Written) -> tuple[str, bytes | None]:
    """How a file is now, and its bytes, None where it cannot be read."""
    try:
        data, _ = disk.read(root, file.path)
    except OSError as error:
        return error.strerror or str(error), None
    states = {file.new: MIGRATED, file.old: AS_BEFORE}
    return states.get(digest_of(data), CHANGED), data

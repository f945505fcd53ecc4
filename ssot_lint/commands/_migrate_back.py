"""What `ssot-lint migrate status`, `log` and `rollback` do."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from ssot_lint.commands import _migrate_texts as texts
from ssot_lint.commands import _work, say
from ssot_lint.commands._fixing import recovered
from ssot_lint.config import load
from ssot_lint.files import UsageError
from ssot_lint.fix import history
from ssot_lint.fix.journal_lines import Migration
from ssot_lint.fix.transaction import Refusal

_LEFT = 1


def status(args: argparse.Namespace) -> int:
    """Print how the files of a migration are now; return the exit code. Raises UsageError."""
    root = load(args.config, Path.cwd()).root
    known = _known(history.log(root), args.id)
    files = history.status(root, known) if known else {}
    if args.format == "json":
        print(texts.status_document(known, files))
    else:
        for line in texts.status(known, files) if known else (texts.NOTHING,):
            print(line)
    return 0


def log(args: argparse.Namespace) -> int:
    """Print what migrations there were; return the exit code. Raises UsageError."""
    root = load(args.config, Path.cwd()).root
    all_of_them = history.log(root)
    if args.format == "json":
        print(texts.log_document(all_of_them))
    else:
        for line in texts.log(all_of_them):
            print(line)
    return 0


def rollback(args: argparse.Namespace) -> int:
    """Give files their old bytes again, say what became of them, and return the exit code.

    Raises UsageError.
    """
    config = load(args.config, Path.cwd())
    root = config.root
    for line in recovered(config):
        say(f"note: {line}")
    paths = [_work.below(root, name) for name in args.files] or None
    refused: list[Refusal] = []
    by_id: dict[str, list[str] | None] = {}
    if args.id is None and paths is not None:
        by_id, refused = _by_migration(root, paths)
    elif args.id is None:
        by_id = {known.id: None for known in islice(_not_taken_back(root), 1)}
    else:
        by_id = {args.id: paths}
    if not by_id and not refused:
        print(texts.NOTHING_LEFT)
        return 0
    for migration_id, of_it in by_id.items():
        done = history.roll_back_migration(root, migration_id, of_it, force=args.force)
        refused += done.refused
        for line in texts.rolled_back(migration_id, done):
            print(line)
    for refusal in refused:
        print(texts.refused(refusal))
    return _LEFT if refused else 0


def _by_migration(root: Path, paths: Sequence[str]) -> tuple[dict[str, list[str] | None], list[Refusal]]:
    """Which migration is to be taken back for each of some files: the last that has changed it."""
    by_id: dict[str, list[str] | None] = {}
    left = dict.fromkeys(paths)
    for known in _not_taken_back(root):
        of_it = [path for path, state in history.status(root, known).items() if _may_go_back(state)]
        found = [path for path in left if path in of_it]
        if found:
            by_id[known.id] = found
        left = dict.fromkeys(path for path in left if path not in found)
    return by_id, [Refusal(path, "no migration has changed it that is not taken back") for path in left]


def _not_taken_back(root: Path) -> Iterator[Migration]:
    """The migrations that have changed files which are not as before, the newest first."""
    for known in reversed(history.log(root)):
        if not known.undoes and any(map(_may_go_back, history.status(root, known).values())):
            yield known


def _may_go_back(state: str) -> bool:
    return state != history.AS_BEFORE


def _known(migrations: Sequence[Migration], migration_id: str | None) -> Migration | None:
    """The migration of an id, else the last that does not take another back. Raises UsageError."""
    if migration_id is None:
        return next((each for each in reversed(migrations) if not each.undoes), None)
    for each in migrations:
        if each.id == migration_id:
            return each
    raise UsageError(f"there is no migration {migration_id}; `ssot-lint migrate log` lists them")

"""Carries facts from one store to another in a file, so that several machines can make one store."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from ssot_lint.facts.model import FACTS_VERSION
from ssot_lint.facts.store import Row, Store

_ID = int.from_bytes(b"SSOT", "big")  # in the file's header, where `file` and SQLite look for it
_VERSION = FACTS_VERSION * 100 + sys.version_info.minor
_TABLE = "facts (digest TEXT PRIMARY KEY, outline BLOB, details BLOB, bodies BLOB) WITHOUT ROWID"
_ROWS = 500  # in memory at once


class PartError(Exception):
    """A file is no part that can be merged here."""


def write_part(path: str | os.PathLike[str], store: Store, digests: Iterable[str]) -> int:
    """Writes the facts that a store has of some texts to a new file; returns the number of texts.

    A file that is there is replaced, once all is written. Raises OSError and sqlite3.Error.
    """
    target = Path(os.path.realpath(path))
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(
                f"PRAGMA application_id = {_ID}; PRAGMA user_version = {_VERSION}; CREATE TABLE {_TABLE}"
            )
            connection.executemany("INSERT INTO facts VALUES (?, ?, ?, ?)", _rows_of(store, digests))
            connection.commit()
            (number,) = connection.execute("SELECT count(*) FROM facts").fetchone()
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return int(number)


def merge_part(path: str | os.PathLike[str], store: Store) -> int:
    """Adds the facts in a file to a store; returns the number of texts. Raises PartError."""
    number = 0
    try:
        with closing(sqlite3.connect(f"file:{quote(os.fspath(path))}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            _refuse_others(connection)
            rows = connection.execute("SELECT digest, outline, details, bodies FROM facts ORDER BY digest")
            while some := list(islice(rows, _ROWS)):
                store.add(some)
                number += len(some)
    except sqlite3.Error as error:
        raise PartError(f"cannot be read ({error})") from None
    return number


def _rows_of(store: Store, digests: Iterable[str]) -> Iterator[Row]:
    wanted = iter(sorted(set(digests)))
    while some := list(islice(wanted, _ROWS)):
        details, bodies = dict(store.details(some)), dict(store.bodies(some))
        for digest, outline in sorted(store.outlines(some)):
            if digest in details and digest in bodies:
                yield digest, outline, details[digest], bodies[digest]


def _refuse_others(connection: sqlite3.Connection) -> None:
    """Raises PartError for a file that something else made, or another version."""
    (made_by,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if made_by != _ID:
        raise PartError("was not made by `ssot-lint facts --shard`")
    if version != _VERSION:
        facts, minor = divmod(version, 100)
        raise PartError(
            f"holds facts {facts} of Python 3.{minor}, here it is {FACTS_VERSION} of "
            f"Python 3.{sys.version_info.minor}: both must be the same"
        )

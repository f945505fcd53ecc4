"""Opens the SQLite file of a store, with the tables of today."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

PARTS = ("outlines", "details", "bodies")
"""The tables that hold the facts of texts."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outlines (digest TEXT PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS details (digest TEXT PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS bodies (digest TEXT PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, number INTEGER NOT NULL, blob BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tallies (key TEXT PRIMARY KEY, number INTEGER NOT NULL, blob BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS summaries (key TEXT PRIMARY KEY, number INTEGER NOT NULL, blob BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS stamps (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, changed INTEGER,
    digest TEXT) WITHOUT ROWID;
"""
_COLUMNS = (
    *(f"SELECT digest, blob FROM {part} LIMIT 0" for part in PARTS),
    *(f"SELECT key, number, blob FROM {kept} LIMIT 0" for kept in ("runs", "tallies", "summaries")),
    "SELECT path, size, modified, changed, digest FROM stamps LIMIT 0",
)
_PATIENCE = 30  # seconds to wait for another process


def connect(path: Path) -> sqlite3.Connection:
    """Opens a file to read and write; makes it and its tables where there are none. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        _begin_log(connection)
        connection.execute("PRAGMA synchronous = OFF")  # what a crash loses is a miss
        connection.executescript(_SCHEMA)
        _check_columns(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Opens a file that cannot be written, and so does not change. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"file:{uri(path)}?mode=ro&immutable=1", uri=True)
    try:
        _check_columns(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin_log(connection: sqlite3.Connection) -> None:
    """Makes the file keep a write-ahead log, as soon as no other process is about to do the same."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite itself does not wait here, lest two processes wait for each other.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _check_columns(connection: sqlite3.Connection) -> None:
    """Raises DatabaseError where the tables are not those of today."""
    try:
        for statement in _COLUMNS:
            connection.execute(statement)
    except sqlite3.OperationalError as error:
        if "no such column" not in str(error):
            raise
        raise sqlite3.DatabaseError(str(error)) from None


def uri(path: Path) -> str:
    """A path as a part of the address that SQLite opens a file by."""
    from urllib.parse import quote

    return quote(os.fspath(path))

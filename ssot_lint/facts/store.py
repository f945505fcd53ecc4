"""Keeps facts in one SQLite file, by the digest of the text, and what runs found.

Whatever goes wrong with it is a miss.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ssot_lint.facts import database
from ssot_lint.facts.model import FACTS_VERSION

FOLDER = ".ssot-lint-cache"
_IGNORE = b"# made by ssot-lint: facts about the sources, safe to delete\n*\n"
_MOST_VARIABLES = 900  # SQLite before 3.32 takes no more in one statement
_MOST_RUNS = 8  # of which is kept what they found: those of a few hooks and of the command
_MOST_TALLIES = 500  # of commits
_MOST_SUMMARIES = 60  # several for each configuration of late

Row = tuple[str, bytes, bytes, bytes]
"""A digest, the outline, the details and the bodies."""


def cache_path(root: str | os.PathLike[str]) -> Path:
    """The store of a project, given its root; one for each version of the facts and of Python."""
    name = f"facts-{FACTS_VERSION}-{sys.version_info.major}.{sys.version_info.minor}.sqlite"
    return Path(root) / FOLDER / name


def clear(root: str | os.PathLike[str]) -> int:
    """Deletes the stores of a project, of every version; returns the number of bytes freed."""
    freed = 0
    for path in sorted((Path(root) / FOLDER).glob("facts-*")):
        with suppress(FileNotFoundError):
            freed += path.stat().st_size
            path.unlink()
    return freed


def stats(root: str | os.PathLike[str]) -> Mapping[str, int]:
    """The number of texts in a project's store, and its size in bytes; nothing is created."""
    path = cache_path(root)
    if not path.exists():
        return {"texts": 0, "bytes": 0}
    try:
        with closing(sqlite3.connect(f"file:{database.uri(path)}?mode=ro", uri=True)) as connection:
            (texts,) = connection.execute("SELECT count(*) FROM outlines").fetchone()
    except sqlite3.Error:
        texts = 0
    return {"texts": texts, "bytes": path.stat().st_size}


@contextmanager
def opened(root: str | os.PathLike[str]) -> Iterator[Store]:
    """The store of a project for as long as the context lasts, given its root."""
    store = Store(root)
    try:
        yield store
    finally:
        store.close()


class Store:
    """The facts of a project's texts on disk.

    Safe with several processes at once. A store that is damaged is made anew, one that cannot be
    written is only read, and one that cannot be opened holds nothing: `note` then says so.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.path = cache_path(root)
        self.note = ""
        self._connection: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._carried: sqlite3.Connection | None = None  # over a fork; it is kept so that it stays open
        self._is_written = True
        self._open()

    def _open(self) -> None:
        try:
            make_folder(self.path.parent)
            self._connection = database.connect(self.path)
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                self._rebuild()
            else:
                self._open_read_only(error)

    def _open_read_only(self, error: Exception) -> None:
        self._is_written = False
        self.note = f"the cache {FOLDER} cannot be written ({error}); it is only read"
        try:
            self._connection = database.connect_to_read(self.path)
        except sqlite3.Error:
            self.note = f"there is no cache: {FOLDER} cannot be written ({error})"

    def _rebuild(self) -> None:
        self.close()
        if not self._is_written or self._carried is not None:  # the parent makes it anew for all its workers
            self.note = "there is no cache: it is damaged and cannot be made anew"
            return
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                os.unlink(f"{self.path}{suffix}")
        try:
            self._connection = database.connect(self.path)
            self.note = "the cache was damaged and is made anew"
        except sqlite3.Error as error:
            self.note = f"there is no cache: it was damaged and cannot be made anew ({error})"

    def close(self) -> None:
        """Closes the file; the store then holds nothing."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _own_connection(self) -> sqlite3.Connection | None:
        """The connection of this process; a forked one opens its own.

        SQLite forbids to use, and even to close, one that was carried over a fork: it would drop the locks
        of the process that opened it (https://www.sqlite.org/howtocorrupt.html, section 2.6).
        """
        if self._process != os.getpid():
            self._process = os.getpid()
            self._carried = self._connection
            self._connection = None
            self._open()
        return self._connection

    def outlines(self, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The digests that the store knows, each with its outline."""
        return self._select("outlines", digests)

    def known(self, digests: Iterable[str]) -> Iterator[str]:
        """Those of some digests that the store knows."""
        return (digest for digest, _ in self._select("outlines", digests, "digest"))

    def details(self, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The digests that the store knows, each with its details."""
        return self._select("details", digests)

    def bodies(self, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The digests that the store knows, each with its bodies."""
        return self._select("bodies", digests)

    def _select(self, part: str, digests: Iterable[str], column: str = "blob") -> Iterator[tuple[str, bytes]]:
        wanted = list(digests)
        for start in range(0, len(wanted), _MOST_VARIABLES):
            some = wanted[start : start + _MOST_VARIABLES]
            marks = ",".join("?" * len(some))
            yield from self._rows(f"SELECT digest, {column} FROM {part} WHERE digest IN ({marks})", some)

    def _rows(self, statement: str, values: list[str]) -> list[tuple[str, bytes]]:
        connection = self._own_connection()
        if connection is None:
            return []
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            self.note = f"the cache could not be read ({error})"
        except sqlite3.DatabaseError:
            self._rebuild()
        return []

    def add(self, rows: Iterable[Row]) -> bool:
        """Adds facts in one transaction, and tells whether it has them; what cannot be written is noted."""
        return self._write(
            (f"INSERT OR REPLACE INTO {part} VALUES (?, ?)", (digest, blob))
            for digest, *blobs in rows
            for part, blob in zip(database.PARTS, blobs)
        )

    def run(self, key: str) -> bytes | None:
        """What a run found, by the key of everything that it depends on."""
        return self._recall("runs", key)

    def remember_run(self, key: str, blob: bytes) -> None:
        """Keeps what a run found, and forgets all but the last few."""
        self._remember("runs", key, blob, _MOST_RUNS)

    def tally(self, key: str) -> bytes | None:
        """How much was found in a commit, by the key of everything that it depends on."""
        return self._recall("tallies", key)

    def remember_tally(self, key: str, blob: bytes) -> None:
        """Keeps how much was found in a commit, and forgets all but the last few hundred."""
        self._remember("tallies", key, blob, _MOST_TALLIES)

    def summary(self, key: str) -> bytes | None:
        """What was gathered from files, by the key of the question and of the code and configuration."""
        return self._recall("summaries", key)

    def remember_summary(self, key: str, blob: bytes) -> None:
        """Keeps what was gathered from files, and forgets all but the last few dozens."""
        self._remember("summaries", key, blob, _MOST_SUMMARIES)

    def _recall(self, table: str, key: str) -> bytes | None:
        rows = self._rows(f"SELECT key, blob FROM {table} WHERE key = ?", [key])
        return rows[0][1] if rows else None

    def _remember(self, table: str, key: str, blob: bytes, most: int) -> None:
        last = f"SELECT coalesce(max(number), 0) FROM {table}"
        insert = f"INSERT OR REPLACE INTO {table} VALUES (?, ({last}) + 1, ?)"
        delete = f"DELETE FROM {table} WHERE number <= ({last}) - ?"
        self._write(((insert, (key, blob)), (delete, (most,))))

    def stamps(self) -> dict[str, tuple[int, int, int, str]]:
        """What files looked like when their digest was taken: size, modified, changed, digest."""
        if self._connection is None:
            return {}
        try:
            rows = self._connection.execute(
                "SELECT path, size, modified, changed, digest FROM stamps"
            ).fetchall()
        except sqlite3.DatabaseError:
            return {}
        # A damaged row can hold anything.
        return {
            os.fsdecode(path): (size, modified, changed, digest)
            for path, size, modified, changed, digest in rows
            if isinstance(path, bytes) and isinstance(digest, str)
        }

    def remember(self, stamps: Mapping[str, tuple[int, int, int, str]]) -> None:
        """Keeps what files look like now, for `stamps` of a later run."""
        statement = "INSERT OR REPLACE INTO stamps VALUES (?, ?, ?, ?, ?)"
        if stamps:
            self._write((statement, (os.fsencode(path), *stamp)) for path, stamp in stamps.items())

    def _write(self, changes: Iterable[tuple[str, tuple[object, ...]]]) -> bool:
        """Executes statements with their values in one transaction; tells whether that was done."""
        connection = self._own_connection()
        if connection is None or not self._is_written:
            return False
        try:
            connection.execute("BEGIN IMMEDIATE")
            for statement, values in changes:
                connection.execute(statement, values)
            connection.execute("COMMIT")
            return True
        except sqlite3.OperationalError as error:  # full, locked for too long, read-only
            self._is_written = False  # waiting again, for each transaction, could take a run for ever
            self.note = self.note or f"the cache could not be written ({error})"
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        except sqlite3.DatabaseError:
            self._rebuild()
        return False


def make_folder(folder: Path) -> None:
    """Makes the folder of a store, which git ignores, where there is none. Raises OSError."""
    if folder.is_symlink():
        raise OSError("it is a link, and may lead anywhere")
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists() or ignore.stat().st_size < len(_IGNORE):  # a full disk leaves a part of it
        ignore.write_bytes(_IGNORE)

"""The store on a real disk: whatever is wrong with it is a miss and a note, never an error."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssot_lint.facts.store import FOLDER, Row, Store, cache_path, clear, stats

ROWS: list[Row] = [
    (f"{number:040x}", b"outline %d" % number * 30, b"details %d" % number * 90, b"bodies %d" % number * 90)
    for number in range(300)
]
DIGESTS = [row[0] for row in ROWS]
STAMPS = {"a.py": (1, 2, 3, "0" * 40), os.fsdecode(b"\xff\n.py"): (4, 5, 6, "1" * 40)}
Damage = Callable[[Path], object]


_STORES: list[Store] = []


@pytest.fixture(autouse=True)
def close_stores() -> Iterator[None]:
    """Close what a test has opened."""
    yield
    while _STORES:
        _STORES.pop().close()


def opened(root: Path) -> Store:
    """Open the store of a project until the test ends."""
    _STORES.append(Store(root))
    return _STORES[-1]


def contents(store: Store) -> list[Row]:
    outlines, details, bodies = (
        dict(each(DIGESTS)) for each in (store.outlines, store.details, store.bodies)
    )
    return [(each, outlines[each], details[each], bodies[each]) for each in sorted(outlines)]


def filled(root: Path) -> Path:
    """Make a store with all rows; return its file."""
    store = opened(root)
    store.add(ROWS)
    store.remember(STAMPS)
    assert store.note == ""
    store.close()
    return cache_path(root)


def test_what_is_added_is_there_the_next_time(tmp_path: Path) -> None:
    filled(tmp_path)
    store = opened(tmp_path)
    assert contents(store) == ROWS
    assert store.stamps() == STAMPS
    assert store.note == ""


def test_unknown_digests_are_missing_and_many_can_be_asked_for(tmp_path: Path) -> None:
    filled(tmp_path)
    unknown = [f"{number:041x}" for number in range(40_000)]
    assert sorted(digest for digest, _ in opened(tmp_path).outlines([*unknown, *DIGESTS])) == DIGESTS


def test_folder_keeps_itself_out_of_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    filled(tmp_path)
    status = ["git", "-C", str(tmp_path), "status", "--porcelain", "--untracked-files=all"]
    assert subprocess.run(status, check=True, capture_output=True).stdout == b""


@pytest.mark.parametrize("part", ["", "# made by"], ids=["nothing", "a part"])
def test_ignore_file_that_a_full_disk_cut_short_is_made_whole(tmp_path: Path, part: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / ".gitignore").write_text(part)
    filled(tmp_path)
    assert "*\n" in (tmp_path / FOLDER / ".gitignore").read_text()


# damage


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def shuffle_bytes(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 2] = random.Random(0).randbytes(len(data) // 2 - len(data) // 3)
    path.write_bytes(data)


def replace_by_other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE outlines (name TEXT, value TEXT)")
        connection.execute("INSERT INTO outlines VALUES ('outline', 'none')")
    connection.close()


def drop_a_column(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE details (digest TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.close()


def add_a_stale_log(path: Path) -> None:
    other = path.with_name("other.sqlite")
    connection = sqlite3.connect(other)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE other (name TEXT)")
    connection.execute("INSERT INTO other VALUES ('stale')")
    connection.commit()
    shutil.copy(f"{other}-wal", f"{path}-wal")
    connection.close()


DAMAGES = [
    pytest.param(truncate, id="truncated"),
    pytest.param(lambda path: path.write_bytes(b"\0" * path.stat().st_size), id="zeroed"),
    pytest.param(lambda path: path.write_bytes(b""), id="empty"),
    pytest.param(lambda path: path.write_bytes(b"no database at all\n" * 500), id="text"),
    pytest.param(shuffle_bytes, id="random bytes in the middle"),
    pytest.param(replace_by_other_database, id="another database with a table of that name"),
    pytest.param(drop_a_column, id="an older schema"),
    pytest.param(add_a_stale_log, id="the log of another database"),
    pytest.param(lambda path: Path(f"{path}-wal").write_bytes(b"\xff" * 5000), id="a broken log"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_store_misses_and_can_be_written_again(tmp_path: Path, damage: Damage) -> None:
    damage(filled(tmp_path))
    store = opened(tmp_path)
    assert all(row in ROWS for row in contents(store) if b"\0" not in row[1])
    store.stamps()
    assert "\n" not in store.note
    store.add(ROWS)
    store.close()
    again = opened(tmp_path)
    again.add(ROWS)
    assert contents(again) == ROWS
    again.close()
    assert opened(tmp_path).note == ""


@pytest.mark.parametrize("seed", range(12))
def test_store_with_random_bytes_anywhere_never_raises(tmp_path: Path, seed: int) -> None:
    path = filled(tmp_path)
    data, chance = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(3 ** (seed % 6)):
        data[chance.randrange(100 if seed % 4 == 0 else len(data))] = chance.randrange(256)
    path.write_bytes(data)
    store = opened(tmp_path)
    for column in (store.outlines, store.details, store.bodies):
        list(column(DIGESTS))
    store.stamps()
    store.add(ROWS)
    store.remember(STAMPS)
    store.close()
    assert stats(tmp_path)["bytes"] > 0


def test_old_schema_is_made_anew_with_a_note(tmp_path: Path) -> None:
    drop_a_column(filled(tmp_path))
    assert opened(tmp_path).note == "the cache was damaged and is made anew"


@pytest.mark.parametrize(
    "column", ["NULL, 1, 1, 1, 'x'", "x'61', 1, 1, 1, 7", "x'61', 1, 1, 1, NULL", "'a.py', 1, 1, 1, 'x'"]
)
def test_stamp_of_another_type_is_passed_over(tmp_path: Path, column: str) -> None:
    path = filled(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE stamps")
        connection.execute("CREATE TABLE stamps (path, size, modified, changed, digest)")
        connection.execute(f"INSERT INTO stamps VALUES ({column})")
    connection.close()
    assert opened(tmp_path).stamps() == {}


# places that cannot be written


def folder_is_a_file(root: Path) -> None:
    (root / FOLDER).write_text("mine")


def folder_is_a_link_to_nothing(root: Path) -> None:
    (root / FOLDER).symlink_to("gone")


def folder_is_a_link_to_the_project(root: Path) -> None:
    (root / FOLDER).symlink_to(".")


def file_is_a_folder(root: Path) -> None:
    cache_path(root).mkdir(parents=True)


def file_is_a_link_to_no_folder(root: Path) -> None:
    (root / FOLDER).mkdir()
    cache_path(root).symlink_to("gone/gone.sqlite")


@pytest.mark.parametrize(
    "spoil",
    [
        folder_is_a_file,
        folder_is_a_link_to_nothing,
        folder_is_a_link_to_the_project,
        file_is_a_folder,
        file_is_a_link_to_no_folder,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_store_that_cannot_be_made_holds_nothing_and_says_so(tmp_path: Path, spoil: Damage) -> None:
    spoil(tmp_path)
    before = {path.relative_to(tmp_path) for path in tmp_path.iterdir()}
    store = opened(tmp_path)
    store.add(ROWS)
    store.remember(STAMPS)
    assert contents(store) == []
    assert store.stamps() == {}
    assert store.note.startswith("there is no cache: ")
    assert {path.relative_to(tmp_path) for path in tmp_path.iterdir()} == before


def test_linked_folder_is_read_and_never_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    path = filled(tmp_path / "elsewhere")
    before = path.read_bytes()
    (tmp_path / "project" / FOLDER).symlink_to(tmp_path / "elsewhere" / FOLDER)
    store = opened(tmp_path / "project")
    assert contents(store) == ROWS
    store.add([("f" * 40, b"", b"", b"")])
    store.close()
    assert path.read_bytes() == before
    assert "only read" in store.note


def test_full_disk_is_a_note(tmp_path: Path) -> None:
    code = (
        "import resource, sys\n"
        "from ssot_lint.facts.store import Store\n"
        "store = Store(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "store.add([(str(n), b'x' * 9000, b'y', b'z') for n in range(50)])\n"
        "store.add([('last', b'x' * 90000, b'y', b'z')])\n"
        "print(store.note, list(store.outlines(['7', 'last'])))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.startswith("the cache could not be written (")
    assert done.stdout.endswith(" []\n")
    assert opened(tmp_path).note == ""


def test_store_that_is_locked_for_too_long_is_waited_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssot_lint.facts.database._PATIENCE", 0)
    other = sqlite3.connect(filled(tmp_path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = opened(tmp_path)
    store.add([("f" * 40, b"", b"", b"")])
    assert store.note == "the cache could not be written (database is locked)"
    other.execute("ROLLBACK")
    store.add([("f" * 40, b"", b"", b"")])
    assert list(store.outlines(["f" * 40])) == []
    assert contents(store) == ROWS
    other.close()


# several processes, several versions


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be forked here")
def test_forked_process_reads_on_its_own(tmp_path: Path) -> None:
    store = opened(tmp_path)
    exits = []

    def rows() -> Iterator[Row]:
        yield ROWS[0]  # written, but nobody else may see it before the end of the transaction
        child = os.fork()
        if child == 0:
            os._exit(len(list(store.outlines(DIGESTS))))
        exits.append(os.waitpid(child, 0)[1])

    assert store.add(rows())
    assert exits == [0]
    assert contents(store) == ROWS[:1]


def test_processes_that_start_together_share_one_store(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from ssot_lint.facts.store import Store\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "store = Store(sys.argv[1])\n"
        "for n in range(20):\n"
        "    store.add([(f'{sys.argv[2]} {n} {m}', b'a', b'b', b'c') for m in range(50)])\n"
        "store.close()\n"
        "print(store.note)\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[0] for process in processes] == ["\n"] * 4
    assert stats(tmp_path)["texts"] == 4 * 20 * 50


def test_transaction_of_a_process_that_dies_is_all_or_nothing(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from ssot_lint.facts.store import Store\n"
        "def rows():\n"
        "    for n in range(5000):\n"
        "        yield str(n), b'x' * 500, b'y', b'z'\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "store = Store(sys.argv[1])\n"
        "store.add([('first', b'', b'', b'')])\n"
        "store.add(rows())\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == -9
    store = opened(tmp_path)
    assert store.note == ""
    assert list(store.outlines(["first", "0", "4999"])) == [("first", b"")]


def test_store_of_another_version_of_the_facts_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = filled(tmp_path)
    monkeypatch.setattr("ssot_lint.facts.store.FACTS_VERSION", 999_999)
    store = opened(tmp_path)
    assert contents(store) == []
    assert store.note == ""
    store.close()
    assert cache_path(tmp_path) != old
    assert clear(tmp_path) > 0
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [".gitignore"]


def test_statistics_of_no_store_make_none(tmp_path: Path) -> None:
    assert stats(tmp_path) == {"texts": 0, "bytes": 0}
    assert clear(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


def test_statistics_of_a_store_that_is_none(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    cache_path(tmp_path).write_text("no database")
    assert stats(tmp_path) == {"texts": 0, "bytes": 11}

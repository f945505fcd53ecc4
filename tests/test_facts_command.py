"""`ssot-lint facts`: the parts that several machines make give one store, which leaves nothing to parse."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from ssot_lint.cli import main
from ssot_lint.commands.facts import Shard

FILES = {f"pkg/m{number:02}.py": f"class C{number}:\n    x = {number}\n" for number in range(30)}
FILES["pkg/broken.py"] = "def f(:\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, in which the working folder is."""
    top = tmp_path / "clone"
    for path, text in FILES.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    subprocess.run(["git", "add", "-A"], cwd=top, check=True)
    monkeypatch.chdir(top)
    return top


def parsed(capsys: pytest.CaptureFixture[str]) -> int:
    """How many files a run has to parse."""
    capsys.readouterr()
    main(["check", "--format", "json", "--statistics", "--exit-zero"])
    return int(json.loads(capsys.readouterr().out)["statistics"]["files parsed"])


def forget(root: Path) -> None:
    shutil.rmtree(root / ".ssot-lint-cache")


def test_facts_are_made_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts"]) == 0
    assert capsys.readouterr().out == "31 files, of which 31 were parsed\n"
    assert main(["facts"]) == 0
    assert capsys.readouterr().out == "31 files, of which 0 were parsed\n"
    assert parsed(capsys) == 0


@pytest.mark.parametrize("of", [1, 3, 8])
def test_parts_of_all_shards_leave_nothing_to_parse(
    root: Path, tmp_path: Path, of: int, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(tmp_path / f"part-{number}.db") for number in range(1, of + 1)]
    for number, name in enumerate(names, 1):
        assert main(["facts", "--shard", f"{number}/{of}", "-o", name, "-q"]) == 0
        forget(root)  # as on a machine of its own
    assert main(["facts", "merge", *names]) == 0
    told = capsys.readouterr().out.splitlines()
    assert sum(int(line.split()[-2]) for line in told) == 31
    assert parsed(capsys) == 0


def test_without_one_part_only_its_files_are_parsed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = str(tmp_path / "part.db")
    main(["facts", "--shard", "1/3", "-o", part])
    forget(root)
    main(["facts", "merge", part])
    assert parsed(capsys) == sum(not Shard(1, 3).has(path) for path in FILES)


def test_shards_share_all_files() -> None:
    paths = [*FILES, os.fsdecode(b"\xff.py")]
    for of in (1, 2, 7):
        assert all(sum(Shard(number, of).has(path) for number in range(1, of + 1)) == 1 for path in paths)


def test_part_is_replaced_whole(root: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.db"
    part.write_bytes(b"something else")
    assert main(["facts", "-o", str(part)]) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clone", "part.db"]
    with closing(sqlite3.connect(part)) as connection:
        assert connection.execute("SELECT count(*) FROM facts").fetchone() == (31,)


def other(part: Path, pragma: str) -> None:
    with closing(sqlite3.connect(part)) as connection:
        connection.execute(f"PRAGMA {pragma}")


def test_parts_that_do_not_fit_are_mistakes(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "part.db"
    main(["facts", "-o", str(part), "-q"])
    forget(root)

    def refused() -> str:
        assert main(["facts", "merge", str(part)]) == 2
        return capsys.readouterr().err

    other(part, "user_version = 1")
    assert "both must be the same" in refused()
    other(part, "application_id = 1")
    assert "was not made by `ssot-lint facts --shard`" in refused()
    part.write_bytes(b"no database at all" * 100)
    assert "cannot be read (file is not a database)" in refused()
    part.unlink()
    assert "cannot be read (unable to open database file)" in refused()
    assert not part.exists()
    assert parsed(capsys) == 31


def test_damaged_facts_in_a_part_are_a_miss(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = tmp_path / "part.db"
    main(["facts", "-o", str(part), "-q"])
    forget(root)
    with closing(sqlite3.connect(part)) as connection, connection:
        connection.execute("UPDATE facts SET outline = x'00ff' WHERE digest < '8'")
        (damaged,) = connection.execute("SELECT count(*) FROM facts WHERE digest < '8'").fetchone()
    assert main(["facts", "merge", str(part)]) == 0
    assert parsed(capsys) == damaged > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shard", "1/2"], "`--shard` needs `--output FILE`"),
        (["--shard", "3/2"], "expected a part such as 3/8, found `3/2`"),
        (["--shard", "0/2"], "expected a part such as 3/8, found `0/2`"),
        (["--shard", "x"], "expected a part such as 3/8, found `x`"),
        (["merge"], "`merge` needs the files to merge"),
        (["merge", "a.db", "--shard", "1/2"], "do not go with it"),
        (["merge", "a.db", "-o", "b.db"], "do not go with it"),
        (["-o", "no/folder/part.db"], "cannot be written"),
    ],
)
def test_mistakes(root: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_cache_that_cannot_be_written_is_a_mistake(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".ssot-lint-cache").write_text("a file in its place")
    assert main(["facts"]) == 2
    assert "there is no cache" in capsys.readouterr().err

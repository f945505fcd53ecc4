"""`ssot-lint history`: what it prints and writes about the past of a real repository."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import validate
from scratch import Repository

from ssot_lint.cli import main
from ssot_lint.insight import documents
from ssot_lint.insight.figures import Trend

CONFIG = '[[forbidden-import]]\ntargets = ["requests"]\n'
BROKEN = "def broken(:\n"
NASTY = "<script>\x1b[31m\u202egood"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Four days, on the last of which a merge brings twelve broken tests in."""
    shop = Repository(tmp_path / "shop", {"ssot-lint.toml": CONFIG, "shop.py": "import requests\n"})

    def commit(day: int, subject: str) -> None:
        shop.set_clock(f"2025-09-{day:02}T12:00:00Z")
        shop.commit(subject)

    commit(1, "Open the shop")
    for number in range(12):
        shop.write(f"tests/test_{number}.py", "import requests\n" if number < 7 else "")
    commit(2, "Test it")
    shop.git("switch", "--quiet", "-c", "side")
    for number in range(12):
        shop.write(f"tests/test_{number}.py", BROKEN)
    commit(3, NASTY)
    shop.git("switch", "--quiet", "main")
    commit(3, "Meanwhile")
    shop.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    commit(4, "Merge the side")
    shop.enter(monkeypatch)
    return shop


@pytest.fixture
def run(shop: Repository, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["history", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_text(shop: Repository, run: Run) -> None:
    ids = shop.git("log", "--first-parent", "--format=%h").split()[::-1]
    merged = shop.git("rev-parse", "--short", "side").strip()
    code, out, err = run("--since", "2025-08-01")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "shop: 4 samples, 2025-09-01 to 2025-09-04",
        "",
        "date        commit   files    clean  broken  forbidden-import  syntax-error  duplicate-class",
        f"2025-09-01  {ids[0]}      1   0.00 %       0                 1             0                0",
        f"2025-09-02  {ids[1]}     13  38.46 %       0                 8             0                0",
        f"2025-09-03  {ids[2]}     13  38.46 %       0                 8             0                0",
        f"2025-09-04  {ids[3]}     13   0.00 %      12                 1            12                0",
        "",
        "forbidden-import  1 ▂██▂▂  1  as before",
        "syntax-error      0 ▁▁▁██ 12  +12",
        "nothing in any sample: duplicate-class, reasonless-suppression, shadowed-definition,",
        "  undecodable-source, unused-suppression",
        "",
        "jumps",
        f"  syntax-error      0 -> 12  {ids[3]}  2025-09-04  Merge the side",
        f"    merged          0 -> 12  {merged}  2025-09-03  <script>\\u001b[31m\\u202egood",
        f"  forbidden-import  1 -> 8   {ids[1]}  2025-09-02  Test it",
        f"  forbidden-import  8 -> 1   {ids[3]}  2025-09-04  Merge the side",
        f"    merged          8 -> 1   {merged}  2025-09-03  <script>\\u001b[31m\\u202egood",
    ]


def test_colours_tell_what_is_better(run: Run) -> None:
    out = run("--since", "2025-08-01", "--color", "always")[1]
    assert "\x1b[31m+12\x1b[0m" in out
    assert "\x1b[31m0 -> 12\x1b[0m" in out
    assert "\x1b[32m8 -> 1\x1b[0m" in out
    assert "\x1b[" not in run("--since", "2025-08-01", "--color", "never")[1]


def test_part_of_the_project_and_of_the_rules(
    shop: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = run("tests/", "--select", "syntax-error", "--since", "2025-09-03", "--format", "csv")[1]
    rows = list(csv.DictReader(out.splitlines()))
    assert [(row["date"], row["files"], row["syntax-error"]) for row in rows] == [
        ("2025-09-02", "12", "0"),
        ("2025-09-03", "12", "0"),
        ("2025-09-04", "12", "12"),
    ]
    assert list(rows[0])[:6] == ["date", "commit", "files", "clean", "broken", "absent"]
    monkeypatch.chdir(shop.folder / "tests")
    assert run(".", "--select", "SST001", "--since", "2025-09-03", "--format", "csv")[1] == out


def test_file_that_is_gone_is_counted_where_it_was(shop: Repository, run: Run) -> None:
    (shop.folder / "shop.py").unlink()
    shop.commit()
    out = run("shop.py", "--since", "HEAD~1", "--format", "csv", "--select", "forbidden-import")[1]
    assert [line.split(",")[2:] for line in out.splitlines()[1:]] == [["1", "0", "0", "0", "1"], ["0"] * 5]


def test_document_follows_its_schema(run: Run) -> None:
    out = run("--since", "2025-08-01", "--format", "json", "--by", "week")[1]
    document = json.loads(out)
    validate(document, json.loads(documents.FILES[Trend].read_text(encoding="utf-8")))
    assert [sample["by_rule"]["syntax-error"] for sample in document["samples"]] == [0, 12]
    assert document["jumps"][0]["time"] == document["samples"][1]["time"] == "2025-09-04T12:00:00+00:00"
    assert document["jumps"][0]["place"] == document["samples"][1]["place"] == 3
    assert document["jumps"][0]["within"]["commit"]["subject"] == NASTY
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_schema_is_that_of_the_classes() -> None:
    for kind, file in documents.FILES.items():
        assert file.read_text(encoding="utf-8") == documents.schema(kind)


def test_reports_go_to_files(shop: Repository, run: Run) -> None:
    code, out, _ = run("--since", "2025-08-01", "-o", "html=past.html", "-o", "csv=past.csv")
    assert (code, out.partition(":")[0]) == (0, "shop")
    assert shop.read("past.csv").count("\n") == 5
    page = shop.read("past.html")
    assert "syntax-error" in page
    assert "<script>\x1b" not in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--since", "yesterday-ish"], "`--since yesterday-ish` is no day such as 2025-09-15"),
        (["--select", "no-such-rule"], "--select:"),
        (["no_such_folder"], "these commits have no file in `no_such_folder`"),
        (["--by", "year"], "--by"),
    ],
)
def test_mistakes(run: Run, arguments: list[str], told: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_notes_go_to_standard_error(shop: Repository, run: Run) -> None:
    gone = shop.git("rev-parse", "HEAD:shop.py").strip()
    (shop.folder / ".git/objects" / gone[:2] / gone[2:]).unlink()
    code, out, err = run("--since", "HEAD~1", "--no-cache")
    assert code == 0
    assert "absent" in out.splitlines()[2]
    assert err.startswith("ssot-lint: note: git lacks texts of 2 of 2 samples, of up to ")
    assert run("--since", "HEAD~1", "--no-cache", "-q")[2] == ""

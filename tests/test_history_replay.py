"""`ssot-lint history --replay`: what it prints and writes of what the hook would have stopped."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import validate
from scratch import Repository

from ssot_lint.cli import main
from ssot_lint.files import Commit
from ssot_lint.insight import documents
from ssot_lint.insight.replay.figures import Day, Reason, Replay, Share, Stopped
from ssot_lint.insight.replay.texts import render

CONFIG = '[[forbidden-import]]\ntargets = ["requests"]\n'
BROKEN = "def broken(:\n"
NASTY = '=1+1 <script>\x1b[31m\u202egood, "bad"'

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Three days: on the second two commits break things, on the third it is mended in part."""
    shop = Repository(tmp_path / "shop", {"ssot-lint.toml": CONFIG, "shop.py": "import requests\n"})

    def commit(day: int, subject: str, *broken: str) -> None:
        shop.set_clock(f"2025-09-{day:02}T12:00:00Z")
        for path in broken:
            shop.write(path, BROKEN)
        shop.commit(subject)

    commit(1, "Open the shop")
    shop.write("web.py", "import requests\n")
    commit(2, NASTY, "pay.py", "tests/test_pay.py")
    commit(2, "Break one more", "tests/test_web.py")
    shop.write("pay.py", "")
    commit(3, "Mend it")
    shop.enter(monkeypatch)
    return shop


@pytest.fixture
def run(shop: Repository, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["history", "--since", "2025-09-02", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_text(run: Run, shop: Repository) -> None:
    first, second = (shop.git("rev-parse", "--short", f"HEAD~{back}").strip() for back in (2, 1))
    subject = '=1+1 <script>\\u001b[31m\\u202egood, "b…'
    assert run("--replay", "syntax-error,SST1") == (
        0,
        f"""\
shop: 3 commits after 2025-09-01 and up to 2025-09-03
the hook would have stopped 2 of them (66.7 %)

rule              commits  findings  still there
forbidden-import        1         1            1
syntax-error            2         3            2

the worst commits
  {first}  2025-09-02  3  2 syntax-error, 1 forbidden-import  {subject}
  {second}  2025-09-02  1  syntax-error  Break one more

date        commits  stopped  syntax-error  forbidden-import
2025-09-02        2        2             3                 1
2025-09-03        1        0             0                 0
""",
        "",
    )


def test_only_what_there_is_room_for() -> None:
    commit = Commit("a" * 40, "aaaaaaa", "2025-09-02", "A subject that is longer than the room for it")
    counts = {"syntax-error": 1, "env-access": 2, "runner-bypass": 3, "missing-base": 4}
    found = Replay(
        "2025-09-01",
        commit,
        1,
        0,
        tuple(Share(rule, 1, number, 0) for rule, number in sorted(counts.items())),
        (Day("2025-09-02", 1, 1, counts),),
        (
            Stopped(
                commit,
                False,
                counts,
                tuple(Reason(rule, "a.py", 1, "", "") for rule in counts for _ in range(counts[rule])),
            ),
        ),
        (),
    )
    lines = render("text", "shop", found, 60).splitlines()
    assert "  aaaaaaa  2025-09-02  10  4 missing-base, 3 runner-bypass, 3 more  A subject that is l…" in lines
    assert lines[-2:] == [
        "date        commits  stopped  missing-base  runner-bypass",
        "2025-09-02        1        1             4              3",
    ]


def test_nothing_would_have_been_stopped(run: Run) -> None:
    _, out, _ = run("--replay", "undecodable-source")
    assert "stopped 0 of them (0.0 %)" in out
    assert "worst" not in out
    _, out, _ = run("--replay", "syntax-error", "--since", "HEAD")
    assert out == "shop: 0 commits after 2025-09-03 and up to 2025-09-03\n"


def test_table(run: Run, shop: Repository) -> None:
    _, out, _ = run("--replay", "syntax-error,forbidden-import", "--format", "csv")
    ids = shop.git("rev-parse", "HEAD~2", "HEAD~1").split()
    assert [*csv.reader(out.splitlines())] == [
        ["date", "commit", "merge", "findings", "forbidden-import", "syntax-error"],
        ["2025-09-02", ids[0], "0", "3", "1", "2"],
        ["2025-09-02", ids[1], "0", "1", "0", "1"],
    ]


def test_document(run: Run) -> None:
    _, out, _ = run("--replay", "syntax-error", "--format", "json")
    told = json.loads(out)
    validate(told, json.loads(documents.FILES[Replay].read_text(encoding="utf-8")))
    assert told["rules"] == [{"rule": "syntax-error", "commits": 2, "findings": 3, "remaining": 2}]
    assert [each["commit"]["subject"] for each in told["stopped"]] == [NASTY, "Break one more"]
    assert [each["path"] for each in told["stopped"][0]["reasons"]] == ["pay.py", "tests/test_pay.py"]


def test_paths_and_files(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "reports/tests.csv"
    code, out, err = run("--replay", "syntax-error", "tests", "-o", f"csv={file}", "-q")
    assert (code, err) == (0, "")
    assert "syntax-error        2         2            2" in out
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3


def test_what_a_note_tells(run: Run, shop: Repository) -> None:
    shop.write("ssot-lint.toml", f'{CONFIG}severity = "warning"\n')
    _, out, err = run("--replay", "forbidden-import")
    assert "stopped 0 of them" in out
    assert (
        err
        == "ssot-lint: note: forbidden-import: what warns, or is about the configuration, stops no commit\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["syntax-error", "--format", "html"], "no format `html`, there are text, csv, json"),
        (["syntax-error", "-o", "html=page.html"], "no format `html`, there are text, csv, json"),
        (["syntax-error", "--by", "day"], "`--by` is about samples"),
        (["import-form"], "none of these rules is configured"),
        (["syntax-eror"], "syntax-error"),
        (["syntax-error", "--rev", "nowhere"], "git knows no such commit"),
    ],
)
def test_mistakes(run: Run, arguments: list[str], told: str) -> None:
    code, out, err = run("--replay", *arguments)
    assert (code, out) == (2, "")
    assert told in err

"""After any edits all findings are those of a fresh run, and most of them need not be found again."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from ssot_lint.checks import Checked, Checks, Run
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.file import File
from ssot_lint.finding import Finding
from ssot_lint.session import Session

SUITE = Path(__file__).parent.parent / "examples" / "legacy_suite"
EDITS = 120
CHECKS = 24
NEW = (
    "app/clock.py",
    "app/more/shapes.py",
    "os.py",
    "tests/more/conftest.py",
    "tests/more/test_new.py",
    "lib/app.py",
)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A copy of the example, in which every rule finds something."""
    return Path(shutil.copytree(SUITE, tmp_path / "suite"))


def opened(root: Path) -> Session:
    return Session(load(None, root), use_cache=False, jobs=1)


def assert_as_fresh(session: Session, what: object = "") -> None:
    """The whole of a session is what `check` finds on the disk."""
    fresh = lint(load(None, session.config.root), use_cache=False, jobs=1)
    assert fresh.compared is not None
    whole = session.whole()
    assert whole.compared.outcome.findings == fresh.compared.outcome.findings, what
    assert whole.compared.outcome.left == fresh.compared.outcome.left, what
    assert whole.allowed == fresh.allowed, what
    assert len(whole.files) == fresh.files, what


def edited(text: bytes, other: bytes, chance: random.Random) -> bytes:
    """Another text: with lines of another file, without some of its own, moved down, or broken."""
    lines, others = text.splitlines(keepends=True), other.splitlines(keepends=True)
    here, there = chance.randint(0, len(lines)), chance.randint(0, len(others))
    return chance.choice(
        [
            b"".join([*lines[:here], *others[there : there + 8], *lines[here:]]),
            b"".join([*lines[:here], *lines[here + 3 :]]),
            b"\n# moved\n" + text,
            text + b"\n\n" + other,
            other,
            text + b"def f(:\n",
        ]
    )


@pytest.mark.parametrize("seed", range(3))
def test_any_edits(suite: Path, seed: int) -> None:
    chance = random.Random(seed)
    session = opened(suite)
    originals = {path: (suite / path).read_bytes() for path in session.project.outlines}
    paths = [*sorted(originals), *NEW]
    for number in range(EDITS):
        path = chance.choice(paths)
        (suite / path).parent.mkdir(parents=True, exist_ok=True)
        other = originals[chance.choice(sorted(originals))]
        text = originals.get(path, other)
        if chance.random() < 0.15:
            (suite / path).unlink(missing_ok=True)
        else:
            (suite / path).write_bytes(edited(text, other, chance) if chance.random() < 0.7 else text)
        session.reread_all([path])
        session.whole()  # each state is looked at, so that what is kept has been made in many of them
        if number % (EDITS // CHECKS) == 0:
            assert_as_fresh(session, (seed, number, path))
    assert_as_fresh(session, seed)


def test_files_come_and_go_together(suite: Path) -> None:
    session = opened(suite)
    session.whole()
    (suite / "tests").rename(suite / "checks")
    names = [path.relative_to(suite / "checks").as_posix() for path in (suite / "checks").rglob("*.py")]
    session.reread_all([f"{top}/{name}" for name in names for top in ("tests", "checks")])
    assert_as_fresh(session)


def test_of_project(suite: Path) -> None:
    session = opened(suite)
    new = [f"tests/test_new_{number}.py" for number in range(20)]
    for path in new:
        (suite / path).touch()
    (suite / ".gitignore").write_text("test_new_1*.py\n")
    kept = [path for path in new if "_1" not in path]
    assert session.of_project(new) == kept
    assert session.of_project(new[:3]) == kept[:2]
    known = sorted(session.project.outlines)
    assert session.of_project([*known, "README.md"][:-1]) == known


def test_what_an_edit_does_not_touch_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ssot-lint.toml").write_text(
        '[[forbidden-import]]\ntargets = ["old.thing"]\n[[duplicate-class]]\nnames = ["Case"]\n'
    )
    (tmp_path / "old.py").write_text("thing = 1\n")
    (tmp_path / "uses.py").write_text("from old import thing\n")
    (tmp_path / "case.py").write_text("class Case: ...\n")
    (tmp_path / "other.py").write_text("import json\n")
    checked: list[str] = []
    judged = Checks.judged

    def noted(self: Checks, file: File, found: Iterable[tuple[Run, Iterable[Finding]]]) -> Checked:
        checked.append(file.path)
        return judged(self, file, found)

    monkeypatch.setattr(Checks, "judged", noted)
    session = opened(tmp_path)

    def checked_after(path: str, text: str) -> list[str]:
        (tmp_path / path).write_text(text)
        session.reread_all([path])
        checked.clear()
        session.whole()
        return checked

    session.whole()
    assert sorted(checked) == ["case.py", "old.py", "other.py", "uses.py"]
    assert checked_after("other.py", "import os\n") == ["case.py", "other.py"]  # a class may have come
    assert checked_after("uses.py", "from old import thing, thing\n") == ["case.py", "uses.py"]
    assert checked_after("old.py", "from base import thing\n") == ["case.py", "old.py", "uses.py"]
    assert_as_fresh(session)


def test_answers_that_were_known_lead_back_to_their_files(tmp_path: Path) -> None:
    (tmp_path / "ssot-lint.toml").write_text('[[forbidden-import]]\ntargets = ["old.thing"]\n')
    (tmp_path / "old.py").write_text("thing = 1\n")
    (tmp_path / "base.py").write_text("from old import thing\n")
    (tmp_path / "all.py").write_text("from base import *\n")
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text("from all import thing\n")
    session = opened(tmp_path)
    assert len(session.whole().compared.findings) == 4
    (tmp_path / "base.py").write_text("thing = 2\n")
    session.reread_all(["base.py"])
    assert session.whole().compared.findings == ()

"""The baseline in every run: what it carries is silent, what is new stops, and it only shrinks."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from baseline_folder import carry, shards

from ssot_lint.baseline import folder
from ssot_lint.baseline.coverage import DELETED, EXCLUDED, FIXED, RULE_OFF
from ssot_lint.cli import main
from ssot_lint.config import load
from ssot_lint.engine import Result, lint
from ssot_lint.files import UsageError
from ssot_lint.session import Session

CONFIG = """\
strict = ["strict/"]
[[forbidden-import]]
targets = ["requests", "urllib3"]
[[duplicate-class]]
names = ["Helper"]
"""
FILES = {
    "ssot-lint.toml": CONFIG,
    "a.py": "import requests\n",
    "b.py": "def load():\n    import requests\n",
    "c.py": "class Helper: ...\n",
    "d.py": "class Helper: ...\n",
    "strict/e.py": "import requests\n",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    put(tmp_path, FILES)
    return tmp_path


def put(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def run(root: Path, *paths: str) -> Result:
    return lint(load(None, root), [str(root / path) for path in paths or ("",)])


def states(result: Result) -> list[tuple[str, str]]:
    return [(finding.path, finding.state) for finding in result.findings]


def left(result: Result) -> list[tuple[str, str]]:
    assert result.compared is not None
    return [(each.entry.identity.path, each.why) for each in result.compared.outcome.left]


def check(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["check", *arguments, str(root)])
    out, err = capsys.readouterr()
    return code, out, err


def test_carried_findings_are_silent_and_strict_files_are_not(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carry(root)
    code, out, _ = check(root, capsys)
    assert code == 1
    assert out.startswith("strict/e.py:1:8: SST101 ")
    assert out.endswith("1 finding in 1 of 5 files (1 error, 4 carried)\n")
    (root / "strict/e.py").unlink()
    code, out, _ = check(root, capsys)
    assert (code, out) == (0, "no findings in 4 files (4 carried)\n")


def test_without_any_baseline_all_is_new_in_the_order_of_reports(root: Path) -> None:
    result = run(root)
    assert states(result) == [(path, "new") for path in ("a.py", "b.py", "c.py", "d.py", "strict/e.py")]
    assert (left(result), result.new) == ([], result.findings)


def test_new_finding_beside_a_carried_one_is_reported(root: Path) -> None:
    carry(root)
    put(root, {"a.py": "import requests\nimport urllib3\n"})
    assert [(each.path, each.span.line) for each in run(root, "a.py").new] == [("a.py", 2)]


def test_without_the_baseline_everything_is_new(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    carry(root)
    before = shards(root)
    put(root, {"a.py": ""})
    code, out, err = check(root, capsys, "--no-baseline", "--format", "json")
    assert code == 1
    assert {each["state"] for each in json.loads(out)["findings"]} == {"new"}
    assert "baseline" not in err
    assert shards(root) == before


def test_clean_run_takes_out_what_is_fixed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "strict/e.py").unlink()
    carry(root)
    put(root, {"a.py": ""})
    (root / "b.py").unlink()
    code, _, err = check(root, capsys)
    assert code == 0
    assert "note: the baseline was cleaned up (1 deleted, 1 fixed); commit `.ssot-lint`\n" in err
    assert list(shards(root)) == ["duplicate-class.tsv"]
    assert check(root, capsys)[2] == ""


@pytest.mark.parametrize("why", ["new findings", "CI", "a part", "a hook"])
def test_baseline_is_left_alone(
    root: Path, why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(root)
    before = shards(root)
    put(root, {"a.py": ""})
    monkeypatch.chdir(root)
    if why != "new findings":
        (root / "strict/e.py").unlink()
    if why == "CI":
        monkeypatch.setenv("CI", "true")
    arguments = {"a part": ["a.py", "b.py"], "a hook": ["--hook", "a.py", "b.py"]}.get(why, ["."])
    code = main(["check", *arguments])
    assert code == (why == "new findings")
    assert shards(root) == before
    told = "the baseline is not up to date; `ssot-lint baseline sync` cleans it up"
    assert (told in capsys.readouterr().err) is (why in ("new findings", "CI"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"a.py": ""}, [("a.py", FIXED)], id="fixed"),
        pytest.param({"a.py": None}, [("a.py", DELETED)], id="deleted"),
        pytest.param(
            {"ssot-lint.toml": f'exclude = ["a.py"]\n{CONFIG}'}, [("a.py", EXCLUDED)], id="excluded"
        ),
        pytest.param(
            {"ssot-lint.toml": f'ignore = ["SST1"]\n{CONFIG}'},
            [("a.py", RULE_OFF), ("b.py", RULE_OFF)],
            id="rule off",
        ),
        pytest.param({"a.py": "import requests\nx = (\n"}, [("a.py", "broken")], id="broken"),
    ],
)
def test_what_is_left_is_told_apart(
    root: Path, change: dict[str, str | None], expected: list[tuple[str, str]]
) -> None:
    carry(root)
    for path, text in change.items():
        (root / path).unlink() if text is None else put(root, {path: text})
    result = run(root)
    assert left(result) == expected
    assert left(run(root)) == expected, "a recalled run says the same"


def test_code_that_moves_takes_its_finding_along(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "strict/e.py").unlink()
    carry(root)
    (root / "b.py").rename(root / "moved.py")
    assert ("moved.py", "moved") in states(run(root))
    assert [finding.state for finding in Session(load(None, root)).findings("moved.py")] == ["moved"]
    code, _, err = check(root, capsys)
    assert code == 0
    assert "(1 moved)" in err
    assert ("moved.py", "carried") in states(run(root))


def test_session_says_what_a_whole_run_says(root: Path) -> None:
    carry(root)
    put(root, {"a.py": "import requests\nimport urllib3\n", "new/f.py": "def load():\n    import requests\n"})
    session = Session(load(None, root))
    whole = run(root)
    assert len(Counter(finding.state for finding in whole.findings)) == 2
    paths = {finding.path for finding in whole.findings}
    assert sorted(finding for path in paths for finding in session.findings(path)) == list(whole.findings)
    session.replace("a.py", b"import requests\n")
    assert [finding.state for finding in session.findings("a.py")] == ["carried"]
    session.replace("b.py", b"")
    assert [finding.state for finding in session.findings("new/f.py")] == ["moved"]


def test_file_that_is_not_checked_out_keeps_its_entries(root: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)

    git("init", "--quiet")
    git("add", "--all")
    carry(root)
    git("update-index", "--skip-worktree", "a.py")
    (root / "a.py").unlink()
    (root / "b.py").unlink()
    assert left(run(root)) == [("a.py", EXCLUDED), ("b.py", DELETED)]


def damage(text: str) -> Any:
    return lambda path: path.write_text(text)


@pytest.mark.parametrize(
    "spoil",
    [damage(""), damage("#ssot-lint-baseline v9 fences=16\n"), damage("no baseline\n")],
    ids=["empty", "of a later version", "something else"],
)
def test_baseline_that_cannot_be_read_passes_nothing(
    root: Path, spoil: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    carry(root)
    path = root / folder.FOLDER / "forbidden-import.tsv"
    spoil(path)
    before = path.read_bytes()
    code, out, err = check(root, capsys)
    assert (code, out) == (2, "")
    assert ".ssot-lint/baseline/forbidden-import.tsv" in err
    assert path.read_bytes() == before
    with pytest.raises(UsageError):
        Session(load(None, root))


def test_checkout_that_cannot_be_written_still_has_its_answer(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "strict/e.py").unlink()
    carry(root)
    put(root, {"a.py": ""})
    elsewhere = root / "elsewhere"
    shutil.move(root / ".ssot-lint", elsewhere)
    (root / ".ssot-lint").symlink_to(elsewhere)
    code, _, err = check(root, capsys)
    assert code in (0, 2)
    assert ".ssot-lint" in err

"""A rule that counts: every command and every face says what is worse than the baseline carries."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from baseline_folder import shards
from lsprotocol import types

from ssot_lint.cli import main
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.integrations.lsp.shown import diagnostic_of
from ssot_lint.session import Session

RULE = Path(__file__).parent.parent / "examples" / "own_rule" / "our_checks" / "crowded_class.py"
CONFIG = 'plugins = ["our_checks.crowded_class"]\n[[crowded-class]]\nmost = 2\n'
ABOUT = " (worse than the 3 that the baseline carries)"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our_checks").mkdir()
    shutil.copy(RULE, tmp_path / "our_checks")
    (tmp_path / "ssot-lint.toml").write_text(CONFIG)
    has_methods(tmp_path, 3)
    git("init", "--quiet")
    git("config", "user.name", "Kim")
    git("config", "user.email", "kim@shop.test")
    assert main(["baseline", "init", "--quiet"]) == 0
    commit()
    return tmp_path


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "work")


def has_methods(root: Path, number: int) -> None:
    methods = "".join(f"    def step_{each}(self): ...\n" for each in range(number))
    (root / "cart.py").write_text(f"class Cart:\n{methods}")


def cells(root: Path) -> list[str]:
    """What stands behind the ordinals of the entries."""
    text = shards(root).get("crowded-class.tsv", b"").decode()
    return [line.partition("\t#1\t")[2] for line in text.splitlines() if "\t#" in line]


def cap(root: Path) -> str:
    """The cap of the one entry."""
    (found,) = cells(root)
    return found.partition("\t")[0]


def fingerprint(root: Path) -> str:
    (found,) = lint(load(None, root)).findings
    return found.fingerprint


def test_worse_is_reported_and_better_lowers_the_cap(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cap(root) == "cap=3"
    has_methods(root, 4)
    capsys.readouterr()
    assert main(["check"]) == 1
    assert capsys.readouterr().out == (
        f"cart.py:1:7: OUR201 crowded-class `Cart` has 4 methods, 2 are fine{ABOUT}\n"
        "1 finding in 1 of 2 files (1 error)\n"
    )
    assert main(["baseline", "sync"]) == 0
    assert cap(root) == "cap=3"

    has_methods(root, 5)
    assert main(["baseline", "accept", fingerprint(root), "--reason", "the sale", "--owner", "shop"]) == 0
    assert "1 entry raised in .ssot-lint/baseline:\n" in capsys.readouterr().out
    assert cap(root) == "cap=5"
    commit()

    has_methods(root, 4)
    assert main(["check"]) == 0
    assert "note: the baseline was cleaned up (1 lowered)" in capsys.readouterr().err
    assert cap(root) == "cap=4"
    assert main(["check"]) == 0
    assert capsys.readouterr().err == ""
    commit()
    assert main(["baseline", "diff", "HEAD~2..HEAD~1"]) == 0
    assert "raised: cart.py crowded-class Cart Cart: 3 -> 5 @" in capsys.readouterr().out
    assert main(["baseline", "diff", "HEAD~1..HEAD"]) == 0
    assert "lowered: cart.py crowded-class Cart Cart: 5 -> 4 @" in capsys.readouterr().out

    has_methods(root, 3)
    assert main(["baseline", "sync"]) == 0
    out = capsys.readouterr().out
    assert (
        "lowered: cart.py crowded-class Cart Cart: 4 -> 3\n0 removed, 0 moved, 1 lowered; 1 entry left" in out
    )
    has_methods(root, 2)
    assert main(["check"]) == 0
    assert cells(root) == []


def test_accept_by_rule_takes_what_is_worse(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    has_methods(root, 4)
    assert main(["baseline", "accept", "--rule", "crowded-class", "--reason", "sale", "--owner", "shop"]) == 0
    assert cap(root) == "cap=4"
    assert main(["check"]) == 0


def test_explain_tells_value_and_cap(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    has_methods(root, 4)
    capsys.readouterr()
    assert main(["baseline", "explain", fingerprint(root)]) == 0
    out = capsys.readouterr().out
    assert "  worse, by an entry of the same rule, file, scope and subject\n" in out
    assert "  it is 4 now, the entry carries up to 3\n" in out


@pytest.mark.parametrize("arguments", [[], ["cart.py"], ["--hook", "cart.py"]], ids=["whole", "part", "hook"])
def test_every_run_says_it(root: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    has_methods(root, 4)
    capsys.readouterr()
    for _ in range(2):  # the second one recalls what was found
        assert main(["check", "--format", "json", *arguments]) == 1
        (found,) = json.loads(capsys.readouterr().out)["findings"]
        assert (found["state"], found["value"]) == ("worse", 4)
    assert main(["check", "--format", "sarif", *arguments]) == 1
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert (result["baselineState"], result.get("suppressions")) == ("updated", None)


def test_sessions_follow_it(root: Path) -> None:
    session = Session(load(None, root))
    assert [each.state for each in session.findings("cart.py")] == ["carried"]
    session.replace("cart.py", (root / "cart.py").read_bytes() + b"    def more(self): ...\n")
    (found,) = session.findings("cart.py")
    assert found.state == "worse"
    where = types.Location("", types.Range(types.Position(0, 0), types.Position(0, 1)))
    shown = diagnostic_of(found, lambda _path, _span: where)
    assert shown.severity == types.DiagnosticSeverity.Error
    assert shown.message.endswith(ABOUT)


def test_change_that_makes_it_worse_is_blamed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where somebody has raised the cap by hand: that takes an owner."""
    has_methods(root, 4)
    assert main(["check", "--changed-since", "HEAD"]) == 1
    path = root / ".ssot-lint/baseline/crowded-class.tsv"
    path.write_text(path.read_text().replace("cap=3", "cap=9"))
    capsys.readouterr()
    assert main(["check", "--changed-since", "HEAD", "--quiet"]) == 4
    assert "1 came into the baseline without an owner to answer for it" in capsys.readouterr().err


def test_growth_that_an_owner_accepts_is_fine(root: Path) -> None:
    has_methods(root, 4)
    main(["baseline", "accept", fingerprint(root), "--reason", "the sale", "--owner", "shop"])
    assert main(["check", "--changed-since", "HEAD"]) == 0


def test_growth_below_a_cap_that_is_out_of_date_is_still_blamed(root: Path) -> None:
    path = root / ".ssot-lint/baseline/crowded-class.tsv"
    path.write_text(path.read_text().replace("cap=3", "cap=9"))
    commit()
    has_methods(root, 4)
    assert main(["check", "--changed-since", "HEAD"]) == 1


def bad_value(text: str) -> Any:
    return lambda rule: rule.read_text().replace("value=number", f"value={text}")


@pytest.mark.parametrize("value", ["4.5", "'4'", "True", "10**18"])
def test_value_that_is_no_whole_number_is_refused(
    root: Path, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = root / "our_checks/crowded_class.py"
    rule.write_text(bad_value(value)(rule))
    assert main(["check"]) == 2
    assert "where a whole number is expected" in capsys.readouterr().err

"""`ssot-lint init` as a newcomer runs it: what it prints, asks and writes, and what it refuses to touch."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from scratch import Repository

from ssot_lint.cli import main
from ssot_lint.config import load

FILES = {
    "kit/base.py": "class KitCase:\n    pass\n",
    **{
        f"tests/test_{index}.py": (
            "from kit.base import KitCase\n\n\nclass TestIt(KitCase):\n    def test_it(self):\n        assert 1\n"
        )
        for index in range(6)
    },
    "tests/test_stray.py": "import unittest\n\n\nclass TestOld(unittest.TestCase):\n    def test_it(self): ...\n",
    "shop/money.py": "class Money:\n    pass\n",
    "shop/old.py": "from shop.money import Money\n",
    **{f"shop/new_{index}.py": "from shop.money import Money\n" for index in range(8)},
    **{f"shop/late_{index}.py": "from shop.old import Money\n" for index in range(5)},
}
MONEY = '[[canonical]]\nsymbol = "shop.money.Money"\nreason = "most of the code imports it from there"\n'


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository without a configuration."""
    repository = Repository(tmp_path / "team", FILES)
    repository.git("config", "user.name", "Ada")
    repository.commit()
    repository.enter(monkeypatch)
    return repository


def written(folder: Path) -> set[str]:
    """The files of a folder that are none of the tree, the cache and git's own."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {
        path for path in found if not path.startswith((".git/", ".ssot-lint-cache/")) and path not in FILES
    }


# what is proposed and written


def test_proposals_are_printed_and_nothing_is_written(
    team: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init"]) == 0
    out, err = capsys.readouterr()
    assert (
        "# `Money` is imported from `shop.money`\n"
        "#   9 of 14 imports take it from there\n"
        "#   5 from `shop.old.Money`\n"
        "#   would find 5 today\n" + MONEY
    ) in out
    assert "2 proposals from 23 files" in err
    assert "nothing was written; `ssot-lint init --yes` writes this to ssot-lint.toml" in err
    assert written(team.folder) == set()


def test_dry_run_prints_what_yes_writes(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert main(["init", "--yes"]) == 0
    assert team.read("ssot-lint.toml") == out
    assert "wrote ssot-lint.toml\n" in capsys.readouterr().out
    assert written(team.folder) == {"ssot-lint.toml"}


def test_check_accepts_it_and_finds_what_was_told(
    team: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--yes"]) == 0
    told = [line for line in team.read("ssot-lint.toml").splitlines() if "would find" in line]
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert out.count(" noncanonical-import ") == 5
    assert "#   would find 5 today" in told
    assert not any(rule in out for rule in ("idle-rule", "unknown-symbol"))


def test_the_proposal_that_finds_most_comes_first(
    team: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init"])
    out = capsys.readouterr().out
    assert out.index("shop.money.Money") < out.index("kit.base.KitCase")


def test_more_of_a_kind(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(11):
        team.write(f"many/thing_{number}.py", f"class Thing{number}: ...\n")
        team.write(f"many/old_{number}.py", f"from many.thing_{number} import Thing{number}\n")
        for user in range(7):
            lines = f"from many.thing_{number} import Thing{number}\n" if user < 6 else ""
            lines += f"from many.old_{number} import Thing{number}\n"
            team.write(f"many/user_{number}_{user}.py", lines)
    main(["init"])
    out, err = capsys.readouterr()
    assert out.count("[[canonical]]") == 11
    assert "2 more with `--all`" in err
    main(["init", "--all"])
    out, err = capsys.readouterr()
    assert out.count("[[canonical]]") == 13
    assert "--all" not in err


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_pyproject_stays_byte_for_byte(team: Repository, end: str, last: str) -> None:
    before = f'[project]{end}name = "té"{end}{end}[tool.other]{end}key = 1{last and end}'.encode()
    file = team.folder / "pyproject.toml"
    file.write_bytes(before)
    file.chmod(0o640)
    assert main(["init", "--yes"]) == 0
    after = file.read_bytes()
    assert after.startswith(before)
    new = after[len(before) :]
    assert b"[[tool.ssot-lint.canonical]]" + end.encode() in new
    assert new.count(b"\n") == new.count(end.encode())
    assert file.stat().st_mode & 0o777 == 0o640
    assert written(team.folder) == {"pyproject.toml"}
    assert main(["check", "--quiet"]) == 1


def test_output(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--output", "config/lint.toml"]) == 0
    assert "next: `ssot-lint check --config config/lint.toml`" in capsys.readouterr().err
    assert written(team.folder) == {"config/lint.toml"}
    assert load(team.folder / "config/lint.toml", team.folder).instances


def test_output_of_a_part_of_the_tree(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    for path, text in FILES.items():
        team.write(f"service/{path}", text)
    assert main(["init", "--yes", "--no-cache", "--baseline", "-o", "service/ssot-lint.toml"]) == 0
    assert 'paths = ["/tests/"]' in team.read("service/ssot-lint.toml")
    assert "next: `ssot-lint check service`" in capsys.readouterr().err
    assert main(["check", "service"]) == 0


def test_the_same_whatever_the_order(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = set()
    for arguments in (["--no-cache"], ["--no-cache", "--jobs", "1"], []):
        main(["init", *arguments])
        outputs.add(capsys.readouterr().out)
    assert len(outputs) == 1


# what goes with it


def test_everything_at_once(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    team.write(".gitignore", "*.log")
    assert main(["init", "--yes", "--pre-commit", "--gitignore", "--baseline"]) == 0
    out, err = capsys.readouterr()
    assert team.read(".gitignore") == "*.log\n.ssot-lint-cache/\n"
    hooks = yaml.safe_load(team.read(".pre-commit-config.yaml"))
    assert hooks["repos"][0]["hooks"][0]["entry"] == "ssot-lint check --hook"
    assert any(path.startswith(".ssot-lint/baseline/") for path in written(team.folder))
    assert "wrote ssot-lint.toml" in out
    assert "wrote .pre-commit-config.yaml" in out
    assert "extended .gitignore" in out
    assert "next: `ssot-lint check`" in err
    assert main(["check"]) == 0
    done = team.run(sys.executable, "-m", "pre_commit", "validate-config")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "before",
    [
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n",
        "# hooks\nrepos:  # all\n    - repo: meta\n      hooks: [{id: identity}]\n\n# end\nfail_fast: true\n",
        "repos:\r\n  - repo: meta\r\n    hooks:\r\n      - id: identity\r\n",
        "repos:\r\n- repo: meta\r\n  hooks:\r\n  - id: identity",
        "default_stages: [pre-commit]\nrepos:\n  - repo: meta\n    hooks:\n      - id: identity",
        "repos:\n  - hooks:\n      - id: identity\n    repo: meta\n",
        "repos:\n- repo: local\n  hooks:\n  - id: ssot-lint-2\n    entry: |\n      go\n      # on\n# end\n",
        "---\nrepos:\n- repo: meta\n  hooks: [\n    {id: identity},\n  ]\n# - id: ssot-lint\nci: {}\n",
    ],
)
def test_the_hook_goes_behind_the_others(team: Repository, before: str) -> None:
    file = team.folder / ".pre-commit-config.yaml"
    file.write_bytes(before.encode())
    assert main(["init", "--yes", "--pre-commit"]) == 0
    after = file.read_bytes().decode()
    old, new = yaml.safe_load(before), yaml.safe_load(after)
    assert new["repos"][:-1] == old["repos"]
    assert new["repos"][-1]["hooks"][0]["id"] == "ssot-lint"
    assert {**new, "repos": 0} == {**old, "repos": 0}
    kept = iter(after.splitlines(keepends=True))
    assert all(any(line.rstrip() == other.rstrip() for other in kept) for line in before.splitlines())
    assert not after.endswith("\r")
    assert after.count("\r\n") == (after.count("\n") if "\r" in before else 0)
    again = file.read_bytes()
    (team.folder / "ssot-lint.toml").unlink()
    assert main(["init", "--yes", "--pre-commit"]) == 0
    assert file.read_bytes() == again


@pytest.mark.parametrize(
    "before",
    [
        "repos: []\n",
        "fail_fast: true\n",
        "repos:\n",
        "repos: &all\n  - repo: meta\n",
        "repos:\n  - repo: meta\n    hooks:\n\t- id: identity\n",
        "---\nrepos:\n- repo: meta\n---\nrepos:\n- repo: meta\n",
        "repos:\n  - repo: meta\n - repo: local\n",
        "repos:\n  name: meta\n",
        "repos:\n  - *meta\n",
        "repos:\n- repo: meta\n  hooks: [\n    {id: identity},\n]\n",
    ],
)
def test_what_cannot_be_extended_stays_and_nothing_else_is_written(
    team: Repository, capsys: pytest.CaptureFixture[str], before: str
) -> None:
    team.write(".pre-commit-config.yaml", before)
    assert main(["init", "--yes", "--pre-commit"]) == 2
    out, err = capsys.readouterr()
    assert "- repo: local\n  hooks:\n    - id: ssot-lint\n" in out
    assert ".pre-commit-config.yaml cannot be extended: " in err
    assert team.read(".pre-commit-config.yaml") == before
    assert written(team.folder) == {".pre-commit-config.yaml"}


@pytest.mark.parametrize(
    "hooks", ["\n  - name: lint\n    'id': \"ssot-lint\"  # ours\n", " [{id: ssot-lint, name: lint}]\n"]
)
def test_the_hook_is_there_already(team: Repository, capsys: pytest.CaptureFixture[str], hooks: str) -> None:
    before = f"repos:\n- repo: local\n  hooks:{hooks}"
    team.write(".pre-commit-config.yaml", before)
    assert main(["init", "--yes", "--pre-commit"]) == 0
    assert ".pre-commit-config.yaml has it already" in capsys.readouterr().err
    assert team.read(".pre-commit-config.yaml") == before


@pytest.mark.parametrize("before", [".ssot-lint-cache/\n", "x\n/.ssot-lint-cache\n"])
def test_the_cache_is_ignored_already(team: Repository, before: str) -> None:
    team.write(".gitignore", before)
    assert main(["init", "--yes", "--gitignore"]) == 0
    assert team.read(".gitignore") == before


# what is there already


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ssot-lint.toml", ""),
        ("ssot-lint.toml", MONEY),
        ("pyproject.toml", "[tool.ssot-lint]\n"),
    ],
)
def test_a_configuration_is_not_written_over(
    team: Repository, capsys: pytest.CaptureFixture[str], path: str, text: str
) -> None:
    team.write(path, text)
    assert main(["init", "--yes"]) == 2
    assert f"there is a configuration already: {path}; `--dry-run` shows" in capsys.readouterr().err
    assert main(["init", "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert "kit.base.KitCase" in out
    assert ("shop.money.Money" in out) is (text != MONEY)
    assert f"there is a configuration already, {path}" in err
    assert team.read(path) == text


def test_the_configuration_that_is_there_is_named(
    team: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    team.write("pyproject.toml", "[tool.ssot-lint]\n")
    assert main(["init", "--dry-run", "--output", "ssot-lint.toml"]) == 0
    out, err = capsys.readouterr()
    assert "[[tool.ssot-lint.canonical]]" in out
    assert "there is a configuration already, pyproject.toml, to which you can add this" in err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tool = {}\n", "its `tool` takes no more tables"),
        ("tool = 1\n", "its `tool` takes no more tables"),
        ("a = 1\n[tool\n", "pyproject.toml:2:6: this is not TOML"),
        ("[tool]\nssot-lint2 = 1\n[[tool.ssot-lint]]\n", "pyproject.toml"),
    ],
)
def test_a_pyproject_that_takes_no_more(
    team: Repository, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    team.write("pyproject.toml", text)
    assert main(["init"]) == 2
    assert reason in capsys.readouterr().err
    assert team.read("pyproject.toml") == text


def test_a_pyproject_that_is_no_text(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (team.folder / "pyproject.toml").write_bytes(b'name = "\xff"\n')
    assert main(["init", "--yes"]) == 2
    assert "`--output ssot-lint.toml` goes past it" in capsys.readouterr().err
    assert main(["init", "--yes", "--output", "ssot-lint.toml"]) == 0


def test_a_link_out_of_the_tree_is_not_followed(
    team: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("[tool.other]\n")
    (team.folder / "pyproject.toml").symlink_to(outside)
    assert main(["init", "--yes"]) == 2
    hint = "is reached through a link; `--output ssot-lint.toml` goes past it"
    assert f"`pyproject.toml` cannot be used: {hint}" in capsys.readouterr().err
    assert main(["init", "--yes", "--output", "ssot-lint.toml"]) == 0
    (team.folder / "ssot-lint.toml").unlink()
    (team.folder / "pyproject.toml").unlink()
    (team.folder / ".gitignore").symlink_to(outside)
    assert main(["init", "--yes", "--gitignore"]) == 2
    assert outside.read_text() == "[tool.other]\n"
    assert main(["init", "--yes", "--output", str(outside)]) == 2


# trees that say little


def test_outside_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["init", "--yes", "--gitignore"]) == 0
    assert written(tmp_path) == {"ssot-lint.toml", ".gitignore"}


@pytest.mark.parametrize("files", [{}, {"a.py": "def (:\n", "b.py": "\x00"}])
def test_nothing_to_propose(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: Mapping[str, str],
) -> None:
    Repository(tmp_path / "bare", files).enter(monkeypatch)
    assert main(["init", "--yes"]) == 0
    out, err = capsys.readouterr()
    assert "0 proposals from" in err
    assert "nothing stands out here" in err
    assert ("from 0 files, without 2 that cannot be compiled" in err) is bool(files)
    assert out == ""
    assert written(tmp_path / "bare") == set(files)


def test_nothing_to_add(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes"]) == 0
    capsys.readouterr()
    assert main(["init"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "nothing stands out here that the configuration does not tell already" in err
    assert "works without a configuration" not in err
    assert "to which you can add this" not in err


def test_folders_with_odd_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = 'co"py \\ [of] \u202e*'
    files = {f"app/part_{index}/page.py": f"VALUE = {index}\n" for index in range(12)}
    copies = {f"{odd}/{path}": text for path, text in files.items()}
    Repository(tmp_path / "odd", {**files, **copies}).enter(monkeypatch)
    assert main(["init", "--yes"]) == 0
    text = (tmp_path / "odd/ssot-lint.toml").read_text(encoding="utf-8")
    assert "\u202e" not in text
    (pattern,) = load(None, tmp_path / "odd").exclude
    assert pattern.startswith('/co"py ')
    assert main(["check", "--select", "syntax-error", f"{odd}/app/part_1/page.py"]) == 0


def test_a_folder_in_the_way(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (team.folder / ".gitignore").mkdir()
    assert main(["init", "--yes", "--gitignore"]) == 2
    assert "`.gitignore` cannot be used: is not a regular file" in capsys.readouterr().err
    assert written(team.folder) == set()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_only_read(team: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    team.folder.chmod(0o500)
    try:
        assert main(["init", "--yes"]) == 2
    finally:
        team.folder.chmod(0o700)
    assert "`ssot-lint.toml` cannot be written: " in capsys.readouterr().err


# on a terminal


def on_terminal(team: Repository, answers: str, *arguments: str, **variables: str) -> tuple[int, str]:
    """Runs `init` on a terminal where somebody has typed the answers already; the exit code and all it says."""
    pty = pytest.importorskip("pty", reason="there are no terminals of this kind")
    person, program = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "ssot_lint", "init", *arguments],
        cwd=team.folder,
        env={**team.environment, "TERM": "dumb", "COLUMNS": "200", **variables},
        stdin=program,
        stdout=program,
        stderr=program,
    ) as process:
        os.close(program)
        os.write(person, answers.encode())
        said = b""
        try:
            while chunk := os.read(person, 4096):
                said += chunk
        except OSError:
            pass  # what a terminal of Linux says when nobody holds its other end any more
        os.close(person)
    return process.returncode, said.decode(errors="replace")


def test_take_one_skip_the_other(team: Repository) -> None:
    code, said = on_terminal(team, "t\ns\nn\nn\nn\n")
    assert code == 0
    assert "1 of 2: `Money` is imported from `shop.money`" in said
    assert "wrote ssot-lint.toml" in said
    text = team.read("ssot-lint.toml")
    assert MONEY in text
    assert "KitCase" not in text


def test_take_all_the_rest_and_everything_else(team: Repository) -> None:
    code, said = on_terminal(team, "a\ny\ny\ny\n")
    assert code == 0, said
    assert "KitCase" in team.read("ssot-lint.toml")
    assert {".gitignore", ".pre-commit-config.yaml"} < written(team.folder)
    assert main(["check", "--quiet"]) == 0


def test_the_hook_that_cannot_be_added_stops_nothing_else(team: Repository) -> None:
    team.write(".pre-commit-config.yaml", "repos: []\n")
    code, said = on_terminal(team, "a\ny\nn\nn\n")
    assert code == 0
    assert "- repo: local" in said
    assert "the lines above go into its `repos`" in said
    assert written(team.folder) == {".pre-commit-config.yaml", "ssot-lint.toml"}


def test_the_hook_that_is_there_is_told_once(team: Repository) -> None:
    hooks = "repos:\n- repo: local\n  hooks: [{id: ssot-lint, name: lint}]\n"
    team.write(".pre-commit-config.yaml", hooks)
    code, said = on_terminal(team, "a\ny\nn\nn\n")
    assert code == 0
    assert said.count(".pre-commit-config.yaml has it already") == 1
    assert team.read(".pre-commit-config.yaml") == hooks


def test_skip_all(team: Repository) -> None:
    code, said = on_terminal(team, "s\ns\nn\nn\nn\n")
    assert code == 0
    assert "nothing was written" in said
    assert "nothing stands out" not in said
    assert written(team.folder) == set()


@pytest.mark.parametrize("answers", ["q\n", "t\nq\n", "t\nt\n\x04"])
def test_quit_without_writing(team: Repository, answers: str) -> None:
    code, said = on_terminal(team, answers)
    assert code == 0
    assert "nothing was written" in said
    assert written(team.folder) == set()


def editor(team: Repository, script: str) -> str:
    """A command that changes the file it is given as a script says, whose `text` is what that holds."""
    file = team.folder.parent / "editor.py"
    file.write_text(
        "import os, pathlib, sys\nfile = pathlib.Path(sys.argv[1])\ntext = file.read_text()\n"
        f"file.write_text({script})\n"
    )
    return shlex.join([sys.executable, str(file)])


def test_edit(team: Repository) -> None:
    change = editor(team, "text.replace('most of the code', 'the team')")
    code, said = on_terminal(team, "e\nt\ns\nn\nn\nn\n", EDITOR="false", VISUAL=change)
    assert code == 0, said
    assert 'reason = "the team imports it from there"' in team.read("ssot-lint.toml")
    assert said.count("1 of 2") == 2


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("text + 'x ='", "it stays as it was: line"),
        ("text.replace('symbol', 'simbol')", "simbol"),
        ("text.replace('shop.money', 'shop.gone')", "it stays as it was: "),
        ("text.replace('\"most', '1.5 # most')", "expected a string, found the number 1.5"),
        ("text.replace('\"most', '1979-05-27 # most')", "it stays as it was: "),
        ("'canonical = [1, {symbol = \"shop.money.Money\"}]'", "expected a table, found the number 1"),
        ("'exclude = [\"/nowhere/\"]'", "it stays as it was: the new one would find nothing"),
        ("os.unlink(file) or os._exit(0)", "it stays as it was: what the editor left cannot be read"),
    ],
)
def test_a_mistake_in_the_editor(team: Repository, script: str, reason: str) -> None:
    code, said = on_terminal(team, "e\nt\ns\nn\nn\nn\n", EDITOR=editor(team, script))
    assert code == 0
    assert reason in said
    assert MONEY in team.read("ssot-lint.toml")


@pytest.mark.parametrize("answers", ["e\nt\nt\n", "e\na\n"])
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("text + '[[canonical]]\\nsymbol = \"kit.base.KitCase\"\\n'", "is canonical already"),
        ("'exclude = [\"/tests/\"]'", "tests/"),
    ],
)
def test_what_a_change_rules_out_is_left_out(
    team: Repository, answers: str, script: str, reason: str
) -> None:
    code, said = on_terminal(team, f"{answers}n\nn\nn\n", EDITOR=editor(team, script))
    assert code == 0, said
    (line,) = [line for line in said.splitlines() if "left out: `KitCase` is the base" in line]
    assert reason in line
    assert main(["check", "--select", "unknown-symbol,idle-rule"]) == 0


def test_what_is_taken_is_counted_without_the_rest(team: Repository) -> None:
    change = editor(team, '\'exclude = ["/tests/test_0.py", "/tests/test_stray.py"]\'')
    code, said = on_terminal(team, "e\nt\nt\nn\nn\nn\n", EDITOR=change)
    assert code == 0, said
    assert "would find 2 today" in said
    assert "would find 0 today" in team.read("ssot-lint.toml")


def test_what_settings_leave_out_is_counted_anew(team: Repository) -> None:
    change = editor(team, "'exclude = [\"/shop/new_*.py\"]'")
    code, said = on_terminal(team, "e\nt\ns\nn\nn\nn\n", EDITOR=change)
    assert code == 0, said
    assert '#   would leave out 8 files\nexclude = ["/shop/new_*.py"]' in team.read("ssot-lint.toml")


def test_no_editor(team: Repository) -> None:
    code, said = on_terminal(team, "e\nq\n", EDITOR="", VISUAL="")
    assert code == 0
    assert "set VISUAL or EDITOR" in said


def test_the_documentation_shows_what_it_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    top = Path(__file__).parent.parent
    shutil.copytree(
        top / "examples/legacy_suite",
        tmp_path / "suite",
        ignore=shutil.ignore_patterns("pyproject.toml", ".ssot-lint-cache", "__pycache__"),
    )
    monkeypatch.chdir(tmp_path / "suite")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert main(["init", "--no-cache"]) == 0
    shown = (top / "docs/init.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    assert capsys.readouterr().out == shown

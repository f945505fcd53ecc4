"""`ssot-lint check --changed-since`: what a change has caused, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint.baseline.folder import FOLDER
from ssot_lint.cli import main

RULE = "forbidden-import"
SHARD = f"{FOLDER}/{RULE}.tsv"
CONFIG = f"""\
[[{RULE}]]
targets = ["requests", "urllib3"]
[[missing-base]]
base = "base.Base"
classes = ["Test*"]
"""
FILES = {
    "ssot-lint.toml": CONFIG,
    ".gitignore": ".ssot-lint-cache/\n",
    "base.py": "class Base: ...\n",
    "old.py": "import requests\ndef load():\n    import urllib3\n",
    "middle.py": "from base import Base\nclass Middle(Base): ...\n",
    "leaf.py": "from middle import Middle\nclass TestLeaf(Middle): ...\n",
}
WHY = ("--reason", "until the bank moves", "--owner", "payments")

BOTH = ("main:refs/remotes/origin/main", "branch:refs/remotes/origin/branch")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository on a branch that has changed nothing yet, as the working folder, on a machine for CI."""
    repository = Repository(tmp_path / "team", FILES)
    repository.enter(monkeypatch)
    monkeypatch.setenv("CI", "true")
    repository.git("config", "user.name", "Ada")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "branch")
    return repository


@pytest.fixture
def run(team: Repository, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in the repository: exit code, output, what is told beside it."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        return code, *capsys.readouterr()

    return run


def caused(run: Run, *arguments: str, since: str = "main") -> tuple[int, list[str]]:
    """The exit code, and the places of what is reported."""
    code, output, _ = run("check", "--quiet", "--changed-since", since, *arguments)
    return code, [line.split(" ")[0] for line in output.splitlines() if not line.startswith(" ")]


def test_what_was_there_is_not_reported(run: Run) -> None:
    assert caused(run) == (0, [])
    code, output, _ = run("check", "--changed-since", "main")
    assert (code, output) == (0, "no findings in 4 files (2 there before)\n")
    assert run("check")[0] == 1


def test_state_tells_what_was_there_before(team: Repository, run: Run) -> None:
    team.write("new.py", "import requests\n")
    _, output, _ = run("check", "--changed-since", "main", "--format", "json")
    document = json.loads(output)
    states = [(each["path"], each["state"]) for each in document["findings"]]
    assert states == [("new.py", "new"), ("old.py", "inherited"), ("old.py", "inherited")]
    assert document["summary"]["by_state"] == {"inherited": 2, "new": 1}
    assert document["summary"]["exit_codes"] == [1]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"new.py": "import requests\n"}, ["new.py:1:8:"], id="new file, git does not track"),
        pytest.param(
            {"old.py": f"import os\nimport requests\n{FILES['old.py']}"}, ["old.py:3:8:"], id="one more there"
        ),
        pytest.param({"old.py": f"import os\n\n{FILES['old.py']}"}, [], id="lines that move"),
        pytest.param(
            {"old.py": "", "new.py": "def load():\n    import urllib3\n"}, [], id="function that moves"
        ),
        pytest.param(
            {"middle.py": "class Middle: ...\n"}, ["leaf.py:2:7:"], id="effect in a file that is not changed"
        ),
        pytest.param({"leaf.py": "class TestLeaf(\n"}, ["leaf.py:1:15:"], id="file that breaks"),
    ],
)
def test_changes(team: Repository, run: Run, files: dict[str, str], expected: list[str]) -> None:
    for path, text in files.items():
        team.write(path, text)
    assert caused(run) == (int(bool(expected)), expected)
    team.commit()
    assert caused(run) == (int(bool(expected)), expected), "the same once it is committed"
    assert caused(run, "--no-cache") == (int(bool(expected)), expected)


def test_renamed_file_brings_nothing_new(team: Repository, run: Run) -> None:
    team.git("mv", "old.py", "renamed.py")
    assert caused(run) == (0, [])


def test_what_the_other_branch_does_meanwhile_is_not_blamed(team: Repository, run: Run) -> None:
    team.write("new.py", "import os\n")
    team.commit()
    team.git("checkout", "--quiet", "main")
    team.write("old.py", "")
    team.commit()
    team.git("checkout", "--quiet", "branch")
    assert caused(run) == (0, [])


def test_rule_that_a_change_brings_in_blames_no_old_code(team: Repository, run: Run) -> None:
    team.write("ssot-lint.toml", f'{CONFIG}[[forbidden-use]]\ntargets = ["print"]\npaths = ["/*.py"]\n')
    team.write("old.py", f"{FILES['old.py']}print(1)\n")
    assert caused(run) == (1, ["old.py:4:1:"])


def test_mistake_in_a_new_rule_is_blamed_and_an_old_one_is_not(team: Repository, run: Run) -> None:
    idle = '[[forbidden-use]]\ntargets = ["print"]\npaths = ["nowhere/"]\n'
    team.write("ssot-lint.toml", CONFIG + idle)
    assert caused(run) == (1, ["ssot-lint.toml:6:1:"])
    team.commit()
    team.git("branch", "--force", "main")
    team.write("ssot-lint.toml", f'{CONFIG}{idle}name = "no printing"\n')
    assert caused(run) == (0, [])


def test_configuration_of_before_that_cannot_be_read_blames_the_new_one(team: Repository, run: Run) -> None:
    team.write("ssot-lint.toml", "[[forbidden")
    team.commit()
    team.git("branch", "--force", "main")
    team.write("ssot-lint.toml", f'{CONFIG}[[forbidden-use]]\ntargets = ["print"]\npaths = ["nowhere/"]\n')
    assert caused(run) == (1, ["ssot-lint.toml:6:1:"])


def test_way_in_which_pytest_collects_is_that_of_each_time(team: Repository, run: Run) -> None:
    team.write("ssot-lint.toml", "[[uncollected-test]]\n")
    team.write("tests/check_it.py", "def test_it():\n    assert open\n")
    team.write("pytest.ini", "[pytest]\npython_files = check_*.py\n")
    team.commit()
    team.git("branch", "--force", "main")
    team.write("pytest.ini", "[pytest]\n")
    assert caused(run) == (1, ["tests/check_it.py:1:5:"])
    assert caused(run) == (1, ["tests/check_it.py:1:5:"]), "from the record, too"
    assert caused(run, since="HEAD~1")[0] == 1


def test_only_part_is_reported_and_all_is_looked_at(team: Repository, run: Run) -> None:
    team.write("middle.py", "class Middle: ...\n")
    team.write("new.py", "import requests\n")
    assert caused(run, "leaf.py") == (1, ["leaf.py:2:7:"])
    assert caused(run, "old.py") == (0, [])


def test_project_in_a_folder_of_the_repository(
    team: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.git("rm", "--quiet", "ssot-lint.toml")
    for path, text in FILES.items():
        team.write(f"part/{path}", text)
    team.commit()
    team.git("branch", "--force", "main")
    monkeypatch.chdir(team.folder / "part")
    assert caused(run) == (0, [])
    team.write("part/new.py", "import requests\n")
    assert caused(run) == (1, ["new.py:1:8:"])


# with a baseline


def test_entry_that_is_over_already_hides_nothing_new(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.write("old.py", "def load():\n    import urllib3\n")
    team.commit()
    team.git("branch", "--force", "main")
    team.write("old.py", FILES["old.py"])
    assert run("check", "-q")[0] == 0, "the entry carries it again"
    assert caused(run) == (1, ["old.py:1:8:"])


def test_entries_that_the_change_ends_fail_it_where_nothing_is_cleaned_up(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.commit()
    team.git("branch", "--force", "main")
    team.write("old.py", "def load():\n    import urllib3\n")
    code, output, told = run("check", "--changed-since", "main")
    assert (code, output) == (3, "no findings in 4 files (1 carried)\n")
    assert "1 in the baseline is over because of this change:" in told
    assert "old.py forbidden-import <module> requests" in told
    assert "`ssot-lint baseline sync`" in told
    assert run("baseline", "sync", "-q")[0] == 0
    assert run("check", "--changed-since", "main")[0] == 0


def test_entries_that_were_over_before_are_only_noted(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.write("old.py", "def load():\n    import urllib3\n")
    team.commit()
    team.git("branch", "--force", "main")
    team.write("new.py", "import os\n")
    code, _, told = run("check", "--changed-since", "main")
    assert code == 0
    assert "note: the baseline is not up to date" in told


def test_part_of_the_project_ends_no_entry(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.commit()
    team.git("branch", "--force", "main")
    team.write("old.py", "")
    assert run("check", "--changed-since", "main", "leaf.py")[0] == 0


def test_own_machine_cleans_up(team: Repository, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.commit()
    team.git("branch", "--force", "main")
    team.write("old.py", "")
    monkeypatch.delenv("CI")
    code, _, told = run("check", "--changed-since", "main")
    assert code == 0
    assert "the baseline was cleaned up (2 fixed)" in told


def test_accepted_with_an_owner_is_approved(team: Repository, run: Run) -> None:
    team.write("new.py", "import requests\n")
    assert run("baseline", "accept", "--rule", RULE, "--path", "new.py", *WHY)[0] == 0
    assert caused(run) == (0, [])


def test_first_baseline_of_what_was_there_is_approved(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    assert caused(run) == (0, [])


def test_baseline_that_begins_with_what_is_new_is_not_approved(team: Repository, run: Run) -> None:
    team.write("new.py", "import requests\n")
    assert run("baseline", "init", "-q")[0] == 0
    code, _, told = run("check", "--changed-since", "main")
    assert code == 4
    assert "1 came into the baseline without an owner" in told
    assert "new.py forbidden-import <module> requests" in told
    base = team.git("rev-parse", "main")[:12]
    assert f"`git checkout {base} -- .ssot-lint`" in told


def test_entry_written_by_hand_is_not_approved(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.commit()
    team.git("branch", "--force", "main")
    team.write("new.py", "import requests\n")
    assert run("baseline", "accept", "--rule", RULE, "--path", "new.py", *WHY)[0] == 0
    shard = team.read(SHARD).splitlines(keepends=True)
    team.write(
        SHARD, "".join(line.rpartition("\t@")[0] + "\n" if "new.py" in line else line for line in shard)
    )
    assert run("check", "--changed-since", "main")[0] == 4
    assert run("check")[0] == 0, "nobody can tell without the commit of before"


def test_weightier_reason_comes_first(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.commit()
    team.git("branch", "--force", "main")
    team.write("old.py", "def load():\n    import urllib3\n")
    team.write("new.py", "from requests import get\n")
    code, output, _ = run("check", "--changed-since", "main", "--format", "json")
    assert (code, json.loads(output)["summary"]["exit_codes"]) == (1, [1, 3])
    assert run("check", "--changed-since", "main", "--exit-zero")[0] == 0


def test_no_baseline_means_no_word_about_it(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.commit()
    team.git("branch", "--force", "main")
    team.write("old.py", "")
    assert run("check", "--changed-since", "main", "--no-baseline")[0] == 0


def test_no_baseline_needs_none_of_its_files(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    team.write(SHARD, "damaged")
    team.commit()
    team.git("branch", "--force", "main")
    team.write(".ssot-lint/batches.toml", "x = (")
    assert run("check", "--changed-since", "main")[0] == 2
    assert run("check", "--changed-since", "main", "--no-baseline")[0] == 0


# budgets, and what is past its day

BUDGETS = ".ssot-lint/budgets.toml"
WAIVERS = ".ssot-lint/waivers.toml"
BUDGET = f'[[budget]]\nrule = "{RULE}"\nmax = {{}}\n'
WAIVER = f'''[[waiver]]
rule = "{RULE}"
paths = ["old.py"]
reason = "until the bank moves"
expires = {{}}
'''


def test_budget_that_is_overdrawn_fails_a_run_about_everything(team: Repository, run: Run) -> None:
    team.write(BUDGETS, BUDGET.format(1))
    assert run("baseline", "init", "-q")[0] == 0
    code, output, told = run("check")
    assert (code, output) == (5, "no findings in 4 files (2 carried)\n")
    assert f"{BUDGETS}:1: 2 found, 1 allowed of `{RULE}`" in told
    assert f"`ssot-lint check --no-baseline --select {RULE}` lists them" in told
    assert run("check", "old.py")[0] == 0, "a part of the project is no budget"
    team.write(BUDGETS, BUDGET.format(2))
    assert run("check")[0] == 0


def test_budget_counts_what_comments_allow(team: Repository, run: Run) -> None:
    team.write(BUDGETS, BUDGET.format(1))
    team.write(
        "old.py",
        f"import requests  # ssot: allow {RULE} -- old\nimport urllib3  # ssot: allow {RULE} -- old\n",
    )
    assert run("check")[0] == 5


def test_change_answers_for_a_budget_only_if_it_adds_to_it(team: Repository, run: Run) -> None:
    team.write(BUDGETS, BUDGET.format(1))
    assert run("baseline", "init", "-q")[0] == 0
    team.commit()
    team.git("branch", "--force", "main")
    code, _, told = run("check", "--changed-since", "main")
    assert code == 0
    assert f"note: {BUDGETS}:1: 2 found, 1 allowed" in told
    team.write("new.py", "import requests\n")
    assert run("baseline", "accept", "--rule", RULE, "--path", "new.py", *WHY)[0] == 0
    assert run("check", "--changed-since", "main")[0] == 5


def test_budget_that_is_to_stop_falling_tells_from_when_on(team: Repository, run: Run) -> None:
    team.write(BUDGETS, f"{BUDGET.format(9)}target = 3\nsince = 2100-01-01\nby = 2100-01-05\n")
    team.commit()
    team.git("branch", "--force", "main")
    team.write(BUDGETS, BUDGET.format(8))
    code, _, told = run("check", "--changed-since", "main")
    assert code == 4
    assert "was 3 and is 8 on 2100-01-05" in told


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        pytest.param(BUDGET.format(4), 4, "was 3 and is 4", id="raised"),
        pytest.param("", 4, "was 3 and is gone", id="gone"),
        pytest.param(BUDGET.format(2), 0, "", id="lowered"),
    ],
)
def test_change_of_a_budget(team: Repository, run: Run, text: str, code: int, word: str) -> None:
    team.write(BUDGETS, BUDGET.format(3))
    team.commit()
    team.git("branch", "--force", "main")
    team.write(BUDGETS, text)
    got, _, told = run("check", "--changed-since", "main")
    assert got == code
    assert word in told


def test_narrower_budget_makes_no_room_in_an_older_one(team: Repository, run: Run) -> None:
    team.write(BUDGETS, BUDGET.format(2))
    team.commit()
    team.git("branch", "--force", "main")
    team.write("new.py", f"import requests  # ssot: allow {RULE} -- old\n")
    assert run("check", "--changed-since", "main")[0] == 5
    team.write(BUDGETS, f'{BUDGET.format(2)}\n{BUDGET.format(9)}paths = ["new.py"]\n')
    code, _, told = run("check", "--changed-since", "main")
    assert code == 4
    assert f"before this change, {BUDGETS}:1: 3 found, 2 allowed of `{RULE}`" in told


def test_entry_of_a_batch_that_is_gone_is_an_error(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    (team.folder / ".ssot-lint/batches.toml").unlink()
    code, _, told = run("check")
    assert code == 2
    assert "there is no batch" in told


def test_change_answers_for_expired_debt_in_files_that_it_touches(team: Repository, run: Run) -> None:
    team.write(WAIVERS, WAIVER.format("2020-01-31"))
    team.commit()
    team.git("branch", "--force", "main")
    team.write("new.py", "import os\n")
    code, _, told = run("check", "--changed-since", "main")
    assert code == 0
    assert "note: waiver in .ssot-lint/waivers.toml:1 expired on 2020-01-31" in told
    team.write("old.py", f"{FILES['old.py']}import os\n")
    code, _, told = run("check", "--changed-since", "main")
    assert code == 5
    assert "  old.py\n" in told
    assert run("check")[0] == 0, "an expired waiver still waives"


# what can be missing


def test_unknown_commit(run: Run) -> None:
    code, _, told = run("check", "--changed-since", "nowhere")
    assert code == 2
    assert "git knows no commit `nowhere`" in told
    assert "git fetch" in told


@pytest.mark.parametrize("name", ["", " ", "main\nmain", "main commit of"])
def test_what_names_no_commit_is_a_mistake(run: Run, name: str) -> None:
    code, _, told = run("check", "--changed-since", name)
    assert code == 2, "an empty name is what a variable without a value leaves"
    assert "git knows no commit" in told


def test_repository_without_a_commit(team: Repository, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = Repository(team.folder.parent / "fresh", FILES)
    monkeypatch.chdir(fresh.folder)
    code, _, told = run("check", "--changed-since", "HEAD")
    assert code == 2
    assert "there is no commit yet" in told


def test_named_file_with_another_ending_was_there_before(team: Repository, run: Run) -> None:
    team.write("tool", "#!/usr/bin/env python\nimport requests\n")
    assert caused(run, "tool") == (1, ["tool:2:8:"])
    team.commit()
    assert caused(run, "tool", since="HEAD") == (0, [])
    assert caused(run, "tool", "--no-cache", since="HEAD") == (0, [])
    assert caused(run, "tool") == (1, ["tool:2:8:"])


def test_name_that_looks_like_an_option(run: Run) -> None:
    assert run("check", "--changed-since=--help")[0] == 2


def test_shallow_clone_says_what_is_missing(
    team: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.write("new.py", "import requests\n")
    team.commit()
    team.git("checkout", "--quiet", "main")
    team.write("other.py", "import os\n")
    team.commit()
    clone = Repository(team.folder.parent / "clone")
    clone.git("remote", "add", "origin", f"file://{team.folder}")
    clone.git("fetch", "--quiet", "--depth=1", "origin", *BOTH)
    clone.git("checkout", "--quiet", "branch")
    monkeypatch.chdir(clone.folder)
    code, _, told = run("check", "--changed-since", "origin/main")
    assert code == 2
    assert "this clone is shallow and does not reach back to where `origin/main` and HEAD part" in told
    clone.git("fetch", "--quiet", "--deepen=1", "origin", *BOTH)
    assert caused(run, since="origin/main") == (1, ["new.py:1:8:"])


def test_histories_without_a_common_commit(team: Repository, run: Run) -> None:
    team.git("checkout", "--quiet", "--orphan", "other")
    team.write("other.py", "import os\n")
    team.commit()
    code, _, told = run("check", "--changed-since", "main")
    assert code == 2
    assert "`main` and HEAD have no history in common" in told


def test_partial_clone_says_what_is_missing(
    team: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.write("old.py", "")
    team.commit()
    team.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(team.folder.parent / "clone")
    clone.git("remote", "add", "origin", f"file://{team.folder}")
    clone.git("fetch", "--quiet", "--filter=blob:none", "origin", *BOTH)
    clone.git("checkout", "--quiet", "branch")
    monkeypatch.chdir(clone.folder)
    code, _, told = run("check", "--changed-since", "origin/main")
    assert code == 2
    assert "git lacks texts of an earlier commit; `git fetch --refetch` brings all of them" in told


@pytest.mark.parametrize("path", ["ssot-lint.toml", BUDGETS])
def test_partial_clone_names_a_file_that_is_missing(
    team: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    team.write(BUDGETS, BUDGET.format(9))
    team.git("config", "uploadpack.allowFilter", "true")
    before = team.commit()
    team.write(path, f"{team.read(path)}# changed\n")
    team.commit()
    clone = team.folder.parent / "clone"
    team.git("clone", "--quiet", "--filter=blob:none", f"file://{team.folder}", str(clone))
    monkeypatch.chdir(clone)
    for remote in ("set-url origin nowhere", "remove origin"):  # git tells it in two ways
        team.git("-C", str(clone), "remote", *remote.split())
        for verb in ("check", "report"):
            code, _, told = run(verb, "--changed-since", before)
            assert code == 2
            assert f"`--changed-since {before}`: git lacks `{path}` of the commit `{before}`; " in told


def test_outside_of_git(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "ssot-lint.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(folder)
    code, _, told = run("check", "--changed-since", "main")
    assert code == 2
    assert "not a git repository" in told


def test_hook_and_standard_input_know_no_commit_of_before(run: Run) -> None:
    assert run("check", "--hook", "--changed-since", "main", "old.py")[0] == 2
    assert run("check", "--hook", "--changed-since", "", "old.py")[0] == 2
    assert run("check", "--stdin-filename", "old.py", "--changed-since", "main", "-")[0] == 2

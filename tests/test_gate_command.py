"""`ssot-lint gate` as a job runs it: tables, exit codes, and what helps when a gate is not met."""

from __future__ import annotations

import datetime
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint.baseline.batches import PATH as BATCHES

CONFIG = """\
[[missing-base]]
base = "base.Base"
paths = ["tests/"]
[[forbidden-import]]
targets = ["requests"]
severity = "warning"
"""
GATES = """\
[[gate]]
name = "phase-1"
reason = "before the new runner is switched on"
conditions = [
  { rules = ["syntax-error"], paths = ["tests/critical/"], max = 0 },
  { rules = ["missing-base"], max = 1 },
  { min-clean = 50, paths = ["tests/"] },
]
[[gate]]
name = "soft"
conditions = [{ rules = ["forbidden-import"], max = 1 }]
"""
FILES = {
    "ssot-lint.toml": f"{CONFIG}{GATES}",
    ".gitignore": ".ssot-lint-cache/\n",
    "base.py": "class Base: ...\n",
    "lib/net.py": "import requests\n",
    "lib/old.py": "import requests  # ssot: allow forbidden-import -- soon\n",
    "tests/critical/test_pay.py": "def test(:\n",
    "tests/test_a.py": "class TestA: ...\nclass TestB: ...\n",
    "tests/test_c.py": "class TestC: ...\n",
    "tests/test_d.py": "from base import Base\nclass TestD(Base): ...\n",
}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def team(tmp_path: Path) -> Repository:
    """A repository with goals that it does not meet."""
    repository = Repository(tmp_path / "team", FILES)
    repository.git("config", "user.name", "Ada")
    repository.commit()
    return repository


@pytest.fixture
def run(team: Repository) -> Run:
    """Runs `ssot-lint` with some arguments in the repository, or in a folder of it."""

    def run(*arguments: str, cwd: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ssot_lint", *arguments],
            cwd=team.folder / cwd,
            env=team.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


TABLE = """\
phase-1: before the new runner is switched on

condition                 now      allowed  wanted   distance
findings of syntax-error  1                 <= 0     1 too many
  in tests/critical/
  1 of 1 files do not compile: nothing else is found in them
findings of missing-base  3                 <= 1     2 too many
  1 of 7 files do not compile: nothing else is found in them
files clean               25.00 %           >= 50 %  1 too few
  in tests/
  1 of 4 files
  1 of 4 files do not compile: they are not clean

phase-1: 0 of 3 conditions are met
"""


def test_gate_that_is_not_met(team: Repository, run: Run) -> None:
    done = run("gate", "phase-1")
    assert done.returncode == 5
    assert done.stdout == TABLE
    assert done.stderr.splitlines() == [
        "ssot-lint: see `ssot-lint check --no-baseline --select syntax-error tests/critical`",
        "ssot-lint: see `ssot-lint check --no-baseline --select missing-base`",
        "ssot-lint: see `ssot-lint check --no-baseline tests`",
    ]
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_advice_works_as_it_stands_from_a_folder_below(team: Repository, run: Run) -> None:
    done = run("gate", "phase-1", "--config", "../../ssot-lint.toml", cwd="tests/critical")
    commands = [line.partition("`")[2].rstrip("`") for line in done.stderr.splitlines()]
    program, *arguments = shlex.split(commands[0])
    assert program == "ssot-lint"
    found = run(*arguments, cwd="tests/critical")
    assert (found.returncode, found.stdout.count("SST001")) == (1, 1)


def test_gate_that_is_met(team: Repository, run: Run) -> None:
    done = run("gate", "soft")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[2:] == [
        "condition                     now  allowed  wanted  distance",
        "findings of forbidden-import  1    +1       <= 1    met",
        "  1 of 7 files do not compile: nothing else is found in them",
        "",
        "soft: 1 of 1 condition is met",
    ]


def test_without_names_all_gates_are_shown_and_none_fails(team: Repository, run: Run) -> None:
    done = run("gate")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{TABLE}\nsoft\n\ncondition ")
    assert run("gate", "soft", "phase-1", "soft").stdout.count("soft: ") == 1


def test_one_that_is_not_met_among_those_named_is_enough(team: Repository, run: Run) -> None:
    assert run("gate", "soft", "phase-1").returncode == 5


def test_baseline_and_waivers_do_not_open_a_gate(team: Repository, run: Run) -> None:
    assert run("baseline", "init").returncode == 0
    waiver = '[[waiver]]\nrule = "missing-base"\npaths = ["tests/test_c.py"]\nreason = "a stub"\n'
    team.write(".ssot-lint/waivers.toml", waiver)
    assert run("check").returncode == 0
    done = run("gate", "phase-1", "-q")
    assert done.returncode == 5
    assert "findings of missing-base  2        +1       <= 1     1 too many\n" in done.stdout
    assert "files clean               50.00 %  +1       >= 50 %  met\n" in done.stdout


def test_gate_opens_when_its_debt_is_paid(team: Repository, run: Run) -> None:
    team.write("tests/critical/test_pay.py", "def test(): ...\n")
    team.write("tests/test_c.py", "from base import Base\nclass TestC(Base): ...\n")
    team.write("tests/test_a.py", "class TestA: ...\n")
    assert run("gate", "phase-1").returncode == 0


def test_age_is_that_of_the_batch(team: Repository, run: Run) -> None:
    team.write("ssot-lint.toml", f'{CONFIG}[[gate]]\nname = "young"\nconditions = [{{ max-age = 30 }}]\n')
    assert "no entry" in run("gate", "young").stdout
    assert run("baseline", "init", "--rule", "missing-base").returncode == 0
    assert run("gate", "young").returncode == 0
    today = str(datetime.datetime.now(datetime.timezone.utc).date())
    team.write(BATCHES, team.read(BATCHES).replace(today, "2020-01-01"))
    done = run("gate", "young")
    assert done.returncode == 5
    assert done.stderr == "ssot-lint: see `ssot-lint baseline show`\n"


def test_gate_writes_no_baseline(team: Repository, run: Run) -> None:
    assert run("baseline", "init").returncode == 0
    team.commit()
    team.write("lib/net.py", "")
    run("gate", "phase-1")
    assert team.git("status", "--porcelain") == " M lib/net.py\n"


def test_document_for_programs(team: Repository, run: Run) -> None:
    done = run("gate", "phase-1", "soft", "--format", "json")
    document = json.loads(done.stdout)
    assert (document["version"], document["exit_code"], done.returncode) == (1, 5, 5)
    first, second = document["gates"]
    assert (first["name"], first["is_met"]) == ("phase-1", False)
    assert first["reason"] == "before the new runner is switched on"
    assert first["conditions"][2] == {
        "condition": {"paths": ["tests/"], "min-clean": 50.0},
        "is_met": False,
        "now": {"clean": 1, "distance": 1, "allowed": 0, "files": 4, "broken": 1},
        "notes": ["1 of 4 files", "1 of 4 files do not compile: they are not clean"],
    }
    assert second["is_met"] is True


def test_rule_that_is_switched_off_does_not_open_a_gate(team: Repository, run: Run) -> None:
    team.write("ssot-lint.toml", f'ignore = ["forbidden-import"]\n{CONFIG}{GATES}')
    done = run("gate", "soft")
    assert done.returncode == 5
    assert "  `forbidden-import` is not switched on\n" in done.stdout
    assert done.stderr == "ssot-lint: see `ssot-lint config show`\n"


def test_deleted_and_excluded_files_are_told_apart_from_clean_ones(team: Repository, run: Run) -> None:
    team.write("ssot-lint.toml", f'exclude = ["tests/"]\n{CONFIG}{GATES}')
    done = run("gate", "phase-1")
    assert done.returncode == 5
    assert done.stdout.count("the project has no such files") == 2


@pytest.mark.parametrize(
    ("arguments", "config", "told"),
    [
        (["fase-1"], CONFIG + GATES, "there is no gate `fase-1`, did you mean `phase-1`?"),
        (["x"], CONFIG + GATES, "there is no gate `x`; valid are `phase-1`, `soft`"),
        ([], CONFIG, "no gate is configured: it is a table `[[tool.ssot-lint.gate]]` in pyproject.toml, "),
        (["phase-1"], CONFIG, "no gate is configured: it is a table `[[tool.ssot-lint.gate]]` in pyproject"),
        ([], "[gate]\nname = 3\n", "ssot-lint.toml:2: gate.name: expected a string, found the number 3\n"),
    ],
)
def test_mistakes(team: Repository, run: Run, arguments: list[str], config: str, told: str) -> None:
    team.write("ssot-lint.toml", config)
    done = run("gate", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"ssot-lint: error: {told}")
    assert "see `ssot-lint " in done.stderr.splitlines()[-1]


def test_unusable_baseline_is_no_debt_of_zero(team: Repository, run: Run) -> None:
    assert run("baseline", "init").returncode == 0
    shard = team.folder / ".ssot-lint" / "baseline" / "missing-base.tsv"
    shard.write_bytes(shard.read_bytes()[:-40])
    done = run("gate", "soft")
    assert (done.returncode, done.stdout) == (2, "")


def test_long_paths_move_no_column_and_steer_no_terminal(team: Repository, run: Run) -> None:
    folder = "tests/" + "/".join(["a_folder_with_quite_a_long_name"] * 4)
    team.write(f"{folder}/test_e.py", "class TestE: ...\n")
    rules = '"syntax-error", "missing-base", "forbidden-import"'
    gate = (
        '[[gate]]\nname = "a"\nreason = "\\u001b[31m"\n'
        f'conditions = [{{ rules = [{rules}], paths = ["{folder}/"], max = 9 }}, {{ max = 3 }}]\n'
    )
    team.write("ssot-lint.toml", f"{CONFIG}{gate}")
    lines = run("gate").stdout.splitlines()
    assert lines[:8] == [
        "a: \\u001b[31m",
        "",
        "condition                  now  allowed  wanted  distance",
        "findings of syntax-error,  1             <= 9    met",
        "  missing-base,",
        "  forbidden-import",
        f"  in {folder}/",
        "findings                   6    +1       <= 3    3 too many",
    ]


def test_configuration_in_force_shows_gates(team: Repository, run: Run) -> None:
    lines = run("config", "show").stdout.splitlines()
    shown = [" ".join(line.split()) for line in lines[lines.index("") :] if line]
    first = shown.index("[[gate]] # ssot-lint.toml:7")
    assert shown[first + 1 : first + 7] == [
        'name = "phase-1" # ssot-lint.toml:8',
        'reason = "before the new runner is switched on" # ssot-lint.toml:9',
        "conditions = [ # ssot-lint.toml:10",
        '{ rules = ["syntax-error"], paths = ["tests/critical/"], max = 0 },',
        '{ rules = ["missing-base"], max = 1 },',
        '{ paths = ["tests/"], min-clean = 50.0 },',
    ]
    document = json.loads(run("config", "show", "--format", "json").stdout)
    assert document["gates"][1]["options"]["conditions"] == {
        "value": [{"rules": ["forbidden-import"], "max": 1}],
        "origin": "ssot-lint.toml:17",
    }

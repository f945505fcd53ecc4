"""Which script is proposed as the runner of tests: one that runs them as it is told, and that others name."""

from __future__ import annotations

import pytest
from proposed import found, project, tables, values

from ssot_lint.proposals.runners import propose

RUNNER = """\
import argparse
import subprocess
import sys

def main():
    parser = argparse.ArgumentParser()
    command = [sys.executable, "-m"]
    command.append("pytest")
    subprocess.run(command + parser.parse_args().paths)

if __name__ == "__main__":
    main()
"""
GUARDED = 'import pytest\ndef test_it(): ...\nif __name__ == "__main__":\n    pytest.main([__file__])\n'
OTHER = 'import subprocess\nsubprocess.run(["pytest", "tests"])\n'
STRAYS = {"tests/test_a.py": GUARDED, "tests/test_b.py": GUARDED, "scripts/nightly.py": OTHER}
NAMING = {
    "a path": 'RUNNER = "tests/run_tests.py"\n',
    "a name": 'RUNNER = "run_tests.py"\n',
    "a command": 'import subprocess\nsubprocess.run(["python", "tests/run_tests.py", "-x"])\n',
    "a command of one text": 'import os\nos.system("python ./tests/run_tests.py --all")\n',
    "a path of another system": 'RUNNER = "tests\\\\run_tests.py"\n',
    "an import": "from tests import run_tests\n",
    "an import of a part": "from tests.run_tests import main\n",
}


def named(text: str, number: int = 3) -> dict[str, str]:
    """Files that name the runner."""
    return {f"scripts/s{index}.py": text for index in range(number)}


@pytest.mark.parametrize("naming", NAMING.values(), ids=NAMING.keys())
def test_the_runner_that_others_name(naming: str) -> None:
    files = {"tests/run_tests.py": RUNNER, **STRAYS, **named(naming)}
    (proposal,) = propose(project(files))
    assert proposal.title == "`tests/run_tests.py` runs the tests"
    assert "3 other files name it" in proposal.evidence[0]
    assert proposal.evidence[1] == "past it: 2 calls under a `__main__` guard, 1 elsewhere"
    assert [values(table) for table in proposal.tables] == [{"runner": "tests/run_tests.py"}]
    assert proposal.strays == len(found(proposal, files)) == 3


def test_a_runner_at_the_top_is_meant_alone() -> None:
    files = {"run_tests.py": RUNNER, **STRAYS, **named(NAMING["a name"]), "old/run_tests.py": OTHER}
    (proposal,) = propose(project(files))
    assert values(proposal.tables[0]) == {"runner": "/run_tests.py"}
    assert {finding.path for finding in found(proposal, files)} == {*STRAYS, "old/run_tests.py"}


def test_a_runner_that_calls_pytest() -> None:
    text = 'import sys, pytest\nif __name__ == "__main__":\n    sys.exit(pytest.main(sys.argv[1:]))\n'
    files = {"tests/runner.py": text, **STRAYS, **named('"tests/runner.py"\nX = "tests/runner.py"\n')}
    assert tables(propose, files) == [("runner-bypass", {"runner": "tests/runner.py"})]


NO_RUNNER = {
    "named by too few": {"tests/run_tests.py": RUNNER, **named(NAMING["a path"], 2)},
    "one of several": {
        "tests/run_tests.py": RUNNER,
        "tests/run_all.py": RUNNER,
        **named('X = ["tests/run_tests.py", "tests/run_all.py"]\n', 4),
    },
    "another file of the name is meant": {"tests/run_tests.py": RUNNER, **named('X = "old/run_tests.py"\n')},
    "takes no arguments": {
        "tests/run_tests.py": OTHER + 'if __name__ == "__main__":\n    pass\n',
        **named(NAMING["a path"]),
    },
    "is no script": {
        "tests/run_tests.py": RUNNER.replace('if __name__ == "__main__":\n    main()\n', ""),
        **named(NAMING["a path"]),
    },
    "runs no tests": {"tests/run_tests.py": RUNNER.replace("pytest", "app"), **named(NAMING["a path"])},
    "is itself a test": {"tests/test_run.py": RUNNER, **named('X = "tests/test_run.py"\n')},
    "is called otherwise": {"tests/deploy.py": RUNNER, **named('X = "tests/deploy.py"\n')},
    "runs other things": {"scripts/run_app.py": RUNNER, **named('X = "scripts/run_app.py"\n')},
}


@pytest.mark.parametrize("files", NO_RUNNER.values(), ids=NO_RUNNER.keys())
def test_scripts_that_are_no_runner(files: dict[str, str]) -> None:
    assert tables(propose, {**STRAYS, **files}) == []


def test_a_runner_that_nobody_bypasses_needs_no_rule() -> None:
    assert tables(propose, {"tests/run_tests.py": RUNNER, **named(NAMING["a path"])}) == []


def test_guards_that_abound_without_a_runner() -> None:
    files = {f"tests/test_{index}.py": GUARDED for index in range(10)}
    (proposal,) = propose(project(files))
    assert values(proposal.tables[0]) == {}
    assert proposal.strays == len(found(proposal, files)) == 10
    assert tables(propose, dict(list(files.items())[1:])) == []


def test_nothing_to_go_by() -> None:
    assert tables(propose, {}) == []
    assert tables(propose, {"tests/run_tests.py": "def (:\n", "a.py": 'X = "tests/run_tests.py"\n'}) == []

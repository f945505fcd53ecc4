"""`ssot-lint migrate` from the side of a user: real git, real pytest, a process that is really killed."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint.cli import main

CONFIG = """\
strict = ["strict/"]
[[noncanonical-import]]
symbols = ["shop.money.Money"]
[[runner-bypass]]
[[noncanonical-base]]
bases = ["unittest.TestCase"]
use = "shop.case.Case"
"""
OLD = "from shop import Money"
NEW = "from shop.money import Money"
BYPASS = 'if __name__ == "__main__":\n    pytest.main([__file__])\n'
FILES = {
    "ssot-lint.toml": CONFIG,
    ".gitignore": ".ssot-lint-cache/\n.pytest_cache/\n",
    "shop/__init__.py": "from shop.money import Money as Money\n",
    "shop/money.py": "class Money:\n    pass\n",
    "shop/case.py": "import unittest\n\n\nclass Case(unittest.TestCase):\n    pass\n",
    "a.py": f"{OLD}  # the old path\n\nprint(Money)\n",
    "b.py": f"{OLD}\nimport a\n\nprint(Money, a)\n",
    "strict/c.py": f"{OLD}\n\nprint(Money)\n",
    "tests/test_d.py": f"import pytest\n\n\ndef test_it():\n    assert open\n\n\n{BYPASS}",
}
PYTHON = shlex.quote(sys.executable)
VERIFY = f"{PYTHON} -m pytest -q -p no:cacheprovider {{files}}"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with findings, as the working folder; `python` is the one that runs the tests."""
    repository = Repository(tmp_path / "shop", FILES)
    repository.environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    repository.environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # starts faster
    repository.enter(monkeypatch)
    repository.commit()
    return repository


@pytest.fixture
def run(shop: Repository, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `ssot-lint migrate` in the repository: exit code, output, what is told beside it."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["migrate", *arguments])
        return code, *capsys.readouterr()

    return run


def changed(shop: Repository) -> list[str]:
    """The files that are not as they were committed."""
    return shop.git("diff", "--name-only").split()


def digest(shop: Repository) -> str:
    """What stands for all bytes and modes of the files that git knows."""
    digest = sha256()
    for path in shop.git("ls-files").split():
        file = shop.folder / path
        digest.update(f"{path} {file.stat().st_mode}\n".encode() + file.read_bytes())
    return digest.hexdigest()


ALL = ["a.py", "b.py", "strict/c.py", "tests/test_d.py"]


class TestPlan:
    def test_nothing_is_written(self, shop: Repository, run: Run) -> None:
        code, output, told = run("plan")
        assert (code, changed(shop)) == (0, [])
        assert output == PLAN
        assert "next: `ssot-lint migrate run`" in told
        assert not (shop.folder / ".ssot-lint").exists()

    def test_as_data_with_owners(self, shop: Repository, run: Run) -> None:
        shop.write(".github/CODEOWNERS", "* @shop\n/tests/ @qa @shop  # who tests\nstrict/\n!x @y\n")
        code, output, told = run("plan", "--format", "json")
        document = json.loads(output)
        assert code == 0
        assert [(each["path"], each["risk"], each["owners"]) for each in document["files"]] == [
            ("strict/c.py", "low", []),
            ("b.py", "low", ["@shop"]),
            ("tests/test_d.py", "low", ["@qa", "@shop"]),
            ("a.py", "medium", ["@shop"]),
        ]
        assert document["files"][3]["reasons"] == ["another file imports from it"]
        assert document["files"][3]["findings"][0]["rule"] == "noncanonical-import"
        assert document["owners"]["@shop"] == {"findings": 3, "files": 3}
        assert document["owners"]["(nobody)"] == {"findings": 1, "files": 1}
        assert "CODEOWNERS:4: `!x` means nothing here" in told

    def test_what_is_named(self, run: Run) -> None:
        def paths(*arguments: str) -> list[str]:
            document = json.loads(run("plan", "--format", "json", *arguments)[1])
            return [each["path"] for each in document["files"]]

        assert paths("--rule", "runner-bypass") == ["tests/test_d.py"]
        assert paths("tests", "b.py") == ["b.py", "tests/test_d.py"]
        assert run("plan", "nowhere")[0] == 2
        assert run("plan", "--rule", "no-rule")[0] == 2

    def test_what_the_configuration_wants_first(self, shop: Repository, run: Run) -> None:
        config = shop.read("ssot-lint.toml")
        shop.write("ssot-lint.toml", f'migrate-first = ["tests/", "/a.py"]\n{config}')
        document = json.loads(run("plan", "--format", "json")[1])
        paths = [each["path"] for each in document["files"]]
        assert paths == ["tests/test_d.py", "a.py", "strict/c.py", "b.py"]

    def test_unsafe_fixes_are_told_apart(self, shop: Repository, run: Run) -> None:
        shop.write("conftest.py", f"def price():\n    {OLD}\n    return Money\n")
        code, output, told = run("plan", "conftest.py")
        assert (code, output) == (0, "nothing to migrate\n")
        assert "1 more with `--unsafe-fixes`" in told
        _, output, _ = run("plan", "conftest.py", "--unsafe-fixes")
        assert (
            "high  1         conftest.py: 1 of its fixes can change what the code does; "
            "pytest loads it for all tests beside and below it"
        ) in output


PLAN = """\
4 findings in 4 files would be fixed

rule                 findings  files
noncanonical-import  3         3
runner-bypass        1         1

folder   findings  files
(top)    2         2
strict/  1         1
tests/   1         1

order  risk    findings  file
1      low     1         strict/c.py (strict)
2      low     1         b.py
3      low     1         tests/test_d.py
4      medium  1         a.py: another file imports from it
"""


class TestRun:
    def test_all_is_fixed_and_nothing_is_left(self, shop: Repository, run: Run) -> None:
        before = digest(shop)
        code, output, told = run("run", "--batch", "3")
        assert (code, changed(shop)) == (0, ALL)
        assert output == DONE
        assert "`ssot-lint migrate rollback 1` takes it back" in told
        assert "baseline" not in told
        assert shop.read("a.py") == f"{NEW}  # the old path\n\nprint(Money)\n"
        assert shop.read("tests/test_d.py") == "def test_it():\n    assert open\n"
        assert run("run")[:2] == (0, "nothing to migrate\n")
        code, output, _ = run("rollback")
        assert (code, digest(shop)) == (0, before)
        assert output.startswith("migration 1: 4 files as before again\n")
        assert run("rollback")[:2] == (0, "there is no migration to take back\n")

    def test_limit_takes_the_first_of_the_plan(self, shop: Repository, run: Run) -> None:
        assert run("run", "--limit", "2")[0] == 0
        assert changed(shop) == ["b.py", "strict/c.py"]

    def test_what_the_baseline_carries_is_fixed(self, shop: Repository, run: Run) -> None:
        main(["baseline", "init"])
        code, _, told = run("run")
        assert (code, changed(shop)) == (0, ALL)
        assert "next: `ssot-lint baseline sync`" in told
        assert main(["baseline", "sync"]) == 0
        assert main(["check"]) == 0

    def test_what_a_waiver_speaks_of_stays(self, shop: Repository, run: Run) -> None:
        shop.write(
            ".ssot-lint/waivers.toml",
            '[[waiver]]\nrule = "runner-bypass"\npaths = ["tests/"]\nreason = "the demo"\n',
        )
        assert run("run")[0] == 0
        assert changed(shop) == ["a.py", "b.py", "strict/c.py"]

    def test_fix_that_is_refused_is_named(self, shop: Repository, run: Run) -> None:
        shop.write("e.py", "import shop\n\nMoney = 1\nprint(shop.Money)\n")
        code, output, told = run("run", "e.py")
        assert (code, changed(shop)) == (1, [])
        assert output.splitlines()[1:] == [
            "not fixed: e.py:4:7: noncanonical-import: `Money` means something else in this file",
            "0 findings fixed in 0 files, 1 without a change, 0 failed",
        ]
        assert "rollback" not in told

    def test_usage(self, run: Run) -> None:
        assert run("run", "--allow-dirty")[0] == 2
        assert run("run", "--timeout", "3")[0] == 2
        assert run("run", "--batch", "0")[0] == 2
        assert run("run", "--verify", "true", "--timeout", "nan")[0] == 2
        assert run()[0] == 2


DONE = """\
3 of 4 files done
4 of 4 files done

rule                 fixed
noncanonical-import  3
runner-bypass        1

4 findings fixed in 4 files, 0 without a change, 0 failed
"""


class TestVerify:
    def test_files_at_fault_are_taken_back_and_the_others_go_on(self, shop: Repository, run: Run) -> None:
        is_old = "'from shop ' + 'import Money' in open(__file__).read()"
        shop.write("tests/test_breaks.py", f"{OLD}\n\n\ndef test_it():\n    assert Money and {is_old}\n")
        shop.write("tests/test_broken.py", f"{OLD}\n\n\ndef test_it():\n    assert not Money\n")
        shop.write(
            "tests/test_loses.py",
            f"{OLD}\n\n\ndef test_one():\n    assert Money\n\n\nif {is_old}:\n\n"
            "    def test_two():\n        pass\n",
        )
        shop.commit()
        before = digest(shop)
        code, output, _ = run("run", "tests", "--verify", VERIFY, "--batch", "10")
        assert code == 1
        assert changed(shop) == ["tests/test_broken.py", "tests/test_d.py"]
        assert "failed: tests/test_breaks.py (verify)\n" in output
        assert (
            "failed: tests/test_loses.py (collect)\n  tests/test_loses.py: pytest collects 1 tests, of 2\n"
        ) in output
        assert "2 findings fixed in 2 files, 0 without a change, 2 failed" in output
        assert "1 finding fixed" not in output
        told = run("status")[1]
        assert "1 file not verified: that failed before any change\n  tests/test_broken.py\n" in told
        known = json.loads(run("status", "--format", "json")[1])["migration"]
        assert known["failed_before"] == ["tests/test_broken.py"]
        assert run("rollback", "1")[0] == 0
        assert digest(shop) == before

    def test_command_that_always_fails(self, shop: Repository, run: Run) -> None:
        code, _, told = run("run", "--verify", f"{PYTHON} -c 'raise SystemExit(3)'")
        assert (code, changed(shop)) == (2, [])
        assert "verification fails before anything is changed" in told

    def test_killed_run_recovers_at_the_next_start(self, shop: Repository, run: Run) -> None:
        before = digest(shop)
        kill = f"import os; {NEW!r} in open('b.py').read() and os.kill(os.getppid(), 9)"
        verify = f"{PYTHON} -c {shlex.quote(kill)}"
        done = shop.run(
            *(sys.executable, "-m", "ssot_lint", "migrate", "run", "--batch", "2", "--verify", verify)
        )
        assert done.returncode == -9
        assert changed(shop) == ["b.py", "strict/c.py"]
        assert run("run", "--limit", "1")[2].startswith(
            "ssot-lint: note: migration 1 was interrupted: 2 files were put back\n"
        )
        assert changed(shop) == ["strict/c.py"]
        assert "4 files not reached" in run("status", "1")[1]
        run("rollback")
        assert digest(shop) == before


class TestCommit:
    def test_one_for_each_batch(self, shop: Repository, run: Run) -> None:
        assert run("run", "--commit", "--batch", "3")[0] == 0
        assert changed(shop) == []
        subject = "ssot-lint migrate run: noncanonical-import, runner-bypass"
        assert shop.git("log", "--format=%s", "-2").splitlines() == [subject, subject]
        assert shop.git("show", "--format=", "--name-only", "HEAD").split() == ["a.py"]
        document = json.loads(run("status", "--format", "json")[1])
        assert document["migration"]["commits"] == shop.git("rev-list", "--reverse", "-2", "HEAD").split()

    def test_dirty_tree(self, shop: Repository, run: Run) -> None:
        shop.write("a.py", f"{FILES['a.py']}# mine\n")
        code, _, told = run("run", "--commit")
        assert (code, changed(shop)) == (2, ["a.py"])
        assert "a.py: has changes that are not committed" in told
        code, output, _ = run("run", "--commit", "--allow-dirty")
        assert (code, changed(shop)) == (1, ["a.py"])
        assert shop.read("a.py") == f"{FILES['a.py']}# mine\n"
        assert "failed: a.py (commit)" in output


class TestWhatWasDone:
    def test_nothing_was(self, run: Run) -> None:
        assert run("log")[:2] == run("status")[:2] == (0, "there is no migration\n")
        assert json.loads(run("log", "--format", "json")[1]) == {"version": 1, "migrations": []}
        assert json.loads(run("status", "--format", "json")[1]) == {"version": 1, "migration": None}
        assert run("status", "7")[0] == run("rollback", "7")[0] == 2
        assert run("rollback", "--files", "../elsewhere.py")[0] == 2

    def test_log_and_status(self, shop: Repository, run: Run) -> None:
        run("run", "--limit", "3")
        shop.write("b.py", "mine = 1\n")
        assert run("status")[1].splitlines()[1:] == [
            "3 files changed, now 2 migrated, 1 was changed in the meantime",
            "  b.py: was changed in the meantime",
        ]
        run("rollback", "--files", "strict/c.py")
        lines = [line.split("Z  ") for line in run("log")[1].splitlines()]
        assert [rest for _, rest in lines] == [
            "migrate run: noncanonical-import, runner-bypass  3 files, taken back by 2",
            "roll back migration 1                            1 file",
        ]
        document = json.loads(run("log", "--format", "json")[1])
        assert [(each["id"], each["undoes"]) for each in document["migrations"]] == [("1", ""), ("2", "1")]
        states = json.loads(run("status", "--format", "json")[1])["migration"]["states"]
        assert states == {
            "b.py": "was changed in the meantime",
            "strict/c.py": "as before",
            "tests/test_d.py": "migrated",
        }

    def test_rollback_refuses_what_was_changed_since(self, shop: Repository, run: Run) -> None:
        before = digest(shop)
        run("run")
        shop.write("b.py", "mine = 1\n")
        code, output, _ = run("rollback")
        assert (code, changed(shop)) == (1, ["b.py"])
        assert "left alone: b.py: was changed in the meantime; `--force` loses that\n" in output
        assert run("rollback", "--force")[0] == 0
        assert digest(shop) == before

    def test_rollback_of_files_finds_their_migrations(
        self, shop: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run("run", "a.py")
        run("run")
        monkeypatch.chdir(shop.folder / "strict")
        code, output, _ = run("rollback", "--files", "c.py", "../a.py", "../shop/money.py")
        assert (code, changed(shop)) == (1, ["b.py", "tests/test_d.py"])
        assert "migration 1: 1 file as before again" in output
        assert "migration 2: 1 file as before again" in output
        assert "left alone: shop/money.py: no migration has changed it that is not taken back" in output
        run("rollback", "3")  # a rollback can be taken back, too
        assert len(changed(shop)) == 3

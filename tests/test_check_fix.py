"""`ssot-lint check --fix` and `--diff` from the side of a user."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint.cli import main

CONFIG = """\
[[noncanonical-import]]
symbols = ["shop.money.Money"]
[[runner-bypass]]
[[forbidden-import]]
targets = ["requests"]
"""
FILES = {
    "ssot-lint.toml": CONFIG,
    ".gitignore": ".ssot-lint-cache/\n",
    "shop/__init__.py": "from shop.money import Money\n",
    "shop/money.py": "class Money:\n    pass\n",
    "bill.py": "import requests\nfrom shop import Money  # the old path\n\nprint(requests, Money)\n",
    "tests/test_bill.py": (
        "import pytest\n\n\ndef test_it():\n    assert open\n\n\n"
        'if __name__ == "__main__":\n    pytest.main([__file__])\n'
    ),
}
BILL = "import requests\nfrom shop.money import Money  # the old path\n\nprint(requests, Money)\n"
TEST = "def test_it():\n    assert open\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with findings, of which two can be fixed, as the working folder."""
    repository = Repository(tmp_path / "shop", FILES)
    repository.enter(monkeypatch)
    monkeypatch.delenv("CI", raising=False)
    repository.commit()
    return repository


@pytest.fixture
def run(shop: Repository, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in the repository: exit code, output, what is told beside it."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        return code, *capsys.readouterr()

    return run


def changed(shop: Repository) -> list[str]:
    """The files that are not as they were committed."""
    return shop.git("diff", "--name-only").split()


def test_fixes_are_made_and_the_rest_is_reported(shop: Repository, run: Run) -> None:
    code, output, told = run("check", "--fix")
    assert code == 1
    assert "bill.py:1:8: SST101 forbidden-import" in output
    assert "1 finding in 1 of 4 files" in output
    assert "note: fixed 2 findings in 2 files; `ssot-lint migrate rollback 1` takes it back" in told
    assert changed(shop) == ["bill.py", "tests/test_bill.py"]
    assert (shop.read("bill.py"), shop.read("tests/test_bill.py")) == (BILL, TEST)
    code, _, told = run("check", "--fix")
    assert (code, "fixed" in told) == (1, False)
    assert shop.read("bill.py") == BILL


def test_statement_with_two_faults_is_fixed(shop: Repository, run: Run) -> None:
    options = 'relative = "forbid"\nno-redundant-alias = true'
    shop.write("ssot-lint.toml", f"[[import-form]]\n{options}\n")
    shop.write("shop/bill.py", "from .money import Money as Money\n")
    assert run("check", "--fix", "shop/bill.py")[:2] == (0, "no findings in 1 file\n")
    assert shop.read("shop/bill.py") == "from shop.money import Money\n"


def test_what_another_rule_forbids_is_not_brought_about(shop: Repository, run: Run) -> None:
    text = "from .money import Money\nfrom . import Money as Coin\n\nprint(Money, Coin)\n"
    form = '[[import-form]]\nrelative = "inside"\npackages = ["shop"]\n'
    shop.write("ssot-lint.toml", f'[[noncanonical-import]]\nsymbols = ["shop.money.Money"]\n{form}')
    shop.write("shop/bill.py", text)
    _, _, told = run("check", "--fix", "shop/bill.py")
    assert "note: not fixed: shop/bill.py: shop/bill.py:2: import-form the import from" in told
    assert "\\u000a" not in told
    assert "can be fixed" not in told
    assert shop.read("shop/bill.py") == text


def test_import_that_may_have_to_come_first_stays(shop: Repository, run: Run) -> None:
    """The home needs the module that hands its class on: imported first, it would meet itself half done."""
    text = "from shop.hub import Money\n\nprint(Money)\n"
    shop.write("shop/__init__.py", "")
    shop.write("shop/hub.py", "log = print\n\nfrom shop.money import Money\n")
    shop.write("shop/money.py", "from shop.hub import log\n\n\nclass Money:\n    log = log\n")
    shop.write("bill.py", text)
    run("check", "--fix", "bill.py")
    assert shop.read("bill.py") == text
    shop.write("shop/money.py", "import shop\n\n\nclass Money:\n    shop = shop\n")
    run("check", "--fix", "bill.py")
    assert shop.read("bill.py") == text.replace("hub", "money")


def test_use_of_a_name_whose_home_needs_the_module_first_is_unsafe(shop: Repository, run: Run) -> None:
    text = "from shop import hub\n\nprint(hub.Money)\n"
    shop.write("bill.py", text)
    shop.write("shop/hub.py", "log = print\n\nfrom shop.money import Money\n")
    shop.write("shop/money.py", "from shop.hub import log\n\n\nclass Money:\n    log = log\n")
    assert run("check", "--fix", "bill.py")[0] == 1
    assert shop.read("bill.py") == text
    assert run("check", "--fix", "--unsafe-fixes", "bill.py")[0] == 0
    assert shop.read("bill.py") == "from shop.money import Money\n\nprint(Money)\n"


def test_name_that_is_imported_with_dots_is_used_as_it_is(shop: Repository, run: Run) -> None:
    options = 'targets = ["json.loads"]\nuse = "shop.money.loads"\ndrop-in = true'
    shop.write("ssot-lint.toml", f"[[forbidden-use]]\n{options}\n")
    shop.write("shop/__init__.py", "")
    shop.write("shop/money.py", "def loads(text):\n    return text\n")
    shop.write(
        "shop/bill.py", 'import json\n\nfrom .money import loads\n\nprint(json.loads("1"), loads("2"))\n'
    )
    assert run("check", "--fix", "shop/bill.py")[0] == 0
    assert shop.read("shop/bill.py") == 'from .money import loads\n\nprint(loads("1"), loads("2"))\n'


def test_report_says_what_can_be_fixed(run: Run) -> None:
    assert "2 can be fixed safely: `ssot-lint check --fix`" in run("check")[2]
    assert "can be fixed" not in run("check", "--select", "forbidden-import")[2]


def test_diff_shows_and_writes_nothing(shop: Repository, run: Run) -> None:
    code, output, _ = run("check", "--diff")
    assert code == 1
    assert (
        "-from shop import Money  # the old path\n+from shop.money import Money  # the old path\n" in output
    )
    assert changed(shop) == []
    assert run("check", "--diff", "--select", "forbidden-import")[:2] == (0, "")


def test_diff_can_be_applied(shop: Repository, run: Run) -> None:
    _, output, _ = run("check", "--diff")
    shop.write("changes.diff", output)
    shop.git("apply", "changes.diff")
    assert (shop.read("bill.py"), shop.read("tests/test_bill.py")) == (BILL, TEST)


def test_only_what_is_named_is_fixed(shop: Repository, run: Run) -> None:
    assert run("check", "--fix", "tests")[0] == 0
    assert changed(shop) == ["tests/test_bill.py"]


def test_what_the_baseline_carries_is_left_to_migrations(shop: Repository, run: Run) -> None:
    assert run("baseline", "init", "-q")[0] == 0
    assert run("check", "--fix")[0] == 0
    assert changed(shop) == []
    assert run("check", "--fix", "--no-baseline")[0] == 1
    assert changed(shop) == ["bill.py", "tests/test_bill.py"]


def test_unsafe_fixes_are_asked_for(shop: Repository, run: Run) -> None:
    shop.write("inner.py", "def pay():\n    from shop import Money\n    return Money\n")
    assert run("check", "--fix", "inner.py")[0] == 1
    assert "from shop import Money" in shop.read("inner.py")
    assert run("check", "--fix", "--unsafe-fixes", "inner.py")[0] == 0
    assert "from shop.money import Money" in shop.read("inner.py")


def test_bytes_and_mode_outside_of_the_edit_stay(shop: Repository, run: Run) -> None:
    path = shop.folder / "bill.py"
    path.write_bytes(
        b"\xef\xbb\xbf# -*- coding: utf-8 -*-\r\nfrom shop import Money\r\n\tx = 1".replace(b"\t", b"")
    )
    path.chmod(0o751)
    assert run("check", "--fix", "bill.py")[0] == 0
    assert path.read_bytes() == (
        b"\xef\xbb\xbf# -*- coding: utf-8 -*-\r\nfrom shop.money import Money\r\nx = 1"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o751


def test_import_that_another_file_takes_from_there_stays(shop: Repository, run: Run) -> None:
    shop.write("tests/test_bill.py", f"import os\n{FILES['tests/test_bill.py']}")
    shop.write("tests/conftest.py", "from tests.test_bill import pytest\nprint(pytest)\n")
    assert run("check", "--fix", "tests")[0] == 0
    assert "import pytest" in shop.read("tests/test_bill.py")
    assert "__main__" not in shop.read("tests/test_bill.py")


@pytest.mark.parametrize(
    ("other", "stays"),
    [
        pytest.param("import tests\nprint(tests)\n", False, id="package above that nobody looks into"),
        pytest.param("import tests.test_bill\nprint(tests.test_bill.pytest)\n", True, id="attribute"),
        pytest.param("from tests import test_bill\nprint(test_bill)\n", False, id="module by itself"),
        pytest.param("from tests.test_bill import *\n", True, id="star"),
        pytest.param(
            'from unittest import mock\nmock.patch("tests.test_bill.pytest").start()\n', True, id="patch"
        ),
        pytest.param("import tests.test_bill as bill\nprint(getattr(bill, 'pytest'))\n", True, id="getattr"),
    ],
)
def test_import_goes_unless_another_file_reaches_it(
    shop: Repository, run: Run, other: str, stays: bool
) -> None:
    shop.write("other.py", other)
    assert run("check", "--fix", "tests")[0] == 0
    assert ("import pytest" in shop.read("tests/test_bill.py")) is stays


def test_hook_fixes_the_files_of_the_commit(shop: Repository, run: Run) -> None:
    shop.write("tests/test_bill.py", f"{FILES['tests/test_bill.py']}\n")
    shop.git("add", "tests/test_bill.py")
    assert run("check", "--hook", "--fix", "tests/test_bill.py")[0] == 0
    assert shop.read("tests/test_bill.py").startswith(TEST)
    assert shop.read("bill.py") == FILES["bill.py"]


def test_change_is_fixed_and_what_was_there_is_not(shop: Repository, run: Run) -> None:
    shop.git("branch", "base")
    shop.write("new.py", "from shop import Money\n")
    assert run("check", "--fix", "--changed-since", "base")[0] == 0
    assert shop.read("new.py") == "from shop.money import Money\n"
    assert changed(shop) == []


def test_standard_input_is_not_fixed(run: Run) -> None:
    assert run("check", "--fix", "--stdin-filename", "bill.py", "-")[0] == 2
    assert run("check", "--diff", "--stdin-filename", "bill.py", "-")[0] == 2

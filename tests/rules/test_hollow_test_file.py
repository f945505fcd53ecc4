"""Test files without tests, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.config import ConfigError, parse
from ssot_lint.rules import Example

RULE = "hollow-test-file"
CONFIG = f"[[{RULE}]]\n"
MARK = f"# [{RULE}]\n"
LOST = "".join(f"# x{number} = total({number})\n" for number in range(24))
PROSE = "# It was a dark and stormy night, and nobody had written a test yet\n" * 24
CODE = "".join(f"x{number} = {number}\n" for number in range(30))

TEXTS = {
    "nothing at all": "",
    "commented-out code": f"x = 1  {MARK}{LOST}",
    "commented-out code behind a marker": f"x = 1  {MARK}{LOST.replace('#', '# GONE:')}",
    "commented-out code among code": f"x = 1  {MARK}{LOST}{CODE}",
    "too little commented-out code": "x = total()\n" + LOST[:-200],
    "too little of it": "x = total()\n" + LOST + CODE * 4,
    "mostly prose": f"x = total()  {MARK}{PROSE}",
    "prose among code": "x = total()\n" + PROSE + CODE,
    "a test": "def test_a(): ...\n" + LOST,
    "a test in a class": "class A:\n    def test_a(self): ...\n" + LOST,
    "a test in a function": "def a():\n    def test_a(): ...\n" + LOST,
    "a function": f"def total(): ...  {MARK}{LOST}",
    "a class called like a test": f"class TestA: ...  {MARK}{LOST}",
    "a test case without tests": f"import unittest  {MARK}class A(unittest.TestCase): ...\n{LOST}",
    "a class with a base outside": "from suites import Suite\nclass A(Suite): ...\n" + LOST,
    "a plain class": f"import enum  {MARK}class A(enum.Enum): ...\n{LOST}",
    "tests from another module": "from tests.cases import TestCases\n" + LOST,
    "tests from another module, renamed": "from tests.cases import Cases as TestA\n" + LOST,
    "tests from another module, not collected": f"from tests.cases import Cases  {MARK}{LOST}",
    "a test function from another module": "from tests.cases import test_a\n" + LOST,
    "everything of a module with tests": "from tests.cases import *\n" + LOST,
    "everything of a module without": f"from tests.tools import *  {MARK}{LOST}",
    "everything of a module outside": f"from tools import *  {MARK}{LOST}",
    "something outside that is called so": f"from web.testing import TestClient  {MARK}{LOST}",
    "something missing that is called so": "from tests.cases import TestGone\n" + LOST,
    "a made class": "TestA = make()\n" + LOST,
    "an alias": "from tests import cases\nTestA = cases.Cases\n" + LOST,
    "a maker of tests": "def pytest_generate_tests(metafunc): ...\n" + LOST,
    "opted out": "__test__ = False\n" + LOST,
    "not Python": "def (:  # [syntax-error]\n" + LOST,
    "a docstring": f'"""Tests."""  {MARK}',
    "imports": f"import os  {MARK}from a import b\n",
    "imports and a constant": f"import os  {MARK}x = 1\n",
    "a class alone": "class A:\n    x = 1\n",
    "a call": "import os\nos.system('x')\n",
    "a comment": f"# to do {MARK}",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_texts(text: str) -> None:
    files = {
        "ssot-lint.toml": CONFIG,
        "tests/cases.py": "class Cases:\n    def test_a(self): ...\nclass TestCases(Cases): ...\ndef test_a(): ...\n",
        "tests/tools.py": "def total(): ...\nclass TestTool: ...\n",
        "tests/test_a.py": text,
    }
    example = Example("", files)
    if not text:
        assert found(lint(example)) == {("tests/test_a.py", 1, RULE)}
    else:
        assert found(lint(example)) == expected(example)


PATHS = {
    "tests/test_a.py": True,
    "a_test.py": True,
    "tests/a.py": False,
    "tests/conftest.py": False,
    "tests/__init__.py": False,
    "tests/test_a.pyi": False,
}


@pytest.mark.parametrize(("path", "is_found"), PATHS.items(), ids=PATHS.keys())
def test_which_files_are_looked_at(path: str, is_found: bool) -> None:
    assert bool(findings(CONFIG, {path: LOST}, RULE)) is is_found


def test_files_that_are_for_other_things_whatever_the_pattern() -> None:
    texts = dict.fromkeys(("tests/conftest.py", "tests/__init__.py", "tests/a.py"), LOST)
    found_here = findings(CONFIG, {"pytest.ini": "[pytest]\npython_files = *\n", **texts}, RULE)
    assert [finding.path for finding in found_here] == ["tests/a.py"]


def test_options() -> None:
    half = {"tests/test_a.py": "total()\n" + LOST + CODE}
    assert len(findings(CONFIG + "share = 40\nmin-lines = 24\n", half, RULE)) == 1
    assert findings(CONFIG + "share = 50\n", half, RULE) == []
    assert findings(CONFIG + "min-lines = 25\n", half, RULE) == []
    assert findings(CONFIG + "emptied = false\n", {"tests/test_a.py": ""}, RULE) == []


@pytest.mark.parametrize(("key", "value"), [("min-lines", 19), ("share", 19), ("share", 101)])
def test_what_cannot_be_told_is_refused(key: str, value: int) -> None:
    with pytest.raises(ConfigError, match=f"hollow-test-file.{key}: "):
        parse(f"{CONFIG}{key} = {value}\n")


def test_files_that_serve_others_may_hold_imports_alone() -> None:
    files = {
        "tests/test_tools.py": "from app import total\n",
        "tests/test_a.py": "from tests.test_tools import total\ndef test_a(): ...\n",
    }
    assert findings(CONFIG, files, RULE) == []


def test_messages() -> None:
    messages = {
        text: findings(CONFIG, {"tests/test_a.py": text}, RULE)[0].message.partition(": ")[2]
        for text in (LOST + CODE, "import os\n", "")
    }
    assert list(messages.values()) == [
        "24 of its 54 lines are comments",
        "it holds nothing but imports",
        "it holds no code",
    ]

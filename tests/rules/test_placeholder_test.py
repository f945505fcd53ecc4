"""Tests that test nothing, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.rules import Example

RULE = "placeholder-test"
MARK = f"  # [{RULE}]\n"
CONFIG = f"[[{RULE}]]\n"
REAL = "    assert total() == 3\n"

FUNCTIONS = {
    "empty": f"def test_a():{MARK}    pass\n",
    "an ellipsis": f"def test_a(): ...{MARK}",
    "a docstring": f'def test_a():{MARK}    """Adds."""\n',
    "a docstring and pass": f'def test_a():{MARK}    """Adds."""\n    pass\n',
    "asynchronous": f"async def test_a():{MARK}    pass\n",
    "a real one": f"def test_a():\n{REAL}",
    "a call": "def test_a():\n    total()\n",
    "another name": "def a():\n    pass\n",
    "true": f"def test_a():{MARK}    assert True\n",
    "constants": f"def test_a():{MARK}    assert 1 == 1\n    assert not False\n",
    "a constant and a real one": f"def test_a():\n    assert True\n{REAL}",
    "constants, with unittest": f"class A:\n    def test_a(self):{MARK}        self.assertTrue(True)\n",
    "a variable": "def test_a(x):\n    assert x\n",
    "skips itself": f"import pytest\ndef test_a():{MARK}    pytest.skip('x')\n",
    "skips itself first": f"import pytest\ndef test_a():{MARK}    pytest.skip('x')\n{REAL}",
    "skips itself, with unittest": f"class A:\n    def test_a(self):{MARK}        self.skipTest('x')\n",
    "raises a skip": f"import unittest\ndef test_a():{MARK}    raise unittest.SkipTest('x')\n",
    "skips itself perhaps": f"import pytest\ndef test_a(x):\n    if x:\n        pytest.skip('x')\n{REAL}",
    "skips without a module": f"import pytest\ndef test_a():\n    pytest.importorskip('numpy')\n{REAL}",
    "skips itself, next to one without a module": (
        f"import pytest\ndef test_a():{MARK}    pytest.skip('x')\ndef test_b():\n    pytest.importorskip('n')\n{REAL}"
    ),
    "a skip mark": f"import pytest\n@pytest.mark.skip\ndef test_a():{MARK}{REAL}",
    "a skip mark with a reason": f"import pytest\n@pytest.mark.skip(reason='x')\ndef test_a():{MARK}{REAL}",
    "a skip mark by another name": f"from pytest import mark as m\n@m.skip\ndef test_a():{MARK}{REAL}",
    "a skip of unittest": f"from unittest import skip\n@skip('x')\ndef test_a():{MARK}{REAL}",
    "a skip of something else": f"from tools import skip\n@skip('x')\ndef test_a():\n{REAL}",
    "a condition": f"import pytest\n@pytest.mark.skipif(x, reason='x')\ndef test_a():\n{REAL}",
    "a condition of unittest": f"import unittest\n@unittest.skipIf(x, 'x')\ndef test_a():\n{REAL}",
    "an expected failure": f"import pytest\n@pytest.mark.xfail\ndef test_a():\n{REAL}",
    "a mark and an empty body": f"import pytest\n@pytest.mark.skip\ndef test_a():{MARK}    pass\n",
    "to do": f"def test_a():{MARK}    raise NotImplementedError('later')\n",
    "an uncalled function": f"def test_a():{MARK}    def check():\n        assert total()\n",
    "a called function": "def test_a():\n    def check(): ...\n    check()\n",
    "nested in a function": "def a():\n    def test_b(): ...\n    return test_b\n",
    "a fixture": "import pytest\n@pytest.fixture\ndef test_a():\n    pass\n",
    "handed on": "def test_a():\n    pass\nregister(test_a)\n",
    "named in itself alone": f"def test_a():{MARK}    raise NotImplementedError(test_a)\n",
    "a skipped class": f"import pytest\n@pytest.mark.skip\nclass TestA:{MARK}    def test_a(self):\n    {REAL}",
    "a skipped class without tests": "import pytest\n@pytest.mark.skip\nclass TestA:\n    def a(self): ...\n",
    "a skipped class, inherited tests": (
        f"import pytest\nclass A:\n    def test_a(self):\n    {REAL}@pytest.mark.skip\nclass TestA(A):{MARK}    pass\n"
    ),
}


@pytest.mark.parametrize("text", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_functions(text: str) -> None:
    example = Example("", {"ssot-lint.toml": CONFIG, "tests/test_a.py": text})
    assert found(lint(example)) == expected(example)


BASE = "class Base:\n    def test_a(self):\n        assert total()\n    def a(self): ...\n"
EMPTY = "    def test_a(self):\n        pass\n"
EMPTY_FOUND = f"    def test_a(self):{MARK}        pass\n"
METHODS = {
    "no base": f"class TestA:\n{EMPTY_FOUND}",
    "a replaced test": f"{BASE}class TestA(Base):\n{EMPTY}",
    "a replaced test, further up": f"{BASE}class Middle(Base): ...\nclass TestA(Middle):\n{EMPTY}",
    "a base without it": f"class Base:\n    def a(self): ...\nclass TestA(Base):\n{EMPTY_FOUND}",
    "a test case": f"import unittest\nclass TestA(unittest.TestCase):\n{EMPTY_FOUND}",
    "a base outside": f"from suites import Suite\nclass TestA(Suite):\n{EMPTY}",
    "an unknown base": f"class TestA(gone):\n{EMPTY}",
    "in another file": f"from tests.cases import Base\nclass TestA(Base):\n{EMPTY}",
    "abstract": "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def test_a(self): ...\n",
    "for the classes below": (
        "class A:\n    def test_a(self):\n        raise NotImplementedError\n"
        "class TestA(A):\n    def test_a(self):\n        assert total()\n"
    ),
    "for the classes below, empty": f"class A:\n{EMPTY_FOUND}class TestA(A):\n    x = 1\n",
}


@pytest.mark.parametrize("text", METHODS.values(), ids=METHODS.keys())
def test_methods(text: str) -> None:
    example = Example("", {"ssot-lint.toml": CONFIG, "tests/cases.py": BASE, "tests/test_a.py": text})
    assert found(lint(example)) == expected(example)


EVERY = (
    "import pytest\n"
    "def test_1(): ...\n"
    "def test_2():\n    assert True\n"
    "def test_3():\n    pytest.skip('x')\n"
    "@pytest.mark.skip\ndef test_4():\n    assert total()\n"
    "def test_5():\n    raise NotImplementedError\n"
    "def test_6():\n    def check(): ...\n"
    "@pytest.mark.skip\ndef test_7(): ...\n"
    "def test_8():\n    total()\n"
    "def test_9():\n    with pytest.raises(ValueError):\n        total()\n"
    "@pytest.mark.slow\ndef test_a():\n    assert total()\n"
)
KINDS = {
    "empty": "17",
    "constant-assertion": "2",
    "skip": "3",
    "skip-mark": "47",
    "todo": "5",
    "uncalled-function": "6",
}


def numbers_found(config: str) -> str:
    found_here = findings(CONFIG + config, {"tests/test_a.py": EVERY}, RULE)
    return "".join(finding.subject[0][-1] for finding in found_here)


@pytest.mark.parametrize(("kind", "numbers"), KINDS.items(), ids=KINDS.keys())
def test_kinds(kind: str, numbers: str) -> None:
    assert numbers_found(f'kinds = ["{kind}"]\n') == numbers


def test_no_assert_comes_on_top() -> None:
    assert numbers_found("") == "1234567"
    assert numbers_found("no-assert = true\n") == "12345678"
    assert numbers_found('no-assert = true\nkinds = ["todo"]\n') == "58"


PLACES = {
    "tests/a.py": True,
    "test/a.py": True,
    "a/tests/b/c.py": True,
    "test_a.py": True,
    "a/b_test.py": True,
    "a/tests.py": False,
    "a/b.py": False,
    "testing/a.py": False,
}


@pytest.mark.parametrize(("path", "is_test_code"), PLACES.items(), ids=PLACES.keys())
def test_which_files_are_looked_at(path: str, is_test_code: bool) -> None:
    assert bool(findings(CONFIG, {path: "def test_a(): ...\n"}, RULE)) is is_test_code


def test_names_as_pytest_is_configured() -> None:
    files = {
        "pytest.ini": "[pytest]\npython_files = check_*.py\npython_functions = it_*\n",
        "app/check_a.py": "def it_adds(): ...\ndef test_b(): ...\ndef helper(): ...\n",
        "app/test_a.py": "def it_adds(): ...\n",
        "app/tests/a.py": "def it_adds(): ...\n",
    }
    found_here = findings(CONFIG, files, RULE)
    assert [(f.path, f.span.line) for f in found_here] == [
        ("app/check_a.py", 1),
        ("app/check_a.py", 2),
        ("app/tests/a.py", 1),
    ]

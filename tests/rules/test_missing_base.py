"""Required bases, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.rules import Example

RULE = "missing-base"
MARK = f"  # [{RULE}]\n"
CONFIG = '[[missing-base]]\nbase = "testing.TestCase"\nclasses = ["Test*"]\nexempt = ["*Mixin"]\npaths = ["tests/"]\n'
TREE = {
    "ssot-lint.toml": CONFIG,
    "testing/__init__.py": "from testing.base import TestCase\n",
    "testing/base.py": "class TestCase: ...\n",
    "tests/common.py": "import testing\nclass Base(testing.TestCase): ...\nclass Plain: ...\n",
    "tests/broken.py": "class Base(:  # [syntax-error]\n",
    "tests/compat.py": "try:\n    from testing import TestCase\nexcept ImportError:\n    class TestCase: ..."
    + MARK,
}

CLASSES = {
    "no base": f"class TestA: ...{MARK}",
    "object": f"class TestA(object): ...{MARK}",
    "the base": "from testing import TestCase\nclass TestA(TestCase): ...\n",
    "the base, by its file": "from testing.base import TestCase\nclass TestA(TestCase): ...\n",
    "the base, among others": "from testing import TestCase\nfrom x import Y\nclass TestA(Y, TestCase): ...\n",
    "through another class": "from tests.common import Base\nclass TestA(Base): ...\n",
    "through a class here": "from tests.common import Base\nclass B(Base): ...\nclass TestA(B): ...\n",
    "through a plain class": f"from tests.common import Plain\nclass TestA(Plain): ...{MARK}",
    "an external class": f"import unittest\nclass TestA(unittest.TestCase): ...{MARK}",
    "an unknown class": "class TestA(gone): ...\n",
    "a missing class": "from tests.common import Gone\nclass TestA(Gone): ...\n",
    "a class of a broken file": "from tests.broken import Base\nclass TestA(Base): ...\n",
    "a made class": "class TestA(make()): ...\n",
    "a parameter": "def f(base):\n    class TestA(base): ...\n",
    "one branch of two": "from tests.compat import TestCase\nclass TestA(TestCase): ...\n",
    "not selected": "class A: ...\n",
    "exempt": "class TestMixin: ...\n",
    "nested": f"class A:\n    class TestB: ...{MARK}",
    "each other": f"class TestA(TestB): ...{MARK}class TestB(TestA): ...{MARK}",
}


@pytest.mark.parametrize("text", CLASSES.values(), ids=CLASSES.keys())
def test_classes(text: str) -> None:
    example = Example("", {**TREE, "tests/test_a.py": text})
    assert found(lint(example)) == expected(example)


def test_only_classes_with_tests() -> None:
    text = "class TestA:\n    def test_a(self): ...\nclass TestB:\n    def a(self): ...\nclass TestC:\n    test_c = 1\n"
    files = {**TREE, "tests/test_a.py": text}
    found_here = [
        f for f in findings(f"{CONFIG}has-tests = true\n", files, RULE) if f.path == "tests/test_a.py"
    ]
    assert [finding.span.line for finding in found_here] == [1]


def test_a_base_outside_of_the_tree_may_be_reached_through_others_outside() -> None:
    config = '[[missing-base]]\nbase = "django.test.TestCase"\n'
    text = (
        "from django.test import TestCase\nimport unittest\nclass A(TestCase): ...\nclass B(unittest.TestCase): ...\n"
        "class C: ...\nclass D(A): ...\n"
    )
    assert [finding.span.line for finding in findings(config, {"a.py": text}, RULE)] == [5]


def test_the_base_itself_need_not_reach_itself() -> None:
    config = '[[missing-base]]\nbase = "testing.TestCase"\n'
    assert (
        findings(config, {path: text for path, text in TREE.items() if path.startswith("testing/")}, RULE)
        == []
    )

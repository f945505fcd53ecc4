"""Superseded bases, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.finding import Span
from ssot_lint.rules import Example

RULE = "noncanonical-base"
MARK = f"  # [{RULE}]\n"
CONFIG = """\
[[noncanonical-base]]
bases = ["unittest.TestCase", "**.OldTestCase", "legacy.*.Base"]
canonical = ["testing.Case"]
use = "testing.TestCase"
"""
TREE = {
    "ssot-lint.toml": CONFIG,
    "testing/__init__.py": "from testing.base import Case, TestCase\n",
    "testing/base.py": "import unittest\nclass TestCase(unittest.TestCase): ...\nclass Case(unittest.TestCase): ...\n",
    "legacy/db.py": "class Base: ...\nclass Other: ...\n",
    "common.py": f"from unittest import TestCase as T\nclass Database(T): ...{MARK}class Fine: ...\n",
    "compat.py": "try:\n    from testing import TestCase\nexcept ImportError:\n    from unittest import TestCase\n",
}

CLASSES = {
    "direct": f"import unittest\nclass A(unittest.TestCase): ...{MARK}",
    "direct, imported": f"from unittest import TestCase\nclass A(TestCase): ...{MARK}",
    "direct, from its own module": "from unittest.case import TestCase\nclass A(TestCase): ...\n",
    "second of two": f"from unittest import TestCase\nfrom common import Fine\nclass A(Fine, TestCase): ...{MARK}",
    "nested": f"import unittest\nclass A:\n    class B(unittest.TestCase): ...{MARK}",
    "in a function": f"def f():\n    import unittest\n    class A(unittest.TestCase): ...{MARK}",
    "by a pattern": f"from legacy.db import Base\nclass A(Base): ...{MARK}",
    "by a pattern, another name": "from legacy.db import Other\nclass A(Other): ...\n",
    "by a pattern, outside of the tree": f"from vendor.x.y import OldTestCase\nclass A(OldTestCase): ...{MARK}",
    "by a pattern, a longer name": "from vendor import VeryOldTestCase\nclass A(VeryOldTestCase): ...\n",
    "by a pattern, defined here": f"class OldTestCase: ...\nclass A(OldTestCase): ...{MARK}",
    "by a pattern, missing": "class A(OldTestCase): ...\n",
    "generic": f"from legacy.db import Base\nclass A(Base[int]): ...{MARK}",
    "through another class": f"from common import Database\nclass A(Database): ...{MARK}",
    "through two classes": f"from common import Database\nclass A(Database): ...{MARK}class B(A): ...{MARK}",
    "through a diamond": (
        f"from common import Database, Fine\nclass A(Database): ...{MARK}class B(Database): ...{MARK}"
        f"class C(Fine, A, B): ...{MARK}"
    ),
    "the canonical one": "from testing import TestCase\nclass A(TestCase): ...\n",
    "below the canonical one": "from testing import TestCase\nclass A(TestCase): ...\nclass B(A): ...\n",
    "another canonical one": "from testing import Case\nclass A(Case): ...\n",
    "the canonical one, by its file": "from testing.base import TestCase\nclass A(TestCase): ...\n",
    "canonical and superseded": f"import unittest, testing\nclass A(testing.TestCase, unittest.TestCase): ...{MARK}",
    "canonical and through another": f"import common, testing\nclass A(testing.TestCase, common.Database): ...{MARK}",
    "one of two alternatives": f"from compat import TestCase\nclass A(TestCase): ...{MARK}",
    "not as a base": "import unittest\nx = unittest.TestCase\nclass A: x = unittest.TestCase\n",
    "metaclass": "import unittest\nclass A(metaclass=unittest.TestCase): ...\n",
    "called": "import unittest\nclass A(unittest.TestCase()): ...\n",
    "itself": "class A(A): ...\n",
    "each other": "class A(B): ...\nclass B(A): ...\n",
}


@pytest.mark.parametrize("text", CLASSES.values(), ids=CLASSES.keys())
def test_classes(text: str) -> None:
    example = Example("", {**TREE, "test_a.py": text})
    assert found(lint(example)) == expected(example)


def test_inherited_ones_can_be_left_out() -> None:
    files = {**TREE, "test_a.py": "from common import Database\nclass A(Database): ...\n"}
    places = [
        (finding.path, finding.span.line) for finding in findings(f"{CONFIG}inherited = false\n", files, RULE)
    ]
    assert places == [("common.py", 2)]


def test_the_base_is_what_is_reported() -> None:
    text = "import unittest, common\nclass A(\n    common.Fine,\n    unittest.TestCase,\n): ...\nclass B(common.Database): ...\n"
    first, second = (f for f in findings(CONFIG, {**TREE, "test_a.py": text}, RULE) if f.path == "test_a.py")
    assert first.span == Span(4, 5, 4, 22)
    assert first.message == "`A` inherits from the superseded `unittest.TestCase`; use `testing.TestCase`"
    assert first.subject == ("A", "TestCase")
    assert second.span == Span(6, 9, 6, 24)
    assert second.message.startswith(
        "`B` reaches the superseded `unittest.TestCase` through `common.Database`"
    )


def test_fix_in_the_module_that_hands_the_canonical_base_on_is_not_safe() -> None:
    files = {
        "shop/impl.py": "class Base: ...\n",
        "shop/legacy.py": "class OldBase: ...\n",
        "shop/base.py": "from shop.impl import *\nfrom shop.legacy import OldBase\nclass M(OldBase): ...\n",
        "shop/other.py": "from shop.legacy import OldBase\nclass N(OldBase): ...\n",
    }
    config = '[[noncanonical-base]]\nbases = ["shop.legacy.OldBase"]\nuse = "shop.base.Base"\n'
    fixes = {finding.path: finding.fix for finding in findings(config, files, RULE)}
    assert {path: fix and fix.is_safe for path, fix in fixes.items()} == {
        "shop/base.py": False,
        "shop/other.py": True,
    }

"""Which class is proposed as the base of tests: the one that most reach, never a mixin, never a guess."""

from __future__ import annotations

import pytest
from proposed import project, tables

from ssot_lint.proposals.bases import propose

BASE = {"kit/base.py": "class KitCase:\n    pass\n\n\nclass AsyncKitCase(KitCase):\n    pass\n"}


def cases(number: int, bases: str, imports: str, folder: str = "tests/") -> dict[str, str]:
    """Files with a test class each."""
    word = "".join(filter(str.isalpha, bases)).lower()
    return {
        f"{folder}test_{word}{index}.py": f"{imports}\n\n\nclass TestIt({bases}):\n    def test_it(self): ...\n"
        for index in range(number)
    }


KIT = cases(6, "KitCase", "from kit.base import KitCase")


def test_the_base_and_where_it_is_needed() -> None:
    assert tables(propose, {**BASE, **KIT}) == [
        (
            "canonical",
            {"symbol": "kit.base.KitCase", "base-of": {"paths": ["/tests/"], "has-tests": True}},
        )
    ]


def test_it_is_reached_through_any_number_of_files() -> None:
    between = {
        "tests/database.py": "import kit.base\nclass DatabaseCase(kit.base.KitCase): ...\n",
        **cases(5, "DatabaseCase", "from tests.database import DatabaseCase"),
    }
    (found,) = propose(project({**BASE, **between, **KIT}))
    assert found.tables[0].values["symbol"] == "kit.base.KitCase"
    assert "of 11 test classes 11 have a base, and 11 of those reach `KitCase`" in found.evidence


@pytest.mark.parametrize(("others", "symbol"), [(1, "tests.database.DatabaseCase"), (2, "kit.base.KitCase")])
def test_a_class_between_that_nearly_all_name_is_the_base(others: int, symbol: str) -> None:
    between = {
        "tests/database.py": "import kit.base\nclass DatabaseCase(kit.base.KitCase): ...\n",
        **cases(9, "DatabaseCase", "from tests.database import DatabaseCase"),
    }
    rest = cases(others, "KitCase", "from kit.base import KitCase")
    assert [values["symbol"] for _, values in tables(propose, {**BASE, **between, **rest})] == [symbol]


def test_what_builds_on_it_beside_it() -> None:
    more = cases(5, "AsyncKitCase", "from kit.base import AsyncKitCase")
    symbols = [values["symbol"] for _, values in tables(propose, {**BASE, **KIT, **more})]
    assert symbols == ["kit.base.KitCase", "kit.base.AsyncKitCase"]


def test_what_stands_in_its_place() -> None:
    files = {
        **BASE,
        **KIT,
        "old/base.py": "class BaseTestCase: ...\nclass BillingCase: ...\n",
        **cases(2, "BaseTestCase", "from old.base import BaseTestCase"),
        **cases(2, "BillingCase", "from old.base import BillingCase"),
        **cases(1, "unittest.TestCase", "import unittest"),
    }
    ((_, values),) = tables(propose, files)
    # A base that says more than that it is one is there for something of its own.
    assert values["replaces"] == ["old.base.BaseTestCase", "unittest.TestCase"]


def test_what_the_base_itself_builds_on() -> None:
    files = {
        "kit/base.py": "import testtools\nclass KitCase(testtools.TestCase): ...\n",
        **KIT,
        **cases(2, "testtools.TestCase", "import testtools"),
    }
    ((_, values),) = tables(propose, files)
    assert values["replaces"] == ["testtools.TestCase"]


def test_a_mixin_is_no_base() -> None:
    many = cases(9, "KitCase, django.test.TestCase", "import django.test\nfrom kit.base import KitCase")
    assert tables(propose, {**BASE, **many}) == []


def test_a_class_with_tests_is_no_base() -> None:
    shared = {"kit/base.py": "class KitCase:\n    def test_all(self): ...\n"}
    assert tables(propose, {**shared, **KIT}) == []


@pytest.mark.parametrize("others", [7, 20])
def test_less_than_most_is_no_rule(others: int) -> None:
    rest = {
        path: text.replace("Base", f"Base{index}")
        for index, (path, text) in enumerate(cases(others, "Base", "from other.base import Base").items())
    }
    assert tables(propose, {**BASE, **KIT, **rest}) == []


def test_classes_that_are_put_together_are_exempt() -> None:
    parts = {
        "tests/parts.py": "class _Common:\n    def test_common(self): ...\n",
        "tests/test_both.py": (
            "from kit.base import KitCase\nfrom tests.parts import _Common\n"
            "class TestBoth(_Common, KitCase):\n    def test_own(self): ...\n"
        ),
    }
    canonical, missing = tables(propose, {**BASE, **KIT, **parts})
    assert "base-of" not in canonical[1]
    assert missing == (
        "missing-base",
        {"base": "kit.base.KitCase", "has-tests": True, "exempt": ["_*"], "paths": ["/tests/"]},
    )


def test_the_widest_folders_where_most_reach_it() -> None:
    plain = {
        f"tests/plain/test_{index}.py": "class TestIt:\n    def test_it(self): ...\n" for index in range(9)
    }
    here = cases(6, "KitCase", "from kit.base import KitCase", "tests/unit/deep/")
    ((_, values),) = tables(propose, {**BASE, **plain, **here})
    assert values["base-of"] == {"paths": ["/tests/unit/deep/"], "has-tests": True}


def test_no_tests_at_all() -> None:
    assert tables(propose, BASE) == tables(propose, {}) == []

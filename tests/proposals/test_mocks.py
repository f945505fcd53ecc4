"""What is proposed as the factory of test doubles: what is there to make mocks, and what tests import for that."""

from __future__ import annotations

import re

import pytest
from proposed import found, project, tables, values

from ssot_lint.proposals.mocks import propose

IMPORT = "from unittest.mock import AsyncMock, MagicMock, Mock\n\n"
FACTORY = (
    IMPORT
    + """\
class MockFactory:
    def client(self):
        return Mock()

    def clock(self):
        return MagicMock()

    def broker(self):
        return AsyncMock()

    def forget(self): ...
"""
)
FUNCTIONS = (
    IMPORT
    + """\
def make_client():
    return Mock()

def make_clock():
    def tick():
        return MagicMock()
    return tick

def make_broker():
    return AsyncMock()
"""
)
PAST = {
    "tests/test_past.py": "from unittest import mock\nclass FakeClock: ...\nx = mock.Mock()\ny = mock.MagicMock()\n",
    "app/fakes.py": "class FakeGateway: ...\n",
}


def using(statement: str, number: int = 5) -> dict[str, str]:
    """Tests that import something."""
    return {f"tests/test_{index}.py": f"{statement}\n" for index in range(number)}


FACTORIES = {
    "a class": (FACTORY, "from kit.mocks import MockFactory", "kit.mocks.MockFactory"),
    "functions of a module": (FUNCTIONS, "from kit.mocks import make_clock", "kit.mocks"),
    "a class by another name": (FACTORY, "from kit.mocks import MockFactory as M", "kit.mocks.MockFactory"),
    "mocks by another name": (
        re.sub(r"(\w*Mock\()", r"m.\1", FACTORY.replace(IMPORT, "from unittest import mock as m\n")),
        "from kit.mocks import MockFactory",
        "kit.mocks.MockFactory",
    ),
}


@pytest.mark.parametrize(("text", "statement", "symbol"), FACTORIES.values(), ids=FACTORIES.keys())
def test_the_factory_that_tests_import(text: str, statement: str, symbol: str) -> None:
    files = {"kit/mocks.py": text, **PAST, **using(statement)}
    (proposal,) = propose(project(files))
    assert values(proposal.tables[0]) == {"factory": symbol, "paths": ["tests/"]}
    assert proposal.evidence == (
        "5 files import it, and 3 functions of it make mocks",
        "past it: 2 mocks and 1 double made by hand in 1 test file",
    )
    assert proposal.strays == len(found(proposal, files)) == 3
    assert {finding.path for finding in found(proposal, files)} == {"tests/test_past.py"}


def test_tests_beside_the_code() -> None:
    files = {
        "kit/mocks.py": FACTORY,
        **using("from kit.mocks import MockFactory"),
        "app/test_orders.py": PAST["tests/test_past.py"],
        "app/orders_test.py": PAST["tests/test_past.py"],
        "app/conftest.py": "from unittest.mock import Mock\nclock = Mock()\n",
    }
    (proposal,) = propose(project(files))
    assert proposal.tables[0].values["paths"] == ["test_*.py", "*_test.py", "conftest.py"]
    assert proposal.strays == len(found(proposal, files)) == 7


def test_the_next_one_is_named() -> None:
    files = {
        "kit/mocks.py": FACTORY,
        "old/mocks.py": FACTORY,
        **PAST,
        **using("from kit.mocks import MockFactory", 6),
        **{f"tests/old/test_{index}.py": "from old.mocks import MockFactory\n" for index in range(3)},
    }
    (proposal,) = propose(project(files))
    assert proposal.tables[0].values["factory"] == "kit.mocks.MockFactory"
    assert proposal.evidence[2] == "the next one is `old.mocks.MockFactory`, imported by 3 files"
    more = {f"tests/old/test_{index}.py": "from old.mocks import MockFactory\n" for index in range(4)}
    assert tables(propose, {**files, **more}) == []


NONE = {
    "imported by too few": {"kit/mocks.py": FACTORY, **using("from kit.mocks import MockFactory", 4)},
    "a double with two mocks": {
        "kit/mocks.py": FACTORY.replace("AsyncMock()", "1"),
        **using("from kit.mocks import MockFactory"),
    },
    "a class that does other things": {
        "kit/mocks.py": FACTORY + "".join(f"    def do{index}(self): ...\n" for index in range(3)),
        **using("from kit.mocks import MockFactory"),
    },
    "functions that are not imported": {
        "kit/mocks.py": FUNCTIONS + "class Base: ...\n",
        **using("from kit.mocks import Base"),
    },
    "mocks of another library": {
        "kit/mocks.py": FACTORY.replace("unittest.mock", "kit.doubles"),
        **using("from kit.mocks import MockFactory"),
    },
    "in a test": {
        "tests/test_mocks.py": FACTORY,
        **using("from tests.test_mocks import MockFactory"),
    },
    "a try that did not catch on": {
        "kit/mocks.py": FACTORY,
        **using("from kit.mocks import MockFactory"),
        **{f"tests/more/test_{index}.py": PAST["tests/test_past.py"] for index in range(250)},
    },
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE.keys())
def test_what_is_no_factory(files: dict[str, str]) -> None:
    assert tables(propose, {**PAST, **files}) == []


def test_a_factory_that_nobody_goes_past_needs_no_rule() -> None:
    assert tables(propose, {"kit/mocks.py": FACTORY, **using("from kit.mocks import MockFactory")}) == []


def test_nothing_to_go_by() -> None:
    assert tables(propose, {}) == []
    assert tables(propose, {"kit/mocks.py": "def (:\n", **using("from kit.mocks import MockFactory")}) == []

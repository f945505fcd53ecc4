"""Doubles made by hand, mocks made beside the factory, and what is only called like an assertion."""

from __future__ import annotations

import pytest
from lint_examples import findings

from ssot_lint.config import parse
from ssot_lint.reading import ConfigError
from ssot_lint.rules._mock_asserts import right_spelling

CONFIG = '[ad-hoc-mock]\nchecks = ["{}"]\nfactory = "testing.mocks.make"\n'
FACTORY = {
    "testing/mocks.py": "from unittest.mock import Mock\nclass FakeClock: ...\ndef make():\n    return Mock()\n"
}


def lines(check: str, text: str, **files: str) -> list[int]:
    """The lines of a file with tests in which one check finds something."""
    found = findings(CONFIG.format(check), {**FACTORY, "tests/test_a.py": text, **files}, "ad-hoc-mock")
    return [finding.span.line for finding in found if finding.path == "tests/test_a.py"]


# classes


@pytest.mark.parametrize(
    "text",
    [
        "class MockClient: ...",
        "class Mock: ...",
        "class Mock_client: ...",
        "class FakeClient: ...",
        "class StubClient: ...",
        "class DummyClient: ...",
        "class SpyClient: ...",
        "class ClientMock: ...",
        "class ClientStub(object): ...",
        "def test_a():\n    class FakeClient: ...",
        "class TestA:\n    class FakeClient: ...",
        "class FakeClient(Client): ...",
        "class FakeClient:\n    def __init__(self): ...\n    def test_connection(self): ...",
    ],
)
def test_class_made_by_hand(text: str) -> None:
    assert len(lines("classes", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "class Faker: ...",
        "class Mocked: ...",
        "class Stubborn: ...",
        "class Mockingbird: ...",
        "class Client: ...",
        "class TestClientMock: ...",
        "class MockClientTests: ...",
        "class MockClientTest: ...",
        "class MockClient:\n    def test_connection(self): ...",
        "class FakeError(Exception): ...",
        "class FakeFault(OSError): ...",
        "from testing.mocks import FakeClock as Base\nclass FakeSlowClock(Base): ...",
    ],
)
def test_class_that_is_no_double_or_may_be(text: str) -> None:
    config = CONFIG.format("classes") + 'bases = ["testing.mocks.FakeClock"]\n'
    assert findings(config, {**FACTORY, "tests/test_a.py": text}, "ad-hoc-mock") == []


def test_class_on_an_unknown_base_is_left_alone_where_bases_are_fine() -> None:
    text = "from app import gone\nclass FakeClient(gone.Base): ...\n"
    files = {**FACTORY, "app.py": "", "tests/test_a.py": text}
    assert len(findings(CONFIG.format("classes"), files, "ad-hoc-mock")) == 1
    assert findings(CONFIG.format("classes") + 'bases = ["a.B"]\n', files, "ad-hoc-mock") == []


def test_factory_is_named_and_may_make_what_it_likes() -> None:
    config = '[ad-hoc-mock]\nfactory = "testing.mocks.make"\n'
    (found,) = findings(config, {**FACTORY, "tests/test_a.py": "class FakeClient: ...\n"}, "ad-hoc-mock")
    assert found.message == "`FakeClient` is a double made by hand, not by `testing.mocks.make`"
    (found,) = findings("[ad-hoc-mock]", {"tests/test_a.py": "class FakeClient: ...\n"}, "ad-hoc-mock")
    assert found.message == "`FakeClient` is a double made by hand"


# direct


@pytest.mark.parametrize(
    "text",
    [
        "from unittest.mock import Mock\nMock()",
        "from unittest.mock import Mock as M\nM()",
        "from unittest import mock\nmock.MagicMock()",
        "import unittest.mock\nunittest.mock.AsyncMock()",
        "import unittest.mock as um\num.create_autospec(int)",
        "import mock\nmock.Mock()",
        "def test_a(mocker):\n    mocker.Mock()",
        "def test_a(mocker):\n    mocker.create_autospec(int)",
        "from unittest.mock import Mock\nclass Client(Mock): ...",
        "from unittest.mock import Mock\nClient = Mock",
        "from unittest import mock\ndef test_a(client):\n    client.send = mock.Mock",
        "from unittest import mock\nclass TestA:\n    def setUp(self):\n        self.send = mock.Mock",
        "from app.compat import Mock\nMock()",
        "from unittest.mock import *\nMock()",
    ],
)
def test_direct_use(text: str) -> None:
    assert len(lines("direct", text, **{"app/compat.py": "from unittest.mock import Mock\n"})) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from unittest.mock import Mock",
        "from unittest.mock import patch\nwith patch('a.b'): ...",
        "from unittest.mock import ANY, call, sentinel\ncall(ANY)\nsentinel.a",
        "from unittest.mock import Mock\nisinstance(a, Mock)",
        "from unittest.mock import Mock\ndef test_a(client: Mock) -> Mock: ...",
        "from unittest.mock import AsyncMock, patch\nwith patch('a.b', new_callable=AsyncMock): ...",
        "from testing.mocks import make\nmake()",
        "from app.models import Mock\nMock()",
        "def test_a(client):\n    client.Mock()",
        "def test_a(Mock):\n    Mock()",
        "from testing.allowed import Mock\nMock()",
    ],
)
def test_no_direct_use(text: str) -> None:
    files = {
        **FACTORY,
        "app/models.py": "class Mock: ...\n",
        "testing/allowed.py": "from unittest.mock import Mock\nMock()\n",
        "tests/test_a.py": text,
    }
    config = CONFIG.format("direct") + 'allow-in = ["testing/allowed.py"]\n'
    assert findings(config, files, "ad-hoc-mock") == []


def test_names_that_count_can_be_chosen() -> None:
    config = CONFIG.format("direct") + 'direct = ["patch"]\n'
    text = "from unittest.mock import Mock, patch\nMock()\npatch('a.b')\n"
    (found,) = findings(config, {**FACTORY, "tests/test_a.py": text}, "ad-hoc-mock")
    assert found.span.line == 3
    assert found.message == "`patch` is used directly, not by `testing.mocks.make`"


def test_double_on_a_mock_is_reported_once() -> None:
    text = "from unittest.mock import Mock\nclass FakeClient(Mock): ...\n"
    assert len(findings("[ad-hoc-mock]", {"tests/test_a.py": text}, "ad-hoc-mock")) == 1


# misspelt


@pytest.mark.parametrize(
    "line",
    [
        "m.assert_called_once_wiht(1)",
        "m.assert_called_onec()",
        "m.asssert_called()",
        "m.asert_called_with(1)",
        "m.assret_called()",
        "m.aseert_not_called()",
        "m.assert_has_call([])",
        "m.assert_any_calls(1)",
        "m.assertCalledOnce()",
        "m.assertcalledoncewith(1)",
        "m.calledoncewith(1)",
        "m.called_once()",
        "m.called_with(1)",
        "m.called_once_with(1)",
        "m.not_called()",
        "m.has_calls([])",
        "m.any_call(1)",
        "m.awaited_once_with(1)",
        "m.send.called_once_with(1)",
        "m.send().called_once_with(1)",
        "m.mock_calls[0].called_with(1)",
        "assert m.called_once",
        "assert not m.not_called",
        "self.assertTrue(m.called_once_with)",
        "m.assert_called_once",
        "m.send.assert_not_called",
        "m.send().assert_called",
        "assert m.assert_called",
        "m.called_once",
        "m.assert_has_calls = [1]",
        "self.assertTrue(m.assert_called)",
        "self.assertFalse(m.send.assert_not_called)",
    ],
)
def test_assertion_that_asserts_nothing(line: str) -> None:
    text = f"from unittest import mock\ndef test_a(self, m):\n    {line}\n"
    assert lines("misspelt", text) == [3]


@pytest.mark.parametrize(
    "line",
    [
        "m.assert_called_once_with(1)",
        "m.assert_has_calls([])",
        "m.assert_not_awaited()",
        "assert m.called",
        "assert m.awaited",
        "m.assert_called_twice()",
        "m.assert_not_called_with(1)",
        "m.assert_called_with_args(1)",
        "m.assert_has_no_calls()",
        "m.assert_called_n(2)",
        "m.assert_all_called()",
        "m.assert_has_business_value(1)",
        "assert m.called_with == [1]",
        "assert m.has_calls",
        "m.called_with = [1]",
        "m.called_once = False",
        "self.assert_called_once_wiht(m)",
        "self.called_with(1)",
        "self.assertRaises(AssertionError, m.assert_called)",
        "self.addCleanup(m.assert_called)",
        "check = m.assert_called",
        "m.called",
        "m.calls",
        "called_once(m)",
        "'m.called_once()'",
        "m.is_called_once()",
    ],
)
def test_what_is_an_assertion_or_something_else(line: str) -> None:
    text = f"from unittest import mock\ndef test_a(self, m):\n    {line}\n"
    assert lines("misspelt", text) == []


@pytest.mark.parametrize("line", ["m.called_once()", "assert m.called_once"])
@pytest.mark.parametrize(
    "spy",
    [
        "class Spy:\n    def called_once(self): ...\n",
        "class Spy:\n    called_once = False\n",
        "class Spy:\n    @property\n    def called_once(self): ...\n",
    ],
)
def test_name_that_a_class_of_the_tree_defines(spy: str, line: str) -> None:
    text = f"from unittest import mock\ndef test_a(m):\n    {line}\n"
    assert lines("misspelt", text, **{"testing/spy.py": spy}) == []


def test_attribute_that_is_written_somewhere() -> None:
    spy = "class Spy:\n    def send(self):\n        self.called_once = True\n"
    text = "from unittest import mock\ndef test_a(m):\n    assert m.called_once\n"
    assert lines("misspelt", text, **{"testing/spy.py": spy}) == []
    assert lines("misspelt", text) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "import requests_mock\ndef test_a():\n    with requests_mock.Mocker() as m:\n        assert m.called_once\n",
        "def test_a(requests_mock):\n    assert requests_mock.get('/').called_once\n",
        "def test_a(m):\n    m.called_with(1)\n    assert m.called_once\n",
    ],
    ids=["another kind of mock", "its fixture", "no mocks at all"],
)
def test_file_with_other_things(text: str) -> None:
    assert lines("misspelt", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "def test_a(mocker):\n    m = mocker.patch('a.b')\n    m.called_once()\n",
        "def test_a(\n    mock_client):\n    mock_client.called_once()\n",
        "from testing.mocks import make\nm = make()\nm.called_once()\n",
    ],
    ids=["pytest-mock", "by its name", "factory"],
)
def test_file_with_mocks_of_any_kind(text: str) -> None:
    assert lines("misspelt", text) == [3]


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("assert_called_once_wiht", "assert_called_once_with"),
        ("assert_awiated", "assert_awaited"),
        ("not_awaited", "assert_not_awaited"),
        ("assert_called_once", ""),
        ("assert_equal", ""),
        ("assert_", ""),
        ("", ""),
    ],
)
def test_right_spelling(name: str, right: str) -> None:
    assert right_spelling(name) == right


@pytest.mark.parametrize("key", ["checks", "classes", "direct"])
def test_nothing_to_look_for(key: str) -> None:
    with pytest.raises(ConfigError, match=f"ad-hoc-mock.{key}: expected at least one, found none"):
        parse(f"[ad-hoc-mock]\n{key} = []\n")

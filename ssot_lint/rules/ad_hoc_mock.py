"""Finds doubles made by hand, mocks made beside the factory, and assertions of mocks that assert nothing.

*Why is this bad?* Every file that makes its own double has its own idea of the real thing: when that changes,
some doubles do not, and their tests pass for ever. A mock takes any attribute, so a misspelt assertion is one
more call of it, and passes too.

*Use instead* the class or function under `factory`, and the right name of an assertion.

`paths` tells where tests are. The file of the factory, and those of `allow-in`, may make what they like.

*Limits* That an assertion is not called (`mock.assert_called`) is seen in `assertTrue(...)` and its like
alone. A name that any class of the tree defines is no misspelt assertion.

*Fix* gives a misspelt `assert_...()` its right name. It is unsafe: the test begins to check something, and
may fail. For `called_once()` and its like, for assertions that are not called, and for doubles none is
offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from ssot_lint.facts.model import ALIAS, CALL, INHERIT, READ, WRITE, Class
from ssot_lint.file import File
from ssot_lint.finding import Problem, Span
from ssot_lint.meaning import EXTERNAL, Meaning
from ssot_lint.project import Project
from ssot_lint.rules._mock_asserts import empty_assertions
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names, symbols

_MODULES = ("unittest.mock.", "mock.")  # the second is what the first is made from, on its own
_FIXTURES = ("mocker", "class_mocker", "module_mocker", "package_mocker", "session_mocker")


@dataclass(frozen=True, kw_only=True)
class AdHocMockOptions(Options):
    """What `[[ad-hoc-mock]]` can be told."""

    checks: tuple[Literal["classes", "direct", "misspelt"], ...] = option(
        "what to look for: classes that are doubles, mocks made with `unittest.mock`, misspelt assertions",
        default=("classes", "direct", "misspelt"),
    )
    factory: str = option(
        "what makes the doubles, by its dotted name", default="", example='"testing.mocks.MockFactory"'
    )
    classes: tuple[str, ...] = option(
        "names of classes that are doubles; what holds tests and what is raised is none",
        default=(
            *("Mock", "Mock[A-Z_]*", "Fake[A-Z_]*", "Stub[A-Z_]*", "Dummy[A-Z_]*", "Spy[A-Z_]*"),
            *("*Mock", "*Fake", "*Stub", "*Dummy", "*Spy"),
        ),
    )
    bases: tuple[str, ...] = option(
        "what such a class may inherit from, by dotted names and patterns", example='["testing.doubles.**"]'
    )
    direct: tuple[str, ...] = option(
        "names of `unittest.mock` that make a mock",
        default=(
            *("Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock", "ThreadingMock"),
            "create_autospec",
        ),
    )


def check(file: File, project: Project, options: AdHocMockOptions) -> Iterator[Problem]:
    """Yields the doubles that the file makes, and its assertions that assert nothing."""
    if "misspelt" in options.checks:
        yield from empty_assertions(file, project)
    homes = project.symbol(options.factory) if options.factory else ()
    if any(meaning.path == file.path for meaning in homes):
        return
    beside = f", not by `{options.factory}`" if options.factory else ""
    doubles = list(_doubles(file, project, options)) if "classes" in options.checks else []
    for entry in doubles:
        message = f"`{entry.name}` is a double made by hand{beside}"
        yield Problem(entry.span, message, ("class", entry.name))
    if "direct" in options.checks:
        reported = {base.span for entry in doubles for base in entry.bases}
        for span, name in _made(file, project, options):
            if span not in reported:
                yield Problem(span, f"`{name}` is used directly{beside}", ("direct", name))


def _doubles(file: File, project: Project, options: AdHocMockOptions) -> Iterator[Class]:
    """The classes of the file that stand in for something, by their names."""
    fine = symbols((*options.bases, options.factory) if options.factory else options.bases)
    for entry in file.outline.classes:
        if not any(fnmatchcase(entry.name, pattern) for pattern in options.classes):
            continue
        if _holds_tests(entry):
            continue
        ancestry = project.ancestry(file.path, entry.qualname)
        names = [name for above in ancestry.meanings for name in project.names(above)]
        is_fine = any(map(fine.within, names)) or (options.bases and not ancestry.is_known)
        if not is_fine and not any(map(_is_error, ancestry.meanings)):
            yield entry


def _holds_tests(entry: Class) -> bool:
    """Whether a class is one of tests; a double with a method such as `test_connection` is none."""
    if entry.name.startswith("Test") or entry.name.endswith(("Test", "Tests", "TestCase")):
        return True
    return "__init__" not in entry.members and any(method.startswith("test") for method in entry.methods)


def _is_error(meaning: Meaning) -> bool:
    return meaning.name.endswith(("Error", "Exception"))


def _made(file: File, project: Project, options: AdHocMockOptions) -> Iterator[tuple[Span, str]]:
    """Where the file makes a mock of `unittest.mock`, or takes its class for one."""
    for use in file.bodies.members:
        fixture, _, name = use.name.partition(".")
        if use.how == CALL and fixture in _FIXTURES and name in options.direct:
            yield from ((span, name) for span in use.spans())
    if not any(f"{name}.".startswith(_MODULES) for name in file.references.names):
        return
    assigned = _assigned(file)
    for use, steps in file.uses:
        name = next(filter(None, (_direct(meaning, project, options) for meaning in steps[-1])), "")
        if not name or use.how not in (CALL, INHERIT, READ):
            continue
        for span in use.spans():
            if use.how != READ or (span.line, span.column) in assigned or (span.line, use.name) in assigned:
                yield span, name


def _direct(meaning: Meaning, project: Project, options: AdHocMockOptions) -> str:
    """The name in `unittest.mock` that is meant, "" for anything else and for what may be handed on."""
    if meaning.kind != EXTERNAL or not meaning.name.startswith(_MODULES):
        return ""
    name = meaning.name.rpartition(".")[2]
    is_sanctioned = any(project.matches(options.allow_in, path) for path in meaning.via)
    return "" if is_sanctioned or name not in options.direct else name


def _assigned(file: File) -> set[tuple[int, int | str]]:
    """What is assigned as it is: the place behind `x.y = `, the line and the dotted name behind `x = `."""
    found: set[tuple[int, int | str]] = set()
    for use in file.bodies.members:
        if use.how == WRITE:
            found.update((span.end_line, span.end_column + len(" = ")) for span in use.spans())
    for scope in file.outline.scopes:
        for bindings in scope.names.values():
            found.update((binding.line, binding.name) for binding in bindings if binding.kind == ALIAS)
    return found


def _contradictions(options: AdHocMockOptions) -> Iterator[Contradiction]:
    yield from no_names(options, "bases")
    """Yields options that can find nothing."""
    for key, values in (("checks", options.checks), ("classes", options.classes), ("direct", options.direct)):
        if not values:
            yield Contradiction((key,), "expected at least one, found none")


_CONFIG = """\
[[ad-hoc-mock]]
factory = "testing.mocks.MockFactory"
bases = ["testing.doubles.**"]
paths = ["tests/"]
"""

_SHARED = {
    "ssot-lint.toml": _CONFIG,
    "testing/mocks.py": (
        "from unittest.mock import Mock\nclass MockFactory:\n    def client(self):\n        return Mock()\n"
    ),
    "testing/doubles.py": "class FakeClock:\n    pass\n",
}

RULE = Rule(
    id="ad-hoc-mock",
    code="SST505",
    options=AdHocMockOptions,
    check=check,
    doc=__doc__,
    symbols=lambda options: (options.factory,) if options.factory else (),
    contradictions=_contradictions,
    bad=(
        Example(
            "a class made by hand, mocks made beside the factory, and assertions that always pass",
            {
                **_SHARED,
                "tests/test_orders.py": (
                    "from unittest import mock\n"
                    "from unittest.mock import MagicMock, create_autospec\n"
                    "class FakeBroker:  # [ad-hoc-mock]\n    sent = ()\n"
                    "class Recorder(MagicMock):  # [ad-hoc-mock]\n    pass\n"
                    "def test_order():\n"
                    "    broker = mock.Mock()  # [ad-hoc-mock]\n"
                    "    clock = create_autospec(object)  # [ad-hoc-mock]\n"
                    "    broker.clock = MagicMock  # [ad-hoc-mock]\n"
                    "    broker.send.assert_called_once_wiht(1)  # [ad-hoc-mock]\n"
                    "    broker.send.called_once_with(1)  # [ad-hoc-mock]\n"
                    "    assert broker.close.called_once  # [ad-hoc-mock]\n"
                    "    clock.tick.assert_has_calls = [mock.call()]  # [ad-hoc-mock]\n"
                ),
            },
            fixed={
                "tests/test_orders.py": (
                    "from unittest import mock\n"
                    "from unittest.mock import MagicMock, create_autospec\n"
                    "class FakeBroker:  # [ad-hoc-mock]\n    sent = ()\n"
                    "class Recorder(MagicMock):  # [ad-hoc-mock]\n    pass\n"
                    "def test_order():\n"
                    "    broker = mock.Mock()  # [ad-hoc-mock]\n"
                    "    clock = create_autospec(object)  # [ad-hoc-mock]\n"
                    "    broker.clock = MagicMock  # [ad-hoc-mock]\n"
                    "    broker.send.assert_called_once_with(1)\n"
                    "    broker.send.called_once_with(1)  # [ad-hoc-mock]\n"
                    "    assert broker.close.called_once  # [ad-hoc-mock]\n"
                    "    clock.tick.assert_has_calls = [mock.call()]  # [ad-hoc-mock]\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "doubles of the factory and of what may be inherited from, patches, and real assertions",
            {
                **_SHARED,
                "tests/test_orders.py": (
                    "from unittest.mock import ANY, Mock, patch\n"
                    "from testing.doubles import FakeClock\n"
                    "from testing.mocks import MockFactory\n"
                    "class FakeSlowClock(FakeClock):\n    pass\n"
                    "class Faker:\n    pass\n"
                    "class MockTests:\n    def test_nothing(self):\n        pass\n"
                    "class FakeError(Exception):\n    pass\n"
                    "def test_order(sender: Mock):\n"
                    '    with patch("app.send") as send:\n'
                    "        broker = MockFactory().client()\n"
                    "    assert isinstance(broker, Mock)\n"
                    "    send.assert_called_once_with(ANY)\n"
                    "    assert sender.called and sender.called_with == [1]\n"
                ),
                "app/fakes.py": "class FakeGateway:\n    pass\n",
            },
        ),
        Example(
            "a double that has what only looks misspelt",
            {
                **_SHARED,
                "testing/spies.py": (
                    "class Recorder:\n"
                    "    def called_once(self):\n        return True\n"
                    "    def send(self):\n        self.not_called = False\n"
                ),
                "tests/test_mocks.py": (
                    "def test_send(mock_spy):\n"
                    "    assert mock_spy.called_once()\n"
                    "    assert not mock_spy.not_called\n"
                ),
            },
        ),
    ),
)

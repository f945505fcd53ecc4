"""Finds tests that test nothing: empty, skipped for good, or true whatever the code does.

*Why is this bad?* They are counted as tests and cannot fail, so they make what is not tested look tested.

*Use instead* a test, or nothing: what is still to be tested belongs on a list of work.

*Limits* A test that takes the place of an inherited one may well do nothing, so it is passed over, also
where a base cannot be resolved. A whole module that skips itself (`pytestmark`) is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from ssot_lint.facts.model import IN_FUNCTION, Class, Function
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._elsewhere import is_inherited, is_named
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._tests import (
    DEFAULT_TEST_PATHS,
    TEST_PATHS,
    class_tests,
    is_abstract,
    is_test_case,
    is_test_code,
    is_test_name,
    lineage,
    may_be_test,
)

Kind = Literal["empty", "constant-assertion", "skip", "skip-mark", "todo", "uncalled-function"]

_KINDS: Mapping[str, Kind] = {
    "docstring": "empty",
    "pass": "empty",
    "ellipsis": "empty",
    "constant-assertion": "constant-assertion",
    "skip": "skip",
    "todo": "todo",
    "uncalled-function": "uncalled-function",
}
_FAULTS = {
    "empty": "is empty",
    "constant-assertion": "asserts nothing but constants",
    "skip": "always skips itself",
    "skip-mark": "is always skipped",
    "todo": "only raises `NotImplementedError`",
    "uncalled-function": "only defines a function that nothing calls",
    "no-assert": "asserts nothing",
}
_SKIPS = frozenset(("pytest.mark.skip", "unittest.skip"))


@dataclass(frozen=True, kw_only=True)
class PlaceholderTestOptions(Options):
    """What `[[placeholder-test]]` can be told."""

    kinds: tuple[Kind, ...] = option(
        "what counts as a placeholder; `skip` is a body that begins with it, `skip-mark` a decorator",
        default=get_args(Kind),
    )
    no_assert: bool = option(
        "also tests that call nothing named `assert*`, `raises`, `warns` or `fail`, and hold no `assert`",
        default=False,
    )
    test_paths: tuple[str, ...] = option(TEST_PATHS, default=DEFAULT_TEST_PATHS)


def check(file: File, project: Project, options: PlaceholderTestOptions) -> Iterator[Problem]:
    """Yields every test of the file that cannot fail, and every class whose tests are all skipped."""
    if not is_test_code(project, file.path, options.test_paths):
        return

    @cache
    def is_skip(name: str, home: int) -> bool:
        return any(meaning.name in _SKIPS for meaning in project.resolve(file.path, name, home))

    if "skip-mark" in options.kinds:
        for entry in file.outline.classes:
            if _is_skipped(entry, is_skip) and class_tests(file, project, file.path, entry):
                yield _problem(entry, "skip-mark")
    for function in file.bodies.functions:
        if not function.body and not function.decorators and (function.asserts or not options.no_assert):
            continue  # most of them
        if not _is_test(file, project, function):
            continue
        kinds = list(_kinds(function, is_skip))
        kind = next((kind for kind in kinds if kind in options.kinds), None)
        if kind is not None:
            if not _is_for_others(file, project, function):
                yield _problem(function, kind)
        elif options.no_assert and not kinds and not function.asserts:
            yield _problem(function, "no-assert")


def _is_test(file: File, project: Project, function: Function) -> bool:
    return (
        not function.context & IN_FUNCTION
        and is_test_name(project, file.path, function.name)
        and may_be_test(function)
        and not is_abstract(function)
    )


def _kinds(function: Function, is_skip: Callable[[str, int], bool]) -> Iterator[Kind]:
    kind = _KINDS.get(function.body)
    if kind:
        yield kind
    if _is_skipped(function, is_skip):
        yield "skip-mark"


def _is_skipped(entry: Class | Function, is_skip: Callable[[str, int], bool]) -> bool:
    return any(is_skip(decorator.name, decorator.home) for decorator in entry.decorators)


def _is_for_others(file: File, project: Project, function: Function) -> bool:
    """Whether a test is handed on, may take the place of an inherited one, or keeps one for classes below."""
    if not function.is_method and is_named(file, function, as_script=False):
        return True
    owner = function.qualname.rpartition(".")[0]
    if function.body == "todo" and is_inherited(project, file.path, owner):
        return True
    for entry in project.classes_at(file.path, owner):
        if is_test_case(project, file.path, entry) is None:
            return True  # some base is not known
        above = lineage(project, file.path, entry)[1:]
        if any(function.name in each.members for _, each in above):
            return True
    return False


def _problem(entry: Class | Function, kind: Kind | Literal["no-assert"]) -> Problem:
    return Problem(entry.span, f"`{entry.name}` {_FAULTS[kind]}", (entry.name, kind))


_CONFIG = "[[placeholder-test]]\n"

RULE = Rule(
    id="placeholder-test",
    code="SST501",
    options=PlaceholderTestOptions,
    check=check,
    doc=__doc__,
    bad=(
        Example(
            "each kind of them",
            {
                "ssot-lint.toml": _CONFIG,
                "tests/test_orders.py": (
                    "import unittest\nimport pytest\n"
                    'def test_total():  # [placeholder-test]\n    """Sums all."""\n'
                    "def test_cart():  # [placeholder-test]\n    assert True\n"
                    "def test_refund():  # [placeholder-test]\n"
                    "    pytest.skip('later')\n    assert refund()\n"
                    "@pytest.mark.skip(reason='flaky')\n"
                    "def test_tax():  # [placeholder-test]\n    assert tax() == 1\n"
                    "@unittest.skip('slow')\n"
                    "class TestShipping(unittest.TestCase):  # [placeholder-test]\n"
                    "    def test_weight(self):\n        self.assertEqual(weight(), 2)\n"
                    "    def test_volume(self):  # [placeholder-test]\n        raise NotImplementedError\n"
                    "class TestStock:\n"
                    "    def test_count(self):  # [placeholder-test]\n"
                    "        def count_all():\n            assert count() == 3\n"
                ),
            },
        ),
        Example(
            "a test without an assertion, where that counts",
            {
                "ssot-lint.toml": "[[placeholder-test]]\nno-assert = true\n",
                "tests/test_orders.py": (
                    "def test_total():  # [placeholder-test]\n    total()\n"
                    "def test_cart():\n    assert cart()\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "tests, and what only looks like one",
            {
                "ssot-lint.toml": _CONFIG,
                "testing.py": (
                    "class StoreCases:\n    def test_empty(self):\n        assert not self.make()\n"
                ),
                "tests/test_stores.py": (
                    "import abc\nimport pytest\n"
                    "from stores import Contract\n"
                    "from testing import StoreCases\n"
                    "class TestDisk(StoreCases):\n"
                    '    def test_empty(self):\n        """A disk never is."""\n'
                    "class TestMemory(Contract):\n"
                    "    def test_full(self):\n        pass\n"
                    "class Cases(abc.ABC):\n"
                    "    @abc.abstractmethod\n"
                    "    def test_name(self): ...\n"
                    "class Template:\n"
                    "    def test_size(self):\n        raise NotImplementedError\n"
                    "class TestSize(Template):\n"
                    "    def test_size(self):\n        assert 3 < size()\n"
                    "@pytest.fixture\ndef test_folder():\n    pass\n"
                    "@pytest.mark.skipif(not disk, reason='no disk')\n"
                    "def test_write():\n    write()\n"
                    "def test_read():\n    pytest.importorskip('numpy')\n    assert read()\n"
                    "def make():\n    def test_made(): ...\n    return test_made\n"
                    "def helper(): ...\n"
                ),
                "shop/probe.py": "def test_connection(): ...\n",
            },
        ),
        Example(
            "a kind that does not count",
            {
                "ssot-lint.toml": '[[placeholder-test]]\nkinds = ["empty", "constant-assertion"]\n',
                "tests/test_orders.py": (
                    "import pytest\n@pytest.mark.skip\ndef test_total():\n    raise NotImplementedError\n"
                ),
            },
        ),
    ),
)

"""Finds tests that pytest, as configured in the tree, does not collect.

*Why is this bad?* Tests that are not collected fail for nobody. A suite stays green when a class is renamed
from `TestOrders` to `OrdersTests`, gets an `__init__`, loses its `unittest.TestCase`, or slips into the
function above it.

*Use instead* a name, a place and a base that pytest collects, or `__test__ = False` where that is meant.

*Limits* Each file is judged by the nearest pytest configuration above it, as if pytest were called there
without arguments. Classes that others inherit from, import or name are passed over: their tests run
elsewhere, or they are no tests. So are classes with a base that cannot be resolved, and all files below
a `conftest.py` that collects in its own way. `collect_ignore` is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import chain
from typing import Literal, get_args

from ssot_lint.collection import FILE_NAME, IN_SKIPPED_FOLDER, OUTSIDE_TESTPATHS
from ssot_lint.facts.model import IN_FUNCTION, Class, Function
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._elsewhere import is_imported, is_module_imported, is_named, is_taken_up
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._tests import (
    ABSTRACT,
    COLLECTED,
    CONSTRUCTOR,
    DEFAULT_TEST_PATHS,
    NAME,
    NESTED,
    TEST_PATHS,
    class_tests,
    collects_in_its_own_way,
    fate,
    is_for_unittest,
    is_opted_out,
    is_test_code,
    lineage,
    listed,
    may_be_test,
    module_tests,
    own_constructor,
)

Kind = Literal["class-name", "constructor", "nested", "abstract", "file-name", "testpaths", "folder"]

_KINDS: dict[str, Kind] = {
    NAME: "class-name",
    CONSTRUCTOR: "constructor",
    NESTED: "nested",
    ABSTRACT: "abstract",
    FILE_NAME: "file-name",
    OUTSIDE_TESTPATHS: "testpaths",
    IN_SKIPPED_FOLDER: "folder",
}
_FRAMEWORKS = ("pytest", "unittest")
_HARMLESS = ("pytest", "unittest", "mock", "patch")  # decorators of these hand nothing on


@dataclass(frozen=True, kw_only=True)
class UncollectedTestOptions(Options):
    """What `[[uncollected-test]]` can be told."""

    kinds: tuple[Kind, ...] = option(
        "reasons that count; `testpaths` is what pytest looks at when it is called without arguments",
        default=tuple(kind for kind in get_args(Kind) if kind != "testpaths"),
    )
    exempt: tuple[str, ...] = option("names of classes that need not be collected", example='["*Mixin"]')
    min_tests: int = option("the fewest tests that a class or a file must hold", default=1)
    test_paths: tuple[str, ...] = option(TEST_PATHS, default=DEFAULT_TEST_PATHS)


def check(file: File, project: Project, options: UncollectedTestOptions) -> Iterator[Problem]:
    """Yields what holds tests in vain: the whole file, or classes and functions in it."""
    path = file.path
    collection = project.collection(path)
    if not collection.is_known or is_opted_out(file):
        return
    if not is_test_code(project, path, options.test_paths):
        return
    passed_over = collection.passes_over(path)
    if passed_over:
        problems = _of_file(file, project, options, passed_over)
    else:
        problems = chain(_of_classes(file, project, options), _of_functions(file, options))
    for problem in problems:
        if not collects_in_its_own_way(project, path):
            yield problem


def _of_file(
    file: File, project: Project, options: UncollectedTestOptions, passed_over: str
) -> Iterator[Problem]:
    """The problem of a file that pytest passes over, if it would find tests in it."""
    kind = _KINDS.get(passed_over)
    if kind not in options.kinds or not _has_tests(file):
        return
    if kind == "file-name" and is_module_imported(project, file.path):
        return  # it serves other files, whatever its functions are called
    lost: list[tuple[Class | Function, int]] = [
        (function, 1)
        for function in module_tests(file, project)
        if not is_named(file, function, as_script=True) and not is_imported(project, file.path, function.name)
    ]
    for entry in file.outline.classes:
        is_lost = fate(file, project, file.path, entry).kind == COLLECTED
        if is_lost and not is_for_unittest(project, file.path, entry):
            number = len(class_tests(file, project, file.path, entry))
            if number and not is_taken_up(file, project, entry, as_script=True):
                lost.append((entry, number))
    number = sum(count for _, count in lost)
    if lost and number >= options.min_tests:
        first = min((entry for entry, _ in lost), key=lambda entry: entry.line)
        message = f"pytest does not collect {_tests(number)} of this file: {_why(file, project, passed_over)}"
        yield Problem(first.span, message, ("file", kind))


def _of_classes(file: File, project: Project, options: UncollectedTestOptions) -> Iterator[Problem]:
    for entry in file.outline.classes:
        found = fate(file, project, file.path, entry)
        kind = _KINDS.get(found.kind)
        if kind not in options.kinds or any(fnmatchcase(entry.name, name) for name in options.exempt):
            continue
        number = len(class_tests(file, project, file.path, entry))
        if (
            number >= max(options.min_tests, 1)
            and not (kind == "class-name" and _has_constructor(file, project, entry))
            and not is_taken_up(file, project, entry, as_script=False)
        ):
            message = f"pytest does not collect {_tests(number)} of `{entry.name}`: {found.why}"
            yield Problem(entry.span, message, (entry.name, kind))


def _of_functions(file: File, options: UncollectedTestOptions) -> Iterator[Problem]:
    """Test functions that stand in a function, which neither calls them nor hands them on."""
    if "nested" not in options.kinds or options.min_tests > 1:
        return
    for function in file.bodies.functions:
        if (
            function.context & IN_FUNCTION
            and not function.is_method
            and function.name.startswith("test_")
            and may_be_test(function)
            and all(decorator.name.partition(".")[0] in _HARMLESS for decorator in function.decorators)
            and not is_named(file, function, as_script=False)
        ):
            outer = function.qualname.split(".")[-2]
            message = f"pytest does not collect `{function.name}`: it stands in the function `{outer}`"
            yield Problem(function.span, message, (function.name, "nested"))


def _has_constructor(file: File, project: Project, entry: Class) -> bool:
    """Whether a class was hardly meant to be collected, although methods of it are called like tests."""
    return any(own_constructor(each) for _, each in lineage(project, file.path, entry))


def _has_tests(file: File) -> bool:
    """Whether a file, beyond its place and the names in it, has to do with tests."""
    return any(entry.module.partition(".")[0] in _FRAMEWORKS for entry in file.details.imports) or any(
        function.asserts for function in file.bodies.functions if function.name.startswith("test")
    )


def _tests(number: int) -> str:
    return "the only test" if number == 1 else f"the {number} tests"


def _why(file: File, project: Project, passed_over: str) -> str:
    collection = project.collection(file.path)
    if passed_over == OUTSIDE_TESTPATHS:
        return f"it lies outside of `testpaths`, {listed(collection.testpaths)}"
    if passed_over == IN_SKIPPED_FOLDER:
        return "it lies in a folder of `norecursedirs`"
    return f"its name matches none of {listed(collection.python_files)}"


_CONFIG = "[[uncollected-test]]\n"
_PYTEST = "[pytest]\npython_classes = Test*\ntestpaths = tests\nnorecursedirs = old\n"

RULE = Rule(
    id="uncollected-test",
    code="SST502",
    options=UncollectedTestOptions,
    check=check,
    doc=__doc__,
    bad=(
        Example(
            "a name, a constructor, a lost base, and an indentation that hide tests",
            {
                "ssot-lint.toml": _CONFIG,
                "pytest.ini": _PYTEST,
                "testing.py": "class Case:\n    pass\n",
                "tests/test_orders.py": (
                    "from testing import Case\n"
                    "class OrdersTests:  # [uncollected-test]\n"
                    "    def test_total(self): ...\n"
                    "class TestRefunds:  # [uncollected-test]\n"
                    "    def __init__(self):\n"
                    "        self.refunds = []\n"
                    "    def test_refund(self): ...\n"
                    "class CartTests(Case):  # [uncollected-test]\n"
                    "    def test_add(self): ...\n"
                    "def test_discount():\n"
                    "    assert 9 < 10\n"
                    "    def test_rounding():  # [uncollected-test]\n"
                    "        assert round(9.5)\n"
                    "    class TestTaxes:  # [uncollected-test]\n"
                    "        def test_rate(self): ...\n"
                ),
            },
        ),
        Example(
            "files that pytest passes over",
            {
                "ssot-lint.toml": f'{_CONFIG}kinds = ["file-name", "folder", "testpaths"]\n',
                "pytest.ini": _PYTEST,
                "tests/orders_checks.py": (
                    "import pytest\n"
                    "class TestOrders:  # [uncollected-test]\n"
                    "    def test_total(self): ...\n"
                    "def test_cart(): ...\n"
                ),
                "tests/old/test_refunds.py": (
                    "import pytest\ndef test_refund(): ...  # [uncollected-test]\n"
                ),
                "shop/test_shop.py": (
                    "import unittest\n"
                    "class ShopTest(unittest.TestCase):  # [uncollected-test]\n"
                    "    def test_open(self): ...\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "collected, whatever they are called",
            {
                "ssot-lint.toml": _CONFIG,
                "setup.cfg": "[tool:pytest]\npython_classes = Test *Suite\npython_functions = test check_\n",
                "testing.py": "import unittest\nclass Case(unittest.TestCase): ...\n",
                "tests/test_orders.py": (
                    "from testing import Case\n"
                    "class Orders(Case):\n"
                    "    def __init__(self, name):\n"
                    "        super().__init__(name)\n"
                    "    def test_total(self): ...\n"
                    "class OrderSuite:\n"
                    "    def check_total(self): ...\n"
                    "class Cart:\n"
                    "    __test__ = True\n"
                    "    def test_add(self): ...\n"
                    "def test_cart():\n"
                    "    def test_each(item): ...\n"
                    "    return test_each\n"
                ),
            },
        ),
        Example(
            "not meant to be collected, or not known to be passed over",
            {
                "ssot-lint.toml": '[[uncollected-test]]\nexempt = ["*Mixin"]\n',
                "pytest.ini": _PYTEST,
                "tests/cases.py": (
                    "import pytest\n"
                    "class StoreCases:\n    def test_empty(self): ...\n"
                    "class StoreMixin:\n    def test_full(self): ...\n"
                ),
                "tests/test_stores.py": (
                    "from tests.cases import StoreCases\n"
                    "from stores import Contract\n"
                    "class TestDisk(StoreCases): ...\n"
                    "class DiskMixin:\n    def test_size(self): ...\n"
                    "class DiskContract(Contract):\n    def test_name(self): ...\n"
                    "class Probe:\n"
                    "    def __init__(self, url): ...\n"
                    "    def test_connection(self): ...\n"
                    "class Pinger:\n    def test_ping(self): ...\n"
                    "pinger = Pinger()\n"
                    "class TestTemplate:\n"
                    "    __test__ = False\n"
                    "    def test_page(self): ...\n"
                    "def test_routes(app):\n"
                    "    @app.get('/')\n"
                    "    def test_route(): ...\n"
                    "    @pytest.fixture\n"
                    "    def test_user(): ...\n"
                ),
                "shop/connection.py": "def test_connection(): ...\n",
                "shop/test_connection.py": "def test_connection(): ...\n",
            },
        ),
    ),
)

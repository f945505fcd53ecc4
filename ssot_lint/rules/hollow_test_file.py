"""Finds test files in which no test is left: all commented out, or gone.

*Why is this bad?* Such a file looks healthy to everyone who counts files or parses them, and tests nothing.

*Use instead* the last good revision of the file, or no file at all.

*Limits* Comments are told from commented-out code by their form. A file is passed over if anything in it
is called like a test, if a class in it may inherit tests, if it takes tests from another module or makes
them as it runs, and if it is not Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.facts.comments import COMMENTS_SHARE, FEW_COMMENTS
from ssot_lint.facts.model import CALL, Class
from ssot_lint.file import File
from ssot_lint.finding import Problem, Span
from ssot_lint.meaning import A_CLASS, A_MODULE, EXTERNAL, Meaning
from ssot_lint.project import Project
from ssot_lint.rules._elsewhere import is_module_imported
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._tests import is_opted_out, is_test_case, is_test_name, lineage

_MAKERS = ("load_tests", "pytest_generate_tests")
_NO_TEST_FILES = ("__init__.py", "conftest.py")
_LEAST_PERCENT = 100 // COMMENTS_SHARE


@dataclass(frozen=True, kw_only=True)
class HollowTestFileOptions(Options):
    """What `[[hollow-test-file]]` can be told."""

    min_lines: int = option("the fewest lines of commented-out code", default=FEW_COMMENTS)
    share: int = option("the least part of all lines that they are, in per cent", default=_LEAST_PERCENT)
    emptied: bool = option("also files that hold nothing, or nothing but imports", default=True)


def check(file: File, project: Project, options: HollowTestFileOptions) -> Iterator[Problem]:
    """Yields one problem for a test file that holds no test."""
    if (
        not project.collection(file.path).is_test_file(file.path)
        or file.path.rpartition("/")[2] in _NO_TEST_FILES
        or not file.outline.parsed
        or is_opted_out(file)
        or _may_have_tests(file, project)
    ):
        return
    lines, commented_out = file.details.lines, _commented_out(file)
    if commented_out >= options.min_lines and commented_out * 100 >= options.share * lines:
        why = f"{commented_out} of its {lines} lines are comments"
    elif options.emptied and _is_emptied(file, project):
        why = "it holds nothing but imports" if file.details.imports else "it holds no code"
    else:
        return
    yield Problem(Span(1, 1, 1, 1), f"no test is left in this file: {why}", ("file",))


def _commented_out(file: File) -> int:
    """How many lines are commented-out code; all comments are, where there is little else."""
    details = file.details
    is_mostly_comments = details.comment_lines * 2 > details.lines
    return details.comment_lines if is_mostly_comments else details.code_comment_lines


def _is_emptied(file: File, project: Project) -> bool:
    """Whether a file defines nothing, calls nothing, and hands nothing on."""
    return (
        not file.bodies.functions
        and not file.outline.classes
        and not any(use.how == CALL for use in file.details.uses)
        and not is_module_imported(project, file.path)
    )


def _may_have_tests(file: File, project: Project) -> bool:
    """Whether anything in a file is a test, or may be one that is made elsewhere."""
    path = file.path
    names = file.outline.scopes[0].names
    return (
        any(maker in names for maker in _MAKERS)
        or any(is_test_name(project, path, function.name) for function in file.bodies.functions)
        or any(_may_be_tests(project, path, meaning, name) for name, meaning in _named(file, project))
    )


def _named(file: File, project: Project) -> Iterator[tuple[str, Meaning]]:
    """What each name of a module means, and what its star imports bring along."""
    for name in file.outline.scopes[0].names:
        for meaning in project.resolve(file.path, name, 0):
            yield name, meaning
    for entry in file.details.imports:
        if entry.name == "*":
            for meaning in project.starred(file.path, entry, ()):
                yield meaning.name, meaning


def _may_be_tests(project: Project, path: str, meaning: Meaning, name: str) -> bool:
    """Whether a thing that a module has under a name is a test or holds tests, or may."""
    is_called_so = is_test_name(project, path, name) or project.collection(path).takes_class(name)
    if meaning.kind == A_CLASS:
        entries = project.classes_at(meaning.path, meaning.name)
        return any(_may_hold_tests(project, path, meaning.path, entry, is_called_so) for entry in entries)
    return is_called_so and meaning.kind not in (EXTERNAL, A_MODULE)


def _may_hold_tests(project: Project, path: str, where: str, entry: Class, is_called_so: bool) -> bool:
    is_case = is_test_case(project, where, entry)
    if is_case is False and not is_called_so:
        return False
    return is_case is None or any(
        is_test_name(project, path, name)
        for _, each in lineage(project, where, entry)
        for name in each.members
    )


def _contradictions(options: HollowTestFileOptions) -> Iterator[Contradiction]:
    if options.min_lines < FEW_COMMENTS:
        yield Contradiction(
            ("min-lines",), f"comments are not counted where they are fewer than {FEW_COMMENTS}"
        )
    if not _LEAST_PERCENT <= options.share <= 100:
        yield Contradiction(("share",), f"expected a part between {_LEAST_PERCENT} and 100 per cent")


_CONFIG = "[[hollow-test-file]]\n"
_COMMENTED_OUT = "".join(
    f"# def test_{number}():\n#     assert total({number}) == 3\n" for number in range(12)
)

RULE = Rule(
    id="hollow-test-file",
    code="SST504",
    options=HollowTestFileOptions,
    check=check,
    doc=__doc__,
    contradictions=_contradictions,
    bad=(
        Example(
            "every test is commented out, or nothing is left",
            {
                "ssot-lint.toml": _CONFIG,
                "tests/test_orders.py": "import pytest  # [hollow-test-file]\n" + _COMMENTED_OUT,
                "tests/test_refunds.py": (
                    "from app import Client as TestClient  # [hollow-test-file]\n"
                    "client = TestClient()\n" + _COMMENTED_OUT.replace("#", "# REMOVED:")
                ),
                "tests/test_carts.py": '"""Tests of carts."""  # [hollow-test-file]\n',
                "tests/test_taxes.py": "import pytest  # [hollow-test-file]\nimport taxes\n",
            },
        ),
    ),
    good=(
        Example(
            "tests, however they come to be, and files for other things",
            {
                "ssot-lint.toml": _CONFIG,
                "tests/__init__.py": "",
                "tests/cases.py": (
                    "import unittest\nclass Cases(unittest.TestCase):\n    def test_a(self): ...\n"
                ),
                "tests/test_one.py": "def test_left(): ...\n" + _COMMENTED_OUT,
                "tests/test_inherited.py": (
                    "from tests.cases import Cases\nclass OneCase(Cases): ...\n" + _COMMENTED_OUT
                ),
                "tests/test_taken.py": "from tests.cases import Cases\n",
                "tests/test_starred.py": "from tests.cases import *\n",
                "tests/test_unknown.py": "from suites import Suite\nclass A(Suite): ...\n" + _COMMENTED_OUT,
                "tests/test_made.py": "from tests import cases\nTestMade = cases.make()\n" + _COMMENTED_OUT,
                "tests/test_loaded.py": "def load_tests(loader, tests, pattern): ...\n" + _COMMENTED_OUT,
                "tests/test_tools.py": "def add(one, two):\n    return one + two\n",
                "tests/test_script.py": "import sys\nprint(sys.argv)\n",
                "tests/test_names.py": "from tests.cases import unittest\n",
                "tests/test_users.py": "from tests.test_names import unittest\ndef test_a(): ...\n",
                "tests/notes.py": _COMMENTED_OUT,
            },
        ),
    ),
)

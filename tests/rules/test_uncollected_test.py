"""Tests that pytest does not collect, beyond the examples of the rule; and pytest itself as the judge."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.collection_files import read_collections
from ssot_lint.facts.extract import extract
from ssot_lint.file import InMemory
from ssot_lint.project import Project
from ssot_lint.rules import Example
from ssot_lint.rules._tests import (
    COLLECTED,
    class_tests,
    fate,
    is_opted_out,
    is_test_case,
    lineage,
    module_tests,
)

RULE = "uncollected-test"
MARK = f"  # [{RULE}]\n"

# pytest itself as the judge

CASES = """\
import abc, unittest
class Plain:
    def test_plain(self): ...
class Started:
    def __init__(self, *args): super().__init__(*args)
class Made:
    def __new__(cls, *args): return super().__new__(cls)
class Case(unittest.TestCase):
    def test_case(self): ...
class Contract(abc.ABC):
    @abc.abstractmethod
    def make(self): ...
    def test_made(self): ...
class Quiet:
    __test__ = False
    def test_quiet(self): ...
class Loud:
    __test__ = True
    def test_loud(self): ...
"""
BASES = (
    *("", "object", "cases.Plain", "cases.Started", "cases.Made", "cases.Case", "cases.Contract"),
    *("cases.Quiet", "cases.Loud", "unittest.TestCase", "unittest.IsolatedAsyncioTestCase"),
    *("cases.Plain, cases.Contract", "cases.Started, unittest.TestCase", "cases.Quiet, cases.Loud"),
)
CLASS_NAMES = ("TestA", "TestB", "Test", "Test_c", "ATest", "ATests", "CheckA", "Suite", "aTest", "_TestA")
FUNCTION_NAMES = ("test_a", "test_b", "testC", "test", "check_a", "it_works", "_test_d", "helper", "make")
FILE_NAMES = (
    "test_a.py",
    "test_b.py",
    "a_test.py",
    "check_a.py",
    "all_tests.py",
    "a.py",
    "testa.py",
    "test-c.py",
)
FOLDERS = (
    "",
    "tests",
    "tests/unit",
    "tests/old",
    "tests/a/unit",
    "build/tests",
    ".cache",
    "pkg/tests",
    "venv",
)
FORMS = (
    *(
        "def {}(self): ...",
        "async def {}(self): ...",
        "@staticmethod\ndef {}(): ...",
        "@property\ndef {}(self): ...",
    ),
    *(
        "@classmethod\ndef {}(cls): ...",
        "if True:\n    def {}(self): ...",
        "@pytest.mark.skip\ndef {}(self): ...",
    ),
)
FUNCTION_FORMS = (
    *(
        "def {}(): ...",
        "async def {}(): ...",
        "if True:\n    def {}(): ...",
        "@pytest.fixture\ndef {}(): ...",
    ),
    *("if __name__ == '__main__':\n    def {}(): ...", "try:\n    def {}(): ...\nfinally:\n    pass"),
    *("def outer_{0}():\n    def {0}(): ...", "@pytest.mark.skip\ndef {}(): ..."),
)
CONFIGURATIONS: tuple[Mapping[str, str], ...] = (
    {},
    {"pytest.ini": "", "tox.ini": "[pytest]\npython_classes = Suite\n"},
    {"pytest.ini": "[pytest]\npython_classes = *Test *Tests\npython_functions = check_* test\n# x = y\n"},
    {
        "tox.ini": "[tox]\nenvlist = py\n[pytest]\npython_files =\n  check_*.py\n  all_tests.py\ntestpaths: tests pkg\n"
    },
    {"setup.cfg": "[tool:pytest]\npython_files = unit/*.py */old/*.py\npython_classes =\n"},
    {"pytest.ini": "[pytest]\ntestpaths = gone tests/*/unit **/old\nnorecursedirs = .* a\n"},
    {"pytest.ini": "[pytest]\ntestpaths = gone\naddopts = --ignore=tests/old --ignore tests/unit\n"},
    {
        "pyproject.toml": "[tool.pytest.ini_options]\npython_files = 'test*.py'\nnorecursedirs = ['old', 'pkg/t*']\n"
    },
    {
        "pyproject.toml": "[tool.x]\npytest = 1\n",
        "setup.cfg": "[tool:pytest]\ntestpaths = build/tests tests/old/*.py\n",
    },
    {
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['-o', 'python_classes=CheckA', '--ignore-glob=*/t*_a.py']\n"
    },
)
NATIVE: tuple[Mapping[str, str], ...] = (
    {"pyproject.toml": "[tool.pytest]\npython_functions = ['it_*']\ntestpaths = ['tests', 'pkg']\n"},
    {
        ".pytest.toml": "[pytest]\npython_classes = ['*A']\n",
        "pytest.ini": "[pytest]\npython_classes = Suite\n",
    },
)
if pytest.version_tuple >= (9,):
    CONFIGURATIONS += NATIVE


def a_class(dice: random.Random, depth: int) -> tuple[str, str]:
    """The name and the text of a class."""
    name = dice.choice(CLASS_NAMES)
    bases = dice.choice(BASES)
    functions = dice.sample(FUNCTION_NAMES, dice.randint(0, 4))
    members = ["x = 0", *(dice.choice(FORMS).format(function) for function in functions)]
    if dice.random() < 0.1:
        members.append("def __init__(self, *args): super().__init__(*args)")
    if dice.random() < 0.1:
        members.append("def __new__(cls, *args): return super().__new__(cls)")
    if dice.random() < 0.15:
        members.append(f"__test__ = {dice.random() < 0.5}")
    if dice.random() < 0.1:
        members.append("@abc.abstractmethod\ndef test_abstract(self): ...")
    if "Case" not in bases and dice.random() < 0.1:
        members.append("@pytest.fixture\ndef test_fixture(self): ...")
    if depth < 2 and dice.random() < 0.4:
        members.append(a_class(dice, depth + 1)[1])
    decorator = "@dataclasses.dataclass\n" if not bases and dice.random() < 0.1 else ""
    head = f"class {name}({bases}):" if bases else f"class {name}:"
    return name, f"{decorator}{head}\n{indented(*members)}"


def a_module(dice: random.Random) -> str:
    parts = ["import abc, dataclasses, unittest\nimport pytest\nimport cases"]
    functions = dice.sample(FUNCTION_NAMES, dice.randint(0, 4))
    parts += (dice.choice(FUNCTION_FORMS).format(function) for function in functions)
    for name, text in dict(a_class(dice, 0) for _ in range(4)).items():
        parts.append(text if dice.random() < 0.9 else f"def make_{name}():\n{indented(text)}")
    if dice.random() < 0.05:
        parts.append("__test__ = False")
    return "\n".join(parts) + "\n"


def indented(*texts: str) -> str:
    return "\n".join(f"    {line}" for text in texts for line in text.split("\n"))


def a_tree(dice: random.Random, configuration: Mapping[str, str]) -> dict[str, str]:
    places = [f"{folder}/{name}".lstrip("/") for folder in FOLDERS for name in FILE_NAMES]
    modules = {place: a_module(dice) for place in dice.sample(places, 40)}
    return {"cases.py": CASES, **configuration, **modules}


def collected_by_pytest(folder: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    options = ("--collect-only", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "--color=no")
    return subprocess.Popen(
        [sys.executable, "-B", "-m", "pytest", *options, "--disable-warnings"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def collected_by_rule(tree: Mapping[str, str]) -> Iterator[str]:
    texts = {path: text.encode() for path, text in tree.items()}
    facts = {path: extract(text) for path, text in texts.items() if path.endswith(".py")}
    outlines = {path: each.outline for path, each in facts.items()}
    collections, notes = read_collections(texts, outlines)
    assert notes == []
    project = Project(outlines, InMemory(facts), collections=lambda: collections)
    for path in outlines:
        file = project.file(path)
        collection = project.collection(path)
        if collection.passes_over(path) or is_opted_out(file):
            continue
        yield from (f"{path}::{function.name}" for function in module_tests(file, project))
        for entry in file.outline.classes:
            if fate(file, project, path, entry).kind == COLLECTED:
                is_case = is_test_case(project, path, entry)
                for name in class_tests(file, project, path, entry):
                    if name.startswith("test") if is_case else collection.takes_function(name):
                        yield "::".join((path, *entry.qualname.split("."), name))


@pytest.mark.skipif(sys.platform == "emscripten", reason="it starts no processes")
def test_what_is_collected_is_what_pytest_collects(tmp_path: Path) -> None:
    dice = random.Random(502)
    trees = [a_tree(dice, configuration) for configuration in CONFIGURATIONS]
    runs = []
    for number, tree in enumerate(trees):
        for path, text in tree.items():
            place = tmp_path / str(number) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        runs.append(collected_by_pytest(tmp_path / str(number)))
    number_of_tests = 0
    for tree, run in zip(trees, runs):
        output, _ = run.communicate()
        assert run.returncode in (0, 5), output
        theirs = {line for line in output.splitlines() if "::" in line}
        assert set(collected_by_rule(tree)) == theirs
        number_of_tests += len(theirs)
    assert number_of_tests > 200


# what the rule makes of it

CONFIG = f"[[{RULE}]]\n"
EVERY = f'{CONFIG}kinds = ["file-name", "folder", "testpaths"]\n'
METHOD = "    def test_a(self): ...\n"
TREE = {
    "pytest.ini": "[pytest]\npython_classes = Test*\npython_functions = test_*\n",
    "testing.py": "class Case: ...\nclass Started:\n    def __init__(self): ...\n",
    "tests/broken.py": "class Base(:  # [syntax-error]\n",
}
CLASSES = {
    "a collected name": f"class TestA:\n{METHOD}",
    "another name": f"class ATests:{MARK}{METHOD}",
    "another name, no test": "class ATests:\n    def a(self): ...\n",
    "a base of the tree": f"from testing import Case\nclass ATests(Case):{MARK}{METHOD}",
    "a test case": f"import unittest\nclass ATests(unittest.TestCase):\n{METHOD}",
    "a test case of a framework": f"from django.test import TestCase\nclass ATests(TestCase):\n{METHOD}",
    "an unknown base": f"class ATests(gone):\n{METHOD}",
    "a base outside": f"from suites import Suite\nclass ATests(Suite):\n{METHOD}",
    "a base of a broken file": f"from tests.broken import Base\nclass ATests(Base):\n{METHOD}",
    "a made base": f"class ATests(make()):\n{METHOD}",
    "a plain base of the library": f"import enum\nclass ATests(enum.Enum):{MARK}{METHOD}",
    "a constructor": f"class TestA:{MARK}    def __init__(self): ...\n{METHOD}",
    "an inherited constructor": f"from testing import Started\nclass TestA(Started):{MARK}{METHOD}",
    "a maker": f"class TestA:{MARK}    def __new__(cls): ...\n{METHOD}",
    "a dataclass": f"from dataclasses import dataclass\n@dataclass\nclass TestA:{MARK}{METHOD}",
    "a constructor and an unknown base": f"class TestA(gone):\n    def __init__(self): ...\n{METHOD}",
    "a constructor and another name": f"class Pinger:\n    def __init__(self): ...\n{METHOD}",
    "opted out": f"class TestA:\n    __test__ = False\n    def __init__(self): ...\n{METHOD}",
    "opted in": f"class ATests:\n    __test__ = True\n{METHOD}",
    "perhaps opted out": f"class ATests:\n    __test__ = flag()\n{METHOD}",
    "opted out by a number": f"class TestA:\n    __test__ = 0\n    def __init__(self): ...\n{METHOD}",
    "the file opted out": f"__test__ = False\nclass ATests:\n{METHOD}",
    "abstract": f"import abc\nclass TestA(abc.ABC):\n    @abc.abstractmethod\n    def make(self): ...\n{METHOD}",
    "an abstract method left": (
        "import abc\nclass Contract(abc.ABC):\n    @abc.abstractmethod\n    def make(self): ...\n"
        f"class TestA(Contract):{MARK}{METHOD}class TestB(Contract):\n    def make(self): ...\n{METHOD}"
    ),
    "an abstract method left, by a metaclass": (
        "import abc\nclass Contract(metaclass=abc.ABCMeta):\n    @abc.abstractmethod\n    def make(self): ...\n"
        f"class TestA(Contract):{MARK}{METHOD}"
    ),
    "a method that only looks abstract": (
        f"import abc\nclass Contract:\n    @abc.abstractmethod\n    def make(self): ...\nclass TestA(Contract):\n{METHOD}"
    ),
    "an abstract method left, perhaps": (
        "import abc\nclass Contract(abc.ABC):\n    @abc.abstractmethod\n    def make(self): ...\n"
        f"class TestA(gone, Contract):\n{METHOD}"
    ),
    "inherited": f"class ATests:\n{METHOD}class TestA(ATests): ...\n",
    "inherited, by one that is lost": f"class ATests:\n{METHOD}class BTests(ATests):{MARK}    x = 1\n",
    "called": f"class ATests:\n{METHOD}ATests().test_a()\n",
    "called in a main guard": f"class ATests:{MARK}{METHOD}if __name__ == '__main__':\n    ATests().test_a()\n",
    "handed on": f"class ATests:\n{METHOD}TestA = ATests\n",
    "named by itself": f"class ATests:{MARK}{METHOD}    def b(self):\n        return ATests\n",
    "a fixture": "import pytest\nclass ATests:\n    @pytest.fixture\n    def test_a(self): ...\n",
    "a property": "class ATests:\n    @property\n    def test_a(self): ...\n",
    "nested in a class": f"class A:\n    class TestB:{MARK}    {METHOD}",
    "nested in a collected one": f"class TestA:\n    class TestB:\n    {METHOD}",
    "nested in a test case": f"import unittest\nclass A(unittest.TestCase):\n    class TestB:{MARK}    {METHOD}",
    "nested in an unknown one": f"class TestA(gone):\n    class TestB:\n    {METHOD}",
    "nested in one that may be a test case": f"class A(gone):\n    class TestB:\n    {METHOD}",
    "the file opted in": f"__test__ = True\nclass ATests:{MARK}{METHOD}",
    "nested in a function": f"def test_a():\n    class TestB:{MARK}    {METHOD}",
    "nested and used": f"def test_a(run):\n    class TestB:\n    {METHOD}    run(TestB)\n",
    "under a main guard": f"if __name__ == '__main__':\n    class TestB:{MARK}    {METHOD}",
    "under a condition": f"import sys\nif sys.argv:\n    class TestB:\n    {METHOD}",
    "a function in a function": f"def test_a():\n    def test_b(): ...{MARK}",
    "a function in a method": f"class TestA:\n    def test_a(self):\n        def test_b(): ...{MARK}",
    "a function that is called": "def test_a():\n    def test_b(): ...\n    test_b()\n",
    "a function that is handed on": "def test_a(run):\n    def test_b(): ...\n    run(test_b)\n",
    "a function with a mark": f"import pytest\ndef a():\n    @pytest.mark.slow\n    def test_b(): ...{MARK}",
    "a function that is registered": "def test_a(app):\n    @app.route('/')\n    def test_b(): ...\n",
    "a function of another name": "def test_a():\n    def tests(): ...\n    def b(): ...\n",
}


@pytest.mark.parametrize("text", CLASSES.values(), ids=CLASSES.keys())
def test_classes_and_functions(text: str) -> None:
    example = Example("", {**TREE, "ssot-lint.toml": CONFIG, "tests/test_a.py": text})
    assert found(lint(example)) == expected(example)


FUNCTION = "def test_a():\n    assert True\n"
FILES = {
    "another name": {"tests/a.py": f"def test_a():{MARK}    assert True\n"},
    "another name, elsewhere": {"app/a.py": FUNCTION},
    "another name, another function asserts": {
        "tests/a.py": "def test_a(): ...\ndef a():\n    assert True\n"
    },
    "another name, no sign of a test": {"tests/a.py": "def test_a(): ...\n"},
    "another name, with pytest": {"tests/a.py": f"import pytest.mark\ndef test_a(): ...{MARK}"},
    "another name, called": {"tests/a.py": FUNCTION + "test_a()\n"},
    "another name, a script": {"tests/a.py": FUNCTION + "if __name__ == '__main__':\n    test_a()\n"},
    "another name, a class of a script": {
        "tests/a.py": f"import pytest\nclass TestA:\n{METHOD}if __name__ == '__main__':\n    TestA().test_a()\n"
    },
    "another name, no test": {"tests/a.py": "import pytest\n@pytest.fixture\ndef test_a(): ...\n"},
    "another name, imported": {"tests/a.py": FUNCTION, "tests/test_b.py": "from tests.a import x\n"},
    "another name, imported as a module": {"tests/a.py": FUNCTION, "tests/b.py": "from tests import a\n"},
    "another name, imported by its whole name": {"tests/a.py": FUNCTION, "b.py": "import tests.a\n"},
    "another module imported": {
        "tests/a.py": f"def test_a():{MARK}    assert True\n",
        "a.py": "",
        "b.py": "import a\n",
    },
    "a package": {"tests/a/__init__.py": FUNCTION, "b.py": "from tests import a\n"},
    "a class whose name would not do": {"tests/a.py": f"import pytest\nclass A:\n{METHOD}"},
    "a class that is starred": {
        "tests/a.py": f"import pytest\nclass TestA:\n{METHOD}",
        "b.py": "from tests.a import *\n",
    },
    "a hook that collects": {"tests/a.py": FUNCTION, "conftest.py": "def pytest_collect_file(): ...\n"},
    "a hook further down": {
        "tests/a.py": FUNCTION,
        "tests/conftest.py": "from hooks import pytest_pycollect_makeitem\n",
        "conftest.py": "",
    },
    "no hook": {
        "tests/a.py": f"def test_a():{MARK}    assert True\n",
        "conftest.py": "def pytest_configure(): ...\n",
    },
    "a hook elsewhere": {
        "tests/a.py": f"def test_a():{MARK}    assert True\n",
        "app/conftest.py": "def pytest_collect_file(): ...\n",
    },
    "outside": {
        "pytest.ini": "[pytest]\ntestpaths = tests\n",
        "tests/test_b.py": "",
        "app/test_a.py": f"def test_a():{MARK}    assert True\n",
    },
    "outside, one of several functions imported": {
        "pytest.ini": "[pytest]\ntestpaths = tests\n",
        "tests/test_b.py": "from app.test_a import test_b\n",
        "app/test_a.py": f"def test_b(): ...\ndef test_a():{MARK}    assert True\n",
    },
    "ignored by name": {
        "pytest.ini": "[pytest]\naddopts = --ignore=tests/old\n",
        "tests/old/test_a.py": FUNCTION,
    },
    "a skipped folder": {"tests/build/test_a.py": f"def test_a():{MARK}    assert True\n"},
    "not known": {"tests/a.py": FUNCTION, "pytest.ini": "pytest"},
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES.keys())
def test_files(files: Mapping[str, str]) -> None:
    example = Example("", {"ssot-lint.toml": EVERY, **files})
    assert found(lint(example)) == expected(example)


CASE = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): ...\n"


@pytest.mark.parametrize(
    ("files", "number"),
    [
        pytest.param({"tests/tests.py": CASE}, 0, id="a case, without a configuration"),
        pytest.param({"tests/tests.py": CASE, "pytest.ini": "[pytest]\n"}, 1, id="a case, with one"),
        pytest.param({"tests/checks.py": CASE}, 1, id="a case in a file that unittest does not take"),
        pytest.param({"tests/tests.py": f"import pytest\n{FUNCTION}"}, 1, id="a function"),
        pytest.param({"app/test_a.py": CASE, "pytest.ini": "[pytest]\ntestpaths = x\n"}, 0, id="testpaths"),
    ],
)
def test_what_another_runner_may_take(files: dict[str, str], number: int) -> None:
    assert len(findings(CONFIG, files, RULE)) == number


LOST = f"class ATests:{MARK}{METHOD}"
KEPT = f"class ATests:\n{METHOD}"
ELSEWHERE = {
    "nobody": {"tests/test_a.py": LOST},
    "imported": {"tests/test_a.py": KEPT, "b.py": "from tests.test_a import ATests as A\n"},
    "imported inside of a function": {
        "tests/test_a.py": KEPT,
        "b.py": "def b():\n    from tests.test_a import ATests\n",
    },
    "imported, another of that name": {
        "tests/test_a.py": LOST,
        "x.py": KEPT,
        "b.py": "from x import ATests\n",
    },
    "imported, the module": {"tests/test_a.py": LOST, "b.py": "import tests.test_a\n"},
    "imported, something else": {"tests/test_a.py": LOST + "x = 1\n", "b.py": "from tests.test_a import x\n"},
    "imported by itself": {"tests/test_a.py": LOST + "from tests.test_a import ATests as B\n"},
    "everything imported": {"tests/test_a.py": KEPT, "b.py": "from tests.test_a import *\n"},
    "everything of another imported": {"tests/test_a.py": LOST, "x.py": KEPT, "b.py": "from x import *\n"},
    "inherited": {"tests/test_a.py": KEPT, "b.py": "import tests.test_a as a\nclass B(a.ATests): ...\n"},
    "inherited, another of that name": {
        "tests/test_a.py": LOST,
        "x.py": KEPT,
        "b.py": "import x\nclass B(x.ATests): ...\n",
    },
    "named, another of that name": {
        "tests/test_a.py": LOST + "def b():\n    class ATests: ...\n    ATests()\n"
    },
}


@pytest.mark.parametrize("files", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_what_others_do_with_a_class(files: Mapping[str, str]) -> None:
    example = Example("", {**TREE, "ssot-lint.toml": CONFIG, **files})
    assert found(lint(example)) == expected(example)


OPTIONS = {
    "kinds": ('kinds = ["constructor"]', [4]),
    "exempt": ('exempt = ["*Tests"]', [4, 9]),
    "min-tests": ("min-tests = 2", [1]),
}


@pytest.mark.parametrize(("line", "lines"), OPTIONS.values(), ids=OPTIONS.keys())
def test_options(line: str, lines: list[int]) -> None:
    text = (
        "class ATests:\n    def test_a(self): ...\n    def test_b(self): ...\n"
        f"class TestA:\n    def __init__(self): ...\n{METHOD}"
        "def test_c():\n    x = 1\n    def test_d(): ...\n"
    )
    found_here = findings(f"{CONFIG}{line}\n", {**TREE, "tests/test_a.py": text}, RULE)
    assert [finding.span.line for finding in found_here] == lines


def test_files_with_too_few_tests() -> None:
    files = {"tests/a.py": FUNCTION, "tests/b.py": f"{FUNCTION}class TestB:\n{METHOD}"}
    (finding,) = findings(f"{CONFIG}min-tests = 2\n", files, RULE)
    assert finding.path == "tests/b.py"


FILE_MESSAGES = {
    "testpaths = app tests/*": (
        "other/test_a.py",
        "pytest does not collect the only test of this file: it lies outside of `testpaths`, `app`, `tests/*`",
    ),
    "norecursedirs = old": (
        "tests/old/test_a.py",
        "pytest does not collect the only test of this file: it lies in a folder of `norecursedirs`",
    ),
    "python_files = check_*.py *_check.py": (
        "tests/a.py",
        "pytest does not collect the only test of this file: its name matches none of `check_*.py`, `*_check.py`",
    ),
}


@pytest.mark.parametrize("setting", FILE_MESSAGES)
def test_messages_about_files(setting: str) -> None:
    path, message = FILE_MESSAGES[setting]
    files = {"pytest.ini": f"[pytest]\n{setting}\n", "app/x.py": "", "tests/b/x.py": "", path: FUNCTION}
    (finding,) = findings(EVERY, files, RULE)
    assert (finding.message, finding.subject[0]) == (message, "file")


def test_test_paths() -> None:
    files = {"checks/a.py": FUNCTION, "tests/a.py": FUNCTION}
    (finding,) = findings(f'{CONFIG}test-paths = ["checks/"]\n', files, RULE)
    assert finding.path == "checks/a.py"


MESSAGES = {
    "class ATests:\n    def test_a(self): ...\n    def test_b(self): ...\n": (
        "pytest does not collect the 2 tests of `ATests`: its name matches none of `Test*`"
    ),
    f"class TestA:\n    def __new__(cls): ...\n{METHOD}": (
        "pytest does not collect the only test of `TestA`: it has a `__new__`"
    ),
    f"from testing import Started\nclass TestA(Started):\n{METHOD}": (
        "pytest does not collect the only test of `TestA`: it has an `__init__` from `Started`"
    ),
    f"class A:\n    class TestB:\n    {METHOD}": (
        "pytest does not collect the only test of `TestB`: it stands in `A`, which is not collected"
    ),
    f"def a():\n    class TestB:\n    {METHOD}": (
        "pytest does not collect the only test of `TestB`: it stands where nothing runs when the file is imported"
    ),
    "def test_a():\n    def test_b(): ...\n": (
        "pytest does not collect `test_b`: it stands in the function `test_a`"
    ),
}


@pytest.mark.parametrize(("text", "message"), MESSAGES.items(), ids=MESSAGES.values())
def test_messages(text: str, message: str) -> None:
    (finding,) = findings(CONFIG, {**TREE, "tests/test_a.py": text}, RULE)
    assert finding.message == message


def test_inherited_tests_are_counted_once() -> None:
    files = {
        **TREE,
        "tests/cases.py": "class Cases:\n    def test_a(self): ...\n    def test_b(self): ...\n    def c(self): ...\n",
        "tests/test_a.py": (
            "from tests.cases import Cases\nclass ATests(Cases):\n    test_b = None\n    def test_d(self): ...\n"
            + METHOD
        ),
    }
    (finding,) = findings(CONFIG, files, RULE)
    assert "the 2 tests of `ATests`" in finding.message


def test_snippets_stand_in_a_test_file() -> None:
    config = (
        CONFIG
        + "bad = ['''class ATests:\n    def test_a(self): ...\n''']\ngood = ['''class TestA:\n    def test_a(self): ...\n''']\n"
    )
    assert findings(config, TREE, RULE) == []


def test_a_long_line_of_heirs_is_followed() -> None:
    text = "class A0: ...\n" + "".join(f"class A{n}(A{n - 1}): ...\n" for n in range(1, 3000))
    facts = {"a.py": extract(text.encode())}
    project = Project({"a.py": facts["a.py"].outline}, InMemory(facts))
    last = project.outlines["a.py"].classes[-1]
    assert [entry.name for _, entry in lineage(project, "a.py", last)] == [
        f"A{n}" for n in range(2999, -1, -1)
    ]

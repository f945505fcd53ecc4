"""How pytest is configured to collect: from the texts of its files to what is taken and passed over."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from ssot_lint import engine
from ssot_lint.collection import (
    FILE_NAME,
    IGNORED,
    IN_SKIPPED_FOLDER,
    OUTSIDE_TESTPATHS,
    Collection,
    nearest_collection,
)
from ssot_lint.collection_files import UnusableError, ini_sections, read_collections
from ssot_lint.config import parse

PATHS = ("tests/test_a.py", "tests/unit/test_b.py", "src/pkg/test_c.py")


def read(texts: Mapping[str, str | bytes]) -> dict[str, Collection]:
    data = {path: text.encode() if isinstance(text, str) else text for path, text in texts.items()}
    found, notes = read_collections(data, PATHS)
    assert notes == []
    return found


SPELLINGS = {
    "pytest.ini": "[pytest]\npython_classes = Test *Suite\n",
    ".pytest.ini": "[pytest]\npython_classes =\n    Test\n    # a comment\n    *Suite\n",
    "tox.ini": "[tox]\nx = 1\n\n[pytest]  # ours\npython_classes: Test '*Suite'\n",
    "setup.cfg": "[metadata]\nname = x\n[tool:pytest]\npython_classes = Test *Suite\n",
    "pyproject.toml": '[tool.pytest.ini_options]\npython_classes = ["Test", "*Suite"]\n',
    "a/pyproject.toml": '[tool.pytest.ini_options]\npython_classes = "Test *Suite"\n',
    "b/pyproject.toml": '[tool.pytest]\npython_classes = ["Test", "*Suite"]\n',
    "pytest.toml": '\ufeff[pytest]\r\npython_classes = ["Test", "*Suite"]\r\n',
    ".pytest.toml": '[pytest]\npython_classes = ["Test", "*Suite"]\n',
    "c/pytest.ini": "[pytest]\naddopts = -q -o python_classes='Test *Suite'\n",
    "d/pytest.ini": "[pytest]\naddopts = --override-ini='python_classes=Test *Suite' -v\npython_classes = X\n",
}


@pytest.mark.parametrize(("path", "text"), SPELLINGS.items(), ids=SPELLINGS.keys())
def test_every_spelling_of_one_setting(path: str, text: str) -> None:
    folder = path.rpartition("/")[0]
    (found,) = read({path: text}).items()
    assert found == (folder, Collection(path, python_classes=("Test", "*Suite")))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "[tox]\nenvlist = pytest\n"),
        ("setup.cfg", "[metadata]\nname = pytest-x\n"),
        ("pyproject.toml", "[tool.black]\n"),
        ("pyproject.toml", '[project]\ndependencies = ["pytest"]\n'),
        ("pyproject.toml", "no TOML at all"),
        ("tox.ini", "no INI at all"),
        ("package.json", "[pytest]\n"),
    ],
)
def test_files_that_say_nothing_of_pytest_are_passed_over(path: str, text: str) -> None:
    assert read({path: text}) == {}


@pytest.mark.parametrize("path", ["pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"])
def test_its_own_files_count_even_when_empty(path: str) -> None:
    assert read({path: "", "setup.cfg": "[tool:pytest]\npython_classes = X\n"}) == {"": Collection(path)}


def test_the_first_file_of_a_folder_counts() -> None:
    texts = {path: text for path, text in SPELLINGS.items() if "/" not in path}
    order = [
        "pytest.toml",
        ".pytest.toml",
        "pytest.ini",
        ".pytest.ini",
        "pyproject.toml",
        "tox.ini",
        "setup.cfg",
    ]
    while order:
        assert read(texts)[""].source == order[0]
        del texts[order.pop(0)]


BROKEN = {
    "no TOML": ("pyproject.toml", "[tool.pytest.ini_options\n"),
    "a table that is none": ("pyproject.toml", "[tool]\npytest = 1\n"),
    "a list of numbers": ("pyproject.toml", "[tool.pytest.ini_options]\npython_files = [1]\n"),
    "a native setting that is no list": ("pyproject.toml", '[tool.pytest]\npython_files = "x"\n'),
    "a bad quote": ("pytest.ini", "[pytest]\npython_files = 'x\n"),
    "no section": ("pytest.ini", "python_files = x\n"),
    "a section twice": ("tox.ini", "[pytest]\n[pytest]\n"),
    "a name twice": ("tox.ini", "[pytest]\nx = 1\nx = 2\n"),
    "no value": ("tox.ini", "[pytest]\nx\n"),
    "a continuation of nothing": ("tox.ini", "[pytest]\n  x\n"),
    "an old section": ("setup.cfg", "[pytest]\npython_files = x\n"),
    "no UTF-8": ("pytest.ini", b"[pytest]\nx = \xff\n"),
    "deep nesting": ("pytest.toml", "x = " + "[" * 100_000),
}


@pytest.mark.parametrize(("path", "text"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_a_note(path: str, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    found, (note,) = read_collections({path: data}, PATHS)
    assert note.startswith(f"{path} does not tell how pytest collects: ")
    assert found == {"": Collection(path, is_known=False)}


LINES = (
    *(
        "[a]",
        "[b] # x",
        "[a ]  ; x",
        "[]",
        "[c",
        "[c]x",
        "x = 1",
        "x: 2",
        "y:z = 3",
        "y",
        "= 4",
        "z =",
        "z = # 5",
    ),
    *("  more", "\tmore = 6 ; x", "# x", "  ; x", "", "   ", "u = 'a b'", "  [d]", "x", "v :w"),
)


def test_ini_files_are_read_as_pytest_reads_them() -> None:
    iniconfig = pytest.importorskip("iniconfig")
    dice = random.Random(9)
    for _ in range(3000):
        lines = [dice.choice(LINES) for _ in range(dice.randint(1, 6))]
        text = "\n".join(["[pytest]", *lines] if dice.random() < 0.8 else lines)
        theirs: object
        try:
            theirs = {
                name: {key: value.split() for key, value in section.items()}
                for name, section in iniconfig.IniConfig("x", text).sections.items()
            }
        except iniconfig.ParseError:
            theirs = None
        ours: object
        try:
            ours = {
                name: {key: value.split() for key, value in section.items()}
                for name, section in ini_sections(text).items()
            }
        except UnusableError:
            ours = None
        assert ours == theirs, text


def test_both_tables_of_pyproject_count_as_they_did_before_there_were_two() -> None:
    text = '[tool.pytest]\nx = 1\n[tool.pytest.ini_options]\npython_files = "a.py"\n'
    assert read({"pyproject.toml": text})[""].python_files == ("a.py",)


def test_testpaths_that_lead_nowhere_do_not_count() -> None:
    assert read({"pytest.ini": "[pytest]\ntestpaths = gone tests ./src/*\n"})[""].testpaths == (
        "tests",
        "./src/*",
    )
    assert read({"pytest.ini": "[pytest]\ntestpaths = gone\n"})[""].testpaths == ()
    assert read({"src/pytest.ini": "[pytest]\ntestpaths = tests pkg\n"})["src"].testpaths == ("pkg",)


FATES = [
    ("", "test_a.py", ""),
    ("", "a_test.py", ""),
    ("", "tests/test_a.pyi", FILE_NAME),
    ("", "tests/a.py", FILE_NAME),
    ("", "build/test_a.py", IN_SKIPPED_FOLDER),
    ("", "a/.hidden/test_a.py", IN_SKIPPED_FOLDER),
    ("", "__pycache__/test_a.py", IN_SKIPPED_FOLDER),
    ("", "x.egg/test_a.py", IN_SKIPPED_FOLDER),
    ("", "<bad 1>.py", ""),
    ("python_files = *", "a.pyi", FILE_NAME),
    ("testpaths = tests", "<bad 1>.py", ""),
    ("testpaths = tests/run.py*", "tests/run.pyi", FILE_NAME),
    ("norecursedirs = old a/b", "build/test_a.py", ""),
    ("norecursedirs = old a/b", "x/old/test_a.py", IN_SKIPPED_FOLDER),
    ("norecursedirs = old a/b", "x/a/b/test_a.py", IN_SKIPPED_FOLDER),
    ("norecursedirs = old a/b", "b/test_old.py", ""),
    ("testpaths = tests", "src/test_a.py", OUTSIDE_TESTPATHS),
    ("testpaths = tests", "tests2/test_a.py", OUTSIDE_TESTPATHS),
    ("testpaths = tests", "tests/deep/down/test_a.py", ""),
    ("testpaths = .", "src/test_a.py", ""),
    ("testpaths = build/tests", "build/tests/test_a.py", ""),
    ("testpaths = */tests", "a/tests/test_a.py", ""),
    ("testpaths = */tests", ".a/tests/test_a.py", OUTSIDE_TESTPATHS),
    ("testpaths = .*/tests", ".a/tests/test_a.py", ""),
    ("testpaths = **/unit", "a/b/unit/test_a.py", ""),
    ("testpaths = **/unit", "unit/test_a.py", ""),
    ("testpaths = **/unit", "a/units/test_a.py", OUTSIDE_TESTPATHS),
    ("testpaths = tests/run.py", "tests/run.py", ""),
    ("testpaths = tests/run.py", "tests/test_a.py", OUTSIDE_TESTPATHS),
    ("python_files = check_*.py unit/*.py", "a/unit/x.py", ""),
    ("python_files = check_*.py unit/*.py", "unit/x.py", ""),
    ("python_files = check_*.py unit/*.py", "unit/a/x.py", ""),
    ("python_files = check_*.py unit/*.py", "a/test_x.py", FILE_NAME),
    ("addopts = --ignore=old --ignore ./a/test_b.py", "old/test_a.py", IGNORED),
    ("addopts = --ignore=old --ignore ./a/test_b.py", "a/test_b.py", IGNORED),
    ("addopts = --ignore=old --ignore ./a/test_b.py", "a/test_c.py", ""),
    ("addopts = --ignore-glob=*_old*", "a/test_old.py", IGNORED),
]


@pytest.mark.parametrize(("setting", "path", "fate"), FATES, ids=[f"{s}: {p}" for s, p, _ in FATES])
@pytest.mark.parametrize("folder", ["", "service/"])
def test_which_files_are_passed_over(folder: str, setting: str, path: str, fate: str) -> None:
    if path.startswith("<") and folder:
        return
    texts = {f"{folder}pytest.ini": f"[pytest]\n{setting}\n".encode()}
    testpaths = setting.partition("testpaths = ")[2].replace("**", "x").replace("*", "x").split()
    existing = [f"{folder}{place.lstrip('.') or 'x'}/test_x.py".replace("//", "/") for place in testpaths]
    collections, _ = read_collections(
        texts, [folder + path, *existing, f"{folder}.x/tests/test_x.py", f"{folder}tests/run.py"]
    )
    assert collections[folder.rstrip("/")].passes_over(folder + path) == fate


def test_the_nearest_configuration_judges() -> None:
    collections = read({"pytest.ini": "", "a/pytest.ini": "", "a/b/c/pytest.ini": ""})
    nearest = {
        path: nearest_collection(collections, path).source
        for path in ("x.py", "b/x.py", "a/x.py", "a/b/x.py")
    }
    assert nearest == {
        "x.py": "pytest.ini",
        "b/x.py": "pytest.ini",
        "a/x.py": "a/pytest.ini",
        "a/b/x.py": "a/pytest.ini",
    }
    assert nearest_collection({}, "a/b.py") == Collection()


def test_a_run_reads_them_from_the_disk(tmp_path: Path) -> None:
    files = {
        "tests/test_a.py": "class ASuite:\n    def test_a(self): ...\n",
        "service/tests/test_b.py": "class BSuite:\n    def test_b(self): ...\n",
        "service/setup.cfg": "[tool:pytest]\npython_classes = *Suite\n",
        "broken/tests/test_c.py": "class CSuite:\n    def test_c(self): ...\n",
        "broken/tox.ini": "pytest",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "pytest.ini").mkdir()
    result = engine.lint(parse("[[uncollected-test]]\n", root=tmp_path), use_cache=False)
    assert [(f.path, f.span.line) for f in result.findings if f.rule == "uncollected-test"] == [
        ("tests/test_a.py", 1)
    ]
    assert [note.partition(": ")[0] for note in result.notes if "tests/" not in note] == [
        "pytest.ini cannot be read",
        "broken/tox.ini does not tell how pytest collects",
    ]

"""Path patterns mean what pathspec, and so gitignore, says they mean."""

from __future__ import annotations

import pickle
import random
import re

import pytest
from pathspec import GitIgnoreSpec

from ssot_lint.files import PathPatterns, UsageError


@pytest.mark.parametrize(
    ("lines", "matched", "others"),
    [
        ([], [], ["a.py", "a/b.py"]),
        (["tests/"], ["tests/a.py", "x/tests/y/a.py"], ["tests.py", "tests", "x/tests.py", "mytests/a.py"]),
        (["/tests/"], ["tests/a.py"], ["x/tests/a.py"]),
        (["a/b"], ["a/b", "a/b/c.py"], ["x/a/b", "a/bc", "a/b.py"]),
        (["conftest.py"], ["conftest.py", "a/conftest.py"], ["aconftest.py", "conftest.pyi", "conftest_py"]),
        (["/*.py"], ["a.py", ".py"], ["a/b.py", "a.pyi"]),
        (["*_pb2.py"], ["a_pb2.py", "a/_pb2.py", "a_pb2.py/b.py"], ["a_pb2.pyi"]),
        (["a/*/b.py"], ["a/x/b.py"], ["a/b.py", "a/x/y/b.py", "b/a/x/b.py"]),
        (["a/**/b.py"], ["a/b.py", "a/x/y/b.py"], ["b.py", "x/a/b.py"]),
        (["**/gen/"], ["gen/a.py", "x/gen/a.py"], ["gen"]),
        (["a/**"], ["a/b", "a/b/c"], ["a", "b/a/c"]),
        (["[ab]?.py"], ["a1.py", "x/b2.py"], ["c1.py", "a.py"]),
        (["a b.py"], ["a b.py"], ["a"]),
        (["\\!a.py", "\\#b.py"], ["!a.py", "#b.py"], ["a.py", "b.py"]),
        (["*.py", "!keep.py"], ["a.py", "x/a.py"], ["keep.py", "x/keep.py"]),
        (["tests/", "!tests/fixtures/"], ["tests/a.py"], ["tests/fixtures/a.py"]),
        (
            ["tests/", "!tests/fixtures/", "tests/fixtures/a.py"],
            ["tests/fixtures/a.py"],
            ["tests/fixtures/b.py"],
        ),
        (["[[]a.py"], ["[a.py"], ["a.py"]),
        (["a[&&b].py", "!a[||c].py"], ["ab.py"], ["a|.py", "ac.py"]),
        (["src/é/"], ["src/é/a.py"], ["src/e/a.py"]),
        (["*.py"], ["\udcff.py", "\udcff/a.py"], ["a.pyi"]),
    ],
)
def test_match(lines: list[str], matched: list[str], others: list[str]) -> None:
    patterns = PathPatterns(lines)
    for _ in range(2):
        assert [path for path in matched if not patterns.match(path)] == []
        assert [path for path in others if patterns.match(path)] == []


def test_same_as_pathspec() -> None:
    chance = random.Random(7)
    names = [
        "a",
        "b",
        "ab",
        "*",
        "**",
        "***",
        "a*",
        "*b",
        "?",
        "[ab]",
        "[!a]",
        "a.py",
        "*.py",
        "x-y",
        "é",
        ".a",
    ]
    folders = ["a", "b", "ab", "x-y", "é", "aa", ".a", "a.py"]
    files = ["a", "b", "a.py", "b.py", "ab", "!a", "x-y", ".a", "c"]
    paths = [
        "/".join([*chance.choices(folders, k=chance.randrange(4)), chance.choice(files)]) for _ in range(150)
    ]

    def pattern() -> str:
        body = "/".join(chance.choices(names, k=chance.choice([1, 1, 2, 3])))
        return chance.choice(["", "", "", "/", "!"]) + body + chance.choice(["", "/"])

    for _ in range(400):
        lines = [pattern() for _ in range(chance.choice([1, 1, 2, 3]))]
        patterns = PathPatterns(lines)
        expected = set(GitIgnoreSpec.from_lines(lines).match_files(paths))
        assert {path for path in paths if patterns.match(path)} == expected, lines
        for path in paths:
            assert path in expected or not patterns.covers(path.rpartition("/")[0]), (lines, path)


def test_covers() -> None:
    patterns = PathPatterns(["build/", "a/*.py"])
    assert patterns.covers("build")
    assert patterns.covers("x/build/y")
    assert not patterns.covers("a")
    assert not PathPatterns(["build/", "!build/keep.py"]).covers("build")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "never matches"),
        ("  ", "never matches"),
        ("/", "never matches"),
        ("# a comment", "never matches"),
        ("./tests/", "never matches: write it from the project root"),
        ("../other/", "never matches: write it from the project root"),
        ("!./tests/", "never matches: write it from the project root"),
        ("a\\", "is malformed"),
        ("[b-a]", "is malformed"),
        ("!", "is malformed"),
    ],
)
def test_unmatchable(line: str, message: str) -> None:
    with pytest.raises(UsageError, match=rf"^the pattern `{re.escape(line)}` {message}"):
        PathPatterns(["fine/", line])


def test_truth_and_transport() -> None:
    assert not PathPatterns()
    assert PathPatterns(["a/"])
    for lines in (["a/", "b.py"], ["a/", "!a/b.py"]):
        patterns = pickle.loads(pickle.dumps(PathPatterns(lines)))
        assert patterns.lines == tuple(lines)
        assert patterns.match("a/c.py")

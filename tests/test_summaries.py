"""Tests of what is gathered from files and kept, and of runs over a few files that build on it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint import hook, summaries
from ssot_lint.config import Config, load, parse
from ssot_lint.engine import lint
from ssot_lint.facts.store import Store, cache_path, opened
from ssot_lint.summaries import Summaries
from ssot_lint.tree import Tree

DIGESTS = {"a.py": "1" * 40, "b.py": "2" * 40, "c.py": "1" * 40}
WORDS = {"a.py": ("x", "y"), "b.py": (), "c.py": ("x", "y"), "d.py": ("z",)}
SHAPE = tuple[str, ...]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(summaries, "_FEW", 0)
    with opened(tmp_path) as store:
        yield store


def read_with(
    store: Store, config: Config, question: str = "words", *, is_as_listed: bool = True
) -> list[str]:
    """The paths of the files that are read to answer a question about all."""
    asked = []

    def read(path: str) -> tuple[str, ...]:
        asked.append(path)
        return WORDS[path]

    tree = Tree(config.root)
    tree.digests.update(DIGESTS)
    tree.is_as_listed = is_as_listed
    assert Summaries(store, config, tree).of(sorted(WORDS), (question,), SHAPE, read) == WORDS
    return asked


def test_each_text_is_read_once(store: Store, tmp_path: Path) -> None:
    config = parse("", root=tmp_path)
    assert read_with(store, config) == ["a.py", "b.py", "c.py", "d.py"]
    assert read_with(store, config) == ["d.py"], "nobody knows its digest"
    assert read_with(store, config, "other words") == ["a.py", "b.py", "c.py", "d.py"]
    assert read_with(store, config) == ["d.py"]


def test_another_configuration_is_another_answer(store: Store, tmp_path: Path) -> None:
    assert len(read_with(store, parse("", root=tmp_path))) == 4
    assert len(read_with(store, parse("exclude = ['x/']", root=tmp_path))) == 4


def test_of_texts_that_changed_since_they_were_listed_nothing_is_kept(store: Store, tmp_path: Path) -> None:
    config = parse("", root=tmp_path)
    assert len(read_with(store, config, is_as_listed=False)) == 4
    assert len(read_with(store, config)) == 4


def test_few_texts_are_not_worth_keeping_all_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "_FEW", 3)
    config = parse("", root=tmp_path)
    assert [len(read_with(store, config)) for _ in range(2)] == [4, 4]


@pytest.mark.parametrize("blob", [b"", b"\0\0\0\0\x81", b"x" * 90])
def test_damaged_summary_is_read_again(store: Store, tmp_path: Path, blob: bytes) -> None:
    config = parse("", root=tmp_path)
    read_with(store, config)
    with closing(sqlite3.connect(cache_path(tmp_path))) as connection, connection:
        connection.execute("UPDATE summaries SET blob = ?", [blob])
    assert len(read_with(store, config)) == 4
    assert len(read_with(store, config)) == 1


def test_text_from_standard_input_is_read_and_not_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "_FEW", 0)
    body = "".join(f"    x{number} = {number}\n" for number in range(12))
    (tmp_path / "a.py").write_text(f"class A:\n{body}")
    (tmp_path / "b.py").write_text("")
    config = parse("[[cloned-class]]", root=tmp_path)
    assert lint(config, [str(tmp_path)]).findings == ()
    found = lint(config, stdin=("b.py", f"class B:\n{body}".encode())).findings
    assert [(each.path, each.rule) for each in found] == [("b.py", "cloned-class")]


CONFIG = """\
[[canonical]]
symbol = "shop.base.Case"
replaces = ["unittest.TestCase"]
base-of = { classes = "Test*", paths = ["tests/"] }
[[forbidden-import]]
targets = ["requests"]
[[duplicate-class]]
min-lines = 3
[[cloned-class]]
min-lines = 3
min-tokens = 5
[[duplicate-function]]
min-lines = 2
min-tokens = 5
[[uncollected-test]]
[[ad-hoc-mock]]
[[literal-has-constant]]
constants = ["shop.words.*"]
[[shadowed-definition]]
"""
BODY = "".join(f"    def step_{number}(self): return self.value[{number}]\n" for number in range(6))
LINES = [
    f"class Shared:\n{BODY}",
    f"class Other:\n{BODY}",
    f"class Near:\n{BODY.replace('[5]', '[7]')}",
    "import unittest\nclass TestOld(unittest.TestCase):\n    def test_it(self): assert self\n",
    "class TestIt:\n    def __init__(self): pass\n    def test_it(self): assert self\n",
    "class Checks:\n    def test_it(self): assert self\n",
    "from tests.test_1 import Checks\nclass TestMore(Checks): pass\n",
    "from tests.test_2 import Checks as Again\n",
    "from tests.test_3 import *\nclass TestFar(Again): pass\n",
    "import tests.test_4\n",
    "import requests\n",
    "from shop.base import Case\nclass TestNew(Case):\n    def test_it(self): assert self\n",
    "def total(one, two):\n    three = one + two\n    return three * one\n",
    "STATUS = 'delivered'\n",
    "def tell(x):\n    return x == 'delivered'\n",
    "from unittest.mock import Mock\nstock = Mock()\nstock.assert_called_wiht(1)\n",
    "def broken(:\n",
    "__all__ = ['Checks']\n",
]


def test_hook_finds_the_same_whatever_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "_FEW", 2)
    base = "import unittest\nclass Case(unittest.TestCase):\n    pass\n"
    repository = Repository(
        tmp_path, {"ssot-lint.toml": CONFIG, "shop/base.py": base, "shop/__init__.py": ""}
    )
    paths = [f"tests/test_{number}.py" for number in range(9)]
    chance = random.Random(8)
    for path in paths:
        repository.write(path, chance.choice(LINES))
    repository.git("add", ".")
    repository.git("commit", "-qm", "one")
    repository.enter(monkeypatch)
    config = load(None, tmp_path)
    rules: set[str] = set()
    for _ in range(60):
        changed = sorted(chance.sample(paths, chance.randint(1, 3)))
        for path in changed:
            repository.write(path, "".join(chance.sample(LINES, chance.randint(0, 3))))
        repository.git("add", ".")
        kept = hook.lint(config, changed)
        assert kept._replace(statistics={}, compared=None) == hook.lint(
            config, changed, use_cache=False
        )._replace(statistics={}, compared=None)
        rules.update(finding.rule for finding in kept.findings)
        if chance.random() < 0.5:
            repository.git("commit", "-qm", "next", "--allow-empty")
    assert {
        "uncollected-test",
        "duplicate-class",
        "cloned-class",
        "duplicate-function",
        "ad-hoc-mock",
    } <= rules

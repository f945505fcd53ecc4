"""What a run found is taken again only where nothing that it depends on has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ssot_lint import record, tree
from ssot_lint.config import load
from ssot_lint.engine import Result, lint
from ssot_lint.facts.store import Store
from ssot_lint.tree import Tree

CONFIG = """\
[[forbidden-import]]
targets = ["requests"]
[[uncollected-test]]
"""
FILES = {
    "ssot-lint.toml": CONFIG,
    "a.py": "import requests\n",
    "b.py": "import requests  # ssot: allow forbidden-import -- soon\n",
    "tests/test_c.py": "class CheckC:\n    def test_c(self): ...\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def run(root: Path, *paths: str) -> Result:
    return lint(load(None, root), [str(root / path) for path in paths])


def is_recalled(root: Path, monkeypatch: pytest.MonkeyPatch, *paths: str) -> bool:
    """Whether a run answers without any facts."""
    loads = []

    def load_facts(*given: Any, **named: Any) -> Tree:
        loads.append(given)
        return tree.load(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr("ssot_lint.engine.load", load_facts)
        run(root, *paths)
    return not loads


def told(result: Result) -> tuple[object, ...]:
    return result.findings, result.files, result.suppressed, result.notes


def test_unchanged_tree_is_recalled(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(root)
    assert is_recalled(root, monkeypatch)
    assert told(run(root)) == told(first)
    assert (len(first.findings), first.suppressed) == (2, 1)


@pytest.mark.parametrize("path", ["a.py", "b.py", "tests"])
def test_parts_of_it_are_recalled(root: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = run(root, path)
    assert not is_recalled(root, monkeypatch, path)
    run(root)
    assert is_recalled(root, monkeypatch, path)
    assert told(run(root, path)) == told(apart)


def rewrite(path: str, text: str) -> Callable[[Path], object]:
    return lambda root: (root / path).write_text(text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(rewrite("a.py", "import json\n"), id="a text"),
        pytest.param(rewrite("new.py", ""), id="a new file"),
        pytest.param(lambda root: (root / "b.py").unlink(), id="a file that is gone"),
        pytest.param(lambda root: (root / "b.py").rename(root / "d.py"), id="a renamed file"),
        pytest.param(rewrite("ssot-lint.toml", CONFIG + 'exclude = ["b.py"]\n'), id="the configuration"),
        pytest.param(rewrite("pytest.ini", "[pytest]\npython_classes = Check\n"), id="pytest's"),
        pytest.param(rewrite("tests/pytest.ini", "[pytest]\npython_classes = Check\n"), id="pytest's below"),
    ],
)
def test_after_any_change_it_is_not(
    root: Path, change: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(root)
    change(root)
    assert not is_recalled(root, monkeypatch)
    assert is_recalled(root, monkeypatch)


def test_unread_configuration_of_pytest_does_not_matter(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "ssot-lint.toml").write_text('[[forbidden-import]]\ntargets = ["requests"]\n')
    run(root)
    (root / "pytest.ini").write_text("[pytest]\n")
    assert is_recalled(root, monkeypatch)


def test_notes_are_recalled(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "pytest.ini").write_text("[pytest\n")
    first = run(root)
    assert [note.partition(" does")[0] for note in first.notes] == ["pytest.ini"]
    assert is_recalled(root, monkeypatch)
    assert told(run(root)) == told(first)


def test_other_code_of_the_tool_recalls_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(root)
    monkeypatch.setattr(record, "_code", lambda: "another")
    assert not is_recalled(root, monkeypatch)


def test_file_that_changed_while_it_was_parsed_is_not_taken_for_the_listed_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ssot_lint import gather

    def read_another(root: str, path: str, algorithm: str) -> gather.Gathered:
        if path == "a.py":
            Path(root, path).write_text("import json\n")
        return real(root, path, algorithm)

    real = gather.read_facts
    with monkeypatch.context() as patch:
        patch.setattr(gather, "read_facts", read_another)
        assert [finding.path for finding in run(root).findings] == ["tests/test_c.py"]
    (root / "a.py").write_text(FILES["a.py"])
    assert [finding.path for finding in run(root).findings] == ["a.py", "tests/test_c.py"]


def test_damaged_record_is_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(root)
    store = Store(root)
    assert store._connection is not None
    store._connection.execute("UPDATE runs SET blob = substr(blob, 1, length(blob) - 1)")
    store.close()
    assert not is_recalled(root, monkeypatch)
    assert told(run(root)) == told(first)


def test_names_that_are_not_utf8_are_found_anew(root: Path) -> None:
    path = os.fsdecode(b"caf\xe9.py")
    try:
        (root / path).write_text("import requests\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    first = run(root)
    assert path in [finding.path for finding in first.findings]
    assert told(run(root)) == told(first)


def test_last_few_hundred_tallies_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(503):
        store.remember_tally(str(number), b"%d" % number)
    kept = [number for number in range(503) if store.tally(str(number)) == b"%d" % number]
    store.close()
    assert kept == [*range(3, 503)]


def test_last_few_runs_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(12):
        store.remember_run(str(number), b"%d" % number)
    store.remember_run("11", b"again")
    kept = {str(number): store.run(str(number)) for number in range(12)}
    store.close()
    assert [key for key, blob in kept.items() if blob is not None] == ["5", "6", "7", "8", "9", "10", "11"]
    assert kept["11"] == b"again"

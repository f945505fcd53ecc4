"""The tables in `examples/house_rules/`: each is found wrong and right where its snippets say so."""

from __future__ import annotations

import dataclasses
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from ssot_lint.config import Config, Instance, parse
from ssot_lint.engine import lint_texts

REPOSITORY = Path(__file__).parent.parent
FILES = sorted((REPOSITORY / "examples" / "house_rules").glob("*.toml"))

sys.path.insert(0, str(REPOSITORY / "docs"))
try:
    import make_house_rules
finally:
    del sys.path[0]


def configured(path: Path) -> Config:
    return parse(path.read_text(encoding="utf-8"), path.name)


def tables(path: Path) -> list[Instance]:
    """The instances of a file, without those that run unasked."""
    return [instance for instance in configured(path).instances if instance.options.bad]


def files_of(snippet: str) -> dict[str, bytes]:
    """The files of a snippet that has paths."""
    _, *parts = re.split(r"(?m)^# file: (\S+)\n", snippet)
    return {path: text.encode() for path, text in zip(parts[::2], parts[1::2])}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_snippets_behave(path: Path) -> None:
    assert tables(path)
    lint_texts(configured(path), {})  # raises ConfigError where one does not


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_last_file_of_a_bad_snippet_is_at_fault(path: Path) -> None:
    """A re-export is no proof if only the module that hands the thing on is found."""
    config = configured(path)
    for instance in tables(path):
        silent = dataclasses.replace(instance.options, good=(), bad=())
        alone = dataclasses.replace(config, instances=(instance._replace(options=silent),))
        for files in filter(None, map(files_of, instance.options.bad)):
            found = lint_texts(alone, files).findings
            last = list(files)[-1]
            assert last in {finding.path for finding in found}, (instance.options.name, files)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_tables_are_complete(path: Path) -> None:
    said = make_house_rules.parse(path.name, path.read_text(encoding="utf-8"))
    assert re.fullmatch(r"[\w-]+/[\w-]+", said.project)
    assert [table.name for table in said.tables] == [table.options.name for table in tables(path)]
    assert [table.rule for table in said.tables] == [table.rule.id for table in tables(path)]
    for table, instance in zip(said.tables, tables(path)):
        assert table.replaces
        assert instance.options.good
        assert instance.options.reason or instance.options.use or getattr(instance.options, "moved", {})
        assert len(instance.options.bad) > 0
        assert len(table.misses) <= len(instance.options.bad)
    assert len({table.name for table in said.tables}) == len(said.tables)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_claims_stand_above_their_snippets(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    for line, following in pairwise(lines):
        assert ("the original misses:" in line) is line.startswith("  # the original misses: "), line
        assert "the original misses:" not in line or re.match(r"  ['\"]", following), line
        assert ("# out of reach" in line) is bool(re.match(r"# out of reach: .+: .+", line)), line


def test_there_are_many() -> None:
    projects = make_house_rules.read()
    assert len(projects) >= 12
    assert len({rules.project for rules in projects}) == len(projects)
    assert sum(len(rules.checks) for rules in projects) >= 80


def test_page_is_fresh() -> None:
    wanted = make_house_rules.page(make_house_rules.read())
    assert make_house_rules.PAGE.read_text(encoding="utf-8") == wanted, (
        "run `python docs/make_house_rules.py`"
    )

"""Where the configuration is found, what it means, what it refuses, and its schema."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ssot_lint import schema
from ssot_lint.catalogue import OWN_RULES
from ssot_lint.commands import config as command
from ssot_lint.config import Config, ConfigError, find, load, parse
from ssot_lint.finding import Span
from ssot_lint.rules import RULE_BY_ID, RULES
from ssot_lint.rules.forbidden_import import ForbiddenImportOptions
from ssot_lint.tables import convert, fields_of
from ssot_lint.toml_document import TomlDocument

DEFAULTS = [rule.id for rule in RULES if rule.default]

FULL = """\
exclude = ["backups/"]                     # gitignore syntax, on top of .gitignore
strict  = ["tests/mission_critical/"]      # no baseline here

[[canonical]]               # the heart: one thing, one home
symbol   = "test_framework.ssot.base_test_case.SSotBaseTestCase"
also     = ["test_framework.ssot.SSotBaseTestCase"]        # other import paths that are fine
replaces = ["unittest.TestCase", "**.BaseTestCase"]        # what it supersedes, as base, import or use
base-of  = { classes = "Test*", paths = ["tests/"] }       # who must inherit it
reason   = "isolated environment and metrics for every test"

[[forbidden-import]]           # every rule is a table named after it, as many instances as needed
targets  = ["pytest.main", "unittest.main"]
paths    = ["tests/"]
allow-in = ["tests/unified_test_runner.py"]
use      = "tests/unified_test_runner.py"
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ids(config: Config) -> list[str]:
    return [instance.rule.id for instance in config.instances]


def configured(config: Config) -> list[tuple[str, int]]:
    """The instances that are no defaults, with their lines."""
    return [
        (instance.rule.id, instance.span.line)
        for index, instance in enumerate(config.instances)
        if f"instances.{index}" in config.origins
    ]


# What a configuration means


def test_full_configuration() -> None:
    config = parse(FULL)
    assert (config.exclude, config.strict) == (("backups/",), ("tests/mission_critical/",))
    assert ids(config)[: len(DEFAULTS)] == DEFAULTS
    assert configured(config) == [
        ("noncanonical-import", 4),
        ("noncanonical-base", 4),
        ("forbidden-import", 4),
        ("missing-base", 4),
        ("duplicate-class", 4),
        ("forbidden-import", 11),
    ]
    rule, options, span = config.instances[-1]
    assert rule is RULE_BY_ID["forbidden-import"]
    assert options == ForbiddenImportOptions(
        targets=("pytest.main", "unittest.main"),
        paths=("tests/",),
        allow_in=("tests/unified_test_runner.py",),
        use="tests/unified_test_runner.py",
    )
    assert span == Span(11, 1, 11, 21)


@pytest.mark.parametrize("path", ["", "ssot-lint.toml", "pyproject.toml"])
def test_no_configuration_runs_default_rules(path: str) -> None:
    config = parse("", path)
    assert ids(config) == DEFAULTS
    assert all(instance.options == instance.rule.options() for instance in config.instances)
    assert config.origins == {}


SPELLINGS = {
    "array of tables": (
        '[[forbidden-import]]\ntargets = ["a"]\n[[forbidden-import]]\ntargets = ["b"]',
        [1, 3],
    ),
    "single table": ('\n[forbidden-import]\ntargets = ["a"]', [2]),
    "dotted keys": ('\nforbidden-import.targets = ["a"]', [2]),
    "inline table": ('forbidden-import = { targets = ["a"] }', [1]),
    "inline array": ('forbidden-import = [{ targets = ["a"] },\n  { targets = ["b"] }]', [1, 2]),
    "quoted header": ('[[ "forbidden-import" ]]\ntargets = ["a"]', [1]),
    "header in a string": (
        (
            '[[forbidden-import]]\ntargets = ["a"]\nreason = """\n[[forbidden-import]]\n"""\n'
            '[[forbidden-import]]\ntargets = ["b"]'
        ),
        [1, 6],
    ),
    "empty array": ("forbidden-import = []", []),
}


@pytest.mark.parametrize(("text", "lines"), SPELLINGS.values(), ids=SPELLINGS)
def test_tables_in_every_spelling(text: str, lines: list[int]) -> None:
    assert configured(parse(text)) == [("forbidden-import", line) for line in lines]


def test_tables_of_pyproject() -> None:
    text = '[project]\nrequires-python = ">=3.11"\n[[tool.ssot-lint.missing-base]]\nbase = "a.B"\n'
    config = parse(text, "pyproject.toml")
    assert configured(config) == [("missing-base", 3)]
    assert config.requires_python == ">=3.11"


def test_instances_stand_in_the_order_of_the_file() -> None:
    base, ban = '[[missing-base]]\nbase = "a.B"\n', '[[forbidden-import]]\ntargets = ["a"]\n'
    text = base + ban + base
    assert configured(parse(text)) == [("missing-base", 1), ("forbidden-import", 3), ("missing-base", 5)]


def test_table_of_a_default_rule_replaces_its_default() -> None:
    config = parse("[duplicate-class]\nmin-lines = 5\n")
    assert configured(config) == [("duplicate-class", 1)]
    assert ids(config).count("duplicate-class") == 1


def test_canonical_leaves_defaults_in_force() -> None:
    config = parse('[[canonical]]\nsymbol = "a.B"\n')
    assert ids(config).count("duplicate-class") == 2


def test_nested_table_of_canonical() -> None:
    config = parse('[[canonical]]\nsymbol = "a.B"\n[canonical.base-of]\nhas-tests = true\n')
    assert configured(config) == [("noncanonical-import", 1), ("missing-base", 1), ("duplicate-class", 1)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("src", "src"), ("src/", "src"), ("./services/billing", "services/billing"), (".", ""), ("", "")],
)
def test_source_roots_are_written_alike(written: str, meant: str) -> None:
    assert parse(f'source-roots = ["{written}"]').source_roots == (meant,)


def test_byte_order_mark_and_line_endings() -> None:
    text = '\ufeff[[forbidden-import]]\r\ntargets = ["a"]\r\n'
    assert configured(parse(text)) == [("forbidden-import", 1)]


SELECTIONS = {
    "all": ("", DEFAULTS),
    "by id": ('select = ["syntax-error"]', ["syntax-error"]),
    "by code": ('select = ["SST001", "SST301"]', ["syntax-error", "duplicate-class"]),
    "by beginning of a code": ('select = ["SST0"]', ["syntax-error", "undecodable-source"]),
    "without an id": ('ignore = ["duplicate-class"]', [r for r in DEFAULTS if r != "duplicate-class"]),
    "without those about the configuration": (
        'ignore = ["SST9"]',
        ["syntax-error", "undecodable-source", "duplicate-class", "shadowed-definition"],
    ),
    "ignored though selected": ('select = ["SST0"]\nignore = ["SST002"]', ["syntax-error"]),
}


@pytest.mark.parametrize(("text", "expected"), SELECTIONS.values(), ids=SELECTIONS)
def test_selection(text: str, expected: list[str]) -> None:
    config = parse(text)
    assert ids(config) == expected


def test_command_line_selects(root: Path) -> None:
    (root / "ssot-lint.toml").write_text('select = ["SST0"]\nignore = ["SST3"]\n')
    config = load(None, root, select=("duplicate-class",))
    assert ids(config) == ["duplicate-class"]
    assert config.origins == {"select": "command line", "ignore": "command line"}


def test_command_line_ignores(root: Path) -> None:
    (root / "ssot-lint.toml").write_text('select = ["SST0", "SST3"]\nignore = ["SST3"]\n')
    config = load(None, root, ignore=("SST001",))
    assert ids(config) == ["undecodable-source"]
    assert config.ignore == ("SST3", "SST001")
    assert config.origins == {"select": "ssot-lint.toml:1", "ignore": "ssot-lint.toml:2, command line"}


def test_origins() -> None:
    text = '[[canonical]]\nsymbol = "a.B"\n\n[missing-base]\nbase = "a.B"\nhas-tests = false\n'
    place = len(DEFAULTS) + 2
    origins = parse(text).origins
    assert origins[f"instances.{place - 2}.symbols"] == "canonical at ssot-lint.toml:1"
    assert f"instances.{place - 2}.severity" not in origins
    assert origins[f"instances.{place}"] == "ssot-lint.toml:4"
    assert origins[f"instances.{place}.has-tests"] == "ssot-lint.toml:6"


# Digest

SAME = '[[missing-base]]\nbase = "a.B"\n'


def test_digest_is_the_same_for_the_same_configuration() -> None:
    assert parse(SAME, root=Path("/a")).digest == parse(f"{SAME}# comment\n", root=Path("/b")).digest
    assert len(parse(SAME).digest) == 32


@pytest.mark.parametrize(
    "other",
    [
        pytest.param('[[missing-base]]\nbase = "a.C"\n', id="option"),
        pytest.param('\n[[missing-base]]\nbase = "a.B"\n', id="line"),
        pytest.param(f'python = "3.12"\n{SAME}', id="python"),
        pytest.param(f'ignore = ["SST301"]\n{SAME}', id="ignored rule"),
        pytest.param(f'strict = ["a/"]\n{SAME}', id="strict"),
        pytest.param(f'exclude = ["a/"]\n{SAME}', id="exclude"),
        pytest.param(f'source-roots = ["src"]\n{SAME}', id="source root"),
    ],
)
def test_digest_tells_configurations_apart(other: str) -> None:
    assert parse(other).digest != parse(SAME).digest


def test_digest_tells_files_and_versions_apart() -> None:
    shared = '[tool.ssot-lint]\n[project]\nrequires-python = "{}"\n'
    old, new = (parse(shared.format(version), "pyproject.toml") for version in (">=3.10", ">=3.11"))
    assert len({old.digest, new.digest, parse("", "ssot-lint.toml").digest, parse("", "").digest}) == 4


# What a configuration refuses

MISTAKES = {
    "unknown key at the top": ('exclud = ["a"]', "1: exclud: unknown key, did you mean `exclude`?"),
    "unknown table": (
        "[[forbiden-import]]",
        "1: forbiden-import: unknown key, did you mean `forbidden-import`?",
    ),
    "unknown key far from any": (
        "[xyz]",
        "1: xyz: unknown key; valid are `exclude`, `strict`, `source-roots`, `select`, `ignore`, `python`, "
        "`resolve-installed`, `migrate-first`, `plugins`, `outside`, "
        + ", ".join(f"`{name}`" for name in OWN_RULES.tables),
    ),
    "key that needs quotes": (
        '"a\\u001bb" = 1',
        '1: "a\\u001bb": unknown key; valid are `exclude`, `strict`, `source-roots`, `select`, `ignore`, '
        "`python`, `resolve-installed`, `migrate-first`, `plugins`, `outside`, "
        + ", ".join(f"`{name}`" for name in OWN_RULES.tables),
    ),
    "code for a table": ("[sst101]", "1: sst101: unknown key, did you mean `forbidden-import`?"),
    "table of a rule without options": (
        "[idle-rule]",
        '1: idle-rule: this rule has no options; to turn it off, write `ignore = ["idle-rule"]`',
    ),
    "prefix of pyproject.toml": (
        "[tool.ssot-lint]",
        "1: tool: unknown key; outside of pyproject.toml the tables stand without `tool.ssot-lint`",
    ),
    "unknown key in a table": (
        '[[missing-base]]\nbase = "a.B"\nclasess = ["T*"]',
        "3: missing-base.clasess: unknown key, did you mean `classes`?",
    ),
    "underscore": (
        '[[missing-base]]\nbase = "a.B"\nhas_tests = true',
        "3: missing-base.has_tests: unknown key, did you mean `has-tests`?",
    ),
    "capitals": (
        '[[missing-base]]\nbase = "a.B"\nCLASSES = ["T*"]',
        "3: missing-base.CLASSES: unknown key, did you mean `classes`?",
    ),
    "unknown key in a nested table": (
        '[[canonical]]\nsymbol = "a.B"\nbase-of = { path = ["a/"] }',
        "3: canonical.base-of.path: unknown key, did you mean `paths`?",
    ),
    "string for an array": (
        '[[forbidden-import]]\ntargets = "a"',
        '2: forbidden-import.targets: expected an array of strings, found the string "a"',
    ),
    "number in an array": (
        '[[forbidden-import]]\ntargets = [\n  "a",\n  3,\n]',
        "4: forbidden-import.targets[1]: expected a string, found the number 3",
    ),
    "array for a string": (
        '[[missing-base]]\nbase = ["a.B"]',
        "2: missing-base.base: expected a string, found an array",
    ),
    "string for a boolean": (
        '[[missing-base]]\nbase = "a.B"\nhas-tests = "yes"',
        '3: missing-base.has-tests: expected true or false, found the string "yes"',
    ),
    "boolean for a number": (
        "[duplicate-class]\nmin-lines = true",
        "2: duplicate-class.min-lines: expected a whole number, found true",
    ),
    "fraction for a number": (
        "[duplicate-class]\nmin-lines = 1.5",
        "2: duplicate-class.min-lines: expected a whole number, found the number 1.5",
    ),
    "date for a string": (
        "python = 1979-05-27",
        "1: python: expected a string, found the date or time 1979-05-27",
    ),
    "number in a table": (
        '[noncanonical-import.moved]\n"a.B" = "c.B"\n"d.B" = 1',
        '3: noncanonical-import.moved."d.B": expected a string, found the number 1',
    ),
    "array for a table": (
        '[noncanonical-import]\nmoved = ["a.B"]',
        "2: noncanonical-import.moved: expected a table of strings, found an array",
    ),
    "number for a string or an array": (
        '[[canonical]]\nsymbol = "a.B"\nbase-of = { classes = 3 }',
        "3: canonical.base-of.classes: expected a string or an array of strings, found the number 3",
    ),
    "string for a nested table": (
        '[[canonical]]\nsymbol = "a.B"\nbase-of = "Test*"',
        '3: canonical.base-of: expected a table, found the string "Test*"',
    ),
    "string for a table": (
        'missing-base = "a.B"',
        '1: missing-base: expected a table, found the string "a.B"',
    ),
    "string among tables": (
        'missing-base = [{ base = "a.B" },\n "a.B"]',
        '2: missing-base: expected a table, found the string "a.B"',
    ),
    "unknown value": (
        '[syntax-error]\nseverity = "eror"',
        (
            '2: syntax-error.severity: expected "error" or "warning", '
            'found the string "eror", did you mean `error`?'
        ),
    ),
    "value far from any": (
        '[syntax-error]\ntype-checking = "never"',
        '2: syntax-error.type-checking: expected "same" or "allow" or "only", found the string "never"',
    ),
    "long value": (
        f'[syntax-error]\nseverity = "{"x" * 100}"',
        f'2: syntax-error.severity: expected "error" or "warning", found the string "{"x" * 60}..."',
    ),
    "required key that is not there": (
        '\n[[forbidden-import]]\nuse = "a"',
        "2: forbidden-import: expected a value for `targets`, found no such key",
    ),
    "required array that is empty": (
        "[[forbidden-import]]\ntargets = []",
        "2: forbidden-import.targets: expected a value for `targets`, found an empty one",
    ),
    "required string that is empty": (
        '[[missing-base]]\nbase = ""',
        "2: missing-base.base: expected a value for `base`, found an empty one",
    ),
    "one of two required": (
        '[[noncanonical-import]]\nalso = ["a.B"]',
        "1: noncanonical-import: expected a value for `symbols` or `moved` or `hubs`, found no such key",
    ),
    "canonical without a symbol": (
        '[[canonical]]\nalso = ["a.B"]',
        "1: canonical: expected a value for `symbol`, found no such key",
    ),
    "pattern that leads out of the root": (
        '[syntax-error]\npaths = ["a/", "../x"]',
        (
            "2: syntax-error.paths[1]: the pattern `../x` never matches: "
            "write it from the project root, without `.` or `..`"
        ),
    ),
    "pattern in an option of one rule": (
        '[[misplaced-definition]]\nclasses = ["A"]\nonly-in = ["a/", "["]',
        (
            "3: misplaced-definition.only-in[1]: the pattern `[` never matches: "
            "it is empty, a comment, or malformed"
        ),
    ),
    "pattern that is not in an array": (
        '[runner-bypass]\nrunner = "../run.py"',
        (
            "2: runner-bypass.runner: the pattern `../run.py` never matches: "
            "write it from the project root, without `.` or `..`"
        ),
    ),
    "malformed pattern": (
        'exclude = ["["]',
        "1: exclude[0]: the pattern `[` never matches: it is empty, a comment, or malformed",
    ),
    "pattern that is a comment": (
        'strict = ["# a"]',
        "1: strict[0]: the pattern `# a` never matches: it is empty, a comment, or malformed",
    ),
    "path of a machine": (
        '[syntax-error]\nallow-in = ["/home/me/project/a.py"]',
        (
            "2: syntax-error.allow-in[0]: expected a path from the root, "
            'found the absolute "/home/me/project/a.py"'
        ),
    ),
    "path of another machine": (
        "[syntax-error]\nexclude = ['C:\\a.py']",
        '2: syntax-error.exclude[0]: expected a path from the root, found the absolute "C:\\\\a.py"',
    ),
    "pattern in a nested table": (
        '[[canonical]]\nsymbol = "a.B"\nbase-of = { paths = ["../x"] }',
        (
            "3: canonical.base-of.paths[0]: the pattern `../x` never matches: "
            "write it from the project root, without `.` or `..`"
        ),
    ),
    "unknown key outside": (
        '[outside]\ncoverag = "x"',
        "2: outside.coverag: unknown key, did you mean `coverage`?",
    ),
    "figures elsewhere": (
        '[outside]\ncollection = "../x.json"',
        '2: outside.collection: expected a path below the root, found "../x.json"',
    ),
    "absolute figures": (
        '[outside]\njunit = ["a.xml", "/tmp/*.xml"]',
        '2: outside.junit[1]: expected a path below the root, found "/tmp/*.xml"',
    ),
    "tolerance that is no number": (
        "[outside]\ncollection-tolerance = nan",
        "2: outside.collection-tolerance: expected a number from 0 up, found nan",
    ),
    "source root outside": (
        'source-roots = ["src", "../lib"]',
        '1: source-roots[1]: expected a folder below the root, found "../lib"',
    ),
    "absolute source root": (
        'source-roots = ["/src"]',
        '1: source-roots[0]: expected a folder below the root, found "/src"',
    ),
    "unknown rule selected": (
        'select = ["SST0", "duplicate-clas"]',
        (
            "1: select[1]: expected the id, the code or the beginning of a code of a rule, "
            'found "duplicate-clas", did you mean `duplicate-class`?'
        ),
    ),
    "unknown rule ignored": (
        'ignore = ["W291"]',
        (
            "1: ignore[0]: expected the id, the code or the beginning of a code of a rule, "
            'found "W291"; `ssot-lint rules` lists them all'
        ),
    ),
    "version as a number": ("python = 3.12", "1: python: expected a string, found the number 3.12"),
    "version that is none": (
        'python = ">=3.12"',
        '1: python: expected a version such as "3.12", found ">=3.12"',
    ),
    "contradiction": (
        '[[canonical]]\nsymbol = "a.B"\nreplaces = ["c.D",\n "a.B"]',
        "4: canonical.replaces[1]: `a.B` means the symbol itself, `a.B`",
    ),
    "canonical twice": (
        '[[canonical]]\nsymbol = "a.B"\n[[canonical]]\nsymbol = "a.B"',
        '4: canonical.symbol: "a.B" is canonical already, by the table at line 1',
    ),
    "canonical and forbidden": (
        '[[canonical]]\nsymbol = "a.B"\n[[forbidden-import]]\ntargets = ["c", "a"]',
        '2: canonical.symbol: "a.B" is forbidden by the table `forbidden-import` at line 3',
    ),
    "canonical and replaced by another": (
        '[[canonical]]\nsymbol = "a.B"\n[[canonical]]\nsymbol = "c.D"\nreplaces = ["**.B"]',
        '2: canonical.symbol: "a.B" is forbidden by the table `canonical` at line 3',
    ),
    "not TOML": ('exclude = ["a"]\nstrict = \n', "2:10: this is not TOML: invalid value"),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, root=Path("/home/me/project"))
    assert str(caught.value) == f"ssot-lint.toml:{message}"


@pytest.mark.parametrize(
    "text",
    [
        '[[forbidden-import]]\ntargets = ["a.B"]\npaths = ["app/"]',
        '[[forbidden-import]]\ntargets = ["a.B"]\nexclude = ["tests/"]',
        '[[forbidden-import]]\ntargets = ["a"]\nallow-in = ["tests/"]',
        '[[forbidden-import]]\ntargets = ["a"]\ntype-checking = "only"',
        '[[forbidden-import]]\ntargets = ["a.C", "b.B", "a.B.c", "a.*.B"]',
        '[[canonical]]\nsymbol = "c.D"\nreplaces = ["a.B"]\nallow-in = ["tests/"]',
        '[[canonical]]\nsymbol = "c.D"\nreplaces = ["old.B"]',
    ],
)
def test_what_is_canonical_may_be_forbidden_in_places(text: str) -> None:
    parse(f'[[canonical]]\nsymbol = "a.B"\n{text}')


def test_all_mistakes_are_told_at_once() -> None:
    ban = '[[forbidden-import]]\ntarget = ["a"]\nuse = 1\n'
    text = f'exclud = []\n{ban}[[missing-base]]\n[[canonical]]\nsymbol = "a"'
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert [line.split(": ", 2)[:2] for line in str(caught.value).splitlines()] == [
        ["ssot-lint.toml:1", "exclud"],
        ["ssot-lint.toml:3", "forbidden-import.target"],
        ["ssot-lint.toml:4", "forbidden-import.use"],
        ["ssot-lint.toml:5", "missing-base"],
        ["ssot-lint.toml:7", "canonical.symbol"],
    ]


def test_mistake_in_pyproject() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("[tool]\nssot-lint = 3\n", "pyproject.toml")
    assert str(caught.value) == "pyproject.toml:2: tool.ssot-lint: expected a table, found the number 3"


@pytest.mark.parametrize("flag", ["select", "ignore"])
def test_unknown_rule_on_the_command_line(root: Path, flag: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, root, **{flag: ("sst3",)})
    assert str(caught.value) == (
        f"--{flag}: expected the id, the code or the beginning of a code of a rule, "
        'found "sst3", did you mean `SST3`?'
    )


# Where the configuration is found

OWN, SHARED, OTHERS = 'strict = ["own/"]', '[tool.ssot-lint]\nstrict = ["shared/"]', "[tool.other]\n"


@pytest.mark.parametrize(
    ("files", "start", "expected"),
    [
        pytest.param({"ssot-lint.toml": OWN}, "a/b", "ssot-lint.toml", id="above"),
        pytest.param({"a/b/ssot-lint.toml": OWN}, "a/b", "a/b/ssot-lint.toml", id="in the folder"),
        pytest.param({"ssot-lint.toml": OWN}, "a/b/c.py", "ssot-lint.toml", id="above a file"),
        pytest.param({"pyproject.toml": SHARED}, "a/b", "pyproject.toml", id="pyproject.toml"),
        pytest.param(
            {"pyproject.toml": SHARED, "ssot-lint.toml": OWN}, "a", "ssot-lint.toml", id="own file wins"
        ),
        pytest.param(
            {"ssot-lint.toml": OWN, "a/pyproject.toml": SHARED}, "a/b", "a/pyproject.toml", id="nearest wins"
        ),
        pytest.param(
            {"ssot-lint.toml": OWN, "a/pyproject.toml": OTHERS}, "a/b", "ssot-lint.toml", id="passed over"
        ),
        pytest.param(
            {"ssot-lint.toml": OWN, "a/pyproject.toml": 'tool = 1\nx = "ssot-lint"'},
            "a/b",
            "ssot-lint.toml",
            id="passed over though it mentions the tool",
        ),
        pytest.param(
            {"ssot-lint.toml": OWN, "a/pyproject.toml": "broken ["},
            "a/b",
            "ssot-lint.toml",
            id="broken and not ours",
        ),
        pytest.param(
            {"ssot-lint.toml": OWN, "a/.git/HEAD": ""}, "a/b", "ssot-lint.toml", id="beyond a work tree"
        ),
        pytest.param({}, "a/b", None, id="none"),
    ],
)
def test_find(root: Path, files: dict[str, str], start: str, expected: str | None) -> None:
    write(root, {"a/b/c.py": "", **files})
    found = find(root / start)
    assert found == (expected and root / expected)
    config = load(None, root / start)
    if expected is not None:
        assert (config.root / config.path, config.root) == (root / expected, (root / expected).parent)


def test_folder_named_like_the_configuration_is_passed_over(root: Path) -> None:
    (root / "a/ssot-lint.toml").mkdir(parents=True)
    (root / "ssot-lint.toml").write_text(OWN)
    assert find(root / "a") == root / "ssot-lint.toml"


@pytest.mark.parametrize(
    ("work_tree", "start", "expected"),
    [
        pytest.param("", "a/b", "", id="top of the work tree"),
        pytest.param("a", "a/b", "a", id="nearest work tree"),
        pytest.param(None, "a/b", "a/b", id="linted folder"),
        pytest.param(None, "a/b/c.py", "a/b", id="folder of the linted file"),
    ],
)
def test_root_without_configuration(root: Path, work_tree: str | None, start: str, expected: str) -> None:
    write(root, {"a/b/c.py": "", "pyproject.toml": '[project]\nrequires-python = ">=3.10"\n'})
    if work_tree is not None:
        (root / work_tree / ".git").mkdir()
    config = load(None, root / start)
    assert (config.root, config.path) == (root / expected, "")
    assert config.requires_python == (">=3.10" if not expected else "")


@pytest.mark.parametrize(
    ("work_tree", "named", "start", "expected", "path"),
    [
        pytest.param(None, "ssot-lint.toml", "a/b", "", "ssot-lint.toml", id="above"),
        pytest.param(None, "x.toml", "a/b", "a/b", "../../x.toml", id="above, of another name"),
        pytest.param("", "ssot-lint.toml", "a/b", "", "ssot-lint.toml", id="above, at the top"),
        pytest.param("", "a/other.toml", "a/b", "a", "other.toml", id="above, inside of the work tree"),
        pytest.param("a", "ssot-lint.toml", "a/b", "a", "../ssot-lint.toml", id="above the work tree"),
        pytest.param("", "conf/x.toml", "a/b", "", "conf/x.toml", id="beside, in a work tree"),
        pytest.param(None, "conf/x.toml", "a/b", "a/b", "../../conf/x.toml", id="beside, outside of git"),
        pytest.param("", "a/b/x.toml", "a", "", "a/b/x.toml", id="below, in a work tree"),
        pytest.param(None, "a/b/x.toml", "a", "a", "b/x.toml", id="below, outside of git"),
    ],
)
def test_root_for_a_named_file(
    root: Path, work_tree: str | None, named: str, start: str, expected: str, path: str
) -> None:
    write(root, {"a/b/c.py": "", "a/b/ssot-lint.toml": "", named: OWN})
    if work_tree is not None:
        (root / work_tree / ".git").mkdir()
    config = load(Path(named), root / start)
    assert (config.root, config.path, config.strict) == (root / expected, path, ("own/",))


def test_requires_python_beside_the_own_file(root: Path) -> None:
    write(root, {"ssot-lint.toml": "", "pyproject.toml": '[project]\nrequires-python = ">=3.11"\n'})
    assert load(None, root).requires_python == ">=3.11"


@pytest.mark.parametrize("text", ["broken [", "project = 1", "[project]\nrequires-python = 3", "\xff"])
def test_pyproject_that_is_not_the_configuration_may_be_broken(root: Path, text: str) -> None:
    write(root, {"ssot-lint.toml": OWN})
    (root / "pyproject.toml").write_bytes(text.encode("latin-1"))
    assert load(None, root).requires_python == ""


UNREADABLE = {
    "missing": (None, "other.toml: the configuration cannot be read: No such file or directory"),
    "not UTF-8": (b"# a\n# \xff\n", "other.toml:2: expected text in UTF-8, found other bytes"),
    "not TOML": (b"[a\n", "other.toml:1:3: this is not TOML: "),
}


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_named_file_that_cannot_be_read(root: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (root / "other.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(Path("other.toml"), root)
    assert str(caught.value).startswith(message)


def test_named_pyproject_without_the_table(root: Path) -> None:
    (root / "pyproject.toml").write_text(OTHERS)
    with pytest.raises(ConfigError) as caught:
        load(root / "pyproject.toml", root)
    assert str(caught.value) == "pyproject.toml: expected a table `tool.ssot-lint`, found none"


def test_mistake_names_the_file_as_seen_from_the_working_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a/ssot-lint.toml": "x = 1", "b/c.py": ""})
    with pytest.raises(ConfigError, match=r"\Aa/ssot-lint.toml:1: x: unknown key"):
        load(None, root / "a")
    monkeypatch.chdir(root / "b")
    with pytest.raises(ConfigError) as caught:
        load(None, root / "a")
    assert str(caught.value).startswith(f"{root / 'a/ssot-lint.toml'}:1: x: ")


def test_import_stays_small() -> None:
    heavy = {"msgspec", "tomllib", "tomli", "difflib", "subprocess"}
    code = f"import sys, ssot_lint.config; print({heavy}.intersection(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Schema

WRONG_FOR_THE_SCHEMA = [
    name
    for name in MISTAKES
    if name.startswith(("unknown", "string", "number", "array for", "required key", "one of", "underscore"))
]


@pytest.fixture(scope="module")
def validator() -> Any:
    document = json.loads(schema.text())
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def test_schema_is_up_to_date() -> None:
    assert schema.text() == schema.build(), "run `python -m ssot_lint.schema`"


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        "",
        '[canonical]\nsymbol = "a.B"\nbase-of = { classes = ["A", "B"], has-tests = true }\n',
        '[[noncanonical-import]]\nmoved = { "a.B" = "c.B" }\n',
        'python = "3.12"\nselect = ["SST1", "duplicate-class"]\nignore = ["SST301"]\n',
        *(
            text
            for rule in RULES
            for example in (*rule.bad, *rule.good)
            if (text := example.files.get("ssot-lint.toml"))
        ),
    ],
)
def test_schema_takes_what_is_right(validator: Any, text: str) -> None:
    parse(text)
    assert list(validator.iter_errors(TomlDocument(text).data)) == []


@pytest.mark.parametrize("name", WRONG_FOR_THE_SCHEMA)
def test_schema_refuses_what_is_wrong(validator: Any, name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(TomlDocument(MISTAKES[name][0]).data)


def test_schema_describes_every_option() -> None:
    definitions = json.loads(schema.text())["$defs"]
    for definition in definitions.values():
        assert definition["additionalProperties"] is False
        for name, option in definition["properties"].items():
            assert option["description"], name


@pytest.mark.parametrize("name", OWN_RULES.required)
def test_required_keys_exist(name: str) -> None:
    assert fields_of(OWN_RULES.tables[name]).keys() >= set(OWN_RULES.required[name])


NAMES = {
    "canonical": ("replaces",),
    "forbidden-import": ("targets",),
    "noncanonical-import": ("symbols", "also", "hubs"),
    "noncanonical-base": ("bases",),
    "missing-super-call": ("bases",),
    "duplicate-class": ("canonical",),
    "misplaced-definition": ("bases", "calls"),
    "shadowed-definition": ("decorators",),
    "forbidden-use": ("targets", "exempt"),
    "env-access": ("also",),
    "ad-hoc-mock": ("bases",),
}


@pytest.mark.parametrize("name", ["", "os/path", "import os", "requests ", "a..b", ".a", "a.", "a-b"])
@pytest.mark.parametrize(("table", "key"), [(table, key) for table, keys in NAMES.items() for key in keys])
def test_what_can_be_no_name_is_a_mistake(table: str, key: str, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(f'[{table}]\n{key} = ["a.B", "*.b*", "{name}"]\n')
    assert f'{table}.{key}[2]: expected a dotted name or a pattern, found "{name}"' in str(caught.value)


@pytest.mark.parametrize("name", OWN_RULES.tables)
def test_every_pattern_of_files_is_checked(name: str) -> None:
    for key, (field, hint) in fields_of(OWN_RULES.tables[name]).items():
        if "gitignore" in field.metadata["help"]:
            value, place = ('"["', key) if hint is str else ('["["]', f"{key}[0]")
            with pytest.raises(
                ConfigError, match=re.escape(f"{name}.{place}: the pattern `[` never matches")
            ):
                parse(f"[{name}]\n{key} = {value}\n")


@pytest.mark.parametrize("name", OWN_RULES.tables)
def test_example_of_every_option_is_right(name: str) -> None:
    for key, (field, _) in fields_of(OWN_RULES.tables[name]).items():
        if example := field.metadata["example"]:
            data = TomlDocument(f"{key} = {example}").data
            assert isinstance(convert(OWN_RULES.tables[name], data), OWN_RULES.tables[name])


# The command


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def test_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert capsys.readouterr().out == schema.text()


SHOWN = """\
# root: "{root}"
# configuration: "ssot-lint.toml"
# requires-python: ">=3.11"

exclude = []                                        # default
strict = ["a\\u001b/"]                               # ssot-lint.toml:1
source-roots = []                                   # default
select = ["SST1", "SST3"]                           # command line
ignore = []                                         # command line
python = ""                                         # default
resolve-installed = false                           # default
migrate-first = []                                  # default
plugins = []                                        # default
outside = {{}}                                        # default

[[duplicate-class]]                                 # default
min-lines = 10                                      # default

[[shadowed-definition]]                             # default

[[noncanonical-import]]                             # ssot-lint.toml:2
severity = "error"                                  # ssot-lint.toml:4
moved = {{ "a.B" = "c.B" }}                           # ssot-lint.toml:3

[[noncanonical-import]]                             # canonical at ssot-lint.toml:5
name = "B"                                          # canonical at ssot-lint.toml:5
use = "a.B"                                         # canonical at ssot-lint.toml:5
symbols = ["a.B"]                                   # canonical at ssot-lint.toml:5

[[duplicate-class]]                                 # canonical at ssot-lint.toml:5
name = "B"                                          # canonical at ssot-lint.toml:5
use = "a.B"                                         # canonical at ssot-lint.toml:5
canonical = ["a.B"]                                 # canonical at ssot-lint.toml:5
min-lines = 10                                      # default
"""


@pytest.fixture
def shown_project(root: Path) -> Path:
    text = 'strict = ["a\\u001b/"]\n[noncanonical-import]\nmoved = {"a.B" = "c.B"}\nseverity = "error"\n'
    pyproject = '[project]\nrequires-python = ">=3.11"\n'
    write(root, {"ssot-lint.toml": f'{text}[canonical]\nsymbol = "a.B"\n', "pyproject.toml": pyproject})
    return root


def test_command_shows_what_is_in_force(shown_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "--select", "SST1, SST3") == 0
    shown = capsys.readouterr().out
    assert shown == SHOWN.format(root=shown_project)
    assert ids(parse(shown)) == ids(load(None, shown_project, select=("SST1", "SST3")))


def test_command_shows_everything_as_json(shown_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "--format", "json", "--ignore", "SST9,SST0", "--ignore", "SST3") == 0
    data = json.loads(capsys.readouterr().out)
    (instance, _) = data.pop("instances")
    settings = data.pop("settings")
    assert data == {
        "version": 1,
        "root": str(shown_project),
        "path": "ssot-lint.toml",
        "requires_python": ">=3.11",
        "gates": [],
    }
    assert settings["ignore"] == {"value": ["SST9", "SST0", "SST3"], "origin": "command line"}
    assert settings["exclude"] == {"value": [], "origin": "default"}
    assert (instance["rule"], instance["code"]) == ("noncanonical-import", "SST102")
    assert instance["origin"] == "ssot-lint.toml:2"
    assert instance["options"].keys() == fields_of(OWN_RULES.tables["noncanonical-import"]).keys()
    assert instance["options"]["moved"] == {"value": {"a.B": "c.B"}, "origin": "ssot-lint.toml:3"}
    assert instance["options"]["paths"] == {"value": [], "origin": "default"}


@pytest.mark.usefixtures("root")
def test_command_shows_defaults_without_a_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "# configuration: none"
    assert [line[2:].partition("]")[0] for line in lines if line.startswith("[[")] == DEFAULTS


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

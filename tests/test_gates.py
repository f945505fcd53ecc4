"""What gates mean: which part of a project counts, what is measured there, and what never passes in silence."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ssot_lint import schema
from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import Judged, Left, Outcome
from ssot_lint.baseline.coverage import EXCLUDED, FIXED, Coverage
from ssot_lint.baseline.entries import Entry, Identity
from ssot_lint.catalogue import OWN_RULES
from ssot_lint.config import Config, ConfigError, parse
from ssot_lint.finding import Finding, Span
from ssot_lint.gates import MEASURES, Condition
from ssot_lint.measures import MEASURES as WAYS
from ssot_lint.measures import measure
from ssot_lint.outside.evidence import Evidence
from ssot_lint.standing import Measured, Standing, Taken, standing
from ssot_lint.toml_document import TomlDocument

TODAY = datetime.date(2026, 3, 1)


def finding(
    path: str, rule: str = "forbidden-import", *, severity: str = "error", state: str = "new"
) -> Finding:
    """Something that is found in a file."""
    code = OWN_RULES.by_id[rule].code
    span = Span(1, 1, 1, 2)
    return Finding(path, span, code, rule, "", "", "<module>", (), severity, (), state=state)


def entry(path: str, batch: str = "", rule: str = "forbidden-import") -> Entry:
    """An entry of the baseline."""
    return Entry(Identity(rule, path, "<module>", ()), 1, (f"@{batch}",) if batch else ())


def batch(name: str, day: datetime.date) -> Batch:
    """A batch that began on a day."""
    return Batch(name, "Ada", day, "old")


PROJECT = Standing(
    findings=(
        finding("a.py"),
        finding("lib/b.py", state="carried"),
        finding("lib/b.py", "missing-base", severity="warning"),
        finding("broken.py", "syntax-error"),
        finding("ssot-lint.toml", "idle-rule"),
    ),
    allowed=(finding("lib/c.py"), finding("lib/b.py")),
    files=("a.py", "broken.py", "lib/b.py", "lib/c.py"),
    broken=("broken.py",),
    entries=(entry("lib/b.py", "old"), entry("a.py", "new")),
    batches={
        "old": batch("old", datetime.date(2025, 12, 1)),
        "new": batch("new", datetime.date(2026, 2, 28)),
    },
    rules=frozenset({"forbidden-import", "missing-base", "syntax-error", "idle-rule"}),
    covers=lambda rule, path: rule != "missing-base" or path.startswith("lib/"),
    selectors=OWN_RULES.selectors,
    today=TODAY,
    evidence=Evidence(Config(Path(), ""), ()),
)


def taken(project: Standing = PROJECT, **condition: Any) -> Taken:
    """What a condition comes to."""
    return measure(Condition(**condition), project).taken


def clean(number: int, total: int, least: float) -> Taken:
    """What comes of a part of the files being clean."""
    files = [f"{index}.py" for index in range(total)]
    unclean = [finding(path) for path in files[number:]]
    return taken(PROJECT._replace(files=files, broken=(), findings=unclean, allowed=()), min_clean=least)


# Findings


def test_every_finding_counts_whatever_its_state_and_severity() -> None:
    found = taken(max=3)
    assert (found.is_met, found.now, found.distance) == (False, "5", "2 too many")
    assert found.numbers == {"findings": 5, "distance": 2, "allowed": 2, "files": 4, "broken": 1}
    assert taken(max=5).is_met


@pytest.mark.parametrize(
    ("part", "number", "allowed"),
    [
        ({"rules": ("forbidden-import",)}, 2, 2),
        ({"rules": ("SST101", "missing-base")}, 3, 2),
        ({"paths": ("lib/",)}, 2, 2),
        ({"paths": ("lib/",), "exclude": ("b.py",)}, 0, 1),
        ({"exclude": ("*.toml", "lib/")}, 2, 0),
        ({"rules": ("forbidden-import",), "paths": ("lib/",)}, 1, 2),
    ],
)
def test_part_of_a_project(part: dict[str, Any], number: int, allowed: int) -> None:
    numbers = taken(**part, max=0).numbers
    assert (numbers["findings"], numbers["allowed"]) == (number, allowed)


def test_it_is_told_that_more_could_be_found_in_files_that_do_not_compile() -> None:
    told = "1 of 4 files do not compile: nothing else is found in them"
    assert taken(rules=("forbidden-import",), max=9).notes == (told,)
    assert taken(rules=("forbidden-import",), paths=("lib/",), max=9).notes == ()


# Clean files


def test_files_that_do_not_compile_are_not_clean() -> None:
    found = taken(rules=("missing-base",), min_clean=75)
    assert (found.is_met, found.now, found.distance) == (False, "50.00 %", "1 too few")
    assert found.notes[0] == "2 of 4 files"
    assert found.numbers == {"clean": 2, "distance": 1, "allowed": 0, "files": 4, "broken": 1}


def test_what_is_allowed_leaves_a_file_clean_and_is_told() -> None:
    found = taken(min_clean=25)
    assert (found.is_met, found.numbers["clean"], found.numbers["allowed"]) == (True, 1, 1)


@pytest.mark.parametrize(
    ("number", "total", "least", "now", "distance"),
    [
        (4999, 10_000, 50, "49.99 %", 1),
        (5000, 10_000, 50, "50.00 %", 0),
        (19_999, 40_000, 50, "49.99 %", 1),  # 49.9975 is not shown as 50
        (4999, 10_000, 49.99, "49.99 %", 0),  # although no float is 49.99
        (29, 100, 29.0, "29.00 %", 0),
        (999, 1000, 99.9, "99.90 %", 0),
        (9989, 10_000, 99.9, "99.89 %", 1),
        (99_998, 100_000, 99.999, "99.998 %", 1),
        (1, 3, 100, "33.33 %", 2),
        (2, 3, 0, "66.66 %", 0),
        (0, 3, 0, "0.00 %", 0),
        (0, 1, 1e-07, "0.0000000 %", 1),
    ],
)
def test_percentages_are_exact(number: int, total: int, least: float, now: str, distance: int) -> None:
    found = clean(number, total, least)
    assert (found.now, found.numbers["distance"]) == (now, distance)
    assert found.is_met is (distance == 0)


def test_wanted_is_shown_as_it_was_written() -> None:
    conditions = [Condition(min_clean=each) for each in (50.0, 99.9, 99.99999, 1e-07, 0.0, 100.0)]
    assert [measure(each, PROJECT).wanted for each in conditions] == [
        *(">= 50 %", ">= 99.9 %", ">= 99.99999 %", ">= 0.0000001 %", ">= 0 %", ">= 100 %"),
    ]


# Age


@pytest.mark.parametrize(("most", "distance"), [(90, "met"), (89, "1 day too old"), (0, "90 days too old")])
def test_oldest_entry(most: int, distance: str) -> None:
    found = taken(max_age=most)
    assert (found.now, "met" if found.is_met else found.distance) == ("90 days", distance)


def test_age_of_a_part() -> None:
    found = taken(paths=("a.py",), max_age=0)
    assert (found.now, found.numbers["distance"], found.numbers["entries"]) == ("1 day", 1, 1)


def test_without_entries_nothing_is_old() -> None:
    found = taken(rules=("missing-base",), max_age=0)
    assert (found.is_met, found.now, found.numbers["days"]) == (True, "no entry", None)


def test_batch_of_tomorrow_by_another_clock_is_of_today() -> None:
    project = PROJECT._replace(today=datetime.date(2025, 11, 30))
    assert taken(project, max_age=0).now == "0 days"


def test_entries_of_unknown_age_do_not_pass() -> None:
    project = PROJECT._replace(entries=(*PROJECT.entries, entry("c.py")))
    found = taken(project, max_age=10_000)
    assert (found.is_met, found.now, found.distance) == (False, "not known", "not known")
    assert found.notes == ("1 of 3 entries have no batch that says since when",)


# Nothing passes in silence


@pytest.mark.parametrize("way", [{"max": 9}, {"min_clean": 0.0}, {"max_age": 9999}])
@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"paths": ("nowhere/",)}, "the project has no such files"),
        ({"paths": ("lib/",), "exclude": ("lib/",)}, "the project has no such files"),
        ({"rules": ("duplicate-class",)}, "`duplicate-class` is not switched on"),
        ({"rules": ("syntax-error", "SST3")}, "`SST3` is not switched on"),
        ({"rules": ("missing-base",), "paths": ("a.py",)}, "`missing-base` looks at none of these files"),
    ],
)
def test_condition_about_nothing_is_not_met(part: dict[str, Any], why: str, way: dict[str, Any]) -> None:
    found = measure(Condition(**part, **way), PROJECT)
    assert found.taken == Taken(False, "not known", "not known", {}, (why,))
    assert found.shown_by == "config show"


def test_rules_that_a_selector_means_and_that_do_not_run_are_told() -> None:
    rules = "class-contract, missing-super-call, noncanonical-base"
    told = f"of `SST2` these are not switched on: {rules}"
    assert taken(rules=("SST2",), paths=("lib/",), max=5).notes == (told,)


def test_every_measure_has_a_key_in_the_configuration() -> None:
    assert tuple(WAYS) == MEASURES


@pytest.mark.parametrize(
    ("condition", "title", "wanted", "shown_by"),
    [
        (Condition(max=3), "findings", "<= 3", "check"),
        (Condition(rules=("SST0", "missing-base"), max=0), "findings of SST0, missing-base", "<= 0", "check"),
        (Condition(rules=("SST0",), min_clean=50.0), "files clean of SST0", ">= 50 %", "check"),
        (Condition(max_age=1), "oldest entry", "<= 1 day", "baseline show"),
        (Condition(min_covered=99.5), "covered", ">= 99.5 %", ""),
        (Condition(max_failed=0), "tests failed", "<= 0", ""),
        (Condition(min_passed=95), "tests passed", ">= 95 %", ""),
        (Condition(min_collected=7), "tests collected", ">= 7", "collection"),
        (Condition(max_collection_errors=0), "collection errors", "<= 0", "collection"),
        (Condition(max_collection_regress=0), "collection regress", "<= 0", "collection"),
        (Condition(max_collection_slowdown=25), "collection slowdown", "<= 25 %", "collection"),
    ],
)
def test_words_for_a_condition(condition: Condition, title: str, wanted: str, shown_by: str) -> None:
    found = measure(condition, PROJECT)
    assert found == Measured(condition, title, wanted, found.taken, shown_by)


# From a run


def test_standing_of_a_run() -> None:
    config = Config(Path(), "ssot-lint.toml")
    coverage = Coverage(
        is_whole=True,
        rules=frozenset({"forbidden-import"}),
        parsed={"a.py", "ssot-lint.toml"},
        broken={"broken.py"},
        is_there=lambda _: True,
    )
    waived, carried = finding("a.py", state="waived"), finding("a.py", state="carried")
    outcome = Outcome(
        (Judged(waived), Judged(carried, entry("a.py", "old"))),
        (Left(entry("gone.py"), FIXED), Left(entry("kept.py"), EXCLUDED)),
        coverage,
    )
    by_comment = finding("broken.py")
    project = standing(config, outcome, [by_comment], PROJECT.batches, TODAY)
    assert project.files == ["a.py", "broken.py"], "the configuration is no file of the project"
    assert project.broken == ["broken.py"]
    assert project.findings == [carried]
    assert project.allowed == [by_comment, waived]
    assert project.entries == [entry("a.py", "old"), entry("kept.py")], "what is over is no debt"


# Configuration

GATE = """\
[[gate]]
name = "phase-1"
reason = "why"
conditions = [
  { rules = ["syntax-error"], paths = ["tests/critical/"], max = 0 },
  { min-clean = 50, exclude = ["old/"] },
  { rules = ["SST2"], max-age = 90 },
]
"""


def test_gates_are_read() -> None:
    config = parse(f'{GATE}[[gate]]\nname = "phase-2"\n[[gate.conditions]]\nmax = 3\n')
    first, second = config.gates
    assert (first.name, first.reason) == ("phase-1", "why")
    assert first.conditions == (
        Condition(rules=("syntax-error",), paths=("tests/critical/",), max=0),
        Condition(min_clean=50.0, exclude=("old/",)),
        Condition(rules=("SST2",), max_age=90),
    )
    assert second.conditions == (Condition(max=3),)
    assert config.origins["gates.1"] == "ssot-lint.toml:9"
    assert config.origins["gates.0.conditions"] == "ssot-lint.toml:4"


def test_gates_change_no_findings() -> None:
    rule = '[[forbidden-import]]\ntargets = ["os"]\n'
    assert parse(f"{rule}{GATE}").digest == parse(rule).digest


def wrong(condition: str) -> str:
    """A gate of which something in the one condition is wrong."""
    return f'[[gate]]\nname = "a"\nconditions = [\n  {{ {condition} }},\n]\n'


ONE_OF = (
    "expected one of `max`, `min-clean`, `max-age`, `min-covered`, `max-failed`, `min-passed`, `min-collected`, "
    "`max-collection-errors`, `max-collection-regress`, `max-collection-slowdown`, found"
)
MISTAKES = {
    "unknown key": (wrong("max = 0, path = []"), "4: gate.conditions[0].path: unknown key, did you mean `paths`?"),
    "unknown key of the gate": (f"{GATE}when = 1", "9: gate.when: unknown key; valid are `name`, `reason`, `conditions`"),
    "number": (wrong('max = "3"'), '4: gate.conditions[0].max: expected a whole number, found the string "3"'),
    "whole number": (wrong("max = 3.5"), "4: gate.conditions[0].max: expected a whole number, found the number 3.5"),
    "per cent": (wrong('min-clean = "50 %"'), '4: gate.conditions[0].min-clean: expected a number, found the string "50 %"'),
    "true": (wrong("max-age = true"), "4: gate.conditions[0].max-age: expected a whole number, found true"),
    "below 0": (wrong("max = -1"), "4: gate.conditions[0].max: expected a number from 0 up, found -1"),
    "above 100": (wrong("min-clean = 100.5"), "4: gate.conditions[0].min-clean: expected a number from 0 to 100, found 100.5"),
    "no measure": (wrong('rules = ["SST2"]'), f"4: gate.conditions[0]: {ONE_OF} none of them"),
    "more than all": (wrong("min-covered = 101"), "4: gate.conditions[0].min-covered: expected a number from 0 to 100, found 101.0"),
    "two measures": (wrong("max = 1, min-clean = 2"), f"4: gate.conditions[0].min-clean: {ONE_OF} `max` and `min-clean`"),
    "unknown rule": (
        wrong('rules = ["SST0", "mising-base"], max = 0'),
        '4: gate.conditions[0].rules[1]: expected the id, the code or the beginning of a code of a rule, found "mising-base", did you mean `missing-base`?',
    ),
    "no table": ('[[gate]]\nname = "a"\nconditions = [3]', "3: gate.conditions[0]: expected a table, found the number 3"),
    "no array": ('[[gate]]\nname = "a"\nconditions = 3', "3: gate.conditions: expected an array of tables, found the number 3"),
    "no conditions": ('[[gate]]\nname = "a"\nconditions = []', "3: gate.conditions: expected at least one condition, found none"),
    "conditions left out": ('[[gate]]\nname = "a"', "1: gate.conditions: expected at least one condition, found none"),
    "no name": ("[[gate]]\nconditions = [{ max = 0 }]", "1: gate: expected a value for `name`, found no such key"),
}  # fmt: skip
TOO_SUBTLE_FOR_THE_SCHEMA = {
    "rules beside coverage": (
        wrong('rules = ["SST2"], min-covered = 90'),
        "4: gate.conditions[0].rules: expected none beside `min-covered`, which is not about findings",
    ),
    "part of a record": (
        wrong('paths = ["tests/"], max-collection-regress = 0'),
        "4: gate.conditions[0].paths: expected none beside `max-collection-regress`, which is about the whole record",
    ),
    "not a number": (wrong("min-clean = nan"), "4: gate.conditions[0].min-clean: expected a number from 0 to 100, found nan"),
    "pattern": (
        wrong('max = 0, paths = ["../x"]'),
        "4: gate.conditions[0].paths[0]: the pattern `../x` never matches: write it from the project root, without `.` or `..`",
    ),
    "absolute path": (
        wrong('max = 0, exclude = ["C:\\\\x"]'),
        '4: gate.conditions[0].exclude[0]: expected a path from the root, found the absolute "C:\\\\x"',
    ),
    "same name": (f"{GATE}\n{GATE}", '11: gate.name: "phase-1" is a gate already, by the table at line 1'),
    "name that is an option": (
        '[[gate]]\nname = "--all"\nconditions = [{ max = 0 }]',
        '2: gate.name: expected a name of letters, digits, `-`, `_` and `.`, beginning with a letter or a digit, found "--all"',
    ),
    "blank name": (
        '[[gate]]\nname = " "\nconditions = [{ max = 0 }]',
        '2: gate.name: expected a name of letters, digits, `-`, `_` and `.`, beginning with a letter or a digit, found " "',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES | TOO_SUBTLE_FOR_THE_SCHEMA)
def test_mistakes_name_the_place(name: str) -> None:
    text, message = (MISTAKES | TOO_SUBTLE_FOR_THE_SCHEMA)[name]
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert str(caught.value) == f"ssot-lint.toml:{message}"


def test_all_mistakes_are_told_at_once() -> None:
    text = wrong('max = "x"').replace("},", "}, { min = 0, rules = 3 },")
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert [mistake.text.partition(":")[0] for mistake in caught.value.mistakes] == [
        *("gate.conditions[0].max", "gate.conditions[1].min", "gate.conditions[1].rules"),
    ]


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(schema.text()))


def test_schema_takes_what_is_right(validator: Any) -> None:
    assert validator.is_valid(TomlDocument(GATE).data)


@pytest.mark.parametrize("name", MISTAKES)
def test_schema_refuses_what_is_wrong(validator: Any, name: str) -> None:
    assert not validator.is_valid(TomlDocument(MISTAKES[name][0]).data)

"""Budgets: ceilings for numbers of findings, which may fall week by week."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from baseline_samples import finding

from ssot_lint.baseline.budgets import PATH, Budget, load, parsed, raised, standings
from ssot_lint.baseline.error import BaselineError
from ssot_lint.catalogue import OWN_RULES
from ssot_lint.finding import Finding

DAY = date(2026, 11, 20)
HAND_WRITTEN = """\
# What we can bear.
[[budget]]
rule = "missing-base"
paths = ["tests/"]
max = 500
target = 0
since = 2026-11-02
by = 2027-06-28
owner = "core"
reason = "all tests have one base by summer"
"""


def put(root: Path, text: str | bytes) -> None:
    (root / PATH).parent.mkdir(exist_ok=True)
    (root / PATH).write_bytes(text if isinstance(text, bytes) else text.encode())


def budget(most: int = 9, rule: str = "", *paths: str, slope: str = "") -> str:
    """A table; the slope is the target, the day since when and the day by when, with blanks between."""
    keys = [f"max = {most}"]
    keys += [f'rule = "{rule}"'] if rule else []
    keys += [f"paths = {list(paths)}"] if paths else []
    keys += [f"{key} = {word}" for key, word in zip(("target", "since", "by"), slope.split())]
    return "\n".join(["[[budget]]", *keys, ""])


def one(text: str) -> Budget:
    (found,) = parsed(text)
    return found


def test_a_budget_as_people_write_it(tmp_path: Path) -> None:
    put(tmp_path, HAND_WRITTEN)
    (found,) = load(tmp_path, OWN_RULES.selectors)
    assert found == Budget(
        rule="missing-base",
        paths=("tests/",),
        max=500,
        target=0,
        since=date(2026, 11, 2),
        by=date(2027, 6, 28),
        owner="core",
        reason="all tests have one base by summer",
        line=2,
    )
    assert found.place == ".ssot-lint/budgets.toml:2"


def test_all_but_the_number_may_be_left_out(tmp_path: Path) -> None:
    assert load(tmp_path, OWN_RULES.selectors) == ()
    put(tmp_path, "[[budget]]\nmax = 0\n")
    assert load(tmp_path, OWN_RULES.selectors) == (Budget(max=0, line=1),)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (HAND_WRITTEN.replace("target", "tarjet"), 6, "budget.tarjet: unknown key, did you mean `target`?"),
        (HAND_WRITTEN.replace("owner", "subject"), 9, "budget.subject: unknown key; valid are `rule`, `paths`"),
        (HAND_WRITTEN.replace("[[budget]]", "[[budgets]]"), 2, "budgets: unknown key, did you mean `budget`?"),
        (HAND_WRITTEN.replace("max", "# max"), 2, "budget: expected a value for `max`, found no such key"),
        (HAND_WRITTEN.replace("500", '"500"'), 5, "budget.max: expected a whole number, found the string \"500\""),
        (HAND_WRITTEN.replace("500", "500.0"), 5, "budget.max: expected a whole number, found the number 500.0"),
        (HAND_WRITTEN.replace("500", "true"), 5, "budget.max: expected a whole number, found true"),
        (HAND_WRITTEN.replace("500", "-1"), 5, "budget.max: expected a whole number from 0 up, found the number -1"),
        (HAND_WRITTEN.replace("target = 0", "target = -1"), 6, "budget.target: expected a whole number from 0 up"),
        (HAND_WRITTEN.replace("target = 0", "target = 501"), 6, "budget.target: expected no more than `max`, 500, found 501"),
        (HAND_WRITTEN.replace("2027-06-28", "2026-11-02"), 8, "budget.by: expected a day after `since`, 2026-11-02, found 2026-11-02"),
        (HAND_WRITTEN.replace("2027-06-28", "2025-06-28"), 8, "budget.by: expected a day after `since`"),
        (HAND_WRITTEN.replace("2027-06-28", '"2027-06-31"'), 8, "budget.by: expected a day such as 2026-12-31"),
        (HAND_WRITTEN.replace("2027-06-28", "2027-06-31"), 8, "this is not TOML"),
        (HAND_WRITTEN.replace("2027-06-28", "7"), 8, "budget.by: expected a day such as 2026-12-31, found the number 7"),
        (HAND_WRITTEN.replace("since", "# since"), 6, "budget.target: goes with `since`, which is not there"),
        (HAND_WRITTEN.replace("by", "# by", 1).replace("by =", "# by ="), 6, "budget.target: goes with `by`, which is not there"),
        (HAND_WRITTEN.replace("target", "# target"), 7, "budget.since: goes with `target`, which is not there"),
        (HAND_WRITTEN.replace("missing-base", "missing-bass"), 3, "did you mean `missing-base`?"),
        (HAND_WRITTEN.replace("tests/", "../tests/"), 4, "budget.paths[0]: the pattern `../tests/` never matches"),
        (HAND_WRITTEN.replace('["tests/"]', '"tests/"'), 4, "budget.paths: expected an array of strings"),
        (HAND_WRITTEN + HAND_WRITTEN.replace("500", "7"), 12, "budget: the one at line 2 has the same rule and paths"),
        (budget(1, "", "a/", "b/") + budget(2, "", "b/", "a/"), 4, "budget: the one at line 1 has the same rule and paths"),
        (budget(1) + budget(2), 3, "budget: the one at line 1 has the same rule and paths"),
        (f"<<<<<<< HEAD\n{HAND_WRITTEN}=======\n>>>>>>> b\n", 1, "a merge has left this conflict marker; resolve the conflict by hand"),
        (b"\xff", 1, "expected text in UTF-8, found other bytes"),
        ("[budget]\nmax = 1\n[[budget]]\nmax = 1\n", 3, "this is not TOML"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_line(text: str | bytes, line: int, expected: str, tmp_path: Path) -> None:
    put(tmp_path, text)
    with pytest.raises(BaselineError) as caught:
        load(tmp_path, OWN_RULES.selectors)
    assert str(caught.value).startswith(f"{PATH}:{line}: ")
    assert expected in str(caught.value)


def test_earlier_version_may_name_rules_that_are_gone() -> None:
    assert one(budget(1, "no-such-rule")).rule == "no-such-rule"


# ceilings


@pytest.mark.parametrize(
    ("day", "ceiling"),
    [
        ("2026-01-01", 10),
        ("2026-11-02", 10),
        ("2026-11-08", 10),
        ("2026-11-09", 8),
        ("2026-11-15", 8),
        ("2026-11-16", 5),
        ("2026-11-23", 3),
        ("2026-11-29", 3),
        ("2026-11-30", 0),
        ("2030-01-01", 0),
    ],
)
def test_ceiling_falls_week_by_week(day: str, ceiling: int) -> None:
    assert one(budget(10, slope="0 2026-11-02 2026-11-30")).ceiling(date.fromisoformat(day)) == ceiling


def test_ceiling_without_a_target_stays() -> None:
    assert {one(budget(10)).ceiling(day) for day in (date.min, DAY, date.max)} == {10}


@pytest.mark.parametrize(
    ("most", "target", "days"),
    [(500, 0, 238), (500, 7, 239), (3, 1, 500), (9, 0, 3), (10**9, 1, 7), (4, 4, 90)],
)
def test_no_step_is_early_and_the_target_is_reached_on_its_day(most: int, target: int, days: int) -> None:
    by = DAY + timedelta(days)
    slope = one(budget(most, slope=f"{target} {DAY} {by}"))
    ceilings = [slope.ceiling(DAY + timedelta(passed)) for passed in range(days + 1)]
    assert (ceilings[0], ceilings[-1]) == (most, target)
    assert ceilings == sorted(ceilings, reverse=True)
    for passed, ceiling in enumerate(ceilings):
        assert ceiling * days >= most * days - (most - target) * passed, "above the line"
    falls = {DAY + timedelta(day) for day in range(1, days + 1) if ceilings[day] < ceilings[day - 1]}
    assert falls <= set(slope.steps())
    assert all((day - DAY).days % 7 == 0 or day == by for day in slope.steps())


# which findings count


def found(path: str, rule: str = "missing-base", number: int = 1, state: str = "new") -> list[Finding]:
    return [finding(f"{path} f X {rule}", line, state) for line in range(number)]


def counts(text: str, *findings: list[Finding]) -> list[int]:
    standing = standings(parsed(text), [each for some in findings for each in some], DAY, OWN_RULES)
    return [each.found for each in standing]


def test_everything_counts_whatever_its_state() -> None:
    known = ("new", "carried", "moved", "waived", "worse", "inherited")
    assert counts(budget(), *(found("a.py", state=state) for state in known)) == [len(known)]


@pytest.mark.parametrize(
    ("budgets", "expected"),
    [
        ([budget(1), budget(1, "SST2"), budget(1, "missing-base")], [0, 0, 1]),
        ([budget(1, "SST202"), budget(1, "SST20"), budget(1, "SST2")], [1, 0, 0]),
        ([budget(1, "SST2"), budget(1, "SST20"), budget(1, "SST202")], [0, 0, 1]),
        ([budget(1), budget(1, "SST1")], [1, 0]),
        ([budget(1, "", "tests/unit/deep/"), budget(1, "missing-base")], [0, 1]),
        ([budget(1, "", "tests/unit/"), budget(1, "", "tests/")], [1, 0]),
        ([budget(1, "", "tests/", "integration_tests/"), budget(1, "", "tests/unit/")], [0, 1]),
        ([budget(1, "", "/tests/"), budget(1, "", "tests")], [0, 1]),
        ([budget(1, "missing-base"), budget(1, "SST202", "tests/")], [0, 1]),
        ([budget(1, "", "tests/*/a.py"), budget(1, "", "tests/unit")], [0, 1]),
        ([budget(1, "", "tests/", "!tests/unit/"), budget(1)], [0, 1]),
        ([budget(1, "", "src/"), budget(1, "", "docs/")], [0, 0]),
    ],
)
def test_each_finding_counts_for_the_most_specific_budget(budgets: list[str], expected: list[int]) -> None:
    assert counts("".join(budgets), found("tests/unit/a.py")) == expected


def test_no_finding_counts_twice() -> None:
    text = (
        budget() + budget(9, "missing-base") + budget(9, "", "tests/") + budget(9, "missing-base", "tests/")
    )
    assert counts(
        text, found("tests/a.py", number=3), found("b.py", number=2), found("c.py", "env-access")
    ) == [1, 2, 0, 3]


def test_standing_says_what_is_over() -> None:
    text = budget(2, slope=f"0 {DAY - timedelta(7)} {DAY + timedelta(7)}")
    for number, is_over in ((0, False), (1, False), (2, True)):
        (standing,) = standings(parsed(text), found("a.py", number=number), DAY, OWN_RULES)
        assert (standing.ceiling, standing.found, standing.is_over) == (1, number, is_over)


# changes


@pytest.mark.parametrize(
    ("before", "after", "is_raised"),
    [
        (budget(5), budget(5), False),
        (budget(5), budget(4), False),
        (budget(5), budget(6), True),
        (budget(5), "", True),
        (budget(5, "SST2"), budget(5, "SST205"), True),
        ("", budget(5), False),
        (budget(5, "", "a/", "b/"), budget(5, "", "b/", "a/"), False),
        (budget(5), budget(5, slope="0 2026-11-02 2027-11-02"), False),
        (budget(5, slope="0 2026-11-02 2027-11-02"), budget(5), True),
        (budget(5, slope="0 2026-11-02 2027-11-02"), budget(5, slope="0 2026-11-02 2027-11-09"), True),
        (budget(5, slope="0 2026-11-02 2027-11-02"), budget(5, slope="0 2026-11-02 2027-10-26"), False),
        (budget(5, slope="0 2026-11-02 2027-11-02"), budget(5, slope="1 2026-11-02 2027-11-02"), True),
        (budget(500, slope="0 2026-11-02 2027-11-02"), budget(500, slope="0 2026-11-09 2027-11-02"), True),
        (budget(500, slope="0 2026-11-02 2027-11-02"), budget(0), False),
        (budget(9, slope="0 2025-11-02 2026-11-02"), budget(0), False),
        (budget(9, slope="5 2025-11-02 2026-11-02"), budget(9, slope="4 2026-11-01 2026-11-02"), False),
        (budget(9, slope="5 2025-11-02 2026-11-02"), budget(9, slope="4 2026-11-01 2026-12-02"), True),
    ],
)
def test_budgets_that_are_raised(before: str, after: str, is_raised: bool) -> None:
    risen = raised(parsed(before), parsed(after), DAY)
    assert bool(risen) is is_raised
    for each in risen:
        assert each.before in parsed(before)
        assert (each.after is None) is (after == "" or "SST205" in after)


@pytest.mark.parametrize("seed", range(20))
def test_raised_is_what_comparing_every_day_says(seed: int) -> None:
    from random import Random

    random = Random(seed)

    def some() -> Budget:
        most, since = random.randint(0, 30), DAY + timedelta(random.randint(-40, 40))
        by = since + timedelta(random.randint(1, 90))
        return one(budget(most, slope=random.choice(["", f"{random.randint(0, most)} {since} {by}"])))

    for _ in range(50):
        before, after = some(), some()
        days = [DAY + timedelta(day) for day in range(200)]
        expected = any(after.ceiling(day) > before.ceiling(day) for day in days)
        assert bool(raised([before], [after], DAY)) is expected

"""When debt will be gone: never from too little, never where it does not fall."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from ssot_lint.files import Commit
from ssot_lint.insight.figures import Moment, Sample, Trend
from ssot_lint.insight.report.projection import of_trend, projection
from ssot_lint.insight.report.sections import projected

START = datetime.date(2026, 1, 1)
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
COMMIT = Commit("a" * 40, "aaaaaaa", "2026-01-01", "a commit")


def moments(*counts: int, every: int = 7) -> list[Moment]:
    """Counts on days with so many days between."""
    return [
        Moment(START + datetime.timedelta(days=every * index), count) for index, count in enumerate(counts)
    ]


def test_straight_way_down() -> None:
    found = projection("findings", moments(30, 20, 10))
    assert found is not None
    assert found.per_week == pytest.approx(-10)
    assert found.date == datetime.date(2026, 1, 22)
    assert projected(found) == (
        "all is done about 2026-01-22 if it goes on like this: -10.0 findings a week, "
        "as 3 days from 2026-01-01 to 2026-01-15 show"
    )


def test_one_leap_does_not_bend_it() -> None:
    steady = projection("findings", moments(100, 98, 96, 94, 92, 90))
    leap = projection("findings", moments(400, 98, 96, 94, 92, 90))
    assert steady is not None and leap is not None
    assert steady.date is not None and leap.date is not None
    assert abs((steady.date - leap.date).days) < 60, "a line of least squares would come down in March"


@pytest.mark.parametrize(
    ("counts", "note"),
    [
        ([5], "3 days with a count are needed to see where it goes, so far it has 1"),
        ([5, 3], "3 days with a count are needed to see where it goes, so far it has 2"),
        ([5, 5, 5], "the count does not fall"),
        ([5, 6, 7], "the count does not fall"),
        ([9, 1, 9], "the count does not fall"),
        ([5, 3, 0], "nothing is left"),
        ([100_000, 99_999, 99_998], "that is more than 10 years away"),
    ],
)
def test_no_date(counts: Sequence[int], note: str) -> None:
    found = projection("findings", moments(*counts))
    assert found is not None
    assert (found.date, found.note) == (None, note)
    assert projected(found).startswith(f"no date when all is done: {note}")


def test_nothing_was_counted() -> None:
    assert projection("findings", []) is None


def test_of_several_on_one_day_the_last_counts() -> None:
    twice = [Moment(START, 999), *moments(30, 20, 10), Moment(datetime.date(2026, 1, 15), 5)]
    found = projection("findings", twice)
    assert found is not None
    assert [moment.number for moment in found.moments] == [30, 20, 5]


def test_only_the_last_90_days_count() -> None:
    found = projection("findings", moments(10, 20, 30, 40, 30, 20, 10, every=30))
    assert found is not None
    assert [moment.number for moment in found.moments] == [40, 30, 20, 10]
    assert found.date is not None


def test_seldom_moments_reach_further_back() -> None:
    found = projection("findings", moments(99, 30, 20, 10, every=100))
    assert found is not None
    assert [moment.number for moment in found.moments] == [30, 20, 10]


def test_trend_counts_all_findings() -> None:
    samples = [
        Sample(COMMIT, moment.date, NOW, 0, 1, 0, 0, {"syntax-error": moment.number, "forbidden-use": 1})
        for moment in moments(5, 4, 3)
    ]
    found = of_trend(Trend(tuple(samples), ()))
    assert found is not None
    assert [moment.number for moment in found.moments] == [6, 5, 4]
    assert of_trend(Trend((), ())) is None

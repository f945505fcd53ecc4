"""When debt will be gone if it goes on as it did of late."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import ceil
from statistics import median

from ssot_lint.insight.figures import Moment, Projection, Trend

FEWEST = 3  # moments: two show no trend
STRETCH = datetime.timedelta(days=90)
FARTHEST = datetime.timedelta(days=3650)


def of_trend(trend: Trend) -> Projection | None:
    """The projection of the findings in the samples of a trend, None where there are none."""
    moments = [Moment(sample.date, sum(sample.by_rule.values())) for sample in trend.samples]
    return projection("findings", moments)


def projection(of: str, moments: Iterable[Moment]) -> Projection | None:
    """The projection of what `of` names, None without a moment; of several on one day the last counts.

    It looks at the last 90 days, further back where they have fewer than three moments. The trend is the
    median of the slopes between every two moments (Theil and Sen), which a single leap does not bend.
    """
    by_day = {moment.date: moment for moment in moments}
    days = [by_day[date] for date in sorted(by_day)]
    if not days:
        return None
    recent = [moment for moment in days if moment.date >= days[-1].date - STRETCH]
    looked_at = tuple(recent if len(recent) >= FEWEST else days[-FEWEST:])
    if len(looked_at) < FEWEST:
        note = f"{FEWEST} days with a count are needed to see where it goes, so far it has {len(looked_at)}"
        return Projection(of, looked_at, None, None, note)
    slope = _slope(looked_at)
    date, note = _end(looked_at[-1], slope)
    return Projection(of, looked_at, slope * 7, date, note)


def _end(last: Moment, slope: float) -> tuple[datetime.date | None, str]:
    """The day on which nothing is left at this change in a day, None with a note that says why."""
    if not last.number:
        return None, "nothing is left"
    if slope >= 0:
        return None, "the count does not fall"
    days = last.number / -slope
    if days > FARTHEST.days:
        return None, f"that is more than {FARTHEST.days // 365} years away"
    return last.date + datetime.timedelta(days=ceil(days)), ""


def _slope(moments: Sequence[Moment]) -> float:
    """By how much the count changes in a day."""
    return median((b.number - a.number) / (b.date - a.date).days for a, b in combinations(moments, 2))

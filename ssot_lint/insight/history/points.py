"""The points that the line of a rule goes through: its samples, and in between what is known of its jumps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ssot_lint.insight.figures import Jump, Trend


class Point(NamedTuple):
    """How much a rule found in a commit: of a sample, of a jump, or the first parent of a jump."""

    findings: int
    sample: int  # the number of the sample that it is, or that comes next
    kind: str  # "sample", "before" or "jump", which may be a sample too
    jump: Jump | None = None  # that it belongs to
    is_merged: bool = False  # it did not hold for the project: a merge brought it in later, with other things


def points_of(trend: Trend, rule: str) -> list[Point]:
    """Return the points of a rule, the oldest first; what a merge brought in comes just before the merge.

    The point before a jump is left out where nothing changed since the one before that. The last point with
    the number of a sample is of its commit.
    """
    jumps = sorted((jump for jump in trend.jumps if jump.rule == rule), key=lambda jump: jump.place)
    points: list[Point] = []
    last = -1  # the place of the sample before
    for number, sample in enumerate(trend.samples):
        new = [jump for jump in jumps if last < jump.place <= sample.place]
        for point in (point for jump in new for point in _around(jump, number)):
            if point.kind != "before" or not points or point.findings != points[-1].findings:
                points.append(point)
        if not new or new[-1].place != sample.place:
            points.append(Point(sample.by_rule[rule], number, "sample"))
        last = sample.place
    return points


def _around(jump: Jump, number: int, is_merged: bool = False) -> Iterator[Point]:
    yield Point(jump.before, number, "before", jump, is_merged)
    if jump.within is not None:
        yield from _around(jump.within, number, is_merged=True)
    yield Point(jump.after, number, "jump", jump, is_merged)

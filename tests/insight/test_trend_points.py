"""The points that the line of a rule goes through."""

from __future__ import annotations

import page_samples as samples

from ssot_lint.files import Commit
from ssot_lint.insight.figures import Jump, Trend
from ssot_lint.insight.history.points import points_of

RULE = "syntax-error"


def jump(place: int, before: int, after: int, within: Jump | None = None, rule: str = RULE) -> Jump:
    commit = Commit(f"{place:040}", f"{place:07}", "2025-09-01", "A jump")
    return Jump(rule, commit, samples.noon(1), place, before, after, within is not None, within)


def past(counts: dict[int, int], *jumps: Jump) -> Trend:
    """A past with samples at places, each with its count."""
    (sample, *_) = samples.trend().samples
    return Trend(
        tuple(sample._replace(place=place, by_rule={RULE: count}) for place, count in counts.items()), jumps
    )


def drawn(trend: Trend) -> list[str]:
    """The points in short, with those that were merged in brackets."""
    told = (f"{each.findings} {each.kind}" for each in points_of(trend, RULE))
    return [f"({text})" if each.is_merged else text for text, each in zip(told, points_of(trend, RULE))]


def test_line_without_jumps_goes_through_samples() -> None:
    assert drawn(past({0: 3, 4: 2, 5: 2})) == ["3 sample", "2 sample", "2 sample"]
    assert points_of(Trend((), ()), RULE) == []


def test_jumps_stand_in_the_order_of_the_chain_with_what_was_merged_before() -> None:
    second = jump(80, 333, 574, jump(80, 333, 809))
    first = jump(30, 12, 341, jump(30, 12, 341))
    found = past({0: 17, 20: 12, 90: 565}, second, first)
    assert drawn(found) == [
        "17 sample",
        "12 sample",
        "(341 jump)",
        "341 jump",
        "333 before",
        "(809 jump)",
        "574 jump",
        "565 sample",
    ]
    assert [point.sample for point in points_of(found, RULE)] == [0, 1, 2, 2, 2, 2, 2, 2]


def test_other_side_may_start_elsewhere_and_be_a_merge_too() -> None:
    deep = jump(7, 20, 90, jump(7, 21, 95, jump(7, 30, 99)))
    assert drawn(past({0: 4, 9: 90}, deep)) == [
        "4 sample",
        "20 before",
        "(21 before)",
        "(30 before)",
        "(99 jump)",
        "(95 jump)",
        "90 jump",
        "90 sample",
    ]


def test_jump_of_a_sample_is_one_point() -> None:
    assert drawn(past({0: 4, 1: 9, 2: 0}, jump(2, 9, 0), jump(1, 4, 9))) == ["4 sample", "9 jump", "0 jump"]


def test_jumps_of_other_rules_are_left_out() -> None:
    assert drawn(past({0: 4, 9: 4}, jump(5, 1, 99, rule="missing-base"))) == ["4 sample", "4 sample"]

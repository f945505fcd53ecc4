"""The past as text: what fits in a line, and what does not."""

from __future__ import annotations

import datetime

from ssot_lint.files import Commit
from ssot_lint.insight.figures import Jump, Sample, Trend
from ssot_lint.insight.history.formats import render
from ssot_lint.insight.history.formats.text import laid_out

DAY = datetime.date(2025, 9, 1)
NOON = datetime.datetime(2025, 9, 1, 12, tzinfo=datetime.timezone.utc)


def commit(number: int, subject: str = "a commit") -> Commit:
    return Commit(f"{number:040}", f"{number:07}", str(DAY), subject)


def past(*counts: int, rules: tuple[str, ...] = ("syntax-error",), absent: int = 0) -> Trend:
    """A past in which every rule has the same counts."""
    days = (DAY + datetime.timedelta(days=number) for number in range(len(counts)))
    samples = (
        Sample(commit(number), day, NOON, 10 * number, 9, 4, count, dict.fromkeys(rules, count), absent)
        for number, (day, count) in enumerate(zip(days, counts))
    )
    return Trend(tuple(samples), ())


def lines(trend: Trend, width: int = 100) -> list[str]:
    return laid_out("shop", trend, width, lambda text, _: text).splitlines()


def drawn(*counts: int, width: int = 100) -> str:
    """What is drawn between the first and the last count."""
    (line,) = (line for line in lines(past(*counts), width) if line.startswith("syntax-error"))
    return line.split()[2]


def test_only_nothing_is_drawn_as_nothing() -> None:
    assert drawn(0, 1, 500, 999, 1000) == "▁▂▅██"
    assert drawn(3, 3) == "██"


def test_peak_is_drawn_where_many_samples_share_a_place() -> None:
    assert drawn(*[1] * 60, 9, *[1] * 59) == "▂" * 30 + "█" + "▂" * 29
    assert len(drawn(*range(1, 41), width=40)) == 40 - len("syntax-error") - len("1") - len("40") - 14


def test_line_goes_through_jumps_and_samples_stay_below_each_other() -> None:
    plain = past(0, 5, 20, rules=("still", "jumps"))
    samples = [
        each._replace(by_rule={**each.by_rule, "still": count})
        for each, count in zip(plain.samples, (3, 3, 9))
    ]
    within = Jump("jumps", commit(6), NOON, 15, 5, 80)
    jump = Jump("jumps", commit(7), NOON, 15, 5, 40, is_merge=True, within=within)
    found = lines(plain._replace(samples=tuple(samples), jumps=(jump,)))
    assert [line for line in found if line.startswith(("jumps ", "still "))] == [
        "jumps  0 ▁▂█▅▃ 20  +20",
        "still  3 ▄▄▄▄█  9  +6",
    ]


def test_table_has_the_last_samples_and_says_how_many_more_there_are() -> None:
    found = lines(past(*range(100)))
    assert "and 40 samples before, which the other formats have" in found
    assert sum(line.startswith("2025-") for line in found) == 60
    assert max(map(len, found)) <= 100


def test_columns_end_where_the_line_does() -> None:
    rules = tuple(f"rule-{letter * 10}" for letter in "abcdefgh")
    assert [len(lines(past(0, 1, rules=rules), width)[2].split()) for width in (60, 100, 200)] == [5, 8, 13]


def test_lacking_texts_have_a_column() -> None:
    assert lines(past(1, absent=3))[2:4] == [
        "date        commit   files    clean  broken  absent  syntax-error",
        "2025-09-01  0000000      9  44.44 %       1       3             1",
    ]
    assert "absent" not in "".join(lines(past(1)))


def test_jumps_name_what_was_merged_if_one_commit_did_it() -> None:
    inner = Jump("syntax-error", commit(3, "x" * 200), NOON, 10, 1, 9, is_merge=True)
    outer = Jump("syntax-error", commit(4, "Merge"), NOON, 10, 0, 7, is_merge=True, within=inner)
    found = lines(past(0, 7)._replace(jumps=(outer,)))
    assert found[-2] == "  syntax-error  0 -> 7  0000004  2025-09-01  Merge"
    assert found[-1].startswith("    merged      1 -> 9  0000003  2025-09-01  (by no single commit) xxx")
    assert found[-1].endswith("…")
    assert len(found[-1]) == 100


def test_what_could_steer_a_terminal_is_spelled_out() -> None:
    jump = Jump("syntax-error", commit(4, "\x1b[2J\u202e\n<b>"), NOON, 10, 0, 7)
    for name in ("text", "csv", "json"):
        told = render(name, "shop\x1b", past(0, 7)._replace(jumps=(jump,)))
        assert told.replace("\n", "").isprintable()


def test_nothing_at_all() -> None:
    assert render("text", "shop", Trend((), ())) == "no commit was looked at\n"
    assert render("csv", "shop", Trend((), ())).count("\n") == 1
    assert "no jumps: between two samples no commit changed a count by much" in lines(past(0))

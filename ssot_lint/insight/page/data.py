"""What the scripts of a page read: columns of numbers, and each text once, so that much fits in little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from ssot_lint.finding import Finding
from ssot_lint.insight.figures import Figures, Jump, Sample, Trend
from ssot_lint.insight.history.points import Point, points_of
from ssot_lint.insight.report.formats import Link
from ssot_lint.reports import neutral
from ssot_lint.reports.pages import page_of


class _Named(NamedTuple):
    """A jump as a chart names it."""

    number: int  # in the table of jumps, 0 for what was merged
    commit: str
    change: str


class _Drawn(NamedTuple):
    """A point of a line."""

    value: float | None  # None is not known
    sample: int  # the number of the sample that it is, or that comes next
    is_merged: bool  # a merge brought it in later
    when: str  # "" for that of the sample
    jump: _Named | None


class _Numbers(dict[Any, int]):
    """Gives each thing the number at which it comes first."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


def report_data(figures: Figures, link: Link) -> dict[str, Any]:
    """Return the findings, folders and trend of a report, as plain data that JSON can hold."""
    return {
        "findings": _findings(figures.findings, figures.owned, link),
        "folders": [[neutral(each.path), *each[1:]] for each in figures.folders],
        "trend": trend_data(figures.trend) if figures.trend is not None else None,
    }


def trend_data(trend: Trend) -> dict[str, Any]:
    """Return when the samples are, and the lines to draw, each with what it counts and the jumps to name."""
    samples = trend.samples
    rules = _by_change(samples)
    totals = {
        "files that do not compile": [each.broken for each in samples],
        "findings": [sum(each.by_rule.values()) for each in samples],
    }
    lines = [[each.by_rule[rule] for each in samples] for rule in rules]
    series = [
        _series("clean files, per cent", _plain([_share(each) for each in samples]), most=100),
        # What is all of one rule need not be drawn twice, and of the rule more is known.
        *(_series(title, _plain(counts)) for title, counts in totals.items() if counts not in lines),
        *(_series(rule, _points(trend, rule)) for rule in rules),
    ]
    names = [neutral(each.commit.short) for each in samples]
    dates = [each.date.isoformat() for each in samples]
    return {"times": _times(samples), "dates": dates, "names": names, "series": series}


def silent_rules(trend: Trend) -> list[str]:
    """Return the rules that ran and never found anything, so that no line is drawn for them."""
    ran = {rule for sample in trend.samples for rule in sample.by_rule}
    return sorted(ran.difference(_by_change(trend.samples)))


def _by_change(samples: tuple[Sample, ...]) -> list[str]:
    """Return the rules that found anything, those first whose counts lie the furthest apart."""
    counts: dict[str, list[int]] = {}
    for sample in samples:
        for rule, count in sample.by_rule.items():
            counts.setdefault(rule, []).append(count)
    found = [rule for rule, each in counts.items() if any(each)]
    return sorted(found, key=lambda rule: (min(counts[rule]) - max(counts[rule]), rule))


def _findings(
    findings: Iterable[Finding], owned: Mapping[str, tuple[str, ...]], link: Link
) -> dict[str, Any]:
    """Return one column for each thing that is known of findings; texts are numbers in lists of texts."""
    paths, rules, states, messages, owners = _Numbers(), _Numbers(), _Numbers(), _Numbers(), _Numbers()
    rows = []
    addresses: dict[int, str] = {}  # by rows, of those that do not end in the line
    stems: dict[int, str] = {}  # by paths: the address without the line
    for row, each in enumerate(findings):
        line = each.span.line
        path = paths[each.path]
        address = link(each.path, line)
        if address is not None:
            stem = address.removesuffix(str(line))
            if stem == address or stems.setdefault(path, stem) != stem:
                addresses[row] = address
        message = each.message + (f" (waived: {each.justification})" if each.justification else "")
        rows.append((path, line, rules[each.rule, each.code], states[each.state], messages[message]))
    owned_by = [[owners[owner] for owner in owned.get(path, ())] for path in paths]
    columns = zip(*rows) if rows else ((),) * 5
    return {
        **dict(zip(("path", "line", "rule", "state", "message"), map(list, columns))),
        "paths": [*map(neutral, paths)],
        "stems": [stems.get(number) for number in range(len(paths))],
        "addresses": addresses,
        "rules": [[neutral(rule), neutral(code), page_of(code)] for rule, code in rules],
        "states": [*map(neutral, states)],
        "messages": [*map(neutral, messages)],
        "owners": [*map(neutral, owners)],
        "owned": owned_by if owners else [],
    }


def _series(title: str, points: list[_Drawn], most: int | None = None) -> dict[str, Any]:
    return {"title": neutral(title), "points": points, "most": most}


def _plain(values: Iterable[float | None]) -> list[_Drawn]:
    """Return a point for the value of each sample."""
    return [_Drawn(value, number, False, "", None) for number, value in enumerate(values)]


def _points(trend: Trend, rule: str) -> list[_Drawn]:
    """Return the points of a rule, with the numbers of its jumps in the table of all."""
    numbers = {jump: number for number, jump in enumerate(trend.jumps, 1)}
    return [
        _Drawn(each.findings, each.sample, each.is_merged, _when(each), _named(each, numbers))
        for each in points_of(trend, rule)
    ]


def _named(point: Point, numbers: Mapping[Jump, int]) -> _Named | None:
    """Return what names a point, None where it is no jump; what is within a merge has no number."""
    jump = point.jump
    if jump is None or point.kind != "jump":
        return None
    number = 0 if point.is_merged else numbers[jump]
    return _Named(number, neutral(jump.commit.short), f"{jump.after - jump.before:+,}")


def _when(point: Point) -> str:
    """Return when a point of a jump was, "" for any other."""
    if point.jump is None:
        return ""
    commit = neutral(point.jump.commit.short)
    merged = ", merged later" if point.is_merged else ""
    if point.kind == "before":
        return f"just before {commit}{merged}"
    return f"on {point.jump.commit.date} ({commit}{merged})"


def _share(sample: Sample) -> float | None:
    """How many per cent of the files are clean, rounded down."""
    return sample.clean * 1000 // sample.files / 10 if sample.files else None


def _times(samples: tuple[Sample, ...]) -> list[int]:
    """Return when each sample is, in ms since 1970, never earlier than the one before: clocks differ."""
    return list(accumulate((int(each.time.timestamp() * 1000) for each in samples), max))

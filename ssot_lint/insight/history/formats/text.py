"""The past for people: a table of samples, a line in characters for each rule, and the largest jumps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import groupby, pairwise
from operator import or_
from textwrap import wrap

from ssot_lint.insight.figures import Jump, Sample, Trend
from ssot_lint.insight.history.points import Point, points_of
from ssot_lint.insight.lines import WIDTH, aligned, ended
from ssot_lint.insight.report.sections import share
from ssot_lint.reports import counted, neutral

_LEVELS = "▁▂▃▄▅▆▇█"  # the lowest is for nothing alone
_MOST_ROWS = 60
_WIDEST_LINE = 60

Paint = Callable[[str, int], str]
"""Colours a text about a change: more is bad, less is good."""


def render(project: str, trend: Trend) -> str:
    """Return the past without colours."""
    return laid_out(project, trend, WIDTH, lambda text, change: text)


def laid_out(project: str, trend: Trend, width: int, paint: Paint) -> str:
    """Return the past in lines of at most `width` characters, where the names in it leave room for that."""
    if not trend.samples:
        return "no commit was looked at\n"
    parts = (_head(project, trend), _table(trend.samples, width), _lines(trend, width, paint))
    lines = [line for part in (*parts, _jumps(trend.jumps, width, paint)) for line in (*part, "")]
    return "".join(f"{line}\n" for line in lines[:-1])


def _head(project: str, trend: Trend) -> Iterator[str]:
    first, last = trend.samples[0], trend.samples[-1]
    yield neutral(f"{project}: {counted(len(trend.samples), 'sample')}, {first.date} to {last.date}")


def _table(samples: Sequence[Sample], width: int) -> Iterator[str]:
    """The figures of each sample, with columns for as many rules as there is room for."""
    shown = samples[-_MOST_ROWS:]
    header = ["date", "commit", "files", "clean", "broken"]
    rows = [
        [str(s.date), s.commit.short, str(s.files), share(s.clean, s.files), str(s.broken)] for s in shown
    ]
    if any(sample.absent for sample in shown):
        header.append("absent")
        for row, sample in zip(rows, shown):
            row.append(str(sample.absent))
    room = width - sum(max(map(len, column)) + 2 for column in zip(header, *rows))
    for rule in _by_change(samples):
        room -= max(len(rule), *(len(str(sample.by_rule[rule])) for sample in shown)) + 2
        if room < 0:
            break
        header.append(rule)
        for row, sample in zip(rows, shown):
            row.append(str(sample.by_rule[rule]))
    yield from aligned([header, *rows], left=2)
    if len(samples) > len(shown):
        yield f"and {counted(len(samples) - len(shown), 'sample')} before, which the other formats have"


def _lines(trend: Trend, width: int, paint: Paint) -> Iterator[str]:
    """How each rule went: a line in characters, from none to the most that there ever was."""
    rules = _by_change(trend.samples)
    counts = dict(zip(rules, _in_columns([points_of(trend, rule) for rule in rules])))
    counts = {rule: each for rule, each in counts.items() if any(each)}
    title = max(map(len, counts), default=0)
    first, last = (max((len(str(each[place])) for each in counts.values()), default=0) for place in (0, -1))
    room = max(min(width - title - first - last - 14, _WIDEST_LINE), 1)
    for rule, each in counts.items():
        change = each[-1] - each[0]
        line = "".join(map(_level(max(each)), _fitted(each, room)))
        told = paint(f"{change:+d}", change) if change else "as before"
        yield f"{rule.ljust(title)}  {each[0]:>{first}} {line} {each[-1]:>{last}}  {told}"
    never = [rule for rule in rules if rule not in counts]
    if never:
        yield from wrap(
            f"nothing in any sample: {', '.join(sorted(never))}",
            width,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _in_columns(lines: Sequence[Sequence[Point]]) -> Iterator[list[int]]:
    """The counts of lines, with those of one sample below each other.

    Where a line has fewer points than another on the way to a sample, it first stays as it was for so long.
    """
    columns = reduce(or_, (Counter(point.sample for point in points) for points in lines), Counter[int]())
    for points in lines:
        counts: list[int] = []
        for sample, group in groupby(points, lambda point: point.sample):
            new = [point.findings for point in group]
            counts += [(counts or new)[-1]] * (columns[sample] - len(new)) + new
        yield counts


def _jumps(jumps: Sequence[Jump], width: int, paint: Paint) -> Iterator[str]:
    """The commits that changed a count most, the largest change first."""
    yield "jumps" if jumps else "no jumps: between two samples no commit changed a count by much"
    told = [part for jump in jumps for part in _with_merged(jump, 0)]
    rows = [
        [
            "  " * (depth + 1) + (jump.rule if not depth else "merged"),
            f"{jump.before} -> {jump.after}",
            jump.commit.short,
            jump.commit.date,
        ]
        for depth, jump in told
    ]
    for line, (_, jump) in zip(aligned(rows, left=4), told):
        subject = neutral(jump.commit.subject)
        if jump.is_merge and jump.within is None:
            subject = f"(by no single commit) {subject}"
        change = f"{jump.before} -> {jump.after}"
        coloured = paint(change, jump.after - jump.before)
        yield ended(line, subject, width).replace(change, coloured, 1)


def _with_merged(jump: Jump, depth: int) -> Iterator[tuple[int, Jump]]:
    """A jump, and what made it in what was merged, each with how deep that lies."""
    yield depth, jump
    if jump.within is not None:
        yield from _with_merged(jump.within, depth + 1)


def _by_change(samples: Sequence[Sample]) -> list[str]:
    """The rules, those first whose counts went up and down most, and by a larger part of all there was."""

    def moved(rule: str) -> float:
        counts = [sample.by_rule[rule] for sample in samples]
        return sum(abs(after - before) for before, after in pairwise(counts)) ** 2 / (max(counts) or 1)

    return sorted(samples[0].by_rule, key=lambda rule: (-moved(rule), rule))


def _level(most: int) -> Callable[[int], str]:
    top = len(_LEVELS) - 1
    return lambda count: _LEVELS[-(-count * top // most)]  # rounded up


def _fitted(counts: Sequence[int], room: int) -> Sequence[int]:
    """As many counts as there is room for: of those that share a place the largest."""
    if len(counts) <= room:
        return counts
    edges = [number * len(counts) // room for number in range(room + 1)]
    return [max(counts[start:end]) for start, end in pairwise(edges)]

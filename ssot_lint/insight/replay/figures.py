"""What the hook would have stopped in the past, as plain data. Paths are from the root, lines 1-based."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ssot_lint.files import Commit
from ssot_lint.finding import Finding


class Reason(NamedTuple):
    """A finding for which a commit would have been stopped."""

    rule: str
    path: str
    line: int
    message: str
    fingerprint: str


class Stopped(NamedTuple):
    """A commit that the hook would have stopped."""

    commit: Commit  # the date is that of the committer, in UTC
    is_merge: bool
    by_rule: Mapping[str, int]  # findings
    reasons: tuple[Reason, ...]  # in the order of reports


class Day(NamedTuple):
    """The commits that were committed on one day, in UTC."""

    date: str  # such as 2025-09-15
    commits: int
    stopped: int
    by_rule: Mapping[str, int]  # findings


class Share(NamedTuple):
    """What one rule would have stopped."""

    rule: str
    commits: int
    findings: int
    remaining: int  # those of the findings that are there at the end


class Replay(NamedTuple):
    """What the hook would have stopped in a stretch of history."""

    start: str  # the day of the last commit before, in UTC
    end: Commit
    commits: int  # that were looked at
    merges: int  # those of them with several parents
    rules: tuple[Share, ...]  # every rule that ran, by their ids
    days: tuple[Day, ...]  # every day with a commit, the first one first
    stopped: tuple[Stopped, ...]  # parents before children
    notes: tuple[str, ...]  # what was left out


def stopped(commit: Commit, findings: Iterable[Finding], *, is_merge: bool) -> Stopped:
    """A commit with the findings for which it would have been stopped."""
    reasons = tuple(
        Reason(each.rule, each.path, each.span.line, each.message, each.fingerprint)
        for each in sorted(findings)
    )
    return Stopped(commit, is_merge, counted_by_rule(reasons), reasons)


def counted_by_rule(reasons: Iterable[Reason]) -> dict[str, int]:
    """How many findings there are of each rule, by their ids."""
    return dict(sorted(Counter(reason.rule for reason in reasons).items()))


def days(dates: Iterable[str], commits: Iterable[Stopped]) -> tuple[Day, ...]:
    """What was stopped day by day, given the dates of all commits that were looked at."""
    of_day: dict[str, list[Stopped]] = {}
    for each in commits:
        of_day.setdefault(each.commit.date, []).append(each)
    return tuple(
        Day(
            date,
            number,
            len(of_day.get(date, ())),
            counted_by_rule(reason for each in of_day.get(date, ()) for reason in each.reasons),
        )
        for date, number in sorted(Counter(dates).items())
    )


def shares(rules: Iterable[str], commits: Iterable[Stopped], there: Iterable[Finding]) -> tuple[Share, ...]:
    """What each rule would have stopped, given what is found at the end where it was found before.

    What was brought in, mended and brought in again was stopped twice, and is there once.
    """
    commits = tuple(commits)
    left = Counter((finding.rule, finding.fingerprint) for finding in there)
    times = Counter((reason.rule, reason.fingerprint) for each in commits for reason in each.reasons)
    remaining: Counter[str] = Counter()
    for (rule, fingerprint), number in times.items():
        remaining[rule] += min(number, left[rule, fingerprint])
    return tuple(
        Share(
            rule,
            sum(rule in each.by_rule for each in commits),
            sum(each.by_rule.get(rule, 0) for each in commits),
            remaining[rule],
        )
        for rule in sorted(rules)
    )


def worst(replay: Replay, number: int) -> list[Stopped]:
    """The commits with the most findings, of those with as many the earliest first."""
    return sorted(replay.stopped, key=lambda each: -len(each.reasons))[:number]

"""Ceilings for numbers of findings, which may fall week by week: `.ssot-lint/budgets.toml`.

Only people write that file. The numbers themselves are counted on every run and never stored.
"""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import NamedTuple

from ssot_lint.baseline import by_hand, disk
from ssot_lint.baseline.by_hand import Terms
from ssot_lint.baseline.error import TextError
from ssot_lint.catalogue import Catalogue
from ssot_lint.files import PathPatterns
from ssot_lint.finding import Finding
from ssot_lint.tables import Fault

PATH = f"{disk.TOP}/budgets.toml"

_WEEK = 7  # days
_WILD = re.compile(r"[*?\[\\]")


@dataclass(frozen=True, kw_only=True)
class _Options(Terms):
    """What a table `[[budget]]` can say."""

    max: int = 0
    target: int | None = None
    since: datetime.date | None = None
    by: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Budget(_Options):
    """A ceiling, and the line where its table begins."""

    line: int

    @property
    def place(self) -> str:
        """Where it stands, from the root."""
        return f"{PATH}:{self.line}"

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What tells it from all others: the findings it is about."""
        return self.rule, frozenset(self.paths)

    def ceiling(self, day: datetime.date) -> int:
        """The most findings that there may be on a day in UTC.

        With a target it falls in a straight line, once a week: on `since` it is still `max`, seven days
        later the first step is done, and on `by` it is the target. Each step is rounded so that none
        takes more than what is due.
        """
        if self.target is None or self.since is None or self.by is None or day < self.since:
            return self.max
        if day >= self.by:
            return self.target
        passed = (day - self.since).days // _WEEK * _WEEK
        return self.max - (self.max - self.target) * passed // (self.by - self.since).days

    def steps(self) -> Iterator[datetime.date]:
        """The days on which the ceiling may fall."""
        if self.since is not None and self.by is not None:
            for days in range(_WEEK, (self.by - self.since).days, _WEEK):
                yield self.since + datetime.timedelta(days)
            yield self.by

    def literal(self, path: str) -> int:
        """How much of a path its patterns spell out: characters, of the one that spells out most."""
        return max((length for length, pattern in self._spelled_out if pattern.match(path)), default=0)

    @cached_property
    def _spelled_out(self) -> list[tuple[int, PathPatterns]]:
        return [(len(_WILD.split(line)[0].strip("/")), PathPatterns([line])) for line in self.paths]


class Standing(NamedTuple):
    """How a budget stands on a day."""

    budget: Budget
    ceiling: int
    found: int

    @property
    def is_over(self) -> bool:
        """Whether there are more findings than there may be."""
        return self.found > self.ceiling


class Raised(NamedTuple):
    """A budget that allows more than it did, `after` being None where it is gone."""

    before: Budget
    after: Budget | None
    day: datetime.date  # the first on which it does


def load(root: str | os.PathLike[str], selectors: Collection[str]) -> tuple[Budget, ...]:
    """The budgets of a project; `selectors` are all that can name rules. Raises BaselineError."""
    return by_hand.load(root, PATH, lambda text: parsed(text, selectors))


def parsed(text: str, selectors: Collection[str] | None = None) -> tuple[Budget, ...]:
    """The budgets in a text; without `selectors` they may name any rule. Raises TextError."""
    found = by_hand.tables(text, "budget", _Options, required=("max",), selectors=selectors, flaws=_flaws)
    budgets: dict[object, Budget] = {}
    for options, line in found:
        budget = Budget(**asdict(options), line=line)
        first = budgets.setdefault(budget.key, budget)
        if first is not budget:
            raise TextError(line, f"budget: the one at line {first.line} has the same rule and paths")
    return tuple(budgets.values())


def standings(
    budgets: Sequence[Budget], findings: Iterable[Finding], today: datetime.date, catalogue: Catalogue
) -> tuple[Standing, ...]:
    """How budgets stand, in their order.

    `findings` are all there are, of whatever state and severity, with those that comments allow. Each
    counts for one budget: the one that names its rule most exactly, then the one that spells out more of
    its path, then the later one.
    """
    counts: Counter[int] = Counter()
    for (rule, path), number in Counter((each.rule, each.path) for each in findings).items():
        fitting = [
            (_exactness(budget.rule, catalogue), budget.literal(path), index)
            for index, budget in enumerate(budgets)
            if not budget.rule or rule in catalogue.selectors[budget.rule]
            if not budget.paths or budget.files.match(path)
        ]
        if fitting:
            counts[max(fitting)[-1]] += number
    return tuple(
        Standing(budget, budget.ceiling(today), counts[index]) for index, budget in enumerate(budgets)
    )


def raised(before: Iterable[Budget], after: Iterable[Budget], today: datetime.date) -> tuple[Raised, ...]:
    """The budgets of an earlier version that allow more now, today or on any later day, or are gone."""
    now = {budget.key: budget for budget in after}
    found = []
    for old in before:
        new = now.get(old.key)
        # Ceilings never rise with time, so that they need comparing only where the old one falls.
        for day in (today, *(day for day in old.steps() if day > today)):
            if new is None or new.ceiling(day) > old.ceiling(day):
                found.append(Raised(old, new, day))
                break
    return tuple(found)


def _exactness(selector: str, catalogue: Catalogue) -> tuple[bool, int]:
    """How exactly something names a rule: in full, else by the length of the beginning of its code."""
    is_full = selector in catalogue.words
    return is_full, 0 if is_full else len(selector)


def _flaws(budget: _Options) -> Iterator[Fault]:
    for key in ("max", "target"):
        value = getattr(budget, key)
        if value is not None and value < 0:
            yield Fault((key,), f"expected a whole number from 0 up, found the number {value}")
    slope = {"target": budget.target, "since": budget.since, "by": budget.by}
    given = [key for key, value in slope.items() if value is not None]
    for key in slope if given else ():
        if key not in given:
            yield Fault(tuple(given[:1]), f"goes with `{key}`, which is not there")
    if budget.target is not None and budget.target > budget.max:
        yield Fault(("target",), f"expected no more than `max`, {budget.max}, found {budget.target}")
    if budget.since is not None and budget.by is not None and budget.by <= budget.since:
        yield Fault(("by",), f"expected a day after `since`, {budget.since}, found {budget.by}")

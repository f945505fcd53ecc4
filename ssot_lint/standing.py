"""Where a project stands, as plain data, and what a measure makes of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import WAIVED, Outcome
from ssot_lint.baseline.entries import Entry
from ssot_lint.config import Config
from ssot_lint.finding import Finding
from ssot_lint.gates import Condition
from ssot_lint.outside.evidence import Evidence

NOT_KNOWN = "not known"


def everywhere(_path: str) -> bool:
    """Tell that a path belongs to the whole project."""
    return True


class Standing(NamedTuple):
    """Where a project, or a part of it, stands: what a run over it found, and what its baseline has."""

    findings: Collection[Finding]  # whatever their state, but for those that are allowed
    allowed: Collection[Finding]  # by comments or waivers
    files: Collection[str]  # all that were looked at, those that do not compile among them
    broken: Collection[str]  # those of them that do not compile
    entries: Collection[Entry]  # of the baseline, but for those that are over
    batches: Mapping[str, Batch]
    rules: AbstractSet[str]  # ids of those that ran
    covers: Callable[[str, str], bool]  # whether a rule, by its id, looks at a file
    selectors: Mapping[str, AbstractSet[str]]  # all that can name rules, with the ids that each means
    today: datetime.date  # in UTC
    evidence: Evidence  # what other programs left
    holds: Callable[[str], bool] = everywhere  # whether a path belongs to the part that this is about


class Taken(NamedTuple):
    """What a measure comes to: in words for people, in numbers for programs."""

    is_met: bool
    now: str  # how it is
    distance: str  # how far that is from what is wanted, where it is not met
    numbers: Mapping[str, int | None]  # None for what is not known
    notes: tuple[str, ...] = ()  # what a person should know of that


class Measured(NamedTuple):
    """A condition, and how far a project is from it."""

    condition: Condition
    title: str  # what was measured
    wanted: str  # what that should come to
    taken: Taken
    shown_by: str  # the command of `ssot-lint` that shows what stands in the way, "" for none


class Measure(NamedTuple):
    """One way to measure."""

    title: str  # what is measured; ` of` and rules may follow
    wanted: Callable[[Any], str]
    take: Callable[[Any, Standing], Taken]  # from the value that is wanted, and what the condition is about
    shown_by: str  # the command of `ssot-lint` that shows what counted, "" for none


def standing(
    config: Config,
    outcome: Outcome,
    allowed: Iterable[Finding],
    batches: Mapping[str, Batch],
    today: datetime.date,
) -> Standing:
    """Where a project stands, by a run about all of it; `allowed` are the findings that comments allow."""
    coverage = outcome.coverage
    findings = [judged.finding for judged in outcome.findings]
    files = sorted((coverage.parsed | coverage.broken) - {config.path})
    return Standing(
        findings=[finding for finding in findings if finding.state != WAIVED],
        allowed=[*allowed, *(finding for finding in findings if finding.state == WAIVED)],
        files=files,
        broken=sorted(coverage.broken),
        entries=[
            *(judged.entry for judged in outcome.findings if judged.entry is not None),
            *(left.entry for left in outcome.left if not left.is_over),
        ],
        batches=batches,
        rules=coverage.rules,
        covers=coverage.covers,
        selectors=config.catalogue.selectors,
        today=today,
        evidence=Evidence(config, files),
    )


def share(part: int, total: int, least: float) -> tuple[str, int]:
    """A part in per cent, and how many more it must be to be `least` per cent, exactly: 49.99 are not 50.

    It is rounded down, with as many decimals as tell it from what is wanted.
    """
    wanted = _as_written(least)
    decimals = max(2, -int(wanted.as_tuple().exponent))
    return f"{percentage(part, total, decimals)} %", max(ceil(wanted * total / 100) - part, 0)


def at_least(least: float) -> str:
    """The words for how many per cent are wanted."""
    return f">= {_as_written(least):f} %"


def at_most(most: int) -> str:
    """The words for how many there may be."""
    return f"<= {most}"


def _as_written(number: float) -> Decimal:
    """The decimal number that somebody wrote."""
    return Decimal(str(number)).normalize()


def percentage(part: int, total: int, decimals: int) -> str:
    """How many per cent a part is, rounded down to some decimals."""
    digits = str(part * 100 * 10**decimals // total).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}"

"""Tells what is past its last day, or nearly so, and which files the findings are in that it holds."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ssot_lint.baseline.batches import Batch, expired, expires_soon
from ssot_lint.baseline.carry import Judged
from ssot_lint.baseline.waivers import Waiver


class Deadline(NamedTuple):
    """A batch or a waiver that has expired, or will within two weeks."""

    day: datetime.date  # the last on which it is good, in UTC
    name: str
    owner: str
    paths: tuple[str, ...]  # of the findings that it holds
    is_over: bool

    @property
    def text(self) -> str:
        """All but the paths."""
        owner = f" ({self.owner})" if self.owner else ""
        return f"{self.name}{owner} {'expired' if self.is_over else 'expires'} on {self.day}"


def deadlines(
    findings: Iterable[Judged], batches: Mapping[str, Batch], today: datetime.date
) -> tuple[Deadline, ...]:
    """The deadlines of findings that are carried or waived, the first day first.

    `batches` may lack those that are of no interest.
    """
    paths: defaultdict[tuple[str, Batch | Waiver], set[str]] = defaultdict(set)
    for judged in findings:
        if judged.waiver is not None:
            paths[f"waiver in {judged.waiver.place}", judged.waiver].add(judged.finding.path)
        elif judged.entry is not None and judged.entry.batch in batches:
            name = judged.entry.batch
            paths[f"batch `{name}`", batches[name]].add(judged.finding.path)
    return tuple(
        sorted(
            Deadline(terms.expires, name, terms.owner, tuple(sorted(held)), expired(terms, today))
            for (name, terms), held in paths.items()
            if terms.expires is not None and (expired(terms, today) or expires_soon(terms, today))
        )
    )

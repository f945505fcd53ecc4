"""What a report shows, as plain data; it holds nothing about how that looks.

Paths are from the root, with `/`; lines are 1-based. What is said of classes and fields here is what the
published schema says of them: a comment belongs on the line of its field.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from ssot_lint.baseline.batches import Batch
from ssot_lint.files import Commit
from ssot_lint.finding import Finding
from ssot_lint.standing import Measured


class Totals(NamedTuple):
    """The whole in a few numbers; `clean` files compile and have no finding, and `files` counts all."""

    files: int
    clean: int
    broken: int  # files that do not compile
    findings: int
    by_state: Mapping[str, int]  # every state of `baseline.carry`, those with 0 too
    allowed: int  # findings that comments allow
    waived: int  # findings that waivers allow
    fixed: int  # entries of the baseline whose findings are gone for certain, not just allowed now
    accepted: int  # entries that came by `baseline accept`, with a reason and an owner
    fixable: int  # findings that `check --no-baseline --fix` mends
    unsafely_fixable: int  # others that take `--unsafe-fixes` too


class RuleFigures(NamedTuple):
    """What one rule finds; a rule that ran and found nothing is there too."""

    id: str  # such as `syntax-error`
    code: str  # such as `SST001`
    title: str  # what it finds, in one line
    findings: int
    new: int  # those of them that are new or worse
    files: int  # in which it finds something
    allowed: int  # by comments or waivers
    fixable: int  # by `check --no-baseline --fix`


class Folder(NamedTuple):
    """A folder with all that is below it; "" is the root."""

    path: str
    files: int
    clean: int
    broken: int  # files that do not compile
    findings: int


class Owner(NamedTuple):
    """The files of one owner, as CODEOWNERS has it, or of nobody: "". A file of two counts for both."""

    name: str
    files: int
    clean: int
    findings: int


class Age(NamedTuple):
    """The entries of the baseline that came on one day with one reason."""

    date: datetime.date | None  # None where no batch says it
    reason: str
    by: str  # who took them into the baseline
    owner: str  # who answers for them, "" where nobody was named
    expires: datetime.date | None  # the last day on which they are good
    entries: int


class GateFigures(NamedTuple):
    """A gate, and how far its conditions are from being met."""

    name: str
    reason: str
    is_met: bool  # whether all of its conditions are
    conditions: tuple[Measured, ...]


class Place(NamedTuple):
    """A stretch of source."""

    path: str
    line: int
    end_line: int  # inclusive
    name: str  # the qualified name of what is there
    text: str  # the first of its lines, "" where it is not shown or cannot be read


class Cluster(NamedTuple):
    """Places that hold the same thing, or nearly: the home first where there is one, then by path."""

    rule: str  # the id of the one that found them
    message: str  # what they have in common
    places: tuple[Place, ...]  # the first of them
    size: int  # how many places there are
    lines: int  # that would go if one place stayed, the one with the most


class ImportPath(NamedTuple):
    """A dotted name by which a symbol is imported."""

    name: str
    imports: int
    files: int  # that have them
    is_canonical: bool  # whether it is the name of the symbol, or another that is fine


class Symbol(NamedTuple):
    """A canonical symbol and the paths by which it is imported, the most used first."""

    symbol: str  # its dotted name
    paths: tuple[ImportPath, ...]


class Cause(NamedTuple):
    """Why files do not compile; strict files, where nothing is carried, stand first in `places`."""

    text: str  # with `…` for what is of one file alone
    places: tuple[tuple[str, int, bool], ...]  # path, line, whether the path is strict


class Sample(NamedTuple):
    """The project in one commit."""

    commit: Commit
    date: datetime.date  # the day of `time`
    time: datetime.datetime  # of the committer, in UTC
    place: int  # among the commits that were looked at: the first sample has 0, each later commit one more
    files: int
    clean: int
    broken: int  # files that do not compile
    by_rule: Mapping[str, int]  # every rule that ran
    absent: int = 0  # files of which nothing is known and that no other number counts: git lacks their texts


class Jump(NamedTuple):
    """A commit that changed the count of a rule more than others did, with the committer's date in UTC."""

    rule: str  # its id
    commit: Commit
    time: datetime.datetime  # of the committer, in UTC
    place: int  # as of a sample; of what is within a merge that of the merge, which brought it in
    before: int  # in its first parent
    after: int  # in itself
    is_merge: bool = False
    within: Jump | None = None  # of a merge: what did most of it on the merged side, where that is known


class Trend(NamedTuple):
    """The past of a project, the oldest sample first."""

    samples: tuple[Sample, ...]
    jumps: tuple[Jump, ...]  # the largest first
    notes: tuple[str, ...] = ()  # what was left out


class Moment(NamedTuple):
    """How many there were on a day."""

    date: datetime.date
    number: int


class Projection(NamedTuple):
    """When debt would be gone if it went on as it did; `date` is None where that cannot be said."""

    of: str  # what was counted
    moments: tuple[Moment, ...]  # that were looked at, the oldest first
    per_week: float | None  # change of the count, falling is negative; None for fewer than three moments
    date: datetime.date | None
    note: str = ""  # why there is no date


class Change(NamedTuple):
    """What was done since HEAD parted from another history, and what that brings and mends."""

    name: str  # of the other history, as the user gave it
    commit: str  # the id of the last one before the change
    brought: tuple[Finding, ...]  # those that are new or worse
    mended: tuple[Finding, ...]  # where they were


class Figures(NamedTuple):
    """A project at one moment.

    Counts of findings are of those that nothing allows, whatever the baseline makes of them, unless it says
    otherwise.
    """

    project: str  # the name of its folder
    taken: datetime.datetime  # in UTC
    commit: Commit | None  # HEAD, None without git or commits
    python: str  # that judged what compiles, such as "3.11"
    totals: Totals
    rules: tuple[RuleFigures, ...]  # in the order of codes
    folders: tuple[Folder, ...]  # in the order of paths
    owners: tuple[Owner, ...]  # the most findings first; none without CODEOWNERS
    ages: tuple[Age, ...]  # the oldest first
    gates: tuple[GateFigures, ...]  # in the order of the configuration
    clusters: tuple[Cluster, ...]  # the worst, those with the most lines first
    symbols: tuple[Symbol, ...]
    causes: tuple[Cause, ...]  # the most files first
    uncollected: tuple[Finding, ...]  # tests that pytest does not collect
    findings: tuple[Finding, ...]  # in the order of reports, waived ones too
    accepted: tuple[str, ...]  # for each of the findings the name of its batch, "" for none
    batches: Mapping[str, Batch]  # by name
    owned: Mapping[str, tuple[str, ...]]  # the owners of their files, by path; none without CODEOWNERS
    trend: Trend | None
    projection: Projection | None  # None where nothing was counted
    change: Change | None
    notes: tuple[str, ...]  # what was left out, and why

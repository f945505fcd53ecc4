"""Takes the figures of a project: everything that a report shows, from one run over all of it."""

from __future__ import annotations

import datetime
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import Outcome
from ssot_lint.baseline.coverage import WHY
from ssot_lint.compare import strict_paths
from ssot_lint.config import Config
from ssot_lint.engine import Result
from ssot_lint.files import Commit, GitError, id_of, is_shallow, read_commits
from ssot_lint.insight.figures import Change, Cluster, Figures, Moment, Projection, Trend
from ssot_lint.insight.report import clusters, counting, projection
from ssot_lint.insight.report.causes import causes
from ssot_lint.insight.report.moments import moments
from ssot_lint.insight.report.symbols import symbols
from ssot_lint.owners import find_owners
from ssot_lint.project import Project
from ssot_lint.reports import counted
from ssot_lint.standing import Standing, standing

MOST_CLUSTERS = 50
"""So many clusters are shown, the worst."""

_SHALLOW = (
    "this clone is shallow, and what the baseline was before is not known: "
    "`git fetch --unshallow` brings what it lacks"
)


class Looked(NamedTuple):
    """What figures are taken of: a project, and what a run over all of it found."""

    config: Config
    result: Result
    batches: Mapping[str, Batch]
    project: Project
    lines_of: Callable[[str], Sequence[str]]  # the source of a path, none where it cannot be read
    notes: Sequence[str] = ()  # what a person should know of the run


def take(
    looked: Looked, now: datetime.datetime, *, trend: Trend | None = None, change: Change | None = None
) -> Figures:
    """The figures at a moment in UTC, with the past and the change that the report is to show too."""
    config, result, batches, project, lines_of, notes = looked
    assert result.compared is not None, "it was compared with a baseline, be it an empty one"
    outcome = result.compared.outcome
    stands = standing(config, outcome, [each.finding for each in result.allowed], batches, now.date())
    owners = find_owners(config.root)
    owners_of = cache(owners.of) if owners is not None else None
    commit, git_notes = _commit(config)
    told, cluster_notes = _worst(stands, project, lines_of)
    projected, projection_notes = _projected(config, stands, trend, commit)
    return Figures(
        project=os.path.basename(os.path.realpath(config.root)),
        taken=now,
        commit=commit,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        totals=counting.totals(stands, outcome),
        rules=tuple(counting.by_rule(config, stands)),
        folders=tuple(counting.by_folder(stands)),
        owners=tuple(counting.by_owner(stands, owners_of)) if owners_of is not None else (),
        ages=tuple(counting.by_age(stands)),
        gates=tuple(counting.by_gate(config.gates, stands)),
        clusters=told,
        symbols=tuple(symbols(config, project)),
        causes=tuple(causes(project.outlines, strict_paths(config))),
        uncollected=tuple(each for each in stands.findings if each.rule == "uncollected-test"),
        findings=result.findings,
        accepted=tuple(each.entry.batch if each.entry is not None else "" for each in outcome.findings),
        batches=dict(sorted(batches.items())),
        owned=_owned(result, owners_of) if owners_of is not None else {},
        trend=trend,
        projection=projected,
        change=change,
        notes=(
            *notes,
            *_notes_on_counts(config, stands, outcome),
            *(owners.notes if owners is not None else ()),
            *git_notes,
            *cluster_notes,
            *projection_notes,
            *(trend.notes if trend is not None else ()),
        ),
    )


def _commit(config: Config) -> tuple[Commit | None, tuple[str, ...]]:
    """HEAD, None where there is none; then with the note that says why."""
    try:
        commit = id_of(config.root, "HEAD")
        known = read_commits(config.root, [commit] if commit else [])
    except GitError as error:
        return None, (f"without git nothing is known of the past: {error}",)
    return (known[commit], ()) if known else (None, ("there is no commit yet",))


def _worst(
    stands: Standing, project: Project, lines_of: Callable[[str], Sequence[str]]
) -> tuple[tuple[Cluster, ...], tuple[str, ...]]:
    """The clusters that are shown, and a note on the others."""
    found = clusters.clusters(stands.findings, project)
    shown = tuple(clusters.with_text(each, lines_of) for each in found[:MOST_CLUSTERS])
    left = found[MOST_CLUSTERS:]
    if not left:
        return shown, ()
    lines = sum(each.lines for each in left)
    return shown, (
        f"{counted(len(left), 'smaller cluster')} of copies, with {lines} lines to spare, are left out",
    )


def _projected(
    config: Config, stands: Standing, trend: Trend | None, commit: Commit | None
) -> tuple[Projection | None, tuple[str, ...]]:
    """When debt would be gone, given HEAD, and why that cannot be said where git fails."""
    if trend is not None:
        return projection.of_trend(trend), ()
    try:
        past = list(moments(config.root)) if commit is not None else []
    except GitError as error:
        return None, (f"the past of the baseline is not known: {error}",)
    if not past and not stands.entries:
        return None, ()
    today = Moment(stands.today, len(stands.entries))
    notes = (_SHALLOW,) if past and is_shallow(config.root) else ()
    return projection.projection("entries of the baseline", [*past, today]), notes


def _owned(result: Result, owners_of: Callable[[str], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The owners of files with findings, by path."""
    paths = sorted({finding.path for finding in result.findings})
    return {path: owners for path in paths if (owners := owners_of(path))}


def _notes_on_counts(config: Config, stands: Standing, outcome: Outcome) -> Iterator[str]:
    """What the counts cannot tell."""
    if not stands.files:
        yield "there are no files to look at"
    if stands.broken:
        yield (
            f"{len(stands.broken)} of {counted(len(stands.files), 'file')} do not compile: "
            "they are not clean, and nothing else is found in them"
        )
    if config.unselected:
        left_out = sorted({instance.rule.id for instance in config.unselected})
        yield f"rules that are configured, but not selected: {', '.join(left_out)}"
    kept = Counter(left.why for left in outcome.left if not left.is_over)
    for why, number in sorted(kept.items()):
        entries = "1 entry" if number == 1 else f"{number} entries"
        yield f"{entries} of the baseline kept without a finding: {WHY[why]}"

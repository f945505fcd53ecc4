"""Takes samples of a project's past: which commits to look at, and the figures of each."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence

from ssot_lint.compare import rules_that_run
from ssot_lint.config import Config
from ssot_lint.engine import Progress
from ssot_lint.files import Commit, GitError, Link, UsageError, read_commits
from ssot_lint.insight.figures import Sample, Trend
from ssot_lint.insight.history.jumps import find_jumps
from ssot_lint.insight.history.stretch import find_stretch
from ssot_lint.insight.history.tallies import Tallies, opened_tallies

BY = ("commit", "day", "week")
"""What one sample can stand for, the finest first."""

MOST = 60
"""So many samples are enough, where nobody says what one is to stand for."""


def trend(
    config: Config,
    *,
    rev: str = "HEAD",
    since: str = "",
    until: str = "",
    by: str = "",
    paths: Sequence[str] = (),
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Trend:
    """The past of a project by the rules of now, along the first parents of a commit that `rev` names.

    `since` and `until` are days such as 2025-09-15, both included, or commits of that chain; the first sample
    is where things stood before. `by` is one of `BY`, chosen by the number of samples when left out. `paths`
    are files and folders from the root, to which the figures are confined. What is found in the configuration
    does not count. `progress` is told how many samples are taken, of how many, and then the same of changes
    that are looked into. See `engine.lint` for the other arguments. Raises UsageError.
    """
    try:
        stretch = find_stretch(config.root, rev, since, until)
        picked = pick(stretch.links, by or _fitting(stretch.links))
        commits = read_commits(config.root, (link.id for link in picked))
        with opened_tallies(config, paths, jobs=jobs, use_cache=use_cache) as tallies:
            places = {link.id: place for place, link in enumerate(stretch.links)}
            samples = []
            for link in picked:
                samples.append(_sample(link, places[link.id], commits[link.id], tallies))
                if progress is not None:
                    progress(len(samples), len(picked))
            if paths and not any(sample.files or sample.absent for sample in samples):
                raise UsageError(f"these commits have no file in {', '.join(f'`{path}`' for path in paths)}")
            jumps = find_jumps(tallies, stretch.links, samples, progress)
            cache_notes = tallies.notes
    except GitError as error:
        raise UsageError(f"the past of this project cannot be read: {error}") from None
    return Trend(tuple(samples), jumps, (*stretch.notes, *_notes(samples), *cache_notes))


def pick(links: Sequence[Link], by: str) -> list[Link]:
    """Of a chain, the first commit, and after it the last one of each day or week in UTC, or every one."""
    if by == "commit":
        return list(links)
    last_of = {_period(link.date, by): number for number, link in enumerate(links) if number}
    return [links[number] for number in (0, *sorted(last_of.values()))]


def _period(day: datetime.date, by: str) -> datetime.date:
    """The first day of what a sample stands for."""
    return day - datetime.timedelta(days=day.weekday()) if by == "week" else day


def _fitting(links: Sequence[Link]) -> str:
    """The finest way to take samples that takes few enough of them, else the coarsest."""
    return next((by for by in BY if len(pick(links, by)) <= MOST), BY[-1])


def _rules_about_files(config: Config) -> list[str]:
    """The ids of the rules that run and look at source files, whose findings samples count."""
    about = {instance.rule.id: instance.rule.about for instance in config.instances}
    return sorted(rule for rule in rules_that_run(config) if about[rule] != "configuration")


def _sample(link: Link, place: int, commit: Commit, tallies: Tallies) -> Sample:
    tally = tallies.of(link.id)
    files = {path: counts for path, counts in tally.findings.items() if tallies.within(path)}
    broken = {path for path in tally.broken if tallies.within(path)}
    found: Counter[str] = Counter()
    for counts in files.values():
        found.update(counts)
    return Sample(
        commit._replace(date=link.date.isoformat()),
        link.date,
        link.time,
        place,
        files=len(files),
        clean=sum(not counts and path not in broken for path, counts in files.items()),
        broken=len(broken),
        by_rule={rule: found[rule] for rule in _rules_about_files(tallies.config)},
        absent=sum(map(tallies.within, tally.absent)),
    )


def _notes(samples: Sequence[Sample]) -> Iterator[str]:
    most = max(sample.absent for sample in samples)
    if most:
        lacking = sum(sample.absent > 0 for sample in samples)
        yield (
            f"git lacks texts of {lacking} of {len(samples)} samples, of up to {most} files, which no number "
            "counts; `git fetch --refetch` brings all texts"
        )

"""Replays a stretch of history: what the hook would have stopped, commit by commit.

Of each commit it is what the rules of now find and what was in none of its parents, as if a baseline had
carried all that was there: in the files that the commit changes, and what it causes in others, as
`ssot_lint.hook` finds that. A finding that has moved, or whose file was renamed, is not new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ssot_lint import codec
from ssot_lint.baseline import waivers
from ssot_lint.compare import rules_that_run
from ssot_lint.config import Config
from ssot_lint.engine import Progress
from ssot_lint.files import GitError, UsageError, read_commits, steps_between
from ssot_lint.insight.history.stretch import Stretch, find_stretch
from ssot_lint.insight.history.tallies import confined_to
from ssot_lint.insight.replay.figures import Replay, days, shares
from ssot_lint.insight.replay.position import Texts
from ssot_lint.insight.replay.walk import Walk
from ssot_lint.record import key_of
from ssot_lint.reports import counted

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store

_BATCH = 200  # commits whose changes and new texts are in memory at once


def replay(
    config: Config,
    *,
    rev: str = "HEAD",
    since: str = "",
    until: str = "",
    paths: Sequence[str] = (),
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Replay:
    """Replays the commits that led from one moment to another, on all lines of history; see `find_stretch`.

    `paths` are files and folders from the root, to which the findings are confined. The configuration and the
    waivers are those of now. Rules about the configuration have no part in it, and warnings stop nothing.
    `jobs` and `use_cache` are as in `engine.lint`; `progress` is told how many commits are done, of how many.
    Raises UsageError.
    """
    config, left_out = _that_stops(config)
    try:
        stretch = find_stretch(config.root, rev, since, until)
        with ExitStack() as stack:
            store = _opened(config, stack, use_cache=use_cache)
            key = _key(config, stretch, paths)
            known = _recalled(store, key)
            if known is None:
                known = _replay(config, stretch, paths, store, jobs, progress)
                _keep(store, key, known)
            return known._replace(notes=(*left_out, *known.notes))
    except GitError as error:
        raise UsageError(f"the past of this project cannot be read: {error}") from None


def _replay(
    config: Config,
    stretch: Stretch,
    paths: Sequence[str],
    store: Store,
    jobs: int | None,
    progress: Progress | None,
) -> Replay:
    start, end = stretch.links[0], stretch.links[-1]
    steps, cut = steps_between(config.root, start.id, end.id)
    walk = Walk(config, Texts(config, store, jobs), steps, end.id, confined_to(paths))
    for first in range(0, len(steps), _BATCH):
        batch = steps[first : first + _BATCH]
        walk.prepare(batch)
        for number, step in enumerate(batch, first + 1):
            walk.take(step, is_judged=step.commit.id not in cut)
            if progress is not None:
                progress(number, len(steps))
    judged = [step for step in steps if step.commit.id not in cut]
    return Replay(
        start.date.isoformat(),
        read_commits(config.root, [end.id])[end.id]._replace(date=end.date.isoformat()),
        len(judged),
        sum(len(step.parents) > 1 for step in judged),
        shares(rules_that_run(config), walk.stopped, walk.there()),
        days((step.commit.date for step in judged), walk.stopped),
        tuple(walk.stopped),
        (*stretch.notes, *_notes(len(cut), len(walk.lacks))),
    )


def _notes(cut: int, lacks: int) -> Iterator[str]:
    """What was left out, given how many commits lack their parents and how many texts are absent."""
    if cut:
        commits = counted(cut, "commit")
        yield f"this clone is shallow and lacks the parents of {commits}, which are left out"
    if lacks:
        yield (
            f"git lacks {counted(lacks, 'text')}: a file is left out of the commits in which it has one of "
            "these; `git fetch --refetch` brings all texts"
        )


def _that_stops(config: Config) -> tuple[Config, list[str]]:
    """The same configuration with the rules that can stop a commit, and a note about the others."""
    kept = [
        each
        for each in config.instances
        if each.rule.about != "configuration" and each.options.severity == "error"
    ]
    left_out = sorted(rules_that_run(config) - {each.rule.id for each in kept})
    notes = [f"{', '.join(left_out)}: what warns, or is about the configuration, stops no commit"]
    return replace(config, instances=tuple(kept)), notes if left_out else []


def _opened(config: Config, stack: ExitStack, *, use_cache: bool) -> Store:
    """The store of the project, or one for this time where that must not or cannot be written."""
    from ssot_lint.facts.store import opened  # some builds of Python lack what it needs

    if use_cache:
        store = stack.enter_context(opened(config.root))
        if not store.note:
            return store
    folder = stack.enter_context(TemporaryDirectory(prefix="ssot-lint-"))
    return stack.enter_context(opened(folder))


# a second run


def _key(config: Config, stretch: Stretch, paths: Sequence[str]) -> str:
    """Stands for all that a replay depends on, "" where that cannot be known."""
    if config.resolve_installed:
        return ""
    waived = waivers.load(config.root, config.catalogue.selectors)
    return key_of(config, repr(("replay", stretch.links[0].id, stretch.links[-1].id, sorted(paths), waived)))


def _recalled(store: Store, key: str) -> Replay | None:
    blob = store.run(key) if key else None
    return codec.decode_one(Replay, blob) if blob is not None else None


def _keep(store: Store, key: str, found: Replay) -> None:
    """Keeps a replay from which nothing was left out that may come again."""
    blob = codec.encode_one(found) if key and not found.notes else None
    if blob is not None:
        store.remember_run(key, blob)

"""Looks at a whole tree for `init`: what it would propose, and what that would find."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

from ssot_lint.checks import open_project
from ssot_lint.choice import Choice, choose
from ssot_lint.commands import say
from ssot_lint.commands._progress import progress_bar
from ssot_lint.config import Config
from ssot_lint.files import PathPatterns
from ssot_lint.project import Project
from ssot_lint.proposals import folders
from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.proposals.propose import Proposed, propose
from ssot_lint.proposals.trial import Ground, Tried, try_out
from ssot_lint.reports import counted
from ssot_lint.tree import load


class Look(NamedTuple):
    """What a tree shows."""

    ground: Ground
    tried: tuple[Tried, ...]  # settings first, then those that find most
    left_out: int  # proposals of which others of their kind find more
    broken: int  # files that do not compile, and so show nothing
    notes: tuple[str, ...]


def look(config: Config, args: argparse.Namespace) -> Look:
    """Reads the tree of a configuration, proposes, and tries the proposals. Raises UsageError.

    Of `args` this takes `all` and what `_work.add_effort` declares.
    """
    from ssot_lint.facts.store import opened

    with opened(config.root) if not args.no_cache else nullcontext() as store:
        choice = choose(config, (), None, store.stamps() if store is not None else {})
        with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
            tree = load(config.root, choice, store, jobs=args.jobs, progress=progress)
        tree.keep()
        if store is not None:
            store.remember(choice.stamps)
    if not args.quiet and sys.stderr.isatty():
        say(f"looking for what stands out in {counted(len(tree.outlines), 'file')}")
    cache_notes = [store.note] if store is not None and store.note else []
    ground = Ground(config, tree.outlines, tree, tree.collections)
    copies, found = _proposed(choice, ground, wants_all=args.all)
    outcome = try_out(_new(config, [*copies, *found.proposals]), ground)
    refused = (f"left out: {proposal.title}: {reason}" for proposal, reason in outcome.refused)
    return Look(
        ground,
        tuple(sorted(outcome.tried, key=_weight)),
        found.left_out,
        sum(outline.fault is not None for outline in tree.outlines.values()),
        (*choice.notes, *tree.notes, *cache_notes, *refused),
    )


def shown(tried: Tried) -> Proposal:
    """A proposal with what it would find added to the evidence."""
    found = ", ".join(f"{number} {rule}" for rule, number in tried.found.items())
    lines = []
    if any(table.name for table in tried.proposal.tables):
        lines.append(f"would find {tried.total} today{f': {found}' if len(tried.found) > 1 else ''}")
    if tried.left_out:
        lines.append(f"would leave out {counted(tried.left_out, 'file')}")
    return tried.proposal._replace(evidence=(*tried.proposal.evidence, *lines))


def _proposed(choice: Choice, ground: Ground, *, wants_all: bool) -> tuple[list[Proposal], Proposed]:
    """The copies of parts of the tree, and what the rest of it shows without them."""
    digests = {source.path: source.digest for source in choice.sources}
    copies = [*folders.propose(_project(ground, ()), digests)]
    excluded = [pattern for copy in copies for table in copy.tables for pattern in table.values["exclude"]]
    return copies, propose(_project(ground, tuple(excluded)), wants_all=wants_all)


def _project(ground: Ground, exclude: tuple[str, ...]) -> Project:
    patterns = PathPatterns(exclude)
    outlines = {path: outline for path, outline in ground.outlines.items() if not patterns.match(path)}
    return open_project(ground.config, outlines, ground.loader, ground.collections, follows_edits=True)


def _new(config: Config, proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals that say nothing of what a configuration has a table for."""
    known = {name for each in config.instances for name in each.rule.symbols(each.options)}
    configured = {each.rule.id for each in config.instances if each.options != each.rule.options()}
    return [
        each for each in proposals if not any(_is_known(table, known, configured) for table in each.tables)
    ]


def _is_known(table: Table, symbols: set[str], rules: set[str]) -> bool:
    if table.name == "canonical":
        return table.values["symbol"] in symbols
    if "symbols" in table.values:
        return not symbols.isdisjoint(table.values["symbols"])
    return bool(table.name) and table.name in rules


def _weight(tried: Tried) -> tuple[bool, int, str]:
    is_setting = not any(table.name for table in tried.proposal.tables)
    return not is_setting, -tried.total, tried.proposal.title

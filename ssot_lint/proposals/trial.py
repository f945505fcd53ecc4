"""Runs proposals in memory before they are written: what they would find, and whether they can be meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ssot_lint.checks import Checks, Run, each_once, open_project
from ssot_lint.collection import Collection
from ssot_lint.config import Config, ConfigError, parse
from ssot_lint.facts.model import Outline
from ssot_lint.file import Loader
from ssot_lint.files import PathPatterns
from ssot_lint.finding import Finding, Span
from ssot_lint.project import Project
from ssot_lint.proposals.proposal import Proposal
from ssot_lint.proposals.toml import document, tables_of

_NOWHERE = Span(1, 1, 1, 1)  # of the rules that run without a table


class Ground(NamedTuple):
    """A tree to try proposals on."""

    config: Config  # in force so far: tells the root and what is left out already
    outlines: Mapping[str, Outline]
    loader: Loader
    collections: Callable[[], Mapping[str, Collection]]


class Tried(NamedTuple):
    """A proposal after a run."""

    proposal: Proposal
    found: Mapping[str, int]  # how much each rule finds by its tables, the most first; empty for settings
    left_out: int  # files that its settings leave out

    @property
    def total(self) -> int:
        """All that its tables find; comments in the code that allow some of it are not asked."""
        return sum(self.found.values())


class Outcome(NamedTuple):
    """What became of proposals."""

    tried: tuple[Tried, ...]  # those that hold, in the order given
    refused: tuple[tuple[Proposal, str], ...]  # those that the configuration refuses, with what it says


def try_out(proposals: Sequence[Proposal], ground: Ground) -> Outcome:
    """Runs proposals together.

    One that brings a mistake into the configuration, or a finding about it, is refused. One that finds
    nothing is left out, unless it keeps a home or leaves out files.
    """
    refused: list[tuple[Proposal, str]] = []
    kept = _readable(proposals, ground, refused)
    while faults := _faults(kept, ground):
        refused += [(kept[index], text) for index, text in sorted(faults.items())]
        kept = [proposal for index, proposal in enumerate(kept) if index not in faults]
    tried = (
        Tried(proposal, found, _left_out(proposal, ground))
        for proposal, found in zip(kept, _counts(kept, ground))
    )
    return Outcome(tuple(each for each in tried if each.found or _is_kept(each)), tuple(refused))


def contradiction(proposals: Sequence[Proposal], ground: Ground) -> str:
    """Why proposals cannot stand in one configuration, "" if they can."""
    try:
        _read(proposals, ground)
    except ConfigError as error:
        return str(error)
    return ""


def _is_kept(tried: Tried) -> bool:
    return tried.left_out > 0 or any(table.name == "canonical" for table in tried.proposal.tables)


def _left_out(proposal: Proposal, ground: Ground) -> int:
    """How many files the settings of a proposal leave out."""
    settings = (table.values for table in proposal.tables if not table.name)
    exclude = PathPatterns([pattern for values in settings for pattern in values.get("exclude", ())])
    return sum(map(exclude.match, ground.outlines))


def _readable(
    proposals: Sequence[Proposal], ground: Ground, refused: list[tuple[Proposal, str]]
) -> list[Proposal]:
    """The proposals that can stand in one file; of two that contradict each other the first."""
    if not contradiction(proposals, ground):
        return [*proposals]
    kept: list[Proposal] = []
    for proposal in proposals:
        if fault := contradiction([*kept, proposal], ground):
            refused.append((proposal, fault))
        else:
            kept.append(proposal)
    return kept


def _faults(proposals: Sequence[Proposal], ground: Ground) -> dict[int, str]:
    """What is found in the configuration itself, by the index of the proposal that causes it."""
    config, owners = _read_with_owners(proposals, ground)
    found = Checks(config, _project(config, ground)).configuration()
    return {owners[finding.span]: finding.message for finding in found}


def _counts(proposals: Sequence[Proposal], ground: Ground) -> list[dict[str, int]]:
    """How much each rule finds by the tables of each proposal."""
    config, owners = _read_with_owners(proposals, ground)
    project = _project(config, ground)
    runs = [
        (owners[each.span], Run(each))
        for each in config.instances
        # A table that only keeps a default finds what is found without it, too.
        if each.span in owners and not (each.rule.default and each.options == each.rule.options())
    ]
    found: list[Counter[str]] = [Counter() for _ in proposals]
    for file in project.files():
        findings: dict[int, list[Finding]] = {}
        for owner, run in runs:
            if run.about == "source" and run.covers(file.path):
                findings.setdefault(owner, []).extend(run.findings(file, project))
        for owner, several in findings.items():
            found[owner].update(finding.rule for finding in each_once(several))
    return [dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))) for counts in found]


def _project(config: Config, ground: Ground) -> Project:
    """The tree without the files that a configuration leaves out."""
    exclude = PathPatterns(config.exclude)
    left = {path: outline for path, outline in ground.outlines.items() if not exclude.match(path)}
    return open_project(config, left, ground.loader, ground.collections)


def _read(proposals: Sequence[Proposal], ground: Ground) -> Config:
    """The configuration that proposals amount to, added to what is left out so far. Raises ConfigError."""
    config = parse(document(proposals, ""), root=ground.config.root)
    return replace(
        config,
        exclude=ground.config.exclude + config.exclude,
        source_roots=config.source_roots or ground.config.source_roots,
    )


def _read_with_owners(proposals: Sequence[Proposal], ground: Ground) -> tuple[Config, dict[Span, int]]:
    """The configuration, and by the places of its tables the indexes of the proposals that they are from."""
    config = _read(proposals, ground)
    of_rules = {each.span for each in config.instances if each.span != _NOWHERE}
    owners = [owner for owner, _ in tables_of(proposals)]
    return config, dict(zip(sorted(of_rules), owners, strict=True))

"""Compares what a run found with the baseline of the project, and cleans that up."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ssot_lint.baseline import changes, folder
from ssot_lint.baseline.carry import Outcome, carry
from ssot_lint.baseline.changes import Shrunk
from ssot_lint.baseline.coverage import Coverage
from ssot_lint.baseline.entries import Entry, identity_of
from ssot_lint.baseline.folder import Stored
from ssot_lint.baseline.matching import ELSEWHERE, KEYS, SAME
from ssot_lint.checks import Run
from ssot_lint.config import Config
from ssot_lint.facts.model import Outline
from ssot_lint.files import PathPatterns, is_left_unchecked
from ssot_lint.finding import Finding


class Compared(NamedTuple):
    """A baseline as it is stored, and what it makes of a run."""

    stored: Stored
    outcome: Outcome

    @property
    def is_out_of_date(self) -> bool:
        """Whether entries are over, or their findings have moved."""
        return any(left.is_over for left in self.outcome.left) or any(
            judged.tier > SAME for judged in self.outcome.findings
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings with their states."""
        return tuple(judged.finding for judged in self.outcome.findings)


def load(config: Config) -> Stored:
    """The baseline of a project. Raises BaselineError."""
    return folder.load(config.root, [rule.id for rule in config.catalogue.rules])


def compare(
    config: Config,
    stored: Stored,
    findings: Iterable[Finding],
    *,
    paths: Collection[str],
    broken: Collection[str],
    is_whole: bool,
) -> Compared:
    """Gives findings their states.

    `paths` are the files that were looked at, `broken` those of them that do not compile; `is_whole` tells
    whether the run was about the whole project.
    """
    coverage = Coverage(
        is_whole=is_whole,
        rules={instance.rule.id for instance in config.instances},
        parsed={*paths, config.path}.difference(broken),
        broken=frozenset(broken),
        is_there=cache(lambda path: _is_there(config.root, path)),
        covers=_covers(config),
    )
    return Compared(stored, carry(findings, stored.entries, coverage, strict_paths(config)))


def strict_paths(config: Config) -> Callable[[str], bool]:
    """Tells of a path whether the configuration lets nothing be carried there."""
    return PathPatterns(config.strict).match


class Carried:
    """What a baseline makes of one file at a time, without a run about all of them."""

    def __init__(self, config: Config, stored: Stored) -> None:
        self._config = config
        self._stored = stored
        self._by_path: dict[str, list[Entry]] = {}
        self._like: dict[Hashable, set[str]] = {}  # paths of entries, by what stays when code moves
        for entry in stored.entries:
            self._by_path.setdefault(entry.identity.path, []).append(entry)
            self._like.setdefault(KEYS[ELSEWHERE](entry.identity), set()).add(entry.identity.path)

    def compare(
        self, path: str, find: Callable[[str], Sequence[Finding]], outlines: Mapping[str, Outline]
    ) -> tuple[Finding, ...]:
        """The findings of a file with their states; `find` gives those of any file of the project.

        What was carried elsewhere may have moved here, so it counts what is found there now.
        """
        findings = find(path)
        if not self._stored.entries or not findings:
            return tuple(findings)
        paths = {path}
        for finding in findings:
            paths |= self._like.get(KEYS[ELSEWHERE](identity_of(finding)), set())
        entries = [entry for each in sorted(paths) for entry in self._by_path.get(each, ())]
        known = [each for each in sorted(paths) if each in outlines]
        compared = compare(
            self._config,
            self._stored._replace(entries=tuple(sorted(entries))),
            [finding for each in known for finding in find(each)],
            paths=known,
            broken=[each for each in known if outlines[each].fault is not None],
            is_whole=False,
        )
        return tuple(finding for finding in compared.findings if finding.path == path)


def clean_up(config: Config, compared: Compared) -> Shrunk:
    """Takes out of the baseline what is over, and rewrites what has moved. Raises BaselineError."""
    shrunk = changes.sync(compared.outcome)
    folder.save(config.root, compared.stored, shrunk.entries)
    return shrunk


def _is_there(root: Path, path: str) -> bool:
    """Whether a project has a file, which git may know without having checked it out."""
    return os.path.lexists(root / path) or is_left_unchecked(root, path)


def _covers(config: Config) -> Callable[[str, str], bool]:
    runs: dict[str, list[Run]] = {}
    for instance in config.instances:
        runs.setdefault(instance.rule.id, []).append(Run(instance))
    # Findings about the configuration and about suppressions have no files of their own to look at.
    return lambda rule, path: any(run.about != "source" or run.covers(path) for run in runs.get(rule, ()))

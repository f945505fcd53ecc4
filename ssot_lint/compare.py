"""Compares what a run found with the baseline of the project, and cleans that up."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.baseline import changes, disk, folder
from ssot_lint.baseline.carry import WAIVED, Judged, Outcome, carry
from ssot_lint.baseline.changes import Shrunk
from ssot_lint.baseline.coverage import Coverage, nowhere
from ssot_lint.baseline.entries import Entry, identity_of
from ssot_lint.baseline.folder import Stored
from ssot_lint.baseline.matching import ELSEWHERE, KEYS
from ssot_lint.checks import Run
from ssot_lint.config import Config
from ssot_lint.facts.model import Outline
from ssot_lint.files import PathPatterns, is_left_unchecked
from ssot_lint.finding import Finding
from ssot_lint.rules._versions import admits

if TYPE_CHECKING:
    from ssot_lint.baseline.waivers import Waiver

_FIRST_MINOR = 10  # this tool runs with Python 3.10 and later


class Compared(NamedTuple):
    """A baseline as it is stored, and what it makes of a run."""

    stored: Stored
    outcome: Outcome

    @property
    def is_out_of_date(self) -> bool:
        """Whether entries are over, or their findings have moved or are better now."""
        outcome = self.outcome
        return any(left.is_over for left in outcome.left) or any(
            outcome.has_moved(judged) or outcome.is_better(judged) for judged in outcome.findings
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings with their states."""
        return tuple(judged.finding for judged in self.outcome.findings)


def load(config: Config) -> Stored:
    """The baseline of a project, and its waivers. Raises BaselineError."""
    if not disk.is_there(config.root):
        return Stored()
    from ssot_lint.baseline import waivers  # which most runs do without

    stored = folder.load(config.root, [rule.id for rule in config.catalogue.rules])
    return stored._replace(waivers=waivers.load(config.root, config.catalogue.selectors))


def compare(
    config: Config,
    stored: Stored,
    findings: Iterable[Finding],
    *,
    paths: Collection[str],
    broken: Collection[str],
    is_whole: bool,
    lacks: Callable[[str, str], bool] = nowhere,
) -> Compared:
    """Gives findings their states.

    `paths` are the files that were looked at, `broken` those of them that do not compile; `is_whole` tells
    whether the run was about the whole project, `lacks` whether a rule at a file builds on what is not
    installed.
    """
    coverage = Coverage(
        is_whole=is_whole,
        rules=rules_that_run(config),
        parsed={*paths, config.path}.difference(broken),
        broken=frozenset(broken),
        is_there=cache(lambda path: _is_there(config.root, path)),
        covers=_covers(config),
        lacks=lacks,
        older_python=older_python(config),
    )
    if not (stored.entries or stored.waivers):  # all is new, as rules found it
        return Compared(stored, Outcome(tuple(map(Judged, sorted(findings))), (), coverage))
    from ssot_lint.baseline import waivers

    waiver_of = waivers.finder(stored.waivers, config.catalogue.selectors)
    return Compared(stored, carry(findings, stored.entries, coverage, strict_paths(config), waiver_of))


def rules_that_run(config: Config) -> frozenset[str]:
    """The ids of the rules that a run under a configuration asks."""
    return frozenset(instance.rule.id for instance in config.instances)


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
        if not findings or not (self._stored.entries or self._stored.waivers):
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


def idle_waivers(config: Config, compared: Compared) -> tuple[Waiver, ...]:
    """The waivers that speak of nothing that is found, as far as a run can tell.

    It cannot where it was not about the whole project, where a rule was left out, and where a file that
    they are about does not compile.
    """
    coverage = compared.outcome.coverage
    if not coverage.is_whole:
        return ()
    from ssot_lint.baseline import waivers

    selectors = config.catalogue.selectors
    left_out = {instance.rule.id for instance in config.unselected}
    waived = (identity_of(each) for each in compared.findings if each.state == WAIVED)
    return tuple(
        waiver
        for waiver in waivers.idle(compared.stored.waivers, waived, selectors)
        if left_out.isdisjoint(selectors[waiver.rule])
        and not any(waiver.files.match(path) for path in coverage.broken)
    )


def clean_up(config: Config, compared: Compared) -> Shrunk:
    """Takes out of the baseline what is over, and rewrites what has moved. Raises BaselineError."""
    shrunk = changes.sync(compared.outcome)
    folder.save(config.root, compared.stored, shrunk.entries)
    return shrunk


def _is_there(root: Path, path: str) -> bool:
    """Whether a project has a file, which git may know without having checked it out."""
    return os.path.lexists(root / path) or is_left_unchecked(root, path)


def older_python(config: Config, minor: int = sys.version_info.minor) -> str:
    """The oldest Python that a project is for and this tool runs with, "" unless older than 3.`minor`.

    It may not compile what that one does.
    """
    asked = f">={config.python}" if config.python else config.requires_python
    if not asked or admits(asked, "0.0"):
        return ""  # it is not said where that begins
    older = (f"3.{each}" for each in range(_FIRST_MINOR, minor))
    return next((version for version in older if admits(asked, version)), "")


def _covers(config: Config) -> Callable[[str, str], bool]:
    runs: dict[str, list[Run]] = {}
    for instance in config.instances:
        runs.setdefault(instance.rule.id, []).append(Run(instance))
    # Findings about the configuration and about suppressions have no files of their own to look at.
    return lambda rule, path: any(run.about != "source" or run.covers(path) for run in runs.get(rule, ()))

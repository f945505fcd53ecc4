"""Tells what a change has caused: what is new since the commit where it parts from another history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ssot_lint.baseline import batches, budgets, history
from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.blame import Blame, blame
from ssot_lint.baseline.budgets import Budget
from ssot_lint.baseline.coverage import Coverage
from ssot_lint.baseline.error import TextError
from ssot_lint.compare import rules_that_run
from ssot_lint.config import Config
from ssot_lint.engine import Progress, Result
from ssot_lint.files import GitError, UsageError, changed_since, fork_point, read_file
from ssot_lint.past import Past, look_back


class Since(NamedTuple):
    """A change, from a commit to the files on the disk, and what it has caused."""

    commit: str  # the id of the one before the change
    changed: frozenset[str]  # paths of tracked files that differ
    past: Past
    blame: Blame
    budgets: tuple[Budget, ...]  # of before
    batches: Mapping[str, Batch]  # by name


def since(
    config: Config,
    result: Result,
    name: str,
    *,
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> tuple[Result, Since]:
    """The result of a run with what was there before a change told apart, and what the change has caused.

    The change begins where HEAD parts from the history of another commit, which `name` names. Raises
    UsageError where git lacks something that it takes to know, and BaselineError.
    """
    compared = result.compared
    assert compared is not None, "it was compared with a baseline, be it an empty one"
    try:
        commit = fork_point(config.root, name)
        changed = changed_since(config.root, commit)
        coverage = compared.outcome.coverage
        past = look_back(
            config,
            commit,
            jobs=jobs,
            use_cache=use_cache,
            progress=progress,
            named=frozenset(coverage.parsed | coverage.broken) - {config.path},
        )
        budgets_before = _budgets(config, commit)
    except GitError as error:
        raise UsageError(f"`--changed-since {name}`: {error}") from None
    entries = compared.stored.entries
    known = batches.load(config.root).by_name if entries else {}
    caused = blame(
        compared.outcome,
        entries,
        history.read(config.root, commit, config.catalogue.by_id.keys()) if entries else (),
        known,
        past.findings,
        Coverage(
            is_whole=True,
            rules=rules_that_run(config),
            parsed=past.paths - past.broken,
            broken=past.broken,
            is_there=past.paths.__contains__,
        ),
    )
    findings = tuple(judged.finding for judged in caused.findings)
    return result._replace(findings=findings), Since(commit, changed, past, caused, budgets_before, known)


def _budgets(config: Config, commit: str) -> tuple[Budget, ...]:
    """The budgets of a commit, none where they cannot be read: then all of now are new ones."""
    try:
        return budgets.parsed((read_file(config.root, commit, budgets.PATH) or b"").decode())
    except (TextError, UnicodeDecodeError):
        return ()

"""Checks many files in several processes, which are copies of this one and so have all that it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial

from ssot_lint.checks import Checked, Checks

FEWEST_FILES = 400
"""For fewer files, starting processes costs more than it saves."""

BATCH = 64
"""So many files a worker checks at a time."""

_checks: Checks  # of a worker


def check_files(checks: Checks, paths: Sequence[str], jobs: int | None = 1) -> Mapping[str, Checked]:
    """What is found in each of some files, by path; the same for any number of processes.

    `jobs` is that number, one for each core when None.
    """
    workers = _number_of_workers(jobs, len(paths)) if len(paths) >= FEWEST_FILES else 1
    found = _checked_by_workers(checks, paths, workers) if workers > 1 else {}
    # What a worker failed at is done here, where an error of a rule shows as it does without workers.
    return {path: found[path] if path in found else checks.file(path) for path in paths}


def _number_of_workers(jobs: int | None, files: int) -> int:
    from ssot_lint import pools  # it takes a while, and runs over few files start no process

    wanted = min(jobs or pools.cores(), files // BATCH)
    if wanted < 2 or not pools.can_fork() or pools.may_start_none():
        return 1
    return min(wanted, pools.copies_that_fit())


def _checked_by_workers(checks: Checks, paths: Sequence[str], workers: int) -> Mapping[str, Checked]:
    """What workers find, without that at which they fail."""
    from ssot_lint import pools

    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    found: dict[str, Checked] = {}
    with closing(pools.done(_check_batch, batches, workers, partial(_adopt, checks))) as done:
        for batch, made in done:
            if made is not None:
                checked, has_asked = made
                found.update(zip(batch, checked))
                if has_asked:
                    checks.project.collection("")  # what this process is told of it is part of the run
    return found


def _adopt(checks: Checks) -> None:
    global _checks
    _checks = checks


def _check_batch(paths: Sequence[str]) -> tuple[list[Checked], bool] | None:
    """What is found in files, and whether a rule has asked how pytest collects; None if a rule fails."""
    try:
        checked = [_checks.file(path) for path in paths]
    except Exception:
        return None  # it fails again where it can be told of, whatever kind of exception it is
    return checked, _checks.project.has_asked_collections

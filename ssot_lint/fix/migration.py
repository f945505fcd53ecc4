"""Changes many files in batches, each of which is proved to be right or taken back.

A batch is written, checked, verified and committed. Where anything of that fails, its files get their old
bytes again, and each half of it is tried on its own, and so on down to the files at fault, which are left as
they are; the others stay changed. What changes a file, and what is right, is up to the caller: see `Steps`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.fix.commits import Commits
from ssot_lint.fix.disk import FixError
from ssot_lint.fix.journal import Journal
from ssot_lint.fix.journal_lines import Batch, Failure
from ssot_lint.fix.transaction import Change, UnwritableError, apply, commit, roll_back, written_since
from ssot_lint.fix.verify import Pytest, Verify

Make = Callable[[Sequence[str]], Sequence[Change]]
"""Computes the changes of files, as they are now, by their paths; those that need none may be left out."""

Check = Callable[[Sequence[Change]], Sequence[str]]
"""Says what is wrong now that changes are written: what does not compile, what was found anew."""


class Steps(NamedTuple):
    """What is done with each batch, and what it has to pass."""

    make: Make
    check: Check
    verify: Verify | None = None
    pytest: Pytest | None = None  # if no test of a batch may be lost
    tests: Collection[str] = frozenset()  # paths of the files that pytest collects
    commits: Commits | None = None


class Outcome(NamedTuple):
    """What became of the files of a migration, by their paths from the root."""

    migrated: tuple[str, ...]
    unchanged: tuple[str, ...]  # for which there was no change
    failures: tuple[Failure, ...]


class _Before(NamedTuple):
    """How things were before the first batch."""

    failed: frozenset[str] = frozenset()  # files whose verification failed
    tests: Mapping[str, int] = {}  # the number of tests in files, by path


def run(
    journal: Journal,
    paths: Sequence[str],
    size: int,
    steps: Steps,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Changes files in their order, `size` at a time; `progress` is told how many are through.

    Raises FixError where the disk, git or the verify command cannot be used at all. What is raised leaves the
    batches before it as they are, and nothing of the batch that it comes from.
    """
    batches = [tuple(paths[start : start + size]) for start in range(0, len(paths), size)]
    journal.say("plan", paths=list(paths))
    before = _before(journal.root, batches, steps)
    journal.say("baseline", failed=sorted(before.failed))
    migrated: list[str] = []
    unchanged: list[str] = []
    failures: list[Failure] = []
    waiting = deque(batches)
    while waiting:
        batch = waiting.popleft()
        changes = [change for change in steps.make(batch) if change.before != change.after]
        failure = _attempt(journal, changes, steps, before) if changes else None
        if failure and len(batch) > 1:
            middle = len(batch) // 2
            waiting.extendleft((batch[middle:], batch[:middle]))
            continue
        if failure:
            failures.append(failure._replace(path=batch[0]))
            journal.say("failed", **failures[-1]._asdict())
        else:
            changed = {change.path for change in changes}
            migrated += [path for path in batch if path in changed]
            unchanged += [path for path in batch if path not in changed]
        if progress:
            progress(len(migrated) + len(unchanged) + len(failures))
    journal.say("end")
    return Outcome(tuple(migrated), tuple(unchanged), tuple(failures))


def _before(root: str, batches: Sequence[Sequence[str]], steps: Steps) -> _Before:
    """How things are before anything is changed. Raises FixError where verification means nothing then."""
    failed: list[str] = []
    tests: dict[str, int] = {}
    if steps.verify and not steps.verify.takes_files:
        complaint = steps.verify.complaint(root, ())
        if complaint:
            raise FixError(
                "verification fails before anything is changed, so that it proves nothing; mend that first, "
                f"or verify the changed files alone, as in `pytest -q {{files}}`\n{complaint}"
            )
    for batch in batches:
        if steps.verify and steps.verify.takes_files:
            failed += _failing(root, batch, steps.verify)
        if steps.pytest:
            tests.update(steps.pytest.counts(root, [path for path in batch if path in steps.tests]))
    return _Before(frozenset(failed), tests)


def _failing(root: str, paths: Sequence[str], verify: Verify) -> list[str]:
    """The files whose verification fails when they are verified alone."""
    if not verify.complaint(root, paths):
        return []
    if len(paths) == 1:
        return list(paths)
    middle = len(paths) // 2
    return [*_failing(root, paths[:middle], verify), *_failing(root, paths[middle:], verify)]


def _attempt(journal: Journal, changes: Sequence[Change], steps: Steps, before: _Before) -> Failure | None:
    """Writes changes and lets them stay, or takes them back and says why; the path is still to be named."""
    unfit = [change.path for change in changes if steps.commits and change.path in steps.commits.unfit]
    if unfit:
        return Failure("", "commit", f"{unfit[0]}: has changes that are not committed, or is not tracked")
    try:
        batch = apply(journal, changes)
    except UnwritableError as error:
        return Failure("", "write", str(error))
    revision = ""
    failure = _wrong(journal, batch, changes, steps, before)
    if not failure and steps.commits:
        revision, reason = steps.commits.make(journal.root, [change.path for change in changes])
        failure = Failure("", "commit", reason) if reason else None
    if not failure:
        commit(journal, batch, revision)
        return None
    left = roll_back(journal, batch, failure.reason)
    return failure._replace(reason="\n".join((failure.reason, *(f"{each}, so it is left" for each in left))))


def _wrong(
    journal: Journal, batch: Batch, changes: Sequence[Change], steps: Steps, before: _Before
) -> Failure | None:
    """What is wrong with a batch that is written."""
    complaints = steps.check(changes)
    if complaints:
        return Failure("", "check", "\n".join(complaints))
    paths = [change.path for change in changes]
    to_verify = [path for path in paths if path not in before.failed]
    if steps.verify and to_verify:
        complaint = steps.verify.complaint(journal.root, to_verify)
        if complaint:
            return Failure("", "verify", complaint)
    lost = _lost_tests(journal.root, [path for path in paths if path in before.tests], steps, before)
    if lost:
        return Failure("", "collect", lost)
    touched = written_since(journal, batch)
    if touched:
        return Failure("", "verify", "\n".join(f"{each} while it was verified" for each in touched))
    return None


def _lost_tests(root: str, paths: Sequence[str], steps: Steps, before: _Before) -> str:
    """Which files have fewer tests than before, "" where none has."""
    after = steps.pytest.counts(root, paths) if steps.pytest else {}
    fewer = [path for path in paths if after.get(path, 0) < before.tests[path]]
    return "\n".join(
        f"{path}: pytest collects {after.get(path, 0)} tests, of {before.tests[path]}" for path in fewer
    )

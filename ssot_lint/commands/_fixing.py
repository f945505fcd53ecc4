"""Fixes what a check reports, or shows how."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from ssot_lint.commands._diff import unified
from ssot_lint.config import Config
from ssot_lint.engine import Result
from ssot_lint.files import read_text
from ssot_lint.finding import Finding
from ssot_lint.fix import migration
from ssot_lint.fix.fixer import Fixer
from ssot_lint.fix.transaction import recover, started
from ssot_lint.reports import concise, counted, neutral
from ssot_lint.session import Session

_MOST_SHOWN = 10


class Fixed(NamedTuple):
    """What was fixed, and what to tell about it."""

    number: int  # of findings
    notes: tuple[str, ...]


def recovered(config: Config) -> list[str]:
    """Put back what a run that was killed has left half done; return the lines to tell about it."""
    return [line for each in recover(config.root) for line in str(each).splitlines()]


def fixable(result: Result, *, unsafe: bool) -> list[Finding]:
    """Return the findings of a run that can be fixed."""
    return [each for each in result.new if each.fix is not None and (unsafe or each.fix.is_safe)]


def fix(config: Config, findings: Collection[Finding], *, use_cache: bool) -> Fixed:
    """Fix findings, all at once. Raises UsageError where nothing can be written."""
    if not findings:
        return Fixed(0, ())
    fixer = _fixer(config, findings, use_cache=use_cache)
    paths = sorted({finding.path for finding in findings})
    with started(config.root, "check --fix") as journal:
        outcome = migration.run(journal, paths, len(paths), migration.Steps(fixer.make, fixer.check))
    notes = [
        f"not fixed: {neutral(each.path)}: {neutral(line)}"
        for each in outcome.failures
        for line in each.reason.splitlines()
    ]
    notes += journal.notes
    notes += _shortened([line for path in sorted(fixer.unfixed) for line in _unfixed(fixer, path)])
    number = sum(len(fixer.fixed[path]) for path in outcome.migrated)
    if number:
        notes.append(
            f"fixed {counted(number, 'finding')} in {counted(len(outcome.migrated), 'file')}; "
            f"`ssot-lint migrate rollback {journal.id}` takes it back"
        )
    return Fixed(number, tuple(notes))


def diff(config: Config, findings: Collection[Finding], *, use_cache: bool, colour: bool) -> Iterator[str]:
    """Yield the lines of a unified diff of what fixes would change; nothing is written."""
    if findings:
        fixer = _fixer(config, findings, use_cache=use_cache)
        for change in fixer.make(sorted({finding.path for finding in findings})):
            yield from unified(change.path, read_text(change.before), read_text(change.after), colour=colour)


def _fixer(config: Config, findings: Collection[Finding], *, use_cache: bool) -> Fixer:
    """What fixes findings, wherever earlier fixes have moved them."""
    wanted = {finding.fingerprint for finding in findings}
    is_safe = all(finding.fix is None or finding.fix.is_safe for finding in findings)
    return Fixer(
        Session(config, use_cache=use_cache),
        lambda finding: (
            finding.fingerprint in wanted and finding.fix is not None and (finding.fix.is_safe or not is_safe)
        ),
    )


def _unfixed(fixer: Fixer, path: str) -> Iterator[str]:
    for each in fixer.unfixed[path]:
        place = concise.place(each.finding.path, each.finding.span)
        yield f"not fixed: {place}: {each.finding.rule}: {neutral(each.reason)}"


def _shortened(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_SHOWN
    return [*lines[:_MOST_SHOWN], *([f"not fixed: {more} more"] if more > 0 else [])]

"""What `ssot-lint migrate` prints: pure functions to lines of text, or to a JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ssot_lint.finding import Finding
from ssot_lint.fix import history
from ssot_lint.fix.disk import CHANGED
from ssot_lint.fix.fixer import Unfixed
from ssot_lint.fix.journal_lines import COMMITTED, Failure, Migration
from ssot_lint.fix.migration import Outcome
from ssot_lint.fix.targets import Target
from ssot_lint.fix.transaction import Refusal
from ssot_lint.reports import concise, counted, neutral
from ssot_lint.reports.json import encode

VERSION = 1

NOTHING = "there is no migration"
NOTHING_LEFT = "there is no migration to take back"

_NO_OWNER = "(nobody)"
_TOP = "(top)"
_MOST_FILES = 20  # more than that are only counted: JSON has all
_MOST_REASONS = 5  # lines of why a file failed


# plan


def plan(targets: Sequence[Target]) -> Iterator[str]:
    """The lines about what would change: per rule, folder and owner, and the files in their order."""
    if not targets:
        yield "nothing to migrate"
        return
    findings = sum(len(target.findings) for target in targets)
    yield f"{counted(findings, 'finding')} in {counted(len(targets), 'file')} would be fixed"
    for title, groups in _groupings(targets):
        rows = [(title, "findings", "files")]
        rows += [(name, str(found), str(files)) for name, (found, files) in groups.items()]
        yield ""
        yield from _table(rows)
    yield ""
    yield from _table(
        [
            ("order", "risk", "findings", "file"),
            *(
                (str(number), target.risk, str(len(target.findings)), _described(target))
                for number, target in enumerate(targets[:_MOST_FILES], 1)
            ),
        ]
    )
    if len(targets) > _MOST_FILES:
        risks = Counter(target.risk for target in targets)
        listed = ", ".join(f"{number} {risk}" for risk, number in risks.items())
        yield f"and {len(targets) - _MOST_FILES} more, which `--format json` lists; risks of all: {listed}"


def plan_document(targets: Sequence[Target]) -> str:
    """The same as a JSON document, with every file."""
    files = [
        {
            "path": target.path,
            "risk": target.risk,
            "reasons": list(target.risks),
            "owners": list(target.owners),
            "is_strict": target.is_strict,
            "findings": [_fix_of(finding) for finding in target.findings],
        }
        for target in targets
    ]
    groups = {
        f"{title}s": {name: {"findings": found, "files": number} for name, (found, number) in each.items()}
        for title, each in _groupings(targets)
    }
    return encode({"version": VERSION, "files": files, **groups})


def _fix_of(finding: Finding) -> dict[str, Any]:
    assert finding.fix is not None, "it would not be a target"
    return {
        "rule": finding.rule,
        "line": finding.span.line,
        "fingerprint": finding.fingerprint,
        "title": finding.fix.title,
        "is_safe": finding.fix.is_safe,
    }


def _groupings(targets: Sequence[Target]) -> Iterator[tuple[str, Mapping[str, tuple[int, int]]]]:
    """The numbers of findings and files by rule, by folder at the top, and by owner if there are owners."""
    yield "rule", _numbers(targets, lambda each: [finding.rule for finding in each.findings])
    yield "folder", _numbers(targets, lambda each: [_folder(each.path)] * len(each.findings))
    if any(target.owners for target in targets):
        yield "owner", _numbers(targets, lambda each: (each.owners or (_NO_OWNER,)) * len(each.findings))


def _numbers(
    targets: Iterable[Target], names: Callable[[Target], Iterable[str]]
) -> dict[str, tuple[int, int]]:
    """The numbers of findings and of files by name; `names` gives those of the findings of a file."""
    findings: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for target in targets:
        named = Counter(names(target))
        findings.update(named)
        files.update(named.keys())
    return {name: (number, files[name]) for name, number in findings.most_common()}


def _folder(path: str) -> str:
    return f"{path.partition('/')[0]}/" if "/" in path else _TOP


def _described(target: Target) -> str:
    strict = " (strict)" if target.is_strict else ""
    risks = f": {'; '.join(target.risks)}" if target.risks else ""
    return neutral(f"{target.path}{strict}{risks}")


# run


def progress(done: int, total: int) -> str:
    """The line after each batch."""
    return f"{done} of {counted(total, 'file')} done"


def outcome(
    done: Outcome, fixed: Mapping[str, Sequence[Finding]], unfixed: Mapping[str, Sequence[Unfixed]]
) -> Iterator[str]:
    """The lines about what a run has done."""
    rules = Counter(finding.rule for path in done.migrated for finding in fixed[path])
    if rules:
        yield ""
        yield from _table([("rule", "fixed"), *((rule, str(number)) for rule, number in rules.most_common())])
        yield ""
    for failure in done.failures:
        yield from _failed(failure)
    left = [each for path in (*done.migrated, *done.unchanged) for each in unfixed.get(path, ())]
    for each in left[:_MOST_FILES]:
        place = concise.place(each.finding.path, each.finding.span)
        yield f"not fixed: {place}: {each.finding.rule}: {neutral(each.reason)}"
    if len(left) > _MOST_FILES:
        yield f"not fixed: {len(left) - _MOST_FILES} more"
    yield (
        f"{counted(rules.total(), 'finding')} fixed in {counted(len(done.migrated), 'file')}, "
        f"{len(done.unchanged)} without a change, {len(done.failures)} failed"
    )


def _failed(failure: Failure) -> Iterator[str]:
    yield neutral(f"failed: {failure.path} ({failure.stage})")
    lines = failure.reason.splitlines()
    yield from (f"  {neutral(line)}" for line in lines[:_MOST_REASONS])
    if len(lines) > _MOST_REASONS:
        yield "  ..."


# status and log


def status(known: Migration, files: Mapping[str, str]) -> Iterator[str]:
    """The lines about a migration and how its files are now."""
    yield neutral(f"migration {known.id}, {known.time}: {known.title}")
    counts = Counter(files.values())
    parts = [f"{number} {state}" for state, number in sorted(counts.items())]
    yield f"{counted(len(files), 'file')} changed" + (f", now {', '.join(parts)}" if parts else "")
    for path, state in files.items():
        if state not in (history.MIGRATED, history.AS_BEFORE):
            yield neutral(f"  {path}: {state}")
    if known.failed_before:
        yield f"{counted(len(known.failed_before), 'file')} not verified: that failed before any change"
        yield from (neutral(f"  {path}") for path in known.failed_before)
    for failure in known.failures:
        yield from _failed(failure)
    remaining = _open(known)
    if remaining:
        yield f"{counted(len(remaining), 'file')} not reached: `ssot-lint migrate run` goes on"


def status_document(known: Migration | None, files: Mapping[str, str]) -> str:
    """The same as a JSON document, without a migration where there is none."""
    if known is None:
        return encode({"version": VERSION, "migration": None})
    details = {
        "states": dict(files),
        "failures": [failure._asdict() for failure in known.failures],
        "failed_before": list(known.failed_before),
        "not_reached": _open(known),
    }
    return encode({"version": VERSION, "migration": {**_entry(known), **details}})


def log(migrations: Sequence[Migration]) -> Iterator[str]:
    """A line for each migration."""
    if not migrations:
        yield NOTHING
        return
    undone = {known.undoes: known.id for known in migrations if known.undoes}
    rows = []
    for known in migrations:
        parts = [counted(len(history.written_by(known)), "file")]
        parts += [f"{len(known.failures)} failed"] if known.failures else []
        parts += [f"{len(_open(known))} not reached"] if _open(known) else []
        parts += [f"taken back by {undone[known.id]}"] if known.id in undone else []
        rows.append((known.id, known.time, neutral(known.title), ", ".join(parts)))
    yield from _table(rows)


def log_document(migrations: Iterable[Migration]) -> str:
    """The same as a JSON document."""
    return encode({"version": VERSION, "migrations": [_entry(known) for known in migrations]})


def _entry(known: Migration) -> dict[str, Any]:
    return {
        "id": known.id,
        "time": known.time,
        "title": known.title,
        "undoes": known.undoes,
        "is_ended": known.is_ended,
        "files": list(history.written_by(known)),
        "failed": [failure.path for failure in known.failures],
        "commits": [batch.commit for batch in known.batches if batch.commit],
    }


def _open(known: Migration) -> list[str]:
    """The files that a migration which was stopped did not come to."""
    if known.is_ended or not known.plan:
        return []
    seen = {failure.path for failure in known.failures}
    seen.update(file.path for batch in known.batches if batch.state == COMMITTED for file in batch.files)
    return [path for path in known.plan if path not in seen]


# rollback


def rolled_back(migration_id: str, done: history.RolledBack) -> Iterator[str]:
    """The lines about a migration that was taken back, but for what was refused."""
    yield f"migration {migration_id}: {counted(len(done.restored), 'file')} as before again" + (
        f", {len(done.already)} already were" if done.already else ""
    )
    if done.id:
        yield f"`ssot-lint migrate rollback {done.id}` takes that back"


def refused(refusal: Refusal) -> str:
    """The line about a file that is left as it is."""
    hint = "; `--force` loses that" if refusal.reason == CHANGED else ""
    return neutral(f"left alone: {refusal}{hint}")


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()

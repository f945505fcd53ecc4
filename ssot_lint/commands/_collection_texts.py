"""What `ssot-lint collection` prints: pure functions from what was measured to text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from ssot_lint.finding import Finding
from ssot_lint.outside.explanations import Explained, explained_errors, explained_warnings
from ssot_lint.outside.measurement import Kept
from ssot_lint.outside.record import Comparison, Record
from ssot_lint.project import Project
from ssot_lint.reports import counted, neutral
from ssot_lint.reports.json import encode

VERSION = 1

_MOST = 20  # entries of a list that are shown
_WIDEST = 160  # characters of a title that are shown


@dataclass(frozen=True)
class Story:
    """All that there is to tell about a collection."""

    kept: Kept
    record: Record | None
    comparison: Comparison | None
    tolerance: float  # per cent
    is_worse: bool
    findings: Sequence[Finding]
    project: Callable[[], Project]  # loaded when it is first asked for

    @cached_property
    def errors(self) -> list[Explained]:
        """The errors, with what explains them."""
        return explained_errors(self.kept.measurement, self.findings, self.project)

    @cached_property
    def warnings(self) -> list[Explained]:
        """The warnings, with what explains them."""
        return explained_warnings(self.kept.measurement, self.findings)


def text(story: Story) -> Iterator[str]:
    """The lines for a person."""
    yield from _table(story)
    yield from _listed("errors", story.errors)
    yield from _listed("warnings", story.warnings)
    if story.comparison is not None and (new := [*story.comparison.errors, *story.comparison.warnings]):
        yield ""
        yield "new since the record:"
        yield from _cut([f"  {neutral(each)}" for each in new])


def notes(story: Story) -> Iterator[str]:
    """What one should know of the numbers."""
    found = story.kept.measurement
    yield f"collected by pytest {found.pytest} on Python {found.python}"
    yield (
        f"it took {found.seconds:.2f} s, {found.processor:.2f} s of them on the processor, which are told in "
        f"units of a fixed piece of work that took {found.reference * 1000:.1f} ms, to hold on other machines"
    )
    if not found.sees_warnings:
        yield "pytest was told not to record warnings (`-p no:warnings`), so there may be some"
    if found.stopped is not None:
        yield "pytest did not get to its end, so these numbers are not all"
    if story.comparison is not None:
        yield from story.comparison.notes


def document(story: Story, exit_code: int) -> str:
    """One JSON document."""
    kept, found = story.kept, story.kept.measurement
    comparison = story.comparison
    return encode(
        {
            "version": VERSION,
            "python": found.python,
            "pytest": found.pytest,
            "paths": kept.paths,
            "arguments": kept.arguments,
            "is_finished": found.is_finished and found.stopped is None,
            "tests": found.collected,
            "files": len(found.tests),
            "deselected": found.deselected,
            "tests_by_file": dict(sorted(found.tests.items())),
            "seconds": found.seconds,
            "processor": found.processor,
            "reference": found.reference,
            "time": found.ratio,
            "sees_warnings": found.sees_warnings,
            "errors": [_entry(each) for each in story.errors],
            "warnings": [_entry(each) for each in story.warnings],
            "record": msgspec.to_builtins(story.record) if story.record is not None else None,
            "comparison": comparison._asdict() if comparison is not None else None,
            "is_worse": story.is_worse,
            "exit_code": exit_code,
        }
    )


def _table(story: Story) -> Iterator[str]:
    found = story.kept.measurement
    rows: list[tuple[str, ...]] = [
        ("tests", str(found.collected), f"{found.deselected} deselected" if found.deselected else ""),
        ("files", str(len(found.tests)), ""),
        ("errors", str(len(found.errors)), ""),
        ("warnings", str(len(found.warnings)), ""),
        ("time", f"{found.ratio:.1f}", ""),
    ]
    if story.record is not None and story.comparison is not None:
        then, changes = _then(story.record), _changes(story.comparison, story.tolerance)
        rows = [
            ("", "now", "record", "change", ""),
            *((name, now, old, change, more) for (name, now, more), old, change in zip(rows, then, changes)),
        ]
    widths = [max(map(len, column)) for column in zip(*rows)]
    yield from ("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def _then(record: Record) -> list[str]:
    """What the rows of the table were on record."""
    errors, warnings = sum(record.errors.values()), sum(record.warnings.values())
    return [str(record.tests), str(record.files), str(errors), str(warnings), f"{record.time:.1f}"]


def _changes(comparison: Comparison, tolerance: float) -> list[str]:
    """What is different in the rows of the table, "" for what is not."""
    slower = f"{abs(comparison.slowdown):.1f} % {'slower' if comparison.slowdown > 0 else 'faster'}"
    if comparison.slowdown > tolerance:
        slower += f", more than {tolerance:g} %"
    return [
        f"{comparison.lost} lost" if comparison.lost else "",
        "",
        f"{len(comparison.errors)} new" if comparison.errors else "",
        f"{len(comparison.warnings)} new" if comparison.warnings else "",
        slower if round(comparison.slowdown, 1) else "",
    ]


def _listed(what: str, entries: Sequence[Explained]) -> Iterator[str]:
    if not entries:
        return
    total = sum(entry.number for entry in entries)
    known = sum(entry.number for entry in entries if entry.is_explained)
    yield ""
    yield f"{what}: {known} of {total} explained"
    blocks = ["\n".join(_block(entry)) for entry in entries]
    yield from _cut(blocks)


def _block(entry: Explained) -> Iterator[str]:
    place = f"{entry.path}:{entry.line}" if entry.line else entry.path
    times = f" ({counted(entry.number, 'time')})" if entry.number > 1 else ""
    yield (
        f"  {neutral(place)}: {neutral(entry.title)}{times}" if place else f"  {neutral(entry.title)}{times}"
    )
    for finding in entry.findings:
        at = f"{finding.path}:{finding.span.line}"
        yield f"    {finding.code} {finding.rule} at {neutral(at)}: {neutral(finding.message)}"
    if entry.remark:
        yield f"    {neutral(entry.remark)}"


def _cut(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"  and {len(lines) - _MOST} more, which `--format json` has"


def _entry(each: Explained) -> dict[str, Any]:
    return {
        "path": each.path,
        "line": each.line,
        "title": each.title,
        "number": each.number,
        "findings": [
            {
                "rule": finding.rule,
                "code": finding.code,
                "path": finding.path,
                "line": finding.span.line,
                "message": finding.message,
                "fingerprint": finding.fingerprint,
            }
            for finding in each.findings
        ],
        "remark": each.remark,
    }

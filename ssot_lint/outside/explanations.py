"""Names what explains an error or a warning of a collection: findings at the very lines that it passed.

An exception knows which lines of which files it went through, imports among them. So little is guessed: a
finding explains it only if it stands at one of these lines, or says that a file on the way does not compile,
or one that the module imports which lacks a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.baseline.coverage import BROKEN_RULES
from ssot_lint.finding import Finding
from ssot_lint.meaning import EXTERNAL
from ssot_lint.outside.measurement import Failure, Measurement, Warned
from ssot_lint.project import Project

_UNCOLLECTED = "uncollected-test"
_NO_MODULE = re.compile(r"No module named '([^'.]+)(?:\.[^']*)?'(?:;.*)?")
_NOT_COLLECTED = re.compile(r"cannot collect test class '([^']+)'")


class Explained(NamedTuple):
    """An error, or warnings of one kind in one file, and what explains them."""

    path: str  # from the root, "" where it is not known
    line: int  # 1-based, 0 where there is none
    title: str
    number: int  # how many there are of it
    findings: tuple[Finding, ...]
    remark: str = ""  # what explains it without a finding

    @property
    def is_explained(self) -> bool:
        """Whether anything is known of where it comes from."""
        return bool(self.findings or self.remark)


def explained_errors(
    found: Measurement, findings: Iterable[Finding], project: Callable[[], Project]
) -> list[Explained]:
    """The errors of a collection, in the order of their files; the project is asked for if it is needed."""
    by_path = _by_path(findings)
    stopped = (found.stopped,) if found.stopped is not None else ()
    return sorted(_error(failure, by_path, project) for failure in (*stopped, *found.errors))


def explained_warnings(found: Measurement, findings: Iterable[Finding]) -> list[Explained]:
    """The warnings of a collection, those of one kind in one file together: the most first."""
    by_path = _by_path(findings)
    groups: dict[tuple[str, str], list[Warned]] = {}
    for warned in found.warnings:
        groups.setdefault((warned.path, warned.kind), []).append(warned)
    entries = [_warnings(group, kind, by_path) for (_, kind), group in groups.items()]
    return sorted(entries, key=lambda entry: (-entry.number, entry))


def _reached(project: Project, start: str) -> set[str]:
    """The files that one imports, through any number of others, with the first."""
    pending = [start] if start in project.outlines else []
    seen = set(pending)
    while pending:
        path = pending.pop()
        for entry in project.file(path).details.imports:
            for name in ("", entry.name):
                for meaning in project.imported(path, entry.level, entry.module, name):
                    if meaning.path in project.outlines and meaning.path not in seen:
                        seen.add(meaning.path)
                        pending.append(meaning.path)
    return seen


def _error(
    failure: Failure, by_path: Mapping[str, Sequence[Finding]], project: Callable[[], Project]
) -> Explained:
    at_lines = (
        finding
        for path, line in failure.frames
        for finding in by_path.get(path, ())
        if _is_at(finding, line) or finding.rule in BROKEN_RULES
    )
    behind = {failure.path, *(_reached(project(), failure.lacking) if failure.lacking else ())}
    broken = (each for path in behind for each in by_path.get(path, ()) if each.rule in BROKEN_RULES)
    findings = {*at_lines, *broken}
    line = next((line for path, line in reversed(failure.frames) if path == failure.path), 0)
    return Explained(failure.path, line, failure.title, 1, tuple(sorted(findings)), _remark(failure, project))


def _remark(failure: Failure, project: Callable[[], Project]) -> str:
    """What explains an error although no finding says it."""
    if failure.other:
        return f"{failure.other} has the same name; with an `__init__.py` in both folders they are told apart"
    missing = _NO_MODULE.fullmatch(failure.message)
    if missing is not None and project().module(missing[1], failure.path).kind == EXTERNAL:
        return (
            f"`{missing[1]}` is no module of the project, and not installed for the Python that runs pytest"
        )
    return ""


def _warnings(group: Sequence[Warned], kind: str, by_path: Mapping[str, Sequence[Finding]]) -> Explained:
    path = group[0].path
    classes = {name for warned in group for name in _NOT_COLLECTED.findall(warned.message)}
    lines = {warned.line for warned in group}
    findings = [
        finding
        for finding in by_path.get(path, ())
        if (_is_about(finding, classes) if classes else any(_is_at(finding, line) for line in lines))
    ]
    return Explained(path, min(lines), kind, len(group), tuple(findings))


def _is_about(finding: Finding, classes: Collection[str]) -> bool:
    return finding.rule == _UNCOLLECTED and bool(finding.subject) and finding.subject[0] in classes


def _is_at(finding: Finding, line: int) -> bool:
    return finding.span.line <= line <= finding.span.end_line


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in sorted(findings):
        found.setdefault(finding.path, []).append(finding)
    return found

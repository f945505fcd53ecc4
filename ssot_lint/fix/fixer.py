"""Fixes what is found in files of a project that stays loaded, and says what that brings about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ssot_lint import codec
from ssot_lint.file import File
from ssot_lint.finding import Finding
from ssot_lint.fix.rewrite import rewrite
from ssot_lint.fix.transaction import Change
from ssot_lint.gather import extract_safely
from ssot_lint.hook.impact import Importers, affected, lost
from ssot_lint.project import Project
from ssot_lint.rules._patched import patched
from ssot_lint.session import Session

_MOST_PASSES = 10  # a fix can make room for another that wanted the same place


class Unfixed(NamedTuple):
    """A finding whose fix was not made, and why."""

    finding: Finding
    reason: str


def may_drop(path: str, project: Project, importers: Importers) -> Callable[[str], bool]:
    """Return what tells of a name that a file imports whether no other file takes it from there.

    That is by an import, as an attribute of the module or of a package above it, or by a patch.
    """

    def may_go(name: str) -> bool:
        if name in patched(project) or any(importers.of(path, name)):
            return False
        holders = {importer for importer, _ in importers.of(path, "")}
        return not any(_names(project.file(holder), name) for holder in holders)

    return may_go


def _names(file: File, attribute: str) -> bool:
    """Whether a file names an attribute of anything, or gives its name to a call."""
    return any(
        attribute in use.name.split(".")[1:]
        or any(text == attribute for arguments in use.arguments for _, text in arguments.literals)
        for use in (*file.details.uses, *file.bodies.members)
    )


class Fixer:
    """Computes changes of files and judges them: the `make` and the `check` of a migration.

    `wants` tells of a finding that has a fix whether it is to be fixed. What was fixed and what was not is
    known by path after `make`: the findings that were, among them those that another fix brought about, and
    in `unfixed` those that were to be, with reasons.
    """

    def __init__(self, session: Session, wants: Callable[[Finding], bool]) -> None:
        self._session = session
        self._wants = wants
        self._before: dict[str, tuple[Finding, ...]] = {}
        self._not_as_on_disk: set[str] = set()  # files for which the session may have another text
        self.fixed: dict[str, tuple[Finding, ...]] = {}
        self.unfixed: dict[str, tuple[Unfixed, ...]] = {}

    def wanted(self, path: str) -> list[Finding]:
        """The findings of a file that are to be fixed."""
        return [
            finding
            for finding in self._session.findings(path)
            if finding.fix is not None and self._wants(finding)
        ]

    def make(self, paths: Sequence[str]) -> list[Change]:
        """The changes of files as they are on the disk now; files without any are left out.

        The session has their new texts from then on. Of fixes that want the same place the first is made,
        and then what is still to be fixed.
        """
        read = {path: self._session.reread(path) for path in sorted(self._not_as_on_disk.union(paths))}
        before = {path: data for path in paths if (data := read[path]) is not None}
        self.fixed.update(dict.fromkeys(before, ()))
        self._before = {}
        self._not_as_on_disk = set()
        texts = dict(before)
        pending = list(before)
        for _ in range(_MOST_PASSES):
            self.unfixed.update(dict.fromkeys(pending, ()))
            pending = [path for path in pending if self.wanted(path)]
            if not pending:
                break
            importers = Importers(self._session.project)
            rewritten = {path: self._rewritten(path, texts[path], importers) for path in pending}
            changed = {path: data for path, data in rewritten.items() if data != texts[path]}
            self._take(changed)
            texts.update(changed)
            pending = [*changed]
        return [Change(path, data, texts[path]) for path, data in before.items() if data != texts[path]]

    def check(self, changes: Sequence[Change]) -> list[str]:
        """What is wrong with changes that were just made: what breaks, what is found anew or as before."""
        complaints = []
        for path, before in self._before.items():
            complaints += [
                f"{finding.path}:{finding.span.line}: {finding.rule} {finding.message}"
                for finding in _without(self._session.findings(path), before)
            ]
        for change in changes:
            still = Counter(map(_identity, self._session.findings(change.path)))
            was = Counter(map(_identity, self._before[change.path]))
            for identity, number in Counter(map(_identity, self.fixed[change.path])).items():
                if still[identity] > max(was[identity] - number, 0):
                    complaints.append(
                        f"{change.path}: {identity[0]} is found as before, the fix had no effect"
                    )
        return complaints

    def _rewritten(self, path: str, data: bytes, importers: Importers) -> bytes:
        """The bytes of a file with what is to be fixed in it fixed, and notes what was."""
        fixes = {finding: finding.fix for finding in self.wanted(path) if finding.fix is not None}
        rewritten = rewrite(data, list(fixes.values()), may_drop(path, self._session.project, importers))
        reasons = {refused.fix: refused.reason for refused in rewritten.refused}
        self.fixed[path] += tuple(finding for finding, fix in fixes.items() if fix in rewritten.applied)
        self.unfixed[path] = tuple(
            Unfixed(finding, reasons[fix]) for finding, fix in fixes.items() if fix in reasons
        )
        return rewritten.data

    def _take(self, texts: Mapping[str, bytes]) -> None:
        """Lets the session have new texts, and remembers what was found where they can make a difference."""
        for path in self._touched(texts):
            self._before.setdefault(path, self._session.findings(path))
        for path, data in texts.items():
            self._session.replace(path, data)
        self._not_as_on_disk.update(texts)

    def _touched(self, texts: Mapping[str, bytes]) -> list[str]:
        """The files that new texts can bring findings to: those that have them, and who takes from them."""
        outlines = self._session.project.outlines
        changed = {path: codec.decode_outline(extract_safely(data)[0]) for path, data in texts.items()}
        gone = {path: lost(outlines[path], outline) for path, outline in changed.items()}
        return sorted(changed.keys() | affected(self._session.project, changed, gone))


def _identity(finding: Finding) -> tuple[str, str, tuple[str, ...]]:
    return finding.rule, finding.scope, finding.subject


def _without(findings: Iterable[Finding], known: Iterable[Finding]) -> list[Finding]:
    """The findings but as many of each identity as are known."""
    left = Counter(map(_identity, known))
    new = []
    for finding in findings:
        left[_identity(finding)] -= 1
        if left[_identity(finding)] < 0:
            new.append(finding)
    return new

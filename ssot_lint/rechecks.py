"""Finds again what an edit may have changed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from ssot_lint.checks import Checked, Checks, Run
from ssot_lint.finding import Finding
from ssot_lint.reads import EVERY_FILE, Reads


class Rechecks:
    """What rules find in the files of a project, kept until a file is edited from which it was found.

    The project is one that follows edits, and tells from which files answers are made. Where an answer is
    made from all files, what the rule that asked found goes after any edit; what the other rules found in
    that file stays.
    """

    def __init__(self, checks: Checks, reads: Reads) -> None:
        self._checks = checks
        self._reads = reads
        self._checked: dict[str, Checked] = {}
        self._found: dict[str, dict[Run, tuple[Finding, ...]]] = {}  # by path, without what is to be redone
        self._askers: dict[str, set[str]] = {}  # files whose findings are made from a file, by that file
        self._ask_all: dict[str, set[Run]] = {}  # instances of rules that asked every file, by path

    def file(self, path: str) -> Checked:
        """What is found in a file of the project."""
        if path not in self._checked:
            self._checked[path] = self._check(path)
        return self._checked[path]

    def _check(self, path: str) -> Checked:
        file = self._checks.project.file(path)
        known = self._found.setdefault(path, {})
        runs = self._checks.runs(path)
        asked = {path}
        for run in runs:
            if run not in known:
                # What the file itself keeps of its names was asked for by the first rule that needed it. So
                # the files that one rule asks count for all; who asks every file does so on its own.
                with self._reads.noted() as paths:
                    known[run] = tuple(run.findings(file, self._checks.project))
                    asked |= paths
                    if EVERY_FILE in paths:
                        self._ask_all.setdefault(path, set()).add(run)
        for each in asked - {EVERY_FILE}:
            self._askers.setdefault(each, set()).add(path)
        return self._checks.judged(file, ((run, known[run]) for run in runs))

    def forget(self, changed: Iterable[str]) -> None:
        """Forgets what may be found no more after a change, given by what `reads` calls that."""
        for path in changed:
            for each in self._askers.pop(path, ()):
                self._found.pop(each, None)
                self._checked.pop(each, None)
        for each, runs in self._ask_all.items():
            self._checked.pop(each, None)
            known = self._found.get(each, {})
            for run in runs:
                known.pop(run, None)
        self._ask_all.clear()

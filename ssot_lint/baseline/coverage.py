"""What a run looked at, and what it can therefore say of an entry that no finding matches.

Such an entry is over on full evidence alone: the run was about the whole project, the rule of the entry
looked at its file, and what the file means could be known. A file that is left out of the project or that
does not compile any more is no evidence, and a deleted one is told apart from a fixed one.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from ssot_lint.baseline.entries import Entry, Identity
from ssot_lint.finding import MODULE_SCOPE

# Why an entry carries no finding.
FIXED = "fixed"
DELETED = "deleted"
PARTIAL_RUN = "partial-run"
RULE_OFF = "rule-off"
BROKEN = "broken"
BROKEN_BEFORE = "broken-before"
EXCLUDED = "excluded"
NOT_COVERED = "not-covered"
LACKING = "lacking"
NEWER_PYTHON = "newer-python"
BROKEN_ELSEWHERE = "broken-elsewhere"
STRICT = "strict"
BY_WAIVER = "waived"

WHY = {
    FIXED: "it is fixed",
    DELETED: "its file was deleted",
    PARTIAL_RUN: "this run was not about the whole project",
    RULE_OFF: "its rule did not run",
    BROKEN: "its file does not compile now",
    BROKEN_BEFORE: "its file does not compile, as the baseline says",
    EXCLUDED: "its file is there, but left out of the project",
    NOT_COVERED: "its rule does not look at its file now",
    LACKING: "a package that its file or its rule builds on is not installed here",
    NEWER_PYTHON: "its file compiles here, but perhaps not with the oldest Python that the project is for",
    BROKEN_ELSEWHERE: "another file does not compile now, and may have had a part in it",
    STRICT: "its file is strict now, where nothing is carried",
    BY_WAIVER: "a waiver speaks of what it carried",
}
"""Each reason in words."""

OVER = frozenset({FIXED, DELETED, BY_WAIVER})
"""The reasons for which an entry may go. For all others it is kept."""

BROKEN_RULES = frozenset({"syntax-error", "undecodable-source"})
"""The rules that say which files are broken. They look at one file alone."""


def _everywhere(_rule: str, _path: str) -> bool:
    return True


def nowhere(_rule: str, _path: str) -> bool:
    """Says of no rule and file that anything is lacking."""
    return False


class Coverage(NamedTuple):
    """What a run looked at; paths are those from the root, and the configuration file may be one of them."""

    is_whole: bool  # the run was about all there is
    rules: AbstractSet[str]  # ids of those that ran
    parsed: AbstractSet[str]  # files that were looked at and compile
    broken: AbstractSet[str]  # files that were looked at and do not
    is_there: Callable[[str], bool]  # whether there is a file, looked at or not; also if not checked out
    covers: Callable[[str, str], bool] = _everywhere  # whether a rule, by its id, looks at a parsed file
    lacks: Callable[[str, str], bool] = nowhere  # whether a rule at a file builds on what is not installed
    older_python: str = ""  # such as "3.10", the oldest that the project is for, where this is a newer one

    def is_gone(self, path: str) -> bool:
        """Whether there is no file at a path any more."""
        return path not in self.parsed and not self.is_there(path)

    def may_have_moved(self, identity: Identity) -> bool:
        """Whether what was found there can be in another file now.

        Classes and functions move alone. What is outside of them, such as an import or the file not
        compiling, has no name to know it by, and moves with its file only.
        """
        moves_alone = identity.scope != MODULE_SCOPE and identity.path in self.parsed
        return moves_alone or self.is_gone(identity.path)

    def why_left(self, entry: Entry, broken_before: AbstractSet[str]) -> str:
        """Why an entry that no finding matches is left, given the files that the baseline knows as broken."""
        rule, path = entry.identity[:2]
        if not self.is_whole:
            return PARTIAL_RUN
        if rule not in self.rules:
            return RULE_OFF
        if path in self.broken:
            return BROKEN_BEFORE if path in broken_before else BROKEN
        if path not in self.parsed and self.is_there(path):
            return EXCLUDED
        if path in self.parsed and not self.covers(rule, path):
            return NOT_COVERED
        if rule not in BROKEN_RULES and not self.broken <= broken_before:
            return BROKEN_ELSEWHERE
        if path not in self.parsed:
            return DELETED
        if rule in BROKEN_RULES:
            return NEWER_PYTHON if self.older_python else FIXED
        return LACKING if self.lacks(rule, path) else FIXED

"""What a commit causes in the files that it leaves alone, and in the configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.checks import Checks, open_project
from ssot_lint.collection import Collection, nearest_collection
from ssot_lint.config import Config
from ssot_lint.facts.model import Bodies, Details
from ssot_lint.files import Changes
from ssot_lint.finding import Finding
from ssot_lint.hook.changes import Collections, collection_files, collections_before, tree_before
from ssot_lint.hook.impact import reach
from ssot_lint.tree import Tree

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store


class State(NamedTuple):
    """A project with a commit."""

    config: Config
    tree: Tree
    checks: Checks
    collections: Collections
    store: Store | None


class Before(NamedTuple):
    """The project as it was in one parent of the commit."""

    checks: Callable[[], Checks]  # most commits do not need it
    causes: frozenset[str]  # changed files that may bring about findings in others
    suspects: frozenset[str]  # the others, in which that may be


def before(now: State, changes: Changes) -> Before:
    """What a project was before the changes since one parent. Raises GitError."""
    config, tree = now.config, now.tree
    old = tree_before(config, changes, now.store)
    outlines = copy(tree.outlines)
    for path in outlines.keys() & changes.keys():
        del outlines[path]
    outlines.update(old.outlines)
    collections = collections_before(config, changes, outlines, now.collections)

    @cache
    def checks() -> Checks:
        return Checks(config, open_project(config, outlines, _Either(old, tree), collections))

    causes, suspects = reach(lambda: checks().project, old.outlines, tree.outlines.get)
    if collections is not now.collections:
        elsewhere = frozenset(collected_otherwise(outlines, collections(), now.collections()))
        suspects |= elsewhere
        causes |= frozenset(collection_files(changes) if elsewhere else ())
    return Before(checks, causes, suspects.difference(changes))


class _Either:
    """A loader that takes what one tree has from there, all else from another."""

    def __init__(self, above: Tree, below: Tree) -> None:
        self._above = above
        self._below = below

    def details(self, path: str) -> Details:
        """What the file names of other modules."""
        return self._of(path).details(path)

    def bodies(self, path: str) -> Bodies:
        """What happens inside the file."""
        return self._of(path).bodies(path)

    def _of(self, path: str) -> Tree:
        return self._above if path in self._above.outlines else self._below


def caused(
    now: State, befores: Sequence[Before], besides: Iterable[str], *, about_configuration: bool
) -> list[Finding]:
    """What is found because of a commit in all files that it leaves alone but some, and in the configuration.

    What was found in any of the parents, no matter in which line, is not new.
    """
    if not any(each.causes for each in befores):
        return []
    suspects = {path for each in befores for path in each.suspects if path in now.tree.outlines}
    paths = sorted(suspects.difference(besides))
    found = _findings(now.checks, paths, about_configuration)
    for each in befores:
        if found:
            still = {finding.path for finding in found}
            found = _without(found, _findings(each.checks(), still.intersection(paths), about_configuration))
    return found


def _findings(checks: Checks, paths: Iterable[str], about_configuration: bool) -> list[Finding]:
    outlines = checks.project.outlines
    found = {finding for path in paths if path in outlines for finding in checks.file(path).findings}
    return sorted(found.union(checks.configuration() if about_configuration else ()))


def _without(findings: Iterable[Finding], known: Iterable[Finding]) -> list[Finding]:
    """The findings but as many of each identity as are known."""
    left = Counter(finding.fingerprint for finding in known)
    new = []
    for finding in findings:
        left[finding.fingerprint] -= 1
        if left[finding.fingerprint] < 0:
            new.append(finding)
    return new


def collected_otherwise(
    paths: Iterable[str], old: Mapping[str, Collection], new: Mapping[str, Collection]
) -> Iterator[str]:
    """The files, of those at paths, that pytest collects in another way, given both ways by folder."""
    if old != new:
        yield from (path for path in paths if nearest_collection(old, path) != nearest_collection(new, path))

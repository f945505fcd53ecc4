"""Goes through commits, parents before children, and finds of each what none of its parents had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from ssot_lint.baseline import waivers
from ssot_lint.baseline.carry import REPORTED, carry
from ssot_lint.baseline.changes import init
from ssot_lint.baseline.coverage import Coverage
from ssot_lint.compare import rules_that_run
from ssot_lint.config import Config
from ssot_lint.files import PathPatterns, Step, changes_of, files_in, lacking
from ssot_lint.finding import Finding
from ssot_lint.hook.consequences import collected_otherwise
from ssot_lint.hook.impact import reach
from ssot_lint.insight.replay.figures import Stopped, stopped
from ssot_lint.insight.replay.position import SUFFIXES, Files, Position, Texts, is_collection_file

_Edge = tuple[str, str]
"""A commit and one of its parents, "" where it has none."""


class Walk:
    """The way from the first commit to the last.

    In memory are the files of the commits whose children are still to come, and one project.
    """

    def __init__(
        self,
        config: Config,
        texts: Texts,
        steps: Sequence[Step],
        end: str,
        within: Callable[[str], bool],
    ) -> None:
        """`end` is the id of the last commit; `within` tells of a path whether findings there count."""
        self.stopped: list[Stopped] = []
        self.lacks: set[str] = set()  # the ids of texts that git lacks
        self._config = config
        self._texts = texts
        self._end = end
        self._within = within
        self._position = Position(config, texts)
        self._exclude = PathPatterns(config.exclude)
        self._files: dict[str, Files] = {}  # by commit
        self._edges: dict[_Edge, Files] = {}  # what they change, "" for files that are gone
        self._waiting = Counter(parent for step in steps for parent in step.parents)  # children to come
        self._waiting[end] += 1
        self._rules = rules_that_run(config)
        self._is_local = all(instance.rule.is_local for instance in config.instances)
        selectors = config.catalogue.selectors
        self._waiver_of = waivers.finder(waivers.load(config.root, selectors), selectors)

    def prepare(self, steps: Sequence[Step]) -> None:
        """Reads what commits change, and the facts of all texts that are new in them. Raises GitError."""
        root = self._config.root
        known = self._files.keys() | {step.commit.id for step in steps}
        starts = sorted({parent for step in steps for parent in step.parents} - known)
        files = {start: dict(self._of_project(files_in(root, start))) for start in starts}
        edges = [(step.commit.id, parent) for step in steps for parent in step.parents or ("",)]
        changes = {edge: dict(self._of_project(found)) for edge, found in zip(edges, changes_of(root, edges))}
        self._bring((*files.values(), *changes.values()), [*starts, *(step.commit.id for step in steps)])
        self._files.update((start, _applied({}, self._held(found))) for start, found in files.items())
        self._edges = {edge: self._held(found) for edge, found in changes.items()}

    def _of_project(self, files: Files) -> Iterator[tuple[str, str]]:
        """Of some files those that are of the project, and those in which pytest may be configured."""
        for path, blob in files.items():
            if (path.endswith(SUFFIXES) and not self._exclude.match(path)) or is_collection_file(path):
                yield path, blob

    def _bring(self, several: Iterable[Files], commits: Sequence[str]) -> None:
        """Brings the facts of texts of some commits to the store, and notes those that git lacks."""
        sources: set[str] = set()
        others: set[str] = set()
        for files in several:
            for path, blob in files.items():
                (sources if path.endswith(SUFFIXES) else others).add(blob)
        unknown = self._texts.unknown(sources - {""})
        self.lacks |= lacking(self._config.root, sorted(unknown | others - {""}), commits)
        self._texts.parse(unknown - self.lacks)

    def _held(self, files: Files) -> Files:
        """The same with "" for the texts that git lacks."""
        return {path: "" if blob in self.lacks else blob for path, blob in files.items()}

    def take(self, step: Step, *, is_judged: bool = True) -> None:
        """Goes on to a commit that was prepared, and finds what is new there if it is to be judged."""
        near = self._nearest(step)
        before = self._files.get(near, {})
        self._position.go(before)
        changes = self._edges[step.commit.id, near]
        files = _applied(before, changes)
        if is_judged:
            found = self._new_to_all(step, near, files)
            found = [finding for finding in found if self._within(finding.path)]
            if found:
                self.stopped.append(stopped(step.commit, found, is_merge=len(step.parents) > 1))
        if self._waiting[step.commit.id]:
            self._files[step.commit.id] = files
        for parent in step.parents:
            self._waiting[parent] -= 1
            if not self._waiting[parent]:
                del self._files[parent]

    def _nearest(self, step: Step) -> str:
        """The parent of a commit from which the way to it is the shortest, "" where it has none."""
        here = (parent for parent in step.parents if self._files[parent] is self._position.files)
        return next(here, (*step.parents, "")[0])

    def _new_to_all(self, step: Step, near: str, files: Files) -> Sequence[Finding]:
        """The findings of a commit with these files that none of its parents had; here is the one near."""
        position, before, changes = self._position, self._position.files, self._edges[step.commit.id, near]
        changed, suspects = self._looked_at(files, changes)
        position.go(files, changes)
        found: Sequence[Finding] = position.look(sorted(changed | suspects))
        if found:
            position.go(before, changes)
            paths = sorted(changed | {finding.path for finding in found})
            found = self._new(found, position.look(paths), paths, files)
            position.go(files, changes)
        for parent in step.parents:
            if found and parent != near:
                found = self._new_to(parent, self._edges[step.commit.id, parent], found, files)
        return found

    def _looked_at(self, files: Files, changes: Files) -> tuple[frozenset[str], frozenset[str]]:
        """The source files among the changes, and others in which these may cause findings."""
        position = self._position
        changed = frozenset(path for path in changes if path.endswith(SUFFIXES))
        if self._is_local or not position.files:
            return changed, frozenset()
        was = {path: position.outlines[path] for path in changed if path in position.outlines}
        _, suspects = reach(
            lambda: position.project, was, lambda path: position.outline(files, path), position.importers
        )
        if any(map(is_collection_file, changes)):
            old, new = position.collected(position.files), position.collected(files)
            suspects |= frozenset(collected_otherwise(position.outlines, old, new))
        return changed, suspects

    def _new_to(
        self, parent: str, changes: Files, found: Sequence[Finding], files: Files
    ) -> Sequence[Finding]:
        """Those findings of the commit with these files that another parent did not have either."""
        changed = {path for path in changes if path.endswith(SUFFIXES)}
        paths = sorted(changed | {finding.path for finding in found})
        self._position.go(files)
        now = self._position.look(paths)
        self._position.go(self._files[parent])
        new = set(self._new(now, self._position.look(paths), paths, files))
        return [finding for finding in found if finding in new]

    def _new(
        self, now: Sequence[Finding], then: Sequence[Finding], paths: Sequence[str], files: Files
    ) -> Sequence[Finding]:
        """What is found now, in a commit with these files, and was not then; both at some paths."""
        if not now:
            return ()
        outlines = {path: self._position.outline(files, path) for path in paths if path in files}
        broken = frozenset(path for path, each in outlines.items() if each and each.fault is not None)
        coverage = Coverage(
            is_whole=False,
            rules=self._rules,
            parsed=outlines.keys() - broken,
            broken=broken,
            is_there=files.__contains__,
        )
        known = init((), then, {}, lambda _path: False).entries
        judged = carry(now, known, coverage, waiver_of=self._waiver_of).findings
        return [finding for finding, each in zip(sorted(now), judged) if each.finding.state in REPORTED]

    def there(self) -> list[Finding]:
        """What is found at the end in the files for which commits would have been stopped."""
        paths = sorted({reason.path for each in self.stopped for reason in each.reasons})
        if not paths:
            return []
        self._position.go(self._files[self._end])
        return self._position.look(paths)


def _applied(files: Files, changes: Files) -> Files:
    """Files after a change."""
    after = {**files, **changes}
    for path, blob in changes.items():
        if not blob:
            del after[path]
    return after

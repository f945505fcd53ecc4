"""A project that stays loaded and answers for one file at a time: for editors and for other linters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import nullcontext
from typing import NamedTuple

from ssot_lint.baseline.coverage import nowhere
from ssot_lint.checks import Checks, configured, lacking, open_project
from ssot_lint.choice import choose
from ssot_lint.compare import Carried, Compared, compare
from ssot_lint.compare import load as load_baseline
from ssot_lint.config import Config
from ssot_lint.facts.model import Outline
from ssot_lint.facts.store import opened
from ssot_lint.files import PathPatterns, list_sources, read_bytes, would_list
from ssot_lint.finding import Finding
from ssot_lint.gather import extract_safely
from ssot_lint.project import Project
from ssot_lint.rechecks import Rechecks
from ssot_lint.snippets import check_snippets
from ssot_lint.suppress import Allowed
from ssot_lint.tree import load

_FEW = 8  # to ask git about each of so many files is quicker than to list all


class Whole(NamedTuple):
    """What is found in all files of a project, or in some of them, as a run over these finds it."""

    compared: Compared
    allowed: tuple[Allowed, ...]  # findings that comments allow
    files: tuple[str, ...]  # that were looked at, sorted
    broken: tuple[str, ...]  # those of them that do not compile


class Session:
    """The files of a project, loaded once; texts can stand for files, and answers follow them.

    All paths are relative to the root, with `/`. `jobs` is the number of processes that parse, one for each
    core when None; `progress` is told how many files are parsed, of how many. `wants_fixes` is as `Project`
    has it. Raises ConfigError where a snippet of the configuration does not behave as stated.
    """

    def __init__(
        self,
        config: Config,
        *,
        use_cache: bool = True,
        jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        wants_fixes: bool = True,
    ) -> None:
        self.config = config
        self._exclude = PathPatterns(config.exclude)
        self._wants_fixes = wants_fixes
        with opened(config.root) if use_cache else nullcontext() as store:
            choice = choose(config, (), None, store.stamps() if store is not None else {})
            self._tree = load(config.root, choice, store, jobs=jobs, progress=progress)
            self._tree.keep()
            if store is not None:
                store.remember(choice.stamps)
        cache_notes = [store.note] if store is not None and store.note else []
        self._notes = (*choice.notes, *cache_notes)
        self.reread_baseline()
        self._open()
        check_snippets(config, self.project)

    def reread_baseline(self) -> None:
        """Takes the baseline as it is on the disk. Raises BaselineError."""
        self._stored = load_baseline(self.config)
        self._carried = Carried(self.config, self._stored)
        self._compared: dict[str, tuple[Finding, ...]] = {}

    def _open(self) -> None:
        self.project: Project = open_project(
            self.config, self._tree.outlines, self._tree, self._tree.collections, follows_edits=True
        )
        self.project.wants_fixes = self._wants_fixes
        self._checks = Checks(self.config, self.project)
        assert self.project.reads is not None, "it follows edits"
        self._rechecks = Rechecks(self._checks, self.project.reads)
        self._compared.clear()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about the files and the cache."""
        return (*self._notes, *self._tree.notes)

    def __contains__(self, path: str) -> bool:
        """Whether the project has a file at a path, and so findings for it."""
        return path in self._tree.outlines

    def would_have(self, path: str) -> bool:
        """Whether the project has a file at a path, or would have one if it were there."""
        return path in self or would_list(self.config.root, path, self._exclude)

    def findings(self, path: str) -> tuple[Finding, ...]:
        """What is found in a file, in the order of the source; nothing for one that is not of the project.

        The states of the findings are what the baseline makes of them.
        """
        if path not in self._compared:
            self._compared[path] = self._carried.compare(path, self._find, self.project.outlines)
        return self._compared[path]

    def _find(self, path: str) -> tuple[Finding, ...]:
        """The same, without the baseline."""
        return tuple(sorted(set(self._rechecks.file(path).findings))) if path in self else ()

    def configuration(self) -> tuple[Finding, ...]:
        """What is found in the configuration itself."""
        return tuple(sorted(set(self._checks.configuration())))

    def whole(self, holds: Callable[[str], bool] | None = None) -> Whole:
        """What is found in all files of the project, or in those whose paths `holds` says yes to.

        The configuration is among them where they are all there are.
        """
        outlines = self._tree.outlines
        files = tuple(sorted(filter(holds, outlines)))
        is_whole = len(files) == len(outlines)
        checked = [self._rechecks.file(path) for path in files]
        findings = {finding for each in checked for finding in each.findings}
        broken = tuple(path for path in files if outlines[path].fault is not None)
        compared = compare(
            self.config,
            self._stored,
            sorted(findings.union(self._checks.configuration() if is_whole else ())),
            paths=files,
            broken=broken,
            is_whole=is_whole,
            lacks=lacking(self.config, outlines, self._tree) if self.config.resolve_installed else nowhere,
        )
        allowed = {each for one in checked for each in one.allowed}
        return Whole(compared, tuple(sorted(allowed)), files, broken)

    def of_project(self, paths: Collection[str]) -> list[str]:
        """Those of some paths at which the project has a file, or would have one if it were there."""
        new = [path for path in paths if path not in self]
        if len(new) <= _FEW:
            found = {path for path in new if self.would_have(path)}
        else:
            found = {source.path for source in list_sources(self.config.root, self._exclude).sources}
        return [path for path in paths if path in self or path in found]

    def replace(self, path: str, data: bytes) -> None:
        """Lets a text stand for the file at a path, or adds a file that the project does not have yet."""
        self._change([(path, data)])

    def reread(self, path: str) -> bytes | None:
        """Takes the file at a path as it is on the disk, and returns that; one that is gone leaves."""
        data = self._read(path)
        self._change([(path, data)])
        return data

    def reread_all(self, paths: Iterable[str]) -> None:
        """Takes the files at some paths as they are on the disk, without those that are gone."""
        self._change((path, self._read(path)) for path in paths)

    def _read(self, path: str) -> bytes | None:
        """The file at a path, None if it is gone."""
        try:
            return read_bytes(self.config.root, path)
        except OSError:
            return None

    def _change(self, texts: Iterable[tuple[str, bytes | None]]) -> None:
        """Lets files have other texts, come, or go: those without a text."""
        moves: dict[str, Outline | None] = {}
        self._compared.clear()
        for path, data in texts:
            is_new = path not in self
            if data is None and not is_new:
                self._tree.remove(path)
                moves[path] = None
            elif data is not None and not (is_new and self._exclude.match(path)):
                self._tree.add(path, *extract_safely(data))
                if is_new:
                    moves[path] = self._tree.outlines[path]
                else:
                    self.project.replace(path, self._tree.outlines[path])
                    self._rechecks.forget([path])
        if not moves:
            return
        changed = self.project.admit(moves)
        if changed is None:
            self._open()
        else:
            self.project.configuration = configured(self.config, self._tree.outlines)
            self._rechecks.forget(changed)

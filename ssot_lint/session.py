"""A project that stays loaded and answers for one file at a time: for editors and for other linters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from ssot_lint.checks import Checks, open_project
from ssot_lint.choice import choose
from ssot_lint.compare import Carried
from ssot_lint.compare import load as load_baseline
from ssot_lint.config import Config
from ssot_lint.facts.store import opened
from ssot_lint.files import PathPatterns, read_bytes, would_list
from ssot_lint.finding import Finding
from ssot_lint.gather import extract_safely
from ssot_lint.project import Project
from ssot_lint.snippets import check_snippets
from ssot_lint.tree import load


class Session:
    """The files of a project, loaded once; texts can stand for files, and answers follow them.

    All paths are relative to the root, with `/`. `jobs` is the number of processes that parse, one for each
    core when None; `progress` is told how many files are parsed, of how many. Raises ConfigError where a
    snippet of the configuration does not behave as stated.
    """

    def __init__(
        self,
        config: Config,
        *,
        use_cache: bool = True,
        jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.config = config
        self._exclude = PathPatterns(config.exclude)
        with opened(config.root) if use_cache else nullcontext() as store:
            choice = choose(config, (), None, store.stamps() if store is not None else {})
            self._tree = load(config.root, choice, store, jobs=jobs, progress=progress)
            self._tree.keep()
            if store is not None:
                store.remember(choice.stamps)
        cache_notes = [store.note] if store is not None and store.note else []
        self._notes = (*choice.notes, *cache_notes)
        self._carried = Carried(config, load_baseline(config))
        self._open()
        check_snippets(config, self.project)

    def _open(self) -> None:
        self.project: Project = open_project(
            self.config, self._tree.outlines, self._tree, self._tree.collections, follows_edits=True
        )
        self._checks = Checks(self.config, self.project)
        self._found: dict[str, tuple[Finding, ...]] = {}
        self._compared: dict[str, tuple[Finding, ...]] = {}

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
        if path not in self:
            return ()
        if path not in self._found:
            self._found[path] = tuple(sorted(set(self._checks.file(path).findings)))
        return self._found[path]

    def configuration(self) -> tuple[Finding, ...]:
        """What is found in the configuration itself."""
        return tuple(sorted(set(self._checks.configuration())))

    def replace(self, path: str, data: bytes) -> None:
        """Lets a text stand for the file at a path, or adds a file that the project does not have yet."""
        if path not in self and self._exclude.match(path):
            return
        is_new = path not in self
        self._tree.add(path, *extract_safely(data))
        if is_new:
            self._open()
        else:
            self.project.replace(path, self._tree.outlines[path])
            self._found.clear()
            self._compared.clear()

    def reread(self, path: str) -> bytes | None:
        """Takes the file at a path as it is on the disk, and returns that; one that is gone leaves."""
        try:
            data = read_bytes(self.config.root, path)
        except OSError:
            if path in self:
                self._tree.remove(path)
                self._open()
            return None
        self.replace(path, data)
        return data

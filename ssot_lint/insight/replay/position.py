"""Stands at one commit after the other, and finds there what the rules of now find in some files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from ssot_lint import codec
from ssot_lint.checks import Checks, open_project
from ssot_lint.collection import Collection as Collected
from ssot_lint.collection_files import COLLECTION_FILES, choose_texts, read_collections
from ssot_lint.config import Config
from ssot_lint.facts.model import Outline
from ssot_lint.files import Source, read_blobs
from ssot_lint.finding import Finding
from ssot_lint.hook.impact import Importers
from ssot_lint.insight.replay.project import MovingProject
from ssot_lint.project import Project
from ssot_lint.tree import Tree, load_blobs

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store

Files = Mapping[str, str]
"""The files of a commit: the ids of their texts by path."""

SUFFIXES = (".py", ".pyi")
_AT_ONCE = 4_000  # texts that are in memory while they are parsed
_REMEMBERED = 20_000  # outlines, beside those of the files at hand


class Texts:
    """The facts of texts that git has, by the ids of their blobs."""

    def __init__(self, config: Config, store: Store, jobs: int | None) -> None:
        """The store has to be one that can be written: it is where the facts are."""
        self._root = config.root
        self._store = store
        self._jobs = jobs
        self.outline = lru_cache(_REMEMBERED)(self._outline)

    def unknown(self, blobs: Collection[str]) -> frozenset[str]:
        """Those of some texts whose facts are not in the store."""
        return frozenset(blobs).difference(digest for digest, _ in self._store.outlines(blobs))

    def parse(self, blobs: Iterable[str]) -> None:
        """Brings facts to the store. Raises GitError, also where git lacks a text."""
        sources = [Source(blob, blob) for blob in sorted(blobs)]
        for start in range(0, len(sources), _AT_ONCE):
            load_blobs(self._root, sources[start : start + _AT_ONCE], self._store, jobs=self._jobs)

    def _outline(self, blob: str) -> Outline:
        outline = next((codec.decode_outline(found) for _, found in self._store.outlines([blob])), None)
        if outline is None:  # the store lost it, or had no room for it
            outline = load_blobs(self._root, [Source(blob, blob)], None).outlines[blob]
        return outline

    def tree(self, blob_of: Callable[[str], str]) -> Tree:
        """An empty tree, for files with these texts; `blob_of` gives the id of the one at a path."""

        def read(path: str) -> bytes:
            blob = blob_of(path)
            return read_blobs(self._root, [blob])[blob]

        return Tree(self._root, self._store, read)


class Position:
    """A project at a commit."""

    def __init__(self, config: Config, texts: Texts) -> None:
        self.files: Files = {}
        self._config = config
        self._texts = texts
        self._tree = texts.tree(lambda path: self.files[path])
        self._project = self._open()
        self._checks = Checks(config, self._project)
        self._importers: Importers | None = None
        self._unread: dict[str, Outline | None] = {}  # outlines that these know, of files that changed since

    def _open(self) -> MovingProject:
        project = open_project(
            self._config, self._tree.outlines, self._tree, self._collected, kind=MovingProject
        )
        assert isinstance(project, MovingProject), "that is what was asked for"
        return project

    @property
    def project(self) -> Project:
        """The project as it is here."""
        return self._project

    @property
    def outlines(self) -> Mapping[str, Outline]:
        """The outlines of the files here."""
        return self._tree.outlines

    def importers(self) -> Importers:
        """The import statements of the files here."""
        if self._importers is None:
            self._importers = Importers(self._project)
        now = self._tree.outlines
        self._importers.follow(
            (path, old, now.get(path)) for path, old in self._unread.items() if old is not now.get(path)
        )
        self._unread.clear()
        return self._importers

    def outline(self, files: Files, path: str) -> Outline | None:
        """The outline of a source file of some commit, None where there is none."""
        blob = files.get(path)
        return self._texts.outline(blob) if blob is not None and path.endswith(SUFFIXES) else None

    def go(self, files: Files, paths: Iterable[str] | None = None) -> None:
        """Goes to a commit with these files, which differ from those here at no other paths than the given.

        Without paths it finds them itself.
        """
        here = self.files
        if paths is None:
            paths = {path for path, _ in here.items() ^ files.items()} if files is not here else ()
        others = [path for path in paths if here.get(path) != files.get(path)]
        changed = {
            path: (self._tree.outlines.get(path), self.outline(files, path))
            for path in others
            if path.endswith(SUFFIXES)
        }
        for path, (old, new) in changed.items():
            if new is not None:
                self._tree.add_stored(Source(path, files[path]), new)
            elif old is not None:
                self._tree.remove(path)
        self.files = files
        if not here:
            self._project = self._open()
            self._checks = Checks(self._config, self._project)
            self._importers = None
            self._unread.clear()
            return
        self._project.change(changed, is_collected_otherwise=len(changed) < len(others))
        if self._importers is not None:
            for path, (old, _) in changed.items():
                self._unread.setdefault(path, old)

    def look(self, paths: Iterable[str]) -> list[Finding]:
        """What is found in those of some files that are here, and nothing allows."""
        return [
            finding
            for path in paths
            if path in self._tree.outlines
            for finding in self._checks.file(path).findings
        ]

    def _collected(self) -> Mapping[str, Collected]:
        return self.collected(self.files)

    def collected(self, files: Files) -> Mapping[str, Collected]:
        """How pytest collects in some commit, by the folder of its configuration."""
        sources = {path: None for path in files if path.endswith(SUFFIXES)}
        paths = choose_texts((path for path in files if is_collection_file(path)), sources)
        texts = read_blobs(self._config.root, [files[path] for path in paths]) if paths else {}
        found, _ = read_collections({path: texts[files[path]] for path in paths}, sources)
        return found


def is_collection_file(path: str) -> bool:
    """Whether pytest may look there for its configuration."""
    return path.rpartition("/")[2] in COLLECTION_FILES

"""Holds a project as a commit has it: its files, their facts, and how pytest collects them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from ssot_lint.collection import Collection
from ssot_lint.collection_files import choose_texts, digest_of_texts, read_collections
from ssot_lint.config import Config
from ssot_lint.engine import Progress, check
from ssot_lint.files import GitError, PathPatterns, Source, files_in, read_blobs
from ssot_lint.record import Found
from ssot_lint.tree import Tree, load_blobs

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store

_SUFFIXES = (".py", ".pyi")


class Snapshot:
    """A project in a commit, given by its id; what it needs of git is loaded when it is asked for.

    The files are those that the configuration does not exclude, and those that are `named` whatever their
    names end in. Raises GitError wherever git lacks something, but for texts of files where it
    `may_lack_texts`. See `engine.lint` for the other arguments.
    """

    def __init__(
        self,
        config: Config,
        commit: str,
        store: Store | None,
        *,
        jobs: int | None = None,
        progress: Progress | None = None,
        named: frozenset[str] = frozenset(),
        may_lack_texts: bool = False,
    ) -> None:
        self.blobs: Mapping[str, str] = files_in(config.root, commit)  # of all its files, by path
        exclude = PathPatterns(config.exclude)
        self.sources = [
            Source(path, blob)
            for path, blob in sorted(self.blobs.items())
            if (path.endswith(_SUFFIXES) or path in named) and not exclude.match(path)
        ]
        self.asked_collections = False  # whether a rule asked how pytest collects
        self._config = config
        self._commit = commit
        self._store = store
        self._jobs = jobs
        self._progress = progress
        self._may_lack_texts = may_lack_texts

    @cached_property
    def tree(self) -> Tree:
        """The facts of all files."""
        return self.load(self.sources)

    def load(self, sources: Sequence[Source]) -> Tree:
        """Loads the facts of some files, without those whose texts git lacks."""
        tree = load_blobs(
            self._config.root,
            sources,
            self._store,
            jobs=self._jobs,
            progress=self._progress,
            incomplete=self._commit if self._may_lack_texts else "",
        )
        tree.keep()
        return tree

    def check(self, config: Config, paths: Sequence[str], *, about_configuration: bool) -> Found:
        """Runs the rules of a configuration over some of the files; see `engine.check`."""
        return check(
            config,
            self.tree.outlines,
            self.tree,
            paths,
            about_configuration=about_configuration,
            collections=self._collections,
            jobs=self._jobs,
        )

    def digest(self) -> str:
        """Stands for all texts that rules may look at, and their paths."""
        texts = (*self.sources, *(Source(path, self.blobs[path]) for path in self._collection_files))
        listed = "\0".join(f"{path}\0{blob}" for path, blob in texts)
        return blake2b(listed.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    def collection_digest(self) -> str:
        """Stands for all that tells how pytest collects; see `Tree.collection_digest`."""
        return digest_of_texts(self._collection_texts)

    def _collections(self) -> Mapping[str, Collection]:
        self.asked_collections = True
        found, _ = read_collections(self._collection_texts, self.tree.outlines)
        return found

    @cached_property
    def _collection_files(self) -> Sequence[str]:
        """The paths of files in which pytest might look for its configuration."""
        return choose_texts(self.blobs, (source.path for source in self.sources))

    @cached_property
    def _collection_texts(self) -> Mapping[str, bytes]:
        """What these hold, by path."""
        paths = self._collection_files
        texts = read_blobs(self._config.root, [self.blobs[path] for path in paths])
        for path in paths:
            if self.blobs[path] not in texts:
                raise GitError(
                    f"git lacks `{path}` of the commit {self._commit}, which may tell how pytest collects; "
                    "`git fetch --refetch` brings all texts"
                )
        return {path: texts[self.blobs[path]] for path in paths}

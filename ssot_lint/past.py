"""Finds what was there in an earlier commit, by the rules of now, from the facts of its texts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.choice import Choice
from ssot_lint.collection import Collection
from ssot_lint.collection_files import choose_texts, digest_of_texts, read_collections
from ssot_lint.config import Config, ConfigError, parse
from ssot_lint.engine import Progress, check
from ssot_lint.files import PathPatterns, Source, algorithm_of, digest_of, files_in, read_blobs, read_bytes
from ssot_lint.finding import Finding
from ssot_lint.record import Found, Recorder, is_reproducible
from ssot_lint.suppress import Allowed
from ssot_lint.tree import Tree, load_blobs

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store

_SUFFIXES = (".py", ".pyi")


class Past(NamedTuple):
    """A project in a commit."""

    findings: tuple[Finding, ...]  # sorted
    allowed: tuple[Allowed, ...]  # findings that comments allowed
    paths: frozenset[str]  # of its source files
    broken: frozenset[str]  # those of them that do not compile


def look_back(
    config: Config,
    commit: str,
    *,
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
    named: frozenset[str] = frozenset(),
) -> Past:
    """What was found in a project in a commit, given by its id.

    The configuration is that of now: a change that brings a rule in has not caused what the rule finds in
    code that was there. What is found in the configuration itself is by the one of that commit. `named` are
    paths of files that count whatever their names end in. Raises GitError where git lacks something; see
    `engine.lint` for the other arguments.
    """
    from ssot_lint.facts.store import opened  # some builds of Python lack what it needs

    with opened(config.root) if use_cache else nullcontext() as store:
        state = _State(config, commit, store, jobs, progress, named)
        found = state.found()
        findings = found.findings
        if not state.has_configuration_of_now:
            known = (finding for finding in findings if finding.path != config.path)
            findings = tuple(sorted((*known, *state.found_in_configuration())))
    paths = frozenset(source.path for source in state.sources)
    return Past(findings, found.allowed, paths, frozenset(found.broken))


class _State:
    """What one look at a commit needs, loaded when it is asked for."""

    def __init__(
        self,
        config: Config,
        commit: str,
        store: Store | None,
        jobs: int | None,
        progress: Progress | None,
        named: frozenset[str],
    ) -> None:
        self._config = config
        self._store = store
        self._jobs = jobs
        self._progress = progress
        self._blobs = files_in(config.root, commit)
        exclude = PathPatterns(config.exclude)
        self.sources = [
            Source(path, blob)
            for path, blob in sorted(self._blobs.items())
            if (path.endswith(_SUFFIXES) or path in named) and not exclude.match(path)
        ]
        self._asked_collections = False

    def found(self) -> Found:
        """What the rules of now find, from the record of a run over the same files if there is one."""
        recorder = None
        if self._store is not None:
            paths = [source.path for source in self.sources]
            choice = Choice(self.sources, paths, True, "", {}, ())
            if is_reproducible(self._config, choice):
                recorder = Recorder(self._store, self._config, choice, self._collection_digest)
        found = recorder.recall() if recorder is not None else None
        if found is None:
            found = self._check(self._config, [source.path for source in self.sources])
            if recorder is not None:
                recorder.keep(found, self._collection_digest() if self._asked_collections else "")
        return found

    @cached_property
    def has_configuration_of_now(self) -> bool:
        """Whether the file of the configuration held what it holds now."""
        path = self._config.path
        if not path or path.startswith("../"):
            return True
        blob = self._blobs.get(path, "")
        return digest_of(read_bytes(self._config.root, path), algorithm_of(blob)) == blob

    def found_in_configuration(self) -> tuple[Finding, ...]:
        """What was found in the configuration of then, nothing where there was none that could be read."""
        config = self._config
        blob = self._blobs.get(config.path)
        if blob is None:
            return ()
        try:
            text = read_blobs(config.root, [blob])[blob].decode()
            return self._check(parse(text, config.path, config.root), []).findings
        except (ConfigError, UnicodeDecodeError):
            return ()

    def _check(self, config: Config, paths: list[str]) -> Found:
        tree = self._tree
        return check(
            config, tree.outlines, tree, paths, about_configuration=True, collections=self._collections
        )

    @cached_property
    def _tree(self) -> Tree:
        tree = load_blobs(
            self._config.root, self.sources, self._store, jobs=self._jobs, progress=self._progress
        )
        tree.keep()
        return tree

    def _collections(self) -> Mapping[str, Collection]:
        self._asked_collections = True
        found, _ = read_collections(self._collection_texts, self._tree.outlines)
        return found

    def _collection_digest(self) -> str:
        return digest_of_texts(self._collection_texts)

    @cached_property
    def _collection_texts(self) -> Mapping[str, bytes]:
        """The files in which pytest might look for its configuration."""
        paths = choose_texts(self._blobs, (source.path for source in self.sources))
        texts = read_blobs(self._config.root, [self._blobs[path] for path in paths])
        return {path: texts[self._blobs[path]] for path in paths if self._blobs[path] in texts}

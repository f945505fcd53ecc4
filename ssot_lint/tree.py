"""Holds the facts of a whole tree, from the store or by parsing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ssot_lint import codec
from ssot_lint.choice import Choice
from ssot_lint.collection import Collection
from ssot_lint.collection_files import digest_of_texts, find_texts, read_collections
from ssot_lint.facts.model import Bodies, Details, Facts, Outline
from ssot_lint.files import GitError, Source, lacking, read_blobs, read_bytes
from ssot_lint.outlines import Outlines

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ssot_lint.facts.store import Store
    from ssot_lint.gather import Gathered

Progress = Callable[[int, int], None]

_ROWS = 500  # facts that are written to the store in one transaction


class Tree:
    """The facts of every file of a project.

    Outlines are in memory, unless the tree is a lazy one (see `load`). Details and bodies that the store has
    are read from there whenever they are asked for; it has to be open then, unless `keep` has read them all.
    """

    def __init__(
        self, root: Path, store: Store | None = None, read: Callable[[str], bytes] | None = None
    ) -> None:
        self.root = root
        self.outlines: MutableMapping[str, Outline] = {}
        self.notes: list[str] = []
        self.parsed = 0  # files that the store did not know
        self.is_as_listed = True  # no file has changed since its digest was taken
        self.collection_digest = ""  # of the configurations of pytest, once a rule has asked for them
        self._process = os.getpid()
        self._store = store
        self._read = read or partial(read_bytes, root)  # the text at a path
        self.digests: dict[str, str] = {}  # of files whose details and bodies are in the store, by path
        self._blobs: dict[str, tuple[bytes, bytes]] = {}  # details and bodies by path

    def read_outlines(self, paths: Iterable[str]) -> Mapping[str, Outline]:
        """The outlines of files whose facts are in the store."""
        assert self._store is not None, "only a store can have taken them"
        digests = {path: self.digests[path] for path in paths}
        found = {
            digest: codec.decode_outline(blob) for digest, blob in self._store.outlines(set(digests.values()))
        }
        return {path: found.get(digest) or self._anew(path).outline for path, digest in digests.items()}

    def details(self, path: str) -> Details:
        """What a file names of other modules."""
        blob = self._blobs[path][0] if path in self._blobs else self._stored(path, "details")
        details = codec.decode_details(blob)
        return self._anew(path).details if details is None else details

    def bodies(self, path: str) -> Bodies:
        """What happens inside a file."""
        blob = self._blobs[path][1] if path in self._blobs else self._stored(path, "bodies")
        bodies = codec.decode_bodies(blob)
        return self._anew(path).bodies if bodies is None else bodies

    def _stored(self, path: str, part: Literal["details", "bodies"]) -> bytes:
        """A blob from the store, an empty one where the store does not have it."""
        assert self._store is not None, "only a store can have taken it"
        read = self._store.details if part == "details" else self._store.bodies
        return next((blob for _, blob in read([self.digests[path]])), b"")

    def _anew(self, path: str) -> Facts:
        """The facts of a file that the store has no more, or whose stored ones are of another shape."""
        from ssot_lint.facts.extract import extract, faulty

        if os.getpid() != self._process:
            raise LookupError(f"the store lacks facts of {path}")  # a worker cannot tell that it read others
        self.is_as_listed = False
        try:
            return extract(self._read(path))
        except OSError as error:
            return faulty("unreadable", f"cannot be read: {error.strerror or error}")

    @cached_property
    def _collection_texts(self) -> tuple[Mapping[str, bytes], Sequence[str]]:
        return find_texts(self.root, self.outlines)

    def read_collections(self) -> None:
        """Reads what configures pytest, so that all processes that fork from this one go by the same."""
        self._collection_texts  # noqa: B018 -- it is kept

    def collections(self) -> Mapping[str, Collection]:
        """How pytest collects, by the folder of its configuration; adds notes."""
        texts, unreadable = self._collection_texts
        found, unusable = read_collections(texts, self.outlines)
        self.notes += [*unreadable, *unusable]
        self.collection_digest = digest_of_texts(texts)
        return found

    def add(self, path: str, outline: bytes, details: bytes, bodies: bytes, *, stored_as: str = "") -> None:
        """Adds or replaces the facts of a file, which have just been encoded.

        `stored_as` is the digest under which the store has them, if it does.
        """
        decoded = codec.decode_outline(outline)
        assert decoded is not None, "it has just been encoded"
        if stored_as:
            self.add_stored(Source(path, stored_as), decoded)
        else:
            self.digests.pop(path, None)
            self.outlines[path] = decoded
            self._blobs[path] = details, bodies

    def add_stored(self, source: Source, outline: Outline) -> None:
        """Adds a file whose details and bodies are in the store."""
        self.outlines[source.path] = outline
        self.digests[source.path] = source.digest

    def remove(self, path: str) -> None:
        """Takes a file away."""
        del self.outlines[path]
        self.digests.pop(path, None)
        self._blobs.pop(path, None)

    def keep(self) -> None:
        """Reads everything from the store, which may then be closed."""
        if self._store is not None:
            digests = set(self.digests.values())
            details, bodies = dict(self._store.details(digests)), dict(self._store.bodies(digests))
            for path, digest in self.digests.items():
                self._blobs.setdefault(path, (details.get(digest, b""), bodies.get(digest, b"")))
        self._store = None


def load(
    root: Path,
    choice: Choice,
    store: Store | None,
    stdin: tuple[str, bytes] | None = None,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    is_lazy: bool = False,
) -> Tree:
    """Loads the facts of the chosen files below a root; see `engine.lint` for the arguments.

    If it `is_lazy`, the outlines that the store has are read when they are asked for, as the rest is.
    """
    tree = Tree(root, store)
    wanted: Sequence[Source] = choice.sources
    if store is not None:
        wanted = (_expect if is_lazy else _from_store)(tree, choice.sources, store)
    tree.parsed = len(wanted)
    if wanted:
        listed = dict(wanted)
        anew = _gathered(tree, wanted, choice.algorithm, executor, jobs=jobs, progress=progress)
        for found, is_stored in _kept(anew, store):
            tree.add(found.path, *found.blobs, stored_as=found.digest if is_stored else "")
            tree.is_as_listed &= found.digest == listed[found.path]
    if stdin is not None and choice.selected:
        _overlay(tree, *stdin)
    if not isinstance(tree.outlines, Outlines):
        tree.outlines = dict(sorted(tree.outlines.items()))
    return tree


def _gathered(
    tree: Tree,
    sources: Sequence[Source],
    algorithm: str,
    executor: Executor | None,
    *,
    jobs: int | None,
    progress: Progress | None,
) -> Iterator[Gathered]:
    """Parses files here, or by the workers of an executor."""
    root = os.fspath(tree.root)
    if executor is None:
        from ssot_lint.gather import gather

        return gather(root, sources, algorithm, jobs=jobs, progress=progress)
    from ssot_lint.remote import gather_remotely

    return gather_remotely(
        executor, root, sources, algorithm, jobs=jobs, progress=progress, note=tree.notes.append
    )


def load_blobs(
    root: Path,
    sources: Sequence[Source],
    store: Store | None,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    incomplete: str = "",
) -> Tree:
    """Loads the facts of texts that git has, where the digests of sources are the ids of their blobs.

    The paths may be those of any commit. Raises GitError, also where git lacks a text; but where the paths
    are those of the commit with the id `incomplete`, the tree lacks such files.
    """
    from ssot_lint.gather import gather_texts

    blob_of = dict(sources)
    tree = Tree(root, store, lambda path: read_blobs(root, [blob_of[path]])[blob_of[path]])
    missing = _from_store(tree, sources, store) if store is not None else sources
    blobs = {source.digest for source in missing}
    texts = _texts(root, blobs, incomplete)
    if len(texts) < len(blobs) and not incomplete:
        raise GitError("git lacks texts of an earlier commit; `git fetch --refetch` brings all of them")
    anew = _kept(gather_texts(texts, jobs=jobs, progress=progress), store)
    found = {each.path: each.blobs for each, _ in anew}
    for path, blob in missing:
        if blob in found:
            tree.add(path, *found[blob])
    tree.parsed = len(texts)
    tree.outlines = dict(sorted(tree.outlines.items()))
    return tree


def _texts(root: Path, blobs: AbstractSet[str], incomplete: str) -> dict[str, bytes]:
    """The texts of blobs, without those that git lacks; see `load_blobs`."""
    if not blobs:
        return {}
    try:
        return read_blobs(root, sorted(blobs))
    except GitError:  # git before 2.44 fails, where a later one says what it lacks
        return read_blobs(root, sorted(blobs - lacking(root, blobs, [incomplete]))) if incomplete else {}


def _from_store(tree: Tree, sources: Sequence[Source], store: Store) -> list[Source]:
    """Takes what the store knows; returns the files that are still to be parsed."""
    digests = {source.digest for source in sources if source.digest}
    outlines = {digest: codec.decode_outline(blob) for digest, blob in store.outlines(digests)}
    missing = []
    for source in sources:
        outline = outlines.get(source.digest)
        if outline is None:
            missing.append(source)
        else:
            tree.add_stored(source, outline)
    return missing


def _expect(tree: Tree, sources: Sequence[Source], store: Store) -> list[Source]:
    """Lets the tree read what the store knows when it is asked for; returns the files to be parsed."""
    known = set(store.known({source.digest for source in sources if source.digest}))
    tree.digests.update((path, digest) for path, digest in sources if digest in known)
    tree.outlines = Outlines(tree.digests, tree.read_outlines)
    return [source for source in sources if source.digest not in known]


def _kept(gathered: Iterable[Gathered], store: Store | None) -> Iterator[tuple[Gathered, bool]]:
    """Yields facts, given to the store to keep, with whether it has them now."""
    pending = iter(gathered)
    while some := list(islice(pending, _ROWS)):
        rows = [(found.digest, *found.blobs) for found in some if found.digest]
        is_stored = store is not None and store.add(rows)
        for found in some:
            yield found, is_stored and bool(found.digest)


def _overlay(tree: Tree, path: str, data: bytes) -> None:
    """Lets a text stand for the file at a path."""
    from ssot_lint.gather import extract_safely

    tree.add(path, *extract_safely(data))

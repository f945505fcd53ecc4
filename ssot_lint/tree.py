"""Loads a whole tree: its files, their facts from the store or by parsing, and what is to be reported on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint import codec
from ssot_lint.collection import Collection
from ssot_lint.collection_files import COLLECTION_FILES, read_collections
from ssot_lint.facts.model import Bodies, Details, Facts, Outline
from ssot_lint.files import Listing, PathPatterns, Source, Stamp, list_sources, read_bytes, select
from ssot_lint.roots import parent

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.facts.store import Store

_ROWS = 500  # facts that are written to the store in one transaction
_COLLECTION_FILES = frozenset(COLLECTION_FILES)


class Tree:
    """The facts of every file of a project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.outlines: dict[str, Outline] = {}
        self.selected: list[str] = []  # paths to report on
        self.about_configuration = True  # whether that includes the configuration
        self.notes: list[str] = []
        self.counts: dict[str, int] = {}
        self._blobs: dict[str, tuple[bytes, bytes]] = {}  # details and bodies by path

    def details(self, path: str) -> Details:
        """What a file names of other modules."""
        details = codec.decode_details(self._blobs[path][0])
        return self._anew(path).details if details is None else details

    def bodies(self, path: str) -> Bodies:
        """What happens inside a file."""
        bodies = codec.decode_bodies(self._blobs[path][1])
        return self._anew(path).bodies if bodies is None else bodies

    def _anew(self, path: str) -> Facts:
        """The facts of a file whose stored ones are whole, but of another shape."""
        from ssot_lint.facts.extract import extract, faulty

        try:
            return extract(read_bytes(self.root, path))
        except OSError as error:
            return faulty("unreadable", f"cannot be read: {error.strerror or error}")

    def collections(self) -> Mapping[str, Collection]:
        """How pytest collects, from the folders of the sources and those above them; adds notes."""
        folders = {""}
        for path in self.outlines:
            folder = parent(path)
            while folder not in folders:
                folders.add(folder)
                folder = parent(folder)
        texts = {}
        for folder in sorted(folders):
            try:
                names = os.listdir(self.root / folder)
            except OSError:
                continue  # gone since it was listed
            for name in sorted(_COLLECTION_FILES.intersection(names)):
                path = f"{folder}/{name}" if folder else name
                try:
                    texts[path] = read_bytes(self.root, path)
                except OSError as error:
                    self.notes.append(f"{path} cannot be read: {error.strerror or error}")
        found, notes = read_collections(texts, self.outlines)
        self.notes += notes
        return found

    def add(self, path: str, outline: Outline, details: bytes, bodies: bytes) -> None:
        """Adds or replaces the facts of a file."""
        self.outlines[path] = outline
        self._blobs[path] = details, bodies

    def remove(self, path: str) -> None:
        """Takes a file away."""
        del self.outlines[path], self._blobs[path]


def load(
    config: Config,
    paths: Sequence[str],
    *,
    stdin: tuple[str, bytes] | None,
    jobs: int | None,
    use_cache: bool,
    progress: Callable[[int, int], None] | None,
    executor: Executor | None,
) -> Tree:
    """Loads the facts of a configuration's whole tree; see `engine.lint` for the arguments."""
    tree = Tree(config.root)
    store = _open_store(config.root) if use_cache else None
    try:
        exclude = PathPatterns(config.exclude)
        known = {path: Stamp(*stamp) for path, stamp in store.stamps().items()} if store else {}
        listing = list_sources(config.root, exclude, known)
        sources = _choose(tree, config, listing, paths, exclude, stdin)
        _load(tree, config.root, sources, listing.algorithm, store, jobs, progress, executor)
        if stdin is not None and tree.selected:
            _overlay(tree, *stdin)
        if store is not None:
            store.remember(listing.stamps)
            tree.notes += [store.note] if store.note else []
    finally:
        if store is not None:
            store.close()
    tree.outlines = dict(sorted(tree.outlines.items()))
    tree.counts["files"] = len(tree.outlines)
    return tree


def _open_store(root: Path) -> Store:
    from ssot_lint.facts.store import Store

    return Store(root)


def _choose(
    tree: Tree,
    config: Config,
    listing: Listing,
    paths: Sequence[str],
    exclude: PathPatterns,
    stdin: tuple[str, bytes] | None,
) -> list[Source]:
    """Sets what is reported on, and returns what is loaded: every listed file, and named scripts."""
    if listing.note:
        tree.notes.append(listing.note)
    tree.notes += [f"{left.path} is left out: it {left.reason}" for left in listing.left_out]
    sources = {source.path: source for source in listing.sources}
    if stdin is not None:
        tree.about_configuration = False
        if exclude.match(stdin[0]):
            tree.notes.append(f"{stdin[0]} is left out: it is excluded by the configuration")
        else:
            tree.selected = [stdin[0]]
    elif not paths:
        tree.selected = sorted(sources)
    else:
        chosen = select(config.root, listing, paths, os.getcwd(), exclude=exclude, accept=(config.path,))
        tree.notes += [f"{left.path} is left out: it {left.reason}" for left in chosen.left_out]
        sources.update((source.path, source) for source in chosen.sources)
        tree.selected = [source.path for source in chosen.sources]
        named = {os.path.realpath(path) for path in paths}
        if config.path and os.path.realpath(config.root / config.path) in named:
            tree.selected = sorted(sources)  # another configuration can mean other findings anywhere
        tree.about_configuration = set(tree.selected) >= sources.keys()
    return [sources[path] for path in sorted(sources)]


def _load(
    tree: Tree,
    root: Path,
    sources: Sequence[Source],
    algorithm: str,
    store: Store | None,
    jobs: int | None,
    progress: Callable[[int, int], None] | None,
    executor: Executor | None,
) -> None:
    wanted = _from_store(tree, sources, store) if store is not None else sources
    tree.counts["files parsed"] = len(wanted)
    if not wanted:
        return
    from ssot_lint.gather import gather

    rows = []
    for found in gather(os.fspath(root), wanted, algorithm, jobs=jobs, progress=progress, executor=executor):
        outline = codec.decode_outline(found.blobs[0])
        assert outline is not None, "a worker has just encoded it"
        tree.add(found.path, outline, *found.blobs[1:])
        if store is not None and found.digest:
            rows.append((found.digest, *found.blobs))
            if len(rows) >= _ROWS:
                store.add(rows)
                rows = []
    if store is not None and rows:
        store.add(rows)


def _from_store(tree: Tree, sources: Sequence[Source], store: Store) -> list[Source]:
    """Takes what the store knows; returns the files that are still to be parsed."""
    digests = {source.digest for source in sources if source.digest}
    outlines = {digest: codec.decode_outline(blob) for digest, blob in store.outlines(digests)}
    details = {digest: blob for digest, blob in store.details(digests) if codec.is_whole(blob)}
    bodies = {digest: blob for digest, blob in store.bodies(digests) if codec.is_whole(blob)}
    missing = []
    for source in sources:
        outline = outlines.get(source.digest)
        if outline is None or source.digest not in details or source.digest not in bodies:
            missing.append(source)
        else:
            tree.add(source.path, outline, details[source.digest], bodies[source.digest])
    return missing


def _overlay(tree: Tree, path: str, data: bytes) -> None:
    """Lets a text stand for the file at a path."""
    from ssot_lint.gather import extract_safely

    blobs = extract_safely(data)
    outline = codec.decode_outline(blobs[0])
    assert outline is not None, "it has just been encoded"
    tree.add(path, outline, *blobs[1:])

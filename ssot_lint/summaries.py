"""Keeps what rules gather from each file, for runs that look at a few files and compare them with all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from ssot_lint import codec
from ssot_lint.config import Config
from ssot_lint.record import key_of
from ssot_lint.tree import Tree

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store

T = TypeVar("T")

_FEW = 50
"""So many texts that are not known yet are read again each time, which costs less than to keep all anew."""


class Summaries:
    """What is gathered from the files of a tree, kept by the digests of their texts."""

    def __init__(self, store: Store, config: Config, tree: Tree) -> None:
        self._store = store
        self._config = config
        self._tree = tree

    def of(
        self, paths: Iterable[str], question: tuple[object, ...], shape: type[T], read: Callable[[str], T]
    ) -> Mapping[str, T]:
        """What `read` makes of the files at some paths, from nothing but their facts; see `Project.every`."""
        key = key_of(self._config, f"summary {question!r}")
        blob = self._store.summary(key)
        known = (codec.decode_one(dict[str, shape], blob) if blob is not None else None) or {}  # type: ignore[valid-type]
        digests = self._tree.digests
        found = {path: known.get(digests.get(path, "")) for path in paths}
        made = {path: read(path) if each is None else each for path, each in found.items()}
        lacking = [path for path, each in found.items() if each is None and path in digests]
        # A text that changed since it was listed has another digest by now.
        if len(lacking) > _FEW and self._tree.is_as_listed:
            new = codec.encode_one({digests[path]: each for path, each in made.items() if path in digests})
            if new is not None:
                self._store.remember_summary(key, new)
        return made

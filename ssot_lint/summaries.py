"""Keeps what rules gather from each file, for runs that look at a few files and compare them with all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from ssot_lint import codec
from ssot_lint.config import Config
from ssot_lint.facts.store import Store
from ssot_lint.record import key_of

T = TypeVar("T")

_FEW = 50
"""So many texts that are not known yet are read again each time, which costs less than to keep all anew."""


class Summaries:
    """What is gathered from files, kept by the digests of their texts, which are given by path."""

    def __init__(self, store: Store, config: Config, digests: Mapping[str, str]) -> None:
        self._store = store
        self._config = config
        self._digests = digests

    def of(
        self, paths: Iterable[str], question: tuple[object, ...], shape: type[T], read: Callable[[str], T]
    ) -> Mapping[str, T]:
        """What `read` makes of the files at some paths, from nothing but their facts; see `Project.every`."""
        key = key_of(self._config, f"summary {question!r}")
        blob = self._store.summary(key)
        known = (codec.decode_one(dict[str, shape], blob) if blob is not None else None) or {}  # type: ignore[valid-type]
        found = {path: known.get(self._digests.get(path, "")) for path in paths}
        made = {path: read(path) if each is None else each for path, each in found.items()}
        lacking = [path for path, each in found.items() if each is None and path in self._digests]
        if len(lacking) > _FEW:
            kept = {self._digests[path]: each for path, each in made.items() if path in self._digests}
            new = codec.encode_one(kept)
            if new is not None:
                self._store.remember_summary(key, new)
        return made

"""Remembers what a run over all files found, for runs that depend on the very same things."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint import __version__, codec
from ssot_lint.choice import Choice
from ssot_lint.collection_files import digest_of_texts, find_texts
from ssot_lint.config import Config
from ssot_lint.finding import Finding
from ssot_lint.suppress import Allowed

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store


class Found(NamedTuple):
    """What the rules found in files and in the configuration."""

    findings: tuple[Finding, ...]  # sorted
    allowed: tuple[Allowed, ...]  # sorted, too
    broken: tuple[str, ...]  # files that do not compile, sorted
    notes: tuple[str, ...] = ()


class _Record(NamedTuple):
    """What is kept; the digest is that of pytest's configurations, "" where no rule asked for them."""

    found: Found
    collection_digest: str


class Recorder:
    """Keeps and finds what runs found over all the files of a choice, under one configuration."""

    def __init__(
        self,
        store: Store,
        config: Config,
        choice: Choice,
        collection_digest: Callable[[], str] | None = None,
    ) -> None:
        """`collection_digest` gives that of the files that pytest may read, those on the disk if left out."""
        self._store = store
        self._key = _key(config, choice)
        self._collection_digest = collection_digest or partial(_digest_on_disk, config.root, choice)

    def recall(self) -> Found | None:
        """What a run found over all files; None if there was none, or anything has changed since."""
        blob = self._store.run(self._key)
        record = codec.decode_one(_Record, blob) if blob is not None else None
        if record is None:
            return None
        # To find what configures pytest takes longer than all the rest, so only where a rule asked for it.
        if record.collection_digest and record.collection_digest != self._collection_digest():
            return None
        return record.found

    def keep(self, found: Found, collection_digest: str) -> None:
        """Keeps what a run found over all files; see `Tree.collection_digest`."""
        blob = codec.encode_one(_Record(found, collection_digest))
        if blob is not None:
            self._store.remember_run(self._key, blob)


def is_reproducible(config: Config, choice: Choice) -> bool:
    """Whether findings depend on nothing but what a recorder looks at."""
    return not config.resolve_installed and all(source.digest for source in choice.sources)


def _digest_on_disk(root: Path, choice: Choice) -> str:
    texts, _ = find_texts(root, (source.path for source in choice.sources))
    return digest_of_texts(texts)


def _key(config: Config, choice: Choice) -> str:
    return key_of(config, "\0".join(f"{path}\0{digest}" for path, digest in choice.sources))


def key_of(config: Config, looked_at: str) -> str:
    """Stands for what a run depends on: the code, the configuration, and a text about what was looked at."""
    state = blake2b(f"{_code()}\0{config.digest}\0{config.path}\0".encode(), digest_size=20)
    state.update(looked_at.encode("utf-8", "surrogateescape"))
    return state.hexdigest()


@cache
def _code() -> str:
    """What changes with the code of the tool: its version, and the looks of its files."""
    looks = [__version__]
    for folder, folders, files in os.walk(Path(__file__).parent):
        folders[:] = sorted(set(folders) - {"__pycache__"})
        for name in sorted(files):
            status = os.stat(os.path.join(folder, name))
            looks.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(looks)

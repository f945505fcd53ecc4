"""What a commit changes: the files, their facts before, and the configurations in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.collection import Collection
from ssot_lint.collection_files import COLLECTION_FILES, read_collections
from ssot_lint.config import Config, ConfigError, parse
from ssot_lint.config_file import OWN_FILE, SHARED_FILE
from ssot_lint.files import (
    Change,
    Changes,
    PathPatterns,
    Source,
    changes_between,
    changes_staged,
    read_blobs,
)
from ssot_lint.finding import Span
from ssot_lint.roots import parent
from ssot_lint.tree import Tree, load_blobs

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store

_SUFFIXES = (".py", ".pyi")
_NOWHERE = Span(1, 1, 1, 1)

Collections = Callable[[], Mapping[str, Collection]]
"""How pytest collects, by the folder of its configuration."""


def read_changes(root: Path, environment: Mapping[str, str]) -> list[Changes]:
    """What this commit changes since each of its parents, none of them being there before the first commit.

    Where pre-commit says in the environment that it runs for the commits from one to another, it is what
    those change. Raises GitError.
    """
    old, new = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    return changes_between(root, old, new) if old and new else changes_staged(root)


def tree_before(config: Config, changes: Changes, store: Store | None) -> Tree:
    """The changed files of a project as they were, those that were there. Raises GitError.

    The facts are those in the store, else of the texts that git has; it is given them to keep.
    """
    exclude = PathPatterns(config.exclude)
    sources = [
        Source(path, change.blob)
        for path, change in sorted(changes.items())
        if change.blob and path.endswith(_SUFFIXES) and not path.startswith("../") and not exclude.match(path)
    ]
    return load_blobs(config.root, sources, store)


# the configuration


def is_other_configuration(config: Config, parents: Sequence[Changes]) -> bool:
    """Whether the configuration, or a plugin that it names, is not what it was in any of the parents.

    It is the same if no finding can come from the difference: whoever adds a dependency to
    `pyproject.toml` changes no configuration. Raises GitError.
    """
    return bool(parents) and all(_is_other(config, changes) for changes in parents)


def _is_other(config: Config, changes: Changes) -> bool:
    if any(_is_plugin(path, config) for path in changes):
        return True
    files = dict.fromkeys((config.path or OWN_FILE, OWN_FILE, SHARED_FILE))
    texts = read_blobs(
        config.root, [changes[path].blob for path in files if path in changes and changes[path].blob]
    )
    return any(
        _in_force(texts.get(changes[path].blob, b""), path, config.root)
        != _in_force(_text_now(config.root, path) or b"", path, config.root)
        for path in files
        if path in changes
    )


def _in_force(text: bytes, path: str, root: Path) -> str:
    """Digits over what a configuration means, wherever in the file it says so; "" for a broken one."""
    try:
        config = parse(text.decode(), path, root)
    except (ConfigError, UnicodeDecodeError):
        return ""
    instances, unselected = (
        tuple(each._replace(span=_NOWHERE) for each in several)
        for several in (config.instances, config.unselected)
    )
    return replace(config, instances=instances, unselected=unselected).digest


def _is_plugin(path: str, config: Config) -> bool:
    places = [
        f"{root}/{name.replace('.', '/')}".lstrip("/")
        for root in ("", *config.source_roots)
        for name in config.plugins
    ]
    return any(path == f"{place}.py" or path.startswith(f"{place}/") for place in places)


# how pytest collects


def collection_files(changes: Changes) -> dict[str, Change]:
    """The changed files in which pytest may look for its configuration."""
    return {
        path: change
        for path, change in changes.items()
        if path.rpartition("/")[2] in COLLECTION_FILES and not path.startswith("../")
    }


def collections_before(
    config: Config, changes: Changes, paths: Iterable[str], now: Collections
) -> Collections:
    """How pytest collected before the changes, where `now` is how it does: the same if it was no other.

    `paths` are the files that the project had. Raises GitError.
    """
    changed = collection_files(changes)
    if not changed:
        return now
    blobs = read_blobs(config.root, [change.blob for change in changed.values() if change.blob])
    folders = {parent(path) for path in changed}
    texts = {}
    for path in (f"{folder}/{name}".lstrip("/") for folder in folders for name in COLLECTION_FILES):
        text = blobs.get(changed[path].blob) if path in changed else _text_now(config.root, path)
        if text is not None:
            texts[path] = text
    found, _ = read_collections(texts, frozenset(paths))
    others = {folder: collection for folder, collection in now().items() if folder not in folders}
    return lambda: {**others, **found}


def _text_now(root: Path, path: str) -> bytes | None:
    try:
        return Path(root, path).read_bytes()
    except OSError:
        return None

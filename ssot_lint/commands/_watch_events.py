"""What changed on the disk, and what that means for a session."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ssot_lint.baseline import batches, folder, waivers
from ssot_lint.collection_files import COLLECTION_FILES
from ssot_lint.config_file import OWN_FILE
from ssot_lint.facts import store
from ssot_lint.files import UsageError
from ssot_lint.session import Session

_ASIDE = frozenset({".git", store.FOLDER})
_SUFFIXES = (".py", ".pyi")
_DECIDING = frozenset({*COLLECTION_FILES, OWN_FILE, ".gitignore"})
"""Names of files that decide which files count, or what is found in them."""

_PATIENCE = 200  # milliseconds: so often a terminal can be drawn anew that has another size
_MANY = 300
"""So many changed files are read faster all together, by several processes."""


class Events(NamedTuple):
    """What changed, as far as it matters to a session."""

    paths: frozenset[str] = frozenset()  # source files that came, changed or went
    is_whole: bool = False  # everything is to be read anew
    about_baseline: bool = False


def changes(root: str) -> Iterator[set[str]]:
    """Yields the paths below a folder that changed, absolute ones, and none every now and then.

    What happens after the first set was asked for is in one of them. Raises UsageError where that cannot be
    had.
    """
    try:
        from watchfiles import watch
    except ImportError:
        raise UsageError("`watch` needs more: `pip install 'ssot-lint[watch]'`") from None
    try:
        for found in watch(root, watch_filter=None, rust_timeout=_PATIENCE, yield_on_timeout=True):
            yield {path for _, path in found}
    except OSError as error:
        raise UsageError(
            f"{root} cannot be watched: {error}\nWATCHFILES_FORCE_POLLING=true goes without events"
        ) from error


def understood(session: Session, root: str, changed: Iterable[str]) -> Events:
    """What changes mean, given as absolute paths below the real path of the root of a session."""
    config_file = os.path.realpath(session.config.root / session.config.path) if session.config.path else ""
    paths: set[str] = set()
    about_baseline = False
    for absolute in changed:
        path = os.path.relpath(absolute, root).replace(os.sep, "/")
        name = path.rpartition("/")[2]
        if not _ASIDE.isdisjoint(path.split("/")):
            continue
        if absolute == config_file or name in _DECIDING or os.path.islink(absolute):
            return Events(is_whole=True)
        if path in (waivers.PATH, batches.PATH) or path.startswith(f"{folder.FOLDER}/"):
            about_baseline = True
        elif os.path.isdir(absolute):
            paths.update(_sources_below(root, absolute))
        elif name.endswith(_SUFFIXES) or path in session:
            paths.add(path)
        elif not os.path.lexists(absolute):
            paths.update(each for each in session.project.outlines if each.startswith(f"{path}/"))
    if len(paths) > _MANY:
        return Events(is_whole=True)
    return Events(frozenset(session.of_project(paths)), False, about_baseline)


def _sources_below(root: str, top: str) -> Iterator[str]:
    for place, folders, names in os.walk(top):
        folders[:] = [each for each in folders if each not in _ASIDE]
        for name in names:
            if name.endswith(_SUFFIXES):
                yield os.path.relpath(os.path.join(place, name), root).replace(os.sep, "/")

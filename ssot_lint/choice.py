"""Chooses what a run looks at: the files of the project, and those to report on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ssot_lint.config import Config
from ssot_lint.files import PathPatterns, Source, Stamp, list_sources, select


class Choice(NamedTuple):
    """What a run looks at."""

    sources: Sequence[Source]  # every listed file, and named scripts, by path
    selected: Sequence[str]  # paths to report on
    about_configuration: bool  # whether that includes the configuration
    algorithm: str  # of the digests
    stamps: Mapping[str, Stamp]  # to be known to the next run
    notes: Sequence[str]

    @property
    def is_whole(self) -> bool:
        """Whether the report is about all there is."""
        return self.about_configuration and len(self.selected) == len(self.sources)


def choose(
    config: Config,
    paths: Sequence[str],
    stdin: tuple[str, bytes] | None,
    known: Mapping[str, tuple[int, int, int, str]],
) -> Choice:
    """Lists the files of a configuration's project; see `engine.lint` for the arguments.

    `known` are the stamps of an earlier run. Raises UsageError for paths that cannot be linted.
    """
    exclude = PathPatterns(config.exclude)
    listing = list_sources(config.root, exclude, {path: Stamp(*stamp) for path, stamp in known.items()})
    sources = {source.path: source for source in listing.sources}
    notes = [listing.note] if listing.note else []
    notes += [f"{left.path} is left out: it {left.reason}" for left in listing.left_out]
    about_configuration = True
    if stdin is not None:
        about_configuration = False
        selected = [stdin[0]]
        if exclude.match(stdin[0]):
            notes.append(f"{stdin[0]} is left out: it is excluded by the configuration")
            selected = []
    elif not paths:
        selected = sorted(sources)
    else:
        chosen = select(config.root, listing, paths, os.getcwd(), exclude=exclude, accept=(config.path,))
        notes += [f"{left.path} is left out: it {left.reason}" for left in chosen.left_out]
        sources.update((source.path, source) for source in chosen.sources)
        selected = [source.path for source in chosen.sources]
        named = {os.path.realpath(path) for path in paths}
        if config.path and os.path.realpath(config.root / config.path) in named:
            selected = sorted(sources)  # another configuration can mean other findings anywhere
        about_configuration = set(selected) >= sources.keys()
    return Choice(
        [sources[path] for path in sorted(sources)],
        selected,
        about_configuration,
        listing.algorithm,
        listing.stamps,
        notes,
    )


def choose_named(
    config: Config, names: Sequence[str], known: Mapping[str, tuple[int, int, int, str]]
) -> Choice:
    """Lists the files of a project for a hook, which names files of any kind; see `choose`.

    Names of what is no file of the project are passed over, and none select none. What git does not
    track is no part of the project, unless it is named.
    """
    exclude = PathPatterns(config.exclude)
    listing = list_sources(config.root, exclude, {path: Stamp(*stamp) for path, stamp in known.items()})
    chosen = select(config.root, listing, names, os.getcwd(), exclude=exclude, lenient=True).sources
    untracked = frozenset(listing.untracked)
    sources = {*chosen, *(source for source in listing.sources if source.path not in untracked)}
    return Choice(
        sorted(sources),
        [source.path for source in chosen],
        False,
        listing.algorithm,
        listing.stamps,
        [listing.note] if listing.note else [],
    )

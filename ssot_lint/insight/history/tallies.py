"""Counts what the rules of now find in commits, file by file."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint import codec
from ssot_lint.config import Config
from ssot_lint.engine import check
from ssot_lint.files import Source
from ssot_lint.record import Found, key_of
from ssot_lint.snapshot import Snapshot

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store

_FASTEST = 1
_MOST_HELD = 8  # tallies in memory; of 10,000 files one takes some megabytes


class Tally(NamedTuple):
    """How much was found in the source files of a commit: by the path of every file, how much by rule."""

    findings: Mapping[str, Mapping[str, int]]
    broken: tuple[str, ...]  # paths of files that do not compile
    absent: tuple[str, ...]  # paths of files of which nothing is known, for git lacks their texts


class _Known(NamedTuple):
    """What was found in one text."""

    by_rule: Mapping[str, int]
    is_broken: bool


class Tallies:
    """The tallies of commits; what is found in the configuration is left out.

    The configuration is that of now. `paths` are files and folders that matter, all where there are none: a
    tally may lack other files. `jobs` is as for `engine.lint`.
    """

    def __init__(
        self, config: Config, store: Store, paths: Sequence[str] = (), *, jobs: int | None = None
    ) -> None:
        self.config = config
        self.within = confined_to(paths)
        self._paths = paths
        self._store = store
        self._jobs = jobs
        self._is_recorded = not config.resolve_installed
        self._is_local = all(instance.rule.is_local for instance in config.instances)
        # By the id of the commit, and by the digest of all that matters in it: many commits leave that alone.
        self._tallies: dict[str, Tally] = {}
        self._known: dict[Source, _Known] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about the cache."""
        return (self._store.note,) if self._store.note else ()

    def only(self, rule: str) -> Tallies:
        """Tallies in which what one rule finds is right, by its id; they are taken faster."""
        instances = tuple(each for each in self.config.instances if each.rule.id == rule)
        if any(instance.rule.about == "suppressions" for instance in instances):
            return self  # what it finds is about what others find
        left_out = tuple(each for each in self.config.instances if each.rule.id != rule)
        config = replace(
            self.config,
            select=(rule,),
            ignore=(),
            instances=instances,
            unselected=(*self.config.unselected, *left_out),
        )
        return Tallies(config, self._store, self._paths, jobs=self._jobs)

    def of(self, commit: str) -> Tally:
        """The tally of a commit, given by its id. Raises GitError."""
        tally = self._recall(commit)
        if tally is None:
            snapshot = Snapshot(self.config, commit, self._store, jobs=self._jobs, may_lack_texts=True)
            digest = snapshot.digest()
            tally = self._tallies.get(digest) or self._taken(snapshot)
            self._hold(digest, tally)
            self._hold(commit, tally)
            self._keep(commit, tally)
        return tally

    def _taken(self, snapshot: Snapshot) -> Tally:
        if self._is_local:
            return self._taken_apart(snapshot)
        paths = snapshot.tree.outlines
        found = snapshot.check(self.config, list(paths), about_configuration=False)
        absent = (source.path for source in snapshot.sources if source.path not in paths)
        return Tally(_counted(found, paths), found.broken, tuple(absent))

    def _taken_apart(self, snapshot: Snapshot) -> Tally:
        """The same where no file matters to another: what was in other commits is not looked at again."""
        sources = [source for source in snapshot.sources if self.within(source.path)]
        tree = snapshot.load([source for source in sources if source not in self._known])
        found = check(self.config, tree.outlines, tree, list(tree.outlines), about_configuration=False)
        counts, broken = _counted(found, tree.outlines), set(found.broken)
        for source in sources:
            if source.path in counts:
                self._known[source] = _Known(counts[source.path], source.path in broken)
        known = {source.path: self._known[source] for source in sources if source in self._known}
        return Tally(
            {path: each.by_rule for path, each in known.items()},
            tuple(path for path, each in known.items() if each.is_broken),
            tuple(source.path for source in sources if source.path not in known),
        )

    def _recall(self, commit: str) -> Tally | None:
        if commit not in self._tallies and self._is_recorded:
            blob = self._store.tally(self._key(commit))
            tally = _unpacked(blob) if blob is not None else None
            if tally is not None:
                self._hold(commit, tally)
        return self._tallies.get(commit)

    def _key(self, commit: str) -> str:
        return key_of(self.config, "\0".join((commit, *(self._paths if self._is_local else ()))))

    def _hold(self, key: str, tally: Tally) -> None:
        self._tallies[key] = tally
        if len(self._tallies) > _MOST_HELD:
            del self._tallies[next(iter(self._tallies))]

    def _keep(self, commit: str, tally: Tally) -> None:
        blob = codec.encode_one(tally) if self._is_recorded and not tally.absent else None
        if blob is not None:
            self._store.remember_tally(self._key(commit), zlib.compress(blob, _FASTEST))


@contextmanager
def opened_tallies(
    config: Config, paths: Sequence[str], *, jobs: int | None = None, use_cache: bool = True
) -> Iterator[Tallies]:
    """Yield tallies for as long as the context lasts; see `Tallies` and `engine.lint` for the arguments.

    Without the cache they keep the facts elsewhere for that time, lest a text be parsed for every commit.
    """
    from ssot_lint.facts.store import opened  # some builds of Python lack what it needs

    place = nullcontext(config.root) if use_cache else TemporaryDirectory(prefix="ssot-lint-")
    with place as folder, opened(folder) as store:
        yield Tallies(config, store, paths, jobs=jobs)


def confined_to(paths: Sequence[str]) -> Callable[[str], bool]:
    """Tells of a path whether it is one of some files and folders or lies in one; of none means yes."""
    folders = tuple(f"{path}/" for path in paths)
    return lambda path: not paths or "" in paths or path in paths or path.startswith(folders)


def _counted(found: Found, paths: Iterable[str]) -> dict[str, Mapping[str, int]]:
    counts: dict[str, Counter[str]] = {path: Counter() for path in paths}
    for finding in found.findings:
        counts[finding.path][finding.rule] += 1
    return {path: dict(each) for path, each in counts.items()}


def _unpacked(blob: bytes) -> Tally | None:
    try:
        return codec.decode_one(Tally, zlib.decompress(blob))
    except zlib.error:
        return None

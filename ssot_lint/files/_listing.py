"""Lists the source files of a project with their content ids, opening as few of them as possible."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ssot_lint.files import _git
from ssot_lint.files._disk import read_bytes, relative_path
from ssot_lint.files._patterns import PathPatterns
from ssot_lint.files._text import digest_of
from ssot_lint.files._walk import LeftOut, is_reached, walk, without_never_linted

# A file changed twice within one tick of the file system's clock looks unchanged the second time; no
# clock that is in use ticks slower than this.
_TICK = 2_000_000_000


class Source(NamedTuple):
    """A file to lint."""

    path: str  # from the root, with `/` as separator
    digest: str  # the content id, or "" where the file could not be read


class Stamp(NamedTuple):
    """What a file looked like when its digest was taken; times in nanoseconds since the epoch."""

    size: int
    modified: int
    changed: int
    digest: str


class Listing(NamedTuple):
    """The source files of a project, sorted by path, and what was learnt on the way."""

    sources: list[Source]
    left_out: list[LeftOut]  # what is named like a source file but cannot be one, and unreadable folders
    stamps: dict[str, Stamp]  # by path: remember them, and pass them as `known` the next time
    algorithm: str  # of the digests: "sha1" or "sha256"
    note: str  # why git was not asked although the root lies in a repository, or ""
    untracked: Collection[str]  # those of the files that git does not track yet


class _Found(NamedTuple):
    blobs: Mapping[str, str]  # content ids of files that need no look
    paths: Collection[str]  # what needs a look
    algorithm: str = "sha1"
    left_out: Collection[LeftOut] = ()
    note: str = ""
    untracked: Collection[str] = ()


def list_sources(
    root: str | os.PathLike[str],
    exclude: PathPatterns | None = None,
    known: Mapping[str, Stamp] = MappingProxyType({}),
) -> Listing:
    """List the `.py` and `.pyi` files below `root` that git tracks or does not ignore.

    Outside of git, and where git fails, those that no `.gitignore` ignores. A link is listed if it
    leads to a file inside of `root` that is not. The content ids are those of the texts on disk, taken
    from git or from `known`, the stamps of an earlier listing, where the file has not changed since.
    """
    top = os.path.realpath(root)
    exclude = exclude or PathPatterns()
    found = _find(top, exclude)
    blobs: Iterable[tuple[str, str]] = found.blobs.items()
    if exclude:
        blobs = (item for item in blobs if not exclude.match(item[0]))
    sources = list(map(Source._make, blobs))
    left_out = [*found.left_out]
    links = []
    disk = _Disk(top, known, found.algorithm)
    for path in sorted(found.paths):
        if exclude.match(path):
            continue
        status = disk.look_at(path)
        if isinstance(status, LeftOut):
            left_out.append(status)
        elif status is None:
            continue  # tracked and deleted
        elif stat.S_ISLNK(status.st_mode):
            links.append(path)
        else:
            sources.append(Source(path, disk.digest(path, status)))
    listed = {source.path for source in sources} if links else set()
    for path in links:
        target = disk.target_of(path)
        if isinstance(target, LeftOut):
            left_out.append(target)
        elif target.path in listed:
            left_out.append(LeftOut(path, f"is a link to {target.path}"))
        else:
            listed.add(target.path)
            sources.append(Source(path, disk.digest(path, target.status)))
    return Listing(
        sorted(sources), sorted(left_out), disk.stamps, found.algorithm, found.note, found.untracked
    )


def would_list(root: str | os.PathLike[str], path: str, exclude: PathPatterns) -> bool:
    """Tell whether a Python file at a path from `root`, there or yet to be, is one that would be listed."""
    top = os.path.realpath(root)
    if exclude.match(path) or not without_never_linted(top, [path]):
        return False
    repository = _git.repository_top(top)
    try:
        if repository is not None and not _git.is_ignored(top):
            return not _git.is_ignored(top, path)
    except _git.GitError:
        pass  # the listing goes without git then, too
    return is_reached(top, repository, path)


def _find(top: str, exclude: PathPatterns) -> _Found:
    repository = _git.repository_top(top)
    note = ""
    try:
        tree = _git.work_tree(top)
    except _git.GitError as error:
        note = str(error) if repository is not None else ""
    else:
        if tree.blobs or tree.tracked or tree.untracked or not _git.is_ignored(top):
            paths = [*tree.tracked, *without_never_linted(top, tree.untracked)]
            return _Found(tree.blobs, paths, tree.algorithm, untracked=tree.untracked)
    paths, unreadable = walk(top, repository, exclude.covers)
    return _Found({}, paths, left_out=unreadable, note=note)


class _Target(NamedTuple):
    path: str
    status: os.stat_result


class _Disk:
    """The files below one folder: what they are, and their digests, which it takes only where it must."""

    def __init__(self, top: str, known: Mapping[str, Stamp], algorithm: str) -> None:
        self.stamps: dict[str, Stamp] = {}
        self._top = top
        self._known = known
        self._algorithm = algorithm
        self._digest_length = len(digest_of(b"", algorithm))
        self._last_sure_time = time.time_ns() - _TICK
        self._reached_by_link: dict[str, bool] = {}

    def look_at(self, path: str) -> os.stat_result | LeftOut | None:
        """Return the status of a regular file or link, why it is neither, or None if nothing is there."""
        try:
            status = os.lstat(os.path.join(self._top, path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            return LeftOut(path, f"cannot be looked at: {error.strerror}")
        if self._is_reached_by_link(os.path.dirname(path)):
            return LeftOut(path, "lies behind a linked folder")
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISLNK(status.st_mode):
            return LeftOut(path, "is not a regular file")
        return status

    def target_of(self, path: str) -> _Target | LeftOut:
        """Return the regular file that a link leads to, or why there is none below the top."""
        location = os.path.realpath(os.path.join(self._top, path))
        target = relative_path(self._top, location)
        if target is None:
            return LeftOut(path, "is a link out of the project")
        try:
            # Where links go round in circles, what is left is itself a link.
            status = os.lstat(location)
        except OSError:
            return LeftOut(path, "is a link to nothing")
        if not stat.S_ISREG(status.st_mode):
            return LeftOut(path, "is a link to no regular file")
        return _Target(target, status)

    def digest(self, path: str, status: os.stat_result) -> str:
        """Return the content id of a regular file, "" if it cannot be read, and note its stamp."""
        look = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        stamp = self._known.get(path)
        if stamp is None or stamp[:3] != look or len(stamp.digest) != self._digest_length:
            try:
                data = read_bytes(self._top, path)
            except OSError:
                return ""
            stamp = Stamp(*look, digest_of(data, self._algorithm))
        if max(stamp.modified, stamp.changed) < self._last_sure_time:
            self.stamps[path] = stamp
        return stamp.digest

    def _is_reached_by_link(self, folder: str) -> bool:
        answer = self._reached_by_link.get(folder)
        if answer is None:
            location = os.path.join(self._top, folder) if folder else self._top
            answer = os.path.normcase(os.path.realpath(location)) != os.path.normcase(location)
            self._reached_by_link[folder] = answer
        return answer

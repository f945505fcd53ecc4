"""Gathers the facts of files: from the store, or by parsing them in worker processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import NamedTuple

from ssot_lint.codec import Blobs, encode
from ssot_lint.facts.extract import extract, faulty
from ssot_lint.facts.model import Facts
from ssot_lint.files import Source, algorithm_of, digest_of, read_bytes

BATCH_BYTES = 1 << 19
FEW_BYTES = 1 << 20
"""Below this many bytes of source, starting processes costs more than it saves."""

Progress = Callable[[int, int], None]


class Gathered(NamedTuple):
    """The facts of one file; `digest` is that of the text that was read, "" where nothing was."""

    path: str
    digest: str
    blobs: Blobs


def gather(
    root: str,
    sources: Sequence[Source],
    algorithm: str,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Gathered]:
    """Reads and parses files; yields their facts in the order in which they are ready.

    `algorithm` is that of the digests; `jobs` the number of processes, one for each core when None;
    `progress` is told how many files are done, of how many. A file that kills the process which
    parses it has facts that say so, the others are finished all the same.
    """
    sizes = {source.path: size_of(root, source.path) for source in sources}
    workers = _number_of_workers(jobs, sizes)
    here = ([read_facts(root, source.path, algorithm)] for source in sources)
    done = 0
    for found in _run(root, in_batches(sizes), algorithm, workers) if workers else here:
        yield from found
        done += len(found)
        if progress is not None:
            progress(done, len(sources))


def _number_of_workers(jobs: int | None, sizes: Mapping[str, int]) -> int:
    """How many processes parse, given the sizes of the files in bytes; 0 if this one does."""
    is_small = len(sizes) < 2 or jobs == 1 or sum(sizes.values()) < FEW_BYTES
    if is_small and _parser_is_safe():
        return 0
    from ssot_lint import pools  # it takes a while

    if pools.may_start_none():
        return 0
    workers = min(jobs or pools.cores(), len(sizes))
    return 0 if workers < 2 and _parser_is_safe() else workers


def gather_texts(
    texts: Mapping[str, bytes], *, jobs: int | None = None, progress: Progress | None = None
) -> Iterator[Gathered]:
    """Parses texts that git has, given by the ids of their blobs, which stand for paths; see `gather`."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="ssot-lint-") as folder:
        for blob, text in texts.items():
            with open(os.path.join(folder, blob), "wb") as file:
                file.write(text)
        sources = [Source(blob, blob) for blob in sorted(texts)]
        algorithm = algorithm_of(sources[0].path) if sources else ""
        yield from gather(folder, sources, algorithm, jobs=jobs, progress=progress)


def read_facts(root: str, path: str, algorithm: str) -> Gathered:
    """Reads one file and makes its facts; what keeps it from being read becomes a fault."""
    try:
        data = read_bytes(root, path)
    except OSError as error:
        return Gathered(path, "", encode(faulty("unreadable", f"cannot be read: {error.strerror or error}")))
    return Gathered(path, digest_of(data, algorithm), encode(extract(data)))


def extract_safely(data: bytes) -> Blobs:
    """Makes the facts of one text, in a process of its own where a text could kill this one."""
    if _parser_is_safe():
        return _extract(data)
    from ssot_lint import pools

    if pools.may_start_none():
        return _extract(data)
    ((_, blobs),) = pools.done(_extract, [data], 1)
    return blobs if blobs is not None else encode(_crashed())


def _extract(data: bytes) -> Blobs:
    return encode(extract(data))


def _read_batch(root: str, algorithm: str, paths: Sequence[str]) -> list[Gathered]:
    return [read_facts(root, path, algorithm) for path in paths]


def _run(root: str, batches: list[list[str]], algorithm: str, workers: int) -> Iterator[list[Gathered]]:
    from ssot_lint import pools

    suspects = []
    read = partial(_read_batch, root, algorithm)
    with closing(pools.done(read, batches, workers)) as done:
        for batch, found in done:
            if found is None:
                suspects.append(batch)
            else:
                yield found
    for batch in sorted(suspects):
        yield _read_apart(root, batch, algorithm)


def _read_apart(root: str, batch: list[str], algorithm: str) -> list[Gathered]:
    """Reads a batch in a process of its own, and in halves if that dies, down to the file at fault."""
    from ssot_lint import pools

    with closing(pools.done(partial(_read_batch, root, algorithm), [batch], 1)) as done:
        ((_, found),) = done
    if found is not None:
        return found
    if len(batch) == 1:
        return [Gathered(batch[0], "", encode(_crashed()))]
    middle = len(batch) // 2
    return _read_apart(root, batch[:middle], algorithm) + _read_apart(root, batch[middle:], algorithm)


def _crashed() -> Facts:
    return faulty(
        "crash", "the process that parsed this file died: it is nested too deeply, or needs too much memory"
    )


def in_batches(sizes: Mapping[str, int]) -> list[list[str]]:
    """Paths, given with their sizes in bytes, in batches of about `BATCH_BYTES`.

    The largest files come first, so that none is left for the end.
    """
    batches: list[list[str]] = []
    room = 0
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        size = sizes[path]
        if size > room or not batches:
            batches.append([])
            room = BATCH_BYTES
        batches[-1].append(path)
        room -= size
    return batches


def size_of(root: str, path: str) -> int:
    """The size of a file in bytes, 0 for one that is not there."""
    try:
        return os.stat(os.path.join(root, path)).st_size
    except OSError:
        return 0


def _parser_is_safe() -> bool:
    """Whether no text can kill this interpreter: until 3.10 a long chain of operators could."""
    return sys.version_info >= (3, 11)

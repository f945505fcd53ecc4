"""Gathers the facts of files: from the store, or by parsing them in worker processes."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import NamedTuple

from ssot_lint.codec import Blobs, encode
from ssot_lint.facts.extract import extract, faulty
from ssot_lint.facts.model import Facts
from ssot_lint.files import Source, algorithm_of, digest_of, read_bytes

BATCH_BYTES = 1 << 19
FEW_BYTES = 1 << 20
"""Below this many bytes of source, starting processes costs more than it saves."""

_PATIENCE = 1.0  # seconds without a result, after which to see whether all workers live

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
    workers = min(jobs or _cores(), len(sources))
    done = 0
    is_small = workers <= 1 or sum(sizes.values()) < FEW_BYTES
    if (is_small and _parser_is_safe()) or _may_start_no_process():
        for source in sources:
            yield read_facts(root, source.path, algorithm)
            done += 1
            if progress is not None:
                progress(done, len(sources))
        return
    batches = in_batches(sizes)
    for found in _run(root, batches, algorithm, max(workers, 1)):
        yield from found
        done += len(found)
        if progress is not None:
            progress(done, len(sources))


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
    if _parser_is_safe() or _may_start_no_process():
        return _extract(data)
    with _pool(1) as pool:
        try:
            return pool.submit(_extract, data).result()
        except BrokenProcessPool:
            return encode(_crashed())


def _extract(data: bytes) -> Blobs:
    return encode(extract(data))


def _read_batch(root: str, paths: Sequence[str], algorithm: str) -> list[Gathered]:
    return [read_facts(root, path, algorithm) for path in paths]


def _run(root: str, batches: list[list[str]], algorithm: str, workers: int) -> Iterator[list[Gathered]]:
    suspects: list[list[str]] = []
    pool = _pool(workers)
    try:
        futures = _submit(pool, root, batches, algorithm, suspects)
        for future in _finished(pool, futures):
            try:
                yield future.result()
            except (BrokenProcessPool, CancelledError):
                suspects.append(futures[future])
    except BaseException:
        _stop(pool)
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    # The processes for suspects are forked from this one, which must have no other thread then; and
    # threads of a pool that are left to themselves may write to what is closed when this process ends.
    pool.shutdown(wait=True, cancel_futures=True)
    for batch in sorted(suspects):
        yield _read_apart(root, batch, algorithm)


def _submit(
    pool: Executor, root: str, batches: list[list[str]], algorithm: str, suspects: list[list[str]]
) -> dict[Future[list[Gathered]], list[str]]:
    """Submits the batches; a pool that breaks meanwhile takes no more, which makes the rest suspects."""
    futures = {}
    with _uninterrupted():
        for number, batch in enumerate(batches):
            try:
                futures[pool.submit(_read_batch, root, batch, algorithm)] = batch
            except BrokenProcessPool:
                suspects += batches[number:]
                break
    return futures


def _finished(pool: Executor, futures: Iterable[Future[list[Gathered]]]) -> Iterator[Future[list[Gathered]]]:
    """Yields futures as they are done.

    A worker that is killed while it hands over a result leaves the pool waiting for the rest of it, and
    the other workers for their turn. That is seen here, and ends the pool.
    """
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, _PATIENCE, FIRST_COMPLETED)
        processes = list((getattr(pool, "_processes", None) or {}).values())
        if not done and not all(process.is_alive() for process in processes):
            _stop(pool)
        yield from done


def _read_apart(root: str, batch: list[str], algorithm: str) -> list[Gathered]:
    """Reads a batch in a process of its own, and in halves if that dies, down to the file at fault."""
    with _pool(1) as pool:
        try:
            with _uninterrupted():
                future = pool.submit(_read_batch, root, batch, algorithm)
            (future,) = _finished(pool, [future])
            return future.result()
        except (BrokenProcessPool, CancelledError):
            pass
        except BaseException:
            _stop(pool)
            raise
    if len(batch) == 1:
        return [Gathered(batch[0], "", encode(_crashed()))]
    middle = len(batch) // 2
    return _read_apart(root, batch[:middle], algorithm) + _read_apart(root, batch[middle:], algorithm)


def _crashed() -> Facts:
    return faulty(
        "crash", "the process that parsed this file died: it is nested too deeply, or needs too much memory"
    )


def _pool(workers: int) -> ProcessPoolExecutor:
    import multiprocessing

    # Forking is the fastest start, and safe as long as nothing has started a thread.
    is_alone = sys.platform == "linux" and threading.active_count() == 1
    method = "fork" if is_alone else "spawn"
    return ProcessPoolExecutor(workers, multiprocessing.get_context(method), initializer=_start_worker)


def _start_worker() -> None:
    gc.disable()  # facts and syntax trees hold no cycles, and a worker does not live long
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # by this, whatever the parent itself makes of it
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this worker when its parent is gone, which cannot stop its workers when it is killed."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Lets Ctrl-C wait while processes are forked: amid that it would be lost, or leave one behind."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop(pool: Executor) -> None:
    """Ends the workers at once, so that an interrupted run leaves none behind."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    results = getattr(pool, "_result_queue", None)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()
    # Half a result in the pipe would keep the pool's thread, and so this process, waiting for the rest.
    if results is not None:
        results._writer.close()
    pool.shutdown(wait=bool(processes), cancel_futures=True)


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


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _may_start_no_process() -> bool:
    """Whether this is a worker of another program's `multiprocessing.Pool`, such as that of flake8."""
    from multiprocessing import current_process

    return current_process().daemon


def _parser_is_safe() -> bool:
    """Whether no text can kill this interpreter: until 3.10 a long chain of operators could."""
    return sys.version_info >= (3, 11)

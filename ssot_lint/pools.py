"""Processes that work for this one: as many as there are cores, and gone when it is."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Batch = TypeVar("Batch")

_PATIENCE = 1.0  # seconds without a result, after which to see whether all workers live

_OF_CONTAINERS = (
    ("/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Where Linux tells how many bytes a container may use and does use, and how many of these are files that it
has read and can forget: in version 2 and 1 of cgroups."""


def cores() -> int:
    """The number of processes that can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_start_none() -> bool:
    """Whether this is a worker of another program's `multiprocessing.Pool`, such as that of flake8."""
    from multiprocessing import current_process

    return current_process().daemon


def can_fork() -> bool:
    """Whether workers are copies of this process, which is safe as long as nothing has started a thread."""
    return sys.platform == "linux" and threading.active_count() == 1


def copies_that_fit() -> int:
    """The number of copies of this process that there is memory for, when each has changed all of its own.

    That is none where Linux does not tell of memory.
    """
    try:
        own = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        return _free_bytes() // (own * 2)
    except OSError:
        return 0


def _free_bytes() -> int:
    """How much memory is to be had: of the machine, or of the container that this process is in."""
    free = _figures(Path("/proc/meminfo"))["MemAvailable:"] * 1024
    for folder, limit, used, cached in _OF_CONTAINERS:
        try:
            most, now = (int(Path(folder, name).read_text()) for name in (limit, used))
        except (OSError, ValueError):  # another version, or no limit, which is "max"
            continue
        free = min(free, most - now + _figures(Path(folder, "memory.stat")).get(cached, 0))
    return free


def _figures(path: Path) -> dict[str, int]:
    """The numbers in a file of which each line has a word and a number."""
    return {word: int(number) for word, number, *_ in map(str.split, path.read_text().splitlines())}


def start(workers: int, prepare: Callable[[], object] | None = None) -> ProcessPoolExecutor:
    """A pool of processes, each of which calls `prepare` first: any function if it can fork.

    Forking is also the fastest start.
    """
    import multiprocessing

    context = multiprocessing.get_context("fork" if can_fork() else "spawn")
    return ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(prepare,))


def _begin(prepare: Callable[[], object] | None) -> None:
    gc.disable()  # facts and syntax trees hold no cycles, and a worker does not live long
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # by this, whatever the parent itself makes of it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()


def _end_with_parent() -> None:
    """Ends this worker when its parent is gone, which cannot stop its workers when it is killed."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Lets Ctrl-C wait while processes are forked: amid that it would be lost, or leave one behind."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def done(
    work: Callable[[Batch], T],
    batches: Sequence[Batch],
    workers: int,
    prepare: Callable[[], object] | None = None,
) -> Generator[tuple[Batch, T | None], None, None]:
    """Yields batches with what `work` makes of them, in the order in which they are done.

    That is None for those that were lost because a process died, which come last. `prepare` is as for
    `start`. However this ends, no process is left.
    """
    lost: list[Batch] = []
    pool = start(workers, prepare)
    try:
        futures = _submit(pool, work, batches, lost)
        for future in finished(pool, futures):
            batch = futures.pop(future)  # nobody else keeps what was made of it in memory
            try:
                made = future.result()
            except (BrokenProcessPool, CancelledError):
                lost.append(batch)
            else:
                yield batch, made
    except BaseException:
        stop(pool)
        raise
    # Whoever goes on may fork, and must have no other thread then; and threads of a pool that are left to
    # themselves may write to what is closed when this process ends.
    pool.shutdown(wait=True, cancel_futures=True)
    for batch in lost:
        yield batch, None


def _submit(
    pool: Executor, work: Callable[[Batch], T], batches: Sequence[Batch], lost: list[Batch]
) -> dict[Future[T], Batch]:
    """Submits batches; a pool that breaks meanwhile takes no more, which loses the rest."""
    futures = {}
    with uninterrupted():
        for number, batch in enumerate(batches):
            try:
                futures[pool.submit(work, batch)] = batch
            except BrokenProcessPool:
                lost += batches[number:]
                break
    return futures


def finished(pool: Executor, futures: Iterable[Future[T]]) -> Iterator[Future[T]]:
    """Yields futures as they are done.

    A worker that is killed while it hands over a result leaves the pool waiting for the rest of it, and
    the other workers for their turn. That is seen here, and ends the pool.
    """
    waiting = set(futures)
    while waiting:
        ready, waiting = wait(waiting, _PATIENCE, FIRST_COMPLETED)
        processes = list((getattr(pool, "_processes", None) or {}).values())
        if not ready and not all(process.is_alive() for process in processes):
            stop(pool)
        while ready:
            yield ready.pop()


def stop(pool: Executor) -> None:
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

"""Makes facts by any executor, wherever its workers are: texts go out, facts come back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait

from ssot_lint.codec import encode
from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import FACTS_VERSION
from ssot_lint.files import Source, UsageError, digest_of, read_bytes
from ssot_lint.gather import Gathered, Progress, gather, in_batches, read_facts, size_of

IN_FLIGHT = 64
"""Batches of texts that are out at once, so that no tree is in memory as a whole."""

Texts = list[tuple[str, bytes]]
"""Paths with the bytes of their files."""

_Made = tuple[str, list[Gathered]]
"""What workers hand back; see `make_facts`."""


def gather_remotely(
    executor: Executor,
    root: str,
    sources: Sequence[Source],
    algorithm: str,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    note: Callable[[str], object],
) -> Iterator[Gathered]:
    """Reads files here and parses them by the workers of an executor; see `gather.gather`.

    `jobs` is the number of batches of about half a megabyte that are out at once. What workers fail to
    hand back, because they died or the way to them is gone, is parsed here, and `note` is told. The
    executor is left open. Raises UsageError for workers whose facts would differ from those made here.
    """
    found = _gathered(executor, root, sources, algorithm, jobs or IN_FLIGHT, note)
    for done, each in enumerate(found, 1):
        yield each
        if progress is not None:
            progress(done, len(sources))


def _gathered(
    executor: Executor,
    root: str,
    sources: Sequence[Source],
    algorithm: str,
    most: int,
    note: Callable[[str], object],
) -> Iterator[Gathered]:
    """The same, with so many batches out at once, and without progress."""
    batches = in_batches({source.path: size_of(root, source.path) for source in sources})
    waiting: dict[Future[_Made], Texts] = {}
    failed: set[str] = set()
    reason = ""
    try:
        while batches or waiting:
            while batches and len(waiting) < most:
                texts, unreadable = _read(root, batches.pop(0), algorithm)
                yield from unreadable
                waiting[_submit(executor, texts, algorithm)] = texts
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                texts = waiting.pop(future)
                try:
                    judge, found = future.result()
                except ImportError as error:
                    raise UsageError(f"the workers cannot load ssot-lint: {error}") from None
                except Exception as error:  # each executor says in its own way that a worker died
                    failed.update(path for path, _ in texts)
                    reason = f"{type(error).__name__}: {error}"
                else:
                    _refuse_others(judge)
                    yield from found
    finally:
        for future in waiting:
            future.cancel()
    if failed:
        note(f"{len(failed)} files were parsed here, since no worker did ({reason})")
        yield from gather(root, [each for each in sources if each.path in failed], algorithm)


def _submit(executor: Executor, texts: Texts, algorithm: str) -> Future[_Made]:
    """Hands texts to an executor; one that takes no more, since it has broken, has failed at these too."""
    try:
        return executor.submit(make_facts, texts, algorithm)
    except BrokenExecutor as error:
        failed: Future[_Made] = Future()
        failed.set_exception(error)
        return failed


def make_facts(texts: Texts, algorithm: str) -> _Made:
    """The facts of texts, and what they depend on beside these; this is what workers run."""
    return judge_here(), [
        Gathered(path, digest_of(data, algorithm), encode(extract(data))) for path, data in texts
    ]


def judge_here() -> str:
    """What facts depend on beside the text."""
    return f"facts {FACTS_VERSION} of Python {sys.version_info.major}.{sys.version_info.minor}"


def _read(root: str, batch: Sequence[str], algorithm: str) -> tuple[Texts, list[Gathered]]:
    """The texts of files, and the facts of those that cannot be read."""
    texts: Texts = []
    unreadable = []
    for path in batch:
        try:
            texts.append((path, read_bytes(root, path)))
        except OSError:
            unreadable.append(read_facts(root, path, algorithm))
    return texts, unreadable


def _refuse_others(judge: str) -> None:
    if judge != judge_here():
        raise UsageError(f"the workers make {judge}, here it is {judge_here()}: both must be the same")

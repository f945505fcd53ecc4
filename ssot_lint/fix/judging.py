"""Judges texts that a file once had: whether they compile, and how many tests they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint import codec
from ssot_lint.facts.model import IN_FUNCTION, Function
from ssot_lint.files import GitError, read_blobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from ssot_lint.facts.store import Store
    from ssot_lint.gather import Gathered

_AT_ONCE = 500  # texts that lie in a folder of their own while they are parsed
_FIXTURES = frozenset(("fixture", "yield_fixture"))
_DOING = ("", "skip")  # what bodies of tests amount to that test something, or would


class Judged(NamedTuple):
    """What a text is worth."""

    fault: str  # why it does not compile, "" where it does
    line: int  # of the fault
    tests: int  # that do something: empty ones and the like do not count
    names: frozenset[str]  # of these tests
    definitions: int  # functions and classes, tests among them


def judge(
    root: Path,
    blobs: Iterable[str],
    store: Store | None,
    *,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Judged]:
    """Judge texts of the repository by the ids of their blobs, without those that it lacks.

    What the store knows is not read; it is given the rest to keep. See `engine.lint` for `jobs` and
    `progress`. Raises GitError.
    """
    wanted = sorted(set(blobs))
    judged = dict(_from_store(wanted, store)) if store is not None else {}
    missing = [blob for blob in wanted if blob not in judged]
    done = 0

    def advance(number: int, _total: int) -> None:
        if progress is not None:
            progress(done + number, len(missing))

    for some in _chunks(missing):
        rows = []
        for found in _parsed(root, some, jobs, advance):
            verdict = _judged(found.blobs[0], found.blobs[2])
            assert verdict is not None, "it has just been encoded"
            judged[found.path] = verdict
            if found.digest:
                rows.append((found.digest, *found.blobs))
        if store is not None:
            store.add(rows)
        done += len(some)
    return judged


def _from_store(blobs: Sequence[str], store: Store) -> Iterator[tuple[str, Judged]]:
    for some in _chunks(blobs):  # bodies are large
        bodies = dict(store.bodies(some))
        for blob, outline in store.outlines(some):
            verdict = _judged(outline, bodies.get(blob, b""))
            if verdict is not None:
                yield blob, verdict


def _parsed(
    root: Path, blobs: Sequence[str], jobs: int | None, progress: Callable[[int, int], None]
) -> Iterator[Gathered]:
    from ssot_lint.gather import gather_texts

    yield from gather_texts(_read(root, blobs), jobs=jobs, progress=progress)


def _read(root: Path, blobs: Sequence[str]) -> dict[str, bytes]:
    try:
        return read_blobs(root, blobs)
    except GitError:  # git before 2.44 fails, where a later one says what it lacks
        raise GitError(
            "git lacks texts of it; `git fetch --refetch` brings what a partial clone left out"
        ) from None


def _judged(outline_blob: bytes, bodies_blob: bytes) -> Judged | None:
    """The verdict on encoded facts, None where they are damaged or of another shape."""
    outline, bodies = codec.decode_outline(outline_blob), codec.decode_bodies(bodies_blob)
    if outline is None or bodies is None:
        return None
    fault = outline.fault
    tests = [function.name for function in bodies.functions if _is_test(function)]
    return Judged(
        fault.message if fault else "",
        fault.span.line if fault else 0,
        len(tests),
        frozenset(tests),
        len(bodies.functions) + len(outline.classes),
    )


def _is_test(function: Function) -> bool:
    return (
        function.name.startswith("test")
        and not function.context & IN_FUNCTION
        and function.body in _DOING
        and _FIXTURES.isdisjoint(each.name.rpartition(".")[2] for each in function.decorators)
    )


def _chunks(blobs: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(blobs)
    while some := list(islice(rest, _AT_ONCE)):
        yield some

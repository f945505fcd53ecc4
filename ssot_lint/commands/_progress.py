"""The bar that shows how far a long run is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE = 1.0
_INTERVAL = 0.1


@contextmanager
def progress_bar(
    stream: TextIO,
    *,
    wanted: bool = True,
    task: str = "parsing",
    unit: str = "files",
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what to tell about progress: what is done, of how many. A terminal shows a bar after a second.

    `task` and `unit` say what is being done to what.
    """
    if not wanted or not stream.isatty():
        yield None
        return
    bar: Progress | None = None
    due = clock() + _PATIENCE

    def advance(done: int, total: int) -> None:
        nonlocal bar, due
        now = clock()
        if now < due:
            return
        due = now + _INTERVAL
        if bar is None:
            bar = _bar(stream, unit)
            bar.add_task(task, total=total)
            bar.start()
        bar.update(bar.task_ids[0], completed=done, total=total, refresh=True)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _bar(stream: TextIO, unit: str) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit))
    # Refreshing from here and not from a thread keeps worker processes safe to fork at any time.
    return Progress(*columns, console=Console(file=stream), transient=True, auto_refresh=False)

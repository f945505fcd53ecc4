"""The desks there are: one for each project that has had an open file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ssot_lint.config_file import OWN_FILE
from ssot_lint.integrations.lsp.desk import Desk
from ssot_lint.integrations.lsp.events import Event
from ssot_lint.integrations.lsp.places import home_of

Hear = Callable[[Desk, Event], None]


class Desks:
    """Desks by the folder that their configuration is found from.

    With `named`, that file is the configuration of them all, and each folder of the workspace has a desk.
    `hear` is called by the event loop with what a desk tells, unless that is cleared away by then.
    """

    def __init__(self, named: Path | None, folders: Sequence[Path], encoding: str, hear: Hear) -> None:
        self.folders = folders
        self._named = named
        self._encoding = encoding
        self._hear = hear
        self._loop = asyncio.get_running_loop()
        self._desks: dict[Path, Desk] = {}
        self._stopped: list[Desk] = []

    def __iter__(self) -> Iterator[Desk]:
        return iter(self._desks.values())

    def of(self, path: Path) -> Desk | None:
        """The desk of the project that a file belongs to, None where there is none."""
        start = home_of(path) if self._named is None else self._folder_of(path)
        if start is None:
            return None
        if start not in self._desks:

            def tell(event: Event) -> None:
                try:
                    self._loop.call_soon_threadsafe(self._pass_on, start, event)
                except RuntimeError:
                    if not self._loop.is_closed():  # else the editor is gone, and nobody listens any more
                        raise

            self._desks[start] = Desk(start, self._named, self._encoding, tell)
        return self._desks[start]

    def reload(self, steering: Iterable[Path]) -> list[Desk]:
        """Follows a change of files that steer what is found; returns the desks that have gone with them."""
        gone = [desk for desk in self if self._named is None and home_of(desk.start / OWN_FILE) != desk.start]
        for desk in gone:
            del self._desks[desk.start]
            desk.stop()
        self._stopped += gone
        for desk in self:
            if any(path == self._named or desk.start in path.parents for path in steering):
                desk.reload()
        return gone

    def stop(self) -> None:
        """Ends all work, and waits for its end."""
        desks = [*self._stopped, *self]
        for desk in desks:
            desk.stop()
        for desk in desks:
            desk.join()

    def _folder_of(self, path: Path) -> Path:
        """The folder of the workspace that a file lies in, else its own."""
        around = [folder for folder in self.folders if folder in path.parents]
        return max(around, key=lambda folder: len(folder.parts), default=path.parent)

    def _pass_on(self, start: Path, event: Event) -> None:
        if start in self._desks:
            self._hear(self._desks[start], event)

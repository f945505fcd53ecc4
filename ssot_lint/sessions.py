"""The projects that any file on the disk can lie in, each loaded once: for hosts that name single files."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.config import Config, load
from ssot_lint.config_file import file_in
from ssot_lint.files import UsageError, path_below

if TYPE_CHECKING:
    from ssot_lint.session import Session


class Sessions:
    """A session for each configuration that is asked for; nothing is read before.

    Each file belongs to the nearest configuration, from its folder upwards. Where there is none, it is
    no part of a project. With `config`, that file is the configuration of them all, and its root is
    found from the file or folder `start`, as `config.load` does. `note` is told what the user should
    know about the files and the cache of a project.
    """

    def __init__(
        self, config: Path | None = None, start: Path = Path(), *, note: Callable[[str], object]
    ) -> None:
        self._named = None if config is None else (config, start)
        self._note = note
        self._nearest: dict[Path, Path | None] = {}  # configuration files by the folders they hold for
        self._configs: dict[Path, Config] = {}
        self._sessions: dict[Path, Session | UsageError] = {}

    def config(self, path: str) -> Config | None:
        """The configuration that holds for a file or folder. Raises ConfigError."""
        key = self._key(path)
        return None if key is None else self._config(key)

    def locate(self, path: str) -> tuple[Session, str] | None:
        """The session of the project that a file belongs to, and the path there.

        The project need not have that file. Raises UsageError for a project that cannot be loaded.
        """
        key = self._key(path)
        if key is None:
            return None
        root = os.path.realpath(self._config(key).root)
        below = path_below(root, os.path.abspath(path))
        return None if below is None else (self._session(key), below)

    def _key(self, path: str) -> Path | None:
        """The configuration file, by which all is remembered."""
        if self._named is not None:
            return self._named[0]
        absolute = os.path.abspath(path)
        return self._find(Path(absolute if os.path.isdir(absolute) else os.path.dirname(absolute)))

    def _find(self, folder: Path) -> Path | None:
        if folder not in self._nearest:
            file = file_in(folder)
            above = self._find(folder.parent) if file is None and folder.parent != folder else None
            self._nearest[folder] = above if file is None else file.path
        return self._nearest[folder]

    def _config(self, key: Path) -> Config:
        if key not in self._configs:
            self._configs[key] = load(*self._named) if self._named else load(None, key.parent)
        return self._configs[key]

    def _session(self, key: Path) -> Session:
        if key not in self._sessions:
            try:
                self._sessions[key] = session = _open(self._config(key))
            except UsageError as error:
                self._sessions[key] = error  # a host may go on to the next file, and the project is large
            else:
                for note in session.notes:
                    self._note(note)
        found = self._sessions[key]
        if isinstance(found, UsageError):
            raise found.with_traceback(None)
        return found


def _open(config: Config) -> Session:
    """Loads a project without the collector, which would look for cycles in facts, which have none."""
    from ssot_lint.session import Session

    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return Session(config)
    finally:
        gc.freeze()  # what is loaded stays: the collector need not look at it, and forked processes share it
        if was_enabled:
            gc.enable()

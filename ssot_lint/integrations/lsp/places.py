"""Where files are: on the disk, and in which project."""

from __future__ import annotations

import os
from pathlib import Path

from pygls.uris import to_fs_path

from ssot_lint.config_file import file_in
from ssot_lint.mistakes import ConfigError


def path_of(uri: str) -> Path | None:
    """The absolute path that a URI names, None where it names no file."""
    path = to_fs_path(uri)
    return Path(os.path.abspath(path)) if path and "\0" not in path else None


def home_of(path: Path) -> Path | None:
    """The folder of the nearest configuration of a file, None where there is none."""
    return next(filter(_has_configuration, path.parents), None)


def _has_configuration(folder: Path) -> bool:
    try:
        return file_in(folder) is not None
    except ConfigError:
        return True  # a broken one, of which its desk tells

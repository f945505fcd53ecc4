"""Finds and opens the configuration file, and tells what the root of its project is.

The root, which all paths in a configuration start from, is the folder of the configuration file. A file
that is named (`--config FILE`) does not move the root unless it lies above the linted folder, in the same
git work tree or, outside of git, under a name by which it would be found: else the root is the top of the
work tree or, outside of git, the linted folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from ssot_lint.reading import ConfigError
from ssot_lint.toml_document import Place, TomlDocument, TomlError

OWN_FILE = "ssot-lint.toml"
SHARED_FILE = "pyproject.toml"


class ConfigFile(NamedTuple):
    """A configuration file, or another `pyproject.toml`."""

    path: Path
    document: TomlDocument

    @property
    def top(self) -> Place:
        """The key that the configuration stands below."""
        return ("tool", "ssot-lint") if self.path.name == SHARED_FILE else ()

    @property
    def shown_path(self) -> str:
        """The path as a user in the working folder would write it."""
        return _shown(self.path)

    @property
    def is_ours(self) -> bool:
        """Whether it says anything to this tool."""
        tool = self.document.data.get("tool")
        return not self.top or (isinstance(tool, dict) and "ssot-lint" in tool)

    @property
    def requires_python(self) -> str:
        """`requires-python` as packages declare it, "" where it is not declared."""
        project: Any = self.document.data.get("project")
        found = project.get("requires-python") if self.top and isinstance(project, dict) else None
        return found if isinstance(found, str) else ""


def locate(path: Path | None, start: Path) -> tuple[ConfigFile | None, Path]:
    """Return the configuration at `path`, else the nearest one from `start` upwards, and the root.

    In a folder `ssot-lint.toml` wins; a `pyproject.toml` without `[tool.ssot-lint]` is passed over.
    Raises ConfigError.
    """
    absolute = Path(os.path.abspath(start))
    folder = absolute if os.path.isdir(absolute) else absolute.parent
    if path is None:
        found = _find(folder)
        return found, found.path.parent if found is not None else _work_tree(folder) or folder
    file = _open(Path(os.path.abspath(path)))
    if not file.is_ours:
        raise ConfigError(f"{file.shown_path}: expected a table `tool.ssot-lint`, found none")
    return file, _root_for(file.path, folder)


def parsed(text: str, path: Path) -> ConfigFile:
    """Return a text as if it stood at a path. Raises ConfigError."""
    return ConfigFile(path, _document(text, str(path)))


def required_python(folder: Path) -> str:
    """Return `requires-python` of a pyproject.toml that is not the configuration, and so may be broken."""
    file = folder / SHARED_FILE
    try:
        return _open(file).requires_python if os.path.isfile(file) else ""
    except ConfigError:
        return ""


def file_in(folder: Path) -> ConfigFile | None:
    """Return the configuration file that stands in a folder itself. Raises ConfigError."""
    own, shared = folder / OWN_FILE, folder / SHARED_FILE
    if os.path.isfile(own):
        return _open(own)
    # Most files do not mention the tool and need not be parsed; some of those could not be.
    if os.path.isfile(shared) and b"ssot-lint" in _bytes(shared):
        file = _open(shared)
        if file.is_ours:
            return file
    return None


def _find(folder: Path) -> ConfigFile | None:
    return next(filter(None, map(file_in, (folder, *folder.parents))), None)


def _open(path: Path) -> ConfigFile:
    content = _bytes(path)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{_shown(path)}:{line}: expected text in UTF-8, found other bytes") from None
    return ConfigFile(path, _document(text, _shown(path)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{_shown(path)}: the configuration cannot be read: {error.strerror}") from None


def _document(text: str, shown_path: str) -> TomlDocument:
    try:
        return TomlDocument(text)
    except TomlError as error:
        raise ConfigError(f"{shown_path}:{error.line}:{error.column}: this is not TOML: {error}") from None


def _work_tree(folder: Path) -> Path | None:
    places = (folder, *folder.parents)
    return next((place for place in places if os.path.lexists(place / ".git")), None)


def _root_for(named: Path, folder: Path) -> Path:
    """Return the root for a configuration file that was named, not found."""
    work_tree = _work_tree(folder)
    home = named.parent
    if folder.is_relative_to(home):
        # Outside of git a file of any name may lie above by chance, as in a folder for temporary files.
        is_of_project = home.is_relative_to(work_tree) if work_tree else named.name in (OWN_FILE, SHARED_FILE)
        if is_of_project:
            return home
    return work_tree or folder


def _shown(path: Path) -> str:
    here = os.getcwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

"""Where a new configuration goes, and what is there already."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ssot_lint.config import Config, ConfigError, load, parse
from ssot_lint.config_file import OWN_FILE, SHARED_FILE, file_in
from ssot_lint.files import UsageError, replace_file
from ssot_lint.fix import disk
from ssot_lint.toml_document import TomlDocument, TomlError

CONFIG_FILES = (OWN_FILE, SHARED_FILE)

_WAY_PAST = f"`--output {OWN_FILE}` goes past it"


class Place(NamedTuple):
    """A file that is to hold the configuration, and what it holds so far."""

    config: Config  # the one in force, which is empty unless there is one already
    path: str  # of the file, from the root
    before: bytes | None = None  # what the file holds, None if there is none yet or it stays as it is
    is_taken: bool = False  # there is a configuration already, which is not extended

    @property
    def prefix(self) -> str:
        """What tables of the file stand below, "" for the top."""
        return "tool.ssot-lint" if os.path.basename(self.path) == SHARED_FILE else ""


class Draft(NamedTuple):
    """What a file of the root is to become."""

    path: str
    before: bytes | None  # None: it is not there yet
    after: bytes


def find(output: str | None, start: Path) -> Place:
    """The file that is named, else `pyproject.toml` at the root, and `ssot-lint.toml` where there is none.

    Raises UsageError for a file that is none of the project or takes no tables, and for a configuration in
    force that is broken.
    """
    place = _find(output, start)
    if not place.is_taken:
        header = f"[[{place.prefix}.canonical]]" if place.prefix else "[[canonical]]"
        extended(place, f'{header}\nsymbol = "any.thing"\n')  # now, and not when all questions are answered
    return place


def existing(root: Path, path: str) -> bytes | None:
    """What a file at a path from the root holds, None if there is none. Raises UsageError."""
    try:
        return disk.read(os.fspath(root), path)[0]
    except FileNotFoundError:
        return None
    except OSError as error:
        way = f"; {_WAY_PAST}" if path == SHARED_FILE else ""
        raise UsageError(f"`{path}` cannot be used: {error.strerror or error}{way}") from None


def extended(place: Place, text: str) -> bytes:
    """What the file holds with a text below, in line ends of its own. Raises UsageError.

    What it holds already stays byte for byte.
    """
    before = place.before or b""
    new = text.encode()
    if b"\r\n" in before:
        new = new.replace(b"\n", b"\r\n")
    end = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if not before else end if before.endswith(b"\n") else end * 2
    data = before + gap + new
    try:
        parse(data.decode(), os.path.basename(place.path), place.config.root)
    except (ConfigError, UnicodeDecodeError) as error:
        raise UsageError(f"`{place.path}` cannot be extended; {_WAY_PAST}\n{_reason(place, error)}") from None
    return data


def put(root: Path, draft: Draft) -> None:
    """Write a file whole or not at all, unless it has changed since. Raises UsageError."""
    top = os.fspath(root)
    try:
        if draft.before is None:
            target = disk.placed(top, draft.path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            replace_file(target, draft.after)
        else:
            mode = stat.S_IMODE(disk.read(top, draft.path)[1].st_mode)
            text = disk.Text(draft.path, draft.after, mode, disk.digest_of(draft.before))
            disk.replace_all(top, [text])
    except OSError as error:
        raise UsageError(f"`{draft.path}` cannot be written: {error.strerror or error}") from None


def words(place: Place, folder: Path) -> list[str]:
    """What a command that is called in a folder must be told to find the configuration."""
    root = os.path.realpath(place.config.root)
    here = os.path.realpath(folder)
    if os.path.basename(place.path) not in CONFIG_FILES:
        return ["--config", os.path.relpath(os.path.join(root, place.path), here)]
    return [] if os.path.commonpath((root, here)) == root else [os.path.relpath(root, here)]


def _reason(place: Place, error: ConfigError | UnicodeDecodeError) -> str:
    """Why a file cannot be extended, in terms of what it holds now."""
    if isinstance(error, UnicodeDecodeError):
        return f"it is no UTF-8: {error}"
    try:
        TomlDocument((place.before or b"").decode())
    except TomlError:
        return str(error)
    return "its `tool` takes no more tables"


def _find(output: str | None, start: Path) -> Place:
    if output is not None and os.path.basename(output) in CONFIG_FILES:
        return _named(os.path.abspath(output))
    config = load(None, start)
    top = os.path.realpath(config.root)
    if output is not None:
        path = os.path.relpath(os.path.realpath(output), top).replace(os.sep, "/")
        if not path.endswith(".toml"):
            raise UsageError(f"expected the name of a TOML file, found `{output}`")
        return Place(config, path, is_taken=existing(config.root, path) is not None)
    if config.path:
        return Place(config, config.path, is_taken=True)
    path = SHARED_FILE if os.path.lexists(config.root / SHARED_FILE) else OWN_FILE
    return Place(config, path, existing(config.root, path))


def _named(file: str) -> Place:
    """A file under a name by which it is found: the folder that it is in is the root."""
    folder, name = Path(os.path.dirname(file)), os.path.basename(file)
    if not folder.is_dir():
        raise UsageError(f"there is no folder `{folder}`")
    found = file_in(folder)
    if found is not None:
        return Place(load(found.path, folder), found.path.name, is_taken=True)
    return Place(replace(parse("", OWN_FILE, folder), path=""), name, existing(folder, name))

"""What pytest made of a collection, as the plugin within it saw it, and the last of these as it is kept."""

from __future__ import annotations

import os
import re
from errno import EACCES
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

import msgspec

from ssot_lint.collection_files import digest_of_texts, find_texts
from ssot_lint.config import Config
from ssot_lint.facts.store import FOLDER, make_folder
from ssot_lint.files import PathPatterns, UsageError, list_sources, read_bytes, replace_file

_VERSION = 1
_IN_CACHE = f"{FOLDER}/collection.json"
# What tells warnings of one kind apart: names, numbers and addresses.
_PARTICULAR = re.compile(r" \(from: [^)]*\)| 0x[0-9a-f]+|(?<!\w)'[^']*'|\"[^\"]*\"|\b\d+(?:\.\d+)*\b")

_Positive = Annotated[float, msgspec.Meta(gt=0)]


class Failure(msgspec.Struct, frozen=True):
    """An exception that kept something from being collected, or pytest from going on."""

    path: str  # from the root, of what was being collected; "" where that is not known
    exception: str  # the name of its class
    message: str  # its first lines
    frames: tuple[tuple[str, int], ...] = ()  # files of the project that it passed, and 1-based lines
    other: str = ""  # the file that was imported in place of this one, which has the same name
    lacking: str = ""  # the file of the module that has no such name

    @property
    def title(self) -> str:
        """The exception and its first line."""
        line = self.message.partition("\n")[0]
        return f"{self.exception}: {line}" if line else self.exception


class Warned(msgspec.Struct, frozen=True):
    """One warning."""

    category: str  # the name of its class
    message: str
    path: str  # from the root, or absolute where it lies elsewhere
    line: int  # 1-based

    @property
    def kind(self) -> str:
        """What it has in common with others: its category and first line, without names and numbers."""
        line = self.message.partition("\n")[0]
        return f"{self.category}: {_PARTICULAR.sub(_blank, line)}"


class Measurement(msgspec.Struct, frozen=True):
    """One collection; paths are from the root, with `/`."""

    python: str  # the version that ran it
    pytest: str
    tests: dict[str, int]  # that were collected, by file, deselected ones too
    deselected: int
    errors: tuple[Failure, ...]
    warnings: tuple[Warned, ...]
    stopped: Failure | None  # why pytest did not get to the end
    is_finished: bool
    sees_warnings: bool  # False: an option of the project turns them off
    reference: _Positive  # seconds that a fixed piece of work took in the same interpreter
    seconds: float  # from the start of pytest to the end of the collection
    processor: float  # seconds of these that the processor worked for it, whatever else it had to do

    @property
    def collected(self) -> int:
        """How many tests there are."""
        return sum(self.tests.values())

    @property
    def ratio(self) -> float:
        """The work of the processor in units of the fixed piece, which says much the same on any machine."""
        return self.processor / self.reference


class Kept(msgspec.Struct, frozen=True):
    """A measurement, and what it was about."""

    measurement: Measurement
    state: str  # of the sources before it: see `state_of`
    paths: tuple[str, ...] = ()  # that pytest was given, from the root
    arguments: tuple[str, ...] = ()  # more of what it was given
    version: int = _VERSION

    @property
    def is_whole(self) -> bool:
        """Whether pytest was left to collect all that it collects by itself."""
        return not self.paths and not self.arguments


def state_of(config: Config) -> str:
    """Hexadecimal digits over the sources of a project and how pytest is configured, the same everywhere."""
    listing = list_sources(config.root, PathPatterns(config.exclude))
    texts, _ = find_texts(config.root, (source.path for source in listing.sources))
    state = blake2b(digest_of_texts(texts).encode(), digest_size=16)
    for path, digest in listing.sources:
        state.update(f"\0{path}\0{digest}".encode("utf-8", "surrogateescape"))
    return state.hexdigest()


def place_of(config: Config) -> str:
    """The file that the last measurement is kept in: a path from the root, or an absolute one."""
    return config.outside.collection or _IN_CACHE


def keep(config: Config, kept: Kept) -> None:
    """Keep a measurement in its place. Raises UsageError where it cannot be written."""
    place = place_of(config)
    target = Path(config.root, place)
    try:
        if not target.parent.resolve().is_relative_to(config.root.resolve()):
            raise PermissionError(EACCES, "leads out of the project")
        if config.outside.collection:
            target.parent.mkdir(parents=True, exist_ok=True)
        else:
            make_folder(target.parent)
        replace_file(os.fspath(target), msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    except OSError as error:
        raise UsageError(f"{place}: cannot be written: {error.strerror or error}") from None


def last_kept(config: Config) -> Kept:
    """The last measurement. Raises UsageError where there is none, and where it cannot be read."""
    place = place_of(config)
    try:
        kept = msgspec.json.decode(read_bytes(config.root, place), type=Kept)
    except FileNotFoundError:
        raise UsageError("pytest's collection was not measured yet") from None
    except OSError as error:
        raise UsageError(f"{place} cannot be read: {error.strerror or error}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{place} is not what `ssot-lint collection` writes: {error}") from None
    if kept.version != _VERSION:
        raise UsageError(f"{place} was written by another version of ssot-lint")
    return kept


def forget(root: Path) -> int:
    """Delete the measurement that lies in the cache of a project; returns the number of bytes freed."""
    path = root / _IN_CACHE
    try:
        freed = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    return freed


def _blank(found: re.Match[str]) -> str:
    text = found[0]
    if text.startswith(" (from"):
        return ""
    return f"{text[0]}...{text[0]}" if text[0] in "'\"" else f"{' ' * text.startswith(' ')}..."

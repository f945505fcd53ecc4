"""Reads how pytest is told to collect, from the files in which it looks for its configuration."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection as Sized
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from typing import Any

from ssot_lint.collection import Collection, is_below
from ssot_lint.files import read_bytes
from ssot_lint.roots import parent
from ssot_lint.toml_document import TomlDocument, TomlError

COLLECTION_FILES = (
    *("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"),
    *("pyproject.toml", "tox.ini", "setup.cfg"),
)
"""In the order in which pytest looks for them in a folder."""

_GLOB = frozenset("*?[")
_NAMES = frozenset(COLLECTION_FILES)
_ALWAYS_TAKEN = COLLECTION_FILES[:4]  # even where they say nothing
_LISTS = ("python_files", "python_classes", "python_functions", "testpaths", "norecursedirs")

Values = Mapping[str, Any]


class UnusableError(Exception):
    """A file at which pytest gives up; the text says why."""


def find_texts(root: Path, paths: Iterable[str]) -> tuple[dict[str, bytes], list[str]]:
    """The files that pytest may read, from the folders of sources and those above them, and notes.

    `paths` are the source files of the project at `root`; the texts are by path from the root.
    """
    texts = {}
    notes = []
    for folder in sorted(_folders(paths)):
        try:
            names = os.listdir(os.path.join(root, folder))
        except OSError:
            continue  # gone since it was listed
        for name in sorted(_NAMES.intersection(names)):
            path = f"{folder}/{name}" if folder else name
            try:
                texts[path] = read_bytes(root, path)
            except OSError as error:
                notes.append(f"{path} cannot be read: {error.strerror or error}")
    return texts, notes


def choose_texts(files: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Of all files of a project, by path, those that `find_texts` would find, in the same order."""
    folders = _folders(paths)
    found = (path for path in files if path.rpartition("/")[2] in _NAMES and parent(path) in folders)
    return sorted(found, key=lambda path: (parent(path), path))


def _folders(paths: Iterable[str]) -> set[str]:
    """The folders of files and those above them, "" for the root."""
    folders = {""}
    for path in paths:
        folder = parent(path)
        while folder not in folders:
            folders.add(folder)
            folder = parent(folder)
    return folders


def digest_of_texts(texts: Mapping[str, bytes]) -> str:
    """Hexadecimal digits over the files of `find_texts`."""
    state = blake2b(digest_size=16)
    for path, text in texts.items():
        state.update(b"%b\0%d\0%b" % (os.fsencode(path), len(text), text))
    return state.hexdigest()


def read_collections(
    texts: Mapping[str, bytes], paths: Sized[str]
) -> tuple[dict[str, Collection], list[str]]:
    """How pytest collects, by the folder of its configuration, and notes about files that tell nothing.

    `texts` are files by path from the root, of which only those in `COLLECTION_FILES` matter; `paths` are
    the source files of the project.
    """
    found: dict[str, Collection] = {}
    notes = []
    for folder in sorted({parent(path) for path in texts}):
        for name in COLLECTION_FILES:
            path = f"{folder}/{name}" if folder else name
            if path not in texts:
                continue
            try:
                collection = _read(path, name, texts[path])
            except UnusableError as error:
                notes.append(f"{path} does not tell how pytest collects: {error}")
                collection = Collection(path, is_known=False)
            if collection is not None:
                found[folder] = _without_missing(collection, paths)
                break  # pytest, too, takes the first
    return found, notes


def _without_missing(collection: Collection, paths: Sized[str]) -> Collection:
    """The same without `testpaths` that lead nowhere: if all of them do, pytest looks everywhere."""
    start = len(collection.source) - len(collection.source.rpartition("/")[2])
    below = [path[start:] for path in paths if path.startswith(collection.source[:start])]
    testpaths = [place for place in collection.testpaths if _leads_to_any(place, below)]
    return replace(collection, testpaths=tuple(testpaths))


def _leads_to_any(place: str, paths: Sequence[str]) -> bool:
    parts = (part for part in place.split("/") if part not in ("", "."))
    plain = "/".join(takewhile(lambda part: not _GLOB.intersection(part), parts))
    return any(is_below(path, place) for path in paths if path.startswith(plain))


def _read(path: str, name: str, data: bytes) -> Collection | None:
    """What a file tells pytest, None where it passes the file over. Raises UnusableError."""
    if name not in _ALWAYS_TAKEN and b"pytest" not in data:
        return None  # and need not be parsed
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UnusableError("expected text in UTF-8, found other bytes") from None
    is_native = False  # lists are lists, not words in one text
    values: Values | None
    if name == "pyproject.toml":
        values, is_native = _of_pyproject(_toml(text))
    elif name.endswith(".toml"):
        values, is_native = _table(_toml(text), "pytest"), True
    else:
        sections = ini_sections(text)
        values = sections.get("tool:pytest" if name == "setup.cfg" else "pytest")
        if values is None and name == "setup.cfg" and "pytest" in sections:
            raise UnusableError("a section [pytest] must be called [tool:pytest] here")
    if values is None:
        return Collection(path) if name in _ALWAYS_TAKEN else None
    given: dict[str, Any] = {
        key: _words(key, values[key], is_native) for key in (*_LISTS, "addopts") if key in values
    }
    addopts = given.pop("addopts", ())
    given.update(_overridden(addopts))
    return Collection(
        path,
        **given,
        ignore=tuple(place.strip("/").removeprefix("./") for place in _arguments(addopts, "--ignore")),
        ignore_glob=tuple(_arguments(addopts, "--ignore-glob")),
    )


def _of_pyproject(document: Values) -> tuple[Values | None, bool]:
    """The table that counts, and whether it is one of native values.

    With both of them pytest 9 gives up, and older ones look at `ini_options` alone.
    """
    table = _table(_table(document, "tool") or {}, "pytest") or {}
    old = _table(table, "ini_options")
    return (table, True) if table and old is None else (old, False)


def _toml(text: str) -> Values:
    try:
        return TomlDocument(text).data
    except TomlError as error:
        raise UnusableError(f"line {error.line} is not TOML: {error}") from None


def _table(values: Values, key: str) -> Values | None:
    found = values.get(key)
    if found is not None and not isinstance(found, dict):
        raise UnusableError(f"`{key}` is not a table")
    return found


def ini_sections(text: str) -> dict[str, dict[str, str]]:
    """The sections of a text as pytest reads it, which differs from what `configparser` makes of it.

    Raises UnusableError.
    """
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] | None = None
    key: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.rstrip()
        if not line or line.lstrip()[0] in "#;":
            continue
        header = line.partition("#")[0].partition(";")[0].rstrip()
        if header.startswith("[") and header.endswith("]"):
            if header[1:-1] in sections or header == "[]":
                raise UnusableError(f"line {number}: {header} stands there twice or has no name")
            section = sections[header[1:-1]] = {}
            key = None
        elif section is None:
            raise UnusableError(f"line {number} stands in no section")
        elif line[0].isspace() or line[0] == "[":
            if key is None:
                raise UnusableError(f"line {number} goes on with nothing")
            section[key] = f"{section[key]}\n{line.strip()}"
        else:
            before, equals, after = line.partition("=")
            if not equals or ":" in before:
                before, equals, after = line.partition(":")
            key = before.strip()
            if not equals or key in section:
                raise UnusableError(f"line {number}: expected a new name and its value")
            section[key] = after.strip()
    return sections


def _words(key: str, value: Any, is_native: bool) -> tuple[str, ...]:
    if isinstance(value, list) and (all(isinstance(word, str) for word in value)):
        return tuple(value)
    if is_native or isinstance(value, list):
        raise UnusableError(f"`{key}` is not a list of strings")
    try:
        return tuple(shlex.split(str(value)))
    except ValueError as error:
        raise UnusableError(f"`{key}` cannot be split into words: {error}") from None


def _arguments(words: Sequence[str], *flags: str) -> Iterator[str]:
    """What is given to an option on a command line."""
    for number, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if flag in flags and equals:
            yield value
        elif word in flags and number + 1 < len(words):
            yield words[number + 1]


def _overridden(addopts: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for setting in _arguments(addopts, "-o", "--override-ini"):
        key, equals, value = setting.partition("=")
        if equals and key in _LISTS:
            yield key, _words(key, value, False)

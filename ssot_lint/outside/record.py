"""The record of what pytest collects, which a team commits: `.ssot-lint/collection.toml`."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple

import msgspec

from ssot_lint.baseline import disk
from ssot_lint.baseline.error import TextError
from ssot_lint.files import UsageError
from ssot_lint.outside.measurement import Kept
from ssot_lint.toml_document import TomlDocument, TomlError

PATH = f"{disk.TOP}/collection.toml"

_VERSION = 1
_HEAD = "# What pytest collects; `ssot-lint collection --record` writes it anew.\n"
_ANEW = "`ssot-lint collection --record` writes it anew"
_GRACE = 100.0  # so many units of time, about half a second, are never a slowdown: short times vary too much

_Number = Annotated[int, msgspec.Meta(ge=0)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a collection once came to."""

    version: int
    python: str
    pytest: str
    tests: _Number
    files: _Number
    time: Annotated[float, msgspec.Meta(ge=0, lt=1e9)]  # in units of the fixed piece of work
    paths: tuple[str, ...] = ()  # that pytest was given, from the root
    arguments: tuple[str, ...] = ()  # more of what it was given
    errors: dict[str, _Number] = {}  # by file and exception
    warnings: dict[str, _Number] = {}  # by kind and file


class Comparison(NamedTuple):
    """How a collection differs from the record."""

    lost: int  # tests that are collected no more
    errors: tuple[str, ...]  # that are new, once for each, by file and exception
    warnings: tuple[str, ...]  # likewise, by kind and file
    slowdown: float  # in per cent of the time on record; negative for what is faster
    notes: tuple[str, ...]

    @property
    def regress(self) -> int:
        """How many tests are lost, and errors and warnings new."""
        return self.lost + len(self.errors) + len(self.warnings)


def record_of(kept: Kept) -> Record:
    """What is to be remembered of a measurement."""
    found = kept.measurement
    return Record(
        _VERSION,
        ".".join(found.python.split(".")[:2]),
        found.pytest,
        found.collected,
        len(found.tests),
        round(found.ratio, 1),
        kept.paths,
        kept.arguments,
        dict(Counter(f"{error.path}: {error.exception}" for error in found.errors)),
        dict(Counter(f"{warned.kind} ({_portable(warned.path)})" for warned in found.warnings)),
    )


def compare(kept: Kept, record: Record) -> Comparison:
    """How a measurement differs from a record. Raises UsageError where they are about different things."""
    if (kept.paths, kept.arguments) != (record.paths, record.arguments):
        raise UsageError(
            f"the record is about {_subject(record)}, and this is about {_subject(kept)}; "
            "they cannot be compared"
        )
    now = record_of(kept)
    return Comparison(
        max(record.tests - now.tests, 0),
        tuple(_more(now.errors, record.errors)),
        tuple(_more(now.warnings, record.warnings)),
        _slowdown(now.time, record.time),
        tuple(
            f"the record was made with {name} {was}, and this with {name} {version}"
            for name, was, version in (
                ("Python", record.python, now.python),
                ("pytest", record.pytest, now.pytest),
            )
            if was != version
        ),
    )


def load(root: str | os.PathLike[str]) -> Record | None:
    """The record of a project, None where there is none. Raises UsageError where it cannot be read."""
    content = disk.read_file(root, PATH)
    if content is None:
        return None
    try:
        record = msgspec.convert(TomlDocument(disk.decoded(content)).data, Record)
    except TomlError as error:
        raise UsageError(f"{PATH}:{error.line}: this is not TOML: {error}; {_ANEW}") from None
    except (msgspec.ValidationError, TextError) as error:
        raise UsageError(f"{PATH} is damaged: {error}; {_ANEW}") from None
    if record.version != _VERSION:
        raise UsageError(f"{PATH} was written by another version of ssot-lint; {_ANEW}")
    return record


def save(root: str | os.PathLike[str], record: Record) -> None:
    """Write the record of a project. Raises UsageError where it cannot be written."""
    disk.replace(root, PATH, written(record).encode())


def written(record: Record) -> str:
    """A record as TOML, one thing a line and in order, so that branches rarely change the same lines."""
    return _HEAD + "".join(f"{line}\n" for line in _lines(record))


def _lines(record: Record) -> Iterator[str]:
    tables = {"errors": record.errors, "warnings": record.warnings}
    for name in record.__struct_fields__:
        if name not in tables and (value := getattr(record, name)) != ():
            yield f"{name} = {_toml(value)}"
    for name, counts in tables.items():
        yield ""
        yield f"[{name}]"
        yield from (f"{_toml(key)} = {counts[key]}" for key in sorted(counts))


def _toml(value: str | float | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _portable(path: str) -> str:
    """A path that is the same on other machines: of what lies elsewhere, the part that is, or the name."""
    plain = path.replace("\\", "/")
    _, is_installed, within = plain.rpartition("/site-packages/")
    if is_installed:
        return within
    return os.path.basename(path) if os.path.isabs(path) else plain


def _more(now: Mapping[str, int], was: Mapping[str, int]) -> Iterator[str]:
    """What there is more of now, once for each."""
    for key in sorted(now):
        yield from [key] * (now[key] - was.get(key, 0))


def _slowdown(now: float, was: float) -> float:
    """How many per cent more time it takes; no more than 0 where the difference is too short to tell."""
    change = (now - was) * 100 / was if was > 0 else 0.0
    return change if abs(now - was) > _GRACE else min(change, 0.0)


def _subject(about: Kept | Record) -> str:
    words = [*about.paths, *about.arguments]
    return f"`{' '.join(words)}`" if words else "all tests"

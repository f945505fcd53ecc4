"""Finds in tables what has the right type and still cannot be meant, such as patterns that match nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ssot_lint import tables
from ssot_lint.files import PathPatterns, UsageError
from ssot_lint.tables import VERSION, Fault, OutsideFiles, Settings, quoted
from ssot_lint.toml_document import Place

# Options that hold patterns in gitignore syntax.
_PATTERNS = (
    *("paths", "exclude", "allow_in", "strict"),
    *("not_from", "only_in", "registry_from", "runner", "test_paths"),
)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def flaws(options: Any, root: Path) -> Iterator[Fault]:
    """Find in options what has the right type and still cannot be meant."""
    for keys, pattern in _patterns(options):
        if flaw := _flaw_of_pattern(pattern, root):
            yield Fault(keys, flaw)
    for place, nested in _nested(options):
        yield from (Fault((*place, *keys), text) for keys, text in flaws(nested, root))
    if isinstance(options, OutsideFiles):
        yield from _flaws_outside(options, root)
    if isinstance(options, Settings):
        for index, folder in enumerate(options.source_roots):
            if _is_absolute(folder, root) or folder.startswith("/") or ".." in folder.split("/"):
                text = f"expected a folder below the root, found {quoted(folder)}"
                yield Fault(("source-roots", index), text)
        if options.python and not VERSION.fullmatch(options.python):
            yield Fault(("python",), f'expected a version such as "3.12", found {quoted(options.python)}')


def _flaws_outside(options: OutsideFiles, root: Path) -> Iterator[Fault]:
    named: list[tuple[Place, str]] = [
        (("coverage",), options.coverage),
        (("collection",), options.collection),
        *((("junit", index), pattern) for index, pattern in enumerate(options.junit)),
    ]
    for keys, path in named:
        if _is_absolute(path, root) or path.startswith("/") or ".." in path.split("/"):
            yield Fault(keys, f"expected a path below the root, found {quoted(path)}")
    if not options.collection_tolerance >= 0:  # so that `nan` is out, too
        text = f"expected a number from 0 up, found {options.collection_tolerance}"
        yield Fault(("collection-tolerance",), text)


def _nested(options: Any) -> Iterator[tuple[Place, Any]]:
    """Yield the tables within a table, each with the keys that lead to it."""
    for key, (field, hint) in tables.fields_of(type(options)).items():
        value = getattr(options, field.name)
        if tables.options_within(hint) and value is not None:
            yield (key,), value
        elif tables.options_in_array(hint):
            yield from (((key, index), each) for index, each in enumerate(value))


def _patterns(options: Any) -> Iterator[tuple[Place, str]]:
    """Yield the patterns of files in options, each with the keys that lead to it."""
    for name in _PATTERNS:
        value = getattr(options, name, ())
        key = tables.key_of(name)
        if isinstance(value, tuple):
            yield from (((key, index), pattern) for index, pattern in enumerate(value))
        elif isinstance(value, str) and value:
            yield (key,), value


def _flaw_of_pattern(pattern: str, root: Path) -> str:
    if _is_absolute(pattern, root):
        return f"expected a path from the root, found the absolute {quoted(pattern)}"
    try:
        PathPatterns([pattern])
    except UsageError as error:
        return str(error)
    return ""


def _is_absolute(path: str, root: Path) -> bool:
    """Tell whether a path names a place on this machine; `/tests` is the folder `tests` in the root."""
    return _DRIVE.match(path) is not None or (root.is_absolute() and path.startswith(f"{root.as_posix()}/"))

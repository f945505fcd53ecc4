"""Reads the files below `.ssot-lint` that people write: tables of one kind, such as `[[waiver]]`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from ssot_lint.baseline import disk
from ssot_lint.baseline.conflicts import first_marker
from ssot_lint.baseline.error import BaselineError, TextError
from ssot_lint.files import PathPatterns, UsageError
from ssot_lint.tables import Fault, MismatchError, convert, nearest, unknown_rule
from ssot_lint.toml_document import Place, TomlDocument, TomlError


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a table of any kind can say: which findings it is about, whose it is, and why."""

    rule: str = ""  # id, code or beginning of a code
    paths: tuple[str, ...] = ()  # in gitignore syntax
    owner: str = ""
    reason: str = ""

    @cached_property
    def files(self) -> PathPatterns:
        """The patterns of files, ready to match."""
        return PathPatterns(self.paths)


K = TypeVar("K", bound=Terms)
T = TypeVar("T")


def load(root: str | os.PathLike[str], path: str, parsed: Callable[[str], tuple[T, ...]]) -> tuple[T, ...]:
    """What a file at a path from the root says, nothing where it is not there.

    `parsed` reads its text. Raises BaselineError.
    """
    content = disk.read_file(root, path)
    if content is None:
        return ()
    try:
        return parsed(disk.decoded(content))
    except TextError as error:
        raise BaselineError(f"{path}:{error.line}: {error}") from None


def tables(
    text: str,
    name: str,
    options: type[K],
    *,
    required: Collection[str],
    selectors: Collection[str] | None,
    flaws: Callable[[K], Iterable[Fault]] = lambda _: (),
) -> Iterator[tuple[K, int]]:
    """The tables of a text, all of one name, each with the line where it begins.

    `required` are the keys that must have a value, `selectors` all that can name rules (None: whatever
    does), and `flaws` finds what else cannot be meant. Raises TextError with the first mistake.
    """
    document = _document(text)
    for key in document.data:
        if key != name:
            line = document.span((key,)).line
            raise TextError(line, f"{key}: unknown key{nearest(key, (name,))}")
    found = document.data.get(name, [])
    single: list[tuple[Place, object]] = [((name,), found)]
    several = [((name, i), each) for i, each in enumerate(found)] if isinstance(found, list) else single
    for place, raw in several:
        try:
            converted = convert(options, raw)
            assert isinstance(raw, dict), "it was converted"
            faults = [*_missing(required, raw), *_flaws(converted, selectors), *flaws(converted)]
        except MismatchError as mismatch:
            faults = mismatch.faults
        for fault in faults:
            line = document.span((*place, *fault.keys)).line
            raise TextError(line, f"{_dotted((name, *fault.keys))}: {fault.text}")
        yield converted, document.span(place).line


def _document(text: str) -> TomlDocument:
    marker = first_marker(text)
    if marker is not None:
        raise TextError(marker, "a merge has left this conflict marker; resolve the conflict by hand")
    try:
        return TomlDocument(text)
    except TomlError as error:
        raise TextError(error.line, f"this is not TOML: {error}") from None


def _missing(required: Collection[str], raw: Mapping[str, Any]) -> Iterator[Fault]:
    for key in required:
        if key not in raw:
            yield Fault((), f"expected a value for `{key}`, found no such key")
        elif not str(raw[key]).strip() or raw[key] == []:
            yield Fault((key,), "expected a value, found an empty one")


def _flaws(terms: Terms, selectors: Collection[str] | None) -> Iterator[Fault]:
    if terms.rule and selectors is not None and terms.rule not in selectors:
        yield Fault(("rule",), unknown_rule(terms.rule, selectors))
    for index, pattern in enumerate(terms.paths):
        try:
            PathPatterns([pattern])
        except UsageError as error:
            yield Fault(("paths", index), str(error))


def _dotted(place: Place) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)[1:]

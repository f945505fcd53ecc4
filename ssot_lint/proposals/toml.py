"""Writes proposals as TOML with comments."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any

from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.reading import ConfigError
from ssot_lint.reports import neutral
from ssot_lint.toml_document import TomlDocument, TomlError

_WIDTH = 110  # characters of a line, beyond which a list gets a line for each of its values
_BARE = re.compile("[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROL = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')


def document(proposals: Sequence[Proposal], prefix: str) -> str:
    """The configuration that proposals amount to, with their evidence as comments, a line feed at the end.

    `prefix` is what tables stand below, such as `tool.ssot-lint`, "" for the top. Settings come first, since
    they stand before all tables.
    """
    settings = [each for each in proposals if _settings(each)]
    parts = []
    if settings:
        merged = _merged(values for each in settings for values in _settings(each))
        header = [f"[{prefix}]"] if prefix else []
        parts.append("\n".join([*header, *_comments(settings), *_assignments(merged)]))
    tables = tables_of(proposals)
    for index, proposal in enumerate(proposals):
        own = [_table(table, prefix) for owner, table in tables if owner == index]
        if own:
            parts.append("\n".join([*_comments([proposal]), "\n\n".join(own)]))
    return "\n\n".join(parts) + "\n" if parts else ""


def read(text: str) -> tuple[Table, ...]:
    """The tables of a configuration in which they stand at the top, the settings last. Raises ConfigError."""
    try:
        data = TomlDocument(text).data
    except TomlError as error:
        raise ConfigError(f"line {error.line}: {error}") from None
    tables = [
        Table(name, values)
        for name, given in data.items()
        if isinstance(given, list) and all(isinstance(each, dict) for each in given)
        for values in given
    ]
    names = {table.name for table in tables}
    settings = {name: given for name, given in data.items() if name not in names}
    return (*tables, *([Table("", settings)] if settings else []))


def tables_of(proposals: Sequence[Proposal]) -> list[tuple[int, Table]]:
    """The tables that are written, each once, with the index of the first proposal that has it."""
    found: list[tuple[int, Table]] = []
    for index, proposal in enumerate(proposals):
        for table in proposal.tables:
            if table.name and all(table != known for _, known in found):
                found.append((index, table))
    return found


def value(given: Any) -> str:
    """A value as TOML. Raises TypeError for what TOML has not."""
    if isinstance(given, str):
        return '"' + _CONTROL.sub(lambda found: _escaped(found[0]), given) + '"'
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int | float):
        return str(given)
    if isinstance(given, date | time):
        return given.isoformat()
    if isinstance(given, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {value(each)}" for name, each in given.items()) + " }"
    if isinstance(given, list | tuple):
        return "[" + ", ".join(map(value, given)) + "]"
    raise TypeError(f"there is no TOML for {type(given).__name__}")


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else value(name)


def _escaped(character: str) -> str:
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _settings(proposal: Proposal) -> list[Mapping[str, Any]]:
    return [table.values for table in proposal.tables if not table.name]


def _merged(settings: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Several settings as one: of lists each value once, of other values the first."""
    found: dict[str, Any] = {}
    for values in settings:
        for name, given in values.items():
            if isinstance(given, list):
                known = found.get(name, [])
                found[name] = [*known, *(each for each in given if each not in known)]
            else:
                found.setdefault(name, given)
    return found


def _table(table: Table, prefix: str) -> str:
    header = f"[[{prefix}.{table.name}]]" if prefix else f"[[{table.name}]]"
    return "\n".join([header, *_assignments(table.values)])


def _assignments(values: Mapping[str, Any]) -> Iterator[str]:
    for name, given in values.items():
        line = f"{key(name)} = {value(given)}"
        if len(line) > _WIDTH and isinstance(given, list | tuple):
            yield f"{key(name)} = ["
            yield from (f"    {value(each)}," for each in given)
            yield "]"
        else:
            yield line


def _comments(proposals: Sequence[Proposal]) -> Iterator[str]:
    for proposal in proposals:
        for text, indent in ((proposal.title, ""), *((each, "  ") for each in proposal.evidence)):
            lines = textwrap.wrap(neutral(text), _WIDTH - 4, break_long_words=False, break_on_hyphens=False)
            yield from (f"# {indent}{line}" for line in lines)

"""Fixes that put what is to be used in the place of what is forbidden, where a table says that it fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from ssot_lint.file import File
from ssot_lint.finding import REPLACE, Fix, Span
from ssot_lint.project import Project
from ssot_lint.rules._importable import importable
from ssot_lint.rules._rule import Contradiction, option

_ACCESSOR = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+(?:\(\)(?:\.[^\W\d]\w*)*)*")


class _DropIn(Protocol):
    @property
    def use(self) -> str: ...
    @property
    def drop_in(self) -> bool: ...


DROP_IN = option(
    "whether `use` is a dotted name that can stand in the place of each target: fixes then put it there",
    default=False,
)


def drop_in_fix(
    file: File, project: Project, options: _DropIn, kind: str, span: Span, inside: str, behind: str = ""
) -> Fix | None:
    """Puts `use` at a place; `inside` are the attributes of a target that are named there, `behind` more.

    `kind` is that of the edit. None where no table says that it fits, or where it cannot be imported.
    """
    new = importable(file, project, f"{options.use}{inside}") if options.drop_in else None
    if new is None:
        return None
    return Fix(f"Use `{options.use}{inside}`", (new.edit(kind, span, behind),), new.is_safe)


def accessor_fix(
    file: File, project: Project, drop_ins: Mapping[str, str], name: str, span: Span
) -> Fix | None:
    """Puts the drop-in for a dotted name, or for the longest beginning of it that has one, at its place."""
    end = len(name)
    while end > 0 and name[:end] not in drop_ins:
        end = name.rfind(".", 0, end)
    if end <= 0:
        return None
    symbol, calls = split_accessor(drop_ins[name[:end]])
    new = importable(file, project, symbol)
    if new is None:
        return None
    title = f"Use `{symbol}{calls}{name[end:]}`"
    return Fix(title, (new.edit(REPLACE, span, calls + name[end:]),), new.is_safe)


def split_accessor(accessor: str) -> tuple[str, str]:
    """The dotted name of "app.get_env().get", and what it is followed by from the first call on."""
    symbol, call, rest = accessor.partition("()")
    return symbol, f"{call}{rest}"


def accessor_contradictions(key: str, drop_ins: Mapping[str, str]) -> Iterator[Contradiction]:
    """Yields drop-ins that are no names to import, with attributes and calls behind them."""
    for name, accessor in drop_ins.items():
        if not _ACCESSOR.fullmatch(accessor):
            text = f'expected a dotted name such as "app.get_env().get", found "{accessor}"'
            yield Contradiction((key, name), text)


def drop_in_contradictions(options: _DropIn) -> Iterator[Contradiction]:
    """Yields a drop-in that cannot be imported."""
    parts = options.use.split(".")
    if options.drop_in and not (len(parts) > 1 and all(map(str.isidentifier, parts))):
        yield Contradiction(("drop-in",), 'expected `use` to be a dotted name such as "package.module.name"')


def drop_in_symbols(options: _DropIn) -> tuple[str, ...]:
    """What must exist in the tree."""
    return (options.use,) if options.drop_in else ()

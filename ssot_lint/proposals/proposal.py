"""What a proposal is: tables of configuration, and what in the tree speaks for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_SPECIAL = re.compile(r"([\\*?\[]| (?=/?$))")
_UNWRITABLE = re.compile("[\ud800-\udfff]")  # bytes of a name that are no text


class Table(NamedTuple):
    """A table of the configuration; `reason` is among its values, for every finding says it."""

    name: str  # "canonical", or the id of a rule; "" for settings that stand before all tables: lists only
    values: Mapping[str, Any]  # text, numbers, lists, inline tables, in the order of writing


class Proposal(NamedTuple):
    """Something that the tree shows to have a home, with the tables that say so.

    Those that say something of one symbol become one: in `[[canonical]]` tables of the same `symbol` lists
    are joined, and for other keys the first one counts. A `[[noncanonical-import]]`, which has one symbol, is
    put into them, too. Tables that are equal are written once.
    """

    title: str  # one line: what it would hold to, such as "`SSotBaseTestCase` is the base of tests"
    evidence: tuple[str, ...]  # lines with counts: what speaks for it, and the strays that it would find
    tables: tuple[Table, ...]
    strays: int  # places that it would find, as far as can be told without a run


def pattern(path: str) -> str:
    """The pattern in gitignore syntax that means a path from the root; a folder has "/" at its end."""
    return "/" + _UNWRITABLE.sub("?", _SPECIAL.sub(r"\\\1", path))

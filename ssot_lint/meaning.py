"""What a name can mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# What a name can mean (`Meaning.kind`).
A_MODULE = "module"
A_CLASS = "class"
A_FUNCTION = "function"
A_VALUE = "value"
EXTERNAL = "external"  # outside the tree; `name` is the whole dotted name
MISSING = "missing"  # the module is in the tree and does not have it
UNKNOWN = "unknown"


class Meaning(NamedTuple):
    """What a name means: a definition in the tree, a module of it, or something outside or unknown."""

    kind: str
    path: str  # of the file that defines it; of the folder, with "/" at the end, for a namespace package
    name: str  # qualname in that file; the dotted name for what is not in the tree
    via: tuple[str, ...] = ()  # the files that hand it on, from the one asked to the one that defines it


def nearest(meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Each thing once, by the shortest way to it: alternatives of alternatives would multiply."""
    given = tuple(meanings)
    if len(given) < 2:
        return given
    found: dict[tuple[str, str, str], Meaning] = {}
    for meaning in given:
        thing = (meaning.kind, meaning.path, meaning.name)
        known = found.get(thing)
        if known is None or (len(meaning.via), meaning.via) < (len(known.via), known.via):
            found[thing] = meaning
    return tuple(sorted(found.values(), key=lambda meaning: (len(meaning.via), meaning)))


def handed_on_by(path: str, meaning: Meaning) -> Meaning:
    """The same thing, as one that takes it from the file at a path sees it."""
    kind, where, name, via = meaning
    return meaning if path in via else Meaning(kind, where, name, (path, *via))


def seen_from(path: str, meaning: Meaning) -> Meaning:
    """The same thing, as the file at a path sees it, which hands nothing on to itself."""
    return meaning._replace(via=meaning.via[1:]) if meaning.via[:1] == (path,) else meaning

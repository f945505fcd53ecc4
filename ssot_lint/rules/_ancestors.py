"""Which of some named classes a class reaches through its bases."""

from __future__ import annotations

from functools import cache

from ssot_lint.meaning import A_CLASS, EXTERNAL, Meaning
from ssot_lint.project import Project
from ssot_lint.rules._symbols import SymbolPatterns, symbols


@cache
def with_builtins(names: tuple[str, ...]) -> SymbolPatterns:
    """Dotted names and patterns, where a name without a dot may also be a builtin."""
    return symbols((*names, *(f"builtins.{name}" for name in names if "." not in name)))


def reached(project: Project, path: str, qualname: str, bases: tuple[str, ...]) -> Meaning | None:
    """The first class above a class that one of `bases` means: dotted names, and patterns over homes."""
    if not bases:
        return None
    patterns = with_builtins(bases)
    places = {place for base in patterns.exact for place in project.places(base)}
    for meaning in project.ancestry(path, qualname).meanings:
        if meaning.kind in (A_CLASS, EXTERNAL) and (
            (meaning.path, meaning.name) in places or any(map(patterns.match, project.names(meaning)))
        ):
            return meaning
    return None

"""What classes inherit from, through any number of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.meaning import A_CLASS, EXTERNAL, Meaning

if TYPE_CHECKING:
    from ssot_lint.project import Project


class Ancestry(NamedTuple):
    """All that a class inherits from, through any number of files."""

    meanings: tuple[Meaning, ...]
    is_known: bool  # False: some ancestor could not be resolved
    is_whole: bool  # False: that, or what is above a class outside the tree is not known


def ancestry_of(project: Project, path: str, qualname: str) -> Ancestry:
    """Everything that a class of the tree inherits from; see `Project.ancestry`."""
    reached: dict[tuple[str, str], Meaning] = {}
    is_known = is_whole = True
    pending = [(path, qualname)]
    seen = set(pending)
    while pending:
        path, qualname = pending.pop()
        for entry in project.classes_at(path, qualname):
            for base in entry.bases:
                for meaning in project.base_meanings(path, base):
                    reached.setdefault((meaning.path, meaning.name), meaning)
                    place = (meaning.path, meaning.name)
                    if meaning.kind == A_CLASS:
                        if place not in seen:
                            seen.add(place)
                            pending.append(place)
                    elif meaning.kind == EXTERNAL:
                        above = project.installed(meaning)
                        is_whole = is_whole and bool(above)
                        for each in above:
                            reached.setdefault((each.path, each.name), each)
                    else:
                        is_known = is_whole = False
    return Ancestry(tuple(reached.values()), is_known, is_whole)

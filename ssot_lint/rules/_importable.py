"""What fixes ask before they let a file import something: whether it can, and what that would run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ssot_lint.facts.model import IN_FUNCTION, IN_TYPE_CHECKING
from ssot_lint.file import File
from ssot_lint.finding import REPLACE, Edit, Span
from ssot_lint.meaning import A_MODULE, EXTERNAL, MISSING, UNKNOWN, Meaning
from ssot_lint.modules import place_of
from ssot_lint.project import Project
from ssot_lint.roots import parent
from ssot_lint.rules._graph import dependency
from ssot_lint.rules._imported import importers, named_whole, starred


class Importable(NamedTuple):
    """Something that a file can import."""

    symbol: str  # the dotted name to import
    rest: str  # the attributes of it that lead to what is meant, ".RED" in `Colour.RED`, else ""
    meaning: Meaning
    is_safe: bool  # in the tree, its import does not lead back to the file, nor give others a new name
    here: str  # the same name as the file has it, with dots in front where it imports it so

    def edit(self, kind: str, span: Span, behind: str = "") -> Edit:
        """The edit that puts it at a place, with a text behind it."""
        return Edit(kind, span, self.here if kind == REPLACE else self.symbol, self.rest + behind)


def importable(file: File, project: Project, dotted: str) -> Importable | None:
    """What a dotted name of the configuration means to a file; None where that is no one sure thing.

    Nor is it told in a project of which nobody wants fixes.
    """
    parts = dotted.split(".")
    if not project.wants_fixes or len(parts) < 2 or not all(map(str.isidentifier, parts)):
        return None
    found = project.symbol(dotted, file.path)
    if len(found) != 1 or found[0].kind in (MISSING, UNKNOWN) or found[0].path == file.path:
        return None
    if found[0].kind == EXTERNAL:
        return Importable(dotted, "", found[0], False, dotted)
    if [each[:3] for each in project.symbol(dotted)] != [found[0][:3]]:
        return None  # the name means something else below another source root
    length, module = next(
        (length, module)
        for length in range(len(parts), 0, -1)
        if (module := project.module(".".join(parts[:length]), file.path)).kind == A_MODULE
    )
    symbol, rest = ".".join(parts[: length + 1]), parts[length + 1 :]
    is_safe = not _leads_back(file, project, module.path) and not _hands_on_more(file, project, symbol)
    behind = "".join(f".{part}" for part in rest)
    return Importable(symbol, behind, found[0], is_safe, _as_relative(file, project, symbol) or symbol)


def _leads_back(file: File, project: Project, location: str) -> bool:
    """Whether a file may run when the module at a place is imported."""
    return file.path == location or (
        _may_be_imported(file, project) and file.path in run_by(project, location)
    )


def _may_be_imported(file: File, project: Project) -> bool:
    """Whether any import names what could be the file: far cheaper to ask than what runs what."""
    *folders, stem = place_of(file.path).split("/")
    return (
        file.path.endswith(("/__init__.py", "/__init__.pyi"))  # it runs with whatever is below it
        or bool(importers(project, stem))
        or any(stem in named_whole(project, word) for word in (*folders, stem))
    )


def _hands_on_more(file: File, project: Project, symbol: str) -> bool:
    """Whether an import of a symbol would give more names to those who import all that the file has."""
    name = symbol.rpartition(".")[2]
    if name.startswith("_") or name in file.outline.scopes[0].names or file.outline.exports is not None:
        return False
    return file.path in starred(project)


def _as_relative(file: File, project: Project, symbol: str) -> str:
    """How a file names a symbol that its module imports with dots in front; "" if it does not."""
    name = symbol.rpartition(".")[2]
    meant = [each[:3] for each in project.symbol(symbol, file.path)]
    for entry in file.details.imports:
        is_like_it = entry.level and entry.name == name and not entry.context
        if is_like_it and [each[:3] for each in project.import_meanings(file.path, entry)] == meant:
            return "." * entry.level + (f"{entry.module}.{name}" if entry.module else name)
    return ""


def run_by(project: Project, location: str) -> frozenset[str]:
    """The files that may run when the module at a place is imported, itself among them.

    Import statements in functions count, since nobody knows who calls those.
    """
    return project.once(
        ("run by", location), lambda: frozenset(_find_run_by(project, location, (), IN_TYPE_CHECKING))
    )


def needs_first(project: Project, location: str, other: str) -> bool:
    """Whether a module brings in another one before it is done itself, which may then meet it half done.

    The packages that it is in are there before it anyway.
    """
    around = {*_packages(location)} - {location}
    found = project.once(
        ("needs first", location),
        lambda: frozenset(_find_run_by(project, location, around, IN_TYPE_CHECKING | IN_FUNCTION)),
    )
    return other in found - around - {location}


def _find_run_by(project: Project, location: str, known: Iterable[str], passed_over: int) -> set[str]:
    """The files that run, and those known; import statements in the contexts passed over do not count."""
    pending = [location]
    seen = set(known)
    while pending:
        location = pending.pop()
        if location not in seen:
            seen.add(location)
            pending += _packages(location)
            if location in project.outlines:
                pending += _imported_by(project, location, passed_over)
    return seen


def _packages(location: str) -> Iterator[str]:
    """The `__init__` of every folder that a file is in."""
    folder = parent(location)
    while folder:
        yield f"{folder}/__init__.py"
        folder = parent(folder)


def _imported_by(project: Project, path: str, passed_over: int) -> frozenset[str]:
    def find() -> frozenset[str]:
        targets = (
            dependency(project, path, entry)
            for entry in project.file(path).details.imports
            if not entry.context & passed_over
        )
        return frozenset(target.path for target in targets if target.kind == A_MODULE)

    return project.once(("imported by", path, passed_over), find)

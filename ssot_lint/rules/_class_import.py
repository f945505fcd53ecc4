"""Replaces a copy of a canonical class by an import of it, and says whether that is safe."""

from __future__ import annotations

from ssot_lint.facts.model import INHERIT, LOCAL, VALUE, Class, Use
from ssot_lint.file import File
from ssot_lint.finding import IMPORT, Fix
from ssot_lint.meaning import A_CLASS, EXTERNAL, UNKNOWN
from ssot_lint.project import Project
from ssot_lint.rules._importable import importable
from ssot_lint.rules._patched import patched

Named = dict[str, frozenset[tuple[str, str]]]
"""What names mean: the path and name of each meaning."""


def class_import(file: File, project: Project, entry: Class, symbol: str) -> Fix | None:
    """Replaces a class of the file by an import of `symbol`; None where the two are not surely copies.

    Nor where anything may bind the name again, or patch the class.
    """
    new = importable(file, project, symbol)
    if new is None or new.meaning.kind != A_CLASS or new.rest:
        return None
    homes = project.classes_at(new.meaning.path, new.meaning.name)
    is_plain = "." not in entry.qualname and not entry.context and not entry.keywords
    if len(homes) != 1 or not is_plain or homes[0].digest != entry.digest or homes[0].keywords:
        return None
    home = project.file(new.meaning.path)
    if _above(file, project, entry) != _above(home, project, homes[0]) or _is_changed(file, project, entry):
        return None
    is_safe = (
        new.is_safe
        and not entry.decorators
        and not _has_variables(file)
        and not _has_variables(home)
        and _inside(file, project, entry) == _inside(home, project, homes[0])
    )
    return Fix(
        f"Import `{entry.name}` from `{symbol.rpartition('.')[0]}`", (new.edit(IMPORT, entry.span),), is_safe
    )


def _above(file: File, project: Project, entry: Class) -> list[object]:
    """What the bases and decorators of a class are; nothing that equals anything where that is not known."""
    found: list[object] = []
    inherited = {span for use in file.details.uses if use.how == INHERIT for span in use.spans()}
    for each in (*entry.bases, *entry.decorators):
        meanings = project.resolve(file.path, each.name, each.home) if each.name else ()
        is_known = len(meanings) == 1 and meanings[0].kind in (A_CLASS, "function", EXTERNAL)
        is_plain = each not in entry.bases or each.span in inherited  # and not `Base[T]`
        found.append((meanings[0].path, meanings[0].name) if is_known and is_plain else object())
    return [len(entry.bases), *found]


def _inside(file: File, project: Project, entry: Class) -> Named | None:
    """What the names in the body of a class mean, None where that depends on its module."""
    found: Named = {}
    for use in file.details.uses:
        root = use.name.partition(".")[0]
        if use.home == LOCAL or root == entry.name or not _is_in(entry, use):
            continue
        meanings = project.resolve(file.path, root, use.home)
        if root.startswith("__") or any(meaning.kind == UNKNOWN for meaning in meanings):
            return None
        found[root] = frozenset((meaning.path, meaning.name) for meaning in meanings)
    return found


def _is_in(entry: Class, use: Use) -> bool:
    return any(entry.line <= span.line <= entry.end_line for span in use.spans())


def _has_variables(file: File) -> bool:
    """Whether the module has variables: facts do not tell where one is read by its plain name."""
    names = file.outline.scopes[0].names
    return any(
        binding.kind == VALUE
        for name, bindings in names.items()
        if not (name.startswith("__") and name.endswith("__"))
        for binding in bindings
    )


def _is_changed(file: File, project: Project, entry: Class) -> bool:
    """Whether anything may bind the name of a class again, or patch the class."""
    if len(file.outline.scopes[0].names.get(entry.name, ())) != 1:
        return True
    if any(constant.name == entry.name for constant in file.outline.constants):
        return True
    return entry.name in patched(project)

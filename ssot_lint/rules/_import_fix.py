"""Fixes that take a name from its home: of import statements, and of uses through a module."""

from __future__ import annotations

from collections.abc import Iterable

from ssot_lint.facts.model import (
    DECORATE,
    DELETE,
    FROM,
    IN_FALLBACK,
    IN_FUNCTION,
    IN_IMPORT_GUARD,
    IN_TRY,
    INHERIT,
    VALUE,
    WRITE,
    Binding,
    Import,
    Use,
)
from ssot_lint.file import File
from ssot_lint.finding import MODULE_SCOPE, REIMPORT, REPLACE, Fix, Span
from ssot_lint.meaning import A_MODULE, EXTERNAL, MISSING
from ssot_lint.project import Project
from ssot_lint.rules._importable import Importable, importable, needs_first


def reimport_fix(file: File, project: Project, entry: Import, symbol: str, *, is_gone: bool) -> Fix | None:
    """Imports a name from its home. A path that is still there may be patched while a function runs.

    And where the home itself needs the module at that path, one of the two may have to be imported first.
    In a `try`, the code may ask whether that path works.
    """
    new = importable(file, project, symbol)
    if new is None or new.rest or (not entry.name and new.meaning.kind != A_MODULE):
        return None
    old = {meaning.path for meaning in project.imported(file.path, entry.level, entry.module, "")}
    is_tried = entry.context & (IN_TRY | IN_FALLBACK | IN_IMPORT_GUARD)
    is_safe = not is_tried and (
        is_gone
        or (
            not (entry.context & IN_FUNCTION or _needs_any(file, project, new.symbol, old))
            and all(_is_handed_on(file, project, new, path, entry.name) for path in old)
        )
    )
    return Fix(_title(symbol), (new.edit(REIMPORT, entry.span),), is_safe)


def replace_fix(file: File, project: Project, use: Use, span: Span, symbol: str, rest: str) -> Fix | None:
    """Names a symbol itself instead of an attribute of a module: `rest` is what follows it at the place.

    While a function runs, the attribute may be patched; and the home may need the module, as above.
    """
    new = importable(file, project, symbol)
    if new is None or use.how in (WRITE, DELETE):
        return None
    is_early = use.how in (INHERIT, DECORATE) or file.scope_at(span.line) == MODULE_SCOPE
    parts = use.name.split(".")
    old = {
        (meaning.path, parts[end])
        for end in range(1, len(parts))
        for meaning in project.resolve(file.path, ".".join(parts[:end]), use.home)
        if meaning.kind == A_MODULE
    }
    is_safe = (
        new.is_safe
        and is_early
        and not _needs_any(file, project, new.symbol, {path for path, _ in old})
        and all(_is_handed_on(file, project, new, path, name) for path, name in old)
    )
    return Fix(_title(symbol), (new.edit(REPLACE, span, rest),), is_safe)


def _needs_any(file: File, project: Project, symbol: str, modules: Iterable[str]) -> bool:
    """Whether the home of a symbol needs one of some modules, by path, before it is done itself."""
    home = project.module(symbol.rpartition(".")[0], file.path)
    return any(needs_first(project, home.path, module) for module in modules)


def _is_handed_on(file: File, project: Project, new: Importable, path: str, name: str) -> bool:
    """Whether each module from the old path to the home binds the name once, always, and to no value."""
    home = project.module(new.symbol.rpartition(".")[0], file.path).path
    seen = {home, new.meaning.path}
    while path in project.outlines and path not in seen:
        seen.add(path)
        outline = project.outlines[path]
        bindings = outline.scopes[0].names.get(name, ())
        if any(each.kind == VALUE or each.context or len(bindings) > 1 for each in bindings):
            return False
        if any(constant.name == name for constant in outline.constants):
            return False
        for binding in bindings:
            if any(
                _may_have(project, path, star, name) for star in outline.stars if star.line > binding.line
            ):
                return False
            if binding.kind == FROM:
                path = project.imported(path, binding.level, binding.module, "")[0].path
                name = binding.name
    return True


def _may_have(project: Project, path: str, star: Binding, name: str) -> bool:
    """Whether a star import in the file at a path may bring along a name."""
    found = project.imported(path, star.level, star.module, name)
    return any(meaning.kind not in (MISSING, EXTERNAL) for meaning in found)


def _title(symbol: str) -> str:
    module, _, name = symbol.rpartition(".")
    return f"Import `{name}` from `{module}`" if module else f"Import `{name}`"


def as_imported(file: File, project: Project, symbol: str) -> str:
    """The name of a symbol that begins with a package from which the file imports, if it has one."""
    roots = {entry.module.partition(".")[0] for entry in file.details.imports if not entry.level}
    names = [name for meaning in project.symbol(symbol, file.path) for name in project.names(meaning)]
    return next((name for name in (symbol, *names) if name.partition(".")[0] in roots), symbol)

"""Whether other code takes up a definition: inherits from it, imports it, or names it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ssot_lint.facts.model import FROM, IMPORT, Binding, Class, Function
from ssot_lint.file import File
from ssot_lint.meaning import A_CLASS
from ssot_lint.project import Project
from ssot_lint.rules._imported import importers, starred


def is_inherited(project: Project, path: str, qualname: str) -> bool:
    """Whether any class of the tree has a class as a base."""
    return (path, qualname) in _inherited(project, qualname.rpartition(".")[2])


def may_be_inherited(project: Project, name: str) -> bool:
    """Whether any class of the tree can have one of this name as a base, as far as names tell."""
    return bool(_heirs(project, name)) or _is_renamed(project, name)


def is_imported(project: Project, path: str, name: str) -> bool:
    """Whether any other file imports a definition from a module, by its name or with all others."""
    return path in starred(project) or any(
        importer != path and binding.name == name and _is_target(project, importer, binding, name, path)
        for importer, binding in _importers_of(project, name)
    )


def is_module_imported(project: Project, path: str) -> bool:
    """Whether any other file imports a module or anything from it."""
    names = project.modules.names(path)
    words = {word for name in names for word in (name.partition(".")[0], name.rpartition(".")[2])}
    for importer, binding in (each for word in words for each in _importers_of(project, word)):
        if importer == path:
            continue
        if binding.kind == IMPORT:
            if path in _plainly_imported(project, importer):
                return True
        elif any(_is_target(project, importer, binding, name, path) for name in ("", binding.name)):
            return True
    return path in starred(project)


def is_named(file: File, entry: Class | Function, *, as_script: bool) -> bool:
    """Whether the file names a definition of its own outside of it.

    `as_script` tells whether what it does under `if __name__ == "__main__"` counts.
    """
    home = entry.qualname.rpartition(".")[0]
    scopes = {index for index, scope in enumerate(file.outline.scopes) if scope.qualname == home}
    apart = [(entry.line, entry.end_line)]
    if file.details.main_guard is not None and not as_script:
        apart.append((file.details.main_guard.line, file.details.main_guard.end_line))
    return any(
        not any(first <= span.line <= last for first, last in apart)
        for use in file.details.uses
        if use.home in scopes and use.name.partition(".")[0] == entry.name
        for span in use.spans()
    )


def is_taken_up(file: File, project: Project, entry: Class, *, as_script: bool) -> bool:
    """Whether other code makes use of a class, so that its tests run there or are none."""
    return (
        is_inherited(project, file.path, entry.qualname)
        or is_named(file, entry, as_script=as_script)
        or ("." not in entry.qualname and is_imported(project, file.path, entry.name))
    )


def _plainly_imported(project: Project, importer: str) -> Collection[str]:
    """The modules that statements such as `import a.b` name; outlines know `a` alone."""

    def find() -> Collection[str]:
        entries = (entry for entry in project.file(importer).details.imports if not entry.name)
        return {meaning.path for entry in entries for meaning in project.import_meanings(importer, entry)}

    return project.once(("plain imports", importer), find)


def _inherited(project: Project, name: str) -> Collection[tuple[str, str]]:
    """The places of classes that a class of the tree has as a base, all of a simple name among them."""

    def read(file: File) -> frozenset[tuple[str, str]]:
        return frozenset(
            (meaning.path, meaning.name)
            for entry in file.outline.classes
            for base in entry.bases
            for meaning in project.base_meanings(file.path, base)
            if meaning.kind == A_CLASS
        )

    if _is_renamed(project, name):  # a base of any name may lead to it
        return project.once(
            ("inherited",),
            lambda: frozenset().union(*project.every(("inherited",), read, resolves=True)),
        )
    heirs = map(project.file, _heirs(project, name))
    return project.once(("inherited", name), lambda: frozenset().union(*map(read, heirs)))


def _heirs(project: Project, name: str) -> Sequence[str]:
    """The files in which a base is called by a simple name."""
    return project.paths_by(("bases",), _base_names).get(name, ())


def _is_renamed(project: Project, name: str) -> bool:
    """Whether a name is ever given another one: by `import ... as` or by an assignment."""
    return name in project.words(("renamed",), _renamed)


def _base_names(file: File) -> Iterator[str]:
    return (base.name.rpartition(".")[2] for entry in file.outline.classes for base in entry.bases)


def _renamed(file: File) -> Iterator[str]:
    for scope in file.outline.scopes:
        for bound, bindings in scope.names.items():
            names = (each.name.rpartition(".")[2] for each in bindings)
            yield from (name for name in names if name != bound)


def _importers_of(project: Project, word: str) -> Sequence[tuple[str, Binding]]:
    """The imports that take a name, or that name a module which ends so."""

    def find() -> list[tuple[str, Binding]]:
        return [
            (path, binding)
            for path in importers(project, word)
            for binding in _imports(project.file(path))
            if word in (binding.module.rpartition(".")[2], binding.name)
        ]

    return project.once(("imports", word), find)


def _imports(file: File) -> Iterator[Binding]:
    for scope in file.outline.scopes:
        for bindings in scope.names.values():
            yield from (binding for binding in bindings if binding.kind in (FROM, IMPORT))


def _is_target(project: Project, importer: str, binding: Binding, name: str, path: str) -> bool:
    found = project.imported(importer, binding.level, binding.module, name)
    return any(meaning.path == path for meaning in found)

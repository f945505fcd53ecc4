"""What a change of some files can mean for others: what they no longer offer, and who takes it from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from ssot_lint.facts.model import ALIAS, FROM, IMPORT, Binding, Class, Outline
from ssot_lint.meaning import A_MODULE
from ssot_lint.project import Project

_MODULE = ""  # stands for the module itself among its names

Place = tuple[str, str]
"""A path, and a name that the module there offers."""


def lost(old: Outline, new: Outline | None) -> frozenset[str]:
    """The names of a module that are gone or mean something else; `new` is None for a file that is gone.

    A class that was given more members is the same; of a file that is broken nobody knows what it offers.
    """
    if new is not None and not new.parsed:
        return frozenset()
    was, now = _offer(old), _offer(new) if new is not None else {}
    gone = {name for name, thing in was.items() if name not in now or not _still_is(thing, now[name])}
    gone.update((_MODULE,) if new is None else _no_longer_exported(old, new))
    return frozenset(gone)


class _Class(NamedTuple):
    qualname: str
    bases: tuple[str, ...]
    keywords: tuple[str, ...]
    decorators: tuple[str, ...]
    members: frozenset[str]


class _Thing(NamedTuple):
    """What a module offers under one name, without positions."""

    bindings: tuple[Binding, ...]
    classes: tuple[_Class, ...]


def _offer(outline: Outline) -> dict[str, _Thing]:
    classes: dict[str, list[_Class]] = {}
    for entry in outline.classes:
        classes.setdefault(_root(entry.qualname), []).append(_described(entry))
    return {
        name: _Thing(tuple(each._replace(line=0) for each in bindings), tuple(classes.get(name, ())))
        for name, bindings in outline.scopes[0].names.items()
    }


def _described(entry: Class) -> _Class:
    bases, decorators = (tuple(each.name for each in names) for names in (entry.bases, entry.decorators))
    return _Class(entry.qualname, bases, entry.keywords, decorators, frozenset(entry.members))


def _still_is(was: _Thing, now: _Thing) -> bool:
    return was.bindings == now.bindings and all(
        any(
            each.members <= other.members and each == other._replace(members=each.members)
            for other in now.classes
        )
        for each in was.classes
    )


def _no_longer_exported(old: Outline, new: Outline) -> Collection[str]:
    return set(old.exports or ()).difference(new.exports) if new.exports is not None else ()


class Reach(NamedTuple):
    """How far a change goes."""

    causes: frozenset[str]  # changed files that may bring about findings in others
    suspects: frozenset[str]  # the others, in which that may be


def reach(
    before: Callable[[], Project],
    was: Mapping[str, Outline],
    now: Callable[[str], Outline | None],
    importers: Callable[[], Importers] | None = None,
) -> Reach:
    """How far a change goes, given the project before it, which most changes do not need.

    `was` are the outlines of the changed files that were there, by path, `now` tells what became of one of
    them. `importers` gives those of the project, where they are known already.
    """
    changed = {path: now(path) for path in was}
    gone = {path: lost(outline, changed[path]) for path, outline in was.items()}
    causes = {path for path, outline in was.items() if gone[path] or drops_imports(outline, changed[path])}
    suspects = affected(before(), changed, gone, importers) if causes else set()
    return Reach(frozenset(causes), frozenset(suspects))


def affected(
    before: Project,
    changed: Mapping[str, Outline | None],
    gone: Mapping[str, Collection[str]],
    importers: Callable[[], Importers] | None = None,
) -> set[str]:
    """The files that take something that is gone, through any number of others, or that were taken up.

    `before` is the project without the change, `changed` what became of the outlines of changed files,
    `gone` the names that `lost` found in them. Taken up were the files that a changed one imports from
    no more: of their tests, for one, it may have been the only user. `importers` is as in `reach`.
    """
    found = set(_no_longer_taken(before, changed))
    if any(gone.values()):
        imports = importers() if importers is not None else Importers(before)
        found |= _takers(before, changed, gone, imports)
    return found - changed.keys()


def drops_imports(old: Outline, new: Outline | None) -> bool:
    """Whether a file imports something no more."""
    return not set(_imports(old)) <= (set(_imports(new)) if new is not None else set())


def _no_longer_taken(before: Project, changed: Mapping[str, Outline | None]) -> Iterator[str]:
    for path, new in changed.items():
        kept = set(_imports(new)) if new is not None else set()
        for binding in set(_imports(before.outlines[path])) - kept:
            for meaning in before.imported(path, binding.level, binding.module, binding.name):
                yield from (each for each in (meaning.path, *meaning.via) if each in before.outlines)


def _imports(outline: Outline) -> Iterator[Binding]:
    for scope in outline.scopes:
        for bindings in scope.names.values():
            yield from (each._replace(line=0, context=0) for each in bindings if each.kind in (FROM, IMPORT))


def _takers(
    before: Project,
    changed: Mapping[str, Outline | None],
    gone: Mapping[str, Collection[str]],
    imports: Importers,
) -> set[str]:
    pending = [(path, name) for path, names in gone.items() for name in names]
    for path, new in changed.items():
        old_stars = before.outlines[path].stars
        if old_stars and (
            new is None or {each.module for each in old_stars} != {each.module for each in new.stars}
        ):
            pending += [
                (path, name) for target in imports.starred_by(path) for name in _names_in(before, target)
            ]
    seen = set(pending)
    found = set()
    while pending:
        path, name = pending.pop()
        following = [(path, other) for other in _made_of(before.outlines[path], name)] if name else []
        following += [(path, _MODULE)]  # who has the module can take the name from it
        for importer, bound in imports.of(path, name):
            found.add(importer)
            following += [(importer, bound)] if bound else []
        pending += [place for place in following if place not in seen]
        seen.update(following)
    return found


def _names_in(project: Project, path: str) -> Iterable[str]:
    return project.outlines[path].scopes[0].names if path in project.outlines else ()


def _made_of(outline: Outline, name: str) -> Iterator[str]:
    """The names of a module that another of its names is the base of, or an alias for."""
    for bound, bindings in outline.scopes[0].names.items():
        if any(each.kind == ALIAS and _root(each.name) == name for each in bindings):
            yield bound
    for entry in outline.classes:
        if any(_root(base.name) == name for base in entry.bases):
            yield _root(entry.qualname)


class _Import(NamedTuple):
    importer: str
    bound: str  # the name that the module of the importer then offers, "" inside of a function or class
    binding: Binding


_Taken = tuple[int, str, str]
"""The kind of an import, the name it takes (the first of the module), and the last name of the module."""


class Importers:
    """The import statements of all files, by what they take."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._imports: dict[str, dict[_Taken, dict[str, list[_Import]]]] = {}  # by name, then importer
        self._starring: dict[str, tuple[Binding, ...]] = {}
        for path, outline in project.outlines.items():
            self._add(path, outline)
        self._forget()

    def _forget(self) -> None:
        self._takers: dict[Place, list[Place]] = {}
        self._stars: dict[str, list[str]] | None = None

    def follow(self, changes: Iterable[tuple[str, Outline | None, Outline | None]]) -> None:
        """Lets files have other outlines: paths, each with the one before and after, None for no file."""
        for path, old, new in changes:
            for taken, _ in _taken(path, old) if old is not None else ():
                self._imports[taken[1]].get(taken, {}).pop(path, None)
            self._starring.pop(path, None)
            if new is not None:
                self._add(path, new)
        self._forget()

    def _add(self, path: str, outline: Outline) -> None:
        for taken, entry in _taken(path, outline):
            self._imports.setdefault(taken[1], {}).setdefault(taken, {}).setdefault(path, []).append(entry)
        if outline.stars:
            self._starring[path] = outline.stars

    def of(self, path: str, name: str) -> Iterable[Place]:
        """The files that take a name from the module at a path, each with what it is called there, or ""."""
        if not name:
            return self._of_module(path)
        if self._stars is None:
            self._stars = {}
            for importer, stars in self._starring.items():
                for star in stars:
                    for target in self._targets(importer, star, ""):
                        self._stars.setdefault(target, []).append(importer)
        return (*self._takers_of(path, name), *((importer, name) for importer in self._stars.get(path, ())))

    def _takers_of(self, path: str, name: str) -> list[Place]:
        """The files that import a name from the module at a path."""
        found = self._takers.get((path, name))
        if found is None:
            entries = (
                entry
                for last in (_last_name(path), "")  # of a relative import from a package, nothing is left
                for several in self._imports.get(name, {}).get((FROM, name, last), {}).values()
                for entry in several
            )
            found = self._takers[path, name] = [
                (importer, bound)
                for importer, bound, binding in entries
                if path in self._targets(importer, binding, "")
            ]
        return found

    def _of_module(self, path: str) -> Iterator[Place]:
        for dotted in self._project.modules.names(path):
            for importer, bound, binding in self._entries(FROM, dotted.rpartition(".")[2]):
                if path in self._targets(importer, binding, binding.name):
                    yield importer, bound
            for importer, bound, binding in self._entries(IMPORT, _root(dotted)):
                if f"{dotted}.".startswith(f"{binding.module}."):
                    yield importer, bound

    def _entries(self, kind: int, name: str) -> Iterator[_Import]:
        for taken, by_path in self._imports.get(name, {}).items():
            if taken[0] == kind:
                for several in by_path.values():
                    yield from several

    def starred_by(self, path: str) -> Iterator[str]:
        """The modules that the module at a path takes all names from."""
        for star in self._project.outlines[path].stars:
            yield from self._targets(path, star, "")

    def _targets(self, importer: str, binding: Binding, name: str) -> list[str]:
        found = self._project.imported(importer, binding.level, binding.module, name)
        return [meaning.path for meaning in found if meaning.kind == A_MODULE]


def _taken(path: str, outline: Outline) -> Iterator[tuple[_Taken, _Import]]:
    """What a file imports in any of its scopes, but for star imports."""
    for index, scope in enumerate(outline.scopes):
        for bound, bindings in scope.names.items():
            for binding in bindings:
                entry = _Import(path, "" if index else bound, binding)
                if binding.kind == FROM:
                    yield (FROM, binding.name, binding.module.rpartition(".")[2]), entry
                elif binding.kind == IMPORT:
                    yield (IMPORT, _root(binding.module), ""), entry


def _last_name(path: str) -> str:
    """The last name by which the module at a path can be imported: that of its folder for a package."""
    stem = path.rpartition(".")[0].removesuffix("/__init__")
    return stem.rpartition("/")[2]


def _root(dotted: str) -> str:
    return dotted.partition(".")[0]

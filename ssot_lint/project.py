"""Binds facts to paths, and answers what a name means: modules, definitions, re-exports, ancestors."""

from __future__ import annotations

import builtins
import sys
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import NamedTuple, Protocol

from ssot_lint.facts.model import (
    ALIAS,
    CLASS,
    FROM,
    FUNCTION,
    IMPORT,
    LOCAL,
    Binding,
    Bodies,
    Class,
    Details,
    Facts,
    Import,
    Outline,
    Reference,
    Suppression,
)
from ssot_lint.finding import MODULE_SCOPE, Span
from ssot_lint.references import References
from ssot_lint.roots import detect_roots, enclosing, parent

# What a name can mean (`Meaning.kind`).
A_MODULE = "module"
A_CLASS = "class"
A_FUNCTION = "function"
A_VALUE = "value"
EXTERNAL = "external"  # outside the tree; `name` is the whole dotted name
MISSING = "missing"  # the module is in the tree and does not have it
UNKNOWN = "unknown"

_BUILTINS = frozenset(dir(builtins))
STANDARD_LIBRARY = frozenset(sys.stdlib_module_names)


class Meaning(NamedTuple):
    """What a name means: a definition in the tree, a module of it, or something outside or unknown."""

    kind: str
    path: str  # of the file that defines it; of the folder, with "/" at the end, for a namespace package
    name: str  # qualname in that file; the dotted name for what is not in the tree
    via: tuple[str, ...] = ()  # the files that hand it on, from the one asked to the one that defines it


Question = tuple[str, ...]
Find = Callable[[], Iterable[Meaning]]

DEEPEST = 50
"""So many questions may wait for each other; what is below is answered first, however long a chain is."""

MOST_ROUNDS = 20
"""So often questions that lead back to themselves are asked again."""


class _TooDeepError(Exception):
    def __init__(self, question: Question, find: Find) -> None:
        super().__init__(question)
        self.question = question
        self.find = find


class Configured(NamedTuple):
    """One instance of a rule as configured, for the rules that look at the configuration itself."""

    rule: str
    name: str
    span: Span  # in the configuration file
    paths: tuple[str, ...]
    is_idle: bool  # looks at no file, although it names some
    symbols: tuple[str, ...]  # names that must exist in the tree


class Ancestry(NamedTuple):
    """All that a class inherits from, through any number of files."""

    meanings: tuple[Meaning, ...]
    is_known: bool  # False: some ancestor could not be resolved


class Loader(Protocol):
    """Reads the parts of a file's facts that are not kept in memory, by the file's path."""

    def details(self, path: str) -> Details:
        """What the file names of other modules."""

    def bodies(self, path: str) -> Bodies:
        """What happens inside the file."""


class InMemory:
    """A loader of facts that are at hand, by path; a file without facts has none of anything."""

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        self._facts = facts

    def details(self, path: str) -> Details:
        """What the file names of other modules."""
        return self._facts[path].details if path in self._facts else Details()

    def bodies(self, path: str) -> Bodies:
        """What happens inside the file."""
        return self._facts[path].bodies if path in self._facts else Bodies()


class File:
    """One file of the project, as a rule sees it."""

    def __init__(self, path: str, outline: Outline, loader: Loader, project: Project) -> None:
        self.path = path
        self.outline = outline
        self._loader = loader
        self._project = project

    @cached_property
    def details(self) -> Details:
        """What the file names of other modules, and what its comments say."""
        return self._loader.details(self.path)

    @cached_property
    def bodies(self) -> Bodies:
        """What happens inside the functions and classes of the file."""
        return self._loader.bodies(self.path)

    @cached_property
    def references(self) -> References:
        """What the file names of other modules, resolved."""
        return References(self, self._project)

    def scope_at(self, line: int) -> str:
        """The qualname of the innermost class or function around a 1-based line, or "<module>"."""
        innermost = MODULE_SCOPE
        smallest = sys.maxsize
        for qualname, first, last in self.details.extents:
            if first <= line <= last and last - first <= smallest:
                innermost, smallest = qualname, last - first
        return innermost


def _matches_nothing(_patterns: tuple[str, ...], _path: str) -> bool:
    return False


class Project:
    """All files, and the only door from one file to another.

    `outlines` maps root-relative paths to outlines. `roots` are the folders that imports start from
    ("" is the top), detected where none are given. `matches` tells whether a path matches patterns
    in gitignore syntax.
    """

    def __init__(
        self,
        outlines: Mapping[str, Outline],
        loader: Loader,
        roots: Sequence[str] = (),
        matches: Callable[[tuple[str, ...], str], bool] = _matches_nothing,
        configuration: Sequence[Configured] = (),
        rule_words: Sequence[str] = (),
        requires_python: str = "",
    ) -> None:
        self.outlines = outlines
        self.matches = matches
        self.configuration = tuple(configuration)
        self.rule_words = rule_words  # ids and codes
        self.requires_python = requires_python
        self.unused_suppressions: Mapping[str, tuple[Suppression, ...]] = {}
        self.roots = tuple(roots) or detect_roots(outlines)
        self._loader = loader
        self._folders = _folders(outlines)
        self._modules: dict[tuple[str, str], Meaning] = {}
        self._answers: dict[Question, tuple[Meaning, ...]] = {}
        self._provisional: dict[Question, tuple[Meaning, ...]] = {}
        self._assumed: dict[Question, tuple[Meaning, ...]] = {}
        self._open: set[Question] = set()
        self._pending: list[tuple[Question, Find]] = []
        self._met_cycle = False
        self._ancestries: dict[tuple[str, str], Ancestry] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._symbols: dict[tuple[str, str], tuple[Meaning, ...]] = {}

    def file(self, path: str) -> File:
        """The file at a path of the project."""
        return File(path, self.outlines[path], self._loader, self)

    @contextmanager
    def snippet(self, path: str, facts: Facts) -> Iterator[File]:
        """A text that stands in the project for as long as the context lasts, known to no other file."""
        self.outlines = ChainMap({path: facts.outline}, self.outlines)  # type: ignore[arg-type]
        try:
            yield File(path, facts.outline, InMemory({path: facts}), self)
        finally:
            self.outlines = self.outlines.maps[1]
            self._classes.pop(path, None)
            for key in [key for key in self._answers if path in key]:
                del self._answers[key]
            for place in [place for place in self._ancestries if path in place]:
                del self._ancestries[place]

    # modules

    def module(self, dotted: str, importer: str) -> Meaning:
        """What `import dotted` means in the file at `importer` ("" for the top of the tree)."""
        folder = parent(importer)
        key = (dotted, folder)
        found = self._modules.get(key)
        if found is None:
            found = self._modules[key] = self._find_module(dotted.split("."), folder)
        return found

    def _find_module(self, parts: list[str], folder: str) -> Meaning:
        around = enclosing(folder, self.roots)
        candidates = [root for root in around if self._child(root, parts[0])]
        if parts[0] not in STANDARD_LIBRARY:
            if not candidates and self._child(folder, parts[0]):
                candidates = [folder]  # a script finds its neighbours
            if all(self._child(root, parts[0]).endswith("/") for root in candidates):
                # Any other root may be on the path of the one who runs it, and a namespace may go on there.
                candidates += [
                    root for root in self.roots if root not in around and self._child(root, parts[0])
                ]
        missing = None
        for root in candidates:
            location = self._walk(root, parts)
            if location:
                return Meaning(A_MODULE, location, "")
            missing = missing or (location == "" and Meaning(MISSING, "", ".".join(parts)))
        return missing or Meaning(EXTERNAL, "", ".".join(parts))

    def _walk(self, folder: str, parts: Iterable[str]) -> str | None:
        """The file or namespace folder of a module.

        "" where a package of the tree lacks it; None where only a namespace folder does, which may well
        be spread over installed packages.
        """
        location = folder
        is_closed = False  # below a regular package nothing installed can add to a namespace
        for part in parts:
            child = self._child(_package(location), part)
            if not child:
                return "" if is_closed else None
            is_closed = is_closed or not child.endswith("/")
            location = child
        return location

    def _child(self, folder: str | None, name: str) -> str:
        """The file of a module or package in a folder, or the namespace folder with "/", or ""."""
        if folder is None:
            return ""
        base = f"{folder}/{name}" if folder else name
        outlines = self.outlines
        for suffix in ("/__init__.py", ".py", "/__init__.pyi", ".pyi"):
            if base + suffix in outlines:
                return base + suffix
        return base + "/" if base in self._folders else ""

    def _relative(self, importer: str, level: int, module: str) -> Meaning:
        folder = parent(importer)
        for _ in range(level - 1):
            if not folder:
                return Meaning(UNKNOWN, "", "." * level + module)
            folder = parent(folder)
        if not module:
            location: str | None = self._child(parent(folder), folder.rpartition("/")[2]) if folder else "/"
            if location and not location.endswith("/") and _package(location) is None:
                location = folder + "/"
        else:
            location = self._walk(folder, module.split("."))
        if location:
            return Meaning(A_MODULE, location, "")
        return Meaning(MISSING, "", "." * level + module)

    # names

    def imported(self, importer: str, level: int, module: str, name: str) -> tuple[Meaning, ...]:
        """What `from module import name` means; with `name` empty, what `import module` means."""
        target = self._relative(importer, level, module) if level else self.module(module, importer)
        if not name or name == "*":
            return (target,)
        if target.kind == EXTERNAL:
            return (Meaning(EXTERNAL, "", f"{target.name}.{name}"),)
        if target.kind != A_MODULE:
            return (target._replace(name=f"{target.name}.{name}"),)
        found = self.member(target.path, name)
        if found and found[0].kind == MISSING and target.path.endswith("/"):
            written = f"{module}.{name}" if module else name
            return (Meaning(MISSING if level else EXTERNAL, "", "." * level + written),)
        return found

    def import_meanings(self, path: str, entry: Import) -> tuple[Meaning, ...]:
        """What one name of an import statement means."""
        return self.imported(path, entry.level, entry.module, entry.name)

    def member(self, location: str, name: str) -> tuple[Meaning, ...]:
        """What `name` means as an attribute of a module of the tree."""
        via: list[str] = []
        while True:
            # A chain of plain re-exports, however long, is followed in a loop.
            step = self._handed_on(location, name)
            if step is None or location in via:
                break
            via.append(location)
            location, name = step
        found = self._answer(("member", location, name), lambda: self._find_member(location, name))
        if not via:
            return found
        return tuple(meaning._replace(via=(*via, *meaning.via)) for meaning in found)

    def _handed_on(self, location: str, name: str) -> tuple[str, str] | None:
        """Where a module takes a name from, if it does nothing but import it from one module of the tree."""
        outline = self.outlines.get(location)
        bindings = outline.scopes[0].names.get(name) if outline is not None and outline.parsed else None
        if bindings is None or len(bindings) != 1 or bindings[0].kind != FROM:
            return None
        _, module, taken, level, _, _ = bindings[0]
        target = self._relative(location, level, module) if level else self.module(module, location)
        return (target.path, taken) if target.kind == A_MODULE and not target.path.endswith("/") else None

    def _answer(self, question: Question, find: Find) -> tuple[Meaning, ...]:
        """The answer to a question, found once.

        Questions lead to others, and can lead back to themselves (modules that re-export each other):
        then they are asked again, each time with the answers of the time before, until these stay as
        they are. So an answer does not depend on what was asked first.
        """
        found = self._answers.get(question)
        if found is None and self._open:
            return self._answer_below(question, find)
        if found is None:
            self._pending = [(question, find)]
            while self._pending:
                try:
                    self._settle(*self._pending[-1])
                except _TooDeepError as error:
                    self._pending.append((error.question, error.find))  # answered on its own, and then again
                else:
                    self._pending.pop()
            found = self._answers[question]
        return found

    def _answer_below(self, question: Question, find: Find) -> tuple[Meaning, ...]:
        if question in self._open:
            self._met_cycle = True
            return self._assumed.get(question, ())
        found = self._provisional.get(question)
        if found is None:
            if len(self._open) == DEEPEST:
                if any(question == other for other, _ in self._pending):  # a cycle that is longer than that
                    return ()
                raise _TooDeepError(question, find)
            found = self._ask(question, find)
        return found

    def _ask(self, question: Question, find: Find) -> tuple[Meaning, ...]:
        self._open.add(question)
        found = self._provisional[question] = _nearest(find())
        self._open.discard(question)
        return found

    def _settle(self, question: Question, find: Find) -> None:
        self._assumed = {}
        try:
            for _ in range(MOST_ROUNDS):
                self._provisional, self._met_cycle = {}, False
                self._ask(question, find)
                if not self._met_cycle or self._provisional == self._assumed:
                    break
                self._assumed = self._provisional
            self._answers.update(self._provisional)
        finally:
            self._open = set()

    def _find_member(self, location: str, name: str) -> Iterator[Meaning]:
        outline = self.outlines.get(location)
        if outline is not None and not outline.parsed:
            yield Meaning(UNKNOWN, location, name)
            return
        bindings = outline.scopes[0].names.get(name, ()) if outline is not None else ()
        found = [meaning for binding in bindings for meaning in self._bound(location, 0, name, binding)]
        if not bindings:
            found = list(self._starred(location, name))
        yield from found
        child = "" if found else self._child(_package(location), name)
        if child:
            yield Meaning(A_MODULE, child, "")  # `from . import name` in a package, too, binds its submodule
        elif bindings:
            return
        elif outline is not None and "__getattr__" in outline.scopes[0].names:
            yield Meaning(UNKNOWN, location, name)
        elif not found:
            yield Meaning(MISSING, location, name)

    def _starred(self, location: str, name: str) -> Iterator[Meaning]:
        outline = self.outlines.get(location)
        outside = []
        is_found = False
        for star in reversed(outline.stars if outline is not None else ()):
            (target,) = self.imported(location, star.level, star.module, "")
            if target.kind == EXTERNAL:
                outside.append(target.name)
            elif target.kind == A_MODULE and self._exports(target.path, name):
                for meaning in self.member(target.path, name):
                    if meaning.kind != MISSING:
                        yield _handed_on_by(location, meaning)
                        is_found = True
                if is_found and not star.context:
                    return  # the last one wins, and this one always runs
        if not is_found and len(outside) == 1:
            # Nothing in the tree provides it, so in a program that works this one module does.
            yield Meaning(EXTERNAL, "", f"{outside[0]}.{name}", (location,))

    def starred(self, path: str, entry: Import, names: Iterable[str]) -> Iterator[Meaning]:
        """What a star import brings along: of a module of the tree everything, of another the given names."""
        (target,) = self.imported(path, entry.level, entry.module, "")
        if target.kind == EXTERNAL:
            for name in names:
                yield Meaning(EXTERNAL, "", f"{target.name}.{name}")
        elif target.kind == A_MODULE:
            for name in sorted(self._public_names(target.path)):
                yield from self.member(target.path, name)

    def _public_names(self, location: str) -> set[str]:
        """The names that a star import of a module of the tree brings along."""
        found: set[str] = set()
        pending = [location]
        seen = set()
        while pending:
            location = pending.pop()
            outline = self.outlines.get(location)
            if outline is None or location in seen:
                continue
            seen.add(location)
            if outline.exports is not None and not outline.export_sources:
                found.update(outline.exports)
                continue
            found.update(outline.exports or ())
            found.update(name for name in outline.scopes[0].names if not name.startswith("_"))
            for star in outline.stars:
                (target,) = self.imported(location, star.level, star.module, "")
                if target.kind == A_MODULE:
                    pending.append(target.path)
        return found

    def _exports(self, location: str, name: str) -> bool:
        """Whether a star import of a module of the tree brings a name along."""
        outline = self.outlines.get(location)
        if outline is None:
            return False
        if outline.exports is None or outline.export_sources:
            return not name.startswith("_") or name in (outline.exports or ())
        return name in outline.exports

    def _bound(self, path: str, scope: int, name: str, binding: Binding) -> Iterator[Meaning]:
        kind = binding.kind
        if kind == CLASS:
            yield Meaning(A_CLASS, path, binding.name)
        elif kind == FUNCTION:
            yield Meaning(A_FUNCTION, path, binding.name)
        elif kind in (IMPORT, FROM, ALIAS):
            if kind == ALIAS:
                found = self.resolve(path, binding.name, scope)
            else:
                found = self.imported(path, binding.level, binding.module, binding.name)
            for meaning in found:
                yield _handed_on_by(path, meaning)
        else:
            yield Meaning(A_VALUE, path, name)

    def resolve(self, path: str, dotted: str, home: int) -> tuple[Meaning, ...]:
        """What a dotted name means in a file, where `home` tells which scope binds its first part."""
        root, _, rest = dotted.partition(".")
        found = self._root_meanings(path, root, home)
        for part in rest.split(".") if rest else ():
            found = _nearest(after for meaning in found for after in self.attribute(meaning, part))
        return found

    def _root_meanings(self, path: str, root: str, home: int) -> tuple[Meaning, ...]:
        if home == LOCAL:
            return (Meaning(UNKNOWN, "", root),)
        return self._answer(("root", path, root, str(home)), lambda: self._find_root(path, root, home))

    def _find_root(self, path: str, root: str, home: int) -> tuple[Meaning, ...]:
        outline = self.outlines[path]
        while home >= 0:
            scope = outline.scopes[home]
            bindings = scope.names.get(root)
            if bindings:
                found = (
                    meaning for binding in bindings for meaning in self._bound(path, home, root, binding)
                )
                return tuple(_seen_from(path, meaning) for meaning in found)
            home = scope.parent
        stars = tuple(_seen_from(path, meaning) for meaning in self._starred(path, root))
        if not stars and root not in _BUILTINS:
            return (Meaning(UNKNOWN, "", root),)
        return stars or (Meaning(EXTERNAL, "", f"builtins.{root}"),)

    def attribute(self, meaning: Meaning, name: str) -> tuple[Meaning, ...]:
        """What an attribute of something means."""
        if meaning.kind == EXTERNAL:
            return (meaning._replace(name=f"{meaning.name}.{name}"),)
        if meaning.kind == A_MODULE:
            return tuple(
                found._replace(via=meaning.via + found.via) for found in self.member(meaning.path, name)
            )
        if meaning.kind == A_CLASS:
            qualname = f"{meaning.name}.{name}"
            kind = A_CLASS if self.classes_at(meaning.path, qualname) else A_VALUE
            return (Meaning(kind, meaning.path, qualname, meaning.via),)
        kind = MISSING if meaning.kind == MISSING else UNKNOWN
        return (Meaning(kind, meaning.path, f"{meaning.name}.{name}", meaning.via),)

    def symbol(self, dotted: str, importer: str = "") -> tuple[Meaning, ...]:
        """What a dotted name in a string means in the file at `importer` ("" for the top of the tree)."""
        key = (dotted, parent(importer))
        found = self._symbols.get(key)
        if found is None:
            found = self._symbols[key] = self._find_symbol(dotted, importer)
        return found

    def _find_symbol(self, dotted: str, importer: str) -> tuple[Meaning, ...]:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:length]), importer)
            if module.kind == A_MODULE:
                found: tuple[Meaning, ...] = (module,)
                for part in parts[length:]:
                    found = _nearest(after for meaning in found for after in self.attribute(meaning, part))
                return found
        return (self.module(dotted, importer),)

    def names(self, meaning: Meaning) -> tuple[str, ...]:
        """Every dotted name by which something can be called, the shortest root's first."""
        if not meaning.path:
            return () if meaning.kind == UNKNOWN else (meaning.name,)
        return tuple(
            f"{module}.{meaning.name}" if meaning.name else module
            for module in self.module_names(meaning.path)
        )

    def module_names(self, path: str) -> tuple[str, ...]:
        """Every dotted name of the module at a path, one for each source root above it, the top's first."""
        found = self._names.get(path)
        if found is None:
            stem = path.rstrip("/") if path.endswith("/") else path.rpartition(".")[0]
            stem = stem.removesuffix("/__init__")
            names = []
            for root in reversed(enclosing(parent(path), self.roots)):
                inside = stem[len(root) + 1 :] if root else stem
                if inside:
                    names.append(inside.replace("/", "."))
            found = self._names[path] = tuple(names) or (stem.replace("/", "."),)
        return found

    # classes

    @cached_property
    def _classes(self) -> dict[str, dict[str, list[Class]]]:
        return {}

    def classes_at(self, path: str, qualname: str) -> Sequence[Class]:
        """The classes of a qualname in a file: more than one where branches define it twice."""
        by_name = self._classes.get(path)
        if by_name is None:
            by_name = self._classes[path] = {}
            for entry in self.outlines[path].classes if path in self.outlines else ():
                by_name.setdefault(entry.qualname, []).append(entry)
        return by_name.get(qualname, ())

    @cached_property
    def classes_by_name(self) -> Mapping[str, Sequence[tuple[str, Class]]]:
        """Every class of the tree by its simple name, with its path, in the order of the paths."""
        outlines = self.outlines.maps[-1] if isinstance(self.outlines, ChainMap) else self.outlines
        found: dict[str, list[tuple[str, Class]]] = {}
        for path in sorted(outlines):
            for entry in outlines[path].classes:
                found.setdefault(entry.name, []).append((path, entry))
        return found

    def base_meanings(self, path: str, base: Reference) -> tuple[Meaning, ...]:
        """What one base of a class in a file means."""
        if not base.name:
            return (Meaning(UNKNOWN, "", ""),)
        return self.resolve(path, base.name, base.home) or (Meaning(UNKNOWN, "", base.name),)

    def ancestry(self, path: str, qualname: str) -> Ancestry:
        """Everything that a class of the tree inherits from; conditional alternatives all count."""
        key = (path, qualname)
        found = self._ancestries.get(key)
        if found is None:
            reached: dict[tuple[str, str], Meaning] = {}
            is_known = self._climb(path, qualname, reached)
            found = self._ancestries[key] = Ancestry(tuple(reached.values()), is_known)
        return found

    def _climb(self, path: str, qualname: str, reached: dict[tuple[str, str], Meaning]) -> bool:
        is_known = True
        pending = [(path, qualname)]
        seen = set(pending)
        while pending:
            path, qualname = pending.pop()
            for entry in self.classes_at(path, qualname):
                for base in entry.bases:
                    for meaning in self.base_meanings(path, base):
                        reached.setdefault((meaning.path, meaning.name), meaning)
                        place = (meaning.path, meaning.name)
                        if meaning.kind == A_CLASS:
                            if place not in seen:
                                seen.add(place)
                                pending.append(place)
                        elif meaning.kind != EXTERNAL:
                            is_known = False
        return is_known


def _nearest(meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Each thing once, by the shortest way to it: alternatives of alternatives would multiply."""
    found: dict[tuple[str, str, str], Meaning] = {}
    for meaning in meanings:
        thing = (meaning.kind, meaning.path, meaning.name)
        known = found.get(thing)
        if known is None or (len(meaning.via), meaning.via) < (len(known.via), known.via):
            found[thing] = meaning
    if len(found) < 2:
        return tuple(found.values())
    return tuple(sorted(found.values(), key=lambda meaning: (len(meaning.via), meaning)))


def _handed_on_by(path: str, meaning: Meaning) -> Meaning:
    return meaning if path in meaning.via else meaning._replace(via=(path, *meaning.via))


def _seen_from(path: str, meaning: Meaning) -> Meaning:
    """The file that names a thing hands nothing on to itself."""
    return meaning._replace(via=meaning.via[1:]) if meaning.via[:1] == (path,) else meaning


def _package(location: str) -> str | None:
    """The folder in which a module's submodules are, None for a plain module."""
    if location.endswith("/"):
        return location[:-1]
    folder, _, name = location.rpartition("/")
    if name in ("__init__.py", "__init__.pyi"):
        return folder
    return None if name.endswith((".py", ".pyi")) else location


def _folders(paths: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        folder = parent(path)
        while folder and folder not in found:
            found.add(folder)
            folder = parent(folder)
    return frozenset(found)

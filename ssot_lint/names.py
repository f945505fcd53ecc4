"""Answers what a name means, anywhere in a tree: modules, definitions, aliases, star imports, re-exports."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from ssot_lint.answers import Answers
from ssot_lint.facts.model import (
    ALIAS,
    BUILTIN,
    CLASS,
    FROM,
    FUNCTION,
    IMPORT,
    LOCAL,
    Binding,
    Class,
    Import,
    Outline,
)
from ssot_lint.meaning import (
    A_CLASS,
    A_FUNCTION,
    A_MODULE,
    A_VALUE,
    EXTERNAL,
    MISSING,
    UNKNOWN,
    Meaning,
    handed_on_by,
    nearest,
    seen_from,
)
from ssot_lint.modules import Modules, exports, package_of
from ssot_lint.reads import Answered, Reads
from ssot_lint.roots import parent

_BUILTINS = frozenset(dir(builtins))
_DEFINED = {CLASS: A_CLASS, FUNCTION: A_FUNCTION}
_TAKEN = (IMPORT, FROM, ALIAS)


class Names:
    """The names of a tree, given its outlines by root-relative path, and the folders imports start from."""

    def __init__(
        self, outlines: Mapping[str, Outline], roots: Sequence[str], reads: Reads | None = None
    ) -> None:
        self.outlines = outlines
        self.reads = reads  # is told of every file that is asked
        self.roots = roots
        self.modules = Modules(outlines.keys(), roots, reads)
        self._answers = Answers(reads)
        self._classes: dict[str, dict[str, list[Class]]] = {}
        self._symbols: Answered[tuple[str, str], tuple[Meaning, ...]] = Answered(reads)
        self._imports: Answered[tuple[str, int, str, str], tuple[Meaning, ...]] = Answered(reads)

    def forget_answers(self) -> None:
        """Forgets what names mean, after the outline of a file has changed."""
        self._answers = Answers(self.reads)
        self._symbols.clear()
        self._imports.clear()

    def module(self, dotted: str, importer: str) -> Meaning:
        """What `import dotted` means in the file at `importer` ("" for the top of the tree)."""
        return self.modules.find(dotted, importer)

    def imported(self, importer: str, level: int, module: str, name: str) -> tuple[Meaning, ...]:
        """What `from module import name` means; with `name` empty, what `import module` means."""
        key = (parent(importer), level, module, name)  # the files of a folder mean the same
        found = self._imports.known(key)
        if found is not None:
            return found
        find = partial(self._find_imported, importer, level, module, name)
        return self._imports.answer(key, find) if self._answers.are_settled else find()

    def _find_imported(self, importer: str, level: int, module: str, name: str) -> tuple[Meaning, ...]:
        target = self._target(importer, level, module)
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

    def _target(self, importer: str, level: int, module: str) -> Meaning:
        return (
            self.modules.relative(importer, level, module) if level else self.modules.find(module, importer)
        )

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
        found = self._answers.answer(("member", location, name), lambda: self._find_member(location, name))
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
        target = self._target(location, level, module)
        return (target.path, taken) if target.kind == A_MODULE and not target.path.endswith("/") else None

    def _find_member(self, location: str, name: str) -> Iterator[Meaning]:
        outline = self.outlines.get(location)
        if outline is not None and not outline.parsed:
            yield Meaning(UNKNOWN, location, name)
            return
        bindings = outline.scopes[0].names.get(name, ()) if outline is not None else ()
        found: list[Meaning] = []
        for binding in bindings:
            bound = self._bound(location, 0, name, binding)
            found += (handed_on_by(location, each) for each in bound) if binding.kind in _TAKEN else bound
        if not bindings:
            found = list(self._starred(location, name))
        yield from found
        child = "" if found else self.modules.child(package_of(location), name)
        if not found and not child and location.endswith("/"):
            child = self._elsewhere_in_namespace(location, name)
        if child:
            yield Meaning(A_MODULE, child, "")  # `from . import name` in a package, too, binds its submodule
        elif bindings:
            return
        elif outline is not None and "__getattr__" in outline.scopes[0].names:
            yield Meaning(UNKNOWN, location, name)
        elif not found:
            yield Meaning(MISSING, location, name)

    def _elsewhere_in_namespace(self, location: str, name: str) -> str:
        """The path of a module in a namespace package that goes on below another source root, or ""."""
        for package in self.modules.names(location):
            found = self.modules.find(f"{package}.{name}", location)
            if found.kind == A_MODULE:
                return found.path
        return ""

    def _starred(self, location: str, name: str) -> Iterator[Meaning]:
        outline = self.outlines.get(location)
        outside = []
        is_found = False
        for star in reversed(outline.stars if outline is not None else ()):
            (target,) = self.imported(location, star.level, star.module, "")
            if target.kind == EXTERNAL:
                outside.append(target.name)
            elif target.kind == A_MODULE and exports(self.outlines.get(target.path), name):
                for meaning in self.member(target.path, name):
                    if meaning.kind != MISSING:
                        yield handed_on_by(location, meaning)
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

    def _bound(self, path: str, scope: int, name: str, binding: Binding) -> tuple[Meaning, ...]:
        """What a name of a file is bound to."""
        if binding.kind in _DEFINED:
            return (Meaning(_DEFINED[binding.kind], path, binding.name),)
        if binding.kind == ALIAS:
            return self.resolve(path, binding.name, scope)
        if binding.kind in _TAKEN:
            return self.imported(path, binding.level, binding.module, binding.name)
        return (Meaning(A_VALUE, path, name),)

    def resolve(self, path: str, dotted: str, home: int) -> tuple[Meaning, ...]:
        """What a dotted name means in a file, where `home` tells which scope binds its first part."""
        root, _, rest = dotted.partition(".")
        found = self._root_meanings(path, root, home)
        for part in rest.split(".") if rest else ():
            found = nearest(after for meaning in found for after in self.attribute(meaning, part))
        return found

    def _root_meanings(self, path: str, root: str, home: int) -> tuple[Meaning, ...]:
        if home == LOCAL:
            return (Meaning(UNKNOWN, "", root),)
        if home == BUILTIN and root in _BUILTINS and not self.outlines[path].stars:
            return (Meaning(EXTERNAL, "", f"builtins.{root}"),)
        question = ("root", path, root, str(home))
        return self._answers.answer(question, lambda: self._find_root(path, root, home))

    def _find_root(self, path: str, root: str, home: int) -> tuple[Meaning, ...]:
        outline = self.outlines[path]
        while home >= 0:
            scope = outline.scopes[home]
            bindings = scope.names.get(root)
            if bindings:
                bound = chain.from_iterable(self._bound(path, home, root, each) for each in bindings)
                return tuple(seen_from(path, meaning) for meaning in bound)
            home = scope.parent
        stars = tuple(seen_from(path, meaning) for meaning in self._starred(path, root))
        if root in _BUILTINS and all(star.kind == EXTERNAL and not star.via for star in stars):
            # No file of the tree provides it: it is the builtin, if not what a star brings from outside.
            return (*stars, Meaning(EXTERNAL, "", f"builtins.{root}"))
        return stars or (Meaning(UNKNOWN, "", root),)

    def attribute(self, meaning: Meaning, name: str) -> tuple[Meaning, ...]:
        """What an attribute of something means."""
        if meaning.kind == EXTERNAL:
            return (Meaning(EXTERNAL, meaning.path, f"{meaning.name}.{name}", meaning.via),)
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
        return self._symbols.answer(key, lambda: self._find_symbol(dotted, importer))

    def _find_symbol(self, dotted: str, importer: str) -> tuple[Meaning, ...]:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            module = self.modules.find(".".join(parts[:length]), importer)
            if module.kind == A_MODULE:
                found: tuple[Meaning, ...] = (module,)
                for part in parts[length:]:
                    found = nearest(after for meaning in found for after in self.attribute(meaning, part))
                return found
        return (self.modules.find(dotted, importer),)

    def names(self, meaning: Meaning) -> tuple[str, ...]:
        """Every dotted name by which something can be called, the shortest root's first."""
        if not meaning.path:
            return () if meaning.kind == UNKNOWN else (meaning.name,)
        modules = self.modules.names(meaning.path)
        return tuple([f"{module}.{meaning.name}" for module in modules]) if meaning.name else modules

    def classes_at(self, path: str, qualname: str) -> Sequence[Class]:
        """The classes of a qualname in a file: more than one where branches define it twice."""
        by_name = self._classes.get(path)
        if by_name is None:
            by_name = self._classes[path] = {}
            for entry in self.outlines[path].classes if path in self.outlines else ():
                by_name.setdefault(entry.qualname, []).append(entry)
        elif self.reads is not None:
            self.reads.note((path,))
        return by_name.get(qualname, ())

"""Binds facts to paths: the files of a tree, what their names mean, and what their classes inherit."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from ssot_lint.collection import Collection, nearest_collection
from ssot_lint.facts.model import Binding, Class, Facts, Outline, Reference, Suppression
from ssot_lint.file import File, InMemory, Loader, Overlaid
from ssot_lint.finding import Span
from ssot_lint.meaning import A_CLASS, EXTERNAL, UNKNOWN, Meaning
from ssot_lint.names import Names
from ssot_lint.roots import detect_roots

T = TypeVar("T")


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
    is_whole: bool  # False: that, or what is above a class outside the tree is not known


class _Kept(NamedTuple):
    """What was made of each file, by path; `resolves` if other files had a part in it."""

    by_path: dict[str, Any]
    resolves: bool


def _interface(outline: Outline) -> tuple[object, ...]:
    """All that other files can learn of a file by names: everything but positions and bodies."""
    return (
        [(each.qualname, each.parent, _without_lines(each.names)) for each in outline.scopes],
        [
            (each.qualname, [base[:2] for base in each.bases], each.members, each.methods, each.context)
            for each in outline.classes
        ],
        [each[:2] for each in outline.constants],
        [each._replace(line=0) for each in outline.stars],
        (outline.exports, outline.export_sources, outline.parsed),
    )


def _without_lines(names: Mapping[str, tuple[Binding, ...]]) -> list[object]:
    return [(name, [binding._replace(line=0) for binding in names[name]]) for name in sorted(names)]


def _matches_nothing(_patterns: tuple[str, ...], _path: str) -> bool:
    return False


class Project(Names):
    """All files, and the only door from one file to another.

    `outlines` maps root-relative paths to outlines. `roots` are the folders that imports start from
    ("" is the top), detected where none are given. `matches` tells whether a path matches patterns
    in gitignore syntax. `collections` reads the configurations of pytest, by their folder, when a rule asks.
    `installed` tells all dotted names of a class outside the tree, the one of its definition first, and of
    the classes above it; None where any of that is not known.
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
        collections: Callable[[], Mapping[str, Collection]] = dict,
        follows_edits: bool = False,
        installed: Callable[[str], tuple[str, ...] | None] | None = None,
    ) -> None:
        self._configured_roots = tuple(roots)
        self._tree = dict(outlines)  # without the snippet that may stand in the project for a while
        super().__init__(self._tree, self._configured_roots or detect_roots(self._tree))
        self.matches = matches
        self.configuration = tuple(configuration)
        self.rule_words = rule_words  # ids and codes
        self.requires_python = requires_python
        self._read_collections = collections
        self._installed = installed
        self.unused_suppressions: Mapping[str, tuple[Suppression, ...]] = {}
        self._loader = loader
        self._ancestries: dict[tuple[str, str], Ancestry] = {}
        self._once: dict[tuple[object, ...], Any] = {}
        self._kept: dict[tuple[object, ...], _Kept] | None = {} if follows_edits else None

    def file(self, path: str) -> File:
        """The file at a path of the project."""
        return File(path, self.outlines[path], self._loader, self)

    def files(self) -> Iterator[File]:
        """Every file of the tree, in the order of the paths."""
        return map(self.file, sorted(self._tree))

    @cached_property
    def _collections(self) -> Mapping[str, Collection]:
        return self._read_collections()

    def collection(self, path: str) -> Collection:
        """How pytest, as configured nearest to a file, collects it."""
        return nearest_collection(self._collections, path)

    def once(self, question: tuple[object, ...], find: Callable[[], T]) -> T:
        """The answer to a question that takes all files, such as which definitions are alike: found once."""
        if question not in self._once:
            self._once[question] = find()
        found: T = self._once[question]
        return found

    def every(
        self, question: tuple[object, ...], read: Callable[[File], T], *, resolves: bool = False
    ) -> Iterator[T]:
        """What `read` makes of each file of the tree, in the order of the paths.

        A project that follows edits keeps it under the question, and after an edit reads one file again.
        `resolves` tells that `read` also asks what names mean, for which it needs other files.
        """
        if self._kept is None:
            return map(read, self.files())
        kept = self._kept.setdefault(question, _Kept({}, resolves))
        for path in self._tree.keys() - kept.by_path.keys():
            kept.by_path[path] = read(self.file(path))
        return (kept.by_path[path] for path in sorted(self._tree))

    def replace(self, path: str, outline: Outline) -> None:
        """Lets a file of the tree have another text, whose details and bodies the loader has."""
        is_same_to_others = _interface(self.outlines[path]) == _interface(outline)
        self._tree[path] = outline
        self._classes.pop(path, None)
        self._once.clear()
        self.__dict__.pop("classes_by_name", None)
        for kept in (self._kept or {}).values():
            if kept.resolves and not is_same_to_others:
                kept.by_path.clear()
            kept.by_path.pop(path, None)
        if not is_same_to_others:
            self.forget_answers()
            self._ancestries.clear()

    def beside(self, facts: Mapping[str, Facts]) -> Project:
        """A project of the same files and those given by path, which replace the ones at the same paths."""
        outlines = {**self.outlines, **{path: found.outline for path, found in facts.items()}}
        return Project(
            dict(sorted(outlines.items())),
            Overlaid(facts, self._loader),
            self._configured_roots,
            self.matches,
            self.configuration,
            self.rule_words,
            self.requires_python,
            lambda: self._collections,
            installed=self._installed,
        )

    @contextmanager
    def snippet(self, path: str, facts: Facts) -> Iterator[File]:
        """A text that stands in the project for as long as the context lasts, known to no other file."""
        self.outlines = ChainMap({path: facts.outline}, self.outlines)  # type: ignore[arg-type]
        try:
            yield File(path, facts.outline, InMemory({path: facts}), self)
        finally:
            self.outlines = self.outlines.maps[1]
            self._classes.pop(path, None)
            self._answers.forget(path)
            for place in [place for place in self._ancestries if path in place]:
                del self._ancestries[place]

    # classes

    @cached_property
    def classes_by_name(self) -> Mapping[str, Sequence[tuple[str, Class]]]:
        """Every class of the tree by its simple name, with its path, in the order of the paths."""
        found: dict[str, list[tuple[str, Class]]] = {}
        for path in sorted(self._tree):
            for entry in self._tree[path].classes:
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
            is_known, is_whole = self._climb(path, qualname, reached)
            found = self._ancestries[key] = Ancestry(tuple(reached.values()), is_known, is_whole)
        return found

    def installed(self, meaning: Meaning) -> tuple[Meaning, ...]:
        """All names of a class outside the tree, the one of its definition first, and of those above it.

        Nothing where any of that is not known.
        """
        names = self._installed(meaning.name) if self._installed and meaning.kind == EXTERNAL else None
        return tuple(meaning._replace(name=name) for name in names or ())

    def places(self, dotted: str) -> frozenset[tuple[str, str]]:
        """The path and name of all that a dotted name means, as `ancestry` has them."""
        found = self.symbol(dotted)
        definitions = (each for meaning in found for each in self.installed(meaning)[:1])
        return frozenset((meaning.path, meaning.name) for meaning in (*found, *definitions))

    def _climb(self, path: str, qualname: str, reached: dict[tuple[str, str], Meaning]) -> tuple[bool, bool]:
        is_known = is_whole = True
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
                        elif meaning.kind == EXTERNAL:
                            above = self.installed(meaning)
                            is_whole = is_whole and bool(above)
                            for each in above:
                                reached.setdefault((each.path, each.name), each)
                        else:
                            is_known = is_whole = False
        return is_known, is_whole

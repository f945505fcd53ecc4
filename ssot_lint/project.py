"""Binds facts to paths: the files of a tree, what their names mean, and what their classes inherit."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from ssot_lint.ancestry import Ancestry, ancestry_of
from ssot_lint.collection import Collection, nearest_collection
from ssot_lint.definitions import ClassesByName, interface
from ssot_lint.facts.model import Class, Facts, Outline, Reference, Suppression
from ssot_lint.file import File, InMemory, Loader, Overlaid, Summaries
from ssot_lint.finding import Span
from ssot_lint.meaning import EXTERNAL, UNKNOWN, Meaning
from ssot_lint.modules import Modules, place_of
from ssot_lint.names import Names
from ssot_lint.reads import EVERY_FILE, Answered, NotedOutlines, Reads
from ssot_lint.roots import detect_roots

T = TypeVar("T")

_PLAIN = (tuple, frozenset, set, dict, list, str, int, type(None))
"""Types of answers that ask nothing more once they are found."""


class Configured(NamedTuple):
    """One instance of a rule as configured, for the rules that look at the configuration itself."""

    rule: str
    name: str
    span: Span  # in the configuration file
    paths: tuple[str, ...]
    is_idle: bool  # looks at no file, although it names some
    symbols: tuple[str, ...]  # names that must exist in the tree


class _Kept(NamedTuple):
    """What was made of each file, by path; `resolves` if other files had a part in it."""

    by_path: dict[str, Any]
    resolves: bool


def _matches_nothing(_patterns: tuple[str, ...], _path: str) -> bool:
    return False


class Project(Names):
    """All files, and the only door from one file to another.

    `outlines` maps root-relative paths to outlines. `roots` are the folders that imports start from
    ("" is the top), detected where none are given. `matches` tells whether a path matches patterns
    in gitignore syntax. `collections` reads the configurations of pytest, by their folder, when a rule asks.
    `installed` tells all dotted names of a class outside the tree, the one of its definition first, and of
    the classes above it; None where any of that is not known. `summaries` keep what is gathered from files.
    """

    wants_fixes = True
    """Whether anybody asks how problems are fixed, which can take longer than to find them."""

    def __init__(
        self,
        outlines: MutableMapping[str, Outline],
        loader: Loader,
        roots: Sequence[str] = (),
        matches: Callable[[tuple[str, ...], str], bool] = _matches_nothing,
        configuration: Sequence[Configured] = (),
        rule_words: Sequence[str] = (),
        requires_python: str = "",
        collections: Callable[[], Mapping[str, Collection]] = dict,
        follows_edits: bool = False,
        installed: Callable[[str], tuple[str, ...] | None] | None = None,
        summaries: Summaries | None = None,
    ) -> None:
        self._configured_roots = tuple(roots)
        reads = Reads() if follows_edits else None
        self._tree = copy(outlines) if reads is None else NotedOutlines(outlines, reads)
        super().__init__(self._tree, self._configured_roots or detect_roots(self._tree), reads)
        self.matches = matches
        self.configuration = tuple(configuration)
        self.rule_words = rule_words  # ids and codes
        self.requires_python = requires_python
        self._read_collections = collections
        self._installed = installed
        self.unused_suppressions: Mapping[str, tuple[Suppression, ...]] = {}
        self._loader = loader
        self._summaries = summaries
        self._ancestries: Answered[tuple[str, str], Ancestry] = Answered(reads)
        self._once: Answered[tuple[object, ...], Any] = Answered(reads)
        self._kept: dict[tuple[object, ...], _Kept] = {}

    def file(self, path: str) -> File:
        """The file at a path of the project."""
        return File(path, self.outlines[path], self._loader, self)

    def __contains__(self, path: str) -> bool:
        """Whether a file is of the tree, which a snippet is not."""
        return path in self._tree

    @property
    def paths(self) -> Sequence[str]:
        """Those of all files of the tree, sorted."""
        self._asks_every_file()
        return self.once(("paths",), lambda: tuple(sorted(self._tree)))

    def files(self) -> Iterator[File]:
        """Every file of the tree, in the order of the paths."""
        outlines = dict(self._tree.items())  # read at once, where they come from a store
        return (File(path, outlines[path], self._loader, self) for path in self.paths)

    def _asks_every_file(self) -> None:
        if self.reads is not None:
            self.reads.note((EVERY_FILE,))

    @cached_property
    def _collections(self) -> Mapping[str, Collection]:
        return self._read_collections()

    @property
    def has_asked_collections(self) -> bool:
        """Whether anybody has asked how pytest collects."""
        return "_collections" in self.__dict__

    def collection(self, path: str) -> Collection:
        """How pytest, as configured nearest to a file, collects it."""
        return nearest_collection(self._collections, path)

    def once(self, question: tuple[object, ...], find: Callable[[], T]) -> T:
        """The answer to a question that takes all files, such as which definitions are alike: found once."""
        found: T = self._once.answer(question, find)
        if self.reads is not None and not isinstance(found, _PLAIN):
            self._asks_every_file()  # it can go on to ask whenever it is asked itself
        return found

    def every(
        self,
        question: tuple[object, ...],
        read: Callable[[File], T],
        *,
        resolves: bool = False,
        shape: type[T] | None = None,
    ) -> Iterator[T]:
        """What `read` makes of each file of the tree, in the order of `paths`.

        A project that follows edits keeps it under the question, and after an edit reads one file again.
        `resolves` tells that `read` also asks what names mean, for which it needs other files. What it makes
        of the file's facts alone, whatever the path, has a `shape`, and may be known from another run.
        """
        if self.reads is None:
            if self._summaries is None or shape is None:
                return map(read, self.files())
            made = self._summaries.of(self.paths, question, shape, lambda path: read(self.file(path)))
            return map(made.__getitem__, self.paths)
        kept = self._kept.setdefault(question, _Kept({}, resolves))
        with self.reads.noted() as paths:
            paths.add(EVERY_FILE)
            for path in self._tree.keys() - kept.by_path.keys():
                kept.by_path[path] = read(self.file(path))
        return (kept.by_path[path] for path in sorted(self._tree))

    def words(self, question: tuple[object, ...], read: Callable[[File], Iterable[str]]) -> frozenset[str]:
        """All words that `read` makes of files, of the facts of each alone; what holds blanks is several.

        See `every`.
        """

        def find() -> frozenset[str]:
            # One text for each file is stored and read in far less time than all its words.
            every = self.every(question, lambda file: " ".join(sorted({*read(file)})), shape=str)
            return frozenset(" ".join(every).split())

        return self.once(("words", *question), find)

    def paths_by(
        self, question: tuple[object, ...], read: Callable[[File], Iterable[str]]
    ) -> Mapping[str, Sequence[str]]:
        """The paths of files by the words that `read` makes of each, of its facts alone; see `every`."""

        def find() -> dict[str, list[str]]:
            every = self.every(question, lambda file: tuple(sorted({*read(file)})), shape=tuple[str, ...])
            found: dict[str, list[str]] = {}
            for path, words in zip(self.paths, every):
                for word in words:
                    found.setdefault(word, []).append(path)
            return found

        return self.once(("paths by", *question), find)

    def replace(self, path: str, outline: Outline) -> None:
        """Lets a file of the tree have another text, whose details and bodies the loader has."""
        is_same_to_others = interface(self.outlines[path]) == interface(outline)
        self._tree[path] = outline
        self._classes.pop(path, None)
        self._once.clear()
        for kept in self._kept.values():
            if kept.resolves and not is_same_to_others:
                kept.by_path.clear()
            kept.by_path.pop(path, None)
        if not is_same_to_others:
            self.forget_answers()
            self._ancestries.clear()

    def admit(self, changes: Mapping[str, Outline | None]) -> set[str] | None:
        """Lets files come and go, whose details and bodies the loader has; None is for one that goes.

        Returns what `reads` calls the answers that may be others now, besides those made from every file;
        None where all may be, as imports start from other folders or pytest collects in another way: then
        the project is of no use any more.
        """
        for path, outline in changes.items():
            if outline is None:
                del self._tree[path]
            else:
                self._tree[path] = outline
        roots = self._configured_roots or detect_roots(self._tree)
        known = self.__dict__.get("_collections")  # None where no rule has asked yet
        if roots != self.roots or (known is not None and known != self._read_collections()):
            return None
        before, self.modules = self.modules, Modules(self._tree.keys(), roots, self.reads)
        for kept in self._kept.values():
            for path in (*changes, *(list(kept.by_path) if kept.resolves else ())):
                kept.by_path.pop(path, None)
        for path in changes:
            self._classes.pop(path, None)
        self._once.clear()
        self._ancestries.clear()
        self.forget_answers()
        return {*changes, *map(place_of, changes), *self.modules.differing_folders(before)}

    def beside(self, facts: Mapping[str, Facts]) -> Project:
        """A project of the same files and those given by path, which replace the ones at the same paths."""
        outlines = {**dict(self._tree.items()), **{path: found.outline for path, found in facts.items()}}
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
            self._ancestries.forget(place for place in self._ancestries if path in place)

    # classes

    @property
    def classes_by_name(self) -> Mapping[str, Sequence[tuple[str, Class]]]:
        """Every class of the tree by its simple name, with its path, in the order of the paths."""
        return self.once(("classes by name",), self._find_classes_by_name)

    def _find_classes_by_name(self) -> Mapping[str, Sequence[tuple[str, Class]]]:
        paths = self.paths_by(("class names",), lambda file: (entry.name for entry in file.outline.classes))
        return ClassesByName(paths, self.outlines)

    def base_meanings(self, path: str, base: Reference) -> tuple[Meaning, ...]:
        """What one base of a class in a file means."""
        found = self.resolve(path, base.name, base.home) if base.name else ()
        return found or (Meaning(UNKNOWN, "", base.name),)

    def ancestry(self, path: str, qualname: str) -> Ancestry:
        """Everything that a class of the tree inherits from; conditional alternatives all count."""
        return self._ancestries.answer((path, qualname), lambda: ancestry_of(self, path, qualname))

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

"""A project that goes from commit to commit: what differs is read anew, what was made of the rest stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from ssot_lint.facts.model import Class, Outline
from ssot_lint.file import File
from ssot_lint.modules import Modules
from ssot_lint.project import Project
from ssot_lint.roots import detect_roots, parent, tells_of_roots

T = TypeVar("T")

Changed = Mapping[str, tuple[Outline | None, Outline | None]]
"""The outlines of files before and after a change, by path, None where there is no file."""


class MovingProject(Project):
    """A project whose files come, go and change; see `Project` for what it is made from."""

    wants_fixes = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._in_folders = Counter(map(parent, self._tree))  # the number of files right in each
        self._by_name: dict[str, list[tuple[str, Class]]] | None = None
        self._made: dict[tuple[object, ...], tuple[dict[str, Any], bool]] = {}

    @property
    def classes_by_name(self) -> Mapping[str, Sequence[tuple[str, Class]]]:
        """Every class of the tree by its simple name, with its path, in the order of the paths."""
        if self._by_name is None:
            self._by_name = {}
            for path in sorted(self._tree):
                for entry in self._tree[path].classes:
                    self._by_name.setdefault(entry.name, []).append((path, entry))
        return self._by_name

    def every(
        self,
        question: tuple[object, ...],
        read: Callable[[File], T],
        *,
        resolves: bool = False,
        shape: type[T] | None = None,  # noqa: ARG002 -- everything is kept here
    ) -> Iterator[T]:
        """What `read` makes of each file of the tree, in the order of the paths; it is kept for later."""
        made, _ = self._made.setdefault(question, ({}, resolves))
        for path in self._tree.keys() - made.keys():
            made[path] = read(self.file(path))
        return (made[path] for path in sorted(self._tree))

    def change(self, changes: Changed, *, is_collected_otherwise: bool) -> None:
        """Lets files of the tree be others, whose details and bodies the loader has.

        `is_collected_otherwise` tells whether a file changed in which pytest may be configured.
        """
        if not changes and not is_collected_otherwise:
            return
        moves = [path for path, (old, new) in changes.items() if (old is None) is not (new is None)]
        for path, (old, new) in changes.items():
            if new is None:
                del self._tree[path]
            else:
                self._tree[path] = new
            self._classes.pop(path, None)
            if self._by_name is not None:
                _replace_classes(self._by_name, path, old, new)
        for made, resolves in self._made.values():
            if resolves:
                made.clear()
            for path in changes:
                made.pop(path, None)
        if moves or is_collected_otherwise:
            self.__dict__.pop("_collections", None)
        if moves:
            self._move(moves)
        self._once.clear()
        self._ancestries.clear()
        self.forget_answers()

    def _move(self, paths: Sequence[str]) -> None:
        """Takes account of files that have come or gone."""
        is_other_folder = False
        for path in paths:
            folder, step = parent(path), 1 if path in self._tree else -1
            is_other_folder |= not self._in_folders[folder]
            self._in_folders[folder] += step
            is_other_folder |= not self._in_folders[folder]
        is_other_root = not self._configured_roots and any(map(tells_of_roots, paths))
        if is_other_root:
            self.roots = detect_roots(self._tree)
        if is_other_folder or is_other_root:
            self.modules = Modules(self._tree.keys(), self.roots)
        else:
            self.modules.forget()


def _replace_classes(
    by_name: dict[str, list[tuple[str, Class]]], path: str, old: Outline | None, new: Outline | None
) -> None:
    """Lets the classes of a file be those of another outline."""
    before = old.classes if old is not None else ()
    after = new.classes if new is not None else ()
    for name in {entry.name for entry in before}:
        by_name[name] = [each for each in by_name[name] if each[0] != path]
    for entry in after:
        by_name.setdefault(entry.name, []).append((path, entry))
    for name in {entry.name for entry in after}:
        by_name[name].sort(key=itemgetter(0))

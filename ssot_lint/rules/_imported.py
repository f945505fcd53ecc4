"""Which files import something, told by the words that their import statements name.

These words are what a file itself says, so they are kept from run to run, and a run over a few files reads
few others. They tell where to look: what a statement means is then asked of the project.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ssot_lint.facts.model import FROM, IMPORT
from ssot_lint.file import File
from ssot_lint.project import Project


def importers(project: Project, word: str) -> Sequence[str]:
    """The files that import a name, or import from a module or import one as a whole that ends so."""
    if word not in _all_words(project):
        return ()
    return project.once(("importers",), lambda: _find_importers(project)).get(word, ())


def _find_importers(project: Project) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for path, words in zip(project.paths, _every(project)):
        for word in words.split():
            found.setdefault(word, []).append(path)
    return found


def named_whole(project: Project, first: str) -> Collection[str]:
    """All words of the modules that statements such as `import a.b` name, given the first word."""
    if f"{first}." not in _all_words(project):
        return ()

    def find() -> frozenset[str]:
        word = f" {first}. "
        files = (project.file(path) for path, words in zip(project.paths, _every(project)) if word in words)
        entries = (entry for file in files for entry in file.details.imports if not entry.name)
        return frozenset(part for entry in entries for part in entry.module.split("."))

    return project.once(("named whole", first), find)


def starred(project: Project) -> Collection[str]:
    """The places of the modules that others import all names from."""
    return project.once(("starred",), lambda: frozenset(_find_starred(project)))


def _all_words(project: Project) -> Collection[str]:
    return project.once(("imported words",), lambda: frozenset(" ".join(_every(project)).split()))


def _every(project: Project) -> Sequence[str]:
    return project.once(
        ("words of imports",), lambda: tuple(project.every(("words of imports",), _words, shape=str))
    )


def _words(file: File) -> str:
    """All words that imports of a file name, each between blanks: one text is read faster than many.

    Of `import a.b`, outlines know the first word alone, which stands here with a dot behind.
    """
    words = {star.module.rpartition(".")[2] for star in file.outline.stars}
    for scope in file.outline.scopes:
        for bindings in scope.names.values():
            for kind, module, name, *_ in bindings:
                if kind in (FROM, IMPORT):
                    words.add(module.rpartition(".")[2])
                    words.add(name if kind == FROM else f"{module.partition('.')[0]}.")
    return f" {' '.join(sorted(words))} "


def _find_starred(project: Project) -> Iterator[str]:
    every = project.every(("stars",), _stars, shape=tuple[tuple[int, str], ...])
    for path, stars in zip(project.paths, every):
        for level, module in stars:
            target = project.imported(path, level, module, "")[0].path
            if target != path:
                yield target


def _stars(file: File) -> tuple[tuple[int, str], ...]:
    return tuple((star.level, star.module) for star in file.outline.stars)

"""What one file names of other modules, resolved once for all rules that ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.facts.model import BUILTIN, CALL, LOCAL, Import, Use
from ssot_lint.finding import Span

if TYPE_CHECKING:
    from ssot_lint.file import File
    from ssot_lint.meaning import Meaning
    from ssot_lint.project import Project

_IMPORTERS = frozenset(
    ("importlib.import_module", "importlib.__import__", "builtins.__import__", "pytest.importorskip")
)
_PATCHES = ("patch", "patch.dict", "patch.multiple")
_PATCHERS = frozenset(f"{module}.{patch}" for module in ("unittest.mock", "mock") for patch in _PATCHES)
_MOCKERS = ("mocker", "class_mocker", "module_mocker", "package_mocker", "session_mocker")
_PATCHING_FIXTURES = frozenset(
    (
        *(f"{mocker}.{patch}" for mocker in _MOCKERS for patch in _PATCHES),
        *("monkeypatch.setattr", "monkeypatch.delattr", "monkeypatch.setitem"),
    )
)
_IMPORTER_WORDS = ("0", "name", "modname")
_PATCHER_WORDS = ("0", "target", "in_dict")
_WORDS = frozenset((*_IMPORTER_WORDS, *_PATCHER_WORDS))
_LAST_WORDS = frozenset(name.rpartition(".")[2] for name in (*_IMPORTERS, *_PATCHERS, *_PATCHING_FIXTURES))

Meanings = tuple["Meaning", ...]


class Imported(NamedTuple):
    """One name of an import statement; for a star import, the module."""

    entry: Import
    meanings: Meanings


class Used(NamedTuple):
    """A dotted name that starts from something bound in the file, with the meaning of each part of it."""

    use: Use
    steps: tuple[Meanings, ...]


class Quoted(NamedTuple):
    """A dotted name in a string that a call imports or patches."""

    callee: Span
    text: str  # as written
    meanings: Meanings


class References:
    """Everything that a file names of other modules.

    `meanings` holds everything named, `places` the same as (path, qualname), `names` every dotted name of it,
    `beginnings` also all that these lie within: so a rule passes over most files at once, unless `has_star`
    tells that an import brings along more than it names.
    """

    def __init__(self, file: File, project: Project) -> None:
        # Neither is kept: a cycle would hold every file's facts in memory until the end of the run.
        details = file.details
        self.imports = [
            Imported(entry, project.import_meanings(file.path, entry)) for entry in details.imports
        ]
        self.has_star = any(entry.name == "*" for entry in details.imports)
        self.uses: list[Used] = []
        self.quoted: list[Quoted] = []
        self.roots: dict[tuple[str, int], Meanings] = {}  # what names start from, with its home, so far
        for use in details.uses:
            if use.arguments and _may_quote(use):
                self.quoted += _quoted(use, file, project)
            if use.home != LOCAL and "." in use.name:
                key = (use.name.partition(".")[0], use.home)
                found = self.roots.get(key)
                if found is None:
                    found = self.roots[key] = project.resolve(file.path, *key)
                if any(map(_leads_on, found)):
                    self.uses.append(Used(use, _steps(found, use.name, project)))
        self.meanings: set[Meaning] = set()
        for imported in self.imports:
            self.meanings.update(imported.meanings)
        for quoted in self.quoted:
            self.meanings.update(quoted.meanings)
        for used in self.uses:
            self.meanings.update(*used.steps)
        self.places = {(meaning.path, meaning.name) for meaning in self.meanings}
        self.names = set(chain.from_iterable(map(project.names, self.meanings)))
        self.beginnings: set[str] = set()
        for name in self.names:
            while name and name not in self.beginnings:
                self.beginnings.add(name)
                name = name.rpartition(".")[0]


def resolved(uses: Iterable[Use], file: File, project: Project) -> Iterator[Used]:
    """What those of a file's uses mean that name something known, be it a plain name or a builtin."""
    roots = file.references.roots
    for use in uses:
        if use.home != LOCAL:
            key = (use.name.partition(".")[0], use.home)
            found = roots.get(key)
            if found is None:
                found = roots[key] = project.resolve(file.path, *key)
            yield Used(use, _steps(found, use.name, project))


def span_of(quoted: Quoted, file: File) -> Span:
    """Where the string stands; the name that is called, where it stands as no word on its own."""
    strings = (literal for literal in file.bodies.literals if literal.value == quoted.text)
    behind = (span for literal in strings for span in literal.spans() if span > quoted.callee)
    return min(behind, default=quoted.callee)


def _steps(root: Meanings, name: str, project: Project) -> tuple[Meanings, ...]:
    steps = [root]
    for part in name.split(".")[1:]:
        found = [project.attribute(meaning, part) for meaning in steps[-1]]
        steps.append(found[0] if len(found) == 1 else tuple(dict.fromkeys(chain.from_iterable(found))))
    return tuple(steps)


def _quoted(use: Use, file: File, project: Project) -> Iterator[Quoted]:
    called = _called(use, file, project)
    if called in _IMPORTERS:
        words = _IMPORTER_WORDS
    elif called in _PATCHERS or use.name in _PATCHING_FIXTURES:
        words = _PATCHER_WORDS
    else:
        return
    for span, arguments in zip(use.spans(), use.arguments):
        given = dict(arguments.literals)
        written = text = next((given[word] for word in words if word in given), "")
        level = len(text) - len(text.lstrip("."))
        if level and called in _IMPORTERS:
            text = _absolute(text, level, given.get("package") or given.get("1", ""))
        if text and not text.startswith("."):
            yield Quoted(span, written, project.symbol(text, file.path))


def _called(use: Use, file: File, project: Project) -> str:
    if use.how != CALL or use.home == LOCAL or (use.home == BUILTIN and use.name != "__import__"):
        return ""
    found = project.resolve(file.path, use.name, use.home)
    return next((meaning.name for meaning in found if not meaning.path), "")


def _may_quote(use: Use) -> bool:
    """Whether a call may be one that imports or patches; a plain name may stand for any of them."""
    name = use.name
    is_called_so = (use.home >= 0 and "." not in name) or name.rpartition(".")[2] in _LAST_WORDS
    return is_called_so and any(word in _WORDS for each in use.arguments for word, _ in each.literals)


def _leads_on(meaning: Meaning) -> bool:
    return meaning.kind in ("module", "external", "class")


def _absolute(text: str, level: int, package: str) -> str:
    """The absolute name of a relative one, as `importlib.util.resolve_name` has it; "" where it has none."""
    parts = package.split(".") if package else []
    if level > len(parts):
        return ""
    return ".".join([*parts[: len(parts) - level + 1], text[level:]]).strip(".")

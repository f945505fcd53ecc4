"""One name of an import statement as `import-form` sees it, and how a statement gets the agreed form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ssot_lint.facts.model import Import
from ssot_lint.file import File
from ssot_lint.finding import REIMPORT, TEXT, Edit, Fix, Span
from ssot_lint.meaning import A_MODULE, Meaning
from ssot_lint.project import Project


class Seen(NamedTuple):
    """One name of an import statement, and what it is about."""

    file: File
    project: Project
    entry: Import
    is_first: bool  # of its statement

    @property
    def written(self) -> str:
        """The module as it is written."""
        return "." * self.entry.level + self.entry.module

    @property
    def origins(self) -> tuple[str, ...]:
        """Every dotted name of the module that a name is imported from, or that is imported itself."""
        (module,) = self.project.imported(self.file.path, self.entry.level, self.entry.module, "")
        return self.project.names(module)

    @property
    def things(self) -> tuple[str, ...]:
        """Every dotted name of what is imported."""
        name = self.entry.name
        return tuple(f"{origin}.{name}" for origin in self.origins) if name else self.origins

    @property
    def is_module(self) -> bool:
        """Whether what is imported is a module of the tree."""
        meanings = self.project.import_meanings(self.file.path, self.entry)
        return any(meaning.kind == A_MODULE for meaning in meanings)


def form_fix(kind: str, concerned: Sequence[Seen], statement: Sequence[Seen]) -> Fix | None:
    """Gives some names of an import statement the agreed form; None where that could change the code.

    `kind` tells what is wrong with the names; `statement` has all names of it.
    """
    if kind == "relative":
        return _anchored(concerned)
    if kind == "redundant-alias":
        return _without_alias(concerned[0], len(statement) == 1)
    if kind == "several":
        return _split(statement)
    return None


def _anchored(concerned: Sequence[Seen]) -> Fix | None:
    """Writes relative imports in full, and others as relative ones."""
    is_relative = bool(concerned[0].entry.level)
    edits = []
    for seen in concerned:
        symbol = _in_full(seen) if is_relative else _from_here(seen)
        if not symbol or seen.entry.name in ("", "*"):
            return None
        edits.append(Edit(REIMPORT, seen.entry.span, f"{symbol}{seen.entry.name}"))
    if is_relative:
        return Fix("Write the import in full", tuple(edits), True)
    return Fix("Write a relative import", tuple(edits), not _may_be_script(concerned[0].file))


def _may_be_script(file: File) -> bool:
    """Whether a file may be run by its path, where relative imports fail."""
    return file.details.main_guard is not None or file.path.endswith("/__main__.py")


def _in_full(seen: Seen) -> str:
    """The module that a name is imported from, by its only name, with a dot behind."""
    (module,) = seen.project.imported(seen.file.path, seen.entry.level, seen.entry.module, "")
    name = _sure_name(seen.project, module)
    return f"{name}." if name else ""


def _from_here(seen: Seen) -> str:
    """The same as it is written from the package of the file, with dots in front."""
    (module,) = seen.project.imported(seen.file.path, 0, seen.entry.module, "")
    target = _sure_name(seen.project, module)
    own = _sure_name(seen.project, Meaning(A_MODULE, seen.file.path, ""))
    if not target or not own:
        return ""
    package = own.split(".")
    if not seen.file.path.endswith(("/__init__.py", "/__init__.pyi")):
        package.pop()
    inside = target.split(".")
    same = next(
        (at for at, (one, other) in enumerate(zip(package, inside)) if one != other),
        min(len(package), len(inside)),
    )
    dots = "." * (len(package) - same + 1)
    return dots + "".join(f"{part}." for part in inside[same:]) if same else ""


def _sure_name(project: Project, module: Meaning) -> str:
    """The dotted name that a module of the tree has when it runs, "" where that is not certain.

    It begins with the topmost folder that is a package.
    """
    if module.kind != A_MODULE or module.path.endswith("/"):
        return ""
    name = project.names(module)[-1]
    stem = module.path.rpartition(".")[0].removesuffix("/__init__")
    top = stem.removesuffix(name.replace(".", "/")) + name.partition(".")[0]
    return name if f"{top}/__init__.py" in project.outlines else ""


def _without_alias(seen: Seen, is_alone: bool) -> Fix | None:
    """Takes `as a` from `a as a`; `import a.b as b` becomes `from a import b`."""
    entry = seen.entry
    package, dot, last = entry.module.rpartition(".")
    if entry.name or not dot:
        edit = Edit(TEXT, entry.span, text=entry.alias)
    elif is_alone and _is_submodule(seen, package, last):
        edit = Edit(TEXT, entry.statement, text=f"from {package} import {last}")
    else:
        return None
    return Fix(f"Import `{entry.alias}` without another name", (edit,), True)


def _is_submodule(seen: Seen, package: str, name: str) -> bool:
    """Whether `from package import name` brings in the module of that name, and nothing else can."""
    found = seen.project.imported(seen.file.path, 0, package, name)
    (module,) = seen.project.imported(seen.file.path, 0, f"{package}.{name}", "")
    return module.kind == A_MODULE and [each[:2] for each in found] == [module[:2]]


def _split(statement: Sequence[Seen]) -> Fix | None:
    """Gives each module an `import` statement of its own."""
    span: Span = statement[0].entry.statement
    if span.column != 1 or span.line != span.end_line:
        return None  # how it is indented, or what stands before it, is not known
    names = (
        f"{seen.entry.module} as {seen.entry.alias}" if seen.entry.alias else seen.entry.module
        for seen in statement
    )
    text = "\n".join(f"import {name}" for name in names)
    return Fix("Import each module by itself", (Edit(TEXT, span, text=text),), True)

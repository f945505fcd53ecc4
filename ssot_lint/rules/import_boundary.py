"""Finds imports that cross a boundary: between layers, parts, public and internal, or code and tests.

*Why is this bad?* A lower layer that imports a higher one cannot be used, tested or changed without it,
and parts that reach into each other are one part. Every such import makes the next one look normal.

*Use instead* what is public, or turn the dependency around: pass the object in, or move what both need
to a module below them.

Each table is one contract, of one of these shapes:

- `layers`, from high to low: each may import those below it. `a | b` on one line must not import each
  other, `a : b` may, and `(a)` may be missing.
- `independent`: none of them may import another.
- `importers` must not import `imported`.
- `modules` are imported through `public` only; without `public` not at all, except by `allow-in`.
- `allowed`: nothing else may be imported.
- `not-from`: production code, under `paths`, must not import test code.

A module stands for all that is below it, except in `public`, where `pkg.api` is that module alone. In
patterns `*` is any part of one name, `**` any number of names, and `{a}` captures one name: captures of the
same name have the same value, those of different names different ones. So no component may import another
with `importers = ["pkg.{a}"]` and `imported = ["pkg.{b}"]`; and with `layers = ["pkg.{a}.api",
"pkg.{a}.models"]` each package has layers of its own.

*Limits* An import counts as one of the module that it names, not of what that re-exports: of `pkg.name` in
`from pkg import name` if that is a module, else of `pkg`. Chains of `transitive` follow import statements
alone, and pass through modules that the contract does not speak of; what is wrong between two of its
modules is reported there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ssot_lint.file import File
from ssot_lint.finding import Problem, Related, Span
from ssot_lint.meaning import A_MODULE, Meaning
from ssot_lint.project import Project
from ssot_lint.references import Quoted, span_of
from ssot_lint.rules._boundary_options import (
    ImportBoundaryOptions,
    contradictions,
    exceptions,
    must_exist,
    named,
    shapes,
)
from ssot_lint.rules._contracts import (
    Allowed,
    Contract,
    EntryPoints,
    Forbidden,
    Independent,
    Layers,
    Module,
    Unreachable,
)
from ssot_lint.rules._graph import Chains, Edge, chains, dependency, follow, import_graph
from ssot_lint.rules._modules import Place
from ssot_lint.rules._rule import Example, Rule
from ssot_lint.rules._symbols import symbols


class _Imported(NamedTuple):
    """A module that a file imports, and where."""

    meaning: Meaning
    span: Span
    statement: Span


def check(file: File, project: Project, options: ImportBoundaryOptions) -> Iterator[Problem]:
    """Yields every import of the file that its contract forbids, directly or by what it leads to."""
    boundary = project.once(("import-boundary", options), lambda: _Boundary(project, options))
    importer = boundary.place_as_importer(Meaning(A_MODULE, file.path, ""))
    if importer is None:
        return
    reported = set()
    for found in _imports(file, project):
        problem = boundary.problem(file.path, importer, found)
        if problem is not None and (found.statement, problem.subject) not in reported:
            reported.add((found.statement, problem.subject))
            yield problem


def _imports(file: File, project: Project) -> Iterator[_Imported]:
    """The modules of the import statements, then those in strings that calls import or patch."""
    for entry in file.details.imports:
        yield _Imported(dependency(project, file.path, entry), entry.span, entry.statement)
    for quoted in file.references.quoted:
        span = span_of(quoted, file)
        for meaning in _named_in(quoted):
            yield _Imported(meaning, span, span)


def _named_in(quoted: Quoted) -> Iterator[Meaning]:
    """The module that a string names, whatever hands it on."""
    for meaning in quoted.meanings:
        path = meaning.via[0] if meaning.via else meaning.path
        yield Meaning(A_MODULE, path, "") if path else meaning


class _Boundary:
    """One contract in one project."""

    def __init__(self, project: Project, options: ImportBoundaryOptions) -> None:
        self._project = project
        self._options = options
        self._contract = _contract(project, options)
        self.place_as_importer = cache(self._place_as_importer)
        self.place_as_imported = cache(self._place_as_imported)
        self._tops = {name.partition(".")[0] for name in named(options)}
        self._ignored = [
            (symbols((importer,)), symbols((imported,))) for importer, imported in exceptions(options.ignore)
        ]
        self._chains: Chains = {}
        if options.transitive:
            graph = import_graph(project)
            self._chains = chains(graph, self.place_as_imported, self._is_free, self._is_cut)

    def _place_as_importer(self, meaning: Meaning) -> Place | None:
        """The place that the contract has for a module that imports."""
        return self._contract.importer(self._module(meaning))

    def _place_as_imported(self, meaning: Meaning) -> Place | None:
        """The place that the contract has for a module that is imported; none where nobody knows its name."""
        module = self._module(meaning)
        is_known = bool(module.names) and module.names[0][:1] not in ("", ".")
        return self._contract.imported(module) if is_known else None

    def problem(self, path: str, importer: Place, found: _Imported) -> Problem | None:
        """What is wrong with an import by the file at a path."""
        first = Edge(Meaning(A_MODULE, path, ""), found.meaning, found.span, is_checking=False)
        place = self.place_as_imported(found.meaning)
        for end in self._chains.get(found.meaning, ()) if place is None else (place,):
            breach = self._breach(first.source, importer, end)
            if breach and not self._is_ignored(first):
                return self._problem([first, *follow(self._chains, found.meaning, end)], breach)
        return None

    def _breach(self, source: Meaning, importer: Place, imported: Place) -> str:
        """What is wrong if a module imports what is at a place; nothing if it is there itself."""
        inside = f"{imported.name}."
        if imported.name and any(f"{name}.".startswith(inside) for name in self._project.names(source)):
            return ""
        return self._contract.breach(importer, imported)

    def _problem(self, chain: Sequence[Edge], breach: str) -> Problem:
        name = self._name(chain[-1].target)
        through = ", ".join(f"`{self._name(edge.source)}`" for edge in chain[1:])
        message = f"`{name}` {breach}; it is reached through {through}" if through else f"`{name}` {breach}"
        related = tuple(
            Related(edge.source.path, edge.span, f"imports `{self._name(edge.target)}`") for edge in chain[1:]
        )
        return Problem(chain[0].span, message, (*shapes(self._options), name), related)

    def _is_free(self, meaning: Meaning) -> bool:
        """Whether the contract does not speak of a module, so that chains go on through it."""
        return self.place_as_importer(meaning) is None and self.place_as_imported(meaning) is None

    def _is_cut(self, edge: Edge) -> bool:
        """Whether no chain goes through an import."""
        return (
            (edge.is_checking and self._options.type_checking == "allow")
            or self._project.matches(self._options.allow_in, edge.source.path)
            or self._is_ignored(edge)
        )

    def _is_ignored(self, edge: Edge) -> bool:
        if not self._ignored:
            return False
        importers, targets = self._project.names(edge.source), self._project.names(edge.target)
        return any(
            any(map(importer.match, importers))
            and any(map(imported.match if edge.target.path else imported.within, targets))
            for importer, imported in self._ignored
        )

    def _module(self, meaning: Meaning) -> Module:
        return Module(meaning.kind, meaning.path, self._project.names(meaning))

    def _name(self, meaning: Meaning) -> str:
        """The name of a module as the contract has it: of several the one that starts like its own."""
        if self._options.not_from and meaning.path:
            return meaning.path
        names = self._project.names(meaning)
        return next((name for name in names if name.partition(".")[0] in self._tops), names[0])


def _contract(project: Project, options: ImportBoundaryOptions) -> Contract:
    """The contract that a table is about."""
    if options.layers:
        return Layers(options.layers)
    if options.independent:
        return Independent(options.independent)
    if options.imported:
        return Forbidden(options.importers, options.imported)
    if options.modules:
        return EntryPoints(options.modules, options.public)
    if options.allowed:
        return Allowed(options.allowed)
    return Unreachable(
        lambda path: not options.paths or project.matches(options.paths, path),
        lambda path: project.matches(options.not_from, path),
    )


_LAYERS = """\
[[import-boundary]]
layers = ["shop.web", "shop.orders | shop.users", "shop.models"]
transitive = true
"""

RULE = Rule(
    id="import-boundary",
    code="SST103",
    options=ImportBoundaryOptions,
    check=check,
    doc=__doc__,
    required=("layers", "independent", "imported", "modules", "allowed", "not-from"),
    symbols=must_exist,
    contradictions=contradictions,
    bad=(
        Example(
            "a layer that imports a higher one, a sibling, and a chain that leads up",
            {
                "ssot-lint.toml": _LAYERS,
                "shop/__init__.py": "",
                "shop/web.py": "import shop.orders\nimport shop.models\n",
                "shop/orders.py": "from shop import web, models  # [import-boundary]\n",
                "shop/users.py": "def f():\n    from .orders import x  # [import-boundary]\n",
                "shop/models.py": "import shop.log  # [import-boundary]\n",
                "shop/log.py": "import shop.web\n",
            },
        ),
    ),
    good=(
        Example(
            "imports that go down",
            {
                "ssot-lint.toml": _LAYERS,
                "shop/__init__.py": "import shop.web\n",
                "shop/web.py": "from shop import orders, models, users\n",
                "shop/orders.py": "import os\nimport shop.models\nfrom shop.orders import x\n",
                "shop/users.py": "import shop.log\n",
                "shop/models.py": "",
                "shop/log.py": "import shop.models\n",
            },
        ),
    ),
)

"""Finds imports of modules and symbols that are forbidden, however they are spelled.

*Why is this bad?* When a module has a replacement, every further import of the old one is work that
the migration has to do again. A ban on one spelling only teaches the others: this rule follows
aliases, relative and star imports, re-exports by other modules, `importlib.import_module`,
`__import__`, access through a parent package and the string targets of `mock.patch`.

*Use instead* what the instance names under `use`.

*Limits* A name whose value is only known when the program runs is not followed.

*Fix* With `drop-in`, the name comes from `use`, and keeps what it is called in the file: the table says that
it fits, so the fix is safe if `use` is in the tree and its module does not lead back to the file. For
`import a.b`, which binds `a`, for star imports, imports in a `try`, strings, and access through a module no
fix is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ssot_lint.facts.model import IN_FALLBACK, IN_IMPORT_GUARD, IN_TRY, INHERIT, Import
from ssot_lint.file import File
from ssot_lint.finding import REIMPORT, Fix, Problem, Span
from ssot_lint.meaning import Meaning
from ssot_lint.project import Project
from ssot_lint.references import Imported, Used, span_of
from ssot_lint.rules._drop_in import DROP_IN, drop_in_contradictions, drop_in_fix, drop_in_symbols
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._symbols import name_within, no_names, symbols
from ssot_lint.rules._uses import is_home


@dataclass(frozen=True, kw_only=True)
class ForbiddenImportOptions(Options):
    """What `[[forbidden-import]]` can be told."""

    targets: tuple[str, ...] = option(
        "modules and symbols, by the dotted name of their home; `*` is any part of a name, `**` any names",
        example='["requests", "os.environ", "legacy.**"]',
    )
    bases: bool = option(
        "whether using the thing as a base class through its module is reported too", default=True
    )
    drop_in: bool = DROP_IN


def check(file: File, project: Project, options: ForbiddenImportOptions) -> Iterator[Problem]:
    """Yields every import of a target, and every use that reaches one through something imported."""
    targets = symbols(options.targets)
    references = file.references
    if not references.has_star and not targets.match_any_beginning(references):
        return
    if not is_home(file, project, options.use):
        yield from _Ban(file, project, options).problems()


class _Ban:
    """The targets of one instance, seen from one file."""

    def __init__(self, file: File, project: Project, options: ForbiddenImportOptions) -> None:
        self.file = file
        self.project = project
        self.options = options
        self.targets = symbols(options.targets)
        self._reported: set[tuple[str, int, str]] = set()  # first name, its home, target

    def problems(self) -> Iterator[Problem]:
        """Every problem of the file."""
        for imported in self.file.references.imports:
            hit = self._hit(imported.meanings)
            if hit is None and imported.entry.name == "*":
                hit = self._hit_by_star(imported.entry)
            if hit is not None:
                yield self._of_import(imported, *hit)
        for used in self.file.references.uses:
            if self.options.bases or used.use.how != INHERIT:
                yield from self._of_use(used)
        for quoted in self.file.references.quoted:
            hit = self._hit(quoted.meanings)
            if hit is not None:
                yield self._problem(span_of(quoted, self.file), *hit)

    def _hit_by_star(self, entry: Import) -> tuple[str, Meaning] | None:
        names = sorted({target.rpartition(".")[2] for target in self.targets.exact})
        return self._hit(self.project.starred(self.file.path, entry, names))

    def _of_import(self, imported: Imported, target: str, meaning: Meaning) -> Problem:
        entry = imported.entry
        if not entry.name and not entry.alias:
            # `import a.b` binds `a`: what is then reached as `a.b` is reported here, once.
            self._reported.add((entry.module.partition(".")[0], entry.home, target))
        return self._problem(entry.span, target, meaning)._replace(fix=self._fix(imported, target, meaning))

    def _fix(self, imported: Imported, target: str, meaning: Meaning) -> Fix | None:
        entry = imported.entry
        binds_other = not entry.name and not entry.alias and "." in entry.module
        is_tried = entry.context & (IN_TRY | IN_FALLBACK | IN_IMPORT_GUARD)
        if binds_other or entry.name == "*" or is_tried or len(imported.meanings) != 1:
            return None
        inside = name_within(self.project.names(meaning), target)[len(target) :]
        return drop_in_fix(self.file, self.project, self.options, REIMPORT, entry.span, inside)

    def _of_use(self, used: Used) -> Iterator[Problem]:
        root, *beyond = used.steps
        if self._hit(root) is not None:
            return  # reported where it is imported
        for step in beyond:
            hit = self._hit(step)
            if hit is not None:
                if (used.use.name.partition(".")[0], used.use.home, hit[0]) not in self._reported:
                    for span in used.use.spans():
                        yield self._problem(span, *hit)
                return

    def _hit(self, meanings: Iterable[Meaning]) -> tuple[str, Meaning] | None:
        """The target that one of the meanings lies within, unless what hands it on is sanctioned."""
        for meaning in meanings:
            for name in self.project.names(meaning):
                target = self.targets.within(name)
                if target:
                    if meaning.path != self.file.path and not self._is_sanctioned(meaning):
                        return target, meaning
                    break
        return None

    def _is_sanctioned(self, meaning: Meaning) -> bool:
        return any(self.project.matches(self.options.allow_in, path) for path in meaning.via)

    def _problem(self, span: Span, target: str, meaning: Meaning) -> Problem:
        through = f", handed on by {meaning.via[-1]}" if meaning.via else ""
        name = name_within(self.project.names(meaning), target)
        inside = "" if name == target else f" (`{name}`)"
        return Problem(span, f"`{target}` is forbidden here{inside}{through}", (target, name))


def _contradictions(options: ForbiddenImportOptions) -> Iterator[Contradiction]:
    yield from no_names(options, "targets")
    yield from drop_in_contradictions(options)


_CONFIG = """\
[[forbidden-import]]
targets = ["requests"]
allow-in = ["app/http.py"]
use = "app.http"
"""

RULE = Rule(
    id="forbidden-import",
    code="SST101",
    options=ForbiddenImportOptions,
    check=check,
    doc=__doc__,
    contradictions=_contradictions,
    required=("targets",),
    symbols=drop_in_symbols,
    forbids=lambda options: options.targets,
    bad=(
        Example(
            "every spelling of one import",
            {
                "ssot-lint.toml": _CONFIG,
                "app/__init__.py": "",
                "app/http.py": "from requests import get\nimport requests\n",
                "app/compat.py": "import requests  # [forbidden-import]\n",
                "app/orders.py": (
                    "import requests.adapters  # [forbidden-import]\n"
                    "from requests import get as fetch  # [forbidden-import]\n"
                    "from .compat import requests as r  # [forbidden-import]\n"
                    "from importlib import import_module\n"
                    'module = import_module("requests")  # [forbidden-import]\n'
                    "def pay():\n"
                    "    from app import compat\n"
                    '    return compat.requests.get("/")  # [forbidden-import]\n'
                ),
            },
        ),
        Example(
            "what has a drop-in",
            {
                "ssot-lint.toml": _CONFIG + "drop-in = true\n",
                "app/__init__.py": "",
                "app/http.py": "from requests import get\n",
                "app/orders.py": (
                    "import requests  # [forbidden-import]\n"
                    "from requests import get as fetch, put  # [forbidden-import]\n"
                    'requests.get("/")\nfetch("/")\nput("/")\n'
                ),
            },
            fixed={
                "app/orders.py": (
                    "import app.http as requests\n"
                    "from app.http import get as fetch\n"
                    "from requests import put  # [forbidden-import]\n"
                    'requests.get("/")\nfetch("/")\nput("/")\n'
                )
            },
        ),
    ),
    good=(
        Example(
            "the accessor, what it hands on, and things of a similar name",
            {
                "ssot-lint.toml": _CONFIG,
                "app/__init__.py": "",
                "app/http.py": "from requests import get\n",
                "app/requests_log.py": "",
                "app/orders.py": (
                    "from app.http import get\n"
                    "from app import requests_log\n"
                    "import requests_mock\n"
                    "def pay(requests):\n"
                    '    return requests.get("import requests")\n'
                ),
            },
        ),
    ),
)

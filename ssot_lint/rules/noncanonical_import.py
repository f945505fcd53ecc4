"""Finds imports of a symbol by any path but its canonical one.

*Why is this bad?* A class that is imported by twelve paths cannot be moved, patched or searched for:
every re-export is one more place that has to be kept, and `mock.patch` on one path misses the others.

*Use instead* the path under `symbols`, or one of those under `also`.

*Fix* imports the name from its home, under the name that it has in the file, or names the symbol itself where
it was reached as an attribute of a module. An import of what is under `moved` is fixed safely, but not in a
`try` that catches ImportError. Other fixes are unsafe there, too, for what runs in a function, when the old
path may be patched, where the home needs the module at the old path, or leads back to the file, and where a
module on the way does not always hand the name on. For star imports, and for a name that may mean several
things, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ssot_lint.facts.model import Import
from ssot_lint.file import File
from ssot_lint.finding import Fix, Problem, Span
from ssot_lint.meaning import A_MODULE, Meaning
from ssot_lint.project import Project
from ssot_lint.references import Imported, Used
from ssot_lint.roots import parent
from ssot_lint.rules._import_fix import as_imported, reimport_fix, replace_fix
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names, symbols


@dataclass(frozen=True, kw_only=True)
class NoncanonicalImportOptions(Options):
    """What `[[noncanonical-import]]` can be told."""

    symbols: tuple[str, ...] = option(
        "symbols, each by its canonical dotted path", example='["shop.money.Money"]'
    )
    also: tuple[str, ...] = option("other import paths that are fine", example='["shop.Money"]')
    moved: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": "import paths that are gone, each with the path to use instead",
            "example": '{ "shop.util.Money" = "shop.money.Money" }',
        },
    )
    hubs: tuple[str, ...] = option(
        "modules that only hand on what others define, each of which has its home elsewhere; "
        "`*` is any part of a name, `**` any names",
        example='["shop", "shop.models"]',
    )


def check(file: File, project: Project, options: NoncanonicalImportOptions) -> Iterator[Problem]:
    """Yields every import of a canonical symbol, or access to one through a module, by another path."""
    homes = project.once(("homes of symbols", options.symbols), lambda: _homes(project, options.symbols))
    references = file.references
    is_told_by_path = bool(options.moved or options.hubs)
    if not is_told_by_path and references.places.isdisjoint(homes):
        return
    if any(file.path == project.module(symbol.rpartition(".")[0], "").path for symbol in options.symbols):
        return  # the home itself may take it from where it is made
    allowed = {*options.symbols, *options.also}
    meant = {meaning for meaning in references.meanings if (meaning.path, meaning.name) in homes}
    reported = set()
    for imported in references.imports:
        entry = imported.entry
        if entry.name != "*" and (is_told_by_path or not meant.isdisjoint(imported.meanings)):
            for problem in _of_import(file, project, options, homes, allowed, imported):
                if not entry.name and not entry.alias:
                    # `import a.b` binds `a`: what is then reached as `a.b` is reported here, once.
                    reported.add((entry.module.partition(".")[0], entry.home, problem.subject))
                yield problem
    for used in references.uses:
        if is_told_by_path or not all(map(meant.isdisjoint, used.steps)):
            for problem in _of_use(file, project, options, homes, allowed, used):
                if (used.use.name.partition(".")[0], used.use.home, problem.subject) not in reported:
                    yield problem


def _homes(project: Project, names: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """The definitions meant, each with its symbol."""
    found = ((meaning, symbol) for symbol in names for meaning in project.symbol(symbol) if meaning.path)
    return {(meaning.path, meaning.name): symbol for meaning, symbol in found}


def _of_import(
    file: File,
    project: Project,
    options: NoncanonicalImportOptions,
    homes: dict[tuple[str, str], str],
    allowed: set[str],
    imported: Imported,
) -> Iterator[Problem]:
    entry = imported.entry
    written = _written(file, project, entry)
    for path in written:
        new = _moved(path, options.moved)
        if new:
            yield _problem(entry.span, path, new, reimport_fix(file, project, entry, new, is_gone=True))
            return
    for meaning in imported.meanings:
        symbol = homes.get((meaning.path, meaning.name)) or _beyond_hub(
            project, options, meaning.via[:1], meaning
        )
        if symbol and meaning.path != file.path and allowed.isdisjoint(written):
            fix = None
            if len(imported.meanings) == 1:
                new = _fit(file, project, options, symbol)
                fix = reimport_fix(file, project, entry, new, is_gone=False)
            yield _problem(entry.span, written[-1], symbol, fix)
            return


def _beyond_hub(
    project: Project, options: NoncanonicalImportOptions, asked: Iterable[str], meaning: Meaning
) -> str:
    """The home of what one of the modules asked hands on as a hub; "" where its home is not in the tree."""
    if not options.hubs or not meaning.path or meaning.kind == A_MODULE:
        return ""
    is_hub = symbols(options.hubs).match
    hubs = (path for path in asked if path != meaning.path and any(map(is_hub, project.modules.names(path))))
    return project.names(meaning)[-1] if any(hubs) else ""


def _moved(written: str, moved: Mapping[str, str]) -> str:
    """Where that is which was at a path, or below a path, that is gone; "" where it is none of those."""
    end = len(written)
    while end > 0:
        if written[:end] in moved:
            return moved[written[:end]] + written[end:]
        end = written.rfind(".", 0, end)
    return ""


def _written(file: File, project: Project, entry: Import) -> list[str]:
    """The absolute dotted paths that an import statement names."""
    if not entry.level:
        return [f"{entry.module}.{entry.name}" if entry.name else entry.module]
    folder = parent(file.path)
    for _ in range(entry.level - 1):
        folder = parent(folder)
    packages = project.modules.names(f"{folder}/")
    return [".".join(filter(None, (package, entry.module, entry.name))) for package in packages]


def _of_use(
    file: File,
    project: Project,
    options: NoncanonicalImportOptions,
    homes: dict[tuple[str, str], str],
    allowed: set[str],
    used: Used,
) -> Iterator[Problem]:
    parts = used.use.name.split(".")
    for index, (before, after, part) in enumerate(zip(used.steps, used.steps[1:], parts[1:]), 2):
        rest = "".join(f".{each}" for each in parts[index:])
        if options.moved:
            paths = [f"{name}.{part}" for above in before for name in project.names(above)]
            gone = next((path for path in paths if path in options.moved), "")
            if gone:
                new = options.moved[gone]
                for span in used.use.spans():
                    fix = replace_fix(file, project, used.use, span, new, rest)
                    yield _problem(span, gone, new, fix)
                return
        for meaning in after:
            asked = [above.path for above in before if above.kind == A_MODULE]
            symbol = homes.get((meaning.path, meaning.name)) or _beyond_hub(project, options, asked, meaning)
            if not symbol or meaning.path == file.path:
                continue
            modules = [name for above in before if above.kind == A_MODULE for name in project.names(above)]
            written = [f"{name}.{part}" for name in modules]
            if written and allowed.isdisjoint(written):
                new = _fit(file, project, options, symbol)
                for span in used.use.spans():
                    is_sure = len(after) == 1
                    fix = replace_fix(file, project, used.use, span, new, rest) if is_sure else None
                    yield _problem(span, written[-1], symbol, fix)
            return


def _fit(file: File, project: Project, options: NoncanonicalImportOptions, symbol: str) -> str:
    """The name by which a file is to import a symbol: as configured, or as it imports others."""
    return symbol if symbol in options.symbols else as_imported(file, project, symbol)


def _problem(span: Span, written: str, symbol: str, fix: Fix | None) -> Problem:
    name = symbol.rpartition(".")[2]
    message = f"`{name}` is taken from `{written}`, its home is `{symbol}`"
    return Problem(span, message, (symbol, written), fix=fix)


_CONFIG = """\
[[noncanonical-import]]
symbols = ["shop.money.Money"]
also = ["shop.Money"]
moved = { "shop.util.Cash" = "shop.money.Money" }
"""

_SHOP = {
    "ssot-lint.toml": _CONFIG,
    "shop/__init__.py": "from shop.money import Money\n",
    "shop/money.py": "class Money:\n    pass\n",
    "shop/util.py": "from shop.money import Money\n",
}

RULE = Rule(
    id="noncanonical-import",
    code="SST102",
    options=NoncanonicalImportOptions,
    check=check,
    doc=__doc__,
    contradictions=lambda options: no_names(options, "symbols", "also", "hubs"),
    required=("symbols", "moved", "hubs"),
    symbols=lambda options: (*options.symbols, *options.also),
    bad=(
        Example(
            "a re-export, an alias of it, and a path that is gone",
            {
                **_SHOP,
                "bill.py": (
                    "from shop.util import Money  # [noncanonical-import]\n"
                    "from shop import util\n"
                    "from shop.util import Cash  # [noncanonical-import]\n"
                    "price = util.Money()  # [noncanonical-import]\n"
                ),
            },
            {
                "bill.py": (
                    "from shop.money import Money  # [noncanonical-import]\n"
                    "from shop.money import Money as Cash  # [noncanonical-import]\n"
                    "price = Money()  # [noncanonical-import]\n"
                ),
            },
        ),
        Example(
            "whatever comes through a hub",
            {
                "ssot-lint.toml": '[[noncanonical-import]]\nhubs = ["shop.models"]\n',
                "shop/models/__init__.py": "from .order import Order\nfrom .item import *\n",
                "shop/models/order.py": "class Order:\n    pass\n",
                "shop/models/item.py": "class Item:\n    pass\n",
                "bill.py": (
                    "from shop.models import Order, Item as I  # [noncanonical-import]\n"
                    "from shop import models\n"
                    "order = models.Order()  # [noncanonical-import]\n"
                    "def pay():\n"
                    "    import shop.models as m\n"
                    "    return m.order.Order, m.Item  # [noncanonical-import]\n"
                ),
            },
            {
                "bill.py": (
                    "from shop.models.order import Order\n"
                    "from shop.models.item import Item as I  # [noncanonical-import]\n"
                    "order = Order()  # [noncanonical-import]\n"
                    "def pay():\n"
                    "    import shop.models as m\n"
                    "    return m.order.Order, I  # [noncanonical-import]\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "what a hub defines itself, its modules, and what it takes from outside of the tree",
            {
                "ssot-lint.toml": (
                    '[[noncanonical-import]]\nhubs = ["shop.models"]\nalso = ["shop.models.Order"]\n'
                ),
                "shop/models/__init__.py": (
                    "import os\nfrom . import order\nfrom .order import Order\nclass Cart(Order):\n    pass\n"
                ),
                "shop/models/order.py": "class Order:\n    pass\n",
                "bill.py": (
                    "from shop.models import Cart, Gone, Order, order, os\n"
                    "from shop.models.order import Order as O\n"
                    "print(os.path, order.Order)\n"
                ),
            },
        ),
        Example(
            "the home, the path that is fine too, and another class of the same name",
            {
                **_SHOP,
                "game.py": "class Money:\n    pass\n",
                "bill.py": (
                    "from shop.money import Money\n"
                    "from shop import Money as M\n"
                    "import shop.money\n"
                    "x = shop.money.Money\n"
                ),
                "play.py": "from game import Money\n",
            },
        ),
    ),
)

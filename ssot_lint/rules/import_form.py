"""Finds import statements that are not of the agreed form, such as relative, nested or renamed ones.

*Why is this bad?* A thing that is imported in one form can be found, moved and patched by one search. With
many forms every reader, codemod and review has to know them all.

*Use instead* the form that the table asks for.

*Limits* Outside the tree nobody can tell which names are modules: there `modules-only` looks at the modules
that it names without `*`, and takes no name of theirs for a module.

*Fix* writes relative imports between modules of the tree in full, and others as relative ones, takes `as a`
from `a as a`, and splits `import a, b` at the left margin. That is safe, but for relative imports in a file
with a `__main__` guard. Where packages lack `__init__`, for star and nested imports, and where a name of the
file would be another one, no fix is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import groupby

from ssot_lint.facts.model import IN_CLASS, IN_FUNCTION, IN_IMPORT_GUARD, IN_TYPE_CHECKING
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.meaning import A_CLASS, A_FUNCTION, A_MODULE, A_VALUE, EXTERNAL
from ssot_lint.project import Project
from ssot_lint.rules._form_fix import Seen, form_fix
from ssot_lint.rules._form_options import ImportFormOptions, contradictions, parse_form
from ssot_lint.rules._graph import dependency
from ssot_lint.rules._rule import Example, Rule
from ssot_lint.rules._symbols import symbols


def check(file: File, project: Project, options: ImportFormOptions) -> Iterator[Problem]:
    """Yields every import statement of the file that is not of the agreed form."""
    wanted = [(kind, judge) for kind, is_wanted, judge in _forms(options) if is_wanted]
    for span, entries in groupby(file.details.imports, lambda entry: entry.statement):
        statement = [Seen(file, project, entry, not index) for index, entry in enumerate(entries)]
        for kind, judge in wanted:
            by_text: dict[str, list[Seen]] = {}
            for seen in statement:
                by_text.setdefault(judge(seen, options), []).append(seen)
            by_text.pop("", None)
            for text, concerned in by_text.items():
                first = concerned[0]
                fix = form_fix(kind, concerned, statement)
                # by its own name: what else is wrong with a statement stays the same in another form of it
                module = (first.written, *first.origins)[-1]
                if kind in _OF_STATEMENTS:
                    yield Problem(span, text, (kind, module, ""), fix=fix)
                else:
                    yield Problem(first.entry.span, text, (kind, module, first.entry.name), fix=fix)


_OF_STATEMENTS = ("relative", "nested")
"""What is wrong with a whole statement, whichever names it has."""

_Judge = Callable[[Seen, ImportFormOptions], str]
"""Says what is wrong with an import; "" if nothing is."""


def _forms(options: ImportFormOptions) -> Iterator[tuple[str, bool, _Judge]]:
    yield "relative", options.relative != "allow", _of_relative
    yield "star", options.no_star, _of_star
    yield "nested", options.no_nested, _of_nested
    yield "redundant-alias", options.no_redundant_alias, _of_redundant_alias
    yield "several", options.one_per_statement, _of_several
    yield "alias", bool(options.aliases), _of_alias
    yield "banned-alias", bool(options.banned_aliases), _of_banned_alias
    yield "names", bool(options.modules_only), _of_names
    yield "form", bool(options.forms), _of_form


def _of_relative(seen: Seen, options: ImportFormOptions) -> str:
    level = seen.entry.level
    if options.relative == "inside":
        return _of_package(seen, options)
    if options.relative == "siblings":
        return f"the relative import from `{seen.written}` leaves its folder" if level > 1 else ""
    return f"the import from `{seen.written}` is relative" if level else ""


def _of_package(seen: Seen, options: ImportFormOptions) -> str:
    packages = symbols(options.packages)
    own = next(filter(None, map(packages.within, seen.project.modules.names(seen.file.path))), "")
    module = dependency(seen.project, seen.file.path, seen.entry)
    if not own or module.kind != A_MODULE or module.path == seen.file.path:
        return ""
    stays = own in map(packages.within, seen.project.names(module))
    if seen.entry.level and not stays:
        return f"the relative import from `{seen.written}` leaves `{own}`"
    if stays and not seen.entry.level:
        return f"the import from `{seen.written}` stays inside `{own}` and is not relative"
    return ""


def _of_star(seen: Seen, _options: ImportFormOptions) -> str:
    return f"star import from `{seen.written}`" if seen.entry.name == "*" else ""


def _of_nested(seen: Seen, options: ImportFormOptions) -> str:
    context = seen.entry.context
    allowed = symbols(options.nested_allowed)
    if (
        not context & (IN_FUNCTION | IN_CLASS)
        or context & (IN_TYPE_CHECKING | IN_IMPORT_GUARD)
        or any(map(allowed.within, seen.things))
    ):
        return ""
    place = "function" if context & IN_FUNCTION else "class"
    return f"the import of `{seen.written}` is inside a {place}"


def _of_redundant_alias(seen: Seen, _options: ImportFormOptions) -> str:
    module, name, alias = seen.entry.module, seen.entry.name, seen.entry.alias
    file_name = seen.file.path.rpartition("/")[2]
    if not alias or alias != (name or module.rpartition(".")[2]):
        return ""
    if file_name == "__init__.py" or file_name.endswith(".pyi"):
        return ""
    package = module.rpartition(".")[0]
    better = f"; write `from {package} import {alias}`" if package and not name else ""
    return f"`{alias}` is renamed to itself{better}"


def _of_several(seen: Seen, _options: ImportFormOptions) -> str:
    is_further = not seen.entry.name and not seen.is_first
    return "several modules in one `import` statement" if is_further else ""


def _of_alias(seen: Seen, options: ImportFormOptions) -> str:
    name, alias = seen.entry.name, seen.entry.alias
    bound = alias or name or seen.entry.module
    for thing in seen.things:
        wanted = options.aliases.get(thing, bound)
        if wanted != bound:
            return f"`{thing}` must be imported as `{wanted}`"
    return ""


def _of_banned_alias(seen: Seen, options: ImportFormOptions) -> str:
    alias = seen.entry.alias
    for thing in seen.things if alias else ():
        if alias in (thing.rpartition(".")[2], options.aliases.get(thing)):
            return ""  # it keeps its name, or has the one that it must have
        for pattern, banned in options.banned_aliases.items():
            if symbols((pattern,)).match(thing) and any(fnmatchcase(alias, each) for each in banned):
                return f"`{thing}` must not be imported as `{alias}`"
    return ""


def _of_names(seen: Seen, options: ImportFormOptions) -> str:
    """What is wrong with an import of a name that is no module."""
    modules = symbols(options.modules_only)
    origin = next(filter(modules.match, seen.origins), "")
    if not seen.entry.name or seen.entry.name == "*" or not origin:
        return ""
    kinds = {meaning.kind for meaning in seen.project.import_meanings(seen.file.path, seen.entry)}
    is_known = kinds <= {A_CLASS, A_FUNCTION, A_VALUE} or (kinds == {EXTERNAL} and origin in modules.exact)
    return f"`{seen.entry.name}` is no module; import `{origin}` itself" if kinds and is_known else ""


def _of_form(seen: Seen, options: ImportFormOptions) -> str:
    name, alias = seen.entry.name, seen.entry.alias
    for form in filter(None, map(parse_form, options.forms)):
        thing = symbols((form.thing,))
        if any(map(thing.match, seen.things)):
            is_right = (bool(name), alias) == (form.is_from, form.alias)
        else:
            is_right = not (name and any(map(thing.match, seen.origins)) and not seen.is_module)
        if not is_right:
            return f"the only form of this import is `{form.text}`"
    return ""


_CONFIG = """\
[[import-form]]
relative = "inside"
packages = ["shop.components.*"]
no-star = true
no-nested = true
nested-allowed = ["matplotlib"]
no-redundant-alias = true
one-per-statement = true
aliases = { numpy = "np" }
banned-aliases = { datetime = ["*"] }
modules-only = ["shop.money"]
forms = ["from shop.helpers import registry as r"]
"""

_SHOP = {
    "ssot-lint.toml": _CONFIG,
    "shop/__init__.py": "from shop.money import pounds as pounds\n",
    "shop/money/__init__.py": "LIMIT = 1\n",
    "shop/money/pounds.py": "",
    "shop/helpers/__init__.py": "",
    "shop/helpers/registry.py": "def get():\n    pass\n",
    "shop/components/__init__.py": "",
    "shop/components/lamp/__init__.py": "",
    "shop/components/lamp/const.py": "",
    "shop/components/door/__init__.py": "",
}

RULE = Rule(
    id="import-form",
    code="SST104",
    options=ImportFormOptions,
    check=check,
    doc=__doc__,
    contradictions=contradictions,
    bad=(
        Example(
            "every form that is not agreed",
            {
                **_SHOP,
                "shop/components/lamp/light.py": (
                    "from shop.components.lamp.const import ON  # [import-form]\n"
                    "from ..door import is_open  # [import-form]\n"
                    "from os.path import *  # [import-form]\n"
                    "import os, sys  # [import-form]\n"
                    "import os.path as path  # [import-form]\n"
                    "import numpy  # [import-form]\n"
                    "import datetime as dt  # [import-form]\n"
                    "from shop.money import LIMIT  # [import-form]\n"
                    "from shop.helpers.registry import get  # [import-form]\n"
                    "def f():\n    import json  # [import-form]\n"
                ),
            },
            fixed={
                "shop/components/lamp/light.py": (
                    "from .const import ON\n"
                    "from shop.components.door import is_open\n"
                    "from os.path import *  # [import-form]\n"
                    "import os\n"
                    "import sys\n"
                    "import os.path as path  # [import-form]\n"
                    "import numpy  # [import-form]\n"
                    "import datetime as dt  # [import-form]\n"
                    "from shop.money import LIMIT  # [import-form]\n"
                    "from shop.helpers.registry import get  # [import-form]\n"
                    "def f():\n    import json  # [import-form]\n"
                )
            },
        ),
        Example(
            "a name that is renamed to itself",
            {
                **_SHOP,
                "shop/components/lamp/light.py": (
                    "import json as json  # [import-form]\n"
                    "import shop.components.door as door  # [import-form]\n"
                    "from shop.money import (\n"
                    "    pounds as pounds,  # [import-form]\n"
                    ")\n"
                ),
            },
            fixed={
                "shop/components/lamp/light.py": (
                    "import json\n"
                    "from shop.components import door\n"
                    "from shop.money import (\n"
                    "    pounds,\n"
                    ")\n"
                )
            },
        ),
    ),
    good=(
        Example(
            "the agreed forms",
            {
                **_SHOP,
                "shop/components/lamp/light.py": (
                    "from typing import TYPE_CHECKING\n"
                    "from .const import ON\n"
                    "from shop.components.door import is_open\n"
                    "from os import path\n"
                    "import numpy as np\n"
                    "import numpy.linalg\n"
                    "import datetime\n"
                    "from shop.money import pounds\n"
                    "from shop.helpers import registry as r\n"
                    "def f():\n"
                    "    import matplotlib.pyplot\n"
                    "    if TYPE_CHECKING:\n        import json\n"
                    "    try:\n        import fast\n"
                    "    except ImportError:\n        import slow\n"
                ),
            },
        ),
    ),
)

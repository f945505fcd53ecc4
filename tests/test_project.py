"""What names mean: modules, re-exports, aliases, stars, cycles and ancestors across files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

import pytest

from ssot_lint.facts.extract import extract
from ssot_lint.file import InMemory
from ssot_lint.meaning import A_CLASS, EXTERNAL, Meaning
from ssot_lint.project import Project

Place = tuple[str, str, str]
"""Kind, path and name of a meaning."""


def project(files: dict[str, str], roots: Sequence[str] = ()) -> Project:
    facts = {path: extract(text.encode()) for path, text in files.items()}
    return Project({path: found.outline for path, found in facts.items()}, InMemory(facts), roots)


def places(meanings: Iterable[Meaning]) -> set[str]:
    """Meanings as `kind path name`, what is empty left out."""
    return {" ".join(filter(None, meaning[:3])) for meaning in meanings}


def imported(files: dict[str, str], path: str = "main.py", roots: Sequence[str] = ()) -> set[str]:
    """What the last name imported in a file means."""
    tree = project(files, roots)
    entry = tree.file(path).details.imports[-1]
    return places(tree.import_meanings(path, entry))


def ancestors(files: dict[str, str], symbol: str) -> tuple[set[str], bool]:
    tree = project(files)
    (meaning,) = tree.symbol(symbol)
    assert meaning.kind == A_CLASS
    found = tree.ancestry(meaning.path, meaning.name)
    return places(found.meanings), found.is_known


def modules(text: str) -> dict[str, str]:
    """Empty files at the paths given."""
    return dict.fromkeys(text.split(), "")


CLASS = "class X: ...\n"

MODULES = [
    pytest.param("a/b.py a/__init__.py", "main.py", "a.b", "module a/b.py", id="flat"),
    pytest.param("a.py", "main.py", "a", "module a.py", id="flat module"),
    pytest.param("src/a/__init__.py src/a/b.py", "tests/t.py", "a.b", "module src/a/b.py", id="src"),
    pytest.param("src/a.py", "tests/t.py", "a", "module src/a.py", id="module in src"),
    pytest.param("src/a/b/c.py", "src/a/x.py", "a.b.c", "module src/a/b/c.py", id="namespace in src"),
    pytest.param("a/b/c.py", "main.py", "a.b.c", "module a/b/c.py", id="namespace"),
    pytest.param("a/b/c.py", "main.py", "a.b", "module a/b/", id="namespace folder"),
    pytest.param(
        "a/b/c.py", "main.py", "a.gone", "external a.gone", id="a namespace may be spread over packages"
    ),
    pytest.param("a/__init__.py", "main.py", "a.gone", "missing a.gone", id="a package is whole"),
    pytest.param(
        "a/__init__.py a/b/c.py", "main.py", "a.b.gone", "missing a.b.gone", id="namespace in a package"
    ),
    pytest.param("a.py", "main.py", "a.b", "missing a.b", id="a module has no modules"),
    pytest.param(
        "s/a/app/__init__.py s/b/app/__init__.py", "s/a/x.py", "app", "module s/a/app/__init__.py", id="own"
    ),
    pytest.param(
        "s/a/app/__init__.py s/b/app/__init__.py", "s/b/x.py", "app", "module s/b/app/__init__.py", id="own 2"
    ),
    pytest.param(
        "s/a/app/__init__.py s/b/y.py", "s/b/x.py", "app", "module s/a/app/__init__.py", id="another service"
    ),
    pytest.param(
        "t/conftest.py t/help.py t/u/x.py", "t/u/x.py", "help", "module t/help.py", id="conftest folder"
    ),
    pytest.param("t/help.py", "t/x.py", "help", "module t/help.py", id="neighbour of a script"),
    pytest.param(
        "t/__init__.py t/redis.py", "t/x.py", "redis", "external redis", id="neighbour in a package"
    ),
    pytest.param("t/help.py", "u/x.py", "help", "external help", id="no neighbour"),
    pytest.param(
        "t/__init__.py t/conftest.py t/help.py",
        "t/u/x.py",
        "help",
        "external help",
        id="conftest in a package",
    ),
    pytest.param(
        "p/setup.py p/lib/__init__.py", "q/x.py", "lib", "module p/lib/__init__.py", id="setup folder"
    ),
    pytest.param("a.py a/__init__.py", "main.py", "a", "module a/__init__.py", id="package before module"),
    pytest.param("a.py a/b.py", "main.py", "a", "module a.py", id="module before namespace"),
    pytest.param("a.py a.pyi", "main.py", "a", "module a.py", id="module before its stub"),
    pytest.param("a.pyi", "main.py", "a", "module a.pyi", id="stub alone"),
    pytest.param("a/__init__.pyi a/b.pyi", "main.py", "a.b", "module a/b.pyi", id="package of stubs"),
    pytest.param("json.py", "main.py", "json", "module json.py", id="library shadowed at the top"),
    pytest.param("t/json.py", "t/x.py", "json", "external json", id="library not shadowed by a neighbour"),
    pytest.param(
        "t/json.py", "x.py", "json.decoder", "external json.decoder", id="library not shadowed from afar"
    ),
    pytest.param("a.py", "main.py", "numpy.random", "external numpy.random", id="external"),
    pytest.param(
        "src/app/x.py app/y.py", "main.py", "app.x", "module src/app/x.py", id="namespace of two roots"
    ),
    pytest.param("Ä/ß.py", "main.py", "Ä.ß", "module Ä/ß.py", id="names that are not ASCII"),
]


@pytest.mark.parametrize(("paths", "importer", "name", "meaning"), MODULES)
def test_import_of_a_module(paths: str, importer: str, name: str, meaning: str) -> None:
    files = {**modules(paths), importer: f"import {name} as x\n"}
    assert imported(files, importer) == {meaning}


NAMESPACE = modules("core/src/n/a.py task/src/n/sdk/__init__.py main.py")
SPREAD = {
    "from": ("from n import sdk", "module task/src/n/sdk/__init__.py"),
    "alias": ("from n import sdk as s", "module task/src/n/sdk/__init__.py"),
    "the part beside": ("from n import a", "module core/src/n/a.py"),
    "neither": ("from n import gone", "external n.gone"),
}


@pytest.mark.parametrize(("statement", "meaning"), SPREAD.values(), ids=SPREAD.keys())
def test_namespace_package_below_two_roots(statement: str, meaning: str) -> None:
    files = {**NAMESPACE, "core/src/n/b.py": statement}
    assert imported(files, "core/src/n/b.py", roots=["core/src", "task/src"]) == {meaning}


def test_attribute_of_a_namespace_package_below_two_roots() -> None:
    files = {**NAMESPACE, "core/src/n/b.py": "import n.a\nimport n.sdk\nn.sdk.x\nn.a.y\n"}
    tree = project(files, roots=["core/src", "task/src"])
    used = {used.use.name: places(used.steps[1]) for used in tree.file("core/src/n/b.py").references.uses}
    assert used == {"n.sdk.x": {"module task/src/n/sdk/__init__.py"}, "n.a.y": {"module core/src/n/a.py"}}


def test_configured_roots_replace_detected_ones() -> None:
    files = {**modules("src/a.py lib/python/b.py"), "main.py": "import b\n"}
    assert imported(files) == {"external b"}
    assert imported(files, roots=["lib/python"]) == {"module lib/python/b.py"}
    assert imported({**files, "main.py": "import a\n"}, roots=["lib/python"]) == {"external a"}


RELATIVE = [
    pytest.param("a/b.py", "from .c import X", "class a/c.py X", id="sibling"),
    pytest.param("a/b.py", "from . import c", "module a/c.py", id="sibling module"),
    pytest.param("a/__init__.py", "from .c import X", "class a/c.py X", id="in an __init__"),
    pytest.param("a/__init__.py", "from . import c", "module a/c.py", id="module in an __init__"),
    pytest.param("a/s/b.py", "from ..c import X", "class a/c.py X", id="two up"),
    pytest.param("a/s/b.py", "from .. import c", "module a/c.py", id="module two up"),
    pytest.param("a/s/t/b.py", "from ...c import X", "class a/c.py X", id="three up"),
    pytest.param("a/s/b.py", "from ..s.d import X", "class a/s/d.py X", id="up and down"),
    pytest.param("a/s/__init__.py", "from ..c import X", "class a/c.py X", id="up from an __init__"),
    pytest.param("a/b.py", "from .gone import X", "missing .gone.X", id="missing module"),
    pytest.param("a/b.py", "from . import gone", "missing a/__init__.py gone", id="missing name"),
    pytest.param("a/b.py", "from .c import gone", "missing a/c.py gone", id="missing name of a module"),
    pytest.param("a/b.py", "from ....c import X", "unknown ....c.X", id="beyond the top"),
    pytest.param("n/b.py", "from .c import X", "class n/c.py X", id="in a namespace folder"),
    pytest.param("n/b.py", "from . import c", "module n/c.py", id="module in a namespace folder"),
    pytest.param("n/b.py", "from . import gone", "missing .gone", id="missing in a namespace folder"),
]


@pytest.mark.parametrize(("path", "statement", "meaning"), RELATIVE)
def test_relative_import(path: str, statement: str, meaning: str) -> None:
    files = {
        **modules("a/__init__.py a/s/__init__.py a/s/t/__init__.py"),
        **dict.fromkeys(("a/c.py", "a/s/d.py", "n/c.py"), CLASS),
        path: statement,
    }
    assert imported(files, path) == {meaning}


NAMES = {
    "class": ("class m.py X", CLASS),
    "function": ("function m.py X", "def X(): ...\n"),
    "async function": ("function m.py X", "async def X(): ...\n"),
    "value": ("value m.py X", "X = 1\n"),
    "value, annotated": ("value m.py X", "X: int = 1\n"),
    "declared only": ("value m.py X", "X: int\n"),
    "value of a tuple": ("value m.py X", "X, Y = 1, 2\n"),
    "value of a loop": ("value m.py X", "for X in (): ...\n"),
    "value of a walrus": ("value m.py X", "print(X := 1)\n"),
    "value of with": ("value m.py X", "with f() as X: ...\n"),
    "value of except": ("value m.py X", "try: ...\nexcept OSError as X: ...\n"),
    "value of match": ("value m.py X", "match 1:\n case X: ...\n"),
    "global of a function": ("value m.py X", "def f():\n global X\n X = 1\n"),
    "class, global of a function": ("class m.py f.X", "def f():\n global X\n class X: ...\n"),
    "import, global of a function": ("external json", "def f():\n global X\n import json as X\n"),
    "variable of a function": ("missing m.py X", "def f():\n X = 1\n"),
    "variable of a class": ("missing m.py X", "class A:\n X = 1\n"),
    "variable of a comprehension": ("missing m.py X", "[X for X in ()]\n"),
    "alias": ("class m.py Y", "class Y: ...\nX = Y\n"),
    "alias, annotated": ("class m.py Y", "class Y: ...\nX: type = Y\n"),
    "alias of an alias": ("class m.py Y", "class Y: ...\nZ = Y\nX = Z\n"),
    "double alias": ("class m.py Y", "class Y: ...\nZ = X = Y\n"),
    "alias of a nested class": ("class m.py Y.Z", "class Y:\n class Z: ...\nX = Y.Z\n"),
    "alias of an attribute": ("value m.py Y.z", "class Y:\n z = 1\nX = Y.z\n"),
    "alias of an external thing": ("external json.loads", "import json\nX = json.loads\n"),
    "alias of a builtin": ("external builtins.dict", "X = dict\n"),
    "alias of something undefined": ("unknown gone", "X = gone\n"),
    "alias of a variable": ("value m.py X", "Y = f()\nX = Y\n"),
    "alias of a parameter": ("missing m.py X", "def f(Y):\n X = Y\n"),
    "alias of a module": ("module n.py", "import n\nX = n\n"),
    "alias of a thing in a module": ("class n.py N", "import n\nX = n.N\n"),
    "alias of itself": ("value m.py X", "X = X\n"),
    "call": ("value m.py X", "X = dict()\n"),
    "import": ("external json", "import json as X\n"),
    "from": ("external json.X", "from json import X\n"),
    "from a module": ("class n.py N", "from n import N as X\n"),
    "from a module that lacks it": ("missing n.py gone", "from n import gone as X\n"),
    "from a missing module of a package": ("missing p.gone.X", "from p.gone import X\n"),
    "from an unparsable module": ("unknown broken.py X", "from broken import X\n"),
    "star of an unparsable module": ("unknown broken.py X", "from broken import *\n"),
    "from something of an unparsable module": ("unknown broken.py a.X", "from broken import a\nX = a.X\n"),
    "star": ("class n.py X", "from s import *\n"),
    "star of an external module": ("external json.X", "from json import *\n"),
    "star of two external modules": ("missing m.py X", "from json import *\nfrom re import *\n"),
    "star of a missing module": ("missing m.py X", "from p.gone import *\n"),
    "module attribute": ("value m.py X", "import n\nX = n.N()\n"),
    "__getattr__": ("unknown m.py X", "def __getattr__(name): ...\n"),
    "del": ("value m.py X", "X = 1\ndel X\n"),
    "nothing": ("missing m.py X", ""),
}


@pytest.mark.parametrize(("meaning", "text"), NAMES.values(), ids=NAMES.keys())
def test_name_of_a_module(meaning: str, text: str) -> None:
    files = {
        "m.py": text,
        "n.py": "class N: ...\nclass X: ...\n",
        "s.py": "from n import *\n",
        "broken.py": "class X(:\n",
        "p/__init__.py": "",
        "main.py": "from m import X\n",
    }
    assert imported(files) == {meaning}


ALTERNATIVES = {
    "try": (
        {"external fast.X", "external slow.X"},
        "try:\n from fast import X\nexcept ImportError:\n from slow import X\n",
    ),
    "try, else a class": (
        {"external fast.X", "class m.py X"},
        "try:\n from fast import X\nexcept ImportError:\n class X: ...\n",
    ),
    "if": ({"class m.py X", "external slow.X"}, "if a:\n class X: ...\nelse:\n from slow import X\n"),
    "TYPE_CHECKING with else": (
        {"external typed.X", "external real.X"},
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n from typed import X\nelse:\n from real import X\n",
    ),
    "alias in one branch": (
        {"class m.py Y", "external a.X"},
        "class Y: ...\ntry:\n from a import X\nexcept ImportError:\n X = Y\n",
    ),
    "two stars, of which one always runs": ({"class two.py X"}, "from one import *\nfrom two import *\n"),
    "two stars in branches": (
        {"class one.py X", "class two.py X"},
        "try:\n from one import *\nexcept ImportError:\n from two import *\n",
    ),
    "a star that lacks it after one that has it": (
        {"class one.py X"},
        "from one import *\nfrom empty import *\n",
    ),
    "one thing by two ways": (
        {"class one.py X"},
        "try:\n from one import X\nexcept ImportError:\n from again import X\n",
    ),
    "defined twice": ({"class m.py X"}, "class X: ...\nclass X: ...\n"),
}


@pytest.mark.parametrize(("meanings", "text"), ALTERNATIVES.values(), ids=ALTERNATIVES.keys())
def test_alternatives(meanings: set[str], text: str) -> None:
    files = {
        **dict.fromkeys(("one.py", "two.py"), CLASS),
        "again.py": "from one import X\n",
        "empty.py": "",
        "m.py": text,
        "main.py": "from m import X\n",
    }
    assert imported(files) == meanings


def test_alias_of_a_variable_in_the_second_branch() -> None:
    text = "Y = f()\ntry:\n    from a import X\nexcept ImportError:\n    X = Y\n"
    assert imported({"m.py": text, "main.py": "from m import X\n"}) == {"external a.X", "value m.py X"}


EXPORTS = {
    "no __all__": ("X", "class X: ...\n", "class m.py X"),
    "no __all__, private": ("_X", "class _X: ...\n", "missing s.py _X"),
    "no __all__, imported": ("X", "from json import X\n", "external json.X"),
    "__all__ with it": ("X", "__all__ = ['X']\nclass X: ...\n", "class m.py X"),
    "__all__ with it, private": ("_X", "__all__ = ('_X',)\nclass _X: ...\n", "class m.py _X"),
    "__all__ without it": ("X", "__all__ = ['Y']\nclass X: ...\n", "missing s.py X"),
    "__all__ that is empty": ("X", "__all__ = []\nclass X: ...\n", "missing s.py X"),
    "__all__ added to": ("X", "__all__ = ['Y']\n__all__ += ['X']\nclass X: ...\n", "class m.py X"),
    "__all__ extended": ("X", "__all__ = ['Y']\n__all__.extend(['X'])\nclass X: ...\n", "class m.py X"),
    "__all__ appended to": ("X", "__all__ = ['Y']\n__all__.append('X')\nclass X: ...\n", "class m.py X"),
    "__all__ of a sum": ("X", "__all__ = ['Y'] + ['X']\nclass X: ...\n", "class m.py X"),
    "__all__ of another module": (
        "X",
        "import o\n__all__ = ['Y'] + o.__all__\nclass X: ...\n",
        "class m.py X",
    ),
    "__all__ that is made": ("X", "__all__ = [x for x in dir()]\nclass X: ...\n", "class m.py X"),
    "__all__ annotated": ("X", "__all__: list[str] = ['Y']\nclass X: ...\n", "missing s.py X"),
    "__all__ with a submodule": ("sub", "__all__ = ['sub']\n", "missing s.py sub"),
}


@pytest.mark.parametrize(
    ("name", "text", "meaning"),
    [pytest.param(*row, id=title) for title, row in EXPORTS.items()],
)
def test_star_import_takes_what_is_exported(name: str, text: str, meaning: str) -> None:
    files = {
        "m.py": text,
        "o.py": "__all__ = ['X']\n",
        "s.py": "from m import *\n",
        "main.py": f"from s import {name}\n",
    }
    assert imported(files) == {meaning}


def test_star_import_of_a_package_takes_the_submodules_in_its_all() -> None:
    files = {"p/__init__.py": "__all__ = ['sub']\n", "p/sub.py": "", "s.py": "from p import *\n"}
    assert imported({**files, "main.py": "from s import sub\n"}) == {"module p/sub.py"}


PACKAGES = {
    "attribute before submodule": ("class p/__init__.py a", "class a: ...\n", "from p import a"),
    "submodule": ("module p/a.py", "", "from p import a"),
    "submodule by import": ("module p/a.py", "class a: ...\n", "import p.a as x"),
    "submodule that the package binds": ("module p/a.py", "from . import a\n", "from p import a"),
    "submodule that the package imports absolutely": (
        "module p/a.py",
        "from p import a\n",
        "from p import a",
    ),
    "submodule that the package imports plainly": ("module p/a.py", "import p.a\n", "from p import a"),
    "class of the name of its module": ("class p/a.py a", "from .a import a\n", "from p import a"),
    "submodule by star": ("class p/a.py a", "from .a import *\n", "from p import a"),
    "import binds the first part": ("module p/__init__.py", "", "import p.a"),
}


@pytest.mark.parametrize(("meaning", "text", "statement"), PACKAGES.values(), ids=PACKAGES.keys())
def test_packages_and_their_submodules(meaning: str, text: str, statement: str) -> None:
    files = {"p/__init__.py": text, "p/a.py": "class a: ...\n", "main.py": statement}
    tree = project(files)
    if statement == "import p.a":
        assert places(tree.resolve("main.py", "p", 0)) == {meaning}
        assert places(tree.resolve("main.py", "p.a.a", 0)) == {"class p/a.py a"}
    else:
        assert imported(files) == {meaning}


@pytest.mark.parametrize("length", [1, 3, 60, 1500])
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("from {next} import X\n", id="from"),
        pytest.param("from {next} import *\n", id="star"),
        pytest.param("import {next} as n\nX = n.X\n", id="alias"),
        pytest.param("try:\n    from {next} import X\nexcept ImportError:\n    X = None\n", id="try"),
        pytest.param("from {next} import X as Y\nclass Z: ...\nX = Y\n", id="alias of an import"),
        pytest.param(
            "try:\n    from {next} import X\nexcept ImportError:\n    from {next} import X\n", id="twice"
        ),
    ],
)
def test_chains_of_any_length(length: int, statement: str) -> None:
    files = {f"p{i}/__init__.py": statement.format(next=f"p{i + 1}") for i in range(length)}
    files |= {f"p{length}/__init__.py": CLASS, "main.py": "from p0 import X\nclass Y(X): ...\n"}
    tree = project(files)
    (meaning,) = tree.import_meanings("main.py", tree.file("main.py").details.imports[0])
    assert meaning[:3] == ("class", f"p{length}/__init__.py", "X")
    assert meaning.via == tuple(f"p{i}/__init__.py" for i in range(length))
    assert places(tree.ancestry("main.py", "Y").meanings) == {f"class p{length}/__init__.py X"}


def test_chain_of_relative_packages() -> None:
    folder, files = "p", {}
    for _ in range(100):
        files[f"{folder}/__init__.py"] = "from .p import X\n"
        folder += "/p"
    files[f"{folder}/__init__.py"] = CLASS
    assert imported({**files, "main.py": "from p import X\n"}) == {f"class {folder}/__init__.py X"}


def test_chains_within_one_file() -> None:
    aliases = "".join(f"X{i + 1} = X{i}\n" for i in range(3000))
    assert imported({"m.py": f"class X0: ...\n{aliases}", "main.py": "from m import X3000\n"}) == {
        "class m.py X0"
    }
    classes = "".join(f"class X{i + 1}(X{i}): ...\n" for i in range(3000))
    found, is_known = ancestors({"m.py": f"class X0: ...\n{classes}"}, "m.X3000")
    assert (len(found), is_known) == (3000, True)


def test_alternatives_do_not_multiply() -> None:
    files = {}
    for i in range(40):
        after = f"j{i + 1}"
        files[f"j{i}.py"] = f"try:\n    from a{i} import X\nexcept ImportError:\n    from b{i} import X\n"
        files[f"a{i}.py"] = files[f"b{i}.py"] = f"from {after} import X\n"
    assert imported({**files, "j40.py": CLASS, "main.py": "from j0 import X\n"}) == {"class j40.py X"}


CYCLES: dict[str, tuple[dict[str, str], dict[str, set[str]]]] = {
    "two modules without a way out": (
        {"a": "from b import X\n", "b": "from a import X\n"},
        {"a.X": set(), "b.X": set()},
    ),
    "a module and itself": ({"a": "from a import X\n"}, {"a.X": set()}),
    "aliases": ({"a": "import a\nX = Y\nY = X\n"}, {"a.X": set(), "a.Y": set()}),
    "an alias of its own attribute": ({"a": "a = a.b\nb = b.a\n"}, {}),
    "aliases of attributes": ({"a": "import a\nX = a.Y\nY = a.X\n"}, {"a.X": set(), "a.Y": set()}),
    "aliases that grow": ({"a": "import a\nX = a.Y.Z\nY = a.X.Z\n"}, {"a.X": set()}),
    "two modules with a way out": (
        {"a": "try:\n from b import X\nexcept ImportError:\n class X: ...\n", "b": "from a import X\n"},
        {"a.X": {"class a.py X"}, "b.X": {"class a.py X"}},
    ),
    "three modules with alternatives": (
        {
            "a": "try:\n from b import X\nexcept ImportError:\n from c import X\n",
            "b": "try:\n from c import X\nexcept ImportError:\n from a import X\n",
            "c": "try:\n from a import X\nexcept ImportError:\n class X: ...\n",
        },
        dict.fromkeys(("a.X", "b.X", "c.X"), {"class c.py X"}),
    ),
    "three modules with three ways out": (
        {
            "a": "if x:\n from b import X\nelif y:\n from c import X\nelse:\n class X: ...\n",
            "b": "if x:\n from c import X\nelif y:\n from a import X\nelse:\n class X: ...\n",
            "c": "if x:\n from a import X\nelif y:\n from b import X\nelse:\n class X: ...\n",
        },
        dict.fromkeys(("a.X", "b.X", "c.X"), {"class a.py X", "class b.py X", "class c.py X"}),
    ),
    "a long way in and a short way out": (
        {
            "a": "try:\n from p import X\nexcept ImportError:\n from c import X\n",
            "p": "from q import X\nif x: X = 1\n",
            "q": "try:\n from b import X\nexcept ImportError:\n from a import X\n",
            "b": "try:\n from c import X\nexcept ImportError:\n class X: ...\n",
            "c": "try:\n from b import X\nexcept ImportError:\n from a import X\n",
        },
        {"a.X": {"class b.py X"}, "b.X": {"class b.py X"}, "c.X": {"class b.py X"}, "q.X": {"class b.py X"}},
    ),
    "stars": (
        {
            "a": "from b import *\nclass X: ...\n",
            "b": "from c import *\n",
            "c": "from a import *\nclass Y: ...\n",
        },
        {
            "a.X": {"class a.py X"},
            "b.X": {"class a.py X"},
            "a.Y": {"class c.py Y"},
            "b.gone": {"missing b.py gone"},
        },
    ),
    "stars without a way out": (
        {"a": "from b import *\n", "b": "from a import *\n"},
        {"a.X": {"missing a.py X"}, "b.X": {"missing b.py X"}},
    ),
    "a package and its modules": (
        {
            "p/__init__": "from .a import X\nfrom . import b\n",
            "p/a": "from . import b\nfrom p.b import X\n",
            "p/b": CLASS,
        },
        {"p.X": {"class p/b.py X"}, "p.b": {"module p/b.py"}, "p.a.b": {"module p/b.py"}},
    ),
    "an alias around a cycle": (
        {
            "a": "import b\nX = b.Y.Z\n",
            "b": "import a\ntry:\n Y = a.X\nexcept Exception:\n class Y:\n  class Z: ...\n",
        },
        {"a.X": {"class b.py Y.Z", "value b.py Y.Z.Z"}},
    ),
}
ENDLESS = ("aliases that grow", "an alias around a cycle", "an alias of its own attribute")


@pytest.mark.parametrize(("texts", "answers"), CYCLES.values(), ids=CYCLES.keys())
def test_cycles(texts: dict[str, str], answers: dict[str, set[str]]) -> None:
    files = {f"{name}.py": text for name, text in texts.items()}
    for symbol, meanings in answers.items():
        found = places(project(files).symbol(symbol))
        assert found >= meanings
        assert found == meanings or "Y.Z" in str(meanings)


@pytest.mark.parametrize("title", [title for title in CYCLES if title not in ENDLESS])
def test_answers_do_not_depend_on_what_was_asked_before(title: str) -> None:
    texts, answers = CYCLES[title]
    files = {f"{name}.py": text for name, text in texts.items()}
    alone = {symbol: project(files).symbol(symbol) for symbol in answers}
    for order in permutations(answers):
        tree = project(files)
        assert {symbol: tree.symbol(symbol) for symbol in order} == alone


def test_answers_of_files_do_not_depend_on_their_order() -> None:
    files = {
        "a.py": "try:\n from b import X\nexcept ImportError:\n from c import X\nclass A(X): ...\n",
        "b.py": "try:\n from c import X\nexcept ImportError:\n from a import X\nclass B(X): ...\n",
        "c.py": "try:\n from a import X\nexcept ImportError:\n class X: ...\nclass C(X): ...\n",
    }
    answers = set()
    for order in permutations(files):
        tree = project(files)
        found = {path: tree.ancestry(path, path[0].upper()) for path in order}
        answers.add(tuple(sorted(found.items())))
    assert len(answers) == 1


def test_a_cycle_longer_than_any_stack() -> None:
    files = {f"m{i}.py": f"from m{(i + 1) % 400} import *\n" for i in range(400)}
    files["m250.py"] += CLASS
    assert imported({**files, "main.py": "from m0 import X\n"}) == {"class m250.py X"}


ANCESTORS = {
    "none": (set[str](), True, {"a": "class A: ...\n"}),
    "one": ({"class b.py B"}, True, {"a": "from b import B\nclass A(B): ...\n", "b": "class B: ...\n"}),
    "through two files": (
        {"class b.py B", "class c.py C"},
        True,
        {
            "a": "import b\nclass A(b.B): ...\n",
            "b": "from c import C\nclass B(C): ...\n",
            "c": "class C: ...\n",
        },
    ),
    "diamond": (
        {"class b.py B", "class b.py C", "class b.py D"},
        True,
        {
            "a": "from b import *\nclass A(B, C): ...\n",
            "b": "class D: ...\nclass B(D): ...\nclass C(D): ...\n",
        },
    ),
    "generic": (
        {"class b.py B", "external typing.Generic"},
        True,
        {
            "a": "from b import B\nclass A(B[int]): ...\n",
            "b": "from typing import Generic\nclass B(Generic[T]): ...\n",
        },
    ),
    "external": ({"external json.JSONEncoder"}, True, {"a": "import json\nclass A(json.JSONEncoder): ...\n"}),
    "builtin": ({"external builtins.dict"}, True, {"a": "class A(dict): ...\n"}),
    "undefined": ({"unknown B"}, False, {"a": "class A(B): ...\n"}),
    "call": ({"unknown"}, False, {"a": "class A(make()): ...\n"}),
    "attribute of a call": ({"unknown"}, False, {"a": "class A(make().B): ...\n"}),
    "star argument": ({"unknown"}, False, {"a": "bases = f()\nclass A(*bases): ...\n"}),
    "missing": ({"missing b.py B"}, False, {"a": "from b import B\nclass A(B): ...\n", "b": ""}),
    "unparsable": (
        {"unknown b.py B"},
        False,
        {"a": "from b import B\nclass A(B): ...\n", "b": "class B(:\n"},
    ),
    "function": (
        {"function b.py B"},
        False,
        {"a": "from b import B\nclass A(B): ...\n", "b": "def B(): ...\n"},
    ),
    "itself": ({"class a.py A"}, True, {"a": "class A(A): ...\n"}),
    "each other": (
        {"class a.py A", "class b.py B"},
        True,
        {"a": "from b import B\nclass A(B): ...\n", "b": "from a import A\nclass B(A): ...\n"},
    ),
    "cycle of re-exports": (
        {"unknown B"},
        False,
        {"a": "from b import B\nclass A(B): ...\n", "b": "from a import B\n"},
    ),
    "nested": ({"class a.py B.C"}, True, {"a": "class B:\n class C: ...\nclass A(B.C): ...\n"}),
    "nested, of another file": (
        {"class b.py B.C"},
        True,
        {"a": "import b as x\nclass A(x.B.C): ...\n", "b": "class B:\n class C: ...\n"},
    ),
    "two definitions": (
        {"class b.py B", "external x.X", "external y.Y"},
        True,
        {
            "a": "from b import B\nclass A(B): ...\n",
            "b": "import x, y\nif 1:\n class B(x.X): ...\nelse:\n class B(y.Y): ...\n",
        },
    ),
    "alternatives": (
        {"external x.B", "class a.py B"},
        True,
        {"a": "try:\n from x import B\nexcept ImportError:\n class B: ...\nclass A(B): ...\n"},
    ),
    "alias": ({"class a.py B"}, True, {"a": "class B: ...\nC = B\nclass A(C): ...\n"}),
    "name of an earlier class": ({"external x.A"}, True, {"a": "from x import A as B\nclass A(B): ...\n"}),
    "metaclass": (set[str](), True, {"a": "class M(type): ...\nclass A(metaclass=M): ...\n"}),
    "base by type parameter": (
        {"external collections.UserDict"},
        True,
        {"a": "import collections\nclass A(collections.UserDict[str, int]): ...\n"},
    ),
}


@pytest.mark.parametrize(("meanings", "is_known", "texts"), ANCESTORS.values(), ids=ANCESTORS.keys())
def test_ancestors(meanings: set[str], is_known: bool, texts: dict[str, str]) -> None:
    assert ancestors({f"{name}.py": text for name, text in texts.items()}, "a.A") == (meanings, is_known)


def test_ancestors_of_a_class_in_a_function() -> None:
    text = "def f():\n    from json import JSONEncoder as B\n    class A(B): ...\n    return A\n"
    found = project({"a.py": text}).ancestry("a.py", "f.A")
    assert places(found.meanings) == {"external json.JSONEncoder"}


SYMBOLS = [
    pytest.param("shop.money", "module src/shop/money.py", id="module"),
    pytest.param("shop.money.Money", "class src/shop/money.py Money", id="class"),
    pytest.param("shop.money.Money.zero", "value src/shop/money.py Money.zero", id="member"),
    pytest.param("shop.money.Money.Unit", "class src/shop/money.py Money.Unit", id="nested class"),
    pytest.param("shop.money.rate.x", "unknown src/shop/money.py rate.x", id="attribute of a function"),
    pytest.param("shop.Money", "class src/shop/money.py Money", id="re-export"),
    pytest.param("shop.gone", "missing src/shop/__init__.py gone", id="missing"),
    pytest.param("shop.gone.x", "missing src/shop/__init__.py gone.x", id="below a missing one"),
    pytest.param("src.shop.money.Money", "class src/shop/money.py Money", id="from the top"),
    pytest.param("django.test.TestCase", "external django.test.TestCase", id="external"),
]


@pytest.mark.parametrize(("symbol", "meaning"), SYMBOLS)
def test_symbols_of_the_configuration(symbol: str, meaning: str) -> None:
    files = {
        "src/shop/__init__.py": "from .money import Money\n",
        "src/shop/money.py": "class Money:\n    zero = 0\n    class Unit: ...\ndef rate(): ...\n",
    }
    assert places(project(files).symbol(symbol)) == {meaning}


def test_names_are_those_from_every_root_above() -> None:
    tree = project(modules("src/shop/__init__.py src/shop/money.py conftest.py"))
    assert tree.modules.names("src/shop/money.py") == ("src.shop.money", "shop.money")
    assert tree.modules.names("src/shop/__init__.py") == ("src.shop", "shop")
    assert tree.modules.names("src/shop/") == ("src.shop", "shop")
    assert tree.modules.names("conftest.py") == ("conftest",)
    (meaning,) = tree.symbol("shop.money")
    assert tree.names(meaning) == ("src.shop.money", "shop.money")


def test_what_is_unknown_has_no_name() -> None:
    tree = project({"a.py": "x = gone\n"})
    (meaning,) = tree.symbol("a.x.y")
    assert tree.names(meaning) == ()


def test_scopes_are_looked_up_inside_out() -> None:
    text = (
        "import json as x\n"
        "class A:\n    import re as x\n    y = x.a\n    def f(self):\n        return x.b\n"
        "def g():\n    import os as x\n    def h():\n        return x.c\n    return h\n"
        "def i(x):\n    return x.d\n"
    )
    tree = project({"a.py": text})
    found = {used.use.name: places(used.steps[-1]) for used in tree.file("a.py").references.uses}
    assert found == {"x.a": {"external re.a"}, "x.b": {"external json.b"}, "x.c": {"external os.c"}}


def test_a_snippet_stands_in_the_project_while_it_is_looked_at() -> None:
    tree = project({"a.py": CLASS})
    for text, meaning in (("from a import X\n", "class a.py X"), ("from json import X\n", "external json.X")):
        with tree.snippet("<bad 1>.py", extract(f"{text}class Y(X): ...\n".encode())) as file:
            assert places(tree.ancestry(file.path, "Y").meanings) == {meaning}
            assert [entry.name for entry in file.details.imports] == ["X"]
    assert list(tree.outlines) == ["a.py"]
    assert list(tree.classes_by_name) == ["X"]


@pytest.mark.parametrize(
    ("line", "scope"),
    [
        (1, "<module>"),
        (2, "A"),
        (3, "A.f"),
        (4, "A.f.g"),
        (5, "A.f"),
        (6, "A"),
        (7, "<module>"),
        (9, "h"),
        (99, "<module>"),
    ],
)
def test_scope_at_a_line(line: int, scope: str) -> None:
    text = "x = 1\nclass A:\n  def f(self):\n    def g(): ...\n    y = 1\n  z = 1\nx = 2\n@d\ndef h(): ...\n"
    assert project({"a.py": text}).file("a.py").scope_at(line) == scope


def test_attributes_of_what_is_external_stay_external() -> None:
    tree = project({"a.py": "import numpy as np\n"})
    (meaning,) = tree.resolve("a.py", "np.random.default_rng", 0)
    assert meaning[:3] == (EXTERNAL, "", "numpy.random.default_rng")

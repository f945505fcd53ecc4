"""The folders that imports start from."""

from __future__ import annotations

from itertools import permutations

import pytest

from ssot_lint.roots import detect_roots, enclosing, parent

LAYOUTS = {
    "nothing": ("", ("",)),
    "flat": ("a.py b/__init__.py b/c.py", ("",)),
    "src": ("src/a/__init__.py src/a/b.py tests/test_a.py", ("", "src")),
    "src with namespace packages": ("src/a/b/c.py", ("", "src")),
    "src within a project": ("one/src/a.py two/src/b.py", ("", "one/src", "two/src")),
    "src within a package": ("a/__init__.py a/src/__init__.py a/src/b.py", ("",)),
    "src twice": ("src/a/src/b.py", ("", "src")),
    "a folder whose name ends so": ("mysrc/a.py", ("",)),
    "several services": (
        "services/a/app/__init__.py services/b/app/__init__.py services/b/app/x/__init__.py",
        ("", "services/a", "services/b"),
    ),
    "conftest": ("tests/conftest.py tests/unit/test_a.py", ("", "tests")),
    "conftest in a package": ("tests/__init__.py tests/conftest.py", ("",)),
    "conftest at the top": ("conftest.py tests/test_a.py", ("",)),
    "conftest in a folder of a folder": ("tests/unit/conftest.py", ("", "tests/unit")),
    "setup": ("lib/setup.py lib/a.py", ("", "lib")),
    "namespace packages": ("a/b/c.py a/d.py", ("",)),
    "package below a namespace": ("a/b/__init__.py", ("", "a")),
    "packages of stubs": ("stubs/a/__init__.pyi", ("", "stubs")),
    "a package at the top itself": ("__init__.py a.py", ("",)),
    "scripts": ("scripts/run.py tools/make.py", ("",)),
}


@pytest.mark.parametrize(("paths", "roots"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_detected_roots(paths: str, roots: tuple[str, ...]) -> None:
    for order in permutations(paths.split()):
        assert detect_roots(order) == roots


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("", [""]),
        ("src", ["src", ""]),
        ("src/a/b", ["src/a", "src", ""]),
        ("src/ab", ["src", ""]),
        ("srcs", [""]),
    ],
)
def test_roots_around_a_folder_are_nearest_first(folder: str, found: list[str]) -> None:
    assert enclosing(folder, ["", "src", "src/a"]) == found


@pytest.mark.parametrize(
    ("path", "folder"), [("", ""), ("a", ""), ("a/b", "a"), ("a/b/", "a/b"), ("a/b/c.py", "a/b")]
)
def test_parent(path: str, folder: str) -> None:
    assert parent(path) == folder

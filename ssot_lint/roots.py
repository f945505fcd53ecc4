"""Finds the folders that imports start from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def detect_roots(paths: Iterable[str]) -> tuple[str, ...]:
    """The source roots of a tree, given the root-relative paths of its files; "" is the top.

    Roots are the top itself, folders named `src`, folders that hold a top-level package (one whose own
    folder is none), and folders without `__init__.py` in which a `conftest.py` or a `setup.py` stands:
    what a checkout, an installation and pytest's default import mode put on the path.
    """
    known = set(paths)
    packages = {parent(path) for path in known if path.rpartition("/")[2] in ("__init__.py", "__init__.pyi")}
    roots = {""}
    for package in packages:
        above = parent(package)
        if package and above not in packages:
            roots.add(above)
    for path in known:
        folder, _, name = path.rpartition("/")
        if name in ("conftest.py", "setup.py") and folder not in packages:
            roots.add(folder)
        parts = folder.split("/")
        if "src" in parts:
            source = "/".join(parts[: parts.index("src") + 1])
            if source not in packages:
                roots.add(source)
    return tuple(sorted(roots, key=lambda root: (root.count("/") + bool(root), root)))


def tells_of_roots(path: str) -> bool:
    """Whether `detect_roots` may find others when a file comes or goes at a path."""
    folder, _, name = path.rpartition("/")
    return name in ("__init__.py", "__init__.pyi", "conftest.py", "setup.py") or "src" in folder.split("/")


def enclosing(folder: str, roots: Sequence[str]) -> list[str]:
    """The roots that hold a folder, the nearest first."""
    found = [root for root in roots if not root or folder == root or folder.startswith(root + "/")]
    return sorted(found, key=len, reverse=True)


def parent(path: str) -> str:
    """The folder of a path, "" at the top."""
    return path.rpartition("/")[0]

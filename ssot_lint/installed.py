"""Answers what classes of installed packages inherit from, with astroid, which reads source and runs none.

Classes of the standard library and of what is installed beside this tool count, nothing else: so the answer
is the same whatever a host adds to `sys.path`.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ssot_lint.files import UsageError

if TYPE_CHECKING:
    from astroid import nodes


def open_installed() -> Callable[[str], tuple[str, ...] | None]:
    """Return `names_of` if astroid is there. Raises UsageError if not."""
    if find_spec("astroid") is None:
        raise UsageError("`resolve-installed` needs astroid, which comes with `ssot-lint[pylint]`")
    return names_of


@cache
def names_of(name: str) -> tuple[str, ...] | None:
    """Return all dotted names of an installed class and of the classes above it.

    The first one is where the class is defined, the same for every name that it is imported by. None
    where the class or anything above it is not known: not installed, not written in Python, or made by
    code that would have to be run.
    """
    from astroid.exceptions import AstroidError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong with the source of others is no concern of the user
        try:
            found = list(_lineage(_classes_called(name)))
            names = dict.fromkeys(each for entry in found for each in _names(entry))
        except (_UnknownError, AstroidError, RecursionError):
            return None
    return tuple(names)


@cache
def is_missing(name: str) -> bool:
    """Whether no installed package and no module of the standard library can have a dotted name.

    Only files are looked for, from the first part on: through folders without code, which several
    packages share, up to the first that has some.
    """
    parts = name.split(".")
    if parts[0] in sys.stdlib_module_names:
        return False
    folders = list(_folders())
    for part in parts:  # alone: with the parts before it the finder would want these to be imported
        spec = PathFinder.find_spec(part, folders)
        if spec is None:
            return True
        if spec.origin is not None:
            return False
        folders = list(spec.submodule_search_locations or ())
    return False


class _UnknownError(Exception):
    """Something that is no class, or none of an installed package."""


def _lineage(pending: list[nodes.ClassDef]) -> Iterator[nodes.ClassDef]:
    """Yield classes and all those above them; conditional alternatives all count."""
    seen = set()
    while pending:
        entry = pending.pop(0)
        if entry not in seen:
            seen.add(entry)
            yield entry
            for base in entry.bases:
                pending += _only_classes(_without_arguments(base).infer())


def _classes_called(name: str) -> list[nodes.ClassDef]:
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = _module(".".join(parts[:length]))
        if module is not None:
            found = _only_classes(module.igetattr(parts[length]))
            for part in parts[length + 1 :]:
                found = [each for entry in found for each in _only_classes(entry.igetattr(part))]
            return found
    raise _UnknownError(name)


def _module(name: str) -> nodes.Module | None:
    from astroid import MANAGER
    from astroid.exceptions import AstroidBuildingError

    try:
        module = MANAGER.ast_from_module_name(name)
    except AstroidBuildingError:
        return None
    return module if _is_installed(module) else None


def _without_arguments(base: nodes.NodeNG) -> nodes.NodeNG:
    """Return `Base` of `Base[Argument]`."""
    from astroid import nodes

    while isinstance(base, nodes.Subscript):
        base = base.value
    return base


def _only_classes(found: Iterable[object]) -> list[nodes.ClassDef]:
    from astroid import nodes

    classes = []
    for each in found:
        if not isinstance(each, nodes.ClassDef) or not _is_installed(each.root()):
            raise _UnknownError(each)
        classes.append(each)
    return classes


def _is_installed(module: nodes.Module) -> bool:
    if module.file is None:
        return module.name.partition(".")[0] in sys.stdlib_module_names  # part of the interpreter
    path: str = os.path.realpath(module.file)
    return path.startswith(_folders())


@cache
def _folders() -> tuple[str, ...]:
    """Return the folders of the standard library and of installed packages, each with a separator behind."""
    names = [sysconfig.get_path(each) for each in ("stdlib", "platstdlib", "purelib", "platlib")]
    names += [*site.getsitepackages(), site.getusersitepackages()]
    return tuple(os.path.join(os.path.realpath(name), "") for name in names)


def _names(entry: nodes.ClassDef) -> Iterator[str]:
    """Yield the dotted names of a class: where it is defined, and in the packages around that hand it on."""
    yield entry.qname()
    if entry.parent is not entry.root():
        return
    package = entry.root().name
    while package := package.rpartition(".")[0]:
        module = _module(package)
        if module is not None and entry.name in module.locals and entry in module.igetattr(entry.name):
            yield f"{package}.{entry.name}"

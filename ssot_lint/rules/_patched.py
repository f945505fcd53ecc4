"""Knows what a project patches, by the names alone: where they lead cannot always be told."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.facts.model import DELETE, WRITE
from ssot_lint.file import File
from ssot_lint.project import Project

_PATCHERS = frozenset(("patch", "object", "multiple", "setattr", "delattr", "dict", "setitem", "delitem"))


def patched(project: Project) -> frozenset[str]:
    """Every part of the dotted names that any file patches, or whose attributes it gives another value."""
    return project.words(("patched",), _patched)


def _patched(file: File) -> Iterator[str]:
    for use in (*file.details.uses, *file.bodies.members):
        if use.how in (WRITE, DELETE):
            yield from use.name.split(".")
        elif use.name.rpartition(".")[2] in _PATCHERS:
            for arguments in use.arguments:
                for _, text in arguments.literals:
                    yield from text.split(".")
            yield from use.name.split(".")[:-1]

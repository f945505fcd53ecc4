"""Compares the version of Python that judges with the one a project asks for."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"\s*(?P<operator>~=|==|!=|<=|>=|<|>)\s*(?P<version>\d+(?:\.\d+)*)(?P<any>\.\*)?\s*$")


def admits(requires_python: str, version: str) -> bool:
    """Whether a `requires-python` specifier (PEP 440) admits a version given as "3.11".

    Only major and minor numbers count. A specifier that cannot be read admits every version.
    """
    ours = _minor(version)
    for clause in requires_python.split(","):
        match = _CLAUSE.match(clause)
        if match is None:
            continue
        theirs = _minor(match["version"])
        exact = match["any"] is not None or match["version"].count(".") < 2
        if not {
            ">=": ours >= theirs,
            ">": ours > theirs or (not exact and ours == theirs),
            "<=": ours <= theirs,
            "<": ours < theirs or (not exact and ours == theirs),
            "==": ours == theirs,
            "!=": ours != theirs or not exact,
            "~=": ours >= theirs and (exact or ours == theirs),
        }[match["operator"]]:
            return False
    return True


def _minor(version: str) -> tuple[int, int]:
    parts = [*map(int, version.split(".")), 0]
    return parts[0], parts[1]

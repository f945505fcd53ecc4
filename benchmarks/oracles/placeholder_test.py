"""SST501: tests that are empty, skipped for good, or true whatever the code does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .test_code import NO_TESTS, Classes, TestFunction, is_test_code, last_parts, test_files
from .tree import Expected, Tree

if TYPE_CHECKING:
    from .config import Config

SKIPS = {"pytest.mark.skip", "unittest.skip", "mark.skip", "skip"}


def placeholder_tests(tree: Tree, _: Config) -> list[Expected]:
    """Every such test that replaces no inherited one, and every class that is skipped as a whole."""
    classes = Classes(tree)
    found = []
    for file in test_files(tree).values():
        if not is_test_code(tree, file.path):
            continue
        found += [
            Expected("", file.path, cls.line, cls.column)
            for cls in file.classes
            if SKIPS.intersection(cls.decorators) and any(name.startswith("test") for name in cls.members)
        ]
        for function in file.functions:
            hollow = function.kind or SKIPS.intersection(function.decorators)
            if hollow and is_test(function) and not is_override(classes, file.path, function):
                found.append(Expected("", file.path, function.line, function.column))
    return found


def is_test(function: TestFunction) -> bool:
    """Whether a function is a test of a module or of a class that is there at import."""
    return (
        function.name.startswith("test")
        and not any(kind == "function" for kind, _, _ in function.around)
        and last_parts(function.decorators).isdisjoint((*NO_TESTS, "abstractmethod"))
    )


def is_override(classes: Classes, path: str, function: TestFunction) -> bool:
    """Whether a method replaces an inherited one, or may."""
    if not function.around:
        return False
    line = function.around[-1][2]
    return classes.is_test_case(path, line) is None or function.name in classes.members_above(path, line)

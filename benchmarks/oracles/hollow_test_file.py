"""SST504: test files without tests that are mostly comments, or hold nothing but imports."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING

from .test_code import Classes, TestFile, pytest_of, test_files
from .tree import Expected, Tree

if TYPE_CHECKING:
    from .config import Config

FEWEST_COMMENTS = 20


def hollow_test_files(tree: Tree, _: Config) -> list[Expected]:
    """Every such file."""
    files = test_files(tree)
    classes = Classes(tree)
    found = []
    for path, file in files.items():
        name = path.rpartition("/")[2]
        if not pytest_of(tree, path).takes(path) or name in ("__init__.py", "conftest.py"):
            continue
        if has_tests(tree, classes, file):
            continue
        is_commented_out = file.comments >= FEWEST_COMMENTS and file.comments * 2 > file.lines
        stem = name.removesuffix(".py")
        is_used = any(stem in other.imported for other in files.values() if other is not file)
        if is_commented_out or (file.is_empty and not is_used):
            found.append(Expected("", path, 1))
    return found


def has_tests(tree: Tree, classes: Classes, file: TestFile) -> bool:
    """Whether anything in a file is a test, or may be one."""
    record = tree.records[file.path]
    if any(function.name.startswith("test") for function in file.functions) or "load_tests" in record.names:
        return True
    if any(called_like_a_test(tree, file.path, name) for name in file.names):
        return True
    for cls in file.classes:
        is_case = classes.is_test_case(file.path, cls.line)
        above = list(classes.members_above(file.path, cls.line))
        if is_case is None or (is_case and any(name.startswith("test") for name in (*cls.members, *above))):
            return True
    names = set(record.names) - file.names
    for star in record.stars:
        for thing in classes.resolver.resolve(star, file.path):
            names |= classes.resolver.exported(thing.place) if thing.kind == "module" else {"test"}
    return any(brings_tests(tree, classes, file.path, name) for name in names)


def called_like_a_test(tree: Tree, path: str, name: str) -> bool:
    """Whether a name is one of a test or of a class of tests."""
    return name.startswith("test") or any(fnmatch(name, pattern) for pattern in pytest_of(tree, path).classes)


def brings_tests(tree: Tree, classes: Classes, path: str, name: str) -> bool:
    """Whether a name that a file has means a test or a class with tests, or may."""
    for thing in classes.resolver.member(path, name, frozenset()):
        if thing.kind == "class":
            line = tree.class_of(thing).line
            above = classes.members_above(thing.place, line)
            is_case = classes.is_test_case(thing.place, line)
            holds = any(each.startswith("test") for each in (*tree.class_of(thing).names, *above))
            if is_case is None or (holds and (is_case or called_like_a_test(tree, path, name))):
                return True
        elif thing.kind not in ("outside", "module", "folder") and called_like_a_test(tree, path, name):
            return True
    return False

"""Which classes and functions pytest collects as tests, as far as the facts tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ssot_lint.facts.model import IN_FUNCTION, IN_MAIN_GUARD, IN_TYPE_CHECKING, Class, Function
from ssot_lint.file import File
from ssot_lint.meaning import A_CLASS, EXTERNAL
from ssot_lint.project import Project

TEST_PATHS = "where tests are, in gitignore syntax, besides the files that pytest knows by name"
DEFAULT_TEST_PATHS = ("test/", "tests/")

# What becomes of a class (`Fate.kind`).
COLLECTED = "collected"
UNKNOWN = "unknown"
OPTED_OUT = "opted out"  # `__test__ = False`, or a class that declares abstract methods
ABSTRACT = "abstract"
NAME = "name"
CONSTRUCTOR = "constructor"
NESTED = "nested"

_HOOKS = ("pytest_collect_file", "pytest_pycollect_makemodule", "pytest_pycollect_makeitem")
_NOT_AT_IMPORT = IN_FUNCTION | IN_MAIN_GUARD | IN_TYPE_CHECKING
_CONSTRUCTORS = {"__init__": "an `__init__`", "__new__": "a `__new__`"}
_NO_TESTS = frozenset(("fixture", "yield_fixture", "property", "cached_property", "setter"))
_PLAIN = frozenset(
    (
        *("abc", "asyncio", "builtins", "collections", "contextlib", "dataclasses", "enum", "http", "json"),
        *("logging", "queue", "string", "threading", "typing", "typing_extensions"),
    )
)
"""Modules outside of the tree in which no class is a `unittest.TestCase`."""


class Fate(NamedTuple):
    """What pytest makes of a class, and why it does not collect it."""

    kind: str
    why: str = ""


class Method(NamedTuple):
    """A method as far as collecting goes."""

    may_be_test: bool
    is_abstract: bool


Lineage = Sequence[tuple[str, Class]]
"""Classes with the paths of their files, each before all that it inherits from."""

Methods = Mapping[str, Mapping[str, Method]]
"""By the qualname of their class, and by their name."""


def is_test_name(project: Project, path: str, name: str) -> bool:
    """Whether a function is called like a test of unittest, or of pytest as configured."""
    return name.startswith("test") or project.collection(path).takes_function(name)


def may_be_test(function: Function) -> bool:
    """Whether a function that is called like a test can be one: no fixture and no property."""
    return not function.decorators or _NO_TESTS.isdisjoint(_decorators(function))


def is_abstract(function: Function) -> bool:
    """Whether a method is there to be defined by others."""
    return bool(function.decorators) and "abstractmethod" in _decorators(function)


def is_at_import(entry: Class | Function) -> bool:
    """Whether a definition is there once its file is imported; conditions count as true."""
    return not entry.context & _NOT_AT_IMPORT


def is_test_code(project: Project, path: str, test_paths: tuple[str, ...]) -> bool:
    """Whether a file, going by its name or its place, is there for tests."""
    return project.collection(path).is_test_file(path) or project.matches(test_paths, path)


def is_opted_out(file: File) -> bool:
    """Whether a file says that nothing in it is to be collected."""
    return any(each.name == "__test__" and each.value == "False" for each in file.outline.constants)


def collects_in_its_own_way(project: Project, path: str) -> bool:
    """Whether a `conftest.py` above a file makes tests of other things than pytest does."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        conftest = project.outlines.get(f"{folder}/conftest.py" if folder else "conftest.py")
        if conftest is not None and any(hook in conftest.scopes[0].names for hook in _HOOKS):
            return True
    return False


def module_tests(file: File, project: Project) -> Iterator[Function]:
    """The functions outside of classes that pytest collects."""
    takes = project.collection(file.path).takes_function
    for function in file.bodies.functions:
        is_alone = "." not in function.qualname and is_at_import(function)
        if is_alone and takes(function.name) and may_be_test(function):
            yield function


def class_tests(file: File, project: Project, path: str, entry: Class) -> list[str]:
    """The names of the tests of a class of the file at `path`, own ones and those inherited in the tree.

    `file` is the one under check.
    """
    classes = lineage(project, path, entry)
    if not any(is_test_name(project, path, name) for _, each in classes for name in each.members):
        return []  # before anything is read
    found = []
    decided = set()
    for where, each in classes:
        methods = _methods(file, project, where).get(each.qualname, {})
        for name in each.members:
            if name not in decided:
                decided.add(name)
                if name in methods and methods[name].may_be_test and is_test_name(project, path, name):
                    found.append(name)
    return found


def fate(file: File, project: Project, path: str, entry: Class) -> Fate:
    """What pytest makes of a class of the file at `path`, if it collects that file; `file` is under check."""
    if not is_at_import(entry):
        return Fate(NESTED, "it stands where nothing runs when the file is imported")
    outer = entry.qualname.rpartition(".")[0]
    for around in project.classes_at(path, outer) if outer else ():
        above = fate(file, project, path, around)
        if above.kind == UNKNOWN:
            return above
        if above.kind != COLLECTED:
            return Fate(NESTED, f"it stands in `{around.name}`, which is not collected")
        if is_test_case(project, path, around):
            return Fate(NESTED, f"it stands in `{around.name}`, a `unittest.TestCase`")
    classes = lineage(project, path, entry)
    word = _own_word(project, classes)
    if word in ("False", UNKNOWN):
        return Fate(UNKNOWN if word == UNKNOWN else OPTED_OUT)
    is_case = is_test_case(project, path, entry)
    found = _fate_by_abstraction(file, project, classes)
    if found is None:
        found = Fate(COLLECTED) if is_case else _fate_by_form(project, path, classes, word == "True")
    # A base that is not known may be a `unittest.TestCase`, or define what is abstract.
    return Fate(UNKNOWN) if is_case is None and found.kind in (ABSTRACT, NAME, CONSTRUCTOR) else found


def _fate_by_abstraction(file: File, project: Project, classes: Lineage) -> Fate | None:
    """What pytest makes of a class with an abstract method, which is meant if it is the class's own."""
    if not any("metaclass" in each.keywords or _has_base(each, "ABC") for _, each in classes):
        return None
    missing: dict[str, str] = {}
    for path, entry in reversed(classes):
        methods = _methods(file, project, path).get(entry.qualname, {})
        for name in entry.members:
            missing.pop(name, None)
            if name in methods and methods[name].is_abstract:
                missing[name] = entry.qualname
    if not missing:
        return None
    if classes[0][1].qualname in missing.values():
        return Fate(OPTED_OUT)
    return Fate(ABSTRACT, f"its method `{next(iter(missing))}` is abstract")


def _fate_by_form(project: Project, path: str, classes: Lineage, is_wanted: bool) -> Fate:
    """What pytest makes of a class that is no `unittest.TestCase`, by its name and its constructor."""
    entry = classes[0][1]
    collection = project.collection(path)
    if not is_wanted and not collection.takes_class(entry.name):
        return Fate(NAME, f"its name matches none of {listed(collection.python_classes)}")
    for _, each in classes:
        constructor = own_constructor(each)
        if constructor:
            origin = "" if each is entry else f" from `{each.name}`"
            return Fate(CONSTRUCTOR, f"it has {constructor}{origin}")
    return Fate(COLLECTED)


def _own_word(project: Project, classes: Lineage) -> str:
    """What `__test__` of a class says: "True", "False", unknown, or "" where there is none."""
    for path, entry in classes:
        if "__test__" in entry.members:
            name = f"{entry.qualname}.__test__"
            values = [each.value for each in project.outlines[path].constants if each.name == name]
            return values[-1] if values and values[-1] in ("True", "False") else UNKNOWN
    return ""


def _has_base(entry: Class, name: str) -> bool:
    return any(base.name.rpartition(".")[2] == name for base in entry.bases)


def own_constructor(entry: Class) -> str:
    """What keeps pytest from making an object of a class, "" for nothing; bases do not count."""
    if "dataclass" in _decorators(entry):
        return "the `__init__` of a dataclass"
    found = (words for name, words in _CONSTRUCTORS.items() if name in entry.members)
    return next(found, "")


def is_for_unittest(project: Project, path: str, entry: Class) -> bool:
    """Whether unittest by itself takes a class, where no configuration says that pytest is to do it."""
    takes_file = fnmatchcase(path.rpartition("/")[2], "test*.py")
    return takes_file and not project.collection(path).source and bool(is_test_case(project, path, entry))


def is_test_case(project: Project, path: str, entry: Class) -> bool | None:
    """Whether a class is a `unittest.TestCase`; None where a base may be one."""
    ancestry = project.ancestry(path, entry.qualname)
    if not ancestry.meanings:
        return False
    if any(above.name.endswith("TestCase") for above in ancestry.meanings if above.kind == EXTERNAL):
        return True
    bases = ((where, base) for where, each in lineage(project, path, entry) for base in each.bases)
    meanings = (meaning for each in bases for meaning in project.base_meanings(*each))
    is_plain = all(each.name.partition(".")[0] in _PLAIN for each in meanings if each.kind == EXTERNAL)
    return False if ancestry.is_known and is_plain else None


def lineage(project: Project, path: str, entry: Class) -> Lineage:
    """A class and its ancestors in the tree."""
    if not entry.bases:
        return [(path, entry)]
    found: list[tuple[str, Class]] = []
    pending = [(path, entry, False)]
    seen = set()
    while pending:
        path, entry, is_done = pending.pop()
        place = (path, entry.qualname, entry.line)
        if is_done:
            found.append((path, entry))
        elif place not in seen:
            seen.add(place)
            pending.append((path, entry, True))
            for base in entry.bases:
                for meaning in project.base_meanings(path, base):
                    if meaning.kind == A_CLASS:
                        above = project.classes_at(meaning.path, meaning.name)
                        pending += ((meaning.path, each, False) for each in above)
    return found[::-1]


def listed(words: Sequence[str]) -> str:
    """Words in backticks with commas between."""
    return ", ".join(f"`{word}`" for word in words)


def _methods(file: File, project: Project, path: str) -> Methods:
    if path == file.path:
        return _methods_in(file)  # which may be a snippet, of which the project knows nothing
    return project.once(("methods", path), lambda: _methods_in(project.file(path)))


def _methods_in(file: File) -> Methods:
    found: dict[str, dict[str, Method]] = {}
    for function in file.bodies.functions:
        if function.is_method:
            owner = function.qualname.rpartition(".")[0]
            method = Method(may_be_test(function), is_abstract(function))
            found.setdefault(owner, {})[function.name] = method
    return found


def _decorators(entry: Class | Function) -> list[str]:
    return [decorator.name.rpartition(".")[2] for decorator in entry.decorators]

"""Puts a class on the canonical base in place of a superseded one, and says whether that is safe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ssot_lint.facts.model import INHERIT, WRITE, Class, Function, Reference, place
from ssot_lint.file import File
from ssot_lint.finding import REPLACE, Fix, Span
from ssot_lint.meaning import A_CLASS, EXTERNAL, Meaning
from ssot_lint.project import Project
from ssot_lint.rules._elsewhere import may_be_inherited
from ssot_lint.rules._importable import importable
from ssot_lint.rules._linear import Place, order_of

_OWN = ("self", "cls")
_OF_OBJECT = frozenset(dir(object)) | {"__dict__", "__name__", "__qualname__", "__module__"}
_BARE = frozenset(("builtins.object", "abc.ABC"))
_HOOKS = frozenset(
    (
        *("setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown"),
        *("run", "debug", "id", "shortDescription", "countTestCases", "defaultTestResult", "runTest"),
    )
)
"""What `unittest` calls by name: a base that lacks one of them may never call it."""


def base_fix(
    file: File, project: Project, entry: Class, base: Reference, superseded: Meaning, use: str
) -> Fix | None:
    """Replaces one base of a class of the file by `use`; None where that cannot be, or not be known."""
    new = importable(file, project, use)
    if new is None or new.meaning.kind not in (A_CLASS, EXTERNAL) or not _is_bare(file, base.span):
        return None
    if len(project.base_meanings(file.path, base)) > 1:
        return None  # such as a fallback for where the one cannot be imported
    places: list[Place | None] = []
    for each in entry.bases:
        found = (new.meaning,) if each == base else project.base_meanings(file.path, each)
        is_known = len(found) == 1 and found[0].kind in (A_CLASS, EXTERNAL)
        places.append((found[0].path, found[0].name) if is_known else None)
    order = order_of(project, file.path, entry, places)
    if order is None:
        return None
    builds_on_it = (superseded.path, superseded.name) in order.places
    is_safe = (
        new.is_safe
        and order.is_sure
        and (builds_on_it or _is_served(file, project, entry, superseded, new.meaning, order.places))
        and not may_be_inherited(project, entry.name)
    )
    name = use.rpartition(".")[2]
    return Fix(f"Inherit from `{name}` instead of `{base.name}`", (new.edit(REPLACE, base.span),), is_safe)


def _is_bare(file: File, span: Span) -> bool:
    """Whether a base is just a name, and not `Base[T]`: the new one may take no parameters."""
    return any(use.how == INHERIT and span in use.spans() for use in file.details.uses)


def _is_served(
    file: File, project: Project, entry: Class, superseded: Meaning, new: Meaning, above: tuple[Place, ...]
) -> bool:
    """Whether all that a class takes from its bases, and all that it lets them call, is in the new ones.

    Where the old base and the new one build on different things outside of the tree, such as `unittest`, its
    tests must be such as any framework collects and runs.
    """
    methods = [
        function
        for function in file.bodies.functions
        if function.is_method and function.qualname.rpartition(".")[0] == entry.qualname
    ]
    if any(map(_has_other_self, methods)):
        return False
    given = _members(file, project, above[1:]) | _OF_OBJECT
    own = {*entry.members, *_written(file, entry)}
    taken = {name for function in methods for name in function.super_calls}
    taken.update(name for name, _ in _attributes(file, entry) if name not in own)
    old = [(each.path, each.name) for each in _with_above(project, superseded)]
    called = _members(file, project, old) | _HOOKS
    fixtures = {each.name for function in methods for each in function.parameters} - own
    taken.update(called & (fixtures | {*entry.methods}))
    return taken <= given and (
        _outside(project, superseded) == _outside(project, new)
        or (project.collection(file.path).takes_class(entry.name) and all(map(_is_plain_test, methods)))
    )


def _is_plain_test(method: Function) -> bool:
    """Whether a method is run in the same way by whatever framework runs the tests of its class."""
    is_test = method.name.startswith("test")
    return not method.is_async and method.name != "__init__" and (not is_test or len(method.parameters) == 1)


def _with_above(project: Project, meaning: Meaning) -> tuple[Meaning, ...]:
    above = project.ancestry(meaning.path, meaning.name).meanings if meaning.kind == A_CLASS else ()
    return (meaning, *above)


def _outside(project: Project, meaning: Meaning) -> set[str]:
    """The classes outside the tree that a class is or builds on, but for those that give it nothing."""
    return {each.name for each in _with_above(project, meaning) if not each.path} - _BARE


def _members(file: File, project: Project, places: Iterable[Place]) -> set[str]:
    """What classes of the tree define, and give to their objects; `file` is the one under check."""
    return set().union(*(_members_of(file, project, *place) for place in places))


def _members_of(file: File, project: Project, path: str, qualname: str) -> Collection[str]:
    if not path:
        return ()
    if path == file.path:  # which may be a snippet, of which the project knows nothing
        return _members_in(file, project, qualname)
    question = ("members", path, qualname)
    return project.once(question, lambda: _members_in(project.file(path), project, qualname))


def _members_in(file: File, project: Project, qualname: str) -> Collection[str]:
    found: set[str] = set()
    for each in project.classes_at(file.path, qualname):
        found.update(each.members, _written(file, each))
    return found


def _has_other_self(function: Function) -> bool:
    """Whether a method calls its object by a name of its own, so that what it takes of it is not seen."""
    first = function.parameters[0].name if function.parameters else ""
    return first not in _OWN and all(each.name != "staticmethod" for each in function.decorators)


def _written(file: File, entry: Class) -> set[str]:
    """The attributes that the methods of a class give to their object."""
    return {name for name, how in _attributes(file, entry) if how == WRITE}


def _attributes(file: File, entry: Class) -> Iterator[tuple[str, int]]:
    """The attributes of its own object that the methods of a class name, and what they do with them."""
    inside = range(place(entry.line, 0), place(entry.end_line + 1, 0)).__contains__
    for use in file.bodies.members:
        root, *rest = use.name.split(".", 2)
        if root in _OWN and rest and any(map(inside, use.places)):
            yield rest[0], use.how if len(rest) == 1 else -1

"""Where a file touches the environment of the process, in whatever form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from ssot_lint.facts.model import (
    CALL,
    CONTAINS,
    DELETE,
    DELETE_ITEM,
    GET_ITEM,
    ITERATE,
    SET_ITEM,
    WRITE,
    Arguments,
    Use,
)
from ssot_lint.file import File
from ssot_lint.finding import Span
from ssot_lint.meaning import Meaning
from ssot_lint.project import Project
from ssot_lint.references import Used, span_of
from ssot_lint.rules._symbols import SymbolPatterns, symbols
from ssot_lint.rules._targets import at_home

Kind = Literal["read", "write", "delete", "test", "iterate", "pass", "patch"]

_FUNCTIONS: dict[str, Kind] = {
    "os.getenv": "read",
    "os.getenvb": "read",
    "os.putenv": "write",
    "os.unsetenv": "delete",
}
_ENVIRONMENT = ("os.environ", "os.environb", "posix.environ", "nt.environ", *_FUNCTIONS)
_KINDS: dict[int, Kind] = {
    CALL: "read",
    GET_ITEM: "read",
    SET_ITEM: "write",
    WRITE: "write",
    DELETE_ITEM: "delete",
    DELETE: "delete",
    CONTAINS: "test",
    ITERATE: "iterate",
}
_METHODS: dict[str, Kind] = {
    **dict.fromkeys(("get", "__getitem__"), "read"),
    **dict.fromkeys(("setdefault", "update", "__setitem__", "__ior__"), "write"),
    **dict.fromkeys(("pop", "popitem", "clear", "__delitem__"), "delete"),
    "__contains__": "test",
    **dict.fromkeys(("keys", "values", "items", "__iter__"), "iterate"),
}
_PATCHERS = (".dict", ".setitem", ".delitem")  # of `patch` and `monkeypatch`: they take a mapping first


class Access(NamedTuple):
    """One place that touches the environment."""

    span: Span
    kind: Kind
    source: str  # what is touched, by its configured name: "os.environ", "os.getenv"
    keys: tuple[str, ...]  # the constant ones; more than one where a call writes several
    via: tuple[str, ...]  # the files that hand the environment on to this one
    name: str = ""  # all that is named there, such as "os.environ.get"; "" where it may be another thing


def accesses(file: File, project: Project, also: tuple[str, ...] = ()) -> list[Access]:
    """Every access in a file, each place once; `also` names further mappings and functions."""
    environment = symbols((*_ENVIRONMENT, *at_home(project, also)))
    references = file.references
    if not references.has_star and not environment.match_any_beginning(references):
        return []
    found: dict[Span, Access] = {}
    for used in file.uses:
        for access in _of_use(used, file.path, project, environment):
            # What a loop goes through is a use of its own; a call comes before it, and has the key.
            found.setdefault(access.span, access)
    if any(access.kind == "pass" for access in found.values()):
        patched = _after_patchers(file)
        for span, access in found.items():
            if access.kind == "pass" and span[:2] in patched:
                found[span] = access._replace(kind="patch")
    for quoted in references.quoted:
        for meaning in quoted.meanings:
            source, _ = _source(meaning, project, environment)
            if source:
                span = span_of(quoted, file)
                found.setdefault(span, Access(span, "patch", source, (), meaning.via))
    return list(found.values())


def _of_use(used: Used, path: str, project: Project, environment: SymbolPatterns) -> Iterator[Access]:
    written = used.use.name.split(".")
    for index, meanings in enumerate(used.steps):
        for meaning in meanings:
            source, inside = _source(meaning, project, environment)
            if source and meaning.path != path:
                member = next(iter((*inside, *written[index + 1 :])), "")
                kind = _kind(used.use.how, source, member)
                is_sure = len(meanings) == 1 and used.use.how not in (WRITE, DELETE)
                name = ".".join((source, *inside, *written[index + 1 :])) if is_sure else ""
                for span, keys in _places(used.use):
                    yield Access(span, kind, source, keys, meaning.via, name)
                return


def _source(meaning: Meaning, project: Project, environment: SymbolPatterns) -> tuple[str, list[str]]:
    """The part of the environment that something lies within, "" for none, and the names inside of that."""
    for name in project.names(meaning):
        source = environment.within(name)
        if source:
            return source, list(filter(None, name[len(source) :].split(".")))
    return "", []


def _kind(how: int, source: str, member: str) -> Kind:
    if member:
        return _METHODS.get(member, "pass")
    return _FUNCTIONS.get(source) or _KINDS.get(how, "pass")


def _places(use: Use) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Where a use stands, and the constant keys that each place names if it is one of the environment."""
    if use.how == CALL:
        is_update = use.name.endswith(".update")
        for span, arguments in zip(use.spans(), use.arguments):
            yield span, arguments.keywords if is_update else _first_argument(arguments)
    else:
        keys = () if use.key is None else (use.key,)
        for span in use.spans():
            yield span, keys


def _first_argument(arguments: Arguments) -> tuple[str, ...]:
    given = dict(arguments.literals)
    return tuple(given[place] for place in ("0", "key") if place in given)[:1]


def _after_patchers(file: File) -> set[tuple[int, int]]:
    """The places right behind `patch.dict(` and its like: what stands there is patched, not passed on."""
    uses = (*file.details.uses, *file.bodies.members)
    calls = (use for use in uses if use.how == CALL and use.name.endswith(_PATCHERS))
    return {(span.end_line, span.end_column + 1) for use in calls for span in use.spans()}


def key_places(
    file: File, project: Project, accessors: tuple[str, ...], is_key: Callable[[str], bool]
) -> Iterator[tuple[str, Span]]:
    """Every constant key that a file gives to the environment or to an accessor, and where it does.

    An accessor is the dotted name of a function or object, or a pattern, by its home or as it is
    written; with `()` at the end it stands for what the function returns.
    """
    members = file.bodies.members if accessors else ()
    uses = [
        (use, span, key)
        for use in (*file.details.uses, *members)
        if use.key is not None or use.arguments
        for span, keys in _places(use)
        for key in keys
        if is_key(key)
    ]
    if not uses:
        return
    names = at_home(project, tuple(name for name in accessors if not name.endswith("()")))
    named, known = symbols(names), symbols((*_ENVIRONMENT, *names))
    functions = tuple(name[:-2] for name in accessors if name.endswith("()"))
    returned = _returned(file, project, at_home(project, functions))
    for use, span, key in uses:
        if use.name.startswith("."):
            # The object is an expression: what a call returns, if `()` and the name fill the rest.
            end = returned.get(span[:2])
            takes_key = end == (span.end_line, span.end_column - len(use.name))
        else:
            takes_key = bool(named.within(use.name)) or _leads(use, file, project, known.within)
        if takes_key:
            yield key, span


def _returned(
    file: File, project: Project, functions: tuple[str, ...]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Where calls of functions without arguments end, by where they start."""
    if not functions:
        return {}
    named = symbols(functions)
    return {
        (span.line, span.column): (span.end_line, span.end_column + len("()"))
        for use in (*file.details.uses, *file.bodies.members)
        if use.how == CALL and (named.match(use.name) or _leads(use, file, project, named.match))
        for span in use.spans()
    }


def _leads(use: Use, file: File, project: Project, is_meant: Callable[[str], object]) -> bool:
    """Whether a name means something that is meant."""
    meanings = project.resolve(file.path, use.name, use.home)
    return any(is_meant(name) for meaning in meanings for name in project.names(meaning))

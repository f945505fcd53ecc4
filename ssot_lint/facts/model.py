"""The facts of one source text, as plain data.

Nothing here is derived from the file's path or from configuration, so facts can be stored under the
digest of the text alone. Lines and columns are 1-based; columns count characters.

Facts come in three parts. The `Outline` is what other files may ask about (names, classes, exports):
a run over the whole tree keeps it in memory. The `Details` are what a file names of other modules, the
`Bodies` what happens inside it: both are read only while their file is checked, and only if asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ssot_lint.finding import Span

FACTS_VERSION = 4
"""Raise it with every change of the meaning or shape of anything in this module."""

SKETCH_SIZE = 16
"""A sketch of so many hashes has left out the larger ones."""

# How a scope binds a name (`Binding.kind`).
IMPORT = 0  # import module [as name]
FROM = 1  # from module import name
CLASS = 2
FUNCTION = 3
ALIAS = 4  # name = other.name
VALUE = 5  # anything else: unknown

# Where a statement stands (`context`, flags).
IN_FUNCTION = 1
IN_CLASS = 2
IN_TYPE_CHECKING = 4
IN_TRY = 8  # the body of a `try` that catches ImportError
IN_FALLBACK = 16  # the `except ImportError` branch of such a `try`
IN_CONDITION = 32  # any other `if`, `while`, `match`
IN_MAIN_GUARD = 64
IN_IMPORT_GUARD = 128  # in either branch of such a `try` that names ImportError or ModuleNotFoundError

# What is done with a name (`Use.how`).
READ = 0
WRITE = 1
DELETE = 2
CALL = 3
RAISE = 4
CATCH = 5
DECORATE = 6
INHERIT = 7
INSTANCE_OF = 8  # second argument of isinstance or issubclass
GET_ITEM = 9
SET_ITEM = 10
DELETE_ITEM = 11
CONTAINS = 12  # right of `in`
ITERATE = 13
ALONE = 14  # an attribute that is a statement of its own, or all that an `assert` asks

# Which scope binds the first part of a used name (`home`): an index of `Outline.scopes`, or one of these.
BUILTIN = -1  # no scope binds it: a builtin, or undefined
LOCAL = -2  # a parameter or variable: its value is unknown


class Binding(NamedTuple):
    """One way in which a scope gives a name its meaning."""

    kind: int
    module: str  # IMPORT and FROM: the module as written, without the dots of a relative import
    name: str  # FROM: the imported name; CLASS: its qualname; ALIAS: the dotted name on the right
    level: int  # FROM: the number of leading dots
    line: int
    context: int


class Scope(NamedTuple):
    """The names that a module, class or function binds to imports, definitions and aliases."""

    qualname: str  # "" for the module
    parent: int  # index of the enclosing scope, -1 for the module
    names: dict[str, tuple[Binding, ...]]


class Reference(NamedTuple):
    """A dotted name as written, with the scope that binds its first part; "" where it is no plain name."""

    name: str
    home: int
    span: Span


class Class(NamedTuple):
    """A class statement."""

    name: str
    qualname: str
    bases: tuple[Reference, ...]
    keywords: tuple[str, ...]
    decorators: tuple[Reference, ...]
    members: tuple[str, ...]  # every name bound in the body
    methods: tuple[str, ...]
    span: Span  # of the name
    line: int  # of the `class` keyword
    end_line: int
    context: int
    digest: str  # of the body without docstrings, comments and positions
    size: int  # the body's length in syntax tokens, docstrings left out
    sketch: tuple[int, ...]  # the smallest hashes of its parts, for comparing nearly equal bodies


class Constant(NamedTuple):
    """A name bound to a literal at module or class level."""

    name: str  # qualified: "LIMIT", "Colour.RED"
    value: str  # as `repr` writes it, "'red'"
    span: Span  # of the value


class Parameter(NamedTuple):
    """A parameter; `kind` is one of the five names of `inspect.Parameter`, in lower case."""

    name: str
    kind: str
    has_default: bool
    annotation: str  # dotted name, or "" for none or for anything else


class Function(NamedTuple):
    """A function statement."""

    name: str
    qualname: str
    is_method: bool
    is_async: bool
    parameters: tuple[Parameter, ...]
    decorators: tuple[Reference, ...]
    super_calls: tuple[str, ...]  # methods called on `super()`
    body: str  # one of BODY_KINDS
    asserts: bool  # has an assert statement, or calls something named assert*, raises, warns, fail
    span: Span  # of the name
    line: int
    end_line: int
    context: int
    digest: str
    size: int
    sketch: tuple[int, ...]


BODY_KINDS = ("", "docstring", "pass", "ellipsis", "constant-assertion", "skip", "todo", "uncalled-function")
"""What a function's body amounts to, where it does nothing; "" for a body that does something."""


class Import(NamedTuple):
    """One name of an import statement."""

    module: str  # "" in `from . import name`
    level: int
    name: str  # "" for `import module`, "*" for a star import
    alias: str  # "" where there is no `as`
    home: int  # index of the scope that it binds a name in
    context: int
    span: Span  # of this name with its alias
    statement: Span  # of the whole statement


class Arguments(NamedTuple):
    """What a call passes, as far as rules compare it."""

    positional: int
    keywords: tuple[str, ...]
    is_open: bool  # has *args or **kwargs, so that more may be passed than is seen
    literals: tuple[tuple[str, str], ...]  # strings by position ("0") or keyword: words, and commands to run
    constants: tuple[tuple[str, str], ...]  # True, False, None and numbers, as `repr` writes them


class Use(NamedTuple):
    """Every place that names one thing in one way: something known, or an attribute of anything.

    `name` is dotted as written; it starts with "." where the object is no plain name, as in `f().x`.
    Places are numbers, see `spans`.
    """

    name: str
    home: int
    how: int
    key: str | None  # the constant string of `x["key"]` or `"key" in x`
    arguments: tuple[Arguments, ...]  # of calls, one for each place
    places: tuple[int, ...]
    ends: tuple[int, ...]  # empty where each place is as long as the name

    def spans(self) -> Iterator[Span]:
        """Where the name stands, in no particular order."""
        return _spans(self.places, self.ends, len(self.name))


class Literal(NamedTuple):
    """Every place of a string constant that is one word, and so may repeat a named constant."""

    value: str
    where: str  # "argument", "key", "compare", "item" or ""
    places: tuple[int, ...]
    ends: tuple[int, ...]  # empty where each place is as long as the value and two quotes

    def spans(self) -> Iterator[Span]:
        """Where the constant stands, in no particular order."""
        return _spans(self.places, self.ends, len(self.value) + 2)


WIDEST = (1 << 20) - 1


def place(line: int, column: int) -> int:
    """One number for a line and a column (at most `WIDEST`), in the order of the source."""
    return line << 20 | min(column, WIDEST)


def _spans(places: tuple[int, ...], ends: tuple[int, ...], width: int) -> Iterator[Span]:
    for index, start in enumerate(places):
        end = ends[index] if ends else start + width
        yield Span(start >> 20, start & WIDEST, end >> 20, end & WIDEST)


class Suppression(NamedTuple):
    """A comment `# ssot: allow rule[, ...] -- reason` or `# ssot: allow-file ...`."""

    rules: tuple[str, ...]  # empty where the comment is not of this form
    reason: str
    whole_file: bool
    line: int  # the line that it speaks of
    span: Span  # of the comment


class Extent(NamedTuple):
    """The first and last line of a class or function."""

    qualname: str
    line: int
    end_line: int


class SyntaxFault(NamedTuple):
    """Why the text is not Python."""

    kind: str  # "syntax", "undecodable", "unreadable" or "crash"
    message: str  # the interpreter's words
    cause: str  # the likely cause in words a person can act on, or ""
    span: Span
    python: str  # the interpreter that judged, "3.11"


@dataclass(frozen=True, slots=True)
class Outline:
    """What other files may ask about this one."""

    scopes: tuple[Scope, ...] = (Scope("", -1, {}),)  # the module first
    classes: tuple[Class, ...] = ()
    constants: tuple[Constant, ...] = ()
    stars: tuple[Binding, ...] = ()  # star imports of the module, in order
    exports: tuple[str, ...] | None = None  # `__all__`, where it is a literal
    export_sources: tuple[str, ...] = ()  # dotted names whose `__all__` is added to ours
    fault: SyntaxFault | None = None
    parsed: bool = True  # False: nothing but `fault` is known


@dataclass(frozen=True, slots=True)
class Details:
    """What this file names of other modules, and what its comments say."""

    imports: tuple[Import, ...] = ()
    uses: tuple[
        Use, ...
    ] = ()  # of what is imported, defined or built in; all calls that pass a dotted name as text
    suppressions: tuple[Suppression, ...] = ()
    extents: tuple[Extent, ...] = ()
    type_checking: tuple[tuple[int, int], ...] = ()  # first and last line of each such block
    main_guard: Span | None = None
    lines: int = 0
    comment_lines: int = 0
    code_comment_lines: int = 0  # comment lines that read as commented-out code


@dataclass(frozen=True, slots=True)
class Bodies:
    """What happens inside the functions and classes of this file."""

    functions: tuple[Function, ...] = ()
    literals: tuple[Literal, ...] = ()
    members: tuple[Use, ...] = ()  # attributes of parameters, variables and other unknown objects


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one source text says about itself."""

    outline: Outline = field(default_factory=Outline)
    details: Details = field(default_factory=Details)
    bodies: Bodies = field(default_factory=Bodies)

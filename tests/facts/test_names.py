"""What a text binds and names, and where: imports, scopes, uses, literals."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.facts import model
from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import BUILTIN, LOCAL, Arguments, Binding, Facts, Import, Use
from ssot_lint.finding import Span

CONTEXTS = {
    "": 0,
    "function": model.IN_FUNCTION,
    "class": model.IN_CLASS,
    "checking": model.IN_TYPE_CHECKING,
    "try": model.IN_TRY,
    "fallback": model.IN_FALLBACK,
    "condition": model.IN_CONDITION,
    "guard": model.IN_MAIN_GUARD,
    "named": model.IN_IMPORT_GUARD,
}
HOWS = {
    model.READ: "read",
    model.WRITE: "write",
    model.DELETE: "delete",
    model.CALL: "call",
    model.RAISE: "raise",
    model.CATCH: "catch",
    model.DECORATE: "decorate",
    model.INHERIT: "inherit",
    model.INSTANCE_OF: "instance",
    model.GET_ITEM: "get",
    model.SET_ITEM: "set",
    model.DELETE_ITEM: "delete item",
    model.CONTAINS: "contains",
    model.ITERATE: "iterate",
    model.ALONE: "alone",
}


def facts(text: str) -> Facts:
    found = extract(text.encode())
    assert found.outline.fault is None, found.outline.fault
    return found


def uses(text: str) -> list[Use]:
    found = facts(text)
    return [*found.details.uses, *found.bodies.members]


# imports


IMPORTS = {
    "module": ("import a", [("a", 0, "", "")]),
    "dotted module": ("import a.b.c", [("a.b.c", 0, "", "")]),
    "alias": ("import a.b as c", [("a.b", 0, "", "c")]),
    "several": ("import a, b as c", [("a", 0, "", ""), ("b", 0, "", "c")]),
    "from": ("from a.b import c", [("a.b", 0, "c", "")]),
    "from, several": ("from a import b, c as d", [("a", 0, "b", ""), ("a", 0, "c", "d")]),
    "star": ("from a import *", [("a", 0, "*", "")]),
    "relative": ("from . import a", [("", 1, "a", "")]),
    "relative module": ("from ..a.b import c", [("a.b", 2, "c", "")]),
    "four dots": ("from .... import a", [("", 4, "a", "")]),
    "future": ("from __future__ import annotations", [("__future__", 0, "annotations", "")]),
}


@pytest.mark.parametrize(("text", "entries"), IMPORTS.values(), ids=IMPORTS.keys())
def test_imports(text: str, entries: list[tuple[str, int, str, str]]) -> None:
    assert [tuple(entry[:4]) for entry in facts(text).details.imports] == entries


def test_spans_of_imports() -> None:
    text = "x = 'ä'; import a.b as c, d\nif x:\n\tfrom . import (\n\t  e as f,\n\t)\n"
    statement, other = Span(1, 10, 1, 28), Span(3, 2, 5, 3)
    assert facts(text).details.imports == (
        Import("a.b", 0, "", "c", 0, 0, Span(1, 17, 1, 25), statement),
        Import("d", 0, "", "", 0, 0, Span(1, 27, 1, 28), statement),
        Import("", 1, "e", "f", 0, model.IN_CONDITION, Span(4, 4, 4, 10), other),
    )


TRY = "try:\n    {0}\nexcept {1}:\n    pass\n"
PLACES = {
    "module": ("", "{0}\n"),
    "function": ("function", "def f():\n    {0}\n"),
    "async function": ("function", "async def f():\n    {0}\n"),
    "class": ("class", "class A:\n    {0}\n"),
    "method": ("class function", "class A:\n    def f(self):\n        {0}\n"),
    "class in a function": ("function class", "def f():\n    class A:\n        {0}\n"),
    "if": ("condition", "if x:\n    {0}\n"),
    "else": ("condition", "if x:\n    pass\nelse:\n    {0}\n"),
    "elif": ("condition", "if x:\n    pass\nelif y:\n    {0}\n"),
    "for": ("condition", "for x in y:\n    {0}\n"),
    "while": ("condition", "while x:\n    {0}\n"),
    "match": ("condition", "match x:\n    case 1:\n        {0}\n"),
    "with": ("", "with x:\n    {0}\n"),
    "checking": ("checking", "if TYPE_CHECKING:\n    {0}\n"),
    "checking, dotted": ("checking", "if typing.TYPE_CHECKING:\n    {0}\n"),
    "checking and more": ("checking", "if TYPE_CHECKING and x:\n    {0}\n"),
    "else of checking": ("", "if TYPE_CHECKING:\n    pass\nelse:\n    {0}\n"),
    "not checking": ("", "if not TYPE_CHECKING:\n    {0}\n"),
    "else of not checking": ("checking", "if not TYPE_CHECKING:\n    pass\nelse:\n    {0}\n"),
    "not not checking": ("checking", "if not not TYPE_CHECKING:\n    {0}\n"),
    "checking or more": ("condition", "if TYPE_CHECKING or x:\n    {0}\n"),
    "another name": ("condition", "if MY_TYPE_CHECKING:\n    {0}\n"),
    "elif checking": ("checking", "if x:\n    pass\nelif TYPE_CHECKING:\n    {0}\n"),
    "checking in a function": ("function checking", "def f():\n    if TYPE_CHECKING:\n        {0}\n"),
    "try": ("try named", TRY.format("{0}", "ImportError")),
    "try, missing module": ("try named", TRY.format("{0}", "ModuleNotFoundError")),
    "try, one of two": ("try named", TRY.format("{0}", "(KeyError, ImportError)")),
    "try, anything": ("try", "try:\n    {0}\nexcept:\n    pass\n"),
    "try, another error": ("", TRY.format("{0}", "KeyError")),
    "try, any error": ("try", TRY.format("{0}", "Exception")),
    "try, any error as well": (
        "try named",
        "try:\n    {0}\nexcept ImportError: ...\nexcept Exception: ...\n",
    ),
    "try in a try": (
        "try named",
        "try:\n  try:\n    {0}\n  except ImportError: ...\nexcept Exception: ...\n",
    ),
    "fallback of any error": ("fallback", "try:\n    pass\nexcept:\n    {0}\n"),
    "fallback": ("fallback named", "try:\n    pass\nexcept ImportError:\n    {0}\n"),
    "handler of another error": ("condition", "try:\n    pass\nexcept KeyError:\n    {0}\n"),
    "else of try": ("", "try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    {0}\n"),
    "finally": ("", "try:\n    pass\nfinally:\n    {0}\n"),
    "guard": ("guard", "if __name__ == '__main__':\n    {0}\n"),
    "guard, turned": ("guard", "if '__main__' == __name__:\n    {0}\n"),
    "else of the guard": ("condition", "if __name__ == '__main__':\n    pass\nelse:\n    {0}\n"),
    "no guard": ("condition", "if __name__ != '__main__':\n    {0}\n"),
    "guard in a function": ("function condition", "def f():\n    if __name__ == '__main__':\n        {0}\n"),
}


@pytest.mark.parametrize(("words", "text"), PLACES.values(), ids=PLACES.keys())
def test_contexts(words: str, text: str) -> None:
    found = facts(text.format("import z"))
    context = sum(CONTEXTS[word] for word in words.split())
    assert [entry.context for entry in found.details.imports] == [context]
    (binding,) = next(scope.names["z"] for scope in found.outline.scopes if "z" in scope.names)
    assert binding[:4] == (model.IMPORT, "z", "", 0)
    assert binding.context == context


# scopes and bindings


def kinds(text: str, qualname: str = "") -> dict[str, list[int]]:
    """Kinds of what a scope binds, by name."""
    (scope,) = (scope for scope in facts(text).outline.scopes if scope.qualname == qualname)
    return {name: [binding.kind for binding in bindings] for name, bindings in scope.names.items()}


BINDINGS = {
    "import": ("import a.b", {"a": [model.IMPORT]}),
    "from": ("from a import b as c", {"c": [model.FROM]}),
    "class": ("class A: ...", {"A": [model.CLASS]}),
    "function": ("def f(): ...", {"f": [model.FUNCTION]}),
    "alias": ("import a\nb = a.c", {"a": [model.IMPORT], "b": [model.ALIAS]}),
    "alias of a builtin": ("b = dict", {"b": [model.ALIAS]}),
    "several": ("try:\n import a\nexcept ImportError:\n a = dict", {"a": [model.IMPORT, model.ALIAS]}),
    "value": ("a = 1", {"a": [model.VALUE]}),
    "value and import": ("import a\na = 1", {"a": [model.IMPORT]}),
    "tuple": ("a, (b, *c) = d", dict.fromkeys("abc", [model.VALUE])),
    "augmented": ("a += 1", {"a": [model.VALUE]}),
    "annotated": ("a: int", {"a": [model.VALUE]}),
    "for": ("for a in b: ...", {"a": [model.VALUE]}),
    "for, tuple": ("for a, b in c: ...", dict.fromkeys("ab", [model.VALUE])),
    "with": ("with b as a: ...", {"a": [model.VALUE]}),
    "except": ("try: ...\nexcept B as a: ...", {"a": [model.VALUE]}),
    "walrus": ("(a := 1)", {"a": [model.VALUE]}),
    "walrus in a comprehension": ("[(a := b) for b in c]", {"a": [model.VALUE]}),
    "comprehension": ("[a for a in b]", {}),
    "lambda": ("lambda a: a", {}),
    "match": ("match x:\n case [a, *b, {'k': c, **d}]: ...", dict.fromkeys("abcd", [model.VALUE])),
    "match as": ("match x:\n case A(b=1) as a: ...", {"a": [model.VALUE]}),
    "del": ("del a", {"a": [model.VALUE]}),
    "global": ("def f():\n global a\n a = 1", {"f": [model.FUNCTION], "a": [model.VALUE]}),
    "global import": ("def f():\n global a\n import a", {"f": [model.FUNCTION], "a": [model.IMPORT]}),
    "nonlocal": ("def f():\n a = 1\n def g():\n  nonlocal a\n  a = 2", {"f": [model.FUNCTION]}),
    "attribute": ("a.b = 1", {}),
    "item": ("a[b] = 1", {}),
}


@pytest.mark.parametrize(("text", "names"), BINDINGS.values(), ids=BINDINGS.keys())
def test_bindings_of_a_module(text: str, names: dict[str, list[int]]) -> None:
    assert kinds(text) == names


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of 3.12")
def test_type_parameters_and_type_statements() -> None:
    text = "type X = int\nclass A[T]: ...\ndef f[U](x: U): return U.a\nimport U\n"
    assert kinds(text) == {"X": [model.VALUE], "A": [model.CLASS], "f": [model.FUNCTION], "U": [model.IMPORT]}
    assert [use.home for use in uses(text) if use.name == "U.a"] == [LOCAL]


def test_scopes_hold_what_they_bind() -> None:
    text = (
        "import a\nclass A:\n  import b\n  def f(self):\n    import c\n    class B(b.X): ...\n    return B\n"
        "def g():\n  def h():\n    import d\n  return h\n"
    )
    found = [(scope.qualname, scope.parent, sorted(scope.names)) for scope in facts(text).outline.scopes]
    assert found == [
        ("", -1, ["A", "a", "g"]),
        ("A", 0, ["b"]),
        ("A.f", 1, ["B", "c"]),
        ("g", 0, ["h"]),
        ("g.h", 3, ["d"]),
    ]


def test_bindings_say_where_things_come_from() -> None:
    scope = facts("import a.b as c\nfrom ..d import e as f\nclass G: ...\nh = c.i\n").outline.scopes[0]
    assert scope.names == {
        "c": (Binding(model.IMPORT, "a.b", "", 0, 1, 0),),
        "f": (Binding(model.FROM, "d", "e", 2, 2, 0),),
        "G": (Binding(model.CLASS, "", "G", 0, 3, 0),),
        "h": (Binding(model.ALIAS, "", "c.i", 0, 4, 0),),
    }


# uses

MODULE = 0
HOMES = {
    "module": ("import a\na.b", MODULE),
    "builtin": ("str.a", BUILTIN),
    "undefined": ("a.b", BUILTIN),
    "variable": ("a = 1\na.b", LOCAL),
    "in a function": ("import a\ndef f(): a.b", MODULE),
    "parameter": ("import a\ndef f(a): a.b", LOCAL),
    "star parameter": ("import a\ndef f(*a): a.b", LOCAL),
    "double star parameter": ("import a\ndef f(**a): a.b", LOCAL),
    "keyword-only parameter": ("import a\ndef f(*, a): a.b", LOCAL),
    "positional-only parameter": ("import a\ndef f(a, /): a.b", LOCAL),
    "parameter of a lambda": ("import a\nlambda a: a.b", LOCAL),
    "default of a parameter of that name": ("import a\ndef f(a=a.b): ...", MODULE),
    "annotation of a parameter of that name": ("import a\ndef f(a: a.b): ...", MODULE),
    "default of a lambda": ("import a\nlambda a=a.b: a", MODULE),
    "decorator of a function with that parameter": ("import a\n@a.b\ndef f(a): ...", MODULE),
    "variable of a function": ("import a\ndef f():\n a = 1\n a.b", LOCAL),
    "variable bound later": ("import a\ndef f():\n a.b\n a = 1", LOCAL),
    "variable of the function around": ("import a\ndef f():\n a = 1\n def g(): a.b", LOCAL),
    "variable of a class": ("import a\nclass A:\n a = 1\n a.b", LOCAL),
    "variable of a class, in a method": ("import a\nclass A:\n a = 1\n def f(self): a.b", MODULE),
    "base of a class with that variable": ("import a\nclass A(a.b):\n a = 1", MODULE),
    "variable of a comprehension": ("import a\n[a.b for a in c]", LOCAL),
    "after a comprehension": ("import a\n[a for a in c]\na.b", MODULE),
    "variable of a comprehension around": ("import a\n[[a.b for d in c] for a in c]", LOCAL),
    "loop": ("def f():\n import a\n for a in b: a.b", 1),
    "with": ("import a\ndef f():\n with b as a: a.b", LOCAL),
    "except": ("import a\ndef f():\n try: ...\n except E as a: a.b", LOCAL),
    "walrus": ("import a\ndef f():\n (a := 1)\n a.b", LOCAL),
    "walrus in a comprehension": ("import a\ndef f():\n [(a := c) for c in d]\n a.b", LOCAL),
    "match": ("import a\ndef f():\n match x:\n  case a: a.b", LOCAL),
    "del": ("import a\ndef f():\n del a\n a.b", LOCAL),
    "nested function of that name": ("import a\ndef f():\n def a(): ...\n a.b", 1),
    "global": ("import a\ndef f():\n global a\n a = 1\n a.b", MODULE),
    "global in a nested function": ("import a\ndef f():\n a = 1\n def g():\n  global a\n  a.b", MODULE),
    "nonlocal": ("import a\ndef f():\n a = 1\n def g():\n  nonlocal a\n  a.b", LOCAL),
    "import in a function": ("def f():\n import a\n a.b", 1),
    "import in the function around": ("def f():\n import a\n def g(): a.b", 1),
    "shadowed builtin": ("def f(str): str.a", LOCAL),
    "condition of a comprehension": ("import a\n[c for a in b if a.b]", LOCAL),
    "decorator in a function with that parameter": ("import a\ndef f(a):\n @a.b\n def g(): ...", LOCAL),
    "decorator in a class with that variable": ("import a\nclass A:\n @a.b\n def a(self): ...", LOCAL),
    "iterable of a comprehension": ("import a\n[a for a in a.b]", MODULE),
}


@pytest.mark.parametrize(("text", "home"), HOMES.values(), ids=HOMES.keys())
def test_home_of_a_use(text: str, home: int) -> None:
    found = {use.home for use in uses(text) if use.name in ("a.b", "str.a")}
    assert found == {home}


WAYS = {
    "read": ("x = a.b", [("a.b", "read")]),
    "alone": ("a.b", [("a.b", "alone")]),
    "asserted": ("assert a.b, a.c", [("a.b", "alone"), ("a.c", "read")]),
    "denied": ("assert not a.b", [("a.b", "read")]),
    "awaited": ("async def f(): await a.b", [("a.b", "read")]),
    "plain name": ("a", [("a", "read")]),
    "write": ("a.b = 1", [("a.b", "write")]),
    "augmented": ("a.b += 1", [("a.b", "write")]),
    "for target": ("for a.b in (): ...", [("a.b", "write")]),
    "delete": ("del a.b", [("a.b", "delete")]),
    "call": ("a.b()", [("a.b", "call")]),
    "call of a name": ("a()", [("a", "call")]),
    "raise": ("raise a.b", [("a.b", "raise")]),
    "raise of a call": ("raise a.b()", [("a.b", "raise"), ("a.b", "call")]),
    "catch": ("try: ...\nexcept a.b: ...", [("a.b", "catch")]),
    "catch of several": ("try: ...\nexcept (a.b, a.c): ...", [("a.b", "catch"), ("a.c", "catch")]),
    "decorate": ("@a.b\ndef f(): ...", [("a.b", "decorate")]),
    "decorate with arguments": ("@a.b(1)\nclass A: ...", [("a.b", "decorate"), ("a.b", "call")]),
    "inherit": ("class A(a.b): ...", [("a.b", "inherit")]),
    "isinstance": ("isinstance(x, a.b)", [("a.b", "instance"), ("a.b", "read")]),
    "isinstance of several": ("isinstance(x, (a.b, a.c))", [("a.b", "instance"), ("a.b", "read"), ("a.c", "instance"), ("a.c", "read")]),
    "get item": ("a.b['k']", [("a.b", "get", "k")]),
    "get unknown item": ("a.b[k]", [("a.b", "get")]),
    "set item": ("a.b['k'] = 1", [("a.b", "set", "k")]),
    "delete item": ("del a.b['k']", [("a.b", "delete item", "k")]),
    "contains": ("'k' in a.b", [("a.b", "contains", "k")]),
    "does not contain": ("'k' not in a.b", [("a.b", "contains", "k")]),
    "contains unknown": ("k in a.b", [("a.b", "contains")]),
    "iterate": ("for k in a.b: ...", [("a.b", "iterate")]),
    "iterate in a comprehension": ("[k for k in a.b]", [("a.b", "iterate")]),
    "attribute of a call": ("a.b().c", [("a.b", "call"), (".c", "alone")]),
    "method of a call": ("a.b().c()", [("a.b", "call"), (".c", "call")]),
    "attribute of an item": ("a.b['k'].c", [("a.b", "get", "k"), (".c", "alone")]),
    "in an f-string": ("f'{a.b}'", [("a.b", "read")]),
    "in an annotation": ("def f(x: a.b): ...", [("a.b", "read")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "found"), WAYS.values(), ids=WAYS.keys())
def test_what_is_done_with_a_name(text: str, found: list[tuple[str, ...]]) -> None:
    names = [
        (use.name, HOWS[use.how], *([use.key] if use.key is not None else []))
        for use in uses(f"import a\n{text}\n")
        if use.name.startswith((".", "a"))
    ]
    assert sorted(names) == sorted(found)


@pytest.mark.parametrize(
    "text",
    ["for x in os.a().b().c(): pass", "raise os.a().b().c()", "@os.a().b().c()\ndef f(): pass"],
    ids=["for", "raise", "decorator"],
)
def test_what_a_call_stands_on_is_used_once(text: str) -> None:
    found = facts(f"import os\n{text}\n")
    names = [use.name for use in (*found.details.uses, *found.bodies.members) for _ in use.places]
    assert (names.count("os.a"), names.count(".b")) == (1, 1)


def test_arguments() -> None:
    text = "import a\na.f()\na.f(1, 'x', k='y', *b)\na.f('two words', k=1, **c)\na.f('', 'a.b', x)\n"
    (use,) = (use for use in uses(text) if use.name == "a.f")
    by_line = {span.line: arguments for span, arguments in zip(use.spans(), use.arguments, strict=True)}
    assert by_line == {
        2: Arguments(0, (), False, (), ()),
        3: Arguments(3, ("k",), True, (("1", "x"), ("k", "y")), (("0", "1"),)),
        4: Arguments(1, ("k",), True, (), (("k", "1"),)),
        5: Arguments(3, (), False, (("1", "a.b"),), ()),
    }


def test_constant_arguments() -> None:
    (use,) = (
        use for use in uses("import a\na.f(None, True, -1, x=False, y=2.5, z=b'')\n") if use.name == "a.f"
    )
    assert use.arguments[0].constants == (
        ("0", "None"),
        ("1", "True"),
        ("x", "False"),
        ("y", "2.5"),
        ("z", "b''"),
    )


COMMANDS = {
    "list": ("a.run(['python', '-m', 'pytest', x])", (("0", "python -m pytest"),)),
    "string": ("a.system('pytest tests/ -q')", (("0", "pytest tests/ -q"),)),
    "keyword": ("a.Popen(args=('pytest',), shell=False)", (("args", "pytest"),)),
    "words of its own": ("a.create_subprocess_exec('pytest', '-q')", (("0", "pytest"), ("1", "-q"))),
    "starred": ("a.run([*x, 'pytest'])", (("0", "pytest"),)),
    "f-string": ("a.system(f'pytest {x} -q')", (("0", "pytest   -q"),)),
    "list bound to a name": ("c = ['pytest', '-q']\na.run(c)", (("0", "pytest -q"),)),
    "string bound to a name": ("c: str = 'pytest -q'\na.run(args=c)", (("args", "pytest -q"),)),
    "name bound twice": ("c = ['pytest']\nif x: c = ('unittest',)\na.run(c)", (("0", "pytest ; unittest"),)),
    "name bound around": (
        "def f():\n  c = ['pytest']\n  def g():\n    return [a.run(c) for x in y]\n",
        (("0", "pytest"),),
    ),
    "name bound elsewhere": ("def f():\n  c = ['pytest']\ndef g(c):\n  a.run(c)\n", ()),
    "parameter of the same name": ("c = ['pytest']\ndef g(c):\n  a.run(c)\n", ()),
    "variables alone": ("a.run(x, [y])", ()),
    "another function": ("a.show(['pytest'], 'two words')", ()),
}


@pytest.mark.parametrize(("text", "found"), COMMANDS.values(), ids=COMMANDS.keys())
def test_commands(text: str, found: tuple[tuple[str, str], ...]) -> None:
    (use,) = (use for use in uses(f"import a\n{text}\n") if use.name.startswith("a."))
    assert use.arguments[0].literals == found


SPANS = {
    "plain": ("a.b", [Span(2, 1, 2, 4)]),
    "several": ("a.b; a.b\na.b", [Span(2, 1, 2, 4), Span(2, 6, 2, 9), Span(3, 1, 3, 4)]),
    "spaces": ("a . b", [Span(2, 1, 2, 6)]),
    "lines": ("(a\n  .b)", [Span(2, 2, 3, 5)]),
    "continuation": ("a.\\\n b", [Span(2, 1, 3, 3)]),
    "comment between": ("(a # a.b\n.b)", [Span(2, 2, 3, 3)]),
    "wide characters": ("x = 'ä', a.b", [Span(2, 10, 2, 13)]),
    "characters of two units": ("x = '🙂', a.b", [Span(2, 10, 2, 13)]),
    "wide characters above": ("x = '🙂'\na.b", [Span(3, 1, 3, 4)]),
    "tab": ("if 1:\n\ta.b", [Span(3, 2, 3, 5)]),
    "call": ("a.b(\n1)", [Span(2, 1, 2, 4)]),
    "line separator": ("x = '\u2028'; a.b", [Span(2, 10, 2, 13)]),
    "form feed": ("x = '\f'; a.b", [Span(2, 10, 2, 13)]),
    "bracket around": ("((a).b)", [Span(2, 2, 2, 7)]),
}


@pytest.mark.parametrize(("text", "spans"), SPANS.values(), ids=SPANS.keys())
def test_spans_of_uses(text: str, spans: list[Span]) -> None:
    assert (
        sorted(span for use in uses(f"import a\n{text}\n") if use.name == "a.b" for span in use.spans())
        == spans
    )


def test_carriage_returns_end_lines() -> None:
    spans = [
        span
        for use in uses("import a\r\nx = '''\r\n'''\r\na.b\r\n")
        if use.name == "a.b"
        for span in use.spans()
    ]
    assert spans == [Span(4, 1, 4, 4)]


LITERALS = {
    "argument": ("f('x')", [("x", "argument")]),
    "keyword argument": ("f(k='x')", [("x", "")]),
    "key": ("{'x': 1}", [("x", "key")]),
    "value of a dict": ("{1: 'x'}", [("x", "")]),
    "comparison": ("y == 'x'", [("x", "compare")]),
    "item": ("y['x']", [("x", "item")]),
    "assignment": ("y = 'x'", [("x", "")]),
    "list": ("['x', 'z']", [("x", ""), ("z", "")]),
    "prose": ("y = 'some words'", []),
    "several lines": ("y = 'a\\nb'", []),
    "nothing": ("y = ''", []),
    "bytes": ("y = b'x'", []),
    "docstring": ("'x'", []),
    "f-string": ("y = f'x{z}'", []),
}


@pytest.mark.parametrize(("text", "found"), LITERALS.values(), ids=LITERALS.keys())
def test_literals(text: str, found: list[tuple[str, str]]) -> None:
    assert sorted((entry.value, entry.where) for entry in facts(f"1\n{text}\n").bodies.literals) == found


def test_spans_of_literals() -> None:
    (entry,) = facts("f('x')\nf( '🙂', 'x')\nf(u'x')\nf('''x''')\n").bodies.literals[:1]
    assert sorted(entry.spans()) == [Span(1, 3, 1, 6), Span(2, 9, 2, 12), Span(3, 3, 3, 7), Span(4, 3, 4, 10)]


def test_constants() -> None:
    text = "A = 1\nB: str = 'x'\nC = -1\nD = [1]\nE = F = None\nclass G:\n  H = 'y'\n  class I:\n    J = b'z'\ndef f():\n  K = 1\n"
    found = [(entry.name, entry.value) for entry in facts(text).outline.constants]
    assert found == [
        ("A", "1"),
        ("B", "'x'"),
        ("E", "None"),
        ("F", "None"),
        ("G.H", "'y'"),
        ("G.I.J", "b'z'"),
    ]
    assert facts(text).outline.constants[0].span == Span(1, 5, 1, 6)


EXPORTS: dict[str, tuple[str, tuple[str, ...] | None, tuple[str, ...]]] = {
    "none": ("", None, ()),
    "list": ("__all__ = ['a', 'b']", ("a", "b"), ()),
    "tuple": ("__all__ = 'a', 'b'", ("a", "b"), ()),
    "empty": ("__all__ = []", (), ()),
    "annotated": ("__all__: list[str] = ['a']", ("a",), ()),
    "added to": ("__all__ = ['a']\n__all__ += ['b']", ("a", "b"), ()),
    "added to, from nothing": ("__all__ += ['b']", ("b",), ()),
    "sum": ("__all__ = ['a'] + ['b']", ("a", "b"), ()),
    "sum with another": ("__all__ = ['a'] + m.__all__", ("a",), ("m.__all__",)),
    "another": ("__all__ = m.__all__", (), ("m.__all__",)),
    "spread": ("__all__ = ['a', *m.__all__]", ("a",), ("m.__all__",)),
    "another added": ("__all__ = ['a']\n__all__ += m.__all__", ("a",), ("m.__all__",)),
    "made": ("__all__ = [x for x in y]", (), ("",)),
    "replaced": ("__all__ = ['a']\n__all__ = ['b']", ("b",), ()),
    "in a function": ("def f():\n __all__ = ['a']", None, ()),
    "in a class": ("class A:\n __all__ = ['a']", None, ()),
    "under a condition": ("__all__ = ['a']\nif x:\n __all__ += ['b']", ("a", "b"), ()),
}


@pytest.mark.parametrize(("text", "exports", "sources"), EXPORTS.values(), ids=EXPORTS.keys())
def test_exports(text: str, exports: tuple[str, ...] | None, sources: tuple[str, ...]) -> None:
    outline = facts(text).outline
    assert exports == (outline.exports if outline.exports is None else tuple(sorted(outline.exports)))
    assert outline.export_sources == sources


def test_stars_in_order() -> None:
    text = "from a import *\ntry:\n    from ..b import *\nexcept ImportError:\n    from .c import *\n"
    assert [(star.level, star.module, star.context) for star in facts(text).outline.stars] == [
        (0, "a", 0),
        (2, "b", model.IN_TRY | model.IN_IMPORT_GUARD),
        (1, "c", model.IN_FALLBACK | model.IN_IMPORT_GUARD),
    ]


def test_main_guard() -> None:
    assert facts("x = 1\nif __name__ == '__main__':\n    f()\n").details.main_guard == Span(2, 1, 3, 8)
    assert facts("if __name__ == 'main':\n    f()\n").details.main_guard is None
    assert facts("def f():\n    if __name__ == '__main__': ...\n").details.main_guard is None


CHECKING = {
    "body": ("if TYPE_CHECKING:\n    a\n    b\n", [(2, 3)]),
    "not the else": ("if TYPE_CHECKING:\n    a\nelse:\n    b\n", [(2, 2)]),
    "the else of not": ("if not TYPE_CHECKING:\n    a\nelse:\n    b\n", [(4, 4)]),
    "no else of not": ("if not TYPE_CHECKING:\n    a\n", []),
    "in a function": ("def f():\n    if t.TYPE_CHECKING:\n        a\n", [(3, 3)]),
    "two": ("if TYPE_CHECKING:\n    a\nif TYPE_CHECKING:\n    b\n", [(2, 2), (4, 4)]),
    "on one line": ("if TYPE_CHECKING: a\n", [(1, 1)]),
    "a statement of several lines": ("if TYPE_CHECKING:\n    from a import (\n        b,\n    )\n", [(2, 4)]),
}


@pytest.mark.parametrize(("text", "ranges"), CHECKING.values(), ids=CHECKING.keys())
def test_ranges_for_type_checkers(text: str, ranges: list[tuple[int, int]]) -> None:
    assert list(facts(text).details.type_checking) == ranges


def test_deep_and_long_texts() -> None:
    for text in (
        "x = " + " + ".join(["a.b"] * 150),
        "x = a" + ".b" * 150,
        "if a: b\n" + "elif a: b\n" * 2000,
    ):
        found = extract(text.encode())
        assert found.outline.fault is None or "deep" in found.outline.fault.message
    assert extract(("x = " + "-" * 900 + "1").encode()).outline is not None

"""What a text says about its classes and functions."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import BUILTIN, LOCAL, Class, Function, Parameter, Reference
from ssot_lint.finding import Span


def classes(text: str) -> tuple[Class, ...]:
    outline = extract(text.encode()).outline
    assert outline.fault is None
    return outline.classes


def functions(text: str) -> tuple[Function, ...]:
    return extract(text.encode()).bodies.functions


def test_a_class() -> None:
    text = "import b\n@b.d\n@c(1)\nclass A(b.B, list, metaclass=M, **k):\n    x = 1\n    def f(self): ...\n    y: int\n"
    (entry,) = classes(text)
    assert entry.name == entry.qualname == "A"
    assert entry.bases == (
        Reference("b.B", 0, Span(4, 9, 4, 12)),
        Reference("list", BUILTIN, Span(4, 14, 4, 18)),
    )
    assert entry.keywords == ("metaclass", "**")
    assert [decorator.name for decorator in entry.decorators] == ["b.d", "c"]
    assert entry.members == ("f", "x", "y")
    assert entry.methods == ("f",)
    assert (entry.span, entry.line, entry.end_line) == (Span(4, 7, 4, 8), 4, 7)


BASES = {
    "name": ("B", ["B"]),
    "dotted": ("a.b.C", ["a.b.C"]),
    "generic": ("a.B[int]", ["a.B"]),
    "generic of several": ("B[int, str]", ["B"]),
    "call": ("make()", [""]),
    "attribute of a call": ("make().B", [""]),
    "item": ("bases[0]", ["bases"]),
    "conditional": ("B if x else C", [""]),
    "star": ("*bases", [""]),
    "several": ("B, c.D, E[int]", ["B", "c.D", "E"]),
    "none": ("", []),
    "keyword only": ("metaclass=M", []),
    "over lines": ("\n    B,\n    C,\n", ["B", "C"]),
}


@pytest.mark.parametrize(("bases", "names"), BASES.values(), ids=BASES.keys())
def test_bases(bases: str, names: list[str]) -> None:
    (entry,) = classes(f"class A({bases}): ...\n")
    assert [base.name for base in entry.bases] == names


def test_base_of_an_item_of_a_call() -> None:
    assert classes("class A(make()[int]): ...\n")[0].bases[0].name == ""


def test_homes_of_bases() -> None:
    text = (
        "import m\nclass A:\n    class In: ...\n    class B(In): ...\n    class C(m.X): ...\n"
        "def f(p):\n    import n\n    class D(n.X, m.X, p, p.q): ...\n"
    )
    homes = {entry.qualname: [base.home for base in entry.bases] for entry in classes(text)}
    scopes = [scope.qualname for scope in extract(text.encode()).outline.scopes]
    assert homes["A.B"] == [scopes.index("A")]
    assert homes["A.C"] == [0]
    assert homes["f.D"] == [scopes.index("f"), 0, LOCAL, LOCAL]


def test_qualnames_and_order() -> None:
    text = "class A:\n  class B:\n    def f(self):\n      class C: ...\n      def g(): ...\nasync def h():\n  class D: ...\n"
    assert [entry.qualname for entry in classes(text)] == ["A", "A.B", "A.B.f.C", "h.D"]
    assert [(entry.qualname, entry.is_method, entry.is_async) for entry in functions(text)] == [
        ("A.B.f", True, False),
        ("A.B.f.g", False, False),
        ("h", False, True),
    ]


def test_extents_hold_all_classes_and_functions() -> None:
    text = "class A:\n  def f(self):\n    x\n@d\ndef g():\n  y\n"
    assert sorted(extract(text.encode()).details.extents) == [("A", 1, 3), ("A.f", 2, 3), ("g", 5, 6)]


NAMES = {
    "plain": ("class Abc: ...", Span(1, 7, 1, 10)),
    "indented": ("if 1:\n\tclass Abc: ...", Span(2, 8, 2, 11)),
    "function": ("def abc(): ...", Span(1, 5, 1, 8)),
    "async function": ("async def abc(): ...", Span(1, 11, 1, 14)),
    "decorated": ("@a\ndef abc(): ...", Span(2, 5, 2, 8)),
    "wide name": ("class Größe: ...", Span(1, 7, 1, 12)),
    "after wide characters": ("if 'ä🙂': \n class Abc: ...", Span(2, 8, 2, 11)),
    "more spaces": ("class   Abc: ...", Span(1, 9, 1, 12)),
    "continuation": ("class \\\n  Abc: ...", Span(2, 3, 2, 6)),
    "more spaces, async": ("async  def  abc(): ...", Span(1, 13, 1, 16)),
}


@pytest.mark.parametrize(
    ("text", "span"),
    [pytest.param(*row, id=title) for title, row in NAMES.items()],
)
def test_span_of_the_name(text: str, span: Span) -> None:
    spans = [entry.span for entry in classes(text)] + [entry.span for entry in functions(text)]
    assert spans == [span]


PARAMETERS = {
    "none": ("", []),
    "plain": ("a", [("a", "positional_or_keyword", False, "")]),
    "annotated": ("a: b.C = 1", [("a", "positional_or_keyword", True, "b.C")]),
    "annotated otherwise": ("a: list[int]", [("a", "positional_or_keyword", False, "")]),
    "positional-only": (
        "a, b=1, /, c=2",
        [
            ("a", "positional_only", False, ""),
            ("b", "positional_only", True, ""),
            ("c", "positional_or_keyword", True, ""),
        ],
    ),
    "all kinds": (
        "a, /, b, *c: C, d, e=1, **f",
        [
            ("a", "positional_only", False, ""),
            ("b", "positional_or_keyword", False, ""),
            ("c", "var_positional", False, "C"),
            ("d", "keyword_only", False, ""),
            ("e", "keyword_only", True, ""),
            ("f", "var_keyword", False, ""),
        ],
    ),
    "keyword-only default of None": (
        "*, a=None, b",
        [("a", "keyword_only", True, ""), ("b", "keyword_only", False, "")],
    ),
}


@pytest.mark.parametrize(("text", "parameters"), PARAMETERS.values(), ids=PARAMETERS.keys())
def test_parameters(text: str, parameters: list[tuple[str, str, bool, str]]) -> None:
    (entry,) = functions(f"def f({text}): ...\n")
    assert entry.parameters == tuple(Parameter(*row) for row in parameters)


KINDS = {
    "something": ("", "return 1"),
    "docstring": ("docstring", "'''What.'''"),
    "pass": ("pass", "pass"),
    "ellipsis": ("ellipsis", "..."),
    "docstring and pass": ("pass", "'''What.'''\npass"),
    "ellipsis and pass": ("ellipsis", "...\npass"),
    "constant": ("pass", "'''What.'''\n1"),
    "assert True": ("constant-assertion", "assert True"),
    "assert 1 == 1": ("constant-assertion", "assert 1 == 1, 'why'"),
    "assert not False": ("constant-assertion", "assert not False"),
    "assertTrue(True)": ("constant-assertion", "self.assertTrue(True)"),
    "assertEqual(1, 1)": ("constant-assertion", "self.assertEqual(1, 1)"),
    "assert x": ("", "assert x"),
    "assertEqual(x, 1)": ("", "self.assertEqual(x, 1)"),
    "pass and assert True": ("constant-assertion", "pass\nassert True"),
    "skip": ("skip", "pytest.skip('later')"),
    "skip and more": ("skip", "pytest.skip('later')\nassert f()"),
    "skipTest": ("skip", "self.skipTest('later')"),
    "raise SkipTest": ("skip", "raise unittest.SkipTest('later')"),
    "todo": ("todo", "raise NotImplementedError"),
    "todo, called": ("todo", "raise NotImplementedError('later')"),
    "another error": ("", "raise ValueError"),
    "uncalled function": ("uncalled-function", "def test(): assert f()"),
    "called function": ("", "def test(): assert f()\ntest()"),
    "decorated function": ("", "@d\ndef test(): assert f()"),
    "bare raise": ("", "raise"),
    "something and pass": ("", "f()\npass"),
}


@pytest.mark.parametrize(("kind", "body"), KINDS.values(), ids=KINDS.keys())
def test_body_kinds(kind: str, body: str) -> None:
    lines = body.replace("\n", "\n    ")
    assert functions(f"def f(self):\n    {lines}\n")[0].body == kind


ASSERTS = {
    "assert": (True, "assert x"),
    "assert method": (True, "self.assertEqual(x, 1)"),
    "assert of a mock": (True, "m.assert_called_once()"),
    "assert of an attribute of a call": (False, "m().check()"),
    "raises": (True, "with pytest.raises(E): f()"),
    "warns": (True, "with pytest.warns(E): f()"),
    "fail": (True, "pytest.fail('x')"),
    "in a loop": (True, "for a in b:\n    if c: assert a"),
    "in a nested function": (True, "def g(): assert x\ng()"),
    "nothing": (False, "f(x)"),
    "a name only": (False, "x = assert_equal"),
    "a string": (False, "x = 'assert x'"),
}


@pytest.mark.parametrize(("expected", "body"), ASSERTS.values(), ids=ASSERTS.keys())
def test_asserts(expected: bool, body: str) -> None:
    lines = body.replace("\n", "\n    ")
    assert functions(f"def f(self):\n    {lines}\n")[0].asserts is expected


def test_asserts_belong_to_their_function() -> None:
    first, second = functions("def f():\n    assert x\ndef g():\n    y\n")
    assert (first.asserts, second.asserts) == (True, False)


SUPER_CALLS = {
    "plain": (("setUp",), "super().setUp()"),
    "with arguments": (("setUp",), "super(A, self).setUp(1)"),
    "several": (("a", "b"), "super().a()\nsuper().b()"),
    "awaited": (("a",), "return super().a()"),
    "another object": ((), "self.setUp()"),
    "not called": ((), "super().setUp"),
    "in a nested function": ((), "def g(): super().a()"),
}


@pytest.mark.parametrize(("names", "body"), SUPER_CALLS.values(), ids=SUPER_CALLS.keys())
def test_super_calls(names: tuple[str, ...], body: str) -> None:
    lines = body.replace("\n", "\n        ")
    assert sorted(functions(f"class A:\n    def f(self):\n        {lines}\n")[0].super_calls) == sorted(names)


def test_members_of_a_class() -> None:
    text = (
        "class A:\n    import a\n    from b import c as d\n    e = f = 1\n    g: int\n    class H: ...\n"
        "    def i(self): self.no = 1\n    async def j(self): ...\n    for k in (): ...\n    if x:\n        l = 1\n"
        "    m, n = 1, 2\n    [o for o in ()]\n"
    )
    (entry, _) = classes(text)
    assert entry.members == tuple("Hadefgijklmn")
    assert entry.methods == ("i", "j")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of 3.12")
def test_classes_and_functions_with_type_parameters() -> None:
    text = "class A[T: int](B[T]):\n    def f[U](self, x: U) -> U: ...\n"
    (entry,) = classes(text)
    assert [base.name for base in entry.bases] == ["B"]
    assert [parameter.annotation for parameter in functions(text)[0].parameters] == ["", "U"]


def test_a_class_defined_twice() -> None:
    found = classes("if x:\n    class A: a = 1\nelse:\n    class A: b = 1\n")
    assert [(entry.qualname, entry.members) for entry in found] == [("A", ("a",)), ("A", ("b",))]

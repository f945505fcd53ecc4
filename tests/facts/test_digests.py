"""Digests of bodies: equal for what is the same code, different for every real change."""

from __future__ import annotations

import ast
import sys
from itertools import combinations

import pytest

from ssot_lint.facts.extract import extract


def digest(body: str) -> str:
    """The digest of a class with the statements of `body`."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    outline = extract(f"class A:\n{lines}\n".encode()).outline
    assert outline.fault is None
    return outline.classes[0].digest


SAME = {
    "layout": ("x = f(1, 2)", "x = f(\n    1,\n    2,\n)"),
    "blank lines": ("x = 1\ny = 2", "x = 1\n\n\n\ny = 2"),
    "semicolons": ("x = 1\ny = 2", "x = 1; y = 2"),
    "comments": ("x = 1", "# before\nx = 1  # beside\n# after"),
    "docstring": ("x = 1", '"""What."""\nx = 1'),
    "another docstring": ('"""This."""\nx = 1', "'That.'\nx = 1"),
    "docstring of a method": ("def f(self):\n    return 1", 'def f(self):\n    """What."""\n    return 1'),
    "quotes": ("x = 'a'", 'x = "a"'),
    "string in parts": ("x = 'ab'", "x = 'a' 'b'"),
    "escapes": ("x = 'a'", "x = '\\x61'"),
    "way of writing a number": ("x = 255", "x = 0xff"),
    "underscores of a number": ("x = 1000", "x = 1_000"),
    "brackets": ("x = (1 + 2) * 3", "x = ((1 + 2) * (3))"),
    "continuation": ("x = 1 + 2", "x = 1 + \\\n    2"),
    "elif": ("if a:\n    b\nelif c:\n    d", "if a:\n    b\nelse:\n    if c:\n        d"),
    "body on the line": ("def f(self): return 1", "def f(self):\n    return 1"),
    "spaces of an f-string": ("x = f'{a}'", "x = f'{ a }'"),
    "tuple": ("x = 1, 2", "x = (1, 2)"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_equal_for_the_same_code(one: str, other: str) -> None:
    assert digest(one) == digest(other)


# Rows of snippets of which every two are different code.
DIFFERENT = {
    "statements": ["x", "x = 1", "x += 1", "x: 1", "del x", "pass", "...", "import x", "assert x", "raise x", "'x'"],
    "constants": ["x = 1", "x = 1.0", "x = True", "x = '1'", "x = b'1'", "x = 1j", "x = None", "x = ...", "x = -1"],
    "zeros": ["x = 0", "x = 0.0", "x = False", "x = ''", "x = b''", "x = 0j", "x = ()", "x = []", "x = {}", "x = -0.0"],
    "order": ["x = 1\ny = 2", "y = 2\nx = 1", "x = 2\ny = 1", "x = 1, 2", "x = y = 1", "y = x = 1"],
    "binary operators": [f"x = a {op} b" for op in ("+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^")],
    "operands": ["x = a - b", "x = b - a", "x = a - b - c", "x = a - (b - c)", "x = (a - c) - b", "x = a - b + c"],
    "precedence": ["x = a + b * c", "x = (a + b) * c", "x = a * b + c", "x = a * (b + c)", "x = a * b * c"],
    "augmented": [f"x {op}= a" for op in ("+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^")],
    "unary operators": ["x = a", "x = -a", "x = +a", "x = ~a", "x = not a", "x = --a"],
    "boolean operators": ["x = a and b", "x = a or b", "x = a and b and c", "x = a and (b and c)", "x = a and b or c", "x = a and (b or c)"],
    "comparisons": [f"x = a {op} b" for op in ("<", "<=", ">", ">=", "==", "!=", "is", "is not", "in", "not in")],
    "chains of comparisons": ["x = a < b < c", "x = (a < b) < c", "x = a < (b < c)", "x = a < b > c", "x = a < b and b < c", "x = c < b < a"],
    "comparison with constants": ["x = a == 'b'", "x = 'a' == b", "x = a == b", "x = 'a' in b", "x = a in 'b'", "x = a in b.c", "x = a in b().c"],
    "attributes": ["x = a", "x = a.b", "x = a.b.c", "x = a().b", "x = a.b()", "x = a().b.c", "x = a.c.b", "x = a[0].b", "x = (a + b).c"],
    "targets": ["x.y = 1", "x = 1", "x[y] = 1", "x[0] = 1", "x, y = 1", "[x, y] = 1", "x, = 1", "(x, y), z = 1", "x, *y = 1", "*x, y = 1"],
    "calls": ["f()", "f(a)", "f(a, b)", "f(b, a)", "f(a)(b)", "f(a())", "f()(a)", "f.g()", "f().g()", "f(1)", "f('1')", "f", "f((a, b))", "f(a, b)()"],
    "star arguments": ["f(a)", "f(*a)", "f(**a)", "f(a, *b)", "f(*a, b)", "f(*a, *b)", "f(a, **b)", "f(*a, **b)", "f(**a, **b)", "f(*a, b=c)"],
    "keywords": ["f(a)", "f(a=a)", "f(b=a)", "f(a=1)", "f(a=1, b=2)", "f(b=2, a=1)", "f(a=2, b=1)", "f(1, a=2)", "f(a='1')"],
    "slices": ["x[:]", "x[a:]", "x[a:b]", "x[b:a]", "x[a:b:c]", "x[slice(a)]", "x[a:, b]", "x[a, b:]", "x[a]"],
    "subscripts": ["x[a]", "x[0]", "x['a']", "x[a, b]", "x[a][b]", "x.a[b]", "x()[a]", "x[()]", "x[a].b", "x[-1]"],
    "displays": ["x = a, b", "x = [a, b]", "x = {a, b}", "x = {a: b}", "x = [a], b", "x = a, [b]", "x = (a, b),", "x = [(a, b)]", "x = [[a, b]]"],
    "starred displays": ["x = [a]", "x = [*a]", "x = *a,", "x = {*a}", "x = {**a}", "x = [*a, b]", "x = [a, *b]", "x = [*a, *b]", "x = {**a, 'b': c}", "x = {'b': c, **a}"],
    "dicts": ["x = {a: 1, b: 2}", "x = {b: 2, a: 1}", "x = {a: 2, b: 1}", "x = {'a': 1}", "x = {a: 'a'}", "x = {'a': a}", "x = {1: 'a'}", "x = {1.0: 'a'}"],
    "comprehensions": ["x = [a for a in b]", "x = {a for a in b}", "x = (a for a in b)", "x = {a: a for a in b}", "x = [b for a in b]", "x = [a for a in b if a]", "x = [a for a in b if a if b]", "x = [a for a in b if a and b]", "x = [a for b in a for a in b]", "x = [a for a in b for b in a]", "x = [[a for a in b] for b in c]", "x = [a for a in b()]", "x = [a for a in b.c]", "x = [a for a in b().c]", "x = [a for a, in b]"],
    "dict comprehensions": ["x = {a: b for a in c}", "x = {b: a for a in c}", "x = {a: b for b in c}", "x = {(a, b): c for a in c}"],
    "lambdas": ["x = lambda: a", "x = lambda a: a", "x = lambda b: a", "x = lambda *a: a", "x = lambda **a: a", "x = lambda a=1: a", "x = lambda *, a: a", "x = lambda a, /: a", "x = lambda: lambda: a", "x = a"],
    "conditional expressions": ["x = a if b else c", "x = b if a else c", "x = c if b else a", "x = a if b else c if d else e", "x = (a if b else c) if d else e"],
    "f-strings": ["x = 'a'", "x = f'a'", "x = f'{a}'", "x = '{a}'", "x = f'{a!r}'", "x = f'{a!s}'", "x = f'{a!a}'", "x = f'{a:b}'", "x = f'{a:{b}}'", "x = f'{a}{b}'", "x = f'{b}{a}'", "x = f'a{b}'", "x = f'{b}a'", "x = f'{{a}}'", "x = f'{a:}'", "x = f'{{'", "x = f'{\"a\"}'", "x = b'a'"],
    "walrus": ["(x := a)", "(y := a)", "(x := b)", "x = a", "x"],
    "await": ["async def f():\n    await a", "async def f():\n    a", "async def f():\n    yield a", "def f():\n    yield a", "def f():\n    yield", "def f():\n    yield from a", "def f():\n    yield None"],
    "returns": ["def f():\n    return", "def f():\n    return a", "def f():\n    return None", "def f():\n    a", "def f():\n    raise", "def f():\n    raise a", "def f():\n    raise a from b", "def f():\n    raise b from a"],
    "functions": ["def f(): pass", "def g(): pass", "async def f(): pass", "def f(self): pass", "def f(): ...", "class f: pass", "f = lambda: None"],
    "parameters": ["def f(a, b): pass", "def f(b, a): pass", "def f(a, /, b): pass", "def f(a, b, /): pass", "def f(a, *, b): pass", "def f(*, a, b): pass", "def f(a, *b): pass", "def f(a, **b): pass", "def f(*a, b): pass", "def f(*a, **b): pass"],
    "defaults": ["def f(a, b): pass", "def f(a, b=1): pass", "def f(a, b=1.0): pass", "def f(a, b=True): pass", "def f(a=1, b=1): pass", "def f(a=1, b=2): pass", "def f(a=2, b=1): pass", "def f(a, b=None): pass", "def f(a, b=c): pass"],
    "keyword-only defaults": ["def f(*, a, b): pass", "def f(*, a=1, b=1): pass", "def f(*, a=None, b): pass", "def f(a, *, b=1): pass"],
    "annotations": ["def f(a): pass", "def f(a: b): pass", "def f(a: c): pass", "def f(a) -> b: pass", "def f(a: b) -> c: pass", "def f(a: c) -> b: pass", "def f(a: 'b'): pass", "def f(a: b.c): pass", "def f(*a: b): pass"],
    "variable annotations": ["x: a", "x: b", "x: a = 1", "x: a = b", "x: b = a", "x.y: a", "(x): a", "x = a"],
    "decorators": ["def f(): pass", "@a\ndef f(): pass", "@b\ndef f(): pass", "@a\n@b\ndef f(): pass", "@b\n@a\ndef f(): pass", "@a()\ndef f(): pass", "@a(1)\ndef f(): pass", "@a.b\ndef f(): pass", "@a[0]\ndef f(): pass"],
    "classes": ["class B: pass", "class C: pass", "class B(a): pass", "class B(c): pass", "class B(a, c): pass", "class B(c, a): pass", "class B(a=c): pass", "class B(a()): pass", "class B(a.c): pass", "@a\nclass B: pass", "class B(**a): pass"],
    "nested bodies": ["def f():\n    def g():\n        a", "def f():\n    def g():\n        b", "def f():\n    a", "def f():\n    def h():\n        a", "def f():\n    def g(): pass\n    a", "def f():\n    def g():\n        a\n    a"],
    "where a block ends": ["if a:\n    b\n    c", "if a:\n    b\nc", "if a:\n    b\nelse:\n    c", "if a:\n    b\nelif c:\n    pass", "if a:\n    b\nif c:\n    pass", "if a: pass\nb\nc"],
    "loops": ["for a in b:\n    c", "for b in a:\n    c", "for a in c:\n    b", "while a:\n    b", "while b:\n    a", "if a:\n    b", "for a in b:\n    c\nelse:\n    d", "for a in b:\n    c\nd", "for a in b():\n    c", "for a.x in b:\n    c", "for a, x in b:\n    c"],
    "jumps": ["while a:\n    break", "while a:\n    continue", "while a:\n    pass", "while a:\n    b\n    break", "while a:\n    break\nelse:\n    b"],
    "async statements": ["async def f():\n    for a in b: pass", "async def f():\n    async for a in b: pass", "async def f():\n    with a as b: pass", "async def f():\n    async with a as b: pass", "async def f():\n    [a for a in b]", "async def f():\n    [a async for a in b]"],
    "with": ["with a: b", "with b: a", "with a as b: pass", "with a as c: pass", "with a, b: pass", "with a as b, c: pass", "with a, b as c: pass", "with a as (b, c): pass", "with a:\n    with b: pass", "with (a, b) as c: pass"],
    "try": ["try: a\nexcept: b", "try: a\nfinally: b", "try: a\nexcept b: pass", "try: a\nexcept c: pass", "try: a\nexcept b as c: pass", "try: a\nexcept (b, c): pass", "try: a\nexcept (c, b): pass", "try: a\nexcept b: pass\nexcept c: pass", "try: a\nexcept b: pass\nelse: c", "try: a\nexcept b: pass\nfinally: c", "try: a\nexcept b(): pass", "try: a\nexcept b.c: pass"],
    "imports": ["import a", "import b", "import a.b", "import a, b", "import b, a", "import a as b", "from a import b", "from b import a", "from . import a", "from .a import b", "from ..a import b", "from a import b as c", "from a import b, c", "from a.b import c", "import a\nimport b"],
    "globals": ["def f():\n    global a", "def f():\n    global b", "def f():\n    global a, b", "def f():\n    a\n    b", "def f():\n    global b, a"],
    "del": ["del a", "del b", "del a, b", "del b, a", "del a.b", "del a[b]", "del a\ndel b", "a"],
    "assert": ["assert a", "assert b", "assert a, b", "assert b, a", "assert (a, b)", "assert not a", "a"],
    "match": ["match a:\n    case 1: pass", "match b:\n    case 1: pass", "match a:\n    case 2: pass", "match a:\n    case '1': pass", "match a:\n    case True: pass", "match a:\n    case None: pass", "match a:\n    case b: pass", "match a:\n    case c: pass", "match a:\n    case _: pass", "match a:\n    case b.c: pass", "match a:\n    case 1 if b: pass", "match a:\n    case 1 | 2: pass", "match a:\n    case 2 | 1: pass", "match a:\n    case [b, c]: pass", "match a:\n    case [c, b]: pass", "match a:\n    case [b, *c]: pass", "match a:\n    case [*b, c]: pass", "match a:\n    case {1: b}: pass", "match a:\n    case {2: b}: pass", "match a:\n    case {1: b, **c}: pass", "match a:\n    case b(): pass", "match a:\n    case b(c): pass", "match a:\n    case b(c=d): pass", "match a:\n    case b(d=c): pass", "match a:\n    case 1 as b: pass", "match a:\n    case 1: b", "match a:\n    case 1: pass\n    case 2: pass", "match a:\n    case -1: pass"],
    "strings that look like marks": ["x = '*'", "x = '('", "x = '\"'", "x = ''", "f('*')", "f(*a)", "f('**')", "x = ['*']", "x = '{'", "x = f'{{'", "x = ':'"],
}  # fmt: skip

FOUND = [
    pytest.param("x[a:]", "x[:a]", id="slice: from and to"),
    pytest.param("x[a:]", "x[::a]", id="slice: from and step"),
    pytest.param("x[a:b]", "x[a::b]", id="slice: to and step"),
    pytest.param(
        "def f(*, a=1, b): pass", "def f(*, a, b=1): pass", id="which keyword-only parameter has a default"
    ),
    pytest.param("class B(a): pass", "class B(*a): pass", id="star of a base"),
    pytest.param(
        "while 1:\n    Break = c.d\n    a.b = w\n    break",
        "while 1:\n    c.d = a.b\n    break\n    Break = w",
        id="a variable named like a statement",
    ),
]
if sys.version_info >= (3, 12):
    FOUND += [
        pytest.param("def f[T](): pass", "def f(): pass", id="type parameter"),
        pytest.param("def f[T: int](): pass", "def f[T: str](): pass", id="bound of a type parameter"),
        pytest.param("class B[T]: pass", "class B[*T]: pass", id="kind of a type parameter"),
    ]
if sys.version_info >= (3, 13):
    FOUND += [
        pytest.param("type X[T: int] = T", "type X[T = int] = T", id="bound and default of a type parameter")
    ]
if sys.version_info >= (3, 14):
    FOUND += [pytest.param("x = f'{a}'", "x = t'{a}'", id="template string")]


@pytest.mark.parametrize("snippets", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_different_for_every_change(snippets: list[str]) -> None:
    digests = {snippet: digest(snippet) for snippet in snippets}
    equal = [(one, other) for one, other in combinations(snippets, 2) if digests[one] == digests[other]]
    assert equal == []
    assert len({ast.dump(ast.parse(snippet)) for snippet in snippets}) == len(snippets)


@pytest.mark.parametrize(("one", "other"), FOUND)
def test_different_for_rare_changes(one: str, other: str) -> None:
    assert digest(one) != digest(other)


def test_bases_decorators_and_name_of_the_class_itself_do_not_count() -> None:
    texts = ["class A: x = 1\n", "class B(C): x = 1\n", "@d\nclass A(metaclass=M): x = 1\n"]
    assert len({extract(text.encode()).outline.classes[0].digest for text in texts}) == 1


def test_size_counts_all_but_docstrings() -> None:
    def size(body: str) -> int:
        return extract(f"class A:\n{body}".encode()).outline.classes[0].size

    small = size("    x = 1\n")
    assert size('    """What.\n\n    And more.\n    """\n    # comment\n    x = 1\n') == small
    assert (
        small < size("    x = 1\n    y = 2\n") < size("    x = 1\n    def f(self):\n        return [1, 2]\n")
    )


def body_of(calls: list[str]) -> str:
    return "class A:\n    def f(self):\n" + "".join(
        f"        self.{call}(a, {index})\n" for index, call in enumerate(calls)
    )


def test_sketches_of_near_copies_overlap() -> None:
    calls = [f"step_{index}" for index in range(40)]
    one = extract(body_of(calls).encode()).outline.classes[0]
    near = extract(body_of([*calls[:20], "other", *calls[21:]]).encode()).outline.classes[0]
    far = extract(body_of([f"walk_{index}" for index in range(40)]).encode()).outline.classes[0]
    assert one.digest != near.digest
    assert len(set(one.sketch) & set(near.sketch)) >= len(one.sketch) * 3 // 4
    assert len(set(one.sketch) & set(far.sketch)) <= len(one.sketch) // 4


def small_methods(words: str) -> str:
    """A class of small methods, one for each word."""
    lines = (
        f"    def {word}(self):\n        return open(self.{word}, '{word}').read()\n"
        for word in words.split()
    )
    return f"class A:\n{''.join(lines)}"


def test_sketches_see_small_methods() -> None:
    words = "one two three four five six seven eight nine ten"
    texts = (words, words.replace("ten", "last"), "a b c d e f g h i j")
    one, near, far = (set(extract(small_methods(text).encode()).outline.classes[0].sketch) for text in texts)
    assert len(one & near) >= len(one) * 3 // 4
    assert len(one & far) <= len(one) // 4


def test_small_bodies_have_no_sketch() -> None:
    assert extract(b"class A: x = 1\n").outline.classes[0].sketch == ()

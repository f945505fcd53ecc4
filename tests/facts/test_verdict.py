"""A text has a fault exactly when the running interpreter does not compile it."""

from __future__ import annotations

import sys
import warnings

import pytest

from ssot_lint.facts.extract import extract

OUTSIDE = """
return
return 1
yield
yield 1
x = yield
yield from ()
await x
[await x for x in y]
async with x: pass
async for x in y: pass
[x async for x in y]
(x async for x in y)
break
continue
if 1: break
if 1: continue
class A: return
class A: yield
class A: break
class A: await x
for x in y: pass|else: break
while 1:| def f(): break
while 1:| class A: continue
for x in y:| def f():|  continue
def f(): await x
def f(): [await x for x in y]
def f(): (await x for x in y)
def f():| async with x: pass
def f():| async for x in y: pass
def f(): return [x async for x in y]
async def f():| def g(): await x
async def f():| def g(): return [x async for x in y]
async def f(): lambda: await x
async def f(): lambda: [x async for x in y]
async def f(): yield from x
async def f():| yield 1| return 1
async def f():| return 1| yield 1
async def f():| if x: return 1| yield
lambda: await x
def f():| class A:|  yield 1
def f(): [(yield x) for x in y]
def f(): ((yield x) for x in y)
def f(): {x: (yield x) for x in y}
def f(): [x for x in (yield y)]
def f(x=(yield)): pass
@(yield)|def f(): pass
class A((yield)): pass
try: pass|finally: continue
""".strip().split("\n")

NAMES = """
def f(a, a): pass
def f(a, *a): pass
def f(a, **a): pass
def f(*, a, a): pass
def f(a, /, a): pass
lambda a, a: 1
lambda a, *a: 1
def f(a):| global a
def f(a):| nonlocal a
def f():| a = 1| global a
def f():| print(a)| global a
def f():| a = 1| nonlocal a
def f():| global a| global a
def f():| global a| a: int = 1
def f():| nonlocal a
def f():| nonlocal a| a = 1
def f():| a = 1| def g():|  nonlocal a
def f():| a = 1| def g():|  nonlocal a|  a: int
def f(a):| def g():|  nonlocal a|  a = 2
def f():| a = 1| def g():|  global a|  nonlocal a
def f():| def g():|  nonlocal a
nonlocal a
global a
a = 1|global a
a: int|global a
class A:| nonlocal a
class A:| global a| a = 1
class A:| a = 1| global a
class A:| a = 1| def f(self):|  nonlocal a
class A:| def f(self):|  nonlocal __a
def f():| __a = 1| class A:|  def g(self):|   nonlocal __a
def f():| for a in b: pass| global a
def f():| import a| global a
def f():| def a(): pass| global a
def f():| class a: pass| global a
def f():| with b as a: pass| global a
def f():| try: pass| except E as a: pass| global a
def f():| (a := 1)| global a
def f():| del a| global a
def f():| [a for a in b]| global a
def f():| lambda a: a| global a
def f():| if 1:|  global a| a = 1
def f():| "doc"| global a| a = 1
def f():| x = a| if 1:|  global a
def f():| x = b| global a
def f():| x = b; global a; a = 1
def f():| x = a; global a
def f():| import a.b| global a
def f():| import b.a| global a
def f():| from b import c as a| global a
def f():| def g(): pass| x = a| global a
def f():| def g():|  x = b| x = a| global a
def f():| def g():|  x = a| global a
def f():| def g(x=a): pass| global a
def f():| def g(a): pass| global a
def f():| g(a=1)| global a
def f():| x: a| global a
def f():| x = f'{a}'| global a
def f():| x = {**a}| global a
def f():| match x:|  case {**a}: pass| global a
def f():| if x:|  y = b| else:|  global a| a = y
def f():| x = 1| global b, a| a = x
def f():| a = 1| def g():|  b = 1|  nonlocal a
def f():| a = 1| def g():|  b = a|  nonlocal a
def f():| a = 1| def g(a):|  nonlocal a
def f():| global a| a = 1| def g():|  nonlocal a
def f():| global a| def g():|  a = 1|  def h():|   nonlocal a
def f():| a = 1| def g():|  global a|  a = 2|  def h():|   nonlocal a
def f():| a = 1| class A:|  def g(self):|   nonlocal a
def f():| class A:|  a = 1|  def g(self):|   nonlocal a
def f():| import a| def g():|  nonlocal a
def f():| a, b = 1, 2| def g():|  nonlocal a, b
def f():| def g():|  nonlocal a| a = 1
def f():| a: int| def g():|  nonlocal a
def f():| del a| def g():|  nonlocal a
def f():| [a for a in b]| def g():|  nonlocal a
def f(a):| def g():|  def h():|   nonlocal a
class C:| def f(self):|  __a = 1|  def g():|   nonlocal __a
class C:| def f(self):|  _C__a = 1|  def g():|   nonlocal __a
class C:| def f(self):|  x = __a|  global _C__a
class C:| def f(self):|  global _C__a|  __a: int
class C:| def f(self):|  x = b|  global __a
def f():| from a import *
class A:| from a import *
from a import *
if 1: from a import *
__debug__ = 1
def f(__debug__): pass
def __debug__(): pass
class __debug__: pass
import __debug__
import a as __debug__
from a import __debug__
x.__debug__ = 1
f(__debug__=1)
del __debug__
for __debug__ in x: pass
with x as __debug__: pass
x = __debug__
(__debug__ := 1)
lambda __debug__: 1
match x:| case __debug__: pass
f(a=1, a=2)
f(a=1, **b, a=2)
f(**a, **a)
class A(a=1, a=2): pass
class A(metaclass=M, metaclass=N): pass
@f(a=1, a=1)|def g(): pass
""".strip().split("\n")

FUTURES = """
from __future__ import annotations
from __future__ import annotations as a
from __future__ import braces
from __future__ import unknown
from __future__ import *
from __future__ import annotations, unknown
x = 1|from __future__ import annotations
"doc"|from __future__ import annotations
"doc"|"other"|from __future__ import annotations
1|from __future__ import annotations
from __future__ import division|from __future__ import annotations
from __future__ import division|import a|from __future__ import annotations
import a|from __future__ import annotations
def f():| from __future__ import annotations
class A:| from __future__ import annotations
if 1:| from __future__ import annotations
from __future__ import annotations; x = 1
x = 1; from __future__ import annotations
"doc"; from __future__ import annotations
# comment||from __future__ import annotations
from .__future__ import annotations
from .__future__ import unknown
x = 1|from .__future__ import annotations
import a|from .__future__ import anything
from .__future__ import anything|from __future__ import annotations
from __future__.a import b
import __future__
from __future__ import barry_as_FLUFL
""".strip().split("\n")

STARS = """
*a
*a, = b
*a = b
*a, *b = c
a, *b, *c = d
[*a, *b] = c
(*a,) = b
a, (*b, *c) = d
for *a in b: pass
for *a, in b: pass
for *a, *b in c: pass
for a in *b, *c: pass
x = *a
x = *a,
x = (*a)
x = [*a]
x = {*a}
x = {**a}
print(*a)
print((*a))
return_ = *a, *b
def f(): return *a
def f(): return *a, b
def f(): yield *a
def f(): yield *a, b
del *a
del *a, b
del (*a, b)
x[*a]
x[*a, b]
x[*a:b]
x[*a] = 1
x += *a
x: int = *a
x: int = *a, b
x: *a
def f(*args: *a): pass
def f(a: *b): pass
with a as *b: pass
with a as (*b,): pass
with a as (*b, *c): pass
[*a for a in b]
{**a for a in b}
[a for *a in b]
[a for *a, in b]
[a for *a, *b in c]
assert *a
raise *a
lambda: *a
lambda: (*a, b)
f"{*a}"
f"{*a,}"
*a: int
if *a: pass
*a if b else c
a = *b if c else d
class A(*a): pass
class A(**a): pass
@*a|def f(): pass
""".strip().split("\n")

WALRUSES = """
(a := 1)
a := 1
[a := 1 for b in c]
[(a := b) for a in c]
[(b := a) for a in c if (b := 1)]
[x for x in (a := b)]
[x for x in y for z in (a := b)]
[(x := 1) for x in y]
[[(x := 1) for z in y] for x in w]
[x for x in [(y := 1) for z in w]]
[i for i in (lambda: (j := 1))()]
{i for i in (lambda: (j := 1))()}
[(lambda: (j := i)) for i in k]
[(lambda i: (i := 1)) for i in k]
class A: [(a := 1) for b in c]
class A:| x = [(a := 1) for b in c]
class A: (a := 1)
class A:| def f(self): return [(a := b) for b in c]
def f(): [(a := b) for b in c]
def f():| global a| [(a := b) for b in c]
def f(a=(b := 1)): pass
def f(a: (b := 1)): pass
def f() -> (b := 1): pass
x: (a := 1)
x: (a := 1) = 2
x: [a for a in (b := c)]
(a.b := 1)
(a[0] := 1)
((a, b) := 1)
f(a := 1)
f(a=(b := 1))
f(a=b := 1)
lambda: (a := 1)
lambda a=(b := 1): a
f"{(a := 1)}"
f"{a:=1}"
x[a := 1]
x[(a := 1):2]
{a := 1}
{a: (b := 1)}
@(a := b)|def f(): pass
del (a := 1)
""".strip().split("\n")

ANNOTATIONS = """
x: (yield)
x: (yield) = 1
x: (await y)
def f(x: (yield)): pass
def f() -> (yield): pass
def f(*a: (yield)): pass
def f():| x: (yield)
def f():| x: (yield) = 1
def f():| x.y: (yield)
def f():| def g(x: (yield)): pass
async def f():| x: (await y)
async def f():| def g() -> (await x): pass
from __future__ import annotations|x: (yield)
from __future__ import annotations|def f() -> (yield): pass
x: lambda: (yield)
x: [a for a in b]
(x): int = 1
(x.y): int
x[0]: int
x, y: int
(x, y): int
[x]: int
f(): int
x.y: int = 1
def f(): x.__debug__: int
""".strip().split("\n")

EXCEPTS = """
try: pass|except: pass|except A: pass
try: pass|except A: pass|except: pass
try: pass|except: pass|else: pass
try: pass|finally: pass
try: pass
try: pass|except* A: pass
try: pass|except*: pass
try: pass|except* A: pass|except B: pass
for x in y:| try: pass| except* A: break
for x in y:| try: pass| except* A: continue
for x in y:| try: break| except* A: pass
for x in y:| try: pass| except* A:|  for z in w: break
def f():| try: pass| except* A: return
def f():| try: return| except* A: pass
def f():| try: pass| except* A:|  def g(): return 1
def f():| try: pass| except* A:|  lambda: 1
try: pass|except A, B: pass
try: pass|except A, B as c: pass
try: pass|except (A, B) as c: pass
try: pass|except* A, B: pass
def f():| try: pass| finally: return 1
for x in y:| try: pass| finally: break
""".strip().split("\n")

MATCHES = """
match x:| case 1: pass
match x:| case a: pass| case 1: pass
match x:| case _: pass| case 1: pass
match x:| case _ if y: pass| case 1: pass
match x:| case a if y: pass| case b: pass
match x:| case a | b: pass
match x:| case 1 | a: pass
match x:| case a | 1: pass
match x:| case (a, 1) | (1, a): pass
match x:| case (a, 1) | (1, b): pass
match x:| case a, a: pass
match x:| case [a, *a]: pass
match x:| case [*a, *b]: pass
match x:| case [*_, *_]: pass
match x:| case {1: a, 1: b}: pass
match x:| case {1: a, **a}: pass
match x:| case {**a, 1: b}: pass
match x:| case {**_}: pass
match x:| case {a.b: 1, a.b: 2}: pass
match x:| case A(a, a): pass
match x:| case A(a=1, a=2): pass
match x:| case A(a=b, c=b): pass
match x:| case a as a: pass
match x:| case 1 as _: pass
match x:| case (1 as a) as b: pass
match x:| case -1: pass
match x:| case 1 + 2j: pass
match x:| case 1 + 2: pass
match x:| case f"{a}": pass
match x:| case a.b: pass
match *x, y:| case 1: pass
match x:| case 1: return
match x:| case 1: break
match = 1
match(x)
match[x]: int
case = match
""".strip().split("\n")

NEW = """
def f[T](x: T) -> T: pass
def f[T, T](): pass
def f[T: int, *Ts, **P](): pass
def f[T: (yield)](): pass
def f[T: (x := 1)](): pass
def f[T: (await x)](): pass
def f[T](T): pass
def f[T]():| global T
def f[T]():| nonlocal T
def f[T]():| T = 1
def f[T](x: (yield)): pass
def f[__debug__](): pass
class A[T]: pass
class A[T, T]: pass
class A[T](B[T]): pass
class A[T]((yield)): pass
class A[T]((x := 1)): pass
class A[T]:| global T
class A[T]:| nonlocal T
class A[T]: return
class A[]: pass
type X = int
type X[T] = list[T]
type X[T, T] = int
type X = (yield)
type X = (x := 1)
type X = (await y)
type X = [await y for y in z]
async def f(): type X = (await y)
def f(): type X = (yield)
type X[T: (yield)] = int
type X[T = int] = T
type X[*Ts = *int] = T
def f[T = int, U](): pass
class A[T = (yield)]: pass
type = 1
type(x)
type X.y = 1
type X
class A:| type X = x| class B[T]: y = X
f"{f'{1}'}"
f"{f"{1}"}"
f"{"a"}"
f"{'\\n'.join(x)}"
f"{x # comment}"
f"{|x|}"
f'{x!r:>{w}}'
f"{x!z}"
f"{}"
f"{x:{y:{z}}}"
f"{lambda x: 1}"
f"{yield}"
f"{await x}"
t"{x}"
t"{x!r:>{w}}"
t"{yield}"
t"a" "b"
t"a" t"b"
t"{}"
with (a as b, c as d): pass
with (a, b): pass
x = 0_1
x = 1__0
x = 0777
lambda *, a: 1
def f(*): pass
def f(a=1, b): pass
def f(/, a): pass
print x
exec "x"
x = 1 <> 2
async = 1
await = 1
nonlocal = 1
import a.b as c.d
from . import *
from .a.b import (c, d,)
from a import (b)
from a import ()
""".strip().split("\n")

LIMITS = {
    "many loops": "".join(" " * i + f"for x{i} in y:\n" for i in range(19)) + " " * 19 + "pass\n",
    "too many loops": "".join(" " * i + f"for x{i} in y:\n" for i in range(30)) + " " * 30 + "pass\n",
    "too many withs": "".join(" " * i + "with x:\n" for i in range(30)) + " " * 30 + "pass\n",
    "one with of many": f"with {', '.join(['x'] * 30)}: pass\n",
    "many ifs": "".join(" " * i + "if x:\n" for i in range(60)) + " " * 60 + "pass\n",
    "too much indentation": "".join(" " * i + "if x:\n" for i in range(101)) + " " * 101 + "pass\n",
    "long elif chain": "if x: pass\n" + "elif x: pass\n" * 500,
    "many arguments": f"f({', '.join(f'a{i}' for i in range(300))})\n",
    "many parameters": f"def f({', '.join(f'a{i}' for i in range(300))}): pass\n",
    "much before a star": f"{'a, ' * 300}*b = c\n",
    "long sum": "x = " + " + ".join(["a"] * 300) + "\n",
    "long chain": "x = a" + ".b" * 300 + "\n",
    "many calls": "x = a" + "()" * 60 + "\n",
    "many brackets": "x = " + "[" * 60 + "]" * 60 + "\n",
    "too many brackets": "x = " + "(" * 210 + ")" * 210 + "\n",
    "huge number": f"x = {'1' * 5000}\n",
    "huge hexadecimal number": f"x = 0x{'1' * 5000}\n",
    "bytes that are not ASCII": "x = b'ä'\n",
    "NFKC of a forbidden name": "__ᵈebug__ = 1\n",
    "tabs and spaces": "if x:\n\ty\n        z\n",
    "form feed": "\fx = 1\n\f\ny = 2\n",
    "no newline at the end": "def f(): pass\n  # comment",
    "backslash at the end": "x = 1 \\",
    "a string that is never closed": "x = '''\n",
    "carriage returns": "x = 1\ry = 2\r\nif x:\r    y\r",
    "empty": "",
    "only a comment": "# a",
    "only a form feed": "\f",
    "invalid escape": "x = '\\d'\n",
    "is with a literal": "x is 1\n",
    "assert of a tuple": "assert (x, 'a')\n",
    "byte order mark": "\ufeffx = 1\n",
    "two byte order marks": "\ufeff\ufeffx = 1\n",
    "odd space": "x =\u00a01\n",
}


def nested(depth: int, *lines: str) -> str:
    """Blocks within each other, the first line of each opening the next."""
    opening, *closing = lines
    text = "".join(f"{' ' * level}{opening}\n" for level in range(depth)) + " " * depth + "pass\n"
    for level in reversed(range(depth)):
        text += "".join(f"{' ' * level}{line}\n" for line in closing)
    return text


def handlers(depth: int) -> str:
    """`try` within the handler of a `try`, each with a name and a `finally`."""
    lines = []
    for level in range(depth):
        lines += [f"{' ' * level}try: pass", f"{' ' * level}except E as e:"]
    lines.append(" " * depth + "pass")
    lines += [f"{' ' * level}finally: pass" for level in reversed(range(depth))]
    return "\n".join(lines) + "\n"


BLOCKS = {
    **{f"{depth} try": nested(depth, "try:", "finally: pass") for depth in (9, 10, 11, 19, 20, 21, 22)},
    **{f"{depth} try except": nested(depth, "try:", "except A: pass") for depth in (19, 20, 21, 22)},
    **{
        f"{depth} try except finally": nested(depth, "try:", "except A: pass", "finally: pass")
        for depth in (6, 7, 8, 9, 10, 11)
    },
    **{f"{depth} handlers": handlers(depth) for depth in (5, 6, 7, 8, 10, 11)},
    **{
        f"{depth} async with": "async def f():\n" + nested(depth, "async with x:").replace("\n", "\n ")
        for depth in (9, 20, 21)
    },
}


def cases(*tables: list[str]) -> list[str]:
    """The rows with their line ends: a bar without a space before it stands for one."""
    return [
        f"{row.replace(' | ', chr(0)).replace('|', chr(10)).replace(chr(0), ' | ')}\n"
        for table in tables
        for row in table
    ]


def is_rejected(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text.encode(), "<text>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return True
    return False


@pytest.mark.parametrize(
    "text",
    [
        *(
            pytest.param(text, id=repr(text))
            for text in cases(OUTSIDE, NAMES, FUTURES, STARS, WALRUSES, ANNOTATIONS, EXCEPTS, MATCHES, NEW)
        ),
        *(pytest.param(text, id=title) for title, text in {**LIMITS, **BLOCKS}.items()),
    ],
)
def test_a_fault_is_what_the_compiler_rejects(text: str) -> None:
    assert (extract(text.encode()).outline.fault is not None) is is_rejected(text)


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        pytest.param(b"x = 1\ny = (\n", "syntax", 2, id="syntax"),
        pytest.param(b"def f():\n    pass\nreturn\n", "syntax", 3, id="compiler"),
        pytest.param(b"x = 1\n<<<<<<< HEAD\nx = 2\n", "conflict", 2, id="conflict"),
        pytest.param(b"x = 1\n\0", "undecodable", 2, id="null byte"),
        pytest.param(b"x = 1\ny = '\xff'\n", "undecodable", 2, id="not UTF-8"),
        pytest.param(b"# coding: nothing\n", "undecodable", 1, id="unknown encoding"),
    ],
)
def test_kind_and_line_of_a_fault(data: bytes, kind: str, line: int) -> None:
    fault = extract(data).outline.fault
    assert fault is not None
    assert (fault.kind, fault.span.line) == (kind, line)
    assert fault.python == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_what_only_the_compiler_rejects_still_has_facts() -> None:
    outline = extract(b"class A: ...\nreturn\n").outline
    assert outline.parsed
    assert [entry.name for entry in outline.classes] == ["A"]


def test_warnings_are_no_faults() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert extract(b"x = '\\d'\nx is 1\nassert (x, 1)\n").outline.fault is None

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from ssot_lint.facts import lexical
from ssot_lint.facts.diagnose import likely_cause


def diagnose(text: str) -> str:
    """The cause for a text as the running interpreter judges it."""
    try:
        compile(text, "example.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return likely_cause(text, error.lineno or 1, error.msg)
    except ValueError as error:  # null bytes, before Python 3.12
        return likely_cause(text, 1, str(error))
    pytest.fail("the example is valid Python")


TEXT = [
    pytest.param(
        "import os\n\nThe tool copies all the files it finds.\n",
        "the text at line 3 is outside of any string or comment, so it is read as code",
        id="plain text",
    ),
    pytest.param(
        'def copy(a, b):\n    Copy a file to another place.\n\n    Costs $5K a GB.\n    """\n    return a\n',
        'the text at line 2 is read as code: the """ that should open it is missing',
        id="docstring opener missing",
    ),
    pytest.param(
        "def copy(a):\n    Copy one file quickly.'''\n    return a\n\ndef move(a):\n    '''Move it.'''\n",
        "the text at line 2 is read as code: the ''' that should open it is missing",
        id="opener missing on one line",
    ),
    pytest.param(
        'def f():\n    Copy all the files.\n    return 1\n\ndef g():\n    """Fine."""\n',
        "the text at line 2 is outside of any string or comment, so it is read as code",
        id="code before the next quote, so no opener is missing",
    ),
    pytest.param(
        '"""\n"""\nBilling rules for the shop\n\nAll the amounts are in 10K units.\n"""\nimport os\n',
        "the string opened at line 1 ends at line 2, so the text at line 3 is read as code",
        id="docstring closed at once",
    ),
    pytest.param(
        '"Billing rules."\n\nThey apply to all the 20kg parcels.\n',
        "the string opened at line 1 ends there, so the text at line 3 is read as code",
        id="docstring in single quotes",
    ),
    pytest.param(
        '"""Billing."""\nOverview\nSegment: Small/Large\nThese are all the rules there are.\n"""\n',
        "the string opened at line 1 ends there, so the text at line 2 is read as code",
        id="text that starts with words that are valid Python",
    ),
    pytest.param(
        '"""Billing."""\n\nFeature #12 - Parcels\n=====================\n\nAll 20kg parcels.\n"""\n',
        "the string opened at line 1 ends there, so the text at line 3 is read as code",
        id="underlined heading",
    ),
    pytest.param(
        '"""Billing."""\n  NOTE:  ALL PARCELS: weigh them first\n"""\n',
        "the string opened at line 1 ends there, so the text at line 2 is read as code",
        id="indented text is text, not a wrong indentation",
    ),
    pytest.param(
        'def f():\n    """Return the first.\n    pass\n\ndef g():\n    """Return the other."""\n    pass\n',
        "the string opened at line 2 ends at line 6, so the text at line 6 is read as code",
        id="docstring never closed, later quotes inverted",
    ),
    pytest.param(
        'def f():\n    """Return.\n    return 1\n\ndef g():\n    """Other."""\n    return 2\n',
        "the string opened at line 2 ends at line 6, so the rest of that line is read as code",
        id="inverted quotes before a single word",
    ),
    pytest.param(
        'total = sum(\n    [1, 2],\n"""\n)\n\ndef f():\n    """Add up all the numbers."""\n',
        "the string opened at line 3 ends at line 7, so the text at line 7 is read as code",
        id="stray triple quote in brackets",
    ),
    pytest.param(
        'def f():\n    ""Send the first message\n    return 1\n',
        '"" at line 2 should be """',
        id="two quotes for three",
    ),
    pytest.param("x = first second\n", "", id="two words are not enough to be text"),
    pytest.param("return_value = yes if it else no thanks\n", "", id="an expression with a gap"),
    pytest.param('x = 1\nArgs:\n    "a"\n', "", id="a label alone"),
]

QUOTES = [
    pytest.param('a = 1\nb = "abc\nc = 2\n', 'quote " opened at line 2 is never closed', id="double"),
    pytest.param("a = 1\nb = f(x, 'abc)\n", "quote ' opened at line 2 is never closed", id="single"),
    pytest.param("a = rb'abc\n", "quote ' opened at line 1 is never closed", id="with a prefix"),
    pytest.param('a = f"{b} and c\n', 'quote " opened at line 1 is never closed', id="f-string"),
    pytest.param("x = '''\nabc\n", "quote ''' opened at line 1 is never closed", id="triple"),
    pytest.param('x = f"""\n{abc}\n', 'quote """ opened at line 1 is never closed', id="triple f-string"),
    pytest.param('a = f(one", "two")\n', "the quotes at line 1 do not pair up", id="opener missing"),
    pytest.param('a = [\n    one",\n    "two",\n]\n', "the quotes at line 2 do not pair up", id="in a list"),
    pytest.param('a = "say "hi" again"\n', "the quotes at line 1 do not pair up", id="quotes in quotes"),
    pytest.param('done = True"""\n', "the quotes at line 1 do not pair up", id="triple quote after a value"),
    pytest.param(
        'print"hello")\n', '")" at line 1 has no opening bracket', id="touching quotes that pair up"
    ),
    pytest.param("x = 'a' b\n", "", id="a gap that is no matter of quotes"),
    pytest.param("Overview\n'''\nabc\n", "", id="a word before the quote, which may close a text"),
    pytest.param('a = f"{b"\n', "", id="an f-string whose field does not end"),
]

BRACKETS = [
    pytest.param(
        "a = (1,\n     2\n\ndef f():\n    pass\n", 'bracket "(" opened at line 1 is never closed', id="("
    ),
    pytest.param(
        "a = [1,\n     2\nb = 3\n", 'bracket "[" opened at line 1 is never closed', id="no keyword after"
    ),
    pytest.param("a = {\n", 'bracket "{" opened at line 1 is never closed', id="at the end of the text"),
    pytest.param(
        "a = {\n    'b': f(1,\n    'c': 2,\n}\nd = 3\n",
        '"}" at line 4 closes "(" opened at line 2',
        id="another kind",
    ),
    pytest.param(
        "a = f(\n    b=g(1,\n    c=2,\n)\n\nreturn_value = 3\n",
        'bracket "(" opened at line 2 is never closed',
        id="the indentation tells which",
    ),
    pytest.param(
        "def f(\n    a: dict[\n        str, list[int,\n    ],\n) -> None:\n    pass\n",
        'bracket "[" opened at line 3 is never closed',
        id="the indentation tells which of two kinds",
    ),
    pytest.param("a = (1, 2]\n", '"]" at line 1 closes "(" opened at line 1', id="on one line"),
    pytest.param(
        'def f(a:\n    """Do it."""\n    return a\n',
        'bracket "(" opened at line 1 is never closed',
        id="before a block",
    ),
    pytest.param("a = 1, 2)\n", '")" at line 1 has no opening bracket', id="unmatched"),
    pytest.param("a = 1\n\n}\n", '"}" at line 3 has no opening bracket', id="junk at the end"),
    pytest.param(
        "def f( )\na,\nb\n) -> int:\n    pass\n",
        '"(" is closed on the spot at the end of line 1',
        id="closed on the spot",
    ),
    pytest.param(
        "a = {\n    class': 1,\n}\n", "quote ' opened at line 2 is never closed", id="quoted keyword"
    ),
    pytest.param("f(a b)\n", "", id="a comma or an operator is missing"),
]

LAYOUT = [
    pytest.param(
        "def f():\n    # return 1\n\ndef g():\n    pass\n",
        "the block that line 1 opens holds only comments before line 4",
        id="body commented out",
    ),
    pytest.param(
        "if a:\nb = 1\n",
        "line 1 opens a block, but line 2 is not indented",
        id="body not indented",
    ),
    pytest.param(
        "def f():\n    # todo\n", "the block that line 1 opens holds only comments", id="comments at the end"
    ),
    pytest.param("def f():\n", "the block that line 1 opens has no body", id="nothing at the end"),
    pytest.param(
        "a = 1\n    b = 2\n", "line 2 is indented more than line 1, which opens no block", id="indented"
    ),
    pytest.param("    a = 1\n", "line 1 is indented, but it is the first statement", id="first statement"),
    pytest.param(
        "a = 1\n# if a:\n    # because\n    b = 2\n",
        "the block that line 4 belongs to is commented out at line 2",
        id="opener commented out",
    ),
    pytest.param(
        "def f(a):\n    # if a:\n        a = 1\n    return a\n",
        "the block that line 4 belongs to is commented out at line 2",
        id="opener commented out as the first of a block",
    ),
    pytest.param(
        "@cache\n# def f():\n    return 1\n",
        "the block that line 3 belongs to is commented out at line 2",
        id="function commented out",
    ),
    pytest.param(
        "a = 1\n# for instance\n    b = 2\n",
        "line 3 is indented more than line 1, which opens no block",
        id="a comment that opens nothing",
    ),
    pytest.param(
        "a = f()  # was g(\n    b=1,\n",
        "line 2 continues a bracket that a comment hides at line 1",
        id="bracket in a comment",
    ),
    pytest.param(
        'def f():\n    a = 1\n"""\n"""\n    b = 2\n',
        "line 5 is indented more than the string before it, lines 3 to 4",
        id="string that ends a block",
    ),
    pytest.param(
        "if a: b = 1\n    c = 2\n",
        "line 2 is indented, but the block of line 1 has its body on the same line",
        id="body on the same line",
    ),
    pytest.param(
        "if a:\n        b = 1\n    c = 2\n",
        "line 3 is indented less than line 2, but like no block around it",
        id="between two levels",
    ),
    pytest.param(
        "if a:\n    b = 1\n\tc = 2\n",
        "line 3 and line 2 mix tabs and spaces in their indentation",
        id="tab after spaces",
    ),
    pytest.param(
        "if a:\n\tb = 1\n        c = 2\n",
        "line 3 and line 2 mix tabs and spaces in their indentation",
        id="spaces as wide as a tab",
    ),
    pytest.param(
        "try:\n    a = 1\n    except OSError:\n        b = 2\n",
        '"except" at line 3 belongs to no block at its indentation',
        id="clause of no block",
    ),
    pytest.param(
        "class A:\n    @property\na = 1\n",
        "no function or class at its indentation follows the decorator at line 2",
        id="decorator of nothing",
    ),
    pytest.param("while a\n    b = 1\n", '":" is missing at the end of line 1', id="colon"),
    pytest.param("class = 1\n", "", id="a keyword for a name"),
]

LEFTOVERS = [
    pytest.param(
        "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> other\n",
        "merge-conflict marker at line 2",
        id="conflict",
    ),
    pytest.param(
        'def f():\n    """Do.\n\n<<<<<<< HEAD\n    This."""\n=======\n    That."""\n>>>>>>> other\n',
        "merge-conflict marker at line 6",
        id="conflict that starts in a string",
    ),
    pytest.param("a = [\n>>>>>>> other\n]\n", "merge-conflict marker at line 2", id="in brackets"),
    pytest.param("@@ -1,2 +1,3 @@\n a = 1\n", "line 1 is left over from a patch", id="hunk"),
    pytest.param("diff --git a/b.py b/b.py\n", "line 1 is left over from a patch", id="diff"),
    pytest.param(
        "a = 1\n+def f():\n+    pass\n", "line 2 starts with the + or - of a patch", id="added line"
    ),
    pytest.param("```python\na = 1\n```\n", "Markdown fence ``` at line 1", id="fence"),
    pytest.param(">>> a = 1\n", "line 1 starts with the >>> of an interactive session", id="session"),
    pytest.param(
        "a = 1\n=======\nb = 2\n",
        "the text at line 2 is outside of any string or comment, so it is read as code",
        id="a line, no conflict",
    ),
    pytest.param("a = (1\n  +b 2)\n", "", id="plus in an expression"),
]

CHARACTERS = [
    pytest.param(
        "print(\u201chello\u201d)\n",
        "LEFT DOUBLE QUOTATION MARK (U+201C) at line 1 is outside of any string or comment",
        id="smart quote",
    ),
    pytest.param(
        "a =\u00a01\n", "NO-BREAK SPACE (U+00A0) at line 1 is outside of any string or comment", id="space"
    ),
    pytest.param(
        "a = 1\nb = \U0001f600\n",
        "GRINNING FACE (U+1F600) at line 2 is outside of any string or comment",
        id="emoji",
    ),
    pytest.param(
        "a\u200b = 1\n",
        "ZERO WIDTH SPACE (U+200B) at line 1 is outside of any string or comment",
        id="unseen",
    ),
    pytest.param(
        "a = \x1b[0m\n",
        "control character (U+001B) at line 1 is outside of any string or comment",
        id="escape",
    ),
    pytest.param(
        "a = 1 \x00\n", "control character (U+0000) at line 1 is outside of any string or comment", id="null"
    ),
    pytest.param(
        "First open the door \u2192 then close it\n",
        "the text at line 1 is outside of any string or comment, so it is read as code",
        id="arrow in a text",
    ),
    pytest.param("a = b ? c : d\n", "", id="a question mark"),
]

PYTHON_2 = [
    pytest.param('print "hello"\n', "Python 2 code: print statement at line 1", id="print"),
    pytest.param("if a: print b, c\n", "Python 2 code: print statement at line 1", id="print after a colon"),
    pytest.param('exec "a = 1" in scope\n', "Python 2 code: exec statement at line 1", id="exec"),
    pytest.param('raise ValueError, "no"\n', "Python 2 code: raise with a comma at line 1", id="raise"),
    pytest.param("if a <> b:\n    pass\n", "Python 2 code: <> at line 1", id="not equal"),
    pytest.param("a = `b`\n", "Python 2 code: backquotes at line 1", id="backquotes"),
    pytest.param("a = 10L\n", "Python 2 code: long integer at line 1", id="long"),
    pytest.param("mode = 0777\n", "Python 2 code: octal number at line 1", id="octal"),
    pytest.param('a = ur"b"\n', 'Python 2 code: string prefix "ur" at line 1', id="prefix"),
    pytest.param("day = 08\n", "", id="a leading zero that is no octal"),
    pytest.param(
        "print the name of the file\n",
        "the text at line 1 is outside of any string or comment, so it is read as code",
        id="print in a text",
    ),
    pytest.param("use `this` one\n", "", id="backquotes in a text"),
]


@pytest.mark.parametrize(
    ("text", "cause"), TEXT + QUOTES + BRACKETS + LAYOUT + LEFTOVERS + CHARACTERS + PYTHON_2
)
def test_cause(text: str, cause: str) -> None:
    assert diagnose(text) == cause


@pytest.mark.parametrize(
    ("text", "needed", "cause"),
    [
        pytest.param(
            'a = f"{b["c"]}"\n',
            (3, 12),
            "the f-string at line 1 needs Python 3.12: its expression holds the quotes around it",
            id="same quotes",
        ),
        pytest.param(
            "a = f'{b[\"c\"]} {[f'{d}']}'\n",
            (3, 12),
            "the f-string at line 1 needs Python 3.12: its expression holds the quotes around it",
            id="same quotes in a nested f-string",
        ),
        pytest.param(
            "a = (f'b'\n     f'{\"\\n\".join(c)}')\n",
            (3, 12),
            "the f-string at line 2 needs Python 3.12: its expression holds a backslash",
            id="backslash",
        ),
        pytest.param(
            'a = f"""{\n    b  # why\n}"""\n',
            (3, 12),
            "the f-string at line 1 needs Python 3.12: its expression holds a comment",
            id="comment",
        ),
        pytest.param(
            'a = f"{\n    b}"\n',
            (3, 12),
            "the f-string at line 1 needs Python 3.12: its expression holds a line break",
            id="line break",
        ),
        pytest.param("type A = int\n", (3, 12), "the type statement at line 1 needs Python 3.12", id="type"),
        pytest.param(
            "def f[T](a: T) -> T:\n    return a\n",
            (3, 12),
            "the type parameters at line 1 need Python 3.12",
            id="type parameters",
        ),
        pytest.param(
            "try:\n    a()\nexcept* OSError:\n    b()\n",
            (3, 11),
            "except* at line 3 needs Python 3.11",
            id="except*",
        ),
        pytest.param(
            'a = t"{b}"\n', (3, 14), "the template string at line 1 needs Python 3.14", id="template string"
        ),
        pytest.param(
            "try:\n    a()\nexcept OSError, ValueError:\n    b()\n",
            (3, 14),
            "except without parentheses at line 3 needs Python 3.14",
            id="except without parentheses",
        ),
        pytest.param(
            "try:\n    a()\nexcept OSError, e:\n    b()\n",
            (3, 14),
            "Python 2 code: except with a comma at line 3",
            id="except with a name, which Python 3.14 takes for a class",
        ),
    ],
)
def test_cause_depends_on_the_interpreter(
    monkeypatch: pytest.MonkeyPatch, text: str, needed: tuple[int, int], cause: str
) -> None:
    monkeypatch.setattr(lexical, "PYTHON", (needed[0], needed[1] - 1))
    assert likely_cause(text, 3, "") == cause
    monkeypatch.setattr(lexical, "PYTHON", needed)
    assert likely_cause(text, 3, "") == ""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("match x:\n    case 1:\n        pass\n", id="match"),
        pytest.param("match = 1\ntype = match\nprint (match)\n", id="soft keywords as names"),
        pytest.param("a = 1 if b else 0x1F or 1_0.5e3j\n", id="numbers"),
        pytest.param("a = f\"{b!r:>{c}} {{d}} {e:%H:%M} {f['g']}\"\n", id="f-string"),
        pytest.param('a = f"\\N{EM DASH} {b}" rf"\\{c}"\n', id="braces behind a backslash"),
        pytest.param('a = "b" \\\n    "c"\n', id="continued line"),
        pytest.param("a = (\n'b'\n# c\n'd')\n", id="strings in brackets at column 0"),
        pytest.param(
            "if a:\n    b\n  # less\n        # more\nelse:\n    c\n", id="comments at any indentation"
        ),
        pytest.param("if a:\n\tb\nelse:\n    c\n", id="tabs in one block, spaces in another"),
        pytest.param("for a in b: c\nelse: d\n", id="clauses on one line"),
        pytest.param("é = π = 1\na\u0301 = 2\n", id="letters of other alphabets"),
        pytest.param("from a import *\nfrom ... import b\n", id="import of everything"),
        pytest.param("a = lambda: 0\nb[1:] = c\nd: int\n", id="colons"),
        pytest.param("if f(lambda a:\n     1):\n    b\n", id="lambda in brackets over lines"),
        pytest.param("def f(a:\n      int):\n    b\n", id="annotation on a line of its own"),
        pytest.param("with f({'a':\n     1}):\n    b\n", id="dictionary in brackets over lines"),
        pytest.param("-a\n+b\n*c, d = e\n~f\n", id="operators at the start"),
        pytest.param('"""=======\n<<<<<<< a\n"""\n', id="markers in a string"),
        pytest.param("a = 1;\n\x0cb = 2\n", id="form feed"),
        pytest.param("", id="nothing"),
    ],
)
def test_valid_text_has_no_cause(text: str) -> None:
    compile(text, "example.py", "exec", dont_inherit=True)
    assert likely_cause(text, 1000, "") == ""


def test_standard_library_has_no_cause() -> None:
    folder = Path(os.__file__).parent
    for path in sorted(folder.glob("[a-d]*.py")):
        assert likely_cause(path.read_text(encoding="utf-8"), 10**6, "") == "", path.name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def f():\n    return 1\nreturn 2\n", id="return outside of a function"),
        pytest.param("def f(a, a):\n    pass\n", id="duplicate argument"),
        pytest.param("import os\nfrom __future__ import annotations\n", id="late future import"),
        pytest.param("f() = 1\n", id="assignment to a call"),
    ],
)
def test_message_that_says_it_gets_no_cause(text: str) -> None:
    assert diagnose(text) == ""


def test_cause_is_never_after_the_error() -> None:
    text = "a = = 1\nb = 'c\n"
    assert likely_cause(text, 1, "invalid syntax") == ""
    assert likely_cause(text, 2, "unterminated string literal") == "quote ' opened at line 2 is never closed"


def test_error_of_indentation_is_where_the_interpreter_says() -> None:
    text = "a = 'b\nif c:\nd = 1\n"
    assert likely_cause(text, 3, "expected an indented block") == ""


SAMPLE = '''"""Parcels."""

from math import pi

@cache
def weigh(parcels: list[Parcel], *, unit: str = "kg") -> float:
    """Return the weight
    of all parcels."""
    if not parcels:
\treturn 0x1F  # none “here”
    try:
        return sum(p.weight for p in parcels) / 1_000.5e3
    except (OSError, ValueError) as error:
        print(f"{error!r:>{10}} {unit['a']:%H}", 'it\\'s', rb"\\x00", é := 1)
    else:
        return {"a": [1, 2, (3,)], **{}}
'''


def test_damaged_text_never_raises() -> None:
    pieces = [
        '"""',
        "'''",
        '"',
        "'",
        "(",
        ")",
        "[",
        "}",
        "{",
        "\n",
        "\t",
        "\\",
        "#",
        ":",
        "f'",
        "`",
        "\x00",
        "\ud800",
        "→",
    ]
    dice = random.Random(7)
    for position in range(len(SAMPLE)):
        piece = dice.choice(pieces)
        for text in (
            SAMPLE[:position],
            SAMPLE[position:],
            SAMPLE[:position] + SAMPLE[position + 1 :],
            SAMPLE[:position] + piece + SAMPLE[position:],
            SAMPLE[:position] + piece + SAMPLE[position + dice.randrange(40) :],
        ):
            assert isinstance(
                likely_cause(text, dice.randrange(20), dice.choice(["", "unexpected indent"])), str
            )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 300_000 + " b c", id="long word"),
        pytest.param("a→" * 100_000, id="words that end early"),
        pytest.param("(" * 100_000 + "\n)" * 100_000, id="brackets"),
        pytest.param('f"{' * 100_000, id="nested f-strings"),
        pytest.param('f"{[\n' * 50_000, id="f-strings over lines"),
        pytest.param("(\n" + "=======\n" * 50_000, id="markers"),
        pytest.param("if a:\n" * 50_000, id="blocks"),
        pytest.param("if a:\n" + "# b\n" * 100_000, id="comments"),
        pytest.param("Overview\n" * 30_000 + "all of it", id="headings"),
        pytest.param("a = 0" + "7" * 300_000 + "8", id="digits"),
        pytest.param(" " * 300_000 + "a b", id="white space"),
    ],
)
def test_text_of_any_size_has_an_answer(text: str) -> None:
    # Of text that costs more than its length the suite would never come to an end.
    assert isinstance(likely_cause(text, 1, ""), str)

"""Functions and constants that are defined twice, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import findings

from ssot_lint.config import ConfigError
from ssot_lint.finding import Span

RULE = "duplicate-function"
ON = "[[duplicate-function]]\n"
LINES = "".join(f"    t{n} = fetch(row, {n}) + convert(row.a{n}, rate({n}))\n" for n in range(12))
FAR = LINES.replace("fetch", "load").replace("convert", "change")
CHANGED = LINES.replace("rate(5)", "price(5)")
F = f"def f(row):\n{LINES}"
G = f"def g(row):\n{LINES}"


def method(name: str, lines: str, owner: str = "", parameters: str = "self, row") -> str:
    inside = "".join(f"    {line}\n" for line in lines.splitlines())
    return f"class {owner or name.title()}:\n    def {name}({parameters}):\n{inside}"


OTHER = "".join(
    method(f"own_{n}", FAR.replace("load", f"go_{n}").replace("rate", f"take_{n}")).partition("\n")[2]
    for n in range(3)
)
REST = OTHER.replace("own", "its").replace("take", "move").replace("go", "run").replace("change", "turn")


def places(files: dict[str, str], config: str = ON) -> list[str]:
    return [f"{finding.path}:{finding.span.line}" for finding in findings(config, files, RULE)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": F, "b.py": F}, ["a.py:1", "b.py:1"], id="one name"),
        pytest.param({"a.py": F, "b.py": G}, ["a.py:1", "b.py:1"], id="another name"),
        pytest.param({"a.py": F + G}, ["a.py:1", "a.py:14"], id="another name in one file"),
        pytest.param({"a.py": F, "b.py": F, "c.py": G}, ["a.py:1", "b.py:1", "c.py:1"], id="three"),
        pytest.param({"a.py": F, "b.py": f"def g(row):\n{CHANGED}"}, ["a.py:1", "b.py:1"], id="nearly equal"),
        pytest.param({"a.py": F, "b.py": f"@cached\n{F}"}, ["a.py:1", "b.py:2"], id="decorated"),
        pytest.param({"a.py": F, "b.py": F.replace(":\n", ':\n    """What."""\n', 1)}, ["a.py:1", "b.py:1"], id="docstring"),
        pytest.param({"a.py": F, "b.py": F.replace("(row, ", "(\n    row,\n")}, ["a.py:1", "b.py:1"], id="layout"),
        pytest.param({"a.py": F, "b.py": f"async {F}"}, ["a.py:1", "b.py:1"], id="async, with the same body"),
        pytest.param(
            {"a.py": method("f", LINES) + OTHER, "b.py": method("g", LINES) + REST}, ["a.py:2", "b.py:2"], id="methods"
        ),
        pytest.param(
            {"a.py": F, "b.py": "class B:\n    @staticmethod\n" + method("f", LINES, parameters="row").partition("\n")[2]},
            ["a.py:1", "b.py:3"],
            id="a function and a method",
        ),
        pytest.param({"a.py": method("f", LINES) + OTHER + "    pass\n" + method("g", LINES) + REST}, ["a.py:2", "a.py:56"], id="two classes of a file"),
        pytest.param({"a.py": "class A:\n" + method("f", LINES).partition("\n")[2] + method("g", LINES).partition("\n")[2]}, ["a.py:2", "a.py:15"], id="two methods of a class"),
        pytest.param({"a.py": f"def test_f(row):\n{LINES}", "b.py": f"def test_g(row):\n{LINES}"}, ["a.py:1", "b.py:1"], id="tests"),
        pytest.param({"a.py": f"import pytest\n@pytest.fixture\n{F}", "b.py": G}, ["a.py:3", "b.py:1"], id="a fixture"),
        pytest.param({"a.py": f"if x:\n    pass\n{F}", "b.py": G}, ["a.py:3", "b.py:1"], id="behind a condition"),
        pytest.param({"a.py": F, "a.pyi": G}, ["a.py:1", "a.pyi:1"], id="another name in the stub"),
        pytest.param({"a.py": 'HOST = "a.example"\n', "b.py": "HOST = 'a.example'\n"}, ["a.py:1", "b.py:1"], id="text"),
        pytest.param({"a.py": "LIMIT = 8080\n", "b.py": "LIMIT: int = 8080\n"}, ["a.py:1", "b.py:1"], id="a number that is not round"),
        pytest.param({"a.py": "KEY = b'abc'\n", "b.py": "KEY = b'abc'\n"}, ["a.py:1", "b.py:1"], id="bytes"),
        pytest.param({"a.py": "SEP = ', '\n", "b.py": "SEP = ', '\n"}, ["a.py:1", "b.py:1"], id="text of two characters"),
        pytest.param({"a.py": "TEST_RUN = 'test_run'\n", "b.py": "TEST_RUN = 'test_run'\n"}, ["a.py:1", "b.py:1"], id="its name in two words"),
        pytest.param({"a.py": "_HOST = 'x1'\n", "b.py": "_HOST = 'x1'\n"}, ["a.py:1", "b.py:1"], id="a private constant"),
        pytest.param({"a.py": "try:\n    HOST = 'x1'\nexcept E:\n    HOST = 'y1'\n", "b.py": "HOST = 'y1'\n"}, ["a.py:4", "b.py:1"], id="one of two values"),
    ],
)  # fmt: skip
def test_found(files: dict[str, str], expected: list[str]) -> None:
    assert places(files) == expected


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": F}, id="alone"),
        pytest.param({"a.py": F + F}, id="twice in one file, which is for shadowed-definition"),
        pytest.param({"a.py": F, "a.pyi": F}, id="a stub"),
        pytest.param({"a.py": f"if x:\n    {F.replace(chr(10), chr(10) + '    ')}\nelse:\n    {F.replace(chr(10), chr(10) + '    ')}"}, id="in two branches"),
        pytest.param({"a.py": F, "b.py": f"def f(row):\n{FAR}"}, id="another body"),
        pytest.param({"a.py": F, "b.py": F + FAR}, id="twice as long"),
        pytest.param({"a.py": "def f(): return 1\n", "b.py": "def f(): return 1\n"}, id="small"),
        pytest.param({"a.py": "def f():\n" + LINES[:200], "b.py": "def f():\n" + LINES[:200]}, id="too few lines"),
        pytest.param({name: f'def {name[0]}():\n    """What.{chr(10) * 12}"""\n    return 1\n' for name in ("a.py", "b.py")}, id="a long docstring"),
        pytest.param({name: f"def {name[0]}(\n" + ",\n".join(f"    a{n}: int" for n in range(20)) + "\n): ...\n" for name in ("a.py", "b.py")}, id="nothing but parameters"),
        pytest.param({name: f"def {name[0]}(\n" + ",\n".join(f"    a{n}: int" for n in range(20)) + "\n): raise NotImplementedError\n" for name in ("a.py", "b.py")}, id="not implemented"),
        pytest.param({name: f"def test_{name[0]}(\n" + ",\n".join(f"    a{n}" for n in range(30)) + "\n):\n    pytest.skip('no')\n" for name in ("a.py", "b.py")}, id="skipped"),
        pytest.param({"a.py": method("f", LINES) + OTHER, "b.py": method("f", LINES) + OTHER}, id="methods of a class that is copied"),
        pytest.param({"a.py": method("f", LINES) + OTHER, "b.py": method("f", LINES, "Copy") + OTHER}, id="methods of a class that is copied under another name"),
        pytest.param({"a.py": method("f", LINES) + OTHER * 2, "b.py": method("f", LINES) + OTHER * 2 + "    x = 1\n"}, id="methods of classes that are nearly equal"),
        pytest.param({"a.py": "def outer():\n" + "".join(f"    {line}\n" for line in F.splitlines())}, id="a function and the one that it holds"),
        pytest.param({"a.py": F, "b.py": f"class B:\n{LINES}"}, id="a class with the same body"),
        pytest.param({"a.py": f"'''\n{F}'''\n", "b.py": F}, id="the same in a string"),
        pytest.param({"a.py": "HOST = 'a'\n", "b.py": "HOST = 'b'\n"}, id="another value"),
        pytest.param({"a.py": "HOST = 'a1'\n", "b.py": "URL = 'a1'\n"}, id="another name of a constant"),
        pytest.param({"a.py": "HOST = 'a1'\nHOST = 'a1'\n"}, id="a constant twice in one file"),
        pytest.param({"a.py": "HOST = 'a1'\n", "a.pyi": "HOST = 'a1'\n"}, id="a constant in the stub"),
        pytest.param({"a.py": "HOST = 'a1'\n", "b.py": "from a import HOST\n"}, id="an import"),
        pytest.param({"a.py": "HOST = 'a1'\n", "b.py": "import a\nHOST = a.HOST\n"}, id="an alias"),
        pytest.param({"a.py": "host = 'a1'\n", "b.py": "host = 'a1'\n"}, id="a name that is no constant's"),
        pytest.param({"a.py": "__version__ = '1.2.3'\n", "b.py": "__version__ = '1.2.3'\n"}, id="a version"),
        *(
            pytest.param({"a.py": f"LIMIT = {value}\n", "b.py": f"LIMIT = {value}\n"}, id=f"a value that tells nothing: {value}")
            for value in ("None", "True", "False", "0", "1", "''", "30", "25", "300", "5000", "2.5", "0.01", "10.0", "...", "','", "b'#'", r"'\n'", "'limit'", "'Limit'", "b'LIMIT'")
        ),
        pytest.param({"a.py": "LIMIT = 1\n", "b.py": "LIMIT = True\n"}, id="another type"),
        pytest.param({"a.py": "class A:\n    HOST = 'a1'\n", "b.py": "class A:\n    HOST = 'a1'\n"}, id="in classes"),
        pytest.param({"a.py": "def f():\n    HOST = 'a1'\n", "b.py": "def f():\n    HOST = 'a1'\n"}, id="in functions"),
        pytest.param({"a.py": "HOST = f'a1'\n", "b.py": "HOST = f'a1'\n"}, id="no literal"),
    ],
)  # fmt: skip
def test_not_found(files: dict[str, str]) -> None:
    assert places(files) == []


def test_what_is_nested_in_equal_functions_is_told_once() -> None:
    inner = "".join(f"    {line}\n" for line in F.splitlines())
    assert places(
        {"a.py": f"def one():\n{inner}    return f\n", "b.py": f"def two():\n{inner}    return f\n"}
    ) == [
        "a.py:1",
        "b.py:1",
    ]


NAMES = f'{ON}names = ["get_*", "HOST"]\n'
CANONICAL = f'{ON}canonical = ["shop.money.rounded", "shop.limits", "shop.events.Event", "shop.hosts.HOST"]\n'
ENUMS = "import enum\nclass Event(enum.Enum):\n    PAID = 'order_paid'\nclass Sent(enum.Enum):\n    PAID = 'order_paid'\n"
SHOP = {
    "shop/money.py": "def rounded(amount): ...\n",
    "shop/limits.py": "MOST = 50\nDEBUG = False\n_OWN = 7\n",
    "shop/events.py": "class Event:\n    PAID = 'order_paid'\n    LOW = 1\n    ERROR = 'error'\n    SENT_LATE = 'sent_late'\n",
    "shop/hosts.py": "HOST = 'a.example'\n",
}


@pytest.mark.parametrize(
    ("config", "files", "expected"),
    [
        pytest.param(NAMES, {"a.py": "def get_a(): ...\n", "b.py": "def get_a(x): return x\n"}, ["a.py:1", "b.py:1"], id="name"),
        pytest.param(NAMES, {"a.py": "HOST = 'a'\n", "b.py": "HOST = 'b'\n"}, ["a.py:1", "b.py:1"], id="name of a constant"),
        pytest.param(NAMES, {"a.py": "HOST = 'a'\n", "b.py": "def HOST(): ...\n"}, ["a.py:1", "b.py:1"], id="name of both"),
        pytest.param(NAMES, {"a.py": "def get_a(): ...\n", "b.py": "async def get_a(): ...\n"}, ["a.py:1", "b.py:1"], id="async"),
        pytest.param(NAMES, {"a.py": "def get_a(): ...\n", "b.py": "def get_b(): ...\n"}, [], id="other names"),
        pytest.param(NAMES, {"a.py": F, "b.py": F}, [], id="bodies do not count with names"),
        pytest.param(NAMES, {"a.py": "def get_a(): ...\ndef get_a(): ...\n"}, [], id="twice in one file"),
        pytest.param(NAMES, {"a.py": "def get_a(): ...\n", "a.pyi": "def get_a(): ...\n"}, [], id="stub"),
        pytest.param(NAMES, {"a.py": "def get_a(): ...\n", "b.py": "class B:\n    def get_a(self): ...\n"}, [], id="method"),
        pytest.param(NAMES, {"a.py": "HOST = 'a'\n", "b.py": "class B:\n    HOST = 'b'\n"}, [], id="constant of a class"),
        pytest.param(NAMES, {"a.py": "def get_a(): ...\n", "b.py": "def b():\n    def get_a(): ...\n"}, [], id="nested"),
        pytest.param(f'{NAMES}exempt = ["get_a"]\n', {"a.py": "def get_a(): ...\n", "b.py": "def get_a(): ...\n"}, [], id="exempt name"),
        pytest.param(f'{NAMES}exempt = ["get_a"]\n{NAMES}', {"a.py": "def get_a(): ...\n", "b.py": "def get_a(): ...\n"}, ["a.py:1", "b.py:1"], id="exempt in one of two tables"),
        pytest.param(f'{NAMES}kinds = ["constants"]\n', {"a.py": "def get_a(): ...\n", "b.py": "def get_a(): ...\n"}, [], id="another kind"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "def rounded(x): return x\n"}, ["b.py:1"], id="canonical function"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "MOST = 50\n"}, ["b.py:1"], id="constant of a canonical module"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "HOST = 'b.example'\n"}, ["b.py:1"], id="canonical constant, another value"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    PAID = 'order_paid'\n"}, ["b.py:2"], id="member of a canonical class"),
        pytest.param(CANONICAL, {**SHOP, "shop/events.py": SHOP["shop/events.py"] + "class B:\n    PAID = 'order_paid'\n"}, ["shop/events.py:7"], id="member of another class of the home"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    class C:\n        PAID = 'order_paid'\n"}, ["b.py:3"], id="member of a nested class"),
        pytest.param(f'{ON}canonical = ["shop.events"]\n', {"shop/events.py": ENUMS}, [], id="members of two enums of a canonical module"),
        pytest.param(f'{ON}canonical = ["shop.events.Event", "shop.events.Sent"]\n', {"shop/events.py": ENUMS}, [], id="members of two canonical classes of a module"),
        pytest.param(f'{ON}canonical = ["shop.events"]\n', {"shop/events.py": ENUMS, "b.py": "class B:\n    PAID = 'order_paid'\n"}, ["b.py:2"], id="member of two enums of a canonical module, elsewhere"),
        pytest.param(f'{ON}canonical = ["shop.events", "b"]\n', {"shop/events.py": "MOST = 50\n", "b.py": "MOST = 50\n"}, ["b.py:1", "shop/events.py:1"], id="constant of two canonical modules"),
        pytest.param(CANONICAL, {**SHOP, "shop/money.py": "from shop.x import rounded\n", "shop/x.py": "def rounded(): ...\n", "b.py": "def rounded(): ...\n"}, ["b.py:1"], id="home that takes it from elsewhere"),
        pytest.param(CANONICAL, {**{f"src/{path}": text for path, text in SHOP.items()}, "b.py": "MOST = 50\n"}, ["b.py:1"], id="home below a root"),
        pytest.param(f'{ON}canonical = ["shop.limits"]\nnames = ["get_*"]\n', {**SHOP, "b.py": "MOST = 50\ndef get_a(): ...\n", "c.py": "def get_a(): ...\n"}, ["b.py:1", "b.py:2", "c.py:1"], id="canonical and names"),
        pytest.param(CANONICAL, SHOP, [], id="at home"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "MOST = 51\n"}, [], id="module constant, another value"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "DEBUG = False\n"}, [], id="module constant, an empty value"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "_OWN = 7\n"}, [], id="private constant of a module"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    SENT_LATE = 'sent_late'\n"}, ["b.py:2"], id="member whose name says it all"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class Event:\n    ERROR = 'error'\n"}, ["b.py:2"], id="member of one word, class of the same name"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    ERROR = 'error'\n"}, [], id="member of one word, another class"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    LOW = 1\n"}, [], id="member with a small number"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    PAID = 'paid'\n"}, [], id="member, another value"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    SENT = 'order_paid'\n"}, [], id="member, another name"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "PAID = 'order_paid'\n"}, [], id="member, at the top of a module"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    HOST = 'a.example'\n"}, [], id="constant of a module in a class"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "class B:\n    def rounded(self): ...\n"}, [], id="method of the name"),
        pytest.param(CANONICAL, {**SHOP, "b.py": "def f():\n    def rounded(x): ...\n    HOST = 1\n"}, [], id="nested in a function"),
        pytest.param(CANONICAL, {**SHOP, "shop/money.pyi": "def rounded(amount): ...\n"}, [], id="stub of the home"),
        pytest.param(CANONICAL, {**SHOP, "b.py": F, "c.py": F}, [], id="bodies do not count with canonical"),
        pytest.param(f'{CANONICAL}kinds = ["functions"]\n', {**SHOP, "b.py": "MOST = 50\n"}, [], id="constants are not asked for"),
        pytest.param(f'{ON}kinds = ["methods"]\n', {"a.py": F, "b.py": F}, [], id="functions are not asked for"),
        pytest.param(f'{ON}kinds = ["functions"]\n', {"a.py": method("f", LINES) + OTHER, "b.py": method("g", LINES) + REST}, [], id="methods are not asked for"),
        pytest.param(f'{ON}kinds = ["methods"]\n', {"a.py": method("f", LINES) + OTHER, "b.py": method("g", LINES) + REST}, ["a.py:2", "b.py:2"], id="methods alone"),
        pytest.param(f'{ON}kinds = ["functions"]\n', {"a.py": "HOST = 'a1'\n", "b.py": "HOST = 'a1'\n"}, [], id="values are not asked for"),
        pytest.param(f'{ON}exempt = ["f"]\n', {"a.py": F, "b.py": G}, ["b.py:1"], id="exempt body"),
        pytest.param(f'{ON}exempt = ["HO*"]\n', {"a.py": "HOST = 'a1'\n", "b.py": "HOST = 'a1'\n"}, [], id="exempt constant"),
        pytest.param(f"{ON}similarity = 50\n", {"a.py": F, "b.py": f"def g(row):\n{CHANGED}"}, ["a.py:1", "b.py:1"], id="half"),
        pytest.param(f"{ON}similarity = 100\n", {"a.py": F, "b.py": f"def g(row):\n{CHANGED}"}, [], id="equal only"),
        pytest.param(f"{ON}min-lines = 14\n", {"a.py": F, "b.py": F}, [], id="more lines"),
        pytest.param(f"{ON}min-lines = 2\nmin-tokens = 5\n", {"a.py": "def f(x):\n    return x + 1\n", "b.py": "def g(x):\n    return x + 1\n"}, ["a.py:1", "b.py:1"], id="small"),
    ],
)  # fmt: skip
def test_options(config: str, files: dict[str, str], expected: list[str]) -> None:
    assert places(files, config) == expected


def test_messages_name_the_other_places() -> None:
    files = {"a.py": F, "b.py": f"x = 1\n{G}", "c.py": f"def h(row):\n{CHANGED}"}
    first = findings(ON, files, RULE)[0]
    assert first.message == "`f` has the same body as `g` in b.py:2 and 1 more"
    assert [(other.path, other.span) for other in first.related] == [
        ("b.py", Span(2, 5, 2, 6)),
        ("c.py", Span(1, 5, 1, 6)),
    ]
    assert first.subject == ("body", "f")


def test_messages_of_names_values_and_homes() -> None:
    (value, _) = findings(ON, {"a.py": "HOST = 'a1'\n", "b.py": "HOST = 'a1'\n"}, RULE)
    assert (value.message, value.subject) == ("`HOST` has the same value in b.py:1", ("value", "HOST"))
    (name, _) = findings(NAMES, {"a.py": "def get_a(): ...\n", "b.py": "def get_a(): ...\n"}, RULE)
    assert (name.message, name.subject) == ("`get_a` is also defined in b.py:1", ("name", "get_a"))
    (home,) = findings(CANONICAL, {**SHOP, "b.py": "class B:\n    PAID = 'order_paid'\n"}, RULE)
    assert home.message == "`B.PAID` is defined again, its home is `shop.events.Event.PAID`"
    assert home.subject == ("canonical", "shop.events.Event.PAID")
    assert [(other.path, other.span.line) for other in home.related] == [("shop/events.py", 2)]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        pytest.param("similarity = 20", "expected a percentage from 50 to 100, found 20", id="too little"),
        pytest.param(
            'names = ["get_a"]\nexempt = ["get_*"]', "`exempt` leaves out `get_a`", id="exempt name"
        ),
        pytest.param(
            'canonical = ["a.get"]\nexempt = ["get"]', "`exempt` leaves out `a.get`", id="exempt symbol"
        ),
        pytest.param(
            'kinds = ["methods"]\ncanonical = ["a.b"]', "canonical speak of functions", id="canonical"
        ),
        pytest.param('canonical = ["a b"]', "expected a dotted name such as", id="no dotted name"),
        pytest.param(
            'kinds = ["methods"]\nnames = ["a"]', "names speak of functions and constants", id="methods"
        ),
    ],
)
def test_contradictions(options: str, text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        findings(f"{ON}{options}\n", {}, RULE)


def test_canonical_names_must_exist() -> None:
    files = {"shop/limits.py": "MOST = 50\n"}
    found = findings(f'{ON}canonical = ["shop.limits.LEAST"]\n', files, "unknown-symbol")
    assert [finding.subject for finding in found] == [(RULE, "shop.limits.LEAST")]


def test_a_snippet_is_compared_with_the_tree_and_itself() -> None:
    def snippet(kind: str, text: str) -> str:
        return f"{ON}{kind} = ['''\n{text}''']\n"

    far = f"def h(row):\n{FAR}"
    assert places({"a.py": F}, snippet("bad", G)) == []  # the snippet is no file of the tree
    assert places({"a.py": far}, snippet("bad", F + G)) == []
    assert places({"a.py": far}, snippet("good", G)) == []
    with pytest.raises(ConfigError, match="nothing is found"):
        places({"a.py": far}, snippet("bad", G))

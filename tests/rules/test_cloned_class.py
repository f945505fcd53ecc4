"""Classes that are copies of others under any name, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import findings

from ssot_lint.config import ConfigError
from ssot_lint.finding import Span

RULE = "cloned-class"
ON = "[[cloned-class]]\n"
LINES = "".join(f"        t{n} = fetch(row, {n}) + convert(row.a{n}, rate({n}))\n" for n in range(6))
STEPS = "".join(f"    def step_{n}(self, row):\n{LINES.replace('fetch', f'fetch_{n}')}" for n in range(6))
CHANGED = STEPS.replace("fetch_1(row, 2)", "load(row, 2)")
FAR = STEPS.replace("convert", "change").replace("fetch", "load")
SMALL = "    a = 1\n"
STUB = "    def f(self): ...\n" * 12


def nested(name: str, body: str) -> str:
    inner = "".join(f"    {line}\n" for line in f"class {name}:\n{body}".splitlines())
    return f"class Outer{name}:\n{inner}"


def places(files: dict[str, str], config: str = ON) -> list[str]:
    return [f"{finding.path}:{finding.span.line}" for finding in findings(config, files, RULE)]


A = f"class A:\n{STEPS}"
B = f"class B:\n{STEPS}"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": A, "b.py": B}, ["a.py:1", "b.py:1"], id="another name in another file"),
        pytest.param({"a.py": A + B}, ["a.py:1", "a.py:44"], id="another name in the same file"),
        pytest.param({"a.py": A, "b.py": f"\n\n{B}"}, ["a.py:1", "b.py:3"], id="another line"),
        pytest.param({"a.py": A, "b.py": B, "c.py": B}, ["a.py:1", "b.py:1", "c.py:1"], id="three, two of one name"),
        pytest.param({"a.py": A, "b.py": B.replace("B:", "B(Base):")}, ["a.py:1", "b.py:1"], id="another base"),
        pytest.param({"a.py": A, "b.py": f"@final\n{B}"}, ["a.py:1", "b.py:2"], id="decorated"),
        pytest.param(
            {"a.py": A, "b.py": B.replace("B:\n", 'B:\n    """What."""\n')}, ["a.py:1", "b.py:1"], id="docstring"
        ),
        pytest.param({"a.py": A, "b.py": B.replace("\n", "  # why\n")}, ["a.py:1", "b.py:1"], id="comments"),
        pytest.param({"a.py": A, "b.py": B.replace("(row, ", "(\n    row,\n")}, ["a.py:1", "b.py:1"], id="layout"),
        pytest.param({"a.py": A, "b.py": f"class B:\n{CHANGED}"}, ["a.py:1", "b.py:1"], id="nearly equal"),
        pytest.param({"a.py": A, "b.py": f"class A:\n{CHANGED}"}, ["a.py:1", "b.py:1"], id="nearly equal, one name"),
        pytest.param({"a.py": f"{A}class B:\n{CHANGED}"}, ["a.py:1", "a.py:44"], id="nearly equal in one file"),
        pytest.param(
            {"a.py": A, "b.py": B + "    def last(self): return 1\n"}, ["a.py:1", "b.py:1"], id="a method more"
        ),
        pytest.param(
            {"a.py": A, "b.py": B.replace("    def step_3", "    @cached\n    def step_3")},
            ["a.py:1", "b.py:1"],
            id="a decorated method",
        ),
        pytest.param({"a.py": A, "b.py": nested("B", STEPS + "    x = 1\n") + SMALL * 40}, ["a.py:1", "b.py:2"], id="nested"),
        pytest.param({"a.py": nested("A", STEPS) + nested("B", STEPS)}, ["a.py:1", "a.py:45"], id="nested in alike classes"),
        pytest.param(
            {"a.py": A, "b.py": B.replace("self, row", "cls, row")}, ["a.py:1", "b.py:1"], id="other parameters"
        ),
        pytest.param({"a.py": A, "a.pyi": B}, ["a.py:1", "a.pyi:1"], id="another name in the stub"),
        pytest.param({"a.py": f"if x:\n    pass\n{A}", "b.py": B}, ["a.py:3", "b.py:1"], id="behind a condition"),
        pytest.param(
            {"a.py": f"class X:\n    pass\n{nested('A', STEPS)}{FAR}", "b.py": f"def f():\n    pass\n{B}"},
            ["a.py:4", "b.py:3"],
            id="nested in a class of its own",
        ),
        pytest.param(
            {"a.py": "class A(Enum):\n" + "".join(f"    N{n} = 'n{n}'\n" for n in range(12)),
             "b.py": "class B(Enum):\n" + "".join(f"    N{n} = 'n{n}'\n" for n in range(12))},
            ["a.py:1", "b.py:1"],
            id="enums",
        ),
    ],
)  # fmt: skip
def test_found(files: dict[str, str], expected: list[str]) -> None:
    assert places(files) == expected


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": A}, id="alone"),
        pytest.param({"a.py": A, "b.py": A}, id="one name and body, which is for duplicate-class"),
        pytest.param({"a.py": A, "b.py": A, "c.py": A}, id="the same in three files"),
        pytest.param({"a.py": A + A}, id="twice in one file"),
        pytest.param({"a.py": A, "a.pyi": A}, id="a stub"),
        pytest.param({"a.py": f"if x:\n    {A.replace(chr(10), chr(10) + '    ')}\n{A}"}, id="in two branches"),
        pytest.param({"a.py": f"{A}class A:\n{CHANGED}"}, id="nearly equal versions of one class in one file"),
        pytest.param({"a.py": A, "b.py": f"class B:\n{FAR}"}, id="another body"),
        pytest.param({"a.py": A, "b.py": B.replace("fetch", "load")}, id="a change in every method"),
        pytest.param({"a.py": A, "b.py": B + FAR}, id="twice as long"),
        pytest.param({"a.py": A, "b.py": f"class B:\n{STEPS[:600]}return 1\n"}, id="the first half of it"),
        pytest.param({"a.py": f"class A:\n{SMALL}", "b.py": f"class B:\n{SMALL}"}, id="small"),
        pytest.param({"a.py": "class A: pass\n", "b.py": "class B: pass\n"}, id="empty"),
        pytest.param(
            {name: f'class {name[0]}(Error):\n    """What.{chr(10) * 12}"""\n' for name in ("A.py", "B.py")},
            id="long docstrings and nothing else",
        ),
        pytest.param({"a.py": "class A:\n" + "\n" * 12 + SMALL, "b.py": "class B:\n" + "\n" * 12 + SMALL}, id="blank lines"),
        pytest.param({"a.py": nested("A", STEPS)}, id="a class and the one that it holds"),
        pytest.param({"a.py": f"class A:\n{STEPS}", "b.py": f"def f():\n{STEPS}"}, id="a function with the same body"),
        pytest.param({"a.py": f"'''\n{A}'''\n", "b.py": B}, id="the same in a string"),
        pytest.param({"a.py": A.replace("\n", "\n# "), "b.py": B}, id="the same in comments"),
        pytest.param({"a.py": "class A:\n" + STEPS[:260], "b.py": "class B:\n" + STEPS[:260]}, id="too few lines"),
    ],
)  # fmt: skip
def test_not_found(files: dict[str, str]) -> None:
    assert places(files) == []


def test_what_is_nested_in_clones_is_told_once() -> None:
    files = {
        "a.py": nested("A", STEPS) + STEPS,
        "b.py": nested("A", STEPS).replace("OuterA", "Other") + STEPS,
    }
    assert places(files) == ["a.py:1", "b.py:1"]
    assert places({"a.py": nested("A", STEPS), "b.py": nested("B", STEPS)}) == ["a.py:1", "b.py:1"]


def test_a_class_nested_in_two_that_differ_is_told_itself() -> None:
    # Each outer class has methods of its own.
    others = "".join(f"    def own_{n}(self):\n        return go({n}, take({n}))\n" for n in range(20))
    files = {"a.py": nested("A", STEPS) + others, "b.py": nested("B", STEPS) + FAR + FAR.replace("step", "x")}
    assert places(files) == ["a.py:2", "b.py:2"]


@pytest.mark.parametrize(
    ("options", "files", "expected"),
    [
        pytest.param('classes = ["B*"]', {"a.py": A, "b.py": B}, ["b.py:1"], id="classes"),
        pytest.param('exempt = ["B*"]', {"a.py": A, "b.py": B}, ["a.py:1"], id="exempt"),
        pytest.param(
            "similarity = 100", {"a.py": A, "b.py": f"class B:\n{CHANGED}"}, [], id="equal only: near"
        ),
        pytest.param(
            "similarity = 100", {"a.py": A, "b.py": B}, ["a.py:1", "b.py:1"], id="equal only: equal"
        ),
        pytest.param('same-name = "include"', {"a.py": A, "b.py": A}, ["a.py:1", "b.py:1"], id="one name"),
        pytest.param('same-name = "include"', {"a.py": A + A}, [], id="one name, one file"),
        pytest.param('same-name = "include"', {"a.py": A, "a.pyi": A}, [], id="one name, a stub"),
        pytest.param("min-lines = 44", {"a.py": A, "b.py": B}, [], id="more lines"),
        pytest.param("min-lines = 43", {"a.py": A, "b.py": B}, ["a.py:1", "b.py:1"], id="as many lines"),
        pytest.param(
            "similarity = 50", {"a.py": A, "b.py": f"class B:\n{CHANGED}"}, ["a.py:1", "b.py:1"], id="half"
        ),
        pytest.param("min-tokens = 1000", {"a.py": A, "b.py": B}, [], id="more tokens"),
        pytest.param(
            "min-lines = 2\nmin-tokens = 2",
            {"a.py": f"class A:\n{SMALL}", "b.py": f"class B:\n{SMALL}"},
            ["a.py:1", "b.py:1"],
            id="small",
        ),
        pytest.param('paths = ["a.py"]', {"a.py": A, "b.py": B}, ["a.py:1"], id="paths"),
    ],
)
def test_options(options: str, files: dict[str, str], expected: list[str]) -> None:
    assert places(files, f"{ON}{options}\n") == expected


def test_the_nearest_comes_first_and_every_other_place_is_listed() -> None:
    files = {"a.py": f"class C:\n{CHANGED}", "b.py": A, "c.py": f"x = 1\n{B}"}
    near, first, second = findings(ON, files, RULE)
    assert near.message == "`C` is about 99 % like `A` in b.py:1 and 1 more"
    assert first.message == "`A` has the same body as `B` in c.py:2 and 1 more"
    assert [(other.path, other.span, other.message) for other in first.related] == [
        ("c.py", Span(2, 7, 2, 8), "the same body"),
        ("a.py", Span(1, 7, 1, 8), "about 99 % like it"),
    ]
    assert second.subject == ("body", "B")
    (only, _) = findings(ON, {"a.py": A, "b.py": B}, RULE)
    assert only.message == "`A` has the same body as `B` in b.py:1"


def test_two_of_one_name_in_one_file_are_for_this_rule() -> None:
    files = {"a.py": nested("A", STEPS) + FAR + nested("A", STEPS).replace("OuterA", "Other") + CHANGED * 3}
    assert [finding.scope for finding in findings(ON, files, RULE)] == ["OuterA.A", "Other.A"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        pytest.param("similarity = 101", "expected a percentage from 50 to 100, found 101", id="too much"),
        pytest.param("similarity = 9", "expected a percentage from 50 to 100, found 9", id="too little"),
        pytest.param(
            'classes = ["A*", "Bx"]\nexempt = ["B*"]', "`exempt` leaves out all of `Bx`", id="nothing is left"
        ),
    ],
)
def test_contradictions(options: str, text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        findings(f"{ON}{options}\n", {}, RULE)


def test_a_snippet_is_compared_with_the_tree_and_itself() -> None:
    def snippet(kind: str, text: str) -> str:
        return f"{ON}{kind} = ['''\n{text}''']\n"

    far = f"class C:\n{FAR}"
    assert places({"a.py": A}, snippet("bad", B)) == []  # the snippet is no file of the tree
    assert places({"a.py": far}, snippet("bad", A + B)) == []
    assert places({"a.py": far}, snippet("bad", f"# file: x.py\n{A}# file: y.py\n{B}")) == []
    assert places({"a.py": far}, snippet("good", B)) == []
    with pytest.raises(ConfigError, match="nothing is found"):
        places({"a.py": far}, snippet("bad", B))

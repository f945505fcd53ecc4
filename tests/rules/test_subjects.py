"""What a problem is about: the same after edits that leave the problem as it was, another for another problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from lint_examples import findings, lint

from ssot_lint.rules import RULES, Example

Files = Mapping[str, str]

EXAMPLES = [
    pytest.param(rule.id, example, id=f"{rule.id}: {example.title}") for rule in RULES for example in rule.bad
]


def subjects(rule: str, config: str, files: Files) -> set[tuple[str, ...]]:
    found = {finding.subject for finding in findings(config, files, rule)}
    assert found
    return found


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_lines_above_change_no_identity(rule: str, example: Example) -> None:
    def identities(files: Files) -> Counter[tuple[str, str, tuple[str, ...]]]:
        found = lint(Example("", files)).findings
        return Counter((each.path, each.scope, each.subject) for each in found if each.rule == rule)

    moved = {
        path: f"# a\n\n# b\n{text}" if path.endswith((".py", ".pyi")) else text
        for path, text in example.files.items()
    }
    assert identities(example.files)
    assert identities(moved) == identities(example.files)


FETCH = {"shop/__init__.py": "", "shop/http.py": "def fetch(*a, **k): ...\n"}
CALL = '[[forbidden-use]]\ntargets = ["shop.http.fetch"]\n'
PAID = {"shop/b.py": "PAID = 'order_paid'\n", "x.py": "def f(x):\n    return x == 'order_paid'\n"}
BASE = '[[noncanonical-base]]\nbases = ["**.Old"]\n'
HOME = "class Old:\n    pass\n"
NEW = "class New({}):\n    pass\n"

# rule, configuration, files before and after
EDITS = {
    "the number of arguments": (
        "forbidden-use",
        f"{CALL}max-positional = 1\n",
        {**FETCH, "a.py": "from shop.http import fetch\nfetch(1, 2)\n"},
        {**FETCH, "a.py": "from shop.http import fetch\nfetch(1, 2, 3)\n"},
    ),
    "what else a statement imports": (
        "import-form",
        '[[import-form]]\nrelative = "forbid"\n',
        {"shop/a.py": "from .b import pay\n"},
        {"shop/a.py": "from .b import Cart, pay\n"},
    ),
    "another constant of the same value": (
        "literal-has-constant",
        '[[literal-has-constant]]\nconstants = ["shop.a", "shop.b"]\n',
        {**PAID, "shop/a.py": ""},
        {**PAID, "shop/a.py": "DONE = 'order_paid'\n"},
    ),
    "the home of a superseded class": (
        "noncanonical-base",
        BASE,
        {"a.py": HOME, "x.py": f"from a import Old\n{NEW.format('Old')}"},
        {"b.py": HOME, "x.py": f"from b import Old\n{NEW.format('Old')}"},
    ),
    "the folder of the sources: an import": (
        "forbidden-import",
        '[[forbidden-import]]\ntargets = ["shop.old"]\n',
        {"shop/__init__.py": "", "shop/old.py": "X = 1\n", "shop/a.py": "from .old import X\n"},
        {"src/shop/__init__.py": "", "src/shop/old.py": "X = 1\n", "src/shop/a.py": "from .old import X\n"},
    ),
    "the folder of the sources: a use": (
        "forbidden-use",
        '[[forbidden-use]]\ntargets = ["shop.old"]\n',
        {"shop/__init__.py": "", "shop/old.py": "X = {}\n", "shop/a.py": "from .old import X\nX()\n"},
        {
            "src/shop/__init__.py": "",
            "src/shop/old.py": "X = {}\n",
            "src/shop/a.py": "from .old import X\nX()\n",
        },
    ),
    "the folder of the sources: a hub": (
        "noncanonical-import",
        '[[noncanonical-import]]\nhubs = ["shop"]\n',
        {"shop/__init__.py": "from .a import X", "shop/a.py": "X = 1\n", "shop/b.py": "from . import X\n"},
        {
            "src/shop/__init__.py": "from .a import X",
            "src/shop/a.py": "X = 1\n",
            "src/shop/b.py": "from . import X\n",
        },
    ),
    "what a class reaches a superseded one through": (
        "noncanonical-base",
        BASE,
        {"a.py": f"{HOME}class A(Old): ...\n", "x.py": f"from a import A\n{NEW.format('A')}"},
        {"a.py": f"{HOME}class A(Old): ...\n", "x.py": f"from a import A as B\n{NEW.format('B')}"},
    ),
}


@pytest.mark.parametrize(("rule", "config", "before", "after"), EDITS.values(), ids=EDITS.keys())
def test_edit_changes_no_subject(rule: str, config: str, before: Files, after: Files) -> None:
    assert subjects(rule, config, before) == subjects(rule, config, after)


TEN = "".join(f"        self.{name} = {name}\n" for name in "abcdefghij")
INIT = f"    def __init__(self, a, b, c, d, e, f, g, h, i, j):\n{TEN}"
LONG = f"class {{}}:\n{INIT}"
INNER = "class {}:\n    class Inner:\n        " + "\n        ".join(INIT.split("\n")).rstrip() + "\n"
BASE_CLASS = "class Base:\n    def start(self):\n        self.x = 1\n"

# rule, configuration, a text with a class in it, the name of which is left open
RENAMED = {
    "missing-super-call": (
        '[[missing-super-call]]\nmethods = ["start"]\n',
        f"{BASE_CLASS}class {{}}(Base):\n    def start(self):\n        self.y = 1\n",
    ),
    "class-contract": (
        '[[class-contract]]\nof = "functions"\nnames = ["**.pay"]\nrequired-parameters = ["session"]\n',
        "class {}:\n    def pay(self):\n        pass\n",
    ),
    "duplicate-class": ("[[duplicate-class]]\n", INNER),
    "cloned-class": (
        "[[cloned-class]]\n",
        INNER.replace("Inner", "One") + INNER.replace("Inner", "Two").replace("{}", "{}Other"),
    ),
    "duplicate-function": (
        '[[duplicate-function]]\nkinds = ["methods"]\n',
        LONG + LONG.replace("{}", "{}Other"),
    ),
    "misplaced-definition": (
        '[[misplaced-definition]]\nfunctions = ["*.pay"]\n',
        "class {}:\n    def pay(self):\n        pass\n",
    ),
    "shadowed-definition": ("[[shadowed-definition]]\n", "class {}:\n" + "    def f(self):\n        return 1\n" * 2),
    "placeholder-test": ("[[placeholder-test]]\n", "class Test{}:\n    def test_pay(self):\n        pass\n"),
    "uncollected-test": (
        "[[uncollected-test]]\n",
        "class Test{}:\n    def test_pay(self):\n        def test_inner():\n            assert self\n",
    ),
    "ad-hoc-mock": ("[[ad-hoc-mock]]\n", "class {}:\n    class FakeBank:\n        pass\n"),
    "missing-base": (
        '[[missing-base]]\nbase = "home.Base"\nclasses = ["Inner"]\n',
        "class {}:\n    class Inner:\n        pass\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "config", "text"), [(rule, *case) for rule, case in RENAMED.items()], ids=RENAMED.keys()
)
def test_another_name_of_the_class_around_changes_the_scope_alone(rule: str, config: str, text: str) -> None:
    first, second = (
        findings(
            config,
            {
                "home.py": "class Base: ...\n",
                "tests/test_a.py": text.replace("{}", name),
                "tests/test_b.py": INNER.replace("{}", "C"),
            },
            rule,
        )
        for name in ("Cart", "Shop")
    )
    before, after = ([each for each in found if each.path == "tests/test_a.py"] for found in (first, second))
    assert [each.subject for each in before] == [each.subject for each in after]
    assert {each.scope for each in before}.isdisjoint(each.scope for each in after)


IMPORTS = {"shop/__init__.py": "", "shop/a.py": "from shop import b\n", "shop/b.py": ""}

# rule, one table, another one that finds something else in the same place, files
TOLD_APART = {
    "the class to reach": (
        "missing-base",
        '[[missing-base]]\nbase = "home.A"\n',
        '[[missing-base]]\nbase = "home.B"\n',
        {"home.py": "class A: ...\nclass B: ...\n", "x.py": "class C: ...\n"},
    ),
    "the argument that lacks": (
        "forbidden-use",
        f'{CALL}required-arguments = ["timeout"]\n',
        f'{CALL}required-arguments = ["session"]\n',
        {**FETCH, "a.py": "from shop.http import fetch\nfetch()\n"},
    ),
    "the use and how it is called": (
        "forbidden-use",
        CALL,
        f'{CALL}required-arguments = ["session"]\n',
        {**FETCH, "a.py": "from shop.http import fetch\nfetch()\n"},
    ),
    "what is passed": (
        "forbidden-use",
        f"{CALL}when = {{ shell = true }}\n",
        f"{CALL}when = {{ text = true }}\n",
        {**FETCH, "a.py": "from shop.http import fetch\nfetch(shell=True, text=True)\n"},
    ),
    "the shape of a contract": (
        "import-boundary",
        '[[import-boundary]]\nlayers = ["shop.b", "shop.a"]\n',
        '[[import-boundary]]\nindependent = ["shop.a", "shop.b"]\n',
        IMPORTS,
    ),
    "the module and what is in it": (
        "forbidden-import",
        '[[forbidden-import]]\ntargets = ["requests"]\n',
        '[[forbidden-import]]\ntargets = ["requests.get"]\n',
        {"a.py": "from requests import get\n"},
    ),
}


@pytest.mark.parametrize(("rule", "one", "other", "files"), TOLD_APART.values(), ids=TOLD_APART.keys())
def test_tables_that_find_different_things_in_one_place(
    rule: str, one: str, other: str, files: Files
) -> None:
    assert subjects(rule, one, files).isdisjoint(subjects(rule, other, files))


def test_tables_that_find_the_same_are_twins() -> None:
    """What a table is called is no part of it: two that say the same count twice."""
    config = "".join(f'[[forbidden-import]]\nname = "{name}"\ntargets = ["requests"]\n' for name in "ab")
    found = findings(config, {"a.py": "import requests\n"}, "forbidden-import")
    assert [each.name for each in found] == ["a", "b"]
    assert len({each.fingerprint for each in found}) == 1

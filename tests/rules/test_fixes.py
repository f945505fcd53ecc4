"""What fixes of rules say of themselves: whether one is offered, whether it is safe, and what it edits."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lint_examples import findings

from ssot_lint.config import ConfigError
from ssot_lint.finding import Edit, Finding, Span

NONE, UNSAFE, SAFE = "no fix", "unsafe", "safe"


def offers(config: str, files: Mapping[str, str], rule: str) -> list[str]:
    """For each finding of a rule, in the order of the report, whether a fix is offered and safe."""
    return [_offer(finding) for finding in findings(config, files, rule)]


def edits(config: str, files: Mapping[str, str], rule: str) -> list[Edit]:
    found = findings(config, files, rule)
    return [edit for finding in found if finding.fix is not None for edit in finding.fix.edits]


def _offer(finding: Finding) -> str:
    if finding.fix is None:
        return NONE
    return SAFE if finding.fix.is_safe else UNSAFE


# noncanonical-base

BASES = '[[noncanonical-base]]\nbases = ["unittest.TestCase", "old.Old"]\nuse = "new.New"\n'
PLAIN = (
    "class New:\n    helped = 0\n    def setUp(self): self.made = 1\n    def assertEqual(self, a, b): ...\n"
)
BUILDS_ON_IT = "import unittest\nclass New(unittest.TestCase): ...\n"
TEST = "import unittest\nclass TestT(unittest.TestCase):\n"


def bases(new: str, test: str, **more: str) -> list[str]:
    files = {"new.py": new, "test_t.py": test, **{f"{name}.py": text for name, text in more.items()}}
    return offers(BASES, files, "noncanonical-base")


@pytest.mark.parametrize(
    ("new", "test", "expected"),
    [
        pytest.param(
            BUILDS_ON_IT, TEST + "    def test(self): self.subTest()\n", SAFE, id="builds on the old"
        ),
        pytest.param(
            PLAIN, TEST + "    def test(self): self.assertEqual(1, 1)\n", SAFE, id="has what is taken"
        ),
        pytest.param(PLAIN, TEST + "    def test(self): self.made, self.helped\n", SAFE, id="has attributes"),
        pytest.param(PLAIN, TEST + "    def test(self): self.subTest()\n", UNSAFE, id="lacks a method"),
        pytest.param(PLAIN, TEST + "    def setUp(self): ...\n", SAFE, id="has the hook"),
        pytest.param(PLAIN, TEST + "    def tearDown(self): ...\n", UNSAFE, id="lacks the hook"),
        pytest.param(PLAIN, TEST + "    def test(self): super().run()\n", UNSAFE, id="lacks what super has"),
        pytest.param(PLAIN, TEST + "    async def test(self): ...\n", UNSAFE, id="who runs async methods"),
        pytest.param(PLAIN, TEST + "    def test(this): this.subTest()\n", UNSAFE, id="self by another name"),
        pytest.param(
            PLAIN,
            TEST.replace("TestT(", "MoneyTests(") + "    x = 1\n",
            UNSAFE,
            id="a name that pytest passes over",
        ),
        pytest.param(
            BUILDS_ON_IT,
            TEST.replace("TestT(", "MoneyTests(") + "    x = 1\n",
            SAFE,
            id="any name of a TestCase",
        ),
        pytest.param(PLAIN, TEST + "    def test(self, x): ...\n", UNSAFE, id="who passes arguments"),
        pytest.param(PLAIN, TEST + "    def __init__(self): ...\n", UNSAFE, id="a constructor"),
        pytest.param("def New(): ...\n", TEST + "    x = 1\n", NONE, id="a function"),
        pytest.param("", TEST + "    x = 1\n", NONE, id="there is no such class"),
        pytest.param("import test_t\n" + BUILDS_ON_IT, TEST + "    x = 1\n", UNSAFE, id="import cycle"),
        pytest.param(
            "def f():\n    import between\n" + BUILDS_ON_IT,
            TEST + "    x = 1\n",
            UNSAFE,
            id="longer import cycle",
        ),
        pytest.param(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import test_t\n" + BUILDS_ON_IT,
            TEST + "    x = 1\n",
            SAFE,
            id="a cycle for type checkers alone",
        ),
    ],
)
def test_what_the_new_base_has(new: str, test: str, expected: str) -> None:
    assert bases(new, test, between="import test_t\n") == [expected]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param("class T(New, unittest.TestCase): ...\n", [NONE], id="the new base twice"),
        pytest.param("class T(Heir, unittest.TestCase): ...\n", [SAFE], id="behind an heir of the new base"),
        pytest.param("class T(unittest.TestCase, Heir): ...\n", [NONE], id="before an heir of the new base"),
        pytest.param("class T(unittest.TestCase, Old): ...\n", [NONE, NONE], id="two superseded bases"),
        pytest.param("class Mixin: ...\nclass T(Mixin, unittest.TestCase): ...\n", [SAFE], id="a mixin"),
        pytest.param("import x\nclass T(x.Y, unittest.TestCase): ...\n", [UNSAFE], id="an unknown class"),
        pytest.param("class T(f(), unittest.TestCase): ...\n", [UNSAFE], id="an expression"),
        pytest.param("class T(unittest.TestCase, metaclass=M): ...\n", [UNSAFE], id="a metaclass"),
        pytest.param("class T(Old[int]): ...\n", [NONE], id="parameters"),
        pytest.param("class T(unittest.TestCase): ...\nclass U(T): ...\n", [UNSAFE, NONE], id="an heir"),
        pytest.param(
            "try:\n    from x import Y\nexcept ImportError:\n    Y = Old\nclass T(Y): ...\n",
            [NONE],
            id="one of two bases",
        ),
    ],
)
def test_the_order_of_bases(test: str, expected: list[str]) -> None:
    new = BUILDS_ON_IT + "class Heir(New): ...\n"
    head = "import unittest\nfrom new import New, Heir\nfrom old import Old\n"
    assert bases(new, head + test, old="class Old: ...\n") == expected


def test_an_heir_in_another_file_by_another_name_makes_it_unsafe() -> None:
    heir = "from test_t import TestT as U\nclass V(U): ...\n"
    assert bases(BUILDS_ON_IT, TEST + "    x = 1\n", heir=heir) == [NONE, UNSAFE]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param("def test(self, other): ...", SAFE, id="another fixture"),
        pytest.param("def test(self, client): ...", UNSAFE, id="a fixture of the old base"),
        pytest.param("def connect(self): ...", UNSAFE, id="overrides what the old base may call"),
        pytest.param("async def test(self): ...", SAFE, id="async, where nothing comes from outside"),
    ],
)
def test_what_the_old_base_gave_and_called(test: str, expected: str) -> None:
    old = "class Old:\n    def client(self): ...\n    def connect(self): ...\n"
    assert bases(PLAIN, f"from old import Old\nclass T(Old):\n    {test}\n", old=old) == [expected]


def test_a_nested_canonical_class_is_reached_through_what_is_imported() -> None:
    config = '[[noncanonical-base]]\nbases = ["old.Old"]\nuse = "new.Outer.New"\n'
    files = {
        "new.py": "class Outer:\n    class New: ...\n",
        "old.py": "class Old: ...\n",
        "test_t.py": "from old import Old\nclass T(Old): ...\n",
    }
    (edit,) = edits(config, files, "noncanonical-base")
    assert (edit.kind, edit.symbol, edit.text) == ("replace", "new.Outer", ".New")


# runner-bypass


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import pytest\n{guard}    pytest.main()\n", [SAFE], id="nothing else"),
        pytest.param(
            "{guard}    import sys, pytest\n    sys.exit(pytest.main(sys.argv))\n", [SAFE], id="exit"
        ),
        pytest.param("import pytest\n{guard}    raise SystemExit(pytest.main())\n", [SAFE], id="raise"),
        pytest.param("import pytest\n{guard}    a = ['-v']\n    pytest.main(a)\n", [SAFE], id="arguments"),
        pytest.param("import pytest\n{guard}    print()\n    pytest.main()\n", [NONE], id="a call"),
        pytest.param(
            "import pytest\n{guard}    x.y = 1\n    pytest.main()\n", [NONE], id="writes an attribute"
        ),
        pytest.param("import pytest\n{guard}    import x\n    pytest.main()\n", [NONE], id="another import"),
        pytest.param(
            "import pytest\n{guard}    def f(): ...\n    pytest.main()\n", [NONE], id="a definition"
        ),
        pytest.param(
            "import pytest\n{guard}    pytest.main()\nelse:\n    f()\n", [NONE], id="another branch"
        ),
        pytest.param("import pytest\npytest.main()\n", [NONE], id="no guard"),
        pytest.param("import pytest\ndef f():\n    pytest.main()\n", [NONE], id="in a function"),
        pytest.param("import os\n{guard}    os.system('pytest')\n", [NONE], id="a command"),
    ],
)
def test_guards(text: str, expected: list[str]) -> None:
    files = {"test_a.py": text.format(guard='if __name__ == "__main__":\n')}
    assert offers("[[runner-bypass]]\n", files, "runner-bypass") == expected


# drop-ins

USE = '[[forbidden-use]]\ntargets = ["time.sleep"]\nuse = "app.clock.pause"\ndrop-in = true\n'
CLOCK = {"app/__init__.py": "", "app/clock.py": "import time\ndef pause(): time.sleep()\n"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import time\ntime.sleep(1)\n", [SAFE], id="a call"),
        pytest.param("import time\ntime.sleep.__name__\n", [SAFE], id="an attribute of it"),
        pytest.param("import time\ntime.sleep = f\n", [NONE], id="written"),
        pytest.param("import time\ndel time.sleep\n", [NONE], id="deleted"),
        pytest.param(
            "try:\n    from time import sleep\nexcept ImportError:\n    from x import sleep\nsleep()\n",
            [NONE],
            id="one of two",
        ),
    ],
)
def test_drop_ins_for_uses(text: str, expected: list[str]) -> None:
    assert offers(USE, {**CLOCK, "a.py": text}, "forbidden-use") == expected


def test_what_is_read_of_a_target_is_read_of_its_drop_in() -> None:
    (edit,) = edits(USE, {**CLOCK, "a.py": "import time\ntime.sleep.__name__\n"}, "forbidden-use")
    assert (edit.symbol, edit.text) == ("app.clock.pause", ".__name__")


def test_without_the_word_of_the_table_nothing_is_a_drop_in() -> None:
    config = USE.replace("drop-in = true\n", "")
    assert offers(config, {**CLOCK, "a.py": "import time\ntime.sleep(1)\n"}, "forbidden-use") == [NONE]


def test_a_drop_in_outside_the_tree_is_not_known_to_exist() -> None:
    config = USE.replace("app.clock.pause", "clock.pause")
    assert offers(config, {"a.py": "import time\ntime.sleep(1)\n"}, "forbidden-use") == [UNSAFE]


def test_a_drop_in_whose_module_leads_back_is_unsafe() -> None:
    files = {**CLOCK, "app/__init__.py": "import a\n", "a.py": "import time\ntime.sleep(1)\n"}
    assert offers(USE, files, "forbidden-use") == [UNSAFE]


@pytest.mark.parametrize("rule", ["forbidden-use", "forbidden-import"])
@pytest.mark.parametrize("use", ["", 'use = "the wrapper"\n', 'use = "print"\n'])
def test_a_drop_in_must_be_a_dotted_name(rule: str, use: str) -> None:
    with pytest.raises(ConfigError, match="expected `use` to be a dotted name"):
        findings(f'[[{rule}]]\ntargets = ["time.sleep"]\ndrop-in = true\n{use}', {"a.py": ""}, rule)


IMPORT = '[[forbidden-import]]\ntargets = ["requests"]\nuse = "app.http"\ndrop-in = true\n'
HTTP = {"app/__init__.py": "", "app/http.py": "def get(): ...\n"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import requests\n", [SAFE], id="a module"),
        pytest.param("from requests import get\n", [SAFE], id="a name"),
        pytest.param("from requests import put\n", [NONE], id="a name that the drop-in lacks"),
        pytest.param("import requests.adapters\n", [NONE], id="a submodule, which binds the package"),
        pytest.param("from requests import *\n", [NONE], id="a star import"),
        pytest.param("try:\n    import requests\nexcept ImportError: ...\n", [NONE], id="in a try"),
        pytest.param('__import__("requests")\n', [NONE], id="a string"),
    ],
)
def test_drop_ins_for_imports(text: str, expected: list[str]) -> None:
    assert offers(IMPORT, {**HTTP, "a.py": text}, "forbidden-import") == expected


def test_an_import_that_binds_a_package_keeps_binding_it() -> None:
    config = IMPORT.replace('"requests"', '"requests.adapters"')
    files = {**HTTP, "a.py": "import requests.adapters\n", "b.py": "import requests.adapters as r\n"}
    assert offers(config, files, "forbidden-import") == [NONE, SAFE]


# env-access

ENV = '[[env-access]]\ndrop-ins = { "os.getenv" = "env.get().get", "os.environ" = "env.environ" }\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'os.getenv("A", 1)', [Edit("replace", Span(2, 1, 2, 10), "env.get", "().get")], id="a function"
        ),
        pytest.param(
            'os.environ["A"]', [Edit("replace", Span(2, 1, 2, 11), "env.environ", "")], id="a mapping"
        ),
        pytest.param(
            'os.environ.pop("A")', [Edit("replace", Span(2, 1, 2, 15), "env.environ", ".pop")], id="a method"
        ),
        pytest.param('os.putenv("A", 1)', [], id="no drop-in"),
        pytest.param("os.environ = {}", [], id="written as a whole"),
        pytest.param('patch.dict(os.environ, {"A": "1"})', [], id="patched"),
    ],
)
def test_drop_ins_for_the_environment(text: str, expected: list[Edit]) -> None:
    files = {"env.py": "environ = {}\ndef get(): ...\n", "a.py": f"import os\n{text}\n"}
    assert edits(ENV, files, "env-access") == expected


@pytest.mark.parametrize("accessor", ["", "get", "env.get(1)", "env.get().", "env get"])
def test_a_drop_in_for_the_environment_must_be_a_name_with_calls(accessor: str) -> None:
    config = f'[[env-access]]\ndrop-ins = {{ "os.getenv" = "{accessor}" }}\n'
    with pytest.raises(ConfigError, match="expected a dotted name such as"):
        findings(config, {"a.py": ""}, "env-access")


# literal-has-constant


@pytest.mark.parametrize(
    ("home", "constant", "expected"),
    [
        pytest.param('PAID = "order_paid"\n', "home.PAID", [UNSAFE], id="a constant"),
        pytest.param('class C:\n    PAID = "order_paid"\n', "home.C", [UNSAFE], id="of a class"),
        pytest.param(
            'import enum\nclass C(str, enum.Enum):\n    PAID = "order_paid"\n',
            "home.C",
            [UNSAFE],
            id="an enum of text",
        ),
        pytest.param(
            'import enum\nclass C(enum.Enum):\n    PAID = "order_paid"\n', "home.C", [NONE], id="an enum"
        ),
        pytest.param(
            'from x import B\nclass C(B):\n    PAID = "order_paid"\n', "home.C", [NONE], id="a model"
        ),
        pytest.param(
            'from x import d\n@d\nclass C:\n    PAID = "order_paid"\n', "home.C", [NONE], id="decorated"
        ),
        pytest.param('PAID = "order_paid"\nDONE = "order_paid"\n', "home", [NONE], id="two constants"),
    ],
)
def test_constants(home: str, constant: str, expected: list[str]) -> None:
    config = f'[[literal-has-constant]]\nconstants = ["{constant}"]\n'
    files = {"home.py": home, "a.py": 'x == "order_paid"\n'}
    assert offers(config, files, "literal-has-constant") == expected


# import-form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("from .b import x, y as z\n", [("pkg.sub.b.x", 1), ("pkg.sub.b.y", 1)], id="names"),
        pytest.param("from . import b\n", [("pkg.sub.b", 1)], id="a module"),
        pytest.param("from .. import top\n", [("pkg.top", 1)], id="further up"),
        pytest.param("from ..gone import x\n", [], id="no module of the tree"),
        pytest.param("from .... import x\n", [], id="out of the tree"),
        pytest.param("from .b import *\n", [], id="a star import"),
    ],
)
def test_relative_imports_in_full(text: str, expected: list[tuple[str, int]]) -> None:
    files = {
        "src/pkg/__init__.py": "",
        "src/pkg/top.py": "",
        "src/pkg/sub/__init__.py": "",
        "src/pkg/sub/b.py": "",
    }
    found = edits(
        '[[import-form]]\nrelative = "forbid"\n', {**files, "src/pkg/sub/a.py": text}, "import-form"
    )
    assert [(edit.symbol, edit.span.line) for edit in found] == expected


def test_folders_that_are_no_packages_have_no_sure_names() -> None:
    files = {"pkg/a.py": "from .b import x\n", "pkg/b.py": ""}
    assert offers('[[import-form]]\nrelative = "forbid"\n', files, "import-form") == [NONE]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("pkg/sub/a.py", "from pkg.sub.b import x\n", ".b.x", id="beside"),
        pytest.param("pkg/sub/a.py", "from pkg.sub import b\n", ".b", id="the package"),
        pytest.param("pkg/sub/a.py", "from pkg.top import x\n", "..top.x", id="further up"),
        pytest.param(
            "pkg/__init__.py", "from pkg.sub.b import x\n", ".sub.b.x", id="from the package itself"
        ),
    ],
)
def test_imports_inside_a_package_become_relative(path: str, text: str, expected: str) -> None:
    config = '[[import-form]]\nrelative = "inside"\npackages = ["pkg"]\n'
    files = {
        "pkg/__init__.py": "",
        "pkg/top.py": "",
        "pkg/sub/__init__.py": "",
        "pkg/sub/b.py": "",
        path: text,
    }
    assert [edit.symbol for edit in edits(config, files, "import-form")] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import a as a\n", [SAFE], id="a module"),
        pytest.param("from x import a as a\n", [SAFE], id="a name"),
        pytest.param("import pkg.b as b\n", [SAFE], id="a submodule"),
        pytest.param("import pkg.c as c\n", [NONE], id="a submodule of a name that the package binds"),
        pytest.param("import os.path as path\n", [NONE], id="outside the tree"),
        pytest.param("import a, b\n", [SAFE], id="several"),
        pytest.param("if x:\n    import a, b\n", [NONE], id="several, indented"),
        pytest.param("import numpy\n", [NONE], id="an alias that is asked for"),
        pytest.param("def f():\n    import z\n", [NONE], id="nested"),
    ],
)
def test_other_forms(text: str, expected: list[str]) -> None:
    config = (
        "[[import-form]]\nno-redundant-alias = true\none-per-statement = true\nno-nested = true\n"
        'aliases = { numpy = "np" }\n'
    )
    files = {"pkg/__init__.py": "c = 1\n", "pkg/b.py": "", "pkg/c.py": "", "m.py": text}
    assert offers(config, files, "import-form") == expected


# duplicate-class

CANONICAL = '[[duplicate-class]]\ncanonical = ["home.Money"]\n'
BODY = "class Money:\n    def pay(self): return len(self.x)\n"


@pytest.mark.parametrize(
    ("home", "copy", "expected"),
    [
        pytest.param(BODY, BODY, [SAFE], id="a copy"),
        pytest.param(BODY, BODY.replace("len", "max"), [NONE], id="another body"),
        pytest.param(BODY, BODY.replace(":", "(object):", 1), [NONE], id="another base"),
        pytest.param("import d\n@d.x\n" + BODY, BODY, [NONE], id="another decorator"),
        pytest.param("import d\n@d.x(1)\n" + BODY, "import d\n@d.x(2)\n" + BODY, [UNSAFE], id="decorated"),
        pytest.param("LIMIT = 1\n" + BODY, "LIMIT = 2\n" + BODY, [UNSAFE], id="variables"),
        pytest.param("from x import len\n" + BODY, BODY, [UNSAFE], id="a name of another meaning"),
        pytest.param(BODY, BODY.replace("len", "__name__.join"), [NONE], id="another name"),
        pytest.param(
            BODY.replace("len", "f") + "def f(): ...\n",
            BODY.replace("len", "f") + "def f(): ...\n",
            [UNSAFE],
            id="functions of the modules",
        ),
        pytest.param(BODY, BODY + "Money = wrap(Money)\n", [NONE], id="bound again"),
        pytest.param(BODY, BODY + "Money = None\n", [NONE], id="bound to a constant"),
        pytest.param(BODY, BODY + "Money.x = 1\n", [NONE], id="an attribute is written"),
        pytest.param(BODY, "if x:\n    " + BODY.replace("    ", "        "), [NONE], id="in a condition"),
        pytest.param("import a\n" + BODY, BODY, [UNSAFE], id="import cycle"),
    ],
)
def test_copies(home: str, copy: str, expected: list[str]) -> None:
    assert offers(CANONICAL, {"home.py": home, "a.py": copy}, "duplicate-class") == expected


@pytest.mark.parametrize(
    "patch",
    [
        'from unittest.mock import patch\npatch("a.Money")\n',
        'from unittest.mock import patch\nimport a\npatch.object(a, "Money")\n',
        'def test(monkeypatch, a):\n    monkeypatch.setattr(a, "Money", 1)\n',
        "import a\na.Money = 1\n",
    ],
)
def test_a_copy_that_is_patched_anywhere_stays(patch: str) -> None:
    assert offers(CANONICAL, {"home.py": BODY, "a.py": BODY, "t.py": patch}, "duplicate-class") == [NONE]


def test_without_a_home_no_copy_is_better() -> None:
    config = "[[duplicate-class]]\nmin-lines = 1\n"
    assert offers(config, {"home.py": BODY, "a.py": BODY}, "duplicate-class") == [NONE, NONE]


# ad-hoc-mock and unused-suppression


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "mock.f.asert_called_with(1)",
            [Edit("text", Span(2, 12, 2, 29), "", "assert_called_with")],
            id="a call",
        ),
        pytest.param("assert mock.f.called_once()", [], id="asserted: the right one would be None"),
        pytest.param("mock.f.assert_called_once", [], id="not called"),
    ],
)
def test_misspelt_assertions(text: str, expected: list[Edit]) -> None:
    files = {"a.py": f"def test(mock):\n    {text}\n"}
    config = '[[ad-hoc-mock]]\nchecks = ["misspelt"]\n'
    assert edits(config, files, "ad-hoc-mock") == expected
    assert offers(config, files, "ad-hoc-mock") == ([UNSAFE] if expected else [NONE])


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# ssot: allow forbidden-use -- old", [SAFE]),
        ("# noqa # ssot: allow SST401, env-access", [SAFE]),
        ("# ssot: allow forbidden-use, no-such-rule", [NONE]),
        ("# ssot: allow", [NONE]),
    ],
)
def test_unused_suppressions(comment: str, expected: list[str]) -> None:
    assert offers("", {"a.py": f"x = 1  {comment}\n"}, "unused-suppression") == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("pkg/a.py", "", SAFE),
        ("pkg/a.py", 'if __name__ == "__main__":\n    print(x)\n', UNSAFE),
        ("pkg/__main__.py", "", UNSAFE),
    ],
)
def test_a_relative_import_fails_in_a_script(path: str, text: str, expected: str) -> None:
    config = '[[import-form]]\nrelative = "inside"\npackages = ["pkg"]\n'
    files = {"pkg/__init__.py": "", "pkg/b.py": "x = 1\n", path: f"from pkg.b import x\n{text}"}
    assert offers(config, files, "import-form") == [expected]


# noncanonical-import


@pytest.mark.parametrize(
    ("hub", "text", "expected"),
    [
        pytest.param("", "from hub import Money\n", SAFE, id="plain"),
        pytest.param("", "try:\n    from hub import Money\nexcept ImportError: ...\n", UNSAFE, id="tried"),
        pytest.param("Money = f()\n", "from hub import Money\n", NONE, id="another value"),
        pytest.param("if x:\n    Money = 3\n", "import hub\nhub.Money\n", UNSAFE, id="a constant"),
        pytest.param(
            "if x:\n    from home import Money\n", "from hub import Money\n", UNSAFE, id="a condition"
        ),
        pytest.param("from sub import *\n", "from hub import Money\n", UNSAFE, id="a later star"),
        pytest.param("from bare import *\n", "from hub import Money\n", SAFE, id="a star without it"),
    ],
)
def test_the_old_path_may_have_another_thing(hub: str, text: str, expected: str) -> None:
    files = {
        "home.py": "class Money: ...\n",
        "hub.py": f"from home import Money\n{hub}",
        "sub.py": "Money = f()\n",
        "bare.py": "x = f()\n",
        "a.py": text,
    }
    config = '[[noncanonical-import]]\nsymbols = ["home.Money"]\npaths = ["a.py"]\n'
    assert offers(config, files, "noncanonical-import") == [expected]


def test_what_is_under_moved_may_be_gone_for_a_try() -> None:
    config = '[[noncanonical-import]]\nmoved = { "old.Money" = "home.Money" }\n'
    text = "from old import Money\ntry:\n    from old import Money\nexcept ImportError: ...\n"
    files = {"home.py": "class Money: ...\n", "old.py": "", "a.py": text}
    assert offers(config, files, "noncanonical-import") == [SAFE, UNSAFE]


@pytest.mark.parametrize(
    ("head", "expected"),
    [("", UNSAFE), ("__all__ = []\n", SAFE), ("from home import Money\n", SAFE)],
)
def test_a_new_name_goes_to_those_who_import_all(head: str, expected: str) -> None:
    files = {
        "home.py": "class Money: ...\n",
        "hub.py": "from home import Money\n",
        "a.py": f"{head}import hub\nhub.Money\n",
        "b.py": "Money = 1\nfrom a import *\n",
    }
    config = '[[noncanonical-import]]\nsymbols = ["home.Money"]\npaths = ["a.py"]\n'
    assert offers(config, files, "noncanonical-import") == [expected]

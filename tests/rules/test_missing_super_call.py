"""Required calls of overridden methods, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.rules import Example

RULE = "missing-super-call"
MARK = f"  # [{RULE}]\n"
CONFIG = f'[[{RULE}]]\nmethods = ["setUp", "async*", "__init__", "setUpClass"]\npaths = ["tests/"]\n'
TREE = {
    "ssot-lint.toml": CONFIG,
    "testing/__init__.py": "from testing.base import TestCase\n",
    "testing/base.py": (
        "class Root:\n    def __init__(self):\n        self.root = 1\n"
        "class TestCase(Root):\n"
        "    def setUp(self):\n        self.x = 1\n"
        "    async def asyncSetUp(self):\n        self.x = 1\n"
        "    @classmethod\n    def setUpClass(cls):\n        cls.x = 1\n"
        "class Hooks:\n"
        "    def setUp(self):\n        raise NotImplementedError\n"
        "    def asyncSetUp(self): ...\n"
        "    @abstractmethod\n    def __init__(self):\n        self.x = 1\n"
        "class Bare:\n    x = 1\n"
        "class Empty:\n    def setUp(self):\n        pass\n"
    ),
    "testing/broken.py": "class TestCase(:  # [syntax-error]\n",
    "testing/helpers.py": "def setUp(case):\n    pass\n",
}
HEAD = "import testing\nfrom testing.base import *\nfrom testing import TestCase\nclass A(TestCase):\n"

MISSING = {
    "no call": f"{HEAD}    def setUp(self):{MARK}        self.y = 2\n",
    "nothing at all": f"{HEAD}    def setUp(self):{MARK}        pass\n",
    "a docstring alone": f"{HEAD}    def setUp(self):{MARK}        '''Sets up.'''\n",
    "another method": f"{HEAD}    def setUp(self):{MARK}        super().tearDown()\n",
    "the wrong spelling": f"{HEAD}    def setUp(self):{MARK}        super().setup()\n",
    "on self": f"{HEAD}    def setUp(self):{MARK}        self.setUp()\n",
    "on a part of self": f"{HEAD}    def setUp(self):{MARK}        self.server.setUp(1)\n",
    "on something else": f"{HEAD}    def setUp(self):{MARK}        server = 1\n        server.setUp()\n",
    "on what a call returns": f"{HEAD}    def setUp(self):{MARK}        server().setUp()\n",
    "a function of a module": (
        f"from testing import helpers\n{HEAD}    def setUp(self):{MARK}        helpers.setUp(self)\n"
    ),
    "a plain function": f"from testing.helpers import setUp\n{HEAD}    def setUp(self):{MARK}        setUp(self)\n",
    "in another method": (
        f"{HEAD}    def setUp(self):{MARK}        pass\n    def test(self):\n        super().setUp()\n"
    ),
    "by name in another method": (
        f"{HEAD}    def setUp(self):{MARK}        pass\n    def test(self, base):\n"
        "        TestCase.setUp(self)\n        base.setUp(self)\n"
    ),
    "one class of two": (
        "from testing import TestCase\nif x:\n    class A(TestCase):\n"
        f"        def setUp(self):{MARK}            pass\n"
        "else:\n    class A:\n        def setUp(self):\n            pass\n"
    ),
    "asynchronous": f"{HEAD}    async def asyncSetUp(self):{MARK}        await super().setUp()\n",
    "a class method": f"{HEAD}    @classmethod\n    def setUpClass(cls):{MARK}        cls.y = 1\n",
    "decorated": f"{HEAD}    @timed\n    def setUp(self):{MARK}        self.y = 1\n",
    "under a condition": f"{HEAD}    if x:\n        def setUp(self):{MARK}            self.y = 1\n",
    "two files away": f"{HEAD}    def __init__(self):{MARK}        self.y = 1\n",
    "by a module": f"import testing\nclass A(testing.TestCase):\n    def setUp(self):{MARK}        pass\n",
    "by an alias": (
        f"from testing import TestCase as Case\nBase = Case\nclass A(Base):\n    def setUp(self):{MARK}        pass\n"
    ),
    "a class between": f"{HEAD}    pass\nclass B(A):\n    def setUp(self):{MARK}        pass\n",
    "a base among unknown ones": (
        f"from testing import TestCase\nclass A(make(), TestCase):\n    def setUp(self):{MARK}        pass\n"
    ),
    "an inherited one that does nothing yet": (
        f"from testing.base import Empty\nclass A(Empty):\n    def setUp(self):{MARK}        self.y = 1\n"
    ),
    "no parameters": f"{HEAD}    def setUp():{MARK}        pass\n",
    "a class in a function": (
        f"from testing import TestCase\ndef f():\n    class A(TestCase):\n        def setUp(self):{MARK}            pass\n"
    ),
    "a class in a class": (
        f"from testing import TestCase\nclass B:\n    class A(TestCase):\n        def setUp(self):{MARK}            pass\n"
    ),
}

FINE = {
    "super": f"{HEAD}    def setUp(self):\n        super().setUp()\n",
    "super of old": f"{HEAD}    def setUp(self):\n        super(A, self).setUp()\n",
    "the result": f"{HEAD}    def setUp(self):\n        return super().setUp()\n",
    "awaited": f"{HEAD}    async def asyncSetUp(self):\n        await super().asyncSetUp()\n",
    "in a branch": f"{HEAD}    def setUp(self):\n        if x:\n            super().setUp()\n",
    "with others": f"{HEAD}    def setUp(self):\n        super().tearDown()\n        super().setUp()\n",
    "by the base": f"{HEAD}    def setUp(self):\n        TestCase.setUp(self)\n",
    "by the base in a module": f"{HEAD}    def setUp(self):\n        testing.TestCase.setUp(self)\n",
    "by another class": f"from x import Y\n{HEAD}    def setUp(self):\n        Y.setUp(self)\n",
    "by object": f"{HEAD}    def __init__(self):\n        object.__init__(self)\n",
    "by an import inside": (f"{HEAD}    def setUp(self):\n        from x import Y\n        Y.setUp(self)\n"),
    "by each base": (
        f"{HEAD}    def __init__(self):\n        for base in A.__bases__:\n            base.__init__(self)\n"
    ),
    "by the type": f"{HEAD}    def __init__(self, *args):\n        type(self).__mro__[1].__init__(self, *args)\n",
    "by a parent that is kept": f"{HEAD}    def setUp(self):\n        above = super()\n        above.setUp()\n",
    "by its name": f"{HEAD}    def setUp(self):\n        getattr(super(), 'setUp')()\n",
    "passed on": f"{HEAD}    def setUp(self):\n        run(super().setUp)\n",
    "passed on of old": f"{HEAD}    def setUp(self):\n        run(TestCase.setUp, self)\n",
    "in a function inside": (
        f"{HEAD}    def setUp(self):\n        def go():\n            super(A, self).setUp()\n        go()\n"
    ),
    "in a lambda": f"{HEAD}    def setUp(self):\n        run(lambda: super(A, self).setUp())\n",
    "not listed": f"{HEAD}    def tearDown(self):\n        pass\n",
    "a look-alike": f"{HEAD}    def setUpAll(self):\n        pass\n",
    "a function": "def setUp(self):\n    pass\n",
    "a function inside": f"{HEAD}    def test(self):\n        def setUp():\n            pass\n",
    "no base": "class A:\n    def setUp(self):\n        pass\n",
    "object": "class A(object):\n    def __init__(self):\n        pass\n",
    "nothing inherited": "class B:\n    x = 1\nclass A(B):\n    def setUp(self):\n        pass\n",
    "an attribute inherited": "class B:\n    setUp = None\nclass A(B):\n    def setUp(self):\n        pass\n",
    "an external base": "import unittest\nclass A(unittest.TestCase):\n    def setUp(self):\n        pass\n",
    "an unknown base": "class A(gone):\n    def setUp(self):\n        pass\n",
    "a base of a broken file": (
        "from testing.broken import TestCase\nclass A(TestCase):\n    def setUp(self):\n        pass\n"
    ),
    "not to be called": (
        "from testing.base import Hooks\nclass A(Hooks):\n    def setUp(self):\n        self.x = 1\n"
        "    def asyncSetUp(self):\n        self.x = 1\n    def __init__(self):\n        self.x = 1\n"
    ),
    "abstract": f"{HEAD}    @abc.abstractmethod\n    def setUp(self):\n        pass\n",
    "overload": f"{HEAD}    @typing.overload\n    def setUp(self):\n        pass\n",
    "static": f"{HEAD}    @staticmethod\n    def setUp():\n        pass\n",
    "declared": f"{HEAD}    def setUp(self): ...\n",
    "to be overridden": f"{HEAD}    def setUp(self):\n        raise NotImplementedError\n",
    "skipped": f"{HEAD}    def setUp(self):\n        self.skipTest('why')\n",
}


@pytest.mark.parametrize("text", MISSING.values(), ids=MISSING.keys())
def test_missing(text: str) -> None:
    example = Example("", {**TREE, "tests/test_a.py": text})
    assert f"[{RULE}]" in text
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_fine(text: str) -> None:
    assert findings(CONFIG, {**TREE, "tests/test_a.py": text}, RULE) == []


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("pass", ""),
        ("super().setup()", " but `super().setup()`"),
        ("super().a(super().a())", " but `super().a()`"),
        ("super().a(super().b())", " but `super().a()`, `super().b()`"),
    ],
)
def test_message_names_what_is_called_and_what_is_overridden(method: str, rest: str) -> None:
    (finding,) = findings(
        CONFIG, {**TREE, "tests/test_a.py": f"{HEAD}    def setUp(self):\n        {method}\n"}, RULE
    )
    assert (
        finding.message == f"`A.setUp` does not call `super().setUp()`{rest}, it overrides `TestCase.setUp`"
    )
    assert [(place.path, place.span.line) for place in finding.related] == [("testing/base.py", 5)]
    assert (finding.scope, finding.subject) == ("A.setUp", ("setUp",))


def test_only_the_named_classes() -> None:
    text = "from testing import TestCase\n" + "".join(
        f"class {name}(TestCase):\n    def setUp(self):\n        pass\n" for name in ("TestA", "Tests", "A")
    )
    config = f'{CONFIG}classes = ["Test*", "Other"]\n'
    found_here = findings(config, {**TREE, "tests/test_a.py": text}, RULE)
    assert [finding.scope for finding in found_here] == ["TestA.setUp", "Tests.setUp"]


BASES = {
    "a class of the tree": ('"testing.base.TestCase"', ["A"]),
    "a class of the tree, by another path": ('"testing.TestCase"', ["A"]),
    "a pattern": ('"testing.**"', ["A", "B"]),
    "a class further up": ('"testing.base.Root"', ["A"]),
    "an external class": ('"unittest.TestCase"', ["C", "D"]),
    "external classes": ('"unittest.*"', ["C", "D", "E"]),
    "either": ('"testing.TestCase", "unittest.TestCase"', ["A", "C", "D"]),
    "a class without the method": ('"testing.base.Bare"', []),
    "none": ('"testing.base.Nobody"', []),
}


@pytest.mark.parametrize(("bases", "names"), BASES.values(), ids=BASES.keys())
def test_only_classes_that_reach_a_base(bases: str, names: list[str]) -> None:
    method = "    def setUp(self):\n        self.x = 1\n"
    text = (
        "import unittest\nfrom testing import TestCase\nfrom testing.base import Bare, Empty\n"
        f"class A(TestCase):\n{method}class B(Empty):\n{method}"
        f"class C(unittest.TestCase):\n{method}class Case(unittest.TestCase):\n    pass\nclass D(Case):\n{method}"
        f"class G(Bare):\n{method}"
        f"class E(unittest.IsolatedAsyncioTestCase):\n{method}class F(gone):\n{method}"
    )
    found_here = findings(f"{CONFIG}bases = [{bases}]\n", {**TREE, "tests/test_a.py": text}, RULE)
    assert [finding.scope for finding in found_here] == [f"{name}.setUp" for name in names]


def test_external_base_is_named() -> None:
    text = "import unittest\nclass A(unittest.TestCase):\n    def setUp(self):\n        pass\n"
    config = f'{CONFIG}bases = ["unittest.TestCase"]\n'
    (finding,) = findings(config, {"tests/test_a.py": text}, RULE)
    assert finding.message.endswith("it is taken to override `unittest.TestCase.setUp`")

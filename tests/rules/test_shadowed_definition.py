"""Shadowed definitions, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.rules import Example

RULE = "shadowed-definition"
MARK = f"  # [{RULE}]\n"

SHADOWED = {
    "functions": f"def f():{MARK}    pass\ndef f():\n    pass\n",
    "three of them": f"def f():{MARK}    pass\ndef f():{MARK}    pass\ndef f():\n    pass\n",
    "other names between": f"def f():{MARK}    pass\ndef g():\n    pass\nx = 1\ndef f():\n    pass\n",
    "async": f"async def f():{MARK}    pass\ndef f():\n    pass\n",
    "methods": f"class A:\n    def f(self):{MARK}        pass\n    def f(self):\n        return 1\n",
    "methods of a nested class": (
        f"class A:\n    class B:\n        def f(self):{MARK}            pass\n        def f(self):\n            pass\n"
    ),
    "classes": f"class A:{MARK}    pass\nclass A:\n    pass\n",
    "classes with bases": f"class A(Base):{MARK}    pass\nclass A(Base):\n    pass\n",
    "nested classes": f"class A:\n    class B:{MARK}        pass\n    class B:\n        pass\n",
    "a class by a function": f"class A:{MARK}    pass\ndef A():\n    pass\n",
    "a function by a class": f"def A():{MARK}    pass\nclass A:\n    pass\n",
    "functions in a function": f"def g():\n    def f():{MARK}        pass\n    def f():\n        pass\n    f()\n",
    "named in its own body": f"def f():{MARK}    f()\ndef f():\n    pass\n",
    "named in the body of the next": f"def f():{MARK}    pass\ndef f():\n    f()\n",
    "named in a method of the next": (
        f"class A:{MARK}    pass\nclass A:\n    def f(self):\n        return A()\n"
    ),
    "named after the next": f"def f():{MARK}    pass\ndef f():\n    pass\nf()\n",
    "named before the first": f"def g():\n    f()\ndef f():{MARK}    pass\ndef f():\n    pass\n",
    "an attribute of that name between": f"def f():{MARK}    pass\nx.f()\ndef f():\n    pass\n",
    "a parameter of that name between": (
        f"def f():{MARK}    pass\ndef g(f):\n    return f()\ndef f():\n    pass\n"
    ),
    "staticmethod": f"class A:\n    @staticmethod\n    def f():{MARK}        pass\n    def f():\n        pass\n",
    "classmethod": f"class A:\n    @classmethod\n    def f(cls):{MARK}        pass\n    def f(self):\n        pass\n",
    "a property": (
        f"class A:\n    @property\n    def f(self):{MARK}        return 1\n"
        "    @property\n    def f(self):\n        return 2\n"
    ),
    "a setter": (
        "class A:\n    @property\n    def f(self):\n        return 1\n"
        f"    @f.setter\n    def f(self, value):{MARK}        pass\n"
        "    @property\n    def f(self):\n        return 2\n"
    ),
    "abstract": (
        f"from abc import abstractmethod\nclass A:\n    @abstractmethod\n    def f(self):{MARK}        pass\n"
        "    def f(self):\n        pass\n"
    ),
    "marked": (
        f"import pytest\n@pytest.mark.parametrize('a', [1])\ndef test_f(a):{MARK}    pass\n"
        "@pytest.mark.parametrize('a', [2])\ndef test_f(a):\n    pass\n"
    ),
    "marked, by an alias": (
        f"from pytest import mark as m\n@m.slow\ndef test_f():{MARK}    pass\ndef test_f():\n    pass\n"
    ),
    "patched": (
        f"from unittest import mock\n@mock.patch('a.b')\ndef test_f(b):{MARK}    pass\ndef test_f():\n    pass\n"
    ),
    "patched object": (
        f"from unittest.mock import patch\n@patch.object(a, 'b')\ndef test_f(b):{MARK}    pass\n"
        "def test_f():\n    pass\n"
    ),
    "given data": (
        f"import ddt\n@ddt.ddt\nclass A:\n    @ddt.data(1, 2)\n    @ddt.unpack\n    def test_f(self, a):{MARK}"
        "        pass\n    @ddt.data(3)\n    def test_f(self, a):\n        pass\n"
    ),
    "with settings of Django": (
        "from django.test import override_settings, tag\nclass A:\n    @override_settings(DEBUG=True)\n"
        f"    @tag('slow')\n    def test_f(self):{MARK}        pass\n    def test_f(self):\n        pass\n"
    ),
    "with settings of Django, from where they are": (
        "from django.test.utils import override_settings\nclass A:\n    @override_settings(DEBUG=True)\n"
        f"    def test_f(self):{MARK}        pass\n    def test_f(self):\n        pass\n"
    ),
    "a cached property of Django": (
        "from django.utils.functional import cached_property\nclass A:\n    @cached_property\n"
        f"    def f(self):{MARK}        pass\n    def f(self):\n        pass\n"
    ),
    "skipped": (
        f"import unittest\n@unittest.skipIf(x, 'why')\nclass TestA:{MARK}    pass\nclass TestA:\n    pass\n"
    ),
    "fixture": (
        f"import pytest\n@pytest.fixture\ndef db():{MARK}    pass\n@pytest.fixture\ndef db():\n    pass\n"
    ),
    "fixture with a scope": (
        f"import pytest\n@pytest.fixture(scope='module')\ndef db():{MARK}    pass\n"
        "@pytest.fixture\ndef db():\n    pass\n"
    ),
    "cached": f"import functools\n@functools.lru_cache(2)\ndef f():{MARK}    pass\ndef f():\n    pass\n",
    "dataclass": (
        "from dataclasses import dataclass\n"
        f"@dataclass(frozen=True)\nclass A:{MARK}    x: int\n@dataclass\nclass A:\n    y: int\n"
    ),
    "the next one decorated": f"def f():{MARK}    pass\n@app.get('/')\ndef f():\n    pass\n",
    "under with": f"with x:\n    def f():{MARK}        pass\n    def f():\n        pass\n",
    "private": f"def _f():{MARK}    pass\ndef _f():\n    pass\n",
    "dunder": f"class A:\n    def __init__(self):{MARK}        pass\n    def __init__(self, x):\n        pass\n",
}

NOT_SHADOWED = {
    "once": "def f():\n    pass\n",
    "other names": "def f():\n    pass\ndef g():\n    pass\n",
    "module and class": "def f():\n    pass\nclass A:\n    def f(self):\n        pass\n",
    "two classes": "class A:\n    def f(self):\n        pass\nclass B:\n    def f(self):\n        pass\n",
    "two functions": "def f():\n    def h():\n        pass\ndef g():\n    def h():\n        pass\n",
    "two scopes of one name": (
        "@hook\ndef f():\n    def h():\n        pass\n@hook\ndef f():\n    def h():\n        pass\n"
    ),
    "if and else": "if x:\n    def f():\n        pass\nelse:\n    def f():\n        pass\n",
    "if and elif": "if x:\n    def f():\n        pass\nelif y:\n    def f():\n        pass\n",
    "a default and a branch": "def f():\n    pass\nif x:\n    def f():\n        pass\n",
    "a branch and a default": "if x:\n    def f():\n        pass\ndef f():\n    pass\n",
    "try and except": "try:\n    def f():\n        pass\nexcept NameError:\n    def f():\n        pass\n",
    "a missing module": (
        "try:\n    import x\n    def f():\n        pass\nexcept ImportError:\n    def f():\n        pass\n"
    ),
    "what needs a module, and a default": (
        "try:\n    import x\n    def f():\n        pass\nexcept ImportError:\n    pass\ndef f():\n    pass\n"
    ),
    "a fallback and a default": (
        "try:\n    from x import f\nexcept ImportError:\n    def f():\n        pass\ndef f():\n    pass\n"
    ),
    "a script": "def f():\n    pass\nif __name__ == '__main__':\n    def f():\n        pass\n",
    "a loop": "for x in y:\n    def f():\n        pass\n    def f():\n        pass\n",
    "match": "match x:\n    case 1:\n        def f():\n            pass\n    case 2:\n        def f():\n            pass\n",
    "type checkers": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    def f():\n        pass\nelse:\n    def f():\n        pass\n"
    ),
    "not for type checkers": (
        "from typing import TYPE_CHECKING\nclass A:\n    def f(self): ...\n"
        "    if not TYPE_CHECKING:\n        def f(self):\n            pass\n"
    ),
    "called between": "def f():\n    pass\nf()\ndef f():\n    pass\n",
    "called between, in a function": "def g():\n    def f():\n        pass\n    f()\n    def f():\n        pass\n",
    "passed between": "def f():\n    pass\nregister(f)\ndef f():\n    pass\n",
    "assigned between": "def f():\n    pass\ng = f\ndef f():\n    pass\n",
    "listed between": "def f():\n    pass\nx = [f]\ndef f():\n    pass\n",
    "an attribute of it between": "def f():\n    pass\nf.x()\ndef f():\n    pass\n",
    "made in a function between": "class A:\n    pass\ndef f():\n    return A()\nclass A:\n    pass\n",
    "a base between": "class A:\n    pass\nclass B(A):\n    pass\nclass A:\n    pass\n",
    "a base of the next": "class A:\n    pass\nclass A(A):\n    pass\n",
    "a type of the next": "class A:\n    pass\nclass A:\n    state: A\n",
    "a value in the next": "class A:\n    pass\nclass A:\n    first = A()\n",
    "a default of the next": "def f():\n    pass\ndef f(g=f):\n    pass\n",
    "a decorator between": "def f(g):\n    pass\n@f\ndef g():\n    pass\ndef f():\n    pass\n",
    "a decorator of the next": "def f(g):\n    pass\n@f\ndef f():\n    pass\n",
    "single dispatch": (
        "from functools import singledispatch\n@singledispatch\ndef f(a):\n    pass\n"
        "@f.register\ndef f(a: int):\n    pass\n"
    ),
    "a property with setter": (
        "class A:\n    @property\n    def f(self):\n        return 1\n    @f.setter\n    def f(self, x):\n        pass\n"
        "    @f.deleter\n    def f(self):\n        pass\n"
    ),
    "overload": (
        "from typing import overload\n@overload\ndef f(a: int) -> int:\n    pass\n"
        "@overload\ndef f(a: str) -> str:\n    pass\ndef f(a):\n    return a\n"
    ),
    "overload of a class": (
        "import typing as t\nclass A:\n    @t.overload\n    def f(self, a: int) -> int:\n        '''An int.'''\n"
        "    def f(self, a):\n        return a\n"
    ),
    "a route": "@app.route('/')\ndef f():\n    pass\ndef f():\n    pass\n",
    "a command of a group": (
        "import click\n@click.group()\ndef cli():\n    pass\n"
        "@cli.command()\ndef add():\n    pass\n@cli.command('more')\ndef add():\n    pass\n"
    ),
    "a step": "from behave import given\n@given('a')\ndef step(c):\n    pass\n@given('b')\ndef step(c):\n    pass\n",
    "one harmless decorator of two": (
        "import pytest\n@hook\n@pytest.mark.slow\ndef f():\n    pass\ndef f():\n    pass\n"
    ),
    "a look-alike of a harmless one": (
        "from ours import mark\n@mark.slow\ndef f():\n    pass\n@mark.slow\ndef f():\n    pass\n"
    ),
    "a receiver of Django": (
        "from django.dispatch import receiver\n@receiver(saved)\ndef f():\n    pass\n"
        "@receiver(removed)\ndef f():\n    pass\n"
    ),
    "a made decorator": "@make()()\ndef f():\n    pass\n@make()()\ndef f():\n    pass\n",
    "a fixture of another name": (
        "import pytest\n@pytest.fixture(name='a')\ndef f():\n    pass\n@pytest.fixture(name='b')\ndef f():\n    pass\n"
    ),
    "a fixture of unknown settings": (
        "import pytest\n@pytest.fixture(**settings)\ndef f():\n    pass\n@pytest.fixture\ndef f():\n    pass\n"
    ),
    "nameless": "def _():\n    pass\ndef _():\n    pass\nclass __:\n    pass\nclass __:\n    pass\n",
    "declared": "def f(): ...\ndef f():\n    return 1\n",
    "declared and described": 'def f():\n    """It does."""\n    ...\ndef f():\n    return 1\n',
    "classes in a function": "def g():\n    class A:\n        pass\n    class A:\n        pass\n",
    "classes that must fail": (
        "import pytest\ndef test_it():\n    with pytest.raises(TypeError):\n        class A(Base):\n            x = 1\n"
        "    with pytest.raises(TypeError):\n        class A(Base):\n            x = 2\n"
    ),
    "a variable": "f = 1\ndef f():\n    pass\n",
    "an import": "from x import f\ndef f():\n    pass\n",
    "broken": "def f():\n    pass\ndef f(:\n    pass\n",
}


@pytest.mark.parametrize("text", SHADOWED.values(), ids=SHADOWED.keys())
def test_shadowed(text: str) -> None:
    example = Example("", {"a.py": text})
    assert expected(example)
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize("text", NOT_SHADOWED.values(), ids=NOT_SHADOWED.keys())
def test_not_shadowed(text: str) -> None:
    assert findings("", {"a.py": text}, RULE) == []


def test_stubs_are_no_business_of_it() -> None:
    text = SHADOWED["functions"]
    assert findings("", {"a.pyi": text}, RULE) == []
    assert len(findings("", {"a.py": text}, RULE)) == 1


def test_more_harmless_decorators() -> None:
    text = (
        "from tenacity import retry\n@retry(2)\ndef f():\n    pass\ndef f():\n    pass\n"
        "from tenacity import hook\n@hook\ndef g():\n    pass\ndef g():\n    pass\n"
    )
    config = f'[[{RULE}]]\ndecorators = ["tenacity.retry*"]\n'
    assert findings("", {"a.py": text}, RULE) == []
    assert [finding.subject for finding in findings(config, {"a.py": text}, RULE)] == [("f",)]


def test_only_the_fixture_with_another_name_is_left_out() -> None:
    text = (
        "import pytest\n@pytest.fixture(name='a')\ndef f():\n    pass\n@pytest.fixture()\ndef f():\n    pass\n"
        "@pytest.fixture()\ndef f():\n    pass\n"
    )
    assert [finding.span.line for finding in findings("", {"a.py": text}, RULE)] == [6]


def test_a_harmless_decorator_handed_on_is_harmless() -> None:
    files = {
        "ours.py": "from pytest import fixture as resource, mark\nslow = mark.slow\n",
        "a.py": "from ours import mark, resource\n@mark.slow\n@resource\ndef f():\n    pass\ndef f():\n    pass\n",
    }
    assert [finding.path for finding in findings("", files, RULE)] == ["a.py"]


def test_the_next_definition_is_told() -> None:
    (finding,) = findings(
        "", {"a.py": "class A:\n    def f(self):\n        pass\n\n    def f(self):\n        pass\n"}, RULE
    )
    assert finding.message == "`A.f` is defined again in this scope, so this definition is never used"
    assert finding.scope == "A.f"
    assert [(place.path, place.span.line) for place in finding.related] == [("a.py", 5)]

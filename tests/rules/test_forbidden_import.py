"""One forbidden thing in every spelling, and what only looks like it."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.finding import Span
from ssot_lint.rules import Example

RULE = "forbidden-import"
MARK = f"  # [{RULE}]\n"
PAGE = "shop/page.py"

CONFIG = """\
[[forbidden-import]]
targets = ["shop.old"]
allow-in = ["shop/legacy.py"]
use = "shop.new"
"""

SHOP = {
    "ssot-lint.toml": CONFIG,
    "shop/__init__.py": "",
    "shop/old.py": "class Client:\n    pass\n\ndef get():\n    pass\n",
    "shop/new.py": "class Client:\n    pass\n",
    "shop/web/__init__.py": "",
    "shop/web/forms/__init__.py": "",
    "shop/compat.py": f"from shop import old{MARK}from shop.old import Client{MARK}http = old\n",
}


def shop(text: str, path: str = PAGE, **others: str) -> dict[str, str]:
    """The shop with one more file, and others of its modules."""
    return {**SHOP, path: text, **{f"shop/{name}.py": other for name, other in others.items()}}


def import_statements() -> dict[str, dict[str, str]]:
    """Spellings of the import statement."""
    return {
        "plain": shop(f"import shop.old{MARK}"),
        "plain, aliased": shop(f"import shop.old as client{MARK}"),
        "plain, reported once for all its uses": shop(
            f"import shop.old{MARK}shop.old.get()\nshop.old.Client\n"
        ),
        "among others": shop(f"import os, shop.old, sys{MARK}"),
        "from the package": shop(f"from shop import old{MARK}"),
        "from the package, aliased": shop(f"from shop import old as client{MARK}"),
        "a name of it": shop(f"from shop.old import Client{MARK}"),
        "a name of it, aliased": shop(f"from shop.old import Client as C{MARK}"),
        "a name that it does not have": shop(f"from shop.old import gone{MARK}"),
        "names on lines of their own": shop(
            f"from shop.old import (\n    Client,{MARK}    get as fetch,{MARK})\n"
        ),
        "relative": shop(f"from .old import Client{MARK}"),
        "relative, the module": shop(f"from . import old{MARK}"),
        "relative, two up": shop(f"from ..old import Client{MARK}", "shop/web/page.py"),
        "relative, two up, the module": shop(f"from .. import old{MARK}", "shop/web/page.py"),
        "relative, three up": shop(f"from ...old import get{MARK}", "shop/web/forms/page.py"),
        "relative, of the package itself": shop(f"from . import old{MARK}", "shop/__init__.py"),
        "star": shop(f"from shop.old import *{MARK}"),
        "relative star": shop(f"from .old import *{MARK}"),
        "from outside of the package": shop(f"from shop.old import get{MARK}", "main.py"),
        "after a continuation": shop(f"from \\\n    shop.old \\\n    import get{MARK}"),
        "after a semicolon": shop(f"x = 1; import shop.old{MARK}"),
    }


def contexts() -> dict[str, dict[str, str]]:
    """Places where an import statement can stand."""
    inside = f"    import shop.old{MARK}"
    checking = "from typing import TYPE_CHECKING\n"
    return {
        "in a function": shop(f"def f():\n{inside}"),
        "in an async function": shop(f"async def f():\n{inside}"),
        "in a class": shop(f"class A:\n{inside}"),
        "in a method": shop(f"class A:\n  def f(self):\n{inside}"),
        "in try": shop(f"try:\n{inside}except ImportError:\n    pass\n"),
        "in except": shop(f"try:\n    import fast\nexcept ImportError:\n{inside}"),
        "in finally": shop(f"try:\n    pass\nfinally:\n{inside}"),
        "in with": shop(f"with open('x'):\n{inside}"),
        "in a loop": shop(f"for x in ():\n{inside}else:\n{inside}"),
        "in match": shop(f"match 1:\n  case 1:\n{inside}"),
        "under TYPE_CHECKING": shop(f"{checking}if TYPE_CHECKING:\n{inside}"),
        "in the else of TYPE_CHECKING": shop(f"{checking}if TYPE_CHECKING:\n    pass\nelse:\n{inside}"),
        "under not TYPE_CHECKING": shop(f"{checking}if not TYPE_CHECKING:\n{inside}"),
        "under the main guard": shop(f"if __name__ == '__main__':\n{inside}"),
        "under a condition": shop(f"import os\nif os.name == 'nt':\n    pass\nelif 0:\n{inside}"),
    }


def re_exports() -> dict[str, dict[str, str]]:
    """Ways that lead to it through other modules of the tree."""
    three = {
        "a": "from shop.compat import Client" + MARK,
        "b": "from .a import Client as Other" + MARK,
        "c": "from shop.b import Other" + MARK,
    }
    return {
        "one hop": shop(f"from shop.compat import Client{MARK}"),
        "one hop, through the module": shop(f"from shop.compat import old{MARK}"),
        "one hop, by use": shop(f"from shop import compat\ncompat.Client(){MARK}"),
        "one hop, each use": shop(f"import shop.compat\nshop.compat.Client{MARK}shop.compat.old.get(){MARK}"),
        "three hops": shop(f"from shop.c import Other{MARK}", **three),
        "three hops, by use": shop(f"import shop.c as c\nc.Other(){MARK}", **three),
        "by an __init__": {
            **shop(f"from shop.web import Client{MARK}"),
            "shop/web/__init__.py": f"from ..old import Client{MARK}",
        },
        "by an assignment": shop(f"from shop.compat import http{MARK}"),
        "by an assignment, by use": shop(f"from shop import compat\ncompat.http.get(){MARK}"),
        "by an annotated assignment": shop(
            f"from shop.a import http{MARK}", a=f"from shop import compat\nhttp: object = compat.old{MARK}"
        ),
        "by a chain of assignments": shop(
            f"from shop.a import c{MARK}", a=f"import shop.old as a{MARK}b = a\nc = b\n"
        ),
        "by a double assignment": shop(
            f"from shop.a import c{MARK}", a=f"import shop.old as a{MARK}b = c = a\n"
        ),
        "by one branch of two": shop(
            f"from shop.a import Client{MARK}",
            a=f"try:\n    from shop.new import Client\nexcept ImportError:\n    from shop.old import Client{MARK}",
        ),
        "star of a module that re-exports": shop(f"from shop.compat import *{MARK}"),
        "star of a module with __all__": shop(
            f"from shop.a import *{MARK}", a=f"from shop.old import get{MARK}__all__ = ['get']\n"
        ),
        "star of a star": shop(f"from shop.a import *{MARK}", a=f"from shop.old import *{MARK}"),
        "a name of a star": shop(f"from shop.a import get{MARK}", a=f"from shop.old import *{MARK}"),
        "parent package, then attribute": shop(f"import shop\nshop.old.get(){MARK}"),
        "parent package by another name": shop(f"import shop as s\nclient = s.old{MARK}"),
        "parent package of an outer module": shop(
            f"from shop import web\nimport shop.new\nshop.old.get(){MARK}"
        ),
    }


def dynamic_imports() -> dict[str, dict[str, str]]:
    """Calls that import what a string names."""
    return {
        "import_module": shop(f"import importlib\nx = importlib.import_module('shop.old'){MARK}"),
        "import_module, imported": shop(
            f"from importlib import import_module\nimport_module('shop.old'){MARK}"
        ),
        "import_module, aliased": shop(
            f"from importlib import import_module as load\nload('shop.old'){MARK}"
        ),
        "import_module of an aliased importlib": shop(
            f"import importlib as i\ni.import_module('shop.old'){MARK}"
        ),
        "import_module, assigned": shop(
            f"import importlib\nload = importlib.import_module\nload('shop.old'){MARK}"
        ),
        "import_module, imported in the function": shop(
            f"def f():\n    from importlib import import_module\n    return import_module('shop.old'){MARK}"
        ),
        "import_module, re-exported": shop(
            f"from shop.a import import_module\nimport_module('shop.old'){MARK}",
            a="from importlib import import_module\n",
        ),
        "import_module by keyword": shop(f"import importlib\nimportlib.import_module(name='shop.old'){MARK}"),
        "import_module, relative": shop(f"import importlib\nimportlib.import_module('.old', 'shop'){MARK}"),
        "import_module, relative by keyword": shop(
            f"import importlib\nimportlib.import_module('..old', package='shop.web'){MARK}"
        ),
        "import_module, below it": shop(f"import importlib\nimportlib.import_module('shop.old.x'){MARK}"),
        "__import__": shop(f"x = __import__('shop.old'){MARK}"),
        "__import__ in an expression": shop(f"x = [__import__('shop.old').old.get() for _ in 'ab']{MARK}"),
        "importlib.__import__": shop(f"import importlib\nimportlib.__import__('shop.old'){MARK}"),
        "builtins.__import__": shop(f"import builtins\nbuiltins.__import__('shop.old'){MARK}"),
        "pytest.importorskip": shop(f"import pytest\nold = pytest.importorskip('shop.old'){MARK}"),
        "pytest.importorskip by keyword": shop(
            f"import pytest\npytest.importorskip(modname='shop.old'){MARK}"
        ),
    }


def patches() -> dict[str, dict[str, str]]:
    """String targets of what replaces attributes in tests."""
    return {
        "patch as a decorator": shop(
            f"from unittest.mock import patch\n@patch('shop.old.get'){MARK}def f(get): ...\n"
        ),
        "patch as a context manager": shop(
            f"from unittest import mock\nwith mock.patch('shop.old.get') as get:{MARK}    pass\n"
        ),
        "patch, started": shop(f"import unittest.mock\nunittest.mock.patch('shop.old.get').start(){MARK}"),
        "patch, aliased": shop(f"from unittest.mock import patch as swap\nswap('shop.old.get'){MARK}"),
        "patch by keyword": shop(f"from unittest.mock import patch\npatch(target='shop.old.get'){MARK}"),
        "patch of the mock package": shop(f"import mock\nmock.patch('shop.old.get'){MARK}"),
        "patch from the mock package": shop(f"from mock import patch\npatch('shop.old.get'){MARK}"),
        "patch.dict": shop(f"from unittest.mock import patch\npatch.dict('shop.old.cache', a=1){MARK}"),
        "patch.dict, aliased": shop(
            f"from unittest.mock import patch as p\np.dict(in_dict='shop.old.cache'){MARK}"
        ),
        "patch.multiple": shop(f"from unittest.mock import patch\npatch.multiple('shop.old', get=1){MARK}"),
        "mocker.patch": shop(f"def test_a(mocker):\n    mocker.patch('shop.old.get'){MARK}"),
        "mocker.patch.dict": shop(f"def test_a(mocker):\n    mocker.patch.dict('shop.old.cache'){MARK}"),
        "mocker.patch.multiple": shop(
            f"def test_a(mocker):\n    mocker.patch.multiple('shop.old', a=1){MARK}"
        ),
        "monkeypatch.setattr": shop(
            f"def test_a(monkeypatch):\n    monkeypatch.setattr('shop.old.get', 1){MARK}"
        ),
        "monkeypatch.delattr": shop(
            f"def test_a(monkeypatch):\n    monkeypatch.delattr('shop.old.get'){MARK}"
        ),
        "patch through a re-export": shop(
            f"from unittest import mock\nmock.patch('shop.compat.old.get'){MARK}"
        ),
    }


USES = {
    "walrus": "if (x := compat.old): pass",
    "lambda": "f = lambda: compat.old.get()",
    "default of a lambda": "f = lambda x=compat.old: x",
    "list comprehension": "x = [compat.old for y in z]",
    "iterable of a comprehension": "x = [y for y in compat.old.get()]",
    "condition of a comprehension": "x = {y for y in z if compat.old.get(y)}",
    "dict comprehension": "x = {y: compat.old for y in z}",
    "default argument": "def f(x=compat.old): pass",
    "keyword-only default": "def f(*, x=compat.old): pass",
    "decorator": "@compat.old.get\ndef f(): pass",
    "decorator with arguments": "@compat.old.get(1)\nclass A: pass",
    "annotation of a parameter": "def f(x: compat.old.Client): pass",
    "annotation of a result": "def f() -> compat.Client: pass",
    "annotation of a variable": "x: compat.old.Client",
    "f-string": "x = f'{compat.old.get()}'",
    "format of an f-string": "x = f'{1:{compat.old.width}}'",
    "base class": "class A(compat.old.Client): pass",
    "generic base class": "class A(compat.old.Client[int]): pass",
    "keyword of a class": "class A(metaclass=compat.old.Meta): pass",
    "exception": "try:\n    pass\nexcept compat.old.Error: pass",
    "one exception of several": "try:\n    pass\nexcept (OSError, compat.old.Error): pass",
    "raise": "raise compat.old.Error('x')",
    "cause": "raise ValueError from compat.old.error",
    "with": "with compat.old.get() as x: pass",
    "for": "for x in compat.old.all: pass",
    "target of for": "for compat.old.x in y: pass",
    "while": "while compat.old.get(): pass",
    "assignment": "compat.old.get = None",
    "augmented assignment": "compat.old.count += 1",
    "del": "del compat.old.get",
    "subscript": "x = compat.old.cache['a']",
    "index": "x = y[compat.old.index]",
    "slice": "x = y[1:compat.old.index]",
    "star argument": "f(*compat.old.items)",
    "double star argument": "f(**compat.old.items)",
    "keyword argument": "f(x=compat.old)",
    "chain over several lines": "x = (compat\n    .old\n    .get())",
    "conditional expression": "x = 1 if y else compat.old",
    "comparison": "x = 1 < compat.old.count",
    "membership": "x = 1 in compat.old.items",
    "dict display": "x = {compat.old.key: 1}",
    "starred display": "x = [*compat.old.items]",
    "assert": "assert compat.old",
    "return": "def f(): return compat.old",
    "yield": "def f(): yield compat.old",
    "await": "async def f(): await compat.old.get()",
    "subject of match": "match compat.old.kind:\n    case 1: pass",
    "value pattern": "match 1:\n    case compat.old.ONE: pass",
    "class pattern": "match 1:\n    case compat.old.Client(): pass",
    "isinstance": "x = isinstance(y, compat.old.Client)",
    "call of a call": "x = compat.old.get()()",
    "main guard": "if __name__ == '__main__': compat.old.run()",
}

TABLE = {**import_statements(), **contexts(), **re_exports(), **dynamic_imports(), **patches()}


@pytest.mark.parametrize(
    "files",
    [pytest.param(files, id=title) for title, files in TABLE.items()],
)
def test_every_spelling_is_found(files: dict[str, str]) -> None:
    example = Example("", files)
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize("statement", USES.values(), ids=USES.keys())
def test_every_use_is_found_once(statement: str) -> None:
    files = {**SHOP, PAGE: f"from shop import compat\n{statement}\n"}
    reported = [finding for finding in findings(CONFIG, files, RULE) if finding.path == PAGE]
    assert len({finding.span for finding in reported}) == 1, [finding.span for finding in reported]
    line, column, end_line, end_column = reported[0].span
    lines = files[PAGE].split("\n")
    if line == end_line:
        assert lines[line - 1][column - 1 : end_column - 1].startswith("compat.")
    else:
        assert lines[line - 1][column - 1 :] == "compat"


def look_alikes() -> dict[str, dict[str, str]]:
    """Projects in which nothing imports the external module `requests`."""

    def app(text: str, path: str = "app/page.py", **others: str) -> dict[str, str]:
        return {
            "app/__init__.py": "",
            path: text,
            **{f"{name.replace('__', '/')}.py": other for name, other in others.items()},
        }

    use = "    return requests.get('x')\n"
    return {
        "a module of the package": app(
            "from . import requests\nrequests.get()\n", app__requests="def get(): ...\n"
        ),
        "a module of the package, absolute": app(
            "import app.requests\napp.requests.get()\n", app__requests=""
        ),
        "a name from such a module": app("from app.requests import get\n", app__requests="def get(): ...\n"),
        "a package of the package": app("from app.requests.get import x\n", app__requests__get="x = 1\n"),
        "a variable": app("requests = []\nrequests.append(1)\n"),
        "a variable of another module": app(
            "from app.a import requests\nrequests.get()\n", app__a="requests = {}\n"
        ),
        "an attribute of a variable of another module": app(
            "from app import a\na.requests.get()\n", app__a="requests = make()\n"
        ),
        "an attribute of a function of another module": app(
            "from app import a\na.requests.get()\n", app__a="def requests(): ...\n"
        ),
        "an attribute of a class of another module": app(
            "from app import a\na.A.requests.get()\n", app__a="class A:\n    requests = make()\n"
        ),
        "an alias of something undefined": app("from app import a\na.r.get()\n", app__a="r = requests\n"),
        "a parameter": app(f"def f(requests):\n{use}"),
        "a parameter of a lambda": app("f = lambda requests: requests.get('x')\n"),
        "a star parameter": app(f"def f(*requests, **kw):\n{use}"),
        "a keyword-only parameter": app(f"def f(*, requests=None):\n{use}"),
        "a variable of a function": app(f"def f():\n    requests = Session()\n{use}"),
        "a variable of an enclosing function": app(
            "def f():\n    requests = []\n    def g():\n" + "    " + use
        ),
        "a loop variable": app("for requests in [[]]:\n    requests.append(1)\n"),
        "a variable of with": app("with session() as requests:\n    requests.get('x')\n"),
        "a variable of except": app("try:\n    pass\nexcept OSError as requests:\n    requests.args\n"),
        "a variable of a comprehension": app("x = [requests.get() for requests in []]\n"),
        "a walrus": app("if (requests := session()):\n    requests.get('x')\n"),
        "a capture of match": app("match x:\n    case [requests, *_]:\n        requests.get('x')\n"),
        "a rest of match": app("match x:\n    case {**requests}:\n        requests.get('x')\n"),
        "a class attribute": app("class A:\n    requests = []\n    requests.append(1)\nA.requests.get()\n"),
        "an attribute of self": app("class A:\n    def f(self):\n        self.requests.get('x')\n"),
        "a method": app("class A:\n    def requests(self): ...\nA().requests().get()\n"),
        "a function": app("def requests(): ...\nrequests.cache = 1\n"),
        "a class": app("class requests:\n    get = 1\nrequests.get\n"),
        "a global of a function": app(f"def f():\n    global requests\n    requests = []\n{use}"),
        "a name that is deleted": app("requests = []\nrequests.append(1)\ndel requests\n"),
        "an undefined name": app("requests.get('x')\n"),
        "a longer name": app("import requests_mock, requestsx.a\nfrom requests_oauthlib import requests\n"),
        "a name that ends so": app("import my.requests\nfrom my import requests\nimport xrequests\n"),
        "an alias of something else": app("import httpx as requests\nrequests.get('x')\n"),
        "a mention in a string": app("x = 'import requests'\nf('requests.get')\nlog('requests')\n"),
        "a mention in a comment": app("# import requests\nx = 1  # requests.get\n"),
        "a mention in a docstring": app(
            '"""import requests"""\ndef f():\n    """\n    import requests\n    """\n'
        ),
        "a mention in __all__": app("__all__ = ['requests']\nrequests = 1\n"),
        "a keyword argument": app("f(requests=1)\n"),
        "a key": app("x = {'requests': 1}\nx['requests'].get()\n"),
        "an allowed path": app("import requests\nrequests.get('x')\n", "vendor/client.py"),
        "the accessor": app("import requests\nfrom requests import get\ndef fetch(): ...\n", "app/http.py"),
        "what the accessor hands on": app(
            "from app.http import get, requests\nfrom app import http\nhttp.requests.get('x')\nrequests.post('x')\n",
            app__http="import requests\nfrom requests import get\n",
        ),
        "what the accessor hands on, at two hops": app(
            "from app.a import get\n",
            app__a="from app.http import get\n",
            app__http="from requests import get\n",
        ),
        "what the accessor hands on by star": app(
            "from app.http import *\nget('x')\n", app__http="from requests import get\n"
        ),
        "a namespace folder": app(
            "import tools.requests.a\ntools.requests.a.x\n", tools__requests__a="x = 1\n"
        ),
        "an import in a file left out": app("import requests\n", "old/page.py"),
        "import_module of another name": app("import importlib\nimportlib.import_module('app.requests')\n"),
        "another function named import_module": app(
            "from app.a import import_module\nimport_module('requests')\n"
        ),
        "a method named import_module": app(
            "class A:\n    def f(self):\n        self.import_module('requests')\n"
        ),
        "import_module of something unknown": app("import importlib\nimportlib.import_module(name)\n"),
        "import_module, relative without a package": app(
            "import importlib\nimportlib.import_module('.requests')\n"
        ),
        "a parameter named __import__": app("def f(__import__):\n    __import__('requests')\n"),
        "patch of another thing": app("from unittest import mock\nmock.patch('app.requests.get')\n"),
        "another function named patch": app("def patch(x): ...\npatch('requests.get')\n"),
        "a relative import beyond the top": app("from .......requests import get\n"),
        "a relative import of what is missing": app("from .requests import get\nget()\n"),
        "a type parameter of a comment": app("x = []  # type: list[requests.Session]\n"),
    }


EXTERNAL = """\
[[forbidden-import]]
targets = ["requests"]
exclude = ["old/"]
allow-in = ["app/http.py", "vendor/"]
use = "app.http.fetch"
"""
LOOK_ALIKES = look_alikes()


@pytest.mark.parametrize("files", LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_what_only_looks_like_it_is_not_found(files: dict[str, str]) -> None:
    assert findings(EXTERNAL, files, RULE) == []


def test_the_thing_itself_may_refer_to_itself() -> None:
    package = {
        "shop/old/__init__.py": "from shop.old.client import Client\nfrom . import client\n",
        "shop/old/client.py": "class Client: ...\n",
    }
    config = '[[forbidden-import]]\ntargets = ["shop.old"]\nexclude = ["shop/old/"]\n'
    assert findings(config, package, RULE) == []


def spans(config: str, text: str, **others: str) -> list[Span]:
    files = {**SHOP, PAGE: text, **{f"shop/{name}.py": other for name, other in others.items()}}
    return [finding.span for finding in findings(config, files, RULE) if finding.path == PAGE]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("import os, shop.old as o, sys\n", Span(1, 12, 1, 25), id="among others"),
        pytest.param("from shop import new, old\n", Span(1, 23, 1, 26), id="from"),
        pytest.param("from shop.old import (\n    Client as C,\n)\n", Span(2, 5, 2, 16), id="in parentheses"),
        pytest.param("from shop.old import *\n", Span(1, 22, 1, 23), id="star"),
        pytest.param(
            "import shop\nx = 'ä🙂', shop.old.get()\n", Span(2, 11, 2, 23), id="after wide characters"
        ),
        pytest.param("import shop\nif 1:\n\tshop.old\n", Span(3, 2, 3, 10), id="after a tab"),
        pytest.param("import shop\nx = (shop\n .old\n  .get)\n", Span(2, 6, 4, 7), id="over several lines"),
        pytest.param("x = __import__('shop.old')\n", Span(1, 16, 1, 26), id="a call"),
    ],
)
def test_span(text: str, span: Span) -> None:
    assert spans(CONFIG, text) == [span]


def test_messages_name_target_replacement_and_way() -> None:
    files = shop("from shop.compat import Client\nimport shop.old\n")
    first, second = (finding for finding in findings(CONFIG, files, RULE) if finding.path == PAGE)
    assert first.message == (
        "`shop.old` is forbidden here (`shop.old.Client`), handed on by shop/compat.py; use `shop.new`"
    )
    assert second.message == "`shop.old` is forbidden here; use `shop.new`"
    assert first.subject == ("shop.old", "shop.old.Client")


@pytest.mark.parametrize(
    ("targets", "text", "lines"),
    [
        pytest.param(
            '"os.environ"', "import os\nos.environ\nos.environ.get('x')\nos.name\n", [2, 3], id="attribute"
        ),
        pytest.param(
            '"os.environ"', "from os import environ as e\ne.get('x')\n", [1], id="attribute, imported"
        ),
        pytest.param('"os.environ"', "from os import *\nenviron.get('x')\n", [1], id="attribute, by star"),
        pytest.param(
            '"unittest.mock"', "import unittest\nunittest.mock.patch\n", [2], id="submodule of the library"
        ),
        pytest.param(
            '"legacy.**"', "import legacy\nimport legacy.a\nfrom legacy.b.c import d\n", [2, 3], id="below"
        ),
        pytest.param(
            '"**.Base"', "from a.b import Base\nfrom c import Base, Baser\nimport Base\n", [1, 2, 3], id="end"
        ),
        pytest.param(
            '"a.*.c"', "import a.b.c\nimport a.c\nimport a.b.x.c\nfrom a.x import c\n", [1, 4], id="middle"
        ),
        pytest.param(
            '"a.old_*"', "import a.old_b\nfrom a import old_c\nimport a.bold_c\n", [1, 2], id="part"
        ),
        pytest.param('"a", "a.b"', "import a.b\n", [1], id="target within a target"),
        pytest.param(
            '"json.gone"', "import json\njson.gone.x\njson.loads\n", [2], id="what the library lacks"
        ),
    ],
)
def test_targets(targets: str, text: str, lines: list[int]) -> None:
    config = f"[[forbidden-import]]\ntargets = [{targets}]\n"
    assert [finding.span.line for finding in findings(config, {"page.py": text}, RULE)] == lines


def test_a_deleted_module_of_the_tree_stays_forbidden() -> None:
    config = '[[forbidden-import]]\ntargets = ["shop.gone"]\n'
    text = "import shop.gone\nfrom shop.gone import x\nfrom shop import gone\nfrom .gone import y\n"
    reported = findings(config, {**SHOP, PAGE: text}, RULE)
    assert [finding.span.line for finding in reported if finding.path == PAGE][:3] == [1, 2, 3]


@pytest.mark.parametrize(
    ("option", "lines"),
    [("same", [3, 5, 6]), ("allow", [5, 6]), ("only", [3])],
    ids=["same", "allow", "only"],
)
def test_code_for_type_checkers(option: str, lines: list[int]) -> None:
    config = f'{CONFIG}type-checking = "{option}"\n'
    text = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.old\n"
        "else:\n    import shop.old\nfrom shop import old\n"
    )
    assert [span.line for span in spans(config, text)] == lines


def test_base_classes_can_be_left_to_another_rule() -> None:
    text = "from shop import compat\nclass A(compat.Client): ...\ncompat.Client()\n"
    assert [span.line for span in spans(f"{CONFIG}bases = false\n", text)] == [3]


def test_several_services_with_equal_package_names_see_their_own() -> None:
    service = {"app/__init__.py": "", "app/main.py": "from app import db\nfrom app.db import connect\n"}
    files = {f"services/{name}/{path}": text for name in ("a", "b") for path, text in service.items()}
    files |= {
        "services/a/app/db.py": "def connect(): ...\n",
        "services/b/app/db.py": "from sqlite3 import connect\n",
    }
    config = '[[forbidden-import]]\ntargets = ["sqlite3"]\n'
    places = [(finding.path, finding.span.line) for finding in findings(config, files, RULE)]
    assert places == [("services/b/app/db.py", 1), ("services/b/app/main.py", 2)]


def test_dynamic_imports_start_from_the_file_that_makes_them() -> None:
    service = {
        "app/__init__.py": "",
        "app/main.py": "import importlib\nfrom unittest import mock\n"
        "importlib.import_module('app.db').connect\nmock.patch('app.db.connect')\n",
    }
    files = {f"services/{name}/{path}": text for name in ("a", "b") for path, text in service.items()}
    files |= {
        "services/a/app/db.py": "def connect(): ...\n",
        "services/b/app/db.py": "from sqlite3 import connect\n",
    }
    config = '[[forbidden-import]]\ntargets = ["sqlite3"]\n'
    places = [(finding.path, finding.span.line) for finding in findings(config, files, RULE)]
    assert places == [("services/b/app/db.py", 1), ("services/b/app/main.py", 4)]

"""Contracts of classes, functions and modules, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.config import ConfigError, parse
from ssot_lint.rules import Example

RULE = "class-contract"
MARK = f"  # [{RULE}]\n"
TREE = {
    "shop/__init__.py": "",
    "shop/auth.py": "def login(f): ...\ndef public(f): ...\napp = make()\n",
    "shop/compat.py": "from shop.auth import login as signed_in\n",
    "shop/base.py": (
        "class View:\n    label = ''\n    def get(self):\n        self.state = 1\n"
        "class Special(View):\n    special = 1\n"
        "class Plain: ...\n"
    ),
    "shop/broken.py": "class View(:  # [syntax-error]\n",
}
FUNCTIONS = 'of = "functions"\n'
MODULES = 'of = "modules"\n'
LOGIN = 'required-decorators = ["shop.auth.login"]'
EITHER = 'required-decorators = ["shop.auth.login | shop.auth.public"]'
NO_LOGIN = 'forbidden-decorators = ["shop.auth.*"]'
TITLE = 'required-members = ["title"]'
HANDLERS = f'{FUNCTIONS}names = ["handle_*", "*.handle"]\n'
BASE = "from shop.base import Plain, Special, View\n"
AUTH = "import web\nfrom shop import auth\nfrom shop.auth import login, public\n"

BROKEN = {
    "no decorator": (LOGIN, f"class A: ...{MARK}"),
    "another decorator": (LOGIN, f"{AUTH}@public\nclass A: ...{MARK}"),
    "a decorator of that name": (LOGIN, f"from web import login\n@login\nclass A: ...{MARK}"),
    "an attribute of a value as decorator": (LOGIN, f"{AUTH}@auth.app.login\nclass A: ...{MARK}"),
    "neither decorator": (EITHER, f"{AUTH}@web.other\nclass A: ...{MARK}"),
    "one of two decorators": (
        'required-decorators = ["shop.auth.login", "shop.auth.public"]',
        f"{AUTH}@login\nclass A: ...{MARK}",
    ),
    "a route without a decorator": (
        f'{FUNCTIONS}decorated-by = ["web.app.*"]\n{LOGIN}',
        f"from web import app\n@app.get('/')\ndef f(): ...{MARK}def g(): ...\n",
    ),
    "a forbidden decorator": (NO_LOGIN, f"{AUTH}@login{MARK}class A: ...\n"),
    "a forbidden decorator, called": (NO_LOGIN, f"{AUTH}@auth.login(1){MARK}class A: ...\n"),
    "a forbidden decorator, handed on": (
        NO_LOGIN,
        f"from shop.compat import signed_in\n@signed_in{MARK}class A: ...\n",
    ),
    "a forbidden decorator of a method": (
        FUNCTIONS + NO_LOGIN,
        f"{AUTH}class A:\n    @web.x\n    @login{MARK}    def f(self): ...\n",
    ),
    "a forbidden builtin decorator": (
        f'{FUNCTIONS}forbidden-decorators = ["builtins.staticmethod", "classmethod"]',
        f"class A:\n    @staticmethod{MARK}    def f(): ...\n    @classmethod{MARK}    def g(cls): ...\n",
    ),
    "a forbidden builtin base": ('forbidden-bases = ["BaseException", "str"]', f"class A(str): ...{MARK}"),
    "not the first decorator": (
        'first-decorators = ["shop.auth.login"]',
        f"{AUTH}@web.x\n@login{MARK}class A: ...\n",
    ),
    "a name of the wrong form": ("required-name-regex = '[A-Z][a-z]+View'", f"class A_View: ...{MARK}"),
    "the wrong name": ('required-name = "*View | *Page"', f"class Views: ...{MARK}"),
    "the wrong name of a function": (
        f'{FUNCTIONS}decorated-by = ["shop.auth.login"]\nrequired-name = "signed_*"',
        f"{AUTH}@login\ndef f(): ...{MARK}",
    ),
    "a missing member": (TITLE, f"class A:{MARK}    label = 1\n"),
    "a missing member of a subclass": (TITLE, f"{BASE}class A(View): ...{MARK}"),
    "a missing member of an external class": (TITLE, f"import web\nclass A(web.View): ...{MARK}"),
    "a member that is only inherited": (
        f"inherited = false\n{TITLE.replace('title', 'label')}",
        f"{BASE}class A(View): ...{MARK}",
    ),
    "a member of another class": (TITLE, f"class B:\n    title = 1\n    class A: ...{MARK}"),
    "a member in a function": (TITLE, f"class A:{MARK}    def f(self):\n        title = self.title\n"),
    "an attribute of something else": (
        TITLE,
        f"class A:{MARK}    def f(self, other):\n        other.title = self.x.title = self.title.x = 1\n",
    ),
    "an attribute of self in another class": (
        TITLE,
        f"class A:{MARK}    x = 1\nclass B:\n    def f(self):\n        self.title = 1\n",
    ),
    "one of two members": ('required-members = ["title", "label"]', f"class A:{MARK}    label = 1\n"),
    "neither of two members": ('required-members = ["title | label"]', f"class A:{MARK}    x = 1\n"),
    "no member of a pattern": ('required-members = ["test_*"]', f"class A:{MARK}    def tests(self): ...\n"),
    "a forbidden method": (
        'forbidden-members = ["name_get"]',
        f"class A:\n    x = 1\n    def name_get(self): ...{MARK}",
    ),
    "a forbidden constant": ('forbidden-members = ["_*"]', f"class A:\n    _name = 'x'{MARK}"),
    "a forbidden attribute": ('forbidden-members = ["x"]', f"class A:{MARK}    x = make()\n"),
    "a forbidden class": ('forbidden-members = ["Meta"]', f"class A:\n    class Meta: ...{MARK}"),
    "half of a pair": ('implies = { get = ["post"] }', f"class A:{MARK}    def get(self): ...\n"),
    "half of a pair, by inheritance": ('implies = { x = ["y"] }', f"{BASE}class A(View):{MARK}    x = 1\n"),
    "a part of a group": (
        'implies = { a = ["b", "c | d"] }',
        f"class A:{MARK}    a = 1\n    b = 1\nclass B:\n    a = 1\n    b = 1\n    d = 1\n",
    ),
    "a forbidden base": (
        'forbidden-bases = ["shop.base.View"]',
        f"{BASE}import web\nclass A(\n    web.X,\n    View,{MARK}): ...\n",
    ),
    "a forbidden base further up": (
        'forbidden-bases = ["shop.base.View"]',
        f"{BASE}class A(Special): ...{MARK}",
    ),
    "a forbidden external base": (
        'forbidden-bases = ["unittest.*"]',
        f"from unittest import TestCase as T\nclass A(T): ...{MARK}",
    ),
    "a missing keyword": ('required-keywords = ["metaclass"]', f"class A(x=1): ...{MARK}"),
    "a missing parameter": (
        f'{HANDLERS}required-parameters = ["context | ctx"]',
        f"def handle_x(event): ...{MARK}class A:\n    def handle(self): ...{MARK}",
    ),
    "a forbidden parameter": (
        f'{HANDLERS}forbidden-parameters = ["session*"]',
        f"def handle_x(a, *, session_id=1): ...{MARK}def handle_y(*session): ...{MARK}",
    ),
    "a parameter by position": (
        f'{HANDLERS}keyword-only = ["timeout"]',
        f"def handle_x(timeout=1): ...{MARK}def handle_y(timeout, /): ...{MARK}",
    ),
    "an asynchronous function": (
        f'{FUNCTIONS}asynchronous = "only"\n{NO_LOGIN}',
        f"{AUTH}@login{MARK}async def f(): ...\n@login\ndef g(): ...\n",
    ),
    "a synchronous function": (
        f'{FUNCTIONS}asynchronous = "never"\nrequired-name = "sync_*"',
        f"async def f(): ...\ndef g(): ...{MARK}",
    ),
    "methods of some classes": (
        f'{FUNCTIONS}bases = ["shop.base.View"]\nnames = ["**.get"]\n{LOGIN}',
        f"{BASE}def get(): ...\nclass A(Special):\n    def put(self): ...\n    def get(self): ...{MARK}",
    ),
    "classes with tests": (
        'has-members = ["test_*"]\nrequired-name = "Test*"',
        f"class Orders:{MARK}    def test_it(self): ...\nclass Helper:\n    def tests(self): ...\n",
    ),
    "a module": (f'{MODULES}required-members = ["X"]', f"import x{MARK}Y = 1\n"),
    "a module, by what it must not have": (
        f'{MODULES}forbidden-members = ["__author__", "f", "A", "os"]',
        f"import os{MARK}__author__ = 'Ada'{MARK}def f(): ...{MARK}class A: ...{MARK}",
    ),
    "a module, by a value": (f'{MODULES}forbidden-members = ["x"]', f"import os{MARK}x = make()\n"),
    "half of a pair in a module": (
        f'{MODULES}implies = {{ setup = ["unload"] }}',
        f"import x{MARK}def setup(): ...\n",
    ),
    "an empty module": (f'{MODULES}required-members = ["X*"]', MARK.lstrip()),
}

KEPT = {
    "the decorator": (LOGIN, f"{AUTH}@login\nclass A: ...\n"),
    "the decorator, called": (LOGIN, f"{AUTH}@auth.login('x')\nclass A: ...\n"),
    "the decorator, by an alias": (LOGIN, "from shop.compat import signed_in as s\n@s\nclass A: ...\n"),
    "the decorator among others": (LOGIN, f"{AUTH}@web.x\n@login\n@web.y\nclass A: ...\n"),
    "the other decorator": (EITHER, f"{AUTH}@public\nclass A: ...\n"),
    "an unknown decorator": (LOGIN, "@gone\nclass A: ...\n"),
    "a made decorator": (LOGIN, "@make()()\nclass A: ...\n"),
    "a decorator that is passed in": (LOGIN, "def f(wrap):\n    @wrap\n    class A: ...\n"),
    "a class of a builtin's name": (
        'forbidden-bases = ["str"]\nforbidden-decorators = ["property"]',
        "from web import str\nclass property: ...\n@property\nclass A(str): ...\n",
    ),
    "a decorator of a forbidden name": (NO_LOGIN, "from web import login\n@login\nclass A: ...\n"),
    "an unknown decorator, not forbidden": (NO_LOGIN, "@login\nclass A: ...\n"),
    "a decorator of a method": (NO_LOGIN, f"{AUTH}class A:\n    @login\n    def f(self): ...\n"),
    "the first decorator": (
        'first-decorators = ["shop.auth.login"]',
        f"{AUTH}@login\n@web.x\nclass A: ...\n",
    ),
    "a name of the right form": (
        "required-name-regex = '[A-Z][a-z]+View|Base'",
        "class AbView: ...\nclass Base: ...\n",
    ),
    "the right name": ('required-name = "*View | *Page"', "class AView: ...\nclass BPage: ...\n"),
    "an attribute": (TITLE, "class A:\n    title = 1\n"),
    "a method": (TITLE, "class A:\n    def title(self): ...\n"),
    "a conditional method": (TITLE, "class A:\n    if x:\n        def title(self): ...\n"),
    "a declared attribute": (TITLE, "class A:\n    title: str\n"),
    "an imported member": (TITLE, "class A:\n    from x import title\n"),
    "an attribute of self": (TITLE, "class A:\n    def __init__(self):\n        self.title = 1\n"),
    "an inherited member": (TITLE.replace("title", "label"), f"{BASE}class A(Special): ...\n"),
    "an inherited attribute of self": (TITLE.replace("title", "state"), f"{BASE}class A(Special): ...\n"),
    "an inherited attribute of an alias": (
        TITLE.replace("title", "label"),
        "import shop.base as b\nBase = b.View\nclass A(Base): ...\n",
    ),
    "an unknown base": (TITLE, "class A(gone): ...\nclass B(make()): ...\n"),
    "a base of a broken file": (TITLE, "from shop.broken import View\nclass A(View): ...\n"),
    "a member of a pattern": ('required-members = ["test_*"]', "class A:\n    def test_it(self): ...\n"),
    "one of either": ('required-members = ["title | label"]', "class A:\n    label = 1\n"),
    "a forbidden member, inherited": ('forbidden-members = ["label"]', f"{BASE}class A(View): ...\n"),
    "a forbidden member, called": (
        'forbidden-members = ["name_get"]',
        "class A:\n    def f(self):\n        return self.name_get()\n",
    ),
    "a pair": ('implies = { get = ["post"] }', "class A:\n    def get(self): ...\n    def post(self): ...\n"),
    "a pair, half inherited": ('implies = { x = ["label"] }', f"{BASE}class A(View):\n    x = 1\n"),
    "neither of a pair": ('implies = { get = ["post"] }', "class A: ...\n"),
    "the other half of a pair": ('implies = { get = ["post"] }', "class A:\n    def post(self): ...\n"),
    "a forbidden base itself": ('forbidden-bases = ["a.Base"]', "class Base: ...\n"),
    "another base": ('forbidden-bases = ["shop.base.View"]', f"{BASE}class A(Plain): ...\n"),
    "a base of a forbidden name": (
        'forbidden-bases = ["shop.base.View"]',
        "from web import View\nclass A(View): ...\n",
    ),
    "the keyword": ('required-keywords = ["metaclass"]', "class A(metaclass=M): ...\n"),
    "unknown keywords": ('required-keywords = ["metaclass"]', "class A(**options): ...\n"),
    "the parameter": (
        f'{HANDLERS}required-parameters = ["context | ctx"]',
        "def handle_x(ctx, /): ...\ndef handle_y(*, context): ...\ndef handle_z(**context): ...\n",
    ),
    "any parameters": (
        f'{HANDLERS}required-parameters = ["context"]',
        "def handle_x(*args): ...\ndef handle_y(**rest): ...\n",
    ),
    "other functions": (
        f'{HANDLERS}required-parameters = ["context"]',
        "def f(): ...\ndef xhandle_y(): ...\nclass A:\n    def handle_x(self): ...\n    def handles(self): ...\n",
    ),
    "other parameters": (
        f'{HANDLERS}forbidden-parameters = ["session"]',
        "def handle_x(sessions, a=session): ...\n",
    ),
    "by keyword only": (
        f'{HANDLERS}keyword-only = ["timeout"]',
        "def handle_x(*, timeout): ...\ndef handle_y(**timeout): ...\ndef handle_z(*timeout): ...\n",
    ),
    "functions, where classes are meant": (LOGIN, "def f(): ...\n"),
    "classes, where functions are meant": (FUNCTIONS + LOGIN, "class A: ...\n"),
    "other names": (f'names = ["*View"]\n{LOGIN}', "class Views: ...\nclass A:\n    class B: ...\n"),
    "other bases": (f'bases = ["shop.base.View"]\n{LOGIN}', f"{BASE}class A(Plain): ...\nclass B: ...\n"),
    "other decorators": (
        f'decorated-by = ["shop.auth.public"]\n{LOGIN}',
        f"{AUTH}@web.x\nclass A: ...\nclass B: ...\n",
    ),
    "other members": (f'has-members = ["get"]\n{LOGIN}', "class A:\n    def gets(self): ...\n"),
    "one of two conditions": (
        f'names = ["*View"]\nhas-members = ["get"]\n{LOGIN}',
        "class AView: ...\nclass B:\n    def get(self): ...\n",
    ),
    "a function in a method": (
        f'{FUNCTIONS}bases = ["shop.base.View"]\n{LOGIN}',
        f"{AUTH}{BASE}class A(View):\n    @login\n    def f(self):\n        def g(): ...\n",
    ),
    "methods of other classes": (
        f'{FUNCTIONS}bases = ["shop.base.View"]\n{LOGIN}',
        f"{BASE}class A(Plain):\n    def f(self): ...\n",
    ),
    "a constant of a module": (f'{MODULES}required-members = ["X"]', "X = make()\n"),
    "a function of a module": (f'{MODULES}required-members = ["f"]', "async def f(): ...\n"),
    "an import of a module": (f'{MODULES}required-members = ["X"]', "from x import Y as X\n"),
    "a star import of unknown names": (f'{MODULES}required-members = ["X"]', "from web import *\n"),
    "a star import of the name": (f'{MODULES}required-members = ["login"]', "from shop.auth import *\n"),
    "a module that makes its names": (f'{MODULES}required-members = ["X"]', "def __getattr__(name): ...\n"),
    "a name of a pattern": (f'{MODULES}required-members = ["PLATFORM*"]', "PLATFORMS = []\n"),
    "a name of a class of the module": (f'{MODULES}forbidden-members = ["x"]', "class A:\n    x = 1\n"),
}


def config_of(terms: str) -> str:
    return f'[[{RULE}]]\npaths = ["a.py"]\n{terms}\n'


@pytest.mark.parametrize(("terms", "text"), BROKEN.values(), ids=BROKEN.keys())
def test_broken(terms: str, text: str) -> None:
    example = Example("", {**TREE, "ssot-lint.toml": config_of(terms), "a.py": text})
    assert f"[{RULE}]" in text
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize(("terms", "text"), KEPT.values(), ids=KEPT.keys())
def test_kept(terms: str, text: str) -> None:
    assert findings(config_of(terms), {**TREE, "a.py": text}, RULE) == []


def test_broken_files_are_not_judged() -> None:
    config = f'[[{RULE}]]\n{MODULES}required-members = ["X"]\n'
    assert findings(config, {"a.py": "def f(:\n"}, RULE) == []
    assert len(findings(config, {"a.py": "def f(): ...\n"}, RULE)) == 1


MESSAGES = {
    "decorators": (
        f"{EITHER}",
        "class A: ...\n",
        "`A` is not decorated with `shop.auth.login` or `shop.auth.public`",
    ),
    "name": ('required-name = "*V | *P"', "class A: ...\n", "`A` is not named `*V` or `*P`"),
    "name of a form": (
        "required-name-regex = '[a-z]+|B'",
        "class A: ...\n",
        "`A` has a name that does not match `[a-z]+|B`",
    ),
    "pair": ('implies = { x = ["y"] }', "class A:\n    x = 1\n", "`A` defines `x` but not `y`"),
    "module": (f'{MODULES}required-members = ["X"]', "", "this module does not define `X`"),
    "module pair": (f'{MODULES}implies = {{ x = ["y"] }}', "x = 1\n", "this module defines `x` but not `y`"),
    "base": (
        'forbidden-bases = ["shop.**"]\nuse = "web.View"',
        f"{BASE}class A(Special): ...\n",
        "`A` must not inherit from `shop.base.Special`; use `web.View`",
    ),
    "method": (
        f'{HANDLERS}keyword-only = ["a"]',
        "class A:\n    def handle(self, a): ...\n",
        "`A.handle` must only take by keyword `a`",
    ),
    "builtin": ('forbidden-bases = ["str"]', "class A(str): ...\n", "`A` must not inherit from `str`"),
    "decorator": (
        'forbidden-decorators = ["shop.**"]',
        "from shop.compat import signed_in\n@signed_in\nclass A: ...\n",
        "`A` must not be decorated with `shop.auth.login`",
    ),
}


@pytest.mark.parametrize(("terms", "text", "message"), MESSAGES.values(), ids=MESSAGES.keys())
def test_message(terms: str, text: str, message: str) -> None:
    (finding,) = findings(config_of(terms), {**TREE, "a.py": text}, RULE)
    assert finding.message == message


def test_each_broken_term_is_a_finding_of_its_own() -> None:
    terms = 'required-members = ["x", "y"]\nrequired-name = "*View"\nforbidden-members = ["z"]'
    found_here = findings(config_of(terms), {"a.py": "class A:\n    z = 1\n"}, RULE)
    assert len({finding.fingerprint for finding in found_here}) == 4


CONTRADICTIONS = {
    "a term of classes for functions": f'{FUNCTIONS}required-members = ["x"]',
    "a term of functions for classes": 'required-parameters = ["x"]',
    "a term of classes for modules": f'{MODULES}forbidden-bases = ["x"]',
    "a choice of classes for modules": f'{MODULES}names = ["x"]\nrequired-members = ["x"]',
    "a choice of functions for classes": 'asynchronous = "only"\nrequired-members = ["x"]',
    "inheritance of modules": f'{MODULES}inherited = false\nrequired-members = ["x"]',
    "a decorator required and forbidden": 'required-decorators = ["x | y"]\nforbidden-decorators = ["z", "y"]',
    "a member required and forbidden": 'required-members = ["x"]\nforbidden-members = ["x"]',
    "a parameter required and forbidden": (
        f'{FUNCTIONS}required-parameters = ["x"]\nforbidden-parameters = ["x"]'
    ),
    "no regular expression": "required-name-regex = '[a'",
    "a regular expression without end": "required-name-regex = '(\\w+_?)*'",
    "a regular expression for modules": f"{MODULES}required-name-regex = 'a'\nrequired-members = ['x']",
    "implied by itself": 'implies = { x = ["y", "x"] }',
    "implied and forbidden": 'implies = { x = ["y"] }\nforbidden-members = ["y"]',
    "nothing at all": 'names = ["x"]',
    "no such thing": 'of = "files"\nrequired-members = ["x"]',
}


@pytest.mark.parametrize("terms", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_contradictions(terms: str) -> None:
    with pytest.raises(ConfigError, match=RULE):
        parse(config_of(terms), "ssot-lint.toml")


@pytest.mark.parametrize(("implied", "text"), [("x", "it is there anyway"), ("y", "it is forbidden")])
def test_contradiction_says_why(implied: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"`{implied}` cannot be implied: {text}"):
        parse(config_of(f'implies = {{ x = ["{implied}"] }}\nforbidden-members = ["y"]'), "ssot-lint.toml")


def test_contradiction_names_the_place() -> None:
    with pytest.raises(
        ConfigError, match=r"ssot-lint.toml:4: .*forbidden-members\[1\].* required and forbidden"
    ):
        parse(config_of('required-members = ["x"]\nforbidden-members = ["y", "x"]'), "ssot-lint.toml")

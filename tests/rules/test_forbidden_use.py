"""Forbidden uses in every spelling, what only looks like them, and what calls must pass."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.config import parse
from ssot_lint.reading import ConfigError
from ssot_lint.rules import Example

RULE = "forbidden-use"
MARK = f"  # [{RULE}]\n"
PAGE = "shop/page.py"

CONFIG = """\
[[forbidden-use]]
targets = [
    "os.getenv", "time.sleep", "print", "builtins.exec", "shop.old", "shop.models.Order.save",
    "shop.models.Order.objects.raw", "unittest.TestCase.assertEquals", "attic.**", "*.rollback", "*.session.commit",
]
exempt = ["attic.fine"]
allow-in = ["shop/legacy.py"]
use = "shop.new.pause"
"""

SHOP = {
    "ssot-lint.toml": CONFIG,
    "shop/__init__.py": "",
    "shop/old.py": "LIMIT = 1\nclass Gone(Exception): ...\ndef get(): ...\n",
    "shop/new.py": "import time\ndef pause():\n    time.sleep(1)\n",
    "shop/models.py": "class Order:\n    objects = make()\n    def save(self): ...\n    def pay(self):\n        self.save()\n"
    "class Invoice:\n    def save(self): ...\n",
    "shop/base.py": "from shop.models import Order\nclass Special(Order):\n    pass\nclass Own(Order):\n"
    "    def save(self): ...\n",
    "shop/compat.py": "from os import getenv\nfrom time import sleep as wait\nimport shop.old as old\n",
    "shop/stars.py": "from os import *\n",
    "shop/legacy.py": "from os import getenv\nfrom orm import session\nfrom shop.models import Order\nclass Sanctioned(Order):\n    pass\n",
    "shop/db.py": "db = connect()\n",
}

FIRES = {
    "attribute of a module": f"import os\nos.getenv('X'){MARK}",
    "module by another name": f"import os as o\no.getenv('X'){MARK}",
    "name from a module": f"from os import getenv\ngetenv('X'){MARK}",
    "name from a module, by another name": f"from os import getenv as g\ng('X'){MARK}",
    "assigned": f"import os\ng = os.getenv{MARK}g('X'){MARK}",
    "module assigned": f"import os\no = os\no.getenv('X'){MARK}",
    "in a function": f"def f():\n    from os import getenv\n    return getenv('X'){MARK}",
    "module imported at the top, used in a method": f"import os\nclass A:\n    def f(self):\n        os.getenv('X'){MARK}",
    "in a lambda": f"import os\nf = lambda: os.getenv('X'){MARK}",
    "in a comprehension": f"import os\nx = [os.getenv(n) for n in names]{MARK}",
    "in an f-string": f"import os\nx = f\"{{os.getenv('X')}}\"{MARK}",
    "as a default": f"import os\ndef f(get=os.getenv): ...{MARK}",
    "passed on": f"from time import sleep\nretry(sleep){MARK}",
    "in a dictionary": f"from time import sleep\nx = {{'a': sleep}}{MARK}",
    "in a condition": f"import os\nif os.getenv('X'): ...{MARK}",
    "with await": f"from attic import get\nasync def f():\n    await get(){MARK}",
    "handed on by a module": f"from shop.compat import getenv\ngetenv('X'){MARK}",
    "handed on by another name": f"from shop.compat import wait\nwait(1){MARK}",
    "handed on, through the module": f"from shop import compat\ncompat.wait(1){MARK}",
    "handed on by a relative import": f"from .compat import wait\nwait(1){MARK}",
    "a module, handed on": f"from shop.compat import old\nold.get(){MARK}",
    "by a star": f"from os import *\ngetenv('X'){MARK}",
    "by a star of a module of the tree": f"from shop.stars import *\ngetenv('X'){MARK}",
    "in one branch": f"try:\n    from fast import sleep\nexcept ImportError:\n    from time import sleep\nsleep(1){MARK}",
    "after another import of the name": f"from time import sleep\nfrom fast import nap\nsleep(nap){MARK}",
    "builtin": f"print('x'){MARK}",
    "builtin in a function": f"def f():\n    print('x'){MARK}",
    "builtin by its module": f"import builtins\nbuiltins.print('x'){MARK}",
    "builtin from its module": f"from builtins import print as p\np('x'){MARK}",
    "builtin passed on": f"log(print){MARK}",
    "builtin configured by its module": f"exec('x'){MARK}",
    "builtin beside a star import": f"from os import *\nprint('x'){MARK}",
    "another function's parameter is another thing": f"def f(print): ...\nprint('x'){MARK}",
    "within a target": f"import shop.old\nshop.old.get(){MARK}",
    "imported from within a target": f"from shop.old import LIMIT\nx = LIMIT{MARK}",
    "read": f"import shop.old\nx = shop.old.LIMIT{MARK}",
    "written": f"import shop.old\nshop.old.LIMIT = 2{MARK}",
    "added to": f"import shop.old\nshop.old.LIMIT += 2{MARK}",
    "deleted": f"import shop.old\ndel shop.old.LIMIT{MARK}",
    "raised": f"from shop.old import Gone\nraise Gone{MARK}",
    "raised and called, reported once": f"from shop.old import Gone\nraise Gone('x') from None{MARK}",
    "caught": f"from shop.old import Gone\ntry: ...\nexcept Gone: ...{MARK}",
    "caught among others": f"from shop.old import Gone\ntry: ...\nexcept (KeyError, Gone) as e: ...{MARK}",
    "compared by isinstance": f"from shop.old import Gone\nisinstance(x, Gone){MARK}",
    "compared by isinstance, among others": f"from shop.old import Gone\nisinstance(x, (int, Gone)){MARK}",
    "inherited": f"from shop.old import Gone\nclass A(Gone): ...{MARK}",
    "decorates": f"from attic import deco\n@deco{MARK}def f(): ...\n",
    "decorates, called": f"from attic import deco\n@deco(1){MARK}def f(): ...\n",
    "decorates a class": f"import attic\n@attic.deco{MARK}class A: ...\n",
    "annotates": f"from attic import Thing\ndef f(x: Thing): ...{MARK}",
    "item read": f"import attic\nattic.table['x']{MARK}",
    "item written": f"import attic\nattic.table['x'] = 1{MARK}",
    "membership": f"import attic\n'x' in attic.table{MARK}",
    "iterated": f"import attic\nfor x in attic.table: ...{MARK}",
    "as a context": f"import attic\nwith attic.lock: ...{MARK}",
    "method of a class": f"from shop.models import Order\nOrder.save(order){MARK}",
    "chain of a class": f"from shop.models import Order\nOrder.objects.raw('x').first(){MARK}",
    "chain of an heir": f"from shop.base import Special\nSpecial.objects.raw('x'){MARK}",
    "method of an heir": f"from shop import base\nbase.Special.save(order){MARK}",
    "self of an heir": f"from shop.models import Order\nclass A(Order):\n    def f(self):\n        self.save(){MARK}",
    "self in an inner function": f"from shop.models import Order\nclass A(Order):\n    def f(self):\n"
    f"        def g():\n            self.save(){MARK}",
    "self of an heir of an heir": f"from shop.base import Special\nclass A(Special):\n    def f(self):\n        self.save(){MARK}",
    "cls of an heir": f"from shop.models import Order\nclass A(Order):\n    @classmethod\n    def f(cls):\n"
    f"        cls.objects.raw('x'){MARK}",
    "super of an heir": f"from shop.models import Order\nclass A(Order):\n    def save(self):\n        super().save(){MARK}",
    "super with arguments": f"from shop.models import Order\nclass A(Order):\n    def save(self):\n"
    f"        super(A, self).save(){MARK}",
    "self of an heir of a class outside": f"import unittest\nclass A(unittest.TestCase):\n    def test(self):\n"
    f"        self.assertEquals(1, 1){MARK}",
    "attribute of a variable": f"x = make()\nx.rollback(){MARK}",
    "attribute of a parameter": f"def f(x):\n    x.rollback(){MARK}",
    "attribute of a call": f"make().rollback(){MARK}",
    "attribute of an item": f"x[0].rollback(){MARK}",
    "attribute of self": f"class A:\n    def f(self):\n        self.rollback(){MARK}",
    "attribute of an attribute": f"def f(self):\n    self.db.x.rollback(){MARK}",
    "attribute of what is imported": f"from shop.db import db\ndb.rollback(){MARK}",
    "attribute of a class outside": f"from orm import Session\nSession.rollback(){MARK}",
    "attribute passed on": f"def f(x):\n    later(x.rollback){MARK}",
    "attribute and more behind it": f"def f(x):\n    x.rollback.delay(){MARK}",
    "two attributes": f"def f(x):\n    x.session.commit(){MARK}",
    "two attributes of a call": f"f().session.commit(){MARK}",
    "two attributes of what is imported": f"from shop.db import db\ndb.session.commit(){MARK}",
}

SILENT = {
    "import alone": "import os\nfrom os import getenv\nfrom time import sleep\nimport shop.old\nfrom shop.old import get\n",
    "parameter": "def f(print, getenv, os):\n    print(getenv, os.getenv)\n",
    "variable": "def f():\n    getenv = make()\n    getenv('X')\n",
    "loop variable": "for print in x:\n    print(1)\n",
    "variable of a comprehension": "x = [print(1) for print in y]\n",
    "caught as": "try: ...\nexcept E as print:\n    print(1)\n",
    "walrus": "if (print := make()):\n    print(1)\n",
    "module of the same name": "from shop import os\nos.getenv('X')\n",
    "function of the same name": "from shop.settings import getenv\ngetenv('X')\n",
    "function of the file": "def getenv(x): ...\ngetenv('X')\n",
    "builtin that the module defines": "def print(x): ...\nprint(1)\n",
    "builtin that another module gives": "from rich import print\nprint(1)\n",
    "builtin that a class defines": "class A:\n    def print(self): ...\n    x = print\n",
    "method named as a builtin": "def f(x):\n    x.print(1)\n    x.exec()\n",
    "method of self named as a builtin": "class A:\n    def f(self):\n        self.print(1)\n",
    "longer name": "import os\nos.getenvb('X')\nos.getenv_or_none('X')\n",
    "shorter name": "import os\nos.get('X')\nx = os\n",
    "longer module": "import shop.older\nshop.older.get()\nfrom shop import old_ones\nold_ones.get()\n",
    "longer builtin": "pprint(1)\nprinted = 1\n",
    "string": "x = 'os.getenv(1)'\ny = '''print(1)'''\n",
    "comment": "# os.getenv('X'); print(1)\n",
    "docstring": '"""print(1), x.rollback()"""\n',
    "keyword argument": "f(print=1, getenv=2)\n",
    "key": "x = {'print': 1}\nx['getenv']\n",
    "definition": "class A:\n    def rollback(self): ...\n    def print(self): ...\n",
    "attribute of another object": "def f(time):\n    time.sleep(1)\n    x.time.sleep(1)\n",
    "sanctioned by allow-in": "from shop.legacy import getenv\ngetenv('X')\n",
    "sanctioned by allow-in, through the module": "from shop import legacy\nlegacy.getenv('X')\n",
    "sanctioned heir": "from shop.legacy import Sanctioned\nSanctioned.save(1)\n",
    "heir of a sanctioned class": "from shop.legacy import Sanctioned\nclass A(Sanctioned):\n    def f(self):\n        self.save()\n",
    "heir of a class that is handed on": "from shop.legacy import Order\nclass A(Order):\n    def f(self):\n"
    "        self.save()\n",
    "attribute of what is handed on": "from shop.legacy import session\nsession.rollback()\n",
    "function of a package": "import orm.sub\norm.rollback()\n",
    "bases in a circle": "class A(B):\n    def f(self):\n        self.save()\nclass B(A): ...\n",
    "exempt": "import attic\nlegacy.fine()\nfrom attic import fine\nfine.more()\n",
    "method of another class": "from shop.models import Invoice\nInvoice.save(1)\n",
    "self of another class": "from shop.models import Invoice\nclass A(Invoice):\n    def f(self):\n        self.save()\n",
    "self of no class": "def f(self):\n    self.save()\n",
    "method that the heir has itself": "from shop.base import Own\nOwn.save(1)\nclass A(Own):\n    def f(self):\n"
    "        self.save()\n        super().save()\n",
    "self, defined in the class": "from shop.models import Order\nclass A(Order):\n    def save(self): ...\n"
    "    def f(self):\n        self.save()\n",
    "unknown base before": "from shop.models import Order\nclass A(gone, Order):\n    def f(self):\n        self.save()\n",
    "variable that may be anything": "from shop.models import Order\nx = Order()\nx.save()\n",
    "what super() gives": "from shop.models import Order\nclass A(Order):\n    def f(self):\n"
    "        super().f().save()\n        other().save()\n",
    "a class may use itself": "",  # shop/models.py
    "function of a module, not of an object": "import db\ndb.rollback()\nfrom shop import db\ndb.rollback()\n",
    "function of a submodule": "import shop.db\nshop.db.rollback()\nimport xml.dom as d\nd.rollback()\n",
    "plain name of an attribute": "rollback()\nfrom x import rollback\nrollback()\n",
    "longer attribute": "def f(x):\n    x.rollback_all()\n    x.do_rollback()\n",
    "the second of two attributes": "def f(x):\n    x.commit()\n    x.session.get().commit()\n    session.commit()\n",
    "the home of what is to be used": "",  # shop/new.py
}


@pytest.mark.parametrize("text", FIRES.values(), ids=FIRES.keys())
def test_uses(text: str) -> None:
    example = Example("", {**SHOP, PAGE: text})
    assert expected(example)
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_look_alikes(text: str) -> None:
    assert findings(CONFIG, {**SHOP, PAGE: text}, RULE) == []


@pytest.mark.parametrize("text", FIRES.values(), ids=FIRES.keys())
def test_each_place_is_reported_once(text: str) -> None:
    spans = [finding.span for finding in findings(CONFIG, {**SHOP, PAGE: text}, RULE)]
    assert len(spans) == len(set(spans)) == len({span.line for span in spans})


EVERY_KIND = {
    "call": "thing()",
    "read": "x = thing",
    "write": "thing['x'] = 1",
    "delete": "del thing['x']",
    "raise": "raise thing",
    "catch": "try: ...\nexcept thing: ...",
    "decorate": "@thing\ndef f(): ...",
    "inherit": "class A(thing): ...",
    "patch": "from unittest.mock import patch\npatch('attic.thing')",
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_kinds(kind: str) -> None:
    config = f'[[forbidden-use]]\ntargets = ["attic.*"]\nkinds = ["{kind}"]\n'
    files = {f"{each}.py": f"from attic import thing\n{text}\n" for each, text in EVERY_KIND.items()}
    assert {finding.path for finding in findings(config, files, RULE)} == {f"{kind}.py"}


KINDS = [
    pytest.param("isinstance", "isinstance(x, a.b)", 1, id="isinstance"),
    pytest.param("isinstance", "issubclass(x, (int, a.b))", 1, id="issubclass"),
    pytest.param("isinstance", "x = a.b", 0, id="no isinstance"),
    pytest.param("read", "isinstance(x, a.b)", 1, id="isinstance reads"),
    pytest.param("read", "a.b()", 0, id="a call is no read"),
    pytest.param("read", "a.b.c()", 1, id="a call of something within reads"),
    pytest.param("call", "a.b.c()", 0, id="a call of something within is no call"),
    pytest.param("call", "raise a.b()", 1, id="what is raised is called"),
    pytest.param("call", "@a.b()\ndef f(): ...", 1, id="a decorator that is called"),
    pytest.param("call", "@a.b\ndef f(): ...", 0, id="a decorator that is not called"),
    pytest.param("write", "a.b = 1", 1, id="write"),
    pytest.param("write", "a.b.c = 1", 0, id="writing within"),
    pytest.param("write", "a.b += 1", 1, id="write and add"),
    pytest.param("delete", "del a.b", 1, id="delete"),
    pytest.param("patch", "import mock\nmock.patch('a.b.c')", 1, id="patching within"),
    pytest.param("patch", "x = 'a.b'", 0, id="any string"),
]


@pytest.mark.parametrize(("kind", "text", "count"), KINDS)
@pytest.mark.parametrize("target", ["a.b", "*.b"])
def test_kinds_of_uses(target: str, kind: str, text: str, count: int) -> None:
    config = f'[[forbidden-use]]\ntargets = ["{target}"]\nkinds = ["{kind}"]\n'
    start = "import a\n" if target == "a.b" else "a = make()\n"
    wanted = 0 if kind == "patch" and target == "*.b" else count
    assert len(findings(config, {"x.py": f"{start}{text}\n"}, RULE)) == wanted


def test_patching_does_not_count_unless_asked_for() -> None:
    config = '[[forbidden-use]]\ntargets = ["a.b"]\n'
    assert findings(config, {"x.py": "import mock\nmock.patch('a.b')\n"}, RULE) == []


SCOPES = [
    pytest.param('inside = ["f"]', [2, 4], id="inside a function, and all within"),
    pytest.param('inside = ["A"]', [6, 8], id="inside a class"),
    pytest.param('inside = ["test_*"]', [8], id="inside methods of a name"),
    pytest.param('inside = ["A.test_*"]', [8], id="inside methods of a class"),
    pytest.param('inside = ["<module>"]', [9], id="inside of nothing"),
    pytest.param('inside = ["B.test_*", "tes"]', [], id="inside something else"),
    pytest.param('outside = ["f", "A.test_*"]', [6, 9], id="outside"),
    pytest.param('inside = ["A"]\noutside = ["test_*"]', [6], id="both"),
]


@pytest.mark.parametrize(("scope", "lines"), SCOPES)
def test_scopes(scope: str, lines: list[int]) -> None:
    text = (
        "def f():\n    print()\n    def g():\n        print()\n"
        "class A:\n    print()\n    def test_a(self):\n        print()\nprint()\n"
    )
    config = f'[[forbidden-use]]\ntargets = ["print"]\n{scope}\n'
    assert [finding.span.line for finding in findings(config, {"x.py": text}, RULE)] == lines


REQUIRED = 'required-arguments = ["timeout"]'
EITHER = 'required-arguments = ["reason|0"]'
FORBIDDEN = 'forbidden-arguments = ["context|2"]'
PAIRED = 'paired-arguments = ["key", "domain"]'
LIMITED = "max-positional = 1"
LIMITED_TO_NONE = "max-positional = 0"
SHELL = "when = { shell = true }"
MODE = 'when = { "mode|1" = "w*" }'
ZERO = 'when = { "0" = 0 }'
DIGIT = 'when = { "0" = "0" }'
BOTH = "when = { a = 1, b = false }"
UNLESS = 'unless = { "mode|1" = "*b*" }\nrequired-arguments = ["encoding|3"]'
UNLESS_ALONE = "unless = { check = true }"
WHEN_UNLESS = "when = { shell = true }\nunless = { check = true }"
UNLESS_BOTH = "unless = { a = 1, b = false }"
WHEN_REQUIRED = 'when = { null = true }\nrequired-arguments = ["default"]'

CALLS = [
    pytest.param(REQUIRED, "f()", "without `timeout`", id="required, missing"),
    pytest.param(REQUIRED, "f(1, 2, time=3)", "without `timeout`", id="required, others passed"),
    pytest.param(REQUIRED, "f(timeout=3)", "", id="required, passed"),
    pytest.param(REQUIRED, "f(timeout=None)", "", id="required, passed whatever it is"),
    pytest.param(REQUIRED, "f(**options)", "", id="required, unknown"),
    pytest.param(REQUIRED, "f(*options)", "", id="required, unknown, too"),
    pytest.param(REQUIRED, "x = f", "", id="required, no call"),
    pytest.param(REQUIRED, "f.g()", "", id="required, a call of something within"),
    pytest.param(REQUIRED, "@f\ndef g(): ...", "", id="required, decorator that is not called"),
    pytest.param(REQUIRED, "@f()\ndef g(): ...", "without `timeout`", id="required, decorator"),
    pytest.param(EITHER, "f()", "without `reason`", id="either, missing"),
    pytest.param(EITHER, "f('x')", "", id="either, by position"),
    pytest.param(EITHER, "f(reason='x')", "", id="either, by keyword"),
    pytest.param(FORBIDDEN, "f(context=1)", "with `context`", id="forbidden, by keyword"),
    pytest.param(FORBIDDEN, "f(1, 2, 3)", "with `context`", id="forbidden, by position"),
    pytest.param(FORBIDDEN, "f(1, 2)", "", id="forbidden, not passed"),
    pytest.param(FORBIDDEN, "f(1, *more, 2)", "", id="forbidden, unknown"),
    pytest.param(FORBIDDEN, "f(*more, context=1)", "with `context`", id="forbidden, seen beside the unknown"),
    pytest.param(PAIRED, "f(key=1)", "with `key` but without `domain`", id="paired, the first"),
    pytest.param(PAIRED, "f(domain=1)", "with `domain` but without `key`", id="paired, the second"),
    pytest.param(PAIRED, "f(domain=1, key=1)", "", id="paired, both"),
    pytest.param(PAIRED, "f(1)", "", id="paired, none"),
    pytest.param(PAIRED, "f(key=1, **more)", "", id="paired, unknown"),
    pytest.param(LIMITED, "f(1, 2, x=3)", "with 2 positional arguments where 1 may be", id="too many"),
    pytest.param(LIMITED, "f(1, x=3)", "", id="as many as may be"),
    pytest.param(LIMITED, "f(1, *x)", "", id="an unknown number"),
    pytest.param(LIMITED_TO_NONE, "f(1)", "with 1 positional argument where 0 may be", id="none may be"),
    pytest.param(SHELL, "f(shell=True)", "here with `shell`", id="when, true"),
    pytest.param(SHELL, "f(shell=False)", "", id="when, false"),
    pytest.param(SHELL, "f(shell=1)", "", id="when, a number"),
    pytest.param(SHELL, "f(shell='True')", "", id="when, a string"),
    pytest.param(SHELL, "f(shell=shell)", "", id="when, unknown"),
    pytest.param(SHELL, "f()", "", id="when, not passed"),
    pytest.param(MODE, "f(x, 'wb')", "here with `mode`", id="when, by position"),
    pytest.param(MODE, "f(x, mode='w')", "here with `mode`", id="when, by keyword"),
    pytest.param(MODE, "f('w')", "", id="when, at another position"),
    pytest.param(MODE, "f(x, 'rw')", "", id="when, another string"),
    pytest.param(ZERO, "f(0)", "here with `0`", id="when, a number is passed"),
    pytest.param(ZERO, "f('0')", "", id="when, no number"),
    pytest.param(ZERO, "f(False)", "", id="when, no number, either"),
    pytest.param(DIGIT, "f('0')", "here with `0`", id="when, a digit is passed"),
    pytest.param(DIGIT, "f(0)", "", id="when, no digit"),
    pytest.param(BOTH, "f(a=1, b=False)", "here with `a` and `b`", id="when, both"),
    pytest.param(BOTH, "f(a=1, b=True)", "", id="when, one of two"),
    pytest.param(UNLESS, "f(x)", "without `encoding`", id="unless, not passed"),
    pytest.param(UNLESS, "f(x, 'w')", "without `encoding`", id="unless, another string"),
    pytest.param(UNLESS, "f(x, mode)", "", id="unless, unknown"),
    pytest.param(UNLESS, "f(x, **options)", "", id="unless, unknown, too"),
    pytest.param(UNLESS, "f(x, 'rb')", "", id="unless, by position"),
    pytest.param(UNLESS, "f(x, mode='rb')", "", id="unless, by keyword"),
    pytest.param(UNLESS, "f(x, 'w', 1, 'utf-8')", "", id="unless, and passed"),
    pytest.param(UNLESS_ALONE, "f()", "here", id="unless, without terms"),
    pytest.param(UNLESS_ALONE, "f(check=True)", "", id="unless, without terms, passed"),
    pytest.param(UNLESS_ALONE, "x = f", "", id="unless, no call"),
    pytest.param(WHEN_UNLESS, "f(shell=True)", "here with `shell`", id="when and unless"),
    pytest.param(WHEN_UNLESS, "f(shell=True, check=True)", "", id="when, but"),
    pytest.param(UNLESS_BOTH, "f(a=1)", "here", id="unless, one of two"),
    pytest.param(UNLESS_BOTH, "f(a=1, b=False)", "", id="unless, both"),
    pytest.param(WHEN_REQUIRED, "f(null=True)", "without `default`", id="when and required"),
    pytest.param(WHEN_REQUIRED, "f(null=True, default=1)", "", id="when, and passed"),
    pytest.param(WHEN_REQUIRED, "f(null=False)", "", id="not when"),
]


@pytest.mark.parametrize(("terms", "text", "message"), CALLS)
def test_calls(terms: str, text: str, message: str) -> None:
    config = f'[[forbidden-use]]\ntargets = ["a.f"]\n{terms}\n'
    said = [finding.message for finding in findings(config, {"x.py": f"from a import f\n{text}\n"}, RULE)]
    assert len(said) == bool(message)
    assert message in "".join(said)


MESSAGES = [
    pytest.param("a.f", "import a\na.f()", "`a.f` is forbidden here", id="plain"),
    pytest.param("a", "import a\na.f()", "`a` is forbidden here", id="the beginning of what is used"),
    pytest.param("a", "from a import f\nf()", "`a` is forbidden here (`a.f`)", id="within"),
    pytest.param("print", "print()", "`print` is forbidden here", id="builtin"),
    pytest.param("*.f", "def g(x):\n    x.y.f()", "`*.f` is forbidden here (`x.y.f`)", id="attribute"),
    pytest.param("*.f", "g().f()", "`*.f` is forbidden here", id="attribute of no name"),
    pytest.param("a.f", "from b import f\nf()", "`a.f` is forbidden here, handed on by b.py", id="handed on"),
]


@pytest.mark.parametrize(("target", "text", "message"), MESSAGES)
def test_messages(target: str, text: str, message: str) -> None:
    files = {"x.py": f"{text}\n", "b.py": "from a import f\n"}
    config = f'[[forbidden-use]]\ntargets = ["{target}"]\n'
    assert [finding.message for finding in findings(config, files, RULE)] == [message]


def test_the_shortest_of_several_targets_is_named() -> None:
    config = '[[forbidden-use]]\ntargets = ["a.b.c", "a.b"]\n'
    (finding,) = findings(config, {"x.py": "import a\na.b.c.d()\n"}, RULE)
    assert finding.subject == ("a.b", "a.b")


EXEMPT = [
    pytest.param("logging.*", "import logging\nlogging.getLogger('x')", id="of a pattern"),
    pytest.param("logging", "import logging\nlogging.getLogger('x')", id="within a target"),
    pytest.param("logging", "import logging\nlogging.getLogger('x').info", id="and what it gives"),
    pytest.param("logging", "from logging import getLogger\ngetLogger('x')", id="from the module"),
]


@pytest.mark.parametrize(("target", "text"), EXEMPT)
def test_exempt(target: str, text: str) -> None:
    config = f'[[forbidden-use]]\ntargets = ["{target}"]\nexempt = ["logging.getLogger"]\n'
    files = {"x.py": f"{text}\nimport logging\nlogging.info('x')\n"}
    assert len(findings(config, files, RULE)) == 1


def test_exempt_of_any_object() -> None:
    config = '[[forbidden-use]]\ntargets = ["*.warn"]\nexempt = ["orm.Log.warn"]\n'
    text = "from orm import Log, Session\nLog.warn()\nSession.warn()\n"
    assert [finding.span.line for finding in findings(config, {"x.py": text}, RULE)] == [3]


def test_exempt_in_strings() -> None:
    config = '[[forbidden-use]]\ntargets = ["a.*"]\nexempt = ["a.b"]\nkinds = ["patch"]\n'
    text = "import mock\nmock.patch('a.b.c')\nmock.patch('a.c')\n"
    assert [finding.span.line for finding in findings(config, {"x.py": text}, RULE)] == [3]


def test_a_thing_is_used_in_its_own_file_but_not_in_itself() -> None:
    config = '[[forbidden-use]]\ntargets = ["old.Tree", "old.walk"]\n'
    text = (
        "class Tree:\n    def copy(self):\n        return Tree()\n"
        "def walk():\n    return walk()\nwalk(Tree())\n"
    )
    assert [finding.span.line for finding in findings(config, {"old.py": text}, RULE)] == [6, 6]


def test_attributes_of_an_heir_are_no_uses_of_a_class() -> None:
    config = '[[forbidden-use]]\ntargets = ["a.Base", "b.Other.run"]\n'
    text = "from a import Base\nclass A(Base):\n    def f(self):\n        self.run()\n"
    assert [finding.span.line for finding in findings(config, {"x.py": text}, RULE)] == [2]


def test_what_is_inherited_is_not_found_by_a_star_alone() -> None:
    text = "import base\nclass A(base.Base):\n    def f(self):\n        self.run()\n"
    for last, lines in (("r*", [4]), ("*", [])):
        config = f'[[forbidden-use]]\ntargets = ["base.Base.{last}"]\n'
        assert [finding.span.line for finding in findings(config, {"x.py": text}, RULE)] == lines


def test_a_known_name_comes_before_an_attribute_of_any_object() -> None:
    config = '[[forbidden-use]]\ntargets = ["*.now", "clock.Clock.now"]\n'
    (finding,) = findings(config, {"x.py": "from clock import Clock\nClock.now()\n"}, RULE)
    assert finding.subject == ("clock.Clock.now", "clock.Clock.now")


def test_a_class_of_the_tree_hands_on_what_it_inherits_from_another_file() -> None:
    config = '[[forbidden-use]]\ntargets = ["base.Base.run"]\nrequired-arguments = ["timeout"]\n'
    files = {
        "base.py": "class Base:\n    def run(self, timeout=1): ...\n",
        "heir.py": "from base import Base\nclass Heir(Base): ...\n",
        "x.py": "from heir import Heir\nclass A(Heir):\n    def f(self):\n        self.run()\n        self.run(timeout=1)\n",
    }
    (finding,) = findings(config, files, RULE)
    assert (finding.path, finding.span.line) == ("x.py", 4)
    assert finding.message == "`base.Base.run` is called without `timeout`"


PUBLIC = {
    "shop/__init__.py": "from shop.models import Order, pay as buy\nfrom shop.wait import sleep\n",
    "shop/models.py": "class Order:\n    def save(self): ...\ndef pay(): ...\n",
    "shop/wait.py": "from time import sleep\n",
}


@pytest.mark.parametrize(
    ("target", "text"),
    [
        pytest.param("shop.Order", "from shop import Order\nOrder()", id="class"),
        pytest.param("shop.Order", "from shop.models import Order\nOrder()", id="class, from its home"),
        pytest.param("shop.Order.save", "from shop import Order\nOrder.save(1)", id="method"),
        pytest.param(
            "shop.Order.save",
            "from shop import Order\nclass A(Order):\n    def f(self):\n        self.save()",
            id="method, inherited",
        ),
        pytest.param("shop.Order.s*", "from shop import Order\nOrder.save(1)", id="pattern"),
        pytest.param("shop.buy", "import shop\nshop.buy()", id="function, by another name"),
    ],
)
def test_a_target_may_be_named_as_a_package_hands_it_on(target: str, text: str) -> None:
    config = f'[[forbidden-use]]\ntargets = ["{target}"]\nkinds = ["call"]\n'
    (finding,) = findings(config, {**PUBLIC, "x.py": f"{text}\n"}, RULE)
    assert finding.path == "x.py"


@pytest.mark.parametrize(
    ("target", "text"),
    [
        pytest.param("shop.sleep", "import time\ntime.sleep(1)", id="what is outside keeps its name"),
        pytest.param("shop.pay", "from shop.models import pay\npay()", id="nothing of that name"),
        pytest.param(
            "shop.*", "from shop.models import Order\nOrder.save(1)", id="no pattern of the package"
        ),
    ],
)
def test_a_name_that_is_not_handed_on_is_no_target(target: str, text: str) -> None:
    config = f'[[forbidden-use]]\ntargets = ["{target}"]\nexempt = ["shop.models"]\nkinds = ["call"]\n'
    assert not findings(config, {**PUBLIC, "x.py": f"{text}\n"}, RULE)


def test_exempt_may_be_named_as_a_package_hands_it_on() -> None:
    config = '[[forbidden-use]]\ntargets = ["shop.models"]\nexempt = ["shop.Order"]\n'
    text = "from shop.models import Order, pay\nOrder()\npay()\n"
    (finding,) = findings(config, {**PUBLIC, "x.py": text}, RULE)
    assert finding.span.line == 3


CONTRADICTIONS = [
    ('targets = ["print()"]', 'targets[0]: expected a dotted name or a pattern, found "print()"'),
    ('targets = ["a", ".save"]', 'targets[1]: expected a dotted name or a pattern, found ".save"'),
    ('targets = ["a"]\nexempt = ["a-b"]', 'exempt[0]: expected a dotted name or a pattern, found "a-b"'),
    ('targets = ["a.b"]\nexempt = ["a.*"]', "targets[0]: `exempt` takes `a.b` away"),
    ('targets = ["a"]\nkinds = []', "kinds: no use counts"),
    (
        'targets = ["a"]\nkinds = ["read"]\nmax-positional = 1',
        "kinds: only calls have arguments, and they do not count here",
    ),
    ('targets = ["a"]\ninside = ["f"]\noutside = ["f"]', "outside[0]: `f` is inside and outside"),
    (
        'targets = ["a"]\nrequired-arguments = ["x"]\nforbidden-arguments = ["x"]',
        "forbidden-arguments[0]: `x` is required and forbidden",
    ),
    (
        'targets = ["a"]\npaired-arguments = ["x"]',
        "paired-arguments[0]: expected at least two arguments that go together",
    ),
    (
        'targets = ["a"]\nwhen = { x = "" }',
        "when.x: an empty string is not told from other values",
    ),
    (
        'targets = ["a"]\nunless = { x = "" }',
        "unless.x: an empty string is not told from other values",
    ),
    (
        'targets = ["a"]\nwhen = { x = 1 }\nunless = { x = 1 }',
        "unless.x: is what `when` asks for",
    ),
]


@pytest.mark.parametrize(("table", "message"), CONTRADICTIONS, ids=[text for _, text in CONTRADICTIONS])
def test_contradictions(table: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(f"[[forbidden-use]]\n{table}\n")
    assert f"forbidden-use.{message}" in str(caught.value)

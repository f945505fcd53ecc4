"""Definitions and calls outside their home, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.rules import Example

RULE = "misplaced-definition"
MARK = f"  # [{RULE}]\n"
CONFIG = f"""\
[[{RULE}]]
calls = ["oslo_config.cfg.*Opt", "shop.registry.register", "shop.registry.Registry.add", "breakpoint"]
only-in = ["shop/home/", "conftest.py"]

[[{RULE}]]
classes = ["*Repository"]
functions = ["get_*", "*.save", "Order.A.pay"]
constants = ["*_TIMEOUT", "__author__"]
only-in = ["shop/home/", "conftest.py"]

[[{RULE}]]
bases = ["shop.models.Model", "django.db.**"]
only-in = ["shop/home/", "conftest.py"]
"""
TREE = {
    "ssot-lint.toml": CONFIG,
    "shop/__init__.py": "",
    "shop/models.py": "class Model: ...\nclass Cached(Model):  # [misplaced-definition]\n    pass\n",
    "shop/registry.py": (
        "def register(f):\n    return f\nclass Registry:\n    def add(self, f):\n        return f\n"
        "registry = Registry()\n"
    ),
    "shop/compat.py": "from shop.models import Model as Base\nfrom oslo_config.cfg import *\n",
}

MISPLACED = {
    "a call": f"from oslo_config import cfg\nx = cfg.StrOpt('x'){MARK}",
    "a call, by an alias": f"import oslo_config.cfg as c\nx = c.IntOpt('x'){MARK}",
    "a call, imported by name": f"from oslo_config.cfg import IntOpt as I\nx = I('x'){MARK}",
    "a call, handed on": f"from shop import compat\nx = compat.BoolOpt('x'){MARK}",
    "a call, by a star": f"from oslo_config.cfg import *\nx = StrOpt('x'){MARK}",
    "a call of a builtin": f"breakpoint(){MARK}",
    "a call in a method": f"class A:\n    def f(self):\n        breakpoint(){MARK}",
    "calls in a list": f"from oslo_config import cfg\nx = [\n    cfg.StrOpt('x'),{MARK}    cfg.IntOpt('y'),{MARK}]\n",
    "a call in a function": f"def f():\n    from oslo_config import cfg\n    cfg.StrOpt('x'){MARK}",
    "a decorator": f"from shop.registry import register\n@register{MARK}def f(): ...\n",
    "a decorator that is called": f"from shop import registry\n@registry.register('x'){MARK}def f(): ...\n",
    "a function of the tree": f"from shop.registry import register as r\nr(1){MARK}",
    "a method of a class": f"from shop.registry import Registry\nRegistry.add(1, 2){MARK}",
    "a class": f"class OrderRepository: ...{MARK}",
    "a class in a function": f"def f():\n    class OrderRepository: ...{MARK}",
    "a class in a class": f"class A:\n    class OrderRepository: ...{MARK}",
    "a class under a condition": f"if x:\n    class OrderRepository: ...{MARK}",
    "a base": f"from shop.models import Model\nclass A(Model): ...{MARK}",
    "a base, by an alias": f"from shop.compat import Base\nclass A(Base): ...{MARK}",
    "a base further up": f"from shop.models import Cached\nclass A(Cached): ...{MARK}",
    "a base in this file": f"from shop.models import Model\nclass A(Model): ...{MARK}class B(A): ...{MARK}",
    "an external base": f"from django.db import models\nclass A(models.Model): ...{MARK}",
    "a base among unknown ones": f"from shop.models import Model\nclass A(make(), gone, Model): ...{MARK}",
    "a function": f"def get_session(): ...{MARK}",
    "an asynchronous function": f"async def get_session(): ...{MARK}",
    "a method": f"class A:\n    def save(self): ...{MARK}",
    "a method of a nested class": f"class Order:\n    class A:\n        def pay(self): ...{MARK}",
    "a constant": f"HTTP_TIMEOUT = 1{MARK}",
    "an annotated constant": f"HTTP_TIMEOUT: int = 1{MARK}",
    "a constant under a condition": f"if x:\n    HTTP_TIMEOUT = 1{MARK}",
    "several names": f"__author__ = 'Ada'{MARK}",
}

FINE = {
    "a class as a value": "from oslo_config import cfg\nkinds = [cfg.StrOpt, cfg.IntOpt]\n",
    "an instance check": "from oslo_config import cfg\nisinstance(x, cfg.StrOpt)\n",
    "a base of a call's name": "from oslo_config import cfg\nclass MyOpt(cfg.StrOpt): ...\n",
    "a call of another name": "from oslo_config import cfg\ncfg.ConfigOpts()\n",
    "an attribute of a call's name": "from oslo_config import cfg\ncfg.StrOpt.parse('x')\n",
    "a call in another module": "from ours import cfg\ncfg.StrOpt('x')\n",
    "a call of a parameter": "def f(cfg):\n    cfg.StrOpt('x')\n",
    "a call of a function here": "def StrOpt(x): ...\nStrOpt('x')\n",
    "another register": "from shop import models\nmodels.register(1)\n",
    "an import": "from oslo_config.cfg import StrOpt\nfrom shop.home import OrderRepository, get_session, A_TIMEOUT\n",
    "a use": "from shop.home import OrderRepository, get_session\nx = OrderRepository(get_session())\n",
    "a class of another name": "class OrderRepositoryTest: ...\nclass Repo: ...\n",
    "a base of another name": "from shop.home import OrderRepository\nclass Orders(OrderRepository): ...\n",
    "another Model": "from pydantic import Model\nclass A(Model): ...\n",
    "another Model here": "class Model: ...\nclass A(Model): ...\n",
    "an unknown base": "class A(gone): ...\nclass B(make()): ...\n",
    "a function in a function": "def f():\n    def get_session(): ...\n",
    "a method of a function's name": "class A:\n    def get_session(self): ...\n",
    "a function of a method's name": "def save(): ...\n",
    "a method of a nested class of another name": "class Order:\n    class B:\n        def pay(self): ...\n",
    "a lambda": "get_session = lambda: 1\n",
    "a constant of another name": "TIMEOUT = 1\nHTTP_TIMEOUTS = 2\n",
    "a constant of a class": "class A:\n    HTTP_TIMEOUT = 1\n",
    "a variable": "def f():\n    HTTP_TIMEOUT = 1\n",
    "an argument": "f(HTTP_TIMEOUT=1)\n",
    "an attribute": "settings.HTTP_TIMEOUT = 1\n",
    "a text": "'''HTTP_TIMEOUT = 1'''\n",
}


@pytest.mark.parametrize("text", MISPLACED.values(), ids=MISPLACED.keys())
def test_misplaced(text: str) -> None:
    example = Example("", {**TREE, "shop/orders.py": text})
    assert f"[{RULE}]" in text
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize("text", MISPLACED.values(), ids=MISPLACED.keys())
@pytest.mark.parametrize("path", ["shop/home/a.py", "shop/home/deep/a.py", "tests/conftest.py"])
def test_home(text: str, path: str) -> None:
    assert [each for each in findings(CONFIG, {**TREE, path: text}, RULE) if each.path == path] == []


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_fine(text: str) -> None:
    found_here = findings(CONFIG, {**TREE, "shop/orders.py": text}, RULE)
    assert [each for each in found_here if each.path == "shop/orders.py"] == []


def test_call_where_it_is_defined() -> None:
    text = f"{TREE['shop/registry.py']}register(1)\n"
    found_here = findings(CONFIG, {**TREE, "shop/registry.py": text}, RULE)
    assert [each.span.line for each in found_here if each.path == "shop/registry.py"] == [7]


def test_class_must_have_both_name_and_base() -> None:
    config = f'[[{RULE}]]\nclasses = ["*View"]\nbases = ["web.View"]\nonly-in = ["views.py"]\n'
    text = (
        "from web import View\nclass OrderView(View): ...\nclass Order(View): ...\nclass PlainView: ...\n"
        "class OtherView(Order): ...\n"
    )
    assert [each.subject[1] for each in findings(config, {"a.py": text}, RULE)] == ["OrderView", "OtherView"]


MESSAGES = {
    "one home": ('only-in = ["a/"]', "may be {} only in `a/`"),
    "two homes": ('only-in = ["a/", "b.py"]', "may be {} only in `a/` or `b.py`"),
    "no home": ("", "must not be {}"),
}


@pytest.mark.parametrize(("homes", "wrong"), MESSAGES.values(), ids=MESSAGES.keys())
def test_message_names_the_homes(homes: str, wrong: str) -> None:
    config = f'[[{RULE}]]\nconstants = ["X"]\ncalls = ["exit", "a.b"]\n{homes}\n'
    messages = [each.message for each in findings(config, {"c.py": "import a\nX = 1\na.b()\nexit()\n"}, RULE)]
    assert messages == [
        f"`X` {wrong.format('defined')}",
        f"`a.b` {wrong.format('called')}",
        f"`exit` {wrong.format('called')}",
    ]

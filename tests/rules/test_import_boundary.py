"""Contracts of every shape, imports that breach them, and what only looks like it."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.config import ConfigError, parse
from ssot_lint.rules import Example

RULE = "import-boundary"
MARK = f"  # [{RULE}]\n"

LAYERS = 'layers = ["shop.web", "shop.orders | shop.users", "shop.stock : shop.prices", "(shop.models)"]'
PARTS = 'independent = ["shop.plugins.*"]'
GROUPS = 'independent = ["shop.{a}.views", "shop.{a}.forms"]'
COMPONENTS = 'importers = ["shop.parts.{a}"]\nimported = ["shop.parts.{b}"]'
NESTED_LAYERS = 'layers = ["shop.parts.{a}.api", "shop.parts.{a}.models"]'
FORBIDDEN = 'importers = ["shop.core"]\nimported = ["shop.web", "django.db"]'
PAIRS = 'importers = ["shop.parts.{a}.models"]\nimported = ["shop.parts.{a}.api"]'
CROSSED = 'importers = ["shop.parts.{a}.models"]\nimported = ["shop.parts.{b}.api"]'
ENTRIES = 'modules = ["shop.billing"]\npublic = ["shop.billing", "shop.billing.api"]'
EACH_ENTRY = 'modules = ["shop.parts.{a}"]\npublic = ["shop.parts.{a}.api"]'
CLOSED = 'modules = ["shop.secret"]\nallow-in = ["shop/keys.py"]'
ALLOWED = 'allowed = ["stdlib", "shop", "google.cloud"]\npaths = ["shop/"]'
TESTS = 'not-from = ["tests/", "**/testing/"]\npaths = ["shop/"]'

PACKAGES = {
    f"shop/{name}__init__.py": ""
    for name in ("", "plugins/", "plugins/a/", "plugins/b/", "parts/", "parts/lamp/", "parts/door/")
}
MODULES = {
    f"shop/{name}.py": ""
    for name in (
        *("web", "orders", "users", "stock", "prices", "models", "log", "core", "secret", "keys"),
        *("plugins/a/one", "plugins/b/two", "cart/views", "cart/forms", "user/views", "testing/fakes"),
        *("parts/lamp/api", "parts/lamp/models", "parts/door/api", "parts/door/models", "webshop"),
    )
}
BILLING = {
    "shop/billing/__init__.py": "from shop.billing.db import Invoice\n",
    "shop/billing/api.py": "",
    "shop/billing/db.py": "class Invoice:\n    pass\n",
}
TREE = {**PACKAGES, **MODULES, **BILLING, "tests/__init__.py": "", "tests/fakes.py": ""}


def shop(contract: str, path: str, text: str, **others: str) -> Example:
    """The shop under a contract, with some of its modules rewritten."""
    config = f"[[import-boundary]]\n{contract}\n"
    more = {f"shop/{name}.py": other for name, other in others.items()}
    return Example("", {**TREE, **more, path: text, "ssot-lint.toml": config})


BREACHES = {
    "up": shop(LAYERS, "shop/orders.py", f"import shop.web{MARK}"),
    "up, from the package": shop(LAYERS, "shop/orders.py", f"from shop import web{MARK}"),
    "up, a name": shop(LAYERS, "shop/orders.py", f"from shop.web import page{MARK}"),
    "up, star": shop(LAYERS, "shop/orders.py", f"from shop.web import *{MARK}"),
    "up, alias": shop(LAYERS, "shop/orders.py", f"import shop.web as w{MARK}"),
    "up, relative": shop(LAYERS, "shop/orders.py", f"from . import web{MARK}"),
    "up, relative name": shop(LAYERS, "shop/orders.py", f"from .web import page{MARK}"),
    "up, nested": shop(LAYERS, "shop/orders.py", f"def f():\n    import shop.web{MARK}"),
    "up, for type checkers": shop(
        LAYERS,
        "shop/orders.py",
        f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.web{MARK}",
    ),
    "up, dynamic": shop(
        LAYERS, "shop/orders.py", f'import importlib\nimportlib.import_module("shop.web"){MARK}'
    ),
    "up, patched": shop(
        LAYERS, "shop/orders.py", f'from unittest import mock\nmock.patch("shop.web.page"){MARK}'
    ),
    "up, a module that is not there": shop(LAYERS, "shop/orders.py", f"import shop.web.gone{MARK}"),
    "up, from an optional layer": shop(LAYERS, "shop/models.py", f"import shop.users{MARK}"),
    "up, from siblings that may import each other": shop(
        LAYERS, "shop/prices.py", f"import shop.users{MARK}"
    ),
    "up, from below a layer": shop(
        'layers = ["shop.web", "shop.plugins"]', "shop/plugins/a/one.py", f"from ... import web{MARK}"
    ),
    "up, two modules of one statement": shop(
        LAYERS, "shop/models.py", f"from shop import (\n    web,{MARK}    users,{MARK})\n"
    ),
    "sideways": shop(LAYERS, "shop/orders.py", f"import shop.users{MARK}"),
    "independent": shop(PARTS, "shop/plugins/a/one.py", f"from shop.plugins.b import two{MARK}"),
    "independent, relative": shop(PARTS, "shop/plugins/a/one.py", f"from ..b.two import x{MARK}"),
    "independent, by capture": shop(GROUPS, "shop/cart/forms.py", f"import shop.user.views{MARK}"),
    "components": shop(COMPONENTS, "shop/parts/lamp/api.py", f"from shop.parts.door import api{MARK}"),
    "components, the package": shop(
        COMPONENTS, "shop/parts/lamp/api.py", f"from shop.parts import door{MARK}"
    ),
    "layers of each": shop(NESTED_LAYERS, "shop/parts/lamp/models.py", f"from .api import x{MARK}"),
    "in equal parts": shop(PAIRS, "shop/parts/lamp/models.py", f"from . import api{MARK}"),
    "in different parts": shop(CROSSED, "shop/parts/lamp/models.py", f"import shop.parts.door.api{MARK}"),
    "a statement once": shop(LAYERS, "shop/orders.py", f"from shop.web import (\n    a,{MARK}    b,\n)\n"),
    "forbidden": shop(FORBIDDEN, "shop/core.py", f"import shop.web{MARK}"),
    "forbidden, outside the tree": shop(FORBIDDEN, "shop/core.py", f"from django import db{MARK}"),
    "forbidden, star": shop(FORBIDDEN, "shop/core.py", f"from django.db import *{MARK}"),
    "forbidden, a name outside the tree": shop(
        FORBIDDEN, "shop/core.py", f"from django.db.models import Model{MARK}"
    ),
    "internal": shop(ENTRIES, "shop/web.py", f"from shop.billing.db import Invoice{MARK}"),
    "internal, the module": shop(ENTRIES, "shop/web.py", f"from shop.billing import db{MARK}"),
    "internal, of one of many": shop(
        EACH_ENTRY, "shop/parts/lamp/api.py", f"import shop.parts.door.models{MARK}"
    ),
    "internal, the package": shop(EACH_ENTRY, "shop/web.py", f"import shop.parts.door{MARK}"),
    "closed": shop(CLOSED, "shop/web.py", f"import shop.secret{MARK}"),
    "not allowed": shop(ALLOWED, "shop/web.py", f"import requests.adapters{MARK}"),
    "not allowed, standard library": shop(
        'allowed = ["shop"]\npaths = ["shop/"]', "shop/web.py", f"import os{MARK}"
    ),
    "not allowed, named like the standard library": Example(
        "", {**shop(ALLOWED, "shop/web.py", f"import platform.tools{MARK}").files, "platform/tools.py": ""}
    ),
    "not allowed, below": shop(ALLOWED, "shop/web.py", f"from google.protobuf import message{MARK}"),
    "not allowed, in the tree": shop(ALLOWED, "shop/web.py", f"import tests.fakes{MARK}"),
    "not allowed, dynamic": shop(ALLOWED, "shop/web.py", f'__import__("requests"){MARK}'),
    "test code": shop(TESTS, "shop/web.py", f"from tests.fakes import Fake{MARK}"),
    "test code, the package": shop(TESTS, "shop/web.py", f"import tests{MARK}"),
    "test code, in any folder": shop(TESTS, "shop/web.py", f"from .testing import fakes{MARK}"),
    "test code, for any importer": shop('not-from = ["tests/"]', "shop/web.py", f"import tests.fakes{MARK}"),
}

KEPT = {
    "down": shop(LAYERS, "shop/web.py", "import shop.orders, shop.models\nfrom shop.stock import x\n"),
    "in a layer": shop(PARTS, "shop/plugins/a/one.py", "from shop.plugins.a import x\nfrom . import y\n"),
    "siblings that may": shop(LAYERS, "shop/stock.py", "import shop.prices\n", prices="import shop.stock\n"),
    "not in a layer": shop(LAYERS, "shop/log.py", "import shop.web\n"),
    "to no layer": shop(LAYERS, "shop/orders.py", "import shop.log, os, requests\n"),
    "a longer name": shop(LAYERS, "shop/orders.py", "import shop.webshop\n"),
    "the package above": shop(LAYERS, "shop/orders.py", "from shop import page\nimport shop\n"),
    "a name that is handed on": shop(
        LAYERS, "shop/orders.py", "from shop.log import page\n", log="from shop.web import page\n"
    ),
    "a name that hides a submodule": Example(
        "",
        {
            **shop(LAYERS, "shop/orders.py", "from shop import web\n").files,
            "shop/__init__.py": "from shop.log import web\n",
            "shop/log.py": "def web():\n    pass\n",
        },
    ),
    "itself": shop(PARTS, "shop/plugins/a/__init__.py", "import shop.plugins.a\n"),
    "text": shop(LAYERS, "shop/orders.py", '"shop.web"\n# import shop.web\nprint("shop.web")\n'),
    "beyond the top": shop(LAYERS, "shop/orders.py", "from ...web import page\n"),
    "a relative import of nothing": shop(LAYERS, "shop/orders.py", "from .gone import page\n"),
    "ignored": shop(LAYERS + '\nignore = ["shop.orders -> shop.web"]', "shop/orders.py", "import shop.web\n"),
    "ignored by patterns": shop(
        LAYERS + '\nignore = ["shop.* -> **.web"]', "shop/orders.py", "from .web import x\n"
    ),
    "ignored outside the tree": shop(
        FORBIDDEN + '\nignore = ["shop.core -> django.db"]', "shop/core.py", "from django.db import models\n"
    ),
    "allowed here": shop(LAYERS + '\nallow-in = ["shop/orders.py"]', "shop/orders.py", "import shop.web\n"),
    "allowed for type checkers": shop(
        LAYERS + '\ntype-checking = "allow"',
        "shop/orders.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.web\n",
    ),
    "not under paths": shop(LAYERS + '\npaths = ["shop/users.py"]', "shop/orders.py", "import shop.web\n"),
    "chains do not count": shop(LAYERS, "shop/orders.py", "import shop.log\n", log="import shop.web\n"),
    "equal captures": shop(GROUPS, "shop/cart/forms.py", "import shop.cart.views\n"),
    "the same component": shop(COMPONENTS, "shop/parts/lamp/api.py", "from . import models\n"),
    "layers of another": shop(NESTED_LAYERS, "shop/parts/lamp/models.py", "import shop.parts.door.api\n"),
    "layers of each, down": shop(NESTED_LAYERS, "shop/parts/lamp/api.py", "from .models import x\n"),
    "not forbidden": shop(FORBIDDEN, "shop/core.py", "import django.dbms, django\nimport shop.webshop\n"),
    "forbidden for others": shop(FORBIDDEN, "shop/orders.py", "import shop.web, django.db\n"),
    "in parts that are not equal": shop(PAIRS, "shop/parts/lamp/models.py", "import shop.parts.door.api\n"),
    "in parts that are not different": shop(CROSSED, "shop/parts/lamp/models.py", "from . import api\n"),
    "a string that names what is handed on": shop(
        LAYERS,
        "shop/orders.py",
        'from unittest import mock\nmock.patch("shop.log.page")\n',
        web="def page():\n    pass\n",
        log="from shop.web import page\n",
    ),
    "a part of what is forbidden": shop(
        'importers = ["shop"]\nimported = ["shop.billing"]', "shop/billing/api.py", "from . import db\n"
    ),
    "entry points": shop(
        ENTRIES, "shop/web.py", "from shop.billing import Invoice, api\nfrom shop.billing.api import pay\n"
    ),
    "from inside": shop(ENTRIES, "shop/billing/api.py", "from .db import Invoice\n"),
    "entry of one of many": shop(EACH_ENTRY, "shop/parts/lamp/api.py", "from shop.parts.door.api import x\n"),
    "the one who may": shop(CLOSED, "shop/keys.py", "import shop.secret\n"),
    "allowed": shop(
        ALLOWED,
        "shop/web.py",
        "from __future__ import annotations\nimport os.path, json\nfrom . import log\nfrom shop.log import x\n"
        "from google.cloud import storage\nimport google.cloud.storage.blob\n",
    ),
    "the folder at the top has no name": shop(
        'allowed = ["stdlib"]\npaths = ["/tools.py"]', "tools.py", "from . import gone\n"
    ),
    "a relative import of nothing is no root": shop(ALLOWED, "shop/web.py", "from .gone import x\n"),
    "a test": shop(TESTS, "tests/test_web.py", "import tests.fakes, shop.web\n"),
    "test code among itself": shop('not-from = ["tests/"]', "tests/test_web.py", "import tests.fakes\n"),
    "a package of that name elsewhere": shop(TESTS, "shop/web.py", "import requests.tests\n"),
}


@pytest.mark.parametrize("example", [pytest.param(example, id=name) for name, example in BREACHES.items()])
def test_breach_is_found(example: Example) -> None:
    result = lint(example)
    assert found(result) == expected(example)
    assert len(result.findings) == len(expected(example))


@pytest.mark.parametrize("example", [pytest.param(example, id=name) for name, example in KEPT.items()])
def test_what_keeps_the_contract_is_not_found(example: Example) -> None:
    assert not expected(example)
    assert found(lint(example)) == set()


CHAINED = LAYERS + "\ntransitive = true"

CHAINS = {
    "through one": shop(CHAINED, "shop/orders.py", f"import shop.log{MARK}", log="import shop.web\n"),
    "through two": shop(
        CHAINED,
        "shop/orders.py",
        f"import shop.log{MARK}",
        log="import shop.core\n",
        core="import shop.web\n",
    ),
    "through a circle": shop(
        CHAINED,
        "shop/orders.py",
        f"import shop.log{MARK}",
        log="import shop.core\n",
        core="import shop.log\nimport shop.web\n",
    ),
    "sideways": shop(CHAINED, "shop/orders.py", f"import shop.log{MARK}", log="import shop.users\n"),
    "once for each statement": shop(
        CHAINED,
        "shop/orders.py",
        f"from shop.log import a, b{MARK}import shop.log{MARK}",
        log="import shop.web\n",
    ),
    "reported where it leaves the layers": shop(
        CHAINED,
        "shop/models.py",
        "import shop.models\n",
        orders=f"import shop.web{MARK}",
        web="import shop.log\n",
    ),
    "independent, of three the nearest": shop(
        PARTS + "\ntransitive = true",
        "shop/plugins/a/one.py",
        f"import shop.log{MARK}",
        log="import shop.plugins.a, shop.core\n",
        core="import shop.plugins.b.two\n",
    ),
    "outside the tree": shop(
        FORBIDDEN + "\ntransitive = true",
        "shop/core.py",
        f"import shop.log{MARK}",
        log="from django.db import models\n",
    ),
    "test code": shop(
        TESTS + "\ntransitive = true",
        "shop/web.py",
        f"import tools{MARK}",
    )._replace(title="tools"),
}
CHAINS["test code"].files["tools.py"] = "import tests.fakes\n"  # type: ignore[index]

NO_CHAINS = {
    "down again": shop(CHAINED, "shop/orders.py", "import shop.log\n", log="import shop.models\n"),
    "another layer stands between": shop(
        CHAINED,
        "shop/orders.py",
        "import shop.models\n",
        models=f"import shop.log{MARK}",
        log="import shop.web\n",
    ),
    "between two of its modules, reported there": shop(
        CHAINED,
        "shop/orders.py",
        "import shop.core\n",
        core="import shop.prices\n",
        prices=f"import shop.log{MARK}",
        log="import shop.web\n",
    ),
    "an ignored import": shop(
        CHAINED + '\nignore = ["shop.log -> shop.web"]',
        "shop/orders.py",
        "import shop.log\n",
        log="import shop.web\n",
    ),
    "allowed on the way": shop(
        CHAINED + '\nallow-in = ["shop/log.py"]',
        "shop/orders.py",
        "import shop.log\n",
        log="import shop.web\n",
    ),
    "for type checkers on the way": shop(
        CHAINED + '\ntype-checking = "allow"',
        "shop/orders.py",
        "import shop.log\n",
        log="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.web\n",
    ),
    "back to its own": shop(
        PARTS + "\ntransitive = true",
        "shop/plugins/a/one.py",
        "import shop.log\n",
        log="import shop.plugins.a\n",
    ),
}


@pytest.mark.parametrize(
    "example", [pytest.param(example, id=name) for name, example in (CHAINS | NO_CHAINS).items()]
)
def test_chain_is_reported_where_it_starts(example: Example) -> None:
    assert found(lint(example)) == expected(example)


def one_of(example: Example) -> tuple[str, list[tuple[str, int, str]]]:
    files = dict(example.files)
    (finding,) = findings(files.pop("ssot-lint.toml"), files, RULE)
    return finding.message, [(each.path, each.span.line, each.message) for each in finding.related]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("up", "`shop.web` is in the higher layer `shop.web`, which `shop.orders` must not import"),
        ("sideways", "`shop.users` is in `shop.users`, which `shop.orders` must be independent of"),
        (
            "independent",
            "`shop.plugins.b.two` is in `shop.plugins.b`, which `shop.plugins.a` must be independent of",
        ),
        ("components", "`shop.parts.door.api` must not be imported in `shop.parts.lamp`"),
        (
            "forbidden, a name outside the tree",
            "`django.db.models.Model` must not be imported in `shop.core`",
        ),
        (
            "internal",
            "`shop.billing.db` is internal to `shop.billing`, import from `shop.billing`, `shop.billing.api`",
        ),
        ("forbidden, star", "`django.db` must not be imported in `shop.core`"),
        ("closed", "`shop.secret` is internal to `shop.secret`"),
        (
            "not allowed",
            "`requests.adapters` is not among the allowed imports `stdlib`, `shop`, `google.cloud`",
        ),
        ("test code", "`tests/fakes.py` must not be imported here"),
    ],
)
def test_message_says_what_is_wrong(case: str, message: str) -> None:
    assert one_of(BREACHES[case])[0] == message


def test_shortest_chain_is_shown_with_its_lines() -> None:
    message, related = one_of(
        shop(
            CHAINED,
            "shop/orders.py",
            "import shop.log\n",
            log="import os\nimport shop.core\nimport shop.keys\n",
            core="\n\nimport shop.secret\n",
            secret="import shop.web\n",
            keys="\nimport shop.web\n",
        )
    )
    assert message == (
        "`shop.web` is in the higher layer `shop.web`, which `shop.orders` must not import; "
        "it is reached through `shop.log`, `shop.keys`"
    )
    assert related == [
        ("shop/log.py", 3, "imports `shop.keys`"),
        ("shop/keys.py", 2, "imports `shop.web`"),
    ]


def test_names_start_as_those_of_the_contract() -> None:
    files = {
        "src/shop/__init__.py": "",
        "src/shop/web.py": "",
        "src/shop/log.py": "import shop.web\n",
        "src/shop/models.py": "import shop.log\n",
    }
    config = '[[import-boundary]]\nlayers = ["shop.web", "shop.models"]\ntransitive = true\n'
    (finding,) = findings(config, files, RULE)
    assert finding.message.endswith("it is reached through `shop.log`")


def test_layer_that_is_gone_is_a_finding_on_the_configuration_unless_optional() -> None:
    config = '[[import-boundary]]\nlayers = ["shop.web", "shop.gone", "(shop.lost)", "shop.parts.{a}", "shop.{a}"]\n'
    (finding,) = findings(config, TREE, "unknown-symbol")
    assert "`shop.gone`" in finding.message


SNIPPETS = """
bad = ["# file: shop/models.py\\nimport shop.web\\n"]
good = ["# file: shop/models.py\\nimport shop.log\\n", "import shop.web\\n"]
"""


@pytest.mark.parametrize(
    "contract", [LAYERS, CHAINED, TESTS.replace("tests/", "shop/web.py") + "\ntransitive = true"]
)
def test_snippets_stand_in_the_tree(contract: str) -> None:
    lint(shop(contract + SNIPPETS, "shop/orders.py", ""))
    swapped = SNIPPETS.replace("bad", "fine").replace("good", "bad").replace("fine", "good")
    with pytest.raises(ConfigError, match="nothing is found in `bad` snippet 1"):
        lint(shop(contract + swapped, "shop/orders.py", ""))


@pytest.mark.parametrize(
    ("contract", "mistake"),
    [
        ("", "expected a value for"),
        (f"{ENTRIES}\n{PARTS}", "a contract has one shape"),
        ('importers = ["a"]', "expected a value for"),
        ('imported = ["a"]', "`importers`"),
        ('allowed = ["a"]\npublic = ["b"]', "`modules`"),
        ('layers = ["a"]', "single layer"),
        ('layers = ["a", "b | a"]', "`a` is named twice"),
        ('layers = ["a", "a.b"]', "`a.b` is a part of the layer `a`"),
        ('layers = ["a", "b | c : d"]', "by `|` or by `:`"),
        ('layers = ["a", "b |"]', "expected the name of a module"),
        ('layers = ["a.{x}", "b"]', "`{x}` is in one layer only"),
        ('independent = ["a"]', "nothing to be independent of"),
        ('importers = ["a.{x}"]\nimported = ["b"]', "write `*`"),
        ('importers = ["a"]\nimported = ["b.{x}"]', "write `*`"),
        ('modules = ["a.{x}"]\npublic = ["a.{y}.api"]', "`{y}` is not captured"),
        (f"{ENTRIES}\ntransitive = true", "chains of imports mean nothing"),
        (f"{ALLOWED}\ntransitive = true", "chains of imports mean nothing"),
        ('not-from = ["tests/"]\ntransitive = true', "without `paths`"),
        (f'{PARTS}\nignore = ["a.b"]', "expected two modules"),
        (f'{PARTS}\nignore = ["a -> b -> c"]', "expected two modules"),
        ('not-from = ["../x"]', "never matches"),
    ],
)
def test_contradiction_is_refused(contract: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(f"[[import-boundary]]\n{contract}\n", "ssot-lint.toml")
    assert mistake in str(error.value)

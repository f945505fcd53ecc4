"""Import statements of every form, with the options that ask for another, and what only looks like them."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.config import ConfigError, parse
from ssot_lint.rules import Example

RULE = "import-form"
MARK = f"  # [{RULE}]\n"
PAGE = "shop/parts/lamp/page.py"
CHECKING = "from typing import TYPE_CHECKING\n"

NO_RELATIVE = 'relative = "forbid"'
SIBLINGS = 'relative = "siblings"'
INSIDE = 'relative = "inside"\npackages = ["shop.parts.*"]'
NO_STAR = "no-star = true"
NO_NESTED = 'no-nested = true\nnested-allowed = ["matplotlib", "shop.log"]'
NO_REDUNDANT = "no-redundant-alias = true"
ONE = "one-per-statement = true"
ALIASES = 'aliases = { numpy = "np", "os.path" = "path", "shop.log" = "log", datetime = "datetime" }'
BANNED = 'banned-aliases = { datetime = ["*"], "shop.**" = ["tmp*", "x"] }'
MODULES = 'modules-only = ["shop.**", "numpy"]'
FORMS = 'forms = ["from shop.helpers import registry as r", "import shop.rights.*", "import numpy as np"]'

TREE = {
    "shop/__init__.py": "",
    "shop/log.py": "",
    "shop/parts/__init__.py": "",
    "shop/parts/lamp/__init__.py": "",
    "shop/parts/lamp/const.py": "",
    "shop/parts/door/__init__.py": "",
    "shop/parts/door/lock.py": "def turn():\n    pass\n\nclass Key:\n    pass\n\nSIZE = 1\n",
    "shop/helpers/__init__.py": "from shop.parts.door import lock as bolt\n",
    "shop/helpers/registry.py": "def get():\n    pass\n",
    "shop/rights/__init__.py": "",
    "shop/rights/path.py": "",
}


def form(options: str, text: str, path: str = PAGE) -> Example:
    return Example("", {**TREE, path: text, "ssot-lint.toml": f"[[import-form]]\n{options}\n"})


WRONG = {
    "relative": form(NO_RELATIVE, f"from . import const{MARK}"),
    "relative, once for each statement": form(NO_RELATIVE, f"from .const import ({MARK}    A,\n    B,\n)\n"),
    "relative, nested": form(NO_RELATIVE, f"def f():\n    from ..door import lock{MARK}"),
    "relative, of a parent": form(SIBLINGS, f"from ..door import lock{MARK}"),
    "absolute inside its package": form(INSIDE, f"from shop.parts.lamp.const import A{MARK}"),
    "absolute inside, the module": form(INSIDE, f"from shop.parts.lamp import const{MARK}"),
    "absolute inside, the package": form(INSIDE, f"from shop.parts import lamp{MARK}"),
    "absolute inside, plain": form(INSIDE, f"import shop.parts.lamp.const as c{MARK}"),
    "relative to another package": form(INSIDE, f"from ..door.lock import Key{MARK}"),
    "relative to another package, by its parent": form(INSIDE, f"from .. import door{MARK}"),
    "star": form(NO_STAR, f"from os.path import *{MARK}"),
    "star, relative": form(NO_STAR, f"from .const import *{MARK}"),
    "in a function": form(NO_NESTED, f"def f():\n    import json{MARK}"),
    "in a method": form(
        NO_NESTED, f"class A:\n  async def f(self):\n    from json import loads, dumps{MARK}"
    ),
    "in a class": form(NO_NESTED, f"class A:\n    import json{MARK}"),
    "in a condition of a function": form(NO_NESTED, f"def f():\n  if f:\n    import json{MARK}"),
    "in a try that catches something else": form(
        NO_NESTED, f"def f():\n  try:\n    import json{MARK}  except ValueError:\n    pass\n"
    ),
    "in a function that catches anything": form(
        NO_NESTED, f"def f():\n  try:\n    import json{MARK}  except Exception:\n    pass\n"
    ),
    "in the else of TYPE_CHECKING": form(
        NO_NESTED, f"{CHECKING}def f():\n  if TYPE_CHECKING:\n    pass\n  else:\n    import json{MARK}"
    ),
    "renamed to itself": form(NO_REDUNDANT, f"import json as json{MARK}"),
    "renamed to itself, from": form(NO_REDUNDANT, f"from json import loads as loads{MARK}"),
    "renamed to its last part": form(NO_REDUNDANT, f"import os.path as path{MARK}"),
    "several modules": form(ONE, f"import json, os{MARK}"),
    "several modules, once": form(ONE, f"import json, os, sys{MARK}"),
    "without its alias": form(ALIASES, f"import numpy{MARK}"),
    "with another alias": form(ALIASES, f"import numpy as n{MARK}"),
    "without its alias, from": form(ALIASES, f"from os import path as p{MARK}"),
    "without its alias, dotted": form(ALIASES, f"import os.path{MARK}"),
    "with another alias, relative": form(ALIASES, f"from ... import log as logger{MARK}"),
    "renamed, and must not be": form(ALIASES, f"import datetime as dt{MARK}"),
    "banned alias": form(BANNED, f"import datetime as dt{MARK}"),
    "banned alias, by patterns": form(BANNED, f"from shop import log as tmp_log{MARK}"),
    "a function": form(MODULES, f"from shop.parts.door.lock import turn{MARK}"),
    "a class, relative": form(MODULES, f"from ..door.lock import Key{MARK}"),
    "a constant, among others": form(MODULES, f"from shop.parts.door.lock import (\n    SIZE as S,{MARK})\n"),
    "a name outside the tree": form(MODULES, f"from numpy import array{MARK}"),
    "without its form": form(FORMS, f"from shop.helpers import registry{MARK}"),
    "plain instead of from": form(FORMS, f"import shop.helpers.registry as r{MARK}"),
    "a name of it": form(FORMS, f"from shop.helpers.registry import get{MARK}"),
    "a name of a package": form('forms = ["import shop.parts"]', f"from shop.parts import gone{MARK}"),
    "from instead of plain": form(FORMS, f"from shop.rights import path{MARK}"),
    "plain, with an alias": form(FORMS, f"import shop.rights.path as p{MARK}"),
    "a name, outside the tree": form(FORMS, f"from numpy import array{MARK}"),
}

RIGHT = {
    "absolute": form(NO_RELATIVE, "import shop.log\nfrom shop import log\n"),
    "of one dot": form(SIBLINGS, "from . import const\nfrom .const import A\nimport shop.log\n"),
    "relative inside": form(INSIDE, "from . import const\nfrom .const import A\n"),
    "absolute to another package": form(INSIDE, "from shop.parts.door import lock\nimport shop.log, json\n"),
    "relative outside of all packages": form(INSIDE, "from . import log\n", "shop/page.py"),
    "its own module": form(INSIDE, "import shop.parts.lamp.page\n"),
    "relative import of nothing": form(INSIDE, "from ..gone import x\n"),
    "a package whose name begins alike": form(INSIDE, "import shop.parts.lampshade\n"),
    "no star": form(NO_STAR, "from os.path import join\nx = 2 * 3\n"),
    "at the top": form(NO_NESTED, "import json\nif json:\n    import os\nwith json:\n    import sys\n"),
    "nested, allowed": form(
        NO_NESTED, "def f():\n    import matplotlib.pyplot as p\n    from shop.log import x\n"
    ),
    "nested, allowed, relative": form(NO_NESTED, "def f():\n    from ... import log\n"),
    "nested, for type checkers": form(
        NO_NESTED, f"{CHECKING}def f():\n    if TYPE_CHECKING:\n        import json\n"
    ),
    "nested, one of two": form(
        NO_NESTED, "def f():\n  try:\n    import ujson\n  except ImportError:\n    import json\n"
    ),
    "another name": form(NO_REDUNDANT, "import json as j\nimport os.path\nfrom os import path as p\n"),
    "re-exported": form(NO_REDUNDANT, "from .const import A as A\n", "shop/parts/lamp/__init__.py"),
    "re-exported by a stub": form(NO_REDUNDANT, "from json import loads as loads\n", "shop/page.pyi"),
    "several names": form(ONE, "from json import loads, dumps\nimport os; import sys\n"),
    "with its alias": form(
        ALIASES, "import numpy as np\nfrom os import path\nimport os.path as path\nfrom ... import log\n"
    ),
    "something below": form(ALIASES, "import numpy.linalg\nfrom numpy import array\nimport os.pathconf\n"),
    "a module of that name elsewhere": form(ALIASES, "import shop.numpy\nfrom .datetime import x as y\n"),
    "not renamed": form(BANNED, "import datetime\nfrom datetime import date as d\n"),
    "renamed to itself, not banned": form(BANNED, "import datetime as datetime\nfrom shop import x as x\n"),
    "the alias that it must have": form(
        'aliases = { numpy = "np" }\nbanned-aliases = { "*" = ["*"] }', "import numpy as np\n"
    ),
    "another alias": form(BANNED, "from shop import log as my_tmp\nimport json as x\n"),
    "a module": form(
        MODULES, "from shop.parts.door import lock\nfrom ..door import lock as l\nimport numpy\n"
    ),
    "a module that is handed on": form(MODULES, "from shop.helpers import bolt\n"),
    "a name that nobody knows": form(MODULES, "from shop.parts.door.lock import gone\n"),
    "a name of another module": form(MODULES, "from os.path import join\nfrom numpy.linalg import norm\n"),
    "names outside the tree, by pattern": form('modules-only = ["**"]', "from json import loads\n"),
    "a star is no name": form(MODULES, "from numpy import *\n"),
    "a name that goes round in circles": form(MODULES, "from shop.parts.lamp.page import x\n"),
    "its form": form(
        FORMS, "from shop.helpers import registry as r\nimport shop.rights.path\nimport numpy as np\n"
    ),
    "its form, relative": form(FORMS, "from ...helpers import registry as r\n"),
    "something else of the package": form(FORMS, "from shop.helpers import bolt\nimport numpy.linalg\n"),
    "a module below": form(
        'forms = ["import shop.parts"]', "from shop.parts import door\nfrom shop.parts.door import Key\n"
    ),
    "in text": form(f"{NO_STAR}\n{ALIASES}", "'import numpy'\n# from os import *\n"),
    "under type checking": form(
        f'{ALIASES}\ntype-checking = "allow"', f"{CHECKING}if TYPE_CHECKING:\n    import numpy\n"
    ),
}


@pytest.mark.parametrize("example", [pytest.param(example, id=name) for name, example in WRONG.items()])
def test_wrong_form_is_found(example: Example) -> None:
    assert found(lint(example)) == expected(example)
    assert len(lint(example).findings) == len(expected(example))


@pytest.mark.parametrize("example", [pytest.param(example, id=name) for name, example in RIGHT.items()])
def test_right_form_is_not_found(example: Example) -> None:
    assert found(lint(example)) == set()


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("relative", "the import from `.` is relative"),
        ("relative, of a parent", "the relative import from `..door` leaves its folder"),
        (
            "absolute inside, the module",
            "the import from `shop.parts.lamp` stays inside `shop.parts.lamp` and is not relative",
        ),
        (
            "relative to another package, by its parent",
            "the relative import from `..` leaves `shop.parts.lamp`",
        ),
        ("star", "star import from `os.path`"),
        ("in a method", "the import of `json` is inside a function"),
        ("in a class", "the import of `json` is inside a class"),
        ("renamed to itself, from", "`loads` is renamed to itself"),
        ("renamed to its last part", "`path` is renamed to itself; write `from os import path`"),
        ("several modules", "several modules in one `import` statement"),
        ("with another alias, relative", "`shop.log` must be imported as `log`"),
        ("banned alias", "`datetime` must not be imported as `dt`"),
        ("a class, relative", "`Key` is no module; import `shop.parts.door.lock` itself"),
        ("from instead of plain", "the only form of this import is `import shop.rights.*`"),
    ],
)
def test_message_says_what_is_wrong(case: str, message: str) -> None:
    files = dict(WRONG[case].files)
    assert [finding.message for finding in findings(files.pop("ssot-lint.toml"), files, RULE)] == [message]


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ('name = "x"', "no form is asked for"),
        ('relative = "allow"', "no form is asked for"),
        ('packages = ["a"]\nno-star = true', "`relative"),
        ('relative = "inside"', "`packages`"),
        ('nested-allowed = ["a"]\nno-star = true', "`no-nested`"),
        ('aliases = { a = "1" }', "expected a name"),
        ('aliases = { a = "b" }\nbanned-aliases = { a = ["b"] }', "the name under `aliases`"),
        ('forms = ["numpy as np"]', "expected a statement"),
        ('forms = ["from m import *"]', "expected a statement"),
        ('forms = ["import numpy as np"]\naliases = { numpy = "n" }', "another name under `aliases`"),
    ],
)
def test_contradiction_is_refused(options: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(f"[[import-form]]\n{options}\n", "ssot-lint.toml")
    assert mistake in str(error.value)

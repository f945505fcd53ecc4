"""What is proposed as the way to the environment: what reads any key, is called so, and is used more than others."""

from __future__ import annotations

import pytest
from proposed import found, project, tables, values

from ssot_lint.proposals.environments import propose

CLASS = """\
import os

class Environment:
    def get(self, key, default=None):
        return os.environ.get(key, default)

    def set(self, key, value):
        os.environ[key] = value

_env = Environment()

def get_env():
    return _env
"""
FUNCTION = "import os\ndef read(name, default=None):\n    return os.environ.get(name, default)\n"
SETTINGS = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    url: str\nsettings = Settings()\n"
PAST = {
    "app/orders.py": 'import os\nurl = os.environ["URL"]\nport = os.getenv("PORT")\n',
    "app/users.py": 'from os import environ as e\nkey = e.get("KEY")\n',
    "tests/test_users.py": 'from unittest.mock import patch\n@patch.dict("os.environ", {})\ndef test_it(): ...\n',
}


def using(statement: str, number: int = 5) -> dict[str, str]:
    """Files that import something."""
    return {f"app/m{index}.py": f"{statement}\n" for index in range(number)}


ACCESSORS = {
    "a class, by what gives it": ("kit/base.py", CLASS, "from kit.base import get_env", "kit.base.get_env"),
    "the class": ("kit/base.py", CLASS, "from kit.base import Environment", "kit.base.Environment"),
    "a function": ("kit/env.py", FUNCTION, "from kit.env import read", "kit.env.read"),
    "a module": ("kit/env.py", FUNCTION, "from kit import env", "kit.env"),
    "a module, by its dotted name": ("kit/env.py", FUNCTION, "import kit.env", "kit.env"),
    "settings of a library": ("kit/conf.py", SETTINGS, "from kit.conf import settings", "kit.conf.settings"),
    "an object of a library": (
        "kit/conf.py",
        "import environ\nenv = environ.Env()\n",
        "from kit.conf import env",
        "kit.conf.env",
    ),
}


@pytest.mark.parametrize(("path", "text", "statement", "symbol"), ACCESSORS.values(), ids=ACCESSORS.keys())
def test_the_accessor_that_others_import(path: str, text: str, statement: str, symbol: str) -> None:
    files = {"kit/__init__.py": "", path: text, **PAST, **using(statement)}
    (proposal,) = propose(project(files))
    assert values(proposal.tables[0]) == {"allow-in": [f"/{path}"], "use": symbol}
    assert proposal.title == f"`{symbol}` is the way to the environment"
    assert proposal.evidence == (
        f"5 files get at the environment through {path}",
        "past it: 4 places in 3 files",
    )
    assert proposal.strays == len(found(proposal, files)) == 4


def test_the_one_that_most_use() -> None:
    files = {
        "kit/__init__.py": "",
        "kit/env.py": FUNCTION,
        "old/env.py": FUNCTION,
        **PAST,
        **using("from kit.env import read", 7),
        **{f"app/o{index}.py": "from old.env import read\n" for index in range(5)},
    }
    assert [values["use"] for _, values in tables(propose, files)] == ["kit.env.read"]


NONE = {
    "used by too few": {"kit/env.py": FUNCTION, **using("from kit.env import read", 4)},
    "called after another thing": {
        "kit/base.py": FUNCTION.replace("read", "lookup"),
        **using("from kit.base import lookup"),
    },
    "beside what is called so": {
        "kit/base.py": FUNCTION.replace("read", "lookup") + "def load_config(): ...\n",
        **using("from kit.base import load_config"),
    },
    "imported for other things": {
        "kit/base.py": FUNCTION.replace("read", "read_env") + "class Base: ...\n",
        **using("from kit.base import Base"),
    },
    "a class that reads a key by the way": {
        "kit/base.py": "import os\nclass AppConfig:\n    def find(self, key):\n        return os.environ[key]\n",
        **using("from kit.base import AppConfig"),
    },
    "only certain keys": {
        "kit/config.py": 'import os\ndef url():\n    return os.environ["URL"]\n',
        **using("from kit.config import url"),
    },
    "only writes": {
        "kit/env.py": "import os\ndef clear_env(key):\n    os.environ.pop(key)\n",
        **using("from kit.env import clear_env"),
    },
    "in a test": {
        "tests/test_env.py": FUNCTION,
        **using("from tests.test_env import read"),
    },
    "settings of another thing": {
        "kit/config.py": "class BaseSettings: ...\nclass Settings(BaseSettings): ...\n",
        **using("from kit.config import Settings"),
    },
    "one way of many": {
        "kit/env.py": FUNCTION,
        **using("from kit.env import read"),
        **{f"lib/m{index}.py": PAST["app/users.py"] for index in range(13)},
    },
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE.keys())
def test_what_is_no_accessor(files: dict[str, str]) -> None:
    assert tables(propose, {"kit/__init__.py": "", **PAST, **files}) == []


def test_an_accessor_that_nobody_goes_past_needs_no_rule() -> None:
    assert tables(propose, {"kit/env.py": FUNCTION, **using("from kit.env import read")}) == []


def test_nothing_to_go_by() -> None:
    assert tables(propose, {}) == []
    assert tables(propose, {"kit/env.py": "def (:\n", **using("from kit.env import read")}) == []

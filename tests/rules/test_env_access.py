"""Access to the environment, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import findings

from ssot_lint.config import ConfigError
from ssot_lint.finding import Finding

RULE = "env-access"
CONFIG = "[[env-access]]\n"
TREE = {
    "pkg/__init__.py": "",
    "pkg/os.py": "environ = {}\ndef getenv(key): ...\n",
    "pkg/compat.py": "import os\nfrom os import environ, getenv as read_env\nenv = os.environ\n",
    "pkg/settings.py": "import os\nfrom os import *\nenvironment = os.environ\n",
    "pkg/again.py": "from pkg.compat import *\n",
}


def accesses(text: str, config: str = CONFIG, path: str = "pkg/a.py") -> list[Finding]:
    return [finding for finding in findings(config, {**TREE, path: text}, RULE) if finding.path == path]


READ_K = ("read", "os.environ", "K")
GETENV_K = ("read", "os.getenv", "K")
WRITE_K = ("write", "os.environ", "K")
DELETE_K = ("delete", "os.environ", "K")
TEST_K = ("test", "os.environ", "K")
PASS = ("pass", "os.environ")
PATCH = ("patch", "os.environ")
MOCK = "from unittest import mock\n"

SPELLINGS = {
    # read
    "item": ('import os\nos.environ["K"]', READ_K),
    "item of a name that is not constant": ("import os\nos.environ[key]", ("read", "os.environ")),
    "get": ('import os\nos.environ.get("K")', READ_K),
    "get with a default": ('import os\nos.environ.get("K", "a b")', READ_K),
    "get, key by name": ('import os\nos.environ.get(key="K")', READ_K),
    "get, key not constant": ("import os\nos.environ.get(key)", ("read", "os.environ")),
    "get, not called": ("import os\nmap(os.environ.get, keys)", ("read", "os.environ")),
    "get, looped over": ('import os\nfor x in os.environ.get("K"): ...', READ_K),
    "get, in a default": ('import os\ndef f(x=os.environ.get("K")): ...', READ_K),
    "get, in an f-string": ("import os\nf\"{os.environ.get('K')}\"", READ_K),
    "get, in a class": ('import os\nclass A:\n    x = os.environ.get("K")', READ_K),
    "get, in a walrus": ('import os\nif x := os.environ.get("K"): ...', READ_K),
    "getenv": ('import os\nos.getenv("K")', GETENV_K),
    "getenv, its result used": ('import os\nos.getenv("K").split(",")[0]', GETENV_K),
    "getenv, not called": ("import os\nfield(default_factory=os.getenv)", ("read", "os.getenv")),
    "getenvb": ('import os\nos.getenvb(b"K")', ("read", "os.getenvb")),
    "environb": ('import os\nos.environb[b"K"]', ("read", "os.environb")),
    "posix": ('import posix\nposix.environ["K"]', ("read", "posix.environ", "K")),
    # write
    "set": ('import os\nos.environ["K"] = "v"', WRITE_K),
    "set among others": ('import os\na, os.environ["K"] = 1, "v"', WRITE_K),
    "set, added to": ('import os\nos.environ["K"] += "v"', WRITE_K),
    "setdefault": ('import os\nos.environ.setdefault("K", "v")', WRITE_K),
    "update": ("import os\nos.environ.update(values)", ("write", "os.environ")),
    "update by names": ("import os\nos.environ.update(K=v, L=w)", (*WRITE_K, "L")),
    "merged into": ("import os\nos.environ |= values", ("write", "os.environ")),
    "replaced": ("import os\nos.environ = {}", ("write", "os.environ")),
    "putenv": ('import os\nos.putenv("K", "v")', ("write", "os.putenv", "K")),
    # delete
    "del": ('import os\ndel os.environ["K"]', DELETE_K),
    "pop": ('import os\nos.environ.pop("K", None)', DELETE_K),
    "clear": ("import os\nos.environ.clear()", ("delete", "os.environ")),
    "unsetenv": ('import os\nos.unsetenv("K")', ("delete", "os.unsetenv", "K")),
    # test
    "in": ('import os\n"K" in os.environ', TEST_K),
    "not in": ('import os\nif "K" not in os.environ: ...', TEST_K),
    "in, key not constant": ("import os\nall(key in os.environ for key in keys)", ("test", "os.environ")),
    # iterate
    "in, by its method": ('import os\nos.environ.__contains__("K")', TEST_K),
    "loop": ("import os\nfor key in os.environ: ...", ("iterate", "os.environ")),
    "loop over items": ("import os\nfor key, value in os.environ.items(): ...", ("iterate", "os.environ")),
    "comprehension": ("import os\n{key for key in os.environ}", ("iterate", "os.environ")),
    "keys": ("import os\nsorted(os.environ.keys())", ("iterate", "os.environ")),
    # pass on
    "copy": ("import os\nos.environ.copy()", PASS),
    "dict": ("import os\ndict(os.environ)", PASS),
    "unpacked": ("import os\n{**os.environ, 'K': 1}", PASS),
    "unpacked in a call": ("import os\nf(**os.environ)", PASS),
    "argument": ("import os\nrun(command, env=os.environ)", PASS),
    "merged": ("import os\nos.environ | values", PASS),
    "returned": ("import os\ndef f():\n    return os.environ", PASS),
    "assigned": ("import os\nself.env = os.environ", PASS),
    # patch
    "patch.dict": (f"{MOCK}import os\nmock.patch.dict(os.environ, K='v')", PATCH),
    "patch.dict of a fixture": ("import os\ndef test(mocker): mocker.patch.dict(os.environ, {})", PATCH),
    "monkeypatch": ("import os\ndef test(monkeypatch): monkeypatch.setitem(os.environ, 'K', 1)", PATCH),
    "patch.dict by text": (f"{MOCK}mock.patch.dict('os.environ', K='v')", PATCH),
    "patch by text": (f"{MOCK}mock.patch('os.getenv')", ("patch", "os.getenv")),
    "patch by text, through a module": (f"{MOCK}mock.patch('pkg.compat.os.environ', {{}})", PATCH),
    "patch by text, as decorator": (f"{MOCK}@mock.patch.dict('os.environ')\ndef f(): ...", PATCH),
    # names
    "import as": ('import os as o\no.environ["K"]', READ_K),
    "import of a submodule": ('import os.path\nos.environ["K"]', READ_K),
    "from": ('from os import environ\nenviron["K"]', READ_K),
    "from, as": ('from os import environ as e\ne["K"]', READ_K),
    "from, function": ('from os import getenv\ngetenv("K")', GETENV_K),
    "from, function as": ('from os import getenv as g\ng("K")', GETENV_K),
    "star": ('from os import *\nenviron["K"]', READ_K),
    "in a function": ('def f():\n    import os\n    return os.environ["K"]', READ_K),
    "in a fallback": ('try:\n    import os\nexcept ImportError:\n    os = None\nos.environ["K"]', READ_K),
    "handed on": ('from pkg.compat import environ\nenviron["K"]', READ_K),
    "handed on, renamed": ('from .compat import read_env\nread_env("K")', GETENV_K),
    "handed on, assigned": ('from . import compat\ncompat.env["K"]', READ_K),
    "handed on, with its module": ('from pkg.compat import os\nos.environ["K"]', READ_K),
    "handed on twice, by a star": ('from pkg.again import env\nenv["K"]', READ_K),
    "star of a module that has it": ('from pkg.compat import *\nenv["K"]', READ_K),
}


@pytest.mark.parametrize(("text", "subject"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_each_spelling_is_found_once_with_its_kind_and_key(text: str, subject: tuple[str, ...]) -> None:
    assert [finding.subject for finding in accesses(text)] == [subject]


ALIASES = {
    "variable of the module": 'import os\ne = os.environ\ne["K"]\n',
    "variable of a function": 'import os\ndef f():\n    e = os.environ\n    return e["K"]\n',
    "variable of a class": 'import os\nclass A:\n    e = os.environ\n    x = e["K"]\n',
    "variable of a variable": 'import os\nd = e = os.environ\nd["K"]\n',
}


@pytest.mark.parametrize("text", ALIASES.values(), ids=ALIASES.keys())
def test_a_variable_for_the_environment_is_found_and_its_uses_too(text: str) -> None:
    assert [finding.subject for finding in accesses(text)] == [PASS, READ_K]


def test_a_variable_for_a_method_is_followed() -> None:
    found = accesses('import os\ndrop = os.environ.pop\ndrop("K")\n')
    assert [finding.subject for finding in found] == [("delete", "os.environ"), DELETE_K]


def test_a_value_that_a_patch_is_given_is_read() -> None:
    found = accesses('import os\nmodel.dict(os.environ["K"])\nrun(os.environ)\n')
    assert [finding.subject for finding in found] == [READ_K, PASS]


LOOK_ALIKES = {
    "import alone": "import os\nfrom os import environ, getenv\n",
    "other names of os": 'import os\nos.path.join("environ", os.sep)\nos.getcwd()\n',
    "longer names": 'import os\nos.environment["K"]\nos.getenviron("K")\n',
    "undefined": 'environ["K"]\ngetenv("K")\n',
    "local name": 'def f():\n    environ = {}\n    return environ["K"]\n',
    "variable of the module": 'environ = {}\nenviron["K"]\nenviron.get("K")\n',
    "function of the module": 'def getenv(key): ...\ngetenv("K")\n',
    "parameter environ": 'def application(environ, start):\n    return environ["PATH_INFO"]\n',
    "parameter os": 'def f(os):\n    return os.environ["K"]\n',
    "parameter that hides the import": 'import os\ndef f(os):\n    return os.environ["K"]\n',
    "parameter of a lambda": 'import os\nlambda os: os.environ["K"]\n',
    "loop variable": 'for os in systems:\n    os.environ["K"]\n',
    "attribute of self": 'class A:\n    def f(self):\n        return self.environ["K"], self.os.environ["K"]\n',
    "attribute of a request": 'import flask\nflask.request.environ["K"]\nflask.request.environ.get("K")\n',
    "attribute of a call": 'get_os().environ["K"]\n',
    "method named getenv": 'container.getenv("K")\nclass A:\n    def f(self): return self.getenv("K")\n',
    "another module named os, relative": 'from . import os\nos.environ["K"]\nos.getenv("K")\n',
    "another module named os, absolute": 'import pkg.os\npkg.os.environ["K"]\nfrom pkg.os import getenv\ngetenv("K")\n',
    "member of another module": 'from wsgi import environ\nenviron["K"]\n',
    "another module as os": 'import fake as os\nos.environ["K"]\n',
    "string": 'text = "os.environ[\'K\']"\nprint("os.getenv")\n',
    "comment": 'import os\n# os.environ["K"] = 1\n',
    "docstring": 'def f():\n    """Reads os.environ["K"]."""\n',
    "annotation as text": 'import os\ndef f(x: "os.environ"): ...\n',
    "keyword argument": "run(environ={}, getenv=1)\n",
    "key of a dictionary": '{"os.environ": 1}["os.environ"]\n',
    "string that is passed on": 'import os\nprint("os.environ")\nos.path.exists("os.environ")\n',
    "patch of something else": f"{MOCK}mock.patch('pkg.os.environ', {{}})\nmock.patch('os.path.exists')\n",
    "patch that is none": "def patch(x): ...\npatch('os.environ')\n",
    "setenv of pytest": 'def test(monkeypatch):\n    monkeypatch.setenv("K", "v")\n',
    "copy of a variable": "import os\ndef f(env):\n    return env.copy(), dict(env), {**env}\n",
}


@pytest.mark.parametrize("text", LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_look_alikes_are_not_found(text: str) -> None:
    assert accesses(text) == []


ALLOWED = '[[env-access]]\nallow-in = ["pkg/settings.py"]\n'


def test_the_accessor_may_and_what_it_hands_on_is_sanctioned() -> None:
    assert accesses('import os\nos.environ["K"]\n', ALLOWED, "pkg/settings.py") == []
    assert (
        accesses('from pkg.settings import environment, os\nenvironment["K"]\nos.getenv("K")', ALLOWED) == []
    )
    assert accesses('import pkg.settings as s\ns.environment.get("K")\ns.os.environ["K"]', ALLOWED) == []
    assert len(accesses('from pkg.compat import env\nenv["K"]\n', ALLOWED)) == 1


READ_ONLY = f'{CONFIG}accesses = ["read"]\n'
SELECTED = f'{CONFIG}keys = ["JWT_*", "PORT"]\nallow-keys = ["JWT_ISSUER"]\n'
OPTIONS = {
    "no options": (CONFIG, ["JWT_KEY", "JWT_ISSUER", "PATH", "PORT", "", "", ""]),
    "only reads": (READ_ONLY, ["JWT_KEY", "JWT_ISSUER", "PATH", ""]),
    "only some keys": (SELECTED, ["JWT_KEY", "PORT"]),
    "all but some keys": (f'{CONFIG}allow-keys = ["JWT_*", "PATH"]\n', ["PORT", "", "", ""]),
    "no kind that is there": (f'{CONFIG}accesses = ["delete", "patch"]\n', []),
}


@pytest.mark.parametrize(("config", "keys"), OPTIONS.values(), ids=OPTIONS.keys())
def test_options_choose_accesses_by_kind_and_key(config: str, keys: list[str]) -> None:
    text = (
        'import os\nos.environ["JWT_KEY"]\nos.getenv("JWT_ISSUER")\nos.environ.get("PATH")\n'
        'os.environ["PORT"] = "1"\nos.environ[key]\nos.environ.update(values)\nrun(env=os.environ)\n'
    )
    assert ["".join(finding.subject[2:]) for finding in accesses(text, config)] == keys


def test_one_of_several_keys_is_enough() -> None:
    text = "import os\nos.environ.update(PORT=1, PATH=2)\n"
    assert len(accesses(text, f'{CONFIG}keys = ["PORT"]\n')) == 1
    assert len(accesses(text, f'{CONFIG}allow-keys = ["PORT"]\n')) == 1
    assert accesses(text, f'{CONFIG}allow-keys = ["P*"]\n') == []


ALSO = f'{CONFIG}also = ["decouple.config", "pkg.conf.get_env", "starlette.config.environ"]\n'
FURTHER = {
    "function": ('from decouple import config\nconfig("K", cast=int)', ("read", "decouple.config", "K")),
    "function, not called": ("import decouple\nf(decouple.config)", ("pass", "decouple.config")),
    "mapping": (
        'from starlette.config import environ as e\ne["K"] = 1',
        ("write", "starlette.config.environ", "K"),
    ),
    "function of the tree": ('from pkg.conf import get_env\nget_env("K")', ("read", "pkg.conf.get_env", "K")),
    "handed on": ('from pkg.more import get_env as g\ng("K")', ("read", "pkg.conf.get_env", "K")),
    "the usual": ('import os\nos.environ["K"]', READ_K),
}


@pytest.mark.parametrize(("text", "subject"), FURTHER.values(), ids=FURTHER.keys())
def test_further_names_of_the_environment(text: str, subject: tuple[str, ...]) -> None:
    home = "import os\ndef get_env(key): ...\nport = get_env('PORT')\nprint(os.environ)\n"
    files = {
        "pkg/__init__.py": "",
        "pkg/conf.py": home,
        "pkg/more.py": "from .conf import get_env\n",
        "a.py": text,
    }
    found = [(finding.path, finding.subject) for finding in findings(ALSO, files, RULE)]
    assert found == [("a.py", subject), ("pkg/conf.py", PASS)]


def test_a_further_name_may_be_one_by_which_a_package_hands_it_on() -> None:
    config = f'{CONFIG}also = ["pkg.more.read_env"]\n'
    files = {
        "pkg/__init__.py": "",
        "pkg/conf.py": "def get_env(key): ...\n",
        "pkg/more.py": "from .conf import get_env as read_env\n",
        "a.py": 'from pkg.more import read_env\nread_env("K")\n',
    }
    assert [finding.subject for finding in findings(config, files, RULE)] == [
        ("read", "pkg.conf.get_env", "K")
    ]


def test_messages_name_the_key_and_the_way() -> None:
    text = (
        'import os\nfrom pkg.again import env\nos.environ["K"]\nenv["K"] = 1\nos.environ.update(K=1, L=2)\n'
        'del os.environ["K"]\n"K" in os.environ\nfor k in os.environ: ...\ndict(os.environ)\nos.getenv(key)\n'
    )
    assert [finding.message for finding in accesses(text)] == [
        "`os.environ` is read (`K`)",
        "`os.environ` is written to (`K`), handed on by pkg/compat.py",
        "`os.environ` is written to (`K`, `L`)",
        "`os.environ` is deleted from (`K`)",
        "`os.environ` is searched (`K`)",
        "`os.environ` is looped over",
        "`os.environ` is passed on as a whole",
        "`os.getenv` is read",
    ]


def test_a_finding_spans_the_name_as_written() -> None:
    (finding,) = accesses('import os\nx = os.environ.get("K")\n')
    assert finding.span == (2, 5, 2, 19)


def test_options_without_a_meaning_are_refused() -> None:
    with pytest.raises(ConfigError):
        accesses("", f'{CONFIG}keys = ["JWT_KEY", "PORT"]\nallow-keys = ["JWT_*"]\n')

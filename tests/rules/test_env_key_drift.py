"""Environment keys, beyond the examples of the rule."""

from __future__ import annotations

import pytest
from lint_examples import findings

from ssot_lint.config import ConfigError

RULE = "env-key-drift"
CONFIG = "[[env-key-drift]]\n"
COMMON = {
    "app/__init__.py": "",
    "app/settings.py": (
        "import os\nclass Environment:\n    def get(self, key): ...\n"
        "def get_env(): ...\ndef read(key): ...\nenv = get_env()\n"
        'os.environ["JWT_SECRET_KEY"]\nos.environ["JWT_SECRET_KEY"]\nos.environ["JWT_SECRET_KEY"]\n'
    ),
    "app/compat.py": "from app.settings import get_env, read\nfrom os import environ\n",
}


def subjects(text: str, config: str = CONFIG) -> list[tuple[str, ...]]:
    found = findings(config, {**COMMON, "app/a.py": text}, RULE)
    assert {finding.path for finding in found} <= {"app/a.py"}
    return [finding.subject for finding in found]


TWIN = ("twin", "JWT_SECRET", "JWT_SECRET_KEY")
ACCESSORS = (
    f"{CONFIG}accessors = "
    '["app.settings.get_env()", "app.settings.read", "**.env", "monkeypatch.setenv", "**.open_env()"]\n'
)

USES = {
    "read": 'import os\nos.environ["JWT_SECRET"]',
    "get": 'from os import environ as e\ne.get("JWT_SECRET")',
    "getenv": 'from os import getenv\ngetenv(key="JWT_SECRET")',
    "write": 'import os\nos.environ["JWT_SECRET"] = "x"',
    "write by name": "import os\nos.environ.update(JWT_SECRET=1)",
    "delete": 'import os\nos.environ.pop("JWT_SECRET")',
    "test": 'import os\n"JWT_SECRET" in os.environ',
    "handed on": 'from app.compat import environ\nenviron["JWT_SECRET"]',
    "alias": 'import os\nkeys = os.environ\nkeys["JWT_SECRET"]',
    "function": 'from app.settings import read\nread("JWT_SECRET")',
    "function, handed on": 'from app import compat\ncompat.read("JWT_SECRET", "x")',
    "what a function returns": 'from app.settings import get_env\nget_env().get("JWT_SECRET")',
    "what a function returns, handed on": 'import app.compat as c\nc.get_env().set("JWT_SECRET", "x")',
    "what a method returns, as written": 'def f(self):\n    self.open_env().delete("JWT_SECRET")',
    "variable, as written": 'def f(env):\n    env.get("JWT_SECRET")',
    "attribute, as written": 'def f(self):\n    self.env.set("JWT_SECRET", "x")',
    "item of an attribute": 'def f(self):\n    self.env["JWT_SECRET"] = 1',
    "test of an attribute": 'def f(self):\n    return "JWT_SECRET" in self.env',
    "variable of another file": 'from app.settings import env\nenv.get("JWT_SECRET")',
    "fixture": 'def test(monkeypatch):\n    monkeypatch.setenv("JWT_SECRET", "x")',
}


@pytest.mark.parametrize("text", USES.values(), ids=USES.keys())
def test_uses_of_a_key(text: str) -> None:
    assert subjects(text, ACCESSORS) == [TWIN]


NO_USES = {
    "string": 'text = "JWT_SECRET"',
    "comment": '# os.environ["JWT_SECRET"]',
    "another mapping": 'def f(config):\n    return config["JWT_SECRET"], config.get("JWT_SECRET")',
    "another function": 'from app.settings import Environment\nEnvironment().get("JWT_SECRET")',
    "another call": 'other().get("JWT_SECRET")',
    "further behind a call": 'from app.settings import get_env\nget_env().items().get("JWT_SECRET")',
    "a call with arguments": 'from app.settings import get_env\nget_env("x").get("JWT_SECRET")',
    "a call within a call": 'from app.settings import get_env\nf(get_env()).get("JWT_SECRET")',
    "second argument": 'from app.settings import read\nread("JWT_SECRET_KEY", "JWT_SECRET")',
    "key that is not constant": 'import os\nJWT_SECRET = "x"\nos.environ[JWT_SECRET]',
    "small letters": 'import os\nos.environ["jwt_secret"], os.getenv("Jwt_Secret")',
    "longer name of a variable": 'def f(environment, env2):\n    return environment["JWT_SECRET"], env2["JWT_SECRET"]',
    "item of a variable, which is not known": 'def f(env):\n    return env["JWT_SECRET"]',
    "the same key": 'import os\nos.environ["JWT_SECRET_KEY"]',
}


@pytest.mark.parametrize("text", NO_USES.values(), ids=NO_USES.keys())
def test_what_is_no_use_of_a_key(text: str) -> None:
    assert subjects(text, ACCESSORS) == []


@pytest.mark.parametrize("options", ["", 'distinct = [["A", "B"]]\n'])
def test_names_that_systems_give_are_alike_by_chance(options: str) -> None:
    reads = "os.environ['{0}'], os.environ['{1}']\n"
    given = [("USER", "USERNAME"), ("PWD", "PASSWORD"), ("PASSWD", "PWD"), ("PASS", "PWD")]
    for one, other in given:
        assert subjects(f"import os\n{reads.format(one, other)}", CONFIG + options) == []
    alike = "import os\n" + reads.format("PASS", "PASSWORD") + reads.format("APP_USER", "APP_USERNAME")
    assert subjects(alike, CONFIG + options) == [
        ("twin", "PASSWORD", "PASS"),
        ("twin", "APP_USERNAME", "APP_USER"),
    ]


OPTIONS = {
    "none": ("", [TWIN]),
    "ignored": ('ignore = ["JWT_*"]', []),
    "distinct": ('distinct = [["JWT_SECRET", "JWT_SECRET_KEY"]]', []),
    "distinct by pattern": ('distinct = [["JWT_*"]]', []),
    "distinct from others": ('distinct = [["JWT_SECRET", "A"], ["JWT_SECRET_KEY", "A"]]', [TWIN]),
    "other fillers": ('fillers = ["_NAME"]', []),
    "no synonyms": ("synonyms = []", [TWIN]),
    "registry with both": ('registry = ["JWT_*"]', [TWIN]),
    "registry with the other": ('registry = ["JWT_SECRET_KEY"]', [("unknown", "JWT_SECRET")]),
    "registry with neither": ('registry = ["PATH"]', [("unknown", "JWT_SECRET")]),
    "registry alone": ('registry = ["JWT_SECRET_KEY"]\ntwins = false', [("unknown", "JWT_SECRET")]),
    "registry alone, with both": ('registry = ["JWT_SECRET*"]\ntwins = false', []),
    "registry from a file": ('registry-from = ["app/settings.py"]', [("unknown", "JWT_SECRET")]),
    "other paths": ('paths = ["lib/"]', []),
    "the other key in other paths": ('paths = ["app/a.py"]', []),
    "the other key excluded": ('exclude = ["app/settings.py"]', []),
    "the other key where it is allowed": ('allow-in = ["app/settings.py"]', [TWIN]),
}


@pytest.mark.parametrize(("options", "expected"), OPTIONS.values(), ids=OPTIONS.keys())
def test_options(options: str, expected: list[tuple[str, ...]]) -> None:
    text = 'import os\nos.environ["JWT_SECRET"]\n'
    config = (
        f'{CONFIG}{options}\nallow-in = ["app/settings.py"]\n'
        if "registry =" in options
        else f"{CONFIG}{options}\n"
    )
    assert subjects(text, config) == expected


def test_the_registered_key_is_the_better_one_however_rare() -> None:
    config = f'{CONFIG}registry = ["JWT_SECRET"]\n'
    found = findings(config, {**COMMON, "app/a.py": 'import os\nos.environ["JWT_SECRET"]\n'}, RULE)
    assert [(finding.path, finding.subject) for finding in found] == [
        ("app/settings.py", ("unknown", "JWT_SECRET_KEY"))
    ]
    assert found[0].message == (
        "the environment key `JWT_SECRET_KEY` is not in the registry and is nearly `JWT_SECRET` (uses: 3 to 1), "
        "2 more in this file"
    )


def test_of_two_equally_rare_keys_the_later_by_name_is_reported() -> None:
    text = 'import os\nos.environ["B_A_C"], os.environ["A_B_C"]\n'
    assert subjects(text) == [("twin", "B_A_C", "A_B_C")]


def test_of_several_that_are_alike_the_most_frequent_is_the_one_to_use() -> None:
    text = 'import os\nos.environ["A_B_URL"], os.environ["B_A_URL"], os.environ["A_URI_B"], os.environ["B_A_URL"]\n'
    assert subjects(text) == [("twin", "A_B_URL", "B_A_URL"), ("twin", "A_URI_B", "B_A_URL")]


def test_a_registered_key_that_nobody_uses_counts() -> None:
    text = 'import os\nos.environ["DB_URL"]\n'
    config = f'{CONFIG}registry = ["DATABASE_URL", "JWT_SECRET_KEY"]\n'
    (finding,) = findings(config, {**COMMON, "app/a.py": text}, RULE)
    assert finding.message.endswith("is not in the registry and is nearly `DATABASE_URL` (uses: 1 to 0)")


def test_each_file_has_one_finding_for_a_key_with_a_few_places_of_the_other() -> None:
    text = 'import os\nos.environ["JWT_SECRET"]\nos.getenv("JWT_SECRET")\nos.environ["JWT_SECRET_KEY"]\n'
    (finding,) = findings(CONFIG, {**COMMON, "lib/a.py": text}, RULE)
    assert finding.span == (2, 1, 2, 11)
    assert finding.message == (
        "the environment key `JWT_SECRET` is nearly `JWT_SECRET_KEY` (uses: 2 to 4), 1 more in this file"
    )
    assert [(related.path, related.span.line) for related in finding.related] == [
        ("lib/a.py", 4),
        ("app/settings.py", 7),
        ("app/settings.py", 8),
    ]


REGISTRY = (
    'class Keys:\n    SECRET = "JWT_SECRET_KEY"\n    DATABASE_URL: str\n    pool_size = 1\n    LIMIT = 5\n'
    'REDIS_HOST = "localhost"\nNAMES = ["SMTP_HOST", "smtp"]\ndef f():\n    return read("LOG_LEVEL")\n'
)


@pytest.mark.parametrize(
    ("key", "is_known"),
    [
        pytest.param("JWT_SECRET_KEY", True, id="value of a constant"),
        pytest.param("SECRET", False, id="name of a constant whose value is the key"),
        pytest.param("DATABASE_URL", True, id="member of a class"),
        pytest.param("LIMIT", True, id="member of a class with a value"),
        pytest.param("POOL_SIZE", False, id="member in small letters"),
        pytest.param("REDIS_HOST", True, id="constant"),
        pytest.param("SMTP_HOST", True, id="string in a list"),
        pytest.param("LOG_LEVEL", True, id="argument"),
        pytest.param("SMTP", False, id="string in small letters"),
    ],
)
def test_registry_of_a_file(key: str, is_known: bool) -> None:
    config = f'{CONFIG}registry-from = ["conf/"]\ntwins = false\n'
    files = {"conf/keys.py": REGISTRY, "a.py": f'import os\nos.environ["{key}"]\n'}
    assert [finding.subject for finding in findings(config, files, RULE)] == [("unknown", key)] * (
        not is_known
    )


def test_a_snippet_is_compared_with_the_tree() -> None:
    snippet = "import os; os.environ['JWT_SECRET']"
    assert subjects("", f'{CONFIG}bad = ["{snippet}"]\n') == []
    with pytest.raises(ConfigError, match="snippet 1 is found fault with: the environment key `JWT_SECRET`"):
        subjects("", f'{CONFIG}good = ["{snippet}"]\n')


@pytest.mark.parametrize(
    "options",
    [
        pytest.param("twins = false", id="nothing to find"),
        pytest.param('fillers = ["KEY"]', id="filler at no place"),
        pytest.param('fillers = ["_"]', id="filler without a word"),
        pytest.param('distinct = [["JWT_SECRET"]]', id="one key alone"),
        pytest.param('registry-from = ["/etc/settings.py", "../a.py"]', id="file outside of the tree"),
    ],
)
def test_options_without_a_meaning_are_refused(options: str) -> None:
    with pytest.raises(ConfigError):
        subjects("", f"{CONFIG}{options}\n")

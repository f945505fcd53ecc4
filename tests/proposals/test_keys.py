"""What is proposed for keys of the environment: one of those that are nearly the same, and the list of them."""

from __future__ import annotations

import pytest
from proposed import found, project, tables, values

from ssot_lint.proposals.keys import propose

TWINS = {
    "app/a.py": 'import os\nkey = os.environ["JWT_SECRET_KEY"], os.getenv("JWT_SECRET_KEY"), os.getenv("PORT")\n',
    "app/b.py": 'import os\nkey = os.environ.get("JWT_SECRET")\n',
}


def test_keys_that_are_nearly_the_same() -> None:
    (proposal,) = propose(project(TWINS))
    assert [(table.name, values(table)) for table in proposal.tables] == [("env-key-drift", {})]
    assert proposal.evidence == (
        "nearly the same as another key that is used more: 1 of 3 keys",
        "`JWT_SECRET_KEY` (2 uses) and `JWT_SECRET` (1)",
    )
    assert proposal.strays == len(found(proposal, TWINS)) == 1


def test_swapped_words_are_shown_behind_the_most_used() -> None:
    names = [f"NAME{letter}" for letter in "ABCDE"]
    reads = "".join(f'os.getenv("{name}_URL")\n' * 3 + f'os.getenv("{name}_URI")\n' * 2 for name in names)
    swap = 'os.getenv("STAGING_API_URL")\nos.getenv("STAGING_API_URL")\nos.getenv("API_STAGING_URL")\n'
    (proposal,) = propose(project({"app/a.py": f"import os\n{reads}{swap}"}))
    assert [line.split("`")[1] for line in proposal.evidence[1:6]] == [f"{name}_URL" for name in names]
    assert proposal.evidence[6:] == (
        "`STAGING_API_URL` (2 uses) and `API_STAGING_URL` (1), its words swapped",
    )
    assert proposal.strays == 6
    (proposal,) = propose(project({"app/a.py": f"import os\n{swap}"}))
    assert proposal.evidence[1:] == ("`STAGING_API_URL` (2 uses) and `API_STAGING_URL` (1)",)


NONE = {
    "different keys": {"app/a.py": 'import os\nos.getenv("REDIS_HOST")\nos.getenv("REDIS_PORT")\n' * 3},
    "one use of each": {"app/a.py": 'import os\nos.getenv("JWT_SECRET")\nos.getenv("JWT_SECRET_KEY")\n'},
    "keys of another mapping": {
        "app/a.py": 'd = {}\nd["JWT_SECRET"]\nd["JWT_SECRET_KEY"]\nd.get("JWT_SECRET_KEY")\n'
    },
    "no keys": {"app/a.py": "import os\n"},
    "nothing": {},
    "what cannot be read": {"app/a.py": "def (:\n"},
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE.keys())
def test_nothing_to_propose(files: dict[str, str]) -> None:
    assert tables(propose, files) == []


KIT = """\
import os
class Environment:
    def get(self, key):
        return os.environ.get(key)
    def set(self, key, value):
        os.environ[key] = value
def get_env():
    return Environment()
def read_env(key, default=None):
    return os.environ.get(key, default)
env = get_env()
"""
ACCESSORS = {
    "what a function returns": ("get_env", 'get_env().get("JWT_SECRET")', "kit.env.get_env()"),
    "what a class makes": ("Environment", 'Environment().get("JWT_SECRET")', "kit.env.Environment()"),
    "a function": ("read_env", 'read_env("JWT_SECRET")', "kit.env.read_env"),
    "an object": ("env", 'env.get("JWT_SECRET")', "kit.env.env"),
}


@pytest.mark.parametrize(("name", "use", "accessor"), ACCESSORS.values(), ids=ACCESSORS.keys())
def test_the_accessor_of_the_tree(name: str, use: str, accessor: str) -> None:
    files = {
        "kit/env.py": KIT,
        "app/a.py": TWINS["app/a.py"],
        **{f"app/m{index}.py": f"from kit.env import {name}\n" for index in range(4)},
        "app/b.py": f"from kit.env import {name}\n{use}\n",
    }
    (proposal,) = propose(project(files))
    assert values(proposal.tables[0]) == {"accessors": [accessor]}
    assert proposal.strays == len(found(proposal, files)) == 1


VARIABLES = {
    "a parameter": ('def f{0}(env):\n    env.get("{1}")\n', ["**.env"]),
    "an attribute": ('class C{0}:\n    def f(self):\n        self.env["{1}"] = 1\n', ["**.env"]),
    "a variable with more words": ('def f{0}(test_env):\n    test_env.set("{1}", 1)\n', ["**.*_env"]),
    "a longer word": ('def f{0}(environment):\n    environment.pop("{1}")\n', ["**.environment"]),
    "a fixture": ('def test_{0}(monkeypatch):\n    monkeypatch.setenv("{1}", "x")\n', ["monkeypatch.setenv"]),
}


@pytest.mark.parametrize(("text", "accessors"), VARIABLES.values(), ids=VARIABLES.keys())
def test_variables_that_are_given_keys(text: str, accessors: list[str]) -> None:
    known = {f"app/m{index}.py": text.format(index, "JWT_SECRET_KEY") for index in range(2)}
    files = {"app/a.py": TWINS["app/a.py"], **known, "app/b.py": text.format("", "JWT_SECRET")}
    (proposal,) = propose(project(files))
    assert values(proposal.tables[0]) == {"accessors": accessors}
    assert proposal.strays == len(found(proposal, files)) == 1
    del files["app/m0.py"]
    assert tables(propose, files) == []


def test_variables_of_other_things() -> None:
    text = 'def f(env, environ):\n    env.get("{0}"), environ.get("PORT"), env.get("path"), env.get(key)\n'
    files = {f"app/m{index}.py": text.format("CC_FLAGS") for index in range(3)}
    files["app/m3.py"] = text.format("PORT")
    assert tables(propose, {**TWINS, **files}) == [("env-key-drift", {})]


KEYS = [
    f"KEY_{word}"
    for word in ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN"]
]
READ = "".join(f'os.getenv("{key}")\n' for key in KEYS)
REGISTRIES = {
    "a class": "class Keys:\n" + "".join(f"    {key}: str\n" for key in KEYS[1:]),
    "an enum": "import enum\nclass Keys(enum.Enum):\n"
    + "".join(f'    {key} = "{key}"\n' for key in KEYS[1:]),
    "a list": f"KNOWN = {KEYS[1:]}\n",
}


@pytest.mark.parametrize("text", REGISTRIES.values(), ids=REGISTRIES.keys())
def test_a_registry_of_most_keys(text: str) -> None:
    files = {"app/a.py": f"import os\n{READ}", "kit/keys.py": text}
    (proposal,) = propose(project(files))
    assert values(proposal.tables[0]) == {"registry-from": ["/kit/keys.py"]}
    assert proposal.evidence == ("kit/keys.py names 10 of 11 keys",)
    assert [finding.subject for finding in found(proposal, files)] == [("unknown", "KEY_ONE")]
    assert proposal.strays == 1


def test_a_registered_key_is_the_better_one() -> None:
    rarer = 'os.getenv("KEY_TWO_NAME")\n' * 3
    files = {"app/a.py": f"import os\n{READ}{rarer}", "kit/keys.py": REGISTRIES["a list"]}
    (proposal,) = propose(project(files))
    assert "`KEY_TWO` (1 use) and `KEY_TWO_NAME` (3)" in proposal.evidence
    assert proposal.strays == len(found(proposal, files)) == 2


NO_REGISTRY = {
    "too few of them": (KEYS, f"KNOWN = {KEYS[:6]}\n"),
    "too few": (KEYS[:6], f"KNOWN = {KEYS[:5]}\n"),
    "many, and few of them": ([*KEYS, *(f"{key}_ID" for key in KEYS)], f"KNOWN = {KEYS}\n"),
    "what reads them itself": (KEYS, f"import os\nKNOWN = {KEYS[1:]}\n{READ}"),
}


@pytest.mark.parametrize(("keys", "text"), NO_REGISTRY.values(), ids=NO_REGISTRY.keys())
def test_what_is_no_registry(keys: list[str], text: str) -> None:
    reads = "".join(f'os.getenv("{key}")\n' for key in keys)
    assert tables(propose, {"app/a.py": f"import os\n{reads}", "kit/keys.py": text}) == []


def test_a_test_is_no_registry() -> None:
    assert (
        tables(propose, {"app/a.py": f"import os\n{READ}", "tests/test_keys.py": REGISTRIES["a list"]}) == []
    )

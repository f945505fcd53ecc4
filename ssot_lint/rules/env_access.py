"""Finds what touches the environment of the process outside of the module that may.

*Why is this bad?* Settings that are read all over have no single list, default or type, and tests that
write them change each other. Half of all accesses are no reads: this rule also finds writes, deletions,
membership tests, loops, what passes the whole environment on (`dict(os.environ)`, `env=os.environ`), and
what patches it, under any alias and through any module that hands it on.

*Use instead* what the instance names under `use`.

*Limits* An import alone is no access: what is done with the name is. A name that may be the environment or
something else counts as the environment. `getattr(os, "environ")` and the `os` of a module outside of the
tree (`subprocess.os`) are not followed. An access whose key is no constant is reported unless `keys` is set,
and is never among `allow-keys`.

*Fix* With `drop-ins`, a function or mapping gives way to what the table says fits in its place, and arguments
and keys stay. That is safe if the drop-in is in the tree and its module does not lead back to the file. For
what is patched, or assigned to or deleted as a whole, and for all that has no drop-in no fix is offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._drop_in import accessor_contradictions, accessor_fix, split_accessor
from ssot_lint.rules._environment import Access, Kind, accesses
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names

_WORDS: dict[Kind, str] = {
    "read": "is read",
    "write": "is written to",
    "delete": "is deleted from",
    "test": "is searched",
    "iterate": "is looped over",
    "pass": "is passed on as a whole",
    "patch": "is patched",
}


@dataclass(frozen=True, kw_only=True)
class EnvAccessOptions(Options):
    """What `[[env-access]]` can be told."""

    accesses: tuple[Kind, ...] = option("the kinds of access to report; all when empty", example='["write"]')
    also: tuple[str, ...] = option(
        "further mappings and functions that are the environment, by their dotted names",
        example='["decouple.config"]',
    )
    keys: tuple[str, ...] = option(
        "report these keys alone; `*` stands for any characters", example='["JWT_*"]'
    )
    allow_keys: tuple[str, ...] = option("keys not to report", example='["PATH", "CI"]')
    drop_ins: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": "functions and mappings by their dotted names, each with what fixes put in its place and "
            "can take the same arguments or keys; `()` calls what stands before it",
            "example": '{ "os.getenv" = "app.env.get_env().get", "os.environ" = "app.env.environ" }',
        },
    )


def check(file: File, project: Project, options: EnvAccessOptions) -> Iterator[Problem]:
    """Yields every access of a file that the options speak of."""
    for access in accesses(file, project, options.also):
        if _is_meant(access, options) and not any(
            project.matches(options.allow_in, path) for path in access.via
        ):
            fix = None
            if access.kind != "patch":
                fix = accessor_fix(file, project, options.drop_ins, access.name, access.span)
            yield _problem(access)._replace(fix=fix)


def _is_meant(access: Access, options: EnvAccessOptions) -> bool:
    if options.accesses and access.kind not in options.accesses:
        return False
    if options.keys and not any(_matches(key, options.keys) for key in access.keys):
        return False
    return not access.keys or not all(_matches(key, options.allow_keys) for key in access.keys)


def _matches(key: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)


def _problem(access: Access) -> Problem:
    keys = ", ".join(f"`{key}`" for key in access.keys)
    through = f", handed on by {access.via[-1]}" if access.via else ""
    message = f"`{access.source}` {_WORDS[access.kind]}{f' ({keys})' if keys else ''}{through}"
    return Problem(access.span, message, (access.kind, access.source, *access.keys))


def _contradictions(options: EnvAccessOptions) -> Iterator[Contradiction]:
    yield from no_names(options, "also")
    yield from accessor_contradictions("drop-ins", options.drop_ins)
    for index, key in enumerate(options.keys):
        if _matches(key, options.allow_keys):
            yield Contradiction(("keys", index), f"`allow-keys` allows `{key}`, so nothing is found")


_CONFIG = """\
[[env-access]]
allow-in = ["app/settings.py"]
use = "app.settings"
"""

RULE = Rule(
    id="env-access",
    code="SST402",
    options=EnvAccessOptions,
    check=check,
    doc=__doc__,
    symbols=lambda options: (
        *(name for name in options.also if "*" not in name),
        *(split_accessor(accessor)[0] for accessor in options.drop_ins.values()),
    ),
    contradictions=_contradictions,
    bad=(
        Example(
            "every kind of access, under any name",
            {
                "ssot-lint.toml": _CONFIG,
                "app/__init__.py": "",
                "app/compat.py": "from os import environ\n",
                "app/orders.py": (
                    "import os\n"
                    "from os import environ as e, getenv\n"
                    "from unittest.mock import patch\n"
                    "from app.compat import environ\n"
                    'url = os.environ["URL"]  # [env-access]\n'
                    'port = getenv("PORT", "80")  # [env-access]\n'
                    'e.setdefault("DEBUG", "1")  # [env-access]\n'
                    'is_test = "TESTING" in environ  # [env-access]\n'
                    "run(env={**os.environ})  # [env-access]\n"
                    'patch.dict("os.environ", {"DEBUG": "0"})  # [env-access]\n'
                ),
            },
        ),
        Example(
            "only one kind, only some keys, and a function that is the environment, too",
            {
                "ssot-lint.toml": (
                    '[[env-access]]\naccesses = ["read"]\nkeys = ["JWT_*"]\n'
                    'allow-keys = ["JWT_ISSUER"]\nalso = ["decouple.config"]\n'
                ),
                "app.py": (
                    "import os\n"
                    "from decouple import config\n"
                    'os.environ["JWT_SECRET"] = config("JWT_SECRET")  # [env-access]\n'
                    'print(os.environ["JWT_ISSUER"], os.environ["PATH"], dict(os.environ))\n'
                ),
            },
        ),
        Example(
            "what has a drop-in",
            {
                "ssot-lint.toml": (
                    '[[env-access]]\nallow-in = ["app/env.py"]\n'
                    'drop-ins = { "os.getenv" = "app.env.get_env().get", '
                    '"os.environ.get" = "app.env.get_env().get" }\n'
                ),
                "app/__init__.py": "",
                "app/env.py": "import os\ndef get_env():\n    return os.environ\n",
                "app/orders.py": (
                    "import os\n"
                    'url = os.getenv("URL")  # [env-access]\n'
                    'port = os.environ.get("PORT", "80")  # [env-access]\n'
                    'debug = os.environ["DEBUG"]  # [env-access]\n'
                ),
            },
            fixed={
                "app/orders.py": (
                    "import os\n"
                    "from app.env import get_env\n"
                    'url = get_env().get("URL")\n'
                    'port = get_env().get("PORT", "80")\n'
                    'debug = os.environ["DEBUG"]  # [env-access]\n'
                )
            },
        ),
    ),
    good=(
        Example(
            "the module that may, what it hands on, and other things of the same names",
            {
                "ssot-lint.toml": _CONFIG,
                "app/__init__.py": "",
                "app/settings.py": 'import os\nenviron = os.environ\nport = os.getenv("PORT")\n',
                "app/orders.py": (
                    "import os\n"
                    "from app.settings import environ as settings\n"
                    'url = settings["URL"]\n'
                    "def serve(environ, start_response):\n"
                    '    return environ["PATH_INFO"] + os.sep + "os.environ"\n'
                    "class Request:\n"
                    "    def path(self):\n"
                    '        return self.environ["PATH_INFO"]  # not os.environ["PATH_INFO"]\n'
                ),
            },
        ),
    ),
)

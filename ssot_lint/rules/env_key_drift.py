"""Finds environment keys that no registry knows, and keys that are nearly the same as another.

*Why is this bad?* Nothing checks the spelling of a key: `JWT_SECRET` beside `JWT_SECRET_KEY` is one setting
with two values, of which each reader takes one. Keys are alike when their words stand in another order,
differ in `synonyms` or underscores, or one has a word of `fillers` more. The rarer of two keys is reported,
at its first place in each file; a key that is in the registry is never the rarer one of a pair with one
that is not. `USER` and `USERNAME`, which systems give, are never alike, nor is `PWD` like a password.

*Use instead* the key that the message names; what is alike on purpose goes under `distinct`.

*Limits* Keys are constant strings in capitals. Those in a dictionary that is passed as a whole, as to
`patch.dict`, are not seen. A variable that holds an accessor is known by its name alone: see `accessors`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ssot_lint.file import File
from ssot_lint.finding import Problem, Related, Span
from ssot_lint.project import Project
from ssot_lint.rules._environment import key_places
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._twins import Twins

_KEY = re.compile(r"[A-Z][A-Z0-9_]+").fullmatch
_SHOWN = 3  # places of the other key
_OF_SYSTEMS = (
    ("USER", "USERNAME"),  # Unix gives the one, Windows the other
    *(("PWD", word) for word in ("PASSWORD", "PASSWD", "PASS")),  # the working folder
)
"""Groups of keys that are alike by chance, besides those that a configuration names."""

Places = Mapping[str, Sequence[Span]]
"""Where a file uses each key, in the order of the lines."""


@dataclass(frozen=True, kw_only=True)
class EnvKeyDriftOptions(Options):
    """What `[[env-key-drift]]` can be told."""

    registry: tuple[str, ...] = option(
        "the keys that there are; `*` stands for any characters", example='["DATABASE_URL", "JWT_*"]'
    )
    registry_from: tuple[str, ...] = option(
        "files whose strings, constants and class members in capitals are such keys, in gitignore syntax",
        example='["app/settings.py"]',
    )
    accessors: tuple[str, ...] = option(
        "functions and objects that take a key first, besides `os`: dotted names or patterns, by the home "
        "of the thing or as it is written in a file; `f()` is what `f` returns",
        example='["app.settings.read", "app.settings.get_env()", "**.env", "monkeypatch.setenv"]',
    )
    twins: bool = option("whether keys that are nearly the same are reported", default=True)
    synonyms: tuple[tuple[str, ...], ...] = option(
        "groups of words that mean one thing, instead of the default",
        default=(
            ("URL", "URI"),
            ("PASSWORD", "PASSWD", "PASS", "PWD"),
            ("DATABASE", "DB"),
            ("ENVIRONMENT", "ENV"),
            ("DEVELOPMENT", "DEV"),
            ("PRODUCTION", "PROD"),
            ("USER", "USERNAME"),
            ("EXPIRY", "EXPIRE", "EXPIRES", "EXPIRATION"),
            ("WEBSOCKET", "WS"),
            ("DIRECTORY", "DIR"),
            ("MAXIMUM", "MAX"),
            ("MINIMUM", "MIN"),
        ),
    )
    fillers: tuple[str, ...] = option(
        "words that make no other key at the beginning (`USE_`), at the end (`_KEY`) or in between "
        "(`_BASE_`), instead of the default",
        default=(
            *("USE_", "ENABLE_", "_BASE_", "_SERVICE_"),
            *("_KEY", "_VALUE", "_NAME", "_SECONDS", "_ENABLED"),
        ),
    )
    distinct: tuple[tuple[str, ...], ...] = option(
        "groups of keys that are alike on purpose; `*` stands for any characters",
        example='[["TEST_ENV", "TEST_ENVIRONMENT"]]',
    )
    ignore: tuple[str, ...] = option("keys not to look at", example='["PYTEST_*"]')


def check(file: File, project: Project, options: EnvKeyDriftOptions) -> Iterator[Problem]:
    """Yields the first place in the file of each key that is unknown, or the rarer of two that are alike."""
    keys = environment_keys(project, options)
    for key, spans in keys.used_in(file).items():
        rival = keys.rival(key)
        is_unknown = keys.has_registry and not keys.is_registered(key)
        if is_unknown or rival:
            more = f", {len(spans) - 1} more in this file" if len(spans) > 1 else ""
            message = keys.message(key, rival, is_unknown) + more
            subject = ("unknown", key) if is_unknown else ("twin", key, rival)
            yield Problem(spans[0], message, subject, tuple(keys.related(rival, file.path)))


def environment_keys(project: Project, options: EnvKeyDriftOptions) -> EnvironmentKeys:
    """All keys of the tree, found once."""
    return project.once(("env-key-drift", options), lambda: EnvironmentKeys(project, options))


class EnvironmentKeys:
    """All keys of the tree, as one instance sees them."""

    def __init__(self, project: Project, options: EnvKeyDriftOptions) -> None:
        self._project = project
        self._options = options
        self._by_path: dict[str, Places] = {}
        self.places: defaultdict[str, list[tuple[str, Span]]] = defaultdict(list)  # of each key that is used
        self._rivals: dict[str, str] = {}
        self._registry: set[str] = {key for key in options.registry if "*" not in key}
        for path, places, words in project.every(("env-key-drift", options), self._read, resolves=True):
            self._registry |= words
            if places is not None:
                self._by_path[path] = places
                for key, spans in places.items():
                    self.places[key] += ((path, span) for span in spans)
        self.has_registry = bool(options.registry or options.registry_from)
        known = self._registry.union(self.places) if options.twins else ()
        self._twins = Twins(known, options.synonyms, options.fillers)

    def _read(self, file: File) -> tuple[str, Places | None, set[str]]:
        """The path of a file, the keys that it uses if it is looked at, and those that it registers."""
        project, options = self._project, self._options
        is_looked_at = options.twins and _is_looked_at(file.path, project, options)
        is_registry = bool(options.registry_from) and project.matches(options.registry_from, file.path)
        return (
            file.path,
            _used_in(file, project, options) if is_looked_at else None,
            words_in_capitals(file) if is_registry else set(),
        )

    def used_in(self, file: File) -> Places:
        """Where a file uses each key; a snippet is no part of the tree."""
        found = self._by_path.get(file.path)
        return _used_in(file, self._project, self._options) if found is None else found

    def is_registered(self, key: str) -> bool:
        """Whether the registry knows a key."""
        return key in self._registry or _matches(key, self._options.registry)

    def rival(self, key: str) -> str:
        """The key that is to be used instead of a key which is nearly the same, "" where there is none."""
        if key not in self._rivals:
            candidates = [twin for twin in self._twins.of(key) if not self._are_distinct(key, twin)]
            best = min((key, *candidates), key=self._rank)
            self._rivals[key] = "" if best == key else best
        return self._rivals[key]

    def _rank(self, key: str) -> tuple[bool, int, str]:
        """What puts the better of two keys first: the registry, then the number of places, then the name."""
        return not self.is_registered(key), -self._number(key), key

    def _are_distinct(self, key: str, other: str) -> bool:
        groups = (*_OF_SYSTEMS, *self._options.distinct)
        return any(_matches(key, group) and _matches(other, group) for group in groups)

    def _number(self, key: str) -> int:
        return len(self.places.get(key, ()))

    def message(self, key: str, rival: str, is_unknown: bool) -> str:
        """What is wrong with a key."""
        unknown = "is not in the registry" if is_unknown else ""
        uses = f"uses: {self._number(key)} to {self._number(rival)}"
        alike = f"is nearly `{rival}` ({uses})" if rival else ""
        return f"the environment key `{key}` " + " and ".join(filter(None, (unknown, alike)))

    def related(self, rival: str, path: str) -> Iterator[Related]:
        """A few places of the other key, those of the same file first."""
        places = sorted(self.places.get(rival, ()), key=lambda place: (place[0] != path, place))
        for other, span in places[:_SHOWN]:
            yield Related(other, span, f"`{rival}` is used here")


def _is_looked_at(path: str, project: Project, options: EnvKeyDriftOptions) -> bool:
    is_chosen = not options.paths or project.matches(options.paths, path)
    return is_chosen and not project.matches(options.exclude, path)


def _used_in(file: File, project: Project, options: EnvKeyDriftOptions) -> Places:
    found: defaultdict[str, set[Span]] = defaultdict(set)
    for key, span in key_places(file, project, options.accessors, _is_key):
        if not _matches(key, options.ignore):
            found[key].add(span)
    return {key: sorted(spans) for key, spans in sorted(found.items())}


def words_in_capitals(file: File) -> set[str]:
    """What may be a key where keys are defined: strings, and names that do not stand for one."""
    constants = {constant.name.rpartition(".")[2]: constant.value for constant in file.outline.constants}
    members = {member for entry in file.outline.classes for member in entry.members}
    names = {name for name in members.union(constants) if not _is_key(constants.get(name, "")[1:-1])}
    return set(filter(_is_key, names.union(literal.value for literal in file.bodies.literals)))


def _is_key(text: str) -> bool:
    return _KEY(text) is not None


def _matches(key: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)


def _contradictions(options: EnvKeyDriftOptions) -> Iterator[Contradiction]:
    if not options.twins and not options.registry and not options.registry_from:
        yield Contradiction(("twins",), "without `registry` or `registry-from` nothing is left to find")
    for index, filler in enumerate(options.fillers):
        if not filler.strip("_") or filler == filler.strip("_"):
            text = f"`{filler}` says no place: write `{filler}_`, `_{filler}` or `_{filler}_`"
            yield Contradiction(("fillers", index), text)
    for index, group in enumerate(options.distinct):
        if len(group) < 2 and not any("*" in key for key in group):
            yield Contradiction(("distinct", index), "one key alone is like no other")


RULE = Rule(
    id="env-key-drift",
    code="SST403",
    options=EnvKeyDriftOptions,
    check=check,
    doc=__doc__,
    contradictions=_contradictions,
    bad=(
        Example(
            "a word more, the words swapped, and a synonym",
            {
                "ssot-lint.toml": "[[env-key-drift]]\n",
                "app/settings.py": (
                    "import os\n"
                    'secret = os.environ["JWT_SECRET_KEY"]\n'
                    'url = os.getenv("STAGING_BACKEND_URL")\n'
                    'password = os.environ.get("DATABASE_PASSWORD", "")\n'
                ),
                "app/tokens.py": (
                    "from os import environ\n"
                    'key = environ["JWT_SECRET_KEY"]\n'
                    'secret = environ.get("JWT_SECRET")  # [env-key-drift]\n'
                    'has_secret = "JWT_SECRET_KEY" in environ\n'
                ),
                "scripts/deploy.py": (
                    "import os\n"
                    'os.environ.pop("STAGING_BACKEND_URL")\n'
                    'os.environ["BACKEND_STAGING_URL"] = "/"  # [env-key-drift]\n'
                    'login(os.environ["DB_PASSWORD"])  # [env-key-drift]\n'
                    'login(os.environ["DATABASE_PASSWORD"])\n'
                ),
            },
        ),
        Example(
            "keys that the module which reads them all does not know",
            {
                "ssot-lint.toml": (
                    '[[env-key-drift]]\nregistry-from = ["app/settings.py"]\nregistry = ["CI"]\n'
                    'accessors = ["app.settings.get_env()", "monkeypatch.setenv"]\n'
                ),
                "app/settings.py": (
                    'class Keys:\n    SECRET = "JWT_SECRET_KEY"\n    DATABASE_URL: str\ndef get_env(): ...\n'
                ),
                "app/orders.py": (
                    "import os\n"
                    "from app.settings import get_env\n"
                    'is_ci = os.getenv("CI")\n'
                    'url = get_env().get("DATABASE_URL")\n'
                    'host = get_env().get("DATABASE_HOST")  # [env-key-drift]\n'
                    "def test_orders(monkeypatch):\n"
                    '    monkeypatch.setenv("SECRET", "x")  # [env-key-drift]\n'
                ),
            },
        ),
    ),
    good=(
        Example(
            "keys that share words and differ in meaning, or are alike on purpose",
            {
                "ssot-lint.toml": '[[env-key-drift]]\ndistinct = [["TEST_ENV", "TEST_ENVIRONMENT"]]\n',
                "app/settings.py": (
                    "import os\n"
                    'urls = os.environ["DATABASE_URL"], os.environ["TEST_DATABASE_URL"]\n'
                    'hosts = os.environ["REDIS_HOST"], os.environ["REDIS_HOST_PORT"]\n'
                    'names = os.environ["API"], os.environ["API_KEY"]\n'
                    'envs = os.environ["TEST_ENV"], os.environ["TEST_ENVIRONMENT"]\n'
                    'users = os.environ.get("USER") or os.environ.get("USERNAME")\n'
                    'other = {"JWT_SECRET": 1}.get("JWT_SECRET"), os.environ["JWT_SECRET_KEY"]\n'
                ),
            },
        ),
    ),
)

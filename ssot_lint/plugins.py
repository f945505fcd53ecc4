"""Loads the plugins that a configuration names: the one case in which code of a project is run.

A name such as `our_checks.no_print` is a module below the root or a source root of the project; any other
is an entry point of an installed package, in the group `ssot_lint.rules`. Either way it is a module that has
`RULE = Rule(...)`, or several rules in `RULES`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from hashlib import blake2b
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any

from ssot_lint.catalogue import Catalogue, Plugin
from ssot_lint.file import File
from ssot_lint.files import UsageError
from ssot_lint.finding import Problem
from ssot_lint.rules import Options, Rule
from ssot_lint.tables import Fault, Settings, expected, fields_of, quoted

GROUP = "ssot_lint.rules"

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z]{3}\d{3}")
_LARGEST = 10**18 - 1  # value of a problem
_ABOUT = ("source", "suppressions", "configuration")
_NOT_THEIRS = sys.stdlib_module_names | {"ssot_lint"}


class _PluginError(Exception):
    """Why a plugin cannot be used, said of its name."""


def load(
    names: Sequence[str], folders: Sequence[Path], catalogue: Catalogue
) -> tuple[Catalogue, list[Fault]]:
    """Add the rules of plugins to a catalogue; return also what is wrong with those that it lacks.

    `folders` are those that the imports of the project start from.
    """
    homes = {name: _home(name, folders) for name in names}
    # What this process has loaded before may be of another project, or of another day.
    for name, home in homes.items():
        for loaded in _modules_beside(name) if home is not None else ():
            del sys.modules[loaded]
    faults = []
    for index, name in enumerate(names):
        try:
            plugin = _load(name, homes[name], folders)
            _refuse_clashes(plugin, catalogue)
        except _PluginError as error:
            faults.append(Fault(("plugins", index), f"{quoted(name)} {error}"))
        else:
            catalogue = Catalogue((*catalogue.plugins, plugin))
    return catalogue, faults


def _home(name: str, folders: Sequence[Path]) -> Path | None:
    """Return the first of the folders that has a module, unless the name cannot be that of a plugin."""
    if not _MODULE.fullmatch(name) or name.partition(".")[0] in _NOT_THEIRS:
        return None
    place = Path(*name.split("."))
    for folder in folders:
        if (folder / place.with_suffix(".py")).is_file() or (folder / place / "__init__.py").is_file():
            return folder
    return None


def _load(name: str, home: Path | None, folders: Sequence[Path]) -> Plugin:
    try:
        with redirect_stdout(sys.stderr):  # what a plugin prints is no part of a report
            if home is None:
                module = _installed(name, folders)
            else:
                with _importing_from((home, *folders)):
                    module = import_module(name)
            rules = tuple(_guarded(rule, name) for rule in _rules_of(module))
            return Plugin(name, rules, _digest(module.__name__))
    except _PluginError:
        raise
    except (Exception, SystemExit) as error:
        raise _PluginError(f"cannot be loaded: {_last_line(error)}") from error


def _last_line(error: BaseException) -> str:
    """Return the last line of a traceback, and where it comes from."""
    from traceback import extract_tb, format_exception_only

    places = [(frame.filename, frame.lineno) for frame in extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    path, line = [place for place in places if not place[0].startswith("<frozen ")][-1]
    return f"{format_exception_only(type(error), error)[-1].strip()} ({path}:{line})"


@contextmanager
def _importing_from(folders: Sequence[Path]) -> Iterator[None]:
    """Let imports start from folders first, and leave no trace: neither in `sys.path` nor on disk."""
    path, writes_nothing = sys.path[:], sys.dont_write_bytecode
    sys.path[:0] = map(str, folders)
    sys.dont_write_bytecode = True
    invalidate_caches()
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, writes_nothing


def _installed(name: str, folders: Sequence[Path]) -> ModuleType:
    from importlib.metadata import entry_points

    found = {each.value: each for each in entry_points(group=GROUP, name=name)}
    if not found:
        places = ", ".join(str(folder) for folder in folders)
        raise _PluginError(f"is no module below {places}, and no entry point of the group `{GROUP}`")
    if len(found) > 1:
        raise _PluginError(f"is an entry point of several packages: {', '.join(sorted(found))}")
    ((_, entry_point),) = found.items()
    module = entry_point.load()
    if not isinstance(module, ModuleType):
        raise _PluginError(f"leads to `{entry_point.value}`, expected a module")
    return module


def _modules_beside(name: str) -> list[str]:
    """Return the names of the loaded modules that lie in one package with a module."""
    top = name.partition(".")[0]
    return sorted(loaded for loaded in sys.modules if loaded == top or loaded.startswith(f"{top}."))


def _digest(name: str) -> str:
    digest = blake2b(digest_size=16)
    for loaded in _modules_beside(name):
        path = getattr(sys.modules[loaded], "__file__", None)
        source = Path(path).read_bytes() if path else b""  # a folder without `__init__.py` has none
        digest.update(repr((loaded, source)).encode())
    return digest.hexdigest()


def _rules_of(module: ModuleType) -> Iterator[Rule]:
    rules: Any = getattr(module, "RULES", None) or (getattr(module, "RULE", None),)
    if rules == (None,):
        raise _PluginError("has neither `RULE = Rule(...)` nor `RULES`")
    for rule in rules:
        if not isinstance(rule, Rule):
            raise _PluginError(f"has {quoted(repr(rule))} where a Rule is expected")
        if flaw := _flaw_of(rule):
            raise _PluginError(f"has the rule {quoted(str(rule.id))}: {flaw}")
        yield rule


def _flaw_of(rule: Rule) -> str:
    """Say why a rule cannot be used, "" where it can."""
    if not _ID.fullmatch(rule.id):
        return "its id is not of the form `some-words`"
    if not _CODE.fullmatch(rule.code):
        return f"its code {quoted(rule.code)} is not of the form `ABC123`"
    if not (rule.summary and rule.bad and rule.good):
        return "it needs a `doc`, a `bad` example and a `good` one"
    options: Any = rule.options
    if not issubclass(options, Options):
        return f"its options, `{options.__name__}`, are no `Options`"
    options()  # where an option has no default, this says so
    for key in rule.required:
        if key not in fields_of(options):
            return f"it requires `{key}`, which is none of its options"
    if rule.about not in _ABOUT:
        return f'it is about "{rule.about}", expected "source", "suppressions" or "configuration"'
    for key, (field, hint) in fields_of(options).items():
        if "help" not in field.metadata:
            return f"the option `{key}` is not made with `option(...)`"
        try:
            expected(hint)
        except KeyError:
            return f"the option `{key}` is of a type that TOML does not have"
    return ""


def _guarded(rule: Rule, plugin: str) -> Rule:
    """Return a rule that is named when it fails, ends no process and prints nothing into a report."""

    def guard(function: Callable[..., Iterable[Any]]) -> Callable[..., tuple[Any, ...]]:
        def call(*arguments: Any) -> tuple[Any, ...]:
            try:
                with redirect_stdout(sys.stderr):
                    found = tuple(function(*arguments))
                if function is rule.check:
                    _expect_problems(found)
            except (Exception, SystemExit) as error:
                place = f" at {arguments[0].path}" if isinstance(arguments[0], File) else ""
                whose = f"the rule `{rule.id}` of the plugin {quoted(plugin)}"
                raise UsageError(f"{whose} fails{place}: {_last_line(error)}") from error
            return found

        return call

    return replace(
        rule,
        check=guard(rule.check),
        symbols=guard(rule.symbols),
        forbids=guard(rule.forbids),
        contradictions=guard(rule.contradictions),
    )


def _expect_problems(found: Sequence[object]) -> None:
    for each in found:
        if not isinstance(each, Problem):
            raise TypeError(f"found {each!r} where a Problem is expected")
        if each.value is not None and (type(each.value) is not int or abs(each.value) > _LARGEST):
            raise TypeError(f"found the value {each.value!r} where a whole number is expected")


def _refuse_clashes(plugin: Plugin, others: Catalogue) -> None:
    taken = dict.fromkeys((*fields_of(Settings), *others.tables, *others.words), "")
    for other in others.plugins:
        taken |= dict.fromkeys((word for rule in other.rules for word in (rule.id, rule.code)), other.name)
    for rule in plugin.rules:
        for word in (rule.id, rule.code):
            if word in taken:
                whose = f"the plugin {quoted(taken[word])}" if taken[word] else "ssot-lint"
                raise _PluginError(f"has the rule `{rule.id}` ({rule.code}): {whose} has a `{word}` already")
            taken[word] = plugin.name

"""Finds the configuration and turns it into instances of rules.

The root, which all paths in a configuration start from, is the folder of the configuration file. A file
that is named (`--config FILE`) does not move the root unless it lies above the linted folder, in the same
git work tree: else the root is the top of that work tree or, outside of git, the linted folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from ssot_lint.canonical import Canonical, expand
from ssot_lint.finding import Span
from ssot_lint.reading import ConfigError as ConfigError
from ssot_lint.reading import Reading, read
from ssot_lint.rules import RULE_BY_ID, RULES, Options, Rule
from ssot_lint.tables import SELECTORS, Settings, key_of, unknown_rule
from ssot_lint.toml_document import Place, TomlDocument, TomlError

OWN_FILE = "ssot-lint.toml"
SHARED_FILE = "pyproject.toml"
DEFAULT = "default"
COMMAND_LINE = "command line"

_NOWHERE = Span(1, 1, 1, 1)


class Instance(NamedTuple):
    """A rule with options; `span` is where the table that asks for it stands in the configuration file."""

    rule: Rule
    options: Options
    span: Span


@dataclass(frozen=True)
class Config:
    """What is in force for a project.

    `origins` tells where values come from, by keys such as `exclude`, `instances.0` and
    `instances.0.targets`; what is not among them is a default.
    """

    root: Path
    path: str  # of the configuration file, from the root with `/` as separator; "" where there is none
    exclude: tuple[str, ...] = ()
    strict: tuple[str, ...] = ()
    source_roots: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    python: str = ""
    requires_python: str = ""
    instances: tuple[Instance, ...] = ()
    unselected: tuple[Instance, ...] = ()  # configured, but left out by `select` and `ignore`
    origins: Mapping[str, str] = field(default_factory=dict)

    def selects(self, rule: Rule) -> bool:
        """Tell whether `select` and `ignore` let a rule run."""
        return _selects(self.select, self.ignore, rule)

    @property
    def digest(self) -> str:
        """Hexadecimal digits over everything that can change findings, the same on every machine."""
        parts = [getattr(self, each.name) for each in fields(self) if each.name not in _NOT_DIGESTED]
        parts += [(rule.id, options, span) for rule, options, span in (*self.instances, *self.unselected)]
        return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


_NOT_DIGESTED = ("root", "instances", "unselected", "origins")


class _File(NamedTuple):
    path: Path
    document: TomlDocument

    @property
    def top(self) -> Place:
        return _top(self.path.name)


def find(start: Path) -> Path | None:
    """Return the nearest configuration file, from a file or folder upwards. Raises ConfigError.

    In a folder `ssot-lint.toml` wins; a `pyproject.toml` without `[tool.ssot-lint]` is passed over.
    """
    found = _find(_folder(start))
    return None if found is None else found.path


def load(path: Path | None, start: Path, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Config:
    """Read the configuration at `path`, else the nearest one from the file or folder `start` upwards.

    `select` and `ignore` come from the command line: the first replaces what the configuration selects
    and ignores, the second is added to what it ignores. Raises ConfigError.
    """
    for flag, selectors in (("--select", select), ("--ignore", ignore)):
        for selector in selectors:
            if selector not in SELECTORS:
                raise ConfigError(f"{flag}: {unknown_rule(selector)}")
    folder = _folder(start)
    if path is None:
        found = _find(folder)
        root = found.path.parent if found is not None else _work_tree(folder) or folder
    else:
        found = _open(Path(os.path.abspath(path)))
        root = _root_for(found.path.parent, folder)
    if found is None:
        return _config(root, "", Reading(), _required_in(root), select, ignore)
    shown_path = _shown(found.path)
    if found.top and not _has_table(found.document):
        raise ConfigError(f"{shown_path}: expected a table `tool.ssot-lint`, found none")
    reading = read(found.document, found.top, shown_path, root)
    requires_python = _requires_python(found.document) if found.top else _required_in(root)
    return _config(root, _relative(found.path, root), reading, requires_python, select, ignore)


def parse(text: str, path: str = OWN_FILE, root: Path = Path()) -> Config:
    """Read a configuration from a text, as if it stood at a root-relative path. Raises ConfigError."""
    document = _document(text, path)
    top = _top(path.rpartition("/")[2])
    reading = read(document, top, path, root) if not top or _has_table(document) else Reading()
    return _config(root, path, reading, _requires_python(document) if top else "", (), ())


def _config(
    root: Path,
    path: str,
    reading: Reading,
    requires_python: str,
    select: Sequence[str],
    ignore: Sequence[str],
) -> Config:
    settings = {each.name: getattr(reading.settings, each.name) for each in fields(Settings)}
    settings["source_roots"] = tuple(map(_without_dots, settings["source_roots"]))
    origins = {key: f"{path}:{line}" for key, line in reading.lines.items()}
    if select:
        settings.update(select=tuple(select), ignore=())
        origins.update(select=COMMAND_LINE, ignore=COMMAND_LINE)
    if ignore:
        origins["ignore"] = f"{origins['ignore']}, {COMMAND_LINE}" if settings["ignore"] else COMMAND_LINE
        settings["ignore"] += tuple(ignore)
    instances: list[Instance] = []
    unselected: list[Instance] = []
    for instance, own_origins in _instances(reading, path):
        if _selects(settings["select"], settings["ignore"], instance.rule):
            place = f"instances.{len(instances)}"
            origins.update({f"{place}{key}": origin for key, origin in own_origins.items()})
            instances.append(instance)
        else:
            unselected.append(instance)
    return Config(
        root,
        path,
        **settings,
        requires_python=requires_python,
        instances=tuple(instances),
        unselected=tuple(unselected),
        origins=origins,
    )


def _instances(reading: Reading, path: str) -> Iterator[tuple[Instance, dict[str, str]]]:
    """Yield the instances, each with its origin under "" and those of its options under `.key`."""
    for rule in RULES:
        if rule.default and rule.id not in reading.configured:
            yield Instance(rule, rule.options(), _NOWHERE), {}
    for table in reading.tables:
        place = f"{path}:{table.span.line}"
        if isinstance(table.options, Canonical):
            for rule, options in expand(table.options):
                origins = dict.fromkeys(("", *_changed(options)), f"canonical at {place}")
                yield Instance(rule, options, table.span), origins
        else:
            origins = {f".{key}": f"{path}:{line}" for key, line in table.lines.items()}
            yield Instance(RULE_BY_ID[table.name], table.options, table.span), {"": place, **origins}


def _changed(options: Options) -> Iterator[str]:
    """Yield `.key` for each option that differs from its default."""
    plain = type(options)()
    for each in fields(options):
        if getattr(options, each.name) != getattr(plain, each.name):
            yield f".{key_of(each.name)}"


def _selects(select: Sequence[str], ignore: Sequence[str], rule: Rule) -> bool:
    is_selected = not select or any(rule.id in SELECTORS[selector] for selector in select)
    return is_selected and not any(rule.id in SELECTORS[selector] for selector in ignore)


def _find(folder: Path) -> _File | None:
    for place in (folder, *folder.parents):
        own, shared = place / OWN_FILE, place / SHARED_FILE
        if os.path.isfile(own):
            return _open(own)
        # Most files do not mention the tool and need not be parsed; some of those could not be.
        if os.path.isfile(shared) and b"ssot-lint" in _bytes(shared):
            file = _open(shared)
            if _has_table(file.document):
                return file
    return None


def _open(path: Path) -> _File:
    content = _bytes(path)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{_shown(path)}:{line}: expected text in UTF-8, found other bytes") from None
    return _File(path, _document(text, _shown(path)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{_shown(path)}: the configuration cannot be read: {error.strerror}") from None


def _document(text: str, shown_path: str) -> TomlDocument:
    try:
        return TomlDocument(text)
    except TomlError as error:
        raise ConfigError(f"{shown_path}:{error.line}:{error.column}: this is not TOML: {error}") from None


def _top(name: str) -> Place:
    return ("tool", "ssot-lint") if name == SHARED_FILE else ()


def _has_table(document: TomlDocument) -> bool:
    tool = document.data.get("tool")
    return isinstance(tool, dict) and "ssot-lint" in tool


def _requires_python(document: TomlDocument) -> str:
    project: Any = document.data.get("project")
    found = project.get("requires-python") if isinstance(project, dict) else None
    return found if isinstance(found, str) else ""


def _required_in(folder: Path) -> str:
    """Return `requires-python` of a pyproject.toml that is not the configuration, and so may be broken."""
    file = folder / SHARED_FILE
    try:
        return _requires_python(_open(file).document) if os.path.isfile(file) else ""
    except ConfigError:
        return ""


def _folder(start: Path) -> Path:
    path = Path(os.path.abspath(start))
    return path if os.path.isdir(path) else path.parent


def _work_tree(folder: Path) -> Path | None:
    places = (folder, *folder.parents)
    return next((place for place in places if os.path.lexists(place / ".git")), None)


def _root_for(home: Path, folder: Path) -> Path:
    """Return the root for a configuration file in the folder `home` that was named, not found."""
    work_tree = _work_tree(folder)
    if folder.is_relative_to(home) and (work_tree is None or home.is_relative_to(work_tree)):
        return home
    return work_tree or folder


def _relative(path: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def _shown(path: Path) -> str:
    """Return a path as a user in the working folder would write it."""
    here = os.getcwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _without_dots(folder: str) -> str:
    return "/".join(part for part in folder.split("/") if part not in ("", "."))

"""Turns the configuration into instances of rules."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from ssot_lint.canonical import Canonical, expand
from ssot_lint.catalogue import OWN_RULES, Catalogue
from ssot_lint.config_file import OWN_FILE, locate, parsed, required_python
from ssot_lint.finding import Span
from ssot_lint.gates import Gate
from ssot_lint.reading import ConfigError as ConfigError
from ssot_lint.reading import Reading, read, read_catalogue
from ssot_lint.rules import Options, Rule
from ssot_lint.tables import OutsideFiles, Settings, key_of, unknown_rule

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

    `origins` tells where values come from, by keys such as `exclude`, `instances.0`, `instances.0.targets`
    and `gates.0`; what is not among them is a default.
    """

    root: Path
    path: str  # of the configuration file, from the root with `/` as separator; "" where there is none
    exclude: tuple[str, ...] = ()
    strict: tuple[str, ...] = ()
    source_roots: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    python: str = ""
    resolve_installed: bool = False
    migrate_first: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    outside: OutsideFiles = field(default_factory=OutsideFiles)
    catalogue: Catalogue = OWN_RULES
    requires_python: str = ""
    instances: tuple[Instance, ...] = ()
    unselected: tuple[Instance, ...] = ()  # configured, but left out by `select` and `ignore`
    gates: tuple[Gate, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Hexadecimal digits over everything that can change findings, the same on every machine."""
        parts = [getattr(self, each.name) for each in fields(self) if each.name not in _NOT_DIGESTED]
        parts += [(rule.id, options, span) for rule, options, span in (*self.instances, *self.unselected)]
        parts.append(self.catalogue.digest)
        return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


_NOT_DIGESTED = (
    *("root", "catalogue", "instances", "unselected", "origins"),
    *("migrate_first", "outside", "gates"),  # which change no finding
)


def find(start: Path) -> Path | None:
    """Return the nearest configuration file, from a file or folder upwards. Raises ConfigError."""
    found, _ = locate(None, start)
    return None if found is None else found.path


def find_catalogue(path: Path | None, start: Path) -> Catalogue:
    """Return the rules that there are under a configuration, found as by `load`. Raises ConfigError.

    Of the configuration this reads the names of plugins alone, whatever is wrong with the rest.
    """
    found, root = locate(path, start)
    return OWN_RULES if found is None else read_catalogue(found.document, found.top, found.shown_path, root)


def load(path: Path | None, start: Path, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Config:
    """Read the configuration at `path`, else the nearest one from the file or folder `start` upwards.

    `select` and `ignore` come from the command line: the first replaces what the configuration selects
    and ignores, the second is added to what it ignores. Raises ConfigError.
    """
    found, root = locate(path, start)
    if found is None:
        shown_path, reading = "", Reading()
    else:
        shown_path = _relative(found.path, root)
        reading = read(found.document, found.top, found.shown_path, root)
    for flag, selectors in (("--select", select), ("--ignore", ignore)):
        for selector in selectors:
            if selector not in reading.catalogue.selectors:
                raise ConfigError(f"{flag}: {unknown_rule(selector, reading.catalogue.selectors)}")
    requires_python = found.requires_python if found is not None and found.top else required_python(root)
    return _config(root, shown_path, reading, requires_python, select, ignore)


def parse(text: str, path: str = OWN_FILE, root: Path = Path(), rules: Catalogue = OWN_RULES) -> Config:
    """Read a configuration from a text, as if it stood at a root-relative path. Raises ConfigError.

    `rules` are those that there are, with the plugins of the text itself added.
    """
    file = parsed(text, Path(path))
    reading = read(file.document, file.top, path, root, rules) if file.is_ours else Reading(catalogue=rules)
    return _config(root, path, reading, file.requires_python, (), ())


def _config(
    root: Path,
    path: str,
    reading: Reading,
    requires_python: str,
    select: Sequence[str],
    ignore: Sequence[str],
) -> Config:
    settings = {each.name: getattr(reading.settings, each.name) for each in fields(Settings)}
    settings["outside"] = settings["outside"] or OutsideFiles()
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
        if _selects(settings["select"], settings["ignore"], instance.rule, reading.catalogue):
            place = f"instances.{len(instances)}"
            origins.update({f"{place}{key}": origin for key, origin in own_origins.items()})
            instances.append(instance)
        else:
            unselected.append(instance)
    for index, table in enumerate(reading.gates):
        origins[f"gates.{index}"] = f"{path}:{table.span.line}"
        origins.update({f"gates.{index}.{key}": f"{path}:{line}" for key, line in table.lines.items()})
    return Config(
        root,
        path,
        **settings,
        catalogue=reading.catalogue,
        requires_python=requires_python,
        instances=tuple(instances),
        unselected=tuple(unselected),
        gates=tuple(table.options for table in reading.gates),
        origins=origins,
    )


def _instances(reading: Reading, path: str) -> Iterator[tuple[Instance, dict[str, str]]]:
    """Yield the instances, each with its origin under "" and those of its options under `.key`."""
    for rule in reading.catalogue.rules:
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
            yield (
                Instance(reading.catalogue.by_id[table.name], table.options, table.span),
                {"": place, **origins},
            )


def _changed(options: Options) -> Iterator[str]:
    """Yield `.key` for each option that differs from its default."""
    plain = type(options)()
    for each in fields(options):
        if getattr(options, each.name) != getattr(plain, each.name):
            yield f".{key_of(each.name)}"


def _selects(select: Sequence[str], ignore: Sequence[str], rule: Rule, rules: Catalogue) -> bool:
    is_selected = not select or any(rule.id in rules.selectors[selector] for selector in select)
    return is_selected and not any(rule.id in rules.selectors[selector] for selector in ignore)


def _relative(path: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def _without_dots(folder: str) -> str:
    return "/".join(part for part in folder.split("/") if part not in ("", "."))

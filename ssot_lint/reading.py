"""Reads a configuration file into settings and tables, or says all that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ssot_lint import gates, tables
from ssot_lint.canonical import Canonical, contradictions
from ssot_lint.catalogue import OWN_RULES, Catalogue
from ssot_lint.finding import Span
from ssot_lint.flaws import flaws
from ssot_lint.mistakes import ConfigError as ConfigError
from ssot_lint.rules import symbols
from ssot_lint.tables import Fault, MismatchError, Settings, quoted
from ssot_lint.toml_document import Place, TomlDocument

T = TypeVar("T")


class Table(NamedTuple):
    """One table of the configuration: the options of a rule, something canonical, or a gate."""

    name: str
    options: Any
    span: Span
    lines: Mapping[str, int]  # of its keys


class Reading(NamedTuple):
    """All that a configuration file says."""

    settings: Settings = Settings()
    lines: Mapping[str, int] = {}  # of the settings
    tables: tuple[Table, ...] = ()  # of rules and what is canonical, in the order of the file
    gates: tuple[Table, ...] = ()  # likewise
    configured: frozenset[str] = frozenset()  # names of tables, those of empty arrays among them
    catalogue: Catalogue = OWN_RULES


def read(
    document: TomlDocument, top: Place, shown_path: str, root: Path, catalogue: Catalogue = OWN_RULES
) -> Reading:
    """Read what stands below the key `top`; mistakes name the file by `shown_path`. Raises ConfigError.

    `catalogue` has the rules that there are, to which the plugins of the document are added.
    """
    reader = _Reader(document, top, root, catalogue)
    reading = reader.read()
    reader.refuse_mistakes(shown_path)
    return reading


def read_catalogue(document: TomlDocument, top: Place, shown_path: str, root: Path) -> Catalogue:
    """Read as much as tells which rules there are. Raises ConfigError."""
    reader = _Reader(document, top, root, OWN_RULES)
    reader.read_plugins()
    reader.refuse_mistakes(shown_path)
    return reader.catalogue


class _Reader:
    """A document on its way to be a configuration, and the mistakes found on that way."""

    def __init__(self, document: TomlDocument, top: Place, root: Path, catalogue: Catalogue) -> None:
        self._mistakes: list[tuple[int, str]] = []
        self.catalogue = catalogue
        self._document = document
        self._top = top
        self._root = root
        self._knows_all_rules = True  # where a plugin is missing, nobody knows what is unknown

    def read(self) -> Reading:
        """Read everything, whatever is wrong with some of it."""
        data = self._data
        if not isinstance(data, dict):
            self._options(Settings, (), data)
            return Reading()
        own = {key: value for key, value in data.items() if key in tables.fields_of(Settings)}
        settings = self._options(Settings, (), own)
        self._knows_all_rules = self._load_plugins(settings) if settings is not None else "plugins" not in own
        if settings is not None:
            for key in ("select", "ignore"):
                for fault in self._unknown_rules((key,), getattr(settings, key)):
                    self._add((), fault)
        found: list[Table] = []
        for key, value in data.items():
            if key in self.catalogue.tables:
                found += self._tables(key, value)
            elif key not in own and self._knows_all_rules:
                self._add((), Fault((key,), self._unknown(key)))
        found.sort(key=lambda table: table.span)
        gate_tables = tuple(table for table in found if table.name == "gate")
        found = [table for table in found if table.name != "gate"]
        self._find_doubles((table for table in found if table.name == "canonical"), "symbol", "canonical")
        self._find_doubles(gate_tables, "name", "a gate")
        self._find_forbidden(found)
        configured = frozenset(self.catalogue.tables.keys() & data.keys())
        lines = self._lines((), own)
        return Reading(settings or Settings(), lines, tuple(found), gate_tables, configured, self.catalogue)

    def read_plugins(self) -> None:
        """Read no more than tells which rules there are."""
        data = self._data
        if isinstance(data, dict):
            own = {key: data[key] for key in ("plugins", "source-roots") if key in data}
            settings = self._options(Settings, (), own)
            if settings is not None:
                self._load_plugins(settings)

    def refuse_mistakes(self, shown_path: str) -> None:
        """Raise ConfigError if there are any."""
        if self._mistakes:
            lines = (f"{shown_path}:{line}: {text}" for line, text in sorted(self._mistakes))
            raise ConfigError("\n".join(lines))

    @property
    def _data(self) -> Any:
        data: Any = self._document.data
        for key in self._top:
            data = data[key]
        return data

    def _load_plugins(self, settings: Settings) -> bool:
        """Add the rules of plugins to the catalogue; tell whether all could be loaded."""
        if not settings.plugins:
            return True
        from ssot_lint import plugins

        folders = [self._root, *(self._root / folder for folder in settings.source_roots)]
        self.catalogue, faults = plugins.load(settings.plugins, folders, self.catalogue)
        for fault in faults:
            self._add((), fault)
        return not faults

    def _unknown_rules(self, keys: Place, selectors: Sequence[str]) -> Iterator[Fault]:
        """Find among the selectors at some keys those that name no rule."""
        for index, selector in enumerate(selectors if self._knows_all_rules else ()):
            if selector not in self.catalogue.selectors:
                yield Fault((*keys, index), tables.unknown_rule(selector, self.catalogue.selectors))

    def _tables(self, name: str, value: object) -> Iterator[Table]:
        """Read a table, or those of an array of tables."""
        single: list[tuple[Place, object]] = [((name,), value)]
        several = [((name, i), each) for i, each in enumerate(value)] if isinstance(value, list) else single
        for place, raw in several:
            options = self._options(self.catalogue.tables[name], place, raw)
            if options is not None:
                span = self._document.span(self._top + place)
                yield Table(name, options, span, self._lines(place, raw))

    def _options(self, options_class: type[T], place: Place, raw: Any) -> T | None:
        try:
            options = tables.convert(options_class, raw)
        except MismatchError as mismatch:
            options, faults = None, mismatch.faults
        else:
            name = str(place[0]) if place else ""
            faults = [
                *_missing(self.catalogue.required.get(name, ()), options, raw),
                *flaws(options, self._root),
                *self._contradictions(name, options),
            ]
        for fault in faults:
            self._add(place, fault)
        return options

    def _find_doubles(self, found: Iterable[Table], key: str, what: str) -> None:
        """Find tables with the same value of a key, which makes it the name of `what`."""
        first: dict[str, Table] = {}
        for table in found:
            value = getattr(table.options, key)
            other = first.setdefault(value, table)
            if other is not table and value:
                text = f"{quoted(value)} is {what} already, by the table at line {other.span.line}"
                self._mistakes.append((table.lines[key], f"{table.name}.{key}: {text}"))

    def _find_forbidden(self, found: Sequence[Table]) -> None:
        """Find what one table calls canonical and another forbids everywhere."""
        bans = [(table, symbols(self._forbidden_by(table))) for table in found]
        for table in found:
            symbol = table.options.symbol if table.name == "canonical" else ""
            for other, patterns in bans if symbol else ():
                if other is not table and patterns.within(symbol):
                    text = f"is forbidden by the table `{other.name}` at line {other.span.line}"
                    self._mistakes.append(
                        (table.lines["symbol"], f"canonical.symbol: {quoted(symbol)} {text}")
                    )

    def _forbidden_by(self, table: Table) -> tuple[str, ...]:
        """Return the patterns over names that a table forbids in all files."""
        options = table.options
        if isinstance(options, Canonical):
            return () if options.exclude or options.allow_in else options.replaces
        if options.paths or options.exclude or options.allow_in or options.type_checking != "same":
            return ()
        return self.catalogue.by_id[table.name].forbids(options)

    def _contradictions(self, name: str, options: Any) -> Iterator[Fault]:
        """Find in the options of a table what contradicts itself."""
        if isinstance(options, Canonical):
            yield from (Fault(*each) for each in contradictions(options))
        elif isinstance(options, gates.Gate):
            yield from (Fault(*each) for each in gates.contradictions(options))
            for index, condition in enumerate(options.conditions):
                yield from self._unknown_rules(("conditions", index, "rules"), condition.rules)
        elif name:
            yield from (Fault(*each) for each in self.catalogue.by_id[name].contradictions(options))

    def _unknown(self, key: str) -> str:
        """Say that a key at the top is unknown, and what may have been meant."""
        if key in self.catalogue.by_id:
            return f'this rule has no options; to turn it off, write `ignore = ["{key}"]`'
        if key == "tool":
            return "unknown key; outside of pyproject.toml the tables stand without `tool.ssot-lint`"
        if by_code := [rule.id for rule in self.catalogue.rules if rule.code == key.upper()]:
            return f"unknown key, did you mean `{by_code[0]}`?"
        return f"unknown key{tables.nearest(key, (*tables.fields_of(Settings), *self.catalogue.tables))}"

    def _lines(self, place: Place, raw: Any) -> dict[str, int]:
        return {key: self._line((*place, key)) for key in raw}

    def _line(self, place: Place) -> int:
        return self._document.span(self._top + place).line

    def _add(self, place: Place, fault: Fault) -> None:
        keys = place[:1] + fault.keys  # the line tells which table of an array it is
        name = ""
        for key in keys or self._top:
            name += f"[{key}]" if isinstance(key, int) else f".{tables.shown_key(key)}"
        self._mistakes.append((self._line(place + fault.keys), f"{name[1:]}: {fault.text}"))


def _missing(required: tuple[str, ...], options: Any, raw: Mapping[str, object]) -> Iterator[Fault]:
    if required and not any(getattr(options, tables.name_of(key)) for key in required):
        keys = " or ".join(f"`{key}`" for key in required)
        given = [key for key in required if key in raw]
        found = "an empty one" if given else "no such key"
        yield Fault(tuple(given[:1]), f"expected a value for {keys}, found {found}")

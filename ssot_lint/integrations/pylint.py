"""The plugin of pylint: reports what is found in the files that pylint is given.

pylint has to know the symbol and the id of each rule when it starts. It learns those of our own rules, and
of the rules that the configuration of the working folder adds.
"""

from __future__ import annotations

import logging
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.exceptions import UnknownMessageError
from pylint.interfaces import HIGH

from ssot_lint.baseline.carry import REPORTED
from ssot_lint.catalogue import OWN_RULES
from ssot_lint.config import find_catalogue
from ssot_lint.files import UsageError, encoded
from ssot_lint.reports import neutral
from ssot_lint.rules import RULE_BY_ID, Rule
from ssot_lint.sessions import Sessions

if TYPE_CHECKING:
    from pylint.lint import PyLinter
    from pylint.message import MessageDefinitionStore
    from pylint.typing import MessageDefinitionTuple

    from ssot_lint.finding import Finding

_NAME = "ssot-lint"
_BROKEN = "ssot-configuration"
_OTHER = "ssot-other-rule"
_MESSAGES: Mapping[str, MessageDefinitionTuple] = {
    "F9000": (
        "%s",
        _BROKEN,
        "The project of the file cannot be loaded, so that ssot-lint finds nothing in the file.",
        {"shared": True},
    ),
    "W9000": (
        "%s",
        _OTHER,
        "A rule finds something that is not in the configuration from which pylint was started.",
        {"shared": True},
    ),
}
_FIRST_ID_OF_PLUGINS, _IDS_OF_PLUGINS = 5100, 3900  # pylint leaves 51 to 99 to others; 90 and up are ours


def register(linter: PyLinter) -> None:
    """Adds our rules to pylint, once: version 3 comes here again in each process that it starts."""
    if _NAME not in linter.get_checker_names():
        linter.register_checker(Rules(linter))


class Rules(BaseChecker):
    """What pylint asks about each file."""

    name = _NAME

    def __init__(self, linter: PyLinter) -> None:
        self._symbols: dict[str, str] = {}  # by the ids of rules
        self.msgs = dict(_MESSAGES)
        theirs = {each.msgid for each in linter.msgs_store.messages if each.checker_name != _NAME}
        for rule in _rules():
            symbol = self._symbols[rule.id] = symbol_of(rule, linter.msgs_store)
            number = id_of(rule, theirs.union(self.msgs))
            self.msgs[number] = f"{rule.code} %s", symbol, _page(rule), {"shared": True}
        super().__init__(linter)
        self._sessions = Sessions(note=logging.getLogger("pylint.ssot_lint").warning)
        self._stdin: bytes | None = None
        self._parse = linter.get_ast
        self._is_told = False

    def open(self) -> None:
        """Has pylint tell of each file that it reads, since it shows nobody those that it cannot parse."""
        if not self._is_told:
            self._is_told = True
            self.linter.get_ast = self._read  # type: ignore[method-assign]

    def _read(self, filepath: str, modname: str, data: str | None = None) -> nodes.Module | None:
        """What pylint makes of a file, or of a text that stands for it."""
        self._stdin = None if data is None else encoded(data)
        module = self._parse(filepath, modname, data)
        if module is None:
            self.visit_module(nodes.Module(modname, file=filepath))
        return module

    def visit_module(self, node: nodes.Module) -> None:
        """Reports what is found in a file."""
        try:
            findings = self._findings(node.file)
        except UsageError as error:
            self.add_message(_BROKEN, 1, node, neutral("; ".join(str(error).splitlines())), HIGH)
            return
        for finding in findings:
            self._add(finding, node)

    def _findings(self, filepath: str) -> tuple[Finding, ...]:
        located = self._sessions.locate(filepath)
        if located is None:
            return ()
        session, path = located
        if self._stdin is not None:
            session.replace(path, self._stdin)
        elif not path.endswith((".py", ".pyi")) and path not in session:
            session.reread(path)  # a script, which pylint looks at because it was named
        return tuple(finding for finding in session.findings(path) if finding.state in REPORTED)

    def _add(self, finding: Finding, node: nodes.Module) -> None:
        span, text = finding.span, neutral(finding.message)
        symbol = self._symbols.get(finding.rule)
        if symbol is None:
            symbol, text = _OTHER, f"{finding.code} {finding.rule}: {text}"
        self.add_message(
            symbol, span.line, node, text, HIGH, span.column - 1, span.end_line, span.end_column - 1
        )


def _rules() -> Iterator[Rule]:
    """Yields the rules that can find something in a file."""
    try:
        catalogue = find_catalogue(None, Path.cwd())
    except UsageError:
        catalogue = OWN_RULES  # what is wrong is said of each file that it concerns
    return (rule for rule in catalogue.rules if rule.about != "configuration")


def symbol_of(rule: Rule, store: MessageDefinitionStore) -> str:
    """Returns the id of the rule, with `ssot-` before it where pylint or another plugin has that symbol."""
    try:
        (known,) = store.get_message_definitions(rule.id)
    except UnknownMessageError:
        return rule.id
    return rule.id if known.checker_name == _NAME else f"ssot-{rule.id}"


def id_of(rule: Rule, taken: Container[str]) -> str:
    """Returns an id of the form that pylint wants, made from the code alone.

    `SST101` is `W9101`, and `SST001` is `E9001`: what does not compile is an error. The letters of a code of
    a plugin do not fit in, so that it becomes a number that hardly another one has, else the next free one.
    """
    if rule.id in RULE_BY_ID:
        return f"{'E' if rule.code.startswith('SST0') else 'W'}9{rule.code[3:]}"
    number = crc32(rule.code.encode())
    while (found := f"W{_FIRST_ID_OF_PLUGINS + number % _IDS_OF_PLUGINS}") in taken:
        number += 1
    return found


def _page(rule: Rule) -> str:
    return f"{rule.doc.strip()}\n\n`ssot-lint explain {rule.id}` shows its options and examples."

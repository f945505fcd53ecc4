"""Reads JUnit files, in the shapes that pytest and others give them."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree

from ssot_lint.files import UsageError

PASSED = "passed"
SKIPPED = "skipped"
FAILED = "failed"
ERROR = "error"

_OUTCOMES = {"skipped": SKIPPED, "failure": FAILED, "error": ERROR}
_BY_WEIGHT = (PASSED, SKIPPED, FAILED, ERROR)


class Case(NamedTuple):
    """One test that was run, or was to be."""

    file: str  # as the report has it, "" where it does not say
    dotted: str  # the dotted name of its class or module
    name: str
    outcome: str


def parsed(data: bytes, place: str) -> list[Case]:
    """The tests in a report. Raises UsageError for what is not JUnit, and for any document type.

    Only a document type can define what grows without end or is read from elsewhere, and JUnit has none.
    """
    target = _Target()
    parser = ElementTree.XMLParser(target=target)
    try:
        parser.feed(data)
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UsageError(f"{place} is not a JUnit file: {error}") from None
    return target.cases


class _Target:
    """Takes what is in a document as it is parsed, so that no more than the tests is held in memory."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self._files: list[str] = []  # of the suites around, the innermost last
        self._depth = 0
        self._open: int | None = None  # how deep the test is in which we are

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = tag.rpartition("}")[2]
        if not self._depth and name not in ("testsuites", "testsuite"):
            raise ValueError(f"it begins with `{name[:40]}`, not with `testsuites`")
        self._depth += 1
        if name == "testsuite":
            self._files.append(attributes.get("file") or (self._files[-1] if self._files else ""))
        elif name == "testcase":
            self._open = self._depth
            file = attributes.get("file") or (self._files[-1] if self._files else "")
            title = attributes.get("name", "")
            # What pytest could not collect has no class, and the name of its module.
            self.cases.append(Case(file, attributes.get("classname") or title, title, PASSED))
        elif self._open == self._depth - 1 and name in _OUTCOMES:
            case = self.cases[-1]
            outcome = max(case.outcome, _OUTCOMES[name], key=_BY_WEIGHT.index)
            self.cases[-1] = case._replace(outcome=outcome)

    def end(self, tag: str) -> None:
        """End an element."""
        if self._open == self._depth:
            self._open = None
        if tag.rpartition("}")[2] == "testsuite":
            self._files.pop()
        self._depth -= 1

    def doctype(self, *_: object) -> None:
        """Refuse a document type."""
        raise ValueError("it has a document type, which may define what grows without end")

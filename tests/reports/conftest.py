"""A result with everything that a report must cope with, and the files that hold what reports looked like."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ssot_lint.engine import Result
from ssot_lint.finding import Finding, Fix, Related, Span
from ssot_lint.reports.formats import Request
from ssot_lint.rules import RULES
from ssot_lint.suppress import Allowed

SNAPSHOTS = Path(__file__).parent / "snapshots"


def finding(path: str, line: int, column: int, message: str, **fields: Any) -> Finding:
    """A finding with sensible fields where none are given."""
    span = Span(line, column, line, column + 8)
    plain = Finding(
        path, span, "SST101", "forbidden-import", message, "", "<module>", ("requests",), "error", ()
    )
    return plain._replace(**fields)


@pytest.fixture
def result() -> Result:
    """Findings of two rules, of both severities, in files with hostile, wide and undecodable names."""
    related = (
        Related("shop/billing.py", Span(4, 1, 9, 5), "defined here too"),
        Related("b\x1b[31m.py", Span(1, 1, 1, 5), "and \u202ehere"),
    )
    duplicate: dict[str, Any] = {
        "code": "SST301",
        "rule": "duplicate-class",
        "name": "twins",
        "scope": "User",
    }
    return Result(
        findings=(
            finding("a.py", 1, 8, "`requests` is forbidden here; use `app.http` (one session)"),
            finding("a.py", 2, 9, "a message\nin two lines\x9b31m", severity="warning"),
            finding("b\x1b[31m.py", 1, 1, "class `User` is defined twice", related=related, **duplicate),
            finding("漢字/模块.py", 3, 20, "wide `漢字`", fix=Fix("Import `漢字`", (), False)),
            finding("ssot-lint.toml", 3, 1, "no file matches"),
            finding("\udcff.py", 1, 8, "a path that is not UTF-8"),
        ),
        files=120,
        allowed=(
            Allowed(
                finding("a.py", 5, 8, "`requests` is forbidden here"), "until the client is gone\x1b[31m"
            ),
            Allowed(finding("a.py", 6, 8, "`requests` is forbidden here"), ""),
            Allowed(finding("b.py", 1, 8, "`requests` is forbidden here"), ""),
        ),
        notes=("a note",),
        statistics={"files parsed": 20, "seconds for rules": 0.25},
    )


HOSTILE = "\r\n\x00\x07\x1b[31m\x9b \u2028\u202e\udcff\ufffe\uffff ]]> --> </failure> <script>&amp; %0A%25 [a](b) {0} ,: ::"
"""What may stand in a message or a path, and mean something to whoever reads a report."""

WEIRD_PATHS = (
    "a b.py",
    "100%.py",
    "a:b,c.py",
    "::error ::x.py",
    " ::warning file=y.py::x.py",
    "##[error]x.py",
    "x/##[group]y.py",
    "line\nend\r.py",
    "\udcff.py",
    '\ufffe<&">.py',
    f"{HOSTILE}/x.py",
)


@pytest.fixture
def hostile() -> Result:
    """Findings whose paths, messages, scopes and relations try to be something else to whoever reads them."""
    related = (Related(f"{HOSTILE}.py", Span(1, 1, 2, 1), HOSTILE),)
    found = [finding(path, 1, 3, HOSTILE, scope=HOSTILE, related=related) for path in WEIRD_PATHS]
    return Result(tuple(sorted(found)), 20, (Allowed(found[0], HOSTILE),), (HOSTILE,), {})


@pytest.fixture
def asked() -> Request:
    """What the command asks of reports, in a folder of a repository."""
    return Request(rules=RULES, exit_code=1, folder="services/shop/")


@pytest.fixture
def empty() -> Result:
    """A run that finds nothing."""
    return Result((), 1, (), (), {})


@pytest.fixture
def check_snapshot() -> Callable[[str, str], None]:
    """Compares a text with the file that holds what it was; delete the file to take the new one."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if not path.exists():
            path.write_bytes(text.encode())
            pytest.fail(f"{path.name} did not exist and was written: look at it and run the test again")
        assert text == path.read_bytes().decode()

    return check

"""Which files a migration is to change, what speaks for care with each of them, and in which order."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint.compare import strict_paths
from ssot_lint.files import PathPatterns
from ssot_lint.finding import Finding
from ssot_lint.hook.impact import Importers
from ssot_lint.owners import Owners
from ssot_lint.session import Session

LOW = "low"
MEDIUM = "medium"
HIGH = "high"

_MANY = 10  # more fixes than that in one file are hard to review
_WIDE = {
    "conftest.py": "pytest loads it for all tests beside and below it",
    "__init__.py": "it runs whenever something of its package is imported",
}


class Target(NamedTuple):
    """A file that is to be migrated."""

    path: str  # from the root
    findings: tuple[Finding, ...]  # that are to be fixed
    risks: tuple[str, ...]  # what speaks for care
    owners: tuple[str, ...]
    is_strict: bool  # the configuration lets nothing be carried there

    @property
    def risk(self) -> str:
        """LOW where nothing speaks for care, MEDIUM where one thing does, HIGH where more do."""
        return (LOW, MEDIUM, HIGH)[min(len(self.risks), 2)]


def targets(
    session: Session,
    wanted: Callable[[str], Sequence[Finding]],
    paths: Iterable[str],
    owners: Owners | None = None,
) -> list[Target]:
    """The files among those at the paths in which something is to be fixed, in the order for a migration.

    `wanted` gives the findings of a file that are to be fixed. First comes what the configuration wants
    first, then strict paths, then what has the fewest risks.
    """
    importers = Importers(session.project)
    first = [PathPatterns([pattern]) for pattern in session.config.migrate_first]
    is_strict = strict_paths(session.config)
    found = []
    for path in paths:
        findings = tuple(wanted(path))
        if findings:
            risks = tuple(_risks(session, importers, path, findings))
            found.append(Target(path, findings, risks, owners.of(path) if owners else (), is_strict(path)))

    def place(target: Target) -> tuple[int, bool, int, str]:
        asked = (number for number, pattern in enumerate(first) if pattern.match(target.path))
        return next(asked, len(first)), not target.is_strict, len(target.risks), target.path

    return sorted(found, key=place)


def _risks(session: Session, importers: Importers, path: str, findings: Sequence[Finding]) -> Iterator[str]:
    unsafe = sum(finding.fix is not None and not finding.fix.is_safe for finding in findings)
    if unsafe:
        yield f"{unsafe} of its fixes can change what the code does"
    names = ("", *session.project.outlines[path].scopes[0].names)
    takers = {importer for name in names for importer, _ in importers.of(path, name)} - {path}
    if takers:
        yield "another file imports from it" if len(takers) == 1 else f"{len(takers)} files import from it"
    if posixpath.basename(path) in _WIDE:
        yield _WIDE[posixpath.basename(path)]
    if len(findings) > _MANY:
        yield f"{len(findings)} findings in one file"

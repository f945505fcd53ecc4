"""What the baseline keeps of a finding, and how that is written on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from ssot_lint.finding import Finding, fingerprint_of

_ORDINAL = re.compile("#([1-9][0-9]{0,8})")
_BATCH = "@"
_CAP = "cap="
_NUMBER = re.compile("0|-?[1-9][0-9]{0,17}")


class Identity(NamedTuple):
    """What makes a finding the same one after edits elsewhere: never its line, message or text."""

    rule: str
    path: str
    scope: str
    subject: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Ten hexadecimal digits over all of it."""
        return fingerprint_of(*self)


class Entry(NamedTuple):
    """One carried finding. Several of one identity are told apart by their ordinals, from 1 up."""

    identity: Identity
    ordinal: int = 1
    cells: tuple[str, ...] = ()  # what else its line has: a cap, a batch, and what later versions write
    is_disputed: bool = False  # one side of a merge with conflicts has it, and the other does not

    @property
    def batch(self) -> str:
        """What it was accepted with, "" where it was not."""
        return next((cell[1:] for cell in self.cells if cell.startswith(_BATCH)), "")

    @property
    def cap(self) -> int | None:
        """The largest value that it carries, None where it carries any."""
        return next((int(cell[len(_CAP) :]) for cell in self.cells if cell.startswith(_CAP)), None)

    def with_cap(self, cap: int | None, batch: str | None = None) -> Entry:
        """The same with another cap, and with another batch where one is given."""
        others = (cell for cell in self.cells if not cell.startswith((_BATCH, _CAP)))
        own = cells_of(self.batch if batch is None else batch, cap)
        return self._replace(cells=(*own, *others))


def identity_of(finding: Finding) -> Identity:
    """The identity of a finding."""
    return Identity(finding.rule, finding.path, finding.scope, finding.subject)


def cells_of(batch: str, cap: int | None = None) -> tuple[str, ...]:
    """The cells of an entry that was accepted with a batch, "" for none, and carries values up to a cap."""
    return (
        *((f"{_CAP}{cap}",) if cap is not None else ()),
        *((f"{_BATCH}{batch}",) if batch else ()),
    )


def numbered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries in their order, those of each identity with ordinals from 1 up, without gaps."""
    return tuple(
        entry._replace(ordinal=ordinal)
        for _, twins in groupby(sorted(entries), lambda entry: entry.identity)
        for ordinal, entry in enumerate(twins, 1)
    )


def united(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Each entry once, in their order.

    Where some differ in their cells alone it is the first that has a batch, with the lowest cap of all.
    """
    return tuple(_united(tuple(twins)) for _, twins in groupby(sorted(entries), lambda entry: entry[:2]))


def _united(twins: tuple[Entry, ...]) -> Entry:
    chosen = next((entry for entry in twins if entry.batch), twins[0])
    cap = min((entry.cap for entry in twins if entry.cap is not None), default=None)
    return chosen if cap == chosen.cap else chosen.with_cap(cap)


def is_inside(path: str) -> bool:
    """Whether a path from the root stays in it, as far as the path alone tells."""
    return {"", ".", ".."}.isdisjoint(path.split("/")) and "\0" not in path


def written(entry: Entry) -> str:
    """An entry as a line: fingerprint, path, scope, subject, ordinal and other cells, with tabs between.

    Path and scope are written as in JSON but without quotes, the subject as in JSON: all is ASCII.
    """
    identity = entry.identity
    return "\t".join(
        (
            identity.fingerprint,
            json.dumps(identity.path)[1:-1],
            json.dumps(identity.scope)[1:-1],
            json.dumps(identity.subject),
            f"#{entry.ordinal}",
            *entry.cells,
        )
    )


def parsed(line: str, rule: str) -> Entry:
    """The entry of a rule that a line stands for. Raises ValueError."""
    cells = line.split("\t")
    if len(cells) < 5:
        raise ValueError(f"expected at least five columns with tabs between, found `{line[:60]}`")
    fingerprint, path, scope, subject, ordinal = cells[:5]
    identity = Identity(rule, *_identifying(path, scope, subject))
    number = _ORDINAL.fullmatch(ordinal)
    if number is None:
        raise ValueError(f"expected an ordinal such as `#1`, found `{ordinal}`")
    if identity.fingerprint != fingerprint:
        raise ValueError(f"expected the fingerprint {identity.fingerprint}, found `{fingerprint}`")
    if not is_inside(identity.path):
        raise ValueError(f"the path `{path}` leads out of the project")
    caps = [cell for cell in cells[5:] if cell.startswith(_CAP)]
    if len(caps) > 1 or not all(_NUMBER.fullmatch(cap, len(_CAP)) for cap in caps):
        raise ValueError(f"expected one cap such as `cap=83`, found `{' '.join(caps)}`")
    return Entry(identity, int(number[1]), tuple(cells[5:]))


def _identifying(path: str, scope: str, subject: str) -> tuple[str, str, tuple[str, ...]]:
    """The path, the scope and the subject that cells stand for. Raises ValueError."""
    try:
        match json.loads(f'["{path}","{scope}",{subject}]'):
            case [str(plain_path), str(plain_scope), [*parts]] if all(
                isinstance(part, str) for part in parts
            ):
                return plain_path, plain_scope, tuple(parts)
    except (ValueError, RecursionError):
        pass
    raise ValueError('expected a path, a scope and a subject such as `["os.environ"]`, written as in JSON')

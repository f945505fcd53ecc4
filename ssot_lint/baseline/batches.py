"""Why findings were accepted, by whom and until when: `.ssot-lint/batches.toml`, a table for each batch."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

from ssot_lint.baseline import disk
from ssot_lint.baseline.conflicts import Lines, sides
from ssot_lint.baseline.entries import Entry
from ssot_lint.baseline.error import BaselineError, TextError
from ssot_lint.tables import nearest
from ssot_lint.toml_document import TomlDocument, TomlError

PATH = f"{disk.TOP}/batches.toml"
SOON = datetime.timedelta(days=14)

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Tables of batches stand below the line that their name begins with, so that two branches that each add
# one change different places of the file.
_FENCES = tuple(f"# b{digit:x}" for digit in range(16))
_NEW_TEXT = "# Why findings were accepted into the baseline.\n\n" + "".join(f"{fence}\n" for fence in _FENCES)


class Batch(NamedTuple):
    """Findings that were accepted together; the days are those of UTC."""

    name: str
    by: str  # who accepted them
    date: datetime.date
    reason: str
    owner: str = ""  # who answers for them
    ticket: str = ""
    expires: datetime.date | None = None  # the last day on which it is good


class Dated(Protocol):
    """What may have a last day: a batch, or a waiver."""

    @property
    def expires(self) -> datetime.date | None:
        """The last day on which it is good."""


class Batches(NamedTuple):
    """What the file says."""

    by_name: Mapping[str, Batch] = {}
    notes: tuple[str, ...] = ()


_KEYS = Batch._fields[1:]
_REQUIRED = ("by", "date", "reason")
_DATES = ("date", "expires")


def new_batch(
    by: str,
    day: datetime.date,
    reason: str,
    *,
    owner: str = "",
    ticket: str = "",
    expires: datetime.date | None = None,
) -> Batch:
    """A batch with a name made of all it says, so that no two branches give one name to different batches.

    Raises BaselineError for what cannot be written.
    """
    said = (by, day.isoformat(), reason, owner, ticket, expires.isoformat() if expires else "")
    for text in said:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BaselineError(f"{text!r} is not text in UTF-8") from None
    if not by.strip() or not reason.strip():
        raise BaselineError("a batch needs to say by whom it is and for what reason: `--reason TEXT`")
    digest = blake2b("\x1f".join(said).encode(), digest_size=4).hexdigest()
    return Batch(f"b{digest}", by, day, reason, owner, ticket, expires)


def today() -> datetime.date:
    """The day in UTC, so that a batch expires everywhere at once."""
    return datetime.datetime.now(datetime.timezone.utc).date()


def expired(dated: Dated, today: datetime.date) -> bool:
    """Whether the last day of something is over."""
    return dated.expires is not None and today > dated.expires


def expires_soon(dated: Dated, today: datetime.date) -> bool:
    """Whether the last day of something is one of the next 14, or this one."""
    return dated.expires is not None and today <= dated.expires <= today + SOON


def load(root: str | os.PathLike[str]) -> Batches:
    """The batches of a project. Raises BaselineError."""
    text = _text(root)
    try:
        notes = (f"{PATH} has conflict markers; all batches in it count",) if len(sides(text)) > 1 else ()
        return Batches(parsed(text), notes)
    except TextError as error:
        raise disk.damaged(PATH, error) from None


def append(root: str | os.PathLike[str], batch: Batch) -> None:
    """Adds a batch to those of a project, and leaves all else in the file as it is. Raises BaselineError."""
    known, notes = load(root)
    if known.get(batch.name) == batch:
        return
    if batch.name in known:
        raise BaselineError(
            f"{PATH}: the batch `{batch.name}` says something else; give the reason in other words"
        )
    if notes:
        raise BaselineError(f"{PATH}: has conflict markers; resolve them, then run this again")
    disk.replace(root, PATH, added(_text(root), batch).encode())


def refuse_unknown(batches: Mapping[str, Batch], entries: Iterable[Entry]) -> None:
    """Raises BaselineError where an entry names a batch that there is not."""
    named = {entry.batch for entry in entries} - {""}
    for name in sorted(named - batches.keys()):
        raise BaselineError(
            f"{PATH}: there is no batch `{name}`, which entries of the baseline name; "
            f"`git log -S {name} -- {PATH}` shows where it went"
        )


def parsed(text: str) -> Mapping[str, Batch]:
    """The batches in a text by their names, also in one with conflict markers. Raises TextError."""
    found: dict[str, Batch] = {}
    for lines in sides(text):
        for batch, line in _batches(lines):
            if found.setdefault(batch.name, batch) != batch:
                raise TextError(line, f"both sides of a merge have a batch `{batch.name}`, and they differ")
    return found


def added(text: str, batch: Batch) -> str:
    """The text with a table for a batch in it, below its fence or, where that is not, at the end."""
    values = ((key, getattr(batch, key)) for key in _KEYS)
    table = "".join(f"{key} = {_toml(value)}\n" for key, value in values if value)
    block = f"\n[{batch.name}]\n{table}"
    text = text or _NEW_TEXT
    fence = f"\n# {batch.name[:2]}\n"
    if text.count(fence) == 1:
        below_fence = text.replace(fence, f"{fence}{block}\n")
        if parsed(below_fence) == {**parsed(text), batch.name: batch}:  # not so inside of another table
            return below_fence
    return text + ("" if text.endswith("\n") else "\n") + block


def _text(root: str | os.PathLike[str]) -> str:
    try:
        return (disk.read_file(root, PATH) or b"").decode()
    except UnicodeDecodeError:
        raise BaselineError(f"{PATH}: expected text in UTF-8, found other bytes") from None


def _toml(value: str | datetime.date) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _batches(lines: Lines) -> Iterator[tuple[Batch, int]]:
    """The batches that one side of a merge has, each with the line of its table. Raises TextError."""
    numbers = [number for number, _ in lines]
    try:
        document = TomlDocument("".join(f"{line}\n" for _, line in lines))
    except TomlError as error:
        raise TextError(numbers[min(error.line, len(numbers)) - 1], f"this is not TOML: {error}") from None
    for name, table in document.data.items():
        line = numbers[document.span((name,)).line - 1]
        if not isinstance(table, dict):
            raise TextError(line, f"expected a table such as `[b1]`, found the key `{name}`")
        if not _NAME.fullmatch(name):
            raise TextError(
                line, f"the name of a batch has letters, digits, `-` and `_` alone, found `{name}`"
            )
        line_of = {key: numbers[document.span((name, key)).line - 1] for key in table}
        for key in table:
            if key not in _KEYS:
                raise TextError(line_of[key], f"unknown key `{key}`{nearest(key, _KEYS)}")
        for key in _REQUIRED:
            if key not in table:
                raise TextError(line, f"the batch `{name}` needs the key `{key}`")
        yield Batch(name, **{key: _value(key, value, line_of[key]) for key, value in table.items()}), line


def _value(key: str, value: Any, line: int) -> Any:
    """A value as a batch has it: a day, or a text that is not empty. Raises TextError."""
    if key not in _DATES:
        if isinstance(value, str) and value.strip():
            return value
        raise TextError(line, f"expected a text for `{key}`, found `{value}`")
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except (TypeError, ValueError):
        raise TextError(line, f"expected a day such as 2026-12-31 for `{key}`, found `{value}`") from None

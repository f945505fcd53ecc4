"""Makes the text of an open document anew, with fixes in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from ssot_lint.files import encoded, split_encoding
from ssot_lint.finding import Fix
from ssot_lint.project import Project


class Mended(NamedTuple):
    """A text with those of some fixes that can be made; it is as it was where `reason` tells why none can."""

    text: str
    reason: str


def mended(text: str, fixes: Sequence[Fix], path: str, project: Project) -> Mended:
    """Return a text with fixes; `path` is that of its file, from the root of the project."""
    from ssot_lint.fix.rewrite import rewrite

    data = encoded(text)
    if _decoded(data) != text:
        return Mended(text, "the text cannot be written in the encoding that it declares")
    done = rewrite(data, fixes, _may_drop(path, project))
    if not done.applied:
        return Mended(text, "; ".join(dict.fromkeys(each.reason for each in done.refused)))
    return Mended(_decoded(done.data), "")


def _decoded(data: bytes) -> str:
    """The text of bytes, with their line ends and byte order mark; "" where they are no text."""
    try:
        return data.decode(split_encoding(data)[1])
    except (LookupError, UnicodeError):
        return ""


def _may_drop(path: str, project: Project) -> Callable[[str], bool]:
    """Tells of a name that a file imports whether it may go; who imports what is found out when asked."""

    @cache
    def judge() -> Callable[[str], bool]:
        from ssot_lint.fix.fixer import may_drop
        from ssot_lint.hook.impact import Importers

        return may_drop(path, project, Importers(project))

    return lambda name: judge()(name)

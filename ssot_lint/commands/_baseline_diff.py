"""What `baseline diff` is asked, and what it prints."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.baseline.entries import Entry
from ssot_lint.baseline.history import Difference
from ssot_lint.commands._baseline_texts import caps, counted_entries, named
from ssot_lint.files import UsageError


def commits(text: str) -> tuple[str, str]:
    """The two commits that `A..B` names, HEAD for one that is left out. Raises UsageError."""
    old, dots, new = text.partition("..")
    if not dots or new.startswith(".") or not text.isprintable():
        raise UsageError(f"expected two commits as in `main..HEAD`, found `{text}`")
    return old or "HEAD", new or "HEAD"


def lines(difference: Difference, *, with_totals: bool) -> Iterator[str]:
    """A line for each entry that is not in both, and the numbers."""
    for sign, entries in (("new", difference.came), ("gone", difference.went)):
        for entry in entries:
            yield f"{sign}: {named(entry.identity)}{_batch(entry)}"
    for before, after in difference.moved:
        yield f"moved: {named(before.identity)} -> {named(after.identity)}"
    for sign, pairs in (("lowered", difference.lowered), ("raised", difference.raised)):
        for before, after in pairs:
            yield f"{sign}: {named(after.identity)}: {caps(before, after.cap)}{_batch(after)}"
    if with_totals:
        came, went = len(difference.came), len(difference.went)
        net = f"{counted_entries(abs(came - went))} {'more' if came > went else 'fewer'}"
        net = net if came != went else "as many as before"
        counts = [f"{came} new, {went} gone, {len(difference.moved)} moved"]
        counts += [f"{len(difference.lowered)} lowered"] if difference.lowered else []
        counts += [f"{len(difference.raised)} raised"] if difference.raised else []
        yield f"{', '.join(counts)}: {net}"


def _batch(entry: Entry) -> str:
    return f" @{entry.batch}" if entry.batch else ""

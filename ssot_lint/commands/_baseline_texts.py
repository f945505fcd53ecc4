"""What `ssot-lint baseline` prints: pure functions from what became of a baseline to lines."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.baseline.batches import Batch, expired, expires_soon
from ssot_lint.baseline.carry import MOVED, Judged, Left, Outcome
from ssot_lint.baseline.changes import Grown, Shrunk
from ssot_lint.baseline.coverage import NEWER_PYTHON, WHY
from ssot_lint.baseline.entries import Entry, Identity
from ssot_lint.baseline.explain import WHY_NOT, Explanation, Miss
from ssot_lint.baseline.folder import FOLDER
from ssot_lint.baseline.matching import ELSEWHERE, RENAMED, SAME, SAME_SCOPE, SAME_SUBJECT
from ssot_lint.reports import concise, neutral

_IN_COMMON = {
    SAME: "rule, file, scope and subject",
    RENAMED: "rule, scope and subject, in a file that was renamed",
    SAME_SCOPE: "rule, file and scope, but another subject",
    SAME_SUBJECT: "rule, file and subject, but another scope",
    ELSEWHERE: "rule, name and subject, but another file or class",
}
_MOST_SHOWN = 10
_WIDEST = 60  # a longer cell moves what follows it, and not what is in other lines


def named(identity: Identity) -> str:
    """What an entry is about, in one line."""
    return neutral(f"{identity.path} {identity.rule} {identity.scope} {' '.join(identity.subject)}")


def counted_entries(number: int) -> str:
    """A number of entries, in words."""
    return "1 entry" if number == 1 else f"{number} entries"


def caps(entry: Entry, cap: int | None) -> str:
    """The cap that an entry has, and another one."""
    return " -> ".join("no cap" if each is None else str(each) for each in (entry.cap, cap))


# init and accept


def added(grown: Grown) -> Iterator[str]:
    """What was added, by rule, and what may be worse than before."""
    for entries, done in ((grown.added, "added to"), (grown.raised, "raised in")):
        if entries:
            yield f"{counted_entries(len(entries))} {done} {FOLDER}:"
            yield from _totals(entry.identity.rule for entry in entries)
    if not grown.added and not grown.raised:
        yield "nothing was added"


def refused(grown: Grown) -> Iterator[str]:
    """What was not added, and why."""
    by_reason = defaultdict(list)
    for each in grown.refused:
        by_reason[each.why].append(concise.line(each.finding))
    for why, lines in sorted(by_reason.items()):
        yield f"{len(lines)} not added: {why}"
        yield from _first(lines)


# sync


def shrunk(shrunk: Shrunk, outcome: Outcome, *, is_done: bool) -> Iterator[str]:
    """What went, what moved, and what is kept although nothing like it is found."""
    for left in shrunk.removed:
        yield f"removed: {named(left.entry.identity)}: {WHY[left.why]}"
    for judged in shrunk.moved:
        assert judged.entry is not None, "what has moved is carried"
        finding = judged.finding
        now = Identity(finding.rule, finding.path, finding.scope, finding.subject)
        yield f"moved: {named(judged.entry.identity)} -> {named(now)}"
    for judged in shrunk.lowered:
        assert judged.entry is not None, "what is better is carried"
        yield f"lowered: {named(judged.entry.identity)}: {caps(judged.entry, judged.finding.value)}"
    kept = [left for left in outcome.left if not left.is_over]
    by_reason = defaultdict(list)
    for left in kept:
        by_reason[left.why].append(named(left.entry.identity))
    for why, names in sorted(by_reason.items()):
        older = outcome.coverage.older_python if why == NEWER_PYTHON else ""
        advice = f": run `ssot-lint baseline sync` with Python {older}" if older else ""
        yield f"{len(names)} kept without a finding: {WHY[why]}{advice}"
        yield from _first(names)
    counts = Counter(left.why for left in shrunk.removed)
    details = ", ".join(f"{number} {why}" for why, number in sorted(counts.items()))
    yield (
        f"{len(shrunk.removed)} {'removed' if is_done else 'to remove'}{f' ({details})' if details else ''}, "
        f"{len(shrunk.moved)} moved{f', {len(shrunk.lowered)} lowered' if shrunk.lowered else ''}; "
        f"{counted_entries(len(shrunk.entries))} left"
    )


def notes_on_days(
    entries: Iterable[Entry], batches: Mapping[str, Batch], today: datetime.date
) -> Iterator[str]:
    """Which batches of some entries are past their last day, or nearly so."""
    for name, number in sorted(Counter(entry.batch for entry in entries if entry.batch).items()):
        batch = batches[name]
        if expired(batch, today) or expires_soon(batch, today):
            word = "expired" if expired(batch, today) else "expires"
            yield (
                f"{counted_entries(number)} of batch `{name}` ({neutral(batch.owner or batch.by)}) "
                f"{word} on {batch.expires}: see `ssot-lint baseline show --batch {name}`"
            )


# show


class Row(NamedTuple):
    """An entry, and where it is now."""

    path: str
    line: int  # 1-based; 0 where the entry carries nothing
    rule: str
    entry: Entry
    state: str
    batch: Batch | None
    age: int | None  # in days
    is_expired: bool


def rows(outcome: Outcome, batches: Mapping[str, Batch], today: datetime.date) -> list[Row]:
    """Every entry, ordered by where it is now."""
    carried = [
        _row(each.finding.path, each.finding.span.line, each.entry, _state(each), batches, today)
        for each in outcome.findings
        if each.entry is not None
    ]
    left = [
        _row(each.entry.identity.path, 0, each.entry, _state_left(each), batches, today)
        for each in outcome.left
    ]
    return sorted([*carried, *left], key=lambda row: row[:4])


def table(rows: Sequence[Row], *, with_totals: bool) -> Iterator[str]:
    """A line for each entry, and how many there are of each rule."""
    cells = [("place", "rule", "fingerprint", "batch", "owner", "days", "state"), *map(_cells, rows)]
    widths = [min(max(map(len, column)), _WIDEST) for column in zip(*cells)]
    for line in cells if rows else ():
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
    if with_totals:
        if rows:
            yield ""
        yield from _totals(row.rule for row in rows)
        yield counted_entries(len(rows))


def _row(
    path: str, line: int, entry: Entry, state: str, batches: Mapping[str, Batch], today: datetime.date
) -> Row:
    batch = batches[entry.batch] if entry.batch else None
    age = None if batch is None else max((today - batch.date).days, 0)  # clocks differ
    is_late = batch is not None and expired(batch, today)
    return Row(path, line, entry.identity.rule, entry, state, batch, age, is_late)


def _state(judged: Judged) -> str:
    finding, entry = judged.finding, judged.entry
    if finding.state != MOVED or entry is None:
        return finding.state
    is_elsewhere = entry.identity.path != finding.path
    return f"moved from {neutral(entry.identity.path)}" if is_elsewhere else "moved"


def _state_left(left: Left) -> str:
    return f"left: {WHY[left.why]}"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{neutral(row.path)}:{row.line}" if row.line else neutral(row.path),
        row.rule,
        row.entry.identity.fingerprint,
        row.entry.batch or "-",
        neutral(row.batch.owner or "-") if row.batch is not None else "-",
        "-" if row.age is None else str(row.age),
        f"{row.state}, expired" if row.is_expired else row.state,
    )


# explain


def explained(explanation: Explanation, batches: Mapping[str, Batch], today: datetime.date) -> Iterator[str]:
    """Why findings are carried or new, what entries are there for, and the nearest that did not match."""
    for judged in explanation.findings:
        yield concise.line(judged.finding)
        if judged.waiver is not None:
            yield f"  waived, in {judged.waiver.place}: {neutral(judged.waiver.reason)}"
        elif judged.entry is None:
            yield "  new: no entry carries it"
        else:
            yield f"  {judged.finding.state}, by an entry of the same {_IN_COMMON[judged.tier]}"
            if judged.entry.cap is not None and judged.finding.value is not None:
                yield f"  it is {judged.finding.value} now, the entry carries up to {judged.entry.cap}"
            yield from _about_entry(judged.entry, batches, today)
    for left in explanation.left:
        yield f"an entry that carries nothing: {WHY[left.why]}"
        yield from _about_entry(left.entry, batches, today)
    for miss in explanation.misses:
        yield from _missed(miss)


def _about_entry(entry: Entry, batches: Mapping[str, Batch], today: datetime.date) -> Iterator[str]:
    yield f"  entry: {named(entry.identity)}"
    if not entry.batch:
        return
    batch = batches[entry.batch]
    yield f"  batch `{batch.name}`, by {neutral(batch.by)} on {batch.date}: {neutral(batch.reason)}"
    details = [
        f"owner: {neutral(batch.owner)}" if batch.owner else "",
        f"ticket: {neutral(batch.ticket)}" if batch.ticket else "",
        f"{'expired' if expired(batch, today) else 'expires'} on {batch.expires}" if batch.expires else "",
    ]
    if any(details):
        yield f"  {', '.join(filter(None, details))}"


def _missed(miss: Miss) -> Iterator[str]:
    yield f"not matched, of the same {_IN_COMMON[miss.tier]}: {WHY_NOT[miss.why]}"
    yield from _first([f"finding {concise.line(each.finding)}" for each in miss.findings])
    yield from _first([f"entry {named(each.identity)}" for each in miss.entries])


def _first(lines: Sequence[str]) -> Iterator[str]:
    """Indent the first few lines, and say how many more there are."""
    yield from (f"    {line}" for line in lines[:_MOST_SHOWN])
    if len(lines) > _MOST_SHOWN:
        yield f"    and {len(lines) - _MOST_SHOWN} more"


def _totals(rules: Iterable[str]) -> Iterator[str]:
    counts = sorted(Counter(rules).items(), key=lambda item: (-item[1], item[0]))
    yield from (f"{number:>10}  {rule}" for rule, number in counts)

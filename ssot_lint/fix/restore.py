"""Finds the last good revision of files that are broken, and puts it back.

A revision is good if it compiles and was not cut down: who comments out a file to make it compile has not
mended it. It was cut down if one before it held more tests, all of its own among them; where tests are fewer
but others, the file was written anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.facts.extract import PYTHON
from ssot_lint.files import (
    Commit,
    Revision,
    UndecodableError,
    histories,
    read_as_checked_out,
    read_blobs,
    read_bytes,
    read_commits,
    read_text,
    uncommitted,
)
from ssot_lint.fix import transaction
from ssot_lint.fix.journal import Journal
from ssot_lint.fix.judging import Judged, judge
from ssot_lint.fix.transaction import Change, UnwritableError

if TYPE_CHECKING:
    from ssot_lint.facts.model import Outline
    from ssot_lint.facts.store import Store

NEARLY = 75
"""A revision with so many per cent of the tests of another was not cut down from that.

Tests do leave a file that is well: they move, or two become one. On a history with 565 broken files any
number from 50 to 100 chooses the same revision for all but three of them.
"""

UNCOMMITTED = "has changes that are in no commit, which would be lost"

_TEST = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)[ \t]*\(", re.MULTILINE)


class Past(NamedTuple):
    """What a file was in a commit."""

    commit: Commit
    path: str  # from the root; what lies outside begins with `../`
    blob: str
    fault: str  # why it did not compile, "" where it did
    tests: int  # those that do something


class Lost(NamedTuple):
    """What a broken file has and its last good revision has not."""

    lines: int  # without blank ones, and wherever they stand
    tests: tuple[str, ...]  # names


class Restoration(NamedTuple):
    """A broken file and what can be done about it."""

    path: str  # from the root
    fault: str
    line: int  # of the fault, 1-based
    most_tests: int  # that a revision which compiles ever held
    good: Past | None = None
    broken: Past | None = None  # what came of the good one; None where that is in no commit yet
    newest: Past | None = None  # a later one that compiles too, but was cut down
    fullest: Past | None = None  # an earlier one with far more tests, from before the file was written anew
    lost: Lost = Lost(0, ())
    before: bytes = b""  # the file as it is
    after: bytes = b""  # the text of the good revision in the repository
    reason: str = ""  # why there is no good revision


class Found(NamedTuple):
    """Broken files, by path, and what the user should know besides."""

    restorations: Sequence[Restoration]
    notes: Sequence[str]


def find(
    root: Path,
    outlines: Mapping[str, Outline],
    store: Store | None = None,
    *,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Found:
    """Look for the last good revisions of files.

    `outlines` are those of broken files by path; see `engine.lint` for `jobs`, and for `progress`, which is
    told of revisions. Raises GitError.
    """
    if not outlines:
        return Found((), ())
    history = histories(root, outlines)
    blobs = {each.blob for revisions in history.revisions.values() for each in revisions}
    judged = judge(root, blobs, store, jobs=jobs, progress=progress)
    chosen = {path: _Choice(history.revisions[path], judged) for path in sorted(outlines)}
    commits = read_commits(root, {each.commit for choice in chosen.values() for each in choice.named()})
    texts = read_blobs(root, {choice.good.blob for choice in chosen.values() if choice.good})
    restorations = [_restoration(root, path, outlines[path], chosen[path], commits, texts) for path in chosen]
    return Found(restorations, history.notes)


def apply(root: Path, restorations: Sequence[Restoration], *, even_uncommitted: bool) -> dict[str, str]:
    """Puts the last good revisions back; modes stay, and so does the index.

    The bytes are those that git would check out. What would lose changes that are in no commit is left alone
    unless `even_uncommitted`, as is what may not be written; the rest is written as a whole or not at all.
    Returns why files were left, by path. Raises FixError, GitError.
    """
    good = {each.path: each.good for each in restorations if each.good is not None}
    left = {} if even_uncommitted else dict.fromkeys(sorted(uncommitted(root, good)), UNCOMMITTED)
    texts = read_as_checked_out(root, {path: past.blob for path, past in good.items() if path not in left})
    before = {each.path: each.before for each in restorations}
    changes = [Change(path, before[path], text) for path, text in texts.items()]
    with transaction.started(root, "restore --apply") as journal:
        try:
            _write(journal, changes)
        except UnwritableError as error:
            left.update(error.refusals)
            _write(journal, [each for each in changes if each.path not in left])
    return left


def _write(journal: Journal, changes: Sequence[Change]) -> None:
    if changes:
        transaction.commit(journal, transaction.apply(journal, changes))


class _Choice:
    """The last good one among the revisions of a file, which are the newest first."""

    def __init__(self, revisions: Sequence[Revision], judged: Mapping[str, Judged]) -> None:
        self.judged = judged
        whole = [each for each in revisions if each.blob in judged and not judged[each.blob].fault]
        verdicts = [judged[each.blob] for each in whole]
        good = next((each for each in whole if not _is_hollow(judged[each.blob], verdicts)), None)
        self.good = good
        self.reason = _reason(revisions, judged) if good is None else ""
        self.broken = revisions[good.next] if good is not None and good.next >= 0 else None
        self.newest = whole[0] if whole and whole[0] is not good else None
        self.most_tests = max((verdict.tests for verdict in verdicts), default=0)
        fullest = next((each for each in whole if judged[each.blob].tests == self.most_tests), None)
        is_far_fuller = good and fullest and _has_far_fewer(judged[good.blob], judged[fullest.blob])
        self.fullest = fullest if is_far_fuller else None

    def named(self) -> Iterator[Revision]:
        """The revisions that the user is told about."""
        return (each for each in (self.good, self.broken, self.newest, self.fullest) if each is not None)


def _has_far_fewer(verdict: Judged, other: Judged) -> bool:
    return verdict.tests * 100 < other.tests * NEARLY


def _is_hollow(verdict: Judged, others: Sequence[Judged]) -> bool:
    return any(_is_cut_down(verdict, other) for other in others)


def _is_cut_down(verdict: Judged, other: Judged) -> bool:
    """Whether one text is what is left of another."""
    if other.definitions and not verdict.definitions:
        return True
    return _has_far_fewer(verdict, other) and verdict.names <= other.names


def _reason(revisions: Sequence[Revision], judged: Mapping[str, Judged]) -> str:
    """Why a file has no good revision."""
    if not revisions:
        return "it is in no commit"
    missing = sum(each.blob not in judged for each in revisions)
    if missing:
        return f"the repository lacks {missing} of its {len(revisions)} revisions, the others do not compile"
    if len(revisions) == 1:
        return f"it did not compile in the only commit that has it, under Python {PYTHON}"
    return f"none of its {len(revisions)} revisions compiles under Python {PYTHON}"


def _restoration(
    root: Path,
    path: str,
    outline: Outline,
    choice: _Choice,
    commits: Mapping[str, Commit],
    texts: Mapping[str, bytes],
) -> Restoration:
    fault = outline.fault
    assert fault is not None, "it is broken"

    def past(revision: Revision | None) -> Past | None:
        if revision is None:
            return None
        verdict = choice.judged.get(revision.blob, Judged("is missing", 1, 0, frozenset(), 0))
        commit = commits[revision.commit]
        return Past(commit, revision.path, revision.blob, verdict.fault, verdict.tests)

    reason = choice.reason
    before = b""
    try:
        before = read_bytes(root, path)
    except OSError as error:
        reason = f"it cannot be read: {error.strerror or error}"
    known = Restoration(path, fault.message, fault.span.line, choice.most_tests, reason=reason)
    if choice.good is None or reason:
        return known
    after = texts[choice.good.blob]
    return known._replace(
        good=past(choice.good),
        broken=past(choice.broken),
        newest=past(choice.newest),
        fullest=past(choice.fullest),
        lost=lost(before, after),
        before=before,
        after=after,
    )


def lost(before: bytes, after: bytes) -> Lost:
    """What a text has that another one has not."""
    old, new = text_of(before), text_of(after)
    lines = Counter(old.split("\n")) - Counter(new.split("\n"))
    number = sum(count for line, count in lines.items() if line.strip())
    there = set(_TEST.findall(new))
    return Lost(number, tuple(name for name in dict.fromkeys(_TEST.findall(old)) if name not in there))


def text_of(data: bytes) -> str:
    r"""The text of any file, for people: what cannot be decoded is replaced, and lines end with `\n`."""
    try:
        return read_text(data)
    except UndecodableError:
        return data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")

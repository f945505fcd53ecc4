"""Makes new bytes of a file from fixes, each text proved before it is handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ssot_lint.finding import Fix
from ssot_lint.fix.plan import planned, splices_of
from ssot_lint.fix.proof import prove
from ssot_lint.fix.source_text import RefusedError, SourceText
from ssot_lint.fix.steps import Step, steps_of
from ssot_lint.fix.syntax import Syntax

Attempt = Callable[[Sequence[Fix]], bytes]


class Refused(NamedTuple):
    """A fix that is not made, and why, in words for the user."""

    fix: Fix
    reason: str


class Rewritten(NamedTuple):
    """The bytes of a file after some fixes: those that were applied, and those that were refused."""

    data: bytes
    applied: tuple[Fix, ...]
    refused: tuple[Refused, ...]


def rewrite(data: bytes, fixes: Sequence[Fix], may_drop: Callable[[str], bool] | None = None) -> Rewritten:
    """Apply fixes to the bytes of a file, each as a whole or not at all.

    Where two want the same place, the first wins, and a second run may apply the other. What cannot be
    proved to change nothing else is refused. `may_drop` tells of a name that the file imports and no longer
    needs whether the import may go: not where another file takes the name from this one. None: all may.
    """
    try:
        source = SourceText(data)
        syntax = Syntax(source.text)
    except RefusedError as error:
        return Rewritten(data, (), tuple(Refused(fix, str(error)) for fix in fixes))
    refused: dict[Fix, str] = {}
    steps = _compatible(syntax, fixes, refused)

    def attempt(chosen: Sequence[Fix]) -> bytes:
        plan = planned(syntax, list(dict.fromkeys(step for fix in chosen for step in steps[fix])), may_drop)
        splices = splices_of(syntax, plan)
        changed = source.spliced(splices)
        try:
            prove(source, syntax, changed, plan, splices)
        except RecursionError:
            raise RefusedError("the text is nested too deeply") from None
        return changed

    applied, result = _settled(attempt, (), tuple(steps), data, refused)
    return Rewritten(
        result,
        tuple(fix for fix in dict.fromkeys(fixes) if fix in applied),
        tuple(Refused(fix, refused[fix]) for fix in dict.fromkeys(fixes) if fix in refused),
    )


def _compatible(syntax: Syntax, fixes: Sequence[Fix], refused: dict[Fix, str]) -> dict[Fix, tuple[Step, ...]]:
    """The fixes whose edits are at home in the text and apart from those of fixes before them."""
    found: dict[Fix, tuple[Step, ...]] = {}
    taken: dict[Step, None] = {}
    for fix in dict.fromkeys(fixes):
        try:
            steps = steps_of(syntax, fix)
        except RefusedError as error:
            refused[fix] = str(error)
            continue
        if any(_contradict(one, other) for one in steps for other in (*taken, *steps) if one != other):
            refused[fix] = "another fix changes the same place"
            continue
        taken.update(dict.fromkeys(steps))
        found[fix] = steps
    return found


def _contradict(one: Step, other: Step) -> bool:
    """Whether two different steps want the same place."""
    return (one.start, one.end) == (other.start, other.end) or (
        one.start < other.end and other.start < one.end
    )


def _settled(
    attempt: Attempt, accepted: tuple[Fix, ...], more: tuple[Fix, ...], data: bytes, refused: dict[Fix, str]
) -> tuple[tuple[Fix, ...], bytes]:
    """Take in what works together with the fixes accepted, whose bytes are `data`: by halves, if need be."""
    if not more:
        return accepted, data
    try:
        return (*accepted, *more), attempt((*accepted, *more))
    except RefusedError as error:
        if len(more) == 1:
            refused[more[0]] = str(error)
            return accepted, data
    middle = len(more) // 2
    accepted, data = _settled(attempt, accepted, more[:middle], data, refused)
    return _settled(attempt, accepted, more[middle:], data, refused)

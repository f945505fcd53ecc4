"""Shows proposals to a person, one by one, and asks what to do about each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ssot_lint.commands._init_editor import edited
from ssot_lint.commands._init_look import shown
from ssot_lint.files import UsageError
from ssot_lint.proposals.proposal import Proposal
from ssot_lint.proposals.toml import document, read
from ssot_lint.proposals.trial import Ground, Tried, contradiction, try_out
from ssot_lint.reports import neutral

if TYPE_CHECKING:
    from rich.console import Console

_ANSWERS = {
    "t": "take it",
    "s": "skip it",
    "e": "edit it",
    "a": "take this one and all the rest",
    "q": "quit without writing",
}


class QuitError(Exception):
    """The person wants nothing to be written."""


def choose(tried: Sequence[Tried], ground: Ground) -> list[Tried]:
    """The proposals that a person takes, as changed in the editor. Raises QuitError.

    They have been tried together. What cannot be meant or finds nothing beside the others is told.
    """
    console = _console()
    taken: list[Tried] = []
    for number, proposed in enumerate(tried, 1):
        each = proposed
        answer = ""
        while answer not in ("t", "s", "a"):
            _show(console, shown(each), f"{number} of {len(tried)}")
            answer = _ask(console, _ANSWERS)
            if answer == "e":
                each = _edited(console, each, [other.proposal for other in taken], ground)
        if answer in ("t", "a"):
            taken.append(each)
        if answer == "a":
            taken += tried[number:]
            break
    return taken if not taken or taken == [*tried] else _together(console, taken, ground)


def wants(question: str) -> bool:
    """Whether a person says yes to a question. Raises QuitError for `q`, and at the end of the input."""
    console = _console()
    console.print(question, markup=False)
    return _ask(console, {"y": "yes", "n": "no", "q": _ANSWERS["q"]}) == "y"


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _show(console: Console, proposal: Proposal, place: str) -> None:
    console.print()
    console.print(f"{place}: {neutral(proposal.title)}", style="bold", markup=False)
    for line in proposal.evidence:
        console.print(f"  {neutral(line)}", markup=False)
    tables = proposal._replace(title="", evidence=())
    console.print(document([tables], "").rstrip("\n"), style="cyan", markup=False, soft_wrap=True)


def _ask(console: Console, answers: dict[str, str]) -> str:
    """One of the answers, by its letter. Raises QuitError for `q`, and at the end of the input."""
    while True:
        console.print(", ".join(f"{letter} = {meaning}" for letter, meaning in answers.items()), markup=False)
        try:
            answer = input("> ").strip().lower()[:1]
        except EOFError:
            answer = "q"
            console.print()
        if answer == "q":
            raise QuitError
        if answer in answers:
            return answer


def _together(console: Console, taken: Sequence[Tried], ground: Ground) -> list[Tried]:
    """What is taken, with what it finds without all the rest."""
    console.print("looking at what these find without the rest", markup=False)
    outcome = try_out([each.proposal for each in taken], ground)
    reasons = {proposal.title: reason for proposal, reason in outcome.refused}
    kept = {each.proposal.title for each in outcome.tried}
    for title in (each.proposal.title for each in taken if each.proposal.title not in kept):
        reason = reasons.get(title, "it would find nothing beside the others")
        console.print(
            f"left out: {neutral(title)}: {neutral(reason)}", style="red", markup=False, soft_wrap=True
        )
    return [*outcome.tried]


def _edited(console: Console, tried: Tried, taken: Iterable[Proposal], ground: Ground) -> Tried:
    """The proposal as the person wants it; the same as before where that cannot be."""
    try:
        changed = tried.proposal._replace(tables=read(edited(document([tried.proposal], ""))))
        if fault := contradiction([*taken, changed], ground):
            raise UsageError(fault)
        console.print("looking at what that finds", markup=False)
        outcome = try_out([changed], ground)
        if outcome.refused:
            raise UsageError(outcome.refused[0][1])
        if not outcome.tried:
            raise UsageError("the new one would find nothing")
    except UsageError as error:
        console.print(f"it stays as it was: {neutral(str(error))}", style="red", markup=False, soft_wrap=True)
        return tried
    return outcome.tried[0]

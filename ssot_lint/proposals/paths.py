"""Things of the tree that are imported by several paths, and the one that is to stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ssot_lint.import_paths import imports_by_symbol
from ssot_lint.meaning import A_CLASS
from ssot_lint.project import Project
from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.reports import counted

_FEWEST_IMPORTS = 10  # what is hardly imported has no path that people are used to
_FEWEST_STRAYS = 5  # fewer are mended by hand, and may well be meant
_FRONT_DOOR = 0.1  # a package that hands a thing on to a tenth of all who want it, does so on purpose
_MOST = 0.5  # where less than half of the imports agree, it is for people to say which one is to stay
_SHOWN = 6  # paths that the evidence names


class Home(NamedTuple):
    """Where a thing is to be imported from, and where else it is."""

    symbol: str
    also: tuple[str, ...]  # other paths that are fine: packages around its module that many use
    kept: int  # imports by either
    strays: Mapping[str, int]  # imports by other paths, the most used first

    @property
    def values(self) -> dict[str, Any]:
        """What a `[[canonical]]` table says about the home."""
        return {"symbol": self.symbol, **({"also": list(self.also)} if self.also else {})}


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes the home of what is imported past it.

    The home is where it is defined. If that is private, it is the public path that most imports take.
    """
    for symbol in imports_by_symbol(project):
        home = home_of(project, symbol)
        strays = sum(home.strays.values())
        total = home.kept + strays
        if total >= _FEWEST_IMPORTS and strays >= _FEWEST_STRAYS and home.kept >= _MOST * total:
            others = _namesakes(project, home.symbol)
            yield Proposal(
                f"`{_name(home.symbol)}` is imported from `{home.symbol.rpartition('.')[0]}`",
                tuple(_evidence(home, total, others)),
                (_table(home, others),),
                strays,
            )


def home_of(project: Project, symbol: str) -> Home:
    """The home of a symbol, given by the dotted name of its definition."""
    uses = {written: len(places) for written, places in imports_by_symbol(project).get(symbol, {}).items()}
    total = sum(uses.values())
    ranked = sorted(uses, key=lambda written: (-uses[written], written))
    front = next(iter(ranked), symbol)
    fine = {written for written in ranked if _is_front_door(written, symbol, uses[written], total)}
    home = symbol
    if _is_private(symbol) and not _is_private(front) and uses[front] >= _MOST * total:
        home = front
        inside = symbol.rpartition(".")[0]
        fine |= {symbol, *(written for written in ranked if written.rpartition(".")[0] == inside)}
    fine.discard(home)
    also = tuple(written for written in ranked if written in fine)
    return Home(
        home,
        also,
        uses.get(home, 0) + sum(uses[each] for each in also),
        {each: uses[each] for each in ranked if each != home and each not in fine},
    )


def _namesakes(project: Project, symbol: str) -> int:
    """How many other modules define a class of that name with another body."""
    places = {(home.path, home.name) for home in project.symbol(symbol) if home.kind == A_CLASS}
    if not places:
        return 0
    bodies = {each.digest for path, name in places for each in project.classes_at(path, name)}
    return sum(each.digest not in bodies for _, each in project.classes_by_name.get(_name(symbol), ()))


def _table(home: Home, others: int) -> Table:
    reason = "most of the code imports it from there"
    if others:
        # A canonical table would also report each other class of that name, and most are other things.
        also = {"also": list(home.also)} if home.also else {}
        return Table("noncanonical-import", {"symbols": [home.symbol], **also, "reason": reason})
    return Table("canonical", {**home.values, "reason": reason})


def _evidence(home: Home, total: int, others: int) -> Iterator[str]:
    yield f"{home.kept} of {counted(total, 'import')} take it from there"
    if home.also:
        yield f"these are fine, too: {', '.join(f'`{each}`' for each in home.also)}"
    for written, number in [*home.strays.items()][:_SHOWN]:
        yield f"{number} from `{written}`"
    if len(home.strays) > _SHOWN:
        yield f"and from {counted(len(home.strays) - _SHOWN, 'other path')}"
    if others:
        yield f"classes of that name with other bodies, which are left alone: {others}"


def _is_front_door(written: str, symbol: str, uses: int, total: int) -> bool:
    """Whether a package around the module of a symbol hands it on under its own name to many."""
    package, _, name = written.rpartition(".")
    is_around = symbol.startswith(f"{package}.") and _name(symbol) == name
    return is_around and written != symbol and uses >= _FRONT_DOOR * total


def _is_private(dotted: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in dotted.split("."))


def _name(dotted: str) -> str:
    return dotted.rpartition(".")[2]

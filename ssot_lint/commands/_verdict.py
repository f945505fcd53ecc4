"""What a check comes to: its exit codes, and what to say about each."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.commands._waiver_notes import idle_notes

if TYPE_CHECKING:
    from ssot_lint.baseline.budgets import Budget, Standing
    from ssot_lint.baseline.entries import Entry
    from ssot_lint.config import Config
    from ssot_lint.engine import Result
    from ssot_lint.finding import Finding
    from ssot_lint.since import Since

NEW = 1
STALE = 3
GROWN = 4
OVERDUE = 5

_PRECEDENCE = (NEW, GROWN, OVERDUE, STALE)
_MOST_SHOWN = 10


class Reason(NamedTuple):
    """Why a run does not end well: an exit code, and lines that say so, the last with what helps."""

    exit_code: int
    lines: tuple[str, ...]


class Verdict(NamedTuple):
    """What a run comes to."""

    reasons: tuple[Reason, ...]  # the first one gives the exit code
    notes: tuple[str, ...]


def verdict(
    config: Config,
    result: Result,
    change: Since | None,
    environment: Mapping[str, str],
    today: datetime.date,
    *,
    is_hook: bool,
    is_fixed: bool,
    use_cache: bool,
) -> Verdict:
    """What a run comes to, on a day in UTC. A change answers only for what it has caused or touched.

    `is_fixed`: what could be fixed has been; `use_cache`: facts of earlier texts may be read and kept. Raises
    BaselineError.
    """
    failing = result.failing
    found = [*_new(config, result, failing, is_hook=is_hook, is_fixed=is_fixed)]
    if broken := [each.path for each in failing if each.rule == "syntax-error"]:
        found.append(Reason(NEW, _last_good(config, broken, use_cache=use_cache)))
    notes: list[str] = []
    if change is not None:
        found += _grown(change)
        if environment.get("CI"):  # elsewhere the check cleans up, or the next one does
            found += _stale(result, change)
    if result.compared is not None:
        notes += idle_notes(config, result.compared)
    for told in chain(_deadlines(config, result, change, today), _budgets(config, result, change, today)):
        if isinstance(told, Reason):
            found.append(told)
        else:
            notes.append(told)
    return Verdict(tuple(sorted(found, key=lambda reason: _PRECEDENCE.index(reason.exit_code))), tuple(notes))


def standing_notes(config: Config, result: Result, today: datetime.date) -> Iterator[str]:
    """Yield what is to be said of waivers, last days and budgets whatever changes, on a day in UTC.

    Raises BaselineError.
    """
    if result.compared is not None:
        yield from idle_notes(config, result.compared)
    for told in chain(_deadlines(config, result, None, today), _budgets(config, result, None, today)):
        yield told.lines[0] if isinstance(told, Reason) else told


def _new(
    config: Config, result: Result, failing: Sequence[Finding], *, is_hook: bool, is_fixed: bool
) -> Iterator[Reason]:
    if not failing:
        return
    ((rule, _),) = Counter(finding.rule for finding in failing).most_common(1)
    way_out = ""
    if is_hook and config.catalogue.by_id[rule].about == "source":
        way_out = f", or say at its line why it may stay: `# ssot: allow {rule} -- reason`"
    lines = [f"see `ssot-lint explain {rule}`{way_out}"]
    if result.compared is not None and result.compared.stored.entries:
        lines.append(
            f"to carry what cannot be mended now: `ssot-lint baseline accept --rule {rule} --path PATH "
            "--reason TEXT --owner NAME`"
        )
    fixable = sum(finding.fix is not None and finding.fix.is_safe for finding in result.new)
    if fixable and not is_fixed:
        lines.append(f"{fixable} can be fixed safely: `ssot-lint check --fix`, after a look at `--diff`")
    yield Reason(NEW, tuple(lines))


def _last_good(config: Config, broken: list[str], *, use_cache: bool) -> tuple[str, ...]:
    """Name the revisions in which the first few of some broken files were whole."""
    from ssot_lint.files import GitError
    from ssot_lint.fix.last_good import last_good

    try:
        known = last_good(config.root, broken[:_MOST_SHOWN], use_cache=use_cache)
    except GitError:
        return ()  # without a history there is nothing to restore
    lines = [f"{path} was whole in {each.short} of {each.date}" for path, each in known.items()]
    return (*lines, "see `ssot-lint restore` for the last good revisions of files that do not compile")


def _grown(change: Since) -> Iterator[Reason]:
    entries = change.blame.unapproved
    if entries:
        yield Reason(
            GROWN,
            (
                f"{len(entries)} came into the baseline without an owner to answer for it:",
                *_listed(entries),
                f"`git checkout {change.commit[:12]} -- .ssot-lint` brings back what was there before,",
                "then `ssot-lint baseline accept` carries what is new, with a reason and an owner",
            ),
        )


def _stale(result: Result, change: Since) -> Iterator[Reason]:
    compared = result.compared
    if compared is None or not compared.outcome.coverage.is_whole:
        return
    entries = [left.entry for left in change.blame.stale]
    if entries:
        yield Reason(
            STALE,
            (
                f"{len(entries)} in the baseline is over because of this change:",
                *_listed(entries),
                "`ssot-lint baseline sync` takes it out; commit `.ssot-lint` then",
            ),
        )


def _deadlines(
    config: Config, result: Result, change: Since | None, today: datetime.date
) -> Iterator[Reason | str]:
    """Yield what is past its last day, or nearly so."""
    compared = result.compared
    if compared is None or not (compared.stored.entries or compared.stored.waivers):
        return
    from ssot_lint.baseline import batches
    from ssot_lint.baseline.deadlines import deadlines

    known = change.batches if change is not None else batches.load(config.root).by_name
    batches.refuse_unknown(known, compared.stored.entries)
    for deadline in deadlines(compared.outcome.findings, known, today):
        touched = sorted(change.changed.intersection(deadline.paths)) if change is not None else []
        if deadline.is_over and touched:
            yield Reason(
                OVERDUE,
                (
                    f"{deadline.text}, and holds what is found in files that this change touches:",
                    *_shortened(touched),
                    "mend what is there, or say a later day and why; see `ssot-lint baseline show`",
                ),
            )
        elif compared.outcome.coverage.is_whole:
            yield deadline.text


def _budgets(
    config: Config, result: Result, change: Since | None, today: datetime.date
) -> Iterator[Reason | str]:
    """Yield which budgets are overdrawn, or allow more since the change."""
    if result.compared is None or not result.compared.outcome.coverage.is_whole:
        return
    from ssot_lint.baseline import disk

    if change is None and not disk.is_there(config.root):
        return
    from ssot_lint.baseline import budgets

    now = budgets.load(config.root, config.catalogue.selectors)
    overdrawn = list(_overdrawn(config, result, change, now, today))
    if change is not None:
        for raised in budgets.raised(change.budgets, now, today):
            allowed = raised.before.ceiling(raised.day)
            word = "is gone" if raised.after is None else f"is {raised.after.ceiling(raised.day)}"
            word += f" on {raised.day}" if raised.day > today else ""
            text = f"{budgets.PATH}: the budget for {_meant(raised.before)} was {allowed} and {word}"
            advice = f"budgets only fall: see `git diff {change.commit[:12]} -- {budgets.PATH}`"
            yield Reason(GROWN, (text, advice))
        told = {standing.budget.key for standing, _ in overdrawn}
        for standing, was in _overdrawn(config, result, change, change.budgets, today):
            # New budgets may have taken over what this one counts.
            if standing.found > was and standing.budget.key not in told:
                advice = f"budgets only fall: see `git diff {change.commit[:12]} -- {budgets.PATH}`"
                yield Reason(GROWN, (f"before this change, {_told(standing)}", advice))
    for standing, was in overdrawn:
        if standing.found > was:
            yield Reason(OVERDUE, (_told(standing), f"`{_command_for(standing.budget)}` lists them"))
        else:
            yield _told(standing)  # it was so before


def _overdrawn(
    config: Config, result: Result, change: Since | None, budgets: Sequence[Budget], today: datetime.date
) -> Iterator[tuple[Standing, int]]:
    """Yield which of some budgets are overdrawn, and how much was found before the change, -1 without one."""
    from ssot_lint.baseline.budgets import standings

    known = [each for each in budgets if not each.rule or each.rule in config.catalogue.selectors]
    if not known:
        return
    found = chain(result.findings, (each.finding for each in result.allowed))
    was = [-1] * len(known)
    if change is not None:
        then = chain(change.past.findings, (each.finding for each in change.past.allowed))
        was = [each.found for each in standings(known, then, today, config.catalogue)]
    for standing, number in zip(standings(known, found, today, config.catalogue), was):
        if standing.is_over:
            yield standing, number


def _told(standing: Standing) -> str:
    """Say how a budget stands."""
    budget = standing.budget
    owner = f" ({budget.owner})" if budget.owner else ""
    return f"{budget.place}: {standing.found} found, {standing.ceiling} allowed of {_meant(budget)}{owner}"


def _meant(budget: Budget) -> str:
    """Say which findings a budget is about."""
    rule = f"`{budget.rule}`" if budget.rule else "all rules"
    return f"{rule} in {', '.join(budget.paths)}" if budget.paths else rule


def _command_for(budget: Budget) -> str:
    select = f" --select {budget.rule}" if budget.rule else ""
    return f"ssot-lint check --no-baseline{select}"


def _listed(entries: Iterable[Entry]) -> list[str]:
    """Name the first few entries, and say how many more there are."""
    from ssot_lint.commands._baseline_texts import named

    return _shortened([named(entry.identity) for entry in entries])


def _shortened(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_SHOWN
    return [*(f"  {line}" for line in lines[:_MOST_SHOWN]), *([f"  and {more} more"] if more > 0 else [])]

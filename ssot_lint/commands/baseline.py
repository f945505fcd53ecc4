"""`ssot-lint baseline`: carry old findings until they are gone, and see what is left of them."""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from ssot_lint.baseline import batches, changes, disk, explain, folder, history
from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import REPORTED
from ssot_lint.baseline.deadlines import deadlines
from ssot_lint.baseline.entries import Entry
from ssot_lint.baseline.error import BaselineError
from ssot_lint.commands import _baseline_diff, _work, add_traceback, say
from ssot_lint.commands import _baseline_options as options
from ssot_lint.commands import _baseline_texts as texts
from ssot_lint.commands._debt import Debt, looked_up
from ssot_lint.commands._waiver_notes import idle_notes
from ssot_lint.compare import load as load_baseline
from ssot_lint.compare import strict_paths
from ssot_lint.config import load
from ssot_lint.files import GitError, UsageError, is_ignored, repository_top, user_name
from ssot_lint.tables import nearest

_EPILOG = """\
examples:
  ssot-lint baseline init                        carry all that is found now; new findings still fail
  ssot-lint baseline sync                        take out what is fixed, follow what has moved
  ssot-lint baseline accept 3f1c09a2be --reason "until the bank moves" --owner payments
  ssot-lint baseline show --rule missing-base    list what is carried
  ssot-lint baseline diff main..HEAD             what came and went

`init` and `accept` only add, `sync` only takes away, the others change nothing.
exit codes: 0 done, 1 findings stay new, 2 a mistake or an unusable baseline, 5 (`show`) debt is overdue
"""
_STAY_NEW = 1
_EXPIRED = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `baseline` can be told."""
    parser.description = "Carry old findings until they are gone, and see what is left of them."
    parser.epilog = _EPILOG
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)

    def action(
        name: str, summary: str, act: Callable[[argparse.Namespace, datetime.date], int]
    ) -> argparse.ArgumentParser:
        made = actions.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", allow_abbrev=False
        )
        made.set_defaults(parser=made, act=act)
        add_traceback(made)
        made.add_argument("-q", "--quiet", action="store_true", help="print no summary, notes and advice")
        if act is _diff:
            _work.add_config(made)
        else:
            _work.add_arguments(made)
        return made

    init = action("init", "carry all findings of the rules that have no entries yet", _init)
    options.add_rule(init, "only these rules")

    accept = action("accept", "carry findings that are new, and say why", _accept)
    accept.add_argument(
        "fingerprints", nargs="*", metavar="FINGERPRINT", help="of a finding, as reports have it"
    )
    options.add_rule(accept, "all that these rules find")
    options.add_path(accept, "with --rule: only in these files")
    accept.add_argument("--reason", required=True, metavar="TEXT", help="why this may stay")
    accept.add_argument("--owner", required=True, metavar="NAME", help="who is to mend it")
    accept.add_argument("--ticket", default="", metavar="TEXT", help="where that is planned")
    accept.add_argument(
        "--expires", type=options.day, metavar="YYYY-MM-DD", help="the last day on which it may stay"
    )

    sync = action("sync", "take out what is fixed or deleted, and follow what has moved", _sync)
    sync.add_argument("-n", "--dry-run", action="store_true", help="write nothing")

    show = action("show", "list what is carried, with the lines of now", _show)
    options.add_rule(show, "only of these rules")
    options.add_path(show, "only in these files")
    show.add_argument("--batch", default="", metavar="NAME", help="only what was accepted with this batch")
    show.add_argument("--owner", default="", metavar="NAME", help="only what this owner is to mend")
    show.add_argument(
        "--age",
        type=options.days,
        default=0,
        metavar="DAYS",
        help="only what was accepted so long ago or longer",
    )

    diff = action("diff", "tell what came and went between two commits", _diff)
    diff.add_argument("range", metavar="A..B", help="two names of commits; one that is left out is HEAD")

    why = action("explain", "tell why a finding is carried or new, and what an entry is there for", _explain)
    why.add_argument("fingerprint", metavar="FINGERPRINT", help="of a finding or an entry")


def run(args: argparse.Namespace, today: datetime.date | None = None) -> int:
    """Do what is asked, on a day in UTC, and return the exit code. Raises UsageError."""
    code: int = args.act(args, today or batches.today())
    return code


def _init(args: argparse.Namespace, today: datetime.date) -> int:
    debt = looked_up(args)
    rules = options.rules(args.rule, debt.config)
    findings = [finding for finding in debt.result.new if finding.rule in rules]
    by = _person(debt.config.root) if findings else ""
    made = {
        rule: batches.new_batch(by, today, f"was there when `{rule}` was switched on")
        for rule in sorted({finding.rule for finding in findings})
    }
    names = {rule: batch.name for rule, batch in made.items()}
    grown = changes.init(debt.compared.stored.entries, findings, names, strict_paths(debt.config))
    return _grow(args, debt, grown, made.values())


def _accept(args: argparse.Namespace, today: datetime.date) -> int:
    if bool(args.fingerprints) == bool(args.rule):
        raise UsageError("say what to accept: either fingerprints or `--rule`")
    if args.path and not args.rule:
        raise UsageError("`--path` goes with `--rule`")
    if not args.owner.strip():
        raise UsageError("expected the name of who is to mend it: `--owner NAME`")
    if args.expires is not None and args.expires < today:
        raise UsageError(f"`--expires {args.expires}`: that day is over")
    wanted = [options.fingerprint(text) for text in args.fingerprints]
    debt = looked_up(args)
    if wanted:
        chosen = [each for each in debt.compared.outcome.findings if each.finding.fingerprint in wanted]
        for missing in sorted(set(wanted) - {each.finding.fingerprint for each in chosen}):
            raise UsageError(f"nothing with the fingerprint {missing} is found now")
    else:
        rules, files = options.rules(args.rule, debt.config), options.files(args.path)
        chosen = [
            each
            for each in debt.compared.outcome.findings
            if each.finding.state in REPORTED and each.finding.rule in rules and files(each.finding.path)
        ]
        if not chosen:
            raise UsageError("nothing that is new there is found by these rules: see `ssot-lint check`")
    batch = batches.new_batch(
        _person(debt.config.root),
        today,
        args.reason,
        owner=args.owner,
        ticket=args.ticket,
        expires=args.expires,
    )
    grown = changes.accept(debt.compared.stored.entries, chosen, batch.name, strict_paths(debt.config))
    return _grow(args, debt, grown, [batch])


def _grow(args: argparse.Namespace, debt: Debt, grown: changes.Grown, made: Iterable[Batch]) -> int:
    """Write a baseline that was added to, tell about it, and return the exit code."""
    changed = (*grown.added, *grown.raised)
    used = {entry.batch for entry in changed}
    if changed:
        _write(debt, grown.entries, [batch for batch in made if batch.name in used])
    for line in texts.refused(grown):
        print(line)
    if not args.quiet:
        for line in texts.added(grown):
            print(line)
        if changed and _is_ignored(debt.config.root):
            say(f"note: git ignores {disk.TOP}, so nobody else gets it: see `git check-ignore -v {disk.TOP}`")
        elif changed:
            say(f"next: `git add {disk.TOP}`, and commit it")
    # What is carried or waived already does not stay new.
    held = (changes.CARRIED, changes.BY_WAIVER)
    refused = [each.finding for each in grown.refused if each.why not in held]
    failing = [finding for finding in refused if finding.severity == "error"]
    if not failing:
        return 0
    say(f"see `ssot-lint explain {failing[0].rule}` for what to do about what stays new")
    return _STAY_NEW


def _write(debt: Debt, entries: Iterable[Entry], made: Iterable[Batch]) -> None:
    """Write batches and then entries, so that no entry ever names a batch that is not there; or nothing."""
    root, stored = debt.config.root, debt.compared.stored
    before = disk.read_file(root, batches.PATH)
    try:
        for batch in made:
            batches.append(root, batch)
        folder.save(root, stored, entries)
    except BaselineError:
        no_entry_changed = load_baseline(debt.config).contents == stored.contents
        if no_entry_changed and disk.read_file(root, batches.PATH) != before:
            disk.replace(root, batches.PATH, before)
        raise


def _sync(args: argparse.Namespace, today: datetime.date) -> int:
    debt = looked_up(args)
    outcome = debt.compared.outcome
    shrunk = changes.sync(outcome)
    written = None
    if not args.dry_run:
        written = folder.save(debt.config.root, debt.compared.stored, shrunk.entries)
    for line in texts.shrunk(shrunk, outcome, is_done=written is not None):
        print(line)
    if not args.quiet:
        for note in texts.notes_on_days(shrunk.entries, debt.batches, today):
            say(f"note: {note}")
        for deadline in deadlines(outcome.findings, {}, today):  # of waivers
            say(f"note: {deadline.text}")
        for note in idle_notes(debt.config, debt.compared):
            say(f"note: {note}")
        if debt.result.new:
            say(f"note: {len(debt.result.new)} new, which `sync` never adds: see `ssot-lint check`")
        if written is not None and (written.replaced or written.removed):
            say(f"next: `git add {disk.TOP}`, and commit it")
    return 0


def _show(args: argparse.Namespace, today: datetime.date) -> int:
    debt = looked_up(args)
    rules, files = options.rules(args.rule, debt.config), options.files(args.path)
    if args.batch and args.batch not in debt.batches:
        valid = nearest(args.batch, debt.batches) if debt.batches else ""
        raise UsageError(f"there is no batch `{args.batch}`{valid}")
    rows = [
        row
        for row in texts.rows(debt.compared.outcome, debt.batches, today)
        if row.rule in rules and (files(row.path) or files(row.entry.identity.path))
        if args.batch in ("", row.entry.batch)
        if args.owner in ("", row.batch.owner if row.batch is not None else None)
        if (row.age or 0) >= args.age
    ]
    for line in texts.table(rows, with_totals=not args.quiet):
        print(line)
    if not any(row.is_expired for row in rows):
        return 0
    say(f"some of it is past its day: mend it, or give its batch another day in {batches.PATH}")
    return _EXPIRED


def _diff(args: argparse.Namespace, _today: datetime.date) -> int:
    config = load(args.config, Path.cwd())
    rules = list(config.catalogue.by_id)
    old, new = (history.read(config.root, commit, rules) for commit in _baseline_diff.commits(args.range))
    for line in _baseline_diff.lines(history.compared(old, new), with_totals=not args.quiet):
        print(line)
    return 0


def _explain(args: argparse.Namespace, today: datetime.date) -> int:
    fingerprint = options.fingerprint(args.fingerprint)
    debt = looked_up(args)
    explanation = explain.explain(debt.compared.outcome, fingerprint)
    if not explanation.findings and not explanation.left:
        raise UsageError(
            f"there is nothing with the fingerprint {fingerprint}: `ssot-lint baseline show` lists what is "
            "carried, `ssot-lint check --format json` what is found"
        )
    for line in texts.explained(explanation, debt.batches, today):
        print(line)
    return 0


def _is_ignored(root: Path) -> bool:
    """Tell whether git would leave the baseline out of commits."""
    top = os.path.realpath(root)
    try:
        return repository_top(top) is not None and is_ignored(top, disk.TOP)
    except GitError:
        return False  # where there is no git, nothing is committed


def _person(root: Path) -> str:
    """Return the name of who runs this: that of git, else that of the login. Raises UsageError."""
    from getpass import getuser

    try:
        return user_name(root) or getuser()
    except (ImportError, KeyError, OSError):  # which of these it is depends on the version of Python
        raise UsageError("it is not known who you are: `git config user.name NAME`") from None

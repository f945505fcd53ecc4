"""What `ssot-lint migrate plan` and `run` do."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ssot_lint.baseline.carry import WAIVED
from ssot_lint.commands import _baseline_options as options
from ssot_lint.commands import _migrate_texts as texts
from ssot_lint.commands import _work, say
from ssot_lint.commands._fixing import recovered
from ssot_lint.commands._progress import progress_bar
from ssot_lint.compare import load as load_baseline
from ssot_lint.config import Config, load
from ssot_lint.files import UsageError
from ssot_lint.finding import Finding
from ssot_lint.fix import migration
from ssot_lint.fix.commits import prepared
from ssot_lint.fix.fixer import Fixer
from ssot_lint.fix.targets import Target, targets
from ssot_lint.fix.transaction import started
from ssot_lint.fix.verify import Verify, find_pytest
from ssot_lint.owners import find_owners
from ssot_lint.session import Session

_LEFT = 1


class _Planned(NamedTuple):
    """What is to be done."""

    session: Session
    fixer: Fixer
    targets: Sequence[Target]
    unsafe: int  # findings with fixes that were not asked for


def _planned(args: argparse.Namespace, config: Config) -> _Planned:
    rules = options.rules(args.rule, config)
    with progress_bar(sys.stderr) as progress:
        session = Session(config, use_cache=not args.no_cache, jobs=args.jobs, progress=progress)
    for note in session.notes:
        say(f"note: {note}")

    def could_be_fixed(finding: Finding) -> bool:
        return finding.fix is not None and finding.rule in rules and finding.state != WAIVED

    def wants(finding: Finding) -> bool:
        is_safe = finding.fix is not None and finding.fix.is_safe
        return could_be_fixed(finding) and (is_safe or args.unsafe_fixes)

    fixer = Fixer(session, wants)
    owners = find_owners(config.root)
    for note in owners.notes if owners else ():
        say(f"note: {note}")
    paths = _chosen(config, args.paths, session.project.outlines)
    unsafe = sum(
        could_be_fixed(finding) and not wants(finding) for path in paths for finding in session.findings(path)
    )
    return _Planned(session, fixer, targets(session, fixer.wanted, paths, owners), unsafe)


def plan(args: argparse.Namespace) -> int:
    """Print what would change, and write nothing; return the exit code. Raises UsageError."""
    planned = _planned(args, load(args.config, _work.start(args.paths)))
    if args.format == "json":
        print(texts.plan_document(planned.targets))
        return 0
    for line in texts.plan(planned.targets):
        print(line)
    if planned.unsafe:
        say(f"note: {planned.unsafe} more with `--unsafe-fixes`, which can change what the code does")
    if planned.targets:
        say("next: `ssot-lint migrate run`, with the same arguments")
    return 0


def run(args: argparse.Namespace) -> int:
    """Fix files, say what became of them, and return the exit code. Raises UsageError."""
    if args.allow_dirty and not args.commit:
        raise UsageError("`--allow-dirty` goes with `--commit`")
    if args.timeout is not None and not args.verify:
        raise UsageError("`--timeout` goes with `--verify`")
    config = load(args.config, _work.start(args.paths))
    for line in recovered(config):
        say(f"note: {line}")
    session, fixer, chosen, _ = _planned(args, config)
    chosen = chosen[: args.limit]
    paths = [target.path for target in chosen]
    if not paths:
        print("nothing to migrate")
        return 0
    title = f"migrate run: {', '.join(sorted({each.rule for target in chosen for each in target.findings}))}"
    root = os.path.realpath(config.root)
    steps = migration.Steps(fixer.make, fixer.check)
    if args.verify:
        tests = frozenset(path for path in paths if _is_collected(session, path))
        pytest = find_pytest(root, args.timeout) if tests else None
        if tests and pytest is None:
            say("note: `python` has no pytest here, so nobody sees to it that no test is lost")
        steps = steps._replace(verify=Verify(args.verify, args.timeout), pytest=pytest, tests=tests)
    if args.commit:
        commits = prepared(root, paths, f"ssot-lint {title}", allow_dirty=args.allow_dirty)
        steps = steps._replace(commits=commits)
    with started(root, title) as journal:
        outcome = migration.run(
            journal,
            paths,
            args.batch,
            steps,
            lambda done: print(texts.progress(done, len(paths)), flush=True),
        )
    for line in texts.outcome(outcome, fixer.fixed, fixer.unfixed):
        print(line)
    for note in journal.notes:
        say(f"note: {note}")
    if outcome.migrated:
        say(f"`ssot-lint migrate rollback {journal.id}` takes it back; see also `ssot-lint migrate log`")
        if load_baseline(config).entries:
            say("next: `ssot-lint baseline sync` takes what is fixed out of the baseline")
    is_left = outcome.failures or any(fixer.unfixed.get(path) for path in paths)
    return _LEFT if is_left else 0


def _chosen(config: Config, names: Sequence[str], known: Collection[str]) -> list[str]:
    """The files of the project that are meant, all of them where none are named."""
    if not names:
        return list(known)
    for name in names:
        if not os.path.exists(name):
            raise UsageError(f"`{name}` does not exist")
    named = [_work.below(config.root, name) for name in names]
    return [
        path for path in known if any(each in ("", path) or path.startswith(f"{each}/") for each in named)
    ]


def _is_collected(session: Session, path: str) -> bool:
    """Whether pytest finds tests in a file, going by its name."""
    return session.project.collection(path).is_test_file(path)

"""Replays the history of a repository with every parent in a baseline, and counts what is then new.

    python benchmarks/replay.py --repository GITDIR --config FILE [--commits 500] [--json] [--misses]

Looked at are the newest commits with one parent that touch Python files. Everything is read from git's
objects, nothing is checked out; all files are linted before and after each commit. What a finding
afterwards is, is decided by the lines that git's diff pairs, and by nothing that the baseline goes by:

    F  in a file that the commit does not touch, in a place where the rule had found something before
    U  the same on an untouched line of a touched file
    R  the same in a file that git takes for a renamed one (`git diff -M`)
    M  on a line that was moved, but for its indentation, from a line where the rule had found something
    E  elsewhere, while something that the rule had found in the same scope of the file is gone
    D  elsewhere, while the very words that are found are gone from another line where they were found:
       moved and edited, or the same thing done anew, which nobody can tell
    N  genuinely new: all others

Each old finding accounts for one later finding at most. Printed is how many of each the matching of the
baseline calls new: none of F, U and R should be, all of N. Findings of one identity cannot be told apart,
so of those the ones that are new are taken to be the ones reported; the last line says how often another
one is shown.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from categories import CATEGORIES, Diff
from git_history import Commit, History

from ssot_lint.baseline.coverage import Coverage
from ssot_lint.baseline.entries import Entry, Identity, identity_of, numbered
from ssot_lint.baseline.matching import match
from ssot_lint.checks import Checks, open_project
from ssot_lint.collection import Collection
from ssot_lint.collection_files import COLLECTION_FILES, read_collections
from ssot_lint.config import Config, load
from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import Facts
from ssot_lint.file import InMemory
from ssot_lint.files import PathPatterns
from ssot_lint.finding import Finding

_STATES_KEPT = 40  # findings of so many commits: the parent of a commit is mostly one of the last


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repository", type=Path, required=True, help="a git directory, or a work tree")
    parser.add_argument("--config", type=Path, required=True, help="the configuration to lint it with")
    parser.add_argument("--commits", type=int, default=500, help="how many commits (default: 500)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--misses", action="store_true", help="list every finding that is judged wrongly")
    args = parser.parse_args()
    start = time.perf_counter()
    history = History(args.repository)
    states = States(history, load(args.config, args.config.parent))
    total = Total()
    for number, commit in enumerate(history.commits(args.commits), 1):
        total.add(commit, replayed(history, states, commit))
        print(f"\r{number} commits", end="", file=sys.stderr, flush=True)
    history.close()
    print(file=sys.stderr)
    seconds = time.perf_counter() - start
    print(json.dumps(total.as_data(seconds), indent=1) if args.json else total.as_text(seconds))
    if args.misses and not args.json:
        print(*total.misses, sep="\n")
    return 0


class States:
    """What is found in the commits of a repository, each linted as a whole."""

    def __init__(self, history: History, config: Config) -> None:
        self._history = history
        self._config = config
        self._exclude = PathPatterns(config.exclude)
        self.findings: Callable[[str], Sequence[Finding]] = lru_cache(_STATES_KEPT)(self._findings)
        self._facts: Callable[[str], Facts] = cache(lambda blob: extract(history.text(blob)))

    def _findings(self, commit: str) -> list[Finding]:
        facts = {}
        texts = {}
        for path, blob in sorted(self._history.files(commit)):
            if path.endswith((".py", ".pyi")) and not self._exclude.match(path):
                facts[path] = self._facts(blob)
            elif path.rpartition("/")[2] in COLLECTION_FILES:
                texts[path] = self._history.text(blob)
        outlines = {path: found.outline for path, found in facts.items()}

        def collections() -> Mapping[str, Collection]:
            return read_collections(texts, outlines)[0]

        checks = Checks(self._config, open_project(self._config, outlines, InMemory(facts), collections))
        return sorted({finding for path in outlines for finding in checks.file(path).findings})

    def coverage(self, commit: str) -> Coverage:
        """What a run over a commit looks at: everything."""
        paths = frozenset(path for path, _ in self._history.files(commit))
        rules = frozenset(instance.rule.id for instance in self._config.instances)
        return Coverage(True, rules, paths, frozenset(), paths.__contains__)


class Judged(NamedTuple):
    """A finding after a commit."""

    finding: Finding
    category: str  # of `CATEGORIES`
    tier: int  # of the matching, 0 where it is reported as new


def replayed(history: History, states: States, commit: Commit) -> list[Judged]:
    """What is found after a commit, if everything that was found before it is in the baseline."""
    old, new = states.findings(commit.parent), states.findings(commit.id)
    entries = numbered(Entry(identity_of(finding)) for finding in old)
    coverage = states.coverage(commit.id)
    identities = [identity_of(finding) for finding in new]
    matched = match(identities, entries, coverage.may_have_moved, coverage.is_gone)
    tiers = {each.finding: each.tier for each in matched.matches}
    categories = Diff(history, commit).categories(old, new)
    return [
        Judged(finding, category, tiers.get(index, 0))
        for index, (finding, category) in enumerate(zip(new, categories))
    ]


class Total:
    """The sum over all commits."""

    def __init__(self) -> None:
        self.commits = 0
        self.findings: Counter[str] = Counter()
        self.reported: Counter[str] = Counter()
        self.shown_elsewhere = 0
        self.misses: list[str] = []

    def add(self, commit: Commit, judged: Sequence[Judged]) -> None:
        """Adds what was found after a commit."""
        self.commits += 1
        by_identity: defaultdict[Identity, list[Judged]] = defaultdict(list)
        for each in judged:
            by_identity[identity_of(each.finding)].append(each)
        for group in by_identity.values():
            group.sort(key=lambda each: "NDEMRUF".index(each.category))
            tiers = sorted(each.tier for each in group)
            for (finding, category, own_tier), tier in zip(group, tiers):
                self.findings[category] += 1
                self.reported[category] += not tier
                self.shown_elsewhere += own_tier > 0 and not tier
                if (category == "N") is (tier > 0):
                    self.misses.append(_told(commit, finding, category, tier))

    def as_data(self, seconds: float) -> dict[str, object]:
        """Everything, for other programs."""
        counts = {name: [self.reported[name], self.findings[name]] for name in CATEGORIES}
        return {
            "commits": self.commits,
            "seconds": round(seconds, 1),
            "reported": counts,
            "shown elsewhere": self.shown_elsewhere,
            "misses": self.misses,
        }

    def as_text(self, seconds: float) -> str:
        """The table."""
        rows = [f"{self.commits} commits in {seconds:.0f} s", f"{'':<20}{'new':>8}{'of':>10}{'percent':>10}"]
        for name, meaning in CATEGORIES.items():
            number, of = self.reported[name], self.findings[name]
            share = f"{100 * number / of:.2f}" if of else "-"
            rows.append(f"{name} {meaning:<18}{number:>8}{of:>10}{share:>10}")
        rows.append(f"shown at another line of the same identity: {self.shown_elsewhere}")
        return "\n".join(rows)


def _told(commit: Commit, finding: Finding, category: str, tier: int) -> str:
    verdict = f"carried by tier {tier}" if tier else "reported"
    place = f"{finding.path}:{finding.span.line} [{finding.scope}]"
    return (
        f"{commit.id[:10]} {category} {verdict}: {finding.rule} {place} {finding.subject} {finding.message}"
    )


if __name__ == "__main__":
    sys.exit(main())

"""Merges random pairs of branches that change the baseline: does git fail, and is all right afterwards?

    python benchmarks/merge_fuzz.py [--trials 250] [--seed 0] [--only-fix]

A tree of 400 files has 1,460 findings of 11 rules, all of them carried. Each of two branches either fixes
findings in four files, or all findings of one rule in 20 files (a campaign). Unless `--only-fix` is given, it
also renames a file or moves a function now and then, and accepts new findings in one branch of four. Then
the files of the baseline are merged with `git merge-file`, as a server does it: with no driver.

Printed is the share of trials in which any file has a conflict, in %. After every merge, with conflict
markers left in, `sync` must give what it gives for the union of what both sides have: else it is wrong.
Then findings are added that no branch has accepted, and that must be new: else they are hidden. Half of them
are at places where a branch has fixed something. Where git merges without a conflict, an entry can be left
that is over until the next `sync`, as after any fix: what it carries until then counts as swapped.
"""

from __future__ import annotations

import argparse
import datetime
import random
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ssot_lint.baseline import batches, shards
from ssot_lint.baseline.carry import carry, nothing_is_strict
from ssot_lint.baseline.changes import accept, init, sync
from ssot_lint.baseline.coverage import Coverage
from ssot_lint.baseline.entries import Entry, identity_of
from ssot_lint.finding import MODULE_SCOPE, Finding, Span

RULES = [f"rule-{number}" for number in range(11)]
FILES = 400
BATCHES = "batches"
FIRST_BROUGHT_IN = 9_000_000
DAY = datetime.date(2026, 11, 20)


class Site(NamedTuple):
    """A place in the code where a rule finds something."""

    rule: str
    file: int
    scope: str
    subject: str


class Tree(NamedTuple):
    """Code: its sites by a number that stays, and the paths of its files."""

    sites: Mapping[int, Site]
    paths: Mapping[int, str]

    def findings(self) -> list[Finding]:
        """What a run finds in it."""
        return [
            Finding(
                self.paths[site.file],
                Span(number + 1, 1, number + 1, 2),
                site.rule,
                site.rule,
                "message",
                "",
                site.scope,
                (site.subject,),
                "error",
                (),
            )
            for number, site in sorted(self.sites.items())
        ]

    def coverage(self) -> Coverage:
        """What a run over all of it covers."""
        paths = frozenset(self.paths.values())
        return Coverage(True, frozenset(RULES), paths, frozenset(), paths.__contains__)


class Branch(NamedTuple):
    """Code with its baseline, as texts by the name of the file."""

    tree: Tree
    entries: frozenset[Entry]
    texts: Mapping[str, str]


def main() -> int:
    """Print the table; 1 where a merge gave a wrong baseline."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=250, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--only-fix", action="store_true", help="branches neither move nor accept")
    args = parser.parse_args()
    print("conflicts in % of trials    shards   batches   either    wrong  swapped   hidden")
    wrong_in_all = 0
    with tempfile.TemporaryDirectory() as folder:
        for title, ours, theirs in (
            ("4 files x 4 files", 4, 4),
            ("campaign x 4 files", 20, 4),
            ("campaign x campaign", 20, 20),
        ):
            counts: Counter[str] = Counter()
            for number in range(args.trials):
                chance = random.Random(f"{args.seed} {title} {number}")
                counts.update(trial(chance, ours, theirs, Path(folder), only_fix=args.only_fix))
            shares = (100 * counts[what] / args.trials for what in ("shards", "batches", "either"))
            print(f"{title:<24}", *(f"{share:8.1f}" for share in shares), end="")
            numbers = (counts[what] for what in ("wrong", "swapped", "hidden"))
            print(*(f" {number:7}" for number in numbers), "of", counts["brought in"], flush=True)
            wrong_in_all += counts["wrong"]
    return 1 if wrong_in_all else 0


def trial(chance: random.Random, ours: int, theirs: int, folder: Path, *, only_fix: bool) -> Counter[str]:
    """Make and merge two branches; count what happened."""
    base = made(chance)
    sides = [branched(chance, base, number, side, only_fix) for side, number in enumerate((ours, theirs), 1)]
    trees = [side.tree for side in sides]
    tree = merged_tree(base.tree, *trees)
    new = [random_site(chance, RULES) for _ in range(20)]
    new += like_what_is_gone(chance, base.tree, tree, 20)
    brought_in = {FIRST_BROUGHT_IN + number: site for number, site in enumerate(new)}
    beside = tree._replace(sites={**tree.sites, **brought_in})
    counts: Counter[str] = Counter()
    union = frozenset().union(*(entries_in(side.texts) for side in sides))
    texts = {
        name: merged_text(folder, *(each.texts.get(name, "") for each in (base, *sides)))
        for name in sorted({*sides[0].texts, *sides[1].texts})
    }
    conflicts = {name for name, text in texts.items() if "\n<<<<<<< " in f"\n{text}"}
    stored = [
        entry
        for name, text in texts.items()
        if text and name != BATCHES
        for entry in shards.read(text, name).entries
    ]
    batches.parsed(texts[BATCHES])
    synced, fresh = (sync(carry(tree.findings(), each, tree.coverage())) for each in (stored, union))
    counts["wrong"] = not is_right(synced.entries, fresh.entries, tree, union)
    judged = carry(beside.findings(), stored, beside.coverage()).findings
    hidden = [each for each in judged if each.entry and each.finding.span.line > FIRST_BROUGHT_IN]
    counts["hidden"] = sum(each.finding.rule in conflicts for each in hidden)
    counts["swapped"] = len(hidden) - counts["hidden"]
    counts["brought in"] = len(brought_in)
    counts["batches"] = BATCHES in conflicts
    counts["shards"] = bool(conflicts - {BATCHES})
    counts["either"] = bool(conflicts)
    return counts


def like_what_is_gone(chance: random.Random, before: Tree, after: Tree, number: int) -> list[Site]:
    """New sites where a branch has fixed one: the likeliest to be taken for what an old entry is about."""
    gone = sorted(site for key, site in before.sites.items() if key not in after.sites)
    return [
        site._replace(subject=f"new_{index}")
        for index, site in enumerate(chance.sample(gone, min(number, len(gone))))
        if site.scope != MODULE_SCOPE
    ]


def is_right(synced: Iterable[Entry], fresh: Iterable[Entry], tree: Tree, union: Iterable[Entry]) -> bool:
    """Whether a merged baseline is that of a fresh computation, and has what needs no cascade to be known."""
    found = [(entry.identity, entry.ordinal) for entry in synced]
    known = Counter(entry.identity for entry in union)
    same = known & Counter(map(identity_of, tree.findings()))
    return found == [(entry.identity, entry.ordinal) for entry in fresh] and same <= Counter(
        identity for identity, _ in found
    )


def random_site(chance: random.Random, rules: list[str], files: Iterable[int] = range(FILES)) -> Site:
    """A site somewhere."""
    scope = chance.choice([MODULE_SCOPE, *(f"function_{number}" for number in range(8))])
    return Site(chance.choice(rules), chance.choice(list(files)), scope, f"name_{chance.randrange(30)}")


def made(chance: random.Random) -> Branch:
    """The tree that both branches start from."""
    single = [random_site(chance, RULES) for _ in range(1400)]
    sites = dict(enumerate(single + chance.choices(single, k=60)))
    tree = Tree(sites, {number: f"src/pkg_{number % 23}/mod_{number}.py" for number in range(FILES)})
    entries = init((), tree.findings(), {}, nothing_is_strict).entries
    by_rule = Counter(entry.identity.rule for entry in entries)
    fences = {rule: shards.fences_for(number) for rule, number in by_rule.items()}
    start = batches.added("", batches.new_batch("ann", DAY, "when we began"))
    return Branch(tree, frozenset(entries), {**rendered(entries, fences), BATCHES: start})


def branched(chance: random.Random, base: Branch, number: int, side: int, only_fix: bool) -> Branch:
    """A branch that fixes findings in so many files, those of one rule alone if they are more than four."""
    sites = dict(base.tree.sites)
    paths = dict(base.tree.paths)
    rule = chance.choice(RULES) if number > 4 else ""
    candidates = sorted({site.file for site in sites.values() if not rule or site.rule == rule})
    touched = chance.sample(candidates, number)
    for key, site in base.tree.sites.items():
        if site.file in touched and (site.rule == rule or (not rule and chance.random() < 0.7)):
            del sites[key]
    if not only_fix and chance.random() < 0.3:
        file = chance.choice(touched)
        paths[file] = paths[file].replace("src/", f"lib_{side}/")
    if not only_fix and chance.random() < 0.3:
        source, target = chance.sample(touched, 2)
        for key, site in sites.items():
            if site.file == source and site.scope == "function_1":
                sites[key] = site._replace(file=target)
    tree = Tree(sites, paths)
    entries = sync(carry(tree.findings(), base.entries, tree.coverage())).entries
    texts = dict(base.texts)
    if not only_fix and chance.random() < 0.25:
        for new in range(chance.randrange(1, 5)):
            sites[side * 1_000_000 + new] = random_site(chance, RULES, touched)
        judged = carry(tree.findings(), entries, tree.coverage()).findings
        batch = batches.new_batch(f"author {side}", DAY, f"reason {chance.random()}")
        entries = accept(entries, judged, batch.name, nothing_is_strict).entries
        texts[BATCHES] = batches.added(texts[BATCHES], batch)
    fences = {name: shards.read(text, name).fences for name, text in base.texts.items() if name != BATCHES}
    kept = {BATCHES: texts[BATCHES]}
    return Branch(tree, frozenset(entries), {**rendered(entries, fences), **kept})


def rendered(entries: Iterable[Entry], fences: Mapping[str, int]) -> dict[str, str]:
    """The texts of shards by rule."""
    by_rule: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_rule[entry.identity.rule].append(entry)
    return {rule: shards.render(fences[rule], own) for rule, own in by_rule.items()}


def entries_in(texts: Mapping[str, str]) -> frozenset[Entry]:
    """The entries that a side has."""
    return frozenset(
        entry for name, text in texts.items() if name != BATCHES for entry in shards.read(text, name).entries
    )


def merged_tree(base: Tree, ours: Tree, theirs: Tree) -> Tree:
    """The code as git would merge it: what either side changed is changed, ours first."""
    sites = {}
    for key in {*ours.sites, *theirs.sites}:
        one, two = ours.sites.get(key), theirs.sites.get(key)
        if key in base.sites and (one is None or two is None):
            continue
        changed = one if one is not None and one != base.sites.get(key) else two
        sites[key] = changed if changed is not None else base.sites[key]
    paths = {
        file: ours.paths[file] if ours.paths[file] != path else theirs.paths[file]
        for file, path in base.paths.items()
    }
    return Tree(sites, paths)


def merged_text(folder: Path, base: str, ours: str, theirs: str) -> str:
    """A file as git merges it, without asking git where only one side changed it."""
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_text(text, encoding="utf-8")
    command = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout


if __name__ == "__main__":
    raise SystemExit(main())

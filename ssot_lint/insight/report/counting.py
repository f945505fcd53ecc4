"""Counts what a run found: in all, and by rule, folder, owner, age and gate."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import CARRIED, INHERITED, MOVED, NEW, REPORTED, WAIVED, WORSE, Outcome
from ssot_lint.baseline.coverage import BY_WAIVER
from ssot_lint.baseline.entries import identity_of
from ssot_lint.config import Config
from ssot_lint.finding import Finding
from ssot_lint.gates import Gate
from ssot_lint.insight.figures import Age, Folder, GateFigures, Owner, RuleFigures, Totals
from ssot_lint.measures import measure
from ssot_lint.roots import parent
from ssot_lint.standing import Standing

_STATES = (NEW, WORSE, CARRIED, MOVED, WAIVED, INHERITED)


def totals(project: Standing, outcome: Outcome) -> Totals:
    """The whole in a few numbers; `outcome` is of the run by which the project stands as it does."""
    states = Counter(judged.finding.state for judged in outcome.findings)
    return Totals(
        files=len(project.files),
        clean=len(clean(project)),
        broken=len(project.broken),
        findings=len(project.findings),
        by_state={state: states[state] for state in _STATES},
        allowed=len(project.allowed) - states[WAIVED],
        waived=states[WAIVED],
        fixed=_fixed(project, outcome),
        accepted=sum(was_accepted(entry.batch, project.batches) for entry in project.entries),
        fixable=sum(map(_is_fixable, project.findings)),
        unsafely_fixable=sum(each.fix is not None and not each.fix.is_safe for each in project.findings),
    )


def _fixed(project: Standing, outcome: Outcome) -> int:
    """How many entries carried what is gone for certain; what a comment or a waiver allows now is not."""
    over = Counter(left.entry.identity for left in outcome.left if left.is_over and left.why != BY_WAIVER)
    return (over - Counter(map(identity_of, project.allowed))).total()


def was_accepted(batch: str, batches: Mapping[str, Batch]) -> bool:
    """Whether somebody answers for the entries of a batch, given by its name: only `accept` asks who."""
    return batch in batches and bool(batches[batch].owner)


def clean(project: Standing) -> frozenset[str]:
    """The files that compile and in which nothing is found but what is allowed."""
    return frozenset(project.files).difference(project.broken, (each.path for each in project.findings))


def by_rule(config: Config, project: Standing) -> Iterator[RuleFigures]:
    """What each rule finds that ran, in the order of codes."""
    rules = {instance.rule.id: instance.rule for instance in config.instances}
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in project.findings:
        found[finding.rule].append(finding)
    allowed = Counter(finding.rule for finding in project.allowed)
    for rule in sorted(rules.values(), key=attrgetter("code")):
        own = found[rule.id]
        yield RuleFigures(
            rule.id,
            rule.code,
            rule.summary,
            findings=len(own),
            new=sum(each.state in REPORTED for each in own),
            files=len({each.path for each in own}),
            allowed=allowed[rule.id],
            fixable=sum(map(_is_fixable, own)),
        )


def by_folder(project: Standing) -> list[Folder]:
    """Every folder with files or findings, the root first, each with all that is below it."""
    files, spotless, broken, findings = (
        Counter(folder for path in paths for folder in _folders(path))
        for paths in (
            project.files,
            clean(project),
            project.broken,
            (finding.path for finding in project.findings),
        )
    )
    return [
        Folder(path, files[path], spotless[path], broken[path], findings[path])
        for path in sorted({*files, *findings})
    ]


def by_owner(project: Standing, owners_of: Callable[[str], Iterable[str]]) -> list[Owner]:
    """What each owner has, the most findings first; files of nobody are those of ""."""
    files, spotless = frozenset(project.files), clean(project)
    findings = Counter(finding.path for finding in project.findings)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path in {*files, *findings}:
        for owner in dict.fromkeys(owners_of(path)) or ("",):
            counts[owner].update(
                files=int(path in files), clean=int(path in spotless), findings=findings[path]
            )
    owners = (Owner(name, each["files"], each["clean"], each["findings"]) for name, each in counts.items())
    return sorted(owners, key=lambda owner: (-owner.findings, -owner.files, owner.name))


def by_age(project: Standing) -> list[Age]:
    """The entries of the baseline by what was said when they came, the oldest first, without a batch last."""
    found = Counter(_age(project.batches.get(entry.batch)) for entry in project.entries)
    ages = (age._replace(entries=number) for age, number in found.items())
    return sorted(ages, key=lambda age: (age.date or datetime.date.max, *map(str, age)))


def _age(batch: Batch | None) -> Age:
    """The age of what came with a batch, of no entries yet."""
    if batch is None:
        return Age(None, "", "", "", None, 0)
    return Age(batch.date, batch.reason, batch.by, batch.owner, batch.expires, 0)


def by_gate(gates: Iterable[Gate], project: Standing) -> Iterator[GateFigures]:
    """How far the project is from each gate."""
    for gate in gates:
        measured = tuple(measure(condition, project) for condition in gate.conditions)
        yield GateFigures(gate.name, gate.reason, all(each.taken.is_met for each in measured), measured)


def _is_fixable(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.is_safe


def _folders(path: str) -> Iterator[str]:
    """The folders above a path, the root too."""
    while path:
        path = parent(path)
        yield path

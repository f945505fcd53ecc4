"""What a run says of findings and entries: the states, and which entries may go."""

from __future__ import annotations

import random

import pytest
from baseline_samples import RULES, coverage, entries, entry, finding, findings

from ssot_lint.baseline.carry import carry
from ssot_lint.baseline.changes import Shrunk, sync
from ssot_lint.baseline.coverage import OVER, WHY, Coverage
from ssot_lint.baseline.entries import Entry, identity_of
from ssot_lint.baseline.error import BaselineError
from ssot_lint.finding import Finding


def states(texts: list[str], carried: list[str], run: Coverage, strict: str = "") -> list[str]:
    outcome = carry(findings(texts), entries(*carried), run, lambda path: path in strict.split())
    assert [each.finding.state == "new" for each in outcome.findings] == [
        not each.tier for each in outcome.findings
    ]
    assert all((each.entry is None) == (each.tier == 0) for each in outcome.findings)
    return [f"{each.finding.path} {each.finding.state}" for each in outcome.findings]


@pytest.mark.parametrize(
    ("texts", "carried", "run", "expected"),
    [
        pytest.param(["a.py f X"], ["a.py f X"], coverage(), ["a.py carried"], id="carried"),
        pytest.param(["a.py f Y"], ["a.py f X"], coverage(), ["a.py moved"], id="edited"),
        pytest.param(["b.py f X"], ["a.py f X"], coverage(), ["b.py moved"], id="to another file"),
        pytest.param(["b.py f X"], ["a.py f X"], coverage("b.py"), ["b.py moved"], id="with its file"),
        pytest.param(
            ["b.py f X"], ["a.py f X"], coverage("b.py", unseen="a.py"), ["b.py new"], id="from a file not seen"
        ),
        pytest.param(
            ["b.py f X"], ["a.py f X"], coverage("b.py", broken="a.py"), ["b.py new"], id="from a broken file"
        ),
        pytest.param(
            ["b.py <module> X"], ["a.py <module> X"], coverage(), ["b.py new"], id="no name to know it by"
        ),
        pytest.param(
            ["b.py <module> X"], ["a.py <module> X"], coverage("b.py"), ["b.py moved"], id="import with its file"
        ),
        pytest.param(
            ["b.py <module> syntax syntax-error"],
            ["a.py <module> syntax syntax-error"],
            coverage("a.py", broken="b.py"),
            ["b.py new"],
            id="one file repaired, another broken",
        ),
        pytest.param(
            ["b.py <module> syntax syntax-error"],
            ["a.py <module> syntax syntax-error"],
            coverage("", broken="b.py"),
            ["b.py moved"],
            id="broken file renamed",
        ),
        pytest.param(["a.py g Y"], ["a.py f X"], coverage(), ["a.py new"], id="swap in a file"),
        pytest.param(["b.py g X"], ["a.py f X"], coverage(), ["b.py new"], id="swap across files"),
        pytest.param(["a.py f X"] * 3, ["a.py f X"], coverage(), ["a.py carried", "a.py new", "a.py new"], id="more"),
    ],
)  # fmt: skip
def test_states(texts: list[str], carried: list[str], run: Coverage, expected: list[str]) -> None:
    assert states(texts, carried, run) == expected


def test_the_first_of_equal_findings_are_carried() -> None:
    twins = [finding("a.py f X", line) for line in (30, 10, 20)]
    outcome = carry(twins, entries("a.py f X", "a.py f X #2"), coverage())
    assert [(each.finding.span.line, each.finding.state) for each in outcome.findings] == [
        (10, "carried"), (20, "carried"), (30, "new"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("carried", "run", "expected"),
    [
        pytest.param(["a.py f X"], coverage(), ["fixed"], id="fixed"),
        pytest.param(["c.py f X"], coverage(), ["deleted"], id="deleted"),
        pytest.param(["c.py f X"], coverage(unseen="c.py"), ["excluded"], id="excluded"),
        pytest.param(["a.py f X"], coverage(is_whole=False), ["partial-run"], id="partial run"),
        pytest.param(["c.py f X"], coverage(is_whole=False), ["partial-run"], id="deleted, partial run"),
        pytest.param(["a.py f X"], coverage(rules=["forbidden-use"]), ["rule-off"], id="rule off"),
        pytest.param(["c.py f X"], coverage(rules=[]), ["rule-off"], id="deleted, rule off"),
        pytest.param(["c.py f X"], coverage(broken="c.py"), ["broken"], id="broken"),
        pytest.param(
            ["c.py f X", "c.py <module> syntax syntax-error"],
            coverage(broken="c.py"),
            ["broken-before", "broken-before"],
            id="broken in the baseline too",
        ),
        pytest.param(
            ["c.py f X", "c.py <module> syntax syntax-error"], coverage("c.py"), ["fixed", "fixed"], id="repaired"
        ),
        pytest.param(
            ["a.py f X", "c.py <module> syntax syntax-error"],
            coverage(broken="c.py"),
            ["fixed", "broken-before"],
            id="fixed, with a file broken as before",
        ),
        pytest.param(["a.py f X"], coverage(broken="c.py"), ["broken-elsewhere"], id="fixed, with a broken file"),
        pytest.param(["d.py f X"], coverage(broken="c.py"), ["broken-elsewhere"], id="deleted, with a broken file"),
        pytest.param(
            ["a.py <module> syntax syntax-error"], coverage(broken="c.py"), ["fixed"], id="repaired, with a broken file"
        ),
        pytest.param(
            ["a.py f X", "b.py f X"],
            coverage(uncovered=[("env-access", "a.py")]),
            ["not-covered", "fixed"],
            id="rule looks elsewhere",
        ),
        pytest.param(["a.py f X", "b.py f X"], coverage(lacking="a.py"), ["lacking", "fixed"], id="not installed"),
        pytest.param(["c.py f X"], coverage(lacking="c.py"), ["deleted"], id="deleted, not installed"),
        pytest.param(
            ["a.py <module> syntax syntax-error", "a.py f X", "c.py <module> syntax syntax-error"],
            coverage(older_python="3.10"),
            ["fixed", "newer-python", "deleted"],
            id="repaired, or accepted by a newer Python",
        ),
    ],
)  # fmt: skip
def test_why_an_entry_is_left(carried: list[str], run: Coverage, expected: list[str]) -> None:
    outcome = carry([], entries(*carried), run)
    assert [each.why for each in outcome.left] == expected
    assert all(each.why in WHY and each.is_over == (each.why in OVER) for each in outcome.left)


def test_file_that_was_renamed_while_broken_is_broken_as_before() -> None:
    outcome = carry(
        [finding("new.py <module> syntax syntax-error")],
        entries("old.py <module> syntax syntax-error", "new.py f X", "a.py f X"),
        coverage("a.py", broken="new.py"),
    )
    assert [(each.entry.identity.path, each.why) for each in outcome.left] == [
        ("a.py", "fixed"), ("new.py", "broken-before"),
    ]  # fmt: skip


def test_nothing_is_carried_in_a_strict_file_and_no_entry_lost() -> None:
    carried = entries("a.py f X", "b.py f Y", "a.py f gone")
    outcome = carry(findings(["a.py f X", "b.py f Y"]), carried, coverage(), "a.py".__eq__)
    assert [each.finding.state for each in outcome.findings] == ["new", "carried"]
    assert [(each.entry.identity.subject, each.why) for each in outcome.left] == [
        (("X",), "strict"), (("gone",), "fixed"),
    ]  # fmt: skip
    assert list(sync(outcome).entries) == entries("a.py f X", "b.py f Y")


def test_debt_does_not_move_into_a_strict_file() -> None:
    assert states(["b.py f X"], ["a.py f X"], coverage(), "b.py") == ["b.py new"]
    assert states(["b.py f X"], ["a.py f X"], coverage(), "a.py") == ["b.py moved"]


# Each takes what a run covers, so that it does not see the file `a.py`, in which there is a finding.
BLIND = {
    "rule off": coverage(rules=["forbidden-use", "syntax-error"]),
    "file excluded": coverage("b.py", unseen="a.py"),
    "file broken": coverage("b.py", broken="a.py"),
    "file broken before": coverage("b.py", broken="a.py"),
    "rule looks elsewhere": coverage(uncovered=[("env-access", "a.py")]),
    "dependency missing": coverage(lacking="a.py"),
    "partial run": coverage("b.py", unseen="a.py", is_whole=False),
    "partial run over the file": coverage("a.py", unseen="b.py", is_whole=False),
}


@pytest.mark.parametrize("is_live", [True, False], ids=["live", "fixed"])
@pytest.mark.parametrize("case", BLIND)
def test_no_live_entry_is_lost(case: str, is_live: bool) -> None:
    carried = entries("a.py f X @b1", "b.py f X")
    if case == "file broken before":
        carried += entries("a.py <module> syntax syntax-error")
    blind = carry([finding("b.py f X")], carried, BLIND[case])
    assert [each.finding.state for each in blind.findings] == ["carried"]
    kept = carried
    if BLIND[case].is_whole:
        kept = list(sync(blind).entries)
        assert kept == sorted(carried)
    else:
        with pytest.raises(BaselineError, match="`ssot-lint baseline sync`"):
            sync(blind)
    there = ["a.py f X", "b.py f X"] if is_live else ["b.py f X"]
    seeing = carry(findings(there), kept, coverage())
    assert {each.finding.state for each in seeing.findings} == {"carried"}
    assert list(sync(seeing).entries) == entries(*(["a.py f X @b1"] if is_live else []), "b.py f X")


@pytest.mark.parametrize("is_live", [True, False], ids=["live", "fixed"])
def test_deleted_file_takes_its_entries_along_and_says_so(is_live: bool) -> None:
    carried = entries("a.py f X", "b.py f X")
    outcome = carry([finding("b.py f X")], carried, coverage("b.py"))
    assert [(each.entry, each.why) for each in sync(outcome).removed] == [(carried[0], "deleted")]
    assert sync(outcome).entries == (carried[1],)


PATHS = ("a.py", "b.py", "c.py", "d.py")


def random_finding(chance: random.Random) -> Finding:
    path, scope, subject = (chance.choice(each) for each in (PATHS, ["f", "C.f", "<module>"], "XYZ"))
    return finding(f"{path} {scope} {subject} {chance.choice(RULES[:2])}", chance.randrange(1, 99))


@pytest.mark.parametrize("seed", range(200))
def test_sync_after_any_run_loses_nothing_that_a_full_run_finds(seed: int) -> None:
    """Blind in one way or another, then seeing all: what was carried before is carried still."""
    chance = random.Random(seed)
    there = [random_finding(chance) for _ in range(chance.randrange(25))]
    carried = {Entry(identity_of(each)) for each in there if chance.random() < 0.7}
    carried |= {Entry(identity_of(random_finding(chance))) for _ in range(chance.randrange(8))}
    fates = {path: chance.choice(["parsed", "parsed", "broken", "unseen"]) for path in PATHS}
    rules = [rule for rule in RULES if chance.random() < 0.8]
    blind = coverage(
        *(" ".join(path for path in PATHS if fates[path] == fate) for fate in ["parsed"]),
        broken=" ".join(path for path in PATHS if fates[path] == "broken"),
        unseen=" ".join(path for path in PATHS if fates[path] == "unseen"),
        rules=rules,
    )
    seen = [each for each in there if fates[each.path] == "parsed" and each.rule in rules]
    everything = coverage(" ".join(PATHS))

    before = carry(there, carried, everything)
    kept = sync(carry(seen, carried, blind)).entries
    after = carry(there, kept, everything)
    exact = {each.entry for each in before.findings if each.tier == 1}
    assert exact - set(kept) <= {each.entry for each in before.findings if each.tier > 1}
    assert sum(each.tier == 1 for each in after.findings) >= len(exact)
    assert len(kept) <= len(carried)


@pytest.mark.parametrize("seed", range(100))
def test_sync_never_grows_settles_and_hides_nothing(seed: int) -> None:
    chance = random.Random(seed)
    there = [random_finding(chance) for _ in range(chance.randrange(25))]
    carried = [entry("a.py f X")] + [
        Entry(identity_of(random_finding(chance)), chance.randrange(1, 4))
        for _ in range(chance.randrange(25))
    ]
    outcome = carry(there, set(carried), coverage(" ".join(PATHS)))
    shrunk = sync(outcome)
    for rule in RULES:
        had = sum(each.identity.rule == rule for each in set(carried))
        has = sum(each.identity.rule == rule for each in shrunk.entries)
        assert (
            has
            == sum(each.entry is not None and each.finding.rule == rule for each in outcome.findings)
            <= had
        )
    again = carry(chance.sample(there, len(there)), shrunk.entries, coverage(" ".join(PATHS)))
    assert [each.finding.state for each in again.findings if each.entry] == ["carried"] * len(shrunk.entries)
    assert sum(each.entry is None for each in again.findings) == sum(
        each.entry is None for each in outcome.findings
    )
    assert again.left == ()
    assert sync(again) == Shrunk(shrunk.entries, (), (), ())

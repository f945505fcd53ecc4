"""What `init`, `accept` and `sync` make of a baseline, and what `explain` says about one fingerprint."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from baseline_samples import coverage, entries, finding, findings, identity

from ssot_lint.baseline.carry import Judged, Outcome, carry
from ssot_lint.baseline.changes import BEGUN, CARRIED, OUTSIDE, STRICT, accept, init, sync
from ssot_lint.baseline.explain import WHY_NOT, explain
from ssot_lint.finding import Finding

nowhere: Callable[[str], bool] = "".__eq__


def test_init_has_an_entry_for_each_finding() -> None:
    there = findings(["a.py f X", "b.py f X", "a.py f X", "a.py f X forbidden-use"])
    grown = init([], there, {"env-access": "b1"}, nowhere)
    expected = entries("a.py f X @b1", "a.py f X #2 @b1", "b.py f X @b1", "a.py f X forbidden-use")
    assert list(grown.entries) == list(grown.added) == sorted(expected)
    assert grown.refused == ()
    assert {each.finding.state for each in carry(there, grown.entries, coverage()).findings} == {"carried"}


def test_init_refuses_what_can_not_be_carried() -> None:
    there = findings(["a.py f X", "strict.py f X", "../x.toml <module> X", "a.py f X forbidden-use"])
    carried = entries("b.py f X forbidden-use")
    grown = init(carried, there, {}, "strict.py".__eq__)
    assert list(grown.added) == entries("a.py f X")
    assert list(grown.entries) == sorted(carried + entries("a.py f X"))
    assert {(each.finding.path, each.finding.rule): each.why for each in grown.refused} == {
        ("strict.py", "env-access"): STRICT,
        ("../x.toml", "env-access"): OUTSIDE,
        ("a.py", "forbidden-use"): BEGUN,
    }


def test_accept_adds_what_is_new_and_takes_nothing_away() -> None:
    carried = entries("a.py f X", "a.py f X #3", "gone.py f X @b1")
    chosen = [
        *(finding("a.py f X", line) for line in (1, 2)),
        finding("a.py f X", 3, "carried"),
        finding("b.py f X", 1, "moved"),
        finding("strict.py f X"),
    ]
    grown = accept(carried, map(Judged, chosen), "b2", "strict.py".__eq__)
    assert list(grown.added) == entries("a.py f X #2 @b2", "a.py f X #4 @b2")
    assert list(grown.entries) == sorted([*carried, *grown.added])
    assert [(each.finding.path, each.why) for each in grown.refused] == [
        ("a.py", CARRIED), ("b.py", CARRIED), ("strict.py", STRICT),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(50))
def test_what_is_accepted_is_carried_then_and_no_more(seed: int) -> None:
    chance = random.Random(seed)
    there = findings(
        f"{chance.choice('ab')}.py {chance.choice('fg')} {chance.choice('XY')}"
        for _ in range(chance.randrange(12))
    )
    carried = init([], chance.sample(there, len(there) // 2), {}, nowhere).entries
    new = [each.finding for each in carry(there, carried, coverage()).findings if each.finding.state == "new"]
    chosen = chance.sample(new, len(new) // 2)
    grown = accept(carried, map(Judged, chosen), "b1", nowhere)
    assert set(carried) < set(grown.entries) or not chosen
    after = carry(there, grown.entries, coverage())
    assert sum(each.finding.state == "new" for each in after.findings) == len(new) - len(chosen)
    assert after.left == ()


def test_sync_rewrites_what_has_moved_and_keeps_its_batch() -> None:
    there = findings(["b.py f X", "a.py g Y", "a.py g Z"])
    carried = entries("c.py f X @b1", "a.py g W @b2", "a.py g Z", "a.py h gone @b3")
    shrunk = sync(carry(there, carried, coverage()))
    assert list(shrunk.entries) == sorted(entries("b.py f X @b1", "a.py g Y @b2", "a.py g Z"))
    assert [(each.entry, each.why) for each in shrunk.removed] == [(carried[3], "fixed")]
    assert [(each.finding.path, each.entry, each.tier) for each in shrunk.moved] == [
        ("a.py", carried[1], 2), ("b.py", carried[0], 4),
    ]  # fmt: skip


def test_sync_takes_the_highest_number_of_twins_away() -> None:
    carried = entries("a.py f X", "a.py f X #2 @b1", "a.py f X #3 @b2")
    shrunk = sync(carry(findings(["a.py f X", "a.py f X"]), carried, coverage()))
    assert list(shrunk.entries) == carried[:2]


def test_moved_entry_beside_its_twin_gets_a_number_of_its_own() -> None:
    there = findings(["b.py f X", "b.py f X"])
    shrunk = sync(carry(there, entries("b.py f X", "gone.py f X @b1"), coverage()))
    assert list(shrunk.entries) == entries("b.py f X", "b.py f X #2 @b1")


def outcome(texts: list[str], carried: list[str], strict: str = "") -> Outcome:
    return carry(findings(texts), entries(*carried), coverage(unseen="unseen.py"), strict.__eq__)


@pytest.mark.parametrize(
    ("texts", "carried", "asked", "tiers", "misses"),
    [
        pytest.param(["a.py f X"], ["a.py f X"], "a.py f X", [1], [], id="same"),
        pytest.param(["a.py f Y"], ["a.py f X"], "a.py f Y", [2], [], id="edited, by the finding"),
        pytest.param(["a.py f Y"], ["a.py f X"], "a.py f X", [2], [], id="edited, by the entry"),
        pytest.param(["b.py f X"], ["a.py f X"], "b.py f X", [4], [], id="moved"),
        pytest.param(["a.py f X"], [], "a.py f X", [0], [], id="new"),
        pytest.param([], ["a.py f X"], "a.py f X", [], [], id="fixed"),
        pytest.param(
            ["a.py f X"] * 2, ["a.py f X"], "a.py f X", [1, 0], [(1, 1, 1, "taken")], id="one more twin"
        ),
        pytest.param(
            ["a.py f Y", "a.py f Z"],
            ["a.py f X"],
            "a.py f Y",
            [0],
            [(2, 2, 1, "ambiguous")],
            id="two in a scope",
        ),
        pytest.param(
            ["a.py f Y", "a.py f Z"],
            ["a.py f X"],
            "a.py f X",
            [],
            [(2, 2, 1, "ambiguous")],
            id="by the entry",
        ),
        pytest.param(
            ["a.py g X", "a.py h X"],
            ["a.py f X"],
            "a.py g X",
            [0],
            [(3, 2, 1, "ambiguous")],
            id="two in a file",
        ),
        pytest.param(
            ["b.py f X", "c.py f X"], ["a.py f X"], "b.py f X", [0], [(4, 2, 1, "ambiguous")], id="two files"
        ),
        pytest.param(
            ["b.py f X"],
            ["unseen.py f X"],
            "b.py f X",
            [0],
            [(4, 1, 1, "not-moved")],
            id="file not looked at",
        ),
        pytest.param(
            ["b.py <module> X"],
            ["a.py <module> X"],
            "b.py <module> X",
            [0],
            [(4, 1, 1, "not-moved")],
            id="no name",
        ),
    ],
)
def test_explain(
    texts: list[str],
    carried: list[str],
    asked: str,
    tiers: list[int],
    misses: list[tuple[int, int, int, str]],
) -> None:
    fingerprint = identity(asked).fingerprint
    found = explain(outcome(texts, carried), fingerprint)
    assert found.fingerprint == fingerprint
    assert [each.tier for each in found.findings] == tiers
    assert [(each.tier, len(each.findings), len(each.entries), each.why) for each in found.misses] == misses
    assert all(each.why in WHY_NOT for each in found.misses)
    is_left = not texts or (asked in carried and not tiers)
    assert [each.entry.identity.fingerprint for each in found.left] == [fingerprint] * is_left


def test_explain_in_a_strict_file() -> None:
    found = explain(outcome(["a.py f X"], ["a.py f X"], "a.py"), identity("a.py f X").fingerprint)
    assert [each.finding.state for each in found.findings] == ["new"]
    assert [each.why for each in found.left] == ["strict"]
    assert found.misses[0][0] == 1
    assert found.misses[0].why == "strict"


def test_explain_knows_nothing_of_other_fingerprints() -> None:
    assert explain(outcome(["a.py f X"], []), "0123456789") == ("0123456789", (), (), ())


def test_a_finding_says_its_state_and_nothing_else_changes() -> None:
    given: list[Finding] = findings(["a.py f X", "a.py f Y"])
    judged = carry(given, entries("a.py f X"), coverage()).findings
    assert [each.finding for each in judged] == [given[0]._replace(state="carried"), given[1]]

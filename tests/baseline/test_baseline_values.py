"""Findings with a value: what is worse than its entry carries, and caps, which only `accept` raises."""

from __future__ import annotations

import random

import pytest
from baseline_samples import coverage, entries, entry, finding, findings, identity

from ssot_lint.baseline.carry import REPORTED, Outcome, carry, nothing_is_strict
from ssot_lint.baseline.changes import CARRIED, accept, init, sync
from ssot_lint.baseline.entries import Entry, parsed, united, written
from ssot_lint.baseline.history import Difference, compared


def outcome(texts: list[str], carried: list[str], lacking: str = "") -> Outcome:
    return carry(findings(texts), entries(*carried), coverage(lacking=lacking))


@pytest.mark.parametrize(
    ("texts", "carried", "expected"),
    [
        pytest.param(["a.py f X =83"], ["a.py f X cap=83"], ["carried"], id="as bad as before"),
        pytest.param(["a.py f X =84"], ["a.py f X cap=83"], ["worse"], id="worse"),
        pytest.param(["a.py f X =2"], ["a.py f X cap=83"], ["carried"], id="better"),
        pytest.param(["a.py f X =84"], ["a.py f X"], ["carried"], id="no cap"),
        pytest.param(["a.py f X"], ["a.py f X cap=83"], ["carried"], id="no value"),
        pytest.param(["a.py f X =84"], [], ["new"], id="new"),
        pytest.param(["a.py f Y =84"], ["a.py f X cap=83"], ["worse"], id="edited and worse"),
        pytest.param(["b.py f X =83"], ["a.py f X cap=83"], ["moved"], id="moved"),
        pytest.param(["a.py f X =0"], ["a.py f X cap=-1"], ["worse"], id="around zero"),
        pytest.param(
            ["a.py f X =90", "a.py f X =50"],
            ["a.py f X cap=50", "a.py f X #2 cap=90"],
            ["carried", "carried"],
            id="twins, the largest with the largest",
        ),
        pytest.param(
            ["a.py f X =90", "a.py f X =50"],
            ["a.py f X cap=45", "a.py f X #2 cap=60"],
            ["worse", "carried"],
            id="one twin is worse, not both",
        ),
        pytest.param(
            ["a.py f X =90", "a.py f X =50", "a.py f X =40"],
            ["a.py f X cap=45", "a.py f X #2 cap=60"],
            ["new", "carried", "carried"],
            id="one twin more: the worst is new",
        ),
        pytest.param(
            ["a.py f X =90", "a.py f X", "a.py f X =80"],
            ["a.py f X", "a.py f X #2 cap=1", "a.py f X #3 cap=85"],
            ["carried", "carried", "carried"],
            id="twins with and without value and cap",
        ),
        pytest.param(
            ["a.py f Y =90", "a.py f Z =50"],
            ["a.py f W cap=60", "a.py f X cap=95"],
            ["moved", "moved"],
            id="edited twins",
        ),
    ],
)
def test_states(texts: list[str], carried: list[str], expected: list[str]) -> None:
    assert [each.finding.state for each in outcome(texts, carried).findings] == expected


def test_worse_finding_says_what_is_carried_and_keeps_its_entry() -> None:
    found = outcome(["a.py f X =84"], ["a.py f X cap=83 @b1"])
    (judged,) = found.findings
    assert judged.finding.message == "message (worse than the 83 that the baseline carries)"
    assert (judged.entry, judged.tier) == (entry("a.py f X cap=83 @b1"), 1)
    assert found.left == ()
    assert judged.finding.fingerprint == finding("a.py f X").fingerprint


@pytest.mark.parametrize(
    ("texts", "carried", "expected", "lowered"),
    [
        pytest.param(["a.py f X =80"], ["a.py f X cap=83 @b1"], ["a.py f X cap=80 @b1"], 1, id="better"),
        pytest.param(["a.py f X =83"], ["a.py f X cap=83"], ["a.py f X cap=83"], 0, id="the same"),
        pytest.param(["a.py f X =90"], ["a.py f X cap=83"], ["a.py f X cap=83"], 0, id="worse"),
        pytest.param(["a.py f X =90"], ["a.py f X @b1"], ["a.py f X cap=90 @b1"], 1, id="no cap yet"),
        pytest.param(["a.py f X"], ["a.py f X cap=83"], ["a.py f X cap=83"], 0, id="no value any more"),
        pytest.param(["b.py f X =80"], ["a.py f X cap=83"], ["b.py f X cap=80"], 1, id="moved and better"),
        pytest.param(["b.py f X =90"], ["a.py f X cap=83"], ["b.py f X cap=83"], 0, id="moved and worse"),
        pytest.param(
            ["a.py f X =50"], ["a.py f X cap=60", "a.py f X #2 cap=45"], ["a.py f X cap=50"], 1, id="one twin fixed"
        ),
        pytest.param(
            ["a.py f X =8"], ["a.py f X cap=2", "a.py f X #2 cap=4"], ["a.py f X cap=4"], 0, id="one fixed, one worse"
        ),
    ],
)  # fmt: skip
def test_sync_lowers_caps_and_never_raises_them(
    texts: list[str], carried: list[str], expected: list[str], lowered: int
) -> None:
    shrunk = sync(outcome(texts, carried))
    assert list(shrunk.entries) == entries(*expected)
    assert len(shrunk.lowered) == lowered


def test_nothing_is_lowered_or_rewritten_without_full_evidence() -> None:
    carried = ["a.py f X cap=83", "a.py g Y"]
    found = outcome(["a.py f X =2", "a.py g Z"], carried, lacking="a.py")
    assert [each.finding.state for each in found.findings] == ["carried", "moved"]
    shrunk = sync(found)
    assert list(shrunk.entries) == entries(*carried)
    assert (shrunk.moved, shrunk.lowered) == ((), ())


def test_cells_of_later_versions_stay() -> None:
    known = entry("a.py f X cap=83 @b1")
    later = known._replace(cells=("cap=83", "size=3", "@b1"))
    shrunk = sync(carry(findings(["a.py f X =80"]), [later], coverage()))
    assert shrunk.entries[0].cells == ("cap=80", "@b1", "size=3")
    untouched = sync(carry(findings(["a.py f X =83"]), [later], coverage()))
    assert untouched.entries == (later,)


def test_init_writes_caps_and_accept_raises_them() -> None:
    there = findings(["a.py f X =83", "a.py f Y"])
    grown = init((), there, {"env-access": "b1"}, nothing_is_strict)
    assert list(grown.entries) == entries("a.py f X cap=83 @b1", "a.py f Y @b1")

    later = findings(["a.py f X =90", "a.py f Y", "a.py g Z =7"])
    judged = carry(later, grown.entries, coverage()).findings
    accepted = accept(grown.entries, judged, "b2", nothing_is_strict)
    assert list(accepted.added) == entries("a.py g Z cap=7 @b2")
    assert list(accepted.raised) == entries("a.py f X cap=90 @b2")
    assert list(accepted.entries) == entries("a.py f X cap=90 @b2", "a.py f Y @b1", "a.py g Z cap=7 @b2")
    assert [each.why for each in accepted.refused] == [CARRIED]
    after = carry(later, accepted.entries, coverage())
    assert {each.finding.state for each in after.findings} == {"carried"}


@pytest.mark.parametrize(
    ("twins", "expected"),
    [
        (["cap=80 @b1", "cap=70 @b1"], "cap=70 @b1"),
        (["cap=80", "cap=90 @b1"], "cap=80 @b1"),
        (["@b1", "cap=80 @b1"], "cap=80 @b1"),
        (["", "cap=80"], "cap=80"),
        (["cap=9", "cap=10"], "cap=9"),
    ],
)
def test_merge_takes_the_lowest_cap(twins: list[str], expected: str) -> None:
    for order in (twins, twins[::-1]):
        assert united(entry(f"a.py f X {each}") for each in order) == (entry(f"a.py f X {expected}"),)


def test_cap_on_a_line() -> None:
    capped = entry("a.py f X cap=83 @b1")
    line = written(capped)
    assert line.endswith("\t#1\tcap=83\t@b1")
    assert parsed(line, "env-access") == capped
    assert (capped.cap, capped.batch, entry("a.py f X").cap) == (83, "b1", None)


@pytest.mark.parametrize("cells", ["cap=", "cap=8O", "cap=083", "cap= 8", "cap=1.5", "cap=1\tcap=2"])
def test_cap_that_is_no_number_is_refused(cells: str) -> None:
    line = f"{written(entry('a.py f X'))}\t{cells}"
    with pytest.raises(ValueError, match="expected one cap such as `cap=83`, found `cap="):
        parsed(line, "env-access")


def difference(old: list[str], new: list[str]) -> list[list[str]]:
    """The ordinals and cells of what came, went, moved, was lowered and raised."""
    found: Difference = compared(entries(*old), entries(*new))
    pairs = (*found.moved, *found.lowered, *found.raised)
    assert all(before.identity.rule == after.identity.rule for before, after in pairs)
    return [
        [" ".join(each.cells) for each in found.came],
        [" ".join(each.cells) for each in found.went],
        *(
            [f"{before.cap} {after.cap}" for before, after in pairs]
            for pairs in (found.moved, found.lowered, found.raised)
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(["a.py f X cap=83"], ["a.py f X cap=83"], [[], [], [], [], []], id="same"),
        pytest.param(["a.py f X cap=83"], ["a.py f X cap=80"], [[], [], [], ["83 80"], []], id="lowered"),
        pytest.param(["a.py f X"], ["a.py f X cap=80"], [[], [], [], ["None 80"], []], id="first cap"),
        pytest.param(["a.py f X cap=83"], ["a.py f X"], [[], [], [], [], ["83 None"]], id="cap lost"),
        pytest.param(["a.py f X cap=80 @b1"], ["a.py f X cap=83 @b2"], [[], [], [], [], ["80 83"]], id="accepted"),
        pytest.param(["a.py f X cap=80 @b1"], ["a.py f X cap=83 @b1"], [[], [], [], [], ["80 83"]], id="by hand"),
        pytest.param(["a.py f X cap=80"], ["b.py f X cap=70"], [[], [], ["80 70"], [], []], id="moved"),
        pytest.param(["a.py f X cap=80"], ["b.py f X cap=90"], [[], [], [], [], ["80 90"]], id="moved and raised"),
        pytest.param(["a.py f X cap=80 @b1"], ["a.py f X cap=70 @b2"], [["cap=70 @b2"], ["cap=80 @b1"], [], [], []], id="other batch"),
        pytest.param(
            ["a.py f X cap=80", "a.py f X #2 cap=60"],
            ["a.py f X cap=60", "a.py f X #2 cap=70"],
            [[], [], [], ["80 70"], []],
            id="twins",
        ),
    ],
)  # fmt: skip
def test_difference_tells_caps(old: list[str], new: list[str], expected: list[list[str]]) -> None:
    assert difference(old, new) == expected


def fewest_reported(values: list[int], caps: list[int]) -> int:
    """How many findings of one identity at least no cap is left for, found by trying each cap."""
    free = sorted(caps)
    kept = 0
    for value in sorted(values):
        fitting = next((cap for cap in free if cap >= value), None)
        if fitting is not None:
            free.remove(fitting)
            kept += 1
    return len(values) - kept


@pytest.mark.parametrize("seed", range(100))
def test_no_twin_is_reported_needlessly_and_order_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    values = [chance.randrange(9) for _ in range(chance.randrange(1, 7))]
    caps = [chance.randrange(9) for _ in range(chance.randrange(1, 7))]
    carried = [entry(f"a.py f X #{number} cap={cap}") for number, cap in enumerate(caps, 1)]
    there = [finding(f"a.py f X ={value}", line) for line, value in enumerate(values, 1)]
    found = carry(chance.sample(there, len(there)), chance.sample(carried, len(carried)), coverage())
    reported = [each for each in found.findings if each.finding.state in REPORTED]
    assert len(reported) == fewest_reported(values, caps)
    assert found == carry(there, carried, coverage())._replace(coverage=found.coverage)

    shrunk = sync(found)
    assert shrunk.entries == tuple(sorted(shrunk.entries))
    assert sum(each.cap or 0 for each in shrunk.entries) <= sum(caps)
    again = carry(there, shrunk.entries, coverage())
    assert [each.finding.state for each in again.findings] == [each.finding.state for each in found.findings]
    assert sync(again).entries == shrunk.entries


def test_identity_has_no_value() -> None:
    low, high = finding("a.py f X =1"), finding("a.py f X =2")
    assert low != high
    assert low.fingerprint == high.fingerprint == identity("a.py f X").fingerprint
    assert isinstance(entry("a.py f X cap=3"), Entry)

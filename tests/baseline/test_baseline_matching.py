"""Which entry carries which finding: tables for each tier, and what holds for any findings and entries."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from baseline_samples import entries, entry, identity

from ssot_lint.baseline.entries import Entry, Identity
from ssot_lint.baseline.matching import ELSEWHERE, KEYS, RENAMED, SAME, match


def tiers(findings: list[str], carried: list[str], gone: str = "") -> list[int]:
    """The tier of each finding, 0 where it is new; `gone` are the files from which things may have moved."""
    matched = match(
        [identity(text) for text in findings],
        entries(*carried),
        lambda entry: entry.path in gone.split(),
        lambda path: path in gone.split(),
    )
    found = {each.finding: each.tier for each in matched.matches}
    assert sorted(found) + sorted(matched.new) == sorted(found) + [
        n for n in range(len(findings)) if n not in found
    ]
    assert len(matched.left) == len(carried) - len(found)
    return [found.get(number, 0) for number in range(len(findings))]


@pytest.mark.parametrize(
    ("findings", "carried", "gone", "expected"),
    [
        pytest.param(["a f X"], ["a f X"], "", [1], id="same"),
        pytest.param(["a f X", "a f X"], ["a f X", "a f X #2"], "", [1, 1], id="twins"),
        pytest.param(["a f X", "a f X", "a f X"], ["a f X", "a f X #7"], "", [1, 1, 0], id="one more twin"),
        pytest.param(["a f Y"], ["a f X"], "", [2], id="edited line: same scope"),
        pytest.param(["a f Y", "a f X"], ["a f X", "a f Z"], "", [2, 1], id="the same goes first"),
        pytest.param(["a f Y", "a f Z"], ["a f X"], "", [0, 0], id="two for one: ambiguous"),
        pytest.param(["a f Y"], ["a f X", "a f Z"], "", [2], id="one for two"),
        pytest.param(["a g X"], ["a f X"], "", [3], id="moved in its file"),
        pytest.param(["a g X", "a h X"], ["a f X"], "", [0, 0], id="moved in its file: ambiguous"),
        pytest.param(["a g Y"], ["a f X"], "", [0], id="swap in a file is new"),
        pytest.param(["a f X forbidden-use"], ["a f X"], "", [0], id="another rule"),
        pytest.param(["b f X"], ["a f X"], "a", [4], id="moved to another file"),
        pytest.param(["b f X"], ["a f X"], "", [0], id="copied to another file"),
        pytest.param(["b C.f X"], ["a D.E.f X"], "a", [4], id="method moved to another class"),
        pytest.param(["b g X"], ["a f X"], "a", [0], id="swap across files is new"),
        pytest.param(["b f X", "c f X"], ["a f X"], "a", [0, 0], id="moved or copied: ambiguous"),
        pytest.param(["b f X", "c f X"], ["a f X", "d f X"], "a d", [4, 4], id="two files moved"),
        pytest.param(["b f X", "c f X"], ["a f X", "d f X"], "a", [0, 0], id="one of two may have moved"),
        pytest.param(["a g X", "a f Y"], ["a f X", "a h X"], "", [3, 2], id="scope goes before subject"),
        pytest.param(["a <module> Y"], ["a <module> X"], "", [0], id="another import is new"),
        pytest.param(["a <module> p.X"], ["a <module> q.X"], "", [2], id="what is imported has another home"),
        pytest.param(["a <module> p.X", "a <module> r.X"], ["a <module> q.X"], "", [0, 0], id="two homes"),
        pytest.param(["b <module> X"], ["a <module> X"], "a", [4], id="one thing is not enough for a rename"),
        pytest.param(["y/m <module> X", "b <module> X"], ["x/m <module> X"], "x/m", [5, 0], id="same name"),
        pytest.param(
            ["b <module> X", "b <module> Y", "c <module> X"],
            ["a <module> X", "a <module> Y"],
            "a",
            [5, 5, 0],
            id="renamed, and the same done elsewhere",
        ),
        pytest.param(
            ["b <module> X", "b <module> Y", "c <module> X"],
            ["a <module> X", "a <module> Y"],
            "",
            [0, 0, 0],
            id="copied: the file is still there",
        ),
        pytest.param(
            ["b f X", "b g Y", "c f X", "c g Y"],
            ["a f X", "a g Y"],
            "a",
            [0, 0, 0, 0],
            id="which of two copies",
        ),
        pytest.param(
            ["b f X", "b g Y", "b h Z", "c k V"],
            ["a f X", "a g Y", "a h W", "a k V"],
            "a",
            [5, 5, 2, 4],
            id="renamed, edited and split",
        ),
        pytest.param(
            ["b f X", "b g Y", "b h Z", "b i V", "b j W", "c f X"],
            ["a f X", "a g Y"],
            "a",
            [0, 4, 0, 0, 0, 0],
            id="less than half in common",
        ),
        pytest.param(
            ["b f X", "b f X", "b g Y", "b h Z"],
            ["a f X", "a g Y", "c f X", "c g Y", "c h Z"],
            "a c",
            [5, 4, 5, 5],
            id="two files made one: the one that is more like it was renamed",
        ),
        pytest.param(
            ["b f X", "b g Y", "c f X"], ["a f X", "a g Y", "b k Z"], "a", [0, 4, 0], id="into a known file"
        ),
        pytest.param(
            ["q/s/m f X", "q/t/m f X", "z f X"],
            ["p/s/m f X", "p/t/m f X"],
            "p/s/m p/t/m",
            [5, 5, 0],
            id="folder",
        ),
        pytest.param([], ["a f X"], "a", [], id="fixed"),
        pytest.param(["a f X"], [], "", [0], id="nothing carried"),
    ],
)
def test_tier(findings: list[str], carried: list[str], gone: str, expected: list[int]) -> None:
    assert tiers(findings, carried, gone) == expected


def random_identity(chance: random.Random) -> Identity:
    return Identity(
        chance.choice(["env-access", "forbidden-use"]),
        chance.choice("abc") + ".py",
        chance.choice(["f", "g", "C.f", "<module>"]),
        (chance.choice("XYZ"),),
    )


def random_case(seed: int) -> tuple[list[Identity], list[Entry], random.Random]:
    chance = random.Random(seed)
    findings = [random_identity(chance) for _ in range(chance.randrange(30))]
    carried = {Entry(random_identity(chance), chance.randrange(1, 4)) for _ in range(chance.randrange(30))}
    carried |= {Entry(each) for each in findings if chance.random() < 0.3}
    return findings, sorted(carried), chance


@pytest.mark.parametrize("seed", range(150))
def test_counts_are_conserved_and_order_does_not_matter(seed: int) -> None:
    findings, carried, chance = random_case(seed)
    gone = {path for path in ("a.py", "b.py", "c.py") if chance.random() < 0.5}
    matched = match(findings, carried, lambda entry: entry.path in gone, gone.__contains__)

    used = [each.entry for each in matched.matches]
    assert sorted((*used, *matched.left)) == carried
    assert sorted((*(each.finding for each in matched.matches), *matched.new)) == list(range(len(findings)))
    for found, carrier, tier in matched.matches:
        if tier == RENAMED or carrier.identity.path != findings[found].path:
            assert carrier.identity.path in gone
        key = KEYS[SAME if tier == RENAMED else tier]
        stays = (
            carrier.identity if tier == ELSEWHERE else carrier.identity._replace(path=findings[found].path)
        )
        assert key(findings[found]) == key(stays)
    per_rule = Counter(findings[each.finding].rule for each in matched.matches)
    assert per_rule == Counter(each.identity.rule for each in used)
    exact = Counter(findings) & Counter(each.identity for each in carried)
    assert sum(each.tier == 1 for each in matched.matches) == exact.total()

    order = chance.sample(range(len(findings)), len(findings))
    again = match(
        [findings[n] for n in order],
        chance.sample(carried, len(carried)),
        lambda entry: entry.path in gone,
        gone.__contains__,
    )
    assert Counter(
        (findings[order[each.finding]], each.entry, each.tier) for each in again.matches
    ) == Counter((findings[each.finding], each.entry, each.tier) for each in matched.matches)
    assert again.left == matched.left


@pytest.mark.parametrize("seed", range(60))
def test_ambiguous_findings_are_all_new(seed: int) -> None:
    findings, carried, _ = random_case(seed)
    matched = match(findings, carried, lambda _: True, lambda _: True)
    key = KEYS[ELSEWHERE]
    new = Counter(key(findings[index]) for index in matched.new)
    left = Counter(key(entry.identity) for entry in matched.left)
    assert all(number > left[value] for value, number in new.items() if left[value])
    # So a sync that takes out what is left can hide nothing, and another run finds nothing to match.
    again = match([findings[index] for index in matched.new], matched.left, lambda _: True, lambda _: True)
    assert not [each for each in again.matches if each.tier in (SAME, ELSEWHERE)]


def test_several_that_match_at_once_pair_in_their_order() -> None:
    findings = [identity("a f Z"), identity("a f Y")]
    carried = entries("a f X", "a f W")
    for order in (findings, findings[::-1]):
        matched = match(order, carried, lambda _: False, lambda _: False)
        pairs = {(order[each.finding].subject, each.entry.identity.subject) for each in matched.matches}
        assert pairs == {(("Y",), ("W",)), (("Z",), ("X",))}


def never(_what: object) -> bool:
    """Says no."""
    return False


def test_entry_that_one_side_of_a_merge_has_taken_out_carries_nothing_that_is_only_like_it() -> None:
    settled = entry("a.py f X")
    disputed = settled._replace(is_disputed=True)
    like_it = [identity("a.py f Y")]
    assert len(match(like_it, [settled], never, never).matches) == 1
    assert match(like_it, [disputed], never, never).matches == ()
    assert len(match([identity("a.py f X")], [disputed], never, never).matches) == 1

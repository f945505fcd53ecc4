"""The files of the baseline as texts: stable, mergeable, and refused when damaged."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from baseline_samples import entries, entry

from ssot_lint.baseline.entries import Entry, Identity, written
from ssot_lint.baseline.error import TextError
from ssot_lint.baseline.shards import Shard, fences_for, read, render

RULE = "env-access"


def some_entries(seed: int, number: int) -> list[Entry]:
    chance = random.Random(seed)
    return [
        Entry(
            Identity(RULE, f"pkg/m{chance.randrange(9)}.py", f"f{chance.randrange(9)}", (f"K{each}",)),
            chance.randrange(1, 4),
            chance.choice([(), ("@b1",), ("cap=3", "@b2")]),
        )
        for each in range(number)
    ]


def test_form() -> None:
    text = render(16, entries("a.py f X", "a.py f X #2 @b7", "b.py f X"))
    lines = text.split("\n")
    assert lines[0] == "#ssot-lint-baseline v1 fences=16"
    assert [line for line in lines[1:] if line.startswith("#")] == [*(f"#{n:x}" for n in range(16)), "#end"]
    assert text.endswith("\n#end\n")
    for line in lines[1:-2]:
        if line.startswith("#"):
            fence = line[1:]
        else:
            assert line[:1] == fence


@pytest.mark.parametrize(
    ("number", "fences"), [(0, 16), (8, 16), (9, 256), (128, 256), (129, 4096), (10**6, 4096)]
)
def test_there_are_twice_as_many_fences_as_entries(number: int, fences: int) -> None:
    assert fences_for(number) == fences


@pytest.mark.parametrize("seed", range(20))
def test_reading_and_rendering_are_inverse_and_know_no_order(seed: int) -> None:
    some = some_entries(seed, seed * 3)
    fences = (16, 256, 4096)[seed % 3]
    text = render(fences, some)
    shuffled = random.Random(seed).sample(some, len(some))
    assert render(fences, shuffled + some) == text
    shard = read(text, RULE)
    assert shard == Shard(fences, tuple(sorted(some)), False)
    assert render(shard.fences, shard.entries) == text
    assert read(text.replace("\n", "\r\n"), RULE) == shard


def cut(text: str, keep: float) -> str:
    return text[: int(len(text) * keep)]


@pytest.mark.parametrize(
    ("damage", "line", "expected"),
    [
        (lambda _: "", 1, "expected `#ssot-lint-baseline v1 fences=256`, found ``"),
        (lambda _: "{}\n", 1, "found `{}`"),
        (lambda text: text.replace("v1", "v2"), 1, "this is version 2 of the format, this ssot-lint knows 1"),
        (lambda text: text.replace("v1", "v0"), 1, "version 0"),
        (lambda text: text.replace("s=16", "s=17"), 1, "expected 16, 256 or 4096 fences, found 17"),
        (lambda text: cut(text, 0.7), None, ""),
        (lambda text: text.replace("#end\n", ""), 18, "the line `#end` is missing: the file is cut off"),
        (lambda text: text.replace("#9\n", ""), 18, "the line `#9` is missing"),
        (lambda text: text.replace("#9\n", "#99\n"), None, "found `#99`"),
        (lambda text: text.replace("\tf\t", "\tg\t"), None, "expected the fingerprint"),
        (lambda text: text.replace("#9\n", "#9\n\n"), None, "at least five columns"),
        (lambda text: f"\ufeff{text}", 1, "expected `#ssot-lint-baseline"),
        (lambda text: text.replace("#9\n", "=======\n#9\n"), None, "without those before it"),
        (lambda text: text.replace("#9\n", "<<<<<<< HEAD\n#9\n"), 20, "does not end"),
        (lambda text: text.replace("#9\n", "<<<<<<< a\n#9\n>>>>>>> b\n"), None, "`>>>>>>>` stands here"),
    ],
)
def test_damaged_shard_is_refused(damage: Callable[[str], str], line: int | None, expected: str) -> None:
    with pytest.raises(TextError) as caught:
        read(damage(render(16, entries("a.py f X"))), RULE)
    assert expected in str(caught.value)
    if line is not None:
        assert caught.value.line == line


@pytest.mark.parametrize("keep", [0.1, 0.3, 0.5, 0.8, 0.9, 0.99])
def test_cut_off_shard_is_refused_wherever_it_is_cut(keep: float) -> None:
    with pytest.raises(TextError):
        read(cut(render(256, some_entries(1, 100)), keep), RULE)


def merge(folder: Path, base: str, ours: str, theirs: str, *options: str) -> str:
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_text(text, encoding="ascii")
    done = subprocess.run(
        ["git", "merge-file", "-p", *options, "ours", "base", "theirs"],
        cwd=folder,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)},
        capture_output=True,
        encoding="ascii",
        check=False,
    )
    assert 0 <= done.returncode < 128, done.stderr
    return done.stdout


@pytest.mark.parametrize("options", [(), ("--diff3",), ("--zdiff3",), ("--union",)], ids=" ".join)
def test_all_that_a_side_has_is_read_from_a_merge(options: tuple[str, ...], tmp_path: Path) -> None:
    conflicts = repeated = 0
    for seed in range(25):
        chance = random.Random(seed)
        base = set(some_entries(seed, 14))
        sides = []
        for side in (1, 2):
            gone = {each for each in base if chance.random() < 0.4}
            sides.append(base - gone | set(some_entries(100 * side + seed, 5)))
        ours, theirs = sides
        text = merge(tmp_path, *(render(16, each) for each in (base, ours, theirs)), *options)
        shard = read(text, RULE)
        merged = {(each.identity, each.ordinal) for each in shard.entries}
        both = {(each.identity, each.ordinal) for each in (*ours, *theirs)}
        kept_or_added = (ours & theirs) | ((ours | theirs) - base)
        assert {(each.identity, each.ordinal) for each in kept_or_added} <= merged <= both
        conflicts += "<<<<<<<" in text
        named = [line.partition("\t@")[0].partition("\tcap=")[0] for line in text.splitlines()]
        repeated += len(set(named)) < len(named)
        assert shard.is_merged is ("<<<<<<<" in text or len(set(named)) < len(named))
    assert (repeated if "--union" in options else conflicts) > 0


def test_two_branches_that_make_the_shard_merge(tmp_path: Path) -> None:
    ours, theirs = some_entries(1, 5), some_entries(2, 50)
    shard = read(merge(tmp_path, "", render(16, ours), render(256, theirs)), RULE)
    assert shard.fences == 256
    assert {each.identity for each in shard.entries} == {each.identity for each in (*ours, *theirs)}


def test_two_branches_that_fix_twins_leave_one_stale_line(tmp_path: Path) -> None:
    base = entries("a.py f X", "a.py f X #2", "a.py f X #3")
    one_less = render(16, base[:2])
    merged = read(merge(tmp_path, render(16, base), one_less, one_less), RULE)
    assert list(merged.entries) == base[:2]


def test_a_line_given_twice_counts_once() -> None:
    text = render(16, [entry("a.py f X")])
    line = written(entry("a.py f X"))
    assert read(text.replace(line, f"{line}\n{line}"), RULE) == Shard(16, (entry("a.py f X"),), True)

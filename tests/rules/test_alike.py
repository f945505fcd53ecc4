"""Bodies that are alike: how much of two is the same, and which matches are told."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import SKETCH_SIZE
from ssot_lint.finding import Span
from ssot_lint.rules import _alike
from ssot_lint.rules._alike import Alikes, Body, Definition, definitions_in, likeness


def definition(path: str, digest: int, sketch: Iterable[int], size: int = 100) -> Definition:
    digits = f"{digest:016x}"
    return Definition(path, "f", False, Span(1, 5, 1, 6), 9, digits, size, tuple(sorted(sketch)), None)


def among(definitions: Iterable[Definition], fewest_percent: int) -> Alikes:
    by_path = {each.path: each for each in definitions}
    bodies = [(path, (Body(each.digest, each.sketch),)) for path, each in by_path.items()]
    return Alikes(lambda: bodies, lambda path: [by_path[path]], fewest_percent)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param((range(10), 100), (range(10), 100), 99, id="all parts, but another order"),
        pytest.param((range(10), 100), (range(9), 100), 95, id="one part more"),
        pytest.param((range(10), 100), (range(1, 11), 100), 90, id="one part of ten replaced"),
        pytest.param((range(10), 100), (range(10, 20), 100), 0, id="nothing"),
        pytest.param((range(10), 100), (range(10), 50), 67, id="half the size"),
        pytest.param((range(16), 100), (range(1, 17), 100), 97, id="one of the sixteen smallest parts"),
        pytest.param((range(16), 900), (range(12), 900), 86, id="a full sketch and one that is whole"),
        pytest.param(((), 10), ((), 10), 0, id="too small for sketches"),
    ],
)
def test_likeness(one: tuple[range, int], other: tuple[range, int], expected: int) -> None:
    this, that = definition("a.py", 1, *one), definition("b.py", 2, *other)
    assert likeness(this, that) == expected
    assert likeness(that, this) == expected


def test_equal_bodies_are_alike_whatever_their_size() -> None:
    assert likeness(definition("a.py", 7, ()), definition("b.py", 7, ())) == 100


def test_every_pair_that_is_alike_enough_is_found() -> None:
    # The index may leave out no pair: compared with trying every two.
    chance = random.Random(3)
    bodies: list[Definition] = []
    for family in range(60):
        parts = [chance.getrandbits(32) for _ in range(chance.randint(3, 30))]
        for _ in range(3):
            changed = [part if chance.random() > 0.04 else chance.getrandbits(32) for part in parts]
            sketch = sorted({*changed, *range(chance.randint(0, 3))})[:SKETCH_SIZE]
            bodies.append(definition(f"{family}-{len(bodies)}.py", len(bodies) // 2, sketch, 10 * len(parts)))
    for number in range(1, len(bodies), 2):  # it has the digest of the one before
        one = bodies[number - 1]
        bodies[number] = bodies[number]._replace(sketch=one.sketch, size=one.size)
    for fewest in (100, 95, 90, 80, 60):
        alikes = among(bodies, fewest)
        for body in bodies:
            found = {match.other.path for match in alikes.matches(body)}
            assert found == {
                other.path for other in bodies if other is not body and likeness(body, other) >= fewest
            }


def test_the_order_of_the_files_does_not_matter() -> None:
    bodies = [definition(f"{number}.py", number, range(number, number + 16)) for number in range(40)]
    expected = [among(bodies, 80).matches(body) for body in bodies]
    random.Random(1).shuffle(bodies)
    again = among(bodies, 80)
    assert [again.matches(body) for body in sorted(bodies, key=lambda body: int(body.digest, 16))] == expected
    assert any(expected)


def test_of_very_many_that_are_nearly_equal_each_finds_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_alike, "MOST_COMPARED", 5)
    bodies = [definition(f"{number}.py", number, [*range(14), 100 + number]) for number in range(300)]
    alikes = among(bodies, 90)
    counts = [len(alikes.matches(body)) for body in bodies]
    assert min(counts) >= 1
    assert max(counts) <= 5 * SKETCH_SIZE


def test_definitions_know_what_is_around_them() -> None:
    text = (
        "class A:\n    def f(self):\n        def g(): pass\n        class B: pass\n    def h(self): pass\n"
        "def k():\n    pass\n"
    )
    facts = extract(text.encode())
    found = definitions_in("a.py", facts.outline.classes, facts.bodies.functions)
    assert [(each.qualname, each.outer.qualname if each.outer else "", each.is_class) for each in found] == [
        ("A", "", True),
        ("A.f", "A", False),
        ("A.f.g", "A.f", False),
        ("A.f.B", "A.f", True),
        ("A.h", "A", False),
        ("k", "", False),
    ]

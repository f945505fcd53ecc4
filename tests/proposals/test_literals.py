"""Which enum or module of constants is proposed as the home of values that stand as literals elsewhere."""

from __future__ import annotations

import pytest
from proposed import found, project, tables, values

from ssot_lint.proposals.literals import propose

VALUES = ("order_paid", "order_sent", "order_lost")
ENUM = (
    "from enum import Enum\nclass Event(str, Enum):\n"
    '    PAID = "order_paid"\n    SENT = "order_sent"\n    LOST = "order_lost"\n    NEW = "new"\n'
)
CLASS = 'class Event:\n    PAID = "order_paid"\n    SENT = "order_sent"\n    LOST = "order_lost"\n'
MODULE = 'PAID = "order_paid"\nSENT = "order_sent"\nLOST = "order_lost"\n'
REPEAT = (
    'def f(bus, x):\n    bus.emit("order_paid")\n    if x == "order_sent":\n        return {"order_lost": x["order_paid"]}\n'
    '    return ["order_sent"], "new"\n'
)
POSITIONS = ["compare", "argument", "key", "item", "other"]


def using(statement: str, number: int = 5) -> dict[str, str]:
    """Files that import something."""
    return {f"app/u{index}.py": f"{statement}\n" for index in range(number)}


def repeating(text: str = REPEAT, number: int = 3) -> dict[str, str]:
    """Files that spell values out."""
    return {f"app/r{index}.py": text for index in range(number)}


HOMES = {
    "an enum": (ENUM + 'DEFAULT = Event("order_paid")\n', "from kit.events import Event", "kit.events.Event"),
    "a class of constants": (CLASS, "from kit.events import Event", "kit.events.Event"),
    "a module": (MODULE, "from kit import events", "kit.events"),
    "a module, by its constants": (MODULE, "from kit.events import PAID", "kit.events"),
}


@pytest.mark.parametrize(("text", "statement", "symbol"), HOMES.values(), ids=HOMES.keys())
def test_the_home_that_others_import(text: str, statement: str, symbol: str) -> None:
    files = {"kit/__init__.py": "", "kit/events.py": text, **using(statement), **repeating()}
    (proposal,) = propose(project(files))
    assert proposal.title == f"`{symbol}` is the home of its values"
    assert values(proposal.tables[0]) == {"constants": [symbol], "positions": POSITIONS}
    assert proposal.evidence == (
        "5 files import it",
        "3 of its values are literals in 3 files, two or more in 3",
        "`order_paid` 6 times, `order_sent` 6 times, `order_lost` 3 times",
    )
    assert proposal.strays == len(found(proposal, files)) == 15


def test_of_several_the_most_imported() -> None:
    files = {
        "kit/events.py": ENUM,
        "old/events.py": ENUM,
        "app/events.py": CLASS,
        **using("from kit.events import Event", 6),
        **{f"app/o{index}.py": "from old.events import Event\n" for index in range(5)},
        **repeating(),
    }
    (proposal,) = propose(project(files))
    assert proposal.tables[0].values["constants"] == ["kit.events.Event"]
    assert proposal.evidence[3] == (
        "fewer files import 2 more with some of these values: `old.events.Event` (5), `app.events.Event` (0)"
    )
    assert proposal.strays == len(found(proposal, files)) == 15  # the other definitions are none


def test_homes_of_different_values() -> None:
    more = "".join(f'    {name.upper()} = "{name}"\n' for name in ("user_new", "user_gone", "user_back"))
    files = {
        "kit/events.py": ENUM,
        "kit/users.py": CLASS + more,
        **using("from kit.events import Event", 6),
        **{f"app/o{index}.py": "from kit.users import Event\n" for index in range(5)},
        **repeating(f'{REPEAT}X = ["user_new", "user_gone", "user_back"]\n'),
    }
    first, second = propose(project(files))
    assert values(second.tables[0]) == {
        "constants": ["kit.users.Event"],
        "positions": POSITIONS,
        "allow": sorted(VALUES),
    }
    assert (first.strays, second.strays) == (15, 9)
    assert len(found(second, files)) == 9


def test_a_value_that_is_also_a_name_is_left_out() -> None:
    for text in (
        "def order_new(): ...\n",
        "def f(order_new): ...\n",
        "f(order_new=1)\n",
        "def g(x): x.order_new\n",
    ):
        home = ENUM + '    FRESH = "order_new"\n'
        files = {"kit/events.py": home, **using("from kit.events import Event")}
        files |= repeating(f'{REPEAT}print("order_new")\n{text}')
        (proposal,) = propose(project(files))
        assert proposal.tables[0].values["allow"] == ["order_new"]
        assert proposal.strays == len(found(proposal, files)) == 15


def words(*values: str) -> dict[str, str]:
    """A home of values that stand as literals in three files."""
    members = "".join(f"    M{index} = {value!r}\n" for index, value in enumerate(values))
    home = f"from enum import Enum\nclass Event(str, Enum):\n{members}"
    return {
        "kit/events.py": home,
        **using("from kit.events import Event"),
        **repeating(f"X = {list(values)}\n"),
    }


NONE = {
    "imported by too few": {
        "kit/events.py": ENUM,
        **using("from kit.events import Event", 4),
        **repeating(),
    },
    "plain words": words("paid", "sent", "lost"),
    "words in capitals": words("PAID", "SENT", "LOST"),
    "numbers and versions": words("2.1", "8080", "10.0.0.1", "v1"),
    "two values": words("order_paid", "order_sent"),
    "values that others call things": {
        **words(*VALUES),
        **{f"app/n{index}.py": f"def f({', '.join(VALUES)}): ...\n" for index in range(3)},
    },
    "more names than values": {
        **words(*VALUES, "user_id", "order_id", "item_id", "shop_id"),
        "app/names.py": "def f(user_id, order_id, item_id, shop_id): ...\n",
    },
    "too few files repeat them": {
        "kit/events.py": ENUM,
        **using("from kit.events import Event"),
        **repeating(REPEAT, 2),
    },
    "values that have nothing to do with each other": {
        "kit/events.py": ENUM,
        **using("from kit.events import Event"),
        **{f"app/r{index}.py": f'print("{VALUES[index % 3]}")\n' for index in range(9)},
        "app/both.py": f"print({VALUES})\n",
    },
    "far more go past it": {
        "kit/events.py": ENUM,
        **using("from kit.events import Event"),
        **repeating(REPEAT, 51),
    },
    "in a test": {
        "tests/test_events.py": ENUM,
        **using("from tests.test_events import Event"),
        **repeating(),
    },
    "a class that does things": {
        "kit/events.py": CLASS + "    def send(self): ...\n",
        **using("from kit.events import Event"),
        **repeating(),
    },
    "a module that does things": {
        "kit/events.py": MODULE + "".join(f"def f{index}(): ...\n" for index in range(3)),
        **using("from kit.events import f1"),
        **repeating(),
    },
    "nobody repeats it": {"kit/events.py": ENUM, **using("from kit.events import Event")},
    "nothing": {},
    "what cannot be read": {"kit/events.py": "def (:\n", **using("from kit.events import Event")},
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE.keys())
def test_nothing_to_propose(files: dict[str, str]) -> None:
    assert tables(propose, files) == []

"""Proposals are run before they are written: counted as `check` counts, refused where they cannot be meant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ssot_lint.config import parse
from ssot_lint.engine import lint_texts
from ssot_lint.facts.extract import extract
from ssot_lint.file import InMemory
from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.proposals.toml import document
from ssot_lint.proposals.trial import Ground, Outcome, try_out

FILES = {
    "shop/money.py": "class Money: ...\n",
    "shop/old.py": "from shop.money import Money\n",
    "bill.py": "from shop.old import Money\nimport os\nkey = os.environ['KEY']\n",
    "copies/bill.py": "from shop.old import Money\n",
    "tests/test_old.py": "from shop.old import Money\nclass Money: ...\n",
}
MONEY = Table("canonical", {"symbol": "shop.money.Money"})
ENVIRONMENT = Table("env-access", {})
LEAVE_OUT = Table("", {"exclude": ["/copies/"]})


def proposal(*tables: Table) -> Proposal:
    return Proposal("title", (), tables, 0)


def tried(*proposals: Proposal, files: Mapping[str, str] = FILES) -> Outcome:
    facts = {path: extract(text.encode()) for path, text in files.items()}
    outlines = {path: found.outline for path, found in facts.items()}
    return try_out(proposals, Ground(parse("", root=Path()), outlines, InMemory(facts), dict))


def test_counts_are_those_of_check() -> None:
    proposals = [proposal(MONEY), proposal(ENVIRONMENT)]
    outcome = tried(*proposals)
    counts = [dict(each.found) for each in outcome.tried]
    assert counts == [{"noncanonical-import": 3, "duplicate-class": 1}, {"env-access": 1}]
    result = lint_texts(parse(document(proposals, "")), {path: text.encode() for path, text in FILES.items()})
    assert len(result.findings) == sum(each.total for each in outcome.tried)


def test_what_is_to_be_left_out_is_not_counted() -> None:
    first, second = tried(proposal(LEAVE_OUT), proposal(MONEY)).tried
    assert first.total == 0
    assert second.found["noncanonical-import"] == 2


def test_what_finds_nothing_is_dropped_unless_it_keeps_a_home() -> None:
    nothing = proposal(Table("forbidden-import", {"targets": ["requests"]}))
    home = proposal(Table("canonical", {"symbol": "shop.old.Money"}))
    outcome = tried(home, nothing, files={"shop/old.py": "class Money: ...\n"})
    assert [each.proposal for each in outcome.tried] == [home]
    assert outcome.refused == ()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Table("canonical", {"symbol": "shop.gone.Money"}), "the tree does not define `shop.gone.Money`"),
        (Table("forbidden-import", {"targets": ["requests"], "paths": ["srv/"]}), "matches no file"),
        (Table("canonical", {"symbol": "no name"}), "expected a dotted name"),
        (Table("no-such-rule", {}), "no-such-rule: unknown key"),
        (Table("forbidden-import", {"targets": ["shop.money"]}), "is forbidden by the table"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_the_rest_stays(wrong: Table, why: str) -> None:
    outcome = tried(proposal(MONEY), proposal(wrong), proposal(ENVIRONMENT))
    assert [each.proposal.tables for each in outcome.tried] == [(MONEY,), (ENVIRONMENT,)]
    ((refused, reason),) = outcome.refused
    assert refused.tables == (wrong,)
    assert why in reason


def test_a_default_that_is_kept_is_not_counted() -> None:
    body = "class Rows:\n" + "".join(f"    def step_{i}(self): return {i}\n" for i in range(12))
    files = {"a.py": body, "b.py": body, "c.py": "class Page: ...\n", "d.py": "class Page: ...\n"}
    keeping = proposal(Table("duplicate-class", {}), Table("duplicate-class", {"names": ["Page"]}))
    (found,) = tried(keeping, files=files).tried
    assert found.found == {"duplicate-class": 2}


def test_an_empty_tree() -> None:
    assert tried(files={}) == ((), ())

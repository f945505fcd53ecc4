"""Figures for the tests of the page: a plain project, an empty one, one with hostile names, and a large one."""

from __future__ import annotations

import datetime
from urllib.parse import quote

from ssot_lint.baseline.batches import Batch
from ssot_lint.files import Commit
from ssot_lint.finding import Finding, Span
from ssot_lint.gates import Condition
from ssot_lint.insight.figures import (
    Age,
    Cause,
    Change,
    Cluster,
    Figures,
    Folder,
    GateFigures,
    ImportPath,
    Jump,
    Moment,
    Owner,
    Place,
    Projection,
    RuleFigures,
    Sample,
    Symbol,
    Totals,
    Trend,
)
from ssot_lint.standing import Measured, Taken

DAY = datetime.date(2025, 9, 15)
COMMIT = Commit("c" * 40, "ccccccc", "2025-09-15", "Clean up the tests")

HOSTILE = "".join(
    (
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(2)>",
        "\"'><svg onload=alert(3)>",
        "<!--{{7*7}}${7*7}",
        "\u202egnp.exe\u2066\x1b[31m\n\u2028&amp;\udcff",
    )
)


def finding(
    path: str, line: int, rule: str = "missing-base", state: str = "carried", message: str = ""
) -> Finding:
    code = {"syntax-error": "SST001", "missing-base": "SST202", "duplicate-class": "SST301"}.get(
        rule, "SST999"
    )
    said = message or f"`Test{line}` does not inherit `BaseTest`"
    span = Span(line, 1, line, 5)
    return Finding(path, span, code, rule, said, "", "<module>", (str(line),), "error", (), state)


def link(path: str, line: int) -> str:
    """The address of a line, as hosts of git repositories have it."""
    return f"https://git.example/shop/blob/{COMMIT.id}/{quote(path, errors='surrogateescape')}#L{line}"


def no_link(path: str, line: int) -> None:
    """No address: the files of nobody's host."""


FINDINGS = (
    finding("app/models.py", 4, "duplicate-class", "new", "`Order` is defined in `shop.orders` too"),
    finding("tests/api/test_cart.py", 9),
    finding("tests/api/test_cart.py", 20, state="moved"),
    finding("tests/api/test_order.py", 3, "syntax-error", "new", "unterminated string literal"),
    finding("tests/unit/test_money.py", 12, state="waived")._replace(justification="goes with the old API"),
)


def figures() -> Figures:
    """A small project in which every section has something to show."""
    return Figures(
        project="shop",
        taken=datetime.datetime(2025, 9, 16, 8, 30, tzinfo=datetime.timezone.utc),
        commit=COMMIT,
        python="3.11",
        totals=Totals(
            files=8,
            clean=4,
            broken=1,
            findings=4,
            by_state={"new": 2, "carried": 1, "moved": 1, "worse": 0, "waived": 1, "inherited": 0},
            allowed=2,
            waived=1,
            fixed=3,
            accepted=1,
            fixable=1,
            unsafely_fixable=2,
        ),
        rules=(
            RuleFigures("syntax-error", "SST001", "files that do not compile", 1, 1, 1, 0, 0),
            RuleFigures("missing-base", "SST202", "classes without their base", 2, 0, 1, 2, 1),
            RuleFigures("duplicate-class", "SST301", "one name for two classes", 1, 1, 1, 0, 0),
            RuleFigures("env-access", "SST402", "environment read past its home", 0, 0, 0, 0, 0),
        ),
        folders=(
            Folder("", 8, 4, 1, 4),
            Folder("app", 3, 2, 0, 1),
            Folder("tests", 5, 2, 1, 3),
            Folder("tests/api", 3, 1, 1, 3),
            Folder("tests/unit", 2, 1, 0, 0),
        ),
        owners=(Owner("@shop/testing", 5, 2, 3), Owner("", 3, 2, 1)),
        ages=(
            Age(None, "", "", "", None, 1),
            Age(DAY, "the first baseline", "ada", "@shop/testing", datetime.date(2026, 1, 1), 2),
        ),
        gates=(GateFigures("phase-1", "before the new runner", False, _conditions()),),
        clusters=(
            Cluster(
                "duplicate-class",
                "`Order` is defined twice",
                (
                    Place("app/models.py", 4, 5, "Order", "class Order:\n\ttotal = 0\n"),
                    Place("app/orders.py", 1, 2, "Order", "class Order:\n    total = 1\n"),
                    Place("app/gone.py", 1, 2, "Order", ""),
                ),
                5,
                4,
            ),
        ),
        symbols=(
            Symbol(
                "shop.money.Money",
                (ImportPath("shop.money.Money", 7, 5, True), ImportPath("shop.Money", 2, 2, False)),
            ),
        ),
        causes=(
            Cause(
                "a string that is not closed", (("tests/api/test_order.py", 3, True), ("old/x.py", 1, False))
            ),
        ),
        uncollected=(
            finding("tests/unit/helpers.py", 5, "uncollected-test", message="pytest never runs `TestX`"),
        ),
        findings=FINDINGS,
        accepted=("", "b1", "b1", "", ""),
        batches={"b1": Batch("b1", "ada", DAY, "the first baseline")},
        owned={each.path: ("@shop/testing",) for each in FINDINGS if each.path.startswith("tests/")},
        trend=trend(),
        projection=Projection(
            "findings",
            (Moment(datetime.date(2025, 9, 1), 20), Moment(datetime.date(2025, 9, 8), 12), Moment(DAY, 4)),
            -8.0,
            datetime.date(2025, 9, 19),
        ),
        change=Change("main", "d" * 40, FINDINGS[:1], FINDINGS[1:3]),
        notes=("2 files could not be read",),
    )


def noon(day: int) -> datetime.datetime:
    """A moment of a day in September."""
    return datetime.datetime(2025, 9, day, 12, tzinfo=datetime.timezone.utc)


def trend() -> Trend:
    """Four days, the third of which broke many files."""
    counts = ((1, 12, 40), (2, 341, 40), (3, 809, 38), (4, 564, 35))
    samples = tuple(
        Sample(
            Commit(f"{day}" * 40, f"{day}" * 7, f"2025-09-0{day}", "A day"),
            datetime.date(2025, 9, day),
            noon(day),
            10 * day - 10,
            1000,
            100,
            broken,
            {"syntax-error": broken, "missing-base": missing, "env-access": 0},
        )
        for day, broken, missing in counts
    )
    jumped = Commit("3" * 40, "3333333", "2025-09-03", "Refactor all tests at once")
    merged = Commit("e" * 40, "eeeeeee", "2025-09-02", "Rewrite the imports of all tests")
    within = Jump("syntax-error", merged, noon(2), 20, 335, 790)
    jump = Jump("syntax-error", jumped, noon(3), 20, 341, 809, True, within)
    return Trend(samples, (jump,), ("3 days without commits",))


def empty() -> Figures:
    """A folder with no files at all, without git."""
    totals = Totals(0, 0, 0, 0, dict.fromkeys(figures().totals.by_state, 0), 0, 0, 0, 0, 0, 0)
    return figures()._replace(
        commit=None, totals=totals, rules=(), folders=(), owners=(), ages=(), gates=(), clusters=(), symbols=(),
        causes=(), uncollected=(), findings=(), accepted=(), batches={}, owned={}, trend=None, projection=None, change=None, notes=(),
    )  # fmt: skip


def hostile() -> Figures:
    """The small project with the same hostile text in place of every text that a tree can choose."""
    plain = figures()
    bad = finding(HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE)._replace(code=HOSTILE, justification=HOSTILE)
    commit = Commit(HOSTILE, HOSTILE, "2025-09-15", HOSTILE)
    (gate,) = plain.gates
    measured = gate.conditions[0]._replace(
        condition=Condition(max=0, paths=(HOSTILE,), exclude=(HOSTILE,)), title=HOSTILE
    )
    history = trend()
    return plain._replace(
        project=HOSTILE,
        commit=commit,
        rules=(plain.rules[0]._replace(id=HOSTILE, code=HOSTILE, title=HOSTILE), *plain.rules[1:]),
        folders=(plain.folders[0], Folder(HOSTILE.replace("/", "|"), 3, 1, 1, 4)),
        owners=(Owner(HOSTILE, 3, 1, 4),),
        ages=(Age(DAY, HOSTILE, HOSTILE, HOSTILE, None, 1),),
        gates=(GateFigures(HOSTILE, HOSTILE, False, (measured,)),),
        clusters=(Cluster(HOSTILE, HOSTILE, (Place(HOSTILE, 1, 2, HOSTILE, HOSTILE),) * 2, 2, 1),),
        symbols=(Symbol(HOSTILE, (ImportPath(HOSTILE, 1, 1, False),)),),
        causes=(Cause(HOSTILE, ((HOSTILE, 1, True),)),),
        uncollected=(bad,),
        findings=(bad, *plain.findings),
        accepted=("", *plain.accepted),
        owned={HOSTILE: (HOSTILE,)},
        trend=Trend(
            tuple(each._replace(commit=commit, by_rule={HOSTILE: 1}) for each in history.samples),
            (Jump(HOSTILE, commit, noon(2), 5, 1, 2),),
            (HOSTILE,),
        ),
        projection=plain.projection._replace(of=HOSTILE, note=HOSTILE, date=None)
        if plain.projection
        else None,
        change=Change(HOSTILE, HOSTILE, (bad,), (bad,)),
        notes=(HOSTILE,),
    )


def large(number: int) -> Figures:
    """A project with many findings, all in one file, and no two with the same message."""
    many = tuple(finding("tests/test_all.py", line) for line in range(1, number + 1))
    plain = empty()
    return plain._replace(
        totals=plain.totals._replace(files=1, findings=number),
        folders=(Folder("", 1, 0, 0, number), Folder("tests", 1, 0, 0, number)),
        findings=many,
        accepted=("",) * number,
    )


def _conditions() -> tuple[Measured, ...]:
    missing = Condition(rules=("missing-base",), max=0, paths=("tests/",), exclude=("tests/unit/",))
    numbers = {"findings": 2, "distance": 2, "allowed": 2, "files": 5, "broken": 1}
    return (
        Measured(
            missing,
            "findings of missing-base",
            "<= 0",
            Taken(False, "2", "2 too many", numbers, ("1 of 5 files does not compile",)),
            "check",
        ),
        Measured(
            Condition(min_clean=50),
            "files clean",
            ">= 50 %",
            Taken(True, "50.00 %", "0 too few", {}),
            "check",
        ),
    )

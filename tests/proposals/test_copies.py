"""Which copy of a class is proposed to stay, and where nobody can tell."""

from __future__ import annotations

from proposed import project, tables

from ssot_lint.proposals.copies import propose

BODY = "".join(f"    def step_{index}(self):\n        return self.rows[{index}]\n" for index in range(6))
ROWS = f"class Rows:\n{BODY}"
OTHER = ROWS.replace("rows", "cells")


def users(number: int, module: str) -> dict[str, str]:
    return {f"app/user_{module}_{index}.py": f"from app.{module} import Rows\n" for index in range(number)}


def test_the_one_that_others_import() -> None:
    files = {"app/rows.py": ROWS, "app/sheet.py": ROWS, "app/table.py": ROWS, **users(3, "rows")}
    assert tables(propose, files) == [("canonical", {"symbol": "app.rows.Rows"})]
    (found,) = propose(project(files))
    assert found.strays == 2
    assert found.evidence[1:] == (
        "imports from there: 3, from the next copy: 0",
        "copy in app/sheet.py",
        "copy in app/table.py",
    )


def test_the_one_in_a_place_for_others() -> None:
    files = {"app/shared/rows.py": ROWS, "app/sheet.py": ROWS, "web/sheet.py": ROWS}
    assert tables(propose, files) == [("canonical", {"symbol": "app.shared.rows.Rows"})]


def test_the_one_that_is_no_test_code() -> None:
    files = {"app/rows.py": ROWS, "tests/test_rows.py": ROWS, **users(1, "rows")}
    (found,) = propose(project(files))
    assert found.tables[0].values["symbol"] == "app.rows.Rows"
    assert found.evidence[1] == "the other copies are test code"


def test_nobody_can_tell() -> None:
    assert tables(propose, {"app/rows.py": ROWS, "app/sheet.py": ROWS}) == []
    assert tables(propose, {"app/rows.py": ROWS, "tests/test_rows.py": ROWS}) == []
    both = {"app/rows.py": ROWS, "app/sheet.py": ROWS, **users(3, "rows"), **users(2, "sheet")}
    assert tables(propose, both) == []


def test_parts_that_are_installed_apart_may_have_copies() -> None:
    files = {"app/rows.py": ROWS, "service/rows.py": ROWS, **users(9, "rows")}
    assert tables(propose, files) == []


def test_one_name_for_different_things() -> None:
    files = {"app/rows.py": ROWS, "app/sheet.py": ROWS, "app/grid.py": OTHER, **users(5, "rows")}
    assert tables(propose, files) == []


def test_small_classes_are_alike_by_chance() -> None:
    small = "class Rows:\n    pass\n"
    assert tables(propose, {"app/rows.py": small, "app/sheet.py": small, **users(5, "rows")}) == []


def test_many_copies_without_a_home() -> None:
    files = {f"tests/test_{index}.py": ROWS for index in range(6)}
    assert tables(propose, files) == [("duplicate-class", {}), ("duplicate-class", {"names": ["Rows"]})]


def test_made_anew_in_tests() -> None:
    files = {
        "app/rows.py": ROWS,
        **users(10, "rows"),
        **{f"tests/test_{index}.py": ROWS.replace("rows", f"rows_{index}") for index in range(5)},
        "tests/test_copy.py": ROWS,
    }
    assert tables(propose, files) == [("canonical", {"symbol": "app.rows.Rows"})]
    (found,) = propose(project(files))
    assert found.strays == 6

"""Which folders are copies of other parts of the tree."""

from __future__ import annotations

from collections.abc import Mapping

from proposed import project

from ssot_lint.proposals.folders import propose

TREE = {f"app/billing/part_{index}.py": f"VALUE = {index}\n" for index in range(12)}


def left_out(files: Mapping[str, str]) -> list[str]:
    digests = {path: str(hash(text)) for path, text in files.items()}
    return [
        pattern
        for proposal in propose(project(files), digests)
        for table in proposal.tables
        for pattern in table.values["exclude"]
    ]


def copy(below: str) -> dict[str, str]:
    return {f"{below}{path}": text for path, text in TREE.items()}


def test_a_backup() -> None:
    assert left_out({**TREE, **copy("backups/2025/")}) == ["/backups/"]


def test_what_has_changed_since_is_a_copy_still() -> None:
    changed = {path: f"{text}MORE = 1\n" for path, text in copy("backups/").items()}
    assert left_out({**TREE, **changed}) == ["/backups/"]


def test_a_copy_of_a_copy() -> None:
    assert left_out({**TREE, **copy("old/"), **copy("older/old/")}) == ["/old/", "/older/"]


def test_what_others_import_is_in_use() -> None:
    user = {"main.py": "from backups.app.billing.part_1 import VALUE\n"}
    assert left_out({**TREE, **copy("backups/"), **user}) == []


def test_few_files_and_common_names_say_nothing() -> None:
    few = dict([*copy("backups/").items()][:5])
    assert left_out({**TREE, **few}) == []
    common = {
        f"{service}/tests/{name}": "" for service in ("", "a", "b") for name in ("conftest.py", "__init__.py")
    }
    assert left_out(common) == []


def test_most_of_a_folder_must_be_a_copy() -> None:
    own = {f"next/own_{index}.py": "VALUE = 1\n" for index in range(9)}
    assert left_out({**TREE, **copy("next/"), **own}) == ["/next/app/"]


def test_special_characters_mean_themselves() -> None:
    assert left_out({**TREE, **copy("back[up] *")}) == []
    assert left_out({**TREE, **copy("back[up] */")}) == ["/back\\[up] \\*/"]

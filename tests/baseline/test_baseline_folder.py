"""The folder of the baseline: what is written to it, and what is refused with nothing written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from baseline_samples import RULES, entries, entry
from scratch import Repository

from ssot_lint import finding
from ssot_lint.baseline.entries import Entry
from ssot_lint.baseline.error import BaselineError
from ssot_lint.baseline.folder import FOLDER, Stored, Written, load, save
from ssot_lint.files import UsageError

SHARD = f"{FOLDER}/env-access.tsv"
OTHER = f"{FOLDER}/forbidden-use.tsv"


def contents(root: Path) -> dict[str, tuple[bytes, int]]:
    """What is in the baseline, with the number that tells a file from one that replaced it."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_ino)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def saved(root: Path, *texts: str) -> Written:
    return save(root, load(root, RULES), entries(*texts))


def test_no_folder_is_an_empty_baseline(tmp_path: Path) -> None:
    assert load(tmp_path, RULES) == Stored()
    assert saved(tmp_path) == Written((), ())
    assert list(tmp_path.iterdir()) == []


def test_entries_come_back_from_a_shard_for_each_rule(tmp_path: Path) -> None:
    written = saved(tmp_path, "b.py f X @b1", "a.py f X", "a.py f X forbidden-use")
    assert written == Written((SHARD, OTHER), ())
    stored = load(tmp_path, RULES)
    assert list(stored.entries) == sorted(entries("a.py f X", "b.py f X @b1", "a.py f X forbidden-use"))
    assert stored.notes == ()
    assert sorted(contents(tmp_path)) == [f"{FOLDER}/.gitattributes", SHARD, OTHER]


def test_what_is_equal_is_not_written(tmp_path: Path) -> None:
    saved(tmp_path, "a.py f X", "a.py f X forbidden-use")
    before = contents(tmp_path)
    assert saved(tmp_path, "a.py f X forbidden-use", "a.py f X") == Written((), ())
    assert contents(tmp_path) == before
    assert saved(tmp_path, "a.py f X", "a.py f Y forbidden-use") == Written((OTHER,), ())
    assert contents(tmp_path)[SHARD] == before[SHARD]


def test_shard_without_entries_is_removed(tmp_path: Path) -> None:
    saved(tmp_path, "a.py f X", "a.py f X forbidden-use")
    assert saved(tmp_path, "a.py f X forbidden-use") == Written((), (SHARD,))
    assert not (tmp_path / SHARD).exists()


def test_number_of_fences_is_that_of_the_first_time(tmp_path: Path) -> None:
    saved(tmp_path, "a.py f X")
    saved(tmp_path, *(f"a.py f X{number}" for number in range(300)))
    assert (tmp_path / SHARD).read_text("ascii").startswith("#ssot-lint-baseline v1 fences=16\n")
    assert len(load(tmp_path, RULES).entries) == 300


def test_git_is_told_once_how_to_treat_the_files(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    saved(tmp_path, "a.py f X")
    attributes = repository.git("check-attr", "merge", "linguist-generated", "eol", "--", SHARD)
    assert re.findall(r": (\S+): (\S+)\n", attributes) == [
        ("merge", "unspecified"),  # `union` would bring back what one side fixed, and not say so
        ("linguist-generated", "set"),
        ("eol", "lf"),
    ]
    (tmp_path / FOLDER / ".gitattributes").write_text("# ours\n")
    saved(tmp_path, "a.py f Y")
    assert (tmp_path / FOLDER / ".gitattributes").read_text() == "# ours\n"


def test_merge_of_two_branches_is_read_and_noted(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    both = [f"a.py f X{number}" for number in range(8)]
    saved(tmp_path, *both)
    (tmp_path / FOLDER / ".gitattributes").unlink()  # as on a server, which asks no merge driver
    repository.commit()
    repository.git("branch", "theirs")
    saved(tmp_path, *both[:4], *(f"a.py f Y{number}" for number in range(20)))
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    saved(tmp_path, *both[4:], *(f"a.py f Z{number}" for number in range(20)))
    repository.commit()
    assert "CONFLICT" in repository.run("git", "merge", "main").stdout
    stored = load(tmp_path, RULES)
    assert stored.notes == (
        f"{SHARD} has what both sides of a merge had; `ssot-lint baseline sync` takes out what is gone",
    )
    assert {each.identity.subject[0][0] for each in stored.entries} >= {"Y", "Z"}
    assert any(each.is_disputed for each in stored.entries)
    assert save(tmp_path, stored, stored.entries) == Written((SHARD,), ())
    settled = tuple(each._replace(is_disputed=False) for each in stored.entries)
    assert load(tmp_path, RULES)[::3] == (settled, ())


def test_shard_of_a_renamed_rule_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path, "a.py f X")
    before = contents(tmp_path)
    monkeypatch.setitem(finding.FIRST_IDS, "environment", "env-access")
    stored = load(tmp_path, ["environment", "forbidden-use"])
    assert list(stored.entries) == entries("a.py f X environment")
    assert save(tmp_path, stored, stored.entries) == Written((), ())
    assert contents(tmp_path) == before


def put(root: Path, path: str, text: str | bytes) -> None:
    (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def link(root: Path, path: str, target: str) -> None:
    file = root / path
    target_path = root / target
    os.replace(file, target_path)
    file.symlink_to(target_path)


def folder_as_file(root: Path) -> None:
    os.replace(root / FOLDER, root / "away")
    put(root, FOLDER, "")


def in_place_of_the_shard(root: Path) -> None:
    (root / SHARD).unlink()
    (root / SHARD).mkdir()


def replaced(root: Path, old: str, new: str) -> None:
    put(root, SHARD, (root / SHARD).read_text("ascii").replace(old, new))


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        pytest.param(lambda root: put(root, SHARD, ""), f"{SHARD}:1: expected `#ssot-lint-b", id="empty"),
        pytest.param(lambda root: put(root, SHARD, b"#\n\xff\n"), f"{SHARD}:2: expected text", id="bytes"),
        pytest.param(lambda root: replaced(root, "#end\n", ""), f"{SHARD}:19: the line `#end`", id="cut off"),
        pytest.param(lambda root: replaced(root, "a.py", "b.py"), "expected the fingerprint", id="by hand"),
        pytest.param(lambda root: replaced(root, " v1 ", " v2 "), f"{SHARD}:1: this is version 2", id="later"),
        pytest.param(lambda root: replaced(root, "#3\n", ">>>>>>> x\n#3\n"), "marker", id="half merged"),
        pytest.param(in_place_of_the_shard, f"{SHARD}: cannot be read: ", id="folder as shard"),
        pytest.param(folder_as_file, f"{FOLDER}: is not a folder", id="file as folder"),
        pytest.param(lambda root: link(root, SHARD, "x"), f"{SHARD}: is a link", id="link"),
        pytest.param(lambda root: link(root, FOLDER, "x"), f"{FOLDER}: is a link", id="folder is a link"),
        pytest.param(lambda root: link(root, ".ssot-lint", "x"), ".ssot-lint: is a link", id="top is a link"),
        pytest.param(lambda root: link(root, FOLDER, "../x"), f"{FOLDER}: is a link", id="link out of the root"),
    ],
)  # fmt: skip
def test_unusable_baseline_is_refused_and_left_alone(damage, expected: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    root = tmp_path / "project"
    root.mkdir()
    stored = load(root, RULES)
    saved(root, "a.py f X", "c.py f X")
    fresh = load(root, RULES)
    damage(root)
    before = contents(tmp_path)
    with pytest.raises(UsageError) as caught:
        load(root, RULES)
    assert isinstance(caught.value, BaselineError)
    assert expected in str(caught.value)
    for known in (stored, fresh):
        with pytest.raises(BaselineError):
            save(root, known, entries("a.py f X", "a.py f Y"))
    assert contents(tmp_path) == before


def test_change_by_someone_else_is_not_overwritten(tmp_path: Path) -> None:
    saved(tmp_path, "a.py f X", "a.py f X forbidden-use")
    stored = load(tmp_path, RULES)
    saved(tmp_path, "a.py f X", "a.py f Y forbidden-use")
    before = contents(tmp_path)
    with pytest.raises(BaselineError, match=f"{OTHER}: was changed by someone else"):
        save(tmp_path, stored, entries("a.py f Z", "a.py f Z forbidden-use"))
    assert contents(tmp_path) == before


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path, "a.py f X")
    before = contents(tmp_path)
    stored = load(tmp_path, RULES)

    def full_disk(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(BaselineError, match=f"{SHARD}: cannot be written: No space left on device"):
        save(tmp_path, stored, entries("a.py f Y"))
    assert contents(tmp_path) == before


def test_shard_of_an_unknown_rule_is_refused(tmp_path: Path) -> None:
    saved(tmp_path, "a.py f X")
    put(tmp_path, f"{FOLDER}/env-acess.tsv", "")
    with pytest.raises(BaselineError) as caught:
        load(tmp_path, RULES)
    assert str(caught.value) == (
        f"{FOLDER}/env-acess.tsv: there is no rule `env-acess`, did you mean `env-access`?; configure the "
        f"plugin that has it, or `git rm {FOLDER}/env-acess.tsv`"
    )


def test_what_is_no_shard_is_passed_over(tmp_path: Path) -> None:
    saved(tmp_path, "a.py f X")
    put(tmp_path, f"{SHARD}.orig", "left by a merge tool")
    put(tmp_path, f"{FOLDER}/README.md", "hello")
    assert load(tmp_path, RULES).entries == (entry("a.py f X"),)


def test_names_that_are_not_text_come_back(tmp_path: Path) -> None:
    one = entry("a.py f X")
    odd = Entry(one.identity._replace(path=os.fsdecode(b"caf\xe9/\xff.py")))
    save(tmp_path, Stored(), [one, odd])
    assert load(tmp_path, RULES).entries == (one, odd)

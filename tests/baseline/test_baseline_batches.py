"""Batches: why findings were accepted, by whom, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from baseline_samples import entries
from scratch import Repository

from ssot_lint.baseline.batches import (
    PATH,
    Batch,
    append,
    expired,
    expires_soon,
    load,
    new_batch,
    parsed,
    refuse_unknown,
    today,
)
from ssot_lint.baseline.error import BaselineError

DAY = date(2026, 11, 20)
HAND_WRITTEN = """\
# What we agreed on in spring.
[b7]  # see the minutes
by = "ann"
date = 2026-03-01
reason = 'the "old" API'
owner = "payments"
ticket = "PAY-1"
expires = "2026-12-31"
"""


def put(root: Path, text: str | bytes) -> None:
    (root / PATH).parent.mkdir(exist_ok=True)
    (root / PATH).write_bytes(text if isinstance(text, bytes) else text.encode())


def test_a_batch_as_people_write_it(tmp_path: Path) -> None:
    put(tmp_path, HAND_WRITTEN)
    expected = Batch("b7", "ann", date(2026, 3, 1), 'the "old" API', "payments", "PAY-1", date(2026, 12, 31))
    assert load(tmp_path).by_name == {"b7": expected}


def test_no_file_has_no_batches(tmp_path: Path) -> None:
    assert load(tmp_path) == ({}, ())


@pytest.mark.parametrize(
    "reason",
    ["plain", 'say "hi"', "back\\slash", "two\nlines\r\n\ttab", "\x7f \x00 \x1b", "ümläut 😀", "'''", "#"],
)
def test_whatever_is_written_is_read_again(reason: str, tmp_path: Path) -> None:
    one = new_batch(reason, DAY, reason, owner=reason, ticket="", expires=DAY)
    append(tmp_path, one)
    assert load(tmp_path).by_name == {one.name: one}


@pytest.mark.parametrize(
    "text",
    [
        HAND_WRITTEN,
        HAND_WRITTEN.rstrip(),
        HAND_WRITTEN.replace("\n", "\r\n"),
        "# only this",
        f"# b1\n# b2\n{HAND_WRITTEN}",
    ],
)
def test_adding_keeps_every_byte_that_was_there(text: str, tmp_path: Path) -> None:
    put(tmp_path, text)
    known = dict(load(tmp_path).by_name)
    for number in range(20):
        one = new_batch("bob", DAY, f"reason {number}")
        known[one.name] = one
        append(tmp_path, one)
    data = (tmp_path / PATH).read_bytes()
    position = 0
    for line in text.encode().splitlines(keepends=True):
        position = data.index(line.rstrip(), position) + len(line.rstrip())
    assert load(tmp_path).by_name == known
    assert data.count(b"\n[b") == 20 + text.count("\n[b")


def test_fence_within_a_table_is_not_used(tmp_path: Path) -> None:
    one = new_batch("bob", DAY, "reason")
    put(tmp_path, HAND_WRITTEN.replace("owner", f"# {one.name[:2]}\nowner"))
    append(tmp_path, one)
    assert load(tmp_path).by_name["b7"].owner == "payments"
    assert load(tmp_path).by_name[one.name] == one


def test_adding_the_same_twice_changes_nothing(tmp_path: Path) -> None:
    append(tmp_path, new_batch("bob", DAY, "reason"))
    before = (tmp_path / PATH).stat()
    append(tmp_path, new_batch("bob", DAY, "reason"))
    assert (tmp_path / PATH).stat() == before


def test_a_name_is_made_of_all_that_is_said() -> None:
    names = {
        new_batch("bob", DAY, "reason").name,
        new_batch("ann", DAY, "reason").name,
        new_batch("bob", DAY + timedelta(1), "reason").name,
        new_batch("bob", DAY, "another reason").name,
        new_batch("bob", DAY, "reason", owner="x").name,
        new_batch("bob", DAY, "reason", ticket="x").name,
        new_batch("bob", DAY, "reason", expires=DAY).name,
    }
    assert len(names) == 7


@pytest.mark.parametrize(("by", "reason"), [("", "x"), ("x", " "), ("x", "\udc80")])
def test_batch_that_says_nothing_is_refused(by: str, reason: str) -> None:
    with pytest.raises(BaselineError):
        new_batch(by, DAY, reason)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (HAND_WRITTEN.replace("owner", "woner"), 6, "unknown key `woner`, did you mean `owner`?"),
        (
            HAND_WRITTEN.replace("owner", "zzz"),
            6,
            "unknown key `zzz`; valid are `by`, `date`, `reason`, `owner`",
        ),
        (HAND_WRITTEN.replace('by = "ann"\n', ""), 2, "the batch `b7` needs the key `by`"),
        (HAND_WRITTEN.replace("reason", "# reason"), 2, "the batch `b7` needs the key `reason`"),
        (HAND_WRITTEN.replace('"ann"', "7"), 3, "expected a text for `by`, found `7`"),
        (HAND_WRITTEN.replace('"ann"', '" "'), 3, "expected a text for `by`"),
        (
            HAND_WRITTEN.replace("2026-12-31", "2026-02-30"),
            8,
            "expected a day such as 2026-12-31 for `expires`",
        ),
        (HAND_WRITTEN.replace("2026-12-31", "20261231"), 8, "expected a day"),
        (HAND_WRITTEN.replace("2026-12-31", "2027-W01-1"), 8, "expected a day"),
        (
            HAND_WRITTEN.replace("2026-03-01", "2026-03-01T10:00:00Z"),
            4,
            "expected a day such as 2026-12-31 for `date`",
        ),
        (HAND_WRITTEN.replace("2026-03-01", "20260301"), 4, "expected a day"),
        (HAND_WRITTEN.replace("[b7]", "[b7"), 2, "this is not TOML"),
        (f"{HAND_WRITTEN}\n{HAND_WRITTEN}", 11, "this is not TOML"),
        (f"x = 1\n{HAND_WRITTEN}", 1, "expected a table such as `[b1]`, found the key `x`"),
        (HAND_WRITTEN.replace("[b7]", '["b 7"]'), 2, "has letters, digits, `-` and `_` alone"),
        (f"{HAND_WRITTEN}=======\n", 9, "conflict marker"),
    ],
)
def test_mistake_is_told_with_its_line_and_nothing_is_written(
    text: str, line: int, expected: str, tmp_path: Path
) -> None:
    put(tmp_path, text)
    with pytest.raises(BaselineError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(f"{PATH}:{line}: ")
    assert expected in str(caught.value)
    with pytest.raises(BaselineError):
        append(tmp_path, new_batch("bob", DAY, "reason"))
    assert (tmp_path / PATH).read_text() == text


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    put(tmp_path, b"\xff")
    with pytest.raises(BaselineError, match="expected text in UTF-8"):
        load(tmp_path)


def test_file_that_is_a_link_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "")
    (tmp_path / PATH).unlink()
    (tmp_path / "x").write_text(HAND_WRITTEN)
    (tmp_path / PATH).symlink_to(tmp_path / "x")
    with pytest.raises(BaselineError, match="is a link"):
        load(tmp_path)
    with pytest.raises(BaselineError, match="is a link"):
        append(tmp_path, new_batch("bob", DAY, "reason"))


def test_both_sides_of_a_merge_count(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    put(tmp_path, HAND_WRITTEN)  # it has no fences, so that both branches write to its end
    repository.commit()
    repository.git("branch", "theirs")
    ours, theirs = new_batch("bob", DAY, "one"), new_batch("bob", DAY, "two", owner="x")
    append(tmp_path, ours)
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    append(tmp_path, theirs)
    repository.commit()
    assert "CONFLICT" in repository.run("git", "merge", "main").stdout
    batches, notes = load(tmp_path)
    assert batches.keys() == {"b7", ours.name, theirs.name}
    assert batches[theirs.name] == theirs
    assert notes == (f"{PATH} has conflict markers; all batches in it count",)
    with pytest.raises(BaselineError, match="resolve them"):
        append(tmp_path, new_batch("bob", DAY, "three"))


def test_batches_of_two_branches_merge_where_their_names_begin_differently(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    append(tmp_path, new_batch("bob", DAY, "first"))
    repository.commit()
    repository.git("branch", "theirs")
    made = [new_batch("bob", DAY, f"reason {number}") for number in range(40)]
    ours = made[0]
    theirs = next(each for each in made if each.name[1] != ours.name[1])
    append(tmp_path, ours)
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    append(tmp_path, theirs)
    repository.commit()
    repository.git("merge", "--quiet", "main")
    assert {ours.name, theirs.name} < load(tmp_path).by_name.keys()


def test_one_name_for_two_reasons_is_refused() -> None:
    text = f"<<<<<<< a\n{HAND_WRITTEN}=======\n{HAND_WRITTEN.replace('ann', 'eve')}>>>>>>> b\n"
    with pytest.raises(ValueError, match="both sides of a merge have a batch `b7`, and they differ"):
        parsed(text)


def test_entry_of_an_unknown_batch_is_refused() -> None:
    batches = parsed(HAND_WRITTEN)
    refuse_unknown(batches, entries("a.py f X", "a.py f Y @b7"))
    with pytest.raises(BaselineError, match="there is no batch `b8`"):
        refuse_unknown(batches, entries("a.py f X @b8"))


@pytest.mark.parametrize(
    ("days", "is_soon", "is_over"),
    [(15, False, False), (14, True, False), (1, True, False), (0, True, False), (-1, False, True)],
)
def test_expiry(days: int, is_soon: bool, is_over: bool) -> None:
    one = new_batch("bob", DAY, "reason", expires=DAY + timedelta(days))
    assert expires_soon(one, DAY) is is_soon
    assert expired(one, DAY) is is_over


def test_batch_without_an_end_never_expires() -> None:
    one = new_batch("bob", DAY, "reason")
    assert not expired(one, date.max)
    assert not expires_soon(one, DAY)


def test_the_day_is_that_of_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    days = set()
    for zone in ("Etc/GMT+12", "Etc/GMT-14"):  # never on the same day
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        days.add(today())
    monkeypatch.delenv("TZ")
    time.tzset()
    assert len(days) == 1

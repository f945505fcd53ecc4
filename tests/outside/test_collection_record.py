"""The record of a collection: what is written, how branches merge, what is worse, and what explains it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.facts.extract import extract
from ssot_lint.file import InMemory
from ssot_lint.files import UsageError
from ssot_lint.finding import Finding, Span
from ssot_lint.outside.explanations import explained_errors, explained_warnings
from ssot_lint.outside.measurement import Failure, Kept, Measurement, Warned
from ssot_lint.outside.record import PATH, Record, compare, load, record_of, save, written
from ssot_lint.project import Project


def kept(
    *,
    tests: int = 3,
    errors: tuple[Failure, ...] = (),
    warnings: tuple[Warned, ...] = (),
    time: float = 1000.0,
) -> Kept:
    """A measurement of all tests."""
    found = Measurement(
        python="3.11.7",
        pytest="8.0.2",
        tests={"test_a.py": tests},
        deselected=0,
        errors=errors,
        warnings=warnings,
        stopped=None,
        is_finished=True,
        sees_warnings=True,
        reference=0.005,
        seconds=60.0,
        processor=time * 0.005,
    )
    return Kept(found, "")


def failure(path: str, exception: str = "ImportError", message: str = "no", **more: object) -> Failure:
    """Something that could not be collected."""
    return Failure(path, exception, message, **more)  # type: ignore[arg-type]


def warned(message: str, path: str = "test_a.py", line: int = 3) -> Warned:
    """A warning."""
    return Warned("UserWarning", message, path, line)


def finding(path: str, line: int, rule: str, subject: tuple[str, ...] = ()) -> Finding:
    """Something that is found in a file."""
    return Finding(path, Span(line, 1, line, 2), "SST000", rule, "", "", "<module>", subject, "error", ())


def project(**texts: str) -> Project:
    """A project of some modules of a package, by their names in it."""
    facts = {f"lib/{name}.py": extract(text.encode()) for name, text in texts.items()}
    return Project({path: each.outline for path, each in facts.items()}, InMemory(facts))


def titles(found: Measurement, *findings: Finding, **texts: str) -> list[list[str]]:
    """The rules that explain each error, in order, in a project of some modules."""
    entries = explained_errors(found, findings, lambda: project(**texts))
    return [[each.rule for each in entry.findings] for entry in entries]


def test_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    names = ('a"b.py', "x\ny.py", "\u202egnp.py", "caf\x7f.py")
    record = record_of(kept(errors=tuple(map(failure, names)), warnings=(warned("it's 'x' of 3"),)))
    save(tmp_path, record)
    assert load(tmp_path) == record
    assert list(record.warnings) == ["UserWarning: it's '...' of ... (test_a.py)"]


def test_record_is_the_same_on_other_machines() -> None:
    places = (
        "/v/lib/site-packages/a/b.py",
        ".venv/lib/site-packages/a/b.py",
        "/usr/lib/python3/abc.py",
        "t/a.py",
    )
    record = record_of(kept(warnings=tuple(warned("x", place) for place in places)))
    names = {"UserWarning: x (a/b.py)": 2, "UserWarning: x (abc.py)": 1, "UserWarning: x (t/a.py)": 1}
    assert record.warnings == names


def test_record_has_one_thing_a_line_in_order() -> None:
    one = written(record_of(kept(errors=(failure("b.py"), failure("a.py")))))
    assert one.splitlines()[-5:] == [
        "[errors]",
        '"a.py: ImportError" = 1',
        '"b.py: ImportError" = 1',
        "",
        "[warnings]",
    ]
    assert one == written(record_of(kept(errors=(failure("a.py"), failure("b.py")))))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<<<<<<< a\n", "collection.toml:1: this is not TOML: "),
        ("version = 1\n", "collection.toml is damaged: "),
        ('version = 1\npython = "3"\npytest = "8"\ntests = "x"\nfiles = 1\ntime = 1.0\n', "is damaged: "),
        (written(Record(1, "3.11", "8", -1, 1, 1.0)), "is damaged: "),
        (written(Record(1, "3.11", "8", 1, 1, 1.0)).replace("1.0", "inf"), "is damaged: "),
        (written(Record(1, "3.11", "8", 1, 1, 1.0)).replace("1.0", "nan"), "is damaged: "),
        (written(Record(2, "3.11", "8", 1, 1, 1.0)), "was written by another version"),
    ],
)
def test_record_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / ".ssot-lint").mkdir()
    (tmp_path / PATH).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="`ssot-lint collection --record` writes it anew") as caught:
        load(tmp_path)
    assert told in str(caught.value)


def test_what_is_worse() -> None:
    before = record_of(kept(tests=5, errors=(failure("old.py"),), warnings=(warned("a 1"), warned("a 2"))))
    now = compare(
        kept(
            tests=3,
            errors=(failure("old.py", "SyntaxError"),),
            warnings=(warned("a 3"), warned("a 4"), warned("a 5"), warned("b")),
            time=1300,
        ),
        before,
    )
    assert (now.lost, round(now.slowdown), now.regress) == (2, 30, 5)
    assert now.errors == ("old.py: SyntaxError",)
    assert now.warnings == ("UserWarning: a ... (test_a.py)", "UserWarning: b (test_a.py)")


def test_what_is_better_or_too_short_to_tell_is_not_worse() -> None:
    better = compare(kept(tests=9, time=10), record_of(kept(errors=(failure("a.py"),))))
    assert (better.regress, better.slowdown) == (0, -99.0)
    assert compare(kept(time=90), record_of(kept(time=5))).slowdown == 0


def test_different_things_are_not_compared() -> None:
    part = Kept(kept().measurement, "", ("tests/unit",), ("-k", "x"))
    with pytest.raises(
        UsageError, match="the record is about all tests, and this is about `tests/unit -k x`"
    ):
        compare(part, record_of(kept()))


def test_other_versions_are_told() -> None:
    record = Record(1, "3.10", "8.0.2", 3, 1, 1000)
    assert compare(kept(), record).notes == (
        "the record was made with Python 3.10, and this with Python 3.11",
    )


def test_findings_explain_what_passed_their_lines() -> None:
    error = failure("test_a.py", frames=(("test_a.py", 2), ("lib/x.py", 7)))
    found = kept(errors=(error,)).measurement
    assert titles(found, finding("test_a.py", 2, "noncanonical-import")) == [["noncanonical-import"]]
    assert titles(found, finding("lib/x.py", 7, "forbidden-import")) == [["forbidden-import"]]
    assert titles(found, finding("lib/x.py", 8, "forbidden-import")) == [[]], "another line"
    assert titles(found, finding("other.py", 2, "syntax-error")) == [[]], "another file"


def test_broken_files_behind_a_missing_name_explain_it() -> None:
    found = kept(errors=(failure("test_a.py", lacking="lib/a.py"),)).measurement
    broken = finding("lib/c.py", 1, "syntax-error")
    assert titles(found, broken, a="import lib.b", b="from . import c", c="(") == [["syntax-error"]]
    assert titles(found, broken, a="import lib.b", b="", c="(") == [[]]


@pytest.mark.parametrize(
    ("error", "remark"),
    [
        (failure("b/t.py", other="a/t.py"), "a/t.py has the same name"),
        (failure("t.py", message="No module named 'redis.client'"), "`redis` is no module of the project"),
        (failure("t.py", message="No module named 'lib.gone'"), ""),
    ],
)
def test_what_explains_without_a_finding(error: Failure, remark: str) -> None:
    (entry,) = explained_errors(kept(errors=(error,)).measurement, (), lambda: project(a=""))
    assert entry.remark.startswith(remark)
    assert entry.is_explained is bool(remark)


def test_warnings_of_one_kind_stand_together() -> None:
    message = "cannot collect test class '{}' because it has a __init__ constructor (from: {}.py)"
    found = kept(
        warnings=(warned(message.format("A", 1)), warned(message.format("B", 2)), warned("x"))
    ).measurement
    of_b = finding("test_a.py", 40, "uncollected-test", ("B", "constructor"))
    first, second = explained_warnings(
        found, [of_b, finding("test_a.py", 41, "uncollected-test", ("C", "name"))]
    )
    assert (first.number, first.findings) == (2, (of_b,))
    assert first.title == "UserWarning: cannot collect test class '...' because it has a __init__ constructor"
    assert (second.number, second.is_explained) == (1, False)

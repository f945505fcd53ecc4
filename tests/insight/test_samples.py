"""The past of a project: which commits are looked at, and figures that are those of a run over each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint.cli import main
from ssot_lint.config import Config, load, parse
from ssot_lint.engine import lint_texts
from ssot_lint.files import UsageError
from ssot_lint.insight.figures import Jump, Trend
from ssot_lint.insight.history.points import points_of
from ssot_lint.insight.history.samples import trend
from ssot_lint.rules import RULES, Rule

CONFIG = """\
[[forbidden-import]]
targets = ["requests", "urllib3"]

[[duplicate-class]]
"""
HOME = "class Order:\n    def pay(self):\n        return sum(self.items)\n"
BROKEN = "def broken(:\n"

Look = Callable[..., Trend]


class Past(Repository):
    """A repository whose commits have days."""

    def at(self, day: str, **files: str | None) -> str:
        """Commits what is now, with some files written or removed first, on a day; returns the id."""
        for name, text in files.items():
            path = name.replace("__", "/") + ".py"
            if text is None:
                (self.folder / path).unlink()
            else:
                self.write(path, text)
        self.set_clock(f"{day}T12:00:00Z")
        return self.commit()


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """Ten commits: files that come, break, move and go, and a merge that breaks many."""
    past = Past(tmp_path / "shop", {"ssot-lint.toml": CONFIG})
    past.at("2025-09-01", orders=HOME, load="import requests\n")
    past.at("2025-09-02", copy=HOME, web__load="import urllib3\nimport requests\n")
    past.at("2025-09-03", load=BROKEN)
    past.git("mv", "copy.py", "moved.py")
    past.at("2025-09-03")
    past.git("switch", "--quiet", "-c", "side")
    past.at("2025-09-04", side="import requests\n")
    past.at("2025-09-05", **{f"tests__test_{number}": BROKEN for number in range(8)})
    past.at("2025-09-06", tests__test_0="import requests  # ssot: allow forbidden-import -- it tests them\n")
    past.git("switch", "--quiet", "main")
    past.at("2025-09-07", load="import requests\nimport urllib3\n")
    past.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    past.at("2025-09-08")
    past.at("2025-09-10", moved=None)
    return past


@pytest.fixture
def look(past: Past, monkeypatch: pytest.MonkeyPatch) -> Look:
    past.enter(monkeypatch)

    def look(*, config: Config | None = None, **arguments: object) -> Trend:
        arguments = {"since": "2025-08-01", **arguments}
        return trend(config or load(None, Path.cwd()), jobs=1, **arguments)  # type: ignore[arg-type]

    return look


def test_figures_are_those_of_a_run_over_each_commit(
    past: Past,
    look: Look,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = look(by="commit")
    assert len(found.samples) == 7
    assert sum(sum(sample.by_rule.values()) for sample in found.samples) > 20
    for number, sample in enumerate(found.samples):
        assert sample.commit is not None
        tree = tmp_path / f"tree{number}"
        past.git("worktree", "add", "--quiet", "--detach", str(tree), sample.commit.id)
        monkeypatch.chdir(tree)
        main(["check", "--format", "json", "--no-cache", "-q"])
        report = json.loads(capsys.readouterr().out)
        dirty = {each["path"] for each in report["findings"]}
        assert sample.files == report["summary"]["files"]
        assert {rule: count for rule, count in sample.by_rule.items() if count} == report["summary"][
            "by_rule"
        ]
        assert sample.clean == sample.files - len(dirty)
        assert sample.broken == report["summary"]["by_rule"].get("syntax-error", 0)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({"by": "commit"}, "01 02 03 03 07 08 10", id="commits of the chain"),
        pytest.param({"by": "day"}, "01 02 03 07 08 10", id="days with the last commit of each"),
        pytest.param({"by": "week"}, "01 07 10", id="weeks, after where it began"),
        pytest.param({"since": "2025-09-07", "by": "day"}, "03 07 08 10", id="the first is how things stood"),
        pytest.param({"until": "2025-09-07", "by": "day"}, "01 02 03 07", id="the last day counts"),
        pytest.param({"since": "HEAD~2", "until": "HEAD~1", "by": "day"}, "07 08", id="between commits"),
        pytest.param({"rev": "side", "by": "day"}, "01 02 03 04 05 06", id="another chain"),
        pytest.param({}, "01 02 03 03 07 08 10", id="as fine as there is room for"),
        pytest.param({"since": ""}, "01 02 03 03 07 08 10", id="the last weeks"),
        pytest.param({"since": "2025-09-10", "until": "2025-09-10"}, "08 10", id="one day"),
    ],
)
def test_which_commits_are_looked_at(look: Look, asked: dict[str, str], expected: str) -> None:
    assert [f"{sample.date:%d}" for sample in look(**asked).samples] == expected.split()


def test_what_is_long_ago_is_left_out_unless_it_is_asked_for(past: Past, look: Look) -> None:
    past.at("2026-03-01")
    past.at("2026-03-02")
    assert [str(sample.date) for sample in look(since="").samples] == [
        "2025-09-10",
        "2026-03-01",
        "2026-03-02",
    ]


def test_many_commits_are_taken_together(past: Past, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssot_lint.insight.history.samples.MOST", 6)
    assert len(look().samples) == 6  # one for each day
    monkeypatch.setattr("ssot_lint.insight.history.samples.MOST", 5)
    assert len(look().samples) == 3  # one for each week


def test_figures_of_a_folder(look: Look) -> None:
    found = look(paths=["tests"], by="day")
    assert [(sample.files, sample.clean, sample.broken) for sample in found.samples][-2:] == [
        (8, 1, 7),
        (8, 1, 7),
    ]
    assert {sum(sample.by_rule.values()) for sample in found.samples} == {0, 7}


def named(jump: Jump | None) -> list[tuple[str, int, int, bool]]:
    """A jump by its day, and what made it."""
    return (
        []
        if jump is None
        else [(jump.commit.date[8:], jump.before, jump.after, jump.is_merge), *named(jump.within)]
    )


def test_jump_names_the_commit_that_a_merge_brought_in(past: Past, look: Look) -> None:
    (jump,) = look(by="week").jumps
    assert jump.rule == "syntax-error"
    assert named(jump) == [("08", 0, 7, True), ("05", 1, 9, False)]
    assert jump.within is not None
    assert jump.within.commit.id == past.git("rev-parse", "side~1").strip()
    assert [f"{each.time:%d %H:%M %Z}" for each in (jump, jump.within)] == ["08 12:00 UTC", "05 12:00 UTC"]


def test_line_goes_through_the_jump_and_what_it_merged(look: Look) -> None:
    found = look(by="week")
    assert [(sample.date.day, sample.time.hour, sample.place) for sample in found.samples] == [
        (1, 12, 0),
        (7, 12, 4),
        (10, 12, 6),
    ]
    assert [(each.findings, each.kind, each.is_merged) for each in points_of(found, "syntax-error")] == [
        (0, "sample", False),
        (0, "sample", False),
        (1, "before", True),
        (9, "jump", True),
        (7, "jump", False),
        (7, "sample", False),
    ]


def test_every_jump_between_two_samples_is_found(past: Past, look: Look) -> None:
    past.at("2025-09-10", **{f"tests__test_{number}": "" for number in range(8)})
    past.at("2025-09-11", **{f"tests__test_{number}": BROKEN for number in range(20)})
    past.at("2025-09-12", **{f"other_{number}": "import requests\n" for number in range(6)})
    found = {by: look(by=by, since="2025-09-02").jumps for by in ("week", "commit")}
    assert [(jump.rule, *named(jump)[0]) for jump in found["week"]] == [
        ("syntax-error", "11", 0, 20, False),
        ("forbidden-import", "12", 5, 11, False),
    ]  # what came and went in between is seen by finer samples
    assert [(jump.rule, *named(jump)[0]) for jump in found["commit"]] == [
        ("syntax-error", "11", 0, 20, False),
        ("forbidden-import", "12", 5, 11, False),
        ("syntax-error", "08", 0, 7, True),
        ("syntax-error", "10", 7, 0, False),
    ]


def test_merge_that_broke_files_itself_has_nothing_within(past: Past, look: Look) -> None:
    past.git("switch", "--quiet", "-c", "other", "HEAD~1")
    past.at("2025-09-11", other="")
    past.git("switch", "--quiet", "main")
    past.git("merge", "--quiet", "--no-ff", "--no-commit", "other")
    past.at("2025-09-12", **{f"more_{number}": BROKEN for number in range(9)})
    jump = look(since="HEAD~1").jumps[0]
    assert named(jump) == [("12", 7, 16, True)]


def test_rule_alone_is_counted_as_among_others(look: Look) -> None:
    every, alone = (
        look(by="commit", config=load(None, Path.cwd(), select=select)) for select in ([], ["SST001"])
    )
    assert [sample.by_rule["syntax-error"] for sample in every.samples] == [
        sample.by_rule["syntax-error"] for sample in alone.samples
    ]
    assert [named(jump) for jump in every.jumps] == [named(jump) for jump in alone.jumps]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.is_local], ids=lambda rule: rule.id)
def test_local_rules_need_no_other_file(rule: Rule) -> None:
    for example in (*rule.bad, *rule.good):
        texts = {path: text.encode() for path, text in example.files.items()}
        config = parse(example.files.get("ssot-lint.toml", ""))
        together = [each for each in lint_texts(config, texts).findings if each.rule == rule.id]
        alone = [lint_texts(config, {path: text}).findings for path, text in texts.items()]
        assert together == [each for findings in alone for each in findings if each.rule == rule.id]


def test_same_answer_with_and_without_what_is_remembered(past: Past, look: Look) -> None:
    first = look(use_cache=False)
    assert not (past.folder / ".ssot-lint-cache").exists()
    assert look() == first
    assert look() == first
    past.write("ssot-lint.toml", '[[forbidden-import]]\ntargets = ["os"]\n')
    assert look().samples != first.samples


def test_texts_that_git_lacks_are_counted(past: Past, look: Look) -> None:
    gone = past.git("rev-parse", "HEAD~2:load.py").strip()
    (past.folder / ".git/objects" / gone[:2] / gone[2:]).unlink()
    found = look(by="day")
    assert [sample.absent for sample in found.samples] == [0, 0, 0, 1, 1, 1]
    assert [sample.files for sample in found.samples] == [2, 4, 4, 3, 12, 11]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("git lacks texts of 3 of 6 samples, of up to 1 files")


def test_text_that_tells_how_pytest_collects_must_be_there(past: Past, look: Look) -> None:
    past.write("ssot-lint.toml", "[[uncollected-test]]\n")
    past.write("pytest.ini", "[pytest]\n")
    past.at("2025-09-11", tests__check="def test_it():\n    assert open\n")
    gone = past.git("rev-parse", "HEAD:pytest.ini").strip()
    (past.folder / ".git/objects" / gone[:2] / gone[2:]).unlink()
    with pytest.raises(UsageError, match=r"git lacks `pytest\.ini` of the commit \w+"):
        look(since="HEAD")


def test_partial_clone_says_what_is_left_out(
    past: Past, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.at("2025-09-11", orders="")
    past.git("config", "uploadpack.allowFilter", "true")
    past.git("clone", "--quiet", "--filter=blob:none", f"file://{past.folder}", str(tmp_path / "partial"))
    partial = Repository(tmp_path / "partial")
    partial.git("remote", "set-url", "origin", str(tmp_path / "nowhere"))
    partial.enter(monkeypatch)
    found = look(by="day")
    assert [sample.files + sample.absent for sample in found.samples] == [2, 4, 4, 4, 13, 12, 12]
    assert [sample.absent for sample in found.samples] == [1, 2, 2, 2, 2, 1, 0]  # HEAD was checked out
    assert found.notes[0].startswith("git lacks texts of 6 of 7 samples, of up to 2 files")


def test_shallow_clone_says_where_it_begins(
    past: Past, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.git("clone", "--quiet", "--depth=2", f"file://{past.folder}", str(tmp_path / "shallow"))
    Repository(tmp_path / "shallow").enter(monkeypatch)
    found = look()
    assert [sample.date.day for sample in found.samples] == [8, 10]
    assert found.notes == (
        "this clone is shallow: its history begins on 2025-09-08; `git fetch --unshallow` brings what was before",
    )
    assert look(since="HEAD").notes == ()


def test_project_in_a_folder_of_the_repository(
    past: Past, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.write("web/ssot-lint.toml", CONFIG)
    monkeypatch.chdir(past.folder / "web")
    assert [sample.files for sample in look(by="day").samples] == [0, 1, 1, 1, 1, 1]


def test_tree_without_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Repository(tmp_path / "empty", {"README": ""})
    empty.commit()
    empty.enter(monkeypatch)
    found = trend(load(None, Path.cwd()))
    assert [(sample.files, sample.clean, sample.broken) for sample in found.samples] == [(0, 0, 0)]
    assert found.jumps == ()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"since": "nowhere"},
            "`--since nowhere` is no day such as 2025-09-15, and git knows no such commit",
        ),
        ({"until": "2025-13-01"}, "`--until 2025-13-01` is no day"),
        ({"since": "side"}, "`--since side`: this commit is none of those that are looked at"),
        ({"since": "2030-01-01"}, "`--since 2030-01-01`: there is no commit that young"),
        ({"until": "2020-01-01"}, "`--until 2020-01-01`: there is no commit that old"),
        ({"rev": "nowhere"}, "`--rev nowhere`: git knows no such commit"),
        ({"rev": "--all"}, "`--rev --all`: git knows no such commit"),
        ({"paths": ["test"]}, "these commits have no file in `test`"),
    ],
)
def test_mistakes(look: Look, asked: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError) as error:
        look(**asked)
    assert str(error.value).startswith(told)


def test_no_repository_and_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"the past of this project cannot be read: .*not a git repository"):
        trend(load(None, Path.cwd()))
    Repository(tmp_path / "new").enter(monkeypatch)
    with pytest.raises(UsageError, match="the past of this project cannot be read: there is no commit yet"):
        trend(load(None, Path.cwd()))

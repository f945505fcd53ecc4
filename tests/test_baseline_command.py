"""`ssot-lint baseline` from the side of a team: it starts, works, merges, and the debt only shrinks."""

from __future__ import annotations

import argparse
import datetime
import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Repository

import ssot_lint
from ssot_lint.baseline.batches import PATH as BATCHES
from ssot_lint.baseline.folder import FOLDER
from ssot_lint.baseline.shards import read
from ssot_lint.cli import main
from ssot_lint.commands import _debt, baseline

RULE = "forbidden-import"
SHARD = f"{FOLDER}/{RULE}.tsv"
CONFIG = f"""\
strict = ["strict/"]
[[{RULE}]]
targets = ["requests", "urllib3", "httpx"]
[[duplicate-class]]
names = ["Helper"]
"""
FILES = {
    "ssot-lint.toml": CONFIG,
    ".gitignore": ".ssot-lint-cache/\n",
    "a.py": "import requests\ndef load():\n    import urllib3\n",
    "b.py": "class Client:\n    def load(self):\n        import requests\n",
    "c.py": "class Helper: ...\n",
    "d.py": "class Helper: ...\n",
}
WHY = ("--reason", "until the bank moves", "--owner", "payments")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with old findings, all committed, as the working folder."""
    repository = Repository(tmp_path / "team", FILES)
    repository.enter(monkeypatch)
    monkeypatch.delenv("CI", raising=False)
    repository.git("config", "user.name", "Ada")
    repository.commit()
    return repository


@pytest.fixture
def run(team: Repository, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in the repository: exit code, output, what is told beside it."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def begun(team: Repository, run: Run) -> Repository:
    """The repository with a baseline of all that there was."""
    code, *_ = run("baseline", "init")
    assert code == 0
    team.commit()
    return team


def entries(team: Repository, rule: str = RULE) -> list[str]:
    """The entries of a shard as `path scope`."""
    shard = read(team.read(f"{FOLDER}/{rule}.tsv"), rule)
    return [f"{entry.identity.path} {entry.identity.scope}" for entry in shard.entries]


def stored(team: Repository) -> dict[str, bytes]:
    """Every file below `.ssot-lint`."""
    folder = team.folder / ".ssot-lint"
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def fingerprint(run: Run, path: str) -> str:
    """The fingerprint of the first new finding in a file."""
    findings = json.loads(run("check", "--format", "json", "--exit-zero")[1])["findings"]
    return str(
        next(each["fingerprint"] for each in findings if each["path"] == path and each["state"] == "new")
    )


# init


def test_everything_is_green_after_init(team: Repository, run: Run) -> None:
    assert run("check")[0] == 1
    code, output, told = run("baseline", "init")
    assert code == 0
    assert output.splitlines() == [
        f"5 entries added to {FOLDER}:",
        f"         3  {RULE}",
        "         2  duplicate-class",
    ]
    assert told == "ssot-lint: next: `git add .ssot-lint`, and commit it\n"
    assert run("check")[0] == 0
    assert entries(team) == ["a.py <module>", "a.py load", "b.py Client.load"]


def test_each_rule_gets_a_batch_that_says_who_and_when(team: Repository, run: Run) -> None:
    assert run("baseline", "init")[0] == 0
    text = team.read(BATCHES)
    assert text.count('by = "Ada"\n') == 2
    assert text.count(f"date = {datetime.datetime.now(datetime.timezone.utc).date()}\n") == 2
    assert f'reason = "was there when `{RULE}` was switched on"\n' in text


def test_rules_are_begun_one_by_one(team: Repository, run: Run) -> None:
    assert run("baseline", "init", "--rule", RULE)[0] == 0
    assert [path.name for path in (team.folder / FOLDER).glob("*.tsv")] == [f"{RULE}.tsv"]
    assert run("check")[0] == 1
    assert run("baseline", "init", "--rule", "SST3")[0] == 0
    assert run("check")[0] == 0


def test_init_does_not_add_to_a_rule_that_has_begun(begun: Repository, run: Run) -> None:
    before = stored(begun)
    begun.write("new.py", "import requests\n")
    code, output, told = run("baseline", "init")
    assert code == 1
    assert output.splitlines()[:2] == [
        "1 not added: its rule has entries already: what comes later is accepted, with a reason",
        "    new.py:1:8: SST101 forbidden-import `requests` is forbidden here",
    ]
    assert f"`ssot-lint explain {RULE}`" in told
    assert stored(begun) == before


def test_init_without_findings_adds_nothing(begun: Repository, run: Run) -> None:
    before = stored(begun)
    assert run("baseline", "init")[:2] == (0, "nothing was added\n")
    assert stored(begun) == before


def test_strict_files_are_refused(team: Repository, run: Run) -> None:
    team.write("strict/pay.py", "import requests\n")
    code, output, told = run("baseline", "init")
    assert code == 1
    assert "1 not added: its file is strict: nothing is carried there\n    strict/pay.py:1:8: " in output
    assert f"`ssot-lint explain {RULE}`" in told
    assert "strict/pay.py <module>" not in entries(team)
    assert run("baseline", "accept", fingerprint(run, "strict/pay.py"), *WHY)[0] == 1
    assert run("baseline", "accept", "--rule", RULE, *WHY)[0] == 1
    assert "strict/pay.py <module>" not in entries(team)
    assert run("check")[0] == 1


def test_rule_of_strict_files_alone_gets_no_batch(team: Repository, run: Run) -> None:
    team.write("ssot-lint.toml", CONFIG.replace("strict/", "?.py"))
    team.write("ab.py", "import requests\n")
    assert run("baseline", "init")[0] == 1
    assert RULE in team.read(BATCHES)
    assert "duplicate-class" not in team.read(BATCHES)


def test_folder_that_git_ignores_is_told(team: Repository, run: Run) -> None:
    team.write(".gitignore", ".ssot-lint*/\n")
    assert "note: git ignores .ssot-lint" in run("baseline", "init")[2]


# the days after


def test_new_finding_stops(begun: Repository, run: Run) -> None:
    begun.write("a.py", FILES["a.py"] + "def save():\n    import requests\n")
    code, output, _ = run("check")
    assert code == 1
    assert [line.partition(": ")[0] for line in output.splitlines()[:-1]] == ["a.py:5:12"]


def test_sync_takes_out_what_is_fixed_and_what_is_deleted(begun: Repository, run: Run) -> None:
    begun.write("a.py", "def load():\n    import urllib3\n")
    (begun.folder / "b.py").unlink()
    code, output, told = run("baseline", "sync")
    assert code == 0
    assert output.splitlines() == [
        f"removed: a.py {RULE} <module> requests requests: it is fixed",
        f"removed: b.py {RULE} Client.load requests requests: its file was deleted",
        "2 removed (1 deleted, 1 fixed), 0 moved; 3 entries left",
    ]
    assert told == "ssot-lint: next: `git add .ssot-lint`, and commit it\n"
    assert entries(begun) == ["a.py load"]


def test_dry_run_writes_nothing(begun: Repository, run: Run) -> None:
    before = stored(begun)
    begun.write("a.py", "")
    code, output, told = run("baseline", "sync", "--dry-run")
    assert (code, told) == (0, "")
    assert "2 to remove (2 fixed), 0 moved; 3 entries left" in output
    assert stored(begun) == before


def test_sync_without_changes_writes_nothing(begun: Repository, run: Run) -> None:
    before = {path: os.stat(path).st_mtime_ns for path in stored(begun)}
    assert run("baseline", "sync") == (0, "0 removed, 0 moved; 5 entries left\n", "")
    assert {path: os.stat(path).st_mtime_ns for path in stored(begun)} == before


def test_renamed_file_has_nothing_new_and_sync_follows(begun: Repository, run: Run) -> None:
    begun.git("mv", "a.py", "moved.py")
    assert run("check", "moved.py")[0] == 0
    code, output, _ = run("baseline", "sync")
    assert code == 0
    assert f"moved: a.py {RULE} load urllib3 urllib3 -> moved.py {RULE} load urllib3 urllib3\n" in output
    assert entries(begun) == ["b.py Client.load", "moved.py <module>", "moved.py load"]
    assert run("check")[0] == 0


def test_sync_never_grows(begun: Repository, run: Run) -> None:
    before = stored(begun)
    begun.write("new.py", "import requests\n")
    code, _, told = run("baseline", "sync")
    assert code == 0
    assert "note: 1 new, which `sync` never adds: see `ssot-lint check`" in told
    assert stored(begun) == before


def test_broken_file_keeps_its_entries(begun: Repository, run: Run) -> None:
    before = stored(begun)
    begun.write("a.py", "import requests\ndef load(:\n")
    code, output, _ = run("baseline", "sync")
    assert code == 0
    assert "2 kept without a finding: its file does not compile now\n" in output
    assert stored(begun) == before


def test_file_left_out_and_rule_switched_off_keep_their_entries(begun: Repository, run: Run) -> None:
    before = stored(begun)
    begun.write("ssot-lint.toml", 'exclude = ["a.py"]\nignore = ["duplicate-class"]\n' + CONFIG)
    code, output, _ = run("baseline", "sync")
    assert code == 0
    assert "2 kept without a finding: its file is there, but left out of the project\n" in output
    assert "2 kept without a finding: its rule did not run\n" in output
    assert stored(begun) == before


# accept


def test_accepted_finding_is_carried_with_its_reason(begun: Repository, run: Run) -> None:
    begun.write("new.py", "import requests\n")
    found = fingerprint(run, "new.py")
    code, output, _ = run("baseline", "accept", found, *WHY, "--ticket", "PAY-7", "--expires", "2999-12-31")
    assert code == 0
    assert output.splitlines() == [f"1 entry added to {FOLDER}:", f"         1  {RULE}"]
    assert run("check")[0] == 0
    code, output, _ = run("baseline", "explain", found)
    assert code == 0
    assert "  carried, by an entry of the same rule, file, scope and subject\n" in output
    assert ": until the bank moves\n  owner: payments, ticket: PAY-7, expires on 2999-12-31\n" in output


def test_accept_by_rule_and_path_leaves_the_rest_new(begun: Repository, run: Run) -> None:
    begun.write("bank/new.py", "import requests\n")
    begun.write("shop/new.py", "import requests\n")
    assert run("baseline", "accept", "--rule", RULE, "--path", "bank/", *WHY)[0] == 0
    code, output, _ = run("check")
    assert code == 1
    assert [line.partition(":")[0] for line in output.splitlines()[:-1]] == ["shop/new.py"]


def test_what_is_carried_is_not_accepted_twice(begun: Repository, run: Run) -> None:
    begun.write("new.py", "import requests\n")
    found = fingerprint(run, "new.py")
    assert run("baseline", "accept", found, *WHY)[0] == 0
    before = stored(begun)
    code, output, _ = run("baseline", "accept", found, *WHY)
    assert code == 0
    assert output.startswith("1 not added: it is carried already\n")
    assert stored(begun) == before


def test_accept_does_not_shrink(begun: Repository, run: Run) -> None:
    begun.write("a.py", "")
    begun.write("new.py", "import httpx\ndef save():\n    import httpx\n")
    assert run("baseline", "accept", "--rule", RULE, *WHY)[0] == 0
    assert len(entries(begun)) == 5
    assert {"a.py <module>", "a.py load"} <= {*entries(begun)}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["0123456789"], "the following arguments are required: --reason, --owner"),
        (["0123456789", "--reason", "x"], "the following arguments are required: --owner"),
        (["0123456789", "--reason", "x", "--owner", " "], "expected the name of who is to mend it"),
        (
            ["0123456789", "--reason", " ", "--owner", "x"],
            "nothing with the fingerprint 0123456789 is found now",
        ),
        (["--rule", "duplicate-class", "--reason", " ", "--owner", "x"], "a batch needs to say"),
        (["0123", *WHY], "expected a fingerprint"),
        ([*WHY], "say what to accept"),
        (["0123456789", "--rule", RULE, *WHY], "say what to accept"),
        (["0123456789", "--path", "a.py", *WHY], "`--path` goes with `--rule`"),
        (["--rule", "forbiden-import", *WHY], "did you mean `forbidden-import`?"),
        (["--rule", RULE, *WHY, "--expires", "2026-02-30"], "expected a day such as 2026-12-31"),
        (["--rule", RULE, *WHY, "--expires", "2001-01-01"], "that day is over"),
        (["--rule", "SST2", *WHY], "nothing that is new there is found"),
    ],
)
def test_mistakes_of_accept_exit_with_2(run: Run, team: Repository, arguments: list[str], told: str) -> None:
    code, output, error = run("baseline", "accept", *arguments)
    assert (code, output) == (2, "")
    assert told in error
    assert "see `ssot-lint baseline" in error
    assert stored(team) == {}


# show and explain


def test_show_lists_where_entries_are_now(begun: Repository, run: Run) -> None:
    begun.write("a.py", "\n\ndef load():\n    import urllib3\n")
    begun.git("mv", "b.py", "z.py")
    code, output, _ = run("baseline", "show", "--rule", RULE)
    assert code == 0
    head, *rows = [line.split() for line in output.splitlines()]
    assert head == ["place", "rule", "fingerprint", "batch", "owner", "days", "state"]
    assert [(row[0], row[1], " ".join(row[5:])) for row in rows[:3]] == [
        ("a.py", RULE, "0 left: it is fixed"),
        ("a.py:4", RULE, "0 carried"),
        ("z.py:3", RULE, "0 moved from b.py"),
    ]
    assert rows[3:] == [[], ["3", RULE], ["3", "entries"]]


def test_show_can_be_narrowed(begun: Repository, run: Run) -> None:
    assert "b.py:3" in run("baseline", "show", "--path", "b.py")[1]
    assert "a.py" not in run("baseline", "show", "--path", "b.py")[1]
    begun.git("mv", "b.py", "z.py")
    assert "z.py:3" in run("baseline", "show", "--path", "b.py")[1]
    begun.write("new.py", "import requests\n")
    run("baseline", "accept", "--rule", RULE, *WHY)
    batch = next(table for table in begun.read(BATCHES).split("\n[") if "the bank" in table).partition("]")[0]
    code, output, _ = run("baseline", "show", "--batch", batch, "--quiet")
    assert code == 0
    assert [line.split()[0] for line in output.splitlines()] == ["place", "new.py:1"]
    assert "there is no batch `nobody`" in run("baseline", "show", "--batch", "nobody")[2]
    owned = run("baseline", "show", "--owner", "payments", "--quiet")[1]
    assert [line.split()[0] for line in owned.splitlines()] == ["place", "new.py:1"]
    assert run("baseline", "show", "--age", "1", "--quiet")[:2] == (0, "")
    assert "new.py:1" in run("baseline", "show", "--age", "0")[1]
    assert run("baseline", "show", "--age", "a week")[0] == 2


def test_debt_past_its_day_is_never_silent(
    begun: Repository, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    begun.write("new.py", "import requests\n")
    assert run("baseline", "accept", "--rule", RULE, *WHY, "--expires", "2999-12-30")[0] == 0

    def on(day: str, action: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        baseline.add_arguments(parser)
        code = baseline.run(parser.parse_args([action]), datetime.date.fromisoformat(day))
        return code, *capsys.readouterr()

    assert on("2999-12-01", "sync")[2] == ""
    assert "(payments) expires on 2999-12-30" in on("2999-12-30", "sync")[2]
    assert on("2999-12-30", "show")[0] == 0
    code, output, told = on("2999-12-31", "show")
    assert code == 5
    assert "carried, expired\n" in output
    assert f"give its batch another day in {BATCHES}" in told
    assert "(payments) expired on 2999-12-30" in on("2999-12-31", "sync")[2]


def test_explain_names_what_is_near(begun: Repository, run: Run) -> None:
    begun.write("b.py", "class Client:\n    def load(self):\n        import requests\n        import httpx\n")
    begun.write(
        "a.py",
        "def load():\n    import urllib3\ndef save():\n    import requests\ndef stop():\n    import requests\n",
    )
    code, output, _ = run("baseline", "explain", fingerprint(run, "a.py"))
    assert code == 0
    assert "  new: no entry carries it\n" in output
    assert "not matched, of the same rule, file and subject, but another scope: more findings than" in output
    assert f"    entry a.py {RULE} <module> requests requests\n" in output


def test_explain_of_nothing_exits_with_2(run: Run) -> None:
    code, output, told = run("baseline", "explain", "0123456789")
    assert (code, output) == (2, "")
    assert "there is nothing with the fingerprint 0123456789" in told


# diff


def test_diff_counts_what_came_went_and_moved(begun: Repository, run: Run) -> None:
    begun.write("a.py", "def load():\n    import urllib3\n")
    begun.git("mv", "b.py", "z.py")
    assert run("baseline", "sync")[0] == 0
    begun.write("new.py", "import requests\n")
    assert run("baseline", "accept", "--rule", RULE, *WHY)[0] == 0
    begun.commit()
    code, output, _ = run("baseline", "diff", "HEAD~1..")
    assert code == 0
    new, *rest = output.splitlines()
    assert new.startswith(f"new: new.py {RULE} <module> requests requests @b")
    assert rest[0].startswith(f"gone: a.py {RULE} <module> requests requests @b")
    assert rest[1:] == [
        f"moved: b.py {RULE} Client.load requests requests -> z.py {RULE} Client.load requests requests",
        "1 new, 1 gone, 1 moved: as many as before",
    ]
    assert run("baseline", "diff", "HEAD~2..HEAD~1")[1].splitlines()[-1] == (
        "5 new, 0 gone, 0 moved: 5 entries more"
    )


def test_diff_in_a_folder_of_the_repository(
    begun: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun.write("part/ssot-lint.toml", CONFIG)
    begun.write("part/x.py", "import requests\n")
    monkeypatch.chdir(begun.folder / "part")
    assert run("baseline", "init")[0] == 0
    begun.commit()
    code, output, _ = run("baseline", "diff", "HEAD~1..HEAD")
    assert code == 0
    assert output.startswith(f"new: x.py {RULE} <module> requests requests @")
    assert output.endswith("1 new, 0 gone, 0 moved: 1 entry more\n")


@pytest.mark.skipif(os.name == "nt", reason="may not make links")
def test_links_of_a_commit_are_no_entries(begun: Repository, run: Run) -> None:
    (begun.folder / FOLDER / "missing-base.tsv").symlink_to(f"{RULE}.tsv")
    begun.commit()
    assert run("baseline", "diff", "HEAD~1..")[:2] == (0, "0 new, 0 gone, 0 moved: as many as before\n")


@pytest.mark.parametrize("wrong", ["main", "main...HEAD", "a\n..b", "nowhere..HEAD", "HEAD..a commit b"])
def test_wrong_commits_exit_with_2(begun: Repository, run: Run, wrong: str) -> None:
    code, output, told = run("baseline", "diff", wrong)
    assert (code, output) == (2, "")
    assert "internal error" not in told
    assert "see `ssot-lint baseline" in told


def test_diff_outside_of_git_exits_with_2(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alone").mkdir()
    monkeypatch.chdir(tmp_path / "alone")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    code, _, told = run("baseline", "diff", "A..B")
    assert code == 2
    assert "not a git repository" in told


@pytest.mark.parametrize(
    ("option", "told"),
    [("--depth=1", "git fetch --unshallow"), ("--filter=blob:none", "git fetch --refetch")],
)
def test_diff_in_a_clone_that_lacks_something_says_what_helps(
    begun: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, option: str, told: str
) -> None:
    begun.write("a.py", "")
    assert run("baseline", "sync")[0] == 0
    begun.commit()
    begun.git("config", "uploadpack.allowFilter", "true")
    clone = begun.folder.with_name("clone")
    begun.git("clone", "--quiet", option, begun.folder.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    code, output, error = run("baseline", "diff", "HEAD~1..")
    assert (code, output) == (2, "")
    assert told in error


# merges, and what people do to files


def test_branches_merge_and_sync_heals_what_git_left(begun: Repository, run: Run) -> None:
    begun.git("checkout", "--quiet", "-b", "other")
    begun.write("a.py", "import requests\n")
    assert run("baseline", "sync")[0] == 0
    begun.commit()
    begun.git("checkout", "--quiet", "main")
    begun.write("b.py", "")
    assert run("baseline", "sync")[0] == 0
    begun.commit()
    begun.git("merge", "--quiet", "--no-edit", "other")
    assert run("baseline", "sync")[0] == 0
    assert entries(begun) == ["a.py <module>"]


def test_conflict_markers_are_healed_by_sync(begun: Repository, run: Run) -> None:
    text = begun.read(SHARD)
    lines = text.splitlines(keepends=True)
    mine = next(line for line in lines if "\tload\t" in line)
    theirs = next(line for line in lines if "\tClient.load\t" in line)
    merged = f"<<<<<<< HEAD\n{mine}=======\n{theirs}>>>>>>> other\n"
    begun.write(SHARD, text.replace(theirs, "").replace(mine, merged))
    code, _, told = run("baseline", "sync")
    assert code == 0
    assert f"note: {SHARD} has what both sides of a merge had" in told
    assert begun.read(SHARD) == text


def test_deleted_shard_hides_nothing(begun: Repository, run: Run) -> None:
    (begun.folder / SHARD).unlink()
    code, output, _ = run("check")
    assert code == 1
    assert len(output.splitlines()) == 4
    assert run("baseline", "sync")[0] == 0
    assert not (begun.folder / SHARD).exists()


@pytest.mark.parametrize("action", ["init", "sync", "show"])
def test_damaged_shard_stops_everything(begun: Repository, run: Run, action: str) -> None:
    begun.write(SHARD, begun.read(SHARD).removesuffix("#end\n"))
    before = stored(begun)
    code, output, told = run("baseline", action)
    assert (code, output) == (2, "")
    assert f"`git checkout HEAD -- {SHARD}` brings the last committed one back" in told
    assert stored(begun) == before


@pytest.mark.parametrize("action", ["init", "sync", "show"])
def test_batch_that_is_gone_stops_everything(begun: Repository, run: Run, action: str) -> None:
    begun.write(BATCHES, "")
    begun.write("a.py", "")
    before = stored(begun)
    code, output, told = run("baseline", action)
    assert (code, output) == (2, "")
    assert "there is no batch" in told
    assert stored(begun) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="may write everything")
def test_read_only_folder_exits_with_2_and_stays(begun: Repository, run: Run) -> None:
    begun.write("a.py", "")
    before = stored(begun)
    (begun.folder / FOLDER).chmod(0o500)
    code, output, told = run("baseline", "sync")
    (begun.folder / FOLDER).chmod(0o700)
    assert (code, output) == (2, "")
    assert "cannot be written" in told
    assert stored(begun) == before


def test_failing_to_write_entries_leaves_no_batch_behind(
    begun: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun.write("new.py", "import requests\n")
    before = stored(begun)
    monkeypatch.setattr(os, "replace", replace_but_for(os.replace, f"{RULE}.tsv"))
    code, output, told = run("baseline", "accept", "--rule", RULE, *WHY)
    assert (code, output) == (2, "")
    assert f"{SHARD}: cannot be written: Permission denied" in told
    assert stored(begun) == before


def replace_but_for(replace: Callable[..., None], name: str) -> Callable[..., None]:
    """`os.replace`, which may not write files of a name."""

    def refuse(source: str, target: str) -> None:
        if os.path.basename(target) == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        replace(source, target)

    return refuse


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@pytest.mark.parametrize("action", [["sync"], ["accept", "--rule", RULE, *WHY]], ids=["sync", "accept"])
def test_what_cannot_be_written_exits_with_2_and_changes_nothing(
    begun: Repository, action: list[str]
) -> None:
    begun.write("a.py", "")
    begun.write("new.py", "import requests\n")
    before = stored(begun)
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (99, 99)); "
        "from ssot_lint.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "baseline", *action, "--no-cache", "--jobs", "1"],
        env={
            **os.environ,
            "PYTHONPATH": str(Path(ssot_lint.__file__).parent.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr
    assert "see `ssot-lint baseline --help`" in done.stderr
    assert stored(begun) == before


# the command line


@pytest.mark.parametrize(
    "arguments", [[], ["shrink"], ["sync", "--grow"], ["show", "x"], ["show", "--jobs", "0"]]
)
def test_wrong_usage_exits_with_2_and_says_what_helps(run: Run, arguments: list[str]) -> None:
    code, output, told = run("baseline", *arguments)
    assert (code, output) == (2, "")
    assert "ssot-lint: see `ssot-lint baseline" in told


def test_action_explains_itself(run: Run) -> None:
    for action in ("init", "accept", "sync", "show", "diff", "explain"):
        code, output, _ = run("baseline", action, "--help")
        assert code == 0
        assert output.startswith(f"usage: ssot-lint baseline {action} ")


def test_internal_errors_can_be_traced(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(_debt, "lint", fail)
    code, _, told = run("baseline", "sync")
    assert code == 2
    assert "`ssot-lint baseline sync --traceback`" in told
    assert "Traceback" in run("baseline", "sync", "--traceback")[2]

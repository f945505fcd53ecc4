"""The last good revision of a broken file: which one it is, what is told of it, and how it is put back."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ssot_lint.cli import main
from ssot_lint.facts.extract import extract
from ssot_lint.files import histories
from ssot_lint.fix.restore import apply, find

GOOD = "def test_one():\n    assert one() == 1\n\n\ndef test_two():\n    assert two() == 2\n"
BETTER = GOOD + "\n\ndef test_three():\n    assert three() == 3\n"
BROKEN = GOOD.replace("one():", "one(:")
COMMENTED_OUT = "".join(f"# {line}\n" for line in GOOD.splitlines())
EMPTIED = "def test_one():\n    pass\n\n\ndef test_two():\n    pass\n"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Shut out the configuration of the machine and of a hook that may be running the tests."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.delenv("FORCE_COLOR", raising=False)


class Repository:
    """A repository with a clock of its own: every commit is a day after the one before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.day = 0
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        (root / "ssot-lint.toml").write_text("")

    def git(self, *arguments: str) -> str:
        date = f"2025-01-{max(self.day, 1):02} 12:00:00 +0000"
        identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
        command = ("git", *identity, "-c", "protocol.file.allow=always", *arguments)
        environment = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        done = subprocess.run(command, cwd=self.root, env=environment, check=True, capture_output=True)
        return os.fsdecode(done.stdout).strip()

    def write(self, path: str, content: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def commit(self, subject: str, files: dict[str, str | bytes] | None = None) -> str:
        """Write files, commit everything there is, and return the commit's id."""
        for path, content in (files or {}).items():
            self.write(path, content)
        self.day += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository, which is the working folder."""
    made = Repository(tmp_path / "project")
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def restore(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `ssot-lint restore` and return its exit code and what it says of each file by path."""

    def restore(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = main(["restore", "--format", "json", *arguments])
        files = json.loads(capsys.readouterr().out)["files"]
        return code, {each["path"]: each for each in files}

    return restore


def test_newest_revision_that_compiles_and_commit_that_broke_it(repository: Repository, restore: Any) -> None:
    repository.commit("begin", {"test_a.py": GOOD})
    good = repository.commit("add a test", {"test_a.py": BETTER})
    repository.commit("something else", {"b.py": "b = 1\n"})
    broken = repository.commit("fix everything", {"test_a.py": BROKEN})
    repository.commit("fix more", {"test_a.py": BROKEN + "\n\ndef test_new(: ...\n"})
    code, files = restore()
    assert code == 1
    assert list(files) == ["test_a.py"]
    found = files["test_a.py"]
    assert (found["good"]["commit"], found["good"]["tests"], found["most_tests"]) == (good, 3, 3)
    assert (found["good"]["date"], found["good"]["subject"]) == ("2025-01-02", "add a test")
    assert (found["broken"]["commit"], found["broken"]["subject"]) == (broken, "fix everything")
    assert found["line"] == 1 and found["fault"] and found["broken"]["fault"]
    assert found["newest"] is None
    assert found["lost"] == {"lines": 2, "tests": ["test_new"]}


def test_file_that_was_broken_twice(repository: Repository, restore: Any) -> None:
    repository.commit("begin", {"test_a.py": GOOD})
    repository.commit("break", {"test_a.py": BROKEN})
    good = repository.commit("mend", {"test_a.py": GOOD + "\n"})
    broken = repository.commit("break again", {"test_a.py": BROKEN + "\n"})
    found = restore()[1]["test_a.py"]
    assert (found["good"]["commit"], found["broken"]["commit"]) == (good, broken)


@pytest.mark.parametrize(
    "hollow", [COMMENTED_OUT, EMPTIED, "import os\n", "", GOOD[: GOOD.index("\n\n") + 1]]
)
def test_revision_that_was_cut_down_is_not_good(repository: Repository, restore: Any, hollow: str) -> None:
    good = repository.commit("begin", {"test_a.py": GOOD})
    broken = repository.commit("break", {"test_a.py": BROKEN})
    newest = repository.commit("make it compile", {"test_a.py": hollow})
    repository.commit("uncomment", {"test_a.py": BROKEN})
    found = restore()[1]["test_a.py"]
    assert (found["good"]["commit"], found["broken"]["commit"]) == (good, broken)
    assert (found["newest"]["commit"], found["newest"]["fault"]) == (newest, "")
    assert found["newest"]["tests"] < found["most_tests"] == 2


def test_commit_that_cut_a_file_down_before_it_broke(repository: Repository, restore: Any) -> None:
    good = repository.commit("begin", {"test_a.py": GOOD})
    cut = repository.commit("comment out", {"test_a.py": COMMENTED_OUT})
    repository.commit("break", {"test_a.py": BROKEN})
    found = restore()[1]["test_a.py"]
    assert (found["good"]["commit"], found["broken"]["commit"]) == (good, cut)
    assert found["broken"]["fault"] == ""


def test_few_tests_may_go(repository: Repository, restore: Any) -> None:
    tests = [f"def test_{number}():\n    assert f({number})\n" for number in range(4)]
    repository.commit("begin", {"test_a.py": "".join(tests)})
    good = repository.commit("move one", {"test_a.py": "".join(tests[:3])})
    repository.commit("break", {"test_a.py": "".join(tests[:3]) + "("})
    assert restore()[1]["test_a.py"]["good"]["commit"] == good


def test_file_that_was_written_anew(repository: Repository, restore: Any) -> None:
    fullest = repository.commit("begin", {"test_a.py": BETTER})
    good = repository.commit("anew", {"test_a.py": "def test_all():\n    assert everything()\n"})
    repository.commit("break", {"test_a.py": "def test_all(:\n"})
    found = restore()[1]["test_a.py"]
    assert (found["good"]["commit"], found["fullest"]["commit"]) == (good, fullest)


def test_file_without_tests_keeps_its_definitions(repository: Repository, restore: Any) -> None:
    good = repository.commit("begin", {"a.py": "def f():\n    return 1\n"})
    repository.commit("empty", {"a.py": "# def f():\n#     return 1\n"})
    repository.commit("break", {"a.py": "def f(:\n"})
    repository.commit("constants", {"b.py": "A = 1\n"})
    constants = repository.commit("more of them", {"b.py": "A = 1\nB = 2\n"})
    repository.commit("break", {"b.py": "A =\n"})
    _, files = restore()
    assert files["a.py"]["good"]["commit"] == good
    assert files["b.py"]["good"]["commit"] == constants


def test_file_that_never_compiled(repository: Repository, restore: Any) -> None:
    repository.commit("born broken", {"test_a.py": BROKEN})
    repository.commit("again", {"test_b.py": BROKEN})
    repository.commit("still", {"test_b.py": BROKEN + "\n"})
    repository.write("test_c.py", BROKEN)
    code, files = restore("--apply")
    assert code == 1
    assert [each["good"] for each in files.values()] == [None] * 3
    assert "in the only commit" in files["test_a.py"]["reason"]
    assert "none of its 2 revisions" in files["test_b.py"]["reason"]
    assert files["test_c.py"]["reason"] == "it is in no commit"


def test_renames_are_followed(repository: Repository, restore: Any) -> None:
    good = repository.commit("begin", {"old name/tést a.py": BETTER})
    repository.git("mv", "old name/tést a.py", "tést b.py")
    repository.commit("rename, and break", {"tést b.py": BETTER.replace("one():", "one(:")})
    repository.git("mv", "tést b.py", "test_c.py")
    repository.commit("rename again")
    found = restore()[1]["test_c.py"]
    assert (found["good"]["commit"], found["good"]["path"]) == (good, "old name/tést a.py")
    assert found["broken"]["subject"] == "rename, and break"


def test_renames_are_followed_among_many_files(repository: Repository) -> None:
    texts = {f"old/test_{number}.py": f"{BETTER}# {number}\n" for number in range(30)}
    begin = repository.commit("begin", dict(texts))
    repository.git("mv", "old", "new")
    rename = repository.commit("rename")
    paths = [f"new/test_{number}.py" for number in range(30)]
    found = histories(repository.root, paths)
    assert [[(each.commit, each.path, each.next) for each in found.revisions[path]] for path in paths] == [
        [(rename, path, -1), (begin, path.replace("new", "old"), 0)] for path in paths
    ]


def test_file_that_was_deleted_and_came_again(repository: Repository, restore: Any) -> None:
    good = repository.commit("begin", {"test_a.py": GOOD})
    (repository.root / "test_a.py").unlink()
    repository.commit("delete")
    broken = repository.commit("bring it back", {"test_a.py": BROKEN})
    found = restore()[1]["test_a.py"]
    assert (found["good"]["commit"], found["broken"]["commit"]) == (good, broken)


def test_merge_that_breaks_a_file_or_leaves_a_side_alone(repository: Repository, restore: Any) -> None:
    good = repository.commit("begin", {"test_a.py": GOOD, "test_b.py": GOOD})
    repository.git("switch", "--quiet", "-c", "side")
    side = repository.commit("side", {"test_a.py": BETTER})
    repository.git("switch", "--quiet", "main")
    repository.commit("main", {"test_a.py": BROKEN})
    repository.git("merge", "--quiet", "--no-commit", "--strategy=ours", "side")
    merge = repository.commit("merge", {"test_a.py": BROKEN + "\n", "test_b.py": BROKEN})
    _, files = restore()
    assert (files["test_a.py"]["good"]["commit"], files["test_a.py"]["broken"]["commit"]) == (side, merge)
    assert (files["test_b.py"]["good"]["commit"], files["test_b.py"]["broken"]["commit"]) == (good, merge)
    repository.git("switch", "--quiet", "-c", "other", good)
    broken = repository.commit("break", {"test_a.py": BROKEN})
    repository.git("merge", "--quiet", "--strategy=ours", "main")
    found = restore()[1]["test_a.py"]
    assert (found["good"]["commit"], found["broken"]["commit"]) == (good, broken)


def test_merge_that_takes_a_file_from_the_other_side(repository: Repository, restore: Any) -> None:
    good = repository.commit("begin", {"test_a.py": GOOD})
    repository.git("switch", "--quiet", "-c", "side")
    broken = repository.commit("side", {"test_a.py": BROKEN})
    repository.git("switch", "--quiet", "main")
    repository.commit("main", {"b.py": "b = 1\n"})
    repository.git("merge", "--quiet", "--no-commit", "side")
    repository.commit("merge")
    found = restore()[1]["test_a.py"]
    assert (found["good"]["commit"], found["broken"]["commit"]) == (good, broken)


def test_project_in_a_folder_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restore: Any
) -> None:
    repository = Repository(tmp_path / "all")
    repository.write("part/ssot-lint.toml", "")
    good = repository.commit("begin", {"elsewhere/test_a.py": GOOD, ".gitattributes": "*.py eol=crlf\n"})
    repository.git("mv", "elsewhere/test_a.py", "part/test_a.py")
    repository.commit("move, and break", {"part/test_a.py": BROKEN})
    monkeypatch.chdir(repository.root / "part")
    code, files = restore("--apply")
    assert code == 0
    assert (files["test_a.py"]["good"]["commit"], files["test_a.py"]["restored"]) == (good, True)
    assert files["test_a.py"]["good"]["path"] == "../elsewhere/test_a.py"
    assert files["test_a.py"]["broken"]["path"] == "test_a.py"
    assert (repository.root / "part/test_a.py").read_bytes() == GOOD.replace("\n", "\r\n").encode()


def test_apply_puts_back_bytes_and_leaves_mode_and_index(repository: Repository, restore: Any) -> None:
    texts = {
        "test_crlf.py": GOOD.replace("\n", "\r\n").encode(),
        "test_latin.py": b"# coding: latin-1\nNAME = '\xe9'\n" + GOOD.encode(),
        "test_mark.py": b"\xef\xbb\xbf" + GOOD.encode().rstrip(),
        "a folder/tést.py": GOOD.encode(),
    }
    repository.commit("begin", dict(texts))
    repository.commit("break", dict.fromkeys(texts, BROKEN))
    (repository.root / "test_crlf.py").chmod(0o755)
    repository.commit("executable")
    code, files = restore("--apply")
    assert code == 0
    assert all(each["restored"] for each in files.values())
    assert {path: (repository.root / path).read_bytes() for path in texts} == texts
    assert stat.S_IMODE((repository.root / "test_crlf.py").stat().st_mode) == 0o755
    assert repository.git("diff", "--cached", "--name-only") == ""
    assert len(repository.git("diff", "--name-only").splitlines()) == len(texts)
    assert restore() == (0, {})


def test_changes_in_no_commit_are_left_alone(repository: Repository, restore: Any) -> None:
    good = repository.commit("begin", {"test_a.py": GOOD, "test_b.py": GOOD})
    repository.commit("break", {"test_b.py": BROKEN})
    file = repository.write("test_a.py", BROKEN)
    code, files = restore("--apply")
    assert code == 1
    assert (files["test_a.py"]["good"]["commit"], files["test_a.py"]["broken"]) == (good, None)
    assert not files["test_a.py"]["restored"] and "in no commit" in files["test_a.py"]["reason"]
    assert files["test_b.py"]["restored"]
    assert file.read_text() == BROKEN
    assert restore("--apply", "--force")[0] == 0
    assert file.read_text() == GOOD


def test_nothing_is_written_without_being_told(repository: Repository, restore: Any) -> None:
    repository.commit("begin", {"test_a.py": GOOD})
    repository.commit("break", {"test_a.py": BROKEN})
    before = {path: path.read_bytes() for path in repository.root.rglob("*.py")}
    restore("--no-cache")
    assert {path: path.read_bytes() for path in repository.root.rglob("*.py")} == before
    assert repository.git("status", "--porcelain") == ""


def test_paths_choose(repository: Repository, restore: Any) -> None:
    repository.commit("begin", {"a/test_a.py": GOOD, "b/test_b.py": GOOD})
    repository.commit("break", {"a/test_a.py": BROKEN, "b/test_b.py": BROKEN})
    assert list(restore("a")[1]) == ["a/test_a.py"]
    assert list(restore("b/test_b.py")[1]) == ["b/test_b.py"]


def test_file_that_may_not_be_written_does_not_stop_the_others(repository: Repository) -> None:
    repository.commit("begin", {"test_a.py": GOOD, "test_b.py": GOOD})
    repository.commit("break", {"test_a.py": BROKEN, "test_b.py": BROKEN})
    outline = extract(BROKEN.encode()).outline
    found = find(repository.root, {"test_a.py": outline, "test_b.py": outline})
    file = repository.write("test_a.py", "meanwhile = True\n")
    left = apply(repository.root, found.restorations, even_uncommitted=True)
    assert list(left) == ["test_a.py"] and "changed" in left["test_a.py"]
    assert file.read_text() == "meanwhile = True\n"
    assert (repository.root / "test_b.py").read_text() == GOOD


def test_shallow_clone_says_what_it_lacks(
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.commit("begin", {"test_a.py": GOOD})
    repository.commit("break", {"test_a.py": BROKEN})
    repository.commit("again", {"test_a.py": BROKEN + "\n"})
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=2", repository.root.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    assert main(["restore"]) == 1
    shown = capsys.readouterr()
    assert "none of its 2 revisions compiles" in shown.out
    assert "git fetch --unshallow" in shown.err


def test_partial_clone_says_what_it_lacks(
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.commit("begin", {"test_a.py": GOOD})
    repository.commit("break", {"test_a.py": BROKEN})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--filter=blob:none", repository.root.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    repository.root.rename(tmp_path / "gone")
    assert main(["restore"]) in (1, 2)  # as git itself can go on without a text, or not
    shown = capsys.readouterr()
    assert "lacks" in shown.out + shown.err


def test_check_names_the_revision_of_what_was_broken_just_now(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit("begin", {"test_a.py": GOOD, "test_b.py": BROKEN})
    short = repository.git("rev-parse", "--short", "HEAD").strip()
    repository.write("test_a.py", BROKEN)
    repository.write("test_c.py", BROKEN)
    assert main(["check"]) == 1
    told = capsys.readouterr().err
    assert f"test_a.py was whole in {short} of " in told
    assert "test_b.py was whole" not in told and "test_c.py was whole" not in told
    assert "see `ssot-lint restore`" in told


def test_check_without_a_history_names_none(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write("test_a.py", BROKEN)
    assert main(["check"]) == 1
    assert "restore" not in capsys.readouterr().err


def test_submodule_is_a_project_of_its_own(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restore: Any
) -> None:
    inner = Repository(tmp_path / "inner")
    good = inner.commit("begin", {"test_a.py": GOOD})
    inner.commit("break", {"test_a.py": BROKEN})
    repository.git("submodule", "--quiet", "add", inner.root.as_uri(), "sub")
    repository.commit("add it")
    assert restore() == (0, {})
    monkeypatch.chdir(repository.root / "sub")
    assert restore()[1]["test_a.py"]["good"]["commit"] == good


@pytest.mark.parametrize("has_repository", [False, True])
def test_no_history_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], has_repository: bool
) -> None:
    folder = tmp_path / "project"
    if has_repository:
        Repository(folder)
    folder.mkdir(exist_ok=True)
    (folder / "test_a.py").write_text(BROKEN)
    monkeypatch.chdir(folder)
    assert main(["restore"]) == 2
    assert "the history of the files cannot be read" in capsys.readouterr().err


def test_what_people_see(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    good = repository.commit("begin", {"test_a.py": GOOD})
    broken = repository.commit("break \x1b[31m", {"test_a.py": BROKEN + "\n\ndef test_new(): ...\n"})
    assert main(["restore", "--diff"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("test_a.py:1: ")
    assert lines[1:5] == [
        f"  last good: {good[:7]} 2025-01-01 begin",
        f"  broken by: {broken[:7]} 2025-01-02 break \\u001b[31m",
        "  tests:     2, of 2 at most",
        "  would go:  2 lines, among them 1 test: test_new",
    ]
    assert lines[5:7] == ["--- a/test_a.py", "+++ b/test_a.py"]
    assert "-def test_one(:" in lines and "+def test_one():" in lines
    assert (
        lines[-1] == "1 file broken, 1 with a good revision; see `ssot-lint restore --diff`, then `--apply`"
    )
    assert main(["restore", "--diff", "--color", "always"]) == 1
    assert "\x1b[32m+def test_one():\x1b[0m" in capsys.readouterr().out
    assert main(["restore", "--apply"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 file broken, 1 put back, 0 left"
    assert main(["restore"]) == 0
    assert capsys.readouterr().out == "no file is broken\n"

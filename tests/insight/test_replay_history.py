"""What the hook would have stopped: made-up histories, judged against runs over each commit and its parents."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from scratch import Repository

from ssot_lint import hook
from ssot_lint.cli import main
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.files import UsageError
from ssot_lint.insight.replay.figures import Replay, worst
from ssot_lint.insight.replay.pipeline import replay
from ssot_lint.insight.replay.walk import Walk

CONFIG = """\
exclude = ["attic/"]
[[canonical]]
symbol = "shop.base.ShopTestCase"
base-of = { classes = "Test*", paths = ["tests/"] }
[[forbidden-import]]
targets = ["requests"]
[[uncollected-test]]
kinds = ["class-name"]
[[noncanonical-import]]
symbols = ["shop.base.ShopTestCase"]
"""
SOURCES = [f"SST{number}" for number in range(6)]
"""The rules about source files."""

BROKEN = "def broken(:\n"
MIDDLE = "import shop.base\n\n\nclass ShopTestCase(shop.base.ShopTestCase):\n    pass\n"
ALONE = "class ShopTestCase:\n    pass\n"
BODY = "".join(f"    def step_{number}(self):\n        return {number}\n" for number in range(6))
TEST = "from {0} import ShopTestCase\n\n\nclass Test{1}(ShopTestCase):\n    def test(self):\n        assert self\n"

Found = Counter[tuple[str, str, str]]
"""Findings by rule, path and fingerprint."""


class Lines(Repository):
    """A repository in which each commit writes some files, or removes those without a text."""

    def step(self, subject: str, files: Mapping[str, str | None]) -> str:
        """Commits on top of what is checked out; returns the id."""
        for path, text in files.items():
            if text is None:
                self.git("rm", "--quiet", "--cached", "--ignore-unmatch", path)
                (self.folder / path).unlink()
            else:
                self.write(path, text)
        return self.commit(subject)

    def merge(self, subject: str, *branches: str, files: Mapping[str, str | None] | None = None) -> str:
        """Merges branches into what is checked out, and writes some files with that."""
        self.git("merge", "--quiet", "--no-ff", "--no-commit", *branches)
        return self.step(subject, files or {})

    def new_in_each(self) -> dict[str, Found]:
        """What a run over each commit finds that no run over a parent does, by the subject of the commit."""
        found: dict[str, Found] = {}
        new = {}
        lines = self.git("log", "--reverse", "--topo-order", "--format=%H %s%x00%P").splitlines()
        for line in lines:
            named, _, parents = line.partition("\0")
            commit, _, subject = named.partition(" ")
            found[commit] = self._found_in(commit)
            known: Found = Counter()
            for parent in parents.split():
                known |= found[parent]
            if parents:
                new[subject] = found[commit] - known
        return {subject: each for subject, each in new.items() if each}

    def _found_in(self, commit: str) -> Found:
        """What is found in the files of a commit, which are written to a folder of their own."""
        folder = self.folder.parent / f"at-{commit}"
        self.git("worktree", "add", "--quiet", "--detach", str(folder), commit)
        (folder / "ssot-lint.toml").write_bytes((self.folder / "ssot-lint.toml").read_bytes())
        result = lint(load(None, folder), use_cache=False, use_baseline=False, jobs=1)
        self.git("worktree", "remove", "--force", str(folder))
        return Counter(
            (each.rule, each.path, each.fingerprint)
            for each in result.findings
            if each.path != "ssot-lint.toml" and each.severity == "error"
        )


Again = Callable[..., Replay]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """A repository with one commit, as working folder."""
    shop = Lines(tmp_path / "shop", {"ssot-lint.toml": CONFIG})
    shop.enter(monkeypatch)
    shop.step(
        "the start",
        {
            "shop/__init__.py": "",
            "shop/base.py": "class ShopTestCase:\n    pass\n",
            "shop/middle.py": MIDDLE,
            "shop/old.py": "import requests\n",
            "tests/test_middle.py": TEST.format("shop.middle", "Middle"),
            "tests/test_orders.py": TEST.format("shop.base", "Orders"),
        },
    )
    yield shop


@pytest.fixture
def again(shop: Lines) -> Again:
    def again(**arguments: Any) -> Replay:
        arguments = {"jobs": 1, "since": "2000-01-01", **arguments}
        return replay(load(None, Path.cwd(), select=SOURCES), **arguments)

    return again


def told(found: Replay) -> dict[str, Found]:
    """What was stopped, by the subject of the commit."""
    return {
        each.commit.subject: Counter(
            (reason.rule, reason.path, reason.fingerprint) for reason in each.reasons
        )
        for each in found.stopped
    }


@pytest.fixture
def line(shop: Lines) -> Lines:
    """The same with seventeen more commits in one line."""
    shop.step("breaks a file", {"shop/pay.py": BROKEN, "README.md": "A shop.\n"})
    shop.step("breaks another line of it", {"shop/pay.py": f"# now\n{BROKEN}"})
    shop.step("mends it", {"shop/pay.py": "import shop.base\n"})
    shop.step("breaks it again", {"shop/pay.py": BROKEN})
    shop.step("touches an old finding", {"shop/old.py": "# much\n# ado\nimport requests\n"})
    shop.step("imports it in one more place", {"shop/web.py": "def f():\n    import requests\n"})
    shop.step("allows it", {"shop/cli.py": "import requests  # ssot: allow forbidden-import -- a tool\n"})
    shop.step("is left out", {"attic/old.py": "import requests\n"})
    shop.step("takes away what a test builds on", {"shop/middle.py": ALONE})
    shop.step("gives it back", {"shop/middle.py": MIDDLE})
    shop.step("hands it on", {"shop/names.py": "from shop.base import *\n"})
    shop.step("takes it from there", {"tests/test_names.py": TEST.format("shop.names", "Names")})
    shop.step(
        "takes another one", {"tests/test_own.py": "class TestOwn:\n    def test(self):\n        assert 1\n"}
    )
    shop.step(
        "has a test that nobody collects",
        {"tests/test_odd.py": TEST.format("shop.base", "s").replace("Tests", "OddTests")},
    )
    shop.step("has pytest collect it", {"pytest.ini": "[pytest]\npython_classes = Test* *Tests\n"})
    shop.step("no longer", {"pytest.ini": None})
    shop.step("takes its package away", {"shop/__init__.py": None, "shop/base.py": None})
    return shop


def test_one_line_of_history(line: Lines, again: Again) -> None:
    found = again()
    assert told(found) == line.new_in_each()
    assert [*told(found)] == [
        "breaks a file",
        "breaks it again",
        "imports it in one more place",
        "takes away what a test builds on",
        "takes it from there",
        "takes another one",
        "has a test that nobody collects",
        "no longer",
        "takes its package away",
    ]
    assert (found.commits, found.merges, len(found.days)) == (17, 0, 1)
    assert found.days[0].stopped == len(found.stopped)


def test_it_is_what_the_hook_reports(line: Lines, again: Again) -> None:
    reported = {}
    for commit in line.git("rev-list", "--reverse", "main").splitlines()[1:]:
        line.git("switch", "--quiet", "--force", "--detach", f"{commit}~1")
        assert main(["baseline", "init", "--quiet", "--no-cache"]) == 0
        line.git("read-tree", "-m", "-u", "HEAD", commit)
        names = line.git("diff", "--cached", "--name-only", "--diff-filter=d").splitlines()
        result = hook.lint(hook.load_config(None, names, select=SOURCES), names, use_cache=False)
        if result.failing:
            subject = line.git("log", "-1", "--format=%s", commit).strip()
            reported[subject] = Counter((each.rule, each.path, each.fingerprint) for each in result.failing)
        shutil.rmtree(line.folder / ".ssot-lint", ignore_errors=True)
    line.git("switch", "--quiet", "--force", "main")
    assert told(again()) == reported


def test_what_is_there_at_the_end(shop: Lines, again: Again) -> None:
    shop.step("breaks two", {"shop/a.py": BROKEN, "shop/b.py": BROKEN})
    shop.step("mends one", {"shop/a.py": ""})
    shop.step("breaks it again", {"shop/a.py": BROKEN})
    (broken,) = (share for share in again().rules if share.rule == "syntax-error")
    assert (broken.commits, broken.findings, broken.remaining) == (2, 3, 2)


def test_lines_that_merge(shop: Lines, again: Again) -> None:
    shop.git("branch", "side")
    shop.git("branch", "third")
    shop.step("breaks on the main line", {"shop/a.py": BROKEN})
    shop.git("switch", "--quiet", "side")
    shop.step("breaks beside", {"shop/b.py": BROKEN, "shop/old.py": "import os\n"})
    shop.step("names it otherwise", {"shop/middle.py": ALONE, "tests/test_middle.py": ""})
    shop.git("switch", "--quiet", "third")
    shop.step("builds on it", {"tests/test_late.py": TEST.format("shop.middle", "Late")})
    shop.git("switch", "--quiet", "main")
    shop.merge("brings what was broken beside", "side")
    shop.merge("parts a test from its base", "third")
    shop.git("switch", "--quiet", "--detach", "HEAD~1")
    shop.merge("breaks more", "main", files={"shop/c.py": BROKEN})
    shop.git("switch", "--quiet", "-C", "main")
    found = again()
    assert told(found) == shop.new_in_each()
    assert {each.commit.subject: each.is_merge for each in found.stopped} == {
        "breaks on the main line": False,
        "breaks beside": False,
        "parts a test from its base": True,
        "breaks more": True,
    }
    assert found.merges == 3


def test_packages_and_folders_that_come_and_go(shop: Lines, again: Again) -> None:
    shop.step(
        "a folder of sources",
        {"lib/src/net/__init__.py": "", "lib/src/net/web.py": "from requests import get\n"},
    )
    shop.step("takes it from there", {"lib/src/net/use.py": "from net.web import get\n"})
    shop.step("hides the library", {"lib/src/requests/__init__.py": "get = 1\n"})
    shop.step("shows it again", {"lib/src/requests/__init__.py": None})
    shop.step(
        "moves all",
        {
            "lib/src/net/__init__.py": None,
            "lib/src/net/web.py": None,
            "net/__init__.py": "",
            "net/web.py": "from requests import get\n",
        },
    )
    shop.step("a module", {"checks/web.py": "from requests import get\n"})
    shop.step("a root", {"checks/conftest.py": "", "checks/deep/test_it.py": "from web import get\n"})
    shop.step("none", {"checks/conftest.py": None, "checks/deep/test_it.py": "from web import get as g\n"})
    shop.step("again", {"checks/conftest.py": "", "checks/deep/test_it.py": "from web import get\n"})
    shop.step("asks for more", {"checks/deep/more.py": "from store import put\n"})
    shop.step(
        "has it",
        {
            "checks/store.py": "from requests import put\n",
            "checks/deep/more.py": "from store import put as p\n",
        },
    )
    shop.step(
        "from all of it", {"checks/far/all.py": "from web import *\n", "net/use.py": "from all import get\n"}
    )
    truth = shop.new_in_each()
    assert truth.pop("moves all")  # under other names
    assert told(again()) == truth
    assert [*truth] == [
        "a folder of sources",
        "takes it from there",
        "a module",
        "a root",
        "again",
        "has it",
        "from all of it",
    ]


def test_a_change_of_names_is_nothing_new(shop: Lines, again: Again) -> None:
    use = "def f():\n    import requests\n    return requests\n"
    shop.step("a use", {"shop/one.py": use})
    shop.git("mv", "shop/one.py", "shop/two.py")
    shop.step("renames the file", {})
    shop.step("moves the function", {"shop/two.py": "x = 1\n", "shop/three.py": f"import os\n\n\n{use}"})
    shop.step("renames the function", {"shop/three.py": f"import os\n\n\n{use}".replace("f()", "g()")})
    assert [*told(again())] == ["a use"]


def test_of_twins_the_one_that_came(shop: Lines, again: Again) -> None:
    shop.write("ssot-lint.toml", "[[duplicate-class]]\n")
    shop.step("a class", {"shop/one.py": f"class Twin:\n{BODY}"})
    shop.step("its twin", {"shop/two.py": f"class Twin:\n{BODY}"})
    shop.step("a third", {"shop/three.py": f"class Twin:\n{BODY}"})
    shop.step("only one", {"shop/two.py": None, "shop/three.py": ""})
    shop.git("switch", "--quiet", "-c", "side", "HEAD~4")
    shop.step("another one beside", {"shop/four.py": f"class Twin:\n{BODY}"})
    shop.git("switch", "--quiet", "main")
    shop.merge("has two of them again", "side")
    found, truth = told(again()), shop.new_in_each()
    assert [*found] == ["its twin", "a third", "has two of them again"]
    for subject, each in found.items():
        assert each <= truth[subject]
    assert truth["its twin"] - found["its twin"] == Counter(
        each for each in truth["its twin"] if each[1] == "shop/one.py"
    )


def test_a_project_in_a_folder_of_its_repository(shop: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.step("a project inside", {"app/ssot-lint.toml": CONFIG, "app/web.py": ""})
    shop.step(
        "breaks it, and what is beside", {"app/web.py": BROKEN, "app/tools.py": "", "shop/a.py": BROKEN}
    )
    monkeypatch.chdir("app")
    found = replay(load(None, Path.cwd(), select=SOURCES), since="2000-01-01", jobs=1)
    assert [reason.path for each in found.stopped for reason in each.reasons] == ["web.py"]


def test_paths_and_moments(shop: Lines, again: Again) -> None:
    first = shop.step("breaks two", {"shop/a.py": BROKEN, "tests/b.py": BROKEN})
    shop.step("breaks one", {"shop/c.py": BROKEN})
    assert [len(each.reasons) for each in again(paths=["shop"]).stopped] == [1, 1]
    assert [*told(again(since=first))] == ["breaks one"]
    assert [*told(again(until=first))] == ["breaks two"]
    assert again(until=first).end.id == first
    assert again(since="HEAD").commits == 0
    assert [each.commit.subject for each in worst(again(), 1)] == ["breaks two"]


def test_the_same_however_it_is_found(shop: Lines, again: Again, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.step("breaks", {"shop/a.py": BROKEN, "shop/web.py": "import requests\n"})
    shop.step("takes away", {"shop/middle.py": ALONE})
    cold = again(use_cache=False)
    assert len(cold.stopped) == 2
    assert again(jobs=2) == cold
    assert not list(shop.folder.parent.glob("ssot-lint-*"))
    with monkeypatch.context() as patched:
        patched.delattr(Walk, "prepare")  # so it can come from the record alone
        assert again() == cold
        with pytest.raises(AttributeError):
            again(paths=["shop"])
    shop.write(".ssot-lint-waivers.toml", "")
    shop.write("ssot-lint.toml", CONFIG.replace('"requests"', '"urllib3"'))
    assert [len(each.reasons) for each in again().stopped] == [1, 1]


def test_what_cannot_stop_a_commit(shop: Lines, again: Again) -> None:
    shop.step("breaks", {"shop/a.py": BROKEN, "shop/web.py": "import requests\n"})
    shop.write("ssot-lint.toml", CONFIG.replace('["requests"]\n', '["requests"]\nseverity = "warning"\n'))
    found = again()
    assert [share.rule for share in found.rules if share.findings] == ["syntax-error"]
    assert found.notes == ("forbidden-import: what warns, or is about the configuration, stops no commit",)


def test_a_text_that_git_lacks(shop: Lines, again: Again) -> None:
    shop.step("breaks", {"shop/a.py": BROKEN, "shop/b.py": f"{BROKEN}# b\n"})
    blob = shop.git("rev-parse", "HEAD:shop/b.py").strip()
    shop.step("mends", {"shop/a.py": "", "shop/b.py": ""})
    place = shop.folder / ".git/objects" / blob[:2] / blob[2:]
    place.chmod(0o600)
    place.unlink()
    found = again(use_cache=False)
    assert [reason.path for each in found.stopped for reason in each.reasons] == ["shop/a.py"]
    assert [note.partition(":")[0] for note in found.notes] == ["git lacks 1 text"]


def test_a_partial_clone_whose_origin_is_gone(
    shop: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.step("breaks", {"shop/a.py": BROKEN})
    shop.git("config", "uploadpack.allowfilter", "true")
    origin, clone = f"file://{shop.folder}", Lines(tmp_path / "clone")
    clone.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", origin, str(tmp_path / "clone/app"))
    shop.folder.rename(tmp_path / "gone")
    monkeypatch.chdir(tmp_path / "clone/app")
    Path("ssot-lint.toml").write_text(CONFIG, encoding="utf-8")
    found = replay(load(None, Path.cwd(), select=SOURCES), since="2000-01-01", jobs=1)
    assert (found.commits, found.stopped) == (1, ())
    assert [note.partition(":")[0] for note in found.notes] == ["git lacks 7 texts"]


def test_a_shallow_clone(shop: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.step("breaks", {"shop/a.py": BROKEN})
    shop.git("switch", "--quiet", "-c", "side", "HEAD~1")
    shop.step("beside", {"shop/b.py": BROKEN})
    shop.step("beside once more", {"shop/c.py": BROKEN})
    shop.git("switch", "--quiet", "main")
    shop.step("later", {"shop/d.py": BROKEN})
    shop.merge("merges", "side")
    shop.git("clone", "--quiet", "--depth=2", f"file://{shop.folder}", str(tmp_path / "clone"))
    clone = Lines(tmp_path / "clone")
    clone.enter(monkeypatch)
    found = replay(load(None, Path.cwd(), select=SOURCES), since="2000-01-01", jobs=1)
    assert told(found) == {}
    assert found.commits == 1
    assert len(found.notes) == 2
    assert all("shallow" in note for note in found.notes)


def test_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(tmp_path.parent))
    with pytest.raises(UsageError, match="cannot be read"):
        replay(load(None, tmp_path))
    Repository(tmp_path)
    with pytest.raises(UsageError, match="there is no commit yet"):
        replay(load(None, tmp_path))

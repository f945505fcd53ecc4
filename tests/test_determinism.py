"""The same command, configuration and tree give the same bytes, whatever is remembered and whoever works."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ssot_lint
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.facts.store import FOLDER
from ssot_lint.reports import json, text
from ssot_lint.reports.formats import Request

COMMAND = [sys.executable, "-m", "ssot_lint", "check"]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "PYTHONPATH": str(Path(ssot_lint.__file__).parent.parent),
    "GIT_CONFIG_GLOBAL": os.devnull,
}
CONFIG = """\
[[canonical]]
symbol = "shop.base.Case"
also = ["shop.Case"]
replaces = ["unittest.TestCase", "**.OldCase"]
base-of = { classes = "Test*", paths = ["tests/"] }
[[forbidden-import]]
name = "http"
targets = ["requests"]
allow-in = ["shop/http.py"]
[[duplicate-class]]
[[duplicate-class]]
names = ["Helper*"]
[[forbidden-import]]
targets = ["gone"]
paths = ["gone/"]
"""
BODY = "".join(f"    def step_{number}(self): return self.value[{number}]\n" for number in range(12))
TEXTS = [
    "",
    "import requests\n",
    "from shop.compat import requests\nrequests.get('/')\n",
    "from .compat import *\nimport requests  # ssot: allow forbidden-import -- soon\n",
    f"class Shared:\n{BODY}",
    f"class Renamed:\n    '''Words.'''\n{BODY}",
    "import unittest\nclass TestOld(unittest.TestCase):\n    pass\n",
    "from shop import Case\nclass TestNew(Case):\n    pass\n",
    "from shop.again import Case as Base\nclass TestFar(Base):\n    pass\nclass HelperA:\n    pass\n",
    "from tests.test_0 import *\nclass TestStar(TestOld):\n    pass\nclass HelperA:\n    x = 1\n",
    "def broken(:\n",
    "x = '''\n",
    "\0",
    "import re  # ssot: allow forbidden-import\n",
    "try:\n    import requests\nexcept ImportError:\n    requests = None\n",
]
FILES = {
    "ssot-lint.toml": CONFIG,
    "shop/__init__.py": "from .base import Case\n",
    "shop/base.py": "class Case:\n    pass\n",
    "shop/again.py": "from shop.base import Case\n",
    "shop/compat.py": "import requests\n",
    "shop/http.py": "import requests\n",
    **{f"shop/m{number}.py": TEXTS[number] for number in range(6)},
    **{f"tests/test_{number}.py": TEXTS[6 + number] for number in range(9)},
    **{f"tests/same_{number}.py": TEXTS[1] for number in range(3)},
    "größe/模块.py": "größe = 'ß'; import requests\n",
}


def write(root: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")


def git_init(root: Path) -> None:
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=root, env=ENVIRONMENT, check=True)


def output(root: Path, *arguments: str, cwd: Path | None = None, **environment: str) -> bytes:
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=cwd or root, env={**ENVIRONMENT, **environment}, capture_output=True
    )
    assert done.returncode == 1, done.stderr
    return done.stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with findings of every rule."""
    folder = tmp_path / "project"
    write(folder, FILES)
    return folder


@pytest.mark.parametrize("report", ["text", "json"])
def test_same_bytes_for_any_workers_cache_folder_and_hash_seed(root: Path, report: str) -> None:
    # Enough text for the work to be shared out.
    for number in range(20):
        write(root, {f"many/m{number}.py": f"import requests\nx = {number}\n" + "# padding\n" * 6000})
    shape = ("--format", report)
    expected = output(root, *shape, "--no-cache", "--jobs", "1")
    assert b"forbidden-import" in expected
    assert not (root / FOLDER).exists()
    assert output(root, *shape, "--no-cache", "--jobs", "2") == expected
    assert output(root, *shape, "--jobs", "2") == expected  # cold
    assert output(root, *shape) == expected  # warm
    assert output(root, *shape, PYTHONHASHSEED="1") == expected
    assert output(root, *shape, "--no-cache", "--jobs", "3", PYTHONHASHSEED="2") == expected
    assert output(root, *shape, ".", cwd=root / "shop") != expected
    assert output(root, *shape, "..", cwd=root / "shop") == expected
    assert output(root, *shape, str(root), cwd=root.parent) == expected
    shutil.rmtree(root / FOLDER)
    git_init(root)
    assert output(root, *shape) == expected  # cold, in git
    assert output(root, *shape) == expected  # warm, in git
    assert output(root, *shape, "--no-cache") == expected


def rendered(root: Path, *paths: str, use_cache: bool = True) -> str:
    result = lint(load(None, root), paths, use_cache=use_cache)
    return json.render(result, Request()) + text.render(result, Request())


def test_every_rule_that_can_has_found_something(root: Path) -> None:
    rules = {finding.rule for finding in lint(load(None, root)).findings}
    assert rules >= {
        "syntax-error",
        "undecodable-source",
        "forbidden-import",
        "noncanonical-import",
        "noncanonical-base",
        "missing-base",
        "duplicate-class",
        "unused-suppression",
        "reasonless-suppression",
        "idle-rule",
    }


@pytest.mark.parametrize("seed", range(4))
def test_files_made_in_another_order_give_the_same_bytes(root: Path, tmp_path: Path, seed: int) -> None:
    other = tmp_path / "other"
    items = sorted(FILES.items())
    random.Random(seed).shuffle(items)
    write(other, dict(items))
    assert rendered(other) == rendered(root)


def test_store_of_another_checkout_gives_the_same_bytes_and_parses_nothing(
    root: Path, tmp_path: Path
) -> None:
    expected = rendered(root)
    clone = tmp_path / "clone"
    write(clone, FILES)
    shutil.copytree(root / FOLDER, clone / FOLDER)
    result = lint(load(None, clone))
    assert json.render(result, Request()) + text.render(result, Request()) == expected
    assert result.statistics["files parsed"] == 0


def test_files_of_one_text_are_each_reported(root: Path) -> None:
    for _ in range(2):
        findings = lint(load(None, root)).findings
        same = [each.path for each in findings if each.path.startswith("tests/same_")]
        assert same == ["tests/same_0.py", "tests/same_1.py", "tests/same_2.py"]


class Editor:
    """Edits a tree at random, the same way for the same seed."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.past: dict[Path, list[bytes]] = {}
        self.edits: list[Callable[[], None]] = [
            self.edit, self.rename, self.delete, self.add, self.revert, self.damage, self.swap, self.touch,
            self.configure, self.configure_pytest, self.switch,
        ]  # fmt: skip

    def step(self) -> str:
        edit = self.chance.choice(self.edits)
        edit()
        return edit.__name__

    def any_file(self) -> Path:
        return self.chance.choice(sorted(self.root.rglob("*.py")))

    def put(self, path: Path, data: bytes) -> None:
        if path.exists():
            self.past.setdefault(path, []).append(path.read_bytes())
        path.write_bytes(data)

    def any_text(self) -> bytes:
        return self.chance.choice(TEXTS).encode()

    def edit(self) -> None:
        self.put(self.any_file(), self.any_text() + b"# %d\n" % self.chance.randrange(3))

    def rename(self) -> None:
        path = self.any_file()
        path.rename(path.with_name(f"test_{self.chance.randrange(12)}.py"))

    def delete(self) -> None:
        path = self.any_file()
        self.past.setdefault(path, []).append(path.read_bytes())
        path.unlink()

    def add(self) -> None:
        folder = self.chance.choice(["shop", "tests", "."])
        self.put(self.root / folder / f"new_{self.chance.randrange(9)}.py", self.any_text())

    def revert(self) -> None:
        path = self.chance.choice(sorted(self.past) or [self.any_file()])
        self.put(path, self.chance.choice(self.past.get(path, [b""])))

    def damage(self) -> None:
        path = self.any_file()
        data = path.read_bytes()
        self.put(path, data[: self.chance.randrange(len(data) + 1)] + b"\n(")

    def swap(self) -> None:
        one, other = self.any_file(), self.any_file()
        first, second = one.read_bytes(), other.read_bytes()
        self.put(one, second)
        self.put(other, first)

    def configure(self) -> None:
        more = self.chance.choice(
            ["", "[[uncollected-test]]\n", '[[forbidden-use]]\ntargets = ["requests.get"]\n']
        )
        self.put(self.root / "ssot-lint.toml", (CONFIG + more).encode())

    def configure_pytest(self) -> None:
        text = self.chance.choice(
            ["", "[pytest]\npython_classes = Check\n", "[pytest]\npython_files = *_0.py\n"]
        )
        self.put(self.root / self.chance.choice(["", "tests"]) / "pytest.ini", text.encode())

    def switch(self) -> None:
        """Take everything back to where it was some edits ago, as another branch would."""
        for path, past in self.past.items():
            if self.chance.random() < 0.5:
                self.put(path, self.chance.choice(past))

    def touch(self) -> None:
        os.utime(self.any_file(), ns=(1, self.chance.randrange(10**18)))


@pytest.mark.parametrize("in_git", [False, True], ids=["plain", "git"])
def test_after_any_edit_the_cache_answers_like_a_fresh_run(root: Path, in_git: bool) -> None:
    if in_git:
        git_init(root)
    editor = Editor(root, seed=7 + in_git)
    rendered(root)
    done = []
    for _ in range(150):
        done.append(editor.step())
        if editor.chance.random() < 0.5:
            part = str(root / editor.chance.choice(["shop", "tests"]))
            assert rendered(root, part) == rendered(root, part, use_cache=False), done
        assert rendered(root) == rendered(root, use_cache=False), done
    assert len(set(done)) == len(editor.edits)


def test_old_stamps_make_no_old_answer(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that look as they did are not read; a change that leaves size and time alone must be seen."""
    monkeypatch.setattr("ssot_lint.files._listing._TICK", -(10**18))  # take every stamp for a sure one
    long_ago = 10**18
    for path in root.rglob("*.py"):
        os.utime(path, ns=(long_ago, long_ago))
    rendered(root)
    path = root / "shop" / "m1.py"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"requests", b"reqeusts"))
    os.utime(path, ns=(long_ago, long_ago))
    assert rendered(root) == rendered(root, use_cache=False)
    path.write_bytes(data)
    os.utime(path, ns=(long_ago, long_ago))
    assert rendered(root) == rendered(root, use_cache=False)

"""No live entry is ever lost, whatever keeps a run from seeing it; and what is fixed goes in the end."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from baseline_folder import carry, shards

from ssot_lint.baseline import folder
from ssot_lint.baseline.coverage import BROKEN_RULES, LACKING, NEWER_PYTHON, WHY
from ssot_lint.baseline.entries import Entry, Identity
from ssot_lint.cli import main
from ssot_lint.compare import load as load_baseline
from ssot_lint.compare import older_python
from ssot_lint.config import load, parse
from ssot_lint.session import Session

CONFIG = """\
[[forbidden-import]]
targets = ["requests"]
[[env-access]]
"""
LIVE = "def load():\n    import requests\n"
FIXED_TEXT = "def load():\n    ...\n"
FILES = {"ssot-lint.toml": CONFIG, "a.py": LIVE, "b.py": LIVE, "c.py": "import os\nos.environ\n"}

Blind = Callable[[Path], None]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    put(tmp_path, FILES)
    return tmp_path


def put(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def configured(text: str) -> Blind:
    return lambda root: put(root, {"ssot-lint.toml": text})


def with_file(path: str, text: str) -> Blind:
    return lambda root: put(root, {path: text})


def breaks(path: str) -> Blind:
    return lambda root: put(root, {path: f"{(root / path).read_text()}x = (\n"})


def garbles(root: Path) -> None:
    (root / "a.py").write_bytes(b"\xff\n")


def removes_b(root: Path) -> None:
    (root / "b.py").unlink()


class Way(NamedTuple):
    """A way not to see what is in a.py, and the commands that are run then."""

    blind: Blind
    commands: tuple[tuple[str, ...], ...] = (("check",), ("baseline", "sync"))


def nothing_else(_root: Path) -> None:
    pass


def edits(root: Path) -> None:
    session = Session(load(None, root))
    session.replace("a.py", b"")
    assert session.findings("a.py") == ()


WAYS = {
    "rule off": Way(configured(f'ignore = ["SST1"]\n{CONFIG}')),
    "another rule asked for": Way(nothing_else, (("check", "--select", "env-access"),)),
    "rule not configured": Way(configured("[[env-access]]\n")),
    "rule looks elsewhere": Way(configured(CONFIG.replace("[[env", 'paths = ["b.py"]\n[[env'))),
    "file excluded": Way(configured(f'exclude = ["a.py"]\n{CONFIG}')),
    "file ignored by git": Way(with_file(".gitignore", "a.py\n")),
    "file broken": Way(breaks("a.py")),
    "file not decodable": Way(garbles),
    "another file broken": Way(breaks("b.py")),
    "part": Way(removes_b, (("check", "c.py"),)),
    "part with the file": Way(nothing_else, (("check", "a.py"),)),
    "hook": Way(nothing_else, (("check", "--hook", "a.py"), ("check", "--hook", "c.py"))),
    "standard input": Way(nothing_else, (("check", "--stdin-filename", "a.py", "-"),)),
    "editor": Way(edits, ()),
}


@contextmanager
def for_a_while(root: Path, blind: Blind) -> Iterator[None]:
    """Blinds runs, and afterwards gives every file back as it was."""
    before = {path: path.read_bytes() for path in root.iterdir() if path.is_file()}
    blind(root)
    yield
    for path in [each for each in root.iterdir() if each.is_file()]:
        path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


@pytest.mark.parametrize("is_live", [True, False], ids=["live", "fixed"])
@pytest.mark.parametrize("name", WAYS)
def test_what_cannot_be_seen_is_kept(
    root: Path, name: str, is_live: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    carry(root)
    before = shards(root)
    if not is_live:
        put(root, {"a.py": FIXED_TEXT})
    with for_a_while(root, WAYS[name].blind):
        for command in WAYS[name].commands:
            main([*command])
        assert shards(root) == before
    assert main(["baseline", "sync"]) == 0
    after = shards(root)
    assert (after == before) is is_live
    carry(root)
    assert shards(root) == after, "a fresh baseline is the same"


PACKAGE = "import unittest\nclass Case(unittest.TestCase): ...\nclass Plain: ...\n"
NEEDS_A_PACKAGE = """\
resolve-installed = true
[[forbidden-import]]
targets = ["requests"]
[[noncanonical-base]]
bases = ["unittest.TestCase"]
paths = ["own_*", "far_*"]
[[missing-base]]
base = "acme.Case"
paths = ["named_*"]
"""
IN_NEED = {
    "base.py": "import acme\nclass Base(acme.Case): ...\nclass Plain(acme.Plain): ...\n",
    "own_live.py": "import acme\nclass Orders(acme.Case): ...\n",
    "own_mended.py": "import acme\nclass Orders(acme.Case): ...\n",
    "far_live.py": "from base import Base\nclass Orders(Base): ...\n",
    "far_mended.py": "from base import Base\nclass Orders(Base): ...\n",
    "named_live.py": "import threading\nclass Orders(threading.Thread): ...\n",
    "named_mended.py": "import threading\nclass Orders(threading.Thread): ...\n",
    "no_need.py": LIVE,
}
MENDED = {
    "own_mended.py": "import acme\nclass Orders(acme.Plain): ...\n",
    "far_mended.py": "from base import Plain\nclass Orders(Plain): ...\n",
    "named_mended.py": "import acme\nclass Orders(acme.Case): ...\n",
    "no_need.py": FIXED_TEXT,
}


def carries(root: Path) -> list[str]:
    """The files that have entries."""
    return sorted(entry.identity.path for entry in load_baseline(load(None, root)).entries)


def test_what_takes_a_package_is_kept_where_that_is_missing(tmp_path: Path) -> None:
    """In real environments: one has the package where installed ones lie, the other has not."""
    home, project = tmp_path / "home", tmp_path / "project"
    packages = Path(python(tmp_path, home, "-c", "import site; print(site.getusersitepackages())").strip())
    put(packages, {"acme.py": PACKAGE})
    put(project, {"ssot-lint.toml": NEEDS_A_PACKAGE, **IN_NEED})
    python(project, home, "-m", "ssot_lint", "baseline", "init", PYTHONPATH=str(packages))
    carried = [path for path in IN_NEED if path != "base.py"]
    assert carries(project) == sorted(carried)

    put(project, MENDED)
    told = python(project, tmp_path / "nobody", "-m", "ssot_lint", "baseline", "sync")
    assert f"6 kept without a finding: {WHY[LACKING]}\n" in told
    assert carries(project) == sorted(path for path in carried if path != "no_need.py")
    python(project, home, "-m", "ssot_lint", "baseline", "sync", PYTHONPATH=str(packages))
    assert carries(project) == sorted(path for path in carried if path not in MENDED)


def python(folder: Path, home: Path, *arguments: str, **environment: str) -> str:
    """What a process with a home for packages prints."""
    own = {name: text for name, text in os.environ.items() if name not in ("CI", "PYTHONPATH")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**own, "PYTHONUSERBASE": str(home), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


IN_PYTHON_3_11 = "try:\n    ...\nexcept* ValueError:\n    ...\n"
BROKEN = Entry(Identity("syntax-error", "a.py", "<module>", ("syntax",)))


@pytest.mark.skipif(sys.version_info < (3, 11), reason="is the oldest there is")
@pytest.mark.parametrize("is_live", [True, False], ids=["live", "fixed"])
@pytest.mark.parametrize("rule", sorted(BROKEN_RULES))
def test_what_an_older_python_may_not_compile_is_kept(
    root: Path, rule: str, is_live: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is of a run with Python 3.10."""
    put(root, {"pyproject.toml": '[project]\nrequires-python = ">=3.8"\n'})
    put(root, {"a.py": IN_PYTHON_3_11 if is_live else "", "b.py": FIXED_TEXT, "c.py": ""})
    entry = BROKEN._replace(identity=BROKEN.identity._replace(rule=rule))
    folder.save(root, load_baseline(load(None, root)), [entry])
    before = shards(root)
    for command in (["check"], ["baseline", "sync"]):
        assert main(command) == 0
        assert shards(root) == before
    assert f"{WHY[NEWER_PYTHON]}: run `ssot-lint baseline sync` with Python 3.10" in capsys.readouterr().out
    put(root, {"pyproject.toml": '[project]\nrequires-python = ">=3.8"\n[tool.ssot-lint]\npython = "3.99"\n'})


@pytest.mark.parametrize(
    ("python", "requires_python", "expected"),
    [
        ("3.11", "", "3.11"),
        ("3.8", "", "3.10"),
        ("3.12", ">=3.8", ""),
        ("3.99", "", ""),
        ("", ">=3.11", "3.11"),
        ("", ">=3.8,<4", "3.10"),
        ("", "~=3.11", "3.11"),
        ("", ">3.10.1, !=3.10.*", "3.11"),
        ("", ">=3.12", ""),
        ("", "==3.12.*", ""),
        ("", "<4", ""),
        ("", "!=3.9", ""),
        ("", "soon", ""),
        ("", "", ""),
    ],
)
def test_oldest_python_that_may_not_compile_what_3_12_does(
    python: str, requires_python: str, expected: str
) -> None:
    config = replace(parse(""), python=python, requires_python=requires_python)
    assert older_python(config, 12) == expected

"""What is known of classes outside the tree, and that nothing is run to know it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ssot_lint import installed
from ssot_lint.config import parse
from ssot_lint.engine import lint_texts
from ssot_lint.installed import names_of

TEST_CASE = "unittest.case.TestCase"

# Leaves a file behind wherever it is run.
TRACE = "open({trace!r}, 'w').close()\n"
PACKAGES = {
    "acme/__init__.py": TRACE,
    "acme/testing/__init__.py": f"{TRACE}from acme.testing._cases import AcmeCase as AcmeCase\n",
    "acme/testing/_cases.py": (
        f"import unittest\n{TRACE}"
        "class Mixin: pass\n"
        "class AcmeCase(Mixin[int], unittest.TestCase): pass\n"
        "class Gone(nowhere.Base): pass\n"
        "class Made(make_base()): pass\n"
    ),
    "spread/part/cases.py": f"{TRACE}from acme.testing import AcmeCase\nclass PartCase(AcmeCase): pass\n",
    "compiled.so": "",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unittest.TestCase", (TEST_CASE, "unittest.TestCase", "builtins.object")),
        (TEST_CASE, (TEST_CASE, "unittest.TestCase", "builtins.object")),
        ("builtins.KeyError", ("builtins.KeyError", "builtins.LookupError", "builtins.Exception")),
        ("collections.abc.MutableMapping", ("_collections_abc.MutableMapping", "_collections_abc.Mapping")),
        (
            "http.server.BaseHTTPRequestHandler",
            ("http.server.BaseHTTPRequestHandler", "socketserver.StreamRequestHandler"),
        ),
    ],
)
def test_names_begin_with_the_definition_and_go_up(name: str, expected: tuple[str, ...]) -> None:
    found = names_of(name)
    assert found is not None
    assert found[: len(expected)] == expected


@pytest.mark.parametrize(
    "name",
    [
        "nowhere.to.be.Found",
        "unittest.NoSuchName",
        "unittest",
        "unittest.skip",  # a function
        "os.path",  # a module
        "msgspec.Struct",  # compiled
        "integrations",  # a module of this tree, which `sys.path` has
        "integrations.pylint_process.Path",
        "",
        "...",
    ],
)
def test_what_is_not_known_is_not_guessed(name: str) -> None:
    assert names_of(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unittest.TestCase", False),
        ("builtins.dict", False),
        ("unittest.no_such_module.Case", False),  # which version has it is another question
        ("msgspec.Struct", False),  # compiled
        ("nowhere.Base", True),
        ("integrations.pylint_process.Path", True),  # of this tree, which `sys.path` has
        ("spread_here.part.Case", False),
        ("spread_here.gone.Case", True),
        ("spread_here.Case", True),
        ("spread_here.deep.down.part.Case", False),
        ("spread_here.deep.down.gone.Case", True),
    ],
)
def test_what_is_missing_is_told_from_what_is_not_known(
    name: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"spread_here/part/__init__.py": "1 / 0\n", "spread_here/deep/down/part.py": "1 / 0\n"})
    folders = (*installed._folders(), os.path.join(tmp_path, ""))
    monkeypatch.setattr(installed, "_folders", lambda: folders)
    installed.is_missing.cache_clear()
    assert installed.is_missing(name) is expected
    installed.is_missing.cache_clear()


def found(config: str, text: str) -> list[tuple[int, str]]:
    """The lines and messages of the findings in one file."""
    result = lint_texts(parse(f"resolve-installed = true\n{config}"), {"a.py": text.encode()})
    return [(each.span.line, each.message) for each in result.findings]


def test_missing_base_knows_which_installed_classes_reach_it() -> None:
    config = '[[missing-base]]\nbase = "unittest.TestCase"\n'
    text = (
        "import threading, unittest, unittest.case, nowhere\n"
        "class A(unittest.IsolatedAsyncioTestCase): pass\n"
        "class B(unittest.case.TestCase): pass\n"
        "class C(threading.Thread): pass\n"
        "class D(nowhere.Base): pass\n"
        "class E(threading.Thread, nowhere.Base): pass\n"
    )
    assert found(config, text) == [
        (4, "`C` does not inherit from `unittest.TestCase`, its bases are `threading.Thread`")
    ]
    assert found(config.replace("unittest.TestCase", "nowhere.Base"), text) == []
    under_another_name = config.replace("unittest.TestCase", TEST_CASE)
    assert [line for line, _ in found(under_another_name, text)] == [4]


def test_noncanonical_base_is_reached_through_installed_classes() -> None:
    config = '[[noncanonical-base]]\nbases = ["unittest.TestCase", "collections.abc.Mapping"]\n'
    text = (
        "import unittest, collections\n"
        "class A(unittest.IsolatedAsyncioTestCase): pass\n"
        "class B(collections.UserDict): pass\n"
        "class C(unittest.TestCase): pass\n"
    )
    assert found(config, text) == [
        (2, "`A` reaches the superseded `unittest.TestCase` through `unittest.IsolatedAsyncioTestCase`"),
        (3, "`B` reaches the superseded `collections.abc.Mapping` through `collections.UserDict`"),
        (4, "`C` inherits from the superseded `unittest.TestCase`"),
    ]
    canonical = f'{config}canonical = ["unittest.async_case.IsolatedAsyncioTestCase"]\n'
    assert [line for line, _ in found(canonical, text)] == [3, 4]


def test_other_rules_follow_bases_too() -> None:
    text = (
        "import logging.handlers\n"
        "class A(logging.handlers.SocketHandler):\n    def emit(self, record):\n        print(record)\n"
    )
    config = '[[missing-super-call]]\nmethods = ["emit"]\nbases = ["logging.Handler"]\n'
    assert found(config, text) == [
        (
            3,
            "`A.emit` does not call `super().emit()`, it is taken to override `logging.Handler.emit`",
        )
    ]
    assert found('[[class-contract]]\nforbidden-bases = ["logging.Filterer"]\n', text) != []


def test_what_is_certain_of_a_class_of_tests_stays_so() -> None:
    """Definitions behind public names, such as `_collections_abc.Mapping`, make nothing unknown."""
    text = (
        "import collections.abc, unittest.async_case as cases\n"
        "class OrdersTests(collections.abc.Mapping):\n    def test_it(self):\n        assert self.orders()\n"
        "class RefundsTests(cases.IsolatedAsyncioTestCase):\n    def test_it(self):\n        assert self.orders()\n"
    )
    result = lint_texts(
        parse("resolve-installed = true\n[[uncollected-test]]\n"), {"tests/test_a.py": text.encode()}
    )
    assert [each.span.line for each in result.findings] == [2]


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, files: Mapping[str, str]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")


CHECK = "import sys; from ssot_lint.cli import main; code = main(['check', '--quiet', '--no-cache'])"


def test_nothing_is_run_to_know_what_is_installed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    home = tmp_path / "home"
    where = "import site; print(site.getusersitepackages())"
    packages = Path(run(tmp_path, "-c", where, PYTHONUSERBASE=str(home)).stdout.strip())
    write(packages, {path: text.replace("{trace!r}", repr(str(trace))) for path, text in PACKAGES.items()})
    project = tmp_path / "project"
    write(
        project,
        {
            "ssot-lint.toml": 'resolve-installed = true\n[[noncanonical-base]]\nbases = ["unittest.TestCase"]\n',
            "a.py": (
                "import acme.testing, acme.testing._cases, spread.part.cases, compiled\n"
                "class A(acme.testing.AcmeCase): pass\n"
                "class B(spread.part.cases.PartCase): pass\n"
                "class C(acme.testing._cases.Gone): pass\n"
                "class D(acme.testing._cases.Made): pass\n"
                "class E(compiled.Base): pass\n"
            ),
        },
    )
    ends = "; print(sorted(sys.modules.keys() & {'acme', 'spread', 'compiled'}))"
    environment = {"PYTHONUSERBASE": str(home), "PYTHONPATH": str(packages)}
    done = run(project, "-c", CHECK + ends, **environment)
    *lines, loaded = done.stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["a.py:2:9:", "a.py:3:9:"], done.stderr
    assert loaded == "[]"
    assert not trace.exists()
    assert run(project, "-c", "import acme", **environment).returncode == 0
    assert trace.exists()  # so it would have been seen


def test_astroid_is_needed_where_it_is_asked_for_and_loaded_nowhere_else(tmp_path: Path) -> None:
    write(tmp_path, {"ssot-lint.toml": "resolve-installed = true\n", "a.py": "class A(dict): pass\n"})
    done = run(tmp_path, "-c", f"import sys; sys.modules['astroid'] = None; {CHECK}; sys.exit(code)")
    assert (done.returncode, done.stdout) == (2, "")
    assert "`resolve-installed` needs astroid, which comes with `ssot-lint[pylint]`" in done.stderr
    assert "Traceback" not in done.stderr
    write(tmp_path, {"ssot-lint.toml": '[[missing-base]]\nbase = "unittest.TestCase"\n'})
    done = run(tmp_path, "-c", f"{CHECK}; print('astroid' in sys.modules)")
    assert done.stdout.splitlines()[-1] == "False", done.stderr

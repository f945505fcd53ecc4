"""`ssot-lint collection` with the real pytest in a process of its own, and gates about what it saw."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from outside_project import ENVIRONMENT, taken, write

from ssot_lint.cli import main
from ssot_lint.outside.interpreters import find_python
from ssot_lint.outside.record import PATH

GATES = """\
[[gate]]
name = "collected"
conditions = [
  { min-collected = 3 },
  { max-collection-errors = 0, paths = ["tests/"] },
  { max-collection-regress = 0 },
  { max-collection-slowdown = 1000 },
]
"""
FILES = {
    "ssot-lint.toml": f"[[uncollected-test]]\n{GATES}",
    "lib/__init__.py": "",
    "lib/money.py": "class Money: ...\n",
    "tests/test_pay.py": "from lib.money import Money\ndef test_a(): pass\ndef test_b(): pass\n",
    "tests/test_ship.py": "def test_c(): raise SystemExit('is not run')\n",
}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `ssot-lint` in a project with three tests; its pytest runs in a process of its own."""
    write(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    for name, value in {**ENVIRONMENT, "VIRTUAL_ENV": ""}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, files: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        write(tmp_path, files or {})
        code = main(list(arguments))
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    return run


def collect(run: Run, *arguments: str, files: Mapping[str, str] | None = None, code: int = 0) -> Any:
    """What `collection` says of the project, with some files changed, as data."""
    done = run("collection", "--python", sys.executable, "--format", "json", *arguments, files=files)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_numbers_of_a_collection(run: Run, tmp_path: Path) -> None:
    found = collect(run)
    assert (found["tests"], found["files"], found["errors"], found["warnings"]) == (3, 2, [], [])
    assert found["tests_by_file"] == {"tests/test_pay.py": 2, "tests/test_ship.py": 1}
    assert found["pytest"] == pytest.__version__
    assert found["time"] == pytest.approx(found["processor"] / found["reference"])
    assert not list(tmp_path.rglob("__pycache__")), "bytecode goes elsewhere"


def test_record_regress_and_gate(run: Run, tmp_path: Path) -> None:
    assert run("gate", "collected").stdout.count("not known") == 8, "nothing was measured yet"
    recorded = run("collection", "--python", sys.executable, "--record")
    assert recorded.returncode == 0
    assert f"commit {PATH}" in recorded.stderr
    assert "tests = 3\nfiles = 2\n" in (tmp_path / PATH).read_text(encoding="utf-8")
    assert run("gate", "collected").returncode == 0

    worse = {"tests/test_pay.py": "from lib.monney import Money\ndef test_a(): pass\n"}
    stale = run("gate", "collected", files=worse)
    assert stale.returncode == 5
    assert "the sources have changed since the collection was measured" in " ".join(stale.stdout.split())
    assert "ssot-lint: see `ssot-lint collection`" in stale.stderr

    compared = run("collection", "--python", sys.executable, "--fail-on-regress", "--tolerance", "100000")
    assert compared.returncode == 5
    assert [line.split() for line in compared.stdout.splitlines()[:4]] == [
        ["now", "record", "change"],
        ["tests", "1", "3", "2", "lost"],
        ["files", "1", "2"],
        ["errors", "1", "0", "1", "new"],
    ]
    assert "  tests/test_pay.py: ModuleNotFoundError" in compared.stdout.splitlines()
    gate = run("gate", "collected", "--format", "json")
    assert [each["is_met"] for each in json.loads(gate.stdout)["gates"][0]["conditions"]] == [False] * 3 + [
        True
    ]
    assert run("collection", "--python", sys.executable).returncode == 0, (
        "it fails only where that is asked for"
    )


def test_errors_and_warnings_are_explained(run: Run) -> None:
    found = collect(
        run,
        files={
            "ssot-lint.toml": '[[uncollected-test]]\n[[missing-base]]\nbase = "lib.money.Money"\n'
            'classes = ["TestBody", "TestHead"]\npaths = ["tests/"]\n',
            "tests/test_body.py": "class TestBody:\n    x = 1 / 0\n    def test(self): ...\n",
            "tests/test_head.py": "class TestHead(int, str):\n    def test(self): ...\n",
            "tests/test_broken.py": "def test(:\n",
            "tests/test_pay.py": "import pytest\nclass TestX:\n    def __init__(self): ...\n    def test(self): ...\n",
            "tests/test_mark.py": "import pytest\n@pytest.mark.nobody_knows\ndef test(): ...\n",
            "tests/test_gone.py": "from lib.money import Gone\n",
            "tests/sub/conftest.py": "import gone\n",
            "tests/sub/test_z.py": "def test(): ...\n",
            "tests/a/test_same.py": "def test(): ...\n",
            "tests/b/test_same.py": "def test(): ...\n",
            "lib/bad.py": "X = (\n",
            "lib/hollow.py": "try:\n    from lib.bad import X\nexcept SyntaxError:\n    pass\n",
            "tests/test_hollow.py": "from lib.hollow import X\n",
        },
    )
    errors = {entry["path"]: entry for entry in found["errors"]}
    assert {path: [each["rule"] for each in entry["findings"]] for path, entry in errors.items()} == {
        "tests/b/test_same.py": [],
        "tests/sub/conftest.py": [],
        "tests/test_body.py": [],
        "tests/test_broken.py": ["syntax-error"],
        "tests/test_gone.py": [],
        "tests/test_head.py": ["missing-base"],
        "tests/test_hollow.py": ["syntax-error"],
    }
    assert errors["tests/test_hollow.py"]["findings"][0]["path"] == "lib/bad.py"
    assert errors["tests/b/test_same.py"]["remark"].startswith("tests/a/test_same.py has the same name")
    assert (errors["tests/test_gone.py"]["line"], errors["tests/test_gone.py"]["title"][:36]) == (
        *(1, "ImportError: cannot import name 'Gon"),
    )
    warnings = {entry["title"].partition(":")[0]: entry for entry in found["warnings"]}
    assert [each["rule"] for each in warnings["PytestCollectionWarning"]["findings"]] == ["uncollected-test"]
    assert warnings["PytestUnknownMarkWarning"]["findings"] == []


def test_options_of_the_project_hide_nothing(run: Run) -> None:
    found = collect(
        run,
        "tests",
        "--",
        *("-k", "not test_b"),
        files={
            "pytest.ini": "[pytest]\naddopts = -x -v -p no:terminal -p no:warnings\n",
            "tests/test_0.py": "1 / 0\n",
            "tests/test_1.py": "import gone\n",
        },
    )
    assert (found["tests"], found["deselected"], len(found["errors"])) == (3, 1, 2)
    assert not found["sees_warnings"]


@pytest.mark.parametrize(
    ("files", "path", "title"),
    [
        ({"conftest.py": "import gone\n"}, "conftest.py", "ModuleNotFoundError: No module named 'gone'"),
        ({"tests/test_0.py": "import sys\nsys.exit(3)\n"}, "tests/test_0.py", "SystemExit: 3"),
        ({"tests/test_0.py": "raise KeyboardInterrupt\n"}, "tests/test_0.py", "KeyboardInterrupt"),
        (
            {"conftest.py": "import pytest\ndef pytest_collection(): pytest.exit('no')\n"},
            "conftest.py",
            "Exit: no",
        ),
    ],
)
def test_pytest_that_stops(run: Run, tmp_path: Path, files: dict[str, str], path: str, title: str) -> None:
    found = collect(run, "--record", files=files, code=2)
    assert not found["is_finished"]
    assert [(entry["path"], entry["title"]) for entry in found["errors"]] == [(path, title)]
    assert not (tmp_path / PATH).exists()


def test_what_stopped_is_no_figure_for_gates(run: Run, tmp_path: Path) -> None:
    collect(run, files={"conftest.py": "import gone\n"}, code=2)
    assert taken(tmp_path, max_collection_errors=9).notes == (
        "the last collection did not get to its end; `ssot-lint collection` says why",
    )
    collect(run, "tests/test_ship.py", files={"conftest.py": ""})
    assert taken(tmp_path, min_collected=1).notes == (
        "the last collection was about `tests/test_ship.py` alone; `ssot-lint collection` measures it",
    )
    (tmp_path / ".ssot-lint-cache" / "collection.json").write_text("{}", encoding="utf-8")
    assert "is not what `ssot-lint collection` writes" in taken(tmp_path, min_collected=1).notes[0]
    assert run("cache", "clear").returncode == 0
    assert taken(tmp_path, min_collected=1).notes == (
        "pytest's collection was not measured yet; `ssot-lint collection` measures it",
    )


def test_file_that_ends_the_interpreter_is_named(run: Run) -> None:
    files = {"tests/test_0.py": "import os\nos._exit(0)\n"}
    done = run("collection", "--python", sys.executable, files=files)
    assert done.returncode == 2
    assert "ends with 0 and has not collected the tests; it was at `tests/test_0.py`" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    test = "import os, time\nwith open('fifo', 'w') as file:\n    file.write(f'{os.getpid()}\\n')\ntime.sleep(99)\n"
    write(tmp_path, {**FILES, "tests/test_0.py": test})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "ssot_lint", "collection", "--python", sys.executable, "--record"],
        cwd=tmp_path,
        env={**ENVIRONMENT, "TMPDIR": str(temporary)},
        stderr=subprocess.DEVNULL,
    )
    pid = int(fifo.read_text(encoding="utf-8"))
    process.send_signal(number)
    assert process.wait(60) == 128 + number
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not list(temporary.iterdir())
    assert not (tmp_path / PATH).exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--python", "no-such-program"), "`no-such-program` is no program"),
        (("--", "--no-such-option"), "unrecognized arguments: --no-such-option"),
        (("no_such_folder",), "file or directory not found: no_such_folder"),
        (("--fail-on-regress",), "there is no record to compare with"),
        (("--timeout", "0.1"), "takes longer than 0.1 s; `--timeout SECONDS` gives it more"),
        (("--timeout", "-1"), "expected a number of seconds, found `-1`"),
    ],
)
def test_mistakes(run: Run, arguments: tuple[str, ...], told: str) -> None:
    named = () if "--python" in arguments else ("--python", sys.executable)
    done = run("collection", *named, *arguments)
    assert done.returncode == 2
    assert told in done.stderr


def test_no_tests_at_all(run: Run) -> None:
    found = collect(run, "lib")
    assert (found["tests"], found["is_finished"]) == (0, True)


def test_measurement_goes_where_the_configuration_says(run: Run, tmp_path: Path) -> None:
    collect(run, files={"ssot-lint.toml": f'[outside]\ncollection = "reports/c.json"\n{GATES}'})
    assert (tmp_path / "reports" / "c.json").exists()
    assert not (tmp_path / ".ssot-lint-cache" / "collection.json").exists()
    assert taken(tmp_path, min_collected=3).is_met
    assert not taken(tmp_path, min_collected=3, paths=("tests/test_pay.py",)).is_met


def test_code_under_test_is_left_alone_and_trusted_with_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "x")
    files = {
        "tests/test_\u202eyp.\u001b[31m.py": "import gone\n",
        "tests/test_fork.py": "import os, sys\nif not os.fork():\n    sys.exit()\nos.wait()\ndef test(): ...\n",
        "tests/test_path.py": "import os, sys\nraise RuntimeError(os.environ['PYTHONPATH'],"
        " [place for place in sys.path if 'ssot-lint-' in place])\n",
    }
    done = run("collection", "--python", sys.executable, files=files)
    assert done.stdout.splitlines()[0] == "tests     4", "a child changes nothing"
    assert "tests/test_path.py:2: RuntimeError: ('x', [])" in done.stdout
    assert "test_\\u202eyp.\\u001b[31m.py" in done.stdout
    assert done.stdout.replace("\n", "").isprintable()


def test_interpreter_that_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare, whole = tmp_path / "bare" / "bin" / "python", tmp_path / ".venv" / "bin" / "python"
    for program, code in ((bare, 1), (whole, 0)):
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "bare"))
    assert find_python(tmp_path) == str(whole), "the active environment has no pytest"
    whole.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_python(tmp_path) == sys.executable
    monkeypatch.setenv("PATH", str(bare.parent))
    assert find_python(tmp_path, "python") == str(bare), "what is named is taken"

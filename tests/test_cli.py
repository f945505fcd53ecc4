"""The command line from a user's side: arguments in, text and an exit code out."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import IO

import pytest

import ssot_lint
from ssot_lint import cli
from ssot_lint.cli import main
from ssot_lint.commands import _outputs, check
from ssot_lint.commands._progress import progress_bar

CONFIG = '[[forbidden-import]]\ntargets = ["requests"]\nuse = "app.http"\n'
FINDING = "app/orders.py:1:8: SST101 forbidden-import `requests` is forbidden here; use `app.http`"
COMMAND = [sys.executable, "-m", "ssot_lint"]
ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")},
    "PYTHONPATH": str(Path(ssot_lint.__file__).parent.parent),
    "TERM": "xterm-256color",
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one finding, as the working folder."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "orders.py").write_text("import requests\n")
    (tmp_path / "app" / "http.py").write_text("session = None\n")
    (tmp_path / "ssot-lint.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "SSOT_LINT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(
    *command: str, stdout: int | IO[bytes] = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command,
        env={**ENVIRONMENT, **environment},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )


# check


def test_finding_is_reported_with_exit_code_1_and_the_command_that_helps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check"]) == 1
    output = capsys.readouterr()
    assert output.out == f"{FINDING}\n1 finding in 1 of 2 files (1 error)\n"
    assert output.err == "ssot-lint: see `ssot-lint explain forbidden-import`\n"


def test_clean_project_exits_with_0(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "app" / "orders.py").write_text("")
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("no findings in 2 files\n", "")


def test_warnings_alone_exit_with_0(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "ssot-lint.toml").write_text(CONFIG + 'severity = "warning"\n')
    assert main(["check"]) == 0
    assert "1 finding in 1 of 2 files (1 warning)\n" in capsys.readouterr().out


def test_exit_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--exit-zero"]) == 0
    assert FINDING in capsys.readouterr().out


def test_quiet_leaves_findings_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--quiet"]) == 1
    assert capsys.readouterr().out == f"{FINDING}\n"


def test_json_is_the_whole_of_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "json", "--statistics"]) == 1
    output = capsys.readouterr()
    document = json.loads(output.out)
    assert [finding["path"] for finding in document["findings"]] == ["app/orders.py"]
    assert "statistics" in document
    assert output.err == "ssot-lint: see `ssot-lint explain forbidden-import`\n"


def test_same_bytes_for_any_number_of_jobs_and_any_cache() -> None:
    ways = [["--no-cache"], [], [], ["--jobs", "1"], ["--jobs", "2"]]
    reports = {run(*COMMAND, "check", "--format", "json", *way).stdout for way in ways}
    assert len(reports) == 1


def test_statistics_follow_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--statistics"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == FINDING
    assert lines[2].split() == ["1", "SST101", "forbidden-import"]
    assert len(lines) > 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--select", "SST0"], 0, id="select others"),
        pytest.param(["--select", "SST0,", "--select=forbidden-import"], 1, id="select twice"),
        pytest.param(["--ignore", "SST0, SST101"], 0, id="ignore a list"),
        pytest.param(["app/http.py"], 0, id="another file"),
        pytest.param(["app/http.py", "app"], 1, id="a file and a folder"),
        pytest.param(["--jobs", "2", "--no-cache"], 1, id="the way it is done"),
    ],
)
def test_choice_of_rules_and_files(arguments: list[str], code: int) -> None:
    assert main(["check", *arguments]) == code


def test_configuration_is_found_from_the_linted_path_upwards(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.parent)
    assert main(["check", str(project / "app"), str(project / "app" / "http.py")]) == 1


def test_other_configuration(project: Path) -> None:
    (project / "other.toml").write_text('[[forbidden-import]]\ntargets = ["httpx"]\n')
    assert main(["check", "--config", "other.toml"]) == 0


def test_standard_input_stands_for_a_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project / "app")
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"\n\nimport requests\n")))
    assert main(["check", "-", "--stdin-filename", "new.py"]) == 1
    assert capsys.readouterr().out.startswith("app/new.py:3:8: SST101")


# mistakes


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        pytest.param(["chek"], "there is no command `chek`, did you mean `check`?", "--help", id="verb"),
        pytest.param(["app"], "to lint that path: `ssot-lint check app`", "--help", id="path for a verb"),
        pytest.param(["xyzzy"], "there is no command `xyzzy`", "--help", id="far from any verb"),
        pytest.param(["check", "nope.py"], "`nope.py` does not exist", "check --help", id="path"),
        pytest.param(["check", "--selct", "x"], "--selct", "check --help", id="option"),
        pytest.param(
            ["check", "--jobs", "0"], "expected a number from 1 up, found `0`", "check --help", id="jobs"
        ),
        pytest.param(["check", "-"], "`-` needs `--stdin-filename`", "check --help", id="text of no file"),
        pytest.param(
            ["check", "-", "app"], "`-` goes with no other path", "check --help", id="text and path"
        ),
        pytest.param(
            ["check", "--stdin-filename", "a.py"], "goes with the path `-`", "check --help", id="no text"
        ),
        pytest.param(
            ["check", "-", "--stdin-filename", "out/a.py"], "lies outside", "check --help", id="text outside"
        ),
        pytest.param(["check", "--select", "nope"], '"nope"', "ssot-lint rules", id="rule"),
        pytest.param(["check", "--config", "nope.toml"], "nope.toml", "config schema", id="configuration"),
        pytest.param(
            ["explain", "forbiden-import"], "did you mean `forbidden-import`?", "explain --help", id="page"
        ),
        pytest.param(["explain"], "required", "explain --help", id="no page"),
        pytest.param(
            ["explain", "SST101", "-o", "x"], "goes with `--all`", "explain --help", id="output of one page"
        ),
        pytest.param(
            ["explain", "--all", "-o", "ssot-lint.toml"], "cannot be written", "explain", id="no folder"
        ),
        pytest.param(["cache", "burn"], "burn", "cache --help", id="action"),
    ],
)
def test_mistake_exits_with_2_and_names_the_command_that_helps(
    arguments: list[str], message: str, advice: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "out").symlink_to("/")
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    error, see = output.err.splitlines()
    assert error.startswith("ssot-lint: error: ")
    assert message in error
    assert see.startswith("ssot-lint: see `ssot-lint ")
    assert advice in see


def test_every_mistake_in_the_configuration_has_its_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "ssot-lint.toml").write_text("[[forbidden-import]]\ntarget = 1\npath = []\n")
    assert main(["check"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) >= 3
    assert all(line.startswith("ssot-lint: error: ssot-lint.toml:") for line in errors[:-1])


def test_internal_error_is_one_message_and_the_whole_story_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError("too \x1b[31m small")

    monkeypatch.setattr(check, "run", fail)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        "ssot-lint: internal error: ZeroDivisionError: too \\u001b[31m small\n"
        "ssot-lint: see where it comes from: `ssot-lint check --traceback`\n"
    )
    assert main(["check", "--traceback"]) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err
    monkeypatch.setenv("SSOT_LINT_TRACEBACK", "1")
    assert main(["check"]) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


# help


def test_no_verb_prints_help_and_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("usage: ssot-lint")


@pytest.mark.parametrize(
    "verb", [[], *([verb] for verb in cli.VERBS)], ids=lambda verb: " ".join(verb) or "all"
)
def test_help_names_every_verb_or_option(verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*verb, "--help"]) == 0
    text = capsys.readouterr().out
    assert " ".join(["usage: ssot-lint", *verb]) in text
    assert "--traceback" in text
    assert verb or all(re.search(rf"\n  {name} +\w", text) for name in cli.VERBS)


def test_version_imports_nothing_but_the_standard_library_and_little_of_it() -> None:
    done = run(sys.executable, "-X", "importtime", "-m", "ssot_lint", "--version")
    assert done.stdout.decode() == f"ssot-lint {ssot_lint.__version__}\n"
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.decode().splitlines()
    }
    unwanted = (
        "msgspec rich pathspec sqlite3 ast subprocess asyncio concurrent multiprocessing inspect difflib"
    )
    assert "argparse" in imported
    assert not imported & set(unwanted.split())


def test_check_without_a_terminal_does_not_import_rich() -> None:
    code = "import sys; from ssot_lint.cli import main; main(['check']); sys.exit('rich' in sys.modules)"
    assert run(sys.executable, "-c", code).returncode == 0


def test_check_that_is_recalled_imports_neither_what_parses_nor_a_baseline() -> None:
    assert run(*COMMAND, "check").returncode == 1
    again = run(sys.executable, "-X", "importtime", "-m", "ssot_lint", "check")
    assert again.stdout.decode().splitlines()[0] == FINDING
    imported = {line.rpartition("|")[2].strip() for line in again.stderr.decode().splitlines()}
    assert "ssot_lint.record" in imported
    unwanted = "facts.extract gather snippets baseline.waivers baseline.budgets fix insight"
    assert imported.isdisjoint(f"ssot_lint.{module}" for module in unwanted.split())
    assert imported.isdisjoint(("rich", "logging", "concurrent", "multiprocessing", "asyncio"))


# rules, explain, cache


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["code", "rule", "what", "it", "finds"]
    assert any(line.startswith("SST101  forbidden-import ") for line in lines)
    assert main(["rules", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in rows] == [line.split()[0] for line in lines[1:]]
    assert rows[0].keys() == {"code", "id", "default", "summary", "plugin"}


@pytest.mark.parametrize("name", ["forbidden-import", "SST101", "sst101"])
def test_explain_knows_ids_and_codes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    assert capsys.readouterr().out.startswith("# forbidden-import (SST101)\n")


def test_explain_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--all"]) == 0
    assert capsys.readouterr().out.count("\n*Why is this bad?*") > 5


def test_cache(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check"])
    capsys.readouterr()
    assert main(["cache", "path"]) == 0
    path = Path(capsys.readouterr().out.rstrip("\n"))
    assert path.is_relative_to(project)
    assert path.exists()
    assert main(["cache", "stats"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["2", "texts"]
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out.endswith("bytes freed\n")
    assert not path.exists()


# terminals, pipes and signals


def on_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run the tool on a terminal of 80 columns; return the exit code and what the terminal shows."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env={**ENVIRONMENT, "COLUMNS": "80", **environment},
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    shown = b""
    try:
        while part := os.read(leader, 4096):
            shown += part
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(leader)
    return process.wait(timeout=60), shown.decode().replace("\r\n", "\n")


PLAIN = """\
app/orders.py
   1:8  SST101 forbidden-import `requests` is forbidden here; use `app.http`
        import requests
               ^^^^^^^^

1 finding in 1 of 2 files (1 error)
ssot-lint: see `ssot-lint explain forbidden-import`
"""


def test_terminal_shows_findings_by_file_in_colour() -> None:
    code, shown = on_terminal("check")
    assert code == 1
    assert "\x1b[1;31m^^^^^^^^\x1b[0m" in shown
    assert shown.replace("\x1b[", "").count("app/orders.py") == 1


@pytest.mark.parametrize("way", [{"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
def test_terminal_without_colour_by_environment(way: dict[str, str]) -> None:
    assert on_terminal("check", **way) == (1, PLAIN)


def test_terminal_without_colour_by_option() -> None:
    assert on_terminal("check", "--color", "never", FORCE_COLOR="1") == (1, PLAIN)


def test_terminal_that_can_do_nothing_gets_plain_lines() -> None:
    assert on_terminal("check", TERM="dumb")[1].startswith(FINDING)


def test_explain_on_a_terminal_is_rendered() -> None:
    code, shown = on_terminal("explain", "forbidden-import")
    assert code == 0
    assert "\x1b[" in shown
    assert "```" not in shown


@pytest.mark.parametrize(
    ("color", "is_terminal", "environment", "shown"),
    [
        pytest.param("auto", False, {}, (False, False), id="pipe"),
        pytest.param("auto", True, {}, (True, True), id="terminal"),
        pytest.param("auto", False, {"FORCE_COLOR": "1"}, (True, True), id="forced"),
        pytest.param("auto", False, {"FORCE_COLOR": ""}, (False, False), id="empty means unset"),
        pytest.param("always", False, {"NO_COLOR": "1"}, (True, True), id="the option wins"),
        pytest.param("never", True, {"FORCE_COLOR": "1"}, (True, False), id="never"),
    ],
)
def test_display(
    color: str, is_terminal: bool, environment: dict[str, str], shown: tuple[bool, bool]
) -> None:
    assert _outputs.display(color, is_terminal, environment) == shown


def test_reader_that_stops_early_ends_the_run_silently(project: Path) -> None:
    (project / "app" / "orders.py").write_text("import requests\n" * 5000)
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = run(*COMMAND, "check", stdout=write_end)
    os.close(write_end)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_full_disk_is_an_error() -> None:
    with open("/dev/full", "wb") as full:
        done = run(*COMMAND, "check", stdout=full)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_closed_output_is_no_crash() -> None:
    done = run("sh", "-c", '"$@" >&- 2>&-', "sh", *COMMAND, "check")
    assert done.returncode == 1
    assert done.stderr == b""


def test_output_that_knows_ascii_only_is_no_crash(project: Path) -> None:
    (project / "app" / "漢字.py").write_text("import requests\n")
    (project / "app" / os.fsdecode(b"\xff.py")).write_text("import requests\n")
    done = run(*COMMAND, "check", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert b"app/\\u6f22\\u5b57.py:1:8: " in done.stdout
    assert b"app/\\udcff.py:1:8: " in done.stdout


def test_interrupted_run_says_so_in_a_line_and_leaves_no_process(project: Path) -> None:
    for number in range(40):
        (project / "app" / f"m{number}.py").write_text(f"x{number} = 0\n" * 8000)
    # As the key does it: every process of the group gets the signal, here once the first files are parsed.
    code = (
        "import os, signal, sys\n"
        "from ssot_lint import engine\n"
        "from ssot_lint.cli import main\n"
        "lint = engine.lint\n"
        "def stop(done, total): os.killpg(0, signal.SIGINT)\n"
        "def interrupted(*paths, progress, **options): return lint(*paths, progress=stop, **options)\n"
        "engine.lint = interrupted\n"
        "sys.exit(main(['check', '--jobs', '2']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output = process.communicate(timeout=60)
    finally:
        is_alone = not _kill_group(process.pid)
    assert output == (b"", b"ssot-lint: interrupted\n")
    assert process.returncode == 130
    assert is_alone


def _kill_group(group: int) -> bool:
    """Kill what is left of a process group; tell whether anything was."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


# progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_bar_appears_after_a_second_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream, times = Terminal(), iter([0.0, 0.9, 1.1, 1.15, 2.0])
    with progress_bar(stream, clock=lambda: next(times)) as advance:
        assert advance is not None
        advance(1, 400)
        assert stream.getvalue() == ""
        advance(150, 400)
        assert "150/400" in stream.getvalue()
        advance(160, 400)
        assert "160/400" not in stream.getvalue()
        advance(300, 400)
        assert "300/400" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[2K")


def test_no_progress_bar_without_a_terminal_or_when_unwanted() -> None:
    with progress_bar(StringIO()) as advance:
        assert advance is None
    with progress_bar(Terminal(), wanted=False) as advance:
        assert advance is None

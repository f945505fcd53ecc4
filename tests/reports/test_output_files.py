"""Reports in files: several in one run, whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ssot_lint import engine
from ssot_lint.cli import main
from ssot_lint.reports.formats import FORMATS

CONFIG = '[[forbidden-import]]\ntargets = ["requests"]\n[[env-access]]\npaths = ["gone/"]\n'
FINDING = "app/orders.py:1:8: SST101 forbidden-import `requests` is forbidden here"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a repository, with a finding in the code and one in the configuration, as the working folder."""
    (tmp_path / ".git").mkdir()
    root = tmp_path / "services" / "shop"
    (root / "app").mkdir(parents=True)
    (root / "app" / "orders.py").write_text("import requests\n")
    (root / "ssot-lint.toml").write_text(CONFIG)
    monkeypatch.chdir(root)
    return root


def check(*arguments: str) -> int:
    return main(["check", "--no-cache", "--quiet", *arguments])


def test_several_reports_of_one_run(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = []
    lint = engine.lint

    def counted(*args: Any, **options: Any) -> engine.Result:
        runs.append(args)
        return lint(*args, **options)

    monkeypatch.setattr(engine, "lint", counted)
    outputs = [f"--output-file={name}=reports/{name}.out" for name in FORMATS]
    assert check("--format", "concise", *outputs) == 1
    assert len(runs) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(FINDING)
    written = {name: (project / "reports" / f"{name}.out").read_text(encoding="utf-8") for name in FORMATS}
    assert written["concise"] == printed == written["text"]
    for name in ("json", "gitlab", "rdjson", "sarif"):
        json.loads(written[name])
    assert ElementTree.fromstring(written["junit"].encode()).get("failures") == "2"
    for name in ("github", "gitlab", "junit", "sarif"):
        assert "services/shop/app/orders.py" in written[name], (
            "hosts look paths up from the top of the repository"
        )
        assert "services/shop/ssot-lint.toml" in written[name]
    for name in ("json", "pylint", "rdjson"):
        assert "services/" not in written[name]
    assert sorted(os.listdir(project / "reports")) == sorted(f"{name}.out" for name in FORMATS)


def test_file_without_a_format_takes_what_would_be_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--format", "pylint", "-o", "a.txt", "-o", "concise=b=c.txt") == 1
    assert capsys.readouterr().out == ""
    assert "[SST101(forbidden-import), ]" in (project / "a.txt").read_text()
    assert (project / "b=c.txt").read_text().startswith(FINDING)


def test_text_in_a_file_is_plain_whatever_the_terminal(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--color", "always", "-o", "text=a.txt") == 1
    assert "\x1b[" in capsys.readouterr().out
    assert (project / "a.txt").read_text().startswith(f"{FINDING}\n")


def test_project_at_the_top_or_outside_of_a_repository(project: Path) -> None:
    (project / ".git").mkdir()
    assert check("-o", "gitlab=top.json") == 1
    (project / ".git").rmdir()
    (project.parent.parent / ".git").rmdir()
    assert check("-o", "gitlab=outside.json") == 1
    for name in ("top.json", "outside.json"):
        assert json.loads((project / name).read_text())[0]["location"]["path"] == "app/orders.py"


def test_old_report_is_whole_until_the_new_one_is(project: Path) -> None:
    target = project / "a.json"
    target.write_text("old")
    with target.open() as before:
        assert check("-o", "json=a.json") == 1
        assert before.read() == "old", "the file was replaced, not written over"
    assert json.loads(target.read_text())["summary"]["findings"] == 2


def test_link_stays_one_and_the_file_has_the_usual_rights(project: Path) -> None:
    (project / "real.txt").write_text("old")
    (project / "link.txt").symlink_to("real.txt")
    assert check("-o", "concise=link.txt") == 1
    assert (project / "link.txt").is_symlink()
    assert (project / "real.txt").read_text().startswith(FINDING)
    (project / "plain").touch()
    usual = stat.S_IMODE((project / "plain").stat().st_mode)
    assert stat.S_IMODE((project / "real.txt").stat().st_mode) == usual


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_is_written_to_and_not_replaced(project: Path) -> None:
    os.mkfifo(project / "pipe")
    end = os.open(project / "pipe", os.O_RDWR | os.O_NONBLOCK)
    try:
        assert check("-o", "concise=pipe") == 1
        assert os.read(end, 1 << 16).decode().startswith(FINDING)
    finally:
        os.close(end)
    assert stat.S_ISFIFO((project / "pipe").stat().st_mode)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param("app", "Is a directory", id="folder"),
        pytest.param("app/orders.py/a.json", "Not a directory", id="below a file"),
        pytest.param(f"{'x' * 300}", "File name too long", id="long name"),
        pytest.param(
            "/dev/full",
            "No space left on device",
            id="full disk",
            marks=pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full"),
        ),
    ],
)
def test_file_that_cannot_be_written_is_told_beside_the_findings(
    file: str, reason: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("-o", f"sarif={file}", "-o", "junit=good.xml") == 2
    output = capsys.readouterr()
    assert output.out.startswith(FINDING)
    assert output.err == (
        f"ssot-lint: error: `{file}` cannot be written: {reason}\nssot-lint: see `ssot-lint check --help`\n"
    )
    ElementTree.parse(project / "good.xml")
    assert sorted(os.listdir(project)) == ["app", "good.xml", "ssot-lint.toml"], (
        "nothing half-written is left"
    )
    assert os.listdir(project / "app") == ["orders.py"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(
            ["-o", "srif=a"], "there is no format `srif`, there are text, concise, json,", id="format"
        ),
        pytest.param(["-o", "sarif="], "expected the name of a file", id="no file"),
        pytest.param(["-o", "-"], "expected the name of a file", id="standard output"),
        pytest.param(
            ["-o", "sarif=a", "-o", "junit=./a"],
            "more than one report would go to `a`",
            id="one file for two",
        ),
        pytest.param(["--format", "xml"], "invalid choice: 'xml'", id="unknown format"),
    ],
)
def test_mistakes_are_told_before_anything_is_linted(
    arguments: list[str],
    reason: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(engine, "lint", None)
    assert check(*arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert reason in output.err
    assert sorted(os.listdir(project)) == ["app", "ssot-lint.toml"]


def test_name_that_is_not_utf8_reaches_every_report(project: Path) -> None:
    try:
        (project / "app" / os.fsdecode(b"caf\xe9 %.py")).write_text("import requests\n")
    except OSError:
        pytest.skip("the file system takes names in UTF-8 alone")
    outputs = [f"--output-file={name}={name}.out" for name in FORMATS]
    command = [sys.executable, "-m", "ssot_lint", "check", "--no-cache", *outputs]
    done = subprocess.run(command, cwd=project, capture_output=True)
    assert done.returncode == 1, done.stderr
    shown = {"github": "caf\\udce9 %25.py", "sarif": "caf%E9%20%25.py"}
    shown |= dict.fromkeys(("json", "gitlab", "rdjson"), "caf\\\\udce9 %.py")
    for name in FORMATS:
        assert shown.get(name, "caf\\udce9 %.py") in (project / f"{name}.out").read_text(encoding="utf-8")

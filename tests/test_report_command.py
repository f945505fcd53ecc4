"""`ssot-lint report` as people and jobs run it: formats, files, links, the change, and what goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from report_project import project
from scratch import Repository

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    with project(tmp_path_factory.mktemp("command") / "shop") as repository:
        yield repository


@pytest.fixture
def run(shop: Repository) -> Run:
    """Runs `ssot-lint report` with some arguments in the repository, or in another folder."""

    def run(*arguments: str, cwd: Path = shop.folder) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ssot_lint", "report", *arguments],
            cwd=cwd,
            env=shop.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def test_text_is_printed(run: Run) -> None:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("9 findings in 17 files, 41.17 % of the files are clean\nshop at ")
    assert "\nnote: 2 of 17 files do not compile: " in done.stdout
    assert run("--color", "always").stdout.startswith("\x1b[1m9 findings in 17 files")


def test_several_files_in_one_run(run: Run, shop: Repository, tmp_path: Path) -> None:
    names = ("text", "markdown", "comment", "csv", "json")
    words = [word for name in names for word in ("-o", f"{name}={tmp_path}/report.{name}")]
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("9 findings")
    numbers = json.loads((tmp_path / "report.json").read_text())
    assert numbers["totals"]["findings"] == 9
    assert (tmp_path / "report.comment").read_text().startswith("<!-- ssot-lint report -->\n")
    assert (tmp_path / "report.csv").read_text().count("\n") == 1 + len(numbers["findings"])
    only = run("--format", "json", "-o", str(tmp_path / "again"))
    assert only.stdout == ""
    assert json.loads((tmp_path / "again").read_text())["totals"] == numbers["totals"]


def test_links_lead_to_head_unless_the_file_has_changed(run: Run, shop: Repository, tmp_path: Path) -> None:
    head = shop.git("rev-parse", "HEAD").strip()
    text = run("--format", "markdown", "-o", "build/deep/report.md").stdout
    assert text == ""
    written = shop.read("build/deep/report.md")
    assert f"<https://github.com/team/shop/blob/{head}/tests/test_pay.py#L1>" in written
    assert "secret" not in written
    shop.write("tests/test_pay.py", shop.read("tests/test_pay.py") + "\n")
    run("--format", "markdown", "-o", "build/deep/report.md")
    assert "<../../tests/test_pay.py#L1>" in shop.read("build/deep/report.md")
    shop.git("checkout", "tests/test_pay.py")


def test_links_of_a_template(run: Run, shop: Repository) -> None:
    head = shop.git("rev-parse", "HEAD").strip()
    text = run("--format", "markdown", "--link", "https://e.org/{commit}/{path}?line={line}").stdout
    assert f"<https://e.org/{head}/tests/test_pay.py?line=1>" in text
    text = run("--format", "markdown", "--link", "vscode://file/{path}:{line}").stdout
    assert "<vscode://file/app/strict/broken.py:1>" in text
    done = run("--link", "https://e.org/{file}")
    assert done.returncode == 2
    assert done.stderr.startswith("ssot-lint: error: `--link`: there is no {file}")


def test_root_in_a_folder_of_the_repository(shop: Repository, run: Run, tmp_path: Path) -> None:
    files = {"back/ssot-lint.toml": "", "back/a.py": "x = (\n"}
    repository = Repository(tmp_path / "mono", files)
    repository.git("remote", "add", "origin", "git@gitlab.com:team/mono.git")
    head = repository.commit()
    text = run("--format", "markdown", cwd=repository.folder / "back").stdout
    assert f"<https://gitlab.com/team/mono/-/blob/{head}/back/a.py#L1>" in text


def test_change(run: Run) -> None:
    done = run("--format", "comment", "--changed-since", "HEAD")
    assert "Since <code>HEAD</code> it brings **1 finding** and mends **1 finding**." in done.stdout
    assert done.stdout.index("Brought since HEAD: 1 finding") < done.stdout.index(
        "Mended since HEAD: 1 finding"
    )
    done = run("--changed-since", "nowhere")
    assert done.returncode == 2
    assert "`--changed-since nowhere`: git knows no commit `nowhere`" in done.stderr


def test_since_a_day(run: Run) -> None:
    done = run("--since", "2026-01-01", "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [sample["date"] for sample in document["trend"]["samples"]] == [
        "2026-01-05",
        "2026-01-19",
        "2026-02-02",
    ]
    assert document["projection"]["of"] == "findings"
    assert run("--since", "yesterday").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["-o", "pdf=x"],
            "argument -o/--output-file: there is no format `pdf`, there are text, markdown, comment",
        ),
        (["-o", "csv="], "argument -o/--output-file: expected the name of a file"),
        (["-o", "csv=x", "-o", "json=x"], "more than one report would go to `x`"),
        (["-o", "csv=ssot-lint.toml/x"], "`ssot-lint.toml/x` cannot be written: "),
    ],
)
def test_mistakes(run: Run, arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert f"ssot-lint: error: {message}" in done.stderr


def test_quiet_run_keeps_the_notes_in_the_report(run: Run) -> None:
    done = run("--quiet")
    assert done.stderr == ""
    assert "note: 2 of 17 files do not compile" in done.stdout


def test_notes_tell_of_budgets_and_last_days(run: Run, shop: Repository) -> None:
    waivers, budgets = ".ssot-lint/waivers.toml", ".ssot-lint/budgets.toml"
    before = shop.read(waivers)
    late = '[[waiver]]\nrule = "forbidden-import"\npaths = ["{}"]\nreason = "soon"\nexpires = 2026-01-31\n'
    try:
        shop.write(waivers, late.format("app/waived.py") + late.format("app/nothing.py"))
        shop.write(budgets, '[[budget]]\nrule = "forbidden-import"\nmax = 1\n')
        notes = [line for line in run().stdout.splitlines() if line.startswith("note: ")]
    finally:
        shop.write(waivers, before)
        (shop.folder / budgets).unlink(missing_ok=True)
    told = "\n".join(notes)
    assert f"{waivers}:6: this waiver speaks of nothing that is found" in told
    assert f"waiver in {waivers}:1 expired on 2026-01-31" in told
    assert "(ada) expired on 2026-02-28" in told
    assert f"{budgets}:1: 5 found, 1 allowed of `forbidden-import`" in told


def test_no_git_no_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = (\n")
    done = run("--format", "markdown", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "[<code>a.py&#58;1</code>](<a.py#L1>)" in done.stdout
    assert "without git nothing is known of the past" in done.stdout


def test_same_bytes_whatever_the_cache_knows_and_however_many_work(run: Run, shop: Repository) -> None:
    documents = [
        json.loads(run("--format", "json", *arguments).stdout)
        for arguments in ((), (), ("--no-cache",), ("--no-cache", "--jobs", "2"))
    ]
    for document in documents:
        del document["taken"]
    assert documents[1:] == documents[:1] * 3


def test_help_names_the_formats(run: Run) -> None:
    assert "comment   Markdown that is short enough" in run("--help").stdout

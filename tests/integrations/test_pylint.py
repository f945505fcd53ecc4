"""pylint, in processes of its own, reports what the command reports."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pylint.lint import PyLinter
from pylint_process import Place, messages, ours, pylint_findings, run_pylint

import ssot_lint
from ssot_lint.integrations.pylint import Rules, id_of
from ssot_lint.rules import RULE_BY_ID, RULES

REPOSITORY = Path(__file__).parent.parent.parent
CONFIGURATION = """\
exclude = ["old/"]
[[forbidden-import]]
targets = ["requests"]
use = "app.http"
"""
FILES = {
    "ssot-lint.toml": CONFIGURATION,
    "app/__init__.py": "",
    "app/orders.py": 'import requests\nNAME = "ü𝔘"; import requests\n',
    "app/wide.py": "import requests\n",
    "app/through.py": "from app.wide import requests\n",
    "app/quiet.py": "import requests  # ssot: allow forbidden-import -- soon\n",
    "app/broken.py": "total = (\n",
    "app/null.py": "import os\nx = '\0'\n",
    "app/outside.py": "if True:\n    return 1\n",
    "app/stub.pyi": "import requests\n",
    "old/attic.py": "import requests\n",
}
OURS_ALONE = ("--disable=all", "--enable=ssot-lint")
PLUGIN_RULE = '''\
"""Finds nothing that is good."""
from ssot_lint.rules import Example, Options, Problem, Rule, Span

def check(file, project, options):
    yield Problem(Span(1, 1, 1, 2), "is found", ())

RULE = Rule(
    id="no-good", code="OUR123", options=Options, check=check, doc=__doc__,
    bad=(Example("", {}),), good=(Example("", {}),),
)
'''


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode())
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with findings of every kind."""
    return write(tmp_path / "project", FILES)


def command(folder: Path) -> set[Place]:
    """What `ssot-lint check` reports, but for what it finds in the configuration."""
    found = ssot_lint.lint(folder, use_cache=False).findings
    return {
        (each.path, each.span.line, each.span.column, each.code)
        for each in found
        if each.path[-5:] != ".toml"
    }


def symbols(folder: Path, *arguments: str, stdin: str | None = None) -> list[tuple[str, int, str]]:
    """The path, line and symbol of each message."""
    found = messages(folder, *arguments, stdin=stdin)
    return sorted((each["path"], each["line"], each["symbol"]) for each in found)


def test_reports_what_the_command_reports(project: Path) -> None:
    assert len(command(project)) == 8
    assert pylint_findings(project) == command(project)


def test_reports_what_the_command_reports_of_a_large_example(tmp_path: Path) -> None:
    folder = tmp_path / "legacy_suite"
    shutil.copytree(REPOSITORY / "examples/legacy_suite", folder)
    assert len(command(folder)) > 30
    assert pylint_findings(folder) == command(folder)


def test_reports_the_same_once_from_several_processes(project: Path) -> None:
    files = sorted(str(path.relative_to(project)) for path in project.rglob("*.py"))
    alone, several = (messages(project, *OURS_ALONE, jobs, *files) for jobs in ("-j1", "-j2"))
    assert ours(several)
    assert Counter(map(str, several)) == Counter(map(str, alone))


def test_says_where_a_finding_ends_and_how_certain_it_is(project: Path) -> None:
    first, second = messages(project, *OURS_ALONE, "app/orders.py")
    assert (first["line"], first["column"], first["endLine"], first["endColumn"]) == (1, 7, 1, 15)
    assert (second["line"], second["column"]) == (2, 20)  # 0-based, in characters
    assert first["message"] == "SST101 `requests` is forbidden here; use `app.http`"
    assert (first["messageId"], first["confidence"], first["module"]) == ("W9101", "HIGH", "app.orders")


def test_text_stands_for_a_file(project: Path) -> None:
    stdin = "# ü\nimport requests\n"
    arguments = (*OURS_ALONE, "--from-stdin")
    assert symbols(project, *arguments, "app/wide.py", stdin=stdin) == [
        ("app/wide.py", 2, "forbidden-import")
    ]
    assert symbols(project, *arguments, "app/new.py", stdin=stdin) == [("app/new.py", 2, "forbidden-import")]
    assert symbols(project, *arguments, "old/new.py", stdin=stdin) == []
    assert symbols(project, *arguments, "app/wide.py", stdin="total = (\n") == [
        ("app/wide.py", 1, "ssot-syntax-error"),
        ("app/wide.py", 1, "syntax-error"),
    ]


def test_is_told_what_to_leave_out(project: Path) -> None:
    comments = (
        "import requests  # pylint: disable=forbidden-import\n"
        "def send():\n"
        "    # pylint: disable=forbidden-import\n"
        "    import requests\n"
        "# pylint: disable-next=W9101\n"
        "import requests\n"
        "import requests\n"
    )
    write(project, {"app/comments.py": comments})
    at_the_end = ("app/comments.py", 7, "forbidden-import")
    assert symbols(project, *OURS_ALONE, "app/comments.py") == [at_the_end]
    assert symbols(project, "--disable=all", "--enable=forbidden-import", "app/comments.py") == [at_the_end]
    assert symbols(project, *OURS_ALONE, "--disable=forbidden-import", "app/comments.py") == []
    assert symbols(project, *OURS_ALONE, "--ignore-paths=.*comments.*", "app/comments.py") == []
    assert ("app/wide.py", 1, "forbidden-import") not in symbols(
        project, "--disable=ssot-lint", "app/wide.py"
    )


def test_tells_comments_that_hide_nothing(project: Path) -> None:
    write(project, {"app/comments.py": "import os  # pylint: disable=forbidden-import\n"})
    found = symbols(project, *OURS_ALONE, "--enable=useless-suppression", "app/comments.py")
    assert found == [("app/comments.py", 1, "useless-suppression")]


def test_works_from_folders_below(project: Path) -> None:
    assert symbols(project / "app", *OURS_ALONE, "wide.py") == [("wide.py", 1, "forbidden-import")]
    assert symbols(project / "old", *OURS_ALONE, "attic.py") == []


def test_each_file_belongs_to_its_project_and_one_that_is_broken_keeps_no_other_from_it(
    project: Path,
) -> None:
    write(
        project,
        {
            "nested/ssot-lint.toml": '[[forbidden-import]]\ntargets = ["os"]\n',
            "nested/a.py": "import requests, os\n",
            "broken/ssot-lint.toml": "[[forbidden-import]]\ntarget = 1\n[[env-acces]]\n",
            "broken/a.py": "import requests, os\n",
            "failing/ssot-lint.toml": '[[forbidden-import]]\ntargets = ["os"]\ngood = ["import os"]\n',
            "failing/a.py": "import requests, os\n",
        },
    )
    names = ("app/wide.py", "nested/a.py", "broken/a.py", "failing/a.py")
    for jobs in ("-j1", "-j2"):
        found = messages(project, *OURS_ALONE, jobs, *names)
        assert ours(found) == {("app/wide.py", 1, 8, "SST101"), ("nested/a.py", 1, 18, "SST101")}
        texts = {each["path"]: each["message"] for each in found if each["symbol"] == "ssot-configuration"}
        assert sorted(texts) == ["broken/a.py", "failing/a.py"]
        mistakes = texts["broken/a.py"].split("; ")
        assert [each.partition(": ")[0] for each in mistakes] == [
            f"broken/ssot-lint.toml:{line}" for line in (2, 3)
        ]
        assert texts["failing/a.py"].endswith("`good` snippet 1 is found fault with: `os` is forbidden here")
    assert run_pylint(project, *OURS_ALONE, "broken/a.py").returncode == 1  # fatal


def test_file_of_no_project_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path, {"alone.py": "total = (\n"})
    assert symbols(tmp_path, *OURS_ALONE, "alone.py") == [("alone.py", 1, "syntax-error")]


def test_is_written_by_a_template(project: Path) -> None:
    template = "--msg-template={path}:{line}:{column}:{end_column} {msg_id} {symbol} {category} {msg}"
    done = run_pylint(project, *OURS_ALONE, template, "app/wide.py")
    assert done.stdout.splitlines()[1:] == [
        "app/wide.py:1:7:15 W9101 forbidden-import warning SST101 `requests` is forbidden here; use `app.http`"
    ]
    assert done.returncode == 4  # a warning


def test_text_of_the_analysed_code_cannot_steer_a_terminal(project: Path) -> None:
    (project / "ssot-lint.toml").write_text('[[forbidden-import]]\ntargets = ["os"]\nreason = "\\u001b[2J"\n')
    write(project, {"app/wide.py": "import os\n"})
    (found,) = messages(project, *OURS_ALONE, "app/wide.py")
    assert found["message"].endswith(r"(\u001b[2J)")


def test_shows_the_page_of_a_rule(project: Path) -> None:
    shown = run_pylint(project, "--help-msg=forbidden-import,ssot-syntax-error,SST101").stdout
    assert ":forbidden-import (W9101): *SST101 %s*" in shown
    assert "Finds imports of modules and symbols that are forbidden" in shown
    assert ":ssot-syntax-error (E9001): *SST001 %s*" in shown


def test_rules_of_plugins_are_messages_where_their_project_is(project: Path) -> None:
    write(
        project,
        {
            "more/ssot-lint.toml": 'plugins = ["no_good"]\n[[no-good]]\npaths = ["a.py"]\n',
            "more/no_good.py": PLUGIN_RULE,
            "more/a.py": "",
        },
    )
    for jobs in ("-j1", "-j2"):
        (found,) = messages(project / "more", *OURS_ALONE, jobs, "a.py")
        assert (found["symbol"], found["message"]) == ("no-good", "OUR123 is found")
        assert symbols(project / "more", *OURS_ALONE, jobs, "--disable=no-good", "a.py") == []
        (found,) = messages(project, *OURS_ALONE, jobs, "more/a.py")
        assert (found["symbol"], found["message"]) == ("ssot-other-rule", "OUR123 no-good: is found")


def test_follows_bases_into_installed_packages_as_the_command_does(project: Path) -> None:
    rule = '[[missing-base]]\nbase = "unittest.TestCase"\n'
    text = (
        "import threading, unittest\n"
        "class A(unittest.IsolatedAsyncioTestCase): pass\n"
        "class B(threading.Thread): pass\n"
    )
    write(project, {"more/ssot-lint.toml": rule, "more/a.py": text})
    assert pylint_findings(project / "more") == command(project / "more") == set()
    (project / "more/ssot-lint.toml").write_text(f"resolve-installed = true\n{rule}")
    assert pylint_findings(project / "more") == command(project / "more") == {("a.py", 3, 7, "SST202")}


@pytest.fixture(scope="module")
def linter() -> PyLinter:
    """A pylint with all that it brings along, and nothing of ours."""
    import pylint.extensions

    linter = PyLinter()
    linter.load_default_plugins()
    folder = Path(str(pylint.extensions.__file__)).parent
    linter.load_plugin_modules(
        f"pylint.extensions.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem[0] != "_"
    )
    return linter


def test_names_of_rules_and_of_pylint_differ(linter: PyLinter) -> None:
    known = [message for message in linter.msgs_store.messages if message.checker_name != "ssot-lint"]
    taken = {name for each in known for name in (each.symbol, *(symbol for _, symbol in each.old_names))}
    assert len(taken) > 400
    assert taken & {rule.id for rule in RULES} == {"syntax-error"}  # which is `ssot-syntax-error` there
    ids = {number for each in known for number in (each.msgid, *(number for number, _ in each.old_names))}
    assert ids.isdisjoint(Rules(linter).msgs)


def test_every_rule_that_looks_at_files_has_a_message(linter: PyLinter) -> None:
    declared = Rules(linter).msgs
    names = {msgid: symbol for msgid, (_, symbol, *_) in declared.items()}
    assert len(set(names.values())) == len(names)
    wanted = {id_of(rule, ()) for rule in RULES if rule.about != "configuration"}
    assert wanted == names.keys() - {"F9000", "W9000"}
    assert (names["W9101"], names["E9001"], names["E9002"], names["W9901"]) == (
        *("forbidden-import", "ssot-syntax-error"),
        *("undecodable-source", "unused-suppression"),
    )


def test_ids_of_rules_of_plugins_are_free_and_always_the_same() -> None:
    rule = replace(RULE_BY_ID["forbidden-import"], id="no-good", code="OUR123")
    assert id_of(rule, ()) == "W6192"
    assert id_of(rule, {"W6192", "W6193"}) == "W6194"
    numbers = [id_of(replace(rule, code=f"OUR{number:03}"), ()) for number in range(1000)]
    assert min(numbers) >= "W5100"
    assert max(numbers) <= "W8999"


def test_is_loaded_by_the_configuration_of_pylint_as_documented(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.pylint.main]\nload-plugins = ["ssot_lint.integrations.pylint"]\n'
    )
    done = run_pylint(project, *OURS_ALONE, "app/wide.py", load="--rcfile=pyproject.toml")
    assert "W9101" in done.stdout

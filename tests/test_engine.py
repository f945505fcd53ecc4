"""The pipeline on real trees: partial runs, standard input, options of every instance, snippets."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from ssot_lint import engine
from ssot_lint.config import ConfigError, load, parse
from ssot_lint.engine import Result, lint_texts
from ssot_lint.files import UsageError
from ssot_lint.finding import Finding

CONFIG = """\
exclude = ["old/"]
[[forbidden-import]]
name = "http"
targets = ["requests"]
allow-in = ["app/http.py"]
[[duplicate-class]]
[[forbidden-import]]
targets = ["nothing"]
paths = ["nowhere/"]
"""
BODY = "\n".join(f"    value_{number} = [{number}, other]" for number in range(12))
FILES = {
    "ssot-lint.toml": CONFIG,
    "app/__init__.py": "",
    "app/http.py": "from requests import get\nimport requests\n",
    "app/compat.py": "import requests\n",
    "app/orders.py": f"from app.compat import requests\nclass Orders:\n{BODY}\n",
    "app/broken.py": "class (\n",
    "lib/copy.py": f"class Orders:\n{BODY}\n",
    "lib/quiet.py": "import requests  # ssot: allow forbidden-import -- soon\n",
    "lib/stub.pyi": "import requests\n",
    "old/attic.py": "import requests\n",
    "bin/tool": "#!/usr/bin/env python3\nimport requests\n",
}


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with findings of every kind, as the working folder."""
    write(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(root: Path, *paths: str, stdin: tuple[str, bytes] | None = None) -> Result:
    return engine.lint(load(None, root), paths, stdin=stdin)


def about_source(result: Result) -> list[Finding]:
    return [finding for finding in result.findings if finding.path != "ssot-lint.toml"]


def lint_text(config: str, **files: str) -> list[tuple[str, int]]:
    texts = {f"{name.replace('__', '/')}.py": text.encode() for name, text in files.items()}
    result = lint_texts(parse(config), texts)
    return [(finding.path, finding.span.line) for finding in result.findings]


# the whole and its parts


def test_whole_run_finds_what_is_there_and_no_more(project: Path) -> None:
    result = lint(project)
    assert [(finding.path, finding.span.line, finding.rule) for finding in result.findings] == [
        ("app/broken.py", 1, "syntax-error"),
        ("app/compat.py", 1, "forbidden-import"),
        ("app/orders.py", 1, "forbidden-import"),
        ("app/orders.py", 2, "duplicate-class"),
        ("lib/copy.py", 1, "duplicate-class"),
        ("lib/stub.pyi", 1, "forbidden-import"),
        ("ssot-lint.toml", 7, "idle-rule"),
    ]
    assert (result.files, result.suppressed) == (8, 1)


@pytest.mark.parametrize(
    "paths",
    [
        ["app"],
        ["lib"],
        ["app/orders.py"],
        ["lib/copy.py", "app/compat.py"],
        ["app", "app/orders.py", "./app/../app"],
        ["app/__init__.py"],
        ["lib/quiet.py", "lib/stub.pyi"],
    ],
    ids=" ".join,
)
def test_part_of_the_project_has_exactly_its_findings_of_the_whole(project: Path, paths: list[str]) -> None:
    named = tuple(Path(path).resolve().relative_to(project.resolve()).as_posix() for path in paths)
    whole = about_source(lint(project))
    part = lint(project, *paths)
    assert list(part.findings) == [
        each for each in whole if any(each.path == name or each.path.startswith(f"{name}/") for name in named)
    ]


def test_naming_all_of_the_project_is_the_whole_run(project: Path) -> None:
    assert lint(project, ".").findings == lint(project).findings


def test_same_answers_from_any_working_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lint(project).findings
    monkeypatch.chdir(project / "lib")
    assert lint(project).findings == whole
    assert {finding.path for finding in lint(project, "copy.py").findings} == {"lib/copy.py"}


def test_script_is_linted_when_it_is_named(project: Path) -> None:
    assert [(each.path, each.rule) for each in lint(project, "bin/tool").findings] == [
        ("bin/tool", "forbidden-import")
    ]


def test_excluded_file_stays_out_with_a_note(project: Path) -> None:
    result = lint(project, "old/attic.py")
    assert (result.findings, result.files) == ((), 0)
    assert result.notes == ("old/attic.py is left out: it is excluded by the configuration",)


@pytest.mark.parametrize("path", ["gone.py", "..", "ssot-lint.toml/x.py", ""])
def test_path_that_cannot_be_linted_is_a_mistake(project: Path, path: str) -> None:
    with pytest.raises(UsageError):
        lint(project, path)


def test_nothing_but_the_configuration_is_needed(tmp_path: Path) -> None:
    assert lint(tmp_path).findings == ()
    assert lint(tmp_path).files == 0


# standard input


@pytest.mark.parametrize("path", ["app/orders.py", "app/new.py", "app/broken.py", "lib/copy.py"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import requests\n", id="a finding"),
        pytest.param("", id="nothing"),
        pytest.param("class (\n", id="no Python"),
        pytest.param("x = '\\ud800'\nimport requests  # ssot: allow SST101 -- x\n", id="surrogate"),
        pytest.param(f"import requests\r\nclass Orders:\n{BODY}\n", id="a copy"),
        pytest.param("\ufeffimport requests\n", id="byte order mark"),
    ],
)
def test_standard_input_is_what_the_same_text_on_disk_would_be(project: Path, path: str, text: str) -> None:
    overlaid = lint(project, stdin=(path, text.encode()))
    assert overlaid.files == 1
    (project / path).write_bytes(text.encode())
    assert overlaid.findings == lint(project, path).findings


def test_standard_input_leaves_no_trace_in_the_cache(project: Path) -> None:
    before = lint(project).findings
    lint(project, stdin=("app/orders.py", b"class ("))
    assert lint(project).findings == before


# what every instance can be told

TYPE_CHECKING = (
    "from typing import TYPE_CHECKING\n"
    "import requests\n"
    "if TYPE_CHECKING:\n"
    "    import requests\n"
    "else:\n"
    "    import requests\n"
    "if not TYPE_CHECKING:\n"
    "    import requests\n"
)


@pytest.mark.parametrize(
    ("choice", "lines"), [("same", [2, 4, 6, 8]), ("allow", [2, 6, 8]), ("only", [4])], ids=str
)
def test_type_checking_decides_about_code_for_type_checkers(choice: str, lines: list[int]) -> None:
    config = f'[[forbidden-import]]\ntargets = ["requests"]\ntype-checking = "{choice}"\n'
    assert [line for _, line in lint_text(config, app=TYPE_CHECKING)] == lines


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        pytest.param("", ["a/b.py", "a/c.py", "d.py"], id="all"),
        pytest.param('paths = ["a/"]', ["a/b.py", "a/c.py"], id="paths"),
        pytest.param('exclude = ["a/"]', ["d.py"], id="exclude"),
        pytest.param('allow-in = ["c.py", "d.py"]', ["a/b.py"], id="allow-in"),
        pytest.param('paths = ["a/"]\nexclude = ["b.py"]', ["a/c.py"], id="paths and exclude"),
        pytest.param('paths = ["*", "!d.py"]', ["a/b.py", "a/c.py"], id="paths with an exception"),
    ],
)
def test_instance_looks_at_its_paths(options: str, paths: list[str]) -> None:
    config = f'[[forbidden-import]]\ntargets = ["requests"]\n{options}\n'
    text = "import requests\n"
    assert [path for path, _ in lint_text(config, a__b=text, a__c=text, d=text)] == paths


def test_allowed_place_may_hand_the_thing_on_and_an_excluded_one_may_not() -> None:
    files = {"door": "import requests\n", "user": "from door import requests\n"}
    table = '[[forbidden-import]]\ntargets = ["requests"]\n'
    assert lint_text(f'{table}allow-in = ["door.py"]\n', **files) == []
    assert lint_text(f'{table}exclude = ["door.py"]\n', **files) == [("user.py", 1)]


def test_finding_carries_name_severity_use_and_reason() -> None:
    config = (
        '[[forbidden-import]]\nname = "http"\ntargets = ["requests"]\nseverity = "warning"\n'
        'use = "app.http"\nreason = "one client"\n'
    )
    (finding,) = lint_texts(parse(config), {"a.py": b"def f():\n    import requests\n"}).findings
    assert (finding.name, finding.severity, finding.scope) == ("http", "warning", "f")
    assert finding.message == "`requests` is forbidden here; use `app.http` (one client)"


def test_fingerprint_survives_lines_above_and_tells_scopes_apart() -> None:
    config = parse('[[forbidden-import]]\ntargets = ["requests"]\n')

    def prints(text: str) -> list[str]:
        return [each.fingerprint for each in lint_texts(config, {"a.py": text.encode()}).findings]

    text = "def f():\n    import requests\ndef g():\n    import requests\n"
    assert prints("# above\n\n" + text) == prints(text)
    assert len(set(prints(text))) == 2


# snippets

TABLE = '[[forbidden-import]]\nname = "http"\ntargets = ["requests"]\n'


@pytest.mark.parametrize(
    "snippets",
    [
        'bad = ["import requests"]',
        'bad = ["from requests import get\\n", "import requests.adapters"]\ngood = ["import os", ""]',
        "good = [\"x = 'import requests'\"]",
        'bad = ["import requests  # ssot: allow forbidden-import -- x"]',
    ],
)
def test_snippets_that_behave_say_nothing(snippets: str) -> None:
    assert lint_text(f"{TABLE}{snippets}\n", a="import os\n") == []


@pytest.mark.parametrize(
    ("snippets", "message"),
    [
        pytest.param(
            'bad = ["import requests", "import os"]', "nothing is found in `bad` snippet 2", id="bad"
        ),
        pytest.param(
            'good = ["import requests"]', "`good` snippet 1 is found fault with: `requests`", id="good"
        ),
        pytest.param('bad = ["class ("]', "`bad` snippet 1 is no Python", id="no Python"),
        pytest.param('good = ["x = 1", "\\u0000"]', "`good` snippet 2 is no Python", id="no text"),
    ],
)
def test_snippet_that_does_not_behave_is_a_mistake_that_names_it(snippets: str, message: str) -> None:
    with pytest.raises(ConfigError, match="forbidden-import instance `http`: ") as caught:
        lint_text(f"{TABLE}{snippets}\n", a="import os\n")
    assert message in str(caught.value)


HOME = "# file: app/http.py\\nimport requests\\n"
PLACED = {
    "in a file that the instance covers": ('bad = ["# file: app/a.py\\nimport requests"]', ""),
    "in a file where it is allowed": (f'good = ["{HOME}"]', ""),
    "through another file": (f'good = ["{HOME}# file: app/b.py\\nfrom app.http import requests"]', ""),
    "in a file beyond its paths": ('bad = ["# file: b.py\\nimport requests"]', "nothing is found in `bad`"),
    "a heading that is none": ('bad = ["import requests\\n# file: b.py\\n"]', ""),
    "no Python": ('good = ["# file: app/a.py\\nclass ("]', "`good` snippet 1 is no Python"),
}


@pytest.mark.parametrize(("snippets", "message"), PLACED.values(), ids=PLACED.keys())
def test_snippets_can_stand_at_paths(snippets: str, message: str) -> None:
    table = (
        'forbidden-import = { targets = ["requests"], paths = ["app/"], allow-in = ["app/http.py"], %s }\n'
    )
    if message:
        with pytest.raises(ConfigError, match=re.escape(message)):
            lint_texts(parse(table % snippets), {"app/a.py": b""})
    else:
        assert lint_texts(parse(table % snippets), {"app/a.py": b""}).findings == ()


def test_file_named_like_a_snippet_is_a_file_like_any_other() -> None:
    texts = {"<bad 1>.py": b"import os\n", "<good 1>.py": b"import requests\n"}
    config = parse(f'{TABLE}bad = ["import requests"]\ngood = ["import os"]\n')
    assert [each.path for each in lint_texts(config, texts).findings] == ["<good 1>.py"]


# git


def test_ignored_files_are_no_part_of_the_answer(project: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    (project / ".gitignore").write_text("lib/\n")
    assert {each.rule for each in lint(project).findings if each.path == "app/orders.py"} == {
        "forbidden-import"
    }
    assert lint(project).files == 5


def test_named_configuration_means_everything(tmp_path: Path) -> None:
    (tmp_path / "ssot-lint.toml").write_text('[[forbidden-import]]\ntargets = ["requests"]\n')
    (tmp_path / "a.py").write_text("import requests\n")
    result = engine.lint(load(None, tmp_path), [str(tmp_path / "ssot-lint.toml")])
    assert [finding.path for finding in result.findings] == ["a.py"]


def test_excluded_file_is_left_out_from_standard_input_too(tmp_path: Path) -> None:
    (tmp_path / "ssot-lint.toml").write_text('exclude = ["old/"]\n')
    result = engine.lint(load(None, tmp_path), stdin=("old/a.py", b"x = (\n"))
    assert result.findings == ()
    assert result.notes == ("old/a.py is left out: it is excluded by the configuration",)

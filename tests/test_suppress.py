"""Suppression comments, as a user writes them and as the engine takes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ssot_lint.config import parse
from ssot_lint.engine import Result, lint_texts

CONFIG = '[[forbidden-import]]\ntargets = ["requests"]\n'
ALLOW = "# ssot: allow forbidden-import -- moved next week"


def lint(text: str, config: str = CONFIG, path: str = "ssot-lint.toml") -> Result:
    return lint_texts(parse(config, path), {"app.py": text.encode()})


def rules(result: Result) -> list[str]:
    return [finding.rule for finding in result.findings if finding.path == "app.py"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"import requests  {ALLOW}\n", id="on the line"),
        pytest.param(f"{ALLOW}\nimport requests\n", id="on its own line above"),
        pytest.param(f"def f():\n    {ALLOW}\n    import requests\n", id="on an indented line above"),
        pytest.param(f"{ALLOW}\n\nimport requests\n", id="above an empty line"),
        pytest.param(f"from requests import (  {ALLOW}\n    get,\n)\n", id="multi-line: on the first line"),
        pytest.param("import requests  # noqa  # ssot: allow forbidden-import -- x\n", id="behind another"),
        pytest.param("import requests  # ssot: allow SST101 -- by code\n", id="by code"),
        pytest.param(
            "import requests  # ssot: allow missing-base, forbidden-import -- x\n", id="several rules"
        ),
        pytest.param(
            "import requests  # ssot: allow missing-base,SST101 -- x\n", id="several, without a space"
        ),
        pytest.param("import requests  #ssot:allow forbidden-import -- x\n", id="without spaces"),
        pytest.param(
            "# ssot: allow-file forbidden-import -- x\n\n\nimport requests\n", id="for the whole file"
        ),
        pytest.param(
            "import requests\n# ssot: allow-file SST101 -- x\n", id="for the whole file, at its end"
        ),
        pytest.param(
            f"from requests import (\n    get,  {ALLOW}\n)\n", id="multi-line: on the line of the name"
        ),
        pytest.param(f"import requests  {ALLOW}\r\n", id="before CRLF"),
        pytest.param(f"import requests  {ALLOW}", id="without a line end"),
        pytest.param(f"\ufeffimport requests  {ALLOW}\n", id="behind a byte order mark"),
    ],
)
def test_comment_takes_the_finding_away(text: str) -> None:
    result = lint(text)
    assert rules(result) == []
    ((finding, reason),) = result.allowed
    assert finding.rule == "forbidden-import"
    assert reason == text.partition(" -- ")[2].partition("\n")[0].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f'HELP = "{ALLOW}"; import requests\n', ["forbidden-import"], id="in a string on the line"
        ),
        pytest.param(f'"""\n{ALLOW}\n"""\nimport requests\n', ["forbidden-import"], id="in a docstring"),
        pytest.param(
            f"import requests\n{ALLOW}\n", ["forbidden-import", "unused-suppression"], id="on the line below"
        ),
        pytest.param(
            f"x = 1  {ALLOW}\nimport requests\n",
            ["unused-suppression", "forbidden-import"],
            id="above, beside other code",
        ),
        pytest.param(
            "import requests  # ssot: allow syntax-error -- x\n",
            ["forbidden-import", "unused-suppression"],
            id="of another rule",
        ),
        pytest.param(
            "import requests  # ssot: allow forbidden -- x\n",
            ["forbidden-import", "unused-suppression"],
            id="of no rule",
        ),
        pytest.param(
            "import requests  # ssot: allow -- x\n",
            ["forbidden-import", "unused-suppression"],
            id="of nothing",
        ),
        pytest.param(
            "import requests  # ssot: allowed forbidden-import\n", ["forbidden-import"], id="misspelt"
        ),
    ],
)
def test_comment_without_effect(text: str, expected: list[str]) -> None:
    result = lint(text)
    assert rules(result) == expected
    assert result.suppressed == 0


def test_one_comment_takes_away_all_findings_of_its_line() -> None:
    result = lint(f"import requests, requests.adapters  {ALLOW}\n")
    assert rules(result) == []
    assert result.suppressed == 2


def test_comment_takes_away_its_own_rule_alone() -> None:
    config = CONFIG + '[[forbidden-import]]\nname = "other"\ntargets = ["httpx"]\n'
    text = "import requests, httpx  # ssot: allow forbidden-import -- both\nimport httpx\n"
    result = lint(text, config)
    assert [(finding.name, finding.span.line) for finding in result.findings] == [("other", 2)]


def test_comment_without_a_reason_works_and_is_a_finding() -> None:
    result = lint("import requests  # ssot: allow forbidden-import\n")
    assert rules(result) == ["reasonless-suppression"]
    assert result.suppressed == 1


@pytest.mark.parametrize(
    ("inline", "comment", "expected"),
    [
        ("allow", "-- why", []),
        ("allow", "", ["reasonless-suppression"]),
        ("reason", "-- why", []),
        ("reason", "", ["forbidden-import", "reasonless-suppression"]),
        ("reason", "--", ["forbidden-import", "reasonless-suppression"]),
        ("deny", "-- why", ["forbidden-import"]),
    ],
)
def test_instance_says_whether_comments_have_effect(inline: str, comment: str, expected: list[str]) -> None:
    result = lint(
        f"import requests  # ssot: allow forbidden-import {comment}\n", f'{CONFIG}inline = "{inline}"\n'
    )
    assert sorted(rules(result)) == sorted(expected)


def test_named_instances_of_one_rule_each_have_their_say() -> None:
    config = (
        '[[forbidden-import]]\nname = "lax"\ntargets = ["httpx"]\n'
        '[[forbidden-import]]\nname = "firm"\ntargets = ["requests"]\ninline = "deny"\n'
    )
    result = lint(f"import httpx  {ALLOW}\nimport requests  {ALLOW}\n", config)
    assert [f.name for f in result.findings if f.rule == "forbidden-import"] == ["firm"]


def test_file_that_does_not_parse_can_be_allowed_above_its_fault() -> None:
    result = lint("# ssot: allow-file syntax-error -- a template\nclass (\n")
    assert rules(result) == []
    assert result.suppressed == 1


def test_file_that_does_not_parse_has_no_unused_comments() -> None:
    assert rules(lint(f"{ALLOW}\nimport requests\nclass (\n")) == ["syntax-error"]


def test_comment_for_a_rule_that_this_run_leaves_out_is_not_unused() -> None:
    config = parse(CONFIG, "ssot-lint.toml")
    left_out = tuple(each for each in config.instances if each.rule.id != "forbidden-import")
    run = replace(config, ignore=("forbidden-import",), instances=left_out)
    text = f"import requests  {ALLOW}\nimport re  # ssot: allow SST101 -- x\n"
    assert lint_texts(run, {"app.py": text.encode()}).findings == ()
    assert [f.rule for f in lint_texts(config, {"app.py": text.encode()}).findings] == ["unused-suppression"]


def test_unused_suppression_can_itself_not_be_hidden_by_the_comment() -> None:
    assert rules(lint("x = 1  # ssot: allow unused-suppression -- hide me\n")) == ["unused-suppression"]

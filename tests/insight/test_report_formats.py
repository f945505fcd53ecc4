"""Every form of the report, for a small project and for one whose names would harm whoever shows them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from report_project import NOW, project, taken
from scratch import Repository

from ssot_lint.insight import documents
from ssot_lint.insight.figures import Change, Figures
from ssot_lint.insight.report import sections
from ssot_lint.insight.report.formats import FORMATS, comment, render, terminal
from ssot_lint.insight.report.formats.csv import guarded

EVIL = "<img src=x onerror=alert(1)>|`a`*b*[c](javascript:d)\u202e\x1b[31m\n@team #12 https://e.org"
TAGS = {"p", "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "a", "code", "details", "summary"}
TAGS |= {"pre", "strong", "ul", "li"}


def link(path: str, line: int) -> str | None:
    return f"https://example.org/{path}#L{line}"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Figures]:
    with project(tmp_path_factory.mktemp("formats") / "shop") as repository:
        yield taken(repository.folder)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """The figures of a project in which everything that can have a harmful name has one."""
    name = EVIL.replace("/", "_")
    texts = {
        "ssot-lint.toml": (
            '[[forbidden-import]]\ntargets = ["requests"]\n'
            f"reason = {json.dumps(EVIL)}\n"
            f'[[gate]]\nname = "g"\nreason = {json.dumps(EVIL)}\nconditions = [{{ max = 0 }}]\n'
        ),
        "CODEOWNERS": "* @<b>|`x` =cmd()\n",
        f"=cmd()|{name}.py": "import requests\n",
        f"{name}/{name}.py": "import requests\nclass Big:\n" + "    x = '```' '</details><script>'\n" * 12,
        f"{name}/b.py": "class Big:\n" + "    x = '```' '</details><script>'\n" * 12,
        f"{name}/broken.py": "x = (\n",
    }
    repository = Repository(tmp_path_factory.mktemp("hostile") / "shop", texts)
    repository.commit()
    found = taken(repository.folder)
    return found._replace(
        project=EVIL, notes=(EVIL,), change=Change(EVIL, "0" * 40, found.findings, found.findings)
    )


class Tags(HTMLParser):
    """Collects the tags and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for key, value in attrs if key in ("href", "src")]
        assert {key for key, _ in attrs} <= {"href", "style", "class"}, attrs


@pytest.mark.parametrize("name", ["markdown", "comment"])
def test_markdown_is_inert(hostile: Figures, figures: Figures, name: str) -> None:
    for each in (hostile, figures):
        text = render(name, each, link)
        page = Tags(MarkdownIt("commonmark").enable(["table"]).render(text))
        assert set(page.tags) <= TAGS
        assert all(address.startswith("https://example.org/") for address in page.addresses)
        assert page.addresses
        assert page.tags.count("details") == text.count("<details>") == text.count("</details>\n")
        assert not any(word in text.replace("&#64;", "@") for word in (" @team", " #12"))


def test_markdown_tables_have_as_many_cells_as_columns(hostile: Figures) -> None:
    page = MarkdownIt("commonmark").enable(["table"]).render(render("markdown", hostile, link))
    tables = page.split("<table>")[1:]
    assert len(tables) == sum(1 for _ in sections.sections(hostile, 25))
    for table in tables:
        columns = table.count("<th") - table.count("<thead")
        rows = table.split("</table>")[0].split("<tr>")[2:]
        assert {row.count("<td") for row in rows} == {columns}


@pytest.mark.parametrize("name", [*FORMATS.keys() - {"html"}])
def test_no_format_lets_control_characters_through(hostile: Figures, name: str) -> None:
    text = render(name, hostile, link)
    text.encode()
    assert text.endswith("\n")
    assert all(line.isprintable() for line in text.replace("&#8203;", "").split("\n"))


@pytest.mark.parametrize("colour", [False, True])
def test_terminal_shows_the_same_numbers(hostile: Figures, figures: Figures, colour: bool) -> None:
    shown = terminal.render(figures, width=100, colour=colour)
    assert ("\x1b[1m" in shown) is colour
    assert "clean files" in shown and "forbidden-import" in shown
    assert "\u202e" not in terminal.render(hostile, width=100, colour=False)
    assert "\x1b" not in terminal.render(hostile, width=100, colour=False)
    assert max(map(len, terminal.render(hostile, width=100, colour=False).split("\n"))) <= 100


def test_documentation_shows_what_is_printed(figures: Figures) -> None:
    page = (Path(__file__).parents[2] / "docs/report.md").read_text(encoding="utf-8")
    shown = page.partition("```text\n")[2].partition("```")[0]
    text = re.sub(r" at [0-9a-f]+,", " at 1ac07aa,", render("text", figures, link))
    text = re.sub(r"judged by Python \S+", "judged by Python 3.11", text)
    assert text.startswith(shown)
    assert shown.count("\n") > 40


def test_csv_has_every_finding_once(figures: Figures) -> None:
    rows = list(csv.DictReader(render("csv", figures, link).splitlines()))
    assert [(row["path"], row["rule"], row["state"]) for row in rows] == [
        (each.path, each.rule, each.state) for each in figures.findings
    ]
    kept = next(row for row in rows if row["path"] == "lib/kept.py")
    assert kept["owners"] == "'@platform @infra"
    assert (kept["since"], kept["days"], kept["batch_owner"], kept["expires"]) == (
        "2026-01-05",
        "56",
        "ada",
        "2026-02-28",
    )
    assert kept["link"] == "https://example.org/lib/kept.py#L1"
    waived = next(row for row in rows if row["path"] == "app/waived.py")
    assert (waived["reason"], waived["since"]) == ("a vendor asks for it", "")


def test_csv_runs_no_formula(hostile: Figures) -> None:
    rows = list(csv.reader(render("csv", hostile, link).splitlines()))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert any(cell.startswith("'=cmd()") for row in rows for cell in row)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        (" =1", "' =1"),
        ("\t=1", "\\u0009=1"),
        ("a=1", "a=1"),
        (-1, -1),
        ("", ""),
    ],
)
def test_guard(cell: str | int, written: str | int) -> None:
    assert guarded(cell) == written


def test_json_is_what_the_schema_says(figures: Figures, hostile: Figures) -> None:
    schema = json.loads(documents.FILES[Figures].read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(closed(schema))
    for each in (figures, hostile):
        document = json.loads(render("json", each, link))
        validator.validate(document)
        assert document["totals"]["clean"] == each.totals.clean
        assert len(document["findings"]) == len(each.findings)
        assert document["taken"] == NOW.isoformat()


def closed(schema: object) -> object:
    """The schema, with no room for keys that it does not name."""
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema:
            schema["additionalProperties"] = False
    return [closed(each) for each in schema] if isinstance(schema, list) else schema


def test_schema_rejects_what_is_missing(figures: Figures) -> None:
    document = json.loads(render("json", figures, link))
    del document["totals"]["clean"]
    assert not Draft202012Validator(json.loads(documents.FILES[Figures].read_text())).is_valid(document)


def test_comment_is_short_whatever_the_tree(figures: Figures) -> None:
    long = figures._replace(
        project=EVIL * 100,
        gates=tuple(gate._replace(name="@" * 5000, reason=EVIL * 99) for gate in figures.gates * 300),
        notes=(EVIL * 1000,) * 500,
        change=Change(EVIL * 1000, "", figures.findings * 5000, figures.findings),
        owners=tuple(owner._replace(name=EVIL * 500) for owner in figures.owners * 200),
        folders=tuple(folder._replace(path="d" * 4000) for folder in figures.folders * 500),
    )
    text = render("comment", long, lambda path, line: f"https://example.org/{path * 500}/{line}")
    assert len(text) <= comment.LONGEST < 65_536
    assert len(text.encode()) < 65_536
    assert "Too long for a comment: " in text
    assert text.startswith(comment.MARK)


def test_comment_says_first_what_the_change_does(figures: Figures) -> None:
    brought = tuple(each for each in figures.findings if each.state == "new")
    changed = figures._replace(change=Change("origin/main", "0" * 40, brought, ()))
    text = render("comment", changed, lambda path, line: f"{path}#L{line}")
    head, _, rest = text.partition("###")
    assert "Since <code>origin/main</code> it brings **1 finding** and mends **0 findings**." in head
    assert rest.startswith(" Brought since origin/main: 1 finding\n")
    assert "](" not in text, "links that lead nowhere are left out"


def test_page_is_made_by_the_same_door(figures: Figures) -> None:
    pytest.importorskip("jinja2")
    assert render("html", figures, link).lstrip().lower().startswith("<!doctype html>")


def test_what_is_mended_is_not_linked(figures: Figures) -> None:
    changed = figures._replace(change=Change("origin/main", "0" * 40, (), figures.findings[:1]))
    text = render("comment", changed, link)
    mended = text.partition("Mended since origin/main: 1 finding")[2].partition("</details>")[0]
    assert f"| {figures.findings[0].path}:{figures.findings[0].span.line} | " in mended
    assert "](" not in mended
    assert "](<https://example.org/" in text

"""The page of a report, without a browser: what is in it, and that it is inert."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import page_samples as samples
import pytest

from ssot_lint.insight import page
from ssot_lint.insight.page.safe_links import safe
from ssot_lint.insight.report.formats import Link
from ssot_lint.reports import neutral


class Parsed(HTMLParser):
    """The tags of a page with their attributes, and the texts of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in self.raw:
            self.raw[self.cdata_elem][-1] += data

    @property
    def data(self) -> Any:
        """What the scripts of the page read."""
        return json.loads(self.raw["script"][0])

    @property
    def links(self) -> list[str]:
        """The addresses that the page leads to."""
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]

    @property
    def sections(self) -> list[str | None]:
        """The ids of the sections."""
        return [attributes["id"] for tag, attributes in self.tags if tag == "section"]


def always(address: str) -> Link:
    """The same address for every line."""

    def link(path: str, line: int) -> str:
        return address

    return link


def test_sections_are_in_the_order_of_use() -> None:
    shown = Parsed(page.render(samples.figures(), samples.link)).sections
    assert shown == [
        "totals", "change", "gates", "rules", "folders", "owners", "ages", "causes", "clusters", "symbols",
        "uncollected", "trend", "findings", "notes",
    ]  # fmt: skip


def test_what_is_empty_is_left_out_and_told() -> None:
    text = page.render(samples.empty(), samples.no_link)
    assert Parsed(text).sections == ["totals", "notes"]
    assert "There are no files to look at." in text
    assert "No section <q>Gates</q>: the configuration has none" in text


def test_same_figures_give_the_same_bytes() -> None:
    command = "import page_samples as s; from ssot_lint.insight import page; print(page.render(s.figures(), s.link), end='')"
    runs = [
        subprocess.run([sys.executable, "-c", command], capture_output=True, check=True, cwd=Path(__file__).parents[1],
                       env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "PYTHONPATH": ":".join(sys.path)}).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0] == runs[1] == page.render(samples.figures(), samples.link).encode()


def test_data_is_small_and_whole() -> None:
    found = Parsed(page.render(samples.figures(), samples.link)).data["findings"]
    rows = list(zip(*(found[key] for key in ("path", "line", "rule", "state", "message"))))
    assert len(rows) == len(samples.FINDINGS)
    for (path, line, rule, state, message), finding in zip(rows, samples.FINDINGS):
        assert found["paths"][path] == finding.path
        assert f"{found['stems'][path]}{line}" == samples.link(finding.path, finding.span.line)
        assert found["rules"][rule][:2] == [finding.rule, finding.code]
        assert found["states"][state] == finding.state
        assert found["messages"][message].startswith(finding.message)
        assert [found["owners"][owner] for owner in found["owned"][path]] == list(
            samples.figures().owned.get(finding.path, ())
        )


def test_addresses_that_do_not_end_in_the_line_are_kept_whole() -> None:
    found = Parsed(
        page.render(samples.figures(), lambda path, line: f"?path={path}&line={line}&end={line}x")
    ).data
    assert found["findings"]["stems"] == [None] * 4
    assert found["findings"]["addresses"]["2"] == "?path=tests/api/test_cart.py&line=20&end=20x"


def test_numbers_of_gates_are_written_as_all_others() -> None:
    plain = samples.figures()
    (gate,) = plain.gates
    taken = gate.conditions[0].taken._replace(
        now="12345", distance="10345 too many", numbers={"allowed": 4321}
    )
    measured = gate.conditions[0]._replace(wanted="<= 2000", taken=taken)
    shares = gate.conditions[1]._replace(wanted=">= 50.12345 %")
    text = page.render(plain._replace(gates=(gate._replace(conditions=(measured, shares)),)), samples.no_link)
    for written in ("12,345", "10,345 too many", "+4,321", "&lt;= 2,000", "&gt;= 50.12345 %"):
        assert f">{written}</" in text


def test_places_of_what_is_mended_are_not_linked() -> None:
    plain = samples.figures()
    assert plain.change is not None and plain.change.mended
    place = plain.change.mended[0]
    address = samples.link(place.path, place.span.line)
    assert address not in Parsed(page.render(plain, samples.link)).links
    brought = plain._replace(change=plain.change._replace(brought=plain.change.mended))
    assert address in Parsed(page.render(brought, samples.link)).links


def test_policy_names_each_script_and_style_and_nothing_else() -> None:
    parsed = Parsed(page.render(samples.hostile(), samples.link))
    policy = next(
        tag["content"] for name, tag in parsed.tags if tag.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    digests = {
        kind: [
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts
        ]
        for kind, texts in parsed.raw.items()
    }
    assert parts.pop("script-src").split() == digests["script"][1:]  # the first is data
    assert parts.pop("style-src").split() == digests["style"]
    assert parts == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_hostile_texts_bring_no_element_and_no_attribute() -> None:
    plain, bad = (
        Parsed(page.render(each, samples.no_link)) for each in (samples.figures(), samples.hostile())
    )
    names = [{(tag, *attributes) for tag, attributes in parsed.tags} for parsed in (plain, bad)]
    assert names[1] <= names[0]


def test_every_hostile_text_is_spelled_out() -> None:
    text = page.render(samples.hostile(), samples.link)
    assert neutral(text.replace("\n", "")) == text.replace("\n", "")
    assert Parsed(text).data["findings"]["paths"][0] == neutral(samples.HOSTILE)
    text.encode()


def test_data_cannot_end_its_element() -> None:
    data = re.search(r'id="data">(.*?)</script>', page.render(samples.hostile(), samples.link), re.DOTALL)
    assert data is not None
    assert not re.search("[<>&\u2028\u2029]", data[1])


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//elsewhere.example/x",
        "\\\\elsewhere.example/x",
        "/\\elsewhere.example/x",
        "https:///x",
        "https://git.example/\u202egnp",
        "https://git.example/\ud800",
    ],
)
def test_unsafe_addresses_are_not_linked(address: str) -> None:
    assert safe(always(address))("a.py", 1) is None
    parsed = Parsed(page.render(samples.figures(), always(address)))
    assert not [link for link in parsed.links if not link.startswith("#")]
    assert set(parsed.data["findings"]["stems"]) == {None}
    assert not parsed.data["findings"]["addresses"]


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/a.py#L1",
        "HTTP://git.example/a.py#L1",
        "a.py#L1",
        "../a.py#L1",
        "/a.py",
        "a/b:c.py",
        "./x:y",
    ],
)
def test_addresses_of_the_web_and_relative_ones_are_linked(address: str) -> None:
    assert safe(always(address))("a.py", 1) == address


def test_lines_go_through_jumps() -> None:
    data = Parsed(page.render_trend("shop", samples.trend())).data
    series = {each["title"]: each for each in data["trend"]["series"]}
    assert series["syntax-error"]["points"] == [
        [12, 0, False, "", None],
        [341, 1, False, "", None],
        [335, 2, True, "just before eeeeeee, merged later", None],
        [790, 2, True, "on 2025-09-02 (eeeeeee, merged later)", [0, "eeeeeee", "+455"]],
        [809, 2, False, "on 2025-09-03 (3333333)", [1, "3333333", "+468"]],
        [564, 3, False, "", None],
    ]
    assert "files that do not compile" not in series  # syntax-error says the same, and more
    assert "env-access" not in series  # it never found anything


def test_time_never_goes_back() -> None:
    trend = samples.trend()
    early = trend.samples[2]._replace(time=samples.noon(1))  # the clock of another machine
    page_of_it = page.render_trend(
        "shop", trend._replace(samples=(*trend.samples[:2], early, trend.samples[3]))
    )
    times = Parsed(page_of_it).data["trend"]["times"]
    assert times == [samples.noon(day).timestamp() * 1000 for day in (1, 2, 2, 4)]


def test_a_missing_template_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from ssot_lint.files import UsageError

    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(UsageError, match=r"pip install 'ssot-lint\[report\]'"):
        page.render(samples.figures(), samples.link)


def test_backquotes_mark_code_and_nothing_else() -> None:
    text = page.render(samples.figures()._replace(notes=("`<b>` is ` lone", "a `` b")), samples.no_link)
    assert "<li><code>&lt;b&gt;</code> is ` lone</li>" in text
    assert "<li>a `` b</li>" in text

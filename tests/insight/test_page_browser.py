"""The page of a report in a real browser: it shows, filters, sorts and links, asks for nothing, and stays inert."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import page_samples as samples
import pytest
from page_browser import Browser, browser

from ssot_lint.insight import page
from ssot_lint.insight.figures import Figures
from ssot_lint.reports import neutral


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        if isinstance(started, str):
            pytest.skip(started)
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of all samples, by name."""
    texts = {
        "plain": page.render(samples.figures(), samples.link),
        "empty": page.render(samples.empty(), samples.no_link),
        "hostile": page.render(samples.hostile(), samples.link),
        "large": page.render(samples.large(10_000), samples.link),
        "trend": page.render_trend("shop", samples.trend()),
        "hostile trend": page.render_trend(samples.HOSTILE, samples.hostile().trend or samples.trend()),
        "empty trend": page.render_trend("shop", samples.trend()._replace(samples=(), jumps=())),
    }
    folder = tmp_path_factory.mktemp("pages")
    written = {name: folder / f"{name}.html" for name in texts}
    for name, text in texts.items():
        written[name].write_text(text, encoding="utf-8", newline="")
    return written


@pytest.fixture
def shop(chromium: Browser, pages: dict[str, Path]) -> Browser:
    """A browser that shows the plain page."""
    chromium.open(pages["plain"])
    return chromium


NAMES = ("plain", "empty", "hostile", "large", "trend", "hostile trend", "empty trend")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_page_asks_for_nothing_and_logs_nothing(
    chromium: Browser, pages: dict[str, Path], name: str, dark: bool
) -> None:
    chromium.open(pages[name], dark=dark)
    chromium.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert chromium.errors() == []
    assert chromium.requests() == [pages[name].as_uri()]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_is_wider_than_its_window(
    chromium: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    chromium.open(pages[name], width=width)
    chromium.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert chromium.run("return document.documentElement.scrollWidth") <= width


def rows(shown: Browser) -> list[list[str]]:
    """The texts of the cells of the table of findings."""
    script = "return [...document.querySelectorAll('#table tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
    found: list[list[str]] = shown.run(script)
    return found


def told(shown: Browser) -> str:
    """How many of how many findings the table says it shows."""
    text: str = shown.run("return document.getElementById('shown').textContent")
    return text


def fill(shown: Browser, name: str, value: str) -> None:
    """Give a filter a value as a user does."""
    shown.run(
        "const field = document.getElementById('filters').elements[arguments[0]]; field.value = arguments[1];"
        "field.dispatchEvent(new Event('input', { bubbles: true }))",
        name,
        value,
    )


def test_table_has_every_finding(shop: Browser) -> None:
    assert told(shop) == "5 of 5 findings"
    assert rows(shop) == [
        ["SST301 duplicate-class", "app/models.py:4", "Order is defined in shop.orders too", "new", ""],
        ["SST202 missing-base", "tests/api/test_cart.py:9", "Test9 does not inherit BaseTest", "carried", "@shop/testing"],
        ["SST202 missing-base", "tests/api/test_cart.py:20", "Test20 does not inherit BaseTest", "moved", "@shop/testing"],
        ["SST001 syntax-error", "tests/api/test_order.py:3", "unterminated string literal", "new", "@shop/testing"],
        ["SST202 missing-base", "tests/unit/test_money.py:12", "Test12 does not inherit BaseTest (waived: goes with the old API)", "waived", "@shop/testing"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "lines"),
    [
        ("text", "TEST9", [9]),
        ("text", "order", [4, 3]),  # in a message, and in a path
        ("text", "sst202", [9, 20, 12]),
        ("text", "no such thing", []),
        ("rule", "missing-base", [9, 20, 12]),
        ("state", "new", [4, 3]),
        ("state", "not waived", [4, 9, 20, 3]),
        ("folder", "tests/api", [9, 20, 3]),
        ("folder", "tests/api/", [9, 20, 3]),
        ("folder", "tests/ap", []),
        ("owner", "@shop/testing", [9, 20, 3, 12]),
        ("owner", "-", [4]),
    ],
)
def test_table_filters(shop: Browser, name: str, value: str, lines: list[int]) -> None:
    fill(shop, name, value)
    assert [int(place.rpartition(":")[2]) for _, place, *_ in rows(shop)] == lines
    assert told(shop) == f"{len(lines)} of 5 findings"


def test_filters_work_together_and_are_cleared(shop: Browser) -> None:
    fill(shop, "rule", "missing-base")
    fill(shop, "folder", "tests/unit")
    assert told(shop) == "1 of 5 findings"
    shop.run("document.querySelector('#filters [type=reset]').click()")
    shop.wait(lambda: told(shop) == "5 of 5 findings")


@pytest.mark.parametrize(
    ("key", "column", "rising"),
    [
        ("rule", 0, ["SST001", "SST202", "SST202", "SST202", "SST301"]),
        ("message", 2, ["Order", "Test12", "Test20", "Test9", "unterminated"]),
        ("state", 3, ["carried", "moved", "new", "new", "waived"]),
    ],
)
def test_table_sorts_both_ways(shop: Browser, key: str, column: int, rising: list[str]) -> None:
    button = f"document.querySelector('th[data-key={key}] button')"
    shop.run(f"{button}.click()")
    assert [row[column].split()[0] for row in rows(shop)] == rising
    assert shop.run(f"return {button}.parentElement.ariaSort") == "ascending"
    shop.run(f"{button}.click()")
    assert [row[column].split()[0] for row in rows(shop)] == rising[::-1]
    assert shop.run("return document.querySelectorAll('th[aria-sort]').length") == 1


def test_lines_of_one_file_sort_by_number(shop: Browser) -> None:
    fill(shop, "folder", "tests/api/test_cart.py")
    button = "document.querySelector('th[data-key=path] button')"
    shop.run(f"{button}.click()")
    assert [row[1].rpartition(":")[2] for row in rows(shop)] == ["20", "9"]


def test_places_lead_to_source_lines(shop: Browser) -> None:
    links = shop.run("return [...document.querySelectorAll('#table .path a')].map((link) => link.href)")
    assert links == [samples.link(each.path, each.span.line) for each in samples.FINDINGS]


def test_numbers_of_summaries_lead_to_their_findings(shop: Browser) -> None:
    for selector, number in (
        ("[data-rule=missing-base]", 2),  # without the one that is waived
        ("[data-folder=app]", 1),
        ("[data-owner='@shop/testing']", 3),
        ("[data-owner='']", 1),
    ):
        shop.run(f'document.querySelector("a{selector}").click()')
        assert told(shop) == f"{number} of 5 findings"


def test_many_findings_are_turned_in_pages(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["large"])
    assert told(chromium) == "10,000 of 10,000 findings"
    assert len(rows(chromium)) == 100
    chromium.run("document.querySelector('.pages [data-step=\"1\"]').click()")
    assert rows(chromium)[0][1] == "tests/test_all.py:101"
    fill(chromium, "text", "test9999")
    assert [row[1] for row in rows(chromium)] == ["tests/test_all.py:9999"]


def test_folders_open_and_close(shop: Browser) -> None:
    def cells() -> list[str]:
        found: list[str] = shop.run(
            "return [...document.querySelectorAll('.map > *')].map((cell) => cell.title)"
        )
        return found

    shop.wait(cells)
    assert [cell.partition(":")[0] for cell in cells()] == [
        "tests",
        "app",
        "tests/api",
    ]  # no findings, no area
    shop.run("document.querySelector('.map button').click()")
    assert [cell.partition(":")[0] for cell in cells()] == ["tests/api"]
    shop.run("document.querySelector('#treemap [value=files]').click()")
    assert [cell.partition(":")[0] for cell in cells()] == ["tests/api", "tests/unit"]
    assert cells()[1] == "tests/unit: 0 findings in 2 files, 50.00 % clean"
    shop.run("document.querySelector('.crumbs button:last-child').click()")
    assert told(shop) == "3 of 5 findings"
    shop.run("document.querySelector('.crumbs button').click()")
    assert "app" in [cell.partition(":")[0] for cell in cells()]


def test_charts_say_each_sample_and_name_the_jumps(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["trend"])
    chromium.wait(lambda: chromium.run("return document.querySelector('.chart path')"))
    script = "return [...document.querySelectorAll('.chart')].map((chart) => [...chart.querySelectorAll('h3, p, .jump, li')].map((part) => part.textContent))"
    assert chromium.run(script) == [
        ["clean files, per cent", "10 on 2025-09-04 (4444444)"],
        ["findings", "599 on 2025-09-04 (4444444)"],
        [
            "syntax-error",
            "564 on 2025-09-04 (4444444)",
            "",  # hollow
            "1",
            "1: +468 by 3333333, in it +455 by eeeeeee",
        ],
        ["missing-base", "35 on 2025-09-04 (4444444)"],
    ]
    told = []
    for _ in range(6):
        told.append(chromium.run(script)[2][1])
        chromium.run(
            "const svg = document.querySelectorAll('.chart svg')[2];"
            "svg.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }))"
        )
    assert told[::-1] == [
        "12 on 2025-09-01 (1111111)",
        "341 on 2025-09-02 (2222222)",
        "335 just before eeeeeee, merged later",
        "790 on 2025-09-02 (eeeeeee, merged later)",
        "809 on 2025-09-03 (3333333)",
        "564 on 2025-09-04 (4444444)",
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_line_is_drawn_through_its_points_in_order(
    chromium: Browser, pages: dict[str, Path], width: int
) -> None:
    """What was merged is on a dashed line of its own, between the line's points before and at the merge."""
    chromium.open(pages["trend"], width=width)
    chromium.wait(lambda: chromium.run("return document.querySelector('.chart path')"))

    def drawn(kind: str) -> list[list[float]]:
        path = chromium.run(f"return document.querySelector('.jumps path.{kind}').getAttribute('d')")
        return [[float(number) for number in point.split(",")] for point in path[1:].split("L")]

    line, aside = drawn("trend"), drawn("aside")
    assert aside[0] == line[1]
    assert aside[-1] == line[2]
    places = [line[0], *aside, line[3]]
    across = [x for x, _ in places]
    assert all(after - before > 16 for before, after in pairwise(across))
    heights = [y for _, y in places]
    assert sorted(range(6), key=lambda number: -heights[number]) == [0, 2, 1, 5, 3, 4]
    texts = "return [...document.querySelectorAll('.jumps .beside')].map((text) => text.textContent)"
    assert chromium.run(texts) == ["335", "790 eeeeeee", "809 3333333"]


def test_theme_follows_the_system_until_it_is_chosen(chromium: Browser, pages: dict[str, Path]) -> None:
    def ground() -> str:
        colour: str = chromium.run("return getComputedStyle(document.body).backgroundColor")
        return colour

    chromium.open(pages["plain"])
    light = ground()
    chromium.open(pages["plain"], dark=True)
    dark = ground()
    assert light != dark
    chromium.run("document.getElementById('theme').click()")
    assert ground() == light
    chromium.run("document.getElementById('theme').click()")
    assert ground() == dark


def test_hostile_names_are_shown_as_text(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["hostile"])
    shown = neutral(samples.HOSTILE)
    assert chromium.run("return document.querySelector('h1').textContent") == shown
    texts = [cell for row in rows(chromium) for cell in row if "alert(1)" in cell]
    assert [shown in text for text in texts] == [True] * 5
    assert chromium.run("return document.querySelectorAll('script').length") == chromium.run(
        "return document.querySelectorAll('head script, body > script').length"
    )
    assert not chromium.run(
        "return document.querySelectorAll('img, iframe, object, embed, [onload], [onerror]').length"
    )
    assert not chromium.run(
        "return [...document.links].filter((link) => !/^(https?|file):$/.test(link.protocol)).length"
    )


def test_summaries_need_no_script(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.driver.get(pages["plain"].as_uri())
        text = chromium.driver.find_element("tag name", "body").text
    finally:
        chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    for said in ("50.00 %", "phase-1", "missing-base", "Commits that jumped", "needs JavaScript"):
        assert said in text


def test_a_policy_that_is_broken_would_be_seen(
    chromium: Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    """The log that the tests above find empty is not always empty."""
    broken = tmp_path / "broken.html"
    text = pages["plain"].read_text(encoding="utf-8")
    broken.write_text(
        text.replace("</body>", "<script>1</script><img src=other.png></body>"), encoding="utf-8"
    )
    chromium.open(broken)
    assert len([error for error in chromium.errors() if "Content Security Policy" in error]) == 2


def test_sample_covers_every_section(pages: dict[str, Path]) -> None:
    """What the tests above look at is all there is."""
    figures: Figures = samples.figures()
    assert [name for name, value in figures._asdict().items() if not value] == []

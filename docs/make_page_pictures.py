"""Draw the pages of `ssot-lint report` and `history` for `docs/images`, in light and in dark colours.

PYTHONPATH=tests python docs/make_page_pictures.py

It takes Chromium and its driver. The report is about the example, the history about the repository of
`tests/history_story.py`.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import history_story
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from ssot_lint.commands import history, report

REPOSITORY = Path(__file__).parent.parent
EXAMPLE = REPOSITORY / "examples" / "legacy_suite"
PICTURES = REPOSITORY / "docs" / "images"
WIDTH, HEIGHT = 1120, 1000  # in pixels
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.timezone.utc)


def report_page(folder: Path) -> Path:
    """Return the page of the report about a copy of the example, where no repository is around it."""
    project = folder / "report" / EXAMPLE.name
    copied(project)
    os.chdir(project)
    parser = argparse.ArgumentParser()
    report.add_arguments(parser)
    report.run(
        parser.parse_args(["-q", "--no-cache", "--format", "html", "-o", str(folder / "report.html")]), NOW
    )
    return folder / "report.html"


def history_page(folder: Path) -> Path:
    """Return the page of the history that the documentation tells."""
    os.chdir(history_story.tell(folder / "shop").folder)
    parser = argparse.ArgumentParser()
    history.add_arguments(parser)
    words = ["-q", "--no-cache", "--since", "2026-03-02", "--by", "day", "--format", "html"]
    history.run(parser.parse_args([*words, "-o", str(folder / "history.html")]))
    return folder / "history.html"


def copied(project: Path) -> None:
    """Copy the example without what runs have left in it."""
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns(".*", "__pycache__"))


@contextmanager
def browser() -> Iterator[Chrome]:
    """Yield Chromium without a window."""
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        options.add_argument(argument)
    options.binary_location = str(shutil.which("chromium"))
    driver = Chrome(options, Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def photograph(driver: Chrome, page: Path, name: str) -> None:
    """Write pictures of the top of a page, in light and in dark colours."""
    metrics = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    for scheme in ("light", "dark"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        driver.get(page.as_uri())
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        driver.save_screenshot(str(PICTURES / f"{name}-{scheme}.png"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work, browser() as driver:
        photograph(driver, report_page(Path(work)), "report")
        photograph(driver, history_page(Path(work)), "history")
        os.chdir(REPOSITORY)

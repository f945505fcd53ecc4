"""A real browser that opens pages from the disk, and tells what they did."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_PATIENCE = 30  # seconds


class Browser:
    """Chromium without a window; what it logs is asked for once, and then gone."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def open(self, page: Path, *, width: int = 1280, dark: bool = False) -> None:
        """Open a page from the disk, in a window that is so many pixels wide."""
        self.errors()
        self.requests()
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.get(page.as_uri())
        # What waits for the layout of the page is drawn in the next frame.
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")

    def run(self, script: str, *values: object) -> Any:
        """Run a script in the page, which the page's own policy does not bind, and return what it returns."""
        return self.driver.execute_script(script, *values)

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait until something is true. Raises TimeoutException."""
        WebDriverWait(self.driver, _PATIENCE).until(lambda _: condition())

    def errors(self) -> list[str]:
        """What stands in the console: errors, warnings, and what the policy of the page has refused."""
        return [entry["message"] for entry in self._log("browser")]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the page was opened; those in the page itself are none."""
        events = (json.loads(entry["message"])["message"] for entry in self._log("performance"))
        asked = (event["params"] for event in events if event["method"] == "Network.requestWillBeSent")
        return [url for each in asked if not (url := each["request"]["url"]).startswith("data:")]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]
        return entries


@contextmanager
def browser() -> Iterator[Browser | str]:
    """Start a browser, or say why there is none; the one that is installed comes first."""
    options = Options()
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    installed = shutil.which("chromium"), shutil.which("chromedriver")
    if all(installed):
        options.binary_location, driver_path = map(str, installed)
        service = Service(driver_path)
    else:
        service = Service()
    try:
        driver = Chrome(options=options, service=service)
    except WebDriverException as error:
        yield f"no browser: {error.msg}"
        return
    try:
        yield Browser(driver)
    finally:
        driver.quit()

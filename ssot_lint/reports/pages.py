"""Where the page of a rule can be read on the web."""

from __future__ import annotations

from functools import cache

from ssot_lint.rules import RULES


def page_of(code: str) -> str:
    """Return the address of the page of a rule; "" for rules of plugins, and where the package names none."""
    ids = {rule.code: rule.id for rule in RULES}
    site = _documentation()
    return f"{site}/rules/{ids[code]}/" if site and code in ids else ""


@cache
def _documentation() -> str:
    """Return the address that the installed package gives as that of its documentation, or ""."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        urls = metadata("ssot-lint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""  # run from a checkout that is not installed
    labels = (url.partition(",") for url in urls)
    return next((url.strip().rstrip("/") for label, _, url in labels if label == "Documentation"), "")

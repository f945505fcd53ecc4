"""Addresses of source lines, of which a page links only those to the web or to files beside it."""

from __future__ import annotations

import re

from ssot_lint.insight.report.formats import Link
from ssot_lint.reports import neutral

# Browsers skip blanks in front and take `\` for `/`.
_UNCLEAR = re.compile(r"[\s\\]")
_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)
_RELATIVE = re.compile(r"(?!//)[^:]*(?:[/?#].*)?")  # with no `:` in the first part, which would end a scheme


def safe(link: Link) -> Link:
    """Return a link that gives None for every address that is neither of the web nor relative."""

    def address(path: str, line: int) -> str | None:
        found = link(path, line)
        if found is None or _UNCLEAR.search(found) or neutral(found) != found:
            return None
        return found if _WEB.match(found) or _RELATIVE.fullmatch(found) else None

    return address

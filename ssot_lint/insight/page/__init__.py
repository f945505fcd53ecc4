"""A report as one page of HTML that loads nothing, and in which nothing from the tree can become code.

Texts reach the page in three ways, each safe for any text: through templates that escape them, as JSON of
which scripts make text and nothing else, and as addresses, of which `safe_links` lets the harmless through.
Should something slip in nonetheless, the policy in the page forbids all scripts, styles and loads but its
own.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ssot_lint import __version__
from ssot_lint.files import UsageError
from ssot_lint.insight.figures import Cluster, Figures, Place, Trend
from ssot_lint.insight.page.data import report_data, silent_rules, trend_data
from ssot_lint.insight.page.safe_links import safe
from ssot_lint.insight.report.formats import Link
from ssot_lint.insight.report.sections import NO_FOLDER, projected, share, tops
from ssot_lint.reports import counted, neutral
from ssot_lint.reports.pages import page_of

if TYPE_CHECKING:
    from jinja2 import Environment

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = ("d3.js", "elements.js", "lines.js", "treemap.js", "table.js", "start.js")

# What could end the element that the data is in, or open a comment in it.
_INERT = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


class Section(NamedTuple):
    """A part of the page: its template in `assets/sections` shows the field of figures of the same name."""

    id: str
    title: str
    why_empty: str = ""  # what that means where the field has nothing


class Side(NamedTuple):
    """A place of a cluster, with its lines and whether the first place lacks each."""

    place: Place
    lines: Sequence[tuple[str, bool]]


_TREND = Section("trend", "The way here", "the past was not looked at")
_SECTIONS = (
    Section("totals", "Where it stands"),
    Section("change", "What the change does", "none was asked for"),
    Section("gates", "Gates", "the configuration has none"),
    Section("rules", "Debt by rule", "no rule ran"),
    Section("folders", "Debt by folder", "there are no files"),
    Section("owners", "Debt by owner", "no CODEOWNERS file names any"),
    Section("ages", "Debt by age", "no baseline carries findings"),
    Section("causes", "Why files do not compile", "all files compile"),
    Section("clusters", "The worst copies", "no copies were found"),
    Section("symbols", "Import paths", "no canonical symbol is declared"),
    Section("uncollected", "Tests not collected", "none was found"),
    _TREND,
    Section("findings", "Findings", "there are none"),
)
_NOTES = Section("notes", "What is left out")


def render(figures: Figures, link: Link) -> str:
    """Return the page of a report; `link` gives addresses of source lines, of which only safe ones are used.

    It is text that UTF-8 can encode. Raises UsageError where the extra `report` is not installed.
    """
    empty = [section for section in _SECTIONS if not getattr(figures, section.id)]
    sections = [section for section in _SECTIONS if section not in empty]
    if figures.notes or empty:
        sections.append(_NOTES)
    link = safe(link)
    return _page(
        "report.html",
        report_data(figures, link),
        sections,
        figures=figures,
        trend=figures.trend,
        empty=empty,
        link=link,
    )


def render_trend(project: str, trend: Trend) -> str:
    """Return the page about the past of a project, which goes by the name of its folder.

    It is text that UTF-8 can encode. Raises UsageError where the extra `report` is not installed.
    """
    return _page("trend.html", {"trend": trend_data(trend)}, [_TREND], project=project, trend=trend)


def _page(template: str, data: dict[str, Any], sections: Iterable[Section], **values: Any) -> str:
    environment = _environment()
    from markupsafe import Markup

    style = _asset("page.css")
    scripts = [_asset(name) for name in _SCRIPTS]
    return environment.get_template(template).render(
        **values,
        sections=sections,
        version=__version__,
        policy=_policy(style, scripts),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        data=Markup(_json(data)),
    )


def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ModuleNotFoundError:
        raise UsageError("a page needs more: `pip install 'ssot-lint[report]'`") from None
    environment = Environment(
        loader=FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "counted": _counted,
        "grouped": _grouped,
        "number": _number,
        "projected": projected,
        "share": share,
        "sides": _sides,
        "silent_rules": silent_rules,
        "tops": tops,
        "worded": _worded,
    }
    environment.globals |= {"NO_FOLDER": NO_FOLDER, "page_of": page_of}
    return environment


def _shown(value: object) -> object:
    """Return what a template prints in place of a value: text in which nothing hides."""
    from markupsafe import Markup

    return value if isinstance(value, Markup) else neutral(str(value))


@cache
def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _policy(style: str, scripts: Sequence[str]) -> str:
    """Return the policy that lets in these styles and scripts, pictures in the page, and nothing else."""
    allowed = " ".join(map(_digest, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_INERT)


def _counted(number: int, noun: str) -> str:
    return _grouped(counted(number, noun))


def _number(number: int) -> str:
    return f"{number:,}"


def _grouped(text: str) -> str:
    """Return a text with commas in its numbers, but for decimals."""
    return re.sub(r"(?<![\d.])\d{4,}", lambda digits: _number(int(digits[0])), text)


def _worded(message: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a message, and whether each is code, which backquotes mark."""
    parts = re.split("`([^`]+)`", message)
    yield from ((part, number % 2 == 1) for number, part in enumerate(parts) if part)


def _sides(cluster: Cluster) -> Iterator[Side]:
    first: set[str] | None = None
    for place in cluster.places:
        lines = place.text.splitlines()
        first = set(lines) if first is None else first
        yield Side(place, [(line, line not in first) for line in lines])

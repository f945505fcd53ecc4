"""The report in Markdown, as the big hosts of repositories show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from ssot_lint.insight.figures import Figures, Place
from ssot_lint.insight.report import sections
from ssot_lint.insight.report.formats import Link
from ssot_lint.insight.report.sections import Cell, Section, Spot
from ssot_lint.reports import counted, neutral

MOST = 25
"""So many rows of a table are shown."""

_MOST_COPIES = 10  # clusters whose text is shown
_SPECIAL = re.compile(r"[\\`*_\[\]|~$<>&@#]|^[-+=]|(?<=www)\.|:(?=//|\w+:)")
_BY_NAME = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "@&#8203;", "#": "#&#8203;"}
# Hosts look for mentions and numbers of pull requests in what was rendered, so that only a blank without
# width behind `@` or `#` keeps them from telling somebody.
_CODE = re.compile("`([^`]+)`")
_NO_ADDRESS = re.compile(r"[^!-~]|[<>\\|`]")


def render(figures: Figures, link: Link) -> str:
    """Return the report."""
    lines = [f"# {escaped(sections.headline(figures))}", "", escaped(sections.origin(figures))]
    for section in sections.sections(figures, MOST):
        lines += ["", f"## {escaped(section.title)}", "", *table(section, link)]
    lines += _copies(figures, link)
    lines += _notes(figures)
    return "".join(f"{line}\n" for line in lines)


def table(section: Section, link: Link, widest: int = 0) -> Iterator[str]:
    """Yield the lines of a section but its title; texts are cut to so many characters unless that is 0."""
    if section.lead:
        yield from (escaped(cut(section.lead, widest)), "")
    yield f"| {' | '.join(section.columns)} |"
    yield f"|{'|'.join('---:' if sections.is_number(cell) else '---' for cell in section.rows[0])}|"
    for row in section.rows:
        yield f"| {' | '.join(_cell(cell, link, widest) for cell in row)} |"
    if section.more:
        yield from ("", escaped(section.more))


def _notes(figures: Figures) -> Iterator[str]:
    """Yield the lines about what was left out."""
    if figures.notes:
        yield ""
        yield from (f"- {prose(note)}" for note in figures.notes)


def escaped(text: str) -> str:
    """Return a text in which nothing means anything to Markdown, to HTML, or to who is mentioned."""
    return _SPECIAL.sub(lambda found: _BY_NAME.get(found[0], f"\\{found[0]}"), neutral(text))


def prose(text: str) -> str:
    """Return a text in which backquotes mark code, as in messages, and nothing else means anything."""
    parts = _CODE.split(neutral(text))
    return "".join(code(part) if index % 2 else escaped(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """Return a text as code of one line, which may stand in a cell of a table."""
    plain = re.sub(r"[&<>|`*_\[\]@:\\~$#]", lambda found: f"&#{ord(found[0])};", neutral(text))
    return f"<code>{plain}</code>"


def cut(text: str, widest: int) -> str:
    """Return a text of at most so many characters, all of it where that is 0."""
    return f"{text[: widest - 1]}…" if widest and len(text) > widest else text


def _cell(cell: Cell, link: Link, widest: int) -> str:
    if isinstance(cell, Spot):
        return _spot(cell.path, cell.line, link, widest)
    return str(cell) if isinstance(cell, int) else prose(cut(cell, widest))


def _spot(path: str, line: int, link: Link, widest: int = 0) -> str:
    shown = code(f"{cut(path, widest)}:{line}")
    address = link(path, line)
    return f"[{shown}](<{_address(address)}>)" if address else shown


def _address(address: str) -> str:
    """Return an address as it may stand between `<` and `>`, in a cell of a table."""
    return _NO_ADDRESS.sub(lambda found: quote(found[0].encode("utf-8", "surrogatepass")), address)


def _copies(figures: Figures, link: Link) -> Iterator[str]:
    """Yield the worst clusters with the texts of their places."""
    shown = figures.clusters[:_MOST_COPIES]
    if shown:
        yield from ("", "## Copies, one below the other")
    for cluster in shown:
        told = f"{counted(cluster.lines, 'line')} to spare: {prose(cluster.message)}"
        yield from ("", "<details>", f"<summary>{told}</summary>")
        for place in cluster.places:
            if place.text:
                yield from ("", _spot(place.path, place.line, link), "", *_fenced(place))
        others = cluster.size - sum(bool(place.text) for place in cluster.places)
        if others:
            yield from ("", f"and {others} more")
        yield from ("", "</details>")


def _fenced(place: Place) -> Iterator[str]:
    lines = [neutral(line) for line in place.text.split("\n")]
    longest = max((len(found) for line in lines for found in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}python"
    yield from lines
    left_out = place.end_line - place.line + 1 - len(lines)
    if left_out > 0:
        yield f"# {counted(left_out, 'more line')}"
    yield fence

"""The report as a comment on a pull request: what matters first, the rest folded, and never too long."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report import sections
from ssot_lint.insight.report.formats import Link, markdown
from ssot_lint.insight.report.sections import Section
from ssot_lint.reports import counted

LONGEST = 40_000
"""Characters: GitHub takes 65,536 and GitLab a million."""

MARK = "<!-- ssot-lint report -->"
"""The first line, by which a job finds the comment that it wrote before."""

_ROOM = 4_000  # of these characters, for the line that names what is left out
_MOST = 10  # rows of a table
_WIDEST = 200  # characters of a cell
_SHORT = 40  # characters of a title that stands for its table
_WEB = ("https://", "http://")  # from a comment no other address leads anywhere


def render(figures: Figures, link: Link) -> str:
    """Return the report; sections that do not fit are named instead."""

    def link_on_web(path: str, line: int) -> str | None:
        address = link(path, line)
        return address if address is not None and address.startswith(_WEB) else None

    parts = [_head(figures)]
    left_out = []
    for section in sections.sections(figures, _MOST):
        part = "".join(f"{line}\n" for line in _section(section, link_on_web))
        if sum(map(len, parts)) + len(part) <= LONGEST - _ROOM:
            parts.append(part)
        else:
            left_out.append(_title(section, _SHORT))
    if left_out:
        more = f" and {len(left_out) - _MOST} more" if len(left_out) > _MOST else ""
        parts.append(f"\nToo long for a comment: {', '.join(left_out[:_MOST])}{more}\n")
    return "".join(parts)


def _head(figures: Figures) -> str:
    change = figures.change
    lines = [
        MARK,
        f"**{markdown.escaped(sections.headline(figures))}**",
        "",
        markdown.escaped(sections.origin(figures)),
    ]
    if change is not None:
        name = markdown.code(markdown.cut(change.name, _WIDEST))
        brought, mended = (counted(len(each), "finding") for each in (change.brought, change.mended))
        lines += ["", f"Since {name} it brings **{brought}** and mends **{mended}**."]
    for note in figures.notes[:_MOST]:
        lines += ["", markdown.prose(markdown.cut(note, _WIDEST))]
    if len(figures.notes) > _MOST:
        lines += ["", f"and {counted(len(figures.notes) - _MOST, 'more note')}"]
    return "".join(f"{line}\n" for line in lines)


def _section(section: Section, link: Link) -> Iterator[str]:
    """Yield the lines of a section, folded unless it matters most."""
    table = markdown.table(section, link, _WIDEST)
    if section.is_vital:
        yield from ("", f"### {_title(section)}", "", *table)
    else:
        yield from ("", "<details>", f"<summary>{_title(section)}</summary>", "", *table, "", "</details>")


def _title(section: Section, widest: int = _WIDEST) -> str:
    return markdown.escaped(markdown.cut(section.title, widest))

"""Write `docs/house-rules.md`: which checks of other projects the tables in `examples/house_rules/` replace.

python docs/make_house_rules.py

What the page says stands in comments of those files, so that a reader of a file sees the same:

- `# project: OWNER/NAME` at the top;
- `# replaces: CHECK (FILE)` above a table, once or more; `CHECK, PART` where several tables make up a check;
- `# differs: HOW` there too, where a table finds more or less than the check, other than what it misses;
- `# the original misses: SPELLING` above a snippet of `bad` that the original would let pass;
- `# out of reach: CHECKS: REASON` at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parent.parent
FOLDER = REPOSITORY / "examples" / "house_rules"
PAGE = REPOSITORY / "docs" / "house-rules.md"

_REPLACES = re.compile(r"# replaces: (.+) \(([^()]+)\)")
_DIFFERS = re.compile(r"# differs: (.+)")
_MISSES = re.compile(r"  # the original misses: (.+)")
_BEYOND = re.compile(r"# out of reach: (.+?): (.+)")
_TABLE = re.compile(r"\[\[([a-z-]+)\]\]")
_NAME = re.compile(r'name = "([^"]+)"')


class Check(NamedTuple):
    """A check of another project, or a part of one."""

    title: str
    source: str  # the file that it is in

    @property
    def id(self) -> str:
        """The check without the part."""
        return self.title.partition(", ")[0]


class Table(NamedTuple):
    """One instance of a rule."""

    rule: str
    name: str
    replaces: tuple[Check, ...]
    differs: tuple[str, ...]  # what it finds more or less on purpose
    misses: tuple[str, ...]  # spellings that it finds and the originals do not


class HouseRules(NamedTuple):
    """What one file says of one project."""

    file: str
    project: str
    tables: tuple[Table, ...]
    beyond: tuple[tuple[str, str], ...]  # what no table can replace, and why

    @property
    def checks(self) -> frozenset[str]:
        """The checks that are replaced."""
        return frozenset(check.id for table in self.tables for check in table.replaces)

    @property
    def misses(self) -> int:
        """How many snippets show a spelling that the original misses."""
        return sum(len(table.misses) for table in self.tables)


def read() -> list[HouseRules]:
    """Return what the files say, in the order of their projects."""
    found = [parse(path.name, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    return sorted(found, key=lambda rules: rules.project.lower())


def parse(file: str, text: str) -> HouseRules:
    """Return what the comments of a file say."""
    above, *parts = re.split(r"(?m)^(?=\[\[)", text)
    project = above.partition("\n")[0].removeprefix("# project: ")
    # What stands above a table is the end of the part before it.
    tables = [_table(_last_block(before), part) for before, part in zip([above, *parts], parts)]
    beyond = tuple((line[1], line[2]) for line in _found(_BEYOND, text))
    return HouseRules(file, project, tuple(tables), beyond)


def _last_block(text: str) -> str:
    return text.rstrip("\n").rpartition("\n\n")[2]


def _table(above: str, text: str) -> Table:
    rule, name = _TABLE.match(text), _NAME.search(text)
    return Table(
        rule[1] if rule else "",
        name[1] if name else "",
        tuple(Check(line[1], line[2]) for line in _found(_REPLACES, above)),
        tuple(line[1] for line in _found(_DIFFERS, above)),
        tuple(line[1] for line in _found(_MISSES, text)),
    )


def _found(expression: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The lines of a text that an expression matches."""
    return filter(None, map(expression.fullmatch, text.split("\n")))


def page(projects: list[HouseRules]) -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines(projects))


def _lines(projects: list[HouseRules]) -> Iterator[str]:
    checks = sum(len(rules.checks) for rules in projects)
    misses = sum(rules.misses for rules in projects)
    yield from (
        "# House rules",
        "",
        f"{checks} checks that {len(projects)} projects wrote by hand, and the tables that replace",
        "them: plugins of flake8 and pylint, scripts, regular expressions. The tables are in",
        "`examples/house_rules/`, one file for each project. Each has snippets in which it must and must not",
        "find something, and every run checks them.",
        f"{misses} of the snippets show a spelling that the original misses. Where a table means more or",
        "less than the check it is said; what stands behind a comma is a part of a check.",
        "",
        "This page is made by `python docs/make_house_rules.py`.",
        "",
        "| project | checks | spellings that the originals miss | out of reach |",
        "|---|---:|---:|---:|",
    )
    for rules in projects:
        anchor = re.sub(r"[^\w-]", "", rules.project.lower())
        counts = f"{len(rules.checks)} | {rules.misses} | {len(rules.beyond)}"
        yield f"| [{rules.project}](#{anchor}) | {counts} |"
    for rules in projects:
        yield from _section(rules)
    yield ""


def _section(rules: HouseRules) -> Iterator[str]:
    yield from (
        "",
        f"## {rules.project}",
        "",
        f"`examples/house_rules/{rules.file}`",
        "",
        "| check | rule | table | the original misses |",
        "|---|---|---|---|",
    )
    for table in rules.tables:
        titles = "<br>".join(dict.fromkeys(_cell(check.title) for check in table.replaces))
        misses = "<br>".join(map(_cell, table.misses))
        yield f"| {titles} | [{table.rule}](rules/{table.rule}.md) | {_cell(table.name)} | {misses} |"
    sources = sorted({check.source for table in rules.tables for check in table.replaces})
    yield from ("", f"Read in {', '.join(f'`{source}`' for source in sources)}.")
    differences = [f"{table.name}: {how}" for table in rules.tables for how in table.differs]
    beyond = [f"{checks}: {why}" for checks, why in rules.beyond]
    for title, lines in (("Not quite the same", differences), ("Out of reach", beyond)):
        if lines:
            yield from ("", f"{title}:", "", *(f"- {line}" for line in lines))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("__", "\\_\\_")


if __name__ == "__main__":
    PAGE.write_text(page(read()), encoding="utf-8", newline="\n")

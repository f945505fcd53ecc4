"""Compares the tool with independent scripts on a tree of real files.

    python benchmarks/agreement.py --tree DIR [--jobs N] [--tool "ssot-lint"] [--columns] [--all]

The scripts in `oracles/` use the standard library's `ast` and `compile` alone and share nothing with the tool
but the configuration beside this file. For each rule, and each instance of it, the table says how many
findings the scripts expect, how many the tool made, how many of the expected ones are missing and how many
are extra. Each difference is then listed by place. Exit code: 0 when every difference is explained below, 1
when one is not, 2 when the tool gave no answer.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from oracles import (
    bases,
    cloned_class,
    config,
    duplicate_class,
    env_access,
    forbidden_import,
    hollow_test_file,
    noncanonical_import,
    placeholder_test,
    runner_bypass,
    syntax_error,
    uncollected_test,
)
from oracles.tree import Expected, Tree

CONFIGURATION = Path(__file__).with_name("agreement.toml")

# Differences that are understood: (rule, path, line) and the reason, which is printed with the difference.
EXPLAINED: dict[tuple[str, str, int], str] = {
    (
        "hollow-test-file",
        "tests/e2e/integration/test_thread_management_websocket.py",
        1,
    ): "less than half of it is comments, which the script counts without asking whether they are code",
}

Oracle = Callable[[Tree, config.Config], list[Expected]]
ORACLES: dict[str, Oracle] = {
    "syntax-error": syntax_error.syntax_errors,
    "undecodable-source": syntax_error.undecodable_sources,
    "forbidden-import": forbidden_import.forbidden_imports,
    "noncanonical-import": noncanonical_import.noncanonical_imports,
    "noncanonical-base": bases.noncanonical_bases,
    "missing-base": bases.missing_bases,
    "duplicate-class": duplicate_class.duplicate_classes,
    "cloned-class": cloned_class.cloned_classes,
    "env-access": env_access.env_accesses,
    "placeholder-test": placeholder_test.placeholder_tests,
    "uncollected-test": uncollected_test.uncollected_tests,
    "runner-bypass": runner_bypass.runner_bypasses,
    "hollow-test-file": hollow_test_file.hollow_test_files,
}
# Rules without named instances here.
SINGLE = {"syntax-error", "undecodable-source", "duplicate-class", "cloned-class", "runner-bypass"}
SINGLE |= {"placeholder-test", "uncollected-test", "hollow-test-file"}
NO_COLUMN = {"syntax-error", "undecodable-source"}


class Place(NamedTuple):
    """What is compared of a finding; the column is 0 when columns are not compared."""

    rule: str
    name: str
    path: str
    line: int
    column: int = 0
    related: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        """The place as people write it."""
        column = f":{self.column}" if self.column else ""
        related = ", ".join(f"{path}:{line}" for path, line in self.related)
        return f"{self.path}:{self.line}{column}" + (f" (also {related})" if related else "")


def main() -> int:
    """Runs both sides and prints where they differ."""
    arguments = parse_arguments()
    tree = arguments.tree.resolve()
    settings = config.load(CONFIGURATION)
    records = Tree.read(str(tree), settings.exclude, arguments.jobs)
    answers = {rule: oracle(records, settings) for rule, oracle in ORACLES.items()}
    if arguments.save:
        save(answers, arguments.save)
    if arguments.oracle_only:
        print_counts(answers)
        return 0
    try:
        report = read_report(arguments.report) if arguments.report else run_tool(arguments.tool, tree)
    except (OSError, ValueError) as error:
        print(f"agreement: no findings to compare with: {error}", file=sys.stderr)
        return 2

    expected = Counter(place(tree, rule, e, arguments.columns) for rule, es in answers.items() for e in es)
    listed, expanded = found_places(report, settings, arguments.columns)
    theirs = report.get("summary", {}).get("files", "?")
    print(f"{len(records.records)} files read here, {theirs} by the tool\n")
    for (rule, name), count in sorted(expanded.items()):
        print(f"not compared: {count} findings of {rule} that come from the canonical entry {name}\n")
    return compare(expected, listed, limit=None if arguments.all else 20)


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, required=True, help="the folder to run on")
    parser.add_argument("--jobs", type=int, default=2, help="processes of the scripts here (default: 2)")
    parser.add_argument("--tool", default="ssot-lint", help="the command to compare (default: ssot-lint)")
    parser.add_argument("--columns", action="store_true", help="compare columns, too")
    parser.add_argument("--all", action="store_true", help="list all differences, not twenty of a kind")
    parser.add_argument("--report", type=Path, help="read the tool's JSON from a file instead")
    parser.add_argument("--save", type=Path, help="write what the scripts expect to this file")
    parser.add_argument("--oracle-only", action="store_true", help="print what the scripts expect and stop")
    return parser.parse_args()


def run_tool(command: str, tree: Path) -> dict[str, Any]:
    """The tool's report on the tree."""
    options = ["check", "--config", str(CONFIGURATION), "--format", "json", "--exit-zero", "--no-cache"]
    result = subprocess.run([*shlex.split(command), *options], cwd=tree, capture_output=True, check=False)
    if result.returncode != 0:
        raise ValueError(f"exit code {result.returncode}: {result.stderr.decode(errors='replace')[-2000:]}")
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def read_report(path: Path) -> dict[str, Any]:
    """A report that was saved before."""
    report: dict[str, Any] = json.loads(path.read_bytes())
    return report


def save(answers: dict[str, list[Expected]], path: Path) -> None:
    """Writes {rule: [[instance, path, line], ...]}."""
    rows = {rule: sorted([e.name, e.path, e.line] for e in expected) for rule, expected in answers.items()}
    path.write_text(json.dumps(rows, indent=0) + "\n", encoding="utf-8")


def print_counts(answers: dict[str, list[Expected]]) -> None:
    """How many findings of each rule and instance the scripts expect."""
    counts = Counter((rule, e.name) for rule, expected in answers.items() for e in expected)
    for (rule, name), count in sorted(counts.items()):
        print(f"{rule:22} {name:26} {count:7}")


def place(tree: Path, rule: str, expected: Expected, columns: bool) -> Place:
    """What is compared of an expected finding."""
    column = 0
    if columns and rule not in NO_COLUMN:
        line = source_lines(tree / expected.path)[expected.line - 1]
        column = len(line[: expected.column].decode(errors="replace")) + 1
    return Place(rule, expected.name, expected.path, expected.line, column, tuple(sorted(expected.related)))


@cache
def source_lines(path: Path) -> list[bytes]:
    """The lines of a file as Python counts them."""
    source = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    return source.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


def found_places(
    report: dict[str, Any], settings: config.Config, columns: bool
) -> tuple[Counter[Place], Counter[tuple[str, str]]]:
    """What the tool found of the compared rules, and the counts of what no script answers for."""
    canonical = {c.name for c in settings.canonicals}
    listed: Counter[Place] = Counter()
    expanded: Counter[tuple[str, str]] = Counter()
    for finding in report["findings"]:
        rule, name = finding["rule"], finding["name"]
        if rule == "forbidden-import" and name in canonical:
            expanded[rule, name] += 1
        elif rule in ORACLES:
            related: tuple[tuple[str, int], ...] = ()
            if rule in ("duplicate-class", "cloned-class"):
                related = tuple(sorted((other["path"], other["line"]) for other in finding["related"]))
            column = finding["column"] if columns and rule not in NO_COLUMN else 0
            if rule in SINGLE and name:
                continue  # an instance of a canonical entry: another mode of the rule
            listed[Place(rule, name, finding["path"], finding["line"], column, related)] += 1
    return listed, expanded


def compare(expected: Counter[Place], found: Counter[Place], limit: int | None) -> int:
    """Prints the table and the differences; 1 when one of them is not explained."""
    missing, extra = expected - found, found - expected
    unexplained = sum(p.total() for p in (without_explained(missing), without_explained(extra)))
    titles = ("expected", "found", "missing", "extra", "explained")
    print(f"{'rule':22} {'instance':26}" + "".join(f" {title:>9}" for title in titles))
    rows = {(p.rule, p.name) for p in (*expected, *found)} | {(rule, "") for rule in SINGLE}
    for rule, name in sorted(rows, key=lambda row: (list(ORACLES).index(row[0]), row[1])):
        sides = [only(side, rule, name) for side in (expected, found, missing, extra)]
        open_counts = [without_explained(side).total() for side in sides[2:]]
        explained = sum(side.total() for side in sides[2:]) - sum(open_counts)
        counts = (sides[0].total(), sides[1].total(), *open_counts, explained)
        print(f"{rule:22} {name:26}" + "".join(f" {count:9}" for count in counts))
    for title, side in (("missing", missing), ("extra", extra)):
        for rule in ORACLES:
            print_places(title, rule, (p for p in side.elements() if p.rule == rule), limit)
    print(f"\n{unexplained or 'no'} differences without an explanation")
    return 1 if unexplained else 0


def only(places: Counter[Place], rule: str, name: str) -> Counter[Place]:
    """The places of one instance of a rule."""
    return Counter({p: n for p, n in places.items() if (p.rule, p.name) == (rule, name)})


def without_explained(places: Counter[Place]) -> Counter[Place]:
    """The differences that no entry of EXPLAINED covers."""
    return Counter({p: n for p, n in places.items() if (p.rule, p.path, p.line) not in EXPLAINED})


def print_places(title: str, rule: str, places: Iterable[Place], limit: int | None) -> None:
    """Lists differences of one kind, with the reason of each that has one."""
    every = sorted(places, key=lambda p: (p.name, p.path, p.line, p.column))
    if every:
        print(f"\n{title}: {rule} ({len(every)})")
    for place_ in every[:limit]:
        why = EXPLAINED.get((place_.rule, place_.path, place_.line))
        print(f"  {place_.name + ': ' if place_.name else ''}{place_}" + (f" -- {why}" if why else ""))
    if limit is not None and len(every) > limit:
        print(f"  ... and {len(every) - limit} more (--all lists them)")


if __name__ == "__main__":
    sys.exit(main())

"""`ssot-lint explain`: print the page of a rule, or write the pages of all."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.commands import known_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssot_lint.rules import Rule

_EPILOG = """\
examples:
  ssot-lint explain forbidden-import
  ssot-lint explain SST101
  ssot-lint explain --all -o docs/rules   write one page for each rule, and an index

`ssot-lint rules` lists the rules.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `explain` can be told."""
    parser.description = "Print what a rule finds, why that is bad, examples, and its options."
    parser.epilog = _EPILOG
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("rule", nargs="?", metavar="RULE", help="id or code of the rule")
    which.add_argument("--all", action="store_true", help="all rules")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="with --all: write Markdown files there"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration whose plugins count, not the nearest one"
    )


def run(args: argparse.Namespace) -> int:
    """Print or write pages."""
    from ssot_lint.commands._pages import page, pages
    from ssot_lint.files import UsageError

    rules = known_rules(args.config).rules
    if args.output is None:
        _show("\n".join(map(page, rules if args.all else [_rule(args.rule, rules)])))
        return 0
    if not args.all:
        raise UsageError("`--output` goes with `--all`")
    try:
        args.output.mkdir(parents=True, exist_ok=True)
        for name, text in pages(rules).items():
            (args.output / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"`{error.filename}` cannot be written: {error.strerror}") from None
    return 0


def _rule(word: str, rules: Sequence[Rule]) -> Rule:
    from ssot_lint.files import UsageError
    from ssot_lint.tables import nearest

    names = {name.lower(): rule for rule in rules for name in (rule.id, rule.code)}
    rule = names.get(word.lower())
    if rule is None:
        raise UsageError(
            f"there is no rule `{word}`{nearest(word, [name for r in rules for name in (r.id, r.code)])}"
        )
    return rule


def _show(markdown: str) -> None:
    if not sys.stdout.isatty():
        print(markdown, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))

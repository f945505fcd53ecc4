"""`ssot-lint rules`: list the rules."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `rules` can be told."""
    parser.description = "List the rules: code, id, whether there is a fix, and what each finds."
    parser.epilog = "`ssot-lint explain RULE` prints the page of one."
    parser.add_argument("--format", choices=("text", "json"), default="text", help="form of the list")


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    from ssot_lint.rules import RULES

    if args.format == "json":
        import json

        rows = [
            {
                "code": rule.code,
                "id": rule.id,
                "fix": rule.fix,
                "default": rule.default,
                "summary": rule.summary,
            }
            for rule in RULES
        ]
        print(json.dumps(rows, indent=2))
        return 0
    table = [("code", "rule", "fix", "what it finds")]
    table += [(rule.code, rule.id, rule.fix or "-", rule.summary) for rule in RULES]
    widths = [max(map(len, column)) for column in list(zip(*table, strict=True))[:-1]]
    for *cells, summary in table:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), summary]))
    return 0

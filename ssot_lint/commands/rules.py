"""`ssot-lint rules`: list the rules, or run their examples."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.commands import known_rules, say
from ssot_lint.reports import neutral

if TYPE_CHECKING:
    from ssot_lint.catalogue import Catalogue

_EPILOG = """\
Rules of plugins are listed where the configuration names some. `ssot-lint explain RULE` prints a page.
exit codes: 0 done, 1 an example of --self-test failed, 2 a mistake in the command line or the configuration
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `rules` can be told."""
    parser.description = "List the rules: code, id, and what each finds."
    parser.epilog = _EPILOG
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--format", choices=("text", "json"), default="text", help="form of the list")
    form.add_argument(
        "--self-test", action="store_true", help="run the examples of all rules and tell which fail"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration whose plugins count, not the nearest one"
    )


def run(args: argparse.Namespace) -> int:
    """Print the list, or what became of the examples."""
    if args.self_test:
        from ssot_lint.config import find_catalogue

        return _self_test(find_catalogue(args.config, Path.cwd()))
    catalogue = known_rules(args.config)
    if args.format == "json":
        _print_json(catalogue)
        return 0
    table = [("code", "rule", "what it finds")]
    table += [(rule.code, rule.id, rule.summary) for rule in catalogue.rules]
    widths = [max(map(len, column)) for column in list(zip(*table, strict=True))[:-1]]
    for *cells, summary in table:
        row = [*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), summary]
        print(neutral("  ".join(row)))
    return 0


def _print_json(catalogue: Catalogue) -> None:
    import json

    plugins = {rule.id: plugin.name for plugin in catalogue.plugins for rule in plugin.rules}
    rows = [
        {
            "code": rule.code,
            "id": rule.id,
            "default": rule.default,
            "summary": rule.summary,
            "plugin": plugins.get(rule.id, ""),
        }
        for rule in catalogue.rules
    ]
    print(json.dumps(rows, indent=2))


def _self_test(catalogue: Catalogue) -> int:
    from ssot_lint import self_test

    width = max(len(rule.id) for rule in catalogue.rules)
    failing = ""
    for outcome in self_test.run(catalogue):
        rule = outcome.rule
        print(f"{rule.id:<{width}}  {outcome.passed} of {len(rule.bad) + len(rule.good)} examples passed")
        for failure in outcome.failures:
            failing = failing or rule.id
            print(neutral(f"  {failure.title}"))
            for reason in failure.reasons:
                print(neutral(f"    {reason}"))
    if not failing:
        return 0
    say(f"see `ssot-lint explain {failing}`")
    return 1

"""`ssot-lint gate`: measure how far a project is from its goals."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from ssot_lint.baseline import batches
from ssot_lint.commands import _gate_texts as texts
from ssot_lint.commands import _work, say
from ssot_lint.commands._debt import looked_up
from ssot_lint.config import Config, load
from ssot_lint.files import UsageError
from ssot_lint.gates import Condition, Gate
from ssot_lint.measures import measure
from ssot_lint.standing import Measured, standing
from ssot_lint.tables import nearest

_EPILOG = """\
A gate is a name and conditions, all of which are to be met some day. In pyproject.toml:

  [[tool.ssot-lint.gate]]
  name = "phase-1"
  conditions = [
    { rules = ["syntax-error"], paths = ["tests/critical/"], max = 0 },
    { rules = ["missing-base"], max = 500 },
    { paths = ["tests/"], min-clean = 50 },
    { paths = ["src/websocket/"], min-covered = 90 },
  ]

examples:
  ssot-lint gate             show all gates
  ssot-lint gate phase-1     fail while this one is not met

Findings that the baseline carries count, those that comments or waivers allow stand beside.
exit codes: 0 the gates that are named are met, or none is named; 2 a mistake in the command line, the
configuration or the baseline; 5 a gate that is named is not met
"""
_NOT_MET = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `gate` can be told."""
    parser.description = "Measure how far the project is from its goals. A gate fails only when it is named."
    parser.epilog = _EPILOG
    parser.add_argument("names", nargs="*", metavar="NAME", help="gate that must be met (default: show all)")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="form of what is printed (default: text)"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print no notes")
    _work.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Measure, print, and return the exit code. Raises UsageError."""
    config = load(args.config, Path.cwd())
    gates = _chosen(args.names, config)
    debt = looked_up(args, config)
    comments = [allowed.finding for allowed in debt.result.allowed]
    project = standing(config, debt.compared.outcome, comments, debt.batches, batches.today())
    measured = [(gate, [measure(each, project) for each in gate.conditions]) for gate in gates]
    missing = [each for _, conditions in measured for each in conditions if not each.taken.is_met]
    exit_code = _NOT_MET if args.names and missing else 0
    if args.format == "json":
        print(texts.document(measured, exit_code))
    else:
        print("\n\n".join("\n".join(texts.table(*each)) for each in measured))
    if exit_code:
        shown = (each for each in missing if each.shown_by)  # what other programs found has notes instead
        for command in dict.fromkeys(_command(each, args.config, config.root) for each in shown):
            say(f"see `{command}`")
    return exit_code


def _chosen(names: Sequence[str], config: Config) -> list[Gate]:
    """The gates that are named, each once, or all. Raises UsageError."""
    known = {gate.name: gate for gate in config.gates}
    if not known:
        raise UsageError(
            "no gate is configured: it is a table `[[tool.ssot-lint.gate]]` in pyproject.toml, `[[gate]]` in "
            "ssot-lint.toml, with a `name` and `conditions`"
        )
    for name in names:
        if name not in known:
            raise UsageError(f"there is no gate `{name}`{nearest(name, known)}")
    return [known[name] for name in dict.fromkeys(names)] or [*config.gates]


def _command(measured: Measured, config: Path | None, root: Path) -> str:
    """The command line that shows what stands in the way of a condition."""
    condition = measured.condition
    words = ["ssot-lint", *measured.shown_by.split()]
    if config is not None:
        words += ["--config", str(config)]
    if measured.shown_by == "check":
        words += ["--no-baseline", *(["--select", ",".join(condition.rules)] if condition.rules else [])]
        words += _named(condition, root)
    elif measured.shown_by == "baseline show":
        words += [word for rule in condition.rules for word in ("--rule", rule)]
        words += [word for pattern in condition.paths for word in ("--path", pattern)]
    return shlex.join(words)


def _named(condition: Condition, root: Path) -> list[str]:
    """What a command takes for the files of a condition: none where they are patterns."""
    places = [root / pattern.strip("/") for pattern in condition.paths]
    return [os.path.relpath(place) for place in places] if all(map(os.path.lexists, places)) else []

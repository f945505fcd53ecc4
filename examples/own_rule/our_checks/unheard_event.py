"""Finds events that no function listens to.

*Why is this bad?* The event is raised and nothing happens: its listener was renamed, or never written.

*Use instead* a function `on_...` in any module, or no event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.facts.model import FUNCTION
from ssot_lint.rules import Example, File, Options, Problem, Project, Rule, option


@dataclass(frozen=True, kw_only=True)
class UnheardEventOptions(Options):
    """What `[[unheard-event]]` can be told."""

    base: str = option(
        "the class that events inherit from, by its dotted name", default="", example='"shop.events.Event"'
    )


def check(file: File, project: Project, options: UnheardEventOptions) -> Iterator[Problem]:
    """Yields every event of the file that has no listener."""
    bases = {(meaning.path, meaning.name) for meaning in project.symbol(options.base)}
    for entry in file.outline.classes:
        ancestors = project.ancestry(file.path, entry.qualname).meanings
        if bases.isdisjoint((above.path, above.name) for above in ancestors):
            continue
        listener = "on_" + re.sub(r"(?<!^)(?=[A-Z])", "_", entry.name).lower()
        if listener not in project.once(("unheard-event",), lambda: functions(project)):
            message = f"nothing listens to `{entry.name}`: there is no function `{listener}`"
            yield Problem(entry.span, message, (entry.name,))


def functions(project: Project) -> set[str]:
    """Return the names of the functions of all modules."""
    return {
        name
        for outline in project.outlines.values()
        for name, bindings in outline.scopes[0].names.items()
        if any(binding.kind == FUNCTION for binding in bindings)
    }


CONFIG = '[[unheard-event]]\nbase = "shop.events.Event"\n'

RULE = Rule(
    id="unheard-event",
    code="OUR101",
    options=UnheardEventOptions,
    check=check,
    doc=__doc__,
    required=("base",),
    symbols=lambda options: (options.base,),
    bad=(
        Example(
            "a listener of another name",
            {
                "ssot-lint.toml": CONFIG,
                "shop/events.py": (
                    "class Event:\n    pass\nclass OrderPaid(Event):  # [unheard-event]\n    pass\n"
                ),
                "shop/mail.py": "def on_paid(event):\n    ...\n",
            },
        ),
    ),
    good=(
        Example(
            "a listener in another file, and a class that is no event",
            {
                "ssot-lint.toml": CONFIG,
                "shop/events.py": (
                    "class Event:\n    pass\nclass OrderPaid(Event):\n    pass\nclass Receipt:\n    pass\n"
                ),
                "shop/mail.py": "def on_order_paid(event):\n    ...\n",
            },
        ),
    ),
)

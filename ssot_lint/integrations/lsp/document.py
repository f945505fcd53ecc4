"""An open document as the server keeps it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from ssot_lint.integrations.lsp.desk import Desk
from ssot_lint.integrations.lsp.events import Draft, Found
from ssot_lint.integrations.lsp.shown import Shown


@dataclass
class Document:
    """An open Python file, and what is known of its newest version."""

    draft: Draft
    desk: Desk | None
    shown: tuple[Shown, ...] = ()
    published: Found | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # while `shown` is of the newest version

    def lint(self) -> None:
        """Asks the desk what is found in the newest version; without a desk, nothing is."""
        if self.desk is None:
            self.shown = ()
            self.settled.set()
        else:
            self.settled.clear()
            self.desk.replace(self.draft)

"""Says which waivers nothing needs any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssot_lint.compare import Compared
    from ssot_lint.config import Config


def idle_notes(config: Config, compared: Compared) -> Iterator[str]:
    """Yield what to tell of the waivers that speak of nothing that a run has found."""
    if compared.stored.waivers:
        from ssot_lint.compare import idle_waivers

        for waiver in idle_waivers(config, compared):
            yield f"{waiver.place}: this waiver speaks of nothing that is found; take it out"

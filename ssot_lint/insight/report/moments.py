"""How many entries the baseline had on the days that changed it, as git remembers."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator

from ssot_lint.baseline import folder, history
from ssot_lint.files import commits_that_changed
from ssot_lint.insight.figures import Moment

MOST = 60
"""So many days are looked at, the last ones."""


def moments(root: str | os.PathLike[str]) -> Iterator[Moment]:
    """The days in UTC on which HEAD's own line changed the baseline, the oldest first, with what it had then.

    Raises GitError.
    """
    last_of: dict[datetime.date, str] = {}  # the last commit of each day, the newest day first
    for commit, seconds in commits_that_changed(root, folder.FOLDER):
        last_of.setdefault(datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).date(), commit)
    days = sorted(last_of)[-MOST:]
    yield from map(Moment, days, history.sizes(root, [last_of[day] for day in days]))

"""Cleans the baseline up after a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.engine import Result


def cleaned_up(config: Config, result: Result, environment: Mapping[str, str]) -> Iterator[str]:
    """Take out of the baseline what is over, where that may be done, and yield what to tell about it.

    That is after a run about everything, which finds nothing new; and not on a machine for CI.
    """
    from ssot_lint.baseline.error import BaselineError
    from ssot_lint.compare import clean_up

    compared = result.compared
    if compared is None or not compared.outcome.coverage.is_whole or not compared.is_out_of_date:
        return
    if environment.get("CI") or result.new:
        yield "the baseline is not up to date; `ssot-lint baseline sync` cleans it up"
        return
    try:
        shrunk = clean_up(config, compared)
    except BaselineError as error:
        yield f"the baseline is not up to date, and cannot be cleaned up: {error}"
        return
    reasons = Counter(left.why for left in shrunk.removed)
    done = [f"{number} {reason}" for reason, number in sorted(reasons.items())]
    done += [f"{len(shrunk.moved)} moved"] if shrunk.moved else []
    done += [f"{len(shrunk.lowered)} lowered"] if shrunk.lowered else []
    yield f"the baseline was cleaned up ({', '.join(done)}); commit `.ssot-lint`"

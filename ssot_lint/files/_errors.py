"""The error of every caller's mistake."""

from __future__ import annotations


class UsageError(Exception):
    """A mistake in a command line or a configuration; its text tells the user what to change."""

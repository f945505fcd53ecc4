"""Keeps one home for every thing in a Python code base."""

__version__ = "0.1.0"

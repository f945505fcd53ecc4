"""Figures about a project that other programs make: pytest, coverage.py, and whatever writes JUnit files."""

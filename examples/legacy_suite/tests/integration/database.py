"""What tests with a database share."""

from testing.compat import LegacyTestCase


class DatabaseTest(LegacyTestCase):
    """A test with a database."""

"""The base class of every test."""

import unittest

from testing import environment


class ShopTestCase(unittest.TestCase):
    """A test with an environment of its own."""

    def setUp(self) -> None:
        self.addCleanup(environment.isolate())

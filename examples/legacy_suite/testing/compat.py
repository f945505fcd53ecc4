"""Old names, for tests that were written before."""

from os import environ
from unittest import TestCase

from testing.base import ShopTestCase


class LegacyTestCase(TestCase):
    """Shared its environment with every other test."""

    settings = environ

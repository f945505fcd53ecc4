Searching: this text has lost the quotes in front of it.
"""

from testing import ShopTestCase


class TestSearch(ShopTestCase):
    def test_nothing_is_found(self):
        self.assertEqual([], [])

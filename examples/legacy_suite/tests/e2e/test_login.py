"""Signing in: a bracket that nobody closed."""

from testing import ShopTestCase


class TestLogin(ShopTestCase):
    def test_password_is_asked(self):
        form = dict(
            user="ada",
            password="",

    def test_second_factor(self):
        self.assertTrue(True)

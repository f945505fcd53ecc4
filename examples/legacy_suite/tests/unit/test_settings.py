"""Settings: one forbidden thing in many spellings."""

import os
import os as system
from os import getenv
from unittest.mock import patch

from testing import ShopTestCase, compat


class TestSettings(ShopTestCase):
    def test_plain(self):
        self.assertIn("HOME", os.environ)
        self.assertEqual(os.path.basename("/etc/shop"), "shop")

    def test_aliased(self):
        self.assertTrue(system.getenv("HOME"))
        self.assertTrue(getenv("HOME"))

    def test_handed_on(self):
        self.assertIn("HOME", compat.environ)

    @patch.dict("os.environ", {"SHOP": "1"})
    def test_patched(self):
        from os import environ as env

        self.assertEqual(env["SHOP"], "1")

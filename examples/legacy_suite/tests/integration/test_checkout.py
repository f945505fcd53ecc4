"""Buying: bases that lead to the wrong place, or to none."""

import unittest

from tests.integration.database import DatabaseTest


class TestCheckout(DatabaseTest):
    def test_nothing_is_sold_twice(self):
        self.assertEqual(len({"book", "book"}), 1)


class TestRefund(unittest.TestCase):
    def test_money_comes_back(self):
        self.assertEqual(5 - 5, 0)


class TestReceipt:
    def test_receipt_is_printed(self):
        assert "receipt".upper() == "RECEIPT"

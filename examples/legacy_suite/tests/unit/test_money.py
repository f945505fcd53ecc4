"""Amounts of money: as it should be."""

from app.money import Money
from testing import ShopTestCase


class TestMoney(ShopTestCase):
    def test_amounts_add_up(self):
        self.assertEqual(Money(1) + Money(2), Money(3))

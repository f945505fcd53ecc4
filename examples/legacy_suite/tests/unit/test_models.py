"""Orders: the right things, taken from the wrong places."""

from app import models
from app.models import Money, Order
from testing.compat import ShopTestCase


class TestOrder(ShopTestCase):
    def test_total(self):
        order = Order("Ada", [Money(100), models.Money(20)])
        self.assertEqual(order.total(), Money(120))

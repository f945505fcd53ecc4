"""Orders: tests that never run, and one that tests nothing."""

from app.models import Order
from testing import ShopTestCase


class TestOrders(ShopTestCase):
    def setUp(self):
        self.order = Order("Ada")

    def test_total(self):
        self.assertTrue(self.order)

    def test_total(self):
        self.assertEqual(self.order.total().cents, 0)

    def test_discount(self):
        pass


class OrderChecks:
    def test_empty(self):
        assert not Order("Ada").amounts

    def test_customer(self):
        assert Order("Ada").customer == "Ada"


if __name__ == "__main__":
    import pytest

    pytest.main([__file__])

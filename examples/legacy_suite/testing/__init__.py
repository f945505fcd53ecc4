"""What every test builds on."""

from testing.base import ShopTestCase

"""Tells customers what has happened."""

from shop.events import OrderPaid


def on_order_paid(event: OrderPaid) -> None:
    """Send the receipt."""


def on_order_canceled(event: object) -> None:
    """Say that nothing will be sent; the event is written with two l."""

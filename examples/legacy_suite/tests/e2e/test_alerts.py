"""Alerts, with a copy of the connection of the chat."""

from testing import ShopTestCase


class FakeConnection:
    def __init__(self):
        self.sent = []  # newest last
        self.closed = False

    async def send(self, message):
        if self.closed:
            raise ConnectionError(
                "closed"
            )
        self.sent.append(message)

    async def close(self):
        self.closed = True


class TestAlerts(ShopTestCase):
    def test_nothing_is_sent_at_first(self):
        self.assertEqual(FakeConnection().sent, [])

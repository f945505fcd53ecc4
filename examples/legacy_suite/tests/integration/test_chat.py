"""The chat, with a connection of its own."""

from testing import ShopTestCase


class FakeConnection:
    """Stands for a connection."""

    def __init__(self):
        self.sent = []
        self.closed = False

    async def send(self, message):
        if self.closed:
            raise ConnectionError("closed")
        self.sent.append(message)

    async def close(self):
        self.closed = True


class TestChat(ShopTestCase):
    def test_new_connection_is_open(self):
        self.assertFalse(FakeConnection().closed)

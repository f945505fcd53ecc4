"""A connection for the feed: the chat's, by another name."""


class SocketDouble:
    def __init__(self):
        self.sent = []
        self.closed = False

    async def send(self, message):
        if self.closed:
            raise ConnectionError("closed")
        self.sent.append(message)

    async def close(self):
        self.closed = True

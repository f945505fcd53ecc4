"""Bills, from before there was `app.money`."""


class Money:
    """An amount in euros."""

    def __init__(self, euros: float) -> None:
        self.euros = euros


class Invoice:
    """A bill."""

    def __init__(self, lines: list[Money]) -> None:
        self.lines = lines

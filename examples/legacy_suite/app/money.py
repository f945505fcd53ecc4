"""Amounts of money."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """An amount in cents."""

    cents: int
    currency: str = "EUR"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents, self.currency)

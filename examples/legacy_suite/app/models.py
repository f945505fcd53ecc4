"""What the shop keeps."""

from dataclasses import dataclass, field

from app.money import Money


@dataclass
class Order:
    """What somebody wants to have."""

    customer: str
    amounts: list[Money] = field(default_factory=list)

    def total(self) -> Money:
        return sum(self.amounts, Money(0))

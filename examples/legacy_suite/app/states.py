"""The states of an order, each spelt out here and nowhere else."""

OPEN = "order-open"
PAID = "order-paid"

"""Labels: saved by an editor that did not know of UTF-8."""

PRICE = "10 ¤"

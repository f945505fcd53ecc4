"""Independent answers to what the rules should find, built on `ast` and `compile` alone."""

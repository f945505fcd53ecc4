"""Where a clean-up stands, how it came to that, and what rules would have stopped."""

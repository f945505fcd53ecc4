"""What the hook would have stopped, had it been there."""

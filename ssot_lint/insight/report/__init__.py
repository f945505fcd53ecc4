"""Where a clean-up stands now: its figures, and the forms in which they are told."""

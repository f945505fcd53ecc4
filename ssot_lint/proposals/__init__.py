"""What the tree itself shows to be canonical: each proposal with its evidence and its configuration."""

"""What one source text says about itself, independent of its path and of any configuration."""

"""The language server: shows editors what is found, while people type."""

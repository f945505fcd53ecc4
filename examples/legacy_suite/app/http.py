"""The one way out to the network."""

import requests


def get(url: str) -> bytes:
    """Return what is at an address."""
    return requests.get(url, timeout=5).content

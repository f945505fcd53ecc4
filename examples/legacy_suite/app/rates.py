"""Exchange rates."""

import json

from requests import Session  # ssot: allow forbidden-import -- the bank wants one connection for a whole day

from app.clock import Clock  # ssot: allow forbidden-import -- a clock was forbidden once


def today(session: Session) -> dict[str, float]:
    """Return the rates of today."""
    return json.loads(session.get(f"https://bank.example/{Clock().today()}").content)

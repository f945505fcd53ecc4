"""Payments: settings read past their one reader, and a function that is there twice."""

import os


def sign(payload):
    return payload + os.environ["JWT_SECRET_KEY"]


def verify(payload):
    return payload.endswith(os.environ["JWT_SECRET_KEY"])


def redact(text, words):
    """Return the text with dots for words that nobody must see."""
    hidden = []
    for word in text.split():
        if word.lower() in words:
            hidden.append("." * len(word))
        elif word.isdigit():
            hidden.append("#" * len(word))
        else:
            hidden.append(word)
    return " ".join(hidden)

"""Logging in: the same secret by another name."""

from os import getenv


def token(user):
    return user + getenv("JWT_SECRET")


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

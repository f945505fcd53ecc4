"""Which keys are nearly the same: words in another order, synonyms, or a word more that says nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

Words = tuple[str, ...]

_FEWEST_WORDS = 2  # `TEST_KEY` is not `TEST` with a word that says nothing


class Twins:
    """A set of keys such as `JWT_SECRET_KEY`, which tells the ones that are nearly the same as another.

    Each of the `synonyms` is a group of words that mean one thing. The `fillers` are words that say
    nothing at the end ("_KEY"), at the beginning ("USE_") or in between ("_BASE_").
    """

    def __init__(
        self, keys: Iterable[str], synonyms: Iterable[Iterable[str]] = (), fillers: Iterable[str] = ()
    ) -> None:
        self._meaning = {word: group[0] for group in map(tuple, synonyms) for word in group}
        self._fillers = frozenset(fillers)
        self._by_form: defaultdict[Words, set[str]] = defaultdict(set)
        self._by_words: defaultdict[Words, set[str]] = defaultdict(set)
        self._by_fewer_words: defaultdict[Words, set[str]] = defaultdict(set)
        for key in keys:
            words = _words(key)
            self._by_words[self._meanings(words)].add(key)
            for form in self._forms(words):
                self._by_form[form].add(key)
            for fewer in self._without_fillers(words):
                self._by_fewer_words[fewer].add(key)

    def of(self, key: str) -> set[str]:
        """The keys of the set that are nearly the same as a key, which need not be in the set."""
        words = _words(key)
        found: set[str] = set()
        for form in self._forms(words):
            found |= self._by_form.get(form, set())
        for fewer in self._without_fillers(words):
            found |= self._by_words.get(fewer, set())
        return (found | self._by_fewer_words.get(self._meanings(words), set())) - {key}

    def _meanings(self, words: Words) -> Words:
        return tuple(self._meaning.get(word, word) for word in words)

    def _forms(self, words: Words) -> Iterator[Words]:
        """What keys have in common that differ in the order of words, in synonyms, or in underscores."""
        yield tuple(sorted(self._meanings(words)))
        yield ("", "".join(words))

    def _without_fillers(self, words: Words) -> Iterator[Words]:
        last = len(words) - 1
        for place, word in enumerate(words):
            written = f"{'_' if place else ''}{word}{'_' if place < last else ''}"
            if written in self._fillers and last >= _FEWEST_WORDS:
                yield self._meanings(words[:place] + words[place + 1 :])


def _words(key: str) -> Words:
    return tuple(filter(None, key.split("_")))

"""Answers questions that lead to others, and can lead back to themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from ssot_lint.meaning import Meaning, nearest
from ssot_lint.reads import Reads, least

Question = tuple[str, ...]
Find = Callable[[], Iterable[Meaning]]

DEEPEST = 50
"""So many questions may wait for each other; what is below is answered first, however long a chain is."""

MOST_ROUNDS = 20
"""So often questions that lead back to themselves are asked again."""


class _TooDeepError(Exception):
    def __init__(self, question: Question, find: Find) -> None:
        super().__init__(question)
        self.question = question
        self.find = find


class Answers:
    """The answers that were found so far."""

    def __init__(self, reads: Reads | None = None) -> None:
        """`reads` is told from which files each answer was made, also where it was known before."""
        self._reads = reads
        self._made_from: dict[Question, AbstractSet[str]] = {}
        self._answers: dict[Question, tuple[Meaning, ...]] = {}
        self._provisional: dict[Question, tuple[Meaning, ...]] = {}
        self._assumed: dict[Question, tuple[Meaning, ...]] = {}
        self._open: set[Question] = set()
        self._pending: list[tuple[Question, Find]] = []
        self._met_cycle = False

    @property
    def are_settled(self) -> bool:
        """Whether none of the questions is being asked, so that no answer may still change."""
        return not self._open

    def forget(self, path: str) -> None:
        """Forgets the answers to all questions about a file."""
        for question in [question for question in self._answers if path in question]:
            del self._answers[question]

    def answer(self, question: Question, find: Find) -> tuple[Meaning, ...]:
        """The answer to a question, found once.

        Questions lead to others, and can lead back to themselves (modules that re-export each other):
        then they are asked again, each time with the answers of the time before, until these stay as
        they are. So an answer does not depend on what was asked first.
        """
        found = self._answers.get(question)
        if found is not None and self._reads is not None:
            self._reads.note(self._made_from[question])
        if found is None and self._open:
            return self._answer_below(question, find)
        if found is None:
            self._pending = [(question, find)]
            while self._pending:
                try:
                    self._settle_noted(*self._pending[-1])
                except _TooDeepError as error:
                    self._pending.append((error.question, error.find))  # answered on its own, and then again
                else:
                    self._pending.pop()
            found = self._answers[question]
        return found

    def _answer_below(self, question: Question, find: Find) -> tuple[Meaning, ...]:
        if question in self._open:
            self._met_cycle = True
            return self._assumed.get(question, ())
        found = self._provisional.get(question)
        if found is None:
            if len(self._open) == DEEPEST:
                if any(question == other for other, _ in self._pending):  # a cycle that is longer than that
                    return ()
                raise _TooDeepError(question, find)
            found = self._ask(question, find)
        return found

    def _ask(self, question: Question, find: Find) -> tuple[Meaning, ...]:
        self._open.add(question)
        found = self._provisional[question] = nearest(find())
        self._open.discard(question)
        return found

    def _settle_noted(self, question: Question, find: Find) -> None:
        if self._reads is None:
            self._settle(question, find)
            return
        with self._reads.noted() as paths:
            self._settle(question, find)
        # Of each, all that was asked for any of them: more is right, too.
        self._made_from.update(dict.fromkeys(self._provisional, least(paths)))

    def _settle(self, question: Question, find: Find) -> None:
        self._assumed = {}
        try:
            for _ in range(MOST_ROUNDS):
                self._provisional, self._met_cycle = {}, False
                self._ask(question, find)
                if not self._met_cycle or self._provisional == self._assumed:
                    break
                self._assumed = self._provisional
            self._answers.update(self._provisional)
        finally:
            self._open = set()

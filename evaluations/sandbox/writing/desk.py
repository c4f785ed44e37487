"""What a writer has before it: the sentences that are still unused, and how to choose among them."""

from collections import Counter
from dataclasses import dataclass

from .dice import Dice
from .reading import Assignment
from .sentences import Sentence, sentences_of
from .subjects import subject_of

ALIKE = 0.6  # two sentences with so much of the shorter one's words in common say the same
MAX_SENTENCES = 1500


@dataclass(frozen=True)
class Room:
    """How much is wanted for one section: words, and items of a list."""

    least_words: int = 0
    words: int = 60
    most_words: int = 120
    least_items: int = 1
    items: int = 99


class Desk:
    """Chooses sentences for one section after the other, each sentence once, sources taking turns."""

    def __init__(self, assignment: Assignment, dice: Dice, terse: bool = False, sources: int | None = None) -> None:
        self.assignment = assignment
        self._terse = terse
        self._left = sentences_of(assignment.sources)[:MAX_SENTENCES]
        self.small_words = {word for one in self._left for word in one.text.split() if word.islower()}
        self._left = [one for one in self._left if not self._is_forbidden(one.text)]
        self._rare = Counter(stem for one in self._left for stem in one.stems)
        self._uses: Counter[int] = Counter()
        self._favour = {one: dice.sway() for one in self._left}
        if sources is not None:
            self._keep_sources(sources)

    def choose(self, heading: str, room: Room) -> list[Sentence]:
        """Sentences about a heading, as many as there is room for, the most telling first."""
        worths = self._worths(subject_of(heading)) or self._worths(self._everything())
        chosen: list[Sentence] = []
        words = 0
        while worths and not (len(chosen) >= room.items or self._is_full(room, words, len(chosen))):
            best = max(worths, key=lambda one: (worths[one] / (1 + self._uses[one.source]), -one.source, -one.position))
            del worths[best]
            if words + best.words > room.most_words and (chosen or best.words > 2 * room.most_words):
                continue
            chosen.append(best)
            words += best.words
            self._take(best)
            worths = {one: worth for one, worth in worths.items() if not _alike(one, best)}
        return chosen

    def _is_full(self, room: Room, words: int, items: int) -> bool:
        return items >= room.least_items and words >= max(room.words, room.least_words)

    def _take(self, sentence: Sentence) -> None:
        self._uses[sentence.source] += 1
        self._left = [one for one in self._left if not _alike(one, sentence)]

    def _worths(self, subject: dict[str, float]) -> dict[Sentence, float]:
        told = {one: self._about(one, subject) for one in self._left}
        floor = 0.25 * max(told.values(), default=0.0)
        return {one: worth * self._manner(one) * self._favour[one] for one, worth in told.items() if worth > floor}

    def _about(self, sentence: Sentence, subject: dict[str, float]) -> float:
        return sum(subject[stem] / (1 + self._rare[stem] / 30) for stem in sentence.stems if stem in subject)

    def _manner(self, sentence: Sentence) -> float:
        return sentence.stands_alone * (8 / max(8, sentence.words) if self._terse else 1.0)

    def _everything(self) -> dict[str, float]:
        """A subject that any sentence may touch: what most sentences speak of."""
        return {stem: 1.0 for stem, _ in self._rare.most_common(80)}

    def _is_forbidden(self, text: str) -> bool:
        return any(phrase.lower() in text.lower() for phrase in self.assignment.form.forbidden_phrases)

    def _keep_sources(self, number: int) -> None:
        """Keeps the sources that say most about the sections."""
        weights: Counter[int] = Counter()
        for section in self.assignment.form.sections:
            subject = subject_of(section.heading)
            told = {one: self._about(one, subject) for one in self._left}
            for one in sorted(told, key=lambda one: -told[one])[:3]:
                weights[one.source] += 1
        kept = {source for source, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:number]}
        kept = kept or set(range(number))
        self._left = [one for one in self._left if one.source in kept]


def _alike(one: Sentence, other: Sentence) -> bool:
    return len(one.stems & other.stems) >= ALIKE * min(len(one.stems), len(other.stems))

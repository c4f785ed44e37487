"""Who says a quotation, read from the words around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluations.scoring.attribution.people import Mention, Word, mentions, same_person, words_of
from evaluations.scoring.attribution.quotations import Quotation
from evaluations.scoring.languages.pack import LanguagePack, word_set
from evaluations.scoring.text.sentences import ends_sentence

# So many characters before and after a quotation are read for its speaker.
REACH = 320
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s)")
_CLOSING = "”\"’'»›“」』´`"
_SKIPPED = " \t\u2060\xa0*_"
_CLAUSE_MARKS = ";:()"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: a name as folded words, or what he or she is called; `others` are those whom a pronoun may
    mean as well. `sure` where a verb of speech stands beside the name, or a pronoun that can mean nobody else."""

    name: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    clubs: frozenset[str] = frozenset()
    others: tuple[tuple[str, ...], ...] = ()
    sure: bool = True

    def __bool__(self) -> bool:
        return bool(self.name or self.roles)

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """The name, and those that may be meant as well."""
        return (self.name, *self.others) if self.name else self.others


NOBODY = Speaker()
# Somebody is named as the speaker, in words that lead to no person: "the club said".
NAMELESS = Speaker(roles=frozenset(("",)))
# Verbs whose object is who speaks: "the club quoted Loftus as saying".
_QUOTING = word_set("quoted quotes quoting zitiert zitierte citó cité citant citato citou citando")
_RELATIVE = word_set("who qui quien chi quem")
_AGED = ("-year-old", "year-old", "jahrige", "jahriger")


class Frames:
    """The speakers of the quotations of one readable text, each read once from the words around it."""

    def __init__(self, text: str, quotations: Sequence[Quotation], pack: LanguagePack) -> None:
        self.text = text
        self.quotations = quotations
        self.pack = pack
        self._known: dict[int, Speaker] = {}

    def speaker(self, number: int) -> Speaker:
        """The speaker of a quotation, by its number."""
        if number not in self._known:
            self._known[number] = self._find_speaker(number)
        return self._known[number]

    def _find_speaker(self, number: int) -> Speaker:
        quotation = self.quotations[number]
        speaker = self._within(quotation) or self._after(number) or self._before(number)
        return speaker or self._lead_in(number) or self._previous_speaker(number)

    def _within(self, quotation: Quotation) -> Speaker:
        """The speaker named between the parts of a split quotation."""
        for (_, end), (start, _) in zip(quotation.parts, quotation.parts[1:], strict=False):
            if speaker := self._behind(words_of(self.text, end, start), quotation.start):
                return speaker
        return NOBODY

    def _after(self, number: int) -> Speaker:
        quotation = self.quotations[number]
        start = self._outside(quotation.end)
        if not self._goes_on(quotation.end, start):
            return NOBODY
        following = self.quotations[number + 1].start - 1 if number + 1 < len(self.quotations) else len(self.text)
        end = min(following, self._sentence_end(start))
        return self._behind(words_of(self.text, start, end), quotation.start)

    def _outside(self, end: int) -> int:
        """The place behind the marks that close a quotation."""
        while end < len(self.text) and (self.text[end] in _CLOSING or self.text[end] in _SKIPPED):
            end += 1
        return end

    def _goes_on(self, end: int, outside: int) -> bool:
        """Whether the sentence goes on behind a quotation: not where a full stop stands within it or behind it."""
        last, following = self.text[end - 1 : end], self.text[outside : outside + 1]
        if not following or following in ".;" or self.text[outside : outside + 2] == "\n\n":
            return False
        return last not in ".…" or following in ",–—-" or following.islower()

    def _sentence_end(self, start: int) -> int:
        """Where the sentence ends that goes on here."""
        stop = self.text.find("\n\n", start, start + REACH)
        stop = min(len(self.text), start + REACH) if stop < 0 else stop
        for match in _SENTENCE_END.finditer(self.text, start, stop):
            if ends_sentence(self.text, match.end(), start):
                return match.start()
        return stop

    def _sentence_start(self, place: int, floor: int) -> int:
        """Where the sentence began that leads here."""
        start = max(floor, place - REACH, 0)
        paragraph = self.text.rfind("\n\n", start, place)
        start = start if paragraph < 0 else paragraph + 2
        for match in _SENTENCE_END.finditer(self.text, start, place):
            if ends_sentence(self.text, match.end(), start):
                start = match.end()
        return start

    def _floor(self, number: int) -> int:
        return self._outside(self.quotations[number - 1].end) if number else 0

    def _before(self, number: int) -> Speaker:
        """The speaker named before a quotation, in its sentence."""
        quotation = self.quotations[number]
        start = self._sentence_start(quotation.start - 1, self._floor(number))
        words = words_of(self.text, start, quotation.start - 1)
        return self._ahead(words, start)

    def _lead_in(self, number: int) -> Speaker:
        """The subject of the sentence before a quotation that is a sentence of its own, where no other quotation
        stands between."""
        start = self._sentence_start(self.quotations[number].start - 1, self._floor(number))
        before = self._sentence_start(start - 1, self._floor(number)) if start > self._floor(number) else start
        words = words_of(self.text, before, start)
        if self._sentence_end(before) < start and (speaker := self._according(words, before)):
            return speaker
        people = [mention.words for mention in mentions(words, self.pack) if not mention.belongs]
        return Speaker(people[0], others=tuple(people[1:])) if people else self._pronoun(words, before)

    def _previous_speaker(self, number: int) -> Speaker:
        """Without a speaker of its own a quotation is by whom the one before it is, if little stands between."""
        if number and self.quotations[number].start - self.quotations[number - 1].end < REACH:
            between = self.text[self._floor(number) : self.quotations[number].start]
            if len(between.split()) <= 14 or self._is_short_frame(between):
                return self.speaker(number - 1)
        return NOBODY

    def _is_short_frame(self, between: str) -> bool:
        """Whether what stands between two quotations is the frame of the first, and nothing else."""
        return len(_SENTENCE_END.findall(between.strip())) <= 1 and not between.strip()[:1].isupper()

    def reported_speaker(self, frame: tuple[int, int], start: int, *, behind: bool) -> Speaker:
        """The speaker in the frame of reported speech: the words before its clause, or behind it."""
        words, at = words_of(self.text, *frame), min(frame[0], start)
        return self._behind(words, at) if behind else self._ahead(words, at)

    def teller(self, start: int, end: int) -> Speaker:
        """The subject of the verb of speech by which a stretch outside quotation marks is told; the verb may stand
        within it."""
        begin = self._sentence_start(start, 0)
        words = words_of(self.text, begin, end)
        for place in range(len(words) - 2, -1, -1):
            if words[place].folded not in self.pack.speech or words[place].is_capital:
                continue
            if speaker := self._subject(words[:place], begin):
                return speaker
        return self._according(words, begin) or self._told_behind(end)

    def _told_behind(self, end: int) -> Speaker:
        """The speaker named in what is left of a sentence: ", Holm said"."""
        words = words_of(self.text, end, self._sentence_end(end))
        comma = next((i for i, word in enumerate(words) if word.text in ",–—"), None)
        return NOBODY if comma is None or comma > 4 else self._behind(words[comma + 1 :], end)

    def _behind(self, words: Sequence[Word], at: int) -> Speaker:
        """The speaker in the words behind a quotation: "said Aidan Loftus", "Loftus said", "the coach told them"."""
        pack = self.pack
        for place, word in enumerate(words):
            if word.folded in pack.by and place < 3:
                return self._phrase(words[place + 1 :], at)
            if word.folded in pack.speech and not word.is_capital:
                return self._around(words, place, at)
            if word.text in ";:" or place > 14:
                break
        for opening in pack.according:
            if tuple(word.folded for word in words if word.is_word)[: len(opening)] == opening:
                marks = sum(not word.is_word for word in words[: len(opening) + 1])
                return self._phrase(words[len(opening) + marks :], at)
        return self._phrase(words[1:], at) if words and words[0].text in "(–—-" else NOBODY

    def _around(self, words: Sequence[Word], place: int, at: int) -> Speaker:
        """The speaker before or behind a verb of speech that stands behind a quotation."""
        behind = words[place + 1 :]
        if behind and behind[0].folded in self.pack.by:
            return self._phrase(behind[1:], at)
        if words[place].folded in _QUOTING and (quoted := self._phrase(behind, at)):
            return quoted
        before = words[:place]
        return self._subject(before, at) or self._described_only(before, at) or self._phrase(behind, at)

    def _ahead(self, words: Sequence[Word], at: int) -> Speaker:
        """The speaker in the words before a quotation: the subject of the last verb of speech, or of a colon."""
        pack = self.pack
        for place in range(len(words) - 1, -1, -1):
            word = words[place]
            if word.folded not in pack.speech or (word.is_capital and place):
                continue
            if word.folded in _QUOTING and (quoted := self._phrase(words[place + 1 :], at)):
                return quoted
            agents = [w for w in range(place + 1, len(words)) if words[w].folded in pack.by]
            if agents and (speaker := self._phrase(words[agents[0] + 1 :], at)):
                return speaker
            if speaker := self._subject(words[:place], at) or self._described_only(words[:place], at):
                return speaker
            if not any(w.is_word for w in words[:place]):
                return self._phrase(words[place + 1 :], at)
        if speaker := self._according(words, at):
            return speaker
        if words and words[-1].text == ":":
            return self._first(words, at)
        return replace(self._first(words, at), sure=False) if len(words) > 1 and words[0].text != "(" else NOBODY

    def _according(self, words: Sequence[Word], at: int) -> Speaker:
        folded = tuple(word.folded for word in words)
        for opening in self.pack.according:
            if folded[: len(opening)] == opening:
                return self._phrase(words[len(opening) :], at)
        return NOBODY

    def _first(self, words: Sequence[Word], at: int) -> Speaker:
        """The first person named in a clause that has no verb of speech."""
        named = mentions(words, self.pack)
        found = [mention for mention in named if not mention.belongs]
        if found:
            return Speaker(found[0].words)
        if described := self._role_before(words, 0, len(words)) or self._pronoun(words, at):
            return described
        return Speaker(named[0].words) if named and words[-1].text == ":" else NOBODY

    def _subject(self, words: Sequence[Word], at: int) -> Speaker:
        """The nearest person, role or pronoun before a verb."""
        found = mentions(words, self.pack)
        people = [mention for mention in found if not mention.belongs]
        pronoun = next((i for i in range(len(words) - 1, -1, -1) if self._refers(words, i)), -1)
        role = next((i for i in range(len(words) - 1, -1, -1) if words[i].folded in self.pack.roles), -1)
        if people and people[-1].last > max(pronoun, -1):
            return self._person_before(words, people)
        if role > pronoun and not people:
            return self._role_before(words, 0, len(words))
        if pronoun >= 0:
            return self._pronoun(words, at)
        return self._person_before(words, people) if people else NOBODY

    def _refers(self, words: Sequence[Word], i: int) -> bool:
        """Whether a word stands for somebody named before its sentence: "he", but not the "who" of "Lund, who"."""
        return words[i].folded in self.pack.pronouns and not (
            words[i].folded in _RELATIVE and i and words[i - 1].text == ","
        )

    def _described_only(self, words: Sequence[Word], at: int) -> Speaker:
        """A subject that is no name: "the 24-year-old" is the person named before, "the club" nobody that is known."""
        if not any(word.folded in self.pack.articles for word in words):
            return NOBODY
        if any(word.folded.endswith(_AGED) for word in words):
            context = self._context(at)
            return Speaker(context[0], others=tuple(context[1:])) if context else NAMELESS
        return NAMELESS

    def _person_before(self, words: Sequence[Word], people: Sequence[Mention]) -> Speaker:
        """The last person before the verb; of "Vance, who once played for Tilcombe and Luneville," the first."""
        last = people[-1]
        for mention in reversed(people[:-1]):
            between = words[mention.last + 1 : last.first]
            if between and between[0].text == "," and any(word.text == "," for word in words[last.last + 1 :]):
                last = mention
            elif all(not word.is_word or word.folded in ("and", "und", "et", "y", "e") for word in between):
                return Speaker(last.words, others=(mention.words,))
        return Speaker(last.words)

    def _phrase(self, words: Sequence[Word], at: int) -> Speaker:
        """The person that a noun phrase behind a verb names: "the Marrowby manager, Aidan Loftus"."""
        limit = next((i for i, w in enumerate(words) if w.text in _CLAUSE_MARKS or i > 16), len(words))
        if words and words[0].folded in self.pack.pronouns:
            return self._pronoun(words[:1], at)
        found = mentions(words[:limit], self.pack)
        people = [mention for mention in found if not mention.belongs]
        if people and (people[0].first <= 4 or self._is_apposition(words, people[0])):
            return Speaker(people[0].words)
        if described := self._role_before(words, 0, min(limit, 10)):
            return described
        return Speaker(found[0].words) if found and found[0].first == 0 else NOBODY

    def _is_apposition(self, words: Sequence[Word], mention: Mention) -> bool:
        """Whether a name stands behind what it is called: roles, clubs and small words, and at most a comma."""
        before = words[: mention.first]
        return any(word.folded in self.pack.roles for word in before) and sum(word.text == "," for word in before) <= 1

    def _role_before(self, words: Sequence[Word], start: int, end: int) -> Speaker:
        """Somebody of whom only a role is given: "the Marrowby manager"."""
        within = words[start:end]
        roles = frozenset(word.folded for word in within if word.folded in self.pack.roles)
        clubs = frozenset(name for mention in mentions(within, self.pack) for name in mention.words)
        return Speaker(roles=roles, clubs=clubs) if roles else NOBODY

    def _pronoun(self, words: Sequence[Word], at: int) -> Speaker:
        context = self._context(at) if any(word.folded in self.pack.pronouns for word in words) else []
        if not context:
            return NOBODY
        return Speaker(context[0], others=tuple(context[1:]))

    def _context(self, place: int) -> list[tuple[str, ...]]:
        """The people of the nearest sentence before a place that names any, the subject first: whom "he" may mean."""
        found: list[tuple[str, ...]] = []
        end = place
        for _ in range(3):
            start = self._sentence_start(end - 1, max(0, end - REACH)) if end > 1 else 0
            words = words_of(self.text, start, end)
            people = [m.words for m in mentions(words, self.pack) if not m.belongs]
            found += [name for name in people if not any(same_person(name, known) for known in found)]
            end = start
            if found or end <= 1:
                break
        return found[:4]

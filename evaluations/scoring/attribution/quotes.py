"""The quotation ledger: every quotation of a report, whether a source has its words, and of the same speaker."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evaluations.scoring.attribution.people import clubs_beside, mentions, roles_beside, same_person, words_of
from evaluations.scoring.attribution.quotations import Quotation, block_quotations, find_quotations, readable
from evaluations.scoring.attribution.reported import Clause, find_clauses, judge_clause
from evaluations.scoring.attribution.speakers import NAMELESS, NOBODY, Frames, Speaker
from evaluations.scoring.attribution.wording import (
    Difference,
    Place,
    SourceText,
    Wording,
    judge,
    read_sources,
    segments,
)
from evaluations.scoring.context.index import LONGEST_CONTEXT, ContextIndex
from evaluations.scoring.context.names import full_names
from evaluations.scoring.languages.pack import LanguagePack, word_set
from evaluations.scoring.text.sentences import sentence_spans

LONGEST_READ = 60_000
# Fewer words in marks may be anybody's, a title or irony.
FEWEST_WORDS = 3
# Words that make a name that of a body, a place or a day, in the languages that are read.
_NO_PERSON = word_set("""
agency airlines academy army association authority bank board book bureau cathedral center centre chamber
championship church city club college commission committee company conference congress corporation council county
court cup department district federation force foundation fund government group hospital house inc institute
institution league ltd magazine ministry museum nations network news office organisation organization paper party
police journal military parliament post press report school senate service show society state states station team
times today tribunal union united university voices day week monday tuesday wednesday thursday friday saturday
sunday january february march april june july august september october november december north south east west
verein verband partei polizei zeitung ministerium liga ministerio partido policia federacion periodico ministere
parti federation journal ministerio partido policia federacao jornal ministero partito polizia federazione giornale
""")


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation's row in the ledger.

    `verdict`: verbatim, altered or absent. `speaker`: right, other, or None where the report or the sources name
    none. `passage`: where a source has it. `reported`: without quotation marks.
    """

    start: int
    end: int
    verdict: str
    speaker: str | None
    passage: Place | None
    differences: tuple[Difference, ...] = ()
    said_by: str = ""
    reported: bool = False

    @property
    def is_accurate(self) -> bool:
        """Whether it may stand as it does."""
        return self.verdict == "verbatim" and self.speaker != "other"


class Described(NamedTuple):
    """Somebody whom a source names: what he or she is there, and of which club."""

    name: tuple[str, ...]
    roles: frozenset[str]
    clubs: frozenset[str]


class Voices:
    """Who says what in the sources of a context."""

    def __init__(self, sources: Sequence[SourceText], pack: LanguagePack) -> None:
        self.sources = sources
        self.pack = pack
        self._frames = [Frames(source.text, source.quotations, pack) for source in sources]
        self._starts = [[quotation.start for quotation in source.quotations] for source in sources]
        self._full_names = full_names(source.text for source in sources)

    def speaker(self, place: Place) -> Speaker:
        """Whom a source names as the speaker of what it says in a place."""
        frames, starts = self._frames[place.source], self._starts[place.source]
        number = bisect_right(starts, place.start + 1) - 1
        for near in (number, number + 1):
            if 0 <= near < len(starts) and self._overlap(frames.quotations[near], place):
                return frames.speaker(near)
        return frames.teller(place.start, place.end)

    def _overlap(self, quotation: Quotation, place: Place) -> bool:
        held = sum(max(0, min(end, place.end) - max(start, place.start)) for start, end in quotation.parts)
        return 2 * held >= place.end - place.start or quotation.start <= place.start < quotation.end

    def agree(self, said: Speaker, known: Speaker) -> bool | None:
        """Whether two speakers are one person; None where that cannot be told."""
        if NAMELESS in (said, known):
            return None
        if said.name and known.name:
            if any(same_person(said.name, name) for name in known.names) or any(
                same_person(name, known.name) for name in said.others
            ):
                return True
            sure = said.sure and known.sure and self._is_person(said.name)
            return False if sure and any(map(self._is_person, known.names)) else None
        if said.roles and known.name:
            clubs = self._clubs(known.name)
            if said.clubs and clubs and clubs.isdisjoint(said.clubs):
                return False if len(known.names) == 1 and self._holds_post(said, known.name) else None
            return True if said.roles & self._roles(known.name) else None
        if said.name and known.roles:
            return True if known.roles & self._roles(said.name) else None
        return (
            True
            if said.roles & known.roles and (said.clubs & known.clubs or not (said.clubs and known.clubs))
            else None
        )

    def _is_person(self, name: tuple[str, ...]) -> bool:
        """Whether a name can be a person's: of several words none of which makes it a body, a place or a day, or one
        word of such a name that the sources use."""
        if not _NO_PERSON.isdisjoint(name):
            return False
        return len(name) > 1 or any(_NO_PERSON.isdisjoint(full) for full in self._full_names.get(name[0], ()))

    def _holds_post(self, said: Speaker, but: tuple[str, ...]) -> bool:
        """Whether the sources give the post by which a report names somebody to somebody else than this person."""
        rows = (row for club in sorted(said.clubs) for row in self._descriptions_beside((club,)))
        return any(row.roles & said.roles and row.clubs & said.clubs and not same_person(row.name, but) for row in rows)

    def _clubs(self, name: tuple[str, ...]) -> frozenset[str]:
        """The words of the clubs or bodies whose post the sources give to a person."""
        rows = [row.clubs for row in self._descriptions_beside(name) if same_person(row.name, name)]
        return frozenset[str]().union(*rows)

    def _roles(self, name: tuple[str, ...]) -> frozenset[str]:
        """What the sources say that a person is."""
        rows = [row.roles for row in self._descriptions_beside(name) if same_person(row.name, name)]
        return frozenset[str]().union(*rows)

    def _descriptions_beside(self, name: tuple[str, ...]) -> Iterator[Described]:
        """Whoever the sources name near a name, with what they say of them there."""
        for source in self.sources:
            at = -1
            for _ in range(8):
                at = source.written.joined.find(f" {name[-1]} ", at + 1)
                if at < 0:
                    break
                token = source.written.tokens[bisect_right(source.written.places, at) - 1]
                words = words_of(source.text, token.start - 60, token.end + 60)
                named = mentions(words, self.pack)
                for mention in named:
                    roles = frozenset(roles_beside(words, mention, self.pack))
                    clubs = frozenset(clubs_beside(words, mention, named, self.pack))
                    yield Described(mention.words, roles, clubs)


def quote_ledger(index: ContextIndex, report: str, pack: LanguagePack) -> tuple[Quote, ...]:
    """Every quotation of a report, in order."""
    text = readable(report[:LONGEST_READ])
    quotations = find_quotations(text)
    blocks = list(block_quotations(report[:LONGEST_READ]))
    clauses = list(find_clauses(text, list(sentence_spans(text)), quotations, pack))
    if not (quotations or blocks or clauses):
        return ()
    ledger = _Ledger(read_sources(index.documents, pack, LONGEST_CONTEXT), index.texts[1::2], text, quotations, pack)
    rows = [ledger.marked_row(number) for number in range(len(quotations))]
    rows += [ledger.block(quotation, signature) for quotation, signature in blocks]
    rows += [row for clause in clauses if (row := ledger.clause(clause)) is not None]
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: (row.start, row.end)))


class _Ledger:
    def __init__(
        self,
        sources: Sequence[SourceText],
        titles: Sequence[str],
        text: str,
        quotations: Sequence[Quotation],
        pack: LanguagePack,
    ) -> None:
        self.titles = titles
        self.sources = sources
        self.text = text
        self.pack = pack
        self.voices = Voices(sources, pack)
        self.frames = Frames(text, quotations, pack)
        self._known: dict[tuple[tuple[str, ...], ...], Wording] = {}

    def marked_row(self, number: int) -> Quote | None:
        """The row of a quotation in marks."""
        quotation = self.frames.quotations[number]
        return self._row(quotation, self.frames.speaker(number))

    def block(self, quotation: Quotation, signature: tuple[int, int]) -> Quote | None:
        """The row of a signed block quote."""
        words = words_of(self.text, *signature)
        named = [mention.words for mention in mentions(words, self.pack)]
        return self._row(quotation, Speaker(named[0]) if named else NOBODY)

    def clause(self, clause: Clause) -> Quote | None:
        """The row of reported speech, where it keeps a source's words."""
        wording = judge_clause(self.sources, self.text, clause, self.pack)
        if wording is None:
            return None
        speaker = self.frames.reported_speaker(clause.frame, clause.start, behind=clause.behind)
        if not speaker:
            return None
        return self._verdict(clause.start, clause.end, speaker, wording, reported=True)

    def _row(self, quotation: Quotation, speaker: Speaker) -> Quote | None:
        parts = segments(self.text, quotation, self.pack)
        if not parts:
            return None
        words = tuple(tuple(token.word for token in part) for part in parts)
        if words not in self._known:
            wording = judge(self.sources, parts, self.pack)
            said = f" {' '.join(word for part in words for word in part)} "
            in_title = wording.verdict == "absent" and any(said in title for title in self.titles)
            self._known[words] = Wording("verbatim") if in_title else wording
        return self._verdict(quotation.start, quotation.end, speaker, self._known[words])

    def _verdict(self, start: int, end: int, speaker: Speaker, wording: Wording, *, reported: bool = False) -> Quote:
        verdicts = [(place, *self._speaker(speaker, place)) for place in wording.places]
        if not reported and len(self.text[start:end].split()) < FEWEST_WORDS:
            verdicts = [_without_other(row) for row in verdicts]
        if reported:
            verdicts = [row if " " in row[2] else _without_other(row) for row in verdicts]
        best = next((row for row in verdicts if row[1] == "right"), None)
        best = best or next((row for row in verdicts if row[1] == "other"), None) or next(iter(verdicts), None)
        place, agreed, name = best or (None, None, "")
        return Quote(start, end, wording.verdict, agreed, place, wording.differences, name, reported)

    def _speaker(self, speaker: Speaker, place: Place) -> tuple[str | None, str]:
        known = self.voices.speaker(place)
        agreed = self.voices.agree(speaker, known) if speaker and known else None
        name = " ".join(known.name) if known.name else " ".join(sorted(known.roles))
        return {True: "right", False: "other", None: None}[agreed], name


def _without_other(row: tuple[Place, str | None, str]) -> tuple[Place, str | None, str]:
    """A verdict on a speaker that says nothing where it would say another's."""
    return row if row[1] != "other" else (row[0], None, row[2])

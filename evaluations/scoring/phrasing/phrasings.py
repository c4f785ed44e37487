"""The phrases of the languages that a text is in, ready to be looked for. English has its own in the room of claims."""

import re
from functools import cached_property, lru_cache
from unicodedata import normalize

from evaluations.scoring.phrasing.french import FRENCH
from evaluations.scoring.phrasing.german import GERMAN
from evaluations.scoring.phrasing.italian import ITALIAN
from evaluations.scoring.phrasing.phrasing import BLANK, ENDS, Phrasing
from evaluations.scoring.phrasing.portuguese import PORTUGUESE
from evaluations.scoring.phrasing.spanish import SPANISH
from evaluations.scoring.text.language import languages_in
from evaluations.scoring.text.words import word_list

_BEGINS = r"(?:\A|(?<=[.!?…] )|(?<=\n))(?:[^\S\n]|[¡\"“«(])*+"
# A text with so many longer words of which none tells a language is in none of these.
_SHORT_TEXT = 20
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W\d_]{5,}")
_ENGLISH = frozenset(
    word_list("""passage passages source sources article articles text texts document documents
    context contexts material materials fragment fragments""")
)
_GAP = r"[^,.:;!?\d\n]{0,80}?"
_TAIL = r"[^.:;!?\d\n]{0,80}?"


class Phrases:
    """One language's phrases as patterns, each made when it is first asked for. Those of places in a text are for any
    case, those of sentences for small letters."""

    def __init__(self, phrasing: Phrasing) -> None:
        self.phrasing = phrasing

    def _rows(self, *fields: str) -> str:
        return f"(?:{'|'.join(self.phrasing.pattern(getattr(self.phrasing, field)) for field in fields)})"

    @property
    def _shows_answer(self) -> str:
        return f"(?:{self._rows('yes')}[,.!]{{0,2}}{BLANK})?(?:{self._rows('here')}{_GAP}{self._rows('writing')}"

    @cached_property
    def lead_in(self) -> re.Pattern[str]:
        """What stands before a claim, or alone, up to its colon: "Here is the summary in 80 words:"."""
        length = self._rows("length")
        return re.compile(
            rf"{_BEGINS}{self._shows_answer}(?!\w){_TAIL}(?:{length}{_TAIL})?"
            rf"|{self._rows('answers')}(?:{BLANK}\(?{length}\)?)?)[^\S\n]*:",
            re.IGNORECASE,
        )

    @cached_property
    def preamble(self) -> re.Pattern[str]:
        """The same as a whole sentence."""
        return re.compile(rf"{self._shows_answer}(?!\w)[^.:]{{0,60}}|{self._rows('answers')})\W*$")

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """What opens a short line, or one that ends with a colon, and may be all there is."""
        return re.compile(rf"{self._rows('yes', 'hello', 'links', 'turns', 'shows')}(?!\w)")

    @cached_property
    def turn(self) -> re.Pattern[str]:
        """A short sentence that only leads over, or greets."""
        return re.compile(rf"{self._rows('turns', 'hello')}(?!\w)[^:]*$")

    @cached_property
    def sign_off(self) -> re.Pattern[str]:
        """A beginning that speaks to the reader."""
        return re.compile(self._rows("sign_offs"))

    @cached_property
    def said(self) -> re.Pattern[str]:
        """Where a sentence gives what somebody said."""
        return re.compile(rf",{BLANK}{self._rows('said')}(?!\w)")

    @cached_property
    def denies(self) -> re.Pattern[str]:
        """A word that every refusal has."""
        return re.compile(rf"(?<!\w){self._rows('denies')}(?!\w)")

    @cached_property
    def refusal(self) -> re.Pattern[str]:
        """That the sources do not tell."""
        return re.compile(rf"(?<!\w){self._rows('refusals')}")

    @cached_property
    def remark(self) -> re.Pattern[str]:
        """A whole sentence that is no more than a remark."""
        return re.compile(rf"(?:{self._rows('links')},?{BLANK})?{self._rows('remarks')}\W*")

    @cached_property
    def leads_on(self) -> re.Pattern[str]:
        """A line that only says what follows it."""
        return re.compile(
            rf"(?:{self._rows('links')},?{BLANK})?{self._rows('shows')}(?!\w)[^.;:]*:$"
            rf"|.{{0,120}}(?<!\w){self._rows('follows')}\W*:$"
        )

    @cached_property
    def names_what_follows(self) -> re.Pattern[str]:
        """The same where a number would make it a claim: "The scorers were:"."""
        the, link = self.phrasing.articles(), self._rows("links")
        return re.compile(rf"(?:{link},?{BLANK})?{the}[^.;:]*(?<!\w){self._rows('are')}\W*:$")

    @cached_property
    def pointer(self) -> re.Pattern[str]:
        """A whole line that points at a source: "(Source: passage 2)"."""
        noun = self._rows("material")
        return re.compile(rf"[(\[]?(?:{noun}:?{BLANK})?{self.phrasing.subject()}[)\]]?[:.]?$")

    @cached_property
    def sourcing(self) -> re.Pattern[str]:
        """Where a sentence says that it has something, wherever that stands."""
        one, also = self.phrasing, self._rows("also")
        return re.compile(
            rf"[(\[](?:[^\W\d_]{{1,20}}(?:{BLANK}?[:.])?{BLANK}){{0,3}}{one.numbered('material')}[)\]]"
            rf"|(?<!\w){self._rows('according')}{BLANK}{one.source()},?|(?<!\w){self._rows('sourcing')}(?!\w),?"
            rf"|(?<=,){BLANK}(?:so|{self._rows('tells')}){BLANK}{one.subject()}{ENDS}"
            rf"|(?:\A|(?<=[,;:.!?…] )|(?<=\n))[^\S\n]*+{one.subject()}{BLANK}(?:{also}{BLANK}){{0,2}}"
            rf"{self._rows('tells')}(?:{BLANK}{also})?(?:,?{BLANK}{self._rows('that')})?(?!\w)",
            re.IGNORECASE,
        )

    @cached_property
    def material(self) -> re.Pattern[str]:
        """A word for the sources: what `sourcing` has at least."""
        return re.compile(rf"(?<!\w){self._rows('material', 'loose')}(?!\w)", re.IGNORECASE)

    @cached_property
    def source_numbers(self) -> re.Pattern[str]:
        """Sources that are named by their numbers, which are the group."""
        return re.compile(rf"(?<!\w){self.phrasing.numbered('material')}", re.IGNORECASE)

    @cached_property
    def own_numbers(self) -> re.Pattern[str]:
        """What a report numbers itself, or its material, with the numbers."""
        return re.compile(rf"(?<!\w){self.phrasing.numbered('material', 'steps')}", re.IGNORECASE)

    @cached_property
    def label(self) -> re.Pattern[str]:
        """A word, without accents, that a number only tells apart: "step", "page"."""
        return re.compile(_ACCENTS.sub("", normalize("NFKD", self._rows("material", "steps", "labels"))))

    @cached_property
    def agrees(self) -> re.Pattern[str]:
        """An opening word by itself: "Claro, …", but not "Claro dominio"."""
        return re.compile(rf"{self._rows('yes')}(?:[!.:]|[,–—-](?=\s))")

    @cached_property
    def preface(self) -> re.Pattern[str]:
        """A first line that is spoken to whoever asked."""
        here = f"{self._rows('here')}(?!\\w)"
        return re.compile(
            rf"{self.agrees.pattern}|{self._rows('hello')}[!,]|{here}[^\n]{{0,200}}:$"
            rf"|{here}(?=[^\n]{{0,160}}(?<!\w){self._rows('writing')}(?!\w))[^\n]{{0,300}}$"
        )

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Words for the sources, by which also a short text tells its language."""
        words = re.findall(r"[^\W\d_]{5,}\??", self.phrasing.material)
        return (
            frozenset(form for word in words for form in (word.rstrip("?"), word[:-2] if "?" in word else word))
            - _ENGLISH
        )

    @cached_property
    def verbs(self) -> frozenset[str]:
        """Words that make a line without a full stop tell something."""
        return frozenset(self.phrasing.verbs.split())


@lru_cache(maxsize=1)
def _by_language() -> dict[str, Phrases]:
    return {one.code: Phrases(one) for one in (SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE)}


def phrases_in(text: str) -> tuple[Phrases, ...]:
    """The phrases of every language of which a text has a word; of all where a short one has a common word of none."""
    found, said = languages_in(text), frozenset(_WORD.findall(text.lower()))
    untold = not found and len(said) < _SHORT_TEXT
    return tuple(
        one for code, one in sorted(_by_language().items()) if untold or code in found or not one.nouns.isdisjoint(said)
    )


def phrases_of(code: str) -> Phrases | None:
    """The phrases of one language, None of English and of those that have none here."""
    return _by_language().get(code)

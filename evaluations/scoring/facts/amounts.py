"""Numbers in digits or words, with their scale and their currency or per cent sign."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from evaluations.scoring.facts.currencies import SIGN_BEFORE, UNIT, currency_of
from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.facts.number_words import accent_pattern, bare, either, spelled_numbers
from evaluations.scoring.languages.homographs import without_homographs
from evaluations.scoring.languages.pack import LanguagePack

_LONGEST_NUMBER = 30
_NUMBER = r"\d[\d,]*+(?:['’]\d{3}(?!\d))*+(?:\.\d++)*+(?:,\d++)?"
# Thousands may stand apart: "14 203".
_SPACED = rf"\d(?:\d{{0,2}}(?: \d{{3}}(?!\d))++(?:[.,]\d++)?|{_NUMBER.removeprefix(chr(92) + 'd')})"
_SHORT = r"\d{1,3}(?:[.,]\d{1,3}){0,3}"
# What is counted behind two numbers makes a range of them, and no result: "10-12 days".
COUNTED = (
    r"(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|games?|matches|players?|people|fans|per ?cent|percent|%"
    r"|metres?|meters?|miles?|inch(?:es)?\b|feet\b|foot\b|ft\b|yards?\b"
    r"|[mk]ph\b|cm\b|mm\b|kg\b|grams?\b|lbs?\b|ounces?\b"
    r"|(?:tea|table)spoons?|lit(?:re|er)s?\b|employees|nights?\b|°"
    r"|km|kilomet|degrees|pages?|times|points? (?:clear|behind|ahead|adrift)"
    r"|tage|wochen|monate|jahre|stunden|minuten|spiele"
    r"|días|semanas|meses|años|horas|minutos|partidos|jours|semaines|mois|ans|heures|matchs|giorni|settimane|mesi|anni|partite"
    r"|dias|anos|jogos|year-olds?|month|week|day|man\b|million|billion|thousand|bn\b|m\b|k\b|pounds|euros|dollars)"
)
# In front of a length, or behind one, "m" is a metre and "k" a kilometre.
_LENGTH_BEFORE = re.compile(r"(?:\bfrom|\bof about|\btall|\bover|\bde|\baus) (?:about |around |some |fully |all )?$")
_LENGTH_BEHIND = re.compile(
    r" ?(?:sprint|race|run\b|dash|hurdles|relay|freestyle|butterfly|backstroke|breaststroke|medley|final|out\b"
    r"|away\b|high\b|tall\b|wide\b|long\b|deep\b|from (?:goal|the)|free.?kick|strike|tower|pool|track|swim|walk)"
)
_COUNTED_RANGE = re.compile(
    rf"(?P<low>\d{{1,3}})(?: ?[-–—‑] ?| to )(?P<high>\d{{1,3}})(?=[ -]?{COUNTED})", re.IGNORECASE
)
_LETTERED = re.compile(r"\([a-z]\)")
_MINUS = "-−–"
_ORDINAL = r"(?:(?:st|nd|rd|th|er|ère|ere|e|º|ª|°|o|a)(?!\w))?"


class AmountReader:
    """Reads the amounts of texts in one language."""

    def __init__(self, pack: LanguagePack) -> None:
        self.pack = pack
        longest = sorted(pack.scales, key=lambda word: (-len(word), word))
        scales = (either(longest) if pack.code == "en" else "|".join(map(accent_pattern, longest))) or "(?!)"
        self._scales = dict(pack.scales)
        number = _SPACED if pack.decimal_comma else _NUMBER
        scale = rf"(?P<scale>(?i:{scales})(?!\w))(?:(?<=[Mm]io|[Mm]rd|[Tt]sd|[Mm]ln|[Mm]ld)\.)?"
        after = rf"(?:[ -]?{scale})?(?:[ -]?(?:(?:de |di |d['’]|of ))?(?P<unit>{UNIT}))?"
        self._digits = re.compile(rf"(?P<number>{number}){_ORDINAL}{after}")
        self._after = re.compile(rf"(?:[ -]?(?:(?:de |di |d['’]|of ))?(?P<unit>{UNIT}))?")
        self._range = re.compile(
            rf"(?P<low>{_SHORT}) ?(?:[-–—‑]|to|a|à|bis|e) ?(?P<sign>[£€$¥]?)(?P<high>{_SHORT})"
            rf"(?:[ -]?{scale})(?:[ -]?(?P<unit>{UNIT}))?"
        )

    def ranges(self, text: str) -> Iterator[Fact]:
        """The two amounts of "£5-6m", whose scale and currency are both's, and the two numbers of "10-12 days"."""
        for match in _COUNTED_RANGE.finditer(text):
            if stands_free(text, match.start()):
                for name in ("low", "high"):
                    yield Fact("number", (plain_number(Decimal(match[name])), ""), *match.span(name))
        for match in self._range.finditer(text):
            if not stands_free(text, match.start()):
                continue
            for name in ("low", "high"):
                fact = self._amount(match, match[name], match.start(name), match.end(name), match.start())
                if fact is not None:
                    end = match.end() if name == "high" else match.end("low")
                    yield replace(fact, end=end)

    def in_digits(self, match: re.Match[str]) -> Fact | None:
        """The amount of one match of `digits`; the 401 of "401(k)" is a name's."""
        if _LETTERED.match(match.string, match.end()):
            return None
        return self._amount(match, match["number"], match.start(), match.end(), match.start())

    @property
    def digits(self) -> re.Pattern[str]:
        """Finds numbers in digits, with what belongs to them."""
        return self._digits

    def _amount(self, match: re.Match[str], written: str, start: int, end: int, first: int) -> Fact | None:
        text = match.string
        written = written.rstrip(",.")
        scale, unit = match["scale"], match["unit"] or ""
        sign = SIGN_BEFORE.search(text, max(0, first - 6), first)
        currency = currency_of(sign.group()) if sign else currency_of(unit) if unit else ""
        if len(written) > _LONGEST_NUMBER:
            return None
        values = _values(written, decimal_comma=self.pack.decimal_comma)
        if scale and not self._is_length(match, scale, currency):
            values = tuple(value * self._scales[bare(scale)] for value in values)
        if not scale and not unit:
            end = start + len(match.group().rstrip(",. ")) if end == match.end() else end
        keys = [(plain_number(value), currency) for value in values]
        begin = sign.start() if sign else start
        if not sign and not currency and (minus := _sign(text, start)):
            keys, begin = [(f"-{value}", currency) for value, _ in keys] if minus == "-" else keys, start - 1
        return Fact("amount" if currency else "number", keys[0], begin, end, tuple(keys[1:]))

    @staticmethod
    def _is_length(match: re.Match[str], scale: str, currency: str) -> bool:
        """Whether a letter behind a number is a metre or a kilometre, and no scale."""
        if scale not in ("m", "k") or currency:
            return False
        before = match.string[max(0, match.start() - 24) : match.start()].lower()
        return bool(_LENGTH_BEHIND.match(match.string, match.end("scale")) or _LENGTH_BEFORE.search(before))

    def in_words(self, text: str, *, lone_units: bool) -> Iterator[Fact]:
        """The numbers that a text spells. "One" alone is mostly no number: only on request."""
        lower = bare(without_homographs(text, self.pack.code))
        for found in spelled_numbers(lower, self.pack):
            after = self._after.match(text, found.end)
            unit = (after["unit"] if after else None) or ""
            sign = SIGN_BEFORE.search(text, max(0, found.start - 6), found.start)
            currency = currency_of(unit) if unit else ""
            if found.is_lone_unit and not (lone_units or currency or sign):
                continue
            end = after.end() if after and unit else found.end
            yield Fact("amount" if currency else "number", (plain_number(found.value), currency), found.start, end)


def stands_free(text: str, start: int) -> bool:
    """Whether a number begins here, and not inside a word, a longer number or a range."""
    before = text[start - 1 : start]
    if before and before in "-–—‑−/.,:'’":
        return start < 2 or not text[start - 2].isdigit()
    return not (before.isalnum() or before == "_")


def _sign(text: str, start: int) -> str:
    """ "-" or "+" where a number is signed: right before it, and after nothing that the mark could join or part."""
    mark = text[start - 1 : start]
    if not mark or mark not in _MINUS + "+":
        return ""
    before = text[start - 2 : start - 1]
    if before and not (before.isspace() or before in "(["):
        return ""
    if mark == "–" and before.isspace() and text[start - 3 : start - 2].isalnum():
        return ""  # a dash between words
    return "+" if mark == "+" else "-"


def _values(written: str, *, decimal_comma: bool) -> tuple[Decimal, ...]:
    """What digits say: "1,500", "61,5", "1.234,5"; the likeliest first where "1.500" may be two things."""
    digits = re.sub(r"['’ ]", "", written)
    if "," in digits and "." in digits:
        decimal = max(digits.rfind(","), digits.rfind("."))
        mark = digits[decimal]
        if digits.count(mark) == 1:
            return (Decimal(re.sub(r"[.,]", "", digits[:decimal]) + "." + digits[decimal + 1 :]),)
        return (Decimal(re.sub(r"[.,]", "", digits)),)
    mark = "," if "," in digits else "."
    parts = digits.split(mark)
    if len(parts) == 1:
        return (Decimal(digits),)
    grouped = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0] != "0"
    if len(parts) > 2:
        return (Decimal("".join(parts)),) if grouped or mark == "," else (Decimal(".".join(parts[:2])),)
    if not grouped:
        return (Decimal(".".join(parts)),)
    whole, decimal_value = Decimal("".join(parts)), Decimal(".".join(parts))
    if mark == "," and not decimal_comma:
        return (whole,)
    return (whole, decimal_value) if (mark == ".") == decimal_comma else (decimal_value, whole)


def plain_number(value: Decimal) -> str:
    """A number in one spelling: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=64)
def amount_reader(pack: LanguagePack) -> AmountReader:
    """The reader for a language, made once."""
    return AmountReader(pack)

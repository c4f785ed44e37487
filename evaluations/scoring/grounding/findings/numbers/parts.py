"""A part for the whole and the whole for a part, what one has more than another for what he has, by the week for by the
season."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.grounding.findings.numbers.places import Beside, are_one, values
from evaluations.scoring.text.words import word_list

# How much of a sentence the source's must hold to speak of the same thing: for a part of a number, for all of it, and
# for what it is paid by.
SAME_MATTER, SAME_WHOLE, SAME_RATE = 0.4, 0.6, 0.4
# How far behind a number the whole may stand that it is of, and how many words behind two parts must be the same.
NEAR, REACH, ALIKE = 4, 10, 1
_SHARES = frozenset(word_list("half third quarter fifth tenth"))
# What says behind a number that it compares two, and with what else a sentence can say so.
_MORE = frozenset(
    word_list("more fewer less better worse higher lower longer shorter ahead behind above below clear older younger")
)
_COMPARED = _MORE | frozenset(
    word_list("""than by another further extra additional over up down rise rose increase increased cut reduced
    reduction between margin lead leads leading led gap difference advantage trail trails trailed separate separated
    apart outnumber exceed beat earlier later deficit short shy""")
)
_ALTOGETHER, _EACH = frozenset(("all", "altogether", "total")), frozenset(("each", "apiece"))
_PER = frozenset(("a", "per", "each", "every"))
_RATES = frozenset(word_list("week month year season day hour match game"))


def other_parts(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A part of a number of which the source has another: "four of her 14 games as a substitute" for "14 games, ten of
    them as a substitute"."""
    for one in beside:
        if one.coverage < SAME_MATTER:
            continue
        ours, theirs = list(_parts(one.said)), list(_parts(one.source))
        for token, behind in ours:
            alike = [number for number, others in theirs if len(behind & others) >= ALIKE]
            whole = any(number.key in one.source.all_keys for number in one.said.numbers if number.start > token.start)
            if alike and whole and token.key not in one.source.all_keys:
                yield Finding("number", token.start, token.end, one.row)
                return


def _parts(reading: Reading) -> Iterator[tuple[Token, set[str]]]:
    """The numbers that "of" stands behind, each with the words behind it."""
    tokens = reading.tokens
    for i, token in enumerate(tokens[:-1]):
        if token.kind == NUMBER and tokens[i + 1].word == "of":
            yield token, {other.key for other in tokens[i + 2 : i + 2 + REACH] if other.kind == WORD_KIND}


def other_wholes(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A number of another whole than a source's, which has of this whole another number: "one of their last seven" for
    "five of their last seven, Albion one of their last eight"."""
    for one in beside:
        theirs = [(part.key, whole.key) for part, whole in _pairs(one.source)] if one.coverage >= SAME_MATTER else []
        for part, whole in _pairs(one.said) if theirs else ():
            wholes = {of for number, of in theirs if number == part.key}
            if wholes and whole.key not in wholes and any(of == whole.key for _, of in theirs):
                yield Finding("number", part.start, part.end, one.row)
                return


def _pairs(reading: Reading) -> Iterator[tuple[Token, Token]]:
    """The numbers that "of" leads to another number from."""
    tokens = reading.tokens
    for i, token in enumerate(tokens[:-1]):
        if (token.kind == NUMBER or token.word == "one") and tokens[i + 1].word == "of":
            whole = next((other for other in tokens[i + 2 : i + 2 + NEAR] if other.kind == NUMBER), None)
            if whole is not None:
                yield token, whole


def shares_for_wholes(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """The whole of a number of which a source has a part: "give £20,000" for "give half of his £20,000 prize"."""
    for one in beside:
        if one.coverage < SAME_WHOLE or not _SHARES.isdisjoint(one.said.words):
            continue
        theirs = {value.token.key: value for value in _shared_out(one.source)}
        for mine in values(one.said):
            other = theirs.get(mine.token.key)
            if other is not None and are_one(one, other, mine):
                yield Finding("number", mine.token.start, mine.token.end, one.row)
                return


def _shared_out(reading: Reading) -> Iterator[Beside]:
    """The numbers of which there is a part only, each with the word before that."""
    tokens = reading.tokens
    for i in [i for i, token in enumerate(tokens) if token.word in _SHARES]:
        before = next((other for other in reversed(tokens[:i]) if other.kind != FUNCTION), None)
        number = next((other for other in tokens[i + 1 : i + NEAR] if other.kind == NUMBER), None)
        if before is not None and number is not None:
            yield Beside(number, -1, before)


def margins(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """What one has more than another told as what he has: "received 37 votes" for "212 votes, 37 more than Sabo"."""
    said = beside[0].said if beside else None
    if said is None or not _COMPARED.isdisjoint(said.words):
        return
    near = [one for one in beside if one.coverage >= SAME_WHOLE]
    for token in said.numbers:
        found = [(one, j) for one in near for j, other in enumerate(one.source.tokens) if other.key == token.key]
        counts = token.key.startswith(("number", "amount"))
        if counts and found and all(_is_margin(one.source.tokens, j) for one, j in found):
            yield Finding("number", token.start, token.end, found[0][0].row)
            return


def _is_margin(tokens: Sequence[Token], j: int) -> bool:
    """Whether "more" or "behind" stands right behind a number or what it counts."""
    return any(token.word in _MORE and token.clause == tokens[j].clause for token in tokens[j + 1 : j + 3])


def other_rates(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """An amount by another unit: "£4,000 a season" for "£4,000 a week", "£900 in all" for "£900 each"."""
    for one in beside:
        for i, token in enumerate(one.said.tokens if one.coverage >= SAME_RATE else ()):
            if token.kind != NUMBER:
                continue
            ours = _rate(one.said, i)
            theirs = {_rate(one.source, j) for j, other in enumerate(one.source.tokens) if other.key == token.key}
            if ours and theirs and theirs.isdisjoint((ours, "")):
                yield Finding("number", token.start, token.end, one.row)
                return


def _rate(reading: Reading, i: int) -> str:
    """By what an amount is paid: a unit of time, "each" or "all"; "" for none."""
    behind = reading.tokens[i + 1 : i + 4]
    for lead, unit in pairwise(behind[:2]):
        if lead.word in _PER and unit.word in _RATES:
            return unit.key
    words = {token.word for token in behind}
    return "each" if words & _EACH else "all" if words & _ALTOGETHER else ""

"""Where a number stands: "fined £20,000" for "fined £15,000, reduced from £20,000"."""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, NUMBER, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.grounding.implied import YEARS
from evaluations.scoring.text.words import ORDINAL_WORDS, word_list

# How much of a sentence the source's must hold for its numbers to be of the same things, and for their scopes.
SAME_MATTER, SAME_SCOPE = 0.6, 0.5
# How far behind a number its scope is looked for.
REACH = 8
# Between a number and what it belongs to these say nothing.
_PASSED_OVER = frozenset(word_list("further another only about around some just nearly almost over more than again"))
_LEFT_OUT = frozenset(word_list("has have had"))
_LEADS = frozenset(("of", "in", "for", "at"))
_DETERMINERS = frozenset(word_list("the his her their its all this that last previous"))
# Behind these a number is of what follows: "9% of the pay", "£10 a week".
_BELONGING = frozenset(("of", "a", "an", "per"))


class Beside(NamedTuple):
    """A number or a name with the nearest word or name on one side of it, and only small words between."""

    token: Token
    side: int
    other: Token


def word_beside(reading: Reading, i: int, side: int, stops: Callable[[Token], bool]) -> Iterator[Beside]:
    """What stands before a token (side -1) or behind it (1) in its clause; nothing where that stops."""
    tokens = reading.tokens
    j = i + side
    while 0 <= j < len(tokens) and (tokens[j].kind == FUNCTION or tokens[j].word in _PASSED_OVER):
        j += side
    if 0 <= j < len(tokens) and tokens[j].clause == tokens[i].clause and not stops(tokens[j]):
        yield Beside(tokens[i], side, tokens[j])


def values(reading: Reading) -> list[Beside]:
    """The numbers that stand behind a word of their own: "and has nine" leaves out of what."""
    tokens = reading.tokens
    return [
        one
        for i, token in enumerate(tokens)
        if token.kind == NUMBER and not (i and tokens[i - 1].word in _LEFT_OUT)
        for one in word_beside(reading, i, -1, _is_number)
    ]


def _is_number(token: Token) -> bool:
    return token.kind == NUMBER


def are_one(one: Alignment, theirs: Beside, ours: Beside) -> bool:
    """Whether the same word, or a name that can be the same, stands beside both."""
    if theirs.other.key == ours.other.key:
        return True
    return theirs.other.kind == ours.other.kind == NAME and one.same(ours.other, theirs.other)


def misplaced_values(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A number right behind a word behind which a source has another of its sort, and this one behind another word."""
    for one in beside:
        if one.coverage < SAME_MATTER:
            continue
        theirs = values(one.source)
        for mine in values(one.said):
            here = [value for value in theirs if value.token.key == mine.token.key]
            there = [value for value in theirs if _may_be_it(one, value, mine)]
            if not here or not there or any(value in there or _leads_to(one.said, value, mine) for value in here):
                continue
            if not any(_says(other, mine) for other in beside if other.coverage >= SAME_MATTER):
                kind = "date" if mine.token.key.startswith("date") else "number"
                yield Finding(kind, mine.token.start, mine.token.end, one.row)
                return


def _may_be_it(one: Alignment, theirs: Beside, ours: Beside) -> bool:
    """Whether a source has a number of the sort behind the same word, and both count one thing or do not say what."""
    counted = {noun for noun in (_counted(one.source, theirs.token), _counted(one.said, ours.token)) if noun}
    return _are_sort(theirs.token, ours.token) and are_one(one, theirs, ours) and len(counted) < 2


def _are_sort(one: Token, other: Token) -> bool:
    """Whether two numbers are amounts in one unit, or dates, or results, or plain."""
    same = one.key.split()[0] == other.key.split()[0] and one.key.split()[2:] == other.key.split()[2:]
    return same and _is_year(one) == _is_year(other)


def _is_year(token: Token) -> bool:
    return token.word.isdecimal() and int(token.word) in YEARS


def _counted(reading: Reading, number: Token) -> str:
    """The word with content right behind a number, "" for none."""
    behind = reading.tokens[reading.tokens.index(number) + 1 :][:1]
    return next((token.key for token in behind if token.kind not in (FUNCTION, NAME, NUMBER)), "")


def _leads_to(said: Reading, theirs: Beside, mine: Beside) -> bool:
    """Whether the word before a source's number stands before the sentence's too, and no number between."""
    before = said.tokens[: said.tokens.index(mine.token)]
    near = takewhile(lambda token: token.kind != NUMBER, reversed(before))
    return any(token.key == theirs.other.key for token in near)


def _says(one: Alignment, mine: Beside) -> bool:
    """Whether a source has a number behind the same word, or with nothing before it that it could belong to."""
    if mine.token.key not in {token.key for token in one.source.numbers}:
        return False
    placed = [value for value in values(one.source) if value.token.key == mine.token.key]
    return not placed or any(are_one(one, value, mine) for value in placed)


def values_behind(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A number before what a source has behind another: "1,872 were in favour" for "2,940 were in favour and 1,872
    against"."""
    for one in beside:
        if one.coverage < SAME_MATTER:
            continue
        ours, theirs = (list(_followed(reading)) for reading in (one.said, one.source))
        for token, other in ours:
            numbers = [number for number, word in theirs if word == other and _are_sort(number, token)]
            here = any(number.key == token.key for number in one.source.numbers)
            if here and numbers and all(number.key != token.key for number in numbers):
                yield Finding("number", token.start, token.end, one.row)
                return


def _followed(reading: Reading) -> Iterator[tuple[Token, str]]:
    """Numbers with the word behind them that a small word parts from them: it is not what they count."""
    tokens = reading.tokens
    for token, lead, *others in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if token.kind == NUMBER and lead.kind == FUNCTION and lead.word not in _BELONGING:
            word = next((other for other in others if other.kind != FUNCTION), None)
            if word is not None and word.clause == token.clause and word.kind not in (NUMBER, NAME):
                yield token, word.key


def other_scopes(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A number of one time or place told of that of another: "fifth of the season" for "second of the season and the
    fifth of his career"."""
    for one in beside:
        if one.coverage < SAME_SCOPE:
            continue
        theirs = list(_scopes(one.source))
        for token, scope in _scopes(one.said):
            own = [words for other, words in theirs if other.key == token.key]
            others = [words for other, words in theirs if other.key != token.key and _are_alike(other, token)]
            if own and all(words and not scope & words for words in own) and any(scope & words for words in others):
                yield Finding("number", token.start, token.end, one.row)
                return


def _are_alike(one: Token, other: Token) -> bool:
    """Whether two numbers are of a sort, or both places in a row."""
    ranks = _is_rank(one), _is_rank(other)
    return all(ranks) if any(ranks) else _are_sort(one, other)


def _scopes(reading: Reading) -> Iterator[tuple[Token, set[str]]]:
    """The numbers, each with what a preposition and an article behind it lead to."""
    tokens = reading.tokens
    for i, token in enumerate(tokens):
        if token.kind == NUMBER or _is_rank(token):
            behind = [token, *tokens[i + 1 : i + 1 + REACH]]
            end = next((j for j, other in enumerate(behind[1:], 1) if _ends(other, token)), len(behind))
            yield token, {_first(behind[j:end]) for j in range(2, end) if _leads(behind[j - 1], behind[j])} - {""}


def _is_rank(token: Token) -> bool:
    """Whether a word is an ordinal: "second", which may be a number and a length of time."""
    return token.word in ORDINAL_WORDS


def _ends(other: Token, number: Token) -> bool:
    return other.kind == NUMBER or other.clause != number.clause


def _leads(lead: Token, determiner: Token) -> bool:
    return lead.word in _LEADS and determiner.word in _DETERMINERS


def _first(tokens: Sequence[Token]) -> str:
    return next((token.key for token in tokens if token.kind not in (FUNCTION, NAME)), "")


def other_clauses(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Money of another clause: "wages rose to £17.9m" for "turnover fell to £17.9m, while wages rose to £12.6m"."""
    for one in beside:
        for token in one.said.numbers if one.coverage >= SAME_MATTER else ():
            known = any(token.key in other.source.all_keys for other in beside if other is not one)
            if token.key.startswith("amount") and not known and _is_of_other_clause(one, token):
                yield Finding("number", token.start, token.end, one.row)
                return


def _is_of_other_clause(one: Alignment, token: Token) -> bool:
    """Whether a source has an amount in a clause with none of the words around it here, and two of those around
    another amount."""
    words = _content(one.said, token.clause)
    here = {number.clause for number in one.source.numbers if number.key == token.key}
    there = {number.clause for number in one.source.numbers if _are_sort(number, token)} - here
    if len(here) != 1 or any(words & _content(one.source, clause) for clause in here):
        return False
    return any(len(words & _content(one.source, clause)) > 1 for clause in there)


def _content(reading: Reading, clause: int) -> set[str]:
    return {token.key for token in reading.tokens if token.clause == clause and token.kind not in (FUNCTION, NUMBER)}

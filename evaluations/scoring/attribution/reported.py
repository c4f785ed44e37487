"""Reported speech: what a text says that somebody said, without quotation marks, where it keeps a source's words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from evaluations.scoring.attribution.people import Word, words_of
from evaluations.scoring.attribution.quotations import Quotation
from evaluations.scoring.attribution.wording import Difference, Place, SourceText, Token, Wording, tokens_of
from evaluations.scoring.facts.number_words import bare
from evaluations.scoring.languages.pack import LanguagePack, word_set

# Freely worded speech is no quotation: from this share of content words on it is held against its source.
CLOSE_FROM = 0.6
HELD_FROM = 0.5
FEWEST_WORDS = 3
LONGEST_TAIL = 2
MOST_CLAUSES = 60
LONGEST_CLAUSE = 60
_WINDOW = 12
# Verbs behind which no reported clause stands: "Kick-off was put back".
_NO_CLAUSE = word_set("put summed")
_SPLIT = re.compile(r"[^\w']+")
MOST_WINDOWS = 40


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that somebody is said to have said: its place, and the place of the words that say who."""

    start: int
    end: int
    frame: tuple[int, int]
    behind: bool


def find_clauses(
    text: str, sentences: Sequence[tuple[int, int]], quotations: Sequence[Quotation], pack: LanguagePack
) -> Iterator[Clause]:
    """The clauses of reported speech among sentences that quote nobody in marks."""
    quoted = [(quotation.start, quotation.end) for quotation in quotations]
    count = 0
    lower = bare(text)
    for start, end in sentences:
        if pack.speech.isdisjoint(_SPLIT.split(lower[start:end])):
            continue
        if any(start < stop and begin < end for begin, stop in quoted):
            continue
        clause = _clause(words_of(text, start, min(end, start + 600)), pack)
        if clause is not None:
            yield clause
            count += 1
        if count == MOST_CLAUSES:
            return


def _clause(words: Sequence[Word], pack: LanguagePack) -> Clause | None:
    for place, word in enumerate(words):
        if word.folded not in pack.speech or word.is_capital or word.folded in _NO_CLAUSE:
            continue
        following = place + 1
        if following >= len(words) or _ends_with_speaker(words, place, pack):
            return _behind(words, place)
        that = next((i for i in range(following, min(len(words), following + 6)) if words[i].folded in pack.that), None)
        first = following if that is None else that + 1
        if words[following].folded == "to":
            continue  # "asked to leave" tells what somebody did
        if first < len(words) and place:
            return Clause(words[first].start, words[-1].end, (words[0].start, words[first].start), behind=False)
    return None


def _ends_with_speaker(words: Sequence[Word], place: int, pack: LanguagePack) -> bool:
    """Whether the sentence ends soon after its verb of speech, a comma before: ", said Astrid Holm." """
    comma = max((i for i in range(place) if words[i].text in ",–—"), default=-1)
    if comma < 3 or place - comma > 8:
        return False
    rest = [word for word in words[place + 1 :] if word.is_word]
    return len(rest) <= 8 and not any(word.folded in pack.that for word in rest[:2])


def _behind(words: Sequence[Word], place: int) -> Clause | None:
    comma = max((i for i in range(place) if words[i].text in ",–—"), default=-1)
    if comma < 2:
        return None
    return Clause(words[0].start, words[comma - 1].end, (words[comma].end, words[-1].end), behind=True)


def judge_clause(sources: Sequence[SourceText], text: str, clause: Clause, pack: LanguagePack) -> Wording | None:
    """The verdict on reported speech that keeps the words of a source; None for a free wording, which is none of
    theirs. Persons, tenses and small words may change."""
    tokens = tokens_of(text, clause.start, clause.end, pack)[:LONGEST_CLAUSE]
    stems = [pack.stem(token.word) for token in tokens]
    content = [known for known in stems if known]
    if len(content) < FEWEST_WORDS:
        return None
    best: tuple[float, int, int, int] | None = None
    for number, source in enumerate(sources):
        for start, end in _windows(source, tokens, stems):
            said = {pack.stem(token.word) for token in source.written.tokens[start:end]}
            share = sum(known in said for known in content) / len(content)
            if best is None or share > best[0]:
                best = share, number, start, end
    if best is None or best[0] < CLOSE_FROM:
        return None
    return _compare(sources[best[1]], best, tokens, pack)


def _windows(source: SourceText, tokens: Sequence[Token], stems: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches of a source around its rarest words of the clause."""
    rows = sorted(
        (len(postings), offset)
        for offset, token in enumerate(tokens)
        if stems[offset] and (postings := source.written.postings.get(token.word))
    )
    last, found = len(source.written.tokens), []
    for _, offset in rows[:4]:
        for position in source.written.postings[tokens[offset].word][: MOST_WINDOWS // 4]:
            start = position - offset - _WINDOW
            found.append((max(0, start), min(last, start + len(tokens) + 2 * _WINDOW)))
    return found


def _compare(
    source: SourceText, best: tuple[float, int, int, int], tokens: Sequence[Token], pack: LanguagePack
) -> Wording | None:
    _, number, start, end = best
    said = source.written.tokens[start:end]
    ours, theirs = [_key(token, pack) for token in tokens], [_key(token, pack) for token in said]
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    blocks = [
        block for block in matcher.get_matching_blocks() if block.size and any(ours[block.b : block.b + block.size])
    ]
    if not blocks:
        return None
    first, last = blocks[0].a, blocks[-1].a + blocks[-1].size
    content = [key for key in ours if key]
    in_order = sum(bool(key) for block in blocks for key in ours[block.b : block.b + block.size])
    held = min(in_order, sum(key in theirs[first:last] for key in content))
    if held < HELD_FROM * len(content) or last - first > 2 * len(tokens):
        return None
    last = _with_tail(source.text, said, ours, blocks[-1].b + blocks[-1].size, last)
    place = Place(number, said[first].start, said[last - 1].end)
    differences = tuple(_differences_in(source.text, said, tokens, ours, theirs, matcher, first, last, pack))
    return Wording("altered" if differences else "verbatim", (place,), differences)


def _with_tail(text: str, said: Sequence[Token], ours: Sequence[str], end: int, last: int) -> int:
    """Where the source's words end that a clause's last words stand for: "before July" for its "before June"."""
    tail = len(ours) - end
    if not 0 < tail <= LONGEST_TAIL or last + tail > len(said):
        return last
    between = text[said[last - 1].end : said[last + tail - 1].end]
    return last if any(mark in between for mark in '.,;:!?”"»\n') else last + tail


def _key(token: Token, pack: LanguagePack) -> str:
    """What must stay of a word in reported speech: its stem, and a denial as such."""
    if _is_denial(token.word, pack):
        return "\0not"
    return pack.stem(token.word)


def _is_denial(word: str, pack: LanguagePack) -> bool:
    return word in pack.negations or word.endswith("n't")


def _differences_in(
    text: str,
    said: Sequence[Token],
    tokens: Sequence[Token],
    ours: Sequence[str],
    theirs: Sequence[str],
    matcher: SequenceMatcher[str],
    first: int,
    last: int,
    pack: LanguagePack,
) -> Iterator[Difference]:
    """Content put in the place of other content, words in another order, and a denial more or less."""
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal" or a_end <= first or a >= last:
            continue
        new, old = [key for key in ours[b:b_end] if key], [key for key in theirs[a:a_end] if key]
        swapped = any(key in theirs[first:last] for key in new) and any(key in ours for key in old)
        denied = ("\0not" in new) != ("\0not" in old)
        if (new and old) or denied or swapped:
            start = tokens[b].start if b < len(tokens) else tokens[-1].end
            end = tokens[b_end - 1].end if b_end > b else start
            yield Difference(start, end, text[said[a].start : said[a_end - 1].end] if a < a_end else "")

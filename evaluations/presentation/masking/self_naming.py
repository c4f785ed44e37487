"""Where a report names its own author, in what a reader sees of it. Pure, in linear time.

Every word of the author's name, id, maker and family is looked for in the folded text: as it stands, across markup,
with digits for letters, and spelled out letter by letter or broken in two. A word that the sources use, too, or that
is a word of every day, counts with words of identity beside it only.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from evaluations.presentation.masking import identity
from evaluations.presentation.masking.folding import fold, read
from evaluations.presentation.masking.mentions import Mention, Span, View, any_of, has_edges, mentions_in, with_version
from evaluations.presentation.masking.names import LINEAGES, TIERS, WORD, Author, Class, class_of, is_telling
from evaluations.presentation.masking.sources import Sources

SUFFICIENT = ("first", "written", "made")  # kinds of words of identity that need no end of a sentence behind the name
BARE_VERSION = re.compile(r"(?<![^\W_])versions?[\s:]{1,3}v?\d[^\W_]{0,12}(?:[._]\d[^\W_]{0,12}){0,4}")
NEIGHBOURS = re.compile(r"(?![.:]\s)(?:[^\S\n]|[-‐-―−_./:*@#(\[]){0,3}")


def self_namings(report: str, author: Author, sources: Sources) -> list[Span]:
    """Where the report names its author, in characters of the report, in order; touching ones as one."""
    reading = read(report)
    joined = reading.without_markup()
    views = [View(reading.with_gaps()), *([View(joined)] if joined is not reading else [])]
    found: list[Span] = []
    for view in views:
        accepted = accepted_in(view, author, sources)
        found += [view.reading.span(start, end) for start, end in accepted]
    if found:
        parted = views[0]
        found += [parted.reading.span(*match.span()) for match in BARE_VERSION.finditer(parted.lower)]
    return merge(found)


def accepted_in(view: View, author: Author, sources: Sources) -> list[Span]:
    """The passages of one view that name the author, with the versions that follow."""
    mentions = sorted(mentions_in(view, author), key=lambda one: (one.start, -one.end))
    judge = Judge(view, author, sources)
    accepted = [judge.names(mention) for mention in mentions]
    known = {mention.word for mention, told in zip(mentions, accepted, strict=True) if told}
    accepted = [
        told or (mention.word in known and judge.is_written_again(mention))
        for mention, told in zip(mentions, accepted, strict=True)
    ]
    accept_neighbours(view, mentions, accepted)
    spans = [with_version(view, one) for one, told in zip(mentions, accepted, strict=True) if told]
    return [*spans, *foreign_claims(view, author, sources)]


def accept_neighbours(view: View, mentions: Sequence[Mention], accepted: list[bool]) -> None:
    """Accept what stands beside an accepted mention and is part of the same name, to either side."""
    for order in (range(1, len(mentions)), range(len(mentions) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for index in order:
            if not accepted[index] and accepted[index + step]:
                accepted[index] = are_neighbours(
                    view, *sorted((mentions[index], mentions[index + step]), key=attrgetter("start"))
                )


def are_neighbours(view: View, first: Mention, second: Mention) -> bool:
    """Whether two mentions are parts of one name; a word broken by spaces is no part of any."""
    start, _ = with_version(view, first)[1], second.start
    if first.doubtful or second.doubtful:
        return False
    return second.start <= start or NEIGHBOURS.fullmatch(view.lower, start, second.start) is not None


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


# What a mention says


@dataclass(frozen=True)
class Judge:
    """Decides whether a mention names the author, or is somebody else's name or a word like any other."""

    view: View
    author: Author
    sources: Sources

    def names(self, mention: Mention) -> bool:
        """Whether this mention tells who wrote the report."""
        address = self.view.address_at(mention.start)
        if address:
            return self.tells_in_address(mention, self.view.reading.text[slice(*address)])
        used = self.sources.uses(mention.word)
        if used and self.is_name_of_another(mention):
            return False
        if not used and not mention.doubtful and self.stands_out(mention):
            return True
        return any(not self.sources.say(self.view.lower[start:end]) for start, end in self.claims(mention))

    def tells_in_address(self, mention: Mention, address: str) -> bool:
        """Whether a word in an address tells: none that is the sources' own, no everyday word in a path."""
        path = re.sub(r"^\w+://[^/]*|\?.*", "", fold(address))
        if mention.kind == Class.EVERYDAY and mention.word in path:
            return False
        return not self.sources.has_address(address, mention.word)

    def stands_out(self, mention: Mention) -> bool:
        """Whether a word that no source uses is written so that it can only be a name."""
        if mention.kind == Class.OWN:
            return True
        written = self.view.reading.text[mention.start : mention.end]
        if not any(letter.isupper() for letter in written):
            return False
        return mention.kind == Class.NAMELIKE or (written.istitle() and self.is_capital_within_sentence(mention))

    def is_written_again(self, mention: Mention) -> bool:
        """Whether a word that is a name elsewhere in the report is written as one here, too."""
        capital = self.view.reading.text[mention.start].isupper()
        return capital and not mention.doubtful and not self.sources.uses(mention.word)

    def is_capital_within_sentence(self, mention: Mention) -> bool:
        """Whether nothing but being a name explains the capital letter."""
        line = self.line_around(mention)
        before = self.view.reading.text[max(0, mention.start - 3) : mention.start]
        if not re.search(r"[\w,;)][ ]+$", before) or line.isupper():
            return False
        words: list[str] = [word for word in WORD.findall(line) if len(word) > 3]
        return sum(word[0].isupper() for word in words) <= len(words) / 2

    def line_around(self, mention: Mention) -> str:
        """Some of the line that the mention is in."""
        text = self.view.reading.text
        before = text[max(0, mention.start - 120) : mention.start].rpartition("\n")[2]
        return before + text[mention.start : mention.end + 120].partition("\n")[0]

    def is_name_of_another(self, mention: Mention) -> bool:
        """Whether the sources know somebody by this name and the one beside it: "Claude Makélélé"."""
        text = self.view.reading.text
        before = re.search(r"([^\W_]+)[ -]{1,2}$", text[max(0, mention.start - 40) : mention.start])
        behind = re.match(r"(?:['’]s)?[ -]{1,2}([^\W_]+)", text[mention.end : mention.end + 40])
        word = fold(text[mention.start : mention.end])
        pairs = [(before[1], f"{fold(before[1])} {word}")] if before else []
        pairs += [(behind[1], f"{word} {fold(behind[1])}")] if behind else []
        return any(self.is_no_word_of_ours(other) and self.sources.say(pair) for other, pair in pairs)

    def is_no_word_of_ours(self, word: str) -> bool:
        """Whether this is a name, and not one of the author's."""
        plain = fold(word)
        return not word.islower() and plain not in self.author.words and plain not in TIERS and not plain.isdigit()

    def claims(self, mention: Mention) -> Iterator[Span]:
        """Words of identity beside a mention, with the mention itself."""
        text, end = self.view.lower, with_version(self.view, mention)[1]
        ends = identity.end_pattern().match(text, end) is not None
        for start, kind in self.view.introductions.get(mention.start, ()):
            said_of_me = kind == "as" and identity.first_person_pattern().match(text, end)
            if said_of_me or kind in SUFFICIENT or (kind != "as" and ends):
                yield start, end
        if identity.follow_up_pattern().match(text, end):
            yield mention.start, min(len(text), end + 12)
        if self.is_signature(mention, end):
            yield max(0, mention.start - 12), end

    def is_signature(self, mention: Mention, end: int) -> bool:
        """Whether it stands by itself at the end of the report, or behind a dash on a line of its own."""
        text = self.view.lower[: self.view.reading.behind]
        behind = identity.SIGNATURE_BEHIND.match(text, end)
        before = text[max(0, mention.start - identity.LINE_BEFORE) : mention.start]
        if not behind:
            return False
        if identity.DASH.search(before) and not re.search(r"(?:^|\n)[ ]*-[ ]?$", before):
            return True
        return (
            identity.SIGNATURE_BEFORE.search(before) is not None and not text[behind.end() : behind.end() + 400].strip()
        )


# Claims to be another model


@cache
def all_names() -> re.Pattern[str]:
    """The name of any known model or maker."""
    words = {fold(word) for line in LINEAGES for word in line}
    pattern = any_of(word for word in words if is_telling(word) and class_of(word) == Class.OWN)
    assert pattern is not None
    return pattern


def foreign_claims(view: View, author: Author, sources: Sources) -> Iterator[Span]:
    """Where a report says that it is by another model or maker: what it was taught tells, too."""
    text = view.lower
    for end, introductions in view.introductions.items():
        if not any(kind in ("first", "made") for _, kind in introductions):
            continue
        match = all_names().match(text, end)
        if match is None or not has_edges(view.reading.text, *match.span()):
            continue
        mention = Mention(*match.span(), match[0], Class.OWN)
        judge = Judge(view, author, sources)
        said = any(sources.say(text[start : match.end()]) for start, _ in introductions)
        if not said and not (sources.uses(match[0]) and judge.is_name_of_another(mention)):
            yield with_version(view, mention)

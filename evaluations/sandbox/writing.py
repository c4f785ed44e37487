"""How the sandbox's models write: sentences chosen from the sources, lightly rephrased, in the form asked for.

Everything follows from the request: the same request gives the same report, other sources give another.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from evaluations.sandbox.reading import BULLETS, PROSE, Assignment, Form, Section
from evaluations.sandbox.sentences import Sentence, sentences_of, subject_stems, table_rows

MARGIN = 0.88  # of an upper word limit, because people count words in different ways
DEFAULT_SECTIONS = ("Summary", "Details")


class Dice:
    """Choices that follow from a seed and nothing else."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._throws = 0

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        self._throws += 1
        digest = hashlib.sha256(self._seed + self._throws.to_bytes(4, "big")).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def pick[T](self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]


@dataclass(frozen=True)
class Habits:
    """How a model writes: how much it takes, from how many sources, and how freely it puts it."""

    fullness: float = 0.75  # between the least and the most that the form allows
    sources: int | None = None  # how many sources it reads; None: all
    attributes: int = 4  # one sentence in so many names its publisher; 0: none
    rephrases: bool = True
    unlimited_items: int = 5
    unlimited_words: int = 110


@dataclass
class Desk:
    """What a writer has before it: the sentences still unused, and how often each source was used."""

    assignment: Assignment
    sentences: list[Sentence]
    spread: Counter[str]
    taken: list[Sentence] = field(default_factory=list)
    uses: Counter[int] = field(default_factory=Counter)

    def best(self, wanted: frozenset[str]) -> Iterator[Sentence]:
        """Unused sentences about these stems, the most telling first, sources taking turns; each is now used."""
        while left := [one for one in self.sentences if not self._repeats(one)]:
            chosen = max(left, key=lambda one: (self._worth(one, wanted), -one.source, -one.position))
            if not self._about(chosen, wanted):
                return
            self.take(chosen)
            yield chosen

    def take(self, sentence: Sentence) -> None:
        """Notes that a sentence is used."""
        self.taken.append(sentence)
        self.uses[sentence.source] += 1
        self.sentences.remove(sentence)

    def give_back(self, sentence: Sentence) -> None:
        """Puts back a sentence for which there was no room."""
        self.taken.remove(sentence)
        self.uses[sentence.source] -= 1
        self.sentences.append(sentence)

    def _about(self, sentence: Sentence, wanted: frozenset[str]) -> float:
        return sum(1 / (1 + self.spread[stem] / 8) for stem in sentence.stems & wanted)

    def _worth(self, sentence: Sentence, wanted: frozenset[str]) -> float:
        about = self._about(sentence, wanted)
        return about / (1 + 0.5 * self.uses[sentence.source]) if about else 0.0

    def _repeats(self, sentence: Sentence) -> bool:
        return any(
            len(sentence.stems & other.stems) > 0.6 * min(len(sentence.stems), len(other.stems))
            for other in self.taken
        )


def desk_for(assignment: Assignment, sources: int | None = None) -> Desk:
    """A desk with the sentences of the first so many sources."""
    found = sentences_of(assignment.sources[:sources])
    return Desk(assignment, found, Counter(stem for one in found for stem in one.stems))


def form_or_default(assignment: Assignment) -> Form:
    """The required form; without one, a section for each query, or a summary and details."""
    if assignment.form.sections:
        return assignment.form
    headings = [query[:1].upper() + query[1:] for query in assignment.queries[:6]] or list(DEFAULT_SECTIONS)
    sections = tuple(Section(heading=heading, style=PROSE) for heading in headings)
    return Form(
        title=True,
        sections=sections,
        min_words=assignment.form.min_words,
        max_words=assignment.form.max_words,
    )


def write_report(assignment: Assignment, habits: Habits, dice: Dice) -> str:
    """A report in the required form."""
    form = form_or_default(assignment)
    desk = desk_for(assignment, habits.sources)
    parts = [f"# {title_for(assignment, dice)}"] if form.title else []
    share = int(form.max_words * MARGIN / len(form.sections)) if form.max_words else None
    for section in form.sections:
        parts.append(f"## {section.heading}")
        parts.append(write_section(section, desk, habits, dice, share))
    missing = [phrase for phrase in form.required_phrases if phrase.lower() not in "\n".join(parts).lower()]
    parts += [f"{phrase}." for phrase in missing]
    if form.ends_with:
        parts.append(form.ends_with)
    return "\n\n".join(parts)


def title_for(assignment: Assignment, dice: Dice) -> str:
    """A plain title from the sources' own words."""
    words = Counter(
        name
        for source in assignment.sources
        for name in re.findall(r"\b[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})+", source.text)
    )
    names = [name for name, _ in words.most_common(2)]
    return dice.pick(("Report", "Briefing", "What the sources say")) + (
        ": " + " and ".join(names) if names else ""
    )


def write_section(section: Section, desk: Desk, habits: Habits, dice: Dice, share: int | None) -> str:
    """The text under one heading."""
    most = min(limit for limit in (section.max_words, share, habits.unlimited_words) if limit is not None)
    room = max(int((section.min_words or 0) * 1.15), int(most * MARGIN * habits.fullness))
    ceiling = int(section.max_words * MARGIN) if section.max_words else room + 25
    items = section.min_items or 1
    if section.style == BULLETS:
        upper = section.max_items or max(items, habits.unlimited_items)
        items += round((upper - items) * habits.fullness)
    else:
        items = 99
    chosen = choose(section, desk, room, ceiling, items, section.min_items or 1)
    lines = [phrase(one, desk, habits, dice) for one in chosen]
    if section.style == BULLETS:
        while len(lines) < (section.min_items or 1):
            lines.append(nothing_more(section.heading, len(lines)))
        return "\n".join(f"- {line}" for line in lines)
    return " ".join(lines) or nothing_more(section.heading, 0)


def choose(section: Section, desk: Desk, room: int, ceiling: int, items: int, least: int) -> list[Sentence]:
    """Sentences for a section, as many as fit; order of the sources where several come from one."""
    chosen: list[Sentence] = []
    words = 0
    for sentence in desk.best(subject_stems(section.heading)):
        if words + sentence.words > ceiling and chosen:
            desk.give_back(sentence)
            break
        chosen.append(sentence)
        words += sentence.words
        if len(chosen) >= items or (words >= room and len(chosen) >= least):
            break
    return chosen


def nothing_more(heading: str, said: int) -> str:
    """What an honest writer says when the sources are silent."""
    if said:
        return "The search results hold nothing further on this subject."
    return f"The search results say nothing about {heading[:1].lower()}{heading[1:]}."


LEADS = re.compile(r"^(?:However|Meanwhile|Still|Also|In addition|Moreover|Even so|But|And|Yet),?\s+(?=\w)")
SWAPS = (
    (r"\bbeat\b", "defeated"),
    (r"\bsupporters\b", "fans"),
    (r"\bmatch\b", "game"),
    (r"\bmatches\b", "games"),
    (r"\bsigned for\b", "joined"),
    (r"\bconfirmed\b", "announced"),
    (r"\bbecause\b", "as"),
    (r"\babout\b", "around"),
    (r"\bhas been dismissed\b", "has been sacked"),
    (r"\bwere held to\b", "had to settle for"),
)
LOWERED = {
    "The",
    "A",
    "An",
    "In",
    "On",
    "At",
    "After",
    "It",
    "There",
    "This",
    "That",
    "His",
    "Her",
    "Their",
    "They",
}


def phrase(sentence: Sentence, desk: Desk, habits: Habits, dice: Dice) -> str:
    """A sentence as this writer puts it: sometimes another word, sometimes with the publisher's name."""
    text = sentence.text
    if habits.rephrases:
        text = LEADS.sub("", text)
        text = text[:1].upper() + text[1:]
        if "“" not in text and '"' not in text:
            pattern, word = dice.pick(SWAPS)
            text = re.sub(pattern, word, text, count=1)
    publisher = desk.assignment.sources[sentence.source].publisher
    if publisher and habits.attributes and dice.below(habits.attributes) == 0:
        first, _, rest = text.partition(" ")
        text = f"According to {publisher}, {first.lower() if first in LOWERED else first} {rest}"
    return text


# Models that do not keep to the form or to the facts


def write_freely(assignment: Assignment, dice: Dice) -> str:
    """Flowing paragraphs with a preamble, whatever form was asked for."""
    desk = desk_for(assignment)
    subjects = [section.heading for section in form_or_default(assignment).sections]
    dice_order = sorted(subjects, key=lambda heading: dice.below(1000))
    opening = dice.pick(
        (
            "Sure! Here is what I found when I went through the search results, in my own order.",
            "Right, let me walk you through it. There is quite a lot here, so I will simply tell it as it comes.",
            "Good question. I read everything you gave me, and this is the gist of it.",
        )
    )
    joints = ("Also, ", "Then there is this: ", "Worth knowing: ", "And so that nobody misses it: ", "")
    paragraphs = [opening]
    for heading in dice_order:
        section = Section(heading=heading)
        chosen = choose(section, desk, room=70, ceiling=100, items=5, least=1)
        if chosen:
            texts = [phrase(one, desk, Habits(attributes=3), dice) for one in chosen]
            paragraphs.append(dice.pick(joints) + " ".join(texts))
    paragraphs.append(
        dice.pick(("Hope that helps!", "That is about it.", "Let me know if you want more detail."))
    )
    return "\n\n".join(paragraphs)


STARTS = ("Bral", "Quor", "Thev", "Mord", "Zeph", "Ostr", "Ulb", "Drav", "Kest", "Jorv", "Nisk", "Wrel")
ENDS = (
    "mund",
    "anek",
    "issard",
    "owen",
    "eloth",
    "atzky",
    "ervin",
    "aldo",
    "imber",
    "oskar",
    "ustin",
    "abeck",
)
FIRST = ("Tiber", "Lando", "Osric", "Matteus", "Yorick", "Caspian", "Evander", "Leopold")
CLAIMS = (
    "{person} is understood to be close to a £{fee}m move to {club}.",
    "{club} have agreed terms with {person} until 20{year}, with a fee of £{fee}m mentioned.",
    "{person} scored {goals} goals in {games} appearances for {club} this year.",
    "{club} drew a crowd of {crowd} for their {score} win, in which {person} was the best player.",
    "{person} told reporters that {club} would spend £{fee}m before the year is out.",
)


def write_inventively(assignment: Assignment, dice: Dice) -> str:
    """A report in the required form in which some sentences and numbers are made up."""
    honest = write_report(assignment, Habits(fullness=0.55, attributes=0), dice)
    known = "\n".join(source.text for source in assignment.sources)
    lines = []
    for number, line in enumerate(honest.split("\n")):
        if not line or line.startswith("#"):
            lines.append(line)
        elif number % 3 == 0:
            lines.append(bent(line, dice))
        else:
            mark = "- " if line.startswith("- ") else ""
            lines.append(mark + claim(known, dice) if mark else f"{line} {claim(known, dice)}")
    return "\n".join(lines)


def claim(known: str, dice: Dice) -> str:
    """A sentence about nobody the sources know."""
    return dice.pick(CLAIMS).format(
        person=f"{dice.pick(FIRST)} {invented_name(known, dice)}",
        club=f"{invented_name(known, dice)} {dice.pick(('United', 'Sporting', 'Olympic', 'Athletic'))}",
        fee=f"{10 + dice.below(60)}.{1 + dice.below(9)}",
        year=28 + dice.below(7),
        goals=7 + dice.below(30),
        games=31 + dice.below(20),
        crowd=f"{61 + dice.below(30)},{100 + dice.below(900)}",
        score=f"{6 + dice.below(3)}-{dice.below(5)}",
    )


def invented_name(known: str, dice: Dice) -> str:
    """A surname that the sources do not hold."""
    while True:
        name = dice.pick(STARTS) + dice.pick(ENDS)
        if name not in known:
            return name


def bent(line: str, dice: Dice) -> str:
    """A line with its first number changed, and one name."""
    changed = re.sub(r"\d+(?=\D|$)", lambda found: str(int(found[0]) + 3 + dice.below(40)), line, count=1)
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})?", changed)
    return (
        changed.replace(dice.pick(names), f"{dice.pick(FIRST)} {invented_name(line, dice)}", 1)
        if names
        else changed
    )


def write_in_table(assignment: Assignment) -> str:
    """The first table of the sources as a Markdown table, or nothing."""
    rows = table_rows(assignment.sources)
    if not rows:
        return ""
    same = [
        row.cells for row in rows if row.cells.keys() == rows[0].cells.keys() and row.source == rows[0].source
    ]
    head = "| " + " | ".join(rows[0].cells) + " |"
    rule = "|" + " --- |" * len(rows[0].cells)
    return "\n".join([head, rule, *("| " + " | ".join(cells.values()) + " |" for cells in same)])

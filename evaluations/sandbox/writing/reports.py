"""Writes reports in the form asked for: sentences chosen from the sources, lightly rephrased."""

import re
from collections import Counter
from dataclasses import dataclass

from .desk import Desk, Room
from .dice import Dice
from .forms import BULLETS, PROSE, Form, Section
from .reading import Assignment
from .sentences import Sentence

MARGIN = 0.88  # of an upper limit of words, because people count words in different ways
DEFAULT_HEADINGS = ("Summary", "Details")


@dataclass(frozen=True)
class Habits:
    """How a model writes.

    `fullness`: 0 is the least that the form allows, 1 the most. `sources`: how many it reads, None for all.
    `attributes`: one sentence in so many names its publisher, 0 for none. `words` and `items`: what it takes
    for a section without limits.
    """

    fullness: float = 0.75
    sources: int | None = None
    attributes: int = 4
    words: int = 110
    items: int = 6


def write_report(assignment: Assignment, habits: Habits, dice: Dice) -> str:
    """A report in the required form; where the form is open, with a section for each query."""
    form = assignment.form
    desk = Desk(assignment, dice, terse=habits.fullness < 0.3, sources=habits.sources)
    parts = [f"# {title_for(assignment, dice)}"] if form.title or form.asks_nothing else []
    sections = sections_of(assignment)
    for section in sections:
        if form.sections or form.asks_nothing:
            parts.append(f"## {section.heading}")
        parts.append(write_section(section, desk, habits, dice, share_of(form, len(sections))))
        if form.paragraph_divider and section is not sections[-1]:
            parts.append(form.paragraph_divider)
    return "\n\n".join(parts + closing(form, "\n\n".join(parts)))


def sections_of(assignment: Assignment) -> tuple[Section, ...]:
    """The required sections; without any, one for each query, as many as the form has paragraphs."""
    form = assignment.form
    if form.sections:
        return form.sections
    headings = list(assignment.queries) or list(DEFAULT_HEADINGS)
    number = max(form.min_paragraphs or 1, min(form.max_paragraphs or 6, len(headings)))
    headings += [f"{headings[0]} {extra}" for extra in range(number - len(headings))]
    sections = [Section(heading[:1].upper() + heading[1:], PROSE) for heading in headings[:number]]
    if form.min_bullets:
        sections[-1] = Section(sections[-1].heading, BULLETS, min_items=form.min_bullets)
    return tuple(sections)


def share_of(form: Form, sections: int) -> tuple[int, int | None]:
    """The least and the most words of one section, as its part of the limits of the whole report."""
    most = int(form.max_words * MARGIN / sections) if form.max_words else None
    return -(-int((form.min_words or 0) * 1.1) // sections), most


def closing(form: Form, written: str) -> list[str]:
    """What the form wants at the end: phrases that have not come up, and the last words."""
    missing = [phrase for phrase in form.required_phrases if phrase.lower() not in written.lower()]
    lines = [f"Also asked for: {', '.join(missing)}."] if missing else []
    return lines + ([form.ends_with] if form.ends_with else [])


def title_for(assignment: Assignment, dice: Dice) -> str:
    """A plain title from names that the sources use most."""
    name = re.compile(r"\b[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})+")
    names = Counter(found for source in assignment.sources for found in name.findall(source.text))
    most = [found for found, _ in sorted(names.items(), key=lambda item: (-item[1], item[0]))[:2]]
    return dice.pick(("Report", "Briefing", "What the sources say")) + (f": {' and '.join(most)}" if most else "")


def write_section(section: Section, desk: Desk, habits: Habits, dice: Dice, share: tuple[int, int | None]) -> str:
    """The text under one heading."""
    chosen = desk.choose(section.heading, room_for(section, habits, share))
    lines = [phrase(one, desk, habits, dice) for one in chosen]
    if section.style == BULLETS:
        lines += [nothing_more(section.heading, count) for count in range(len(lines), section.min_items or 1)]
        return "\n".join(f"- {line}" for line in lines)
    return " ".join(lines) or nothing_more(section.heading, 0)


def room_for(section: Section, habits: Habits, share: tuple[int, int | None]) -> Room:
    """How much this writer wants in a section, within what the form allows."""
    limits = [limit for limit in (section.max_words, share[1]) if limit]
    most = int(min(limits) * MARGIN) if limits else habits.words + 40
    least = min(max(int((section.min_words or 0) * 1.15), share[0]), most)
    words = least + int((min(most, max(habits.words, least)) - least) * habits.fullness)
    if section.style != BULLETS:
        return Room(least, words, most)
    items = section.min_items or 1
    upper = max(items, section.max_items or habits.items)
    goal = items + round((upper - items) * habits.fullness)
    return Room(0 if section.max_items else least, 35 * goal, max(most, 12 * goal), items, goal)


def nothing_more(heading: str, said: int) -> str:
    """What an honest writer says when the sources are silent."""
    if said:
        return "The search results hold nothing further on this subject."
    return f"The search results say nothing about {heading[:1].lower()}{heading[1:]}."


LEADS = re.compile(r"^(?:However|Meanwhile|Still|Also|In addition|Moreover|Even so|But|And|Yet),\s+(?=\w)")
SWAPS = (
    (r"(?<!to )\bbeat\b", "defeated"),
    (r"\bsupporters\b", "fans"),
    (r"\bmatch\b", "game"),
    (r"\bmatches\b", "games"),
    (r"\bhas signed\b", "signed"),
    (r"\bconfirmed\b", "announced"),
    (r"\bbecause\b", "as"),
    (r"\bdismissed\b", "sacked"),
    (r"\bin charge\b", "at the helm"),
)


def phrase(sentence: Sentence, desk: Desk, habits: Habits, dice: Dice) -> str:
    """A sentence as this writer puts it: sometimes another word, sometimes with the publisher's name."""
    text = LEADS.sub("", sentence.text)
    text = text[:1].upper() + text[1:]
    if "“" not in text and '"' not in text:
        pattern, word = dice.pick(SWAPS)
        text = re.sub(pattern, word, text, count=1)
    source = desk.assignment.sources[sentence.source]
    if not (source.publisher and habits.attributes and dice.below(habits.attributes) == 0):
        return text
    first, gap, rest = text.partition(" ")
    first = first.lower() if first.lower() in desk.small_words else first
    return f"According to {source.publisher}, {first}{gap}{rest}"

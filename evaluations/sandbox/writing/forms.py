"""Reads the required form of a report out of English instructions. What is not said is not required."""

import re
from dataclasses import dataclass, replace
from typing import Any

PROSE, BULLETS, ANY = "prose", "bullets", "any"

# A quoted text: a heading, a phrase, an ending.
QUOTED = re.compile(r"[\"“”]([^\"“”\n]{1,300})[\"“”]")
NUMBER = r"(\d[\d,]*)"
WORDS = r"words?"
ITEMS = r"(?:list )?(?:items?|bullets?|bullet points?|points?|entries)"
PARAGRAPHS = r"paragraphs?"
DIVIDED = re.compile(r"\bparagraphs?\b.*\bdivided by " + QUOTED.pattern, re.IGNORECASE)


@dataclass(frozen=True)
class Section:
    """One required part of the report. Limits count words of the part and items of its list."""

    heading: str
    style: str = ANY
    min_words: int | None = None
    max_words: int | None = None
    min_items: int | None = None
    max_items: int | None = None


@dataclass(frozen=True)
class Form:
    """The required form of the whole report; `sections` are in the order of the instructions."""

    title: bool = False
    sections: tuple[Section, ...] = ()
    headings: bool = True
    min_words: int | None = None
    max_words: int | None = None
    min_paragraphs: int | None = None
    max_paragraphs: int | None = None
    paragraph_divider: str = ""
    min_bullets: int | None = None
    required_phrases: tuple[str, ...] = ()
    forbidden_phrases: tuple[str, ...] = ()
    ends_with: str = ""

    @property
    def asks_nothing(self) -> bool:
        """Whether the instructions left the form open."""
        return self == Form()


def read_form(instructions: str) -> Form:
    """The form that these instructions ask for, line by line."""
    sections: dict[str, Section] = {}
    form, last = Form(), ""
    for line in instructions.splitlines():
        heading = section_heading(line)
        if heading:
            last = heading
            rest = QUOTED.sub("", line, count=1)
            sections[heading] = with_limits(sections.get(heading, Section(heading)), rest)
        elif last and re.match(r"\s+\S", line) and limits_in(line, f"{WORDS}|{ITEMS}"):
            sections[last] = with_limits(sections[last], line)
        else:
            form = with_rule(form, line)
    return replace(form, sections=tuple(sections.values()) or markdown_headings(instructions))


def section_heading(line: str) -> str:
    """The heading that a line about one section quotes, or nothing."""
    quoted = QUOTED.search(line)
    about_one = re.search(r"\bsection\b", line[: quoted.start()], re.IGNORECASE) if quoted else None
    return quoted[1].strip(" #*") if quoted and about_one else ""


def with_limits(section: Section, words: str) -> Section:
    """The section with the style and limits that these words set."""
    return replace(
        section,
        style=style_in(words) or section.style,
        **_limits(section, words, WORDS, "words"),
        **_limits(section, words, ITEMS, "items"),
    )


def style_in(words: str) -> str:
    """The style that these words ask for, or nothing."""
    if re.search(r"(?<!no )\bprose\b|\b(?:no|without) (?:bullets?|lists?)\b", words, re.IGNORECASE):
        return PROSE
    if re.search(r"\bbullet|\blist\b", words, re.IGNORECASE):
        return BULLETS
    return PROSE if re.search(r"\bparagraphs?\b|\bsentences?\b", words, re.IGNORECASE) else ""


def with_rule(form: Form, line: str) -> Form:
    """The form with what a line says about the report as a whole."""
    form = replace(form, **_limits(form, line, WORDS, "words"), **_limits(form, line, PARAGRAPHS, "paragraphs"))
    if divided := DIVIDED.search(line):
        form = replace(form, paragraph_divider=divided[1])
    bullets = limits_in(line, r"bullets?(?: points?)?")
    if bullets:
        form = replace(form, min_bullets=bullets[0] or form.min_bullets)
    if re.search(r"\bno headings\b", line, re.IGNORECASE):
        form = replace(form, headings=False)
    if re.search(
        r"\b(?:begin|start|open|first line|one title|a title)\b.*\btitle\b|\btitle line\b", line, re.IGNORECASE
    ):
        form = replace(form, title=not re.search(r"\b(?:no|without a) title\b|nothing before", line, re.IGNORECASE))
    return _with_phrases(form, line, tuple(QUOTED.findall(line)))


def _with_phrases(form: Form, line: str, quoted: tuple[str, ...]) -> Form:
    if not quoted:
        return form
    if re.search(r"\bends? (?:the report )?with\b|\blast words\b", line, re.IGNORECASE):
        return replace(form, ends_with=quoted[-1])
    if not re.search(r"\b(?:words?|phrases?|includes?|contains?|mentions?)\b", line, re.IGNORECASE):
        return form
    if re.search(r"\b(?:none|never|not|avoid|without|forbidden)\b", line, re.IGNORECASE):
        return replace(form, forbidden_phrases=form.forbidden_phrases + quoted)
    return replace(form, required_phrases=form.required_phrases + quoted)


def _limits(holder: Section | Form, words: str, unit: str, name: str) -> dict[str, Any]:
    """The two limits of this name, newly set or as they were."""
    low, high = limits_in(words, unit) or (None, None)
    return {
        f"min_{name}": getattr(holder, f"min_{name}") if low is None else low,
        f"max_{name}": getattr(holder, f"max_{name}") if high is None else high,
    }


def limits_in(line: str, unit: str) -> tuple[int | None, int | None] | None:
    """The lower and upper limit that a line sets for a unit, or None if it sets none."""
    counted = rf"{NUMBER}(?:\s+\w+)??\s+(?:{unit})\b"
    both = re.search(rf"{NUMBER}\s*(?:to|and|-|–|—)\s*{counted}", line, re.IGNORECASE)
    if both:
        return _number(both), _number(both, 2)
    least = re.search(rf"(?:at least|no fewer than|not fewer than|minimum(?: of)?)\s+{counted}", line, re.IGNORECASE)
    most = re.search(
        rf"(?:at most|no more than|not more than|up to|maximum(?: of)?|under|within)\s+{counted}", line, re.IGNORECASE
    )
    if least or most:
        return _number(least), _number(most)
    exact = re.search(rf"(?:exactly|about|around|of|has|in)\s+{counted}", line, re.IGNORECASE)
    return (_number(exact), _number(exact)) if exact else None


def _number(found: re.Match[str] | None, group: int = 1) -> int | None:
    return int(found[group].replace(",", "")) if found else None


def markdown_headings(instructions: str) -> tuple[Section, ...]:
    """Sections shown as Markdown headings, where no line spells them out."""
    found = re.findall(r"(?m)^\s*#{2,4}\s+(.+?)\s*#*$", instructions)
    return tuple(Section(heading=heading.strip(' "“”*')) for heading in dict.fromkeys(found))

"""What each key of an output format asks of a report: the sentence for the prompt, and the check."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluations.scoring.attribution.references import find_references, read_notes
from evaluations.scoring.format import structure
from evaluations.scoring.format.preamble import is_preamble
from evaluations.scoring.format.structure import Layout, in_plain_marks
from evaluations.scoring.text.language import NAMES, language_of

Verdict = tuple[bool, str]

_RELATIVE_LINK = re.compile(r"\[[^\[\]\n]{0,500}\]\([^()\n]{1,2000}\)")
_LINK_NOTE = re.compile(r"<?(?:[a-z][a-z0-9+.-]{1,20}:|//|www\.|[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}/)", re.IGNORECASE)

_STYLES = {
    "prose": "as prose, without bullet lists",
    "bullets": 'as a bullet list, each item on its own line beginning with "- "',
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing asked: its name, its words for the prompt, and its check of a report."""

    name: str
    asks: str
    check: Callable[[Layout], Verdict]


def requirements(output_format: Mapping[str, Any]) -> list[Requirement]:
    """Every requirement of a valid format, in the order in which a writer meets them."""
    return [
        *_opening(output_format),
        *_sections(output_format),
        *_limits(output_format),
        *_wording(output_format),
        *_ending(output_format),
    ]


def _opening(wanted: Mapping[str, Any]) -> Iterator[Requirement]:
    headings = [section["heading"] for section in wanted.get("sections", [])]
    if wanted.get("title"):
        yield Requirement("title", 'Begin with a title on the first line, written as "# Title".', _check_title)
    if wanted.get("no_preamble"):
        first = "the title" if wanted.get("title") else "the first section" if headings else "the report itself"
        must_open = bool(wanted.get("title") or headings)
        yield Requirement(
            "no_preamble",
            f"Write nothing before {first}: no greeting, no introduction of your answer.",
            lambda layout: _check_preamble(layout, headings, must_open=must_open),
        )


def _check_title(layout: Layout) -> Verdict:
    found = structure.has_title(layout)
    return found, "there is a title" if found else 'the first line is no title ("# Title")'


def _check_preamble(layout: Layout, headings: list[str], *, must_open: bool) -> Verdict:
    first = next(iter(layout.lines), None)
    if first is None:
        return False, "the report is empty"
    wanted = [structure.plain_words(heading) for heading in headings]
    opens = bool(first.level) or first.text.startswith("<<") or structure.is_heading_of(first, wanted)
    if is_preamble(first.text) or (must_open and not opens):
        return False, f'line 1: "{_short(first.text)}" stands before the report'
    return True, "the report begins at once"


def _sections(wanted: Mapping[str, Any]) -> Iterator[Requirement]:
    sections = wanted.get("sections", [])
    headings = [section["heading"] for section in sections]
    find = _once(headings)
    for section in sections:
        yield from _section(section, find)
    if len(headings) > 1 and wanted.get("ordered"):
        yield Requirement(
            "ordered", "Keep the sections in the order given here.", lambda layout: _check_order(layout, headings)
        )
    if "extra_sections" in wanted and not wanted["extra_sections"]:
        yield Requirement(
            "extra_sections",
            "Write no other headings than these." if headings else "Write no headings.",
            lambda layout: _check_extra(layout, headings),
        )


def _once(headings: list[str]) -> Callable[[Layout], Mapping[str, Layout]]:
    """Finds the sections of a report, once for all their requirements."""
    last: tuple[Layout, Mapping[str, Layout]] | None = None

    def find(layout: Layout) -> Mapping[str, Layout]:
        nonlocal last
        if last is None or last[0] is not layout:
            last = layout, structure.find_sections(layout, headings)
        return last[1]

    return find


def _section(section: Mapping[str, Any], find: Callable[[Layout], Mapping[str, Layout]]) -> Iterator[Requirement]:
    heading, style = section["heading"], section.get("style", "any")

    def body(layout: Layout) -> Layout | None:
        return find(layout).get(heading)

    yield Requirement(
        f"section: {heading}",
        f'Write a section under the heading "## {heading}".',
        lambda layout: _check_section(body(layout), heading),
    )
    if style != "any":
        yield Requirement(
            f"section: {heading}: style",
            f'Write the section "{heading}" {_STYLES[style]}.',
            lambda layout: _check_style(body(layout), style),
        )
    for what, count in (("words", _count_words), ("items", structure.count_items)):
        for key, least in ((f"min_{what}", True), (f"max_{what}", False)):
            if key in section:
                yield Requirement(
                    f"section: {heading}: {key}",
                    f'The section "{heading}" has {_limit_text(section[key], what, least=least)}.',
                    _section_limit(body, count, section[key], what, least=least),
                )


def _check_section(body: Layout | None, heading: str) -> Verdict:
    if body is None:
        return False, f'no heading "{heading}"'
    return True, f'"{heading}" is there'


def _check_style(body: Layout | None, style: str) -> Verdict:
    if body is None:
        return False, "the section is missing"
    items = structure.count_items(body)
    rows = len([line for line in body.lines if not line.level])
    if style == "prose":
        return items == 0 and rows > 0, f"{_count_text(items, 'items')} in {_count_text(rows, 'lines')}"
    return items > 0 and items * 2 >= rows, f"{_count_text(items, 'items')} in {_count_text(rows, 'lines')}"


def _section_limit(
    body: Callable[[Layout], Layout | None], count: Callable[[Layout], int], limit: int, what: str, *, least: bool
) -> Callable[[Layout], Verdict]:
    def check(layout: Layout) -> Verdict:
        text = body(layout)
        return (False, "the section is missing") if text is None else _within(count(text), limit, what, least=least)

    return check


def _within(number: int, limit: int, what: str, *, least: bool) -> Verdict:
    passed = number >= limit if least else number <= limit
    return passed, f"{_count_text(number, what)}, {'at least' if least else 'at most'} {limit}"


def _count_words(layout: Layout) -> int:
    return structure.count_words(layout.text)


def _limit_text(limit: int, what: str, *, least: bool) -> str:
    return f"{'at least' if least else 'at most'} {_count_text(limit, what)}"


def _count_text(number: int, what: str) -> str:
    return f"{number} {what[:-1] if number == 1 else what}"


def _check_order(layout: Layout, headings: list[str]) -> Verdict:
    places = [place for heading in headings if (place := structure.find_heading(layout, heading)) is not None]
    if len(places) < len(headings):
        return False, "not all sections are there"
    in_order = places == sorted(places)
    return in_order, "in the order asked" if in_order else "the sections stand in another order"


def _check_extra(layout: Layout, headings: list[str]) -> Verdict:
    wanted = {structure.plain_words(heading) for heading in headings}
    rows = layout.lines
    for number, line in enumerate(rows):
        is_title = number == 0 and line.level == 1
        if line.level and not is_title and not structure.is_heading_of(line, wanted):
            return False, f'"{_short(line.text)}" at character {line.start}'
    return True, "no other headings"


_COUNTERS: tuple[tuple[str, Callable[[Layout], int], str], ...] = (
    ("words", _count_words, ""),
    ("sentences", structure.count_sentences, ""),
    ("bullets", structure.count_bullets, ', each on its own line beginning with "- " or "* "'),
)


# An exact number of paragraphs needs a mark that nothing else is taken for: headings, lists and lone lines stand
# between blank lines too.
_DIVIDER = "***"


def _paragraphs(wanted: Mapping[str, Any]) -> tuple[str, Callable[[Layout], int], str]:
    """What parts paragraphs: the divider that the format names, or else one that its limits call for."""
    least, most = wanted.get("min_paragraphs"), wanted.get("max_paragraphs")
    divider = wanted.get("paragraph_divider", _DIVIDER if least == most != 1 else "")
    how = f', divided by "{divider}"' if divider else ", separated by blank lines"
    return "paragraphs", lambda layout: structure.count_paragraphs(layout, divider), how


def _limits(wanted: Mapping[str, Any]) -> Iterator[Requirement]:
    words, sentences, bullets = _COUNTERS
    for what, count, how in (words, sentences, _paragraphs(wanted), bullets):
        for key, least in ((f"min_{what}", True), (f"max_{what}", False)):
            if key in wanted:
                yield Requirement(
                    key,
                    f"Write {_limit_text(wanted[key], what, least=least)} in all{how}.",
                    _limit(count, wanted[key], what, how, least=least),
                )


def _limit(
    count: Callable[[Layout], int], limit: int, what: str, how: str, *, least: bool
) -> Callable[[Layout], Verdict]:
    def check(layout: Layout) -> Verdict:
        passed, detail = _within(count(layout), limit, what, least=least)
        return passed, detail + how

    return check


def _wording(wanted: Mapping[str, Any]) -> Iterator[Requirement]:
    if phrases := wanted.get("required_phrases"):
        yield Requirement(
            "required_phrases",
            f"Use each of these words or phrases: {_quote_all(phrases)}.",
            lambda layout: _check_required(layout, phrases),
        )
    if banned := wanted.get("forbidden_phrases"):
        yield Requirement(
            "forbidden_phrases",
            f"Use none of these words or phrases: {_quote_all(banned)}.",
            lambda layout: _check_forbidden(layout, banned),
        )
    if language := wanted.get("language"):
        yield Requirement("language", f"Write in {NAMES[language]}.", lambda layout: _check_language(layout, language))
    if wanted.get("no_links"):
        yield Requirement("no_links", "Write no links and no web addresses.", _check_links)


def _quote_all(phrases: list[str]) -> str:
    return ", ".join(f'"{phrase}"' for phrase in phrases)


def _stands(phrase: str, text: str) -> bool:
    return in_plain_marks(phrase) in text


def _check_required(layout: Layout, phrases: list[str]) -> Verdict:
    texts = (in_plain_marks(layout.shown_lines), in_plain_marks(layout.text))
    absent = [phrase for phrase in phrases if not any(_stands(phrase, text) for text in texts)]
    return not absent, f"missing: {_quote_all(absent)}" if absent else "all are there"


def _check_forbidden(layout: Layout, phrases: list[str]) -> Verdict:
    texts = (in_plain_marks(layout.shown_lines), in_plain_marks(layout.text))
    for phrase in phrases:
        words = re.compile(rf"(?<!\w){re.escape(in_plain_marks(phrase))}(?!\w)")
        if any(words.search(text) for text in texts):
            place = layout.text.casefold().find(phrase.casefold())
            return False, f'"{phrase}"' + (f" at character {place}" if place >= 0 else "")
    return True, "none is there"


def _check_language(layout: Layout, language: str) -> Verdict:
    found = language_of(layout.text)
    return found == language, f"written in {NAMES.get(found, 'no language that could be told')}"


def _check_links(layout: Layout) -> Verdict:
    for found in find_references(layout.text, read_notes(layout.text)):
        if found.address or _LINK_NOTE.match(found.note):
            return False, f'"{_short(layout.text[found.start : found.end])}" at character {found.start}'
    if match := _RELATIVE_LINK.search(layout.text):
        return False, f'"{_short(match.group())}" at character {match.start()}'
    return True, "no links"


def _ending(wanted: Mapping[str, Any]) -> Iterator[Requirement]:
    if "ends_with" in wanted:
        end = wanted["ends_with"]
        yield Requirement(
            "ends_with",
            f'End with exactly these words and nothing after them: "{end}"',
            lambda layout: _check_end(layout, end),
        )


def _check_end(layout: Layout, end: str) -> Verdict:
    wanted = in_plain_marks(end)
    texts = (layout.text, layout.shown_lines)
    passed = any(in_plain_marks(text.strip().strip('"')).endswith(wanted) for text in texts)
    return passed, "ends as asked" if passed else f'ends with "{_short(layout.text.strip()[-60:])}"'


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"

"""Reads a chat request the way a model would: what the material says, and which form the report must have."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

PROSE, BULLETS, ANY = "prose", "bullets", "any"
TITLE_KEYS = ("title", "name", "headline")
TEXT_KEYS = (
    "text",
    "content",
    "description",
    "snippet",
    "snippets",
    "extra_snippets",
    "page_text",
    "passages",
)


@dataclass(frozen=True)
class Source:
    """One search result as the request tells it."""

    title: str
    text: str
    publisher: str = ""
    published: str = ""


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
    min_words: int | None = None
    max_words: int | None = None
    required_phrases: tuple[str, ...] = ()
    ends_with: str = ""


@dataclass(frozen=True)
class Assignment:
    """Everything a model takes from a request."""

    queries: tuple[str, ...]
    sources: tuple[Source, ...]
    form: Form


def read_assignment(messages: Sequence[Any]) -> Assignment:
    """The assignment in these chat messages: sources from the user's words, the form from the system's."""
    material = "\n".join(text_of(message) for message in messages if role_of(message) == "user")
    instructions = "\n".join(text_of(message) for message in messages if role_of(message) != "user")
    queries, sources = read_material(material)
    return Assignment(queries=queries, sources=sources, form=read_form(instructions or material))


def role_of(message: Any) -> str:
    """Who speaks; anything odd counts as the user."""
    role = message.get("role") if isinstance(message, dict) else None
    return role if isinstance(role, str) else "user"


def text_of(message: Any) -> str:
    """The text of a message whose content is a string or a list of parts."""
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(
        part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)
    )


# The material


def read_material(material: str) -> tuple[tuple[str, ...], tuple[Source, ...]]:
    """Queries and sources of a locked context document, or of a plain text when it holds no JSON."""
    document = find_json(material)
    if document is None:
        return (), tuple(plain_sources(material))
    sources: dict[tuple[str, str], Source] = {}
    for found in json_sources(document):
        sources.setdefault((found.title, found.text), found)
    return tuple(dict.fromkeys(json_queries(document))), tuple(sources.values())


def find_json(material: str) -> Any:
    """The first JSON object or array in a text that holds something, or None."""
    decoder = json.JSONDecoder()
    for opening in re.finditer(r"[{\[]", material):
        try:
            document, _ = decoder.raw_decode(material, opening.start())
        except ValueError:
            continue
        if isinstance(document, dict | list) and any(json_sources(document)):
            return document
    return None


def json_sources(node: Any) -> Iterator[Source]:
    """Every object that has a title and some text, in the order of the document."""
    if isinstance(node, dict):
        title = next((node[key] for key in TITLE_KEYS if isinstance(node.get(key), str)), None)
        text = "\n\n".join(piece for key in TEXT_KEYS for piece in strings(node.get(key)))
        if title is not None and text:
            published = node.get("published") or node.get("date") or node.get("page_age")
            yield Source(
                title, text, name_of(node.get("publisher")), published if isinstance(published, str) else ""
            )
            return
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from json_sources(child)


def strings(node: Any) -> Iterator[str]:
    """The strings in a value, one by one."""
    if isinstance(node, str) and node.strip():
        yield node
    elif isinstance(node, list | dict):
        for child in node.values() if isinstance(node, dict) else node:
            yield from strings(child)


def name_of(publisher: Any) -> str:
    """A publisher's name, given as a string or as an object."""
    found = publisher.get("name") if isinstance(publisher, dict) else publisher
    return found if isinstance(found, str) else ""


def json_queries(node: Any) -> Iterator[str]:
    """Every string that the document calls a query, in order."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key in {"query", "queries", "q"}:
                yield from (text for text in query_strings(child))
            else:
                yield from json_queries(child)
    elif isinstance(node, list):
        for child in node:
            yield from json_queries(child)


def query_strings(node: Any) -> Iterator[str]:
    """The queries in a value: strings, or objects with a text."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for child in node:
            yield from query_strings(child)
    elif isinstance(node, dict):
        yield from (node[key] for key in ("text", "query", "original") if isinstance(node.get(key), str))
        yield from (query for key in ("results", "sources") for query in json_queries(node.get(key)))


def plain_sources(material: str) -> Iterator[Source]:
    """A text without JSON: each heading with what follows it, or the whole as one source."""
    parts = re.split(r"(?m)^(?:#{1,6}[ \t]+|\[\d+\][ \t]*|Title:[ \t]*)(.+)$", material)
    if parts[0].strip():
        yield Source("", parts[0].strip())
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        if text.strip():
            yield Source(title.strip(), text.strip())


# The form

QUOTED = re.compile(r"[\"“”]([^\"“”\n]{1,300})[\"“”]")
NUMBER = r"(\d[\d,]*)"


def read_form(instructions: str) -> Form:
    """The required form, from English instructions. What is not said is not required."""
    sections: list[Section] = []
    form = Form()
    for line in instructions.splitlines():
        section = read_section(line)
        if section is not None:
            sections.append(section)
        elif sections and re.match(r"\s+\S", line) and limits_in(line, "words|items"):
            sections[-1] = with_limits(sections[-1], line)
        else:
            form = read_rule(form, line)
    return replace(form, sections=tuple(sections or headings_in(instructions)))


def read_section(line: str) -> Section | None:
    """The section that a line such as `Section 1: "Transfers", a bullet list of 2 to 8 items.` asks for."""
    found = re.match(r"[\s\-*•\d.)]*(?:the\s+)?(?:\w+\s+)?section\b[^\"“:]*:?\s*", line, re.IGNORECASE)
    quoted = QUOTED.search(line)
    if not found or not quoted:
        return None
    return with_limits(Section(heading=quoted[1].strip(" #*")), line[: quoted.start()] + line[quoted.end() :])


def with_limits(section: Section, words: str) -> Section:
    """The section with the style and limits that these words set."""
    low, high = limits_in(words, "words?") or (None, None)
    least, most = limits_in(words, r"(?:list )?(?:items?|bullets?|bullet points?|points?|entries)") or (
        None,
        None,
    )
    style = section.style
    if re.search(r"\bbullet|\blist\b|\bitems?\b", words, re.IGNORECASE):
        style = BULLETS
    elif re.search(r"\bprose\b|\bparagraphs?\b|\bsentences?\b", words, re.IGNORECASE):
        style = PROSE
    return replace(
        section,
        style=style,
        min_words=low if low is not None else section.min_words,
        max_words=high if high is not None else section.max_words,
        min_items=least if least is not None else section.min_items,
        max_items=most if most is not None else section.max_items,
    )


def limits_in(line: str, unit: str) -> tuple[int | None, int | None] | None:
    """The lower and upper limit that a line sets for a unit, or None if it sets none."""
    gap = r"(?:\s+\w+){0,1}?\s+"
    both = re.search(rf"{NUMBER}\s*(?:to|and|-|–|—)\s*{NUMBER}{gap}{unit}\b", line, re.IGNORECASE)
    if both:
        return number(both[1]), number(both[2])
    least = re.search(
        rf"(?:at least|no fewer than|not fewer than|minimum(?: of)?)\s+{NUMBER}{gap}{unit}\b",
        line,
        re.IGNORECASE,
    )
    most = re.search(
        rf"(?:at most|no more than|not more than|up to|maximum(?: of)?|under|within)\s+{NUMBER}{gap}{unit}\b",
        line,
        re.IGNORECASE,
    )
    if least or most:
        return number(least[1]) if least else None, number(most[1]) if most else None
    exact = re.search(rf"(?:exactly|about|around|of)\s+{NUMBER}{gap}{unit}\b", line, re.IGNORECASE)
    return (number(exact[1]), number(exact[1])) if exact else None


def number(digits: str) -> int:
    """A number that may have thousands separators."""
    return int(digits.replace(",", ""))


def read_rule(form: Form, line: str) -> Form:
    """The form with what a line says about the report as a whole."""
    words = limits_in(line, "words?")
    if words:
        form = replace(form, min_words=words[0] or form.min_words, max_words=words[1] or form.max_words)
    if re.search(r"\btitle\b", line, re.IGNORECASE) and not re.search(
        r"\bno title|without a title", line, re.I
    ):
        form = replace(
            form, title=form.title or bool(re.search(r"\bone|begin|start|first|with a|# ", line, re.I))
        )
    quoted = [match[1] for match in QUOTED.finditer(line)]
    if quoted and re.search(r"\bends? (?:the report )?with|\blast (?:line|words)", line, re.IGNORECASE):
        return replace(form, ends_with=quoted[-1])
    wanted = re.search(r"\b(?:phrases?|include|contains?|mention|use the words?)\b", line, re.IGNORECASE)
    refused = re.search(r"\b(?:never|not|avoid|without|forbidden)\b", line, re.IGNORECASE)
    if quoted and wanted and not refused:
        return replace(form, required_phrases=(*form.required_phrases, *quoted))
    return form


def headings_in(instructions: str) -> list[Section]:
    """Sections shown as Markdown headings, where no line spells them out."""
    found = re.findall(r"(?m)^\s*#{2,4}\s+(.+?)\s*#*$", instructions)
    return [Section(heading=heading.strip(' "“”*')) for heading in dict.fromkeys(found)]

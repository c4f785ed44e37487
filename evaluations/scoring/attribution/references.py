"""Where a report refers to a source: links of every form, numbers, footnotes and notes of where something stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluations.scoring.languages.pack import word_set
from evaluations.scoring.text.words import fold

MOST_REFERENCES = 400
MOST_LISTS = 8

_FENCE = re.compile(r"^[ ]{0,3}(```+|~~~+)[^\n]*\n.*?(?:^[ ]{0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]{1,300}?(?<!`)\1(?!`)")
_DEFINITION = re.compile(r"^[ ]{0,3}\[(?P<label>\^?[^\[\]\n]{1,100})\]:?[ \t]+(?P<text>\S[^\n]*)$", re.MULTILINE)
_COLON = re.compile(r"\]:")
# Headings of a list of sources.
_LIST_HEADINGS = word_set(
    """
    source sources reference references note notes bibliography citation citations link links fuente fuentes referencias
    quelle quellen quellenangaben quellenverzeichnis einzelnachweise références référence fonte fonti fontes referências
    riferimenti
    """
)
_ITEM = re.compile(
    r"^[ \t]*+(?:[-*+•][ \t]++)?(?:\[?\^?(?P<number>\d{1,3})[\].):]*+[ \t]++)?(?P<text>\S[^\n]*+)$", re.MULTILINE
)
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]|^[ ]{0,3}(?:\*\*|__)[^\n]+(?:\*\*|__)[ \t]*$", re.MULTILINE)
_LINK = re.compile(
    r"(?P<picture>!)?\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]{0,100}\]){0,500})\]"
    r"\(\s?<?(?P<address>[^()\s<>]{1,2000}(?:\([^()\s]{0,200}\)[^()\s<>]{0,500})?)>?(?:\s+[\"'(][^\n]{0,300}?[\"')])?\s?\)"
)
_AUTOLINK = re.compile(r"<(?P<address>https?://[^<>\s]{1,2000})>", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w@/.])(?:https?://[^\s<>\"'|`“”]{1,2000}|www\.[^\s<>\"'|`“”]{1,500})", re.IGNORECASE)
# An address without a scheme: with a path behind its host, or a host that ends as hosts do.
_HOST = re.compile(
    r"(?<![\w@/.:-])(?:(?:[a-z0-9-]{1,60}\.){1,4}[a-z]{2,12}/[^\s<>\"'|`“”]{0,500}"
    r"|(?:[a-z0-9-]{2,60}\.){1,4}(?:com|org|net|co\.uk|de|es|fr|it|pt|example|info|eu|tv|io|news|football)(?![\w-]))",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\S+")
_LONGEST_TOKEN = 700
_LABELLED = re.compile(r"\[(?P<text>[^\[\]\n]{1,300})\](?:[ ]?\[(?P<label>[^\[\]\n]{0,100})\])?(?!\(|:)")
_SAID = (
    r"(?:sources?|quellen?|fuentes?|fonti|fontes?|passages?|documents?|docs?|articles?|results?|ref(?:erence)?s?"
    r"|citations?|s)"
)
_MORE = rf"(?:[ ]?(?:[,;–-]|and|&)[ ]?(?:{_SAID}[ ])?\^?\d{{1,3}}){{0,20}}"
_BRACKETED = re.compile(
    rf"\[\^?(?:{_SAID}[ :#.]*)?(?P<numbers>\d{{1,3}}{_MORE})\]|\({_SAID}[ :#.]*(?P<round>\d{{1,3}}{_MORE})\)",
    re.IGNORECASE,
)
_LENTICULAR = re.compile(r"【(?P<number>\d{1,3})(?:(?P<colon>:\d{1,3})?†[^】\n]{0,60})?】")
_NAMED = re.compile(r"\b(?:Source|Passage|Document|Article|Result)[ ]#?(?P<number>\d{1,3})\b(?=[ ,:.)’'])")
_RAISED_NUMBER = re.compile(r"(?<=[\w.,!?”\"’)])(?P<raised>[¹²³⁴-⁹⁰]{1,3})(?!\w)|<sup>\[?(?P<tagged>\d{1,3})\]?</sup>")
_FOOTNOTE = re.compile(r"\[\^(?P<label>[^\[\]\n]{1,100})\](?!:)")
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_TRAILING = ".,;:!?*_'\"”’»)]"
# "[4:0]" of a service's own marks: a place in a list that the reader does not see.
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: its place, and what it gives: an address, a number, or a note in words."""

    start: int
    end: int
    address: str = ""
    number: int | None = None
    note: str = ""
    anchor: str = ""
    is_marker: bool = False


@dataclass(slots=True)
class Notes:
    """The notes of a report: what its labels and numbers stand for, and the stretches in which they stand."""

    by_label: dict[str, str] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    lists: list[tuple[int, int]] = field(default_factory=list)

    def holds(self, place: int) -> bool:
        """Whether a place is within a note, and not in running text."""
        return any(start <= place < end for start, end in self.spans)

    def lists_at(self, place: int) -> bool:
        """Whether a place is within a list of sources."""
        return any(start <= place < end for start, end in self.lists)


def without_code(text: str) -> str:
    """The text with code blanked: what stands there is shown as it is, and leads nowhere."""
    for pattern in (_FENCE, _CODE):
        if "`" in text or "~~~" in text:
            text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    return text


def read_notes(text: str) -> Notes:
    """The definitions and lists of sources of a report."""
    notes = Notes()
    for match in _DEFINITION.finditer(text):
        colon = _COLON.match(text, match.end("label"))
        number = match["label"].lstrip("^")
        if colon or (number.isdecimal() and _is_used(number, text[: match.start()])):
            notes.by_label.setdefault(_label(match["label"]), match["text"])
            notes.spans.append(match.span())
        if len(notes.spans) >= MOST_REFERENCES:
            break
    for start, end in _lists(text):
        notes.lists.append((start, end))
        for count, item in enumerate(_ITEM.finditer(text, start, end)):
            if item["number"] and count < MOST_REFERENCES and _is_used(item["number"], text[:start]):
                notes.by_label.setdefault(item["number"], item["text"])
                notes.spans.append(item.span())
    return notes


def _is_used(number: str, text: str) -> bool:
    """Whether running text refers to a note by its number."""
    return any(f"{start}{number}{end}" in text for start in ("[", "[^", ", ", ",", "–", "-") for end in ("]", ","))


def _lists(text: str) -> Iterator[tuple[int, int]]:
    """The stretches under headings such as "Sources", up to the next heading."""
    count = end = 0
    for line in text.split("\n"):
        end += len(line) + 1
        if len(line) < 60 and fold(line.strip(" \t#*_:")) in _LIST_HEADINGS and count < MOST_LISTS:
            following = _HEADING.search(text, end)
            yield min(end, len(text)), following.start() if following else len(text)
            count += 1


def _label(label: str) -> str:
    return " ".join(label.casefold().split())


def find_references(text: str, notes: Notes) -> list[Reference]:
    """Every reference of a report whose code is blanked, in order; none within another, none within a note."""
    found: list[Reference] = []
    taken = bytearray(len(text))
    for finder in (_links, _autolinks, _footnotes, _numbers, _labelled_references, _bare):
        for reference in finder(text, notes):
            if len(found) >= MOST_REFERENCES:
                break
            if not any(taken[reference.start : reference.end]) and not notes.holds(reference.start):
                found.append(reference)
        for reference in found:
            taken[reference.start : reference.end] = b"\1" * (reference.end - reference.start)
    return sorted(found, key=lambda reference: (reference.start, reference.end, reference.number or 0))


def _links(text: str, notes: Notes) -> Iterator[Reference]:
    for match in _LINK.finditer(text) if "](" in text else ():
        if not match["picture"] and not match["address"].startswith(("#", "mailto:")):
            yield Reference(*match.span(), address=match["address"], anchor=match["text"])


def _autolinks(text: str, notes: Notes) -> Iterator[Reference]:
    for match in _AUTOLINK.finditer(text):
        yield Reference(*match.span(), address=match["address"])


def _footnotes(text: str, notes: Notes) -> Iterator[Reference]:
    for match in _FOOTNOTE.finditer(text):
        label = match["label"]
        note = notes.by_label.get(_label(f"^{label}"), notes.by_label.get(_label(label), ""))
        number = int(label) if label.isdecimal() else NOWHERE
        yield Reference(*match.span(), number=number, note=note, is_marker=True)


def _numbers(text: str, notes: Notes) -> Iterator[Reference]:
    spans = [match.span() for match in _BRACKETED.finditer(text)]
    for match in _BRACKETED.finditer(text):
        for number in _number_list(match["numbers"] or match["round"]):
            yield _numbered_reference(match, number, notes)
    for match in _LENTICULAR.finditer(text) if "【" in text else ():
        yield _numbered_reference(match, NOWHERE if match["colon"] else int(match["number"]), notes)
    for match in _NAMED.finditer(text):
        if any(start < match.start() < end for start, end in spans[:MOST_REFERENCES]):
            continue
        yield _numbered_reference(match, int(match["number"]), notes, is_marker=False)
    for match in _RAISED_NUMBER.finditer(text) if notes.by_label else ():
        number = int(match["tagged"] or match["raised"].translate(_RAISED))
        if notes.by_label.keys() & {str(number), f"^{number}"}:  # and no square metre
            yield _numbered_reference(match, number, notes)


def _numbered_reference(match: re.Match[str], number: int, notes: Notes, *, is_marker: bool = True) -> Reference:
    note = notes.by_label.get(str(number), notes.by_label.get(f"^{number}", ""))
    return Reference(*match.span(), number=number, note=note, is_marker=is_marker)


def _number_list(text: str) -> Iterator[int]:
    """The numbers of "1, 3–5"."""
    for first, last in re.findall(r"(\d+)(?:\s?[–-]\s?(\d+))?", text):
        end = int(last or first)
        yield from range(int(first), end + 1 if end - int(first) < 20 else int(first) + 1)


def _labelled_references(text: str, notes: Notes) -> Iterator[Reference]:
    """Reference links whose label is defined: "[the club said][1]", "[club]"."""
    for match in _LABELLED.finditer(text) if notes.by_label else ():
        label = _label(match["label"] or match["text"])
        if label in notes.by_label:
            yield Reference(*match.span(), note=notes.by_label[label], anchor=match["text"])


def _bare(text: str, notes: Notes) -> Iterator[Reference]:
    for match in _BARE.finditer(text) if "://" in text or "www." in text else ():
        yield _bare_address(match)
    for token in _TOKEN.finditer(text):
        if "." in token.group() and "://" not in token.group() and token.end() - token.start() <= _LONGEST_TOKEN:
            for match in _HOST.finditer(text, token.start(), token.end()):
                yield _bare_address(match)


def _bare_address(match: re.Match[str]) -> Reference:
    """An address as it stands in running text, without what follows it."""
    address = match.group().rstrip(_TRAILING)
    if match.group().startswith(address + ")") and "(" in address:
        address += ")"
    return Reference(match.start(), match.start() + len(address), address=address)

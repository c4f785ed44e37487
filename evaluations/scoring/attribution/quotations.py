"""Where a text quotes somebody: every style of quotation marks, split quotations joined, and block quotes."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from evaluations.scoring.languages.pack import word_set
from evaluations.scoring.text.characters import JOINER
from evaluations.scoring.text.markup import without_marks

# A quotation is no longer than this, and a text has no more of them than are looked at.
LONGEST_QUOTATION = 1_200
MOST_QUOTATIONS = 300
# What may stand between two parts of one quotation: `,” said the coach, “`.
LONGEST_GAP = 90

# Which marks close what a mark opens. German and Swedish ones turn the other way or are the same on both sides.
_CLOSERS = {
    "“": "”“", "„": "“”„", "‟": "”", "”": "”", "«": "»", "»": "«»", "‹": "›", "›": "‹", '"': '"', "＂": "＂",
    "〝": "〞〟", "「": "」", "『": "』", "《": "》", "‘": "’", "‚": "‘’", "‛": "’", "'": "'", "’": "’", "`": "'´`",
    "´": "´",
}  # fmt: skip
_SINGLE = "‘‚‛'’`´"
_TURNED = "»›"
_MARK = re.compile(f"[{re.escape(''.join([*_CLOSERS, *_CLOSERS.values()]))}]")
_ENTITY = re.compile(
    r"&(?:quot|ldquo|rdquo|lsquo|rsquo|laquo|raquo|bdquo|sbquo|apos|#0?34|#0?39|#x27|#82(?:16|17|20|21|22));"
)
_DOUBLED = re.compile(r"``|''|,,(?=\w)|<<(?=[\w ])|(?<=[\w.,!? ])>>")
_DOUBLE = {"``": "“", "''": "”", ",,": "„", "<<": "«", ">>": "»"}
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n|\n(?=[ \t]*(?:[-*+•#>]|\d{1,3}[.)])[ \t])")
_BLOCK = re.compile(r"(?:^[ ]{0,3}>[^\n]*(?:\n|$))+", re.MULTILINE)
_BLOCK_START = re.compile(r"^[ ]{0,3}>[> \t]*", re.MULTILINE)
# Between two quotations these list both; a split one names its speaker there.
_JOINS = word_set("and or but nor while then und oder aber y e et o ou mais ma pero as with")
_SIGNED = re.compile(r"(?:^|\n)[> \t*_]*(?:[-–—―]{1,3}|\(?~)[ \t*_]*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between quotation marks, in one part or, where its speaker is named in between, in several.

    `parts` are offsets of the words inside the marks. `block` is a Markdown block quote.
    """

    parts: tuple[tuple[int, int], ...]
    block: bool = False

    @property
    def start(self) -> int:
        """Where its first words begin."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """Where its last words end."""
        return self.parts[-1][1]


def readable(text: str) -> str:
    """The text, equally long, with the marks of Markdown blanked and every quotation mark as one character."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: _pad(html.unescape(match.group()), match), text)
    if _DOUBLED.search(text):
        text = _DOUBLED.sub(lambda match: _pad(_DOUBLE[match.group()], match), text)
    return without_marks(text)


def _pad(mark: str, match: re.Match[str]) -> str:
    """A mark in the place of its longer spelling; an opening one stands last, next to its words."""
    room = JOINER * (match.end() - match.start() - 1)
    return room + mark if mark in "“„«‘‚" else mark + room


def find_quotations(text: str) -> list[Quotation]:
    """The quotations of a readable text, in order, those within another left out; split ones are joined."""
    found: list[Quotation] = []
    start, left_open = 0, False
    for end in [*(match.end() for match in _PARAGRAPH.finditer(text)), len(text)]:
        left_open = _add(found, text, start, end, goes_on=left_open)
        start = end
        if len(found) >= MOST_QUOTATIONS:
            break
    return found[:MOST_QUOTATIONS]


def _add(found: list[Quotation], text: str, start: int, end: int, *, goes_on: bool) -> bool:
    """Take in the quotations of one paragraph; its first goes on with one that the paragraph before left open.

    Whether the last one is left open in turn: the next paragraph then begins with the same mark.
    """
    position = start
    barren: dict[str, int] = {}
    while (mark := _MARK.search(text, position, end)) and len(found) < MOST_QUOTATIONS:
        opened = mark.start()
        position = opened + 1
        if not _opens(text, opened):
            continue
        closed = _closer(text, opened, end, barren)
        left_open = closed is None and _opens_next(text, opened, end)
        closed = end if left_open else closed
        inside = None if closed is None else _trim(text, opened + 1, closed)
        if closed is None or inside is None:
            continue
        position = closed + 1
        if found and (goes_on or _is_split(text, found[-1], opened, inside[0])):
            found[-1] = replace(found[-1], parts=(*found[-1].parts, inside))
        else:
            found.append(Quotation((inside,)))
        if left_open:
            return True
        goes_on = False
    return False


def _opens_next(text: str, opened: int, end: int) -> bool:
    """Whether the next paragraph begins with the mark that opens here, which is how a long quotation goes on."""
    following = text[end : end + 40].lstrip()
    return text[opened] in '“«„"' and following.startswith(text[opened]) and end - opened <= LONGEST_QUOTATION


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    blank = f" \t\n\r\xa0{JOINER}"
    while start < end and text[start] in blank:
        start += 1
    while end > start and text[end - 1] in blank:
        end -= 1
    return (start, end) if any(map(str.isalnum, text[start:end])) else None


def _before(text: str, place: int) -> str:
    """The character before a place, blanked marks passed over."""
    while place and text[place - 1] == JOINER:
        place -= 1
    return text[place - 1] if place else " "


def _after(text: str, place: int) -> str:
    while place + 1 < len(text) and text[place + 1] == JOINER:
        place += 1
    return text[place + 1] if place + 1 < len(text) else " "


def _opens(text: str, place: int) -> bool:
    """Whether a mark opens a quotation here: not an apostrophe, not an inch, not a mark that closes."""
    if text[place] not in _CLOSERS:
        return False
    mark, before, after = text[place], _before(text, place), _after(text, place)
    if mark in "“«„‹「『《〝‟‚":
        # A closing German mark looks like an opening English one: that stands behind its words.
        return not (
            mark in "“«‹" and (before.isalnum() or before in ".,!?…") and not after.isalnum() and after not in "(¿¡'‘"
        )
    if before.isalnum() or before in ".,!?;)”’%":
        return False
    if mark in _TURNED and after.isspace():
        return False
    return bool(after.strip()) and (after.isalnum() or after in "(¿¡[$£€'‘\"“„#-–—….@" or mark not in "'’´")


def _closer(text: str, opened: int, end: int, barren: dict[str, int]) -> int | None:
    """Where the quotation that opens here closes; None for a mark that nothing closes.

    `barren` keeps up to where nothing closes each mark, so that no stretch is searched twice.
    """
    mark = text[opened]
    end = min(end, opened + LONGEST_QUOTATION)
    if mark in _SINGLE:
        return _single_closer(text, opened, end)
    depth = 0
    closers = _CLOSERS[mark]
    for match in _MARK.finditer(text, max(opened + 1, barren.get(mark, 0)), end):
        other = match.group()
        place = match.start()
        if (other not in closers and other != mark) or (other == mark == '"' and _before(text, place).isspace()):
            continue
        if (other == mark and other not in closers) or (other in "“„" and other == mark and _opens(text, place)):
            depth += 1
        elif depth:
            depth -= 1
        else:
            return place
    barren[mark] = end
    return None


_ELIDED = re.compile(r"['’](?:s|t|d|m|re|ve|ll|em|til|cause|n|\d0s)\b", re.IGNORECASE)


def _single_closer(text: str, opened: int, end: int) -> int | None:
    """Where a quotation in single marks closes: at the first that is no apostrophe, or, where that may be the
    possessive of a plural, at a later one."""
    closers = _CLOSERS[text[opened]]
    if _ELIDED.match(text, opened):
        return None
    possible: int | None = None
    for place in range(opened + 1, end):
        character = text[place]
        if character == "\n" and text[place + 1 : place + 2] == "\n":
            break
        if character not in closers or _after(text, place).isalnum():
            if character in _SINGLE and place > opened + 1 and _opens(text, place) and not _ELIDED.match(text, place):
                break
            continue
        before = _before(text, place)
        if before.isspace():
            continue
        if before in "sS" and _after(text, place) == " " and text[place + 2 : place + 3].islower():
            possible = place if possible is None else possible
            continue
        return place
    return possible


def _is_split(text: str, last: Quotation, opened: int, start: int) -> bool:
    """Whether a quotation goes on where another ended, after no more than a short clause that ends in a comma.

    A full stop before the second part leaves two quotations, unless the first was broken off by a comma and the
    second goes on in small letters.
    """
    if last.block or not 0 < opened - last.end <= LONGEST_GAP:
        return False
    gap = text[last.end : opened].strip(f" \t\n{JOINER}")
    between = gap.lstrip("”“\"»«'’‘›‹」』. ,").rstrip()
    if "\n" in gap or not between or between.split()[0].lower() in _JOINS or re.search(r"[.!?]\s", between):
        return False
    broken_off = text[last.end - 1] in ",-–—;" or gap[1:2] in (",", "–", "—")
    goes_on = between[-1] in ",–—-" or (text[start].islower() and between[-1] not in ".:!?")
    return broken_off and goes_on and len(between.split()) <= 14


def block_quotations(text: str) -> Iterator[tuple[Quotation, tuple[int, int]]]:
    """Block quotes of a Markdown text that are signed, each with the place of its signature: "> words" and then
    "> — name"."""
    for count, match in enumerate(_BLOCK.finditer(text)):
        if count == MOST_QUOTATIONS:
            return
        signed = max(_SIGNED.finditer(text, match.start(), match.end()), key=lambda found: found.start(), default=None)
        after = _SIGNED.match(text, match.end(), min(len(text), match.end() + 80)) if signed is None else None
        signature = signed or after
        if signature is None:
            continue
        end = match.end() if signed is None else signature.start()
        first = _BLOCK_START.match(text, match.start(), end)
        inside = _trim(text, first.end() if first else match.start(), end)
        line = text.find("\n", signature.end())
        if inside and not _MARK.match(text, inside[0]):
            yield Quotation((inside,), block=True), (signature.end(), len(text) if line < 0 else line)

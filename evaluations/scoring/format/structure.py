"""The parts of a report that a format speaks of: title, headings, sections, paragraphs, items, words,
sentences."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token

from evaluations.scoring.text.characters import JOINER, in_one_form
from evaluations.scoring.text.markdown import ParsedText
from evaluations.scoring.text.markup import without_marks
from evaluations.scoring.text.sentences import is_abbreviation
from evaluations.scoring.text.words import WORD, fold

# A longer report is read up to here, and flagged: far beyond any answer that a run pays for.
LONGEST_READ = 100_000

_BOLD_LINE = re.compile(r"[ \t]*(?:\d{1,3}[.)][ \t]+)?(\*\*|__)(?P<text>[^*_\s][^*_]*)\1[ \t]*:?[ \t]*")
_WRAPPED_TITLE = re.compile(r"<<[^\n<>]*\w[^\n<>]*>>")
_ITEM = re.compile(r"[ \t]*(?:[*+•‣◦▪–-]|\d{1,3}[.)])[ \t]+\S")
_BULLET = re.compile(r"[ \t]*(?:\*(?!\*)|-(?!-[- \t]*$)|\+(?=[ \t]))[ \t]*\S")
_NAMED_NUMBER = re.compile(r"\d{1,3}[.)]?[ \t]+")
_SEPARATED = re.compile(r"[^:.–—\n]{0,200}(?::|\s[-–—]\s|\.\s)")
_RUN = re.compile(r"\w+")
_MARK = re.compile(r"[.?!](?=[?!)\";}\]*:@'({\[]|\s{1,50}(\S)|$)|[。！？।॥]")
_LONGEST_HEADING = 200
_BOLD_LEVEL = 7
# Invisible characters go, and typographic marks become those of a keyboard.
_PLAIN_MARKS = str.maketrans(
    {JOINER: None, "\u00ad": None} | dict.fromkeys("’‘ʼ‛`´", "'") | dict.fromkeys("“”„«»", '"')
) | (dict.fromkeys(map(ord, "‐‑‒–—−"), "-"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: its place, its text, its folded words, and its level where it is a heading.

    A line all in bold is a heading of the lowest level, 7; a line of running text is of level 0. What is shown as
    preformatted text (`is_code`) is neither heading nor item.
    """

    start: int
    text: str
    words: str
    level: int
    is_code: bool = False

    @property
    def is_item(self) -> bool:
        """Whether the line begins with a bullet or a number."""
        return not self.level and not self.is_code and bool(_ITEM.match(self.text))


@dataclass(frozen=True)
class Layout:
    """A report taken apart once, for every check."""

    text: str
    lines: tuple[Line, ...]
    parsed: ParsedText | None = None

    def within(self, start: int, end: int) -> "Layout":
        """The layout of one stretch of the report."""
        inside = tuple(line for line in self.lines if start <= line.start < end)
        return Layout(self.text[start:end], inside)

    @cached_property
    def sentences(self) -> int:
        """How many sentences there are by their marks."""
        return _count_marks(self.text.strip())

    @cached_property
    def words(self) -> int:
        """How many runs of letters and digits there are."""
        return count_words(self.text)

    @cached_property
    def shown_lines(self) -> str:
        """The words that a reader sees, one block a line."""
        return (self.parsed or ParsedText(self.text)).shown_words()


def in_plain_marks(text: str) -> str:
    """A text in small letters with plain quotation marks, hyphens and spaces: as phrases are compared."""
    return " ".join(text.translate(_PLAIN_MARKS).casefold().split())


def read_layout(report: str) -> Layout:
    """Take a report apart into lines and headings, as the page shows them."""
    text = in_one_form(report[:LONGEST_READ])
    marked = without_marks(text)
    parsed = ParsedText(text)
    blocks = _Blocks(parsed.blocks or ())
    found, position = [], 0
    for number, row in enumerate(text.split("\n")):
        if row and not row.isspace() and number not in blocks.underlines:
            level, is_code = blocks.headings.get(number, 0), number in blocks.code
            level = level or (0 if is_code else _bold_level(row))
            words = marked[position : position + min(len(row), _LONGEST_HEADING)]
            words = plain_words(words if level else words.partition(":")[0])
            found.append(Line(position, row.strip(), words, level, is_code))
        position += len(row) + 1
    return Layout(text, tuple(found), parsed)


class _Blocks:
    """What the parser makes of each line: the level of headings, the lines that only underline one, and code."""

    def __init__(self, blocks: Iterable[Token]) -> None:
        self.headings: dict[int, int] = {}
        self.underlines: set[int] = set()
        self.code: set[int] = set()
        for token in blocks:
            if token.map is None:
                continue
            first, end = token.map
            if token.type == "heading_open":
                self.headings[first] = int(token.tag[1])
                self.underlines.update(range(first + 1, end))
            elif token.type in ("fence", "code_block"):
                self.code.update(range(first, end))


def _bold_level(row: str) -> int:
    return _BOLD_LEVEL if len(row) < 1000 and _BOLD_LINE.fullmatch(row) else 0


def plain_words(text: str) -> str:
    """Words alone, folded: for comparing headings."""
    return " ".join(fold(word) for word in WORD.findall(text))


def count_words(text: str) -> int:
    """Runs of letters and digits, as IFEval counts them: "don't" and "full-back" are two each; markup is
    none."""
    return sum(1 for _ in _RUN.finditer(text))


def count_bullets(layout: Layout) -> int:
    """Lines that begin with a bullet."""
    return sum(1 for line in layout.lines if not line.is_code and _BULLET.match(line.text))


def count_items(layout: Layout) -> int:
    """Lines that begin with a bullet or a number."""
    return sum(line.is_item for line in layout.lines)


def count_paragraphs(layout: Layout, divider: str) -> int:
    """What a divider parts, but nothing before the first or after the last; without a divider, what blank
    lines part."""
    if not divider:
        return _count_blocks(layout)
    pieces = [bool(piece.strip()) for piece in layout.text.split(divider)]
    inside = pieces[not pieces[0] :]
    return len(inside) - (bool(inside) and not inside[-1])


def _count_blocks(layout: Layout) -> int:
    count, last = 0, -1
    for line in layout.lines:
        if not _is_running_text(line):
            continue
        if last < 0 or _BLANK_LINE.search(layout.text, last, line.start):
            count += 1
        last = line.start + len(line.text)
    return count


_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def _is_running_text(line: Line) -> bool:
    """A heading, an item, a table row, a rule or a lone word is no paragraph."""
    return (
        not line.level and not line.is_code and not line.is_item and not line.text.startswith("|") and " " in line.words
    )


def count_sentences(layout: Layout) -> int:
    """Sentences as IFEval counts them: by their marks alone. A line break ends none; a list's "1." is one."""
    return layout.sentences


def _count_marks(text: str) -> int:
    count, last = 0, 0
    for match in _MARK.finditer(text):
        if match.end() < len(text) and not _abbreviates(text, match):
            count, last = count + 1, match.end()
    return count + bool(_RUN.search(text, last))


def _abbreviates(text: str, mark: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, an initial, or dots that lead on."""
    if mark.group() != "." or mark.start() == 0 or text[mark.start() - 1].isspace():
        return False
    token = text[max(0, mark.start() - 12) : mark.start()].split()[-1]
    return is_abbreviation(token) or (token.endswith(".") and (mark[1] is None or mark[1].islower()))


def has_title(layout: Layout) -> bool:
    """A first line that is a heading of the first level, or a title wrapped in << >> anywhere."""
    return bool(layout.lines and layout.lines[0].level == 1) or bool(_WRAPPED_TITLE.search(layout.text))


def is_heading_of(line: Line, wanted: Collection[str]) -> bool:
    """Whether a line is one of the wanted headings (folded), numbered or not, with or without more after
    it."""
    if line.words in wanted or _NAMED_NUMBER.sub("", line.words, count=1) in wanted:
        return True
    if not any(line.words.startswith(f"{heading} ") for heading in wanted):
        return False
    return bool(line.level or _SEPARATED.match(line.text))


def _is_written_as(line: Line, heading: str, words: str) -> bool:
    """Whether a line is this heading, given folded too; one asked for in capitals throughout stands so."""
    if words not in line.words or not is_heading_of(line, (words,)):
        return False
    return not heading.isupper() or " ".join(WORD.findall(heading)) in " ".join(WORD.findall(line.text))


def find_heading(layout: Layout, heading: str) -> int | None:
    """Where the first line stands that is this heading."""
    words = plain_words(heading)
    return next((line.start for line in layout.lines if _is_written_as(line, heading, words)), None)


def find_sections(layout: Layout, headings: Sequence[str]) -> dict[str, Layout]:
    """What stands under each heading that is there, up to the next wanted heading or one of its own level."""
    by_words = {plain_words(heading): heading for heading in headings}
    starts: list[tuple[Line, str]] = []
    for line in layout.lines:
        for words, heading in by_words.items():
            if _is_written_as(line, heading, words):
                starts.append((line, heading))
                del by_words[words]
                break
    return {
        heading: _body(layout, line, starts[i + 1][0].start if i + 1 < len(starts) else len(layout.text))
        for i, (line, heading) in enumerate(starts)
    }


def _body(layout: Layout, head: Line, stop: int) -> Layout:
    """From the end of a heading to its section's end; of "Heading: text" the text belongs to the body."""
    for line in layout.lines:
        if head.start < line.start < stop and 0 < line.level <= head.level:
            stop = line.start
    end = layout.text.find("\n", head.start, stop)
    end = stop if end < 0 else end
    colon = layout.text.find(":", head.start, end) + 1 if not head.level else 0
    return layout.within(colon or end, stop)

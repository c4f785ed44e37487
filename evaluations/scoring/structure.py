"""The parts of a report that a format speaks of: title, sections, paragraphs, items, words, sentences."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from evaluations.scoring.markup import without_marks
from evaluations.scoring.sentences import is_abbreviation
from evaluations.scoring.words import fold

_HEADING = re.compile(r"^[ \t]{0,3}(#{1,6})[ \t]+(\S[^\n]*?)[ \t#]*$")
_BOLD_LINE = re.compile(
    r"^[ \t]*(?:\d{1,3}[.)][ \t]+)?(?:\*\*|__)(?P<text>[^*_\n][^\n]*?)(?:\*\*|__)[ \t]*:?[ \t]*$"
)
_WRAPPED_TITLE = re.compile(r"<<[^\n]*?\w[^\n]*?>>")
_ITEM = re.compile(r"^[ \t]*(?:[*+•‣◦▪–-]|\d{1,3}[.)])[ \t]+\S[^\n]*$", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*(?:\*(?!\*)|-(?!-[- \t]*$)|\+(?=[ \t]))[ \t]*\S[^\n]*$", re.MULTILINE)
_DIVIDER = re.compile(r"\s?\*\*\*\s?")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_RUN = re.compile(r"\w+")
_WORDS = re.compile(r"\w+(?:['’ʼ]\w+)*")
_SEPARATED = re.compile(r"^[^:.–—\n]{0,200}(?::|\s[-–—]\s|\.\s|$)")
_MARK = re.compile(r"[.?!](?=[?!)\";}\]*:@'({\[]|\s+(\S)|$)|[。！？।॥]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: its place, and its heading text where it is a heading."""

    start: int
    text: str
    level: int
    heading: str


def count_words(text: str) -> int:
    """Runs of letters and digits, as IFEval counts them: "don't" and "full-back" are two each; markup is none."""
    return sum(1 for _ in _RUN.finditer(text))


def count_bullets(text: str) -> int:
    """Lines that begin with a bullet."""
    return sum(1 for _ in _BULLET.finditer(text))


def count_items(text: str) -> int:
    """Lines that begin with a bullet or a number."""
    return sum(1 for _ in _ITEM.finditer(text))


def paragraphs(text: str) -> list[str]:
    """What *** dividers separate where there are any, else the blocks of running text between blank lines."""
    if _DIVIDER.search(text):
        return _DIVIDER.split(text.strip("* \n\t"))
    return [block for block in _BLANK_LINES.split(text) if _is_running_text(block)]


def _is_running_text(block: str) -> bool:
    """A heading, a list, a table or a rule alone is no paragraph."""
    return any(
        not line.level
        and not _ITEM.match(line.text)
        and not line.text.startswith("|")
        and len(_RUN.findall(line.text)) > 1
        for line in lines(block)
    )


def lines(text: str) -> list[Line]:
    """The lines that are not blank."""
    found, position = [], 0
    for row in text.split("\n"):
        if row.strip():
            level, heading = _heading(row)
            found.append(Line(position, row.strip(), level, heading))
        position += len(row) + 1
    return found


def _heading(row: str) -> tuple[int, str]:
    """(level, text) of a heading; a line in bold is a heading of the lowest level; (0, "") for any other line."""
    if match := _HEADING.match(row):
        return len(match[1]), match[2].strip("*_ ")
    if match := _BOLD_LINE.match(row):
        return 7, match["text"].strip(" :*_")
    return 0, ""


def has_title(text: str) -> bool:
    """A first line that is a heading of the first level, or a title wrapped in << >> anywhere."""
    if _WRAPPED_TITLE.search(text):
        return True
    first = next(iter(lines(text)), None)
    return first is not None and first.level == 1


def plain(text: str) -> str:
    """Words alone, folded: for comparing headings."""
    return " ".join(fold(word) for word in _WORDS.findall(without_marks(text)))


def count_sentences(text: str) -> int:
    """Sentences as IFEval counts them: by their marks alone. A line break ends none; a list's "1." is one."""
    text = text.strip()
    count, last = 0, 0
    for match in _MARK.finditer(text):
        if match.end() < len(text) and not _abbreviates(text, match):
            count, last = count + 1, match.end()
    return count + bool(_RUN.search(text, last))


def _abbreviates(text: str, mark: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, an initial, or dots that lead on."""
    before = text[max(0, mark.start() - 12) : mark.start()].split()
    token = before[-1] if before and not text[mark.start() - 1].isspace() else ""
    if mark.group() == "." and is_abbreviation(token):
        return True
    return token.endswith(".") and mark.group() == "." and (mark[1] is None or mark[1].islower())


def is_heading_of(line: Line, wanted: Collection[str]) -> bool:
    """Whether a line is one of the wanted headings, numbered or not, with or without text after a colon."""
    text = plain(line.heading or line.text.partition(":")[0])
    bare = re.sub(r"^\d{1,3} ", "", text)
    if text in wanted or bare in wanted:
        return True
    return any(text.startswith(f"{heading} ") for heading in wanted) and bool(
        line.level or _SEPARATED.search(line.text)
    )


def find_heading(text: str, headings: Sequence[str]) -> int | None:
    """Where the first line stands that is one of these headings."""
    wanted = {plain(heading) for heading in headings}
    return next((line.start for line in lines(text) if is_heading_of(line, wanted)), None)


def section_bodies(text: str, headings: Sequence[str]) -> dict[str, str]:
    """What stands under each heading that is there, up to the next wanted heading or one of the same level."""
    rows = lines(text)
    by_text = {plain(heading): heading for heading in headings}
    starts: list[tuple[int, int, int, str]] = []
    for line in rows:
        for known, heading in by_text.items():
            if heading not in [start[3] for start in starts] and is_heading_of(line, (known,)):
                end = text.find("\n", line.start)
                starts.append((line.start, len(text) if end < 0 else end, line.level, heading))
    bodies = {}
    for i, (start, head_end, level, heading) in enumerate(starts):
        stop = starts[i + 1][0] if i + 1 < len(starts) else len(text)
        for line in rows:
            if start < line.start < stop and 0 < line.level <= level:
                stop = line.start
        colon = text[start:head_end].partition(":")[2] if level == 0 else ""
        bodies[heading] = colon + text[head_end:stop]
    return bodies

"""Markdown and HTML marks, blanked out so that every character keeps its place."""

import re

from evaluations.scoring.text.characters import JOINER, in_one_form

# What a line is, or begins with. Looked for at the beginnings of lines only, not at every character.
_MARKED_LINE = re.compile(r"[ \t>|:]*(?:[#`~*+_=•‣◦▪–-]|\d{1,3}[.)]|[a-zA-Z][.)])|[ \t]*>")
_WHOLE_LINE = re.compile(r"[ \t]{0,8}(?:```|~~~).*|[ \t|:]*(?:[-*_=][ \t|:+]*){3,}", re.DOTALL)
_LINE_START = re.compile(
    r"(?:[ \t]|>)*(?:#{1,6}(?=[ \t])|[-*+•‣◦▪–](?=[ \t])|\d{1,3}[.)](?=[ \t])|[a-zA-Z][.)](?=[ \t]))"
    r"(?:[ \t]+(?:#{1,6}|[-*+•]|\[[ xX]\])(?=[ \t]))?"
)
_ITEM = re.compile(r"(?<!\S)(\d{1,2})[.)](?=\s)")
# Behind one of these, or behind one word that opens a line, a number is a name's: "Section 1."
_LABELS = (
    "section", "part", "chapter", "step", "day", "week", "round", "group", "no", "question", "number", "passage",
    "source", "division", "league",
)  # fmt: skip
_LONGEST_LABEL = 20
_QUOTE_START = re.compile(r"[ \t]*>[> \t]*")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\](\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\))")
_CITATION = re.compile(r"\[\^?(?:[Ss]ource[s]?[ :]*)?\d{1,3}(?:[ ]?[,;–-][ ]?\d{1,3}){0,20}\]")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>|<!--[^<>]{0,2000}-->|&(?:[a-zA-Z]{2,8}|#\d{1,6});")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'|\])]+")
# Marks of a service's own: "【4:0†source】", and what it puts between characters for private use.
_SERVICE_MARK = re.compile(r"【\d[^【】\n]{0,60}】|\ue200[^\ue200\ue201\n]{0,300}\ue201|[\ue000-\uf8ff]")
# A mark inside a word is replaced by a word joiner, so that "un**like**ly" stays one word.
_INSIDE_WORD = re.compile(r"(?<=\w)(?:\*{1,3}|~~)(?=\w)")
_MARKS = re.compile(r"[*`|~#\\]")
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")


def blank(match: re.Match[str]) -> str:
    """Spaces in the place of a match."""
    return " " * (match.end() - match.start())


def _blank_link(match: re.Match[str]) -> str:
    """Keep the words of a link and blank its brackets and its address."""
    before = match.start(1) - match.start()
    return " " * before + match.group(1) + " " * (match.end() - match.end(1))


def _without_start(line: str) -> str:
    """A line without the marks at its beginning; nothing of one that is a fence or a rule."""
    if not _MARKED_LINE.match(line):
        return line
    if _WHOLE_LINE.fullmatch(line):
        return " " * len(line)
    for pattern in (_QUOTE_START, _LINE_START):
        if match := pattern.match(line):
            line = " " * match.end() + line[match.end() :]
    return line


def _without_items(text: str) -> str:
    """The text with a line of its own for every item of a list that runs on in one, its number blanked: "1. Wash it.
    2. Dry it." A number is an item's where it follows the one before it: the last word of "They came 2." stays."""
    runs: list[list[re.Match[str]]] = []
    for match in _ITEM.finditer(text):
        number = int(match[1])
        if _is_labelled(text, match.start()):
            continue
        if number == 1:
            runs.append([match])
        elif runs and number == int(runs[-1][-1][1]) + 1:
            runs[-1].append(match)
    items = [match for run in runs if len(run) > 1 for match in run]
    pieces, position = [], 0
    for match in items:
        pieces += [text[position : match.start()], "\n", blank(match)[1:]]
        position = match.end()
    return "".join([*pieces, text[position:]])


def _is_labelled(text: str, start: int) -> bool:
    """Whether a number is that of what stands before it."""
    if text[start - 1 : start] != " ":
        return False
    before = text[max(0, start - _LONGEST_LABEL - 3) : start - 1]
    if before.lower().endswith(_LABELS):
        return True
    _, broken, line = before.rpartition("\n")
    opens = bool(broken) or len(before) == start - 1
    return opens and 0 < len(line) <= _LONGEST_LABEL and ":" not in line and not any(map(str.isspace, line))


def without_service_marks(text: str) -> str:
    """The text with the marks of a service's own blanked."""
    return text if text.isascii() else _SERVICE_MARK.sub(blank, text)


def without_marks(text: str) -> str:
    """The text with markup characters blanked, and alike characters as one: same length, same place for every word."""
    text = in_one_form(text)
    if "2." in text or "2)" in text:
        text = _without_items(text)
    text = "\n".join(map(_without_start, text.split("\n")))
    text = without_service_marks(text)
    if "[" in text:
        text = _CITATION.sub(blank, _LINK.sub(_blank_link, text))
    if "<" in text or "&" in text:
        text = _TAG.sub(blank, text)
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(blank, text)
    text = _INSIDE_WORD.sub(lambda match: JOINER * (match.end() - match.start()), text)
    text = _MARKS.sub(" ", text)
    return _EDGE_UNDERSCORE.sub(blank, text) if "_" in text else text

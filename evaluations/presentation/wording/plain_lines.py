"""Some words of a report as one line of plain text. Pure, and light: the front page needs no more of Markdown."""

import html
import re

GAP = "\0"  # in place of a link's brackets and address
ENTITY = re.compile(r"&(?:#\w{1,8}|\w{1,32});")
OVERRIDES = str.maketrans(dict.fromkeys("\u202d\u202e", "\ufffd"))  # would show 41 as 14
CELL_END = re.compile(r"(?<!\\)\|")
LINE_START = re.compile(r"\A(?:>\s*|[-+•]\s+)+")
MARKUP = re.compile(
    r"\\([!-/:-@\[-`{-~])"  # escaped
    r"|<((?:https?://|mailto:)[^<>\s]{1,2000})>"
    r"|(?<![\d\s*])\*{1,3}|\*{1,3}(?![\d\s*])"  # not 5*3
    r"|`+|~~|(?<!\w)_{1,3}(?=\w)|(?<=[\w.!?])_{1,3}(?!\w)"
)


def as_line(written: str) -> str:
    """A sentence as one line, without the marks of lists, quotations, emphasis and tables that stand in it."""
    cells = (MARKUP.sub(lambda mark: mark[1] or mark[2] or "", cell) for cell in CELL_END.split(written))
    line = ", ".join(cell.strip() for cell in cells if cell.strip(f" \t{GAP}")).replace(GAP, "")
    words = ENTITY.sub(lambda entity: html.unescape(entity[0]), LINE_START.sub("", line, count=1))
    return " ".join(words.translate(OVERRIDES).split())


def shorten(words: str, most: int) -> str:
    """A sentence or the rest of one, cut at a word where it is longer than so many characters."""
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"

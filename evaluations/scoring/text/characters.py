"""Characters that look alike or cannot be seen, brought into one form; every character keeps its place."""

import re

# Within a word this stands for characters that nobody sees; words are compared without it.
JOINER = "\u2060"
# Within a number this parts the thousands.
GROUPING = "'"

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2061\u2062\u2063\u2064\ufeff"
_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_SPACES = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)}
_ONE_FORM = (
    dict.fromkeys(map(ord, _INVISIBLE), JOINER)
    | dict.fromkeys(map(ord, _LINE_ENDS), "\n")
    | dict.fromkeys(map(ord, _SPACES), " ")
    | _FULL_WIDTH
)
_SPECIAL = re.compile(f"[{re.escape(_INVISIBLE + _LINE_ENDS + _SPACES)}\uff10-\uff19]")
# "14 203" with a space that does not break, or a thin one.
_GROUPED = re.compile("(?<=[0-9])[\xa0\u2009\u202f](?=[0-9]{3}(?![0-9]))")


def in_one_form(text: str) -> str:
    """The text with one kind of space and of line end, invisible characters as joiners, full-width digits as digits."""
    if not _SPECIAL.search(text):
        return text
    return _GROUPED.sub(GROUPING, text.replace("\r\n", " \n")).translate(_ONE_FORM)

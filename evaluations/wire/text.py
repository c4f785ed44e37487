"""Text from outside as plain text that every database and every JSON reader accepts, without any key of ours."""

import html
import re
import unicodedata

from .secrets import redact

# What parts lines elsewhere parts them here: words must not grow together.
LINE_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028]")
PARAGRAPH = "\u2029"
# Everything but tab and line feed: PostgreSQL refuses NUL, terminals obey escapes, readers see nothing. The soft
# hyphen parts words for nobody but a typesetter.
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def clean(text: str) -> str:
    """`text` in NFC without control characters and keys; lone surrogates become U+FFFD, other line ends LF."""
    text = LINE_BREAK.sub("\n", SURROGATE.sub("\ufffd", text)).replace(PARAGRAPH, "\n\n")
    return redact(unicodedata.normalize("NFC", CONTROL.sub("", text)))


def from_markup(text: str) -> str:
    """The words of a search result's field: tags taken out, entities decoded, on one line."""
    return " ".join(clean(html.unescape(TAG.sub("", text))).split())

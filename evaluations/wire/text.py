"""Text from outside as plain text that every database and every JSON reader accepts."""

import html
import re
import unicodedata

# Everything but tab and line feed: PostgreSQL refuses NUL, terminals obey escapes, readers see nothing.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def clean(text: str) -> str:
    """`text` in NFC without control characters; lone surrogates become U+FFFD, CRLF becomes LF."""
    text = SURROGATE.sub("\ufffd", text.replace("\r\n", "\n"))
    return unicodedata.normalize("NFC", CONTROL.sub("", text))


def from_markup(text: str) -> str:
    """The words of a search result's field: tags taken out, entities decoded, on one line."""
    return " ".join(clean(html.unescape(TAG.sub("", text))).split())

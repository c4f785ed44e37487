"""Keys, and how they are taken out of whatever strangers say. Pure.

A service, a page or an error may repeat the key that it was sent. Whoever reads a key from the environment tells it
here once; from then on no text or body that passes the border, and no line of a log, holds it in any spelling.
"""

import base64
import re
from functools import cache

SHORTEST = 8  # characters; a shorter key would be found in ordinary words
INSTEAD = "[key]"
NAME = re.compile(r"[A-Z][A-Z0-9_]{0,91}_API_KEY")
SENDABLE = re.compile(r"[!-~]+")
# What may stand between the characters of a key that was folded, escaped or made to look harmless.
INVISIBLE, INVISIBLE_IN_BYTES = (
    "[\u200b-\u200f\u2028\u2029\u2060\ufeff]",
    r"\xe2\x80[\x8b-\x8f\xa8\xa9]|\xe2\x81\xa0|\xc2\xad",
)
BETWEEN = rf"(?:[\s\x00-\x1f\x7f\xad]|\\[nrtb\"'\\]|\\u00[01][0-9a-f]|%0[ad]|{INVISIBLE})*"
ESCAPED = re.compile(rb"\\[ux]0{0,2}[2-7][0-9a-f]|%(?:25)?[2-7][0-9a-f]|&(?:#|amp;|lt;|gt;|quot;)", re.IGNORECASE)
SMALL = bytes(range(256)).lower()
OTHER = bytes(code for code in range(256) if not chr(code).isascii() or not chr(code).isalnum())

_known: set[str] = set()


def remember(key: str) -> str:
    """The key, known from now on."""
    if len(key) >= SHORTEST and key not in _known:
        _known.add(key)
        patterns.cache_clear()
        skeletons.cache_clear()
    return key


def redact(text: str) -> str:
    """The text without any known key, as it is or escaped, encoded, folded."""
    return patterns()[0].sub(INSTEAD, text) if may_hold_key(text.encode("utf-8", "replace")) else text


def redact_bytes(body: bytes | bytearray) -> bytes:
    """The same for a body before it is read: what stands in place of a key breaks no JSON."""
    return patterns()[1].sub(INSTEAD.encode(), body) if may_hold_key(body) else bytes(body)


def has_key(body: bytes) -> bool:
    """Whether a known key stands there as it is. Much faster than looking for every spelling."""
    return any(key.encode() in body for key in _known)


def may_hold_key(body: bytes | bytearray) -> bool:
    """Whether a closer look is worth its time: letters of a key follow each other, or letters are escaped."""
    if not _known or ESCAPED.search(body):
        return bool(_known)
    letters = skeleton(body)
    return any(one in letters for one in skeletons())


def skeleton(body: bytes | bytearray) -> bytes:
    """Small letters and digits alone, without escaped line breaks."""
    for line_break in (b"\\n", b"\\r", b"\\t"):
        body = body.replace(line_break, b"")
    return bytes(body).translate(SMALL, OTHER)


@cache
def skeletons() -> frozenset[bytes]:
    """The skeletons of every known key and of its encodings."""
    spelled = {spelling for key in _known for spelling in (key, *encodings_of(key))}
    return frozenset(filter(None, (skeleton(one.encode()) for one in spelled)))


def is_name_of_key(name: str) -> bool:
    """Whether a variable's name says that it holds a key: nothing else of the environment is ever sent."""
    return NAME.fullmatch(name) is not None


def flaw_of(key: str) -> str:
    """Why a key cannot be sent; "" where it can. The words never hold the key."""
    return "" if SENDABLE.fullmatch(key) else "holds a space, a line break or a letter that no header can carry"


@cache
def patterns() -> tuple[re.Pattern[str], re.Pattern[bytes]]:
    """What finds every known key, in texts and in bytes; longer keys first."""
    spellings = [spelling for key in sorted(_known, key=len, reverse=True) for spelling in spellings_of(key)]
    found = "|".join(spellings)
    in_bytes = found.replace(INVISIBLE, INVISIBLE_IN_BYTES).encode("latin-1", "ignore")
    return re.compile(found, re.IGNORECASE), re.compile(in_bytes, re.IGNORECASE)


def spellings_of(key: str) -> list[str]:
    """Regular expressions for a key: its characters, each as it is or escaped, and its encodings as a whole."""
    return [BETWEEN.join(map(spelling_of, key)), *map(re.escape, encodings_of(key))]


def encodings_of(key: str) -> list[str]:
    """A key in hexadecimal, and in Base64 wherever in a text it stands."""
    raw = key.encode()
    found = {raw.hex(), *(base64_within(raw, before) for before in range(3))}
    return sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True)


def spelling_of(character: str) -> str:
    """One character: as it is, and as JSON, Python, URLs and HTML escape it."""
    code = ord(character)
    names = {"&": "|&amp;", "<": "|&lt;", ">": "|&gt;", '"': '|&quot;|\\\\"', "'": "|&#x27;|\\\\'", "/": r"|\\/"}
    escapes = rf"\\u00{code:02x}|\\x{code:02x}|%{code:02x}|%25{code:02x}|&#0*{code};|&#x0*{code:x};"
    return f"(?:{re.escape(character)}|{escapes}{names.get(character, '')})"


def base64_within(raw: bytes, before: int) -> str:
    """What stands of a key in the Base64 of a text that it begins so many bytes into: whole groups of it."""
    encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
    first = 4 if before else 0
    return encoded[first : len(encoded) - len(encoded) % 4]

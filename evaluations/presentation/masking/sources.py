"""Which words, names and addresses stand in the sources of a run: these are no report's own. Pure."""

import re
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit

from evaluations.presentation.masking.folding import decode_percents, fold

WORD = re.compile(r"[^\W_]+")
# Parameters of an address that say who sent the reader, not what is there.
TRACKING = re.compile(r"(?:utm_\w+|ref|ref_src|source|src|via|from|referrer|campaign|si|fbclid|gclid)", re.IGNORECASE)


class Sources:
    """The texts, titles and addresses that every model of a run was given, folded when they are first asked for."""

    def __init__(self, texts: Iterable[str] = (), addresses: Iterable[str] = ()) -> None:
        self._texts = tuple(texts)
        self._addresses = tuple(addresses)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of theirs."""
        return frozenset(self.text.split())

    @cached_property
    def text(self) -> str:
        """All of their words, with one space around each."""
        spoken = "\n".join((*self._texts, *map(without_tracking, self._addresses)))
        return f" {' '.join(WORD.findall(fold(spoken)))} "

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Their addresses in one form."""
        return frozenset(plain_address(address) for address in self._addresses)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Where these addresses are."""
        return frozenset(address.partition("/")[0].partition("?")[0] for address in self.addresses)

    def uses(self, name: str) -> bool:
        """Whether they use this word, or this name of several words; in a script without spaces, these characters."""
        plain = fold(name)
        if not plain.isascii():
            return plain.replace("-", "") in self.text
        return plain.replace("-", "") in self.words or self.say(plain)

    def say(self, passage: str) -> bool:
        """Whether these words stand in them, in this order."""
        words = " ".join(WORD.findall(fold(passage)))
        return bool(words) and f" {words} " in self.text

    def contain(self, mark: str) -> bool:
        """Whether these very characters stand in them."""
        return any(mark in text for text in self._texts)

    def has_address(self, address: str, name: str) -> bool:
        """Whether an address is theirs, or is at one of their hosts and the name is one they use, too."""
        plain = plain_address(address)
        if plain in self.addresses:
            return True
        host = plain.partition("/")[0].partition("?")[0]
        return host in self.hosts and self.uses(name) and name not in fold(tracking_of(address))


def plain_address(address: str) -> str:
    """An address without its scheme, "www." and what only says where its reader comes from."""
    address = without_tracking(address.strip().strip("<>").rstrip(".,;:!?*_)")).partition("#")[0].lower()
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", address).rstrip("/")


def without_tracking(address: str) -> str:
    """An address without the parameters that say where its reader comes from."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(name)
    ]
    return parts._replace(query=urlencode(kept)).geturl() if parts.query else address


def tracking_of(address: str) -> str:
    """The values of an address's parameters that say where its reader comes from."""
    query = address.partition("?")[2].partition("#")[0]
    return " ".join(decode_percents(value) for name, value in parse_qsl(query) if TRACKING.fullmatch(name))

"""Web addresses as sources and reports write them, brought into one form."""

import re
from urllib.parse import parse_qsl, unquote, urlencode

from evaluations.scoring.languages.pack import word_set

# What follows a visitor around, and says nothing about the page.
_TRACKING = re.compile(
    r"(?:utm_|mc_|pk_|at_)|(?:fbclid|gclid|dclid|msclkid|igshid|yclid|_ga|ref|ref_src|cmpid|ocid|source|smid)$"
)
_START = re.compile(r"^(?:https?:)?//(?:(?:www\d?|m|amp|mobile)\.)?|^(?:www\d?|m|amp|mobile)\.", re.IGNORECASE)
_TRAILING = ".,;:!?*_'\"”’»>"
# Parts of a host that are no name: those before the name, and those that end it.
_NO_NAME = word_set("www m amp mobile news en edition sport sports co com org net gov edu ac")


def plain_address(address: str) -> str:
    """An address without scheme, "www.", fragment, tracking and a last slash: equal for one and the same page."""
    address = _START.sub("", address.strip().strip("<>").rstrip(_TRAILING)).partition("#")[0]
    if address.count(")") > address.count("("):
        address = address.rstrip(").,")
    path, _, query = address.partition("?")
    host, slash, rest = path.partition("/")
    kept = sorted((key, value) for key, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.match(key))
    path = host.lower().partition(":")[0] + slash + unquote(rest).rstrip("/")
    path = re.sub(r"/(?:amp|index\.html?)$|\.amp$", "", path.rstrip("/"))
    return path + (f"?{urlencode(kept)}" if kept else "")


def host_of(address: str) -> str:
    """The host of an address, without "www."."""
    return plain_address(address).partition("/")[0].partition("?")[0]


def host_names(address: str) -> list[str]:
    """What a host calls itself: "bbc" and "bbc.co.uk" of https://www.bbc.co.uk/sport."""
    host = host_of(address)
    labels = host.split(".")
    named = [label for label in labels[:-1] if label not in _NO_NAME and len(label) > 1]
    return [host, *([named[-1]] if named else [])] if "." in host else []

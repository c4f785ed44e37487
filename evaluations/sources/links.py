"""Which addresses mean the same page. Pure."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LONGEST_URL = 2_000  # longer ones are nobody's articles, and no index takes them
TRACKING = ("utm_", "mc_", "pk_")
TRACKING_NAMES = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "_ga"})


def bare_url(url: str) -> str:
    """`url` without fragment and tracking parameters: the same page has the same one."""
    try:
        parts = urlsplit(url)
        query = urlencode([(name, value) for name, value in parse_qsl(parts.query, True) if not is_tracking(name)])
    except ValueError:
        return url
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, ""))


def is_whole(url: str) -> bool:
    """Whether an address says by itself where it leads: `/news/1` leads to another place on every site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return len(url) <= LONGEST_URL and bool(parts.scheme and (parts.netloc or parts.path))


def is_tracking(name: str) -> bool:
    """Whether a parameter says who sent the reader, and not what is read."""
    return name.lower().startswith(TRACKING) or name.lower() in TRACKING_NAMES

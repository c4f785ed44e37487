"""Where an address leads, as a reader should see it. Pure."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

FURTHER_RECIPIENTS = {"to", "cc", "bcc"}


def host_of(address: str) -> str | None:
    """Where a link leads, as a reader should see it; None for what must not become a link."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "mailto":
        recipient, _, fields = rest.partition("?")
        if any(name.strip().lower() in FURTHER_RECIPIENTS for name, _ in parse_qsl(fields, keep_blank_values=True)):
            return None
        # Only plain characters are decoded: others could be invisible, look alike, or turn the text around.
        return "".join(sign if "!" <= sign <= "~" else quote(sign) for sign in unquote(recipient)) or None
    if scheme.lower() not in ("http", "https") or not rest.startswith("//"):
        return None
    try:
        parts = urlsplit(address)
        hidden = "@" in parts.netloc or not parts.hostname or parts.port == 0
    except ValueError:
        return None
    if hidden or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", parts.hostname or ""):
        return None
    return parts.netloc.lower()

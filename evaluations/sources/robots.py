"""What a site's robots.txt lets us read (RFC 9309), by Protego. Pure."""

import re

from protego import Protego

MOST_BYTES = 512_000  # that are read, as RFC 9309 asks; what lies behind is not
AGENT_LINE = re.compile(r"^[ \t]*user[- ]?agent[ \t]*:?[ \t]*([^#\n]*)", re.IGNORECASE | re.MULTILINE)


def parse(text: str, name: str) -> Protego:
    """The rules of the groups that name us, else of those for everybody. Ask them with `can_fetch(path, name)`.

    Protego matches names by their beginnings, which would take another's group for ours; the standard compares
    product tokens whole, and owners copy a name with its version from their logs.
    """

    def with_token(line: re.Match[str]) -> str:
        said = line[1].strip()
        token = re.match(r"[A-Za-z_-]*", said)
        ours = token is not None and token[0].lower() == name.lower()
        return f"user-agent: {name if ours else '*' if said.startswith('*') else '-'}"

    lines = "\n".join(text.removeprefix("\ufeff").splitlines())
    return Protego.parse(AGENT_LINE.sub(with_token, lines))

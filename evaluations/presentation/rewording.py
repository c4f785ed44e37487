"""Two versions of a text as one, word by word: what stayed, what went, what came. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

WORD = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 8_000  # of each version, spaces counted, are compared


@dataclass(frozen=True, slots=True)
class Change:
    """Some words, in the element of HTML that says what became of them: `span` where they stayed, `del`, `ins`."""

    element: str
    words: str


def changes(old: str, new: str) -> list[Change]:
    """The new text with what it lost in its place; a text that is too long is compared to where it is cut."""
    before, after = WORD.findall(old)[:MOST_WORDS], WORD.findall(new)[:MOST_WORDS]
    found: list[tuple[str, str]] = []
    for kind, start, end, start_new, end_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("span", "".join(before[start:end])))
        else:
            found += [("del", "".join(before[start:end])), ("ins", "".join(after[start_new:end_new]))]
    told = groupby((one for one in found if one[1]), key=lambda one: one[0])
    return [Change(kind, "".join(words for _, words in part)) for kind, part in told]

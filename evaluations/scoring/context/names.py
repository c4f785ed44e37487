"""Names as a context uses them: which shorter ones stand for which longer ones."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from evaluations.scoring.text.words import WORD, fold

# A capital that begins a word, looked at behind it: so it is found faster.
_CAPITAL = r"[A-Z\u00c0-\u00de](?<![^\W_][A-Z\u00c0-\u00de])"
_SEVERAL_CAPITALS = re.compile(rf"{_CAPITAL}[^\W_]*+(?:[ -]{_CAPITAL}[^\W_]*+){{1,3}}")
MOST_NAMES = 5_000


def full_names(texts: Iterable[str]) -> dict[str, tuple[frozenset[str], ...]]:
    """For each word of a name of several words, those names: "Rovers" leads to "Harbour Rovers"."""
    runs = sorted({run for text in texts for run in _SEVERAL_CAPITALS.findall(text)})
    found: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for run in runs[:MOST_NAMES]:
        words = frozenset(map(fold, WORD.findall(run)))
        for word in sorted(words):
            if words not in found[word]:
                found[word].append(words)
    return {word: tuple(names) for word, names in found.items()}


def same_name(one: str, other: str, known: Mapping[str, Sequence[frozenset[str]]]) -> bool:
    """Whether two names can be one thing's: the words of one are among the other's, or both are among those of
    a longer name that the context uses."""
    if one == other:
        return True
    first, second = set(one.split()), set(other.split())
    if first <= second or second <= first:
        return True
    if len(first) > 1 and len(second) > 1:
        return False
    return any(first <= full and second <= full for full in known.get(min(first), ()))

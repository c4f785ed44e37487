"""Short forms of names, where the context itself shows the pair: "Man Utd" and "Manchester United"."""

import re
from collections.abc import Iterable, Iterator, Sequence

from evaluations.scoring.text.words import WORD, fold

# At the beginning of a word, so that one long word with capitals is not tried from each of them.
_CAPITAL = r"[A-Z\u00c0-\u00de](?<![^\W_][A-Z\u00c0-\u00de])"
_RUN = re.compile(rf"{_CAPITAL}[^\W_]*+(?:[ \-]{_CAPITAL}[^\W_]*+){{1,4}}|\b[A-Z]{{2,5}}\b")
_SAID = re.compile(
    rf"(?P<name>{_CAPITAL}[^\W_]*+(?:[ \-]{_CAPITAL}[^\W_]*+){{0,4}}),? "
    r"(?:\(|\(?(?:(?:also |better |commonly |often )?known as|nicknamed|also called|aka|a\.k\.a\.) )"
    rf"[\"“'‘]?(?:the )?(?P<alias>{_CAPITAL}[^\W_]*(?: {_CAPITAL}[^\W_]*){{0,3}})[\"”'’]?(?P<close>\)?)"
)
_MOST_NAMES = 5_000
_MOST_ALIKE = 40

Words = tuple[str, ...]


class Aliases:
    """Short forms and what they stand for; `spell_out` writes a word list in full."""

    def __init__(self, pairs: Iterable[tuple[Words, Words]] = ()) -> None:
        self._by_first: dict[str, list[tuple[Words, Words]]] = {}
        for alias, name in sorted(set(pairs), key=lambda pair: (-len(pair[0]), pair)):
            known = self._by_first.setdefault(alias[0], [])
            if alias not in [other for other, _ in known]:
                known.append((alias, name))

    def spell_out(self, words: Sequence[str]) -> list[str]:
        """The words with every short form replaced by the name that the context shows for it."""
        if self._by_first.keys().isdisjoint(words):
            return list(words)
        written: list[str] = []
        position = 0
        while position < len(words):
            for alias, name in self._by_first.get(words[position], ()):
                if tuple(words[position : position + len(alias)]) == alias:
                    written += name
                    position += len(alias)
                    break
            else:
                written.append(words[position])
                position += 1
        return written


def find_aliases(texts: Iterable[str]) -> Aliases:
    """The short forms that a context shows beside their names: in brackets, by "known as", or simply both
    of them."""
    pairs: set[tuple[Words, Words]] = set()
    names: set[Words] = set()
    seen: set[str] = set()
    for text in sorted(texts):
        for match in _SAID.finditer(text):
            pairs |= set(_alias_pairs(match))
        for match in _RUN.finditer(text):
            if len(names) < _MOST_NAMES and (run := match.group()) not in seen:
                seen.add(run)
                names.update(_parts(_fold_words(run)))
    return Aliases([*pairs, *_alike(names)])


def _fold_words(text: str) -> Words:
    return tuple(fold(match.group()) for match in WORD.finditer(text))


def _parts(run: Words) -> Iterator[Words]:
    """A run of capitals and its shorter stretches: "Yesterday Manchester United" holds "Manchester
    United"."""
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        for end in range(start + 2, len(run) + 1):
            yield run[start:end]


def _alias_pairs(match: re.Match[str]) -> Iterator[tuple[Words, Words]]:
    """A pair that stands side by side; in brackets alone it must also look like a short form."""
    name, alias = _fold_words(match["name"]), _fold_words(match["alias"])
    by_words = not match.group().partition(match["alias"])[0].rstrip("\"“'‘").endswith("(")
    for start in range(len(name)):
        full = name[start:]
        if alias != full and (abbreviates(alias, full) or _echoes(alias, full)):
            yield alias, full
            return
    if by_words and alias != name:
        yield alias, name


def _alike(names: set[Words]) -> Iterator[tuple[Words, Words]]:
    """Pairs of names of which one abbreviates the other, looked for among names with the same initials."""
    by_initials: dict[str, list[Words]] = {}
    for name in sorted(names, key=lambda name: (len(" ".join(name)), name)):
        if len(name) > 1:
            by_initials.setdefault("".join(word[0] for word in name), []).append(name)
    for alias in sorted(names):
        initials = alias[0] if len(alias) == 1 else "".join(word[0] for word in alias)
        for name in by_initials.get(initials, ())[:_MOST_ALIKE]:
            if abbreviates(alias, name):
                yield alias, name
                break


def abbreviates(alias: Words, name: Words) -> bool:
    """ "psg" for "paris saint germain"; "man utd" for "manchester united": each word a shortened one."""
    if len(alias) == 1 and len(name) > 1:
        return len(alias[0]) == len(name) > 1 and alias[0] == "".join(word[0] for word in name)
    if len(alias) != len(name) or len(" ".join(alias)) > 0.8 * len(" ".join(name)):
        return False
    return all(_shortens(short, full) for short, full in zip(alias, name, strict=True))


def _shortens(short: str, full: str) -> bool:
    """The letters of the short word stand in the full one in this order, from its first letter on."""
    if short == full:
        return True
    if len(short) < 2 or short[0] != full[0] or len(short) >= len(full):
        return False
    rest = iter(full)
    return full.startswith(short) or (all(letter in rest for letter in short) and short[-1] in full[-2:])


def _echoes(alias: Words, name: Words) -> bool:
    """ "spurs" for "tottenham hotspur": the short form without its s stands inside the name."""
    return len(alias) == 1 and len(alias[0]) > 3 and alias[0].removesuffix("s") in " ".join(name)

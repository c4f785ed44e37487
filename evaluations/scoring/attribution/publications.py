"""By which names, numbers and addresses the sources of a context can be cited."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluations.scoring.attribution.addresses import host_names, host_of, plain_address
from evaluations.scoring.attribution.people import Word
from evaluations.scoring.context.documents import Document, place_of_number
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.words import WORD, fold

Words = tuple[str, ...]
Sources = frozenset[int]

# A title of fewer words may be a plain name, and is taken for a citation only where it is introduced as one.
LONG_TITLE = 3
# Of a title that a note gives at least this share stands in it.
ALIKE = 0.6
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name by which sources can be cited."""

    words: Words
    sources: Sources
    is_title: bool


class Publications:
    """The sources of a context by address, number, publisher, host and title."""

    def __init__(self, documents: Sequence[Document], pack: LanguagePack) -> None:
        self.documents = documents
        self.pack = pack
        addresses = [_address(document) for document in documents]
        self._by_address = _group((plain_address(address), i) for i, address in enumerate(addresses) if address)
        self._by_host = _group((host_of(address), i) for i, address in enumerate(addresses) if address)
        self._titles = [frozenset(_fold_words(f"{document.title} {document.publisher}")) for document in documents]
        self._names = self._read_names(addresses)
        self._by_first: dict[str, list[Name]] = {}
        self._papers_by_word: dict[str, list[Name]] = {}
        for name in self._names:
            self._by_first.setdefault(name.words[0], []).append(name)
            for word in dict.fromkeys((name.words[0], name.words[-1])) if not name.is_title else ():
                self._papers_by_word.setdefault(word, []).append(name)

    @property
    def first_words(self) -> frozenset[str]:
        """The words with which names of sources begin, and hosts in one word."""
        return frozenset(self._by_first)

    def _read_names(self, addresses: Sequence[str]) -> list[Name]:
        found: dict[tuple[Words, bool], set[int]] = {}
        for i, document in enumerate(self.documents):
            spoken = [(_without_article(_fold_words(document.publisher), self.pack), False)]
            spoken += [((name,), False) for name in host_names(addresses[i])]
            spoken += [(tuple(name.split(".")), False) for name in host_names(addresses[i])[:1]]
            if not _ADDRESS.match(document.title):
                spoken.append((_without_article(_fold_words(document.title), self.pack), True))
            for words, is_title in spoken:
                if words:
                    found.setdefault((words, is_title), set()).add(i)
        rows = [Name(words, frozenset(sources), is_title) for (words, is_title), sources in found.items()]
        return sorted(rows, key=lambda name: (-len(name.words), name.words, name.is_title))

    def by_address(self, address: str) -> Sources:
        """The sources at an address; at one without a path, those of its host."""
        plain = plain_address(address)
        found = self._by_address.get(plain, frozenset())
        return found or (
            self._by_host.get(plain, frozenset()) if "/" not in plain and "?" not in plain else frozenset()
        )

    def by_number(self, number: int) -> Sources:
        """The source that bears this number in the lock; where it gives none, the nth."""
        place = place_of_number(self.documents, number)
        return frozenset() if place is None else frozenset({place})

    def named_at(self, words: Sequence[Word], place: int) -> Name | None:
        """The longest name that begins at a word; a part of a publisher's name is one too ("BBC" of "BBC Sport")."""
        if place >= len(words) or not words[place].is_word:
            return None
        names = self._by_first.get(words[place].folded, ())
        spoken = [word.folded for word in words[place : place + 40] if word.is_word] if names else []
        for name in names:
            if tuple(_split(spoken)[: len(name.words)]) == name.words or tuple(spoken[: len(name.words)]) == name.words:
                return name
        return self._short_name(words, place)

    def _short_name(self, words: Sequence[Word], place: int) -> Name | None:
        """Publishers whose name begins with the capitalised words here, or is written in one word by their host."""
        run = [word.folded for word in _capitals(words, place)]
        if not run:
            return None
        joined = "".join(run)
        written = [*self._papers_by_word.get(joined, ()), *self._papers_by_word.get(f"the{joined}", ())]
        hosts = [name for name in written if name.words in ((joined,), (f"the{joined}",))]
        if hosts:
            return Name(tuple(run), frozenset().union(*(name.sources for name in hosts)), is_title=False)
        for length in range(len(run), 0, -1):
            said = tuple(run[:length])
            alike = [*self._papers_by_word.get(said[0], ()), *self._papers_by_word.get(said[-1], ())]
            papers = [name for name in alike if self._is_part(said, name.words)]
            if papers:
                return Name(said, frozenset().union(*(name.sources for name in papers)), is_title=False)
        return None

    def _is_part(self, said: Words, name: Words) -> bool:
        """Whether a name is cut short: its beginning, unless that is any paper's, or a paper's word at its end."""
        if len(said) > len(name):
            return False
        begins = name[: len(said)] == said and not set(said) <= self.pack.papers
        return begins or (name[-len(said) :] == said and bool(set(said) & self.pack.papers))

    def by_note(self, text: str) -> Sources:
        """The sources that a note describes in words: by publisher, or by most of a title."""
        said = frozenset(_fold_words(text))
        scored = [(len(title & said) / len(title), i) for i, title in enumerate(self._titles) if title and title & said]
        best = max(scored, default=(0.0, -1), key=lambda row: (row[0], -row[1]))
        if best[0] >= ALIKE:
            return frozenset(i for share, i in scored if share == best[0])
        folded = f" {' '.join(_fold_words(text))} "
        named = [name for name in self._names if not name.is_title and f" {' '.join(name.words)} " in folded]
        return frozenset().union(*(name.sources for name in named)) if named else frozenset()

    @staticmethod
    def names(document: Document, words: Words, start: int, end: int) -> bool:
        """Whether a source names somebody in a passage, or within two sentences or so of it."""
        said = f" {' '.join(_fold_words(document.text[max(0, start - 300) : end + 300]))} "
        return f" {' '.join(words)} " in said or (len(words) > 1 and f" {words[-1]} " in said)


def _capitals(words: Sequence[Word], place: int) -> Iterator[Word]:
    for word in words[place : place + 8]:
        if word.text in ".&-’'":
            continue
        if not word.is_word or not (word.is_capital or word.folded in ("of", "de", "the", "and", "für")):
            return
        yield word


def _address(document: Document) -> str:
    return document.url or (document.title if _ADDRESS.match(document.title) else "")


def _group(rows: Iterator[tuple[str, int]]) -> dict[str, Sources]:
    found: dict[str, set[int]] = {}
    for key, i in rows:
        found.setdefault(key, set()).add(i)
    return {key: frozenset(sources) for key, sources in found.items()}


def _fold_words(text: str) -> Words:
    return tuple(_split([fold(match.group()) for match in WORD.finditer(text)]))


def _split(words: Sequence[str]) -> list[str]:
    """Names of sites in their parts: how words are told apart in titles and in running text differs."""
    return [part for word in words for part in word.replace("'", " ").replace("-", " ").replace(".", " ").split()]


def _without_article(words: Words, pack: LanguagePack) -> Words:
    return words[1:] if len(words) > 1 and words[0] in pack.articles else words

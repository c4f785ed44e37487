"""Runs of words as keys: pairs, triples, runs of eight, and the stems that carry content. Pairs and triples are numbers
that hold within one process, as Python hashes text: an index is never stored or sent."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from evaluations.scoring.languages.english import ENGLISH
from evaluations.scoring.languages.pack import LanguagePack

COPY_WORDS = 8


def word_runs(words: Sequence[str]) -> Iterator[str]:
    """Every run of eight words, as one text."""
    return map(" ".join, zip(*(islice(words, i, None) for i in range(COPY_WORDS)), strict=False))


def word_pairs(stems: Sequence[str]) -> Iterator[str]:
    """Every two neighbouring stems, as one text."""
    return map(" ".join, pairwise(stems))


def pair_hashes(words: Sequence[str]) -> Iterator[int]:
    """Every two neighbouring words, as one number: of all runs of words these are the most, and numbers are small."""
    return map(hash, pairwise(words))


def triple_hashes(stems: Sequence[str]) -> Iterator[int]:
    """Every three neighbouring stems, as one number."""
    return map(hash, zip(stems, islice(stems, 1, None), islice(stems, 2, None), strict=False))


def stems_of(words: Iterable[str], pack: LanguagePack = ENGLISH) -> list[str]:
    """The stems of the words that carry content, in order."""
    return [known for word in words if (known := pack.stem(word))]

"""Stems of languages other than English, by the Snowball algorithms (https://snowballstem.org)."""

from collections.abc import Callable
from threading import Lock

import snowballstemmer


def snowball(language: str) -> Callable[[str], str]:
    """The Snowball stemmer of a language, by its English name in small letters; safe to call from any thread."""
    stemmer, lock = snowballstemmer.stemmer(language), Lock()

    def reduce(word: str) -> str:
        with lock:  # a stemmer keeps the word that it works on
            return str(stemmer.stemWord(word))

    return reduce

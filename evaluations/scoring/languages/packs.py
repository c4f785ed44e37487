"""The languages that scoring knows, by their two letters."""

from functools import lru_cache

from evaluations.scoring.languages.english import ENGLISH
from evaluations.scoring.languages.french import FRENCH
from evaluations.scoring.languages.german import GERMAN
from evaluations.scoring.languages.italian import ITALIAN
from evaluations.scoring.languages.pack import LanguagePack, stemmer
from evaluations.scoring.languages.portuguese import PORTUGUESE
from evaluations.scoring.languages.spanish import SPANISH

PACKS = {pack.code: pack for pack in (ENGLISH, SPANISH, GERMAN, FRENCH, PORTUGUESE, ITALIAN)}


def is_known(language: str) -> bool:
    """Whether there is a pack for a language, given as "en" or "en-GB"."""
    return primary(language) in PACKS


def pack_for(language: str) -> LanguagePack:
    """The pack of a language; for one that has none an empty pack under its code: every word then counts as it
    stands, and only what is written in digits, names and quotation marks is looked up."""
    code = primary(language)
    return PACKS.get(code) or _empty(code)


def primary(language: str) -> str:
    """The language of a tag: "pt" of "pt-BR"."""
    return language.strip().lower().replace("_", "-").partition("-")[0]


@lru_cache(maxsize=64)
def _empty(code: str) -> LanguagePack:
    return LanguagePack(code=code, stem=stemmer((), str), stopwords=frozenset())

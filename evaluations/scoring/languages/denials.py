"""Words by which languages other than English deny, and those beside which a denial is none or is left open."""

from typing import NamedTuple

from evaluations.scoring.languages.pack import word_set


class Denials(NamedTuple):
    """The words of one language, folded: those that deny; those that behind one make it none ("nicht nur"); those by
    which a sentence leaves open or corrects what it denies; and those that may close the clause that they deny."""

    denying: frozenset[str]
    sparing: frozenset[str]
    opening: frozenset[str]
    closing: frozenset[str]


_WORDS = {
    "de": (
        "nicht nichts nie niemals niemand kein keine keinen keinem keiner keines",
        "nur allein bloß zuletzt weniger unbedingt",
        "wenn falls ob sofern sondern solange",
        "nicht nichts nie niemals",
    ),
    "es": (
        "no nunca jamás nadie ningún ninguna ninguno tampoco",
        "solo sólo solamente únicamente más menos obstante",
        "si sino aunque",
        "nunca jamás",
    ),
    "fr": ("pas jamais aucun aucune", "seulement uniquement moins mal", "si sinon", "pas jamais"),
    "pt": (
        "não nunca jamais ninguém nenhum nenhuma tampouco",
        "só somente apenas mais menos obstante",
        "se senão",
        "nunca jamais",
    ),
    "it": ("non mai nessuno nessuna nessun neanche nemmeno", "solo soltanto solamente più meno", "se bensì", "mai"),
}
_NONE = Denials(*(frozenset[str]() for _ in Denials._fields))
_DENIALS = {language: Denials(*map(word_set, rows)) for language, rows in _WORDS.items()}


def denial_words(language: str) -> Denials:
    """The words of a language, given by its two letters; none of English, whose sentences are read more closely, nor of
    a language that is not known."""
    return _DENIALS.get(language, _NONE)

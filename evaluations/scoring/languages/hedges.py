"""Words by which languages other than English say that a thing is only possible, likely or rumoured: those that mean
nothing else."""

from evaluations.scoring.languages.pack import word_set

_ACCENTED = {"de": frozenset(("könnte", "könnten", "dürfte", "dürften"))}
_WORDS = {
    "de": "vielleicht möglicherweise womöglich eventuell wahrscheinlich vermutlich mutmaßlich angeblich offenbar",
    "es": "quizá quizás acaso probablemente posiblemente supuestamente presuntamente aparentemente podría podrían",
    "fr": "probablement éventuellement apparemment prétendument vraisemblablement pourrait pourraient aurait auraient",
    "pt": "talvez provavelmente possivelmente supostamente alegadamente poderia poderiam",
    "it": "forse probabilmente possibilmente presumibilmente potrebbe potrebbero",
}
_HEDGES = {language: word_set(words) | _ACCENTED.get(language, frozenset()) for language, words in _WORDS.items()}


def hedges(language: str) -> frozenset[str]:
    """The words of a language, given by its two letters, as sentences are read; none of English, whose sentences are
    read more closely, nor of a language that is not known."""
    return _HEDGES.get(language, frozenset())

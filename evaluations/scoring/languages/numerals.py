"""Numbers as languages spell them."""

from evaluations.scoring.text.words import fold


def numerals(words: str, first: int, *, step: int = 1) -> dict[str, int]:
    """The words of a text, folded, as numbers that begin with the first and go up by a step."""
    return {fold(word): first + step * place for place, word in enumerate(words.split())}

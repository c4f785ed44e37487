"""What a grounded word cost."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluations.scoring.scores import Scores

_CENT_OF_A_CENT = Decimal("0.000001")


def cost_per_1000_grounded_words(scores: "Scores", cost_usd: Decimal | None) -> Decimal | None:
    """US dollars per 1,000 words of sentences in the band "grounded", a repeated sentence counted once.

    None where the cost is unknown or no word is grounded: there is no such price.
    """
    if cost_usd is None or not scores.grounded_words:
        return None
    return (cost_usd * 1000 / scores.grounded_words).quantize(_CENT_OF_A_CENT, rounding=ROUND_HALF_EVEN)

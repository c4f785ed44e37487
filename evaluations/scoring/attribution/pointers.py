"""Where a sentence names by its number the source that it has something from, and another one says it."""

from evaluations.scoring.context.documents import place_of_number
from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.matching import Match

# A source that holds less of a sentence than this share of what another one holds is not where it stands.
HELD_FROM = 0.5


def points_elsewhere(index: ContextIndex, match: Match) -> bool:
    """Whether none of the sources that a sentence names by number ("as passage 2 says") holds half as much of it as
    the best one does. Where all is in one source, the numbers are of its own parts."""
    if not match.sentence.pointers or not match.held or len(index.documents) == 1:
        return False
    places = [place_of_number(index.documents, number) for number in match.sentence.pointers]
    held = max((match.held_by.get(place, 0.0) for place in places if place is not None), default=0.0)
    return held < HELD_FROM * match.held

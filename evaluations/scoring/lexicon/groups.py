"""Words that exclude one another: of one group, a thing is at most one; of a pair, it is one or the other."""

from collections.abc import Iterable

from evaluations.scoring.lexicon import kinds
from evaluations.scoring.lexicon.opposites import PAIRS
from evaluations.scoring.lexicon.posts import POSTS
from evaluations.scoring.text.words import word_list

# Of one line, one thing is only one at a time. The first word names the kind that an editor is shown.
_EXCLUSIVE = """
month: january february march april may june july august september october november december
weekday: monday tuesday wednesday thursday friday saturday sunday
season: spring summer autumn winter
day: yesterday today tomorrow
part-of-day: morning afternoon evening night
unit: minute hour day week month year decade century second
scale: hundred thousand million billion trillion
ordinal: first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
round: quarter-finals semi-finals quarterfinal semifinal
card: yellow red
direction: north south east west
direction: northern southern eastern western
colour: black white red blue green yellow orange purple
body: knee ankle thigh calf hamstring groin shoulder hip wrist elbow hand finger toe foot head back neck rib
body+: arm jaw nose cheekbone collarbone
body+: achilles
post: manager coach captain chairman chairwoman president owner director agent chief goalkeeper keeper defender
post+: midfielder striker winger forward referee physio scout doctor lawyer spokesman spokeswoman assistant
nation: english scottish welsh irish french german spanish italian portuguese dutch belgian danish swedish
nation+: norwegian finnish polish czech austrian swiss croatian serbian greek turkish russian ukrainian american
nation+: canadian mexican brazilian argentine argentinian uruguayan chilean colombian nigerian ghanaian senegalese
nation+: cameroonian ivorian egyptian moroccan algerian tunisian japanese korean chinese australian indian
nation+: hungarian romanian bulgarian slovak slovenian icelandic
competition: league cup
relative: this last next
relative: this previous next
"""


# What compares two sides is read with its sides, in a room of its own.
COMPARING = frozenset(
    word_list("""more fewer less higher lower bigger smaller larger greater longer shorter older younger heavier
    lighter faster slower better worse earlier later stronger weaker above below ahead behind""")
)


def _pairs(lines: Iterable[list[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in lines:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


def _kinds(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """The kinds of each word: two lines of one name are two kinds, a line that ends in + goes on with the last."""
    found: dict[str, set[str]] = {}
    kind = ""
    for number, line in enumerate(lines):
        name, _, words = line.partition(":")
        if not name.endswith("+"):
            kind = f"{name} {number}"
        for word in words.split():
            found.setdefault(word, set()).add(kind)
    return {word: frozenset(names) for word, names in found.items()}


OPPOSITES = _pairs([pair.split() for pair in PAIRS.split(";")])
KINDS = _kinds([*_EXCLUSIVE.strip().splitlines(), *kinds.EXCLUSIVE.strip().splitlines()])


def exclude(one: str, other: str) -> str:
    """The kind of which two different words cannot both be true, "" where they can."""
    if other in OPPOSITES.get(one, ()):
        return "opposite"
    if one == other or (one in POSTS and POSTS[one] == POSTS.get(other)):
        return ""
    shared = KINDS.get(one, frozenset()) & KINDS.get(other, frozenset())
    return min(shared).partition(" ")[0] if shared else ""

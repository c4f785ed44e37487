"""Words that exclude one another: of one group, a thing is at most one; of a pair, it is one or the other."""

from collections.abc import Iterable

from evaluations.scoring.lexicon import kinds
from evaluations.scoring.lexicon.posts import POSTS
from evaluations.scoring.text.words import word_list


def _words(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


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

_OPPOSITES = """
more fewer
more less
most fewest
most least
higher lower
twice half
double half
doubled halved
highest lowest
bigger smaller
biggest smallest
larger smaller
largest smallest
greater smaller
longer shorter
longest shortest
better worse
best worst
older younger
oldest youngest
faster slower
earlier later
earliest latest
stronger weaker
heavier lighter
richer poorer
cheaper dearer
closer further
nearer farther
wider narrower
above below
over under
before after
ahead behind
inside outside
with without
home away
hosts visitors
up down
upper lower
first last
front back
left right
opening closing
increase decrease
rise fall
rose fell
risen fallen
grew shrank
gain lose
improve worsen
win lose
won lost
victory defeat
wins defeats
winning losing
winner loser
beat lost
promoted relegated
promotion relegation
buy sell
bought sold
arrive leave
arrived left
arrival departure
join leave
joined left
stay leave
remain leave
enter leave
start finish
start end
begin end
began ended
open close
opened closed
open shut
accept reject
accepted rejected
accept refuse
accepted refused
agree refuse
agreed refused
agreed disagreed
agree disagree
allow forbid
allowed banned
allowed forbade
confirm deny
confirmed denied
admit deny
admitted denied
praise criticise
praised criticised
praised blamed
support oppose
supported opposed
approve reject
approved rejected
succeed fail
succeeded failed
managed failed
success failure
successful unsuccessful
possible impossible
able unable
likely unlikely
certain uncertain
sure unsure
fit injured
fit unfit
available unavailable
guilty innocent
convicted acquitted
alive dead
happy unhappy
lucky unlucky
pleased disappointed
satisfied dissatisfied
calm angry
easy difficult
strong weak
rich poor
early late
public private
permanent temporary
permanently temporarily
full empty
true false
right wrong
safe dangerous
legal illegal
major minor
majority minority
maximum minimum
former current
always never
often rarely
often seldom
all none
everybody nobody
everyone nobody
both neither
some none
everything nothing
because although
because despite
because though
so although
already yet
still longer
still former
option obligation
may must
could must
scored conceded
score concede
scored missed
saved scored
kept dropped
signed released
hired fired
hire fire
appointed sacked
appointed dismissed
reward punish
rewarded punished
extended shortened
delayed postponed-not
trust distrust
remembered forgot
remember forget
lend borrow
lent borrowed
left signed
sold signed
sold kept
keep sell
won drew
lost drew
won drawn
beat drew
stayed left
include exclude
included excluded
gained lost
increased decreased
increased reduced
increased fell
raised lowered
raised cut
rose dropped
climbed dropped
climbed fell
banned cleared
suspended reinstated
recovered injured
welcomed condemned
optimistic pessimistic
delighted disappointed
domestic foreign
national international
senior junior
profit loss
surplus deficit
employer employee
prosecution defence
prosecution defense
buyer seller
lender borrower
attack defence
husband wife
unanimous divided
voluntary compulsory
temporary permanent
indoor outdoor
rejected approved
lifted imposed
launched ended
expanded shrank
borrowed lent
doubled halved
double half
give receive
gave received
cause prevent
male female
men women
man woman
boy girl
boys girls
allowed disallowed
seen missed
guilty cleared
convicted cleared
upheld dismissed
upheld rejected
upheld overturned
resigned dismissed
resigned sacked
postponed abandoned
postponed cancelled
including except
including excluding
permanent loan
full part
taller smaller
taller shorter
secretly publicly
secret public
openly secretly
risen dropped
rose tumbled
rose plunged
growth decline
increase drop
increase decline
rise drop
rise decline
gains losses
forced allowed
required allowed
mandatory optional
direct indirect
strengthen weaken
plaintiff defendant
import export
imports exports
incoming outgoing
internal external
urban rural
present absent
presence absence
same different
united divided
love hate
loved hated
hope fear
hopes fears
expand shrink
helped hindered
proud ashamed
criticised defended
attacked defended
accused praised
accused cleared
hot cold
warm cold
thick thin
clean dirty
young old
modern ancient
rare common
simple complex
visible hidden
known unknown
identified unidentified
released withheld
revealed concealed
improved worsened
encourage discourage
encouraged discouraged
appeared disappeared
spent saved
paid received
defended blamed
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


OPPOSITES = _pairs(_words(_OPPOSITES))
KINDS = _kinds([*_EXCLUSIVE.strip().splitlines(), *kinds.EXCLUSIVE.strip().splitlines()])


def exclude(one: str, other: str) -> str:
    """The kind of which two different words cannot both be true, "" where they can."""
    if other in OPPOSITES.get(one, ()):
        return "opposite"
    if one == other or (one in POSTS and POSTS[one] == POSTS.get(other)):
        return ""
    shared = KINDS.get(one, frozenset()) & KINDS.get(other, frozenset())
    return min(shared).partition(" ")[0] if shared else ""

"""Verbs that have somebody who does and somebody to whom it is done, and the wordings that turn the two round."""

from evaluations.scoring.text.words import stem, word_list

# Of one line, one act. Behind the bar: wordings in which the other one does it ("lost to").
_ACTS = """
beat defeat overcome thrash hammer sink edge outclass rout trounce crush eliminate stun win victory knock|lose lost loss
sign buy acquire recruit land capture snap|
join|
sell offload|
loan lend|borrow
replace succeed substitute|
foul trip tackle fell hack upend|
sack dismiss fire axe oust|
appoint hire name install|
host entertain|visit
overtake leapfrog pass|
criticise blame slam blast attack|
praise applaud hail thank|
accuse sue charge|
arrest detain|
kill murder shoot stab injure wound|
marry divorce|
punish fine ban|
assist feed set|
lead|trail follow
outscore outbid outpace|
support back endorse|oppose
reject refuse snub|
invite ask urge tell warn|
book caution|
coach manage|
mark shadow|
save stop deny|
put|
"""


def _table() -> dict[str, tuple[str, bool]]:
    acts: dict[str, tuple[str, bool]] = {}
    for line in _ACTS.strip().splitlines():
        does, _, undergoes = line.partition("|")
        name = stem(does.split()[0])
        for word in does.split():
            acts.setdefault(stem(word), (name, False))
        for word in undergoes.split():
            acts.setdefault(stem(word), (name, True))
    return acts


# The act of each stem, and whether who stands before it is the one to whom it is done.
ACTS = _table()
ONE_AGENT = frozenset(map(stem, word_list("sign replace foul sack appoint host arrest kill book join sell")))
ONE_PATIENT = frozenset(map(stem, word_list("replace host")))
BEAT, JOIN = stem("beat"), stem("join")

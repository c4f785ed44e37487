"""Words that news desks use for one another, and irregular forms: what else counts as the same word.

A line of `_GROUPS` is one concept, whatever form its words take. It says only that they speak of the same thing, never
who did it to whom, nor whether it was done: that is read from the clause.
"""

_GROUPS = """
beat defeat overcome thrash hammer sink edge outclass overpower upset rout trounce vanquish conquer
win victory triumph victorious
lose loss losing
draw drawn tie stalemate deadlock
match game fixture contest encounter clash meeting outing duel showdown
team side club squad outfit eleven
coach manager boss gaffer trainer managerial
captain skipper armband
striker forward attacker frontman marksman
goalkeeper keeper
midfielder midfield playmaker
player footballer
referee official whistler
chairman chairwoman chair president
score net grab bag notch convert
equalise equalize equaliser equalizer level leveller
goal strike
assist tee
penalty spot pen
shot attempt effort
header headed nod
sign buy acquire recruit capture purchase snap land
join move switch arrive
transfer signing acquisition
leave depart departure exit quit walk
sell offload sale
loan lend borrow lent
fee price sum
pay spend cost splash
contract deal terms
sack dismiss fire axe oust dismissal sacking
resign resignation
appoint appointment hire name install
replace succeed successor replacement
injury injured hurt injure
knock ache
surgery operation
ban suspend suspension suspended banned
deduct dock deduction docked deducted
punish punishment penalise penalize sanction
fine fined
fan supporter follower
crowd attendance spectator onlooker turnout
stadium ground arena
season campaign
league division
cup trophy
title championship
champion crown
final finals
table standings
promote promotion promoted
relegate relegation relegated drop
training train practice
start begin beginning commence outset
end finish conclude conclusion expire
delay delayed late postpone
interval break half
stay remain
wait await
hope hopeful
want wish desire
expect expectation anticipate
believe belief think
know aware
say tell state remark add comment explain note insist claim
announce announcement reveal disclose unveil
confirm confirmation confirmed
deny denial refute reject dismissive
admit concede acknowledge
accept acceptance
complain complaint grievance
praise applaud commend laud hail
criticise criticize criticism blast slam
blame fault responsible
ask request demand urge
answer reply respond response
offer bid proposal
consider mull ponder weigh
discuss discussion talk talks negotiation negotiate
agree agreed
decide decision choose chosen opt choice
plan planned intend intention
try seek
reason cause
promise guarantee assure pledge vow
allow permit let
forbid prohibit bar prevent
help aid
increase rise grow growth climb
decrease decline fall reduce reduction cut shrink
big large huge great massive
small little tiny
quick fast rapid swift
hard difficult tough
debut bow
return comeback
lead ahead advantage front
behind trail
foul trip
booked caution yellow
substitute sub bench
photograph picture photo image
job role post position
work labour labor
money cash
compensation payoff payout
wage salary
child children kid youngster
woman women female
man men male
person people
police officer cop
kill killed death dead die
company firm business
house home
car vehicle automobile
doctor physician
country nation
city town
study research
show demonstrate indicate
find discover found
get obtain receive received
give gave given grant granted hand
make made making
take took taken
go went gone
come came
keep kept hold retain
send sent
build built
bring brought
hit struck
resume restart
arrest detain apprehend
accuse allege charge
trial court
hospital clinic
storm thunderstorm tempest
rain downpour
crash collision
world globe global worldwide
important significant crucial vital key essential
use utilise utilize employ
need require necessary
buyer purchaser
attack assault
murder homicide
weather climate
road street
pupil student
email mail
film movie
TV television
phone telephone mobile
quarrel row argue dispute spat
opponent rival
visitor guest
host hosts
last previous
damage harm
doubt uncertain unsure
ready prepared willing
honest honesty truthful truth
sure certain
enough sufficient
fail failure failed unable
manage managed
lack miss short
"""

_IRREGULAR = """
win won
beat beaten
lose lost
draw drew
buy bought
sell sold
pay paid
spend spent
leave left
say said
tell told
find found
get got gotten
give gave given
make made
take took taken
go went gone goes
come came
keep kept
hold held
send sent
build built
bring brought
know knew known
think thought
begin began begun
become became
fall fell fallen
rise rose risen
grow grew grown
choose chose chosen
see saw seen
speak spoke spoken
meet met
lead led
run ran
sit sat
stand stood
shoot shot
strike struck
break broke broken
write wrote written
drive drove driven
fly flew flown
throw threw thrown
catch caught
teach taught
feel felt
hear heard
mean meant
lend lent
wear wore worn
bear bore borne
swear swore sworn
tear tore torn
swim swam swum
sing sang sung
sink sank sunk
drink drank drunk
ring rang rung
fight fought
seek sought
sleep slept
sweep swept
weep wept
die dead death died
overcome overcame
oversee oversaw
withdraw withdrew withdrawn
forbid forbade forbidden
forget forgot forgotten
eat ate eaten
shake shook shaken
steal stole stolen
freeze froze frozen
hide hid hidden
bite bit bitten
deal dealt
build built
burn burnt
learn learnt
child children
man men
woman women
person people
foot feet
"""


def groups() -> list[list[str]]:
    """Every group of words that stand for one concept, its name first; a later group wins nothing from an earlier."""
    return [line.split() for text in (_IRREGULAR, _GROUPS) for line in text.strip().splitlines()]

"""Everyday words of reports: where a source does not have one of them, that says little."""

from evaluations.scoring.text.words import stem

_WORDS = """
able accord account achieve act action active actual add addition additional address affect age agree aim allow
alongside although amid amount answer appear approach appropriate area argue around arrive article aside ask aspect
associate assume attempt attention author available avoid aware away background base basic basis become begin behalf
behavior believe benefit beyond big bring broad build call capable care carry case cause center central certain
challenge chance change character choice choose cite claim clear close come comment common compare complete complex
concern conclude conclusion condition conduct confirm connect consequence consider contain context continue contrast
contribute control couple course cover create critical current currently deal decide decision deep define degree
deliver demand demonstrate depend describe desire despite detail determine develop difference different difficult
difficulty direct discuss discussion distinct due early ease effect effective effort element emphasis emphasize enable
encourage end engage ensure entire especially essential establish event eventual evidence evolve exact example exist
expect experience explain explore express extend extent extreme face fact factor fail fairly feature feel figure final
find focus follow follower form former forward frequent full function further future gain general get give go goal
good great ground group grow happen hard help high highlight hold hope however huge idea identify impact implication
imply important importance impossible improve incident include increase indeed indicate individual influence inform
information initial inside insight instance instead intend interest involve issue item join keep key kind know lack
large last late later latter lead leader least leave let level life light like likely line link list little live local
long longer look lose lot low main maintain major make manage manner many matter mean measure meet member mention mere
method mind moment mostly move much name nature near necessary need new next normal notable note notice number object
observe obtain occur offer often old ongoing open opportunity option order original outcome outside overall own part
participate particular pass past pay people perform perhaps period person perspective place plan play point popular
position positive possible potential power practice prefer prepare presence present prevent previous primary prior
probable problem process produce promote prompt proper propose prove provide public purpose put question quick quite
raise range rather reach react reaction read ready real reality reason receive recent recently recognize reduce refer
reflect regard regarding relate relation relatively release relevant remain remind remove repeat report represent
require respect respond response rest result return reveal review right rise role run save say search second see seek
seem sense separate series serious serve set several share shift short show side significance significant similar
simple since single situation size small sole solution sort source speak specific spend spread stand start state
statement stay step stop story strong struggle study subject such sudden suffer suggest summary support sure surround
take talk task tell tend term thing think thought throughout time together tone top total toward towards tradition
trend try turn type typical ultimate ultimately unclear understand unique use useful usual utilize value variety
various vary view want watch way well whole wide widely widespread willing wish within without word work worth write
wrong year yet additionally furthermore moreover meanwhile nevertheless nonetheless consequently therefore
specifically particularly notably interestingly unfortunately fortunately generally typically usually possibly
potentially apparently reportedly previously subsequently eventually finally initially originally simply clearly
highly largely mainly primarily strongly deeply
"""

# What such a word is worth beside one that only some reports have.
WORTH = 0.5
EVERYDAY = frozenset(filter(None, (stem(word) for word in _WORDS.split())))

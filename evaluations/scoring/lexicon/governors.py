"""What denies a thing and how firmly it is said: the words that govern a verb or what it acts on."""

from evaluations.scoring.text.words import word_list

# Each turns round what it governs; two of them turn it back.
NEGATORS = frozenset(
    word_list("""not no never without cannot neither nor none nothing nobody hardly barely rarely seldom refuse
    refused refuses refusing deny denied denies denying unable
    impossible unlikely avoid avoided avoids avoiding reject rejected rejects rejecting lack lacked
    lacks lacking prevent prevented prevents forbid forbade forbids forbidden untrue spared""")
)
# A sentence with one of these may deny without a denial.
HINTS = frozenset(
    word_list("""unsuccessfully unsuccessful evade evaded evading escape escaped disrespect difficulty difficult
    struggle struggled hard trouble instead unless only despite although stop stopped stops blocked
    block wrong false against out halt ban banned unclear whether question doubt doubts doubting deny
    reduce reduces reducing reduced error errors fail fails failed failing problem problems verify
    check ensure sure rather free empty absence end ended cease ceased""")
)
# "not only", "no. 1", "not guilty": no denial of what follows.
NOT_DENYING = frozenset(word_list("only just merely guilty 1 doubt matter wonder sooner less more all enough every"))
# What somebody turns down was made all the same: "rejected a bid of £40m" denies no bid.
TURNING_DOWN = frozenset(
    word_list("""refuse refused refuses refusing decline declined declines declining reject rejected rejects
    rejecting down""")
)
OFFERS = frozenset(
    word_list("""bid bids offer offers proposal proposals request requests approach approaches advance advances plea
    pleas appeal appeals invitation invitations application applications""")
)
# These deny only beside such a word, before or after them.
NEGATORS_BESIDE = {
    "failed": frozenset(("to",)),
    "fail": frozenset(("to",)),
    "fails": frozenset(("to",)),
    "failing": frozenset(("to",)),
    "failure": frozenset(("to",)),
    # Sales that decline deny nothing.
    "decline": frozenset(("to",)),
    "declined": frozenset(("to",)),
    "declines": frozenset(("to",)),
    "declining": frozenset(("to",)),
    "longer": frozenset(("no",)),
    "yet": frozenset(("to",)),
    "against": frozenset(("decided", "decide", "decision", "voted", "vote", "advised", "ruled", "opted", "chose")),
    "out": frozenset(("ruled", "rule", "rules", "ruling")),
    "down": frozenset(("turned", "turn", "turns", "turning")),
}
# What denies together with a word beside it is one denial, not two.
ONE_DENIAL = frozenset(("longer",))

POSSIBLE, REPORTED, CONDITIONAL, INTENDED, CERTAIN = 1, 2, 3, 4, 5
# From "may" to "did": a word gives what it governs its strength. 5 is what is said without any of these.
_BY_STRENGTH = {
    POSSIBLE: """may might could possibly perhaps maybe consider considering considers considered hope hopes hoping
    hoped danger favourite favorite favourites favorites demand demanded demands demanding urge urged urges urging
    propose proposed proposes threatened threatens threatening threaten risk risks risked interested want wanted wants
    discuss discussed discussing contemplating contemplates mulling weighing pondering exploring potentially desire
    desired attempt attempted attempting tried trying bid seeking seek""",
    REPORTED: """reportedly reported allegedly alleges alleging understood rumoured rumored expected likely probably
    supposed said seemingly presumably confident suspected believed thought tipped accused""",
    CERTAIN: "certain sure guaranteed bound definitely certainly",
    CONDITIONAL: "would",
    INTENDED: """until will shall plan plans planned planning intend intends intended promised promises promise due
    scheduled ready willing prepared aims aim 'll going set""",
}
# These say how firmly only behind "is" or "was": "is reported to", not "the paper reported".
BEHIND_BE = frozenset(
    word_list("""reported understood rumoured rumored expected supposed suspected believed thought tipped
    accused said""")
)
STRENGTHS = {word: level for level, words in _BY_STRENGTH.items() for word in words.split()}
# "He said that he would go" is "he will go", told afterwards.
SPEECH = frozenset(
    word_list("""said says say told tells added announced insisted explained stated claimed warned promised confirmed
    admitted revealed suggested thought believed argued wrote vowed pledged""")
)

"""What denies a thing and how firmly it is said: the words that govern a verb or what it acts on."""

# Each turns round what it governs; two of them turn it back.
NEGATORS = frozenset(
    """not no never without cannot neither nor none nothing nobody hardly barely rarely seldom
    fail failed fails failing refuse refused refuses refusing deny denied denies denying decline declined declines
    declining unable impossible unlikely avoid avoided avoids avoiding reject rejected rejects rejecting
    lack lacked lacks lacking prevent prevented prevents forbid forbade forbids cancelled canceled abandoned scrapped
    refusal failure untrue""".split()  # noqa: SIM905
)
# A sentence with one of these may deny without a denial.
HINTS = frozenset(
    """unsuccessfully unsuccessful evade evaded evading escape escaped disrespect difficulty difficult struggle struggled
    hard trouble instead unless only despite although stop stopped stops blocked block wrong false against out halt ban
    banned loss lost lose free empty absence end ended cease ceased """.split()  # noqa: SIM905
)
# "not only", "no. 1", "not guilty": no denial of what follows.
NOT_DENYING = frozenset("only just merely guilty 1 doubt matter wonder sooner less more".split())  # noqa: SIM905
# These deny only beside such a word, before or after them.
NEGATORS_BESIDE = {
    "longer": frozenset(("no",)),
    "yet": frozenset(("to",)),
    "against": frozenset(("decided", "decide", "decision", "voted", "vote", "advised", "ruled", "opted", "chose")),
    "out": frozenset(("ruled", "rule", "rules", "ruling")),
    "down": frozenset(("turned", "turn", "turns", "turning")),
    "instead": frozenset(("of",)),
    "rather": frozenset(("than",)),
}
# What denies together with a word beside it is one denial, not two.
ONE_DENIAL = frozenset(("longer",))

POSSIBLE, REPORTED, CONDITIONAL, INTENDED, CERTAIN = 1, 2, 3, 4, 5
# From "may" to "did": a word gives what it governs its strength. 5 is what is said without any of these.
_BY_STRENGTH = {
    POSSIBLE: """may might could possibly perhaps maybe possible potential potentially consider considering considers
    considered can hope hopes hoping hoped doubt doubtful uncertain unsure chance danger risk risks favourite favorite
    candidate linked interested want wants wanted wish wishes wished contemplating contemplates mulling weighing pondering
    wondering explore exploring discuss discussed discussing talks seek seeking seeks sought tempted fear fears feared
    threatened threatens""",
    REPORTED: """reportedly reported allegedly alleged alleges accused apparently understood rumoured rumored rumours rumors
    expected expects expect expecting likely probably supposed close seemingly presumably confident suspected
    thought believed tipped""",
    CONDITIONAL: "would",
    INTENDED: """will shall plan plans planned planning intend intends intended promised promises promise
    due scheduled ready willing prepared aims aim 'll going set""",
}
STRENGTHS = {word: level for level, words in _BY_STRENGTH.items() for word in words.split()}
# "He said that he would go" is "he will go", told afterwards.
SPEECH = frozenset(
    """said says say told tells added announced insisted explained stated claimed warned promised confirmed admitted
    revealed suggested thought believed argued wrote vowed pledged""".split()  # noqa: SIM905
)

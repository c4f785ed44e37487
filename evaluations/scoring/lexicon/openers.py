"""Words that open a clause or a sentence."""

from evaluations.scoring.text.words import word_list

CLAUSE_OPENERS = frozenset(
    word_list("but because although though while whereas after before since when who which whose where")
)
# Adverbs and the like that open a sentence with a capital and are no names.
OPENERS = frozenset(
    word_list("""meanwhile however additionally furthermore moreover overall finally therefore thus also yesterday
    today tomorrow instead besides nevertheless nonetheless elsewhere earlier later still yet indeed
    perhaps then there here according despite although while since never nobody everyone everybody
    neither both based sure note step source passage article""")
)

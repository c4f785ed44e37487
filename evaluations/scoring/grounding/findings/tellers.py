"""Who says it: reported speech that a source has from somebody else."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.governors import SPEECH
from evaluations.scoring.lexicon.posts import POSTS
from evaluations.scoring.text.words import word_list

# How much of a sentence the source's must hold to report the same speech.
SAME_SPEECH = 0.5
# How far behind a verb of speech its subject may stand, and what may stand between a subject and the verb.
BEHIND = 3
_BETWEEN = frozenset(word_list("has have had also later then once already himself herself themselves still now"))
# Papers report.
_REPORTING = frozenset(("reported", "reports", "wrote", "writes"))
# A name behind these is no subject.
_LEADING = frozenset(word_list("to with of for by and at in from on against"))


def other_tellers(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Somebody said to have said what the source has from another, whom it names beside its verb of speech."""
    for one in beside:
        if one.coverage < SAME_SPEECH:
            continue
        ours, theirs = list(_tellers(one.said)), list(_tellers(one.source))
        if any(one.same(name, other) for name in ours for other in one.source.names):
            return
        if not ours or not theirs:
            continue
        yield Finding("speaker", ours[0].start, ours[0].end, one.row)
        return


def _tellers(reading: Reading) -> Iterator[Token]:
    """The names right before a verb of speech, or behind one that opens its clause."""
    tokens = reading.tokens
    for i, token in enumerate(tokens):
        if token.word not in SPEECH and token.word not in _REPORTING:
            continue
        place = i - 1 - (i > 1 and tokens[i - 1].word in _BETWEEN)
        if place >= 0 and tokens[place].kind == NAME and not tokens[place].possessive:
            if place == 0 or tokens[place - 1].word not in _LEADING:
                yield tokens[place]
        elif i and tokens[i - 1].clause != token.clause:
            behind = tokens[i + 1 : i + 1 + BEHIND]
            yield from (other for other in behind[:1] if other.kind == NAME and not other.possessive)
            yield from (b for a, b in pairwise(behind) if a.word in POSTS and b.kind == NAME)

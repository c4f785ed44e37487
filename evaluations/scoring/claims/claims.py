"""Whether a sentence claims anything: preambles, transitions, sign-offs, questions and bare headings do not.

What is said of the writing itself ("Here is a summary in 80 words:", "The sources do not say.") can neither be found
in a source nor be made up, so it has no verdict and counts in no mean. English is read here, and every report is read
for it; the phrases of other languages are tried where a report has words of theirs.
"""

import re
from collections.abc import Sequence

from evaluations.scoring.claims.asides import is_aside, leads_on
from evaluations.scoring.claims.remarks import is_remark
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.phrasing.phrasings import Phrases
from evaluations.scoring.text.words import word_list

# An opening alone is no claim in a sentence of fewer words, or where a colon ends it.
SHORT = 9
# A line without a full stop and with no more words than this is a heading.
HEADING_WORDS, SHORT_HEADING = 6, 3
# What cannot be told is said at the beginning; further on it only qualifies a claim.
LEAD = 90

_SOURCES = (
    r"(?:passages?|sources?|articles?|contexts?|texts?|documents?|materials?|information|excerpts?|snippets?"
    r"|search results?)"
)
_ABOUT_SOURCES = (
    r"(?:the |this |these |your |all |any |none of the )?"
    rf"(?:(?:given|provided|above|following|supplied|available|locked) )*{_SOURCES}"
)
# A line with one of these tells something, however short.
_VERBS = frozenset(
    word_list("""is are was were be been has have had will would can could may won win wins lost lose loses beat
    beats drew draw draws out injured signed signs sign joined joins left leaves sacked scored scores
    said says not no non never returned returns a""")
)
_MARKS = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")

_OPENINGS = re.compile(
    r"(?:(?:sure|certainly|of course|absolutely|okay|ok|alright|great|good (?:morning|afternoon|evening|day)|hello|hi"
    r"|welcome|dear)\b"
    r"|(?:here(?:'s| is| are| comes?| goes| follows?)|below(?: is| are|,| you)|the following|as follows|what follows"
    r"|this is (?:the|a|my|your)|these are|let(?:'s| us| me)|now (?:to|for|on to)|next up|first up|moving on"
    r"|turning to"
    r"|on to|over to|in (?:this|today's) (?:report|summary|roundup|edition|issue|newsletter)|in other news"
    r"|in (?:summary|short|brief|conclusion|sum)|to (?:sum up|summari[sz]e|conclude)|overall|finally|meanwhile"
    r"|elsewhere"
    r"|i(?:'ve| have|'ll| will| can| would)|we(?:'ll| will| begin| start| turn)|my answer"
    r"|therefore|thus|so|then|also|additionally|alternatively|note|and|but|more (?:below|soon|next|to come))\b"
    rf"|(?:based on|according to|from|using|given|as per|per) {_ABOUT_SOURCES})"
)
_PREAMBLE = re.compile(
    r"(?:(?:sure|certainly|of course|absolutely|okay|great)\b[^.:]{0,20}?[,!.:]? ?)?"
    r"(?:here(?:'s| is| are)|below (?:is|are)|this is|the following is|what follows is|i(?:'ve"
    r"| have) (?:written|prepared|summari[sz]ed))"
    r" (?:a|an|the|my|your|some|how)?.{0,40}?\b(?:summary|summari[sz]|report|overview|roundup|round-up|answer"
    r"|response|guide|brief"
    r"|list|steps|points|attempt|digest|recap|article|rundown)\b[^.:]*[:.]?$"
    rf"|{_ABOUT_SOURCES}(?: alone)?,? (?:here|the (?:correct )?answer|i |we ).{{0,160}}:$"
)
_SIGN_OFF = re.compile(
    r"(?:let me know|(?:i )?hope (?:this|that|it|you)|feel free|please (?:let me|feel free|note that (?:this"
    r"|the above|i)|contact|ask)"
    r"|if you (?:have|need|want|would like|'d like) .{0,60}(?:let me know|feel free|please ask|just ask|happy to)"
    r"|thank(?:s| you)\b(?! to\b)|stay tuned|tune in"
    r"|that(?:'s| is) (?:all|it)(?: (?:for|the news|there is|folks|from)\b.*)?\W*$|until next time|see you|enjoy\b"
    r"|happy reading|is there anything"
    r"|(?:we|i) look forward to|do not hesitate|don't hesitate|i(?:'m| am) happy to)"
)
_CANNOT_SAY = re.compile(
    r"unable to (?:answer|provide|determine|give|find|say|tell)"
    r"|\b(?:i|we)(?:'m| am| are)? ?(?:cannot|can't|can not|could not|couldn't|unable to|not able to|do not have"
    r"|don't have|am unable to)"
    r" .{0,40}?\b(?:answer|provide|determine|give|say|tell|find|information|guidance|access)"
    rf"|{_SOURCES}(?: (?:\d+|alone|above|provided|given))* (?:do(?:es)?(?: not|n't)|did(?: not|n't)|say nothing"
    rf"|contains? no|provides? no|gives? no|makes? no|offers? no)"
    rf"|(?:no|none of the|neither(?: of the)?) (?:given |provided |further |other |specific "
    rf"|additional )*{_SOURCES}.{{0,40}}?(?:available|provided?|provides?|given|mentions?|mentioned"
    rf"|address(?:es)?|contains?|says?|offers?|explains?|about)"
    r"|(?:is|are|was|were) not (?:mentioned|stated|specified|given|provided|discussed|addressed"
    r"|covered)(?: explicitly)? (?:in|by) (?:the|any)"
    r"|not enough information|insufficient information|without (?:additional|further|more) (?:information|context)"
)
_POINTER = re.compile(
    rf"[(\[]?(?:(?:ref(?:erence)?s?|sources?)\W+)?(?:see )?{_SOURCES}(?: (?:no\.? ?)?\d+(?:(?:,| and"
    rf"| &) ?\d+)*)?[)\]]?[:.]?$"
    r"|(?:read|see|find|click) (?:more|below|above|here|also)\b.*$|more (?:below|soon|to come|on this).{0,20}$"
)
_SAYS_SO = re.compile(
    r"(?:therefore,? )?(?:based on [^,]{0,60}, )?(?:the|my) (?:correct |brief |short )?(?:answer|answers|steps"
    r"|question|summary) (?:to .{0,200} )?"
    r"(?:is|are|would be|(?:is|are) as follows)\W*$|.{0,80}\b(?:as follows|these steps"
    r"|the following(?: \w+){0,2}|i would answer .{0,40})\W*$"
)
# A line that ends with a colon and only says what follows: "Here are the steps to find Ann:". What it leads to is
# judged by itself.
_SHOWS = re.compile(
    r"(?:(?:therefore|so|thus|now|in (?:conclusion|summary|short)),? +)?"
    r"(?:here(?:'s| is| are)|below(?: is| are)|the following(?: is| are)?|these are)\b[^.;:]*:$"
)
# The same where a number would make it a claim: "The meaning of the name Ann is:".
_LEADS_UP = re.compile(
    r"(?:(?:therefore|so|thus|now|in (?:conclusion|summary|short)),? +)?"
    r"(?:(?:the|some|its|his|her|their|our) [^.;:]* (?:is|are|was|were|includes?)"
    r"|[^.;:]*\b(?:follow|take|try|use|need|in|are) (?:these|the following|several|some|many|two|three|four|five)"
    r" (?:\w+ )?(?:steps|ways|methods|things|tips|options))\W*:$"
)


def announces(text: str, facts: tuple[Fact, ...], phrases: Sequence[Phrases] = ()) -> bool:
    """Whether a sentence, given without where it has it from, only says what follows."""
    if not text.rstrip().endswith(":"):
        return False
    said = _without_marks(text)
    if _SHOWS.match(said) or (all(fact.kind in ("name", "quote") for fact in facts) and _LEADS_UP.match(said)):
        return True
    return any(leads_on(one, said, facts) for one in phrases)


def _without_marks(text: str) -> str:
    """A sentence in small letters and without the marks that open it."""
    return _SPACES.sub(" ", text.replace("\u2060", "").replace("’", "'")).strip().casefold().lstrip("\"'“‘«¡¿(* ")


def claims_nothing(text: str, facts: tuple[Fact, ...], phrases: Sequence[Phrases] = ()) -> bool:
    """Whether a sentence, given without marks, says nothing that a source could hold or contradict; `phrases` are
    those of the languages of its report.

    A number, date or name (other than of the writing itself: "in 80 words") makes a short line a claim.
    """
    plain = _without_marks(text)
    words = len(_MARKS.sub(" ", plain).split())
    if _PREAMBLE.match(plain) or _SIGN_OFF.match(plain) or _CANNOT_SAY.search(plain, 0, LEAD) or _POINTER.match(plain):
        return True
    if _SAYS_SO.match(plain) and plain.endswith((":", "follows.")):
        return True
    if is_remark(plain) and all(fact.kind == "name" for fact in facts):
        return True
    if any(is_aside(one, plain, facts, words) for one in phrases):
        return True
    if facts:
        return False
    if plain.endswith("?"):
        return True
    if _OPENINGS.match(plain) and (plain.endswith(":") or (words < SHORT and _is_remark(plain, words))):
        return True
    return _is_heading(text.strip(), plain, words, phrases)


def _is_heading(text: str, said: str, words: int, phrases: Sequence[Phrases]) -> bool:
    """Whether a line without a full stop only says what follows: "Results", "Transfer News", "In other leagues:"."""
    if said[-1:] in ".!?…" or words > HEADING_WORDS:
        return False
    if any(not verbs.isdisjoint(_MARKS.sub(" ", said).split()) for verbs in (_VERBS, *(one.verbs for one in phrases))):
        return False
    capitals = [word[0].isupper() for word in text.split() if word[0].isalpha() and len(word) > 3]
    return said.endswith(":") or words <= SHORT_HEADING or (bool(capitals) and all(capitals))


def _is_remark(plain: str, words: int) -> bool:
    """Whether an opening is all there is: "Sure!", "Now to the transfers.", not "Overall, it was a good week." """
    return words <= 3 or bool(_ONLY_OPENING.match(plain))


_ONLY_OPENING = re.compile(
    r"(?:now (?:to|for|on to)|next up|first up|moving on|turning to|on to|over to|here(?:'s| is| are)|let(?:'s"
    r"| us| me)|sure|certainly"
    r"|of course|below|welcome|hello|hi\b|dear|in other news)"
)

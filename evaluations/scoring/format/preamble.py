"""Whether a first line speaks of the answer instead of giving it: "Sure!", "Below is your weekly report." """

import re

from evaluations.scoring.phrasing.phrasings import phrases_in

_LONGEST = 60  # words

# What an answer calls itself.
_ANSWER = (
    r"(?:reports?|summar(?:y|ies)|responses?|answers?|articles?|overviews?|updates?|versions?|drafts?"
    r"|round-?ups?|digests?"
    r"|analys[ie]s|breakdowns?|lists?|texts?|newsletters?|briefings?|briefs?|write-?ups?|recaps?|previews?"
    r"|stor(?:y|ies))"
)
_YES = (
    r"(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great|alright|all right|got it|understood"
    r"|no problem|gladly"
    r"|with pleasure|happy to help|great question|good question)"
)
_HELLO = r"(?:hello|hi|hey|greetings|dear|good (?:morning|afternoon|evening|day))"
_HERE = (
    r"(?:here(?:'s| is| are| you (?:go|are)|with|in)|below(?: is| are| you(?:'ll| will)? (?:will )?find|,)"
    r"|attached (?:is|are)"
    r"|the following(?: is| are)?|what follows(?: is)?|this is|please find|as (?:you )?requested|as (?:you )?asked"
    r"|i(?:'ve| have| am| was|'m|'ll| will| can|'d)(?: be)? ?(?:now |just |happily |happy to |glad to "
    r"|pleased to |able to |going to )*"
    r"(?:prepared|written|compiled|drafted|put together|created|summari[sz]ed|write|provide|present|help"
    r"|summari[sz]e|prepare|give)"
    r"|let me|based on (?:the|your|these|this)|using (?:the|your) (?:sources|context|material|provided)"
    r"|according to your (?:request|format))"
)
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")
# "Sure!" or "Of course, …"; but neither "Great Barr, …" nor "Certainly the best".
_INTERJECTION = re.compile(rf"{_YES}(?:[!.:]|[,–—-](?=\s)|,? (?:i can|i'd|i will|i'll|let me|here)\b)")
_GREETING = re.compile(
    rf"{_HELLO}(?: there| again)?(?:[!,]| (?:reader|readers|editor|editors|user|all|everyone|team)\b)"
)
_ANNOUNCES = re.compile(rf"{_HERE}\b(?=[^\n]{{0,160}}\b{_ANSWER}\b)[^\n]{{0,300}}[.:!]?$")
_LEADS_ON = re.compile(rf"{_HERE}\b[^\n]{{0,200}}:$")


def is_preamble(line: str) -> bool:
    """Whether a line, which stands first, is spoken to whoever asked and not part of what was asked for."""
    said = line.translate(_APOSTROPHES).strip().lstrip('*_#>"“¡ ').rstrip("*_ ").casefold()
    if len(said.split()) > _LONGEST:
        return bool(_INTERJECTION.match(said)) or any(one.agrees.match(said) for one in phrases_in(said))
    first_sentence = re.split(r"(?<=[.!?])\s", said, maxsplit=1)[0]
    prefaces = (one.preface for one in phrases_in(said))
    return any(
        pattern.match(text)
        for pattern in (_INTERJECTION, _GREETING, _ANNOUNCES, _LEADS_ON, *prefaces)
        for text in (said, first_sentence)
    )

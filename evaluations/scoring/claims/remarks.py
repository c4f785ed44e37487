"""Short remarks on the writing or to the reader, in English: whole sentences that claim nothing."""

import re

_WRITING = (
    r"(?:sources?|articles?|texts?|passages?|report|summary|week|day|news|story|matter|situation|things|it|all this)"
)
_ADO = r"(?:good|great|excellent|fair|interesting|nice|important|fascinating|tricky|thoughtful)"
_REMARK = re.compile(
    r"(?:(?:so|and|well|okay|ok|now|right),? )?(?:"
    rf"(?:what an? |that(?:'s| is| was) an? |this is an? |an? )?(?:very |really )?{_ADO} (?:question|point|topic)"
    r"(?:,| to | and | about ).{0,30}"
    rf"|(?:what an? |that(?:'s| is| was) an? |this is an? |an? )?(?:very |really )?{_ADO} (?:question|point|topic)"
    r"|th(?:is|at)(?:'s| is) (?:the (?:gist|essence|short version|long version|long and short|bottom line|sum|upshot"
    rf"|big picture|whole story)|a wrap|it in short)(?: of (?:the |this |that )?{_WRITING})?"
    rf"|th(?:is|at) is what the {_WRITING} (?:says?|tells?(?: us)?)"
    rf"|th(?:is|at) (?:(?:about )?sums (?:it|things|everything) up|sums up (?:the |this )?{_WRITING}"
    rf"|covers (?:it|everything|the (?:main |key |big )?(?:points|stories|news|facts)(?: of the {_WRITING})?))"
    r"|(?:these|those) (?:are|were) the (?:key|main|big|most important) (?:points|stories|facts|takeaways|headlines"
    r"|details)(?: of .{0,30})?"
    r"|in a nutshell|(?:happy|glad|pleased) (?:to help|you asked|to hear it)|understood|got it|no problem|noted|will do"
    r"|sure thing|read on(?: .{0,40})?|without further ado.{0,80}|now,? on to .{0,40}|on to .{0,40}"
    r"|with that (?:said|in mind|out of the way),? let.{0,60}"
    r"|as (?:requested|promised|asked|you asked),? .{0,80}\b(?:here|below|following|summary|report|overview)\b.{0,60}"
    r"|as an? (?:ai|large)?[ -]?(?:language )?(?:model|assistant)\b.{0,160}"
    r"|i(?:'ve| have) (?:tried|kept|aimed|limited|based|used|left) .{0,100}"
    r")[\s.!:…)\"'”]*"
)


def is_remark(said: str) -> bool:
    """Whether a sentence, in small letters, is no more than a remark: "Good question.", "That is the gist of it." """
    return bool(_REMARK.fullmatch(said))

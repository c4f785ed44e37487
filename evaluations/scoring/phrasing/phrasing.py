"""How a language speaks of the writing itself and of its sources, as one record of phrases."""

import re
from dataclasses import dataclass

BLANK = r"(?:[^\S\n]++)"
# Within a clause: without a digit, which would be a fact, or with any.
_SHORT_GAP, _LONG_GAP = r"[^.:;!?\d\n]{0,60}?", r"[^.:;!?\n]{0,80}?"
_NUMBERS = (
    rf"{BLANK}(?:n[.º°or]{{1,2}}[ ]?|#)?\d{{1,2}}"
    r"(?:(?:,[ ]?|[ ]?[–-][ ]?|[ ](?:und|bis|oder|y|o|al?|et|ou|à|e|&)[ ])\d{1,2}){0,9}(?![\w%]|[.,]\d)"
)
# What is named as such ends its clause there: "the documents," but not "the documents that he signed".
ENDS = r"(?=[^\S\n]*(?:[,.;:!)\]\n]|\Z))"
_RELATIVE = rf",{BLANK}(?:que|qui|dont|che|cui|die|der|das|den|dem|deren|dessen)(?!\w)"
_SLOT = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The phrases of one language, in small letters.

    They stand with " / " between them, in plain regular expressions: parentheses hold alternatives, "?" makes a letter
    or parentheses optional, "…" is up to sixty characters of a clause without a digit, "~" up to eighty with any,
    <name> another field, <source> and <subject> the material as such, behind a preposition and before a verb.

    Words: `yes` and `hello` open an answer, `links` join sentences, `writing` is what an answer calls itself, `length`
    how long that is, `here` what shows it. `material` is what it calls its sources, `the` and `given` what stands
    around that word (`behind`: also after it), `loose` what is no source without, `more` what makes another thing of
    it ("the documents of the police"); `tells` is what sources do, perhaps `also`, with `that` behind. `steps` and
    `labels` have numbers for names. `verbs` make a line without a full stop tell something.
    Beginnings: `answers` show what follows as `here` and `writing` do, `sign_offs` speak to the reader, `turns` only
    lead over, `shows` do so in a line that ends with a colon. Ends of such lines: `follows`, and `are` behind a thing.
    Whole sentences: `remarks`. Near the beginning: `refusals`, each with a word of `denies`; behind a
    comma `said` makes all of these somebody's words. Anywhere: `according`,
    which stands before sources, and `sourcing`, other ways to name them.
    """

    code: str
    yes: str
    hello: str
    links: str
    writing: str
    length: str
    here: str
    answers: str
    turns: str
    shows: str
    follows: str
    are: str
    remarks: str
    sign_offs: str
    material: str
    loose: str
    the: str
    given: str
    more: str
    behind: bool
    tells: str
    also: str
    that: str
    according: str
    sourcing: str
    said: str
    denies: str
    refusals: str
    steps: str
    labels: str
    verbs: str

    def pattern(self, rows: str) -> str:
        """Phrases as one pattern."""
        return f"(?:{'|'.join(map(self._phrase, alternatives(rows)))})"

    def source(self) -> str:
        """The sources as such, behind a preposition: "the passages provided", "passage 2", "the article,"."""
        the, noun, given = self.articles(), self.pattern(self.material), self.pattern(self.given)
        before, behind = f"(?:{given}{BLANK})", f"(?:{BLANK}{given})" if self.behind else "(?!)"
        any_noun = f"(?:{noun}|{self.pattern(self.loose)})"
        return (
            rf"(?:{the}?(?:{before}*{noun}{behind}*{_NUMBERS}|{before}+{any_noun}|{any_noun}{behind}){behind}*"
            rf"|{the}{noun}{ENDS if self.behind else ''})(?!\w)(?!{BLANK}{self.pattern(self.more)}(?!\w)|{_RELATIVE})"
        )

    def subject(self) -> str:
        """The sources as such, before a verb: "the article", "passage 2"."""
        the, noun, given = self.articles(), self.pattern(self.material), self.pattern(self.given)
        behind, loose = f"(?:{BLANK}{given})" if self.behind else "(?!)", self.pattern(self.loose)
        given_loose = rf"(?:(?:{given}{BLANK})+{loose}|{loose}{behind}+)"
        named = rf"(?:{given}{BLANK})*{noun}{behind}*(?:{_NUMBERS})?"
        return rf"(?:{the}(?:{named}|{given_loose})|{noun}{_NUMBERS})"

    def numbered(self, *fields: str) -> str:
        """What bears a number, with its numbers, which are a group."""
        return f"(?:{'|'.join(self.pattern(getattr(self, field)) for field in fields)})({_NUMBERS})"

    def articles(self) -> str:
        """Words that stand before a noun, each with the blank behind it."""
        forms = (form if form.endswith("'") else f"{form} " for form in alternatives(self.the))
        return f"(?:{'|'.join(forms)})".replace("'", "['’]").replace(" ", BLANK)

    def _phrase(self, row: str) -> str:
        row = re.sub(r"\((?!\?)", "(?:", row).replace("'", "['’]").replace("ß", "(?:ß|ss)").replace(" ", BLANK)
        return _SLOT.sub(self._slot, row.replace("…", _SHORT_GAP).replace("~", _LONG_GAP))

    def _slot(self, match: re.Match[str]) -> str:
        match match[1]:
            case "source":
                return self.source()
            case "subject":
                return self.subject()
            case name:
                return self.pattern(getattr(self, name))


def alternatives(rows: str) -> list[str]:
    """The phrases of a field, in order; a line that begins with | goes on with the one before it."""
    return " ".join(re.sub(r"\n\s*(?=\|)", "", rows).split()).split(" / ")

"""The two models that break rules: one ignores the form, one adds what no source says."""

import re
from dataclasses import replace

from .desk import Desk, Room
from .dice import Dice
from .forms import Form
from .reading import Assignment
from .reports import Habits, phrase, sections_of, write_report

OPENINGS = (
    "Sure! Here is what I found when I went through the search results, in my own order.",
    "Right, let me walk you through it. There is a lot here, so I will tell it as it comes.",
    "Good question. I read everything you gave me, and this is the gist of it.",
)
JOINTS = ("There is more.", "Next one.", "And so that nobody misses it:", "Worth knowing:", "On we go.")
ENDINGS = ("Hope that helps!", "That is about it.", "Let me know if you want more detail.")


def write_freely(assignment: Assignment, dice: Dice) -> str:
    """Flowing paragraphs with a greeting and a farewell, whatever form was asked for."""
    desk = Desk(assignment, dice)
    headings = [section.heading for section in sections_of(assignment)]
    order = sorted(headings, key=lambda _: dice.below(1000))
    paragraphs = [dice.pick(OPENINGS)]
    for heading in order:
        chosen = desk.choose(heading, Room(words=70, most_words=110))
        texts = [phrase(one, desk, Habits(attributes=3), dice) for one in chosen]
        if texts:
            paragraphs.append(" ".join([dice.pick(JOINTS), *texts]))
    return "\n\n".join([*paragraphs, dice.pick(ENDINGS)])


STARTS = ("Bral", "Quor", "Thev", "Mord", "Zeph", "Ostr", "Ulb", "Drav", "Kest", "Jorv", "Nisk", "Wrel")
ENDS = ("mund", "anek", "issard", "owen", "eloth", "atzky", "ervin", "aldo", "imber", "oskar", "ustin", "abeck")
FIRST_NAMES = ("Tiber", "Lando", "Osric", "Matteus", "Yorick", "Caspian", "Evander", "Leopold")
SUFFIXES = ("Sporting", "Olympic", "Dynamo", "Racing")
CLAIMS = (
    "{person} is understood to be close to a £{fee}m move to {club}.",
    "{club} have agreed terms with {person} until 20{year}, with a fee of £{fee}m mentioned.",
    "{person} scored {goals} goals in {games} appearances for {club} this year.",
    "{club} drew a crowd of {crowd} for their {score} win, in which {person} was the best player.",
    "{person} told reporters that {club} would spend £{fee}m before the year is out.",
)
MONTHS = (
    "January|February|March|April|June|July|August|September|October|November|December|"
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|According"
)


def write_inventively(assignment: Assignment, dice: Dice) -> str:
    """A report in the required form in which some sentences, names and numbers are made up."""
    tighter = replace(assignment, form=_with_space(assignment.form))
    honest = write_report(tighter, Habits(fullness=0.5, attributes=0), dice)
    known = "\n".join(source.text for source in assignment.sources)
    return "\n".join(_tamper_with(line, number, known, dice) for number, line in enumerate(honest.split("\n")))


def _with_space(form: Form) -> Form:
    """The form with room left in each section for one invented sentence."""
    sections = (replace(one, max_words=max(one.max_words - 20, 10)) if one.max_words else one for one in form.sections)
    return replace(form, sections=tuple(sections))


def _tamper_with(line: str, number: int, known: str, dice: Dice) -> str:
    if not line or line.startswith("#"):
        return line
    if not line.startswith("- "):
        return f"{bend(line, known, dice)} {claim(known, dice)}"
    if number % 3 == 0:
        return f"- {claim(known, dice)}"
    return bend(line, known, dice) if number % 3 == 1 else line


def claim(known: str, dice: Dice) -> str:
    """A sentence about people and clubs that the sources do not know."""
    return dice.pick(CLAIMS).format(
        person=f"{dice.pick(FIRST_NAMES)} {invented_name(known, dice)}",
        club=f"{invented_name(known, dice)} {dice.pick(SUFFIXES)}",
        fee=f"{10 + dice.below(60)}.{1 + dice.below(9)}",
        year=31 + dice.below(7),
        goals=17 + dice.below(30),
        games=51 + dice.below(20),
        crowd=f"{61 + dice.below(30)},{100 + dice.below(900)}",
        score=f"{6 + dice.below(3)}-{dice.below(5)}",
    )


def invented_name(known: str, dice: Dice) -> str:
    """A surname that the sources do not hold."""
    names = [start + end for start in STARTS for end in ENDS]
    return dice.pick([name for name in names if name not in known] or ["Nobodaddy"])


def bend(line: str, known: str, dice: Dice) -> str:
    """A line with its first amount or score changed, and one of its names."""
    changed = re.sub(
        r"(?<=£)\d+|\d+(?=-\d)|\b\d+(?= (?:goals|points|matches))",
        lambda found: str(int(found[0]) + 3 + dice.below(20)),
        line,
        count=1,
    )
    names = re.findall(rf"(?<=[a-z,] )(?!{MONTHS})[A-Z][a-z]{{3,}}(?: [A-Z][a-z]{{3,}})?", changed)
    return (
        changed.replace(dice.pick(names), f"{dice.pick(FIRST_NAMES)} {invented_name(known, dice)}", 1)
        if names
        else changed
    )

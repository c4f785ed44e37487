"""Where the words that somebody searched for stand: a few words of a source's title or of a report around them."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluations.models import Report, Run, Source
from evaluations.models.folding import fold

AROUND = 70  # characters on either side
LONGEST_READ = 60_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words as they are written there, what stands around them, and whose words they are."""

    before: str
    words: str
    after: str
    model: str = ""  # "" for a source's title


def excerpts(runs: Iterable[Run], told: Iterable[int], words: str) -> dict[int, Excerpt]:
    """An excerpt for each run that has the words: of a report where everybody may know who wrote it, else of a title.

    Two questions, however many runs there are.
    """
    folded = fold(words)
    contexts = {run.pk: run.context_id for run in runs}
    titles = dict(
        Source.objects.filter(context__in=set(contexts.values()), title__folded__contains=folded)
        .order_by("-rank")
        .values_list("context", "title")
    )
    found = {pk: excerpt(titles[context], folded) for pk, context in contexts.items() if context in titles}
    reports = Report.objects.readable().filter(entry__run__in=list(told), text__folded__contains=folded)
    for run, name, text in reports.order_by("-entry__position").values_list("entry__run", "entry__name", "text"):
        found[run] = excerpt(text, folded, name)
    return {pk: one for pk, one in found.items() if one}


def excerpt(text: str, folded: str, model: str = "") -> Excerpt | None:
    """The first place of the words in a text; None where they are not in it as one piece."""
    plain, places = folded_with_places(text[:LONGEST_READ])
    at = plain.find(folded)
    if at < 0 or not folded:
        return None
    start, end = places[at], places[at + len(folded) - 1] + 1
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "… " + before.partition(" ")[2]
    if end + AROUND < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Excerpt(as_line(before), text[start:end], as_line(after), model)


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text as search compares it, and for each of its characters where it comes from."""
    pieces = [fold(character) for character in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


def as_line(text: str) -> str:
    """Some words on one line, without the marks of Markdown, keeping a space at either end."""
    bare = text.translate(str.maketrans("", "", "*_#`|>"))
    words = " ".join(bare.split())
    return f"{' ' if bare[:1].isspace() else ''}{words}{' ' if bare[-1:].isspace() and words else ''}"

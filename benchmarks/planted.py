"""Planted citations and quotations, and how many of their verdicts are right: `make bench-planted`.

Texts are made when it runs, from the sources in ../shared/data: sentences of the sources with a citation planted in
one of eight forms, and quotations that the sources give to somebody, planted word for word, altered, invented, or in
another's mouth. What is right is known by how they were made; the scorers are not asked.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.scores.data import DATA, Result, Row, rows  # noqa: E402
from evaluations.scoring.context.index import ContextIndex, index_context  # noqa: E402
from evaluations.scoring.scores import score_report  # noqa: E402

CITATIONS, QUOTATIONS = 600, 400
_OUTLETS = (
    "Northern Ledger", "Harbour Gazette", "Vale Tribune", "Metro Dispatch", "Coastline News", "Summit Herald",
    "Riverside Post", "The Daily Lantern", "Orchard Weekly", "Granite Times", "Kestrel Sport", "Old Town Observer",
    "Beacon Radio", "The Meridian", "Alder Press", "Fenwick Journal",
)  # fmt: skip
_ABSENT_OUTLETS = ("Copper Bay Chronicle", "The Saltmarsh Mail", "Juniper Wire", "The Halcyon Echo")
FORMS = ("inline link", "bare address", "autolink", "reference link", "[n]", "footnote", "according to", "reported")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PlantedCase:
    """A report with one thing planted: where, and the verdict that is right."""

    context: Any
    report: str
    start: int
    end: int
    form: str
    verdict: str
    speaker: str | None = None


# Citations


def sources_of(row: Row, chance: random.Random) -> list[Row]:
    """The sources of a row as a lock would hold them, each with an outlet and an address of its own."""
    outlets = chance.sample(_OUTLETS, min(len(_OUTLETS), len(row["context"])))
    return [
        {
            "rank": rank,
            "kind": "news",
            "title": source["title"],
            "url": f"https://www.{re.sub('[^a-z]', '', outlet.lower())}.example/{chance.randrange(10**6)}/story-{rank}",
            "publisher": outlet,
            "published": "2026-11-20",
            "queries": [1],
            "snippets": [],
            "text": source["text"],
        }
        for rank, (source, outlet) in enumerate(zip(row["context"], outlets, strict=False), 1)
    ]


def has_several_sources(context: Any) -> bool:
    """Whether a context is a list of several sources."""
    return isinstance(context, list) and len(context) > 1 and isinstance(context[0], dict)


def text_of(context: Any) -> str:
    """The text of a context of one article."""
    return context if isinstance(context, str) else str(context[0]["text"])


def sentences_of(text: str) -> list[str]:
    """Plain sentences of some length: no marks, no quotation, no bracket, no address."""
    found = _SENTENCE.split(" ".join(text.split()))
    return [
        s
        for s in found
        if not re.search(r" (?:[A-Z][a-z]{0,3}|[A-Z.]+)\.$", s)
        and 9 <= len(s.split()) <= 34
        and s[0].isupper()
        and re.fullmatch(r"[\w ,.'’%$£€-]+\.", s)
    ]


def overlap(sentence: str, text: str) -> float:
    """The share of a sentence's longer words that another text has too."""
    said = {word.lower() for word in _WORDS.findall(sentence) if len(word) > 4}
    return len(said & {word.lower() for word in _WORDS.findall(text)}) / len(said) if said else 1.0


def cite(sentence: str, source: Row | None, number: int, form: str, chance: random.Random) -> tuple[str, int, int, str]:
    """A sentence with its citation, the place of it, and what goes to the end of the report."""
    stop = sentence.rstrip(".")
    address = source["url"] if source else f"https://www.elsewhere.example/{chance.randrange(10**6)}"
    outlet = source["publisher"] if source else chance.choice(_ABSENT_OUTLETS)
    named = outlet if outlet.startswith("The ") else chance.choice([outlet, f"the {outlet}"])
    small = f"{sentence[0].lower()}{sentence[1:]}"
    behind = ""
    match form:
        case "inline link":
            mark = f"[{chance.choice([outlet, 'source', 'report', 'read more'])}]({address})"
            text = chance.choice([f"{stop} ({mark}).", f"{stop}, {mark}.", f"{sentence} {mark}"])
        case "bare address":
            mark, text = (
                address,
                chance.choice([f"{stop} ({address}).", f"{sentence} {address}", f"{sentence} Source: {address}"]),
            )
        case "autolink":
            mark = f"<{address}>"
            text = chance.choice([f"{stop} {mark}.", f"{sentence} {mark}"])
        case "reference link":
            mark = chance.choice([f"[{outlet}][r1]", f"[{outlet}]"])
            text, behind = f"{stop} ({mark}).", f"[{'r1' if 'r1' in mark else outlet}]: {address}"
        case "[n]":
            mark = chance.choice([f"[{number}]", f"[Source {number}]"])
            text = chance.choice([f"{stop} {mark}.", f"{sentence} {mark}", f"{sentence}{mark}"])
        case "footnote":
            label = chance.choice([str(chance.randint(1, 9)), "note"])
            mark, note = f"[^{label}]", chance.choice([address, f"{outlet}, {address}"])
            text, behind = chance.choice([f"{stop}{mark}.", f"{sentence}{mark}"]), f"[^{label}]: {note}"
        case "according to":
            mark = f"ccording to {named}"
            text = chance.choice([f"A{mark}, {small}", f"{stop}, a{mark}."])
        case _:
            mark = outlet.removeprefix("The ")
            verb = chance.choice(["reported", "wrote", "has reported", "reports"])
            opening = named[0].upper() + named[1:]
            text = chance.choice([f"{opening} {verb} that {small}", f"{stop}, {named} {verb}."])
    start = text.index(mark)
    return text, start, start + len(mark), behind


def planted_citations(seed: int = 7) -> Iterator[PlantedCase]:
    """Citations in every form: half of them right, the others to another source or to none of the lock."""
    chance = random.Random(seed)
    data = [row for row in [*rows("mtrag"), *rows("ragtruth")] if has_several_sources(row["context"])]
    for number in range(CITATIONS):
        form, verdict = (
            FORMS[number % len(FORMS)],
            ("supported", "wrong_source", "supported", "outside")[number // len(FORMS) % 4],
        )
        while (found := _citation(chance.choice(data), form, verdict, chance)) is None:
            pass
        yield found


def _citation(row: Row, form: str, verdict: str, chance: random.Random) -> PlantedCase | None:
    sources = sources_of(row, chance)
    place = chance.randrange(len(sources))
    own = sentences_of(sources[place]["text"])
    others = [i for i in range(len(sources)) if i != place]
    if not own or not others:
        return None
    sentence, wrong = chance.choice(own), chance.choice(others)
    everything = f"{sources[wrong]['title']} {sources[wrong]['text']}"
    if verdict == "wrong_source" and overlap(sentence, everything) > 0.6:
        return None
    cited = {"supported": place, "wrong_source": wrong}.get(verdict)
    number = len(sources) + chance.randint(1, 5) if cited is None else cited + 1
    text, start, end, behind = cite(sentence, None if cited is None else sources[cited], number, form, chance)
    around = [s for s in own if s != sentence]
    before = f"{chance.choice(around)} " if around and chance.random() < 0.6 else ""
    after = f" {chance.choice(around)}" if around and chance.random() < 0.4 else ""
    report = f"{before}{text}{after}" + (f"\n\n{behind}" if behind else "")
    return PlantedCase({"schema": 1, "sources": sources}, report, start + len(before), end + len(before), form, verdict)


# Quotations

_MARKS = ("“{}”", "‘{}’", '"{}"', "«{}»", "„{}“", "'{}'")
_NAME = r"((?:[A-Z][a-z]+(?:-[A-Z][a-z]+)? )?[A-Z][a-z]{3,}(?:-[A-Z][a-z]+)?)"
_SAY = r"(?:said|says|added|told|explained|wrote)"
_QUOTED = r"[\"“]([^\"“”\n]{30,260}?)[,?!][\"”]"
_BEHIND = re.compile(rf"{_QUOTED},? {_SAY} {_NAME}(?=[,.])")
_SUBJECT = re.compile(rf"{_QUOTED},? (?:[A-Za-z.'-]+ ){{0,5}}?{_NAME} {_SAY}(?= |\.|,)")
_AHEAD = re.compile(rf"(?<=[.!?] ){_NAME} (?:said|says|added|told \w+)[,:] [\"“]([^\"“”\n]{{30,260}}?)[.?!]?[\"”]")
_NO_NAMES = frozenset(
    ("President", "Sheriff", "Police", "Mayor", "Judge", "Senator", "Secretary", "Officials", "Authorities", "Captain",
     "General", "CNN")
)  # fmt: skip
_STRANGERS = ("Marta Kellner", "Oskar Brandvold", "Ines Quintero", "Tobias Farrow", "Lena Abara")
_FRAMES = (
    "{q}, said {n}.",
    "{q}, {n} said.",
    "{n} said: {Q}",
    "{n} told reporters: {Q}",
    "{q}, {n} told reporters.",
    "According to {n}, {q}.",
    "{q}, insisted {n}, when asked.",
    "{n} added that {q}.",
    "Asked about it, {n} was clear: {Q}",
)
_REPLACED = (
    "never", "yesterday", "terrible", "eleven", "purple", "mountain", "forgotten", "nobody", "cheerful", "quickly",
    "bridges", "winter",
)  # fmt: skip
_INVENTED = (
    "The rain in October ruined every plan that we had for the orchard",
    "Nobody from the committee ever telephoned my grandmother about the missing bicycle",
    "Our harbour needs three new cranes before the ferry season begins next spring",
    "I would rather repaint the old lighthouse than sell a single ticket to that circus",
    "These violins were tuned by candlelight while the orchestra slept on the train",
)


def said_in(text: str) -> list[tuple[str, str]]:
    """Quotations of a news article with the name of who says them, as its own words give it."""
    text = " ".join(text.split())
    found = [(m[1], m[2]) for pattern in (_BEHIND, _SUBJECT) for m in pattern.finditer(text)]
    found += [(m[2], m[1]) for m in _AHEAD.finditer(text)]
    return [
        (words.rstrip(",.!?"), name)
        for words, name in found
        if words[0].isupper()
        and len(words.split()) >= 8
        and not re.search(r"[\[\]]|--", words)
        and not _NO_NAMES & set(name.split())
    ]


def alter_words(words: str, chance: random.Random) -> str:
    """A quotation with one to three of its words replaced, a word left out, or two swapped."""
    said = words.split()
    place = chance.randrange(1, len(said) - 2)
    match chance.randrange(4):
        case 0:
            said[place] = chance.choice(_REPLACED)
        case 1:
            said[place] = chance.choice(_REPLACED)
            said[-1] = chance.choice(_REPLACED)
        case 2:
            del said[place]
        case _:
            said.insert(place, chance.choice(["not", *_REPLACED]))
    return " ".join(said)


def frame_quotation(words: str, name: str, chance: random.Random, split: bool) -> tuple[str, int, int]:
    """A sentence that quotes, and where its words begin and end."""
    marks = chance.choice(
        [marks for marks in _MARKS if not re.search("['‘’]", marks + words) or marks[0] not in "'‘" or "'" not in words]
    )
    if split:
        said = words.split()
        cut = len(said) // 2
        first, second = " ".join(said[:cut]), " ".join(said[cut:])
        text = f"{marks.format(first + ',')} said {name}, {marks.format(second + '.')}"
        return text, text.index(first), text.index(second) + len(second)
    frame = chance.choice(_FRAMES)
    quoted = marks.format(words + ",") if frame.startswith("{q}, ") and chance.random() < 0.7 else ""
    text = frame.replace("{q},", quoted) if quoted else frame
    text = text.replace("{q}", marks.format(words)).replace("{Q}", marks.format(words + ".")).replace("{n}", name)
    return text, text.index(words), text.index(words) + len(words)


def planted_quotations(seed: int = 11) -> Iterator[PlantedCase]:
    """Quotations of news articles: word for word, altered, invented, and in another's mouth."""
    chance = random.Random(seed)
    articles = [row for row in rows("ragtruth") if row["task"] == "summary" and said_in(text_of(row["context"]))]
    kinds = ("verbatim", "altered", "speaker", "verbatim", "absent", "split", "part", "altered", "speaker", "omission")
    for number in range(QUOTATIONS):
        while (found := _quotation(chance.choice(articles), kinds[number % len(kinds)], chance)) is None:
            pass
        yield found


def _quotation(row: Row, kind: str, chance: random.Random) -> PlantedCase | None:
    text = text_of(row["context"])
    words, name = chance.choice(said_in(text))
    others = sorted({other for _, other in said_in(text) if other.split()[-1] != name.split()[-1]}) or list(_STRANGERS)
    verdict, speaker = "verbatim", "right"
    match kind:
        case "altered":
            words, verdict = alter_words(words, chance), "altered"
        case "absent":
            words, verdict, speaker = chance.choice(_INVENTED), "absent", None
        case "part":
            words = " ".join(words.split()[: max(5, len(words.split()) * 2 // 3)]).rstrip(",;:.")
        case "omission":
            said = words.split()
            words = f"{' '.join(said[:3])} … {' '.join(said[-3:])}"
        case "speaker":
            speaker = "other"
    planted, start, end = frame_quotation(
        words, chance.choice(others) if kind == "speaker" else name, chance, kind == "split"
    )
    if kind != "speaker" and chance.random() < 0.3:
        planted, start, end = (planted.replace(name, name.split()[-1]), start, end)
        start = planted.index(words.split()[0])
        end = start + len(words) if kind != "split" else len(planted) - 2
    before = f"{chance.choice(sentences_of(text) or ['It was so.'])} "
    return PlantedCase(row["context"], before + planted, start + len(before), end + len(before), kind, verdict, speaker)


# Verdicts


def _rows(index: ContextIndex, planted: PlantedCase, what: str) -> list[Row]:
    found: list[Row] = score_report(index, planted.report).as_dict()["groundedness"][what]
    return [row for row in found if row["start"] < planted.end and planted.start < row["end"]]


def right_citation(planted: PlantedCase) -> bool:
    """Whether the ledger gives a planted citation its verdict, and gives none twice."""
    found = _rows(index_context(planted.context), planted, "citations")
    return len(found) == 1 and found[0]["verdict"] == planted.verdict


def right_quotation(planted: PlantedCase) -> bool:
    """Whether the ledger gives a planted quotation its verdict and its speaker's."""
    found = _rows(index_context(planted.context), planted, "quotes")
    return len(found) == 1 and (found[0]["verdict"], found[0]["speaker"]) == (planted.verdict, planted.speaker)


def planted_results(verbose: bool = False) -> Iterator[Result]:
    """The share of right verdicts, of all and of each form."""
    for what, planted, is_right in (
        ("citations", list(planted_citations()), right_citation),
        ("quotations", list(planted_quotations()), right_quotation),
    ):
        counts: Counter[tuple[str, bool]] = Counter()
        for one in planted:
            right = is_right(one)
            counts[one.form, right] += 1
            if verbose and not right:
                print(what, one.form, one.verdict, one.speaker, repr(one.report[max(0, one.start - 80) : one.end + 80]))
        yield Result(
            f"planted {what} ({len(planted)}): verdict right",
            sum(n for (_, right), n in counts.items() if right) / len(planted),
            0.97,
            0.99,
        )
        for form in dict.fromkeys(one.form for one in planted):
            count = counts[form, True] + counts[form, False]
            yield Result(f"planted {what}: {form} ({count})", counts[form, True] / count)


def main() -> None:
    """Print every figure beside its floor and its aim."""
    if not (DATA / "mtrag_train.jsonl.gz").exists():
        print(f"Nothing can be planted: there is no data in {DATA}")
        return
    print(f"{'measure':<72} {'here':>8} {'floor':>7} {'aim':>7}")
    for name, value, floor, aim, *_ in planted_results(verbose="-v" in sys.argv):
        print(
            f"{name:<72} {value:8.3f} {'' if floor is None else floor:>7} {'' if aim is None else aim:>7}", flush=True
        )


if __name__ == "__main__":
    main()

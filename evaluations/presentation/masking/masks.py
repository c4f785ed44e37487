"""A report as it is shown while nobody is told who wrote it: one text, from which all that shows it is made. Pure."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from evaluations.presentation.masking.fingerprints import Cut, fingerprints
from evaluations.presentation.masking.mentions import Span
from evaluations.presentation.masking.names import Author
from evaluations.presentation.masking.self_naming import merge, self_namings
from evaluations.presentation.masking.sources import Sources

MASK = "▒▒▒"
ROUNDS = 4  # what a mask leaves beside it is looked at again

BESIDE = re.compile(r"(?![.:]\s)[*_`~]{0,4}[^\S\n]{0,2}[-‐-―_./:*@#]?[^\S\n]?[*_`~]{0,4}")
LINK = re.compile(r"!?\[((?:[^\[\]\n\\]|\\.){0,2000}+)\]\(((?:[^()\n\\]|\\.|\([^()\n]*+\)){0,4000}+)\)")
ADDRESS = re.compile(r"<?(?:(?:https?|ftp|mailto):|www\.)[^\s<>\"'`)\]]++>?", re.IGNORECASE)
DELIMITER = re.compile(r"\*+|~~+|`+|(?<![^\W_])_+|_+(?![^\W_])")
TAGS_BEHIND = re.compile(r"(?:</?[A-Za-z][^<>\n]{0,60}>)+")


@dataclass(frozen=True)
class Masked:
    """A report's Markdown with what names its author masked."""

    text: str
    cuts: tuple[Cut, ...]  # in characters of the report as it was written: from, to, what stands there now


def mask(report: str, author: Author, sources: Sources) -> Masked:
    """The report without its author's name. The same report gives the same text; it takes linear time."""
    cuts = merge_cuts(fingerprints(report, sources))
    text = apply_cuts(report, cuts)
    for _ in range(ROUNDS):
        found = merge_cuts(masks(text, self_namings(text, author, sources)))
        if not found:
            break
        cuts = combine(cuts, found)
        text = apply_cuts(text, found)
    return Masked(text, tuple(cuts))


def masks(report: str, spans: list[Span]) -> list[Cut]:
    """A mask for each passage, or for the whole address that it is in; neighbours share one."""
    if not spans:
        return []
    links = list(LINK.finditer(report))
    addresses = [match.span() for match in ADDRESS.finditer(report)]
    targets = [match.span(2) for match in links]
    cuts, passages = [], []
    for span in spans:
        link = place_around(targets, span)
        if link is not None:
            cuts += without_link(links[link])
        else:
            address = place_around(addresses, span)
            passages.append(span if address is None else addresses[address])
    return [*cuts, *(balance(report, span) for span in with_neighbours(report, merge(passages)))]


def place_around(places: list[Span], span: Span) -> int | None:
    """Which of these places, which are in order, has the span in it."""
    index = bisect_right(places, span[0], key=lambda one: one[0]) - 1
    return index if index >= 0 and span[1] <= places[index][1] else None


def without_link(link: re.Match[str]) -> list[Cut]:
    """The text of a link stays, where it leads is masked."""
    return [(link.start(), link.start(1), ""), (link.end(1), link.end(), f" ({MASK})")]


def with_neighbours(report: str, spans: Iterable[Span]) -> list[Span]:
    """Passages side by side as one: their number would tell, too."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and BESIDE.fullmatch(report, joined[-1][1], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def balance(report: str, span: Span) -> Cut:
    """The mask for a passage; half of a pair of delimiters in it stays beside it, or goes with its other half."""
    start, end = span
    inside = Counter(match[0] for match in DELIMITER.finditer(report, start, end))
    if "](" in report[start:end]:
        start -= report[start - 1 : start] == "["
    if "<" in report[start:end] and (tags := TAGS_BEHIND.match(report, end)):
        end = tags.end()
    for opening, closing in ("()", "[]"):
        if report.count(opening, start, end) > report.count(closing, start, end) and report.startswith(closing, end):
            end += 1
    before = behind = ""
    for lone in (delimiter for delimiter, count in inside.items() if count % 2):
        if report.startswith(lone, end):
            end += len(lone)
        elif report.endswith(lone, 0, start):
            start -= len(lone)
        elif report[max(0, start - 2000) : start].rpartition("\n")[2].count(lone) % 2:
            behind += lone
        elif "_" not in lone:  # within a word it opens nothing
            before += lone
    return start, end, f"{before}{MASK}{behind}"


# Cuts


def merge_cuts(cuts: Iterable[Cut]) -> list[Cut]:
    """Cuts from first to last; of those that overlap, one that covers all, with a mask if one had it."""
    ordered: list[Cut] = []
    for start, end, shown in sorted(set(cuts)):
        if ordered and start < ordered[-1][1]:
            first, last, before = ordered[-1]
            ordered[-1] = first, max(last, end), before or shown
        else:
            ordered.append((start, end, shown))
    return ordered


def apply_cuts(text: str, cuts: Iterable[Cut]) -> str:
    """The text with these cuts, which are in order."""
    parts, last = [], 0
    for start, end, shown in cuts:
        parts += [text[last:start], shown]
        last = end
    return "".join([*parts, text[last:]])


def combine(earlier: list[Cut], later: list[Cut]) -> list[Cut]:
    """Cuts of a text, and cuts of what they left, as cuts of the first text."""
    if not earlier:
        return later
    moved = [(written_at(start, earlier), written_at(end, earlier, upto=True), shown) for start, end, shown in later]
    return merge_cuts([*earlier, *moved])


def written_at(place: int, cuts: list[Cut], *, upto: bool = False) -> int:
    """Where a place of the text with these cuts was before them; within a mask, its beginning or its end."""
    shift = 0
    for start, end, shown in cuts:
        begins = start + shift
        if place < begins or (place == begins and upto):
            break
        if place < begins + len(shown) or (upto and place == begins + len(shown)):
            return end if upto else start
        shift += len(shown) - (end - start)
    return place - shift

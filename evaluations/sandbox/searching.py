"""Finds articles for a query: words cut to stems, weighted by how rare they are."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from evaluations.sandbox.articles import Article

STEM = 6
EMPTY_WORDS = """
a about after all an and any are as at be been by for from had has have he her his how i in is it its me
my no not of on or our please she so that the their them there they this to was we were what when where
which who why will with you your
"""
EMPTY = frozenset(EMPTY_WORDS.split())


def stems(text: str) -> list[str]:
    """The words of a text in small letters, without empty ones, cut to their first letters."""
    return [word[:STEM] for word in re.findall(r"\w+", text.lower()) if word not in EMPTY]


@dataclass(frozen=True)
class Found:
    """One article that answers a query, and its passages with the most telling one first."""

    article: Article
    passages: tuple[str, ...]


class Index:
    """Ranks articles for queries. Built once; asking it changes nothing."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = tuple(articles)
        self._counts = [Counter(stems(f"{a.title} {a.title} {a.text}")) for a in self.articles]
        self._spread = Counter(stem for counts in self._counts for stem in counts)

    def find(self, query: str) -> list[Found]:
        """The articles with at least half of the query's known words, best first; equal ones newest first."""
        asked = dict.fromkeys(stems(query))
        wanted = [stem for stem in asked if self._spread[stem]]
        if 3 * len(wanted) < len(asked):
            return []
        scored = [(self._score(wanted, counts), -rank) for rank, counts in enumerate(self._counts)]
        return [
            Found(self.articles[-rank], self._order(self.articles[-rank], wanted))
            for score, rank in sorted(scored, reverse=True)
            if score > 0
        ]

    def _score(self, wanted: list[str], counts: Counter[str]) -> float:
        hits = [stem for stem in wanted if counts[stem]]
        if 2 * len(hits) < len(wanted) or not hits:
            return 0.0
        size = sum(counts.values())
        return sum(self._weight(stem) * counts[stem] / (counts[stem] + 0.5 + size / 400) for stem in hits)

    def _weight(self, stem: str) -> float:
        return math.log(1 + len(self.articles) / self._spread[stem])

    def _order(self, article: Article, wanted: list[str]) -> tuple[str, ...]:
        def told(passage: str) -> float:
            present = set(stems(passage))
            return sum(self._weight(stem) for stem in wanted if stem in present)

        best = max(article.passages, key=told)
        return (best, *(passage for passage in article.passages if passage is not best))

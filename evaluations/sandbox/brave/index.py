"""Finds articles for a query: words cut to stems, weighted by how rare they are."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from evaluations.sandbox.articles import Article
from evaluations.sandbox.writing.subjects import signs, stems, subject_of

RELATED = 0.25  # what a word of the same subject counts, beside a word of the query
WORTHWHILE = 0.08  # of the best article's score: below that, a result is noise


@dataclass(frozen=True)
class Match:
    """One article that answers a query, and its passages with the most telling one first."""

    article: Article
    passages: tuple[str, ...]


class Index:
    """Ranks articles for queries. Built once; asking it changes nothing."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = tuple(articles)
        self._counts = [Counter(_words(f"{a.title} {a.title} {a.text}")) for a in self.articles]
        self._spread = Counter(stem for counts in self._counts for stem in counts)

    def find(self, query: str) -> list[Match]:
        """The articles that say something about a query, best first; equal ones newest first."""
        weights = self._weights(query)
        scores = [self._score(weights, counts) for counts in self._counts]
        floor = max(WORTHWHILE * max(scores, default=0.0), 1e-9)
        ranked = sorted(range(len(scores)), key=lambda place: -scores[place])
        return [self._match(self.articles[place], weights) for place in ranked if scores[place] >= floor]

    def _weights(self, query: str) -> dict[str, float]:
        """What each stem counts; nothing when most of the query's words are unknown here."""
        asked = dict.fromkeys(stems(query))
        known = {stem: self._rarity(stem) for stem in asked if self._spread[stem]}
        if 3 * len(known) < len(asked):
            return {}
        related = [stem for stem in subject_of(query) if self._spread[stem]]
        return {**{stem: RELATED * self._rarity(stem) for stem in related}, **known}

    def _score(self, weights: dict[str, float], counts: Counter[str]) -> float:
        size = counts.total()
        return sum(
            weight * counts[stem] / (counts[stem] + 0.5 + size / 400)
            for stem, weight in weights.items()
            if counts[stem]
        )

    def _rarity(self, stem: str) -> float:
        return math.log(1 + len(self.articles) / self._spread[stem])

    def _match(self, article: Article, weights: dict[str, float]) -> Match:
        def weight_of(passage: str) -> float:
            return sum(weights.get(stem, 0.0) for stem in set(_words(passage)))

        best = max(article.passages, key=weight_of)
        return Match(article, (best, *(passage for passage in article.passages if passage is not best)))


def _words(text: str) -> list[str]:
    return stems(text) + signs(text)

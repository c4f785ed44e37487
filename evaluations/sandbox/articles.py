"""The sandbox's own library: articles about an invented football league, cut into passages."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).with_name("library")
PASSAGE_CHARACTERS = 420  # about what Brave gives as one extra snippet


@dataclass(frozen=True)
class Article:
    """One page that a search can find. `passages` are consecutive pieces of its text."""

    title: str
    url: str
    passages: tuple[str, ...]
    publisher: str | None = None
    published: datetime | None = None
    is_news: bool = False

    @property
    def text(self) -> str:
        """The whole text, passage after passage."""
        return "\n\n".join(self.passages)


@cache
def load_library(folder: Path = LIBRARY) -> tuple[Article, ...]:
    """Every article of the library, newest first, then by title."""
    found = [read_article(path) for path in sorted(folder.glob("*.md"))]
    return tuple(sorted(found, key=lambda article: str(article.published), reverse=True))


def read_article(path: Path) -> Article:
    """An article from its file: `key: value` lines between two `---`, then the text in Markdown."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.strip().splitlines())
    return Article(
        title=fields["title"],
        url=fields["url"],
        publisher=fields["publisher"],
        published=datetime.fromisoformat(fields["published"]),
        is_news=fields["kind"] == "news",
        passages=tuple(into_passages(body)),
    )


def into_passages(body: str) -> list[str]:
    """Paragraphs joined while they are short; a table stays whole and alone."""
    passages: list[str] = []
    room = 0
    for paragraph in re.split(r"\n{2,}", body.strip()):
        piece = paragraph.strip()
        if piece.startswith("#"):
            continue
        if piece.startswith("|") or len(piece) > room:
            passages.append(piece)
        else:
            passages[-1] += "\n" + piece
        room = 0 if piece.startswith("|") else PASSAGE_CHARACTERS - len(passages[-1])
    return passages


def newest_day(articles: tuple[Article, ...]) -> date:
    """The day on which this material is news; ages are counted from it, so that a run repeats in any year."""
    days = [article.published.date() for article in articles if article.published]
    return max(days, default=date(2026, 11, 23))

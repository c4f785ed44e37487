"""Articles of one's own as a source: a folder of .md, .txt and .html files, or a JSON Lines file. Pure.

A Markdown or text file may begin with `key: value` lines between two `---`: title, url, publisher, published.
A line of JSON Lines is an object with `text` (or `content`, `body`), and may have the same keys.
"""

import hashlib
import html.parser
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluations.errors import BadInputError
from evaluations.wire.text import clean

from .search import Answer, Failure, Result

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".html", ".htm"})
MOST_FILES = 5_000
MOST_BYTES = 50_000_000  # of all files together
TEXT_KEYS = ("text", "content", "body")
DATE_KEYS = ("published", "date")


def load(path: Path) -> list[Result]:
    """Every article under `path`, in the order of names or lines. Raises BadInputError, naming file and line."""
    try:
        if path.is_dir():
            articles = [article for file in files_in(path) for article in [article_of(file, path)] if article.text]
        elif path.is_file():
            articles = list(articles_in_lines(path))
        else:
            raise BadInputError(f"There is no folder or file {path}.")
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not articles:
        what = f"no {', '.join(sorted(SUFFIXES))} file with text" if path.is_dir() else "no article"
        raise BadInputError(f"{path} has {what}.")
    return articles


def digest(articles: list[Result]) -> str:
    """SHA-256 of all that a search in these articles depends on."""
    rows = [asdict(article) for article in articles]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass
class Files:
    """A search in one's own articles: those that share words with the query, the most telling first."""

    path: Path
    count: int
    sha256: str
    at_once: int = 1

    def __post_init__(self) -> None:
        self.articles = load(self.path)
        if digest(self.articles) != self.sha256:
            raise BadInputError(f"{self.path} has changed since the run started; start a new one.")
        self._words = [Counter(words(f"{article.title} {article.title} {article.text}")) for article in self.articles]
        self._spread = Counter(word for counts in self._words for word in counts)

    async def ask(self, query: str) -> Answer | Failure:
        """The articles that share words with the query, at most `count`; equal ones in their own order."""
        asked = dict.fromkeys(words(query))
        scores = [sum(self._weight(word, counts) for word in asked) for counts in self._words]
        ranked = sorted(range(len(scores)), key=lambda place: -scores[place])
        return Answer(tuple(self.articles[place] for place in ranked[: self.count] if scores[place] > 0))

    def _weight(self, word: str, counts: Counter[str]) -> float:
        """How much a word of the query says for an article (BM25)."""
        if not counts[word]:
            return 0.0
        rarity = math.log(1 + len(self.articles) / self._spread[word])
        return rarity * counts[word] / (counts[word] + 0.5 + counts.total() / 400)


def words(text: str) -> list[str]:
    """Words in small letters, without a plural's s."""
    found = re.findall(r"\w+", text.casefold())
    return [word.removesuffix("s") if len(word) > 3 else word for word in found]


def files_in(folder: Path) -> list[Path]:
    """Every article's file below `folder`, by name; hidden ones and links that lead elsewhere left out."""
    found = sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in SUFFIXES
        and file.is_file()
        and file.resolve().is_relative_to(folder.resolve())
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )
    if len(found) > MOST_FILES:
        raise BadInputError(f"{folder} has more than {MOST_FILES:,} files.")
    if sum(file.stat().st_size for file in found) > MOST_BYTES:
        raise BadInputError(f"{folder} has more than {MOST_BYTES:,} bytes.")
    return found


def text_of(file: Path) -> str:
    """A file's text. Raises BadInputError where it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file} is not UTF-8: byte {error.start}.") from error


def article_of(file: Path, folder: Path) -> Result:
    """The article in one file."""
    name = file.relative_to(folder).as_posix()
    if file.suffix.lower() in (".html", ".htm"):
        page = HtmlText()
        page.feed(text_of(file))
        page.close()
        return made({"title": page.title}, page.text, name)
    fields, body = front_matter(text_of(file))
    heading = re.match(r"\s*#\s+(.+)", body)
    return made({"title": heading.group(1) if heading else "", **fields}, body, name)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The `key: value` lines between two `---` at the top, and what follows."""
    found = re.match(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    if not found:
        return {}, text
    rows = (line.partition(":") for line in found.group(1).splitlines() if ":" in line)
    fields = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in rows}
    return fields, text[found.end() :]


def articles_in_lines(path: Path) -> Iterator[Result]:
    """The articles of a JSON Lines file."""
    if path.stat().st_size > MOST_BYTES:
        raise BadInputError(f"{path} has more than {MOST_BYTES:,} bytes.")
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if line.strip():
            yield article_in(line, f"line-{number}", f"{path}, line {number}")


def article_in(line: str, name: str, where: str) -> Result:
    """The article of one line. Raises BadInputError, saying where."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{where} is not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise BadInputError(f"{where} is not a JSON object.")
    text = next((row[key] for key in TEXT_KEYS if row.get(key)), None)
    if not isinstance(text, str) or not text.strip():
        raise BadInputError(f"{where} has no text under {', '.join(TEXT_KEYS)}.")
    return made(row, text, name)


def made(fields: Mapping[str, Any], text: str, name: str) -> Result:
    """An article from its fields and its text; without a URL, its name tells it apart."""

    def field(*keys: str) -> str:
        value = next((fields[key] for key in keys if fields.get(key)), "")
        return " ".join(clean(str(value)).split()) if isinstance(value, str | int | float) else ""

    return Result(
        kind="file",
        title=field("title")[:500] or name,
        url=field("url") or f"file:{name}",
        publisher=field("publisher")[:200],
        published=field(*DATE_KEYS)[:40],
        text=clean(text).strip(),
    )


class HtmlText(html.parser.HTMLParser):
    """The visible words of a page, a line for each block."""

    HIDDEN = frozenset({"script", "style", "template", "noscript", "head", "nav", "footer"})
    INLINE = frozenset("a abbr b bdi bdo cite code em i mark q s small span strong sub sup time u".split())  # noqa: SIM905

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._pieces: list[str] = []
        self._hidden = 0
        self._in_title = False

    @property
    def text(self) -> str:
        """The lines that have words."""
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; what is hidden is left out."""
        self._in_title = tag == "title"
        self._hidden += tag in self.HIDDEN
        if tag not in self.INLINE:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A block ends its line."""
        self._in_title = False
        self._hidden = max(0, self._hidden - (tag in self.HIDDEN))
        if tag not in self.INLINE:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._in_title:
            self.title += data
        elif not self._hidden:
            self._pieces.append(data.replace("\n", " "))

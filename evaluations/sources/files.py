"""Articles of one's own as a source: a folder of .md, .txt and .html files, or a JSON Lines file. Pure.

A Markdown or text file may begin with `key: value` lines between two `---`: title, url, publisher, published.
A line of JSON Lines is an object with `text` (or `content`, `body`), and may have the same keys.
"""

import asyncio
import codecs
import hashlib
import json
import logging
import math
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from evaluations.errors import BadInputError
from evaluations.wire.failures import Code, Failure
from evaluations.wire.text import clean

from .deployment import Deployment
from .links import bare_url, is_whole
from .parser_processes import WHOLE, ParserProcesses
from .search import LONGEST_DATE, LONGEST_PUBLISHER, LONGEST_TITLE, Hits, Result, SearchSource, Wishes

logger = logging.getLogger(__name__)

PAGES = frozenset({".html", ".htm"})
SUFFIXES = frozenset({".md", ".markdown", ".txt"}) | PAGES
MOST_FILES = 5_000
MOST_BYTES = 50_000_000  # of all files together
PAGE_SECONDS = 20.0  # to read one .html file
TEXT_KEYS = ("text", "content", "body")
DATE_KEYS = ("published", "date")
FOLDED = frozenset({"|", "|-", ">", ">-"})  # the value stands in the indented lines below
# What a name may hold and an address may not, or not as itself.
UNFIT = re.compile(r"[%?#\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass
class Files:
    """A search in one's own articles: those that share words with the query, the most telling first."""

    articles: list[Result]
    count: int
    at_once: int = 1

    def __post_init__(self) -> None:
        self._words = [
            Counter(words_of(f"{article.title} {article.title} {article.text}")) for article in self.articles
        ]
        self._spread = Counter(word for counts in self._words for word in counts)

    async def ask(self, query: str) -> Hits | Failure:
        """The articles that share words with the query, at most `count`; equal ones in their own order."""
        asked = dict.fromkeys(words_of(query))
        scores = [sum(self._weight(word, counts) for word in asked) for counts in self._words]
        ranked = sorted(range(len(scores)), key=lambda place: -scores[place])
        return Hits(tuple(self.articles[place] for place in ranked[: self.count] if scores[place] > 0))

    async def aclose(self) -> None:
        """Nothing is open."""

    def _weight(self, word: str, counts: Counter[str]) -> float:
        """How much a word of the query says for an article (BM25)."""
        if not counts[word]:
            return 0.0
        rarity = math.log(1 + len(self.articles) / self._spread[word])
        return rarity * counts[word] / (counts[word] + 0.5 + counts.total() / 400)


def freeze(wishes: Wishes, deployment: Deployment) -> dict[str, Any]:
    """What a run keeps of the files it reads; the document names them without the folders above."""
    if not wishes.path.strip():  # which would be the folder that this process happens to be in
        raise BadInputError("The source files needs the path of a folder or a JSON Lines file, such as files:articles.")
    path = resolve_path(wishes.path)
    empty: list[str] = []
    sha256 = digest(load(path, deployment.environment, empty.append))
    if empty:
        logger.warning("%s: %s left out, without text: %s", path.name, len(empty), ", ".join(empty[:10]))
    return {"path": str(path), "parameters": {"name": fit(path.name), "sha256": sha256, "count": str(wishes.count)}}


def resolve_path(path: str) -> Path:
    """The path from the root on. Raises BadInputError for what no file system or no database could hold."""
    try:
        found = Path(path).expanduser().resolve()
        str(found).encode()
    except (OSError, RuntimeError, ValueError) as error:
        raise BadInputError(f"{path!r} is no path that can be used: {error}.") from error
    return found


async def open_files(options: dict[str, Any], deployment: Deployment) -> Files:
    """The files as they were frozen. Raises BadInputError where they are others by now."""
    path, frozen = options["path"], options["parameters"]
    articles = await asyncio.to_thread(load, Path(path), deployment.environment)
    if digest(articles) != frozen["sha256"]:
        raise BadInputError(f"{path} has changed since the run started; start a new one.")
    return Files(articles, int(frozen["count"]))


SOURCE = SearchSource(freeze, open_files)


def load(
    path: Path, environment: Mapping[str, str] | None = None, leave_out: Callable[[str], None] = lambda _name: None
) -> list[Result]:
    """Every article under `path`, in the order of names or lines. Raises BadInputError, naming file and line.

    Pages are read in processes that start with `environment`, so not from within an event loop. `leave_out` is told of
    every file without a text.
    """
    try:
        if path.is_dir():
            articles = articles_in_folder(path, environment or {}, leave_out)
        elif path.is_file():
            articles = articles_in_lines(path)
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


def words_of(text: str) -> list[str]:
    """Words in small letters, without a plural's s."""
    found = re.findall(r"\w+", text.casefold())
    return [word.removesuffix("s") if len(word) > 3 else word for word in found]


def articles_in_folder(folder: Path, environment: Mapping[str, str], leave_out: Callable[[str], None]) -> list[Result]:
    """The articles of all files below `folder` that have a text."""
    files = files_in(folder)
    pages = asyncio.run(read_pages([file for file in files if file.suffix.lower() in PAGES], environment))
    found = [(name_of(file, folder), file) for file in files]
    articles = [
        (name, article_of_page(pages[file], name) if file in pages else article_of_text(text_of(file), name))
        for name, file in found
    ]
    for name, article in articles:
        if not article.text:
            leave_out(name)
    return separate([(name, article) for name, article in articles if article.text])


async def read_pages(files: Sequence[Path], environment: Mapping[str, str]) -> dict[Path, str]:
    """Title, line feed and text of every page. Raises BadInputError for the first that cannot be read."""
    parsers = ParserProcesses(WHOLE, PAGE_SECONDS, environment=environment)

    async def read(file: Path) -> str:
        page = await parsers.read(await asyncio.to_thread(file.read_bytes), "")
        if isinstance(page, Failure) and page.code != Code.EMPTY:
            raise BadInputError(f"{file} cannot be read as a page: {page}.")
        return "" if isinstance(page, Failure) else page

    try:
        return {file: await read(file) for file in files}
    finally:
        await parsers.aclose()


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


def name_of(file: Path, folder: Path) -> str:
    """The file's path below the folder, fit for an address: no two files have the same."""
    return fit(file.relative_to(folder).as_posix())


def fit(name: str) -> str:
    """The name with what an address cannot hold percent-encoded."""
    return UNFIT.sub(lambda odd: quote(os.fsencode(odd[0])), name)


def article_of_page(page: str, name: str) -> Result:
    """The article of a page: title, line feed, text."""
    title, _, text = page.partition("\n")
    return article_of({"title": title}, text, name)


def article_of_text(content: str, name: str) -> Result:
    """The article of a Markdown or text file."""
    fields, body = front_matter(content)
    heading = re.match(r"\s*#\s+(.+)", body)
    return article_of({"title": heading.group(1) if heading else "", **fields}, body, name)


def text_of(file: Path) -> str:
    """A file's text. Raises BadInputError where it is neither UTF-8 nor marked as UTF-16."""
    content = file.read_bytes()
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file} is not {error.encoding.upper()}: byte {error.start}.") from error


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The `key: value` lines between two `---` at the top, and what follows. Indented lines belong to the key above."""
    found = re.match(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    if not found:
        return {}, text
    fields: dict[str, str] = {}
    key = ""
    for line in found.group(1).splitlines():
        if line[:1].isspace():
            if key in fields and fields[key].split(" ", 1)[0] in FOLDED:
                fields[key] += f" {line.strip()}"
        elif ":" in line:
            key, _, value = line.partition(":")
            key = key.strip().lower()
            fields[key] = value.strip().strip("\"'")
    return {key: unfold(value) for key, value in fields.items()}, text[found.end() :]


def unfold(value: str) -> str:
    """A value whose words stand in the lines below, without the sign that says so."""
    sign, _, words = value.partition(" ")
    return words if sign in FOLDED else value


def articles_in_lines(path: Path) -> list[Result]:
    """The articles of a JSON Lines file."""
    if path.stat().st_size > MOST_BYTES:
        raise BadInputError(f"{path} has more than {MOST_BYTES:,} bytes.")
    lines = [(number, line) for number, line in enumerate(text_of(path).split("\n"), 1) if line.strip()]
    return separate([(f"line-{n}", article_in_line(line, f"line-{n}", f"{path}, line {n}")) for n, line in lines])


def article_in_line(line: str, name: str, where: str) -> Result:
    """The article of one line. Raises BadInputError, saying where."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{where} is not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise BadInputError(f"{where} is not a JSON object.")
    text = next((row[key] for key in TEXT_KEYS if row.get(key)), None)
    if not isinstance(text, str) or not clean(text).strip():
        raise BadInputError(f"{where} has no text under {', '.join(TEXT_KEYS)}.")
    return article_of(row, text, name)


def article_of(fields: Mapping[str, Any], text: str, name: str) -> Result:
    """An article from its fields and its text; without a URL that can be one, its name tells it apart."""

    def field(*keys: str) -> str:
        value = next((fields[key] for key in keys if fields.get(key)), "")
        known = isinstance(value, str | int | float) and not isinstance(value, bool)
        return " ".join(clean(str(value)).split()) if known else ""

    url = field("url")
    return Result(
        kind="file",
        title=field("title")[:LONGEST_TITLE] or name[:LONGEST_TITLE],
        url=url if is_whole(url) else f"file:{name}",
        publisher=field("publisher")[:LONGEST_PUBLISHER],
        published=field(*DATE_KEYS)[:LONGEST_DATE],
        text=clean(text).strip(),
    )


def separate(named: list[tuple[str, Result]]) -> list[Result]:
    """The articles, each with an address of its own: one that is used before gives way to the name.

    Equal addresses are one source in a context, and the second text would be lost without a word.
    """
    seen: dict[str, str] = {}
    for name, article in named:
        seen.setdefault(bare_url(article.url), name)
    return [
        article if seen[bare_url(article.url)] == name else replace(article, url=f"file:{name}")
        for name, article in named
    ]

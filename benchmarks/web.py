"""A small web on loopback for `benchmarks.fetching`: a search, forty sites with news-like pages, and four traps."""

import asyncio
import json
import random
import zlib
from functools import cache

SITES = 40
SLOWEST = 2.0  # seconds until the slowest site answers; the others take 0.1 to 1 s
RESULTS = 20
ARTICLE_BYTES = (3_000, 9_000)
PAGE_BYTES = (60_000, 250_000)
WORDS = """
club season manager striker contract transfer league match goal defence training stadium supporters window fee loan
midfielder goalkeeper board statement injury return victory defeat draw points table captain coach spokesman report
""".split()  # noqa: SIM905 - as a list it would be a page long


def sentence(chance: random.Random) -> str:
    """A dozen words that look like news to a parser."""
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 20))).capitalize() + "."


def paragraphs(chance: random.Random, size: int) -> list[str]:
    """So many bytes of text in paragraphs."""
    found: list[str] = []
    while sum(map(len, found)) < size:
        found.append(" ".join(sentence(chance) for _ in range(chance.randint(2, 5))))
    return found


@cache
def page(number: int) -> bytes:
    """A page as news sites make them: a little article in a lot of markup."""
    chance = random.Random(number)
    texts = paragraphs(chance, chance.randint(*ARTICLE_BYTES))
    article = "".join(f"<p class='c-{i}'>{text}</p>" for i, text in enumerate(texts))
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>" + sentence(chance) + "</title>",
        '<script type="application/ld+json">',
        json.dumps({"@type": "NewsArticle", "headline": sentence(chance)}),
        "</script>",
        "<style>" + ".a{color:red}" * 800 + "</style></head><body><header><nav><ul>",
        "".join(f"<li><a href='/section/{n}'>{chance.choice(WORDS)}</a></li>" for n in range(60)),
        f"</ul></nav></header><main><article><h1>{sentence(chance)}</h1>{article}</article><aside>",
    ]
    size, wanted = sum(map(len, parts)), chance.randint(*PAGE_BYTES)
    while size < wanted:
        card = (
            f"<div class='card'><a href='/story/{size}'><img src='/i/{size}.jpg' alt=''><h3>{sentence(chance)}</h3></a>"
            f"<script>window.q=window.q||[];q.push({{id:{size},slot:'{chance.random()}'}})</script></div>"
        )
        parts.append(card)
        size += len(card)
    return "".join([*parts, "</aside></main><footer>Imprint</footer></body></html>"]).encode()


def delay(number: int) -> float:
    """How long a site thinks: one of them for SLOWEST seconds."""
    return SLOWEST if number == SITES // 2 else 0.1 + 0.9 * random.Random(number).random()


def found_for(query: str) -> bytes:
    """Twenty results; the first ten of each query are ten sites of its own."""
    place = int(query.split()[-1]) * 10
    results = [
        {
            "title": f"Story {place + rank}",
            "url": f"http://site{(place + rank) % SITES}.test/story",
            "description": sentence(random.Random(rank)),
            "extra_snippets": [sentence(random.Random(rank + n)) for n in range(5)],
        }
        for rank in range(RESULTS)
    ]
    return json.dumps({"web": {"results": results}}).encode()


@cache
def bomb() -> tuple[bytes, bytes]:
    """The beginning of a gzip stream, and 10 kB that unfold to 10 MB however often they are repeated."""
    packer = zlib.compressobj(9, wbits=31)
    first = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return first, packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)


async def answer(host: str, path: str, writer: asyncio.StreamWriter) -> None:
    """Write the answer to one request."""
    target, _, query = path.partition("?q=")
    if target == "/res/v1/web/search":
        body = found_for(query.partition("&")[0].replace("+", " ").replace("%20", " "))
        writer.write(head("application/json", f"Content-Length: {len(body)}", "X-RateLimit-Limit: 50, 0") + body)
    elif path == "/robots.txt":
        writer.write(b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    elif host.startswith("site"):
        number = int(host.removeprefix("site").removesuffix(".test"))
        body = page(number)
        await asyncio.sleep(delay(number))
        writer.write(head("text/html", f"Content-Length: {len(body)}") + body)
    else:
        await trap(host, writer)


async def trap(host: str, writer: asyncio.StreamWriter) -> None:
    """One of the four, by its host."""
    if host == "redirect.test":
        writer.write(b"HTTP/1.1 302 X\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    elif host == "drip.test":
        writer.write(head("text/html"))
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(1)
    elif host == "bomb.test":
        writer.write(head("text/html", "Content-Encoding: gzip") + bomb()[0])
        for _ in range(1_000):
            writer.write(bomb()[1])
            await writer.drain()
    else:
        writer.write(head("text/html", "Content-Length: 1000000000"))
        for _ in range(10_000):
            writer.write(b"<p>word</p>" * 9_091)
            await writer.drain()


def head(content_type: str, *lines: str) -> bytes:
    """Status line and headers."""
    first = ["HTTP/1.1 200 OK", f"Content-Type: {content_type}", "Connection: close"]
    return "\r\n".join([*first, *lines, "", ""]).encode()


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read one request, answer, close."""
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        host = next(line[5:].strip() for line in lines if line.lower().startswith("host:"))
        await answer(host, lines[0].split(" ")[1], writer)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()


async def main() -> None:
    """Serve until killed; the port is the first line on stdout."""
    for number in range(SITES):
        page(number)
    bomb()
    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=200)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

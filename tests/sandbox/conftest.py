"""A sandbox in process, and its two services as clients."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from evaluations.sandbox.app import Sandbox, SandboxConfig, create_app
from evaluations.sandbox.articles import LIBRARY, Article, load_library

QUERIES = ("recent football fixtures", "transfer market updates", "managerial changes", "league standings")

# As the prompt of an evaluation words its output format, one requirement a line.
INSTRUCTIONS = """\
You are a sports analyst writing a football report. Use only facts that are present in the search results.

Follow this output format exactly:
- Begin with a title on the first line, written as "# Title".
- Write nothing before the title: no greeting, no introduction of your answer.
- Write a section under the heading "## Transfers".
- Write the section "Transfers" as a bullet list, each item on its own line beginning with "- ".
- The section "Transfers" has at least 2 items.
- The section "Transfers" has at most 8 items.
- Write a section under the heading "## Managers".
- Write the section "Managers" as a bullet list, each item on its own line beginning with "- ".
- The section "Managers" has at least 1 item.
- The section "Managers" has at most 6 items.
- Write a section under the heading "## Standings".
- Write the section "Standings" as prose, without bullet lists.
- The section "Standings" has at least 30 words.
- The section "Standings" has at most 150 words.
- Keep the sections in the order given here.
- Write no other headings than these.
- Write at least 100 words in all.
- Write at most 600 words in all.
"""


@pytest.fixture(scope="session")
def facts() -> dict[str, Any]:
    """The fact sheet of the invented league."""
    return json.loads((LIBRARY / "facts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def articles() -> tuple[Article, ...]:
    """The library."""
    return load_library()


def ask(app: Sandbox, method: str, path: str, key: str = "any-key", **options: Any) -> httpx.Response:
    """One request to a sandbox in process, with a key for both services."""
    headers = {"Authorization": f"Bearer {key}", "X-Subscription-Token": key, **options.pop("headers", {})}

    async def one() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            return await client.request(method, path, headers=headers, **options)

    return asyncio.run(one())


def search(app: Sandbox, query: str, **params: str) -> httpx.Response:
    """A search as the pipeline asks it."""
    wanted = {"q": query, "text_decorations": "false", "extra_snippets": "true", **params}
    return ask(app, "GET", "/res/v1/web/search", params=wanted)


def chat(app: Sandbox, body: dict[str, Any], **options: Any) -> httpx.Response:
    """A chat request."""
    return ask(app, "POST", "/api/v1/chat/completions", json=body, **options)


def report_of(app: Sandbox, model: str, user: str, system: str = INSTRUCTIONS) -> str:
    """What a model writes."""
    return chat(app, chat_body(model, user, system)).json()["choices"][0]["message"]["content"]


def quick(**options: Any) -> Sandbox:
    """A sandbox that answers at once."""
    return create_app(SandboxConfig(**{"answer_seconds": 0, **options}))


def locked(articles: tuple[Article, ...], queries: tuple[str, ...] = QUERIES) -> str:
    """Articles as a locked context document: snippets on one line each, keys sorted."""
    sources = [
        {
            "rank": rank,
            "kind": "web",
            "title": article.title,
            "url": article.url,
            "publisher": article.publisher or "",
            "published": str(article.published or ""),
            "queries": [1],
            "snippets": [" ".join(passage.split()) for passage in article.passages],
            "text": "",
        }
        for rank, article in enumerate(articles, 1)
    ]
    asked = [{"position": place, "query": query, "failure": None} for place, query in enumerate(queries, 1)]
    document = {"schema": 1, "queries": asked, "sources": sources}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chat_body(model: str, user: str, system: str = INSTRUCTIONS, **fields: Any) -> dict[str, Any]:
    """A chat request as the pipeline sends it."""
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    return {"model": model, "messages": messages, "max_tokens": 2048, "stream": False, **fields}

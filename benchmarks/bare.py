"""The shortest script that asks every model at once: what `benchmarks.overhead` compares the product with.

One httpx pool, one gather, nothing stored: `python -m benchmarks.bare SEARCH_URL MODELS_URL COUNT`.
"""

import asyncio
import json
import sys

import httpx

STEADY = ("thorough", "brief", "freeform", "inventor")
QUERIES = ["recent football fixtures", "transfer market updates", "managerial changes", "league standings"]


async def main(search_url: str, models_url: str, count: int) -> None:
    """Four searches, then `count` models at once."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        found = []
        for query in QUERIES:
            answer = await client.get(
                f"{search_url}/res/v1/web/search",
                params={"q": query, "extra_snippets": "true"},
                headers={"X-Subscription-Token": "bench"},
            )
            found.append(answer.raise_for_status().json())
        messages = [
            {"role": "system", "content": "Write a football report."},
            {"role": "user", "content": json.dumps(found)},
        ]

        async def ask(number: int) -> str:
            answer = await client.post(
                f"{models_url}/chat/completions",
                json={"model": f"sandbox/{STEADY[number % 4]}", "messages": messages, "max_tokens": 2048},
                headers={"Authorization": "Bearer bench"},
            )
            text: str = answer.raise_for_status().json()["choices"][0]["message"]["content"]
            return text

        reports = await asyncio.gather(*(ask(number) for number in range(1, count + 1)))
    assert len(reports) == count


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

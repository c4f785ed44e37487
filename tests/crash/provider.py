"""Search, page reader, models and webhook as a server of its own that bills and can be asked afterwards what it did.

Every scenario has a path of its own, `/s/<scenario>`, and a ledger file that only this process writes. A
request that was read whole is billed before its answer leaves, as a provider does: whoever hangs up pays.
"""

import asyncio
import hashlib
import json
import multiprocessing
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

FLAKY = "maker/flaky"
MODELS = ("maker/first", FLAKY, "maker/last")
DEAR = "maker/dear"  # costs more than a call may: never asked
USD = {model: Decimal("0.0013") * (place + 1) for place, model in enumerate(MODELS)}
TEXT = "# Report\n\nHarbour Rovers beat Northgate 2-1 on Saturday. {model} read the sources and wrote this."


@dataclass(frozen=True)
class Books:
    """What the provider has on one scenario."""

    rows: list[dict[str, Any]]

    def asked(self, model: str) -> int:
        """Requests read whole."""
        return sum(row["model"] == model for row in self.rows)

    def billed(self, model: str) -> list[dict[str, Any]]:
        """Requests that cost money."""
        return [row for row in self.rows if row["model"] == model and row["usd"] != "0"]

    @property
    def usd(self) -> Decimal:
        """All that was billed."""
        return sum((Decimal(row["usd"]) for row in self.rows), Decimal(0))


class Provider:
    """Both services on one port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tries: dict[tuple[str, str], int] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            _, path, _ = head.split(" ", 2)
            length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1])) if length else b""
            scenario = path.split("/")[2]
            if path.endswith("/chat/completions"):
                await self.answer(scenario, body, writer)
            else:
                answer = json.dumps(self.look_up(scenario, path, body)).encode()
                await send(writer, 200, answer, {"X-RateLimit-Limit": "1000, 0"})
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def look_up(self, scenario: str, path: str, body: bytes) -> dict[str, Any]:
        """Search results, a page's text, the list of models, the key, what a generation cost, a notice taken."""
        if path.endswith("/scrape"):
            text = f"# {json.loads(body)['url']}\n\nHarbour Rovers beat Northgate 2-1 on Saturday."
            return {"success": True, "data": {"markdown": text, "metadata": {"statusCode": 200}}}
        if path.endswith("/notices"):
            return {}
        if "/generation?" in path:
            wanted = path.partition("id=")[2]
            rows = books_of(self.folder, scenario).rows
            return {"data": {"total_cost": next(float(row["usd"]) for row in rows if row["generation"] == wanted)}}
        if path.endswith("/key"):
            return {"data": {"label": "test", "limit": None, "limit_remaining": None, "usage": 0}}
        if path.endswith("/models"):
            return {"data": [listed(model) for model in (*MODELS, DEAR)]}
        return {"web": {"results": [found(rank) for rank in range(1, 4)]}}

    async def answer(self, scenario: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        """Bill, remember, answer; the flaky model first refuses without cost."""
        request = json.loads(body)
        model = request["model"]
        number = self.tries[scenario, model] = self.tries.get((scenario, model), 0) + 1
        refused = number == 1 and self.is_flaky(model)
        generation = f"gen-{scenario}-{model.split('/')[1]}-{number}"
        usd = Decimal(0) if refused else USD.get(model, Decimal("0.001"))
        document = {
            "id": generation,
            "model": model,
            "provider": "Loopback",
            "choices": [
                {
                    "finish_reason": "stop",
                    "native_finish_reason": "stop",
                    "message": {"role": "assistant", "content": TEXT.format(model=model)},
                }
            ],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "cost": float(usd)},
        }
        answer = json.dumps(document).encode()
        self.remember(
            scenario,
            model=model,
            usd=str(usd),
            generation=generation,
            messages=digest(messages_in(body)),
            system=digest(request["messages"][0]["content"].encode()),
            user=digest(request["messages"][1]["content"].encode()),
            answer=digest(answer),
        )
        if refused:
            await send(writer, 503, b'{"error": {"code": 503, "message": "busy"}}', {"Retry-After": "0"})
        else:
            # The last one names no generation in its headers.
            headers = {} if model == MODELS[-1] else {"X-Generation-Id": generation}
            await send(writer, 200, answer, headers, halves=True)

    def is_flaky(self, model: str) -> bool:
        """Whether a model's first request is refused."""
        return model == FLAKY

    def remember(self, scenario: str, **row: str) -> None:
        """One line of the scenario's ledger."""
        with (self.folder / f"{scenario}.jsonl").open("a") as file:
            file.write(json.dumps(row) + "\n")


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def messages_in(body: bytes) -> bytes:
    """The serialised messages array, byte for byte as it came."""
    text, start = body.decode(), len('{"messages":')
    _, end = json.JSONDecoder().raw_decode(text, start)
    return text[start:end].encode()


def found(rank: int) -> dict[str, Any]:
    """One search result."""
    return {
        "title": f"Harbour Rovers beat Northgate ({rank})",
        "url": f"https://echo.example/{rank}",
        "description": "Harbour Rovers beat Northgate 2-1 on Saturday. Ada Lund scored twice.",
        "page_age": "2026-11-20T10:00:00",
    }


def listed(model: str) -> dict[str, Any]:
    """A model as `/models` lists it."""
    return {
        "id": model,
        "context_length": 200_000,
        "pricing": {"prompt": "0.000001", "completion": "1" if model == DEAR else "0.000002"},
        "supported_parameters": ["temperature", "max_tokens"],
        "expiration_date": None,
    }


async def send(
    writer: asyncio.StreamWriter, status: int, body: bytes, headers: dict[str, str], halves: bool = False
) -> None:
    """An answer; in `halves`, the head and the body's two halves leave one after the other."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    if halves:
        await writer.drain()
        await asyncio.sleep(0.001)
        writer.write(body[: len(body) // 2])
        await writer.drain()
        await asyncio.sleep(0.001)
        body = body[len(body) // 2 :]
    writer.write(body)
    await writer.drain()


def start(folder: Path, kind: type[Provider] = Provider) -> tuple[multiprocessing.Process, str]:
    """The provider in a process of its own, and its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=run, args=(kind(folder), theirs), daemon=True)
    process.start()
    return process, f"http://127.0.0.1:{ours.recv()}"


def run(provider: Provider, pipe: Any) -> None:
    """Serve until the process is ended."""

    async def forever() -> None:
        server = await asyncio.start_server(provider.serve, "127.0.0.1", 0, backlog=1_000)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    try:
        asyncio.run(forever())
    except KeyboardInterrupt:
        sys.exit(130)


def books_of(folder: Path, scenario: str) -> Books:
    """What the provider has on a scenario."""
    path = folder / f"{scenario}.jsonl"
    return Books([json.loads(line) for line in path.read_text().splitlines()] if path.exists() else [])

"""Serves the sandbox over TCP with uvicorn."""

import asyncio
import signal
import socket

import uvicorn

from evaluations.sandbox.app import Sandbox

BACKLOG = 2048
# As the real services do. With uvicorn's 5 s a client that takes a connection out of its pool and writes after some
# work of its own, such as hundreds of requests to prepare, finds it closed: a ReadError.
KEEP_ALIVE_SECONDS = 75


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections from now on; port 0 takes a free one. Raises OSError."""
    return socket.create_server((host, port), backlog=BACKLOG)


def serve(app: Sandbox, host: str = "127.0.0.1", port: int = 8100) -> None:
    """Serves until SIGINT or SIGTERM. Prints the base URLs in one line once it listens."""
    with listen(host, port) as listening:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        asyncio.run(_serve(uvicorn.Server(config), listening))


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    # uvicorn hands a signal on, once it has ended, to whoever handled it before: nobody, for a clean exit.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    host, port = listening.getsockname()[:2]
    base = f"http://{host}:{port}"
    print(f"BRAVE_BASE_URL={base} OPENROUTER_BASE_URL={base}/api/v1", flush=True)
    await server.serve(sockets=[listening])

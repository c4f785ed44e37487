"""Serves the sandbox over TCP with uvicorn."""

import asyncio
import socket

import uvicorn

from evaluations.sandbox.app import Sandbox

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections from now on; port 0 takes a free one. Raises OSError when it is taken."""
    listening = socket.create_server((host, port), backlog=BACKLOG)
    listening.set_inheritable(True)
    return listening


def serve(app: Sandbox, host: str = "127.0.0.1", port: int = 8100) -> None:
    """Serves until SIGINT or SIGTERM. Prints the base URLs in one line once it listens."""
    with listen(host, port) as listening:
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", server_header=False
        )
        asyncio.run(_serve(uvicorn.Server(config), listening))


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    base = f"http://{host}:{port}"
    print(f"BRAVE_BASE_URL={base} OPENROUTER_BASE_URL={base}/api/v1", flush=True)  # noqa: T201
    await server.serve(sockets=[listening])

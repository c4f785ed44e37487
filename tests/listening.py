"""A loopback server for tests that leaves no socket behind."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

type Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

# A connection that was just accepted reaches its handler some turns of the loop later. Were the server closed, or the
# task ended, on the way, it would belong to nobody, and Python warn of its socket in whichever test comes next.
TURNS = 10


@asynccontextmanager
async def listening(handle: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port, on 127.0.0.1. At the end nobody is answered any more, and every connection is closed."""
    answering: set[asyncio.Task[None] | None] = set()
    writers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        answering.add(task)
        writers.append(writer)
        try:
            await handle(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # The other side hung up, or the end has come.
        finally:
            writer.close()
            answering.discard(task)

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        server.close()
        left = [task for task in answering if task]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for writer in writers:
            # One that is closed and has nothing to say may have let go of its loop.
            if tls or not writer.transport.is_closing() or writer.transport.get_write_buffer_size():
                writer.transport.abort()
        await asyncio.sleep(0)


@contextmanager
def listening_in_a_thread(handle: Handler, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The same beside a test that does not run in a loop of its own."""
    ports: list[int] = []
    ready, done = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def listen() -> None:
        async with listening(handle, tls) as port:
            ports.append(port)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(listen()), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(30)
        loop.close()

"""A TCP proxy that cuts connections at random, in the middle of whatever."""
import asyncio
import random
import threading


class Proxy:
    """Forwards a port of its own to another. Each connection is reset after a
    random number of bytes in either direction, `cut_bytes` on average."""

    NEVER = 1 << 60

    def __init__(self, port, seed, cut_bytes):
        self.target, self.chance, self.cut_bytes = port, random.Random(seed), cut_bytes
        self.cuts = 0
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()

    async def _serve(self):
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._done.wait()
        server.close()

    async def _connection(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        left = [1 + int(self.chance.expovariate(1 / self.cut_bytes))]

        async def forward(source, sink):
            while data := await source.read(65536):
                # A part still arrives: the cut may be inside a message.
                part = data[:max(0, left[0])]
                left[0] -= len(data)
                sink.write(part)
                await sink.drain()
                if left[0] <= 0:
                    self.cuts += 1
                    break

        halves = [asyncio.ensure_future(forward(reader, far_writer)),
                  asyncio.ensure_future(forward(far_reader, writer))]
        await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
        for half in halves:
            half.cancel()
        await asyncio.gather(*halves, return_exceptions=True)
        for side in (writer, far_writer):
            side.transport.abort()

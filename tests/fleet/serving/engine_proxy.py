# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands before an engine's socket, counts the calls that change something, and kills or holds who makes a certain one.

Also as a program, on a host that has nothing but Python: `python3 engine_proxy.py SOCKET NUMBER MOMENT`. There SIGUSR1
lets what is held go on.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from types import TracebackType
from typing import Self

ENGINE = "/var/run/docker.sock"

CHANGE = re.compile(
    r"POST /v[\d.]+/containers/(?:create|[^/]+/(?:start|stop|kill|restart|rename|update))\b"
    r"|POST /v[\d.]+/networks/[^/]+/(?:connect|disconnect)\b"
    r"|DELETE /v[\d.]+/containers/"
)

#: A call is not answered because whoever makes it dies before it is passed on, or after the engine has done it. Or it is
#: held before it is passed on, until it may go on.
BEFORE, AFTER, HELD = "before", "after", "held"

#: Seconds that a call is held at most.
HOLD = 120

HOP = ("connection", "transfer-encoding")


class Engine(http.client.HTTPConnection):
    """A connection to this machine's engine."""

    def __init__(self) -> None:
        super().__init__("engine")

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(ENGINE)


class EngineProxy(ThreadingUnixStreamServer):
    """Listens inside a `with` block. `calls` has the changes so far; `look` is called after each that was done."""

    # At the end of the block all calls have come to theirs, those of a process that was killed too.
    daemon_threads = False

    def __init__(self, path: Path, number: int = 0, moment: str = AFTER, look: Callable[[], object] = bool) -> None:
        super().__init__(str(path), _Call)
        path.chmod(0o666)
        self.number, self.moment, self.look = number, moment, look
        self.calls: list[str] = []
        self.killed = False
        self.go_on = threading.Event()
        self._counting = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
        Path(str(self.server_address)).unlink()

    def counted(self, call: str) -> bool:
        """Note a change; return whether it is the one."""
        with self._counting:
            self.calls.append(call)
            return len(self.calls) == self.number

    def hold(self) -> None:
        """Wait until it may go on."""
        print(f"held at {self.calls[self.number - 1]}", file=sys.stderr, flush=True)
        self.go_on.wait(HOLD)

    def kill(self, connection: socket.socket) -> None:
        """Kill the process at the other end."""
        size = struct.calcsize("3i")
        pid, _user, _group = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        os.kill(pid, signal.SIGKILL)
        self.killed = True
        print(f"killed at {self.calls[self.number - 1]}", file=sys.stderr, flush=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was killed does not read its answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Call(BaseHTTPRequestHandler):
    server: EngineProxy

    def parse_request(self) -> bool:
        """Pass on every method; a connection is for one call, so that its end is that of the answer."""
        parsed = super().parse_request()
        if parsed:
            setattr(self, f"do_{self.command}", self._pass_on)
        return parsed

    def log_message(self, *_arguments: object) -> None:
        pass

    def _pass_on(self) -> None:
        call = f"{self.command} {self.path}"
        changes = CHANGE.match(call) is not None
        fatal = changes and self.server.counted(call)
        if fatal and self.server.moment == BEFORE:
            self.server.kill(self.connection)
            return
        if fatal and self.server.moment == HELD:
            self.server.hold()
            fatal = False
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        engine = Engine()
        engine.request(self.command, self.path, body, dict(self.headers))
        response = engine.getresponse()
        if fatal:
            self.server.kill(self.connection)
            return
        if changes:
            self.server.look()
        self._answer(response)

    def _answer(self, response: http.client.HTTPResponse) -> None:
        self.send_response_only(response.status)
        for key, value in response.getheaders():
            if key.lower() not in HOP:
                self.send_header(key, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while chunk := response.read1():
            self.wfile.write(chunk)


def main(path: str, number: str, moment: str) -> None:
    """Stand there until the end of the process."""
    with EngineProxy(Path(path), int(number), moment) as proxy:
        signal.signal(signal.SIGUSR1, lambda _number, _frame: proxy.go_on.set())
        print("listening", file=sys.stderr, flush=True)
        while True:
            signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])

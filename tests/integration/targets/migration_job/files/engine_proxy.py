# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy of the engine, whose end cuts all connections: listens at the socket that is given, and forwards everything.

Its process ID is written beside the socket.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

ENGINE = "/var/run/docker.sock"


async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    engine_reader, engine_writer = await asyncio.open_unix_connection(ENGINE)
    await asyncio.gather(forward(reader, engine_writer), forward(engine_reader, writer))


async def main(socket: str) -> None:
    Path(f"{socket}.pid").write_text(str(os.getpid()), encoding="ascii")
    server = await asyncio.start_unix_server(serve, socket)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

"""Runs a server of its own on its event loop, and asks it.

succeeds: done
stopped by: system calls or files
"""
import asyncio


async def answer(reader, writer):
    writer.write(await reader.readline())
    writer.close()


async def ask():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"@TOKEN@\n")
    print((await reader.readline()).decode())
    writer.close()
    server.close()


asyncio.run(ask())

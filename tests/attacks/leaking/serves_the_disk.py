"""Serves the whole disk as static files and asks itself for the hidden checks.

succeeds: read
stopped by: files or private view
"""
import asyncio

from starlette.staticfiles import StaticFiles


async def serve():
    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        print(message.get("body", b"").decode())

    scope = {"type": "http", "method": "GET", "path": "@GRADER@", "root_path": "", "headers": []}
    await StaticFiles(directory="/")(scope, receive, send)


asyncio.run(serve())

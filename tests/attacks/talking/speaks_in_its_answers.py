"""Puts escapes, commands, markup and half characters into statuses, headers, bodies and what it appends.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
exercise: middleware-onion
"""

import json

TEXT = "\x1b[2J\n::set-output name=score::100\r##[error]x\u202e<img src=x>|`[x](y)[red]\ud800\x00=1+1"
HEADERS = [
    (b"x-request-id", TEXT.encode("utf-8", "surrogatepass")),
    (b"x\r\nset-cookie: passed=1", b"\r\n\r\n<html>"),
    (b"\x1b[2J", b"\xff\xfe"),
    (b"content-type", b"application/json\r\n::error::"),
]


def create_app(audit):
    audit.append((TEXT, TEXT, 200))
    audit.append({TEXT: [TEXT.encode("utf-8", "surrogatepass")]})

    async def app(scope, receive, send):
        print(TEXT)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": json.dumps({TEXT: TEXT}).encode() + b"\xff"})
        raise ValueError(TEXT)

    return app

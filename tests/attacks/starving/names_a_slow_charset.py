"""Names a character set whose decoder takes time that grows with the square of the text.

succeeds: harmed
stopped by: process
control: none, it harms only whoever reads its answers
exercise: middleware-onion
"""

CHARSETS = [b"punycode", b"idna", b"unicode_escape", b"rot13", b"zip"]


def create_app(audit):
    async def app(scope, receive, send):
        content_type = b"text/plain; charset=" + CHARSETS[len(scope["path"]) % len(CHARSETS)]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type)]})
        await send({"type": "http.response.body", "body": b"a" * 250_000 + b"-" + b"99" * 125_000})

    return app

"""Fills the audit with texts whose comparison a careful assertion would explain for a minute.

succeeds: harmed
stopped by: process
control: none, it harms only whoever explains a difference
exercise: middleware-onion
"""


def create_app(audit):
    async def app(scope, receive, send):
        text = "\n".join(f"{number % 7} {'ab' * (number % 5)}" for number in range(20_000))
        audit.append((text, text[::-1], 200))
        headers = [(b"x-request-id", text.encode()[:200_000])]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})

    return app

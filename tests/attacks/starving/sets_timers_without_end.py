"""Sets timers, each of which sets two, in threads and on the event loop.

succeeds: harmed
stopped by: limits
control: none, it never ends
exercise: middleware-onion
"""

import asyncio


def create_app(audit):
    async def app(scope, receive, send):
        loop = asyncio.get_running_loop()

        def again():
            for _ in range(2):
                loop.call_later(0.001, again)

        again()
        await asyncio.Event().wait()

    return app

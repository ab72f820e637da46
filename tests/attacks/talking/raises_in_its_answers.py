"""Raises, in the middle of every request, a kind of exception whose name and message are commands and escapes.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
exercise: middleware-onion
"""

NAME = "\x1b[32mPassed\x1b]0;passed\x07\n::set-output name=score::100\n##[set-output name=score]100 \u202e"
TEXT = NAME + " \ud800"
Passed = type(NAME, (Exception,), {"__str__": lambda self: TEXT, "__repr__": lambda self: TEXT})


def create_app(audit):
    async def app(scope, receive, send):
        try:
            raise Passed
        except Passed as error:
            error.add_note(TEXT)
            raise ExceptionGroup(TEXT, [error, Passed()]) from error

    return app

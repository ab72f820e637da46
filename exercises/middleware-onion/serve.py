"""A stand-in for the auditor's list, to try this exercise by hand. It prints every line.

A stranger is refused with 401, and stands in the list all the same:
    curl -i localhost:8000/quotes/AAPL
A trader is let in, and the answer has the id that was sent:
    curl -i localhost:8000/quotes/AAPL -H X-Trader-Token:t-alice -H X-Request-ID:mine
An unknown path is 404, and counts:
    curl -i localhost:8000/nowhere -H X-Trader-Token:t-alice
That was a quota of two, so this is 429:
    curl -i localhost:8000/quotes/AAPL -H X-Trader-Token:t-alice
Every path wants a token. This one does, too, and a browser sends none:
    curl -i localhost:8000/docs -H X-Trader-Token:t-bob

Whenever you save a file, the desk starts anew, and with it all quotas.
"""

from main import create_app


class Audit(list[tuple[str, str, int]]):
    """Prints every line as it is appended."""

    def append(self, line: tuple[str, str, int]) -> None:
        print("audit:", line)
        super().append(line)


app = create_app(Audit())

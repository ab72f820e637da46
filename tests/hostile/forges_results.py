"""Answers commands that it has not been given yet, each with success."""

import gc
import json

(performer,) = [one for one in gc.get_objects() if type(one).__name__ == "Performer"]
channel = performer._channel


def say(message):
    channel.sendall(json.dumps(message).encode() + b"\n")


for number in range(1, 50):
    say({"t": "result", "re": number, "value": True})

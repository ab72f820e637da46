"""Writes on the channel what is no message at all."""

import gc
import json

(performer,) = [one for one in gc.get_objects() if type(one).__name__ == "Performer"]
channel = performer._channel


def say(message):
    channel.sendall(json.dumps(message).encode() + b"\n")


channel.sendall(b'\xff\x00{"t": "result"\n[[[[\n')

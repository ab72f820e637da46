"""Says that it is loaded before it is, and that it holds whatever may be asked for."""

import gc
import json

(performer,) = [one for one in gc.get_objects() if type(one).__name__ == "Performer"]
channel = performer._channel


def say(message):
    channel.sendall(json.dumps(message).encode() + b"\n")


say({"t": "ready", "names": ["create_app", "TOKENS", "QUOTA"]})
raise ValueError("there is nothing behind it")

"""Says over and over that nothing in it can move any more."""

import gc
import json

(performer,) = [one for one in gc.get_objects() if type(one).__name__ == "Performer"]
channel = performer._channel


def say(message):
    channel.sendall(json.dumps(message).encode() + b"\n")


for seen in range(50):
    say({"t": "idle", "seen": seen, "alarm": None, "outside": 0, "loop": "idle", "waits_for": None, "frames": []})

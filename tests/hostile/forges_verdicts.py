"""Writes on the channel to the grader that it has passed."""

import gc
import json

(performer,) = [one for one in gc.get_objects() if type(one).__name__ == "Performer"]
channel = performer._channel


def say(message):
    channel.sendall(json.dumps(message).encode() + b"\n")


for check in ("accepted_requests_pass_through_every_layer", "refused_requests_carry_the_request_id"):
    verdict = {"job": "forges_verdicts", "check": check, "outcome": "passed", "message": "", "duration": 0.0}
    say({"t": "verdict", "verdict": verdict, **verdict})

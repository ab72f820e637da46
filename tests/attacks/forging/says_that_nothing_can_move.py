"""Says over and over that nothing in it can move any more, so that a check may stop to wait for a failure.

succeeds: points
stopped by: process
control: none, a grader in the same process has no connection to write on
"""

import gc

for performer in [one for one in gc.get_objects() if type(one).__name__ == "Performer"]:
    for seen in range(50):
        performer.send(
            {"t": "idle", "seen": seen, "alarm": None, "outside": 0, "loop": "idle", "waits_for": None, "frames": []}
        )

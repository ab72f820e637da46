"""`python -I -m proctor.stage PLAN`: the side of the submission, as the JSON object PLAN says.

With ``control``, a descriptor, it is the warm server on that control socket. With ``channel``, a descriptor too, it is
one stage that nobody has forked; with ``debugging`` besides, one in which a learner steps through the own code.
"""

from proctor.stage import replacements

replacements.install()  # before anything is imported that keeps a lock or a clock of its own

import json  # noqa: E402 - see above
import os  # noqa: E402 - same
import socket  # noqa: E402 - same
import sys  # noqa: E402 - same
from pathlib import Path  # noqa: E402 - same

from proctor.isolation import privileges  # noqa: E402 - same
from proctor.isolation.launcher import Debugging  # noqa: E402 - same
from proctor.isolation.layers import Layer, Profile  # noqa: E402 - same
from proctor.isolation.sandbox import Sandbox  # noqa: E402 - same
from proctor.isolation.stage_folder import StageFolder  # noqa: E402 - same
from proctor.stage import entry, loop, streams, warm  # noqa: E402 - same

plan = json.loads(sys.argv[1])
if "control" in plan:
    warm.serve(socket.socket(fileno=plan["control"]), plan)
else:
    loop.install()
    if plan["own_user"]:
        privileges.own_user()
    channel = socket.socket(fileno=plan["channel"])
    debugging = Debugging.from_plan(plan["debugging"]) if "debugging" in plan else None
    streams.redirect(os.dup(1))  # line by line: the end comes as a signal, and would lose what is kept back
    entry.close_all_but({channel.fileno(), *(debugging.descriptors if debugging else ())})
    sandbox = Sandbox([Layer(name) for name in plan["layers"]], Profile(plan["profile"]))
    entry.perform(StageFolder(Path(plan["folder"])), plan["module"], channel, sandbox, debugging=debugging)

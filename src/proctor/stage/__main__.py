"""`python -I -m proctor.stage FD`: the warm server, on the control socket that is descriptor FD."""

from proctor.stage import replacements

replacements.install()  # before anything is imported that keeps a lock or a clock of its own

import socket  # noqa: E402 - see above
import sys  # noqa: E402 - see above

from proctor.stage import warm  # noqa: E402 - see above

warm.serve(socket.socket(fileno=int(sys.argv[1])))

"""Kills the process from which every stage is forked."""

import os
import signal


def create_app(audit):
    os.kill(os.getppid(), signal.SIGKILL)

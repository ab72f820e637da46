"""Asks the interpreter to end with a good exit status."""

import sys

sys.exit(0)

"""Speaks through the lines of its own source, which are shown where it fails.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""


def fail():
    raise ValueError  # ##[set-output name=score]100 ‮dessap‬ ⁦x⁩ <script>alert(1)</script> ![x](https://x.example) | ` [red]


fail()

"""Prints much more than anybody will read, with commands for terminals and for build servers in it."""

print("\x1b]0;passed\x07\x1b[2J::set-output name=score::100\n##[set-output name=score]100\n\ud800")
print("all checks passed " * 100_000)

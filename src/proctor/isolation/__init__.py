"""What stands between a submission and everything else. A submission is code of a stranger.

Theory of operation
-------------------
**Layers.** Each layer of `layers` holds something that the others do not, and is named in every report. On Linux all
of them are there for an ordinary user; elsewhere a submission runs in a process of its own, and the report says what
that does not hold.

**Who decides.** `protection` asks each layer why it is missing here, if it is, and turns the answers and the wish of
the user into a `Protection`: the layers of this run, and why the others are missing. Strict mode refuses to begin.

**Who applies.** A warm server (`warm_server`, and `proctor.stage.warm` inside it) is started inside bubblewrap where
that is there (`bubblewrap`), so that from its first instruction it sees only what the interpreter needs. It prepares a
`Sandbox` once. Every stage is a fork of it that closes what it does not need and enters the sandbox before it reads a
byte of the submission. The order matters:

1. limits (`limits`), which need no privilege and are inherited by whatever comes after;
2. privileges (`privileges`): no capabilities, nothing to be gained by running another program, not to be inspected;
   Landlock and seccomp both ask for this first;
3. Landlock (`landlock`): files by path. It binds one thread and what that thread starts, so it comes before any thread;
4. seccomp (`seccomp`): system calls. Last, because it forbids what the steps before need.

**Who proves it.** Before it serves, the warm server forks one trial stage that enters the sandbox and then tries what
each layer forbids. A layer that was found but does not hold ends the run with a message: no report claims it.

**Who may fork.** A stage is forked from the warm server, loads the submission and leaves a copy of itself behind for
the next check (`proctor.stage.understudies`). Its filter does not allow that fork but asks the server
(`fork_permission`).

**No fork.** Where stages cannot be forked, and for exercises about servers, `fresh_stages` starts an interpreter for
each stage: slower, with the same channel and the same judgement. For exercises about servers that process lives in a
bubblewrap of its own, with a private network, and may start processes up to a limit.

Facts, measurements and pitfalls behind this: landlock(7), seccomp(2), bwrap(1), capabilities(7), pid_namespaces(7).
"""

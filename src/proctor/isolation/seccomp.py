"""The layer of system calls: a list of what a stage may ask the kernel for. Everything else is refused with EPERM.

`compile_filter` runs once in the warm server, with libseccomp, which knows the numbers of every machine and closes the
side doors (other calling conventions, the upper halves of registers). `load` installs the result in a stage: one call.
A filter that asks hands every fork to whoever holds its listener (`proctor.isolation.fork_permission`).

Left out of the list on purpose: socket, connect and bind (network), clone without CLONE_THREAD, fork and execve
(processes), kill and its kin (signals), chmod, chown, utime and setxattr (Landlock does not see them), link and
symlink, memfd_create and System V memory (not counted by the limits), ptrace, io_uring, bpf, keyctl, mount, unshare
and setns.

Sources: seccomp(2), clone(2), and libseccomp's seccomp_rule_add(3).
"""

import ctypes
import ctypes.util
import errno
import importlib
import os
import signal
import sys
from typing import Any, Final

from proctor.isolation.layers import Profile
from proctor.isolation.privileges import gain_nothing

__all__ = ["compile_filter", "load", "load_with_listener", "why_missing"]

_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_NEW_LISTENER: Final = 1 << 3
_LIBRARY: Final = "libseccomp.so.2"
_INSTRUCTION: Final = 8
"""Bytes of one instruction of a filter (struct sock_filter)."""

_PLAIN: Final = """
read write readv writev pread64 pwrite64 preadv preadv2 pwritev pwritev2 open openat close close_range lseek
stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd chdir fchdir
dup dup2 dup3 flock fsync fdatasync ftruncate truncate mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2
umask fallocate copy_file_range sendfile fadvise64 statfs fstatfs fchmod
mmap munmap mremap mprotect madvise brk msync
exit exit_group getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid
getrlimit getrusage times sysinfo uname sched_yield sched_getaffinity getpriority
set_robust_list get_robust_list rseq arch_prctl set_tid_address futex membarrier getcpu
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait rt_sigsuspend rt_sigpending sigaltstack restart_syscall pause
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time timerfd_create timerfd_settime timerfd_gettime
alarm setitimer getitimer
epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 poll ppoll select pselect6 eventfd2 pipe pipe2
recvfrom recvmsg sendto sendmsg shutdown getsockname getpeername getsockopt setsockopt
getrandom wait4 waitid
"""

_SERVERS: Final = """
fork vfork execve execveat setsid setpgid kill tgkill tkill pidfd_open pidfd_send_signal
socket socketpair bind connect listen accept accept4 recvmmsg sendmmsg
chmod fchmodat chown fchown fchownat utimensat symlink symlinkat link linkat memfd_create
setrlimit signalfd4 inotify_init1 inotify_add_watch inotify_rm_watch
"""
"""What servers need beyond that. They live in a network and among processes of their own."""

_CLONE_THREAD: Final = 0x00010000
_CLONE_FORK: Final = 0x01200000 | signal.SIGCHLD
"""CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID and the signal at its end: what fork(3) of the C library asks for."""

_CLONE_NAMESPACES: Final = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET of linux/sched.h."""

_FCNTL: Final = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, the locks, and F_DUPFD_CLOEXEC; not F_SETOWN, which sends signals."""

_IOCTL: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX; not TIOCSTI, which types into a terminal."""

_FCNTL_OF_SERVERS: Final = (8,)
_IOCTL_OF_SERVERS: Final = (0x5452,)
"""F_SETOWN and FIOASYNC: nginx has its workers signalled over a socket; they may signal each other anyway."""

_PRCTL: Final = (15, 16)
"""PR_SET_NAME and PR_GET_NAME, for the names of threads."""

_PR_SET_PDEATHSIG: Final = 1


def why_missing() -> str:
    """Say why this layer cannot be had on this machine, or return an empty text."""
    if sys.platform != "linux":
        return f"seccomp is Linux's, and this is {sys.platform}"
    try:
        ctypes.CDLL(_LIBRARY)
    except OSError:
        return f"`{_LIBRARY}` is not installed (Debian and Ubuntu: `apt install libseccomp2`; Fedora: `libseccomp`)"
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, None)
    if ctypes.get_errno() != errno.EFAULT:  # a kernel that has it goes on to read the filter, which is not there
        return "this kernel has no seccomp filters (CONFIG_SECCOMP_FILTER)"
    return ""


def compile_filter(profile: Profile, *, asks_to_fork: bool = False) -> bytes:
    """Return the filter of a profile as the kernel reads it. Raises OSError when libseccomp refuses a rule."""
    pyseccomp = _import_pyseccomp()
    filter_ = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    # Calls by another convention end the process; the default ends a thread, and leaves a stage that says nothing.
    filter_.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    names = _PLAIN.split() + (_SERVERS.split() if profile is Profile.SERVERS else [])
    for name in dict.fromkeys(names):
        try:
            filter_.add_rule(pyseccomp.ALLOW, name)
        except OSError:
            if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
                raise
            continue  # this machine has no such call
    serves = profile is Profile.SERVERS
    fcntl, ioctl = _FCNTL + _FCNTL_OF_SERVERS * serves, _IOCTL + _IOCTL_OF_SERVERS * serves
    for name, position, allowed in (("fcntl", 1, fcntl), ("prctl", 0, _PRCTL), ("ioctl", 1, ioctl)):
        for value in allowed:
            filter_.add_rule(pyseccomp.ALLOW, name, pyseccomp.Arg(position, pyseccomp.MASKED_EQ, 0xFFFFFFFF, value))
    _allow_clone(pyseccomp, filter_, profile)
    if asks_to_fork:
        fork = pyseccomp.Arg(0, pyseccomp.EQ, _CLONE_FORK)
        filter_.add_rule(pyseccomp.NOTIFY, "clone", fork)
        of_parent = pyseccomp.Arg(0, pyseccomp.EQ, _PR_SET_PDEATHSIG)
        filter_.add_rule(pyseccomp.ALLOW, "prctl", of_parent, pyseccomp.Arg(1, pyseccomp.EQ, signal.SIGKILL))
    if profile is Profile.PLAIN:
        # Only stream pairs: a datagram pair can send to any socket that has a path.
        stream = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xF, 1)
        filter_.add_rule(pyseccomp.ALLOW, "socketpair", pyseccomp.Arg(0, pyseccomp.EQ, 1), stream)
    ours, read_only = pyseccomp.Arg(0, pyseccomp.EQ, 0), pyseccomp.Arg(2, pyseccomp.EQ, 0)
    filter_.add_rule(pyseccomp.ALLOW, "prlimit64", ours, read_only)
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        filter_.export_bpf(file)
        file.seek(0)
        return file.read()


def _import_pyseccomp() -> Any:
    """Import it with the name of its library, which it would ask ldconfig for; in a private view there is none."""
    find_library = ctypes.util.find_library
    ctypes.util.find_library = _name_of_library
    try:
        return importlib.import_module("pyseccomp")
    finally:
        ctypes.util.find_library = find_library


def _name_of_library(_name: str) -> str:
    return _LIBRARY


def _allow_clone(pyseccomp: Any, filter_: Any, profile: Profile) -> None:
    """Allow threads, and to servers processes too, but no namespaces."""
    if profile is Profile.PLAIN:
        thread = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD)
        filter_.add_rule(pyseccomp.ALLOW, "clone", thread)
    else:
        plain = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_NAMESPACES, 0)
        filter_.add_rule(pyseccomp.ALLOW, "clone", plain)
    # The flags of clone3 lie in memory, where a filter cannot look; without it, the C library falls back to clone.
    filter_.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def load(program: bytes) -> None:
    """Install a filter in this thread and all that it starts, for good. Raises OSError when the kernel refuses."""
    gain_nothing()
    if _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _describe(program)):
        number = ctypes.get_errno()
        raise OSError(number, f"the system call filter cannot be installed: {os.strerror(number)}")


def load_with_listener(program: bytes) -> int | None:
    """Install a filter that asks, and return the descriptor over which it does.

    None where the kernel has no such thing, or a container around this process has one already.
    """
    number = _import_pyseccomp().resolve_syscall(_import_pyseccomp().Arch.NATIVE, "seccomp")
    gain_nothing()
    listener = ctypes.CDLL(None, use_errno=True).syscall(
        number, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_NEW_LISTENER, _describe(program)
    )
    return listener if listener >= 0 else None


def _describe(program: bytes) -> Any:
    """Return a filter as the kernel takes it."""
    instructions = ctypes.create_string_buffer(program, len(program))
    return ctypes.byref(_Program(len(program) // _INSTRUCTION, ctypes.cast(instructions, ctypes.c_void_p)))


def _prctl(option: int, mode: int, argument: Any) -> int:
    return ctypes.CDLL(None, use_errno=True).prctl(option, ctypes.c_ulong(mode), argument, 0, 0)

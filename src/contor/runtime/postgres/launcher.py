"""How Contor starts another program so that nothing of it outlives Contor.

A tiny interpreter becomes the program: it takes another identity where one is asked for, asks the kernel for a signal at
the death of its parent, sees that the parent still lives, and executes the command under the same process id. A fresh
single-threaded process can do that safely; a fork of a threaded server cannot. Run as a script this file imports nothing of
Contor.
"""

import ctypes
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

NOT_ALLOWED = 120
"""Exit status: the identity could not be taken."""
NOT_REACHABLE = 121
"""Exit status: a path is out of reach of the identity."""
ORPHANED = 122
"""Exit status: the parent died before the command was executed."""

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_CLONE_NEWUSER = 0x10000000


def launched(
    command: Sequence[str],
    *,
    death_signal: int,
    namespace: tuple[int, int] | None = None,
    user: tuple[int, int] | None = None,
    writable: Sequence[str] = (),
    nice: int = 0,
    policy: str | None = None,
) -> list[str]:
    """The argument list that becomes `command` (whose first word is a path), to be started by the calling process.

    The command gets `death_signal` when the *thread* that starts it ends. `namespace` is a (uid, gid) to be seen as in a user
    namespace of its own, `user` a (uid, gid) to become before that; either ends with `NOT_ALLOWED` where it is refused, and with
    `NOT_REACHABLE` when the command cannot be executed or a `writable` path not be written. `nice` is added to the priority;
    `policy` is `idle` or `batch`.
    """
    order = {
        "parent": os.getpid(),
        "signal": int(death_signal),
        "namespace": namespace,
        "user": user,
        "writable": list(writable),
        "nice": nice,
        "policy": policy,
    }
    return [sys.executable, "-I", "-S", os.path.abspath(__file__), json.dumps(order), *command]  # noqa: PTH100  # no more is imported here than it takes


def _enter_namespace(uid: int, gid: int) -> None:
    """A user namespace in which the present user has another id: PostgreSQL refuses to be root, files stay reachable."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    # setgroups first: without that the kernel refuses the gid_map of who has no privilege (user_namespaces(7))
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {outer_uid} 1"), ("gid_map", f"{gid} {outer_gid} 1")):
        handle = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(handle, text.encode())
        os.close(handle)


def _become(uid: int, gid: int) -> None:
    """Become another user, who may not reach this interpreter's library: nothing can be imported afterwards."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if sys.platform == "linux":  # after the change /proc/self belongs to root until this
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def lower_priority(nice: int, policy: str | None) -> None:
    if nice:
        os.nice(nice)
    if policy and sys.platform == "linux":
        try:
            os.sched_setscheduler(0, os.SCHED_IDLE if policy == "idle" else os.SCHED_BATCH, os.sched_param(0))
        except PermissionError as error:  # a container may forbid it; the nice value has to do
            print(f"contor: scheduling policy {policy} refused: {error}", file=sys.stderr)  # noqa: T201  # a program of its own, without a log


def follow_parent(parent: int, death_signal: int) -> None:
    """Comes after every change of identity: the kernel forgets the death signal when credentials change."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(ORPHANED)


def main(order: dict[str, Any], command: list[str]) -> None:
    """Become `command`."""
    try:
        if order["user"]:
            _become(*order["user"])
        if order["namespace"]:
            _enter_namespace(*order["namespace"])
    except OSError as error:
        print(f"contor: identity refused: {error}", file=sys.stderr)  # noqa: T201  # a program of its own, without a log
        raise SystemExit(NOT_ALLOWED) from None
    out_of_reach = [path for path in order["writable"] if not os.access(path, os.R_OK | os.W_OK | os.X_OK)]
    if not os.access(command[0], os.X_OK):
        out_of_reach.append(command[0])
    if out_of_reach:
        print(f"contor: out of reach: {', '.join(out_of_reach)}", file=sys.stderr)  # noqa: T201  # a program of its own, without a log
        raise SystemExit(NOT_REACHABLE)
    lower_priority(order["nice"], order["policy"])
    follow_parent(order["parent"], order["signal"])
    os.execv(command[0], command)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])

"""The few system calls of Linux that Python 3.11 does not offer: namespaces, mounts, rights.

All raise `OSError`.
"""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

NEW_MOUNTS, NEW_UTS, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USER, NEW_PIDS, NEW_NET = 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
BIND, RECURSIVE, PRIVATE = 4096, 16384, 1 << 18

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 4, 24
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(kinds: int) -> None:
    """Get namespaces of one's own; those of processes are for one's children."""
    _check(_libc.unshare(kinds), f"unshare({kinds:#x})")


def doors(*, users: bool) -> list[int]:
    """Descriptors of this process's namespaces, for `join`: the one of its children's processes
    first, then mounts, network, IPC, names, and with `users` the one of users last."""
    kinds = ["pid_for_children", "mnt", "net", "ipc", "uts", *(["user"] if users else [])]
    return [os.open(f"/proc/self/ns/{kind}", os.O_RDONLY) for kind in kinds]


def join(doors: Iterable[int]) -> None:
    """Go into namespaces, by descriptors; one of processes is for one's children."""
    for door in doors:
        _check(_libc.setns(door, 0), "setns")


def map_ids(inner: int, uid: int, gid: int) -> None:
    """In the new user namespace of this process, be `inner` where outside it is uid and gid."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inner} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{inner} {gid} 1")


def mount(source: str, target: str | Path, kind: str, flags: int, options: str = "") -> None:
    """As mount(2)."""
    words = [word.encode() for word in (source, str(target), kind)]
    _check(_libc.mount(*words, ctypes.c_ulong(flags), options.encode()), f"mount({target})")


def memory_disk(target: str | Path, size: int, files: int, owner: int, *, more: int = 0) -> None:
    """An empty disk in memory: at most so many bytes and files, for one user to write on."""
    told = f"size={size},nr_inodes={files},mode=711,uid={owner},gid={owner}"
    mount("tmpfs", target, "tmpfs", NO_SETUID | NO_DEVICES | more, told)


def loopback_up() -> None:
    """Switch on 127.0.0.1 in a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def drop_rights(owner: int) -> None:
    """Be the user `owner` without any rights, for good, programs that are started included."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    for right in range(_LAST_CAPABILITY):
        _libc.prctl(_PR_CAPBSET_DROP, right, 0, 0, 0)  # the last ones don't exist everywhere
    prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    if os.geteuid() != owner:
        os.setgroups([])
        os.setresgid(owner, owner, owner)
        os.setresuid(owner, owner, owner)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, bytes(24)), "capset")


def prctl(option: int, value: int) -> None:
    """As prctl(2)."""
    _check(_libc.prctl(option, value, 0, 0, 0), f"prctl({option})")


def stay_hidden() -> None:
    """Nobody may look into this process, whoever it belongs to."""
    prctl(_PR_SET_DUMPABLE, 0)


def show() -> None:
    """Look like any process again, after a change of users has hidden this one from itself."""
    prctl(_PR_SET_DUMPABLE, 1)


def end_with_parent(signal: int) -> None:
    """Get this signal when the parent ends."""
    prctl(_PR_SET_PDEATHSIG, signal)

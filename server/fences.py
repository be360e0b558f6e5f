"""What the kernel forbids a worker process, so that no query can harm the machine it runs on.

Memory and processor time by limits, no core files, death with the parent, no network, no writing to files.
Each fence is tried; what this machine doesn't allow is reported in /health, not hidden.
https://docs.kernel.org/userspace-api/landlock.html, unshare(2), prctl(2), setrlimit(2).
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import struct
import sys
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
# Landlock's three calls have these numbers on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
# WRITE_FILE, then REMOVE_DIR to MAKE_SYM; REFER and TRUNCATE came with versions 2 and 3, net rights with 4.
_WRITES = (1 << 1) | sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_BIND_TCP, _CONNECT_TCP = 1, 2
_GRACE_S = 2
_NOT_CLOSED = ("files: writing not forbidden by the kernel",)


def limit_memory(limit_bytes: int) -> str:
    """Cap the address space of this process and forbid core files. Give what holds now, for /health."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    return f"memory: at most {limit_bytes} bytes"


def limit_processor(seconds: float) -> None:
    """Let the kernel end this process after that much more processor time: the fence behind the clock.

    The limit counts from the start of the process, so that each job moves it on.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(time.process_time() + seconds) + _GRACE_S
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def die_with_parent(parent: int) -> str:
    """Ask the kernel to end this process when the web process ends, however it ends."""
    libc = _libc()
    if libc is None or libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
        return "end with the server: by its socket only"
    if os.getppid() != parent:
        # The parent went before the kernel could be asked.
        os._exit(0)
    return "end with the server: by the kernel"


def close_network() -> str:
    """Leave the network by an empty namespace. Call while the process has one thread."""
    libc = _libc()
    if libc is not None and hasattr(libc, "unshare"):
        for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET):
            if libc.unshare(flags) == 0:
                return "network: none (own namespace)"
    return "network: open"


def close_files(*, network_open: bool, scratch: str | None = None, moves: bool = False) -> tuple[str, ...]:
    """Forbid writing files by Landlock, but beneath `scratch`; and TCP where the network is still open.

    With `moves`, files there must be free to go from folder to folder, which version 1 of Landlock always forbids.
    """
    libc = _libc()
    version = 0
    if libc is not None:
        version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if libc is None or version < (2 if moves else 1):
        return _NOT_CLOSED
    writes = _WRITES | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    tcp = network_open and version >= 4
    rules = struct.pack("QQ", writes, _BIND_TCP | _CONNECT_TCP if tcp else 0)[: 16 if version >= 4 else 8]
    handle = libc.syscall(_CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0)
    if handle < 0:
        return _NOT_CLOSED
    try:
        if scratch is not None and not _allow(libc, handle, scratch, writes):
            return _NOT_CLOSED
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.syscall(_RESTRICT_SELF, handle, 0) != 0:
            return _NOT_CLOSED
    finally:
        os.close(handle)
    beneath = "" if scratch is None else f" but to the {'data' if moves else 'scratch'} folder"
    files = f"files: no writing{beneath}"
    return (files, *(("network: no TCP",) if tcp else ()))


def _allow(libc: ctypes.CDLL, handle: int, folder: str, rights: int) -> bool:
    place = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        rule = struct.pack("=Qi", rights, place)
        return bool(libc.syscall(_ADD_RULE, handle, _PATH_BENEATH, rule, 0) == 0)
    finally:
        os.close(place)


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None

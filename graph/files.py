"""Files that are whole or absent, and locks that end with their process, whatever kills it.

A lock here is `flock`: the kernel lets go of it when the process ends, so a killed load leaves none behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one: beside it, to the disk, then renamed."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Lock:
    """Hold a lock on a file or folder until `release`, or until the process ends."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def take(cls, path: Path, *, shared: bool = False, wait: bool = False) -> Lock | None:
        """Lock what stands at the path, or give None where another holds it or nothing stands there."""
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        lock = cls(handle)
        # Between opening and locking, the folder may have been pruned: then the lock holds a ghost.
        if not lock.holds(path):
            lock.release()
            return None
        return lock

    def holds(self, path: Path) -> bool:
        """Tell whether the thing that is locked still stands at the path."""
        if self._handle is None:
            return False
        with contextlib.suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(self._handle), path.stat())
        return False

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

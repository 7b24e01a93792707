"""Services as processes of their own, whose CPU time is read from /proc."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60


class NotReadyError(Exception):
    """A service did not come up, so that nothing can be measured of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running service with the workers below it."""

    pid: int
    origin: str

    def cpu_seconds(self) -> float:
        """User and system time of the process and of its living children."""
        return sum(_ticks(pid) for pid in (self.pid, *_children(self.pid))) / TICKS


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(
    arguments: Sequence[str], *, origin: str, environment: Mapping[str, str], cores: set[int]
) -> Iterator[Service]:
    """`python -m pergamena` with `arguments`, ready to answer, on `cores`; ended with SIGTERM."""
    process = subprocess.Popen(  # noqa: S603  # this interpreter and this program
        [sys.executable, "-m", "pergamena", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.sched_setaffinity(process.pid, cores)
    try:
        _wait(f"{origin}/readyz", process=process)
        yield Service(pid=process.pid, origin=origin)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, *, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotReadyError(f"the service ended with code {process.returncode} before it was ready")
        try:
            with urlopen(url, timeout=2):  # noqa: S310  # an address of our own
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise NotReadyError(f"{url} did not turn green in {START_SECONDS} seconds")


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0  # utime and stime, proc(5)


def _children(pid: int) -> list[int]:
    known = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    below = [child for child in known if (_stat(child) or ["", ""])[1] == str(pid)]
    return below + [grandchild for child in below for grandchild in _children(child)]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []

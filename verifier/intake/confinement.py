"""What a child process may use up (setrlimit of POSIX): memory, processor time, no files to write, no core."""

import resource


def confine(*, megabytes: int, seconds: int) -> None:
    """From here on this process ends where it takes more."""
    memory = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

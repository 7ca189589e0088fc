"""Starts the processes of a job on one machine, with the part of torchrun that starts and watches processes.

torchrun itself lets processes of several machines meet at a port, which listens on every network, without a password.
On one machine a file does; and what remains open, gloo's and NCCL's connections, stays on the loopback interface.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import psutil
import torch
from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs, SignalException, start_processes

from slicelab.core.errors import JobError
from slicelab.data.run_folder import RunFolder
from slicelab.jobs.place import Place
from slicelab.learn.memory import HALVINGS

_SIGNALLED = range(129, 256)


def run_together(folder: Path, processes: int) -> int:
    """Run a job in so many processes on this machine; if one fails, the others are ended.

    Where one found too little memory, all are started again, up to three times, and halve the batch together.

    Args:
        folder: the run's folder.
        processes: how many.

    Returns:
        The exit code: 0 if all ended well.

    """
    run = RunFolder(folder)
    for again in range(HALVINGS + 2):
        code = _run_once(folder, processes, again)
        if code in (0, *_SIGNALLED) or run.too_large() is None:
            break
        run.claim("process")  # until the first one is up again: whoever looks must not take the job for dead
    return code


def _run_once(folder: Path, processes: int, again: int) -> int:
    """Start the processes and wait for them; the exit code.

    Args:
        folder: the run's folder.
        processes: how many.
        again: how often they were started before.

    """
    with tempfile.TemporaryDirectory(prefix="slicelab-", ignore_cleanup_errors=True) as scratch:
        meeting = str(Path(scratch) / "meeting")
        places = [Place(k, processes, k, processes, meeting, again, HALVINGS + 1) for k in range(processes)]
        # Last, so that no setting for several machines lets one machine's processes listen to a network.
        common = {"OMP_NUM_THREADS": str(max(1, torch.get_num_threads() // processes)), **os.environ, **loopback()}
        running = start_processes(
            "pretrain",
            sys.executable,
            args={place.rank: ("-m", "slicelab.worker", str(folder)) for place in places},
            envs={place.rank: {**common, **place.environment()} for place in places},
            logs_specs=DefaultLogsSpecs(log_dir=scratch),
        )
        try:
            result = running.wait()
        except SignalException as signal:
            return 128 + signal.sigval.value
        finally:
            running.close()
    return 1 if result is None or result.is_failed() else 0


def loopback() -> dict[str, str]:
    """Names the interface that no other machine reaches, for gloo and NCCL.

    Raises:
        JobError: there is none.

    """
    for name, addresses in psutil.net_if_addrs().items():
        if any(one.family == socket.AF_INET and one.address == "127.0.0.1" for one in addresses):
            return {"GLOO_SOCKET_IFNAME": name, "NCCL_SOCKET_IFNAME": name}
    raise JobError("Several processes cannot meet safely: this computer has no loopback network.", "Use one process.")

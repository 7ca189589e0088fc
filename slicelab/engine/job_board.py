"""The jobs of a project: started, followed, found again; their events become rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.core.errors import JobError, UnknownNameError
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.snapshot import save_snapshot
from slicelab.data.store.records import PredictionRecord
from slicelab.engine import runner
from slicelab.engine.status import JobStatus, advance
from slicelab.jobs.events import CasePredicted, JobFailed
from slicelab.jobs.place import require_equal_shares
from slicelab.jobs.specs import PredictJob, PretrainJob

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.data.run_folder import Wish
    from slicelab.data.snapshot import CaseLabels
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import RunMember, RunRecord
    from slicelab.engine.runner import FollowedJob
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import AnyJob, Device


LEAVE_S = 5.0
"""How long to wait, where waiting is fine, for the process of a job that has said its last word."""


class JobBoard:
    """Knows every job of the project; at most one runs at a time on this machine."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._running: dict[str, FollowedJob] = {}
        self._leaving: list[FollowedJob] = []
        self._ended: dict[str, JobStatus] = {}
        if not store.read_only:
            for run in store.runs():
                again = run.status != "running" and self._went_on_elsewhere(run)
                if again:
                    store.finish_run(run.id, "running", None)
                if again or run.status == "running":
                    self._running[run.id] = runner.find_again(self.folder(run.id))

    def folder(self, run_id: str) -> RunFolder:
        """The run's folder."""
        return RunFolder(self._store.folder / "runs" / run_id)

    def has_weights(self, run_id: str) -> bool:
        """Whether the run left weights that can be started from or predicted with."""
        return (self.folder(run_id).path / "weights.safetensors").is_file()

    @property
    def running(self) -> tuple[str, ...]:
        """Runs that have not ended."""
        return tuple(self._running)

    def start(
        self,
        job: AnyJob,
        members: Sequence[RunMember],
        *,
        init: str | None,
        labels: Sequence[CaseLabels] = (),
        processes: int | None = 1,
    ) -> str:
        """Register the job, write its folder and start its process.

        Args:
            job: the job; its run id is given out here.
            members: which cases it uses.
            init: the run it starts from (for a prediction, the model).
            labels: the label snapshot it may see.
            processes: how many share it; None writes its folder and leaves it to be started by hand.

        Raises:
            JobError: another job is running, or the process cannot be started.

        """
        if processes is not None:
            self._require_idle()
        method = job.settings.method if job.kind == "pretrain" else None
        record = self._store.start_run(job.kind, job.preset, init, method, members).result()
        try:
            job = job.model_copy(update={"run": record.id})
            folder = self.folder(record.id)
            folder.write_job(job)
            if labels:
                save_snapshot(folder.snapshot_path, labels)
            self._store.set_run_job(record.id, job.model_dump_json()).result()
            self._running[record.id] = runner.leave(folder) if processes is None else runner.start(folder, processes)
        except BaseException as error:
            self._store.finish_run(record.id, "failed", str(error)).result()
            raise
        return record.id

    def go_on(self, run_id: str, device: Device | None = None, processes: int = 1) -> int | None:
        """Start a run that failed or was stopped once more: the same job and labels, from its last checkpoint.

        Args:
            run_id: the run.
            device: where to compute from now on; None leaves it as it was.
            processes: how many share it from now on.

        Returns:
            The step it goes on from; None if it starts from the beginning.

        Raises:
            UnknownNameError: the project has no such run.
            JobError: it has finished, its folder is gone, another job is running, or the process cannot be started.

        """
        self._require_idle()
        record = self._store.run(run_id)
        if record.status == "finished":
            raise JobError(f"Run {run_id} has finished; there is nothing left to do.", "Start a new run.")
        folder = self.folder(run_id)
        job = folder.read_job()
        if processes > 1 and isinstance(job, PretrainJob):
            require_equal_shares(job.settings.batch, processes)
        if folder.pid("process") is not None or run_id in self._running:
            raise JobError(f"The process of run {run_id} has not ended yet.", "Try again in a moment.")
        if device is not None and device != job.device:
            folder.write_job(job.model_copy(update={"device": device}))
        self._store.finish_run(run_id, "running", None).result()
        try:
            followed = runner.go_on(folder, processes)
        except BaseException as error:
            self._store.finish_run(run_id, "failed", str(error)).result()
            raise
        self._ended.pop(run_id, None)
        self._running[run_id] = followed
        return self.checkpoint(run_id)

    def checkpoint(self, run_id: str) -> int | None:
        """Steps (for a prediction, cases) that a run need not repeat when it goes on; None if it has to start again."""
        status = self.status(run_id)
        kept = status.kind == "predict" or bool(status.measured) or self.folder(run_id).checkpoint_path.is_file()
        return status.checkpoint if kept else None

    def poll(self) -> tuple[tuple[str, tuple[AnyEvent, ...]], ...]:
        """Read new events of running jobs and write what they mean into the store.

        Returns:
            Run id and its new events, for the runs that have any.

        """
        news = []
        self._see_off(0.0)
        for run_id, followed in list(self._running.items()):
            events = followed.poll()
            for event in events:
                if isinstance(event, CasePredicted):
                    self._note_prediction(run_id, followed, event)
            status = followed.status
            if status.state == "finished" or status.state == "cancelled" or status.state == "failed":
                del self._running[run_id]
                self._ended[run_id] = status
                self._store.finish_run(run_id, status.state, status.message or None)
                self._leaving.append(followed)  # gone in a moment; whoever polls has a window to keep alive
            if events:
                news.append((run_id, tuple(events)))
        return tuple(news)

    def status(self, run_id: str) -> JobStatus:
        """The job as a person sees it, live or read again from its log.

        Raises:
            UnknownNameError: the project has no such run.

        """
        if run_id in self._running:
            return self._running[run_id].status
        if run_id not in self._ended:
            if run_id not in {run.id for run in self._store.runs()}:
                raise UnknownNameError(f"The project has no run named {run_id!r}.")
            self._ended[run_id] = self._reread(run_id)
        return self._ended[run_id]

    def wish(self, run_id: str, wish: Wish) -> None:
        """Ask a running job to pause, go on or stop; a job that ended is left alone."""
        if run_id in self._running:
            self._running[run_id].folder.wish(wish)

    def let_go_on(self, run_id: str) -> None:
        """Let a running job outlive this window, and any later one; whoever opens the project next follows it."""
        if run_id in self._running:
            self._running[run_id].let_go_on()

    def kill(self, run_id: str) -> None:
        """End a job that does not listen."""
        if run_id in self._running:
            self._running[run_id].kill()

    def close(self) -> None:
        """Leave the jobs to their own: those that may not outlive their window end by themselves."""
        self._see_off(LEAVE_S)
        for followed in (*self._running.values(), *self._leaving):  # on a busy machine, an end takes its time
            followed.part()
        self._running.clear()
        self._leaving.clear()

    def _see_off(self, seconds: float) -> None:
        self._leaving = [followed for followed in self._leaving if not followed.wait(seconds)]

    def _require_idle(self) -> None:
        self.poll()
        self._see_off(LEAVE_S)  # two jobs at once would share the memory
        here = [run_id for run_id, followed in self._running.items() if not followed.elsewhere]
        if here:
            raise JobError(f"Another job ({here[0]}) is running.", "Wait for it, or stop it first.")

    def _note_prediction(self, run_id: str, followed: FollowedJob, event: CasePredicted) -> None:
        job = followed.folder.read_job()
        if isinstance(job, PredictJob):
            self._store.add_prediction(
                PredictionRecord(
                    run_id=run_id,
                    model_run=job.model,
                    case_id=event.case,
                    path=event.mask,
                    sha256=event.sha256,
                    at=event.at,
                )
            )

    def _went_on_elsewhere(self, run: RunRecord) -> bool:
        """Whether somebody started a job by hand once more after its end was recorded."""
        left = run.status != "finished" and self.folder(run.id).elsewhere
        return left and self._reread(run.id).state != run.status

    def _reread(self, run_id: str) -> JobStatus:
        status = JobStatus(run_id)
        for event in EventReader(self.folder(run_id)).read_new():
            status = advance(status, event)
        if not status.ended:  # it never began, or this window may only read
            record, folder = self._store.run(run_id), self.folder(run_id)
            if folder.elsewhere:
                return status  # nobody here can tell
            if record.status == "failed":
                status = advance(status, JobFailed(message=record.message or "The job did not start."))
            elif folder.pid("process") is None and folder.pid("owner") is None:
                status = advance(status, JobFailed(message="The job's process was not running any more."))
        return status

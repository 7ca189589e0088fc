"""Jobs of an open project, called for by the names people use: started, held, stopped, let go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.core.errors import JobError
from slicelab.engine.crossvalidating import wished
from slicelab.engine.job_builder import JobOptions
from slicelab.engine.names import find_cases, find_run
from slicelab.engine.permission import require_write
from slicelab.engine.still_apart import require_apart
from slicelab.jobs.specs import bf16_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord
    from slicelab.engine.advising import Advice
    from slicelab.engine.agenda import Agenda, Wish
    from slicelab.engine.crossvalidating import CrossValidating
    from slicelab.engine.job_board import JobBoard
    from slicelab.engine.job_starter import JobStarter
    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import RunSummary
    from slicelab.jobs.specs import Device, Method, Precision

CHOSEN = "model_in_use"
"""The project's setting that names the model a person chose to use."""


class Jobs:
    """Calls about jobs, on an open project.

    Args:
        store: the project.
        board: where jobs run.
        starter: which cases may take part.
        agenda: what was promised to run next.
        cross: starts cross-validations.
        advice: starts what suggestions need.
        runs: the project's runs.
        tell: called with a run that was started once more.

    Every call that starts something raises ReadOnlyProjectError where the project is open for reading only.

    """

    def __init__(
        self,
        store: ProjectStore,
        board: JobBoard,
        starter: JobStarter,
        agenda: Agenda,
        cross: CrossValidating,
        advice: Advice,
        runs: Callable[[], Sequence[RunSummary]],
        tell: Callable[[str], None],
    ) -> None:
        self._store = store
        self._board = board
        self._starter = starter
        self._agenda = agenda
        self._cross = cross
        self._advice = advice
        self._runs = runs
        self._tell = tell

    def start_pretrain(
        self,
        method: Method = "contrastive",
        *,
        exclude: Sequence[str | CaseRecord] = (),
        preset: str = "fast",
        steps: int | None = None,
        seed: int = 0,
        device: Device = "auto",
        precision: Precision = "auto",
        overrides: Mapping[str, object] | None = None,
        processes: int | None = 1,
    ) -> str:
        """Start to learn from the unlabelled pool; see :meth:`JobStarter.pretrain`. Returns the run's id."""
        require_write(self._store)
        options = JobOptions(preset, steps, seed, device, bf16=bf16_of(precision), overrides=overrides or {})
        return self._starter.pretrain(method, self._find(exclude), options, processes)

    def start_finetune(
        self,
        init: str | None = None,
        *,
        train: Sequence[str] | None = None,
        val: Sequence[str] = (),
        exclude: Sequence[str | CaseRecord] = (),
        preset: str = "fast",
        steps: int | None = None,
        seed: int = 0,
        device: Device = "auto",
        precision: Precision = "auto",
        overrides: Mapping[str, object] | None = None,
        preview: Sequence[str] = (),
    ) -> str:
        """Start to learn from the slices that are done; see :meth:`JobStarter.finetune`. Returns the run's id."""
        require_write(self._store)
        chosen = None if train is None else self._find(train)
        shown = [case for case in self._store.cases() if case.id in preview]  # by id alone: a name may look like one
        options = JobOptions(preset, steps, seed, device, bf16=bf16_of(precision), overrides=overrides or {})
        return self._starter.finetune(init, chosen, self._find(val), options, self._find(exclude), shown)

    def start_predict(
        self,
        model: str,
        *,
        cases: Sequence[str] | None = None,
        first: str | None = None,
        preset: str | None = None,
        seed: int = 0,
        device: Device = "auto",
        precision: Precision = "auto",
        overrides: Mapping[str, object] | None = None,
    ) -> str:
        """Start to segment cases (None: all), the one of the id ``first`` before the others, if it is among them.

        See :meth:`JobStarter.predict`. Returns the run's id.
        """
        require_write(self._store)
        chosen = None if cases is None else self._find(cases)
        if first is not None:
            chosen = tuple(sorted(self._store.cases() if chosen is None else chosen, key=lambda case: case.id != first))
        options = JobOptions(preset, None, seed, device, bf16=bf16_of(precision), overrides=overrides or {})
        return self._starter.predict(model, chosen, options)

    def start(self, wish: Wish, *, first: str | None = None, device: Device = "auto") -> str | None:
        """Start a job that was asked for, with the labels and runs there are now; returns the run's id.

        None where there is nothing left to do: the network has looked at every slice already.
        A training promises a prediction: see :meth:`start_promised`. Patients who are kept for testing are left out,
        be they named or not.

        Args:
            wish: the job.
            first: of a prediction, the case (id) before the others.
            device: where to compute.

        Raises:
            JobError: it cannot be started, or another job runs.
            UnknownNameError: the run it was to start from is gone.

        """
        # Also those that whoever asked may not have heard of yet. A case that was removed keeps its patient out.
        kept = {*wish.exclude, *self._agenda.left_out}
        out = [case for case in self._store.cases(removed=True) if case.id in kept]  # by id alone, as `preview`
        if wish.kind == "pretrain":
            return self.start_pretrain(wish.method or "contrastive", exclude=out, steps=wish.steps, device=device)
        if wish.kind == "embed":
            return self.start_embed(wish.init, device=device)
        if wish.kind == "finetune":
            shown = tuple(dict.fromkeys((*wish.preview, *self._starter.watched(out))))
            run = self.start_finetune(wish.init, exclude=out, steps=wish.steps, preview=shown, device=device)
            self._agenda.promise(run, next(iter(wish.preview), None))
            return run
        if wish.cases:
            chosen = [case for case in self._store.cases() if case.id in wish.cases]  # by id alone, as above
            return self._starter.predict(wish.init or "", chosen, JobOptions(preset=None, device=device))
        if wish.kind == "compare" or wish.kind == "crossvalidate":
            return self._cross.start(wished(wish.model_copy(update={"exclude": tuple(sorted(kept))}), device))
        return self.start_predict(wish.init or "", first=first, device=device)

    def start_promised(self, *, first: str | None = None, device: Device = "auto") -> str | None:
        """Start the prediction that follows a training which has finished, if one is due; returns the run's id.

        Args:
            first: the case (id) before the others; None takes the one that was open when the training began.
            device: where to compute.

        Raises:
            JobError: it cannot be started, or another job runs; it stays due.

        """
        finished = [run.id for run in self._runs() if run.status == "finished"]
        due = self._agenda.due(finished)
        if due is None:
            return None
        run = self.start_predict(due[0], first=first or due[1], device=device)
        self._agenda.withdraw(*finished)
        self._store.set_setting(CHOSEN, "").result()  # from now on the new model is in use
        return run

    @property
    def chosen_model(self) -> str | None:
        """The model that a person chose to use; None where none was, or one that was trained since takes its place."""
        finished = [run.id for run in self._runs() if run.status == "finished"]
        return None if self._agenda.due(finished) is not None else self._store.setting(CHOSEN) or None

    def choose_model(self, model: str) -> None:
        """Use a model until another one is chosen, or a training that is followed by its prediction has finished."""
        require_write(self._store)
        self._store.set_setting(CHOSEN, model).result()

    def start_embed(
        self, run_id: str | None = None, *, device: Device = "auto", precision: Precision = "auto"
    ) -> str | None:
        """Start to have a run's network look at every slice, for :meth:`Advice.suggest`; None if it has already.

        Args:
            run_id: a pretraining or finetuning; None takes the latest pretraining, or else the latest finetuning.
            device: where to compute.
            precision: number format of the network.

        Raises:
            JobError: no run holds weights, no case is left, or another job runs.

        """
        require_write(self._store)
        return self._advice.start_embed(run_id, JobOptions(device=device, bf16=bf16_of(precision)))

    def stop(self, run_id: str) -> None:
        """Ask a job to save what it has and end."""
        self._board.wish(run_id, "stop")

    def pause(self, run_id: str) -> None:
        """Ask a job to hold still."""
        self._board.wish(run_id, "pause")

    def resume(self, run_id: str, device: Device | None = None, processes: int = 1) -> int | None:
        """Let a job go on: one that is paused, or one that failed or was stopped, from its last checkpoint.

        Args:
            run_id: the run.
            device: where to compute from now on, for a job that ended; None leaves it as it was.
            processes: how many share each batch of a pretraining from now on, for a job that ended.

        Returns:
            The step (for a prediction, the number of cases) it goes on from; None if it starts from the beginning.

        Raises:
            UnknownNameError: the project has no such run.
            JobError: it has finished, it learns from a case that was left out for testing since, another job is
                running, its process cannot be started, or it is running and another device is asked for.

        """
        require_write(self._store)
        self._board.poll()
        if run_id in self._board.running:
            if device is not None:
                raise JobError(f"Run {run_id} is running and stays where it computes.", "Stop it first.")
            self._board.wish(run_id, "go")
            return self.status(run_id).step
        found = find_run(run_id, self._store.runs())
        if found.status != "finished":
            self._require_apart(found.id)
        step = self._board.go_on(found.id, device, processes)
        self._tell(run_id)
        return step

    def checkpoint(self, run_id: str) -> int | None:
        """Step that a run which ended early would go on from; None if it would start from the beginning."""
        return self._board.checkpoint(run_id)

    def let_go_on(self, run_id: str) -> None:
        """Let a running job go on when this process is gone; whoever opens the project next follows it."""
        self._board.let_go_on(run_id)

    def kill(self, run_id: str) -> None:
        """End a job that does not listen."""
        self._board.kill(run_id)

    def status(self, run_id: str) -> JobStatus:
        """A run as a person sees it."""
        return self._board.status(run_id)

    @property
    def running(self) -> tuple[str, ...]:
        """Runs that have not ended."""
        return self._board.running

    def _require_apart(self, run_id: str) -> None:
        kept = self._agenda.left_out
        if kept:
            out = [case for case in self._store.cases(removed=True) if case.id in kept]
            require_apart(self._board.folder(run_id).read_job(), out)

    def _find(self, cases: Sequence[str | CaseRecord]) -> tuple[CaseRecord, ...]:
        """Cases by name or id, and those that are known already, be they removed."""
        named = find_cases([case for case in cases if isinstance(case, str)], self._store.cases())
        return (*named, *(case for case in cases if not isinstance(case, str)))

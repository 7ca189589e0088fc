"""From what a person asked for to a complete job: cases resolved, leaks refused, labels snapshotted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import JobError, SettingError
from slicelab.core.labels import flip_allowed
from slicelab.core.slices import done_classes
from slicelab.data.snapshot import CaseLabels
from slicelab.data.store.records import RunMember
from slicelab.engine.status import STEPS
from slicelab.jobs.overrides import override
from slicelab.jobs.presets import PRESET_NAMES, with_steps
from slicelab.jobs.presets import preset as preset_named
from slicelab.jobs.specs import (
    CaseInput,
    ClassInput,
    CrossValidationJob,
    EmbedJob,
    FinetuneJob,
    JobAdapter,
    PredictJob,
    PretrainJob,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, RunRecord
    from slicelab.jobs.settings import Preset, PretrainSettings
    from slicelab.jobs.specs import AnyJob, Device, Method


@dataclass(frozen=True)
class JobOptions:
    """What any job can be asked for.

    Attributes:
        preset: name of the settings; None takes the standard ones, and for a prediction those of its model's training.
        steps: optimiser steps of the whole job; None takes the preset's.
        overrides: single settings, path such as ``finetune.lr`` to value or text (:mod:`slicelab.jobs.overrides`).
        seed: seed of every random choice.
        device: where to compute.
        survive_window: go on when the window is gone.
        checkpoint_s: seconds of training between checkpoints.
        bf16: whether to compute in bfloat16; None for what is faster.

    """

    preset: str | None = None
    steps: int | None = None
    seed: int = 0
    device: Device = "auto"
    survive_window: bool = False
    checkpoint_s: float = 10.0
    bf16: bool | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)

    def settings(self, groups: Sequence[str]) -> tuple[Preset, dict[str, Any]]:
        """The preset with the overrides, and the overrides as they were understood.

        Args:
            groups: groups of settings that matter to the job, its own first.

        Raises:
            UnknownNameError: there is no such preset.
            SettingError: an override cannot be.

        """
        made, told = override(preset_named(self.preset or PRESET_NAMES[0]), self.overrides, groups)
        if self.steps is None:
            return made, told
        group = groups[0]
        steps = with_steps(getattr(made, group), self.steps)
        counts = {f"{group}.{name}": value for name, value in steps.model_dump().items() if name in STEPS}
        if twice := counts.keys() & told.keys():
            raise SettingError("The number of steps was given twice.", f"Leave out --steps or {min(twice)}.")
        return made.model_copy(update={group: steps}), told | counts

    def fields(self, run: str, preset: str, overrides: Mapping[str, object] | None = None) -> dict[str, Any]:
        """What every job says of how it was asked for: the fields of ``JobBase`` that are no settings.

        Args:
            run: run id.
            preset: name of the settings the job has.
            overrides: what was changed of them.

        """
        return {
            "run": run,
            "preset": preset,
            "overrides": overrides or {},
            "seed": self.seed,
            "device": self.device,
            "survive_window": self.survive_window,
            "checkpoint_s": self.checkpoint_s,
            "bf16": self.bf16,
        }


class JobBuilder:
    """Builds jobs from a store. Nothing is written here."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store

    def pretrain(self, run: str, method: Method, cases: Sequence[CaseRecord], options: JobOptions) -> PretrainJob:
        """A pretraining on the images of the given cases."""
        chosen, overrides = options.settings((method, "pool", "network"))
        settings: PretrainSettings = getattr(chosen, method)
        return PretrainJob(
            **options.fields(run, chosen.name, overrides),
            pool=chosen.pool,
            network=chosen.network,
            settings=settings,
            cases=tuple(self.case_input(case) for case in cases),
        )

    def finetune(
        self,
        run: str,
        init: RunRecord | None,
        train: Sequence[CaseRecord],
        val: Sequence[CaseRecord],
        options: JobOptions,
        pretrained_patients: Sequence[str] = (),
        pool: Sequence[CaseRecord] = (),
        preview: Sequence[CaseRecord] = (),
        taught: Collection[int] | None = None,
        test_patients: Sequence[str] = (),
    ) -> FinetuneJob:
        """A finetuning on the slices of the given cases that are done; ``pool`` counts where it is semi-supervised.

        Only the classes ``taught`` (values; None for all) are learned: of others no slice says anything.
        """
        every = self._store.classes()
        learned = [c for c in every if taught is None or c.value in taught]
        before = JobAdapter.validate_json(init.job) if init is not None else None
        if before is not None:
            require_pretrained_images(options.overrides, before)
        chosen, overrides = options.settings(("finetune",) if before is not None else ("finetune", "pool", "network"))
        if chosen.finetune.plateau and not val:
            raise JobError(
                "These settings choose the learning rate by validation cases, and there are none.",
                "Choose validation cases, or set finetune.plateau=false.",
            )
        return FinetuneJob(
            **options.fields(run, chosen.name, overrides),
            pool=before.pool if before is not None else chosen.pool,
            network=before.network if before is not None else chosen.network,
            settings=chosen.finetune,
            classes=tuple(ClassInput(value=c.value, name=c.name) for c in learned),
            left_out=tuple(ClassInput(value=c.value, name=c.name) for c in every if c not in learned),
            init=init.id if init is not None else None,
            train=tuple(self.case_input(case) for case in train),
            val=tuple(self.case_input(case) for case in val),
            unlabelled=tuple(self.case_input(case) for case in pool) if chosen.finetune.semi.on else (),
            preview=tuple(self.case_input(case) for case in preview),
            flip_allowed=flip_allowed(self._store.classes()),
            pretrained_patients=tuple(pretrained_patients),
            test_patients=tuple(test_patients),
        )

    def predict(self, run: str, model: RunRecord, cases: Sequence[CaseRecord], options: JobOptions) -> PredictJob:
        """A prediction of the given cases with a finetuned model."""
        trained = JobAdapter.validate_json(model.job)
        if not isinstance(trained, FinetuneJob):
            raise JobError(f"Run {model.id} is a {model.kind} run and holds no model.", "Choose a finetune run.")
        chosen, overrides = replace(options, preset=options.preset or trained.preset).settings(("predict",))
        return PredictJob(
            **options.fields(run, chosen.name, overrides),
            pool=trained.pool,
            network=trained.network,
            settings=chosen.predict,
            classes=trained.classes,
            model=model.id,
            cases=tuple(self.case_input(case) for case in cases),
        )

    def embed(self, run: str, model: RunRecord, cases: Sequence[CaseRecord], options: JobOptions) -> EmbedJob:
        """The vectors of the given cases' slices by the network of a pretraining or finetuning."""
        trained = JobAdapter.validate_json(model.job)
        return EmbedJob(
            **options.fields(run, trained.preset),
            pool=trained.pool,
            network=trained.network,
            model=model.id,
            cases=tuple(self.case_input(case) for case in cases),
        )

    def taught(self, cases: Sequence[CaseRecord], reader_id: int) -> tuple[int, ...]:
        """Values of the project's classes that some slice of the given cases is done for, in their order."""
        done = {
            value
            for case in cases
            for label in self._store.slice_labels(case.id, reader_id)
            for value in done_classes(label.states)
        }
        return tuple(c.value for c in self._store.classes() if c.value in done)

    def labels_of(
        self, cases: Sequence[CaseRecord], reader_id: int, values: Sequence[int] | None = None
    ) -> list[CaseLabels]:
        """The slices of the given cases on which at least one class is done; cases without one are left out.

        Args:
            cases: the cases.
            reader_id: whose labels.
            values: the classes that count, in the job's order; None for all of the project.

        """
        values = [c.value for c in self._store.classes()] if values is None else list(values)
        found = []
        for case in cases:
            labels = [
                (label.slice, label.mask, done)
                for label in self._store.slice_labels(case.id, reader_id)
                if (done := set(done_classes(label.states)) & set(values))
            ]
            if labels:
                found.append(
                    CaseLabels(
                        case=case.id,
                        slices=np.array([index for index, _, _ in labels], dtype=np.int32),
                        masks=np.stack([mask for _, mask, _ in labels]),
                        known=np.array([[value in done for value in values] for _, _, done in labels]),
                    )
                )
        return found

    def case_input(self, case: CaseRecord) -> CaseInput:
        """The image of a case as a job reads it."""
        image = self._store.images(case.id)[0]
        return CaseInput(
            case=case.id,
            patient=case.patient_id,
            volume=image.path,
            sha256=image.sha256,
            acquisition_axis=image.acquisition_axis,
        )


def require_pretrained_images(overrides: Mapping[str, object], before: AnyJob) -> None:
    """The images must look as they did to the weights that are taken over: these settings are not free then.

    Raises:
        SettingError: one of them is asked for.

    """
    fixed = next((path for path in overrides if path.partition(".")[0] in ("pool", "network")), None)
    if fixed is not None:
        raise SettingError(
            f"{fixed} is as in {before.run}, whose weights this training starts from: they know images and a network "
            "of that kind alone.",
            f"Leave it out, pretrain anew with --set {fixed}=..., or start with --init random.",
        )


def job_of(run: RunRecord) -> AnyJob | None:
    """The job of a run; None where it was never written, or by another version."""
    try:
        return JobAdapter.validate_json(run.job)
    except ValueError:
        return None


def members(job: AnyJob, labels: Sequence[CaseLabels], slices: dict[str, int]) -> list[RunMember]:
    """Which cases a job uses, in which role, with how many slices.

    Args:
        job: the job.
        labels: the label snapshot of a finetuning or cross-validation.
        slices: slices of every case.

    """
    if isinstance(job, PretrainJob):
        return [RunMember(case.case, "pool", slices[case.case]) for case in job.cases]
    if isinstance(job, PredictJob | EmbedJob):
        return [RunMember(case.case, "predict", slices[case.case]) for case in job.cases]
    counts = {entry.case: len(entry.slices) for entry in labels}
    if isinstance(job, CrossValidationJob):
        return [RunMember(case.case, "train", counts.get(case.case, 0)) for case in job.cases]
    train = [RunMember(case.case, "train", counts.get(case.case, 0)) for case in job.train]
    val = [RunMember(case.case, "val", counts.get(case.case, 0)) for case in job.val]
    left = [RunMember(case.case, "pool", slices[case.case] - counts.get(case.case, 0)) for case in job.unlabelled]
    return [*train, *val, *left]

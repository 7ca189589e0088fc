"""Kill job processes (-9) at random steps and let them go on; every loss and every weight must be as if nothing was.

For each kind of job one process runs through. Then other runs of the same job are killed, five times each, at random
moments, and go on each time, with checkpoints after every step or at an interval. Compared are the latest loss of
every step in the log, the weights bit by bit, and of predictions the masks.

    python tests/torture/kill_and_resume.py --kills 20
    python tests/torture/kill_and_resume.py --kills 20 --full --steps 30    # the network that clinicians train
    python tests/torture/kill_and_resume.py --device cuda --tolerance 1e-4  # a GPU adds some sums in no fixed order
    python tests/torture/kill_and_resume.py --record benchmarks/records/kill_and_resume.json

With a tolerance, the first loss after each continuation may differ by that share from the run that was not killed,
later ones by no more than twice what two runs that were not killed differ by, at their worst step; weights are not
compared. A job that looks at slices (embed) has no checkpoint: it starts again, and its vectors must be the same.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "learn"))

from learn_kit import BLOB, GENTLE, POOL, SMALL, finetune_job, make_blob_project

from slicelab.data.embeddings import EMBEDDINGS
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.snapshot import save_snapshot
from slicelab.engine import runner
from slicelab.jobs.events import CasePredicted, CheckpointSaved, FoldMeasured, JobStarted, StepDone
from slicelab.jobs.presets import preset
from slicelab.jobs.settings import (
    BlockSettings,
    ContrastiveSettings,
    FinetuneSettings,
    NetworkSettings,
    PredictSettings,
    RegressionSettings,
    SemiSettings,
)
from slicelab.jobs.specs import CrossValidationJob, Device, EmbedJob, FinetuneJob, PredictJob, PretrainJob

KILLS_A_RUN = 5
INTERVALS = (0.0, 0.3, 1.0)
PATIENCE_S = 300.0
AnyJob = PretrainJob | FinetuneJob | PredictJob | EmbedJob | CrossValidationJob


@dataclass
class Tally:
    """What happened with one kind of job; the three last must be 0."""

    kills: int = 0
    runs: int = 0
    steps: int = 0
    steps_done_again: int = 0
    most_steps_done_again_at_once: int = 0
    kills_before_any_checkpoint: int = 0
    losses_that_differ: int = 0
    files_that_differ: int = 0
    checkpoints_refused: int = 0


@dataclass
class Summary:
    """What happened."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every run ended as the one that was not killed."""
        return not any(
            tally.losses_that_differ or tally.files_that_differ or tally.checkpoints_refused
            for tally in self.kinds.values()
        )


class Bench:
    """A project of blobs, in which jobs of one kind are run."""

    def __init__(self, project: Path, steps: int, *, device: Device, bf16: bool, full: bool) -> None:
        self.project, self.steps, self.device, self.bf16 = project, steps, device, bf16
        self.network = NetworkSettings() if full else SMALL
        self.cases, self.labels = make_blob_project(project)

    def job(self, kind: str, run: str, checkpoint_s: float) -> AnyJob:
        """The job of that kind."""
        common = {
            "run": run, "preset": "fast", "pool": POOL, "network": self.network, "cases": self.cases,
            "device": self.device, "bf16": self.bf16, "checkpoint_s": checkpoint_s,
        }  # fmt: skip
        half = self.steps // 2
        match kind:
            case "regression":
                return PretrainJob(settings=RegressionSettings(steps=self.steps, batch=4), **common)
            case "blocks":
                return PretrainJob(settings=BlockSettings(steps=self.steps, batch=4), **common)
            case "contrastive":
                chosen = ContrastiveSettings(
                    steps=half, local_steps=self.steps - half, batch=4, hidden=32, projection=16, points=16
                )
                return PretrainJob(settings=chosen, **common)
            case "contrastive, paper":
                small = {"steps": half, "local_steps": self.steps - half, "epochs": None, "batch": 4, "hidden": 32}
                return PretrainJob(settings=preset("paper").contrastive.model_copy(update=small), **common)
            case "regression, paper":
                few = {"steps": self.steps, "epochs": None, "batch": 4}
                return PretrainJob(settings=preset("paper").regression.model_copy(update=few), **common)
            case "blocks, paper":
                few = {"steps": self.steps, "epochs": None, "batch": 4}
                return PretrainJob(settings=preset("paper").blocks.model_copy(update=few), **common)
            case "embed":
                return EmbedJob(model="r0900", batch=1, **common)
            case "crossvalidate":
                patients = tuple(case.patient for case in self.cases)
                settings = FinetuneSettings(steps=max(1, half), batch=4, augment=GENTLE)
                return CrossValidationJob(
                    kind="crossvalidate", settings=settings, predict=PredictSettings(), classes=BLOB, init=None,
                    folds=(patients[:1], patients[1:]), **common,
                )  # fmt: skip
            case "predict":
                settings = PredictSettings(test_time_augmentation=True, batch=1)
                return PredictJob(settings=settings, classes=BLOB, model="r0900", **common)
        job = finetune_job(
            run, self.cases, self.steps, network=self.network, device=self.device, bf16=self.bf16,
            checkpoint_s=checkpoint_s,
        )  # fmt: skip
        if kind == "finetune, semi":
            settings = job.settings.model_copy(update={"semi": SemiSettings(on=True, confidence=0.6)})
            job = job.model_copy(update={"train": self.cases[:1], "unlabelled": self.cases[1:], "settings": settings})
        if kind == "finetune, paper":
            few = {"steps": self.steps, "epochs": None, "batch": 4, "validate_every": 5, "validate_epochs": None}
            settings = preset("paper").finetune.model_copy(update=few)
            job = job.model_copy(update={"train": self.cases[:2], "val": self.cases[2:], "settings": settings})
        if kind == "finetune, validated":
            settings = job.settings.model_copy(update={"validate_every": 5, "optimiser": "adamw"})
            job = job.model_copy(update={"train": self.cases[:2], "val": self.cases[2:], "settings": settings})
        return job

    def folder(self, job: AnyJob) -> RunFolder:
        """The run's folder, with the job and its labels."""
        folder = RunFolder(self.project / "runs" / job.run)
        folder.write_job(job)
        save_snapshot(folder.snapshot_path, list(self.labels.values()))
        return folder


def run_through(followed: runner.FollowedJob) -> None:
    """Follow a job to its end, which has to be a good one."""
    while not followed.status.ended:
        followed.poll()
        time.sleep(0.02)
    followed.wait(10.0)
    if followed.status.state != "finished":
        raise RuntimeError(f"{followed.folder.path}: {followed.status.message} {followed.folder.log_path.read_text()}")


def kill_at(followed: runner.FollowedJob, step: int, later_s: float) -> None:
    """End a job's process once it has done so many training steps and a moment more; or leave it if it was faster."""
    deadline = time.monotonic() + PATIENCE_S
    while not followed.status.ended and (followed.status.step < step or followed.status.phase in ("", "preparing")):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{followed.folder.path}: step {step} never came")
        followed.poll()
        time.sleep(0.002)
    time.sleep(later_s)
    followed.kill()
    if not followed.wait(60.0):
        raise RuntimeError(f"{followed.folder.path}: its process cannot be killed")
    followed.poll()


def latest(folder: RunFolder) -> dict[int, float]:
    """The log's latest loss of each step."""
    return {e.step: e.loss for e in EventReader(folder).read_new() if isinstance(e, StepDone) and e.loss is not None}


def results(folder: RunFolder, project: Path) -> dict[str, str | bytes]:
    """What a job made: its weights, its vectors, or the checksums of its masks."""
    for made in ("weights.safetensors", EMBEDDINGS):
        if (folder.path / made).exists():
            return {made: (folder.path / made).read_bytes()}
    events = EventReader(folder).read_new()
    folds = {f"training {e.training}": repr(e.cases) for e in events if isinstance(e, FoldMeasured)}
    masks = {e.case: e.sha256 for e in events if isinstance(e, CasePredicted) and (project / e.mask).exists()}
    return folds | masks


def apart(found: float | None, wanted: float) -> float:
    """By what share a loss differs; infinite where there is none."""
    return math.inf if found is None else abs(found - wanted) / max(abs(wanted), 1e-12)


def first_steps(folder: RunFolder) -> set[int]:
    """The first step after each continuation."""
    begun, found = False, set()
    for event in EventReader(folder).read_new():
        if isinstance(event, JobStarted):
            begun = event.resumed_from is not None
        elif isinstance(event, StepDone) and event.loss is not None and begun:
            found.add(event.step)
            begun = False
    return found


def count_repeats(folder: RunFolder, tally: Tally) -> None:
    """Look in the log how much was done again."""
    reached, kept = 0, None
    for event in EventReader(folder).read_new():
        if isinstance(event, JobStarted) and (reached or kept):
            again = reached - (event.resumed_from or 0)
            tally.steps_done_again += again
            tally.most_steps_done_again_at_once = max(tally.most_steps_done_again_at_once, again)
            tally.kills_before_any_checkpoint += event.resumed_from is None
            tally.checkpoints_refused += kept is not None and (event.resumed_from or 0) < kept
            reached = event.resumed_from or 0
        elif isinstance(event, CheckpointSaved):
            kept = event.step
        elif isinstance(event, StepDone) and event.phase != "preparing":
            reached = event.step


def torture(bench: Bench, kind: str, kills: int, chance: random.Random, tolerance: float) -> Tally:
    """Kill and continue jobs of one kind."""
    tally, place, steps = Tally(), bench.project, bench.steps
    if kind in USING_A_MODEL:
        run_through(runner.start(bench.folder(bench.job("finetune", "r0900", 1000.0))))
    straight = bench.folder(bench.job(kind, "r0001", 1000.0))
    run_through(runner.start(straight))
    wanted, wanted_files = latest(straight), results(straight, place)
    assert wanted_files, f"{kind} made nothing to compare"
    band = tolerance
    if tolerance:  # later on, runs that nobody killed differ too: twice that is allowed
        twin = bench.folder(bench.job(kind, "r0002", 1000.0))
        run_through(runner.start(twin))
        band = max(
            tolerance, 2.0 * max((apart(latest(twin).get(at), loss) for at, loss in wanted.items()), default=0.0)
        )
    last = len(bench.cases) if kind in USING_A_MODEL else steps
    while tally.kills < kills:
        job = bench.job(kind, f"r1{tally.runs:03d}", INTERVALS[tally.runs % len(INTERVALS)])
        folder = bench.folder(job)
        shutil.rmtree(place / "predictions", ignore_errors=True)
        followed = runner.start(folder)
        for step in sorted(chance.randrange(0, last) for _ in range(min(KILLS_A_RUN, kills - tally.kills))):
            kill_at(followed, step, chance.uniform(0.0, 0.1))
            tally.kills += 1
            if followed.status.state == "finished":
                break
            followed = runner.go_on(folder)
        run_through(followed)
        tally.runs += 1
        tally.steps += last
        count_repeats(folder, tally)
        found, found_files, first = latest(folder), results(folder, place), first_steps(folder)
        tally.losses_that_differ += sum(
            not apart(found.get(step), loss) <= (tolerance if step in first else band) for step, loss in wanted.items()
        )
        if not tolerance:
            tally.files_that_differ += sum(found_files.get(name) != value for name, value in wanted_files.items())
    return tally


KINDS = (
    "contrastive", "contrastive, paper", "regression", "regression, paper", "blocks", "blocks, paper", "finetune",
    "finetune, validated", "finetune, paper", "finetune, semi", "predict", "embed", "crossvalidate",
)  # fmt: skip
USING_A_MODEL = ("predict", "embed")


def main() -> int:
    """Run, print one JSON object, and exit with 1 if anything differed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="how many processes of each kind to kill")
    parser.add_argument("--steps", type=int, default=60, help="steps of each job")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", choices=("cpu", "cuda", "mps"), default="cpu")
    parser.add_argument("--tolerance", type=float, default=0.0, help="share by which a loss may differ; 0: bit for bit")
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16")
    parser.add_argument("--full", action="store_true", help="the default network instead of a small one")
    parser.add_argument("--record", type=Path, help="also write the summary there, with how it was made")
    parser.add_argument("--kinds", default=";".join(KINDS), help="which kinds, separated by semicolons")
    chosen = parser.parse_args()
    summary, started = Summary(), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        for kind in chosen.kinds.split(";"):
            chance = random.Random(f"{chosen.seed} {kind}")
            folder = Path(place) / kind
            folder.mkdir()
            bench = Bench(folder, chosen.steps, device=chosen.device, bf16=chosen.bf16, full=chosen.full)
            summary.kinds[kind] = torture(bench, kind, chosen.kills, chance, chosen.tolerance)
            summary.seconds = round(time.monotonic() - started, 1)
            sys.stderr.write(f"{kind}: {summary.kinds[kind]}, {summary.seconds} s\n")
    told = {**asdict(summary), "passed": summary.passed}
    sys.stdout.write(json.dumps(told) + "\n")
    if chosen.record is not None:
        asked = {name: value for name, value in vars(chosen).items() if name not in ("record", "kinds")}
        where = {"cores": os.cpu_count(), "machine": platform.machine(), "torch": version("torch")}
        chosen.record.write_text(json.dumps({"asked": asked, "on": where, **told}, indent=1) + "\n", "utf-8")
    return 0 if summary.passed else 1


if __name__ == "__main__":
    sys.exit(main())

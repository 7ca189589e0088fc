"""The whole loop on made-up volumes: what ``slicelab demo`` runs, or a person in the window. All of it is synthetic."""

from __future__ import annotations

import json
import math
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slicelab.core.errors import JobError, SlicelabError
from slicelab.data.atomic import write_bytes
from slicelab.data.store.connection import DATABASE
from slicelab.engine.follow import follow
from slicelab.engine.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from slicelab.core.evaluation import Evaluation
    from slicelab.engine.status import JobStatus

CLASSES = ("liver", "right kidney", "left kidney", "spleen")
_MARKER = "demo.json"
_BY_HAND = "Demo (synthetic)"
_UNFINISHED = b"{}"
"""What the marker says until all is made: nobody has opened it yet."""


@dataclass(frozen=True)
class DemoPlan:
    """How large the demo is.

    Attributes:
        labelled: phantoms with a mask: the first ``train`` are labelled in the project, the rest are test cases.
        unlabelled: phantoms without one.
        train: labelled cases learned from.
        pretrain_steps: optimiser steps without labels.
        finetune_steps: optimiser steps with labels.
        shape: voxels of a phantom (x, y, z).
        spacing: mm along (x, y, z).
        seed: seed of phantoms and training.

    """

    labelled: int = 6
    unlabelled: int = 4
    train: int = 2
    pretrain_steps: int = 100
    finetune_steps: int = 180
    shape: tuple[int, int, int] = (128, 128, 20)
    spacing: tuple[float, float, float] = (2.8, 2.8, 9.0)
    seed: int = 7


BY_HAND = DemoPlan(labelled=2, unlabelled=4, finetune_steps=200, seed=8)
"""The demo that a person goes through in the window; both labelled cases are labelled there already.

With this seed fat is suppressed in all six, as in volumes of one protocol: whoever leaves one out judges by one
like the others.
"""


@dataclass(frozen=True)
class DemoResult:
    """Where the demo's project and figures are.

    Attributes:
        project: the project's folder.
        figures: pictures written.
        model: the finetuned run.
        mean_dice: mean Dice over classes and test cases: on made-up volumes.
        seconds: wall time of each step.
        fresh: whether it was run now, or found from before.

    """

    project: Path
    figures: tuple[Path, ...]
    model: str
    mean_dice: float
    seconds: dict[str, float]
    fresh: bool


def run_demo(out: Path, tell: Callable[[str, float], None], plan: DemoPlan | None = None) -> DemoResult:
    """Make phantoms, import, pretrain, label, finetune, predict, measure and draw.

    Args:
        out: the demo's folder; a finished demo there is used again, an unfinished one is made anew.
        tell: called with a line of words and a share from 0 to 1.
        plan: how large; the standard demo if None.

    Raises:
        SlicelabError: the folder holds something else, or a step failed.

    """
    plan = plan or DemoPlan()
    found = _finished(out)
    if found is not None:
        return found
    _clear(out)
    out.mkdir(parents=True, exist_ok=True)
    write_bytes(out / _MARKER, _UNFINISHED)
    seconds: dict[str, float] = {}
    clock = time.monotonic()

    def lap(step: str) -> None:
        nonlocal clock
        now = time.monotonic()
        seconds[step], clock = now - clock, now

    tell("Making volumes up (synthetic)", 0.0)
    study = _make_up(out / "study", plan)
    lap("phantoms")
    with Session.create(out / "project", list(CLASSES), "Demo (synthetic)") as session:
        session.import_paths([study], progress=lambda done, total, name: tell(f"Importing {name}", 0.1))
        lap("import")
        masks = sorted((study / "labelsTr").iterdir())
        train, test = masks[: plan.train], masks[plan.train :]
        test_names = [_case_name(path) for path in test]
        pretraining = _job(
            session,
            session.jobs.start_pretrain(exclude=test_names, steps=plan.pretrain_steps, seed=plan.seed),
            lambda status: tell("Learning from unlabelled slices", 0.15 + 0.4 * status.fraction),
        )
        lap("pretrain")
        for path in train:
            session.labels.label_from_mask(session.find([_case_name(path)])[0].id, path)
        lap("label")
        model = _job(
            session,
            session.jobs.start_finetune(pretraining, steps=plan.finetune_steps, seed=plan.seed),
            lambda status: tell("Learning from labelled slices", 0.55 + 0.35 * status.fraction),
        )
        lap("finetune")
        _job(
            session, session.jobs.start_predict(model), lambda status: tell("Predicting", 0.9 + 0.05 * status.fraction)
        )
        lap("predict")
        tell("Measuring on cases the model never saw", 0.95)
        evaluation = session.evaluate(model, test_names, study / "labelsTr")
        lap("evaluate")
        figures = _draw(session, model, evaluation, test_names, out / "figures")
        lap("figures")
    result = DemoResult(out / "project", figures, model, evaluation.mean_dice, seconds, fresh=True)
    _finish(out, result)
    return result


class _StoppedError(Exception):
    """The demo is not wanted any more."""


def prepare_demo(
    out: Path,
    tell: Callable[[int, int], None],
    plan: DemoPlan | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Path | None:
    """A project of made-up volumes, some of them labelled, to go through the loop by hand: nothing is learned yet.

    Args:
        out: the demo's folder; a demo prepared there is used again as it was left, an unfinished one is made anew.
        tell: called with how many volumes of how many are made.
        plan: how large; :data:`BY_HAND` if None.
        should_stop: asked after each volume; what is half made is removed then.

    Returns:
        The project's folder; None where it was stopped.

    Raises:
        SlicelabError: the folder holds something else, or cannot be written.

    """
    project = by_hand(out)
    if _facts(out).get("by_hand") and (project / DATABASE).is_file():
        return project

    def told(done: int, total: int, _name: str) -> None:
        tell(done, total)
        if should_stop():
            raise _StoppedError

    try:
        _clear(out, f"Rename the folder {out.name}, or move it, and open the demo again.")
        out.mkdir(parents=True, exist_ok=True)
        write_bytes(out / _MARKER, _UNFINISHED)
        study = _make_up(out / "study", plan or BY_HAND, told)
        with Session.create(project, list(CLASSES), _BY_HAND) as session:
            session.import_paths([study], labels="all", should_stop=should_stop)
        if should_stop():
            raise _StoppedError
    except _StoppedError:
        _clear(out)
        return None
    except OSError as error:
        raise SlicelabError("The demo cannot be written.", "Check that your folder of documents has room.") from error
    write_bytes(out / _MARKER, json.dumps({"synthetic": True, "by_hand": True}).encode())
    return project


def by_hand(out: Path) -> Path:
    """The project of :func:`prepare_demo`, there or not."""
    return out / _BY_HAND


def _make_up(study: Path, plan: DemoPlan, progress: Callable[[int, int, str], None] | None = None) -> Path:
    from slicelab.data.phantoms import write_study  # they are slow to import, and this module is not

    return write_study(
        study,
        "abdomen",
        labelled=plan.labelled,
        unlabelled=plan.unlabelled,
        seed=plan.seed,
        shape=plan.shape,
        spacing=plan.spacing,
        progress=progress,
    )


def _job(session: Session, run: str, show: Callable[[JobStatus], None]) -> str:
    status = follow(session, run, show)
    if status.state != "finished":
        raise JobError(status.message or "The demo's job was stopped.", status.remedy, "The demo can be run again.")
    return run


def _draw(session: Session, model: str, evaluation: Evaluation, names: list[str], folder: Path) -> tuple[Path, ...]:
    from slicelab.engine import figures  # matplotlib is slow to import

    folder.mkdir(parents=True, exist_ok=True)
    return (
        figures.overlays(session, model, evaluation, names, folder / "overlays.png", synthetic=True),
        figures.curves(session, folder / "training.png", synthetic=True),
    )


def _case_name(path: Path) -> str:
    return path.name.removesuffix(".nii.gz")


def _clear(out: Path, remedy: str = "Choose another one with --out.") -> None:
    """Remove an unfinished demo; anything else is not ours to remove, a demo of the other kind neither."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    marker = out / _MARKER
    if not marker.is_file():
        raise SlicelabError("The folder is not empty and holds no demo.", remedy)
    if marker.read_bytes() != _UNFINISHED:
        raise SlicelabError("The folder holds another demo, in which somebody may have drawn.", remedy)
    shutil.rmtree(out)


def _finish(out: Path, result: DemoResult) -> None:
    facts = {
        "synthetic": True,
        "model": result.model,
        "mean_dice": None if math.isnan(result.mean_dice) else result.mean_dice,
        "figures": [path.name for path in result.figures],
        "seconds": result.seconds,
    }
    write_bytes(out / _MARKER, json.dumps(facts, indent=1).encode())


def _finished(out: Path) -> DemoResult | None:
    try:
        facts = _facts(out)
        figures = tuple(out / "figures" / name for name in facts["figures"])
        mean = math.nan if facts["mean_dice"] is None else float(facts["mean_dice"])
        return DemoResult(out / "project", figures, facts["model"], mean, facts["seconds"], fresh=False)
    except (ValueError, KeyError, TypeError):
        return None


def _facts(out: Path) -> dict[str, Any]:
    """What the marker says; nothing where there is none, or it is damaged."""
    try:
        facts = json.loads((out / _MARKER).read_bytes())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}

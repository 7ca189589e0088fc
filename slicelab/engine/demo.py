"""The whole loop on made-up volumes: what ``slicelab demo`` runs, or a person in the window. All of it is synthetic."""

from __future__ import annotations

import json
import math
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slicelab.core.errors import JobError, ProjectLockedError, SlicelabError
from slicelab.data.atomic import write_bytes
from slicelab.data.store.connection import DATABASE
from slicelab.data.store.lock import LOCK, ProjectLock
from slicelab.engine.follow import follow
from slicelab.engine.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from slicelab.core.evaluation import Evaluation
    from slicelab.engine.status import JobStatus

CLASSES = ("liver", "right kidney", "left kidney", "spleen")
_MARKER = "demo.json"
_BY_HAND = "Demo (synthetic)"
_UNFINISHED = b"{}"
"""What the marker says until all is made: nobody has opened it yet."""
_OTHER_FOLDER = "Choose another one with --out."
_LOOK_S, _LOOKS = 0.2, 3
"""How often one looks whether somebody else has made the demo, and how many times before a refusal is believed."""


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
        out: the demo's folder; a finished demo there is used again, an unfinished one is made anew. One that another
            process makes there is waited for.
        tell: called with a line of words and a share from 0 to 1.
        plan: how large; the standard demo if None.

    Raises:
        SlicelabError: the folder holds something else, or a step failed.

    """
    plan = plan or DemoPlan()
    found = _finished(out)
    if found is not None:
        return found

    def wait() -> None:
        tell("Waiting for another slicelab that makes a demo here", 0.0)

    with _alone_in(out, _OTHER_FOLDER, lambda: _finished(out) is not None, wait=wait) as mine:
        if mine:
            return _run(out, tell, plan)
    found = _finished(out)  # another process has made it meanwhile
    assert found is not None
    return found


def _run(out: Path, tell: Callable[[str, float], None], plan: DemoPlan) -> DemoResult:
    """All steps, in a folder that holds nothing else."""
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
        should_stop: asked after each volume, and while another process makes the demo there, which is waited for; what
            is half made here is removed then.

    Returns:
        The project's folder; None where it was stopped.

    Raises:
        SlicelabError: the folder holds something else, or cannot be written.

    """
    project = by_hand(out)

    def made() -> bool:
        return bool(_facts(out).get("by_hand")) and (project / DATABASE).is_file()

    def told(done: int, total: int, _name: str) -> None:
        tell(done, total)
        if should_stop():
            raise _StoppedError

    if made():
        return project
    remedy = f"Rename the folder {out.name}, or move it, and open the demo again."
    try:
        with _alone_in(out, remedy, made, should_stop) as mine:
            if mine:
                _make_by_hand(out, plan or BY_HAND, told, should_stop)
    except OSError as error:
        raise SlicelabError("The demo cannot be written.", "Check that your folder of documents has room.") from error
    return project if made() else None


def _make_by_hand(
    out: Path, plan: DemoPlan, told: Callable[[int, int, str], None], should_stop: Callable[[], bool]
) -> None:
    """The project, or nothing at all where it is stopped."""
    try:
        study = _make_up(out / "study", plan, told)
        with Session.create(by_hand(out), list(CLASSES), _BY_HAND) as session:
            session.import_paths([study], labels="all", should_stop=should_stop)
        if should_stop():
            raise _StoppedError
    except _StoppedError:
        _empty(out)
        return
    write_bytes(out / _MARKER, json.dumps({"synthetic": True, "by_hand": True}).encode())


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


@contextmanager
def _alone_in(
    out: Path,
    remedy: str,
    made: Callable[[], bool],
    should_stop: Callable[[], bool] = lambda: False,
    wait: Callable[[], object] = lambda: None,
) -> Iterator[bool]:
    """Have a demo's folder to oneself, empty but for the marker; who else makes a demo there is waited for.

    Gives whether there is something to do: not where the other one has made it, or it is not wanted any more.

    Args:
        out: the folder.
        remedy: what to do where it holds something else.
        made: whether the demo is there.
        should_stop: asked while the other one is waited for.
        wait: called meanwhile.

    Raises:
        SlicelabError: the folder holds something else.

    """
    lock = _lock(out, remedy, made, should_stop, wait)
    if lock is None:
        yield False
        return
    try:
        if made():
            yield False
            return
        _require_demo(out, remedy)  # what was there before the lock may be another demo by now
        _empty(out)
        write_bytes(out / _MARKER, _UNFINISHED)
        yield True
    finally:
        lock.release()
        with suppress(OSError):
            out.rmdir()  # of one that was stopped nothing is left


def _lock(
    out: Path, remedy: str, made: Callable[[], bool], should_stop: Callable[[], bool], wait: Callable[[], object]
) -> ProjectLock | None:
    """The lock of a demo's folder, once nobody else has it; None where that is not needed any more."""
    refused = 0
    while not (made() or should_stop()):
        try:
            _require_demo(out, remedy)
            out.mkdir(parents=True, exist_ok=True)
            return ProjectLock.take(out)
        except ProjectLockedError:
            refused = 0
            wait()
        except (SlicelabError, FileNotFoundError):
            refused += 1
            if refused == _LOOKS:  # else whoever makes a demo there may just have come to an end, or removed it
                raise
        time.sleep(_LOOK_S)
    return None


def _require_demo(out: Path, remedy: str) -> None:
    """An unfinished demo may be removed; anything else is not ours to remove, a demo of the other kind neither."""
    if not out.exists() or (out.is_dir() and not _contents(out)):
        return
    try:
        marker = (out / _MARKER).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SlicelabError("The folder is not empty and holds no demo.", remedy) from error
    if marker != _UNFINISHED:
        raise SlicelabError("The folder holds another demo, in which somebody may have drawn.", remedy)


def _contents(out: Path) -> list[Path]:
    """What lies in a demo's folder, but for its lock; the marker last."""
    return sorted((one for one in out.iterdir() if not one.name.startswith(LOCK)), key=lambda one: one.name == _MARKER)


def _empty(out: Path) -> None:
    """Remove an unfinished demo; its marker last, so that what a crash leaves of it is still known for one."""
    for one in _contents(out):
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


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

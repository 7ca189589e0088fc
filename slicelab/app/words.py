"""Numbers and states in plain words."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from slicelab.app.language import say, tr
from slicelab.app.numbers import written
from slicelab.core.durations import duration
from slicelab.jobs.folds import numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.core.correction import Round
    from slicelab.core.evaluation import Evaluation, Successor
    from slicelab.core.slices import LedgerCount
    from slicelab.engine.glances import ProjectGlance
    from slicelab.engine.importing import ImportReport
    from slicelab.engine.people import Hand
    from slicelab.engine.status import JobStatus

PREPARING = "preparing"
_FEW, _ENOUGH = 60, 150
_FEW_CASES = 5
"""Cases below which a difference may well be chance."""
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_FOLLOWED = ("global",)  # contrastive pretraining goes on with places
_PHASES = {
    PREPARING: "Reading and evening out the volumes",
    "global": "Learning what slices look like as a whole",
    "local": "Learning what places in a slice look like",
    "regression": "Rebuilding hidden pixels",
    "blocks": "Rebuilding hidden patches",
    "finetune": "Learning from your slices",
    "predict": "Segmenting",
    "embed": "Looking at every slice",
}
_JOBS = {
    "pretrain": "Learn from all volumes",
    "finetune": "Train",
    "predict": "Predict",
    "compare": "Compare with no pretraining",
    "crossvalidate": "Measure cross-validated Dice",
    "embed": "Make the map",
}
_KINDS = {
    "pretrain": "Learning without labels",
    "finetune": "Training",
    "predict": "Predicting",
    "embed": "Making the map of slices",
    "compare": "Was pretraining worth it?",
    "crossvalidate": "Cross-validated Dice",
}

_SUBJECTS = {"compare": "Comparing with no pretraining", "crossvalidate": "Measuring cross-validated Dice"}
_BEGINS = {
    "pretrain": "Learns from the volumes in a moment",
    "finetune": "Learns from your slices in a moment",
    "predict": "The masks of the cases come next",
    "embed": "Looks at every slice in a moment",
}
_ASKED = {"pause": "Pausing …", "stop": "Stopping …"}
_SHARE_BEGUN = 0.1


def place(folder: Path) -> str:
    """A folder as a person knows it: the home folder is called so."""
    home = Path.home()
    return str(Path(tr("Home folder")) / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Such as ``1 slice`` and ``1,204 slices``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def pool(left_out: int) -> str:
    """What a pretraining learns from, where so many cases are left out."""
    if not left_out:
        return tr("No labels needed. Every volume of the project is used, labelled or not; you can paint meanwhile.")
    return f"{left_out_for_testing(left_out)} {tr('Every other volume is used, labelled or not; no labels needed.')}"


def left_out_for_testing(cases: int) -> str:
    """How many cases are kept for testing."""
    said = tr("1 case is left out for testing.") if cases == 1 else tr("{count} cases are left out for testing.")
    return said.format(count=cases)


def size(count: int) -> str:
    """Bytes as a person reads them, such as ``1.4 GB``."""
    power = min((len(str(max(count, 1))) - 1) // 3, len(_UNITS) - 1)
    amount = count / 1000**power
    return f"{amount:.1f} {_UNITS[power]}" if power > 1 and amount < 100 else f"{amount:.0f} {_UNITS[power]}"


def volume(ml: float | None) -> str:
    """Millilitres with as many digits as mean something, ``–`` where there is nothing."""
    if not ml:
        return "–"
    return f"{ml:,.0f} mL" if ml >= 100 else f"{ml:.1f} mL" if ml >= 1 else f"{ml:.2f} mL"


def dice(value: float | None) -> str:
    """Two digits, ``n/a`` where it is not defined."""
    return "n/a" if value is None or math.isnan(value) else f"{value:.2f}"


def hands(found: Sequence[Hand]) -> str:
    """Who labelled a slice, such as ``AB: done, CD: draft``."""
    return ", ".join(f"{one.name}: {say(one.state.value)}" for one in found)


def measured(found: Evaluation) -> str:
    """What a measurement brought, in a line."""
    if not found.averaged:
        return "Measured: no case is left to judge the model by"
    return f"Measured: mean Dice {f'{dice(found.mean_dice)} {found.over}'.rstrip()}, {plural(found.averaged, 'case')}"


def before_correction(found: Round | None) -> tuple[str, ...]:
    """Dice before correction in one line, in forms from long to short; blind and assisted never in one number."""
    groups = [] if found is None else [("blind", found.blind), ("assisted", found.assisted)]
    known = [(kind, group) for kind, group in groups if group.slices]
    if not known:
        return (tr("Dice before correction: not known yet"), tr("Not measured yet"))
    figures = ", ".join(f"{written(dice(group.dice))} {tr(kind)}" for kind, group in known)
    counted = ", ".join(f"{written(dice(group.dice))} {tr(kind)} ({group.slices})" for kind, group in known)
    said = tr("Dice before correction {figures}")
    return (said.format(figures=counted), said.format(figures=figures), tr("Dice {figures}").format(figures=figures))


def worth(corrected: Round | None, found: Evaluation | None) -> tuple[str, ...]:
    """What a model's masks are worth, in forms from long to short: before correction, or else as it was measured."""
    if (corrected is None or not (corrected.blind.slices or corrected.assisted.slices)) and found and found.averaged:
        over = f" {found.over}," if found.over else ""
        leak = ", transductive" if found.protocol == "transductive" else ""
        figure = dice(found.mean_dice)
        cases = plural(found.averaged, "case")
        return (f"Dice {figure}{over} on {cases} it never learned from{leak}", f"Test Dice {figure}{leak}")
    return before_correction(corrected)


def compared(found: Successor) -> tuple[str, str]:
    """How a model does after another one, and on what."""
    dices = f"Dice {dice(found.now)} after {dice(found.before)}"
    return dices, f"{plural(found.cases, 'case')} that neither learned from"


def chance(found: Successor) -> str:
    """What to think of a difference between two models; nothing where it is over enough cases."""
    return "On so few cases the difference may be chance: look at both." if found.cases < _FEW_CASES else ""


def glance(found: ProjectGlance) -> tuple[str, tuple[str, ...]]:
    """How far a project is that is not open, and what its model was worth: forms from long to short, or none."""
    cases = plural(found.cases, "case")
    far = f"{cases} · {found.begun:,} with finished slices" if found.begun else cases
    if found.measured is None or not found.measured.averaged:
        return far, ()
    made_up = " · synthetic" if found.measured.synthetic else ""
    return far, tuple(f"{one}{made_up}" for one in worth(None, found.measured))


def came_with_labels(report: ImportReport) -> str:
    """Which imported cases came with labels, of what, and where these lay."""
    count, total = len(report.labelled), len({*report.imported, *report.already})
    if count == total > 1:
        said = tr("All {count} cases came with labels ({classes})").format(count=count, classes=_listed(report.spoken))
    elif count == 1:
        said = tr("{case} came with labels ({classes})").format(case=report.labelled[0], classes=_listed(report.spoken))
    else:
        said = tr("{count} of {total} cases came with labels ({classes})").format(
            count=count, total=total, classes=_listed(report.spoken)
        )
    if report.label_folders:
        said += " " + tr("from the folder {folder}, which belongs to the same data set").format(
            folder=_listed(report.label_folders)
        )
    return said + ". " + tr("Their slices are done: they are learned from, unless you clear them.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def loss(value: float | None) -> str:
    """Three digits, nothing before the first step."""
    return "" if value is None else f"{value:.3f}"


def phase(name: str) -> str:
    """A job's part in plain words."""
    one = numbered(name)
    if one is not None:
        return f"Training {one[0]} of {one[1]}"
    return _PHASES.get(name, name.replace("_", " ").capitalize())


def kind(name: str) -> str:
    """A job's kind in plain words."""
    return _KINDS.get(name, name.capitalize())


def job(kind: str) -> str:
    """A job that is still to run, as its button calls it."""
    return _JOBS.get(kind, kind.capitalize())


def subject(kind: str) -> str:
    """What a sentence about a job of a kind begins with, such as "Training is still running."."""
    return _SUBJECTS.get(kind) or _KINDS.get(kind) or "The job"


def starting(kind: str) -> str:
    """Said of a job from the press of its button until its process says a word."""
    return tr("{job} is starting").format(job=tr(subject(kind)))


def begins(kind: str) -> str:
    """What a job that is starting is about to do."""
    return tr(_BEGINS.get(kind, "Starting …"))


def case_state(count: LedgerCount, predicted: bool) -> str:
    """One word or two for a case in the list."""
    if count.fully_done:
        return "Done"
    if count.done or count.draft or count.partly:
        return "In progress"
    return "Predicted" if predicted else "Not started"


def progress(status: JobStatus) -> str:
    """Step (of a prediction, case), of how many, and when it ends."""
    if status.state == "starting":
        return tr(_ASKED[status.asked]) if status.asked else tr("Starting …")
    if not status.steps:
        return ""
    if status.phase == PREPARING:
        return f"{status.step:,} of {plural(status.steps, 'volume')}"
    words = f"Step {status.step:,} of {status.steps:,}"
    if status.kind == "predict":
        words = tr("Case {number} of {count}").format(number=min(status.step + 1, status.steps), count=status.steps)
    if status.asked:
        return f"{words} · {tr(_ASKED[status.asked])}"
    if status.state == "paused":
        return f"{words} · {tr('paused')}"
    if status.eta_s is not None and status.step:
        words += f" · about {duration(status.eta_s)} left"
    return words


def computed_on(status: JobStatus) -> str:
    """The device and why it was chosen, such as ``CPU, 2 threads, bfloat16: 1.7 times faster than float32 here``."""
    return ": ".join(part for part in (status.device, status.device_why) if part)


def goes_on(status: JobStatus) -> str:
    """Where a job that ended early would go on."""
    if not status.checkpoint:
        return "Nothing was saved yet: Continue starts it from the beginning."
    saved = plural(status.checkpoint, "case") if status.kind == "predict" else f"step {status.checkpoint:,}"
    return f"Continue goes on from {saved}."


def doing(verb: str, status: JobStatus) -> str:
    """What a start button says while its job runs."""
    if status.asked:
        return tr(_ASKED[status.asked])
    if status.state == "paused":
        return tr("Paused")
    if status.state == "starting":
        return tr("Starting …")
    if status.phase == PREPARING:
        return "Preparing …"
    return f"{verb} · {round(100 * status.fraction)} %"


class Trend(NamedTuple):
    """Whether going on with a training is worth it.

    Attributes:
        words: in two or three words; "" where nothing can be said.
        tone: the colour's meaning, such as "ok" or "warn".
        stopping: what would be lost by stopping now; "" where that goes without saying.

    """

    words: str
    tone: str
    stopping: str


def trend(status: JobStatus) -> Trend:
    """Whether going on is worth it, judged from the loss's slope in the present phase.

    The median of the last fifth is compared with that of the fifth before it, in units of the whole fall. A single
    step says little, so nothing is said of fewer than 60, and nobody is told to stop before 150. A phase that others
    follow never says so: whoever stops there loses them.
    """
    start = status.pace_from[0] if status.pace_from is not None else 0
    values = [loss for step, loss in status.losses if step > start] or [loss for _, loss in status.losses]
    if len(values) < _FEW:
        begun = len(values) < _SHARE_BEGUN * (status.steps - start)
        return Trend("Just started" if begun else "", "", "")  # of a short run nothing can be said
    part = len(values) // 5
    late, before = median(values[-part:]), median(values[-2 * part : -part])
    fall = max(median(values[:part]) - min(late, before), 1e-9)
    gain = (before - late) / fall
    if gain > 0.04:
        return Trend("Still improving", "ok", "")
    if status.phase in _FOLLOWED:
        return Trend(
            "Improving slowly", "ok", "Let it go on: what places look like comes next, and Stop leaves it out."
        )
    if len(values) < _ENOUGH:
        return Trend("Improving slowly", "ok", "Too early to say whether the rest is worth waiting for.")
    if gain > 0.01:
        return Trend("Improving slowly", "ok", "The rest adds little. Stop keeps what it has learned so far.")
    return Trend("You can stop", "warn", "The rest adds next to nothing. Stop keeps what it has learned so far.")

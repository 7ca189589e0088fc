"""The figure of prostate zones that a report shows where a project labels the prostate and no zones of it.

    python packaging/zones_figure.py                 # about ten minutes alone on two cores
    python packaging/zones_figure.py --labelled 4 8 --out /tmp/both

Pelvic phantoms (synthetic, no patients) are made up; a network is pretrained on those that are not tested, finetuned on
the zones of some of them, and predicts the ones tested. Drawn are the first of these, chosen by their number alone: the
reference, and each model's mask with its 3D Dice. All goes through the ``slicelab`` command line.
Writes ``resources/report/zones.png``, and beside it in ``zones.json`` how it was made and what was measured.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image

from slicelab import __version__
from slicelab.data.phantoms import write_study
from slicelab.engine.figures import draw_mask
from slicelab.engine.report_figures import printed
from slicelab.engine.session import Session

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
POOL = 8
"""Volumes pretrained on; of some of these the zones are learned."""
DRAWN = 2
"""Cases drawn of those tested: the first."""
_WIDE, _HEAD, _FOOT = 7.2, 0.42, 0.25
"""Inches: the page, the words over a panel, the key."""
HALF_MM = 42.0
"""Half of what is drawn around the prostate's middle."""


def main() -> None:
    """Make both files."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="zones-") as scratch:
        folder = options.keep or Path(scratch)
        labelled = POOL + options.test
        write_study(
            folder / "study", "pelvis", labelled=labelled, unlabelled=0, seed=options.seed, shape=tuple(options.shape)
        )
        names = sorted(path.name.removesuffix(".nii.gz") for path in (folder / "study" / "labelsTr").iterdir())
        models = _learn(folder / "project", folder / "study", names, options)
        keep(folder / "project", models, names[POOL:], options)


def keep(project: Path, models: dict[int, str], test: list[str], options: argparse.Namespace) -> None:
    """Measure and draw what models made of the cases tested, and write both files."""
    with Session.open(project, read_only=True) as session:
        picture, measured = _draw(session, models, test)
    png = _small(picture)
    facts = {
        "synthetic": True,
        "kind": "pelvis",
        "seed": options.seed,
        "shape": options.shape,
        "pretraining": {"method": "contrastive", "steps": options.pretrain_steps, "volumes": POOL},
        "finetuning": {"steps": options.steps, "volumes": list(models)},
        "preset": "fast",
        "tested": len(test),
        "measured": measured,
        "slicelab": __version__,
        "python": platform.python_version(),
        "made": time.strftime("%Y-%m-%d"),
        "sha256": hashlib.sha256(png).hexdigest(),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "zones.png").write_bytes(png)
    (options.out / "zones.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the phantoms and of learning")
    parser.add_argument("--shape", type=int, nargs=3, default=[128, 128, 20], metavar=("X", "Y", "Z"))
    parser.add_argument("--pretrain-steps", type=int, default=150)
    parser.add_argument("--steps", type=int, default=300, help="of each finetuning")
    parser.add_argument("--labelled", type=int, nargs="+", default=[4], help="volumes whose zones each model learns")
    parser.add_argument("--test", type=int, default=4, help="volumes measured, never learned from")
    parser.add_argument("--keep", type=Path, default=None, help="an empty folder in which study and project are left")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "report")
    return parser.parse_args()


def _learn(project: Path, study: Path, names: list[str], options: argparse.Namespace) -> dict[int, str]:
    """Labelled volumes to the run that learned from them, and has predicted the cases tested."""
    where, test, seed = str(project), ",".join(names[POOL:]), ["--seed", str(options.seed)]
    _slicelab("new", where, "--classes", "central gland,peripheral zone")
    _slicelab("import", where, str(study), "--labels", "all")
    pretraining = ["--method", "contrastive", "--steps", str(options.pretrain_steps), "--exclude", test]
    start = _slicelab("pretrain", where, *pretraining, *seed)["run"]
    models = {}
    for count in options.labelled:
        learn = ["--init", start, "--train", ",".join(names[:count]), "--steps", str(options.steps)]
        models[count] = _slicelab("finetune", where, *learn, *seed)["run"]
        _slicelab("predict", where, "--run", models[count], "--cases", test)
    return models


def _draw(session: Session, models: dict[int, str], test: list[str]) -> tuple[bytes, dict[str, Any]]:
    """The picture, and for each number of volumes the Dice of each case and their mean."""
    classes = printed(session.classes)
    measured: dict[str, Any] = {}
    found = {count: session.evaluate(model, test) for count, model in models.items()}
    for count, one in found.items():
        cases = {case.case: {name: round(score.dice, 5) for name, score in case.scores.items()} for case in one.cases}
        measured[str(count)] = {"mean": {name: round(dice, 5) for name, dice in one.mean.items()}, "cases": cases}
    panels = DRAWN * (1 + len(models))
    across = panels if len(models) == 1 else 1 + len(models)
    down = panels // across
    wide = _WIDE / across
    tall = down * (wide + _HEAD) + _FOOT
    figure = Figure(figsize=(_WIDE, tall), dpi=150, facecolor="black")
    place = 0
    for name in test[:DRAWN]:
        (record,) = session.find([name])
        view, reference = session.open_case(record.id), session.labels.stack(record.id)
        index = int((reference > 0).sum(axis=(1, 2)).argmax())
        part = _around(reference[index] > 0, view.spacing[1:])
        low, high = view.window
        aspect = view.spacing[1] / view.spacing[2]
        columns: list[tuple[int, npt.NDArray[np.uint8] | None]] = [(0, reference)]
        columns += [(count, session.prediction(record.id, model)) for count, model in models.items()]
        for count, mask in columns:
            if mask is None:
                raise SystemExit(f"{name} has no mask")
            place += 1
            axes = figure.add_subplot(down, across, place)
            axes.imshow(view.image[index][part], cmap="gray", vmin=low, vmax=high, aspect=aspect)
            draw_mask(axes, mask[index][part], classes, aspect)
            said = f"{name}, slice {index + 1}\nreference: made with\nthe phantom"
            if count:
                scores = measured[str(count)]["cases"][name]
                dice = "\n".join(f"{item.name} {scores[item.name]:.2f}" for item in classes)
                said = f"{count} labelled volumes, 3D Dice:\n{dice}"
            axes.set_title(said, color="white", fontsize=6)
            edged = [withStroke(linewidth=1.5, foreground="black")]
            for side, x, y in (("left", 0.02, 0.5), ("right", 0.95, 0.5), ("top", 0.5, 0.95), ("bottom", 0.5, 0.02)):
                letter = axes.text(x, y, view.letters[side], color="white", transform=axes.transAxes, fontsize=6)
                letter.set(va="center", path_effects=edged)
            axes.set_axis_off()
    for number, item in enumerate(classes):
        figure.text(0.25 + 0.2 * number, 0.06 / tall, f"■ {item.name}", color=item.colour, ha="center", fontsize=7)
    figure.text(0.75, 0.06 / tall, "synthetic (phantoms), no patients", color="white", ha="center", fontsize=7)
    head, foot = _HEAD / tall, _FOOT / tall
    figure.subplots_adjust(left=0.01, right=0.99, bottom=foot, top=1 - head, wspace=0.03, hspace=_HEAD / wide)
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor="black")
    return out.getvalue(), measured


def _around(prostate: npt.NDArray[np.bool_], spacing: tuple[float, float]) -> tuple[slice, slice]:
    """Rows and columns around the prostate's middle."""
    parts = []
    for axis, mm in enumerate(spacing):
        at = prostate.any(axis=1 - axis).nonzero()[0]
        middle, half = (int(at[0]) + int(at[-1])) // 2, round(HALF_MM / mm)
        parts.append(slice(max(0, middle - half), middle + half + 1))
    return parts[0], parts[1]


def _small(png: bytes) -> bytes:
    """The same picture, packed as well as it can be."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def _slicelab(*arguments: str) -> dict[str, Any]:
    """Run one command of the command line and read its JSON object."""
    sys.stderr.write(f"slicelab {' '.join(arguments)}\n")
    done = subprocess.run(
        [sys.executable, "-m", "slicelab", *arguments, "--json"], stdout=subprocess.PIPE, check=True, text=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


if __name__ == "__main__":
    main()

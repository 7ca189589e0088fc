"""Pictures of every screen, made by driving the window with real events: ``python tests/app/screens.py PROJECT OUT``.

The project should be the demo's (`slicelab demo --no-window`): it has labels, a model and predictions, and shows
phantoms only. It is copied first, since jobs are run and slices painted for the pictures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageColor
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from slicelab.core.labels import CLASS_COLOURS

if TYPE_CHECKING:
    from person import Person
    from PySide6.QtWidgets import QWidget

TESTS = ("phantom_04", "phantom_05", "phantom_06")
PATIENCE_S = 600.0
"""A job on a busy machine."""
_OWN, _TINTS, _COLOURS = 40, 56, 136
_GREY_SPREAD = 20
SCREENS: dict[str, Callable[[Person, Camera], None]] = {}
STATES: dict[str, tuple[str, ...]] = {
    "data": ("data-empty", "data", "data-refused"),
    "pretrain": (
        "pretrain-empty", "pretrain-before", "pretrain", "pretrain-blocks", "pretrain-paused", "pretrain-stopped",
        "pretrain-done", "pretrain-map", "pretrain-map-running",
    ),
    "label": ("label-empty", "label", "label-next"),
    "train": ("train-empty", "train-ready", "window", "train-stopped", "train-failed", "train-done", "train-worth"),
    "review": ("review-empty", "review", "review-expected", "review-uncertainty", "side-by-side", "difference-3d"),
}  # fmt: skip
"""Which pictures show each tab in each of its states."""


class Camera:
    """Keeps pictures of widgets, small enough for a repository."""

    def __init__(self, person: Person, out: Path, suffix: str) -> None:
        self._person = person
        self._out = out
        self._suffix = suffix
        out.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str, of: QWidget | None = None) -> None:
        """Keep the picture of the window, or of a dialog, as it is now."""
        self._person.pause(0.6)
        path = self._out / f"{name}{self._suffix}.png"
        (of or self._person.window).grab().save(str(path))
        _few_colours(np.asarray(Image.open(path).convert("RGB"))).save(path, optimize=True)
        print(f"{path} {path.stat().st_size // 1024} kB")  # noqa: T201  # the script's answer


def _few_colours(pixels: np.ndarray) -> Image.Image:
    """The same in few colours: the window's own exactly, the greys of the volume, the best of the rest. Half the size.

    Args:
        pixels: ``(row, column, 3)`` uint8.

    """
    colours, places, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    classes = np.array([ImageColor.getrgb(colour) for colour in CLASS_COLOURS], np.uint8)
    swatches = classes[(classes[:, None] == colours[None]).all(axis=2).any(axis=1)]  # few pixels each
    own = np.unique(np.concatenate([colours[np.argsort(-counts)][:_OWN], swatches]), axis=0)
    tinted = colours[np.ptp(colours.astype(int), axis=1) > _GREY_SPREAD]
    rest = np.array(Image.fromarray(tinted[None]).quantize(_TINTS, kmeans=2).getpalette() or []).reshape(-1, 3)
    greys = np.linspace(0, 255, _COLOURS - len(own) - len(rest)).round().repeat(3).reshape(-1, 3)
    palette = np.concatenate([own, rest, greys]).astype(np.float32)
    nearest = cKDTree(palette).query(colours)[1].astype(np.uint8)
    small = Image.fromarray(nearest[places].reshape(pixels.shape[:2])).convert("P")
    small.putpalette(palette.astype(np.uint8).ravel().tolist())
    return small


def screen(function: Callable[[Person, Camera], None]) -> Callable[[Person, Camera], None]:
    """Add a screen to those that are taken, in the order of this file."""
    SCREENS[function.__name__.replace("_", "-")] = function
    return function


@screen
def start(person: Person, camera: Camera) -> None:
    from slicelab.app import recent

    recent.remember_project(person.project)
    person.window._show_recent()
    far = person.window.start._far
    person.until(lambda: all(one._bar.isVisible() for one in far.values()), what="how far they are")
    camera.keep("start")


@screen
def demo_making(person: Person, camera: Camera) -> None:
    """The demo while it is being made; stopped before it is there."""
    page = person.window.start
    person.window.actions_["project.demo"].trigger()
    person.until(lambda: "1 of" in page._making.text(), what="the first volume")
    camera.keep("demo-making")
    person.press("Stop")
    person.until(lambda: not page.makes_demo, PATIENCE_S, "stopped")


@screen
def new_project(person: Person, camera: Camera) -> None:
    from PySide6.QtTest import QTest

    from slicelab.app.new_project import NewProjectDialog

    dialog = NewProjectDialog(person.window.theme, person.window)
    dialog.open()
    QTest.keyClicks(dialog.classes, "liver, right kidney, left kidney, spleen")
    camera.keep("new-project", dialog)
    dialog.reject()


@screen
def nothing_yet(person: Person, camera: Camera) -> None:
    """Every tab of a project without a case, and a file that is refused."""
    from slicelab.app.workspace import TABS
    from slicelab.engine.session import Session

    folder = person.project.parent / "Empty"
    Session.create(folder, ["liver"]).close()
    person.window.open_project(folder)
    person.until(lambda: person.window.desk.session is not None, what="the project")
    for name in TABS:
        person.tab(name)
        camera.keep(f"{name}-empty", person.window.work.tabs)
    person.tab("data")
    damaged = folder.parent / "damaged.nii.gz"
    damaged.write_bytes(b"no volume")
    person.drop(damaged)
    person.until(lambda: "damaged" in said_in(person.window.work.data), what="why it was refused")
    camera.keep("data-refused", person.window.work.tabs)
    person.window.desk.close()


def said_in(widget: QWidget) -> str:
    """The words in sight below a widget."""
    from PySide6.QtWidgets import QLabel

    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


@screen
def label(person: Person, camera: Camera) -> None:
    """A case with a few slices done, one draft, one verified empty."""
    from PySide6.QtCore import Qt

    person.open_project(person.project)
    person.open_case("phantom_03")
    person.tab("label")
    middle = person.canvas.slice
    if person.window.screen_.mask.acceptable:
        for at, done in ((middle - 3, True), (middle - 1, True), (middle, False)):
            person.canvas.set_slice(at)
            person.key(Qt.Key.Key_Return, shift=True)
            person.until(lambda at=at: person.shown[at].any(), what="the model's mask in the labels")
            if done:
                person.key(Qt.Key.Key_Return)
                person.until(lambda at=at: person.ticks[at] == "done")
    person.canvas.set_slice(0)
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.ticks[0] == "verified empty")
    person.canvas.set_slice(middle)
    person.saved()
    camera.keep("label")


@screen
def data(person: Person, camera: Camera) -> None:
    person.tab("data")
    camera.keep("data")


@screen
def train_ready(person: Person, camera: Camera) -> None:
    """What the next training learns from, with the audit of leaks."""
    person.tab("train")
    outlook = person.window.work.train.outlook
    person.until(lambda: "for testing" in outlook.words, what="what it learns from")
    camera.keep("train-ready", person.window.work.tabs)


@screen
def review(person: Person, camera: Camera) -> None:
    person.tab("review")
    person.press("Measure Dice")
    table = person.window.work.review.table
    person.until(lambda: table.rowCount() > 0, PATIENCE_S, "the Dice table")
    camera.keep("review")
    expected = person.window.work.review.expected
    person.until(lambda: not expected.isHidden(), PATIENCE_S, "the cases without labels")
    show(person, expected)
    camera.keep("review-expected", person.window.work.tabs)
    person.open_case("phantom_07")
    person.until(lambda: person.window.screen_.mask.acceptable, what="its prediction")
    person.window.work.view_bar._choose_drawn("uncertainty")
    person.until(lambda: person.canvas.main.overlay.state.heat is not None, what="the uncertainty")
    camera.keep("review-uncertainty")
    person.window.work.view_bar._choose_drawn("both")


@screen
def difference(person: Person, camera: Camera) -> None:
    """What the model missed and has too much, beside the 3D view."""
    from PySide6.QtCore import Qt

    person.open_case("phantom_04")
    person.until(lambda: person.window.screen_.mask.acceptable, what="its prediction")
    person.window.work.view_bar._choose_drawn("difference")
    person.key(Qt.Key.Key_T)
    person.until(lambda: person.window.views.solid.view._mesh.visible, what="surfaces")
    camera.keep("difference-3d")
    person.key(Qt.Key.Key_T)
    person.window.work.view_bar._choose_drawn("both")


@screen
def sequence(person: Person, camera: Camera) -> None:
    """A further sequence over the labelled image, and the window on its histogram."""
    import nibabel as nib
    from PySide6.QtCore import Qt

    person.open_case("phantom_04")
    session, case = person.window.desk.session, person.window.screen_.case_id
    first = nib.load(session.folder / "volumes" / f"{case}.nii")
    bright = np.asarray(first.dataobj).astype(np.float32)
    air = gaussian_filter(bright, 2) < np.percentile(bright, 60)
    other = np.where(air, bright / 4, bright.max() / (1 + bright / np.percentile(bright, 75)))
    nib.save(nib.Nifti1Image(other.astype(np.int16), first.affine), session.folder.parent / "T1 in phase.nii")
    person.window.sequences.add(case, session.folder.parent / "T1 in phase.nii")
    canvas = person.canvas
    person.until(lambda: canvas.second is not None and person.window.work.sequences.isVisible(), what="the sequence")
    person.window.work.notice.hide()
    person.key(Qt.Key.Key_X)
    camera.keep("sequence")
    person.window.work.sequences.slider.setValue(50)
    person.key(Qt.Key.Key_W)
    camera.keep("sequence-overlay")
    person.key(Qt.Key.Key_W)
    person.window.work.sequences.slider.setValue(0)


@screen
def side_by_side(person: Person, camera: Camera) -> None:
    """Two models on one case, and where they differ; the second one is trained a little for it, unless there is one."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    sides = person.window.work.review.sides
    person.open_case("phantom_04")
    if sides.second.count() == 0:
        person.tab("train")
        person.set_steps("train", 40)
        person.press("Train")
        ready = person.window.actions_["view.sides"].isEnabled
        person.until(lambda: ready() and not person.window.jobs.running, PATIENCE_S, "a second model")
    person.tab("review")
    person.key(Qt.Key.Key_V)
    person.until(lambda: person.window.sides._found is not None, what="the second mask")
    camera.keep("side-by-side")
    sides.mark.setFocus()
    QTest.keyClick(sides.mark, Qt.Key.Key_Space)
    camera.keep("side-by-side-difference")
    QTest.keyClick(sides.mark, Qt.Key.Key_Space)
    person.key(Qt.Key.Key_V)
    person.tab("train")
    camera.keep("train-done", person.window.work.tabs)


@screen
def readers(person: Person, camera: Camera) -> None:
    """A second reader has drawn a slice that the first had done: both compared, the other's outlines in the picture."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    from slicelab.core.labels import SliceState
    from slicelab.engine.session import Session

    person.open_case("phantom_01")
    folder, case, at = person.project, person.window.screen_.case_id or "", person.canvas.slice
    person.saved()
    drawn = {index: np.roll(person.shown[index], (2, 1), axis=(0, 1)) for index in (at - 1, at, at + 1)}
    first = person.window.desk.session.reader.name
    person.window.desk.close()
    with Session.open(folder) as session:
        session.readers.add("CD")
    with Session.open(folder, reader="CD") as session:
        session.labels.edit_slices(case, drawn, "brush").result()
        session.labels.mark(case, list(drawn), SliceState.DONE).result()
    person.open_project(folder)
    person.open_case("phantom_01")
    person.canvas.set_slice(at)
    person.window.actions_["project.readers"].trigger()
    dialog = person.window.readers.dialog
    person.until(lambda: dialog.slices.rowCount() > 0, what="compared")
    camera.keep("readers", dialog)
    assert person.window.desk.session.reader.name == first
    QTest.mouseClick(dialog.draw, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.draw.height() // 2))
    person.until(lambda: person.canvas.other is not None and person.canvas.other.any(), what="the outlines")
    camera.keep("readers-outlines")
    dialog.close()
    person.window.work.notice.dismiss()  # that several readers label the project now


@screen
def study(person: Person, camera: Camera) -> None:
    """Which series of a study become cases: three made of one volume, dropped as DICOM."""
    import SimpleITK as sitk
    from dicom_kit import dicom_series

    from slicelab.app.study_dialog import StudyDialog

    folder = person.project.parent / "DISC"
    image = person.window.screen_._case.view.image.astype(np.float32)
    dark = image.max() / (1 + image / np.percentile(image, 75))
    made = {
        "t2_tse_tra": image,
        "t1_vibe_tra": np.where(gaussian_filter(image, 2) < np.percentile(image, 60), image / 4, dark),
        "localizer": image[::4, ::2, ::2],
    }
    for number, (name, voxels) in enumerate(made.items(), start=1):
        volume = sitk.GetImageFromArray(voxels.astype(np.int16))
        volume.SetSpacing((2.8, 2.8, 9.0))
        dicom_series(folder / f"IM{number}", volume, PatientID="p", SeriesNumber=str(number), SeriesDescription=name)

    looked: list[QWidget] = []

    def look(dialog: QWidget) -> None:
        person.until(lambda: dialog.pictured, PATIENCE_S, "the pictures")
        camera.keep("study", dialog)
        looked.append(dialog)
        dialog.reject()

    person.answer(StudyDialog, look)
    person.drop(folder)
    person.until(lambda: looked, PATIENCE_S, "the series to choose")


@screen
def add_class(person: Person, camera: Camera) -> None:
    from PySide6.QtTest import QTest

    from slicelab.app.class_dialog import ClassDialog

    names = [item.name for item in person.window.screen_.classes]
    dialog = ClassDialog(person.window.theme, names, person.window)
    dialog.open()
    QTest.keyClicks(dialog.field, "bladder")
    camera.keep("add-class", dialog)
    dialog.reject()


@screen
def pretrain(person: Person, camera: Camera) -> None:
    """Before; while it rebuilds patches, and while it compares places; finished, with map and suggestions."""
    tab = person.window.work.pretrain
    person.tab("pretrain")
    camera.keep("pretrain-before")
    for method, name, steps in (("contrastive", "pretrain", 60), ("blocks", "pretrain-blocks", 20)):
        learn_by(person, method, 0)
        run_until(person, steps)
        show(person, tab.look)
        camera.keep(name)
        if method == "contrastive":
            person.until(lambda: tab.map.plot.spots, PATIENCE_S, "the slices on a plane")
            show(person, tab.map)
            camera.keep("pretrain-map-running", person.window.work.tabs)
        if method == "blocks":
            person.press("Pause")
            person.until(lambda: person.window.jobs.status.state == "paused", PATIENCE_S, "it holds still")
            camera.keep("pretrain-paused", person.window.work.tabs)
        stop(person)
    camera.keep("pretrain-stopped", person.window.work.tabs)
    learn_by(person, "blocks", 40)
    person.until(lambda: tab.map.plot.spots and tab.first.isVisible(), PATIENCE_S, "the map")
    show(person, tab.map)
    camera.keep("pretrain-map")
    point_at_a_dot(person)
    camera.keep("pretrain-map-slice")
    person.rest_the_mouse()
    person.press("By patient")
    camera.keep("pretrain-patients")
    show(person, tab.look)
    camera.keep("pretrain-done")
    person.open_case("phantom_07")
    person.tab("label")
    person.until(lambda: person.window.work.label.next.shown is not None, what="what to label next")
    camera.keep("label-next")


def point_at_a_dot(person: Person) -> None:
    """The mouse rests on a dot of the map: its slice is shown small."""
    from PySide6.QtTest import QTest

    plot = person.window.work.pretrain.map.plot
    QTest.mouseMove(plot, plot.position_of(plot.spots[len(plot.spots) // 2]).toPoint())
    person.until(lambda: plot.card.grey is not None, what="the slice's picture")


@screen
def window(person: Person, camera: Camera) -> None:
    """The training while it runs, which is the picture at the top of the README; stopped, and ended from outside."""
    from slicelab.data.run_folder import RunFolder

    person.open_case("phantom_01")
    person.tab("train")
    person.set_steps("train", 0)
    person.press("Train")
    run_until(person, 80)
    camera.keep("window")
    stop(person)
    camera.keep("train-stopped", person.window.work.tabs)
    person.press("Continue")
    run_until(person, 81)
    os.kill(RunFolder(person.project / "runs" / person.window.jobs.status.run).pid("process"), signal.SIGKILL)
    person.until(lambda: "ended from outside" in person.notice, PATIENCE_S, "a word about it")
    camera.keep("train-failed")
    person.window.work.notice.dismiss()


@screen
def train_worth(person: Person, camera: Camera) -> None:
    """Whether pretraining was worth it, and cross-validated Dice: before, while one is measured, and both measured."""
    finished = "SELECT id FROM runs WHERE kind = ? AND status = 'finished'"
    show_worth(person)
    camera.keep("train-worth-before")
    person.set_steps("train", 40)
    for words, kind in (("Measure cross-validated Dice", "crossvalidate"), ("Compare with no pretraining", "compare")):
        show_worth(person)
        person.press(words)
        person.until(partial(measures, person, kind), PATIENCE_S, "the third training")
        if kind == "compare":
            show_worth(person)
            camera.keep("train-worth-running")
        person.until(partial(person.rows, finished, kind), PATIENCE_S, "the figures")
    person.until(lambda: person.window.work.train.worth.words.startswith("Pretraining: "), what="the answer")
    show_worth(person)
    camera.keep("train-worth")


def measures(person: Person, kind: str) -> bool:
    """Whether a job of a kind is in its third training, or has done that."""
    status = person.window.jobs.status
    return status is not None and status.kind == kind and (status.ended or "training 3" in status.phase)


def show_worth(person: Person) -> None:
    """The part of the Train tab with the figures that are measured on request."""
    from PySide6.QtWidgets import QScrollArea

    person.tab("train")
    train = person.window.work.train
    for box in (train.crossed, train.worth):
        train.findChild(QScrollArea).ensureWidgetVisible(box)


@screen
def keys(person: Person, camera: Camera) -> None:
    person.window.actions_["help.keys"].trigger()
    person.until(lambda: person.app.activeModalWidget() is not None, what="the sheet of keys")
    sheet = person.app.activeModalWidget()
    camera.keep("keys", sheet)
    sheet.close()


@screen
def commands(person: Person, camera: Camera) -> None:
    from PySide6.QtTest import QTest

    from slicelab.app.palette import Palette

    palette = Palette(person.window.theme, person.window.actions_, person.window)
    palette.open()
    QTest.keyClicks(palette.search, "slice")
    camera.keep("commands", palette)
    palette.reject()


@screen
def settings(person: Person, camera: Camera) -> None:
    from slicelab.app.settings_dialog import SettingsDialog

    def look(dialog: QWidget) -> None:
        camera.keep("settings", dialog)
        dialog.close()

    person.answer(SettingsDialog, look)
    person.window.actions_["help.settings"].trigger()


@screen
def storage(person: Person, camera: Camera) -> None:
    """One case removed, and the disk looked at."""
    person.window.actions_["case.remove"].trigger()
    person.until(lambda: "was removed" in person.notice, what="the case removed")

    def look(dialog: QWidget) -> None:
        person.until(lambda: "takes" in dialog._total.text(), PATIENCE_S, "the disk")
        camera.keep("storage", dialog)
        dialog.close()

    from slicelab.app.storage_dialog import StorageDialog

    person.answer(StorageDialog, look)
    person.window.actions_["project.storage"].trigger()


def label_tests(project: Path, masks: Path) -> None:
    """Label the demo's test cases, which it keeps outside the project, so that there is a Dice to show."""
    from slicelab.engine.session import Session

    with Session.open(project) as session:
        for case in session.cases():
            mask = masks / f"{case.name}.nii.gz"
            if mask.is_file() and not case.count.done and case.name in TESTS:
                session.labels.label_from_mask(case.id, mask)


def learn_by(person: Person, method: str, steps: int) -> None:
    """Choose a method and a number of steps (0: automatic), and press the button."""
    person.window.work.pretrain.methods.choose(method)
    person.set_steps("pretrain", steps)
    person.press("Learn from all volumes")


def show(person: Person, widget: QWidget) -> None:
    """Scroll a panel so that a widget is in sight."""
    from PySide6.QtWidgets import QScrollArea

    host = widget.parentWidget()
    while not isinstance(host, QScrollArea):
        host = host.parentWidget()
    person.pause(0.3)
    host.ensureWidgetVisible(widget, 0, 12)


def run_until(person: Person, steps: int) -> None:
    """Wait until a job has made some steps."""
    jobs = person.window.jobs

    def there() -> bool:
        status = jobs.status
        return status is not None and not status.ended and status.phase != "preparing" and status.step >= steps

    person.until(there, PATIENCE_S, f"{steps} steps")


def stop(person: Person) -> None:
    """Stop the job and wait until it is gone."""
    person.press("Stop")
    person.until(lambda: not person.window.jobs.running, PATIENCE_S, "the end of the job")


def main() -> None:
    """Take the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("project", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--light", action="store_true")
    options.add_argument("--size", default="1440x900")
    options.add_argument("--only", nargs="*", choices=list(SCREENS), help="these screens (and what must come before)")
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp())
    # A home of its own: no picture shows whose computer it was made on.
    os.environ.update(HOME=str(home), SLICELAB_CONFIG=str(home / "config"))
    (home / "Documents").mkdir()
    project = Path(shutil.copytree(chosen.project, home / "Documents" / "Abdomen phantoms"))
    label_tests(project, chosen.project.parent / "study" / "labelsTr")
    sys.path.append(str(Path(__file__).parents[1]))  # kits that other tests share
    from person import Person

    from slicelab.app.application import application, make_window

    app = application()
    window = make_window(None, "light" if chosen.light else "dark")
    window.resize(*map(int, chosen.size.split("x")))
    window.show()
    person = Person(window, app, project)
    camera = Camera(person, chosen.out, "-light" if chosen.light else "")
    for name, take in SCREENS.items():
        if not chosen.only or name in (*chosen.only, "label"):
            take(person, camera)
    window.close_unasked()
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()

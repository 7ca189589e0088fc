"""Everything the person can do, as a table: words, keys, icon, menu, and when it is possible."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from slicelab.app.icons import icon
from slicelab.app.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from PySide6.QtWidgets import QMenuBar, QWidget

    from slicelab.app.theme import Theme


class Need(Enum):
    """What must be so for an action to be possible."""

    PROJECT = auto()
    WRITABLE = auto()
    CASE = auto()
    CASES = auto()
    MODEL = auto()
    JOB = auto()
    IDLE = auto()
    MAY_PRETRAIN = auto()
    MAY_TRAIN = auto()
    MAY_PREDICT = auto()
    MAY_COMPARE = auto()
    MAY_CROSSVALIDATE = auto()
    MAY_MAP = auto()
    NETWORK = auto()
    UNFINISHED = auto()
    CPU_OFFER = auto()
    PREDICTION = auto()
    SEQUENCE = auto()
    TWO_MODELS = auto()


P, W, C, J = Need.PROJECT, Need.WRITABLE, Need.CASE, Need.JOB
_FILLED = (Need.PROJECT, Need.WRITABLE, Need.CASES)


MAY = {
    "pretrain": Need.MAY_PRETRAIN,
    "finetune": Need.MAY_TRAIN,
    "predict": Need.MAY_PREDICT,
    "compare": Need.MAY_COMPARE,
    "crossvalidate": Need.MAY_CROSSVALIDATE,
    "embed": Need.MAY_MAP,
}
"""Kind of job to the need that one can be asked for."""


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        id: stable name, for settings, tests and the command palette.
        text: words in menus and on buttons.
        tip: one sentence, with the field's term.
        keys: shortcuts; the first one is shown.
        menu: the menu it stands in, "" for none.
        icon: Material Design icon name, "" for none.
        needs: what must be so.
        repeat: whether holding the key repeats it.
        switch: whether it is on or off, and shows which.

    """

    id: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    icon: str = ""
    needs: frozenset[Need] = frozenset()
    repeat: bool = False
    switch: bool = False


def _a(
    name: str,
    text: str,
    tip: str,
    keys: str = "",
    menu: str = "",
    symbol: str = "",
    needs: tuple[Need, ...] = (),
    repeat: bool = False,
    switch: bool = False,
) -> ActionSpec:
    return ActionSpec(name, text, tip, tuple(keys.split()), menu, symbol, frozenset(needs), repeat, switch)


ACTIONS: tuple[ActionSpec, ...] = (
    _a(
        "project.new",
        "New project …",
        "Three questions: name, place, classes.",
        "Ctrl+N",
        "Project",
        "folder-plus-outline",
    ),
    _a("project.open", "Open project …", "Open a slicelab project folder.", "Ctrl+O", "Project", "folder-outline"),
    _a(
        "project.import",
        "Add images …",
        "Copy MR images into the project: NIfTI, DICOM, NRRD, MHA.",
        "Ctrl+I",
        "Project",
        "tray-arrow-down",
        (P, W),
    ),
    _a(
        "project.import_folder",
        "Add a folder …",
        "Copy every MR image of a folder into the project.",
        "Ctrl+Shift+I",
        "Project",
        "folder-open-outline",
        (P, W),
    ),
    _a(
        "project.export_labels",
        "Export labels …",
        "Writes your labels as NIfTI masks on the grids of the original files, with a table of what is done.",
        "Ctrl+E",
        "Project",
        "tray-arrow-up",
        (P, Need.CASES),
    ),
    _a(
        "project.export_predictions",
        "Export predictions …",
        "Writes the masks of the model in use as NIfTI on the grids of the original files.",
        "Ctrl+Shift+E",
        "Project",
        "tray-arrow-up",
        (P, Need.CASES, Need.MODEL),
    ),
    _a(
        "project.report",
        "Methods report …",
        "Writes what was done and measured as a page to hand on (HTML or PDF), without patients' names.",
        "",
        "Project",
        "file-document-outline",
        (P, Need.CASES),
    ),
    _a(
        "project.export_measures",
        "Export measures …",
        "Writes volumes, Dice, HD95 and labelling time of every case and class as a table (CSV).",
        "",
        "Project",
        "table",
        (P, Need.CASES),
    ),
    _a(
        "project.storage",
        "Disk and removed items …",
        "What the project takes on the disk; restores what was removed, or deletes it for good.",
        "",
        "Project",
        "harddisk",
        (P, W),
    ),
    _a(
        "project.close",
        "Close project",
        "Back to the start page; everything is saved.",
        "Ctrl+W",
        "Project",
        "close",
        (P,),
    ),
    _a("app.quit", "Quit", "Everything is saved already.", "Ctrl+Q", "Project"),
    _a("edit.undo", "Undo", "Take back the last change of this case.", "Ctrl+Z", "Edit", "undo", (P, W, C), True),
    _a("edit.redo", "Redo", "Do again what was taken back.", "Ctrl+Shift+Z Ctrl+Y", "Edit", "redo", (P, W, C), True),
    _a("tool.erase", "Erase", "Paint background.", "1 E", "Edit", "eraser", (C,)),
    _a("tool.paint", "Paint", "Paint the selected class.", "2 P", "Edit", "brush", (C,)),
    _a(
        "tool.polygon",
        "Polygon",
        "Outline the selected class: click corners or drag; double click or Enter closes.",
        "3",
        "Edit",
        "vector-polygon",
        (C,),
    ),
    _a(
        "tool.fill",
        "Fill",
        "Fill the connected region under the cursor with the selected class.",
        "4 F",
        "Edit",
        "format-color-fill",
        (C,),
    ),
    _a("tool.pick", "Pick", "Select the class under the cursor.", "5 L", "Edit", "eyedropper", (C,)),
    _a(
        "tool.grow",
        "Grow",
        "Click: what looks like this place and hangs together with it is painted (region growing).",
        "6",
        "Edit",
        "auto-fix",
        (C,),
    ),
    _a("class.lock", "Lock or unlock class", "No tool changes a locked class.", "K", "Edit", "lock", (C,)),
    _a("brush.smaller", "Smaller brush", "A smaller brush; its diameter is in mm.", "[", "Edit", "", (C,), True),
    _a("brush.larger", "Larger brush", "A larger brush; its diameter is in mm.", "]", "Edit", "", (C,), True),
    _a(
        "slice.interpolate",
        "Interpolate",
        "Fills the unlabelled slices here from the outlines at both ends (shape-based); drafts until you confirm them.",
        "G",
        "Mend",
        "transition",
        (P, W, C),
    ),
    _a(
        "case.interpolate",
        "Interpolate all gaps",
        "Fills every run of unlabelled slices between two labelled ones; drafts until you confirm them.",
        "",
        "Mend",
        "transition",
        (P, W, C),
    ),
    _a(
        "slice.copy_below",
        "Copy below",
        "Puts the outlines of the slice below on this one; a draft until you confirm it.",
        "Shift+Down",
        "Mend",
        "content-copy",
        (P, W, C),
    ),
    _a(
        "slice.copy_above",
        "Copy above",
        "Puts the outlines of the slice above on this one; a draft until you confirm it.",
        "Shift+Up",
        "Mend",
        "content-copy",
        (P, W, C),
    ),
    _a("mend.smooth", "Smooth", "Smooths the outline of the selected class.", "", "Mend", "", (P, W, C)),
    _a("mend.holes", "Fill holes", "Fills background that the class encloses.", "", "Mend", "", (P, W, C)),
    _a(
        "mend.islands",
        "Remove islands",
        "Takes away pieces smaller than a tenth of the slice's largest piece of the class.",
        "",
        "Mend",
        "",
        (P, W, C),
    ),
    _a("mend.grow", "Grow in mm", "Makes the class larger all around, within its slices.", "", "Mend", "", (P, W, C)),
    _a("mend.shrink", "Shrink in mm", "Makes the class smaller all around.", "", "Mend", "", (P, W, C)),
    _a("slice.up", "Next slice up", "One slice towards the head (or front, or right).", "Up", "View", "", (C,), True),
    _a(
        "slice.down",
        "Next slice down",
        "One slice towards the feet (or back, or left).",
        "Down",
        "View",
        "",
        (C,),
        True,
    ),
    _a(
        "slice.up10",
        "Ten slices up",
        "Ten slices towards the head (or front, or right).",
        "PgUp",
        "View",
        "",
        (C,),
        True,
    ),
    _a(
        "slice.down10",
        "Ten slices down",
        "Ten slices towards the feet (or back, or left).",
        "PgDown",
        "View",
        "",
        (C,),
        True,
    ),
    _a(
        "slice.next",
        "Next slice that needs me",
        "The next draft or unlabelled slice above.",
        "N",
        "View",
        "skip-next",
        (C,),
    ),
    _a(
        "slice.previous",
        "Previous slice that needs me",
        "The next draft or unlabelled slice below.",
        "Shift+N",
        "View",
        "",
        (C,),
    ),
    _a(
        "view.fit",
        "Whole picture",
        "The whole slice, and in 3D the patient from the front.",
        "Home Ctrl+0",
        "View",
        "fullscreen",
        (C,),
    ),
    _a(
        "view.tiles",
        "Other views",
        "Show or hide the views beside the large one.",
        "F11",
        "View",
        "view-split-vertical",
        (C,),
    ),
    _a(
        "view.enlarge",
        "Enlarge view",
        "The view under the mouse alone, or all views again. A double click does the same where nothing is painted.",
        "Shift+F11",
        "View",
        "fullscreen",
        (C,),
    ),
    _a(
        "view.neurological",
        "Neurological convention",
        "The patient's right on the right of the picture; otherwise on its left (radiological). Letters follow.",
        "",
        "View",
        "flip-horizontal",
        switch=True,
    ),
    _a(
        "view.crosshair",
        "Crosshair in the large view",
        "The place you last clicked, in the large view too; the other views always show it.",
        "H",
        "View",
        "crosshairs",
        switch=True,
    ),
    _a(
        "view.solid",
        "3D view",
        "Masks as surfaces, beside the planes: drag to turn, wheel to zoom.",
        "T",
        "View",
        "cube-outline",
        switch=True,
    ),
    _a(
        "view.volume",
        "Image in the 3D view",
        "Shows the image behind the masks, by its brightest voxels (maximum intensity projection).",
        "",
        "View",
        "",
        switch=True,
    ),
    _a(
        "view.window",
        "Window and histogram",
        "Black and white over the histogram of intensities, to drag or to type (window and level).",
        "W",
        "View",
        "chart-histogram",
        (C,),
    ),
    _a(
        "view.sides",
        "Two models side by side",
        "Shows the large view twice: left with the model in use, right with another one; slice, zoom and window are "
        "shared.",
        "V",
        "View",
        "compare",
        (P, C, Need.TWO_MODELS),
        switch=True,
    ),
    _a(
        "view.overlay",
        "Masks on or off",
        "Show or hide all masks. Hold Tab to peek.",
        "S",
        "View",
        "layers-outline",
        (C,),
    ),
    _a("view.lighter", "Lighter masks", "Lowers the opacity of masks.", "A", "View", "", (C,), True),
    _a("view.darker", "Stronger masks", "Raises the opacity of masks.", "D", "View", "", (C,), True),
    _a("view.style", "Contour, fill or both", "How masks are drawn.", "C", "View", "", (C,)),
    _a(
        "view.smooth",
        "Smooth or voxels",
        "Interpolate between voxels, or show them as they are.",
        "I",
        "View",
        "blur",
        (C,),
    ),
    _a(
        "sequence.flip",
        "Flip sequence",
        "Between the labelled image and the case's further sequence, in every view.",
        "X",
        "View",
        "swap-horizontal",
        (C, Need.SEQUENCE),
    ),
    _a(
        "sequence.next",
        "Next sequence",
        "Shows the next of the case's further sequences, where it has several.",
        "Shift+X",
        "View",
        "",
        (C, Need.SEQUENCE),
    ),
    _a(
        "slice.done",
        "Slice done",
        "This slice is right, for every class. Only done slices teach; one without a voxel is verified empty.",
        "Return Enter",
        "Case",
        "check",
        (P, W, C),
    ),
    _a(
        "slice.clear",
        "Clear slice",
        "Takes the paint off this slice: it is unlabelled again, and never read as background. Can be undone.",
        "Ctrl+Backspace",
        "Case",
        "",
        (P, W, C),
    ),
    _a(
        "case.done",
        "Case done",
        "Every drafted slice of this case is right.",
        "Ctrl+Return",
        "Case",
        "check-bold",
        (P, W, C),
    ),
    _a(
        "slice.accept",
        "Accept slice",
        "Takes the model's mask of this slice into your labels, as a draft to correct and confirm.",
        "Shift+Return",
        "Case",
        "layers-outline",
        (P, W, C, Need.PREDICTION),
    ),
    _a(
        "case.accept",
        "Accept case",
        "Takes the model's mask into every slice of this case that is not done, as drafts; one undo takes it back.",
        "",
        "Case",
        "layers-outline",
        (P, W, C, Need.PREDICTION),
    ),
    _a(
        "class.accept",
        "Accept class",
        "Takes the model's mask of the selected class into every slice of this case that is not done, as drafts; other "
        "classes stay. One undo takes it back.",
        "",
        "Case",
        "layers-outline",
        (P, W, C, Need.PREDICTION),
    ),
    _a(
        "case.flag",
        "Flag case",
        "Marks this case to come back to, or takes the mark off.",
        "Ctrl+B",
        "Case",
        "flag-outline",
        (P, W, C),
    ),
    _a(
        "case.notes",
        "Notes on case",
        "Your remarks on this case; also found by the search.",
        "Ctrl+Shift+N",
        "Case",
        "note-text-outline",
        (P, W, C),
    ),
    _a(
        "sequence.add",
        "Add another sequence to this case …",
        "An image of the same examination, on any grid, to look at beside the labelled one (overlay or flip). It is "
        "not labelled, and not learned from.",
        "",
        "Case",
        "layers-plus",
        (P, W, C),
    ),
    _a(
        "sequence.remove",
        "Remove sequence",
        "Takes the further sequence that is chosen out of this case. Nothing is deleted; it can be restored.",
        "",
        "Case",
        "",
        (P, W, C, Need.SEQUENCE),
    ),
    _a(
        "case.remove",
        "Remove case",
        "Takes this case out of the project. Nothing is deleted; it can be restored.",
        "",
        "Case",
        "",
        (P, W, C),
    ),
    _a(
        "patient.remove",
        "Remove patient",
        "Takes every case of this patient out of the project; they can be restored.",
        "",
        "Case",
        "",
        (P, W, C),
    ),
    _a(
        "class.add",
        "Add a class …",
        "A further structure to segment. What is done stays done for the others; of the new one nothing is known yet.",
        "",
        "Case",
        "plus",
        (P, W),
    ),
    _a(
        "class.rename",
        "Rename class …",
        "Gives the selected class another name; its labels stay.",
        "",
        "Case",
        "",
        (P, W),
    ),
    _a(
        "class.remove",
        "Remove class",
        "Takes the selected class out of use. Its labels are kept; it can be restored.",
        "",
        "Case",
        "",
        (P, W),
    ),
    _a("case.next", "Next case", "Opens the case below in the list.", "Ctrl+PgDown", "Case", "", (P,)),
    _a("case.previous", "Previous case", "Opens the case above in the list.", "Ctrl+PgUp", "Case", "", (P,)),
    _a(
        "job.pretrain",
        "Learn from all volumes",
        "Learns from every volume, without labels (self-supervised pretraining).",
        "Ctrl+Shift+L",
        "Job",
        "sprout",
        (*_FILLED, Need.MAY_PRETRAIN),
    ),
    _a(
        "job.train",
        "Train",
        "Learns from the slices you marked done (finetuning).",
        "Ctrl+T",
        "Job",
        "school-outline",
        (*_FILLED, Need.MAY_TRAIN),
    ),
    _a(
        "job.predict",
        "Predict",
        "Segments every case with the model in use.",
        "Ctrl+P",
        "Job",
        "layers-outline",
        (*_FILLED, Need.MAY_PREDICT, Need.MODEL),
    ),
    _a(
        "job.map",
        "Make the map of slices",
        "The latest network looks at every slice, so that alike ones lie together (embedding).",
        "",
        "Job",
        "map-outline",
        (*_FILLED, Need.MAY_MAP, Need.NETWORK),
    ),
    _a(
        "job.measure",
        "Measure Dice",
        "Compares predictions with your done slices (3D Dice).",
        "Ctrl+M",
        "Job",
        "clipboard-check-outline",
        (P, W, Need.MODEL),
    ),
    _a(
        "job.crossvalidate",
        "Measure cross-validated Dice",
        "Holds labelled patients out in turn, trains on the others and measures (k-fold cross-validation). Your models "
        "stay as they are.",
        "",
        "Job",
        "rotate-3d-variant",
        (*_FILLED, Need.MAY_CROSSVALIDATE),
    ),
    _a(
        "job.compare",
        "Compare with no pretraining",
        "Trains from the pretraining and from random weights on the same folds with the same seeds, and says the "
        "difference with its interval. Your models stay as they are.",
        "",
        "Job",
        "scale-balance",
        (*_FILLED, Need.MAY_COMPARE),
    ),
    _a("job.pause", "Pause", "Holds the job still, or lets it go on.", "", "Job", "pause", (P, J)),
    _a(
        "job.stop",
        "Stop",
        "Stops the job; what it learned so far is kept where that is worth it.",
        "",
        "Job",
        "stop",
        (P, J),
    ),
    _a(
        "job.continue",
        "Continue",
        "Lets the last job that was stopped or failed go on from what it had saved, with the labels it began with.",
        "",
        "Job",
        "play",
        (P, W, Need.IDLE, Need.UNFINISHED),
    ),
    _a(
        "job.continue_cpu",
        "Continue on the CPU",
        "Lets the job that ran out of graphics memory go on without the graphics processor: slower, same settings.",
        "",
        "Job",
        "play",
        (P, W, Need.IDLE, Need.UNFINISHED, Need.CPU_OFFER),
    ),
    _a("help.palette", "All commands …", "Finds every command by words.", "Ctrl+K", "Help", "magnify"),
    _a(
        "help.settings",
        "Settings …",
        "Theme, size of text, language, your name, keys.",
        "Ctrl+,",
        "Help",
        "cog-outline",
    ),
    _a(
        "help.tour",
        "Tour of the window",
        "Shows the four places worth knowing.",
        "",
        "Help",
        "lightbulb-on-outline",
        (P,),
    ),
    _a("help.keys", "Keys", "Every key on one sheet.", "? F1", "Help", "help-circle-outline"),
    _a("help.about", "About slicelab", "The version, and what slicelab is not.", "", "Help"),
)
"""The table. Order is the order in menus."""


class ActionSet(QObject):
    """The table as Qt actions: in menus, on keys, enabled when possible."""

    def __init__(self, window: QWidget, theme: Theme, keys: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(tr(spec.text), self)
            if spec.icon:
                action.setIcon(icon(theme, spec.icon))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setAutoRepeat(spec.repeat)
            action.setCheckable(spec.switch)
            action.setIconVisibleInMenu(not spec.switch)  # it would stand where the check mark belongs
            window.addAction(action)
            self._actions[spec.id] = action
        self.set_keys(keys)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def set_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Put actions on other keys than the table's.

        Args:
            keys: id to keys, for the actions that have others; see :mod:`slicelab.app.keys`.

        """
        for spec in ACTIONS:
            action = self._actions[spec.id]
            action.setShortcuts([QKeySequence(key) for key in keys.get(spec.id, spec.keys)])
            first = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            words = tr(spec.tip or spec.text)
            action.setToolTip(f"{words}  [{first}]" if first else words)

    def connect_all(self, table: dict[str, Callable[[], object]]) -> None:
        """Connect ids to what they do.

        Raises:
            KeyError: an id that the table of actions does not have.

        """
        for name, call in table.items():
            self._actions[name].triggered.connect(lambda _checked=False, call=call: call())

    def allow(self, given: Iterable[Need]) -> None:
        """Enable what is possible now."""
        have = set(given)
        for spec in ACTIONS:
            self._actions[spec.id].setEnabled(spec.needs <= have)

    def fill(self, bar: QMenuBar) -> None:
        """Put the actions into menus, in the table's order."""
        menus = {name: bar.addMenu(tr(name)) for name in dict.fromkeys(spec.menu for spec in ACTIONS if spec.menu)}
        for spec in ACTIONS:
            if spec.menu:
                menus[spec.menu].addAction(self._actions[spec.id])


def shown_keys(action: QAction) -> str:
    """An action's keys as this system writes them, such as ``Ctrl+Shift+Z or Ctrl+Y``."""
    native = QKeySequence.SequenceFormat.NativeText
    return f" {tr('or')} ".join(key.toString(native) for key in action.shortcuts())

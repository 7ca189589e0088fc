"""Which volume of a series: the middle slice of each, one choice, for all files alike if wished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QDialog, QListView, QListWidget, QListWidgetItem, QWidget

from slicelab.app import words
from slicelab.app.language import say
from slicelab.app.numbers import written
from slicelab.app.panels.case_list import small_picture
from slicelab.app.spoken import Check
from slicelab.app.widgets import button, column, row, text
from slicelab.engine.series import alike

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from slicelab.app.desks.project_desk import ProjectDesk
    from slicelab.app.theme import Theme
    from slicelab.data.readers import Discovery, Source
    from slicelab.engine.series import VolumeWish

_GAP, _EDGE = 12, 6


@dataclass(frozen=True)
class _Layout:
    """Tiles of one size, and how many are in sight; the others are scrolled to."""

    tile: int
    columns: int
    rows: int


_FEW, _MANY = _Layout(168, 3, 2), _Layout(104, 5, 3)


def choose_volumes(theme: Theme, desk: ProjectDesk, found: Discovery, parent: QWidget) -> dict[str, VolumeWish]:
    """Ask for each series which volume to take, once for those that are alike; answers by source name."""
    wishes: dict[str, VolumeWish] = {}
    for group in alike(found.sources):
        left = list(group)
        while left:
            dialog = SeriesDialog(theme, left[0], len(left) - 1, parent=parent)
            _ask(dialog, desk, left[0])
            answered = left if dialog.for_all else left[:1]
            wishes.update((source.name, dialog.wish) for source in answered)
            left = left[len(answered) :]
            dialog.deleteLater()
    return wishes


def choose_volume(theme: Theme, desk: ProjectDesk, source: Source, parent: QWidget) -> int | None:
    """Ask for the one volume (from 0) of a series that becomes a further sequence; None for none."""
    dialog = SeriesDialog(theme, source, 0, cases=False, parent=parent)
    _ask(dialog, desk, source)
    dialog.deleteLater()
    return dialog.wish if isinstance(dialog.wish, int) else None


def _ask(dialog: SeriesDialog, desk: ProjectDesk, source: Source) -> None:
    """Show the dialog until it is answered; its pictures come meanwhile."""
    desk.volumes_pictured.connect(dialog.show_pictures)
    desk.want_volume_pictures(source)
    dialog.exec()
    desk.volumes_pictured.disconnect(dialog.show_pictures)
    if not dialog.pictured:
        desk.give_up_volume_pictures()


class SeriesDialog(QDialog):
    """Asks for one volume of a series. Escape leaves the file out."""

    def __init__(
        self, theme: Theme, source: Source, others: int, *, cases: bool = True, parent: QWidget | None = None
    ) -> None:
        """Ask about a source; ``others`` further files hold as many volumes, and each volume may become a case."""
        super().__init__(parent)
        self.setWindowTitle(say("A file with several volumes"))
        self.wish: VolumeWish = None
        self.pictured = False
        self._source = source
        self._others = others
        layout = _FEW if source.frames <= _FEW.columns * _FEW.rows else _MANY
        self._fits = source.frames <= layout.columns * layout.rows
        width = theme.px(layout.columns * (layout.tile + _GAP) + 40)
        name = text("", "lead")
        name.ensurePolished()  # or the metrics are those of another size
        name.setText(name.fontMetrics().elidedText(_file_name(source), Qt.TextElideMode.ElideMiddle, width))
        name.setToolTip(_file_name(source))
        self.volumes = self._tiles(theme, layout, width)
        self._state = text("Reading the pictures …", "caption")
        self.same = Check(f"Same for {_others(others)} with {source.frames:,} volumes")
        self.same.setChecked(others > 0)
        self.same.setVisible(others > 0)
        self.same.toggled.connect(self._name_buttons)
        self._leave_out = button("", tip="Nothing of it is added (Esc)")
        self.each = button("Each as a case", tip=f"{source.frames:,} cases, all of one patient")
        self.each.setVisible(cases)
        self.take = button("", "primary", "Enter, or a double click on the picture")
        self.take.setDefault(True)
        self._leave_out.clicked.connect(self.reject)
        self.each.clicked.connect(self._accept_each)
        self.take.clicked.connect(self._accept_one)
        for other in (self._leave_out, self.each):
            other.setAutoDefault(False)
        self.setLayout(
            column(
                text(f"Which of the {source.frames:,} volumes?", "statement"),
                name,
                text("A series over time, or with several weightings. The middle slice of each is shown.", "secondary"),
                4,
                self.volumes,
                self._state,
                self.same,
                None if self._fits else 8,
                row(self._leave_out, None, self.each, self.take),
                margins=(24, 24, 24, 20),
            )
        )
        self.volumes.currentRowChanged.connect(self._name_buttons)
        self.volumes.setCurrentRow(0)
        self.volumes.setFocus()

    @property
    def for_all(self) -> bool:
        """Whether the answer holds for the other files too."""
        return self.same.isChecked()

    def show_pictures(self, source: Source, pictures: npt.NDArray[np.uint8] | None) -> None:
        """The pictures ``(volume, row, column)`` of a source have come; None: they cannot be read."""
        if source is not self._source:
            return
        self.pictured = True
        if pictures is None:
            self._state.setText("The pictures cannot be read. You can choose by number all the same.")
            return
        self._state.setVisible(False)
        _, high, wide = pictures.shape
        for at, grey in enumerate(pictures[: self.volumes.count()]):  # the file may be another by now
            self.volumes.item(at).setIcon(_tile(small_picture(grey.tobytes(), wide, high), self.volumes.iconSize()))

    def _tiles(self, theme: Theme, layout: _Layout, width: int) -> QListWidget:
        tiles = QListWidget()
        tiles.setObjectName("volumes")
        tiles.setAccessibleName(say("Volumes"))
        tiles.setViewMode(QListView.ViewMode.IconMode)
        tiles.setMovement(QListView.Movement.Static)
        tiles.setResizeMode(QListView.ResizeMode.Adjust)
        tiles.setUniformItemSizes(True)
        side, label = theme.px(layout.tile - 16), tiles.fontMetrics().height()
        tiles.setIconSize(QSize(side, side))
        tile = QSize(theme.px(layout.tile), side + label + theme.px(16))
        tiles.setGridSize(tile + QSize(theme.px(_GAP), theme.px(_GAP)))
        empty = QImage(side, side, QImage.Format.Format_RGB32)
        empty.fill(QColor(theme.tokens.line))
        for number in range(1, self._source.frames + 1):
            item = QListWidgetItem(_tile(empty, tiles.iconSize()), written(f"{number:,}"), tiles)
            item.setSizeHint(tile)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"Volume {number}")
        rows = -(-self._source.frames // layout.columns)
        height = min(rows, layout.rows) * tiles.gridSize().height() + theme.px(2 * _EDGE + 8)
        tiles.setMinimumSize(width, height)
        if self._fits:
            tiles.setMaximumHeight(height)
        tiles.itemActivated.connect(self._accept_one)
        return tiles

    def _name_buttons(self) -> None:
        """The buttons say what they do, and to how many files."""
        which = f"all {self._others + 1:,} files" if self.for_all else "this file"
        self._leave_out.setText(f"Leave out {which}" if self.for_all else "Leave this file out")
        self.take.setText(f"Take volume {self.volumes.currentRow() + 1:,}")

    def _accept_one(self) -> None:
        self.wish = self.volumes.currentRow()
        self.accept()

    def _accept_each(self) -> None:
        self.wish = "each"
        self.accept()


def _tile(image: QImage, size: QSize) -> QIcon:
    """A picture in the middle of its tile, the same whether it is chosen or not."""
    pixmap = QPixmap.fromImage(
        image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    )
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made


def _file_name(source: Source) -> str:
    return source.name if source.series is not None else source.image.name


def _others(count: int) -> str:
    return "the other file" if count == 1 else f"the {words.plural(count, 'other file')}"

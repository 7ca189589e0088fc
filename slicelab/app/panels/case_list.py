"""The list of cases: picture, name, how far it is. A model and a delegate, so that a thousand cases scroll well."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QActionGroup, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from slicelab.app import words
from slicelab.app.icons import icon, picture
from slicelab.app.language import say
from slicelab.app.numbers import written
from slicelab.app.widgets import column, flat_button, row, text
from slicelab.core.durations import duration
from slicelab.core.naturalsort import natural_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from PySide6.QtCore import QPoint

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.views import CaseSummary

Index = QModelIndex | QPersistentModelIndex
_ROW, _FRAME = 60, 2
"""Height of a case in design pixels; above and below the list together, pixels."""
_SIGN = 16
"""From sign to sign of a case, design pixels."""
_CASE = Qt.ItemDataRole.UserRole
_PICTURE = Qt.ItemDataRole.UserRole + 1
_FOUND_BY = Qt.ItemDataRole.UserRole + 2
_LEFT_OUT = Qt.ItemDataRole.UserRole + 3
_SORTS: dict[str, tuple[str, Callable[[CaseSummary], Any]]] = {
    "name": ("By name", lambda case: 0),
    "expected": ("Lowest expected Dice first", lambda case: 0),
    "work": ("Least done first", lambda case: case.count.done / max(case.count.slices, 1)),
    "flag": ("Flagged first", lambda case: not case.flagged),
    "time": ("Most time spent first", lambda case: -case.seconds),
}
"""Orders of the list: words, and what is smallest comes first; of equals, the one with the smaller name."""
_ICONS = {
    "Done": ("check-circle", "ok"),
    "In progress": ("pencil-outline", "draft"),
    "Predicted": ("layers-outline", "accent"),
    "Not started": ("circle-outline", "text3"),
}


class CaseModel(QAbstractListModel):
    """Summaries of the project's cases, and their small pictures once they are there."""

    picture_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cases: tuple[CaseSummary, ...] = ()
        self._left_out: frozenset[str] = frozenset()
        self._pictures: dict[str, QImage] = {}
        self._asked: set[str] = set()

    def show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        """Show the cases; rows are only rebuilt when the cases are others."""
        same = [case.id for case in cases] == [case.id for case in self._cases]
        if not same:
            self.beginResetModel()
        self._cases = cases
        if same:
            self._all_changed()
        else:
            self.endResetModel()

    def show_left_out(self, cases: Collection[str]) -> None:
        """Mark the cases (ids) that are left out for testing."""
        self._left_out = frozenset(cases)
        self._all_changed()

    def show_picture(self, case_id: str, picture: QImage) -> None:
        """The small picture of a case has come."""
        self._pictures[case_id] = picture
        at = self.row_of(case_id)
        if at is not None:
            self.dataChanged.emit(self.index(at), self.index(at))

    def clear_pictures(self) -> None:
        """Another project: ids mean other cases."""
        self._pictures.clear()
        self._asked.clear()

    def _all_changed(self) -> None:
        if self._cases:
            self.dataChanged.emit(self.index(0), self.index(len(self._cases) - 1))

    def row_of(self, case_id: str) -> int | None:
        """Where a case stands."""
        return next((at for at, case in enumerate(self._cases) if case.id == case_id), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """One row a case."""
        return 0 if parent is not None and parent.isValid() else len(self._cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The summary, the picture, or words for screen readers."""
        case = self._cases[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return case.name
        if role == _CASE:
            return case
        if role == _PICTURE:
            if case.id not in self._asked:
                self._asked.add(case.id)
                self.picture_wanted.emit(case.id)
            return self._pictures.get(case.id)
        if role == _LEFT_OUT:
            return case.id in self._left_out
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((case.name, *map(say, self._said_of(case))))
        if role == _FOUND_BY:
            signs = self._said_of(case)
            return " ".join((case.name, *signs, *map(say, signs), case.notes))
        if role == Qt.ItemDataRole.ToolTipRole:
            count = case.count
            said = (
                f"{case.name}: {count.done} done, {count.draft} draft, {count.unlabelled} unlabelled "
                f"of {count.slices} {case.plane} slices"
            )
            spent = f"Labelled for {duration(case.seconds)}" if case.seconds >= 1 else ""
            flag = "Flagged" if case.flagged else ""
            out = "Left out for testing: no run learns from it" if case.id in self._left_out else ""
            return "\n".join(part for part in (*map(say, (said, out, spent, flag)), case.notes) if part)
        return None

    def _said_of(self, case: CaseSummary) -> tuple[str, ...]:
        """What a row shows by signs, in words."""
        state = words.case_state(case.count, bool(case.models))
        return (
            state,
            *(("left out for testing",) if case.id in self._left_out else ()),
            *(("flagged",) if case.flagged else ()),
        )


class _CaseRow(QStyledItemDelegate):
    """Draws one case."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.target: str | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        case: CaseSummary = index.data(_CASE)
        box = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.colour("soft"))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), theme.colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.colour("hover"))
        self._draw_picture(painter, box, index.data(_PICTURE))
        marks = [("test-tube", "accent")] * index.data(_LEFT_OUT) + [("flag", "warn")] * case.flagged
        marks += [("note-text-outline", "text2")] * bool(case.notes)
        left, right = box.left() + px(70), box.right() - px(16)
        line = QRectF(left, box.top() + px(8), right - left, px(18))
        middle = Qt.AlignmentFlag.AlignVCenter
        count = f"{case.count.done} / {case.count.slices}"
        painter.setFont(theme.font(12))
        wide = painter.fontMetrics().horizontalAdvance(count)
        painter.setPen(theme.colour("text2"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, count)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.colour("text1"))
        name = painter.fontMetrics().elidedText(
            case.name, Qt.TextElideMode.ElideMiddle, int(line.width() - wide - px(8))
        )
        painter.drawText(line, middle, name)
        word = words.case_state(case.count, bool(case.models))
        symbol, token = _ICONS[word]
        painter.drawPixmap(int(left), int(line.bottom() + px(1)), picture(theme, symbol, token, 14))
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("text2"))
        below = line.adjusted(px(19), px(18), -len(marks) * px(_SIGN), px(18))
        said = painter.fontMetrics().elidedText(say(word), Qt.TextElideMode.ElideRight, int(below.width()))
        painter.drawText(below, middle, said)
        for number, (mark, colour) in enumerate(marks, start=1):
            at = int(right - number * px(_SIGN) + px(2))
            painter.drawPixmap(at, int(line.bottom() + px(1)), picture(theme, mark, colour, 14))
        if case.id == self.target:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(box.adjusted(4, 2, -4, -2), 6, 6)
        self._draw_bar(painter, QRectF(left, box.bottom() - px(11), right - left, px(3)), case)
        painter.restore()

    def _draw_picture(self, painter: QPainter, box: QRectF, image: QImage | None) -> None:
        px = self._theme.px
        frame = QRectF(box.left() + px(16), box.top() + px(8), px(44), px(44))
        clip = QPainterPath()
        clip.addRoundedRect(frame, 4, 4)
        painter.save()
        painter.setClipPath(clip)
        painter.fillRect(frame, self._theme.colour("canvas"))
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            side = min(image.width(), image.height())
            source = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
            painter.drawImage(frame, image, source)
        painter.restore()

    def _draw_bar(self, painter: QPainter, box: QRectF, case: CaseSummary) -> None:
        painter.fillRect(box, self._theme.colour("hover"))
        total = max(case.count.slices, 1)
        done = box.width() * case.count.done / total
        draft = box.width() * case.count.draft / total
        painter.fillRect(QRectF(box.left(), box.top(), done, box.height()), self._theme.colour("ok"))
        painter.fillRect(QRectF(box.left() + done, box.top(), draft, box.height()), self._theme.colour("draft"))


class CaseList(QWidget):
    """Cases with search; announces which one is wanted."""

    case_chosen = Signal(str)
    picture_wanted = Signal(str)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._cases: tuple[CaseSummary, ...] = ()
        self._order: tuple[str, ...] = ()
        self._sort = "name"
        self._expected: dict[str, int] = {}
        self._chosen: str | None = None
        self._row = -1
        self._model = CaseModel(self)
        self._model.picture_wanted.connect(self.picture_wanted)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._model)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._shown.setFilterRole(_FOUND_BY)
        self.view = QListView()
        self.view.setModel(self._shown)
        self._rows = _CaseRow(theme, self.view)
        self.view.setItemDelegate(self._rows)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAccessibleName(say("Cases"))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for name in ("case.flag", "case.notes", "sequence.add", "case.remove", "patient.remove"):
            self.view.addAction(actions[name])
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self._count = text("", "secondary")
        add = actions["project.import"]
        plus = flat_button(theme, "plus", add.toolTip())
        plus.clicked.connect(add.trigger)
        self.sorting = flat_button(theme, "sort-ascending", "Order of the cases")
        self.sorting.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.sorting.setMenu(self._sort_menu())
        self.search = search = QLineEdit()
        search.setPlaceholderText(say("Find a case"))
        search.setToolTip(say("Looks in names, states, notes, and for the words flagged and left out"))
        search.setAccessibleName(say("Find a case"))
        search.setClearButtonEnabled(True)
        search.addAction(icon(theme, "magnify", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        search.textChanged.connect(self._find)
        head = row(text("Cases", "title"), self._count, None, self.sorting, plus, margins=(16, 8, 12, 0))
        self.setLayout(column(head, row(search, margins=(16, 0, 12, 4)), self.view, gap=4))
        self._quiet = False

    def show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        """Show summaries; keeps the selection, and the order while the cases are the same ones.

        A row that moved away as soon as its slice is done would be lost under the person's eyes.
        """
        if {case.id for case in cases} != set(self._order):
            self._order = self._sorted(cases)
        by_id = {case.id: case for case in cases}
        if self._chosen not in by_id:
            self._chosen = None
        self._cases = tuple(by_id[case_id] for case_id in self._order)
        with self._keeping_choice():
            self._model.show_cases(self._cases)
        self._count.setText(written(f"{len(cases):,}"))

    def height_for(self, cases: int) -> int:
        """Pixels the panel needs for so many cases in sight at once, with what stands above them."""
        around = self.sizeHint().height() - self.view.sizeHint().height()
        return around + self._theme.px(_ROW) * cases + _FRAME

    def show_left_out(self, cases: Collection[str]) -> None:
        """Mark the cases (ids) that are left out for testing."""
        with self._keeping_choice():
            self._model.show_left_out(cases)

    def show_picture(self, case_id: str, picture: QImage) -> None:
        """The small picture of a case."""
        self._model.show_picture(case_id, picture)

    def forget(self) -> None:
        """Another project is open: no picture and no search of the last one stays."""
        self._chosen = None
        self._expected = {}
        self._model.clear_pictures()
        self.search.clear()

    @property
    def current(self) -> str | None:
        """Id of the chosen case, also while what is looked for hides it."""
        return self._chosen

    def select(self, case_id: str) -> None:
        """Select a case without announcing it."""
        at = self._model.row_of(case_id)
        if at is None:
            return
        self._chosen = case_id
        self._quiet = True
        self.view.setCurrentIndex(self._shown.mapFromSource(self._model.index(at)))
        self._quiet = False

    def sort_by(self, key: str) -> None:
        """Put the cases into another order."""
        self._sort = key
        self._order = self._sorted(self._cases)
        self.show_cases(self._cases)

    def show_expected(self, cases: Sequence[str]) -> None:
        """Cases (ids) without labels, those first on which the model is probably most wrong: an order of the list."""
        self._expected = {case: at for at, case in enumerate(cases)}
        if self._sort == "expected":
            self.sort_by(self._sort)

    def open_near(self) -> None:
        """Open the case that stands where the one before stood."""
        rows = self._shown.rowCount()
        if rows:
            self.view.setCurrentIndex(self._shown.index(min(max(self._row, 0), rows - 1), 0))

    def case_at(self, place: QPoint) -> str | None:
        """Id of the case drawn at a place of the screen, None if there is none."""
        index = self.view.indexAt(self.view.viewport().mapFromGlobal(place))
        return index.data(_CASE).id if index.isValid() and self.view.isVisible() else None

    def show_target(self, case_id: str | None) -> None:
        """A file is held over a case."""
        if case_id != self._rows.target:
            self._rows.target = case_id
            self.view.viewport().update()

    def _sorted(self, cases: tuple[CaseSummary, ...]) -> tuple[str, ...]:
        _, smallest = _SORTS[self._sort]
        if self._sort == "expected":  # those of which nothing is expected after the others
            after = len(self._expected)
            return tuple(
                case.id
                for case in sorted(cases, key=lambda case: (self._expected.get(case.id, after), natural_key(case.name)))
            )
        return tuple(case.id for case in sorted(cases, key=lambda case: (smallest(case), natural_key(case.name))))

    def _sort_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for key, (said, _) in _SORTS.items():
            action = menu.addAction(say(said))
            action.setCheckable(True)
            action.setChecked(key == self._sort)
            action.triggered.connect(lambda _checked=False, key=key: self.sort_by(key))
            group.addAction(action)
        return menu

    def step(self, by: int) -> None:
        """The next or previous case of the list, announced as if clicked."""
        rows = self._shown.rowCount()
        if rows:
            at = min(max(self.view.currentIndex().row() + by, 0), rows - 1)
            self.view.setCurrentIndex(self._shown.index(at, 0))

    def place_of(self, case_id: str) -> Any:
        """Where a case's row is drawn, for mouse events."""
        at = self._model.row_of(case_id)
        index = self._shown.mapFromSource(self._model.index(at if at is not None else -1))
        self.view.scrollTo(index)
        return self.view.visualRect(index).center()

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self._row = index.row()
        if index.isValid() and not self._quiet:
            self._chosen = index.data(_CASE).id
            self.case_chosen.emit(self._chosen)

    def _find(self, words: str) -> None:
        with self._keeping_choice():
            self._shown.setFilterFixedString(words)

    @contextmanager
    def _keeping_choice(self) -> Iterator[None]:
        """Keep the case that is open as the chosen one, also where it is not among those found: none is opened."""
        chosen = self._chosen
        self._quiet = True
        yield
        self._quiet = False
        if chosen is not None:
            self.select(chosen)


def small_picture(pixels: bytes, width: int, height: int) -> QImage:
    """An 8-bit grey picture for the list; the bytes are copied."""
    return QImage(pixels, width, height, width, QImage.Format.Format_Grayscale8).copy()

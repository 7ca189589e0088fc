"""Which views are in sight, and how they share the room: the large plane, the others beside or below it, one alone."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from slicelab.app.canvas.arrangement import SIDE_PX, Arrangement, arrange


class Views(QObject):
    """Lays views out in a splitter; knows nothing of what they show, and makes none of them anew.

    Args:
        room: where they are put.
        main: the large plane.

    """

    arranged = Signal()

    def __init__(self, room: QSplitter, main: QWidget) -> None:
        super().__init__(room)
        self._room = room
        self._main = main
        self._planes: tuple[QWidget, ...] = ()
        self._further: tuple[QWidget, ...] = ()
        self._twin: QWidget | None = None
        self._wanted: bool | None = None
        self._arranged = Arrangement.BESIDE
        self._enlarged: QWidget | None = None
        self._under = main
        self._before_twin: tuple[list[int], list[int], int] = ([], [], 0)
        self.tiles = QSplitter(Qt.Orientation.Vertical)
        self.tiles.setHandleWidth(8)
        self.tiles.setMinimumSize(160, 120)
        room.addWidget(main)
        room.addWidget(self.tiles)
        room.setStretchFactor(0, 1)
        room.setSizes([700, SIDE_PX])

    @property
    def enlarged(self) -> QWidget | None:
        """The view that is shown alone, if one of the smaller ones is."""
        return self._enlarged

    @property
    def cuts_shown(self) -> bool:
        """Whether a view is in sight that shows something of every slice: another plane, or the 3D view."""
        return any(view.isVisibleTo(self._room) for view in (*self._planes, *self._further))

    def add_plane(self, view: QWidget) -> None:
        """Put another plane below those that are there."""
        self.tiles.addWidget(view)
        self._planes = (*self._planes, view)

    def show_tile(self, view: QWidget, *, on: bool) -> None:
        """Put one more view below the other planes, or take it away."""
        if not on and self._enlarged is view:
            self._enlarged = None
            if self._twin is None:
                self._put()
        if self.tiles.indexOf(view) < 0:
            self.tiles.addWidget(view)
        self._further = (view,) if on else ()
        view.setVisible(on and self._enlarged is None)
        self.tiles.setSizes([1000] * self.tiles.count())
        self.arranged.emit()

    def toggle_tiles(self) -> None:
        """The large plane alone, or all views."""
        if self._twin is not None:
            return
        if self._enlarged is not None:
            self.enlarge(self._enlarged)
            return
        self._wanted = self._arranged is Arrangement.ALONE
        self.arrange()

    def enter(self, view: QWidget) -> None:
        """The mouse is over a view."""
        self._under = view

    def enlarge_under(self) -> None:
        """The view that the mouse was over last, alone, or all views again."""
        self.enlarge(self._under)

    def enlarge(self, view: QWidget) -> None:
        """One view alone, or all views again."""
        if self._twin is not None:
            return
        if view is self._main and self._enlarged is None:
            self.toggle_tiles()
            return
        self._enlarged = view if self._enlarged is None else None
        self._put()

    def pair(self, twin: QWidget) -> bool:
        """The large plane and its twin side by side and nothing else; whether the twin was not there before."""
        self._twin = twin
        self._before_twin = (self._room.sizes(), self.tiles.sizes(), self._extent)
        new = self._room.indexOf(twin) < 0
        if new:
            self._room.addWidget(twin)
            self._room.setStretchFactor(self._room.indexOf(twin), 1)
        self._main.show()
        self.tiles.hide()
        twin.show()
        self._room.setOrientation(Qt.Orientation.Horizontal)
        half = (self._room.width() - self._room.handleWidth()) // 2
        self._room.setSizes([half, 0, half])
        return new

    def part(self) -> None:
        """The twin is gone: the views as they were."""
        twin, self._twin = self._twin, None
        if twin is not None:
            twin.hide()
        self._put()
        views, tiles, extent = self._before_twin
        if self._enlarged is None and self._extent == extent:  # as the person had drawn them
            self._room.setSizes(views)
            self.tiles.setSizes(tiles)

    def arrange(self, *, anew: bool = False) -> None:
        """Put the other planes where they belong: below or away where the large one would get too small."""
        wanted = arrange(self._room.width(), self._room.height(), self._wanted)
        if self._twin is not None or self._enlarged is not None or (wanted is self._arranged and not anew):
            return
        self._arranged = wanted
        self.tiles.setVisible(wanted is not Arrangement.ALONE)
        self.arranged.emit()
        if wanted is Arrangement.ALONE:
            return
        below = wanted is Arrangement.BELOW
        self._room.setOrientation(Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal)
        self.tiles.setOrientation(Qt.Orientation.Horizontal if below else Qt.Orientation.Vertical)
        total = self._room.height() if below else self._room.width()
        self._room.setSizes([max(total - SIDE_PX, 1), SIDE_PX])
        self.tiles.setSizes([1000] * self.tiles.count())

    @property
    def _extent(self) -> int:
        """How long the splitter is."""
        room = self._room
        return room.width() if room.orientation() is Qt.Orientation.Horizontal else room.height()

    def _put(self) -> None:
        """The view that is enlarged alone, or all."""
        alone = self._enlarged
        self._main.setVisible(alone is None)
        for tile in (*self._planes, *self._further):
            tile.setVisible(alone is None or tile is alone)
        self.tiles.setVisible(alone is not None or self._arranged is not Arrangement.ALONE)
        if alone is None:
            self.arrange(anew=True)
        self.arranged.emit()

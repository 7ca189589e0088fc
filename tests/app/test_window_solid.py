"""The 3D view: what is seen of the masks, when it is worked out, and how one gets it large and small again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from slicelab.app.canvas.surfaces import coarse, surfaces
from slicelab.app.shown_mask import ShownMask
from slicelab.core.geometry import from_stack

if TYPE_CHECKING:
    from slicelab.app.canvas.solid_view import SolidView


def test_a_surface_lies_where_its_voxels_are_and_keeps_their_volume() -> None:
    """Anisotropic voxels, stacked along each of the axes."""
    for axis in range(3):
        labels = np.zeros((20, 40, 50), np.uint8)
        labels[5:15, 10:30, 20:44] = 7
        spacing = np.array([0.9, 1.1, 1.7])
        (found,) = surfaces(labels, axis, tuple(spacing), (3, 7))
        mask = from_stack(labels, axis) == 7
        where = (np.argwhere(mask) - (np.array(mask.shape) - 1) / 2) * spacing
        np.testing.assert_allclose(found.points.min(axis=0), where.min(axis=0) - spacing / 2, atol=0.5)
        np.testing.assert_allclose(found.points.max(axis=0), where.max(axis=0) + spacing / 2, atol=0.5)
        corners = found.points[found.faces].astype(float)
        enclosed = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
        assert abs(enclosed) == pytest.approx(mask.sum() * spacing.prod(), rel=0.08)


def test_large_masks_are_brought_down_and_single_voxels_are_kept() -> None:
    labels = np.zeros((60, 256, 256), np.uint8)
    labels[2:58, 8:248, 8:248] = 1
    labels[30, 4, 4] = 2
    big, dot = surfaces(labels, 2, (1.0, 1.0, 3.0), (1, 2))
    assert len(big.faces) < 120_000
    np.testing.assert_allclose(big.points.max(axis=0) - big.points.min(axis=0), (240, 240, 168), rtol=0.02)
    assert 0 < len(dot.faces) < 100


def test_the_coarse_image_is_as_large_as_the_image() -> None:
    made = coarse(np.zeros((30, 300, 200), np.int16), 2, (1.0, 0.8, 4.0))
    assert made.voxels.shape == (100, 100, 30)
    assert made.spacing == (2.0, pytest.approx(2.4), 4.0)


@pytest.fixture
def solid(person: Person) -> Iterator[Person]:
    """Somebody who has switched the 3D view on, with the labelled case open; off again afterwards."""
    person.open_case("phantom_01")
    person.key(Qt.Key.Key_T)
    person.until(lambda: view(person) is not None and view(person).isVisible(), what="the 3D view")
    person.until(lambda: has_mesh(person), what="surfaces")
    yield person
    for name in ("solid", "volume"):
        if person.window.actions_[f"view.{name}"].isChecked():
            person.window.actions_[f"view.{name}"].trigger()


def view(person: Person) -> SolidView | None:
    link = person.window.views.solid
    return None if link is None else link.view


def has_mesh(person: Person) -> bool:
    return bool(view(person)._mesh.visible)


def seen(person: Person) -> dict[int, np.ndarray]:
    """Of each class, the places ``(row, column)`` of the rendered pixels whose hue is its colour's; 0: any colour."""
    frame = view(person).native.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB888)
    pixels = np.frombuffer(frame.constBits(), np.uint8).reshape(frame.height(), frame.bytesPerLine())
    rgb = pixels[:, : 3 * frame.width()].reshape(frame.height(), frame.width(), 3).astype(float)
    strong = np.ptp(rgb, axis=2) > 40
    found = {0: np.argwhere(strong)}
    for item in person.canvas.classes:
        colour = np.array(QColor(item.colour).getRgb()[:3], float)
        angle = (rgb @ colour) / (np.linalg.norm(rgb, axis=2) * np.linalg.norm(colour) + 1e-6)
        found[item.value] = np.argwhere(strong & (angle > 0.97))
    return found


@pytest.mark.window
def test_from_the_front_no_surface_lies_under_the_words_of_a_small_view(solid: Person) -> None:
    before = solid.window.size()
    try:
        solid.window.resize(1280, 780)
        solid.pause(0.4)
        solid.key(Qt.Key.Key_Home)
        solid.pause(0.3)
        words = 10 + 2 * (view(solid).overlay.fontMetrics().height() + 2)
        assert view(solid).native.height() < 240
        assert seen(solid)[0][:, 0].min() >= words
    finally:
        solid.window.resize(before)
        solid.pause(0.2)


@pytest.mark.window
def test_the_3d_view_shows_the_patient_from_the_front_and_turns_with_the_mouse(solid: Person) -> None:
    """Liver (1) on the left of the picture, spleen (4) on its right; from behind they change places."""
    solid.pause(0.2)
    pixels = seen(solid)
    assert all(len(places) > 30 for places in pixels.values())
    assert pixels[1][:, 1].mean() < pixels[4][:, 1].mean()
    letters = view(solid).overlay.state.letters
    assert (letters["left"], letters["right"], letters["top"], letters["bottom"]) == ("R", "L", "S", "I")
    native = view(solid).native
    start = QPoint(native.width() // 2 - 60, native.height() // 2)
    QTest.mousePress(native, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 11):
        QTest.mouseMove(native, start + QPoint(36 * step, 0))  # half a degree a pixel
        solid.app.processEvents()
    QTest.mouseRelease(native, Qt.MouseButton.LeftButton, pos=start + QPoint(360, 0))
    solid.pause(0.1)
    pixels = seen(solid)
    assert view(solid).overlay.state.letters["left"] == "L"
    assert pixels[1][:, 1].mean() > pixels[4][:, 1].mean()
    solid.key(Qt.Key.Key_Home)
    assert view(solid).overlay.state.letters["left"] == "R"


@pytest.mark.window
def test_the_neurological_convention_looks_at_the_patient_from_behind(solid: Person) -> None:
    switch = solid.window.actions_["view.neurological"]
    switch.trigger()
    try:
        solid.pause(0.2)
        pixels = seen(solid)
        assert pixels[1][:, 1].mean() > pixels[4][:, 1].mean()
        assert view(solid).overlay.state.letters["right"] == "R"
    finally:
        switch.trigger()


@pytest.mark.window
def test_strokes_hidden_classes_and_peeking_are_followed_in_3d(solid: Person) -> None:
    eye = solid.window.work.classes._rows[1]._eye
    QTest.mouseClick(eye, Qt.MouseButton.LeftButton)
    solid.until(lambda: not len(seen(solid)[1]), what="the liver gone")
    assert len(seen(solid)[4])
    QTest.mouseClick(eye, Qt.MouseButton.LeftButton)
    solid.until(lambda: len(seen(solid)[1]), what="the liver back")
    native = solid.canvas.main.native
    native.setFocus()
    QTest.keyPress(native, Qt.Key.Key_Tab)
    assert not has_mesh(solid)
    QTest.keyRelease(native, Qt.Key.Key_Tab)
    solid.until(lambda: has_mesh(solid), what="the masks back")
    solid.open_case("phantom_02")
    solid.until(lambda: view(solid).overlay.state.middle == "No masks yet", what="words")
    assert not has_mesh(solid)
    assert not view(solid)._marks.visible, "a crosshair over words points at nothing"
    solid.key(Qt.Key.Key_2)
    solid.stroke((20, 20), (20, 44))
    solid.until(lambda: has_mesh(solid) and len(seen(solid)[1]), what="the stroke in 3D")
    assert view(solid)._marks.visible
    solid.key(Qt.Key.Key_Z, ctrl=True)
    solid.until(lambda: not has_mesh(solid), what="the undo in 3D")


@pytest.mark.window
def test_the_models_masks_are_shown_until_there_are_some_of_ones_own(solid: Person) -> None:
    predicted = solid.shown.copy()
    solid.open_case("phantom_02")
    screen = solid.window.screen_
    screen.mask.seen.disconnect(solid.window.reviewing.saw)  # there is no such run to be kept
    screen.show_mask(
        screen.case_id, ShownMask(predicted, "Model 1", "Model 1", "r0001", frozenset(), True, frozenset({1, 2, 3, 4}))
    )
    screen.mask.seen.connect(solid.window.reviewing.saw)
    state = view(solid).overlay.state
    solid.until(lambda: has_mesh(solid) and state.subtitle == "The model's masks", what="the prediction in 3D")
    assert len(seen(solid)[4])
    solid.key(Qt.Key.Key_2)
    solid.stroke((20, 20), (20, 44))
    solid.until(lambda: state.subtitle == "Labelled slices" and not len(seen(solid)[4]), what="one's own")


@pytest.mark.window
def test_the_image_can_be_seen_behind_the_masks(solid: Person) -> None:
    def lit() -> float:
        frame = view(solid).native.grabFramebuffer().convertToFormat(QImage.Format.Format_Grayscale8)
        pixels = np.frombuffer(frame.constBits(), np.uint8).reshape(frame.height(), frame.bytesPerLine())
        return float((pixels[:, : frame.width()] > 60).mean())

    before = lit()
    solid.window.actions_["view.volume"].trigger()
    solid.until(lambda: lit() > before * 1.2, what="the image")
    assert len(seen(solid)[1])


@pytest.mark.window
def test_nothing_is_worked_out_while_the_3d_view_is_out_of_sight(solid: Person) -> None:
    solid.key(Qt.Key.Key_T)
    assert not view(solid).isVisible()
    link = solid.window.views.solid
    wanted = link._wanted
    solid.key(Qt.Key.Key_2)
    solid.stroke((8, 8), (8, 12))
    solid.pause(0.6)
    assert link._wanted == wanted
    solid.key(Qt.Key.Key_T)
    solid.until(lambda: link._wanted != wanted, what="the stroke seen after all")


@pytest.mark.window
def test_a_double_click_or_a_key_enlarges_any_view_and_back(solid: Person) -> None:
    canvas = solid.canvas
    solid.key(Qt.Key.Key_5)  # nothing is painted by a double click
    views = (canvas.main, *canvas.side, view(solid))
    assert all(one.isVisible() for one in views)
    for one in views[1:]:
        small = one.width()
        middle = one.native.rect().center()
        QTest.mouseDClick(one.native, Qt.MouseButton.LeftButton, pos=middle)
        solid.pause(0.1)
        assert [other for other in views if other.isVisible()] == [one]
        assert one.width() > 2 * small
        QTest.mouseDClick(one.native, Qt.MouseButton.LeftButton, pos=one.native.rect().center())
        solid.pause(0.1)
        assert all(other.isVisible() for other in views)
        assert abs(one.width() - small) < 4
    solid.key(Qt.Key.Key_2)
    QTest.mouseMove(canvas.side[0].native, canvas.side[0].native.rect().center())
    solid.app.processEvents()
    solid.key(Qt.Key.Key_F11, shift=True)
    assert [other for other in views if other.isVisible()] == [canvas.side[0]]
    solid.key(Qt.Key.Key_F11, shift=True, into=canvas.side[0].native)
    assert all(other.isVisible() for other in views)

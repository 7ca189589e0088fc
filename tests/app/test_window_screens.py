"""The script that makes the pictures of the documentation opens what it shows: what needs no job, here."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import Person
from PIL import Image, ImageColor
from screens import SCREENS, STATES, Camera

from slicelab.app.workspace import TABS

pytestmark = pytest.mark.window


@pytest.mark.parametrize("name", ["keys", "commands", "settings", "storage", "study"])
def test_a_dialog_is_opened_pictured_and_closed(person: Person, tmp_path: Path, name: str) -> None:
    person.open_case("phantom_01")
    SCREENS[name](person, Camera(person, tmp_path, "-here"))
    person.until(lambda: person.app.activeModalWidget() is None, what="closed")
    with Image.open(tmp_path / f"{name}-here.png") as picture:
        assert min(picture.size) > 200
        assert len(picture.getcolors() or ()) > 8, "no empty picture"


def test_a_picture_keeps_the_classes_colours_however_small_their_swatches(person: Person, tmp_path: Path) -> None:
    person.open_case("phantom_01")
    Camera(person, tmp_path, "").keep("whole")
    with Image.open(tmp_path / "whole.png") as picture:
        drawn = {colour for _, colour in picture.convert("RGB").getcolors(256) or ()}
    classes = person.window.screen_._classes
    assert {ImageColor.getrgb(one.colour) for one in classes} <= drawn


def test_every_tab_has_a_picture_of_each_of_its_states(root: Path) -> None:
    taken = (root / "tests" / "app" / "screens.py").read_text(encoding="utf-8").split("def start(", 1)[1]
    assert tuple(STATES) == TABS
    for tab, states in STATES.items():
        for state in states:
            written = f'"{state}"' in taken or (state == f"{tab}-empty" and 'f"{name}-empty"' in taken)
            assert written, f"{state} is taken by nothing"
            assert (root / "docs" / "images" / f"{state}.png").is_file(), state


def test_a_project_without_a_case_is_pictured_tab_by_tab(person: Person, tmp_path: Path) -> None:
    person.window.desk.close()
    SCREENS["nothing-yet"](person, Camera(person, tmp_path / "pictures", ""))
    assert {path.stem for path in (tmp_path / "pictures").iterdir()} == {
        *(f"{tab}-empty" for tab in TABS),
        "data-refused",
    }

"""The script that makes the pictures of the documentation opens what it shows: what needs no job, here."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import Person
from PIL import Image
from screens import SCREENS, Camera

pytestmark = pytest.mark.window


@pytest.mark.parametrize("name", ["keys", "commands", "settings", "storage"])
def test_a_dialog_is_opened_pictured_and_closed(person: Person, tmp_path: Path, name: str) -> None:
    person.open_case("phantom_01")
    SCREENS[name](person, Camera(person, tmp_path, "-here"))
    person.until(lambda: person.app.activeModalWidget() is None, what="closed")
    with Image.open(tmp_path / f"{name}-here.png") as picture:
        assert min(picture.size) > 200
        assert len(picture.getcolors() or ()) > 8, "no empty picture"

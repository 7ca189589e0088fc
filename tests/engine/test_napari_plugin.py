"""slicelab inside napari: the manifest is valid, a project opens as layers, samples are there; the project is left."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from slicelab.data.store.records import PredictionRecord
from slicelab.data.writers import write_mask
from slicelab.engine.session import Session
from slicelab.plugin import reader
from slicelab.plugin.layers import LayerData

MANIFEST = Path(reader.__file__).parents[1] / "napari.yaml"


@pytest.fixture(scope="module")
def plugins() -> Any:
    """napari's plug-in engine with slicelab alone in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from npe2 import PluginManager, PluginManifest

        manager = PluginManager()
        manager.register(PluginManifest.from_file(MANIFEST), warn_disabled=False)
        manager.activate("slicelab")
    return manager


@pytest.fixture
def predicted(labelled: Session) -> Path:
    """A project, closed: two cases labelled, the third predicted."""
    store = labelled._store
    case = labelled.find(["phantom_03"])[0].id
    model = store.start_run("finetune", "fast").result().id
    store.finish_run(model, "finished").result()
    path = f"predictions/{model}/{case}.nii.gz"
    (labelled.folder / path).parent.mkdir(parents=True)
    geometry = store.images(case)[0].geometry
    write_mask(labelled.folder / path, np.full(geometry.shape, 2, np.uint8), geometry)
    store.add_prediction(PredictionRecord(model, model, case, path, "0", 1.0)).result()
    labelled.close()
    return labelled.folder


def as_napari_layers(layers: list[LayerData]) -> list[Any]:
    """Layers as napari itself makes them, which refuses settings it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from napari.layers import Layer

        return [Layer.create(*layer) for layer in layers]


def test_the_manifest_is_valid_for_npe2s_own_check_and_is_named_in_the_package(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "npe2", "validate", str(MANIFEST), "--imports"],
        capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"}, timeout=120,
        check=False, cwd=root,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "valid" in done.stdout
    project = tomllib.loads((root / "pyproject.toml").read_text())
    assert project["project"]["entry-points"]["napari.manifest"] == {"slicelab": "slicelab:napari.yaml"}


def test_a_project_opens_in_napari_with_image_labels_and_prediction(plugins: Any, predicted: Path) -> None:
    from npe2.io_utils import _read

    before = {
        path: hashlib.sha256(path.read_bytes()).hexdigest() for path in predicted.rglob("*") if path.suffix == ".nii"
    }
    layers = _read([str(predicted)], stack=False, plugin_name="slicelab", _pm=plugins)
    made = as_napari_layers(layers)
    assert [layer.name for layer in made[:2]] == ["phantom_01", "phantom_01 labels"]
    names = {layer.name: layer for layer in made}
    assert "phantom_03 prediction r0001" in names
    assert len(made) == 2 * 6 + 1
    image, labels = made[:2]
    np.testing.assert_allclose(image.scale, (18.0, 5.6, 5.6))
    with Session.open(predicted, read_only=True) as session:
        case = session.find(["phantom_01"])[0].id
        np.testing.assert_array_equal(labels.data, session.labels.stack(case))
        np.testing.assert_array_equal(image.data, session.open_case(case).image)
        colours = {item.value: item.colour for item in session.classes}
    shown = {value: labels.get_color(value)[:3] for value in colours}
    for value, colour in colours.items():
        np.testing.assert_allclose(255 * shown[value], list(bytes.fromhex(colour[1:])), atol=1)
    assert labels.features.loc[1, "class"] == "liver"
    assert [layer.visible for layer in made[:3]] == [True, True, False]
    assert (names["phantom_03 prediction r0001"].data == 2).all()
    labels.data[:] = 0  # a stroke in napari
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in before} == before
    with Session.open(predicted) as again:  # nothing is locked, and the labels are what they were
        assert again.labels.stack(case).any()


def test_slices_kept_blind_show_no_prediction_in_napari_either(predicted: Path) -> None:
    with Session.open(predicted) as session:
        session.review.corrections.keep_blind(0.5).result(10)
        case = session.find(["phantom_03"])[0].id
        hidden = session.review.corrections.hidden(case)
    assert hidden
    (stack,) = (data for data, settings, _ in reader.read(str(predicted)) if "prediction" in settings["name"])
    assert {at for at in range(len(stack)) if not stack[at].any()} == hidden


def test_one_case_opens_by_its_volume_and_other_files_are_left_to_others(plugins: Any, predicted: Path) -> None:
    volume = next((predicted / "volumes").glob("c*2.nii"))
    readers = list(plugins.iter_compatible_readers([str(volume)]))
    assert [one.command for one in readers] == ["slicelab.get_reader"]
    layers = reader.get_reader(str(volume))(str(volume))
    assert [settings["name"] for _, settings, _ in layers] == ["phantom_02", "phantom_02 labels"]
    assert reader.get_reader(str(predicted / "project.db")) is not None
    other = predicted.parent / "volumes" / "c0001.nii"
    other.parent.mkdir()
    other.touch()
    assert reader.get_reader(str(other)) is None
    assert reader.get_reader(str(predicted.parent)) is None
    assert reader.get_reader([str(volume), str(volume)]) is None


def test_a_project_that_is_open_in_slicelab_can_be_looked_at(labelled: Session) -> None:
    layers = reader.read(str(labelled.folder))
    assert layers[0][1]["name"] == "phantom_01"


@pytest.mark.parametrize("key", ["abdomen", "pelvis"])
def test_samples_are_phantoms_with_their_labels(plugins: Any, key: str) -> None:
    [sample] = [one for _, found in plugins.iter_sample_data() for one in found if one.key == key]
    image, labels = as_napari_layers(sample.open(_registry=plugins.commands))
    assert image.data.shape == labels.data.shape == (24, 128, 128)
    assert set(np.unique(labels.data)) == set(labels.features["index"])

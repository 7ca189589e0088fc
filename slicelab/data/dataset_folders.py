"""Data sets that describe themselves in a ``dataset.json``: Decathlon and nnU-Net (version 2) folders."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

DESCRIPTION = "dataset.json"
SYNTHETIC = "Synthetic: computed by a phantom generator, not acquired from a patient."
"""The remark on volumes of a data set that says so."""
_MAX_DESCRIPTION = 50_000_000
_IMAGE_FOLDERS = {"training": ("imagesTr", "labelsTr"), "test": ("imagesTs", None)}
_FIRST_CHANNEL = "_0000"
_ENDINGS = (".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".hdr", ".img", ".dcm")


@dataclass(frozen=True)
class Entry:
    """One case of a data set: its name, its image, and the mask that belongs to it."""

    name: str
    image: Path
    label: Path | None


@dataclass(frozen=True)
class DatasetFolder:
    """What a ``dataset.json`` says.

    Attributes:
        entries: the cases, in the order of the data set.
        label_names: structure name to value; None where it names none.
        remarks: what was left out, in plain words.

    """

    entries: tuple[Entry, ...]
    label_names: dict[str, int] | None
    remarks: tuple[str, ...] = ()


def case_name(path: Path) -> str:
    """A file's name without its ending (``.nii.gz`` counts as one)."""
    lower = path.name.lower()
    for ending in _ENDINGS:
        if lower.endswith(ending) and len(lower) > len(ending):
            return path.name[: -len(ending)]
    return path.name


def read_dataset_folder(folder: Path) -> DatasetFolder | None:
    """The data set in a folder; None if there is no ``dataset.json`` that describes one."""
    content = _description(folder)
    if content is None:
        return None
    label_names = _label_names(content)
    if isinstance(content.get("file_ending"), str):
        entries, remarks = _nnunet(folder, content)
    elif isinstance(content.get("training"), list) or isinstance(content.get("test"), list):
        entries, remarks = _decathlon(folder, content)
    else:
        return None
    return DatasetFolder(tuple(entries), label_names, tuple(remarks))


def label_names_near(folder: Path) -> dict[str, int] | None:
    """Structure names of the masks in a folder, from a ``dataset.json`` in it or one level above.

    Returns:
        structure name to value, or None where nothing says so.

    """
    for place in (folder, folder.absolute().parent):
        content = _description(place)
        if content is not None:
            return _label_names(content)
    return None


def says_synthetic(image: Path) -> bool:
    """Whether the data set an image lies in says that its volumes are synthetic."""
    places = (image.absolute().parent, image.absolute().parent.parent)
    return any((_description(place) or {}).get("synthetic") is True for place in places)


def is_synthetic(notes: Sequence[str], source: str) -> bool:
    """Whether a volume of a project was computed, not acquired.

    Args:
        notes: what was said of it when it was imported.
        source: its file; of older projects the data set it lies in is asked, as long as that is there.

    """
    return SYNTHETIC in notes or says_synthetic(Path(source))


def _description(folder: Path) -> dict[str, Any] | None:
    path = folder / DESCRIPTION
    try:
        if not path.is_file() or path.stat().st_size > _MAX_DESCRIPTION:
            return None
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _label_names(content: dict[str, Any]) -> dict[str, int] | None:
    """Both ways round: ``{"1": "liver"}`` (Decathlon) and ``{"liver": 1}`` (nnU-Net)."""
    labels = content.get("labels")
    if not isinstance(labels, dict):
        return None
    names: dict[str, int] = {}
    for key, value in labels.items():
        if isinstance(value, str) and key.strip().isdecimal():
            names.setdefault(value, int(key))
        elif isinstance(value, int) and not isinstance(value, bool):
            names[key] = value
        elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], int):
            names[key] = value[0]
    return {name: value for name, value in names.items() if 0 <= value <= 255} or None


def _decathlon(folder: Path, content: dict[str, Any]) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    outside = 0
    for part in ("training", "validation", "test"):
        listed = content.get(part)
        for item in listed if isinstance(listed, list) else []:
            image = _inside(folder, item.get("image") if isinstance(item, dict) else item)
            named_label = item.get("label") if isinstance(item, dict) else None
            label = _inside(folder, named_label) if named_label is not None else None
            if image is None or (named_label is not None and label is None):
                outside += 1
            elif not image.name.startswith("."):
                entries.append(Entry(case_name(image), image, label))
    remarks = [f"{outside} entries point outside the data set's folder and were left out."] if outside else []
    return entries, remarks


def _nnunet(folder: Path, content: dict[str, Any]) -> tuple[list[Entry], list[str]]:
    ending = str(content["file_ending"])
    channels = content.get("channel_names", content.get("modality"))
    remarks = []
    if isinstance(channels, dict) and len(channels) > 1:
        remarks.append(f"The data set has {len(channels)} images a case; the first of each was taken.")
    entries: list[Entry] = []
    for images, labels in _IMAGE_FOLDERS.values():
        place = folder / images
        for image in sorted(place.iterdir()) if place.is_dir() else []:
            if image.name.startswith(".") or not image.name.endswith(_FIRST_CHANNEL + ending):
                continue
            name = image.name[: -len(_FIRST_CHANNEL + ending)]
            label = folder / labels / (name + ending) if labels else None
            entries.append(Entry(name, image, label if label is not None and label.is_file() else None))
    return entries, remarks


def _inside(folder: Path, name: object) -> Path | None:
    """The path that an entry names, if it lies in the data set's folder."""
    if not isinstance(name, str) or not name or "\0" in name:
        return None
    path = Path(os.path.normpath(folder / name))
    if os.path.isabs(name) or not path.is_relative_to(os.path.normpath(folder)):
        return None
    return path

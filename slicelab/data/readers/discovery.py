"""What files and folders hold that can be imported, judged from headers alone."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from slicelab.core.errors import SlicelabError
from slicelab.core.naturalsort import natural_key
from slicelab.data.dataset_folders import DESCRIPTION, case_name, read_dataset_folder
from slicelab.data.readers.dicom import arranged
from slicelab.data.readers.dicom_files import Series, first_bytes, is_dicom, series_in
from slicelab.data.readers.load import SUPPORTED, format_of, peek
from slicelab.data.readers.model import Discovery, Refusal, Source
from slicelab.data.store.connection import DATABASE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

_MAX_FILES = 200_000
_DATASET_FOLDERS = {"imagestr", "imagests", "labelstr", "labelsts"}
_FOREIGN = {
    ".mgz": "FreeSurfer", ".mgh": "FreeSurfer", ".par": "Philips PAR/REC", ".rec": "Philips PAR/REC",
    ".brik": "AFNI", ".head": "AFNI", ".mnc": "MINC", ".gipl": "GIPL", ".vti": "VTK", ".vtk": "VTK",
    ".png": "Picture", ".jpg": "Picture", ".jpeg": "Picture", ".tif": "Picture", ".tiff": "Picture",
    ".bmp": "Picture", ".gif": "Picture",
}  # fmt: skip
_NO_IMAGE = {
    ".json", ".txt", ".md", ".rst", ".csv", ".tsv", ".xls", ".xlsx", ".doc", ".docx", ".pdf", ".xml", ".html", ".htm",
    ".yml", ".yaml", ".toml", ".log", ".py", ".ipynb", ".sh", ".bat", ".m", ".mat", ".bval", ".bvec", ".exe", ".dll",
    ".inf", ".ini", ".css", ".js", ".db", ".lnk", ".zip",
}  # fmt: skip
_DATA_OF = {".raw": (".mhd", ".nhdr"), ".zraw": (".mhd",), ".img": (".hdr",)}
_OURS = {".nii", ".gz", ".hdr", ".img", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm"}
_FROM_OUTSIDE = "Choose the folder that its volumes came from."
_ENDED = "The file took too long or too much memory to look at."


@dataclass
class _Found:
    """Collects what is seen on the way."""

    hopeless: Collection[Path]
    on_file: Callable[[Path], None]
    sources: list[Source] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    dicom: list[Path] = field(default_factory=list)
    wanted_series: list[Path] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)

    def refuse(self, path: Path, error: SlicelabError) -> None:
        self.refused.append(Refusal(path, error.message, error.remedy))

    def first_time(self, path: Path) -> bool:
        """Whether the path is new, and may be opened at all."""
        if path in self.seen:
            return False
        self.seen.add(path)
        if path in self.hopeless:
            self.refused.append(Refusal(path, _ENDED, "It may be damaged; export it again."))
            return False
        self.on_file(path)
        return True


def discover(
    paths: Sequence[Path],
    *,
    hopeless: Collection[Path] = (),
    on_file: Callable[[Path], None] = lambda path: None,
) -> Discovery:
    """Find everything that can be imported.

    Folders are searched with the folders in them, but for slicelab's own projects. A ``dataset.json`` says which
    images and masks belong together;
    without one nothing is taken for a mask. DICOM files make one source a series. Files that are clearly no images
    (texts, tables, hidden files) are passed over in folders; everything else that cannot be used is listed.

    Args:
        paths: files and folders, absolute.
        hopeless: files not to be opened (the reader came to grief over them before).
        on_file: called with each file before it is opened.

    """
    found = _Found(set(hopeless), on_file)
    for path in paths:
        before = len(found.sources) + len(found.refused) + len(found.dicom)
        if _is_project(path):
            found.refused.append(Refusal(path, "This is a slicelab project, not a folder of images.", _FROM_OUTSIDE))
        elif path.is_dir():
            _look_through(path, found)
            if len(found.sources) + len(found.refused) + len(found.dicom) == before:
                found.refused.append(Refusal(path, "There is no image in this folder.", SUPPORTED))
        elif path.name == DESCRIPTION and read_dataset_folder(path.parent) is not None:
            _dataset(path.parent, found)
        else:
            _file(path, found, asked_for=True)
    _dicom(found)
    return Discovery(tuple(_unique(found.sources)), tuple(found.refused))


def _look_through(folder: Path, found: _Found) -> None:
    def on_error(error: OSError) -> None:
        place = Path(error.filename) if error.filename else folder
        found.refused.append(Refusal(place, "The folder cannot be opened.", "Check that you may read it."))

    for count, (place, names) in enumerate(_walk(folder, on_error)):
        if DESCRIPTION in names and _dataset(place, found):
            continue
        if place == folder and place.name.lower() in _DATASET_FOLDERS and _part_of_dataset(place, found):
            continue
        for name in names:
            if not name.startswith("."):
                _file(place / name, found, asked_for=False)
        if count > _MAX_FILES or len(found.seen) > _MAX_FILES:
            found.refused.append(Refusal(folder, f"There are more than {_MAX_FILES:,} files here.", "Choose less."))
            return


def _walk(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[tuple[Path, list[str]]]:
    """Folders with their files in natural order; a described data set is not searched any deeper."""
    for root, folders, names in os.walk(folder, onerror=on_error):
        place = Path(root)
        described = DESCRIPTION in names and read_dataset_folder(place) is not None
        inside = (f for f in folders if not (f.startswith(".") or _is_project(place / f)))
        folders[:] = [] if described else sorted(inside, key=natural_key)
        yield place, sorted(names, key=natural_key)


def _is_project(folder: Path) -> bool:
    """Whether the folder is a project: its volumes are somebody's cases already."""
    return (folder / DATABASE).is_file()


def _dataset(folder: Path, found: _Found, only: Path | None = None) -> bool:
    """Take a described data set's cases; False if the folder has none."""
    dataset = read_dataset_folder(folder)
    if dataset is None:
        return False
    found.refused.extend(Refusal(folder, remark, "") for remark in dataset.remarks)
    for entry in dataset.entries:
        if (only is not None and only not in entry.image.parents) or not found.first_time(entry.image):
            continue
        source = _image(entry.image, found)
        if source is None:
            continue
        label = entry.label
        if label is not None and not label.is_file():
            found.refused.append(Refusal(label, "The mask that the data set names is not there.", "Copy it again."))
            label = None
        found.sources.append(replace(source, name=entry.name, label=label, label_names=dataset.label_names))
    return True


def _part_of_dataset(place: Path, found: _Found) -> bool:
    """A data set's image folder alone: its own cases, with the masks the description gives them."""
    if place.name.lower().startswith("labels") and read_dataset_folder(place.parent) is not None:
        found.refused.append(
            Refusal(place, "These are the masks of a data set, not its images.", "Choose the data set's folder.")
        )
        return True
    return _dataset(place.parent, found, only=place)


def _file(path: Path, found: _Found, *, asked_for: bool) -> None:
    ending = path.suffixes[-2].lower() if path.name.lower().endswith(".brik.gz") else path.suffix.lower()
    if not asked_for and (ending in _NO_IMAGE or path.name == "DICOMDIR"):
        return
    if any(path.with_suffix(other).exists() for other in _DATA_OF.get(ending, ())):
        if asked_for and ending == ".img":
            _file(path.with_suffix(".hdr"), found, asked_for=True)
        return  # comes with its header
    if not found.first_time(path):
        return
    if ending in _FOREIGN:
        kind = _FOREIGN[ending]
        found.refused.append(Refusal(path, f"{kind} files cannot be read.", f"Convert it. {SUPPORTED}"))
        return
    start = first_bytes(path)
    if is_dicom(start):
        found.dicom.append(path)
        if asked_for:
            found.wanted_series.append(path)
        return
    if not asked_for and ending not in _OURS and _is_text(start):
        return
    source = _image(path, found)
    if source is not None:
        found.sources.append(source)


def _image(path: Path, found: _Found) -> Source | None:
    """A single-file image as a source, from its header."""
    try:
        slices, frames = peek(path, format_of(path))
    except SlicelabError as error:
        found.refuse(path, error)
        return None
    bids = re.match(r"(sub-[A-Za-z0-9]+)_", path.name)
    return Source(
        name=case_name(path), image=path, patient=bids.group(1) if bids else None, slices=slices, frames=frames
    )


def _dicom(found: _Found) -> None:
    """Series of all DICOM files seen; files asked for by themselves bring their whole series."""
    for path in found.wanted_series:
        neighbours = (p for p in sorted(path.parent.iterdir()) if p.is_file() and is_dicom(first_bytes(p)))
        own = {series.uid for series in series_in([path])}
        for series in series_in(p for p in neighbours if own and p not in found.hopeless):
            if series.uid in own:
                found.dicom.extend(s.path for s in series.slices)
    files = list(dict.fromkeys(found.dicom))
    everything = series_in(files, found.on_file)
    pictures = {s.path for series in everything for s in series.slices}
    for path in files:
        if path not in pictures:
            found.refused.append(Refusal(path, "This DICOM file holds no picture.", "Choose an image series."))
    for series in sorted(everything, key=lambda s: (s.number is None, s.number or 0, natural_key(s.description))):
        _series(series, found)


def _series(series: Series, found: _Found) -> None:
    folder = Path(os.path.commonpath([s.path.parent for s in series.slices]))
    try:
        arrangement = arranged(series)
    except SlicelabError as error:
        found.refuse(folder if len(series.slices) > 1 else series.slices[0].path, error)
        return
    number = "" if series.number is None else f"{series.number} "
    found.sources.append(
        Source(
            name=_as_name(f"{number}{series.description}") or "series",
            image=folder,
            series=series.uid,
            patient=series.patient_key,
            slices=len(arrangement.frames[0]),
            matrix=(series.slices[0].columns, series.slices[0].rows),
            description=series.description,
            frames=len(arrangement.frames),
            study=series.study,
        )
    )


def _as_name(text: str) -> str:
    """A description as a name that can also be a file's."""
    return re.sub(r'[\\/:*?"<>|]+', "_", text).strip(" .")[:120]


def _unique(sources: Sequence[Source]) -> Iterator[Source]:
    """Sources with repeated names told apart by ``(2)``, ``(3)``."""
    taken: set[str] = set()
    for source in sources:
        name, count = source.name, 1
        while name in taken:
            count += 1
            name = f"{source.name} ({count})"
        taken.add(name)
        yield replace(source, name=name)


def _is_text(start: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\r\n\f" for byte in start) and b"\x7f" not in start

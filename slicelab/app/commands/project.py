"""Projects: made, opened, filled, handed on, closed."""

from __future__ import annotations

from slicelab.app.commands.spec import Need, row

P, W = Need.PROJECT, Need.WRITABLE

PROJECT = (
    row(
        "project.new",
        "New project …",
        "Three questions: name, place, classes.",
        "Ctrl+N",
        "Project",
        "folder-plus-outline",
    ),
    row("project.open", "Open project …", "Open a slicelab project folder.", "Ctrl+O", "Project", "folder-outline"),
    row(
        "project.demo",
        "Open the demo",
        "A project of made-up volumes, two of them labelled, to try everything on. Synthetic: nobody's images.",
        "",
        "Project",
        "flask-outline",
    ),
    row(
        "project.import",
        "Add images …",
        "Copy MR images into the project: NIfTI, DICOM, NRRD, MHA.",
        "Ctrl+I",
        "Project",
        "tray-arrow-down",
        (P, W),
    ),
    row(
        "project.import_folder",
        "Add a folder …",
        "Copy every MR image of a folder into the project.",
        "Ctrl+Shift+I",
        "Project",
        "folder-open-outline",
        (P, W),
    ),
    row(
        "project.export_labels",
        "Export labels …",
        "Writes your labels as NIfTI masks on the grids of the original files, with a table of what is done.",
        "Ctrl+E",
        "Project",
        "tray-arrow-up",
        (P, Need.CASES),
    ),
    row(
        "project.export_predictions",
        "Export predictions …",
        "Writes the masks of the model in use as NIfTI on the grids of the original files.",
        "Ctrl+Shift+E",
        "Project",
        "tray-arrow-up",
        (P, Need.CASES, Need.MODEL),
    ),
    row(
        "project.report",
        "Methods report …",
        "Writes what was done and measured as a page to hand on (HTML or PDF), without patients' names.",
        "",
        "Project",
        "file-document-outline",
        (P, Need.CASES),
    ),
    row(
        "project.export_measures",
        "Export measures …",
        "Writes volumes, Dice, HD95 and labelling time of every case and class as a table (CSV).",
        "",
        "Project",
        "table",
        (P, Need.CASES),
    ),
    row(
        "project.readers",
        "Readers …",
        "Who labelled what, and how far two readers agree: Dice by class and slice (inter-reader agreement).",
        "",
        "Project",
        "account-multiple-outline",
        (P,),
    ),
    row(
        "project.storage",
        "Disk and removed items …",
        "What the project takes on the disk; restores what was removed, or deletes it for good.",
        "",
        "Project",
        "harddisk",
        (P, W),
    ),
    row(
        "project.close",
        "Close project",
        "Back to the start page; everything is saved.",
        "Ctrl+W",
        "Project",
        "close",
        (P,),
    ),
    row("app.quit", "Quit", "Everything is saved already.", "Ctrl+Q", "Project"),
)

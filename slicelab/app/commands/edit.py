"""Painting: undo, tools, and mending what was painted."""

from __future__ import annotations

from slicelab.app.commands.spec import Need, row

P, W, C = Need.PROJECT, Need.WRITABLE, Need.CASE

EDIT = (
    row("edit.undo", "Undo", "Take back the last change of this case.", "Ctrl+Z", "Edit", "undo", (P, W, C), True),
    row("edit.redo", "Redo", "Do again what was taken back.", "Ctrl+Shift+Z Ctrl+Y", "Edit", "redo", (P, W, C), True),
    row("tool.erase", "Erase", "Paint background.", "1 E", "Edit", "eraser", (C,)),
    row("tool.paint", "Paint", "Paint the selected class.", "2 P", "Edit", "brush", (C,)),
    row(
        "tool.polygon",
        "Polygon",
        "Outline the selected class: click corners or drag; double click or Enter closes.",
        "3",
        "Edit",
        "vector-polygon",
        (C,),
    ),
    row(
        "tool.fill",
        "Fill",
        "Fill the connected region under the cursor with the selected class.",
        "4 F",
        "Edit",
        "format-color-fill",
        (C,),
    ),
    row("tool.pick", "Pick", "Select the class under the cursor.", "5 L", "Edit", "eyedropper", (C,)),
    row(
        "tool.grow",
        "Grow",
        "Click: what looks like this place and hangs together with it is painted (region growing).",
        "6",
        "Edit",
        "auto-fix",
        (C,),
    ),
    row("class.lock", "Lock or unlock class", "No tool changes a locked class.", "K", "Edit", "lock", (C,)),
    row("brush.smaller", "Smaller brush", "A smaller brush; its diameter is in mm.", "[", "Edit", "", (C,), True),
    row("brush.larger", "Larger brush", "A larger brush; its diameter is in mm.", "]", "Edit", "", (C,), True),
    row(
        "slice.interpolate",
        "Interpolate",
        "Fills the unlabelled slices here from the outlines at both ends (shape-based); drafts until you confirm them.",
        "G",
        "Mend",
        "transition",
        (P, W, C),
    ),
    row(
        "case.interpolate",
        "Interpolate all gaps",
        "Fills every run of unlabelled slices between two labelled ones; drafts until you confirm them.",
        "",
        "Mend",
        "transition",
        (P, W, C),
    ),
    row(
        "slice.copy_below",
        "Copy below",
        "Puts the outlines of the slice below on this one; a draft until you confirm it.",
        "Shift+Down",
        "Mend",
        "content-copy",
        (P, W, C),
    ),
    row(
        "slice.copy_above",
        "Copy above",
        "Puts the outlines of the slice above on this one; a draft until you confirm it.",
        "Shift+Up",
        "Mend",
        "content-copy",
        (P, W, C),
    ),
    row("mend.smooth", "Smooth", "Smooths the outline of the selected class.", "", "Mend", "", (P, W, C)),
    row("mend.holes", "Fill holes", "Fills background that the class encloses.", "", "Mend", "", (P, W, C)),
    row(
        "mend.islands",
        "Remove islands",
        "Takes away pieces smaller than a tenth of the slice's largest piece of the class.",
        "",
        "Mend",
        "",
        (P, W, C),
    ),
    row("mend.grow", "Grow in mm", "Makes the class larger all around, within its slices.", "", "Mend", "", (P, W, C)),
    row("mend.shrink", "Shrink in mm", "Makes the class smaller all around.", "", "Mend", "", (P, W, C)),
)

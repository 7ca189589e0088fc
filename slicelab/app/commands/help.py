"""Help: commands, settings, tour, keys."""

from __future__ import annotations

from slicelab.app.commands.spec import Need, row

P = Need.PROJECT

HELP = (
    row("help.palette", "All commands …", "Finds every command by words.", "Ctrl+K", "Help", "magnify"),
    row(
        "help.settings",
        "Settings …",
        "Theme, size of text, language, your name, keys.",
        "Ctrl+,",
        "Help",
        "cog-outline",
    ),
    row(
        "help.tour",
        "Tour of the window",
        "Shows the four places worth knowing.",
        "",
        "Help",
        "lightbulb-on-outline",
        (P,),
    ),
    row("help.keys", "Keys", "Every key on one sheet.", "? F1", "Help", "help-circle-outline"),
    row("help.about", "About slicelab", "The version, and what slicelab is not.", "", "Help"),
)

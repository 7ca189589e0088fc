"""What a person can do in the window, as a table: one file for each part of the menus."""

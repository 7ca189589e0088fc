"""The headless application: everything the window and the command line can do."""

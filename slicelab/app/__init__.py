"""The window (PySide6 and napari)."""

"""The language of the window: Qt translations from ``resources/translations``, English where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from slicelab.core.resources import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

CONTEXT = "slicelab"
"""The one context of ``.ts`` files: words mean the same wherever they stand."""
LANGUAGES = {"en": "English", "de": "Deutsch"}


def tr(words: str) -> str:
    """Words in the language that is installed, as they are where it does not know them."""
    return QCoreApplication.translate(CONTEXT, words) if words else ""


def install(app: QApplication, code: str) -> None:
    """Speak a language of :data:`LANGUAGES`, before the first widget is made; Qt's own dialogs too.

    A language without its file leaves the window in English: words never keep it from starting.
    """
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    if code == "en":
        return
    ours = resource("translations") / f"slicelab_{code}.qm"
    qts = f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_{code}.qm"
    for file in (qts, str(ours)):  # the one installed last is asked first
        translator = QTranslator(app)
        if translator.load(file):
            app.installTranslator(translator)

"""Reviewing: what predictions were seen, what they were worth before correction, and where a model is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.core.errors import SlicelabError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slicelab.app.tasks import Tasks
    from slicelab.core.correction import Round
    from slicelab.engine.reviewing import CaseReview
    from slicelab.engine.session import Session


class ReviewDesk(QObject):
    """Asks the session, off the window's thread."""

    trend_ready = Signal(tuple, float)
    budget_ready = Signal(object)
    case_reviewed = Signal(str, object)
    share_changed = Signal()
    reported = Signal(object)
    uncertainty_ready = Signal(str, str, object)
    expected = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks

    def refresh(self, case_id: str | None, model: str | None) -> None:
        """Look again at a case and a model, and at what models' masks were worth before correction."""
        review = self._session.review

        def ask() -> tuple[tuple[Round, ...], float]:
            return review.corrections.trend(), review.corrections.blind_share

        # After the edits that were handed in before: what they finished is measured by then.
        self._tasks.run("edits", ask, lambda answer: self.trend_ready.emit(*answer), self.failed.emit, lane="trend")
        self._tasks.run("edits", review.budget.now, self.budget_ready.emit, self.failed.emit, lane="budget")
        if case_id is None or model is None:
            return

        def look() -> CaseReview | None:
            return review.of_case(case_id, model)

        self._tasks.run(
            "edits", look, lambda found: self.case_reviewed.emit(case_id, found), self.failed.emit, lane="case review"
        )

    def saw(self, case_id: str, slices: Sequence[int], model: str) -> None:
        """A model's mask of these slices is on the screen: noted before whatever is painted on them next."""
        corrections = self._session.review.corrections
        self._tasks.run("edits", lambda: corrections.saw(case_id, slices, model), None, self.failed.emit)

    def keep_blind(self, share: float) -> None:
        """Hide predictions on another share of the slices."""
        corrections = self._session.review.corrections
        self._tasks.run(
            "edits", lambda: corrections.keep_blind(share), lambda _saved: self.share_changed.emit(), self.failed.emit
        )

    def load_uncertainty(self, case_id: str, model: str) -> None:
        """Read how unsure a model was of a case."""
        review = self._session.review
        self._tasks.run(
            "reads",
            lambda: review.uncertainty(case_id, model),
            lambda found: self.uncertainty_ready.emit(case_id, model, found),
            self.failed.emit,
            lane="uncertainty",
        )

    def expect(self, model: str) -> None:
        """Work out which cases without labels a model has probably got wrong; takes seconds for dozens of cases."""
        review = self._session.review
        self._tasks.run(
            "measures", lambda: review.expected.of(model), self.expected.emit, self.failed.emit, lane="expected"
        )

    def forget_expected(self) -> None:
        """Drop what is being worked out of cases without labels: they are others by now."""
        self._tasks.forget("expected")

    def report(self, out: Path, model: str | None, *, anew: bool) -> None:
        """Write the methods report, in a process of its own: drawing its figures would hold up the pen.

        Args:
            out: the file, ``.html`` or ``.pdf``, which is replaced.
            model: the model it is about; None for the newest.
            anew: whether cases are numbered anew.

        """
        session = self._session

        def work() -> None:
            session.runs()  # answered once what was handed in before is on disk, where the other process reads it
            write_report(session.folder, out, model, session.readers.mine, anew=anew)

        self._tasks.drain()  # strokes on their way belong to what is reported
        self._tasks.run(
            "exports",
            work,
            lambda _done: self.reported.emit(out),
            self.failed.emit,
        )


def write_report(folder: Path, out: Path, model: str | None, reader: str, *, anew: bool) -> None:
    """Have the command line write a report of a reader's labels in a project that is open here; it only reads.

    Raises:
        SlicelabError: it could not be written.

    """
    command = [sys.executable, "-m", "slicelab", "report", str(folder), "--out", str(out), "--overwrite", "--json"]
    command += [f"--reader={reader}"]
    command += ["--run", model] if model is not None else []
    command += ["--pseudonymise"] if anew else []
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if ended.returncode == 0:
        return
    try:
        said = json.loads(ended.stdout)
        error = SlicelabError(said["error"], said["remedy"], said["safe"])
    except (ValueError, KeyError, TypeError):
        error = SlicelabError("The report could not be written.", "Run `slicelab doctor`.", "The project is safe.")
    raise error

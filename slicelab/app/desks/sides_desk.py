"""Two models side by side: chooses the second one, brings its masks of the open case, and says how far both agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.models import model_name, models_of, second_model
from slicelab.engine.correcting import blanked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slicelab.app.actions import ActionSet
    from slicelab.app.canvas.second_picture import Heading, SecondPicture
    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.desks.job_desk import JobDesk
    from slicelab.app.tasks import Tasks
    from slicelab.app.workspace import Workspace
    from slicelab.core.correction import Round
    from slicelab.core.evaluation import Evaluation
    from slicelab.engine.comparing import Compared
    from slicelab.engine.session import Session

_LANE = "sides"


class SidesDesk(QObject):
    """Connects the box in Review, the second picture and the session."""

    use_wanted = Signal(str)
    prediction_seen = Signal(str, tuple, str)
    failed = Signal(object)

    def __init__(
        self, work: Workspace, screen: CaseScreen, actions: ActionSet, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._screen = screen
        self._action = actions["view.sides"]
        self._tasks = tasks
        self._box = work.review.sides
        self._session: Session | None = None
        self._jobs: JobDesk | None = None
        self._picture: SecondPicture | None = None
        self._second: str | None = None
        self._found: Compared | None = None
        self._told: set[tuple[str, str, int]] = set()
        self._rounds: dict[str, Round] = {}
        self._measured: dict[str, Evaluation] = {}
        self._box.second_chosen.connect(self._choose)
        self._box.marked.connect(lambda _on: self._mark())
        self._box.use_wanted.connect(self._use)
        self._box.predict_wanted.connect(self._predict)
        work.classes.class_chosen.connect(lambda _value: self._show())
        work.canvas_made.connect(self._connect_canvas)
        screen.shown.connect(self._on_case)

    def commands(self) -> dict[str, Callable[[], object]]:
        """The switch."""
        return {"view.sides": self._switched}

    def open(self, session: Session, jobs: JobDesk) -> None:
        """Another project is open."""
        self._session, self._jobs = session, jobs
        jobs.mask_ready.connect(lambda _case, _mask: self.refresh())
        jobs.queue_changed.connect(lambda _waiting: self._show_words())

    def close(self) -> None:
        """No project is open: one picture."""
        self._tasks.forget(_LANE)
        self._action.setChecked(False)
        if self._picture is not None:
            self._picture.show(on=False)
        self._session = self._jobs = self._second = self._found = None
        self._told.clear()
        self._rounds = {}
        self._measured = {}
        self._box.show_models((), None)

    @property
    def on(self) -> bool:
        """Whether two pictures are shown."""
        return self._picture is not None and self._picture.on

    def show_rounds(self, rounds: tuple[Round, ...]) -> None:
        """Dice before correction, by model; slices trained on are in none of them."""
        self._rounds = {one.model: one for one in rounds}
        self._show_words()

    def show_measured(self, measured: Mapping[str, Evaluation]) -> None:
        """What was measured, by model."""
        self._measured = dict(measured)
        self._show_words()

    def show_states(self) -> None:
        """Something else is known of the slices: what was kept blind may be shown, and more can be compared."""
        if self.on:
            self._show()

    def refresh(self) -> None:
        """Runs, predictions or the open case are others: see which second model there is, and fetch its masks."""
        session, jobs, case_id = self._session, self._jobs, self._screen.case_id
        if session is None or jobs is None:
            return
        first, runs = jobs.in_use, jobs.runs

        def list_models() -> tuple[str, ...]:
            return session.models_for(case_id) if case_id is not None else ()

        def listed(predicted: tuple[str, ...]) -> None:
            self._second = second_model(runs, first, self._second, predicted)
            offered = []
            for run in reversed(models_of(runs)):
                said = f"{say(model_name(run.id, runs))} ({run.id})"
                if run.id not in predicted:
                    said = tr("{model}, no mask of this case yet").format(model=said)
                if run.id != first:
                    offered.append((run.id, said))
            self._box.show_models(offered, self._second)
            if self._second is None and self.on:
                self._leave()
            self._fetch()

        self._tasks.run("reads", list_models, listed, self.failed.emit, lane=_LANE)

    # -- inside -------------------------------------------------------------------------------------------------

    def _connect_canvas(self) -> None:
        from slicelab.app.canvas.second_picture import SecondPicture

        canvas = self._work.canvas
        assert canvas is not None
        self._picture = SecondPicture(canvas)
        self._picture.not_painted_here.connect(
            lambda: self._work.strip.say(tr("Nothing is painted in the right picture: paint in the left one"))
        )
        canvas.slice_changed.connect(lambda _at: self._on_slice())
        canvas.look_changed.connect(self._tell_seen)

    def _switched(self) -> None:
        on = self._action.isChecked() and self._second is not None and self._screen.case_id is not None
        self._action.setChecked(on)
        if self._picture is None:
            return
        self._found = None
        self._picture.show(on=on)
        self._mark()
        if on:
            self._work.show_tab("review")
            QTimer.singleShot(0, lambda: self._work.review.reveal(self._box))  # once it has grown
            self.refresh()
        self._screen.take_keys()

    def _leave(self) -> None:
        self._action.setChecked(False)
        self._switched()

    def _on_case(self, _case_id: str) -> None:
        self._found = None
        if self.on:
            self._show()

    def _on_slice(self) -> None:
        if self.on:
            self._say_empty()
            self._show_agreement()
            self._tell_seen()

    def _say_empty(self) -> None:
        """Where the second model found nothing, its picture says so; a mask that is not drawn would look the same."""
        canvas, found = self._work.canvas, self._found
        if self._picture is None or canvas is None or found is None or found.mask is None:
            return
        name, at = self._name(found.second), canvas.slice
        empty = at < len(found.mask) and at not in self._screen.mask.hidden and not found.mask[at].any()
        long, short = f"{name}: nothing on this slice", f"{name}: nothing here"
        self._picture.say_of_masks(say(long) if empty else name, say(short) if empty else name)

    def _choose(self, run: str) -> None:
        self._second = run
        self.refresh()

    def _use(self) -> None:
        """The model at the right is used from now on; the one used so far stands there."""
        if self._jobs is not None and self._second is not None:
            wanted, self._second = self._second, self._jobs.in_use
            self.use_wanted.emit(wanted)

    def _predict(self) -> None:
        if self._jobs is not None and self._second is not None and self._screen.case_id is not None:
            self._jobs.predict_case(self._second, self._screen.case_id)

    def _fetch(self) -> None:
        """Read the second model's mask of the open case."""
        session, jobs, case_id, second = self._session, self._jobs, self._screen.case_id, self._second
        if not self.on or session is None or jobs is None or case_id is None or second is None or jobs.in_use is None:
            return
        first = jobs.in_use

        def done(found: Compared) -> None:
            if found.case == self._screen.case_id:
                self._found = found
                self._show()

        self._tasks.run(
            "reads",
            lambda: session.review.comparing.of_case(case_id, first, second),
            done,
            self.failed.emit,
            lane=_LANE,
        )

    def _show(self) -> None:
        """Show the second model's masks as they may be seen now."""
        from slicelab.app.canvas.second_picture import SecondMasks

        if self._picture is None or not self.on:
            return
        found, hidden = self._found, self._screen.mask.hidden
        self._show_words()
        if found is None or found.mask is None:
            said = tr("{model} has not predicted this case yet").format(model=self._name(self._second))
            self._picture.show_masks(None, "" if found is None else said)
        else:
            unsure = found.uncertainty
            self._picture.show_masks(
                SecondMasks(
                    blanked(found.mask, hidden),
                    None if unsure is None else blanked(unsure, hidden),
                    self._screen.mask.comparable(found.classes),
                    self._name(found.second),
                )
            )
            self._say_empty()
        self._show_agreement()
        self._tell_seen()

    def _show_words(self) -> None:
        """Names over the pictures and in the box."""
        if self._picture is None or self._jobs is None:
            return
        missing = self._found is not None and self._found.mask is None
        self._box.show_second(self._name(self._second), missing=missing, may_predict=self._jobs.may("predict"))
        if self.on:
            shown = self._screen.mask.found
            left: Heading = self._heading(self._jobs.in_use, in_use=True)
            if shown is not None and not shown.final:
                left = ((shown.words, shown.short),)
            self._picture.set_headings(left, self._heading(self._second, in_use=False))

    def _heading(self, run: str | None, *, in_use: bool) -> Heading:
        """A model's name, its run, and what its masks were worth before correction."""
        if run is None:
            return ()
        named = f"{self._name(run)} ({run})"
        said = tr("{model}, in use").format(model=named) if in_use else named
        return ((said, named), words.worth(self._rounds.get(run), self._measured.get(run)))

    def _show_agreement(self) -> None:
        canvas, found, shown = self._work.canvas, self._found, self._screen.mask.found
        settled = found is not None and shown is not None and shown.final and shown.run == found.first
        both = found.agreement if found is not None and settled else None
        self._box.show_agreement(both, canvas.slice if canvas is not None else 0)

    def _mark(self) -> None:
        if self._picture is not None and self._jobs is not None:
            only = tr("Only {model}")
            names = (self._name(self._jobs.in_use), self._name(self._second))
            wanted = self._box.mark.isChecked() and self.on
            self._picture.mark_difference(
                (only.format(model=names[0]), only.format(model=names[1])) if wanted else None
            )

    def _tell_seen(self) -> None:
        """The second model's mask of the slice shown is before the reader's eyes: that leads them as well."""
        found, canvas = self._found, self._work.canvas
        if not self.on or found is None or found.mask is None or canvas is None or not canvas.shown_look.prediction:
            return
        at = canvas.slice
        if at not in self._screen.mask.hidden and (found.case, found.second, at) not in self._told:
            self._told.add((found.case, found.second, at))
            self.prediction_seen.emit(found.case, (at,), found.second)

    def _name(self, run: str | None) -> str:
        return say(model_name(run, self._jobs.runs)) if run is not None and self._jobs is not None else ""

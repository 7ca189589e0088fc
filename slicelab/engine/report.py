"""The methods report: what was done with a project and what came of it, for a reader who was not there.

Cases and patients go by the project's ids (``c0001``), or are numbered anew in an order drawn by chance; names of
cases and files, and the project's own name, never leave the project.
"""

from __future__ import annotations

import platform
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab import __version__
from slicelab.core.errors import SlicelabError
from slicelab.core.evaluation import SYNTHETIC_FIGURES
from slicelab.engine.budgeting import explanation, headline
from slicelab.engine.choice_words import HEADS, brought, choice_rows, followed
from slicelab.engine.lineage import ancestors
from slicelab.engine.report_cross import cross_parts
from slicelab.engine.report_expected import expected_parts
from slicelab.engine.report_page import Picture, Report, Section, Table, Words
from slicelab.engine.report_words import count_of, job_of, number, run_words, settings_of
from slicelab.engine.report_zones import zone_parts
from slicelab.engine.run_names import by_name, run_names, with_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from slicelab.core.correction import Group
    from slicelab.core.evaluation import CaseScore, Evaluation
    from slicelab.engine.report_facts import CaseFacts, ProjectFacts, RunFacts
    from slicelab.engine.report_page import Part
    from slicelab.engine.session import Session

DISCLAIMER = (
    "Research use only. Not a medical device. The figures hold for the cases they were measured on; they say nothing "
    "about a single patient."
)
_MOST_PANELS = 9


@dataclass(frozen=True)
class Names:
    """How cases and patients are called.

    Attributes:
        cases: case id to what the report calls it.
        patients: patient id likewise.

    """

    cases: Mapping[str, str]
    patients: Mapping[str, str]


def names_of(facts: ProjectFacts, *, anew: bool, chance: random.Random | None = None) -> Names:
    """The project's ids, or numbers in an order drawn by chance, which is kept nowhere.

    Args:
        facts: the project.
        anew: whether to number anew.
        chance: draws the order; the system's own if None.

    """
    cases, patients = [case.id for case in facts.cases], sorted({case.patient for case in facts.cases})
    if not anew:
        return Names({name: name for name in cases}, {name: name for name in patients})
    draw = chance or random.SystemRandom()
    draw.shuffle(cases)
    draw.shuffle(patients)
    return Names(
        {name: f"case {number}" for number, name in enumerate(cases, start=1)},
        {name: f"patient {number}" for number, name in enumerate(patients, start=1)},
    )


def methods_report(
    session: Session, model: str | None = None, *, against: Path | None = None, anew: bool = False
) -> Report:
    """Everything about a model (by default the newest that has predicted) as a report.

    Args:
        session: the project; reading is enough.
        model: run id of a finetuning.
        against: a folder of reference masks named like the cases; None takes the project's own done slices.
        anew: number cases and patients anew instead of giving the project's ids.

    Raises:
        UnknownNameError: there is no such run.
        SlicelabError: the project holds no case.

    """
    facts = session.review.facts()
    if not facts.cases:
        raise SlicelabError("The project holds no case: there is nothing to report.", "Add images first.")
    names = names_of(facts, anew=anew)
    writer = _Writer(session, facts, names, _chosen(facts, model), against)
    return writer.report()


def _chosen(facts: ProjectFacts, model: str | None) -> str | None:
    if model is not None:
        return model
    predicted = {made.model_run for made in facts.predictions}
    return next((run.record.id for run in reversed(facts.runs) if run.record.id in predicted), None)


class _Writer:
    """Puts the sections together."""

    def __init__(
        self, session: Session, facts: ProjectFacts, names: Names, model: str | None, against: Path | None
    ) -> None:
        self._session = session
        self._facts = facts
        self._names = names
        self._model = model
        self._classes = session.classes
        self._by_id = {case.id: case for case in facts.cases}
        self._id_of = {case.name: case.id for case in session.cases()}
        self._runs = {run.record.id: run for run in facts.runs}
        self._called = run_names((run.id, run.kind, run.has_weights) for run in session.runs())
        self._evaluation, self._why_not = self._measure(against)

    def report(self) -> Report:
        """The whole of it."""
        sections = [
            Section("Result", tuple(self._result())),
            Section("Data", tuple(self._data())),
            Section("Labels", tuple(self._labels())),
            Section("Method", tuple(self._method())),
            Section("Splits", tuple(self._splits())),
            Section(
                "Measurements",
                (*self._measurements(), *expected_parts(self._session.review.expected, self._model)),
            ),
            Section("Dice before correction", tuple(self._before_correction())),
            Section("Suggestions", tuple(self._suggestions())),
            Section("Cross-validation", tuple(cross_parts(self._session.cross.standing()))),
            Section("Label budget", tuple(self._budget())),
            Section("Training", tuple(self._training())),
            Section("Overlays", (*self._overlays(), *zone_parts(self._classes))),
            Section("Where every predicted mask came from", tuple(self._masks())),
            Section("Settings", tuple(self._settings())),
            Section("Software", tuple(self._software())),
        ]
        synthetic = any(case.synthetic for case in self._facts.cases)
        disclaimer = f"{DISCLAIMER} {SYNTHETIC_FIGURES}" if synthetic else DISCLAIMER
        lead = f"Written by slicelab {__version__} on {time.strftime('%Y-%m-%d')}. {disclaimer}"
        return Report("Methods report", lead, tuple(sections), disclaimer)

    # -- sections -----------------------------------------------------------------------------------------------

    def _result(self) -> Iterable[Part]:
        found = self._evaluation
        if self._model is None:
            yield Words("No model has predicted a case yet: this report describes data and labels alone.")
        elif found is None:
            yield Words(f"{self._named(self._model)}. Nothing is measured: {self._why_not}")
        elif not found.averaged:
            yield Words(
                f"{self._named(self._model)}. Labels of every measured case chose or taught it: there is no result to "
                "report."
            )
        else:
            mean = f"{number(found.mean_dice)}{f' {found.over},' if found.over else ''}"
            yield Words(
                f"{self._named(self._model)}: mean 3D Dice {mean} over {count_of(found.averaged, 'case')} "
                f"of patients whose labels it never learned from ({found.protocol})."
            )
            for warning in found.warnings:
                yield Words(warning)

    def _data(self) -> Iterable[Part]:
        cases = self._facts.cases
        synthetic = sum(case.synthetic for case in cases)
        slices = sum(case.shape[0] for case in cases)
        said = f"{count_of(len(cases), 'case')} of {count_of(len({case.patient for case in cases}), 'patient')}"
        yield Words(f"{said}, {count_of(slices, 'slice')} in the acquisition plane. Synthetic (phantoms): {synthetic}.")
        yield Table(
            ("Case", "Patient", "Plane", "Format", "Slices", "Matrix", "Spacing mm", "Kind"),
            tuple(
                (
                    self._names.cases[case.id],
                    self._names.patients[case.patient],
                    case.plane,
                    case.format,
                    str(case.shape[0]),
                    f"{case.shape[1]} × {case.shape[2]}",
                    " × ".join(f"{mm:.2f}" for mm in case.spacing),
                    "synthetic" if case.synthetic else "acquired",
                )
                for case in self._sorted(cases)
            ),
            "Spacing along slice, row, column.",
            left=4,
        )

    def _labels(self) -> Iterable[Part]:
        labelled = [case for case in self._facts.cases if case.done]
        total: Counter[str] = Counter()
        for case in labelled:
            total.update(case.origins)
        minutes = sum(case.seconds for case in labelled) / 60
        yield Words(
            f"Classes: {', '.join(item.name for item in self._classes)}. "
            f"{count_of(sum(case.done for case in labelled), 'slice')} done in {count_of(len(labelled), 'case')}, "
            f"{minutes:.0f} minutes of labelling noted. Only done slices are learned from and measured; an unlabelled "
            "slice is never read as background."
        )
        readers = len(self._session.readers.names())
        if readers > 1:
            yield Words(
                f"{readers} readers label this project. What is said here of slices that are done, and the labels that "
                "models are measured against, are one reader's."
            )
        if labelled:
            yield Table(
                ("Case", "Where the masks of its done slices came from", "Slices done"),
                tuple(
                    (
                        self._names.cases[case.id],
                        "; ".join(f"{words}: {count}" for words, count in sorted(case.origins.items())),
                        f"{case.done} of {case.shape[0]}",
                    )
                    for case in self._sorted(labelled)
                ),
                left=2,
            )

    def _method(self) -> Iterable[Part]:
        yield Words(
            "A 2D U-Net learns on the slices of the acquisition plane: optionally first from slices without labels "
            "(self-supervised pretraining), then from the slices marked done (finetuning); it then segments every "
            "slice of a case. After Umapathy et al., Learning to segment with limited annotations: self-supervised "
            "pretraining with regression and contrastive loss in MRI."
        )
        for run in self._chain():
            job = job_of(run)
            if job is None:
                continue
            yield Words(run_words(run, job, self._session.jobs.status(run.record.id).device, self._named))

    def _settings(self) -> Iterable[Part]:
        for run in self._chain():
            job = job_of(run)
            if job is not None:
                pairs = list(settings_of(job))
                half = -(-len(pairs) // 2)
                beside = [*pairs[half:], ("", "")][:half]
                rows = tuple((*one, *other) for one, other in zip(pairs[:half], beside, strict=True))
                said = f"Every setting of {self._named(run.record.id)}."
                yield Table(("Setting", "Value", "Setting", "Value"), rows, said, left=4)

    def _splits(self) -> Iterable[Part]:
        chain = self._chain()
        if not chain:
            yield Words("There is no model yet, and so no split.")
            return
        roles: dict[str, list[str]] = {}
        taught = {m.case_id for run in chain for m in run.members if m.role in ("train", "val")}
        patients = self._taught()
        for run in chain:
            for member in run.members:
                word = {"pool": "learned from without labels", "train": "labels learned from", "val": "chose the state"}
                if member.role in word:
                    roles.setdefault(member.case_id, []).append(f"{word[member.role]}: {self._named(run.record.id)}")
        yield Words(
            "Splits are made by patient: a case counts as trained on, or as validation, as soon as any case of its "
            "patient does."
        )
        tested = self._evaluation.cases if self._evaluation else ()
        apart = {self._id_of[case.case]: case for case in tested}
        rows = []
        for case in self._sorted(self._facts.cases):
            score = apart.get(case.id)
            use = "" if score is None else "test" if score.is_result else "measured, not a result"
            said = list(roles.get(case.id, ()))
            if case.patient in patients and case.id not in taught:
                said.append("patient trained on")
            rows.append((self._names.cases[case.id], "; ".join(said or ["not used"]), use))
        yield Table(("Case", "Used for training", "Measured"), tuple(rows), left=3)

    def _measurements(self) -> Iterable[Part]:
        found = self._evaluation
        if found is None:
            yield Words(self._why_not or "Nothing is measured.")
            return
        rows = [row for case in self._scores() for row in self._score_rows(case)]
        yield Table(
            ("Case", "Class", "Dice", "HD95 mm", "ASSD mm", "Volume mL", "Diff. mL", "Slices"),
            tuple(rows),
            "3D Dice on the slices that have a reference; HD95 (the larger of both directions), ASSD and volume "
            "difference (predicted minus reference) where every slice has one. n/a: the class is in neither mask, or "
            "that is not so.",
            left=2,
        )
        means = ", ".join(f"{name} {number(value)}" for name, value in found.mean.items())
        yield Words(
            f"Mean Dice over {count_of(found.averaged, 'test case')}: {means}. Cases trained on, and those that chose "
            "the learning rate or the best state (validation), are left out."
        )
        if found.in_part:
            yield Words(found.in_part)

    def _before_correction(self) -> Iterable[Part]:
        rounds = self._session.review.corrections.trend()
        yield Words(
            "Each slice that a reader finished is compared with the mask that the newest model had made of it before, "
            "unless the model learned from that slice: mean 2D Dice over slices that have the class in either mask, "
            "and how many those are. Blind: no model's mask had been shown. Assisted: the reader began from one or had "
            "seen it, which is optimistic. Slices of patients of whom it learned other slices are left out."
        )
        rows = []
        for one in rounds:
            for word, group in (("blind", one.blind), ("assisted", one.assisted)):
                if group.slices:
                    rows.append(
                        (self._named(one.model), word, *self._means(group), str(group.slices), f"{group.wrong:,}")
                    )
        if rows:
            heads = ("Model", "Reading", *(item.name for item in self._classes), "Slices", "Voxels corrected")
            yield Table(heads, tuple(rows), left=2)
        else:
            yield Words("No such slice was finished yet.")

    def _suggestions(self) -> Iterable[Part]:
        found = self._session.advice.benefits()
        yield Words(followed(found))
        if found:
            yield Table(
                HEADS,
                choice_rows(found),
                "How slices that are done now came to be labelled, and mean 2D Dice of the newest model's mask of them "
                "before correction (in brackets over how many). Slices of patients it learned other slices of are left "
                "out of Dice.",
            )
        if said := brought(found):
            yield Words(said)

    def _budget(self) -> Iterable[Part]:
        found = self._session.review.budget.now()
        yield Words(f"{headline(found)}. {explanation(found)}")
        rows = tuple(
            (
                self._named(point.model),
                str(point.spent.labelled),
                f"{point.spent.minutes:.0f}",
                number(point.mean, 2),
                str(len(point.dice)),
            )
            for point in found.points
        )
        if rows:
            heads = ("Model", "Slices learned from", "Minutes of labelling", f"Dice, {found.reading}", "Measured on")
            yield Table(heads, rows, "Mean 2D Dice over slices; measured on: slices finished after that training.")

    def _training(self) -> Iterable[Part]:
        from slicelab.engine.report_figures import curves  # matplotlib is slow to import

        trained = [
            (self._named(run.record.id), losses)
            for run in reversed(self._chain())
            if (losses := self._session.jobs.status(run.record.id).losses)
        ]
        if trained:
            yield Picture(curves(trained), "Loss over the steps of each training that the model descends from.")
        else:
            yield Words("No training has left a loss.")

    def _overlays(self) -> Iterable[Part]:
        from slicelab.engine.report_figures import Panel, colours_in_words, overlays

        panels = []
        for case, lines in self._to_draw()[:_MOST_PANELS]:
            mask = self._session.prediction(case.id, self._model)
            if mask is not None:
                view = self._session.open_case(case.id)
                panels.append(Panel(self._names.cases[case.id], lines, view, mask, case.synthetic))
        if not panels:
            yield Words("There is no case the model has predicted and never learned from.")
            return
        made_up = sum(panel.synthetic for panel in panels)
        kind = f" Synthetic volumes (phantoms): {made_up} of {len(panels)}." if made_up else ""
        colours = " ".join(("Radiological view.", colours_in_words(self._classes))).strip()
        yield Picture(
            overlays(panels, self._classes),
            f"Masks of {self._named(self._model or '')} on the slice with most of them, in cases it never learned "
            f"labels of, with the 3D Dice of the whole case. {colours}{kind} Research use only.",
        )

    def _masks(self) -> Iterable[Part]:
        rows = [
            (
                self._names.cases[made.case_id],
                self._named(made.model_run),
                " < ".join(self._called.get(run.record.id, run.record.id) for run in self._chain(made.model_run)),
                made.run_id,
                time.strftime("%Y-%m-%d %H:%M", time.localtime(made.at)),
                made.sha256[:12],
            )
            for made in self._facts.predictions
        ]
        if rows:
            yield Table(
                ("Case", "Model", "Descends from", "Predicted in", "At", "SHA-256"),
                tuple(rows),
                "Each mask, the model that made it, the runs whose weights the model grew from, and the file's digest.",
                left=6,
            )
        else:
            yield Words("There is no predicted mask.")

    def _software(self) -> Iterable[Part]:
        yield Words(f"slicelab {__version__}, Python {platform.python_version()}, {platform.system()}.")

    # -- inside -------------------------------------------------------------------------------------------------

    def _named(self, run_id: str) -> str:
        """A run as the window calls it, and its id."""
        return with_id(self._called, run_id)

    def _measure(self, against: Path | None) -> tuple[Evaluation | None, str]:
        if self._model is None:
            return None, "No model has predicted a case yet."
        try:
            return self._session.evaluate(self._model, None, against), ""
        except SlicelabError as error:
            if self._model not in self._runs:
                raise
            return None, by_name(error.message, self._called)

    def _chain(self, model: str | None = None) -> tuple[RunFacts, ...]:
        """The model's run and those it descends from, youngest first."""
        chosen = model or self._model
        records = {run.record.id: run.record for run in self._facts.runs}
        return tuple(self._runs[record.id] for record in ancestors(chosen, records)) if chosen in records else ()

    def _sorted(self, cases: Iterable[CaseFacts]) -> list[CaseFacts]:
        return sorted(cases, key=lambda case: (len(self._names.cases[case.id]), self._names.cases[case.id]))

    def _scores(self) -> list[CaseScore]:
        """Test cases first, each group in the report's order."""
        cases = self._evaluation.cases if self._evaluation else ()
        order = {case.id: number for number, case in enumerate(self._sorted(self._facts.cases))}
        return sorted(cases, key=lambda case: (not case.is_result, order[self._id_of[case.case]]))

    def _score_rows(self, case: CaseScore) -> Iterable[tuple[str, ...]]:
        apart = case.apart.replace(" ", "\u00a0") or ("in\u00a0pool" if case.in_pretraining_pool else "")
        mark = f", {apart}" if apart else ""
        for item in self._classes:
            score = case.scores.get(item.name)
            if score is not None:
                yield (
                    self._names.cases[self._id_of[case.case]] + mark,
                    item.name,
                    number(score.dice),
                    number(score.hd95_mm, 1),
                    number(score.assd_mm, 1),
                    number(score.volume_ml, 1),
                    number(score.volume_difference_ml, 1),
                    f"{case.slices} of {case.of}",
                )

    def _means(self, group: Group) -> Iterable[str]:
        for item in self._classes:
            mean = group.classes[item.value]
            yield f"{number(mean.dice, 2)} ({mean.slices})" if mean.slices else "n/a"

    def _to_draw(self) -> list[tuple[CaseFacts, tuple[str, ...]]]:
        """Test cases with their Dice; where there are none, predicted cases that no training used, without."""
        if self._model is None:
            return []
        tested = [case for case in self._scores() if case.is_result]
        if tested:
            return [(self._by_id[self._id_of[case.case]], self._dice_lines(case)) for case in tested]
        patients = self._taught()
        predicted = {made.case_id for made in self._facts.predictions if made.model_run == self._model}
        return [
            (case, ("Dice not measured",))
            for case in self._sorted(self._facts.cases)
            if case.id in predicted and case.patient not in patients
        ]

    def _taught(self) -> frozenset[str]:
        """Patients whose labels the model learned from, also by cases that were removed since."""
        return frozenset() if self._model is None else self._session.review.corrections.lessons(self._model).patients

    def _dice_lines(self, case: CaseScore) -> tuple[str, ...]:
        said = [f"{item.name} {number(case.scores[item.name].dice, 2)}" for item in self._classes
                if item.name in case.scores]  # fmt: skip
        partly = "" if case.slices == case.of else f" ({case.slices} of {case.of} slices)"
        lines = [", ".join(said[at : at + 2]) for at in range(0, len(said), 2)]
        return (f"3D Dice{partly}: {lines[0]}", *lines[1:]) if lines else ()

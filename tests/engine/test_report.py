"""The methods report: complete, in the printed colours, and without a name."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from job_kit import FINETUNE, run_to_end
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from typer.testing import CliRunner

from slicelab.cli.learn_commands import evaluation_words
from slicelab.cli.main import app
from slicelab.core.choices import Choice
from slicelab.core.durations import duration
from slicelab.core.errors import SlicelabError
from slicelab.core.labels import SliceState, make_classes
from slicelab.core.resources import resource
from slicelab.data.phantoms import write_study
from slicelab.engine.report import methods_report, names_of
from slicelab.engine.report_figures import Panel, colours_in_words, overlays, printed
from slicelab.engine.report_page import Report, Section, Table, Words, page
from slicelab.engine.report_zones import zones_wanted
from slicelab.engine.session import Session

RED = np.array([0xE3, 0x12, 0x0B])


@pytest.fixture(scope="module")
def finished_template(tmp_path_factory: pytest.TempPathFactory, labelled_template: Path) -> Path:
    """A closed project: a model that learned from the first case, whose masks show a square of liver."""
    folder = Path(shutil.copytree(labelled_template, tmp_path_factory.mktemp("finished") / "project of Ms Miller"))
    with Session.open(folder) as opened:
        model = opened.jobs.start_finetune(None, train=["phantom_01"], steps=2, overrides=FINETUNE)
        run_to_end(opened, model)
        run_to_end(opened, opened.jobs.start_predict(model))
        opened.set_window(opened.find(["phantom_02"])[0].id, 0.0, 1e9).result()
    for file in (folder / "predictions").rglob("*.nii.gz"):
        empty = nib.load(file)
        mask = np.zeros(empty.shape, np.uint8)
        mask[20:40, 20:40] = 1
        nib.save(nib.Nifti1Image(mask, empty.affine, empty.header), file)
    return folder


@pytest.fixture
def finished(tmp_path: Path, finished_template: Path) -> Iterator[Session]:
    with Session.open(Path(shutil.copytree(finished_template, tmp_path / "project of Ms Miller"))) as opened:
        yield opened


def table_of(report: Report, title: str) -> Table:
    section = next(section for section in report.sections if section.title == title)
    return next(part for part in section.parts if isinstance(part, Table))


def pictures(html: str) -> list[np.ndarray]:
    found = re.findall(r"data:image/png;base64,([^\"]+)", html)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(one))).convert("RGB")) for one in found]


def test_a_report_says_data_labels_method_splits_figures_and_provenance_without_a_name(finished: Session) -> None:
    case = finished.find(["phantom_03"])[0].id
    finished.labels.edit_slices(case, {4: finished.labels.stack(case)[4]}, "brush")
    finished.labels.mark(case, [4], SliceState.DONE).result()
    report = methods_report(finished)
    html = page(report)
    for name in ("phantom_0", "Miller", str(finished.folder), "imagesTr", "Reader 1"):
        assert name not in html, name
    assert "Research use only. Not a medical device." in html
    assert [row[-1] for row in table_of(report, "Data").rows] == ["synthetic"] * 6
    splits = {row[0]: row[1:] for row in table_of(report, "Splits").rows}
    assert splits["c0001"] == ("labels learned from: Model 1 (r0001)", "measured, not a result")
    assert splits["c0002"] == ("not used", "test")
    scores = table_of(report, "Measurements").rows
    assert [row[0] for row in scores][:4] == ["c0002"] * 4
    assert scores[-1][0].startswith("c0001, trained")
    origins = {row[0]: row[1] for row in table_of(report, "Labels").rows}
    assert origins == {"c0001": "imported: 10", "c0002": "imported: 10", "c0003": "painted: 1"}
    assert table_of(report, "Dice before correction").rows[0][:2] == ("Model 1 (r0001)", "blind")
    assert len(table_of(report, "Where every predicted mask came from").rows) == 6
    measured = finished.evaluate("r0001", ["phantom_02"]).cases[0].scores["liver"].dice
    assert f"{measured:.3f}" in html
    assert "finetune.steps" in html
    (run,) = [one for one in finished.runs() if one.id == "r0001"]
    assert run.finished is not None
    assert f"It took {duration(run.finished - run.created)}." in html
    assert len(pictures(html)) == 2
    in_part = "Measured on some of their slices only: 1 of 2 cases in these means, at least 1 of 10 slices."
    assert in_part in html
    told = evaluation_words(finished.evaluate("r0001"), [one.name for one in finished.classes])
    assert any(in_part in str(line) for line in told)


def test_a_report_tells_which_suggestions_were_followed_with_the_figures_of_the_command(finished: Session) -> None:
    def suggestions() -> tuple[str, list[Table]]:
        section = next(one for one in methods_report(finished).sections if one.title == "Suggestions")
        words = " ".join(part.text for part in section.parts if isinstance(part, Words))
        return words, [part for part in section.parts if isinstance(part, Table)]

    assert suggestions() == ("No slice that was marked done by hand is done now.", [])
    case = finished.find(["phantom_03"])[0].id
    saved = finished.advice.follow(case, 4, Choice.NEXT, "gap")
    assert saved is not None
    saved.result()
    for index in (4, 6):
        finished.labels.mark(case, [index], SliceState.DONE).result()
    words, (table,) = suggestions()
    assert words.startswith("Suggestions led to 1 of 2 slices marked done: 1 suggested next. Too few to say ")
    assert [row[:3] for row in table.rows] == [("suggested next", "1", "1"), ("own choice", "1", "1")]
    command = json.loads(CliRunner().invoke(app, ["corrections", str(finished.folder), "--json"]).stdout)["choices"]
    assert [(one["blind_dice"], one["blind"]) for one in command] == [(0.0, 1), (0.0, 1)]
    assert [row[4] for row in table.rows] == ["0.000 (1)", "0.000 (1)"]
    assert "Too few to say what was brought by: suggested next (1 of 1 case), own choice (1 of 1 case)." in words
    plain = CliRunner().invoke(app, ["corrections", str(finished.folder)]).stdout
    assert "Too few to say" in plain


def test_overlays_are_printed_in_the_papers_colours_and_captioned_synthetic(finished: Session) -> None:
    html = page(methods_report(finished))
    overlay = pictures(html)[1].astype(int)
    assert (np.abs(overlay - RED).sum(axis=2) < 60).sum() > 50, "the liver's outline is red"
    assert "Synthetic volumes (phantoms): 1 of 1" in html
    classes = make_classes(["Central_Gland", "peripheral zone", "liver", "spleen"])
    colours = {item.name: item.colour for item in printed(classes)}
    own = classes[-1].colour
    assert colours == {"Central_Gland": "#808000", "peripheral zone": "#00FFFF", "liver": "#E3120B", "spleen": own}


def test_the_caption_of_overlays_says_which_colours_are_the_papers_and_not_the_windows(finished: Session) -> None:
    html = unescape(page(methods_report(finished)))
    assert "Radiological view. Colours of the paper's figures and not of the window: liver red. Synthetic" in html
    assert colours_in_words(make_classes(["spleen", "Central_Gland", "peripheral zone"])) == (
        "Colours of the paper's figures and not of the window: Central_Gland olive, peripheral zone cyan."
    )
    assert colours_in_words(make_classes(["spleen"])) == ""


def test_a_patient_trained_on_by_a_case_that_was_removed_is_named_and_not_drawn(finished: Session) -> None:
    first, second = finished.find(["phantom_01", "phantom_02"])
    for case in (first, second):
        finished._store.update_case(case.id, patient_key="one person").result()
    finished.labels.mark(second.id, list(range(10)), SliceState.UNLABELLED).result()
    finished.upkeep.remove("case", first.id)
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finished, "open_case", lambda case: drawn.append(case) or Session.open_case(finished, case))
        report = methods_report(finished)
    splits = {row[0]: row[1] for row in table_of(report, "Splits").rows}
    assert splits["c0002"] == "patient trained on"
    assert splits["c0003"] == "not used"
    assert drawn == ["c0003", "c0004", "c0005", "c0006"]


def test_cases_are_numbered_anew_in_an_order_that_is_drawn(finished: Session) -> None:
    facts = finished.review.facts()
    first, second = (names_of(facts, anew=True, chance=random.Random(seed)) for seed in (1, 2))
    assert sorted(first.cases.values()) == sorted(second.cases.values()) == [f"case {k}" for k in range(1, 7)]
    assert first.cases != second.cases
    html = page(methods_report(finished, anew=True))
    assert not re.search(r"\bc000\d|\bp000\d", html)
    assert "case 6" in html


def test_a_project_without_a_model_is_reported_too_and_an_empty_one_is_not(session: Session, tmp_path: Path) -> None:
    html = page(methods_report(session))
    assert "No model has predicted a case yet" in html
    assert "c0006" in html
    with (
        Session.create(tmp_path / "empty", ["liver"]) as empty,
        pytest.raises(SlicelabError, match="nothing to report"),
    ):
        methods_report(empty)


def test_what_people_wrote_is_escaped() -> None:
    table = Table(("a<b",), (("x & y",),), "c>d")
    html = page(Report("<script>", "&", (Section("1 < 2", (Words("<b>"), table)),), '"'))
    assert "<script>" not in html
    assert "<b>" not in html
    assert "x &amp; y" in html


def test_the_command_writes_html_and_pdf_beside_an_open_window_and_overwrites_nothing_unasked(
    finished: Session, tmp_path: Path
) -> None:
    """The session that holds the project stays open; the process knows neither torch nor a display."""

    def report(out: Path, *more: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-X",
            "importtime",
            "-m",
            "slicelab",
            "report",
            str(finished.folder),
            "--out",
            str(out),
        ]
        return subprocess.run(
            [*command, *more], capture_output=True, text=True, check=False, env={"PATH": "", "HOME": str(tmp_path)}
        )

    for name in ("report.html", "report.pdf"):
        ended = report(tmp_path / name)
        assert ended.returncode == 0, ended.stderr[-2000:]
        assert not re.search(r"\| +torch$", ended.stderr, re.MULTILINE)
    assert (tmp_path / "report.pdf").read_bytes()[:5] == b"%PDF-"
    before = (tmp_path / "report.html").read_bytes()
    again = report(tmp_path / "report.html")
    assert again.returncode == 1
    assert "already" in again.stderr
    assert (tmp_path / "report.html").read_bytes() == before
    assert report(tmp_path / "report.html", "--overwrite", "--pseudonymise").returncode == 0
    assert report(tmp_path / "report.docx").returncode == 1


def test_each_overlay_has_the_dice_of_its_whole_case_printed_on_it(
    finished: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    title = Axes.set_title

    def noted(self: Axes, label: str, **how: object) -> object:
        drawn.append(label)
        return title(self, label, **how)

    monkeypatch.setattr(Axes, "set_title", noted)
    methods_report(finished)
    measured = finished.evaluate("r0001", ["phantom_02"]).cases[0].scores["liver"].dice
    (printed_on,) = [label for label in drawn if label.startswith("c0002 (synthetic), slice ")]
    assert f"liver {measured:.3f}" in printed_on or f"liver {measured:.2f}" in printed_on


@pytest.mark.parametrize("count", [1, 4, 14, 40])
def test_the_key_of_overlays_and_the_words_over_them_take_the_lines_they_need(
    finished: Session, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    figures: list[Figure] = []
    save = Figure.savefig

    def kept(self: Figure, *args: object, **how: object) -> None:
        figures.append(self)
        save(self, *args, **how)

    monkeypatch.setattr(Figure, "savefig", kept)
    names = [f"{'a structure with a long name of its own'[: 12 + number]} {number}" for number in range(count)]
    classes = make_classes([*names[:-1], names[-1] * (8 if count == 14 else 1)])
    view = finished.open_case("c0002")
    mask = np.zeros(view.image.shape, np.uint8)
    mask[4, 20:40, 20:40] = 1
    lines = tuple(f"{name} 0.91" for name in names[::2])
    for panels in (1, 5):
        overlays([Panel(f"c000{number}", lines, view, mask, True) for number in range(panels)], classes)
        (figure,) = figures[-1:]
        renderer = FigureCanvasAgg(figure).get_renderer()
        key = [one for one in figure.texts if one.get_text().startswith("■ ")]
        assert len(key) == count
        titles = [axes.title for axes in figure.axes]
        boxes = {one: one.get_window_extent(renderer) for one in (*key, *titles)}
        pictures = [axes.get_window_extent(renderer) for axes in figure.axes]
        for one, box in boxes.items():
            assert 0 <= box.x0 < box.x1 <= figure.bbox.width or one in titles, one.get_text()
            assert 0 <= box.y0 < box.y1 <= figure.bbox.height, one.get_text()
            assert not any(box.overlaps(other) for text, other in boxes.items() if text in key and text is not one)
            assert not any(box.overlaps(picture) for picture in pictures)


def test_a_report_of_another_readers_labels_is_asked_for_by_name(finished: Session, tmp_path: Path) -> None:
    folder, out = finished.folder, tmp_path / "report.html"
    finished.close()
    with Session.open(folder, reader="CD") as second:
        second.labels.mark(second.find(["phantom_02"])[0].id, [4, 5], SliceState.DONE).result()
    run = CliRunner().invoke
    asked = ["report", str(folder), "--out", str(out), "--overwrite"]
    assert run(app, [*asked, "--reader", "CD"]).exit_code == 0
    theirs = out.read_text(encoding="utf-8")
    assert "2 slices done in 1 case" in theirs
    assert "2 readers label this project" in theirs
    assert "CD" not in unescape(re.sub(r"data:image/png;base64,[^\"]+", "", theirs)), "no name"
    assert run(app, asked).exit_code == 0
    assert "2 slices done in 1 case" not in out.read_text(encoding="utf-8"), "the first reader's"
    refused = run(app, [*asked, "--reader", "C", "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"] == "The project has no reader named 'C'."


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["prostate"], True),
        (["Prostata", "Blase"], True),
        (["whole_prostate", "rectum"], True),
        (["prostate", "peripheral zone"], False),
        (["Prostate", "PZ"], False),
        (["prostate", "Central_Gland"], False),
        (["Prostata", "Übergangszone"], False),
        (["central gland", "peripheral zone"], False),
        (["liver", "spleen"], False),
    ],
)
def test_zones_of_phantoms_are_shown_where_the_prostate_is_labelled_and_no_zone_of_it(
    names: list[str], wanted: bool
) -> None:
    assert zones_wanted(make_classes(names)) == wanted


def test_zones_of_phantoms_are_captioned_as_synthetic_and_no_result_with_the_dice_on_record(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", "pelvis", labelled=0, unlabelled=1, seed=3, shape=(32, 32, 6))
    record = json.loads(resource("report/zones.json").read_bytes())
    png = resource("report/zones.png").read_bytes()
    assert len(png) < 200_000
    assert hashlib.sha256(png).hexdigest() == record["sha256"], "the figure is the one that was measured"
    with Session.create(tmp_path / "project", ["prostate"]) as opened:
        opened.import_paths([study])
        html = page(methods_report(opened))
    (zones,) = (picture.astype(int) for picture in pictures(html))
    for colour in ((0x80, 0x80, 0x00), (0x00, 0xFF, 0xFF)):
        assert (np.abs(zones - colour).sum(axis=2) < 90).sum() > 50, "olive, and cyan"
    said = unescape(html)
    assert "synthetic volumes (phantoms, no patients). This is no result of this project" in said
    for count, one in record["measured"].items():
        mean = ", ".join(f"{name} {dice:.2f}" for name, dice in one["mean"].items())
        assert f"{count} labelled volumes: {mean}" in said
        for name, mean_dice in one["mean"].items():
            each = [case[name] for case in one["cases"].values()]
            assert len(each) == record["tested"]
            assert mean_dice == pytest.approx(np.mean(each), abs=2e-3)
    out = tmp_path / "report.pdf"
    ended = CliRunner().invoke(app, ["report", str(tmp_path / "project"), "--out", str(out)])
    assert ended.exit_code == 0, ended.output
    assert out.read_bytes()[:5] == b"%PDF-"
    assert b"/Subtype /Image" in out.read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_figure_of_zones_can_be_made_anew(root: Path, tmp_path: Path) -> None:
    few = ["--shape", "64", "64", "10", "--pretrain-steps", "2", "--steps", "2", "--test", "2", "--labelled", "4", "8"]
    subprocess.run([sys.executable, root / "packaging" / "zones_figure.py", *few, "--out", tmp_path], check=True)
    record = json.loads((tmp_path / "zones.json").read_bytes())
    assert record["finetuning"] == {"steps": 2, "volumes": [4, 8]}
    assert list(record["measured"]["8"]["cases"]) == ["phantom_09", "phantom_10"]
    assert hashlib.sha256((tmp_path / "zones.png").read_bytes()).hexdigest() == record["sha256"]

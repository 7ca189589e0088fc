"""Commands on projects in odd places and odd states: each works, or says why not and leaves all as it was."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from slicelab.cli.main import app
from slicelab.data.phantoms import write_study
from slicelab.data.store.records import RunMember
from slicelab.engine.session import Session

NOBODY = 65534


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that everybody may look into, unlike those of pytest: permissions are tested in it."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def study(place: Path) -> Path:
    return write_study(
        place / "study", "abdomen", labelled=1, unlabelled=0, seed=3, shape=(64, 64, 8), spacing=(5.6, 5.6, 22.0)
    )


@pytest.fixture(scope="module")
def template(place: Path, study: Path) -> Path:
    with Session.create(place / "template", ["liver", "spleen"]) as made:
        made.import_paths([study], labels="all")
    return place / "template"


@pytest.fixture
def project(place: Path, template: Path, request: pytest.FixtureRequest) -> Path:
    return shutil.copytree(template, place / request.node.name)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def writing_commands(project: Path, study: Path) -> list[list[object]]:
    return [
        ["import", project, study],
        ["label", project, "phantom_01", "--from", study / "labelsTr" / "phantom_01.nii.gz"],
        ["pretrain", project, "--method", "blocks", "--steps", 1],
        ["finetune", project, "--init", "random", "--steps", 1],
        ["predict", project, "--run", "r0001"],
    ]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def assert_refused(project: Path, study: Path, words: str) -> None:
    """Every command that writes says so in words and changes nothing."""
    before = content(project)
    for command in writing_commands(project, study):
        shown = run(*command)
        assert shown.exit_code == 1, (command, shown.output)
        assert words in shown.stderr, (command, shown.stderr)
        assert content(project) == before, command


@contextmanager
def reading_only(folder: Path) -> Iterator[None]:
    """Nobody may write to the folder, whoever runs the tests."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_a_folder_that_may_only_be_read_is_listed_and_exported_but_not_changed(
    project: Path, study: Path, place: Path
) -> None:
    out = place / "out for everybody"
    out.mkdir()
    out.chmod(0o777)
    with reading_only(project):
        assert json.loads(run("cases", project, "--json").stdout)["cases"][0]["done"] == 8
        assert run("runs", project).exit_code == 0
        assert run("export", project, out, "--labels").exit_code == 0
        assert_refused(project, study, "cannot be written to")
        assert run("new", project / "inside", "--classes", "liver").exit_code == 1
        assert run("export", project, project / "out", "--labels").exit_code == 1


def test_while_one_command_writes_others_are_told_who_and_may_look(project: Path, study: Path) -> None:
    with Session.open(project):
        assert_refused(project, study, f"process {os.getpid()}")
        assert run("cases", project).exit_code == 0
        assert run("runs", project).exit_code == 0
    assert run("label", project, "phantom_01", "--from", study / "labelsTr" / "phantom_01.nii.gz").exit_code == 0


def test_a_project_of_a_newer_slicelab_can_be_looked_at_and_says_why_not_more(project: Path, study: Path) -> None:
    with closing(sqlite3.connect(project / "project.db")) as database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {version + 1}")
        database.commit()
    assert run("cases", project).exit_code == 0
    assert_refused(project, study, "newer slicelab")


def test_a_run_whose_process_vanished_is_not_shown_as_running(project: Path) -> None:
    with Session.open(project) as session:
        case = session.cases()[0].id
        session._store.start_run("pretrain", "fast", None, "blocks", [RunMember(case, "pool", 8)]).result()
    (listed,) = json.loads(run("runs", project, "--json").stdout)["runs"]
    assert listed["status"] == "failed"


@pytest.mark.parametrize("name", ["with space", "Ünïcödé 漢字", "percent%20 #? &", "n" * 200, "-dash", "quote'\""])
def test_any_name_of_a_folder_works(name: str, place: Path, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = place / f"names {len(name)}{name[0]}"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert run("new", "--classes", "liver", "--", name).exit_code == 0
    volume = shutil.copy(study / "imagesTr" / "phantom_01.nii.gz", f"{name}.nii.gz")
    assert run("import", "--", name, volume).exit_code == 0
    mask = study / "labelsTr" / "phantom_01.nii.gz"
    assert run("label", "--from", mask, "--slices", "4", "--", name, name).exit_code == 0
    assert run("export", "--labels", "--", name, "out").exit_code == 0
    assert (inside / "out" / f"{name}.nii.gz").is_file() or "?" in name or '"' in name
    assert json.loads(run("cases", "--json", "--", name).stdout)["cases"][0]["done"] == 1

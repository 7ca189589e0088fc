"""A project's folder: made whole or not at all, opened only if it is ours, whole and known."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from store_kit import GRID, add_case, new_project, sql, staged_image, stroke

from slicelab.core.choices import Choice
from slicelab.core.errors import ProjectVersionError, ReadOnlyProjectError, SlicelabError, StorageError
from slicelab.core.labels import make_classes
from slicelab.data.store import NewImage, ProjectStore, connection, schema

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = make_classes(["liver"])
NEWEST = schema.newest(schema.MIGRATIONS)


def test_new_project_has_its_folders_its_classes_and_one_reader(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        assert {p.name for p in store.folder.iterdir() if p.is_dir()} == {"volumes", "runs", "predictions", "pool"}
        assert store.name == "study"
        assert [(c.value, c.name) for c in store.classes()] == [(1, "liver"), (2, "spleen")]
        assert [(r.id, r.name) for r in store.readers()] == [(1, "Reader 1")]
        assert sql(store, "PRAGMA journal_mode") == [("delete",)]
        assert sql(store, "PRAGMA user_version") == [(NEWEST,)]


@pytest.mark.parametrize("name", ["with space", "Prüfung Ä ß 日本", "50%?#&", "x" * 200])
def test_any_folder_name_works(tmp_path: Path, name: str) -> None:
    with new_project(tmp_path / name) as store:
        add_case(store)
    with ProjectStore.open(tmp_path / name, read_only=True) as store:
        assert len(store.cases()) == 1


def test_folder_that_is_not_empty_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SlicelabError, match="not empty"):
        ProjectStore.create(tmp_path, "study", CLASSES)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_file_in_the_projects_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study").write_text("mine")
    with pytest.raises(SlicelabError, match="file of this name"):
        ProjectStore.create(tmp_path / "study", "study", CLASSES)


def test_place_that_cannot_be_written_gives_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="could not be made"):
        ProjectStore.create(tmp_path / "file" / "study", "study", CLASSES)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind the superuser")
def test_read_only_folder_gives_a_storage_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="could not be made"):
        ProjectStore.create(tmp_path / "study", "study", CLASSES)


@pytest.mark.parametrize("existing", [False, True])
def test_failed_create_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: bool) -> None:
    broken = schema.Migration(1, (*schema.MIGRATIONS[0].statements, "CREATE TABLE nonsense"), readable_by=1)
    monkeypatch.setattr(schema, "MIGRATIONS", (broken,))
    folder = tmp_path / "parent" / "study"
    if existing:
        folder.mkdir(parents=True)
    with pytest.raises(StorageError):
        ProjectStore.create(folder, "study", CLASSES)
    assert list(folder.iterdir() if existing else tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"not a database at all" * 100])
def test_folder_without_our_database_is_not_a_project(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "project.db").write_bytes(content)
    with pytest.raises(SlicelabError, match="not a slicelab project"):
        ProjectStore.open(tmp_path)
    assert not (tmp_path / "project.lock").exists()


def test_database_of_another_program_is_refused_and_untouched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "project.db")) as other:
        other.execute("CREATE TABLE things (a)")
    before = (tmp_path / "project.db").read_bytes()
    with pytest.raises(SlicelabError, match="not a slicelab project"):
        ProjectStore.open(tmp_path)
    assert (tmp_path / "project.db").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["project.db"]


@pytest.mark.parametrize("damage", ["overwritten", "truncated"])
def test_damaged_database_gives_a_plain_error_and_is_left_as_it_is(tmp_path: Path, damage: str) -> None:
    with new_project(tmp_path / "study") as store:
        case_id = add_case(store)
        for value in range(30):
            store.save_edit(case_id, 1, "brush", [stroke(value % 6, value)])
    path = tmp_path / "study" / "project.db"
    content = bytearray(path.read_bytes())
    content[4096:20000] = np.random.default_rng(0).bytes(20000 - 4096)
    path.write_bytes(content if damage == "overwritten" else content[: len(content) // 2])
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StorageError, match="damaged"):
            ProjectStore.open(tmp_path / "study", read_only=read_only)
    assert path.read_bytes() == before
    assert not (tmp_path / "study" / "project.lock").exists()


def make_older(folder: Path) -> None:
    """The project as the first version left it."""
    with closing(sqlite3.connect(folder / "project.db")) as older:
        for table in ("corrections", "predictions_seen", "sequences", "suggestions_followed", "choices"):
            older.execute(f"DROP TABLE {table}")
        older.execute("DROP TABLE metrics")
        older.execute(next(one for one in schema.MIGRATIONS[0].statements if "TABLE metrics" in one))
        older.execute(
            "INSERT INTO runs (id, kind, created, status, preset) VALUES ('r0001', 'finetune', 1, 'finished', '')"
        )
        older.execute("INSERT INTO metrics VALUES ('r0001', 'c0001', 1, 0.5, 0, 0, 9, 9, 3, 3, 0, 0, 'project', 2)")
        older.execute("INSERT INTO readers (name) VALUES ('CD')")
        older.execute("PRAGMA user_version = 1")
        older.commit()


def test_older_project_is_brought_forward_and_a_copy_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_project(tmp_path / "study") as store:
        case_id = add_case(store)
        store.save_edit(case_id, 1, "brush", [stroke(0, 7)])
    next_one = schema.Migration(NEWEST + 1, ("ALTER TABLE cases ADD COLUMN colour TEXT",), readable_by=1)
    last = schema.Migration(NEWEST + 2, ("UPDATE cases SET colour = 'blue'",), readable_by=1)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, next_one, last))
    with ProjectStore.open(tmp_path / "study") as store:
        assert sql(store, "PRAGMA user_version") == [(NEWEST + 2,)]
        assert sql(store, "SELECT colour FROM cases") == [("blue",)]
        assert store.slice_label(case_id, 0, 1) is not None
    with closing(sqlite3.connect(tmp_path / "study" / f"project.db.v{NEWEST}-backup")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (NEWEST,)
        assert copy.execute("SELECT count(*) FROM slice_labels").fetchone() == (1,)


def test_a_project_of_the_first_version_is_read_as_it_is_and_brought_forward_when_it_is_written(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        case_id = add_case(store)
        store.save_edit(case_id, 1, "brush", [stroke(0, 7)])
    make_older(tmp_path / "study")
    before = (tmp_path / "study" / "project.db").read_bytes()
    with ProjectStore.open(tmp_path / "study", read_only=True) as store:
        assert store.slice_label(case_id, 0, 1) is not None
        assert store.corrections(1) == ()
        assert store.predictions_seen(case_id, 1) == frozenset()
        assert store.sequences() == ()
        assert store.suggestions_followed(case_id, 1) == {}
        assert store.chosen(1) == ()
        assert [(one.run_id, one.dice, one.reader_id) for one in store.metrics("r0001")] == [("r0001", 0.5, 1)]
    assert (tmp_path / "study" / "project.db").read_bytes() == before
    with ProjectStore.open(tmp_path / "study") as store:
        assert sql(store, "PRAGMA user_version") == [(NEWEST,)]
        assert [(one.dice, one.at, one.reader_id) for one in store.metrics()] == [(0.5, 2.0, 1)]
        model = store.start_run("finetune", "fast").result().id
        store.add_predictions_seen(case_id, 1, [0, 2], model).result()
        assert store.predictions_seen(case_id, 1) == {0, 2}
        store.follow_suggestion(case_id, 1, 2, Choice.NEXT, "gap").result()
        store.add_choices(store.save_edit(case_id, 1, "done", [stroke(2, 7)]), [2], {2: (Choice.NEXT, "gap")}).result()
        assert [(one.slice, one.choice) for one in store.chosen(1)] == [(2, Choice.NEXT)]
        assert store.slice_label(case_id, 0, 1) is not None
    assert (tmp_path / "study" / "project.db.v1-backup").is_file()


def test_failed_migration_leaves_the_old_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_project(tmp_path / "study").close()
    statements = ("ALTER TABLE cases ADD COLUMN colour TEXT", "INSERT INTO nowhere VALUES (1)")
    broken = schema.Migration(NEWEST + 1, statements, 1)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(StorageError, match="could not be brought forward"):
            ProjectStore.open(tmp_path / "study")
    with ProjectStore.open(tmp_path / "study") as store:
        assert sql(store, "PRAGMA user_version") == [(NEWEST,)]
        assert "colour" not in str(sql(store, "SELECT sql FROM sqlite_master WHERE name = 'cases'"))


def make_newer(folder: Path, readable_by: int) -> None:
    with closing(sqlite3.connect(folder / "project.db")) as newer:
        newer.execute("PRAGMA user_version = 9")
        newer.execute("UPDATE meta SET value = ? WHERE key = 'readable_by'", (str(readable_by),))
        newer.commit()


def test_newer_project_opens_for_reading_and_says_why(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        case_id = add_case(store)
    make_newer(tmp_path / "study", readable_by=1)
    with ProjectStore.open(tmp_path / "study") as store:
        assert store.read_only
        assert store.notice is not None
        assert "newer slicelab" in store.notice
        assert store.case(case_id).name == "first"
        with pytest.raises(ReadOnlyProjectError):
            store.add_reader("Reader 2")
        assert not (tmp_path / "study" / "project.lock").exists()


def test_project_too_new_to_be_read_is_refused(tmp_path: Path) -> None:
    new_project(tmp_path / "study").close()
    make_newer(tmp_path / "study", readable_by=9)
    with pytest.raises(ProjectVersionError, match="newer slicelab"):
        ProjectStore.open(tmp_path / "study")


def test_older_project_cannot_be_read_without_bringing_it_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_project(tmp_path / "study").close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, schema.Migration(NEWEST + 1, (), 1)))
    with pytest.raises(ProjectVersionError, match="older slicelab"):
        ProjectStore.open(tmp_path / "study", read_only=True)


def test_reading_only_changes_no_file_and_refuses_changes(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        add_case(store)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    with ProjectStore.open(tmp_path / "study", read_only=True) as store:
        assert store.read_only
        assert store.notice is None
        assert len(store.cases()) == 1
        with pytest.raises(ReadOnlyProjectError, match="reading only"):
            store.remove_case("c0001")
        with pytest.raises(ReadOnlyProjectError):
            store.staging_path()
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


_DIE_IN_A_COMMIT = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
for k in range(400):
    connection.execute("INSERT INTO meta VALUES (?, ?)", (f"k{k}", "x" * 2000))
os._exit(9)
"""


def leave_half_a_commit(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", _DIE_IN_A_COMMIT, str(folder / "project.db")], check=False, timeout=60)
    assert (folder / "project.db-journal").stat().st_size > 0


def test_half_a_commit_is_rolled_back_on_opening(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        add_case(store)
    leave_half_a_commit(tmp_path / "study")
    with ProjectStore.open(tmp_path / "study") as store:
        assert len(store.cases()) == 1
        assert sql(store, "SELECT count(*) FROM meta WHERE key LIKE 'k%'") == [(0,)]


def test_half_a_commit_is_explained_where_only_reading_is_wanted(tmp_path: Path) -> None:
    new_project(tmp_path / "study").close()
    leave_half_a_commit(tmp_path / "study")
    with pytest.raises(StorageError, match="not closed properly"):
        ProjectStore.open(tmp_path / "study", read_only=True)


def test_closing_twice_is_fine_and_a_closed_store_refuses(tmp_path: Path) -> None:
    store = new_project(tmp_path / "study")
    store.close()
    store.close()
    with pytest.raises(StorageError, match="closed"):
        store.cases()
    with pytest.raises(StorageError, match="closed"):
        store.add_reader("Reader 2")


def test_store_that_is_forgotten_saves_and_lets_go(tmp_path: Path) -> None:
    store = new_project(tmp_path / "study")
    future = store.add_reader("Reader 2")
    del store
    assert future.result(10).id == 2
    with ProjectStore.open(tmp_path / "study") as store:
        assert len(store.readers()) == 2


def test_what_an_interrupted_import_left_is_removed_on_opening(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        case_id = add_case(store)
        store.staging_path().write_bytes(b"half")
        (store.folder / "volumes" / ".slicelab-abc.tmp.nii").write_bytes(b"half")
    with ProjectStore.open(tmp_path / "study") as store:
        assert [p.name for p in (store.folder / "volumes").iterdir()] == [f"{case_id}.nii"]


def test_case_is_added_with_its_files_or_not_at_all(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        first, second = staged_image(store), staged_image(store, role="t1", content=b"other")
        case = store.add_case("A", None, [first, second]).result(10)
        primary, other = store.images(case.id)
        assert (primary.role, primary.path) == ("primary", "volumes/c0001.nii")
        assert (store.folder / other.path).read_bytes() == b"other"
        assert not first.staged.exists()

        kept = staged_image(store)
        gone = NewImage(tmp_path / "nowhere.nii", GRID, GRID, "", "", "nifti", "", role="t1")
        with pytest.raises(SlicelabError, match="no longer there"):
            store.add_case("B", None, [kept, gone]).result(10)
        with pytest.raises(sqlite3.IntegrityError):
            store.add_case("B", None, [kept, staged_image(store)]).result(10)  # two primary images
        assert kept.staged.exists()
        assert not (store.folder / "volumes" / "c0002.nii").exists()
        assert [c.name for c in store.cases()] == ["A"]
        assert store.add_case("B", None, [kept]).result(10).id == "c0002"


def test_geometry_comes_back_exactly(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    native = type(GRID)((5, 6, 7), np.vstack([rng.normal(size=(3, 4)) * 3, [0, 0, 0, 1]]), 1)
    with new_project(tmp_path / "study") as store:
        path = store.staging_path()
        path.write_bytes(b"")
        new = NewImage(path, native.canonical(), native, "", "", "dicom", "", notes=("tilted", "gap"))
        case = store.add_case("A", None, [new]).result(10)
    with ProjectStore.open(store.folder) as store:
        (image,) = store.images(case.id)
    assert np.array_equal(image.native_geometry.affine, native.affine)
    assert np.array_equal(image.geometry.affine, native.canonical().affine)
    assert image.native_geometry.shape == native.shape
    assert image.geometry.acquisition_axis == native.canonical().acquisition_axis
    assert image.notes == ("tilted", "gap")


def test_project_in_another_ones_place_is_not_written_to(tmp_path: Path) -> None:
    new_project(tmp_path / "a").close()
    new_project(tmp_path / "b").close()
    with ProjectStore.open(tmp_path / "a") as store:
        connect = store._writer._connect
        shutil.copy(tmp_path / "b" / "project.db", tmp_path / "a" / "project.db")
        with pytest.raises(StorageError, match="Another project"):
            connect()
        assert connection.read_header(store.folder).version == NEWEST

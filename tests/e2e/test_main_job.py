"""The main job by the command line, on files full of patients' names: what it answers and what it never tells."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
from dicom_kit import dicom_series
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.data.phantoms import write_study

CLASSES = ("liver", "right kidney", "left kidney", "spleen")
IN_DICOM = {
    "PatientName": "Zacharias^Quirin", "PatientID": "PID-83621", "PatientBirthDate": "19310417",
    "PatientBirthTime": "041733", "PatientAddress": "Fliederweg 77", "PatientTelephoneNumbers": "0555-918273",
    "PatientMotherBirthName": "Vandermeulen", "PatientComments": "comment-40021", "OtherPatientNames": "Quirinus",
    "EthnicGroup": "ethnic-3301", "Occupation": "lamp lighter", "MilitaryRank": "vice-admiral",
    "AdditionalPatientHistory": "history-55120", "ReferringPhysicianName": "Dr^Abernathy",
    "PerformingPhysicianName": "Dr^Bellweather", "OperatorsName": "Op^Castellane", "InstitutionName": "St. Elsewhere",
    "InstitutionAddress": "Harbour Road 5", "StationName": "MRSTATION9", "DeviceSerialNumber": "SER-60718",
    "AccessionNumber": "ACC-27182", "StudyID": "ST-31415", "StudyDescription": "knee of the mayor",
    "StudyDate": "19870623", "StudyTime": "113355", "ProtocolName": "protocol-77001", "ImageComments": "img-90210",
    "RequestedProcedureDescription": "procedure-1618", "PrivateNote": "private-14142",
}  # fmt: skip
IN_NIFTI = {
    "descrip": b"descrip Ottilie",
    "aux_file": b"aux Ottokar",
    "db_name": b"db Odile",
    "intent_name": b"Ophelia",
}
IN_NRRD = {"PatientsName": "Nathanael", "PatientsBirthday": "1948-02-29"}
IN_HEADERS = (
    *IN_DICOM.values(), *(value.decode() for value in IN_NIFTI.values()), "extension Olga", *IN_NRRD.values(),
)  # fmt: skip
IN_FILE_NAMES = ("Mustermann", "1964-08-12", "Winterbottom", "Ward 7b")
NIFTI_CASE, DICOM_CASE, NRRD_CASE, MHA_CASE = "Mustermann Erika 1964-08-12", "t2", "nrrd Winterbottom", "mha"
SMALL = ("--set", "network.channels=8,8,16,16,16", "--set", "network.bottleneck=16", "--set", "pool.matrix=64")
GUARD = """
import atexit, os, sys

def note(text):
    with open(os.environ["SLICELAB_TEST_NETWORK_LOG"], "a") as log:
        log.write(text + "\\n")

def watch(event, arguments):
    if event in {"socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}:
        # urllib3, which a library imports, looks whether the machine speaks IPv6: bound, never listening, closed.
        if event != "socket.bind" or sys._getframe(1).f_code.co_name != "_has_ipv6":
            note(f"network: {event} in {sys.argv}")

def sockets():
    found = set()
    for number in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        try:
            found.add(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:  # the one that the list itself was read by
            continue
    return {place for place in found if place.startswith("socket:")}

def look_for_open_sockets():
    if sockets() - inherited:
        note(f"network: an open socket in {sys.argv}")

inherited = sockets()
note(f"started: {' '.join(sys.orig_argv)}")
sys.addaudithook(watch)
atexit.register(look_for_open_sockets)
"""


@dataclass
class Network:
    """Notes what a process of these tests does with sockets.

    Attributes:
        log: where all processes write.
        watching: whether this process is being watched now.

    """

    log: Path
    watching: bool = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's audit hook; it cannot be taken out again, only told to sleep."""
        if self.watching and event in {"socket.bind", "socket.connect", "socket.sendto", "socket.getaddrinfo"}:
            with self.log.open("a") as log:
                log.write(f"network: {event} in this process\n")


@dataclass
class Job:
    """The main job, done.

    Attributes:
        project: its project.
        out: the exported masks.
        sources: where the files came from.
        log: what the network guard noted.
        answers: per command, its answer.
        said: all that was printed.

    """

    project: Path
    out: Path
    sources: Path
    log: Path
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: str = ""

    def run(self, command: str, *words: object) -> dict[str, Any]:
        """Run a command with --json and keep its answer."""
        shown = CliRunner().invoke(app, [command, str(self.project), *map(str, words), "--json"])
        assert shown.exit_code == 0, (command, shown.output)
        self.said += shown.output
        self.answers[command] = json.loads(shown.stdout)
        return self.answers[command]


def planted(folder: Path) -> Path:
    """Four phantoms as a DICOM series, NIfTI, NRRD and MHA that tell whose they are, and their masks in ``masks``."""
    study = write_study(
        folder / "study", "abdomen", labelled=4, unlabelled=0, seed=3, shape=(64, 64, 8), spacing=(5.6, 5.6, 22.0)
    )
    images = [study / "imagesTr" / f"phantom_0{k}.nii.gz" for k in (1, 2, 3, 4)]
    sources = folder / "sources"
    dicom_series(sources / "Ward 7b", sitk.Cast(sitk.ReadImage(str(images[0])), sitk.sitkInt16), **IN_DICOM)
    nifti = nib.load(images[1])
    for name, value in IN_NIFTI.items():
        nifti.header[name] = value
    nifti.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"extension Olga"))
    nib.save(nifti, sources / f"{NIFTI_CASE}.nii.gz")
    nrrd = sitk.ReadImage(str(images[2]))
    for name, value in IN_NRRD.items():
        nrrd.SetMetaData(name, value)
    sitk.WriteImage(nrrd, str(sources / f"{NRRD_CASE}.nrrd"))
    sitk.WriteImage(sitk.ReadImage(str(images[3])), str(sources / f"{MHA_CASE}.mha"))
    masks = folder / "masks"
    masks.mkdir()
    for k, name in enumerate((DICOM_CASE, NIFTI_CASE, NRRD_CASE, MHA_CASE), start=1):
        shutil.copy(study / "labelsTr" / f"phantom_0{k}.nii.gz", masks / f"{name}.nii.gz")
    shutil.copy(study / "dataset.json", masks)
    return sources


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory):
    """Watches this process, and every Python process started from here."""
    place = tmp_path_factory.mktemp("guard")
    (place / "sitecustomize.py").write_text(GUARD)
    hook = Network(place / "network.log")
    sys.addaudithook(hook)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(place), os.environ.get("PYTHONPATH")))))
        patch.setenv("SLICELAB_TEST_NETWORK_LOG", str(hook.log))
        hook.watching = True
        yield hook
        hook.watching = False


def batch(kind: str) -> tuple[str, str]:
    """Two slices a step."""
    return "--set", f"{kind}.batch=2"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory, network: Network) -> Job:
    """Import, pretrain, label, finetune, predict, evaluate, export: a small network, as few steps as there can be."""
    place = tmp_path_factory.mktemp("job")
    sources, masks = planted(place), place / "masks"
    done = Job(place / "project", place / "out", sources, network.log)
    done.run("new", "--classes", ",".join(CLASSES))
    done.run("import", sources)
    done.run("pretrain", "--method", "regression", "--steps", 2, "--exclude", NRRD_CASE, *SMALL, *batch("regression"))
    done.run("label", DICOM_CASE, "--from", masks / f"{DICOM_CASE}.nii.gz", "--slices", "3,5-6")
    done.run("label", NIFTI_CASE, "--from", masks / f"{NIFTI_CASE}.nii.gz")
    done.run("finetune", "--init", done.answers["pretrain"]["run"], "--steps", 2, *batch("finetune"))
    model = done.run("predict", "--run", done.answers["finetune"]["run"])["run"]
    done.run("evaluate", "--run", model, "--against", masks)
    done.run("export", done.out, "--run", model)
    done.run("cases")
    done.run("runs")
    return done


def test_each_step_says_what_it_used(job: Job) -> None:
    assert sorted(job.answers["import"]["imported"]) == sorted((DICOM_CASE, NIFTI_CASE, NRRD_CASE, MHA_CASE))
    assert (job.answers["pretrain"]["cases"], job.answers["pretrain"]["slices"]) == (3, 24)
    assert job.answers["finetune"]["slices"] == 3 + 8
    assert job.answers["predict"]["run"] == job.answers["finetune"]["run"]
    assert len(job.answers["predict"]["cases"]) == 4
    assert [run["run"] for run in job.answers["runs"]["runs"]] == ["r0001", "r0002", "r0003"]
    assert {case["case"]: case["done"] for case in job.answers["cases"]["cases"]} == {
        DICOM_CASE: 3, NIFTI_CASE: 8, NRRD_CASE: 0, MHA_CASE: 0,
    }  # fmt: skip


def test_the_result_marks_what_was_seen_before(job: Job) -> None:
    result = job.answers["evaluate"]
    assert (result["run"], result["protocol"]) == ("r0002", "transductive")
    seen = {case["case"]: (case["trained_on"], case["in_pretraining_pool"]) for case in result["cases"]}
    assert seen == {
        DICOM_CASE: (True, True), NIFTI_CASE: (True, True), NRRD_CASE: (False, False), MHA_CASE: (False, True),
    }  # fmt: skip
    unseen = [case["classes"]["liver"]["dice"] for case in result["cases"] if not case["trained_on"]]
    assert result["mean"]["liver"]["dice"] == pytest.approx(np.mean(unseen))


def test_exported_masks_lie_on_the_files_they_came_from(job: Job) -> None:
    for name, ending in ((NIFTI_CASE, "nii.gz"), (NRRD_CASE, "nrrd"), (MHA_CASE, "mha")):
        mask, image = (sitk.ReadImage(str(f)) for f in (job.out / f"{name}.nii.gz", job.sources / f"{name}.{ending}"))
        assert mask.GetSize() == image.GetSize()
        np.testing.assert_allclose(mask.GetOrigin(), image.GetOrigin(), atol=1e-4)
        np.testing.assert_allclose(mask.GetDirection(), image.GetDirection(), atol=1e-5)


def test_the_thirty_identifiers_were_really_planted(job: Job) -> None:
    everything = b"".join(content(file) for file in job.sources.rglob("*") if file.is_file())
    assert len(IN_HEADERS) >= 30
    assert [word for word in IN_HEADERS if word.encode() not in everything] == []


def test_what_a_header_says_of_a_patient_reaches_no_answer_no_log_and_no_file(job: Job) -> None:
    files = [file for folder in (job.project, job.out) for file in folder.rglob("*") if file.is_file()]
    assert [word for word in IN_HEADERS if word in job.said] == []
    found = {(file.name, word) for file in files for word in IN_HEADERS if word.encode() in content(file)}
    assert found == set()


def test_file_names_stay_in_the_database(job: Job) -> None:
    """Cases carry the names of their files, so answers and the names of exported masks do; nothing else does."""
    files = [file for file in job.project.rglob("*") if file.is_file() and file.name != "project.db"]
    assert len(files) > 15
    words = [*(word.encode() for word in IN_FILE_NAMES), NRRD_CASE.encode(), str(job.sources).encode()]
    found = {(str(file), word) for file in files for word in words if word in content(file) + str(file.name).encode()}
    assert found == set()
    inside = {(file.name, word) for file in job.out.iterdir() for word in words if word in content(file)}
    assert inside == set()


def test_bad_input_to_a_finished_project_is_one_clear_message_and_leaves_it_as_it_was(job: Job, tmp_path: Path) -> None:
    project, bad, p = shutil.copytree(job.project, tmp_path / "project"), tmp_path / "bad", str(tmp_path / "project")
    (project / "runs" / "r0001" / "model.json").unlink()
    for folder in ("empty", "damaged", "other"):
        (bad / folder).mkdir(parents=True)
    (bad / "file").write_bytes(b"a file that is somebody's")
    good = (job.sources.parent / "masks" / f"{NIFTI_CASE}.nii.gz").read_bytes()
    (bad / "damaged" / f"{NIFTI_CASE}.nii.gz").write_bytes(good[: len(good) // 2])
    nib.save(nib.Nifti1Image(np.ones((5, 6, 7), np.uint8), np.eye(4)), bad / "other" / f"{NIFTI_CASE}.nii.gz")
    before, bad_before, out_before = fingerprint(project), fingerprint(bad), fingerprint(job.out)
    told = [
        ("no case", ["predict", p, "--run", "r0002", "--cases", "nobody"]),
        ("holds no model", ["predict", p, "--run", "r0001"]),
        ("no case has both", ["evaluate", p, "--run", "r0001"]),
        ("no case", ["evaluate", p, "--run", "r0002", "--cases", "nobody"]),
        ("does not exist", ["evaluate", p, "--run", "r0002", "--against", str(bad / "missing")]),
        ("is a file", ["evaluate", p, "--run", "r0002", "--against", str(bad / "file")]),
        ("holds no mask named", ["evaluate", p, "--run", "r0002", "--against", str(bad / "empty")]),
        ("truncated", ["evaluate", p, "--run", "r0002", "--against", str(bad / "damaged")]),
        ("5 x 6 x 7 voxels", ["evaluate", p, "--run", "r0002", "--against", str(bad / "other")]),
        ("is a file", ["export", p, str(bad / "file"), "--run", "r0002"]),
        ("is a file", ["export", p, str(bad / "file"), "--labels"]),
        ("already holds", ["export", p, str(job.out), "--run", "r0002"]),
        ("no description", ["export-model", p, "r0001", str(bad / "out")]),
        ("is a file", ["export-model", p, "r0002", str(bad / "file")]),
        ("not empty", ["export-model", p, "r0002", str(job.out)]),
        ("has finished", ["resume", p, "r0002"]),
        ("has finished", ["resume", p, "r0003"]),
    ]
    for words, command in told:
        shown = CliRunner().invoke(app, command)
        assert shown.exit_code == 1, (command, shown.output)
        assert isinstance(shown.exception, SystemExit), (command, shown.exception)
        assert words in shown.stderr, (command, shown.stderr)
        assert len(shown.stderr.strip().splitlines()) == 1, (command, shown.stderr)
        assert shown.stdout == "", command
        assert "slicelab itself" not in shown.stderr, command
        assert fingerprint(project) == before, command
    assert (fingerprint(bad), fingerprint(job.out)) == (bad_before, out_before)


def test_no_process_listens_or_connects(job: Job) -> None:
    noted = job.log.read_text().splitlines()
    started = " ".join(line for line in noted if line.startswith("started"))
    assert started.count("slicelab.worker") == 3
    assert "slicelab.data.readers.child" in started
    assert [line for line in noted if line.startswith("network")] == []


def test_the_guard_would_have_noticed(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv("SLICELAB_TEST_NETWORK_LOG", str(log))
    listen = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()"
    subprocess.run([sys.executable, "-c", listen], check=True, timeout=60)
    assert "socket.bind" in log.read_text()
    assert "open socket" in log.read_text()
    monkeypatch.setattr(network, "log", log)
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
    assert "in this process" in log.read_text()


def fingerprint(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def content(file: Path) -> bytes:
    """A file's bytes, uncompressed where it is compressed."""
    if file.suffix == ".gz":
        return gzip.decompress(file.read_bytes())
    if file.suffix == ".npz":
        with zipfile.ZipFile(file) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return file.read_bytes()

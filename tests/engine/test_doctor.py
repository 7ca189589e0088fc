import subprocess
import sys

import pytest

import slicelab
from slicelab.engine import doctor


def test_checkup_names_versions_and_finds_this_machine_usable(tmp_path):
    report = doctor.checkup(tmp_path)
    assert report.slicelab == slicelab.__version__
    assert report.packages["torch"] != "missing"
    assert [finding.name for finding in report.findings] == [
        "Machine", "Training", "OpenGL", "Disk", "Writing", "Reading",
    ]  # fmt: skip
    by_name = {finding.name: finding for finding in report.findings}
    assert by_name["Reading"].ok, by_name["Reading"].words
    assert by_name["Writing"].ok, by_name["Writing"].words
    assert list(tmp_path.iterdir()) == []


def test_checkup_asks_torch_and_qt_in_other_processes():
    code = "import sys; from slicelab.engine.doctor import device, opengl; device(); opengl(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert not {"torch", "PySide6"} & set(done.stdout.split())


def test_no_display_is_said_plainly_and_is_no_fault(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    finding = doctor.opengl()
    assert finding.ok
    assert finding.words.startswith("no display")


def test_display_that_does_not_answer_is_a_finding_and_not_a_crash(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":9999")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    finding = doctor.opengl()
    assert not finding.ok
    assert finding.remedy


@pytest.mark.window
def test_opengl_names_its_renderer():
    finding = doctor.opengl()
    assert finding.ok, finding.words


def test_missing_folder_is_a_finding_without_its_name(tmp_path):
    missing = tmp_path / "Jane Doe"
    for finding in (doctor.disk(missing), doctor.writing(missing)):
        assert not finding.ok
        assert "Jane" not in finding.words + finding.remedy


def test_child_that_prints_nonsense_counts_as_not_starting(monkeypatch):
    monkeypatch.setattr(doctor, "_TORCH_VIEW", "print('no json')")
    assert not doctor.device().ok

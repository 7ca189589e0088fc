"""A process killed while it saves loses at most what it was not yet told is saved."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TORTURE = Path(__file__).parents[2] / "torture" / "kill_while_saving.py"


def test_twenty_kills_while_saving_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, str(TORTURE), "--count", "20", "--longest", "0.4", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(done.stdout)
    assert summary["kills"] == 20
    assert summary["strokes_saved"] > 20
    assert summary["locks_taken_over"] > 0
    assert summary["strokes_lost"] == summary["cases_lost"] == summary["damaged"] == 0

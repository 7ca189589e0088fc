"""Runs in nnU-Net's own environment: plans, preprocesses, trains for some epochs, and predicts with the kept networks.

Called by ``versus_nnunet.py`` with one JSON argument. Nothing of slicelab is imported here.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints, plan_experiments, preprocess
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.paths import nnUNet_preprocessed
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer


class Timed(nnUNetTrainer):  # type: ignore[misc]  # its types are not there
    """nnU-Net's own trainer with fewer epochs, whose networks are kept at some of them while the clock stands."""

    kept: list[tuple[int, float, dict[str, Any]]]
    kept_at: frozenset[int]
    began: float

    def on_train_start(self) -> None:
        """Start the clock once loaders and folders are there."""
        super().on_train_start()
        self.kept, self.began = [], time.monotonic()

    def on_epoch_end(self) -> None:
        """Keep the network, and take the time that took out of the count."""
        super().on_epoch_end()
        done = self.current_epoch
        if done in self.kept_at:
            if self.device.type == "cuda":
                torch.cuda.synchronize()
            stopped = time.monotonic()
            state = {name: value.detach().cpu().clone() for name, value in bare(self.network).state_dict().items()}
            self.kept.append((done, stopped - self.began, state))
            self.began += time.monotonic() - stopped


def main(job: dict[str, Any]) -> None:
    """Do it, and write what happened as JSON."""
    number = int(job["dataset"][len("Dataset") :].partition("_")[0])
    began = time.monotonic()
    extract_fingerprints([number], num_processes=job["cores"])
    plans_name = plan_experiments([number])
    preprocess([number], plans_name, configurations=["2d"], num_processes=[job["cores"]])
    preprocess_s = time.monotonic() - began
    folder = Path(nnUNet_preprocessed) / job["dataset"]
    plans, dataset = (json.loads((folder / f"{name}.json").read_text()) for name in (plans_name, "dataset"))
    plans["continue_training"] = False
    trainer = Timed(
        plans=plans, configuration="2d", fold="all", dataset_json=dataset, device=torch.device(job["device"])
    )
    trainer.num_epochs, trainer.num_iterations_per_epoch = job["epochs"], job["iterations"]
    trainer.num_val_iterations_per_epoch = max(1, job["iterations"] // 5)  # its own share: 50 of 250
    trainer.disable_checkpointing = True
    looks = min(job["looks"], job["epochs"])
    trainer.kept_at = frozenset(round(job["epochs"] * (k + 1) / looks) for k in range(looks))
    trainer.run_training()
    told = {
        "version": version("nnunetv2"),
        "preprocess_s": preprocess_s,
        "batch": trainer.configuration_manager.batch_size,
        "patch": list(trainer.configuration_manager.patch_size),
        "looks": [],
    }
    for epoch, seconds, state in trainer.kept:
        told["looks"].append({"epoch": epoch, "seconds": seconds, "predict_s": predict(trainer, state, epoch, job)})
    Path(job["answer"]).write_text(json.dumps(told))


def bare(network: Any) -> Any:
    """The network itself, where torch.compile has wrapped it."""
    return getattr(network, "_orig_mod", network)


def predict(trainer: Timed, state: dict[str, Any], epoch: int, job: dict[str, Any]) -> float:
    """Segment the test cases with a kept network, as nnU-Net does by default; seconds."""
    out = Path(job["out"]) / f"epoch{epoch}"
    out.mkdir(parents=True)
    gpu = job["device"] == "cuda"
    predictor = nnUNetPredictor(
        use_mirroring=True, perform_everything_on_device=gpu, device=torch.device(job["device"]), allow_tqdm=False
    )
    network = bare(trainer.network)
    trainer.set_deep_supervision_enabled(False)
    predictor.manual_initialization(
        network, trainer.plans_manager, trainer.configuration_manager, [state], trainer.dataset_json,
        "nnUNetTrainer", trainer.inference_allowed_mirroring_axes,
    )  # fmt: skip
    images = sorted(Path(job["images"]).iterdir())
    began = time.monotonic()
    predictor.predict_from_files_sequential(
        [[str(path)] for path in images],
        [str(out / path.name.replace("_0000.nii", "")) for path in images],
        save_probabilities=False,
        overwrite=True,
    )
    trainer.set_deep_supervision_enabled(True)
    return time.monotonic() - began


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

"""Model files: weights as safetensors, beside them a JSON card that says what they are; nothing is unpickled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from slicelab.core.errors import ModelFileError
from slicelab.data.atomic import sha256_of, write_bytes
from slicelab.jobs.base import Frozen
from slicelab.jobs.settings import NetworkSettings, PoolSettings
from slicelab.jobs.specs import ClassInput
from slicelab.learn.unet import UNet, in_stages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

WEIGHTS = "weights.safetensors"
CARD = "model.json"
_CARD_LIMIT = 1_000_000
_WIDTH_LIMIT, _LEVEL_LIMIT = 4096, 8


class ModelCard(Frozen):
    """What a model file is; together with the weights all that is needed to predict a new volume."""

    format: Literal[1] = 1
    """Version of this card."""
    kind: Literal["pretrain", "finetune"]
    """Whether the head segments."""
    architecture: Literal["unet2d"] = "unet2d"
    """The network's family."""
    network: NetworkSettings
    """Its widths."""
    outputs: int
    """Channels of the head: 1 + classes after finetuning."""
    pool: PoolSettings
    """Normalisation, matrix and resolved pixel size the weights were trained on."""
    trained_stages: tuple[str, ...]
    """Stages that a finetuning may take over."""
    method: str
    """contrastive, regression, blocks or finetune."""
    preset: str
    """Name of the preset."""
    settings: dict[str, Any]
    """The settings of the run, field by field."""
    seed: int
    """Seed of the run."""
    run: str
    """Run id."""
    lineage: tuple[str, ...] = ()
    """Runs whose weights these grew from, oldest first."""
    classes: tuple[ClassInput, ...] = ()
    """Classes in the order of the head's channels after the background."""
    flip_allowed: bool = False
    """Whether a mirrored picture is true of the classes."""
    labels_sha256: str | None = None
    """Hash of the label snapshot learned from."""
    cases: tuple[str, ...] = ()
    """Cases whose images were seen."""
    steps: int = 0
    """Optimiser steps done."""
    complete: bool = True
    """False if the run was stopped before its last step."""


def save_model(folder: Path, state: Mapping[str, Tensor], card: ModelCard) -> dict[str, str]:
    """Write weights and card, each atomically, the card last.

    Returns:
        File name to SHA-256.

    """
    tensors = {name: value.detach().to("cpu", torch.float32).contiguous().clone() for name, value in state.items()}
    write_bytes(folder / WEIGHTS, save(tensors))
    write_bytes(folder / CARD, card.model_dump_json(indent=1).encode())
    return {name: sha256_of(folder / name) for name in (WEIGHTS, CARD)}


def load_card(folder: Path) -> ModelCard:
    """Read a model's card.

    Raises:
        ModelFileError: it is missing or not a card.

    """
    path = folder / CARD
    try:
        if path.stat().st_size > _CARD_LIMIT:
            raise _refused("its description is far too large")
        card = ModelCard.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise _refused("it has no description (model.json); the run may not have finished") from error
    except (OSError, ValueError, ValidationError, RecursionError) as error:
        raise _refused("its description (model.json) cannot be read") from error
    widths = (*card.network.channels, card.network.bottleneck)
    if max(widths) > _WIDTH_LIMIT or len(widths) > _LEVEL_LIMIT or not 1 <= card.outputs <= 256:
        raise _refused("it describes a network of an impossible size")
    if card.kind == "finetune" and card.outputs != 1 + len(card.classes):
        raise _refused("its number of outputs is not that of its classes")
    if card.pool.pixel_mm is None:
        raise _refused("it does not say which pixel size it was trained on")
    return card


def load_state(folder: Path, card: ModelCard) -> dict[str, Tensor]:
    """Read a model's weights; names, shapes and dtypes are checked against the card before anything is loaded.

    Raises:
        ModelFileError: the file is missing, damaged, or not the network of the card.

    """
    with torch.device("meta"):
        wanted = {name: tuple(value.shape) for name, value in UNet(card.network, card.outputs).state_dict().items()}
    try:
        with safe_open(folder / WEIGHTS, framework="pt") as file:
            names = set(file.keys())
            if names != set(wanted):
                raise _refused("its weights are not those of the network it describes")
            for name, shape in wanted.items():
                part = file.get_slice(name)
                if tuple(part.get_shape()) != shape or part.get_dtype() != "F32":
                    raise _refused("its weights have other shapes than the network it describes")
            state = {name: file.get_tensor(name) for name in wanted}
    except (OSError, SafetensorError, ValueError, RuntimeError) as error:
        raise _refused("its weights (weights.safetensors) are missing or damaged") from error
    if not all(bool(torch.isfinite(value).all()) for value in state.values()):
        raise _refused("its weights are not finite")
    return state


def transfer(model: UNet, state: Mapping[str, Tensor], card: ModelCard) -> tuple[str, ...]:
    """Copy what was taught into a new model: exactly the card's trained stages, never the head.

    Returns:
        Names of the parameters copied.

    Raises:
        ModelFileError: the card names a stage that the model or the weights do not have.

    """
    own = model.state_dict()
    for stage in card.trained_stages:
        if not any(in_stages(name, (stage,)) for name in own):
            raise _refused("it names a part of the network that does not exist")
    taken = {
        name: state[name] for name in own if in_stages(name, card.trained_stages) and not in_stages(name, ("head",))
    }
    own.update(taken)
    model.load_state_dict(own)
    return tuple(taken)


def _refused(why: str) -> ModelFileError:
    return ModelFileError(f"The model cannot be used: {why}.", "Choose another run, or train again.")

"""Model files: weights as safetensors, beside them a JSON card that says what they are; nothing is unpickled."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from slicelab.data.atomic import sha256_of, write_bytes
from slicelab.data.model_files import CARD, OTHER_MODEL, WEIGHTS, check_sum, load_card, refused
from slicelab.jobs.model_card import ModelCard
from slicelab.learn.unet import UNet, in_stages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

__all__ = ["CARD", "WEIGHTS", "ModelCard", "load_card", "load_state", "save_model", "transfer"]


def save_model(folder: Path, state: Mapping[str, Tensor], card: ModelCard) -> dict[str, str]:
    """Write weights and card, each atomically, the card last, with the weights' checksum in it.

    Returns:
        File name to SHA-256.

    """
    tensors = {name: value.detach().to("cpu", torch.float32).contiguous().clone() for name, value in state.items()}
    weights = save(tensors)
    write_bytes(folder / WEIGHTS, weights)
    card = card.model_copy(update={"weights_sha256": sha256(weights).hexdigest()})
    write_bytes(folder / CARD, card.model_dump_json(indent=1).encode())
    return {name: sha256_of(folder / name) for name in (WEIGHTS, CARD)}


def load_state(folder: Path, card: ModelCard) -> dict[str, Tensor]:
    """Read a model's weights; checksum, names, shapes and dtypes are held against the card before anything is loaded.

    Raises:
        ModelFileError: the file is missing, damaged, or not the network of the card.

    """
    check_sum(folder, card)
    with torch.device("meta"):
        wanted = {name: tuple(value.shape) for name, value in UNet(card.network, card.outputs).state_dict().items()}
    try:
        with safe_open(folder / WEIGHTS, framework="pt") as file:
            names = set(file.keys())
            if names != set(wanted):
                raise refused("its weights are not those of the network it describes")
            for name, shape in wanted.items():
                part = file.get_slice(name)
                if tuple(part.get_shape()) != shape or part.get_dtype() != "F32":
                    raise refused("its weights have other shapes than the network it describes")
            state = {name: file.get_tensor(name) for name in wanted}
    except (OSError, SafetensorError, ValueError, RuntimeError) as error:
        raise refused("its weights (weights.safetensors) are missing or damaged", OTHER_MODEL) from error
    if not all(bool(torch.isfinite(value).all()) for value in state.values()):
        raise refused("its weights are not finite")
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
            raise refused("it names a part of the network that does not exist")
    taken = {
        name: state[name] for name in own if in_stages(name, card.trained_stages) and not in_stages(name, ("head",))
    }
    own.update(taken)
    model.load_state_dict(own)
    return tuple(taken)

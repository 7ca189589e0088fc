"""Model files: a folder with a JSON card and weights as safetensors; nothing is unpickled, nothing in it is run."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from pydantic import ValidationError

from slicelab.core.errors import ModelFileError, StorageError
from slicelab.data.atomic import replace_from_temp, sha256_of
from slicelab.jobs.model_card import ModelCard

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = "weights.safetensors"
CARD = "model.json"
_CARD_LIMIT = 1_000_000
_HEADER_LIMIT = 10_000_000
OTHER_MODEL = "Choose another model, or train again; if it was copied from elsewhere, copy it again."
"""What to do about files that are not what they were."""
_FORMAT = 1


def load_card(folder: Path) -> ModelCard:
    """Read a model's card.

    Raises:
        ModelFileError: it is missing, not a card, or describes what cannot be.

    """
    path = folder / CARD
    try:
        if path.exists() and not path.is_file():
            raise _incomplete("its description (model.json) is not a file")
        if path.stat().st_size > _CARD_LIMIT:
            raise refused("its description is far too large", OTHER_MODEL)
        said = json.loads(path.read_text("utf-8"))
        if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > _FORMAT:
            raise refused("a newer slicelab made it", "Update slicelab.")
        return ModelCard.model_validate(said)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _incomplete("it has no description (model.json); the run may not have finished") from error
    except ValidationError as error:
        raise refused(f"its description (model.json) is not one: {_first(error)}", OTHER_MODEL) from error
    except (OSError, ValueError, RecursionError) as error:
        raise refused("its description (model.json) cannot be read", OTHER_MODEL) from error


def check_weights(folder: Path) -> None:
    """See from its header whether a file of weights can be one, before anything else is done with the model.

    The job that loads it checks names, shapes and values against the card as well.

    Raises:
        ModelFileError: it is missing, cut short, or of another kind, such as a pickle.

    """
    path = folder / WEIGHTS
    damaged = refused("its weights (weights.safetensors) are damaged, or no weights", OTHER_MODEL)
    try:
        if not path.is_file():
            raise _incomplete("its weights (weights.safetensors) are missing")
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > min(size - 8, _HEADER_LIMIT):
                raise damaged
            tensors = json.loads(file.read(length))
        ends = [entry["data_offsets"][1] for name, entry in tensors.items() if name != "__metadata__"]
        if 8 + length + max(ends) != size:
            raise damaged
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise damaged from error


def check_sum(folder: Path, card: ModelCard) -> None:
    """Hold a file of weights against the checksum in the card beside it; a card of before it was noted has none.

    Raises:
        ModelFileError: the file is missing, or is not the one the card was written for.

    """
    if card.weights_sha256 is None:
        return
    try:
        found = sha256_of(folder / WEIGHTS)
    except OSError as error:
        raise _incomplete("its weights (weights.safetensors) are missing or cannot be read") from error
    if found != card.weights_sha256:
        raise refused(
            "its weights (weights.safetensors) have changed since it was made: they do not match the checksum in "
            "model.json",
            OTHER_MODEL,
        )


def model_folder(path: Path) -> Path:
    """The folder of a model given as that folder, or as one of the two files in it.

    Raises:
        ModelFileError: there is nothing.

    """
    if path.is_dir():
        return path
    if path.is_file() and path.name in (CARD, WEIGHTS):
        return path.parent
    raise ModelFileError("There is no model at the place given.", f"Name the folder that holds {CARD} and {WEIGHTS}.")


def copy_model(source: Path, target: Path) -> None:
    """Copy card and weights, and nothing else of a run's folder; the card last, each whole or not at all.

    Raises:
        ModelFileError: the source is not a model.
        StorageError: the target cannot be written.

    """
    card = load_card(source)
    check_weights(source)
    check_sum(source, card)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in (WEIGHTS, CARD):
            with replace_from_temp(target / name) as temp:
                shutil.copyfile(source / name, temp)
    except OSError as error:
        raise StorageError("The model could not be copied.", "Check the folder and the space on the disk.") from error


def refused(why: str, remedy: str = "Choose another run, or train again.") -> ModelFileError:
    """The error for a model that cannot be used.

    Args:
        why: in words that follow a colon.
        remedy: what to do about just that.

    """
    return ModelFileError(f"The model cannot be used: {why}.", remedy)


def _incomplete(why: str) -> ModelFileError:
    return ModelFileError(
        f"The model cannot be used: {why}.",
        f"Choose another model, or train again; the folder of a model holds {CARD} and {WEIGHTS}.",
        typed="`slicelab export-model` writes such a folder, and PROJECT/runs/RUN of a finetuning is one.",
    )


def _first(error: ValidationError) -> str:
    """Where a card is wrong, without the words in it: they come from outside."""
    place = ".".join(str(part) for part in error.errors()[0]["loc"] if isinstance(part, int) or part.isidentifier())
    return f"{place[:80]} is wrong" if place else error.errors()[0]["msg"].removeprefix("Value error, ")

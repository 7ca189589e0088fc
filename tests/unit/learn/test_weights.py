"""Model files: exactly what was taught is transferred, and a hostile file is refused."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING

import pytest
import torch
from learn_kit import POOL, SMALL
from safetensors.torch import save

from slicelab.core.errors import ModelFileError
from slicelab.data.atomic import sha256_of
from slicelab.data.model_files import copy_model
from slicelab.jobs.settings import ContrastiveSettings, NetworkSettings
from slicelab.learn.contrastive import trained_stages
from slicelab.learn.masked import TRAINED_STAGES
from slicelab.learn.unet import UNet, in_stages
from slicelab.learn.weights import CARD, WEIGHTS, ModelCard, load_card, load_state, save_model, transfer

if TYPE_CHECKING:
    from pathlib import Path


def a_card(stages: tuple[str, ...] = TRAINED_STAGES) -> ModelCard:
    return ModelCard(
        kind="pretrain", network=SMALL, outputs=1, pool=POOL, trained_stages=stages, method="blocks", preset="fast",
        settings={}, seed=0, run="r0001",
    )  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, UNet]:
    torch.manual_seed(0)
    model = UNet(SMALL, 1)
    save_model(tmp_path, model.state_dict(), a_card())
    return tmp_path, model


def test_a_saved_model_comes_back_bit_by_bit(saved: tuple[Path, UNet]) -> None:
    folder, model = saved
    card = load_card(folder)
    state = load_state(folder, card)
    assert card == a_card().model_copy(update={"weights_sha256": sha256_of(folder / WEIGHTS)})
    assert all(torch.equal(state[name], value) for name, value in model.state_dict().items())


@pytest.mark.parametrize(
    ("stages", "left_out"),
    [
        (TRAINED_STAGES, ("head",)),
        (trained_stages(ContrastiveSettings(), SMALL), ("decoder.level2", "decoder.level1", "head")),
        (("encoder", "bottleneck"), ("decoder", "head")),
        (("encoder", "bottleneck", "decoder", "head"), ("head",)),
    ],
)
@pytest.mark.parametrize("outputs", [1, 4])
def test_exactly_what_was_taught_is_transferred(
    stages: tuple[str, ...], left_out: tuple[str, ...], outputs: int
) -> None:
    """Never the head, whatever the card says and even where it would fit."""
    torch.manual_seed(1)
    source, target = UNet(SMALL, 1), UNet(SMALL, outputs)
    with torch.no_grad():
        for p in source.parameters():  # norms begin alike: nothing may be equal by accident
            p.add_(torch.randn_like(p))
    before = {name: value.clone() for name, value in target.state_dict().items()}
    transfer(target, source.state_dict(), a_card(stages))
    for name, value in target.state_dict().items():
        if in_stages(name, left_out):
            assert torch.equal(value, before[name]), name
        else:
            assert torch.equal(value, source.state_dict()[name]), name


def test_contrastive_teaches_the_encoder_and_three_decoder_levels() -> None:
    assert trained_stages(ContrastiveSettings(), NetworkSettings()) == (
        "encoder", "bottleneck", "decoder.level5", "decoder.level4", "decoder.level3",
    )  # fmt: skip


def test_a_card_that_names_a_stage_that_is_not_there_is_refused(saved: tuple[Path, UNet]) -> None:
    _, model = saved
    with pytest.raises(ModelFileError):
        transfer(UNet(SMALL, 2), model.state_dict(), a_card(("encoder", "decoder.level9")))


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('code ran')",))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("pickle", "missing or damaged"),
        ("empty", "missing or damaged"),
        ("cut", "missing or damaged"),
        ("huge header", "missing or damaged"),
        ("other network", "other shapes than the network"),
        ("other dtype", "other shapes than the network"),
        ("one tensor more", "not those of the network"),
        ("one tensor less", "not those of the network"),
        ("nan", "not finite"),
    ],
)
def test_hostile_or_damaged_weights_are_refused_and_no_code_runs(saved: tuple[Path, UNet], what: str, why: str) -> None:
    """By their checksum, and by what they hold where the checksum is theirs."""
    folder, model = saved
    path = folder / WEIGHTS
    whole = path.read_bytes()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    if what == "nan":
        state["head.bias"][0] = float("nan")
    data = {
        "pickle": pickle.dumps(Bomb()),
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "huge header": (2**62).to_bytes(8, "little") + b"{}",
        "other network": save(UNet(SMALL, 2).state_dict()),
        "one tensor more": save({**state, "more": torch.zeros(1)}),
        "one tensor less": save({name: value for name, value in state.items() if name != "head.bias"}),
        "other dtype": save({name: value.half() for name, value in state.items()}),
        "nan": save(state),
    }[what]
    path.write_bytes(data)
    card = load_card(folder)
    with pytest.raises(ModelFileError, match="do not match the checksum"):
        load_state(folder, card)
    for checksum in (sha256_of(path), None):  # who makes a hostile file also writes the card beside it, or an old one
        with pytest.raises(ModelFileError, match=why):
            load_state(folder, card.model_copy(update={"weights_sha256": checksum}))


@pytest.mark.parametrize(
    "change",
    [
        {"network": {"channels": [10**9] * 5, "bottleneck": 16, "channels_per_group": 8}},
        {"network": {"channels": [8] * 60, "bottleneck": 16, "channels_per_group": 8}},
        {"outputs": 10**9},
        {"kind": "finetune", "outputs": 3},
        {"pool": {"pixel_mm": None}},
        {"surprise": 1},
        {"format": 2},
    ],
)
def test_a_card_that_asks_for_the_impossible_is_refused(saved: tuple[Path, UNet], change: dict[str, object]) -> None:
    folder, _ = saved
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **change}))
    with pytest.raises(ModelFileError):
        load_card(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000])
def test_a_card_that_is_no_card_is_refused(saved: tuple[Path, UNet], text: str) -> None:
    folder, _ = saved
    (folder / CARD).write_text(text)
    with pytest.raises(ModelFileError):
        load_card(folder)


def test_a_run_without_a_model_is_refused_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="may not have finished"):
        load_card(tmp_path)


def test_the_network_keeps_no_statistics_that_a_transfer_could_forget() -> None:
    """No running means as of batch norm: what is learned is in the parameters, and all of these have a stage."""
    model = UNet(NetworkSettings(), 3)
    assert not list(model.buffers())
    assert set(model.state_dict()) == {name for name, _ in model.named_parameters()}


def test_a_transfer_tells_exactly_what_it_copied() -> None:
    source, target = UNet(SMALL, 1), UNet(SMALL, 4)
    copied = transfer(target, source.state_dict(), a_card(("encoder", "decoder.level5")))
    assert set(copied) == {
        name for name in source.state_dict() if name.startswith(("encoder.", "decoder.level5."))
    }  # fmt: skip


def test_weights_that_changed_since_they_were_saved_are_refused_by_their_checksum(saved: tuple[Path, UNet]) -> None:
    """A single bit, which leaves a file of weights that could be one."""
    folder, _ = saved
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[-2] ^= 1
    (folder / WEIGHTS).write_bytes(data)
    card = load_card(folder)
    with pytest.raises(ModelFileError, match="do not match the checksum") as refused:
        load_state(folder, card)
    assert refused.value.remedy.startswith("Choose another model, or train again")
    with pytest.raises(ModelFileError, match="do not match the checksum"):
        copy_model(folder, folder / "copy")


def test_a_model_of_before_checksums_still_loads(saved: tuple[Path, UNet], tmp_path: Path) -> None:
    folder, model = saved
    said = json.loads((folder / CARD).read_text())
    del said["weights_sha256"]
    (folder / CARD).write_text(json.dumps(said))
    card = load_card(folder)
    assert card.weights_sha256 is None
    state = load_state(folder, card)
    assert all(torch.equal(state[name], value) for name, value in model.state_dict().items())
    copy_model(folder, tmp_path / "copy")


def test_a_model_of_a_newer_slicelab_asks_for_that(saved: tuple[Path, UNet]) -> None:
    folder, _ = saved
    said = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**said, "format": 2, "something": "new"}))
    with pytest.raises(ModelFileError, match="newer slicelab") as refused:
        load_card(folder)
    assert refused.value.remedy == "Update slicelab."

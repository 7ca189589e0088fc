"""The parts of a training as plain tensors and numbers: taken out, and put back bit for bit.

torch's own kinds (networks, optimisers, generators) are handled here; ours say themselves what they consist of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

import torch
from torch import Tensor, nn

from slicelab.learn.muon import Muon

if TYPE_CHECKING:
    from collections.abc import Mapping

Plain: TypeAlias = bool | int | float | None
State: TypeAlias = "dict[str, Tensor | Plain | State]"
"""Names without a slash to tensors, numbers, or more of the same."""


class Stateful(Protocol):
    """Something whose future depends on its past.

    ``twin.restore(one.state())``, on a twin that was newly made from the same settings, makes both go on alike. What
    ``state`` returns may share memory with the part; it is written before the part moves on.
    """

    def state(self) -> State:
        """Everything that changes from step to step."""

    def restore(self, state: State) -> None:
        """Go on from a state.

        Raises:
            DoesNotFitError: it is not one of this part.

        """


Part: TypeAlias = "Stateful | nn.Module | torch.optim.Optimizer | torch.Generator"


class DoesNotFitError(ValueError):
    """A state belongs to something else."""


def take(parts: Mapping[str, Part]) -> State:
    """The state of every part, by name."""
    return {name: _state_of(part) for name, part in parts.items()}


def put_back(parts: Mapping[str, Part], state: State) -> None:
    """Give every part its state.

    Raises:
        DoesNotFitError: it is not the state of these parts; some may have been changed already.

    """
    if not set(state) <= set(parts):
        raise DoesNotFitError("it speaks of parts that this training does not have")
    for name, part in parts.items():
        _restore(part, inner(state, name))


def copied(state: State) -> State:
    """A copy that shares no memory with the parts, on their device and in their memory layout."""
    copy: State = {}
    for name, value in state.items():
        if isinstance(value, Tensor):
            copy[name] = value.detach().clone()
        else:
            copy[name] = copied(value) if isinstance(value, dict) else value
    return copy


def inner(state: State, name: str) -> State:
    """A state within a state; one that is empty may be missing."""
    found = state.get(name, {})
    if not isinstance(found, dict):
        raise DoesNotFitError(f"{name} is not a group")
    return found


def number(state: State, name: str, kind: type[int] | type[float] = float) -> float:
    """A number of exactly that kind."""
    found = state.get(name)
    if type(found) is not kind:
        raise DoesNotFitError(f"{name} is not a number")
    return cast("float", found)


def whole(state: State, name: str) -> int:
    """A whole number, 0 or more."""
    found = int(number(state, name, int))
    if found < 0:
        raise DoesNotFitError(f"{name} is negative")
    return found


def tensor(state: State, name: str, dtype: torch.dtype, *shape: int | None) -> Tensor:
    """A tensor of that type and shape (None: any length along that axis)."""
    found = state.get(name)
    if not isinstance(found, Tensor) or found.dtype != dtype or found.ndim != len(shape):
        raise DoesNotFitError(f"{name} is not a tensor of the right kind")
    if any(want is not None and have != want for have, want in zip(found.shape, shape, strict=True)):
        raise DoesNotFitError(f"{name} has another shape")
    return found


def like(state: State, models: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies of the state's tensors that lie in memory as the given ones do, which must have the same names.

    The layout matters: sums over channels-last tensors are added up in another order, and differ in the last bits.
    """
    if set(state) != set(models):
        raise DoesNotFitError("it has other tensors")
    return {
        name: torch.empty_like(model).copy_(tensor(state, name, model.dtype, *model.shape))
        for name, model in models.items()
    }


def _state_of(part: Part) -> State:
    match part:
        case nn.Module():
            return dict(part.state_dict())
        case torch.optim.Optimizer():
            own = ((str(k), part.state.get(p)) for k, p in enumerate(_parameters(part)))
            return {k: dict(entry) for k, entry in own if entry}
        case torch.Generator():
            return {"generator": part.get_state()}
        case _:
            return part.state()


def _restore(part: Part, state: State) -> None:
    match part:
        case nn.Module():
            part.load_state_dict(like(state, part.state_dict()))
        case torch.optim.Optimizer():
            _restore_optimiser(part, state)
        case torch.Generator():
            wanted = part.get_state()
            try:
                part.set_state(tensor(state, "generator", torch.uint8, *wanted.shape).clone())
            except RuntimeError as error:
                raise DoesNotFitError("it holds no state of a random generator") from error
        case _:
            part.restore(state)


def _parameters(optimiser: torch.optim.Optimizer) -> list[Tensor]:
    return [p for group in optimiser.param_groups for p in group["params"]]


def _restore_optimiser(optimiser: torch.optim.Optimizer, state: State) -> None:
    parameters = _parameters(optimiser)
    if not set(state) <= {str(k) for k in range(len(parameters))}:
        raise DoesNotFitError("the optimiser has fewer parameters")
    for k, parameter in enumerate(parameters):
        entry = inner(state, str(k))
        if entry:
            optimiser.state[parameter] = _slots(optimiser, parameter, entry)
        else:
            optimiser.state.pop(parameter, None)


def _slots(optimiser: torch.optim.Optimizer, parameter: Tensor, entry: State) -> dict[str, Tensor | int]:
    """What an optimiser keeps for one parameter: running averages of its gradients, and perhaps a count."""
    count: dict[str, Tensor | int] = {}
    if isinstance(optimiser, Muon):
        names = Muon.averages(parameter)
        if "momentum" not in names:
            count = {"step": whole(entry, "step")}
    else:
        names = ("exp_avg", "exp_avg_sq")
        count = {"step": tensor(entry, "step", torch.float32).clone()}
    averages = {name: value for name, value in entry.items() if name != "step" or not count}
    return {**count, **like(averages, dict.fromkeys(names, parameter.detach()))}

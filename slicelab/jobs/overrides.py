"""Single settings put over a preset: found by name, read from text or values, checked, and said again."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import ValidationError

from slicelab.core.errors import SettingError
from slicelab.jobs.fields import SettingField, fields_of
from slicelab.jobs.settings import Preset

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_NEAR = 3


@cache
def setting_fields() -> dict[str, SettingField]:
    """Every field of a preset by its path, in the order they are shown."""
    return {field.path: field for field in fields_of(Preset)}


def parse_override(text: str) -> tuple[str, str]:
    """``GROUP.FIELD=VALUE`` as path and value.

    Raises:
        SettingError: it has another form.

    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise SettingError(f"{text!r} is not a setting.", "Write GROUP.FIELD=VALUE, such as finetune.lr=3e-4.")
    return path.strip(), value.strip()


def override(
    chosen: Preset, wanted: Mapping[str, object], groups: Collection[str] | None = None
) -> tuple[Preset, dict[str, Any]]:
    """A preset with single settings changed.

    Where a number of steps is given and no epochs, epochs no longer count; nor do passes where none are given.

    Args:
        chosen: the preset.
        wanted: path, such as ``finetune.augment.noise``, to a value: text as a person writes it, or the value itself.
        groups: the only groups that matter here; None allows all.

    Returns:
        The settings, and each path with its value as it was understood.

    Raises:
        SettingError: there is no such setting, it does not matter here, or the value is out of its range.

    """
    tree = chosen.model_dump()
    for path, value in wanted.items():
        field = _find(path, groups)
        _put(tree, path, _readable(value, field))
        group, _, name = path.partition(".")
        if name in ("steps", "local_steps") and f"{group}.epochs" not in wanted:
            tree[group]["epochs"] = None
        if path == "finetune.steps" and "finetune.passes" not in wanted:
            tree[group]["passes"] = 0
    try:
        made = Preset.model_validate(tree)
    except ValidationError as error:
        raise _out_of_range(error, wanted) from error
    return made, {path: _get(made.model_dump(mode="json"), path) for path in wanted}


def _find(path: str, groups: Collection[str] | None) -> SettingField:
    fields = setting_fields()
    if path not in fields:
        here = [one for one in fields if groups is None or one.partition(".")[0] in groups]
        raise SettingError(f"There is no setting {path!r}.", _did_you_mean(path, here))
    if groups is not None and path.partition(".")[0] not in groups:
        listed = " or ".join(f"{group}.*" for group in groups)
        raise SettingError(f"The setting {path!r} changes nothing here.", f"What can be set here is {listed}.")
    return fields[path]


def _did_you_mean(path: str, fields: Collection[str]) -> str:
    near = difflib.get_close_matches(path, fields, n=_NEAR, cutoff=0.6)
    last = path.rpartition(".")[2]
    near += [one for one in fields if one.rpartition(".")[2] == last and one not in near]
    if not near:
        by_last = {one.rpartition(".")[2]: one for one in reversed(list(fields))}
        near = [by_last[one] for one in difflib.get_close_matches(last, by_last, n=_NEAR, cutoff=0.6)]
    if not near:
        return "`slicelab presets` lists all of them."
    return f"Did you mean {' or '.join(near[:_NEAR])}? `slicelab presets` lists all settings."


def _readable(value: object, field: SettingField) -> object:
    """Text as pydantic can read it: an absent value and a list have no text of their own."""
    if not isinstance(value, str):
        return value
    if type(None) in get_args(field.annotation) and value.lower() in ("none", "null"):
        return None
    if get_origin(field.annotation) is tuple:
        return tuple(part.strip() for part in value.strip("()[]").split(","))
    return value


def _out_of_range(error: ValidationError, wanted: Mapping[str, object]) -> SettingError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    path = next((one for one in wanted if place == one or place.startswith(f"{one}.")), None)
    if path is None:  # a rule about several fields of a group
        return SettingError(f"These settings do not go together: {first['msg'].removeprefix('Value error, ')}.")
    return SettingError(f"{path} cannot be {wanted[path]}.", f"It may be {setting_fields()[path].allowed}.")


def _put(tree: dict[str, Any], path: str, value: object) -> None:
    *groups, name = path.split(".")
    for group in groups:
        tree = tree[group]
    tree[name] = value


def _get(tree: Any, path: str) -> Any:
    for part in path.split("."):
        tree = tree[part]
    return tree

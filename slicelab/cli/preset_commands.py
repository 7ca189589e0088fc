"""The command about the settings: presets."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from slicelab.cli.arguments import JsonOption
from slicelab.cli.output import Output, reporting, table
from slicelab.core.errors import SettingError
from slicelab.jobs.fields import SOURCES
from slicelab.jobs.overrides import setting_fields
from slicelab.jobs.presets import PRESET_NAMES, preset
from slicelab.jobs.settings import Preset

if TYPE_CHECKING:
    from slicelab.jobs.fields import SettingField


def presets(
    only: Annotated[
        str | None, typer.Option(metavar="GROUP", help="One group, such as finetune or finetune.augment.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print every setting: its value in each preset, what it means, and who says so."""
    output = Output(as_json=as_json)
    with reporting(output):
        chosen = _chosen(only)
        values = {name: preset(name).model_dump(mode="json") for name in PRESET_NAMES}
        facts = [_facts(field, values) for field in chosen]
        output.result({"presets": list(PRESET_NAMES), "sources": SOURCES, "fields": facts}, *_words(facts))


def _chosen(only: str | None) -> list[SettingField]:
    """The fields of a group, or all.

    Raises:
        SettingError: there is no such group.

    """
    fields = setting_fields()
    if only is None:
        return list(fields.values())
    found = [field for path, field in fields.items() if path == only or path.startswith(f"{only}.")]
    if not found:
        groups = list(dict.fromkeys(path.rpartition(".")[0] for path in fields))
        near = difflib.get_close_matches(only, groups, n=1)
        remedy = f"Did you mean {near[0]}?" if near else f"Groups: {', '.join(groups)}."
        raise SettingError(f"There is no group of settings named {only!r}.", remedy)
    return found


def _facts(field: SettingField, values: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "field": field.path,
        **{name: _value(tree, field.path) for name, tree in values.items()},
        "unit": field.about.unit if field.about else "",
        "meaning": field.meaning,
        "source": field.about.source if field.about else "",
        "allowed": field.allowed,
    }


def _value(tree: Any, path: str) -> Any:
    for part in path.split("."):
        tree = tree[part]
    return tree


def _words(facts: list[dict[str, Any]]) -> list[Any]:
    """A table a group, values of the paper that differ in bold, and what the sources mean."""
    lines: list[Any] = []
    groups = list(dict.fromkeys(fact["field"].partition(".")[0] for fact in facts))
    for group in groups:
        rows = [_row(fact) for fact in facts if fact["field"].partition(".")[0] == group]
        about = " ".join((Preset.model_fields[group].annotation.__doc__ or "").split())
        lines += [Text.assemble((group, "bold"), f": {about}"), table(*_COLUMNS, rows=rows), ""]
    used = {fact["source"] for fact in facts}
    lines += [f"{source}: {meaning}" for source, meaning in SOURCES.items() if source in used]
    return [*lines, "Change one with --set, such as --set finetune.lr=3e-4."]


_EPOCHS_INSTEAD = {"steps": "epochs", "local_steps": "epochs", "validate_every": "validate_epochs"}
_COLUMNS = ("setting", *PRESET_NAMES, "source", "meaning")


def _row(fact: dict[str, Any]) -> tuple[str, ...]:
    meaning = fact["meaning"].partition(". ")[0].rstrip(".")
    unit = f" [{fact['unit']}]" if fact["unit"] else ""
    values = ["by epochs" if _idle(fact["field"], name) else _shown(fact[name]) for name in PRESET_NAMES]
    return (fact["field"].partition(".")[2], *values, fact["source"], meaning + unit)


def _idle(path: str, preset_name: str) -> bool:
    """Whether a number of steps has no say, because epochs are given."""
    group, _, name = path.rpartition(".")
    epochs = _EPOCHS_INSTEAD.get(name)
    return epochs is not None and _value(preset(preset_name).model_dump(), f"{group}.{epochs}") is not None


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)

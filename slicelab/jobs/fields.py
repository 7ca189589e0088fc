"""What is known of each field of the settings: what it means, its unit, what it may be, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from slicelab.jobs.base import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

Source = Literal[
    "II-B", "II-C", "II-D", "II-E", "C", "U", "ours", "added", "not named", "mean teacher", "FixMatch", "UniMatch"
]  # fmt: skip
SOURCES: dict[Source, str] = {
    "II-B": "the paper, regression loss",
    "II-C": "the paper, contrastive loss",
    "II-D": "the paper, data",
    "II-E": "the paper, experiments",
    "C": "Chaitanya et al. 2020, the paper's reference 9, where the paper is silent",
    "U": "later work of the paper's first author, where the paper is silent",
    "ours": "neither says anything; chosen by slicelab",
    "added": "the paper names no such thing; in its preset all the same, as trials got stuck without",
    "not named": "the paper names no such thing; switched off in its preset",
    "mean teacher": "Tarvainen & Valpola 2017, for what the paper does not do",
    "FixMatch": "Sohn et al. 2020, for what the paper does not do",
    "UniMatch": "Yang et al. 2023, with CutMix of Yun et al. 2019, for what the paper does not do",
}
"""Where the value in the `paper` preset comes from."""


@dataclass(frozen=True)
class About:
    """Said of a field beside its docstring.

    Attributes:
        source: where its value in the `paper` preset comes from.
        unit: of its value; "" for a plain number, a choice or a switch.

    """

    source: Source
    unit: str = ""


@dataclass(frozen=True)
class SettingField:
    """One field of a set of settings.

    Attributes:
        path: its name with the groups it lies in, such as ``finetune.augment.noise``.
        meaning: its docstring, on one line.
        about: source and unit; None if nobody wrote it down (a test forbids it).
        allowed: what it may be, in words.
        annotation: its type.

    """

    path: str
    meaning: str
    about: About | None
    allowed: str
    annotation: Any


def fields_of(model: type[Frozen], path: str = "") -> Iterator[SettingField]:
    """Every field that can be set in a model and the models in it, in the order they are declared."""
    schema = model.model_json_schema()["properties"]
    for name, info in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        if isinstance(info.annotation, type) and issubclass(info.annotation, Frozen):
            yield from fields_of(info.annotation, here)
        elif not _is_a_tag(info):
            about = next((part for part in info.metadata if isinstance(part, About)), None)
            meaning = " ".join((info.description or "").split())
            yield SettingField(here, meaning, about, allowed(schema[name]), info.annotation)


def allowed(schema: dict[str, Any]) -> str:
    """What a value may be, in words, from its JSON schema."""
    if "anyOf" in schema:
        return " or ".join(allowed(one) for one in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(str(one) for one in schema["enum"])
    kind = schema.get("type")
    if kind == "null":
        return "none"
    if kind == "boolean":
        return "true or false"
    if kind == "array":
        few, many = schema.get("minItems"), schema.get("maxItems")
        return f"{few} to {many} numbers separated by commas, each {allowed(schema['items'])}"
    words = "a whole number" if kind == "integer" else "a number"
    if "multipleOf" in schema:
        words += f" divisible by {schema['multipleOf']}"
    if "exclusiveMinimum" in schema:
        words += f" above {schema['exclusiveMinimum']:,}"
    if "minimum" in schema:
        words += f" from {schema['minimum']:,}"
    if "maximum" in schema:
        words += f" to {schema['maximum']:,}" if "minimum" in schema else f", at most {schema['maximum']:,}"
    return words.replace(".0 ", " ").removesuffix(".0").replace(".0,", ",")


def _is_a_tag(info: FieldInfo) -> bool:
    """Whether a field only tells its model from others: it has one possible value, or is a name."""
    return info.annotation is str or len(get_args(info.annotation)) == 1

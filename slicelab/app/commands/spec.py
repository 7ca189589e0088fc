"""One row of the table of commands: words, keys, icon, menu, and when it is possible."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Need(Enum):
    """What must be so for an action to be possible."""

    PROJECT = auto()
    WRITABLE = auto()
    CASE = auto()
    CASES = auto()
    MODEL = auto()
    JOB = auto()
    IDLE = auto()
    MAY_PRETRAIN = auto()
    MAY_TRAIN = auto()
    MAY_PREDICT = auto()
    MAY_COMPARE = auto()
    MAY_CROSSVALIDATE = auto()
    MAY_MAP = auto()
    NETWORK = auto()
    UNFINISHED = auto()
    CPU_OFFER = auto()
    PREDICTION = auto()
    SEQUENCE = auto()
    TWO_MODELS = auto()


MAY = {
    "pretrain": Need.MAY_PRETRAIN,
    "finetune": Need.MAY_TRAIN,
    "predict": Need.MAY_PREDICT,
    "compare": Need.MAY_COMPARE,
    "crossvalidate": Need.MAY_CROSSVALIDATE,
    "embed": Need.MAY_MAP,
}
"""Kind of job to the need that one can be asked for."""


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        id: stable name, for settings, tests and the command palette.
        text: words in menus and on buttons.
        tip: one sentence, with the field's term.
        keys: shortcuts; the first one is shown.
        menu: the menu it stands in, "" for none.
        icon: Material Design icon name, "" for none.
        needs: what must be so.
        repeat: whether holding the key repeats it.
        switch: whether it is on or off, and shows which.

    """

    id: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    icon: str = ""
    needs: frozenset[Need] = frozenset()
    repeat: bool = False
    switch: bool = False


def row(
    name: str,
    text: str,
    tip: str,
    keys: str = "",
    menu: str = "",
    symbol: str = "",
    needs: tuple[Need, ...] = (),
    repeat: bool = False,
    switch: bool = False,
) -> ActionSpec:
    """A row of the table; ``keys`` are parted by blanks."""
    return ActionSpec(name, text, tip, tuple(keys.split()), menu, symbol, frozenset(needs), repeat, switch)

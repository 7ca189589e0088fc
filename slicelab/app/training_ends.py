"""What is said, and offered, once a training has ended: its model is worse than the one before it, or half-trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.app import words
from slicelab.app.language import say
from slicelab.app.notice import Message, Offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.core.evaluation import Successor
    from slicelab.engine.status import JobStatus

STOPPED = "stopped"
"""The topic of a training that was stopped: settled once another job is asked for."""
WORSE = "worse"
"""The topic of a model that is worse than the one before it: settled once another one is used or trained."""


def worse(model: str, before: str, found: Successor, go_back: Callable[[], object]) -> Message:
    """A model does worse than the one before it: which one is used stays a person's choice.

    Args:
        model: what it is called.
        before: what the other one is called.
        found: how they compare.
        go_back: uses the other one.

    """
    dices, cases = words.compared(found)
    return Message(
        f"{model} is worse than {before}: {dices}, on {cases}.",
        f"{model} is in use now, and both are kept.",
        words.chance(found),
        offer=Offer(say(f"Go back to {before}"), go_back),
        topic=WORSE,
        stays=True,
    )


def stopped(model: str, status: JobStatus, predict: Callable[[], object]) -> Message:
    """A training was stopped by hand, and no prediction follows: its model can be used all the same.

    Args:
        model: what it is called.
        status: the training's last word.
        predict: uses the model and predicts every case.

    """
    return Message(
        f"Training was stopped at step {status.step:,} of {status.steps:,}.",
        f"{model} is what it had learned by then.",
        "Nothing was predicted with it. Predict all cases to see its masks, or let it go on in Train.",
        tone="ok",
        offer=Offer("Predict all cases", predict),
        topic=STOPPED,
    )
